"""Contact tracing in compiled loops: which cases the teams take up, and whom these name."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, below, chance, compiled, inlined, word
from sim.reporting.dossier import CONTACT, Column, Keys, key_of_record, moment_of, person_of
from sim.reporting.samples import hours_taken, uploaded

Homes = NDArray[np.uint8]


class Places(NamedTuple):
    """The population's columns about who is near to whom."""

    home: Homes
    place: Column
    place_start: Column
    member: Column


class Teams(NamedTuple):
    """What tracing hangs on; chances in 2^-32, the delay as a table of milliseconds."""

    household_share: int
    work_contacts: int
    work_share: int
    every: int
    """Hours between uploads."""
    delay: Keys
    household: np.uint64
    work: np.uint64
    result: np.uint64


@inlined
def plate_of(province_start: Keys, person: Whole) -> Whole:
    """The plate of a person's province."""
    low, high = np.int64(0), np.int64(province_start.size - 1)
    while low < high:
        middle = (low + high) // 2
        if province_start[middle + 1] > person:
            high = middle
        else:
            low = middle + 1
    return low


@compiled
def by_plate(province_start: Keys, people: Column, counts: Keys) -> None:
    """Add people to counts by plate."""
    for person in people:
        counts[plate_of(province_start, np.int64(person))] += 1


@compiled
def taken_up(province_start: Keys, cases: Keys, free: Keys) -> NDArray[np.bool_]:
    """Which of these cases, in their order, find a team of their province that is free; it is no more then."""
    out = np.zeros(cases.size, np.bool_)
    for n in range(cases.size):
        plate = plate_of(province_start, person_of(cases[n]))
        if free[plate] > 0:
            free[plate] -= 1
            out[n] = True
    return out


@inlined
def met_before(contacts: Keys, begins: Whole, count: Whole, met: Whole) -> Any:
    """Whether somebody has been named already, from this place of the list on."""
    before = False
    for n in range(begins, count):
        before = before or person_of(contacts[n]) == met
    return before


@compiled
def named(cases: Keys, today: Whole, places: Places, teams: Teams) -> Keys:
    """The contacts of cases that are taken up today, as records to be filed.

    Of the household the last contact was at the sample; of colleagues and fellow pupils, each once, a day before.
    """
    out = np.empty(cases.size * (15 + teams.work_contacts), np.int64)
    count = np.int64(0)
    for case in cases:
        person, sampled, filed = person_of(case), moment_of(case), case >> 41
        day = sampled // 24
        taken_at = filed + 24 * (today - filed // 24)
        arrives = uploaded(taken_at + hours_taken(teams.delay, word(teams.result, person, day, 2)), teams.every)
        home = np.int64(places.home[person])
        first = person - (home >> 4)
        for nth in range(home & 15):
            if first + nth != person and chance(teams.household_share, word(teams.household, person, day, nth)):
                out[count] = key_of_record(arrives, first + nth, sampled, CONTACT)
                count += 1
        place, begins = np.int64(places.place[person]), count
        if place < 0:
            continue
        start = np.int64(places.place_start[place])
        size = np.int64(places.place_start[place + 1]) - start
        for nth in range(teams.work_contacts):
            met = np.int64(places.member[start + below(size, word(teams.work, person, day, 2 * nth))])
            new = met != person and not met_before(out, begins, count, met)
            if new and chance(teams.work_share, word(teams.work, person, day, 2 * nth + 1)):
                out[count] = key_of_record(arrives, met, sampled - 24, CONTACT)
                count += 1
    return out[:count]
