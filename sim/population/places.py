"""Workplaces and schools: how many a district has, how large, of which kind, and which query by machine."""

import numpy as np
from numpy.typing import NDArray

from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.province import NATIONAL_POPULATION_2020
from sim.population import census
from sim.population.apportionment import Numbers, apportion
from sim.population.parameters import PopulationParameters

Fractions = NDArray[np.float64]
Flags = NDArray[np.bool_]
KINDS = tuple(InstitutionKind)
SECTORS = 2
"""0 private, 1 public."""


def opened(members: Numbers, mean: float) -> Numbers:
    """How many places of this mean size each district of a province has, by those who work or learn there.

    The province has as many as its members fill, one at least where there is anybody; districts get theirs in
    proportion, and a small one may get none.
    """
    total = int(members.sum())
    return apportion(max(round(total / mean), 1) if total else 0, members)


def folded(places: Numbers, members: Numbers) -> Numbers:
    """The district in which the members of each find a place: their own, or the one with most members."""
    return np.where(places > 0, np.arange(places.size), int(members.argmax()))


def even_sizes(members: int, places: int) -> Numbers:
    """Divide members among places as evenly as whole people can be, the larger first."""
    return members // max(places, 1) + (np.arange(places) < members % max(places, 1))


def workplace_sizes(staff: int, draws: Fractions) -> Numbers:
    """Divide `staff` employees among workplaces, one per draw in [0, 1), the largest first, each at least 1.

    Employees beyond the first are in proportion to w - 1, where w = u^(-7/8), and u goes through as many even
    strata of (0, 1) as there are workplaces, in the middle half of each. So the number of workplaces
    with k or more employees falls as k^(-8/7), a power law close to the k^-1.06 of R. L. Axtell, Science 293
    (2001), 1818; their mean is exact; and the country's private sector gets between 1,500 and 2,500 of 500 or
    more, the facts' order of magnitude. 8/7 because u^(7/8) takes square roots only, alike on every machine.
    """
    half = np.sqrt((np.arange(draws.size) + 0.25 + draws / 2) / draws.size)
    quarter = np.sqrt(half)
    beyond = 1 / (half * quarter * np.sqrt(quarter)) - 1
    return 1 + apportion(staff - draws.size, (beyond * 1024).astype(np.int64))


def workplace_kinds(plate: int, public: Flags, size: Numbers, people: int) -> NDArray[np.uint8]:
    """What each workplace of a province is, as an index into `KINDS`.

    Of its public workplaces with at least 5 staff the largest is the health directorate, the next the governorship,
    the earlier at a tie. In Ankara the ministries follow: the country's 17 scaled to `people`, but one at least.
    """
    ministries = max(1, round(census.NATIONAL_MINISTRIES * people / NATIONAL_POPULATION_2020))
    kind = np.where(public, KINDS.index(InstitutionKind.PUBLIC_BODY), KINDS.index(InstitutionKind.WORKPLACE))
    eligible = np.flatnonzero(public & (size >= census.SEAT_STAFF))
    seats = eligible[np.argsort(-size[eligible], kind="stable")]
    if plate == census.ANKARA:
        kind[seats[2 : 2 + ministries]] = KINDS.index(InstitutionKind.MINISTRY)
    kind[seats[1:2]] = KINDS.index(InstitutionKind.GOVERNORSHIP)
    kind[seats[0:1]] = KINDS.index(InstitutionKind.PROVINCIAL_HEALTH_DIRECTORATE)
    return kind.astype(np.uint8)


def integrated(kind: NDArray[np.uint8], size: Numbers, parameters: PopulationParameters) -> Flags:
    """Which workplaces query by machine, by the integration rules (version 1.2).

    Ministries, governorships and provincial health directorates always may; public bodies and workplaces from
    500 staff (`integration_threshold`). In a miniature hardly any has so many, so the few largest of these
    (`integrated_at_least`, the earlier at a tie) are in as well: a town's employers stand for a country's.
    """
    sized = np.isin(kind, [KINDS.index(InstitutionKind.PUBLIC_BODY), KINDS.index(InstitutionKind.WORKPLACE)])
    chosen = ~sized | (size >= parameters.integration_threshold)
    if int((chosen & sized).sum()) < parameters.integrated_at_least:
        largest_first = np.argsort(np.where(sized, -size, 1), kind="stable")[: int(sized.sum())]
        chosen[largest_first[: parameters.integrated_at_least]] = True
    return np.asarray(chosen)
