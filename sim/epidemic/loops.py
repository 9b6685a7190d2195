"""Compiled columns and loops of the epidemic: how people fall ill, and what they have had before.

Each loop does what `process` and `person` tell, by the same tables. A loop that needs single cells from all over the
country first reads a block of them (`touched`), so that the memory's answers overlap.

An infection that may happen is one number, so that a day's conflicts are settled by sorting: the person's index, the
layer, the infector and the variant, from the highest bits down.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, below_low, compiled, inlined, word
from sim.epidemic.guides import PEOPLE, number_by, run_by

NEVER = -32768
ONE = 1 << 30
LOW = np.uint64(0xFFFF_FFFF)
HALF, TOP = np.uint64(32), np.uint64(34)
WEEKS, DECADES, CLASSES = 256, 9, 16
IMPORT = 6
BLOCK = 512
"""Rows whose cells are fetched together."""
EXPOSED, INFECTIOUS, SYMPTOMATIC, IN_HOSPITAL, DIED, EVER = range(6)
PERSON_BITS = 34
"""Bits of a hit below the person: three of the layer, 28 of the infector plus 1, three of the variant."""

Column = NDArray[Any]


class People(NamedTuple):
    """The town's columns, read-only, and where commuters of a district are found."""

    age: Column
    home: Column
    flags: Column
    place: Column
    first_dose: Column
    third_dose: Column
    province_start: Column
    district_start: Column
    district_province: Column
    place_start: Column
    member: Column
    place_district: Column
    ride_first: Column
    """[district]: its first entry in the next two columns; one more at the end."""
    ride_place: Column
    """Workplaces and schools, by district."""
    ride_before: Column
    """Members of all those before each; one more at the end."""
    ride_guide: Column
    """See `guides`; by seat of `ride_before`."""
    district_guide: Column
    """The same by person, to the district."""


class Laws(NamedTuple):
    """The tables of `Rules` that a day needs."""

    contacts: Column
    crowd: Column
    household: Column
    incubation: Column
    infectious: Column
    hospital_after: Column
    hospital_days: Column
    incubation_guide: Column
    infectious_guide: Column
    hospital_after_guide: Column
    hospital_days_guide: Column
    """Where to begin looking in the four tables of stays: see `guides`."""
    silent: Column
    hospital: Column
    death: Column
    milder: Column
    susceptibility: Column
    after_infection: Column
    after_doses: Column
    imports: Column
    variants: Column


class Scale(NamedTuple):
    """Single numbers of `Rules` and of the town."""

    at_home: int
    presymptomatic: int
    immune_days: int
    second_dose_days: int
    doses_day: int
    workplaces: int
    earliest: int
    first_share: int
    past_share: int
    first_days: int
    past_from: int
    past_until: int
    first_dose_day: int
    """Of the first dose of all, as the columns of doses count days; past every day if nobody gets one."""


class Today(NamedTuple):
    """A day: its factors by way, and what the ministry believes of people."""

    contacts: Column
    risky: Column
    risky_from: Column
    risky_until: Column


class Active(NamedTuple):
    """Those who are or will be infectious, in no particular order; longer than their number."""

    person: Column
    place: Column
    district: Column
    home: Column
    kind: Column
    begins: Column
    symptoms: Column
    ends: Column


class Record(NamedTuple):
    """Columns of `NewInfections`, to be filled."""

    person: Column
    infector: Column
    layer: Column
    variant: Column
    infectious_on: Column
    symptoms_on: Column
    recovered_on: Column
    hospital_on: Column
    died_on: Column
    left_on: Column


@inlined
def times(one: Whole, other: Whole) -> Whole:
    """The product of two factors."""
    return (np.int64(one) * np.int64(other)) >> 30


@inlined
def number_of(thresholds: Column, bits: Whole) -> Whole:
    """How many thresholds do not exceed 32 bits of chance."""
    number = 0
    while number < thresholds.size and np.int64(thresholds[number]) <= bits:
        number += 1
    return number


