"""Contact tracing in compiled loops: which cases the teams take up, and whom these name."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, below, chance, compiled, inlined, word
from sim.reporting.dossier import CONTACT, Column, Keys, key_of_record, moment_of, person_of
from sim.reporting.samples import hours_taken, uploaded

Homes = NDArray[np.uint8]
CONTACTS_OF_HOUSEHOLD = 15
"""A household has no more people."""
NEAR_BITS = 12
NEAR = 1 << NEAR_BITS
"""People among whom one plate is looked up for all."""


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


class Provinces(NamedTuple):
    """Where each province's people begin, by plate, and where to begin looking."""

    start: Keys
    guide: Column
    """The plate of the first of each `NEAR` people."""


def provinces(province_start: NDArray[np.integer]) -> Provinces:
    """The provinces of a population."""
    start = province_start.astype(np.int64)
    firsts = np.minimum(np.arange(0, start[-1] + NEAR, NEAR), max(start[-1] - 1, 0))
    return Provinces(start, (np.searchsorted(start, firsts, side="right") - 1).astype(np.int32))


@inlined
def plate_of(start: Keys, guide: Column, person: Whole) -> Whole:
    """The plate of a person's province."""
    plate = np.int64(guide[person >> NEAR_BITS])
    while start[plate + 1] <= person:
        plate += 1
    return plate


@compiled
def by_plate(provinces: Provinces, keys: Keys, counts: Keys) -> None:
    """Add the people of records to counts by plate."""
    start, guide = provinces.start, provinces.guide
    for n in range(keys.size):
        counts[plate_of(start, guide, person_of(keys[n]))] += 1


@compiled
def taken_up(provinces: Provinces, cases: Keys, free: Keys) -> NDArray[np.bool_]:
    """Which of these cases, in their order, find a team of their province that is free; it is no more then."""
    out, start, guide = np.zeros(cases.size, np.bool_), provinces.start, provinces.guide
    for n in range(cases.size):
        plate = plate_of(start, guide, person_of(cases[n]))
        if free[plate] > 0:
            free[plate] -= 1
            out[n] = True
    return out


@compiled
def named(cases: Keys, today: Whole, places: Places, teams: Teams, out: Keys, count: Whole) -> int:
    """The contacts of cases that are taken up today, as records to be filed, into `out` from `count` on; its new end.

    Of the household the last contact was at the sample; of colleagues and fellow pupils, each once, a day before.
    """
    homes, works, starts, members = places.home, places.place, places.place_start, places.member
    delay, every, household_share, work_share = teams.delay, teams.every, teams.household_share, teams.work_share
    for nth_case in range(cases.size):
        case = cases[nth_case]
        person, sampled, filed = person_of(case), moment_of(case), case >> 41
        day = sampled // 24
        taken_at = filed + 24 * (today - filed // 24)
        arrives = uploaded(taken_at + hours_taken(delay, word(teams.result, person, day, 2)), every)
        home = np.int64(homes[person])
        first = person - (home >> 4)
        for nth in range(home & CONTACTS_OF_HOUSEHOLD):
            if first + nth != person and chance(household_share, word(teams.household, person, day, nth)):
                out[count] = key_of_record(arrives, first + nth, sampled, CONTACT)
                count += 1
        place, begins = np.int64(works[person]), count
        if place < 0:
            continue
        start = np.int64(starts[place])
        size = np.int64(starts[place + 1]) - start
        for nth in range(teams.work_contacts):
            met = np.int64(members[start + below(size, word(teams.work, person, day, 2 * nth))])
            new = met != person
            for n in range(begins, count):
                new = new and person_of(out[n]) != met
            if new and chance(work_share, word(teams.work, person, day, 2 * nth + 1)):
                out[count] = key_of_record(arrives, met, sampled - 24, CONTACT)
                count += 1
    return int(count)
