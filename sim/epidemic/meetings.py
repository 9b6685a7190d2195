"""The compiled meetings of a day: whom the infectious infect, and who comes infected from outside.

The infectious are gone through in one pass, which needs hardly more than the list of them and chance. It rejects by
the day's factors alone whatever it can, and lays the rest aside as candidates. For a block of candidates at a time
the people concerned are looked up: first all their cells, so that the memory's answers overlap, then one by one.
Factors are at most 1 and products are rounded down, so what a product of some factors rejects, all would.
"""

import numpy as np

from sim.compiled import Whole, below_low, compiled, inlined, word
from sim.epidemic.loops import (
    HALF,
    IMPORT,
    LOW,
    NEVER,
    ONE,
    TOP,
    Active,
    Column,
    Laws,
    People,
    Scale,
    Today,
    hit,
    holder,
    number_of,
    susceptibility_of,
    times,
)

HOUSEHOLD_SUBS, CONTACT_SUBS, CHUNK = 16, 4096, 4096
HOME, WORK, SCHOOL, TRANSPORT, DISTRICT, PROVINCE, COUNTRY = range(-1, 6)
BLOCK = 1024
"""Candidates looked up together."""
OTHER, PERSON, WAY, VARIANT, DRAWN, KEEPS, CROWD = range(7)
"""Columns of a candidate. KEEPS: at home a member's chance, else what illness leaves of the infector's contacts."""


@inlined
def door(today: Today, person: Whole, way: Whole, hour: Whole) -> Whole:
    """What the rules leave of a person's contacts: all, unless held to be risky at this hour."""
    left = np.int64(today.risky[way])
    if left < ONE and today.risky_from[person] <= hour < today.risky_until[person]:
        return left
    return np.int64(ONE)


@inlined
def decided(
    candidates: Column,
    filled: Whole,
    day: Whole,
    people: People,
    laws: Laws,
    scale: Scale,
    today: Today,
    infected_on: Column,
    history: Column,
    hits: Column,
    found: Whole,
    sink: Column,
) -> Whole:
    """Which of the candidates are infected: added to `hits` as far as there is room. How many hits there are then."""
    hour, total = day * 24 + 12, np.int64(0)
    for row in range(filled):
        other, person = candidates[row, OTHER], candidates[row, PERSON]
        total += np.int64(infected_on[other]) + np.int64(people.age[other]) + np.int64(people.first_dose[other])
        if candidates[row, WAY] != HOME and today.risky[candidates[row, WAY]] < ONE:
            total += np.int64(today.risky_from[other]) + np.int64(today.risky_until[other])
            total += np.int64(today.risky_from[person]) + np.int64(today.risky_until[person])
    sink[0] += total
    for row in range(filled):
        other, person, way = candidates[row, OTHER], candidates[row, PERSON], candidates[row, WAY]
        variant, drawn, chance = candidates[row, VARIANT], candidates[row, DRAWN], candidates[row, KEEPS]
        if way != HOME:
            chance = times(today.contacts[way], times(chance, door(today, person, way, hour)))
            chance = times(chance, candidates[row, CROWD])
            if drawn >= chance:
                continue
        left = susceptibility_of(people, laws, scale, infected_on, history, other, variant, day)
        chance = times(chance, left)
        if drawn < chance and (way == HOME or drawn < times(chance, door(today, other, way, hour))):
            if found < hits.size:
                hits[found] = hit(other, way + 1 if way <= DISTRICT else way, person, variant)
            found += 1
    return found


@inlined
def group_of(  # noqa: PLR0911 - a way each
    people: People, scale: Scale, way: Whole, person: Whole, place: Whole, district: Whole, everybody: Whole
) -> tuple[Whole, Whole]:
    """Where a person's group of a way begins, and its size; 0 for none.

    At work and school places in `member` are counted, among commuters those of `ride_before`, else people.
    """
    if way <= SCHOOL:
        if place < 0 or (place >= scale.workplaces) != (way == SCHOOL):
            return np.int64(0), np.int64(0)
        start = np.int64(people.place_start[place])
        return start, np.int64(people.place_start[place + 1]) - start
    if way == TRANSPORT:
        if place < 0:
            return np.int64(0), np.int64(0)
        ride = np.int64(people.place_district[place])
        start = np.int64(people.ride_before[people.ride_first[ride]])
        return start, np.int64(people.ride_before[people.ride_first[ride + 1]]) - start
    if way == DISTRICT:
        start = np.int64(people.district_start[district])
        return start, np.int64(people.district_start[district + 1]) - start
    if way == PROVINCE:
        plate = holder(people.province_start, 0, people.province_start.size - 1, person)
        start = np.int64(people.province_start[plate])
        return start, np.int64(people.province_start[plate + 1]) - start
    return np.int64(people.province_start[0]), np.int64(everybody)


@inlined
def someone(
    people: People, way: Whole, person: Whole, place: Whole, start: Whole, size: Whole, contact: Whole
) -> Whole:
    """One of the others of a group, by a word's low half; among commuters perhaps oneself."""
    if way == TRANSPORT:
        ride = np.int64(people.place_district[place])
        seat = start + below_low(size, contact)
        entry = holder(people.ride_before, people.ride_first[ride], people.ride_first[ride + 1], seat)
        stop = np.int64(people.ride_place[entry])
        return np.int64(people.member[np.int64(people.place_start[stop]) + seat - np.int64(people.ride_before[entry])])
    seat = start + below_low(size - 1, contact)
    if way <= SCHOOL:
        other = np.int64(people.member[seat])
        return other if other < person else np.int64(people.member[seat + 1])
    return seat if seat < person else seat + 1