@inlined
def decade(age: Whole) -> Whole:
    """The row of the tables by age."""
    return min(np.int64(age) // 10, DECADES - 1)


@inlined
def doses_by(flags: Whole, first: Whole, third: Whole, second_after: Whole, today: Whole) -> tuple[Whole, Whole]:
    """Doses somebody has had by a day, and the days since the last; all days as the columns of doses count them."""
    begun, boosted, planned = np.int64(first), np.int64(third), (np.int64(flags) >> 4) & 3
    if begun == 0 or today < begun:
        return np.int64(0), np.int64(0)
    if planned >= 3 and boosted != 0 and today >= boosted:
        return np.int64(3), today - boosted
    second = begun + second_after
    if planned >= 2 and today >= second:
        return np.int64(2), today - second
    return np.int64(1), today - begun


@compiled
def susceptible(
    count: Whole,
    person: Column,
    variant: Column,
    day: Whole,
    people: People,
    laws: Laws,
    scale: Scale,
    infected_on: Column,
    history: Column,
    left: Column,
) -> None:
    """What age, an earlier infection and doses leave of each one's susceptibility, in parts of `ONE`, into `left`.

    The columns have names of their own here, since looking one up in a tuple costs more than reading it.
    """
    age, flags, first, third = people.age, people.flags, people.first_dose, people.third_dose
    by_age, after_infection, after_doses = laws.susceptibility, laws.after_infection, laws.after_doses
    today, second_after, immune_days = scale.doses_day + day, scale.second_dose_days, scale.immune_days
    vaccinating = today >= scale.first_dose_day
    for n in range(count):
        one = person[n]
        infected = np.int64(infected_on[one])
        share = np.int64(by_age[decade(age[one])])
        if infected != NEVER:
            since, past = day - infected, np.int64(history[one])
            if past & 64 or since < immune_days:
                share = np.int64(0)
            else:
                share = times(share, after_infection[past & 7, variant[n], min(since // 7, WEEKS - 1)])
        if vaccinating and 0 < first[one] <= today:
            doses, since = doses_by(flags[one], first[one], third[one], second_after, today)
            share = times(share, after_doses[doses, variant[n], min(since // 7, WEEKS - 1)])
        left[n] = share


@inlined
def hit(person: Whole, layer: Whole, infector: Whole, variant: Whole) -> Whole:
    """An infection that may happen, as one number."""
    return (person << PERSON_BITS) | (layer << 31) | ((infector + 1) << 3) | variant


@inlined
def enter(changes: Column, state: Whole, plate: Whole, begins: Whole, ends: Whole) -> None:
    """Somebody is in a state from one day to another; `NEVER`: no end. Days before the first count as the first."""
    last = changes.shape[1] - 1
    if begins == NEVER:
        return
    changes[state, min(max(begins, 0), last), plate] += 1
    if ends != NEVER:
        changes[state, min(max(ends, 0), last), plate] -= 1


@compiled
def drawn_ahead(
    hits: Column, key: Whole, people: People, infected_on: Column, history: Column, numbers: Column, words: Column
) -> int:
    """For a block of hits: how often each has been infected before, and the first words of each one's course.

    Reads all that falling ill needs of people, so that the waits for far memory overlap; the sum means nothing.
    """
    total, person = np.int64(0), numbers[1]
    for row in range(hits.size):
        one = hits[row] >> PERSON_BITS
        person[row], numbers[0, row] = one, (np.int64(history[one]) >> 3) & 7
    for row in range(hits.size):
        one = person[row]
        total += np.int64(infected_on[one]) + np.int64(people.age[one]) + np.int64(people.place[one])
        total += np.int64(people.home[one]) + np.int64(people.first_dose[one]) + np.int64(people.flags[one])
    for sub in range(words.shape[0]):
        column, number = words[sub], numbers[0]
        for row in range(hits.size):
            column[row] = word(key, person[row], number[row], sub)
    return int(total)


@compiled
def fall_ill(  # noqa: PLR0915 - a course has many days
    first: Whole,
    end: Whole,
    key: Whole,
    hits: Column,
    on: Column,
    people: People,
    laws: Laws,
    scale: Scale,
    infected_on: Column,
    history: Column,
    record: Record,
    active: Active,
    offset: Whole,
    changes: Column,
    sink: Column,
) -> None:
    """Write infections down, one hit a person, and what lies ahead: `record`, `active` from `offset` on, `changes`."""
    numbers, words = np.empty((2, BLOCK), np.int64), np.empty((3, BLOCK), np.uint64)
    incubation, incubation_guide, infectious = laws.incubation, laws.incubation_guide, laws.infectious
    infectious_guide = laws.infectious_guide
    for index in range(first, end):
        row = (index - first) % BLOCK
        if row == 0:
            some = hits[index : min(index + BLOCK, end)]
            sink[0] += drawn_ahead(some, key, people, infected_on, history, numbers, words)
        drawn = np.int64(hits[index])
        person, layer = drawn >> PERSON_BITS, (drawn >> 31) & 7
        infector, variant, day = ((drawn >> 3) & ((1 << 28) - 1)) - 1, drawn & 7, np.int64(on[index])
        number, years, stays, ill = numbers[0, row], decade(people.age[person]), words[0, row], words[1, row]
        symptoms_on = day + number_by(incubation, incubation_guide, np.int64(stays >> HALF))
        infectious_on = symptoms_on - scale.presymptomatic
        recovered_on = infectious_on + number_by(infectious, infectious_guide, np.int64(stays & LOW))
        hospital_on = died_on = left_on = np.int64(NEVER)
        silent = np.int64(ill >> TOP) < laws.silent[years]
        kind = (2 * variant + silent) * CLASSES + below_low(CLASSES, ill)
        meets_until = recovered_on
        if silent:
            symptoms_on = np.int64(NEVER)
        else:
            flags, begun, boosted = people.flags[person], people.first_dose[person], people.third_dose[person]
            doses, _ = doses_by(flags, begun, boosted, scale.second_dose_days, scale.doses_day + day)
            risk = times(laws.hospital[variant, years], laws.milder[doses])
            if number > 0:
                risk = times(risk, laws.milder[4])
            fate = words[2, row]
            if np.int64(fate >> TOP) < risk:
                stays = word(key, person, number, 3)
                hospital_on = symptoms_on + number_by(
                    laws.hospital_after, laws.hospital_after_guide, np.int64(stays >> HALF)
                )
                left_on = hospital_on + number_by(laws.hospital_days, laws.hospital_days_guide, np.int64(stays & LOW))
                if np.int64((fate & LOW) >> np.uint64(2)) < laws.death[years] and left_on >= 0:
                    died_on = left_on
                    recovered_on = min(recovered_on, died_on)
                meets_until = min(recovered_on, hospital_on)
        district = run_by(people.district_start, people.district_guide, PEOPLE, person)
        plate = np.int64(people.district_province[district])
        if infected_on[person] == NEVER:
            enter(changes, EVER, plate, day, NEVER)
        infected_on[person] = day
        count = number + 1 if number < 7 else number
        history[person] = variant | (count << 3) | (64 if died_on != NEVER else 0)
        enter(changes, EXPOSED, plate, day, infectious_on)
        enter(changes, INFECTIOUS, plate, infectious_on, recovered_on)
        enter(changes, SYMPTOMATIC, plate, symptoms_on, recovered_on)
        enter(changes, IN_HOSPITAL, plate, hospital_on, left_on)
        enter(changes, DIED, plate, died_on, NEVER)
        record.person[index], record.infector[index] = person, infector
        record.layer[index], record.variant[index] = layer, variant
        record.infectious_on[index], record.symptoms_on[index] = infectious_on, symptoms_on
        record.recovered_on[index], record.hospital_on[index] = recovered_on, hospital_on
        record.died_on[index], record.left_on[index] = died_on, left_on
        entry = offset + index
        active.person[entry], active.place[entry] = person, people.place[person]
        active.district[entry], active.home[entry] = district, people.home[person]
        active.kind[entry], active.begins[entry] = kind, infectious_on
        active.symptoms[entry], active.ends[entry] = symptoms_on, meets_until


@compiled
def keep(active: Active, count: Whole, day: Whole) -> int:
    """Close the gaps of those who meet nobody any more from `day` on. How many are left."""
    left = 0
    for index in range(count):
        if active.ends[index] > day:
            if left != index:
                active.person[left], active.place[left] = active.person[index], active.place[index]
                active.district[left], active.home[left] = active.district[index], active.home[index]
                active.kind[left], active.begins[left] = active.kind[index], active.begins[index]
                active.symptoms[left], active.ends[left] = active.symptoms[index], active.ends[index]
            left += 1
    return left


@compiled
def look_back(
    first: Whole,
    end: Whole,
    key: Whole,
    laws: Laws,
    scale: Scale,
    infected_on: Column,
    history: Column,
    hits: Column,
    on: Column,
) -> int:
    """What people have had before day 0: infections long over are written down, recent ones become hits with a day."""
    found = 0
    for person in range(first, end):
        recent, past = word(key, person, 0, 0), word(key, person, 0, 1)
        was = np.int64(past >> HALF) < scale.past_share
        now = np.int64(recent >> HALF) < scale.first_share
        if not (was or now):
            continue
        variants, since = word(key, person, 0, 2), -1 - below_low(scale.first_days, recent)
        day = -scale.past_until - below_low(scale.past_from - scale.past_until, past)
        if was and (not now or since - day >= scale.immune_days):
            infected_on[person] = day
            variant = number_of(laws.variants[day - scale.earliest], np.int64(variants >> HALF))
            history[person] = variant | (1 << 3)
        if now:
            variant = number_of(laws.variants[since - scale.earliest], np.int64(variants & LOW))
            if found < hits.size:
                hits[found], on[found] = hit(person, IMPORT, -1, variant), since
            found += 1
    return found


@compiled
def infected_people(infected_on: Column, first: Whole, end: Whole) -> int:
    """How many of a run of people have ever been infected."""
    count = 0
    for person in range(first, end):
        count += infected_on[person] != NEVER
    return count
