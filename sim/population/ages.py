"""The ages of each province, in whole people that add up to the people of every province and to the national table.

    share of age a in province p    in proportion to N(a) t(p)^a, fitted to both margins
    N(a)                            people of the nation at that age, from the table by tens of years
    t(p)                            how much older or younger the province's class is, by year of age

The fit goes back and forth between the two margins (iterative proportional fitting); what is then rounded to whole
people is mended by moves of one person between two ages of one province, until both margins are exact.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim.population import census
from sim.population.apportionment import Numbers, apportion
from sim.population.provinces import PLATES, REGISTERED

Fractions = NDArray[np.float64]
ROUNDS = 60
FINE = 1 << 24


def census_counts(people: int) -> Numbers:
    """So many people by age, 0 to 100: tens of years as counted, single years even within them.

    From 80 to 100 the single years fall with the square of what is left to 101. Chosen here.
    """
    decades = apportion(people, np.array([count for _, _, count in census.AGES]))
    counts = []
    for (first, last, _), count in zip(census.AGES, decades, strict=True):
        years = np.arange(first, last + 1)
        weights = (101 - years) ** 2 if last == census.OLDEST else np.ones_like(years)
        counts.append(apportion(int(count), weights))
    return np.concatenate(counts)


def tilts(table: tuple[float, ...]) -> Fractions:
    """The factor of each plate's class, from a table by class."""
    factor = np.full(PLATES, table[census.EVEN])
    for group, plates in census.CLASSES.items():
        factor[list(plates)] = table[group]
    return factor


@cache
def national_shares() -> Fractions:
    """The share of each age (column) among the people of each plate (row) in the whole country; row 0 is empty."""
    rows, columns = REGISTERED.astype(np.float64), census_counts(int(REGISTERED.sum())).astype(np.float64)
    fitted = _powers(tilts(census.AGE_TILT)) * columns
    fitted[0] = 0.0
    for _ in range(ROUNDS):
        fitted *= columns / _added(fitted)
        fitted *= (rows / np.maximum(_added(fitted.T), 1e-300))[:, None]
    return np.asarray(fitted / np.maximum(rows, 1.0)[:, None])


def ages_by_province(residents: Numbers) -> Numbers:
    """People of each plate (row) at each age (column), whole: rows add up to `residents`.

    If people of all provinces are there, the columns add up to the national table, apportioned to them all; a town of
    some provinces has the ages of these.
    """
    people = int(residents.sum())
    wanted = national_shares() * residents[:, None]
    everywhere = bool(np.all(apportion(people, REGISTERED) == residents))
    columns = census_counts(people) if everywhere else _columns(wanted, people)
    rounded = [_rounded(row, int(count)) for row, count in zip(wanted, residents, strict=True)]
    return mended(np.stack(rounded), wanted, columns)


def mended(counts: Numbers, wanted: Fractions, columns: Numbers) -> Numbers:
    """Move people from ages with too many to ages with too few, each within a province, until the columns are right.

    Each move goes from the age with most too many to the one with most too few, in the province where it brings
    `counts` nearest to what is `wanted`.
    """
    counts = counts.copy()
    excess = counts.sum(axis=0) - columns
    while excess.any():
        over, under = int(excess.argmax()), int(excess.argmin())
        gain = (counts[:, over] - wanted[:, over]) - (counts[:, under] - wanted[:, under])
        province = int(np.where(counts[:, over] > 0, gain, -np.inf).argmax())
        counts[province, over] -= 1
        counts[province, under] += 1
        excess[over] -= 1
        excess[under] += 1
    return counts


def housed(counts: Numbers, heads: Numbers) -> Numbers:
    """Exchange children for adults between provinces until every province has an adult for each household.

    Only a miniature needs it, where a province has a handful of people. Raises `ValueError` when the whole town has
    more children than places beside an adult.
    """
    counts = counts.copy()
    minors = counts[:, : census.ADULT_AGE].sum(axis=1)
    places = counts.sum(axis=1) - heads
    if minors.sum() > places.sum():
        told = f"{minors.sum()} children have only {places.sum()} places beside the heads of {heads.sum()} households"
        raise ValueError(f"{told}; take more people, fewer provinces or a larger household_mean")
    free = places - minors
    while free.min() < 0:
        full, roomy = int(free.argmin()), int(free.argmax())
        child = int(np.flatnonzero(counts[full, : census.ADULT_AGE])[-1])
        adult = census.ADULT_AGE + int(np.flatnonzero(counts[roomy, census.ADULT_AGE :])[0])
        counts[full, [child, adult]] += (-1, 1)
        counts[roomy, [child, adult]] += (1, -1)
        free[full] += 1
        free[roomy] -= 1
    return counts


def _rounded(wanted: Fractions, total: int) -> Numbers:
    """A row of fractions as whole numbers that add up to `total`, the largest remainders up."""
    whole = np.floor(wanted).astype(np.int64)
    order = np.argsort(whole - wanted, kind="stable")
    missing = total - int(whole.sum())
    whole[order[: max(missing, 0)]] += 1
    for _ in range(-missing):  # a sum of fractions a hair above the total
        whole[int(whole.argmax())] -= 1
    return whole


def _columns(wanted: Fractions, people: int) -> Numbers:
    return apportion(people, np.rint(_added(wanted) * (FINE / people)).astype(np.int64))


def _powers(factor: Fractions) -> Fractions:
    """Each factor to the power of 0, 1, … 100, by multiplication only."""
    steps = np.repeat(factor[:, None], census.OLDEST + 1, axis=1)
    steps[:, 0] = 1.0
    return np.asarray(np.cumprod(steps, axis=1))


def _added(rows: Fractions) -> Fractions:
    """The sum of the rows, added one after the other: the same on every machine."""
    total = np.zeros(rows.shape[1])
    for row in rows:
        total = total + row
    return total