@compiled
def meet(  # noqa: C901, PLR0912, PLR0915 - one pass over the infectious, with everybody they meet
    first: Whole,
    end: Whole,
    day: Whole,
    key: Whole,
    people: People,
    laws: Laws,
    scale: Scale,
    today: Today,
    active: Active,
    infected_on: Column,
    history: Column,
    hits: Column,
    sink: Column,
) -> int:
    """Whom the infectious of a share of the active infect. How many hits there are; those beyond `hits` are lost."""
    found, filled = 0, 0
    candidates = np.empty((BLOCK, 7), np.int64)
    for index in range(first, end):
        if not (active.begins[index] <= day < active.ends[index]):
            continue
        person, kind = np.int64(active.person[index]), np.int64(active.kind[index])
        variant, home = kind >> 5, np.int64(active.home[index])
        own, base = home >> 4, person - (home >> 4)
        chance = np.int64(laws.household[kind])
        for member in range(home & 15):
            drawn = np.int64(word(key, person, day, HOUSEHOLD_SUBS + member) >> TOP)
            if drawn >= chance or member == own:
                continue
            candidates[filled, OTHER], candidates[filled, PERSON] = base + member, person
            candidates[filled, WAY], candidates[filled, VARIANT] = HOME, variant
            candidates[filled, DRAWN], candidates[filled, KEEPS] = drawn, chance
            filled += 1
            if filled == BLOCK:
                found = decided(
                    candidates, filled, day, people, laws, scale, today, infected_on, history, hits, found, sink
                )
                filled = 0
        place, district = np.int64(active.place[index]), np.int64(active.district[index])
        symptoms = np.int64(active.symptoms[index])
        keeps = np.int64(scale.at_home) if symptoms != NEVER and symptoms <= day else np.int64(ONE)
        drawn0, drawn1 = word(key, person, day, 0), word(key, person, day, 1)
        drawn2 = word(key, person, day, 2)
        for way in range(6):
            if way <= SCHOOL:
                bits = np.int64(drawn0 >> HALF)
            elif way == TRANSPORT:
                bits = np.int64(drawn0 & LOW)
            elif way == DISTRICT:
                bits = np.int64(drawn1 >> HALF)
            elif way == PROVINCE:
                bits = np.int64(drawn1 & LOW)
            else:
                bits = np.int64(drawn2 >> HALF)
            if bits < np.int64(laws.contacts[way, kind, 0]):
                continue
            happens, size, crowd = times(today.contacts[way], keeps), np.int64(-1), np.int64(ONE)
            start = np.int64(0)
            for nth in range(number_of(laws.contacts[way, kind], bits)):
                contact = word(key, person, day, CONTACT_SUBS * (way + 1) + nth)
                drawn = np.int64(contact >> TOP)
                if drawn >= happens:
                    continue
                if size < 0:
                    start, size = group_of(people, scale, way, person, place, district, infected_on.size)
                    if size - 1 < laws.crowd[way]:
                        crowd = np.int64((size - 1) * ONE // np.int64(laws.crowd[way]))
                if size < 2:
                    break
                other = someone(people, way, person, place, start, size, contact)
                if other == person:
                    continue
                candidates[filled, OTHER], candidates[filled, PERSON] = other, person
                candidates[filled, WAY], candidates[filled, VARIANT] = way, variant
                candidates[filled, DRAWN], candidates[filled, KEEPS] = drawn, keeps
                candidates[filled, CROWD] = crowd
                filled += 1
                if filled == BLOCK:
                    found = decided(
                        candidates, filled, day, people, laws, scale, today, infected_on, history, hits, found, sink
                    )
                    filled = 0
    found = decided(candidates, filled, day, people, laws, scale, today, infected_on, history, hits, found, sink)
    return int(found)


@compiled
def arrivals(
    first: Whole,
    end: Whole,
    day: Whole,
    key: Whole,
    borders: Whole,
    people: People,
    laws: Laws,
    scale: Scale,
    infected_on: Column,
    history: Column,
    hits: Column,
) -> int:
    """People who come infected from outside, chunk by chunk. How many hits there are; those beyond `hits` are lost."""
    found = 0
    for chunk in range(first, end):
        count = number_of(laws.imports, np.int64(word(key, chunk, day, 0) >> HALF))
        for nth in range(count):
            drawn = word(key, chunk, day, 1 + 2 * nth)
            chance = np.int64(drawn >> TOP)
            person = chunk * CHUNK + below_low(CHUNK, drawn)
            if chance >= borders or person >= infected_on.size:
                continue
            bits = np.int64(word(key, chunk, day, 2 + 2 * nth) >> HALF)
            variant = number_of(laws.variants[day - scale.earliest], bits)
            left = susceptibility_of(people, laws, scale, infected_on, history, person, variant, day)
            if chance < times(borders, left):
                if found < hits.size:
                    hits[found] = hit(person, IMPORT, -1, variant)
                found += 1
    return found
