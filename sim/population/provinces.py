"""How many people each province and district has, and which provinces are near to one another."""

import numpy as np
from numpy.typing import NDArray

from mockgov.vocabulary.province import PROVINCES, parse_province
from sim.population import census
from sim.population.apportionment import Numbers, apportion, starts
from sim.population.parameters import PopulationParameters

PLATES = len(PROVINCES) + 1
"""Entries of a table by plate; the first is nobody's."""

REGISTERED = np.array([0, *(province.population_2020 for province in PROVINCES)])
"""Residents of 2020 by plate."""

HUNDRED = 100
DISTRICT_PROVINCE = np.array([plate for plate, _ in census.DISTRICTS], np.uint8)
FIRST_DISTRICT = np.searchsorted(DISTRICT_PROVINCE, np.arange(PLATES + 1))
"""By plate, the number of its first district; the next one's is where they end."""


def residents(parameters: PopulationParameters) -> Numbers:
    """People of each province, by plate: `people` in proportion to the populations of 2020."""
    named = [parse_province(name).plate for name in parameters.provinces] or range(1, PLATES)
    return apportion(parameters.people, np.where(np.isin(np.arange(PLATES), named), REGISTERED, 0))


def district_starts(residents: Numbers) -> Numbers:
    """First person of each district, and the number of people at the end.

    A province's n districts have people in proportion to n + 1, n, … 2, in the order of their names; in a miniature it
    has no more districts than hundreds of people, and the others stay empty. Chosen here.
    """
    people = []
    for plate in range(1, PLATES):
        count = FIRST_DISTRICT[plate + 1] - FIRST_DISTRICT[plate]
        used = min(max(int(residents[plate]) // HUNDRED, 1), count)
        weights = np.where(np.arange(count) < used, used + 1 - np.arange(count), 0)
        people.append(apportion(int(residents[plate]), weights))
    return starts(np.concatenate(people))


def commuting(residents: Numbers, plate: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The provinces of the town to which people of `plate` commute, the nearest first, and their cumulated weights.

    The `census.NEAR` nearest, with weights people / distance squared: a gravity model with whole numbers. A degree of
    longitude counts 78 % of one of latitude, as it does at 39° north. Both are empty where there is no other province.
    """
    seat = np.array([(0, 0), *census.SEATS])
    north, east = (100 * (seat[:, 0] - seat[plate, 0])), 78 * (seat[:, 1] - seat[plate, 1])
    squared = north * north + east * east
    others = np.flatnonzero((residents > 0) & (np.arange(PLATES) != plate))
    near = others[np.argsort(squared[others], kind="stable")[: census.NEAR]]
    return near, np.cumsum(residents[near].astype(np.int64) * 1_000_000 // squared[near] + 1)
