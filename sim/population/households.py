"""How large households are, by province, and the chances and ages of who lives in them."""

from math import fsum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import CERTAIN, threshold
from sim.population import census
from sim.population.ages import tilts
from sim.population.provinces import REGISTERED

Fractions = NDArray[np.float64]
LARGEST = len(census.HOUSEHOLDS_2018)
YEAR = 365


def household_shares(mean: float) -> Fractions:
    """Share of households with 1, 2, … 15 people, so that a household has `mean` people on average.

    TÜİK's table of 2018, tilted: share k is multiplied by t^k, and t chosen for the mean. Of all ways to move
    the mean this changes the table least (in relative entropy).
    """
    counted = np.array(census.HOUSEHOLDS_2018)
    sizes = np.arange(1, LARGEST + 1)
    low, high = 0.0, 16.0
    for _ in range(60):
        tilt = (low + high) / 2
        weights = counted * np.cumprod(np.full(sizes.size, tilt))  # powers without libm
        too_large = fsum(weights * sizes) > mean * fsum(weights)
        low, high = (low, tilt) if too_large else (tilt, high)
    return np.asarray(weights / fsum(weights))


def household_means(mean: float) -> Fractions:
    """People per household by plate, such that the whole country has `mean`: its people over its households."""
    factor = tilts(census.HOUSEHOLD_TILT)
    return np.asarray(factor * (mean * fsum(REGISTERED / factor) / fsum(REGISTERED)))


def size_limits(mean: float) -> NDArray[np.int64]:
    """Where the shares of households with 1, 2, … 14 people end, in 2^-32: a draw below the first is a single."""
    return np.rint(np.cumsum(household_shares(mean)) * float(CERTAIN)).astype(np.int64)[:-1]


class RoleTable(NamedTuple):
    """Chances and ages by role. The first six go by size of the household, all sizes from 6 alike."""

    young_head: NDArray[np.int64]
    """`threshold` of a young head; the next two of a partner in place 1 and of an elder in the last place."""
    partner: NDArray[np.int64]
    elder: NDArray[np.int64]
    young_ages: NDArray[np.int64]
    """Days of age, from, and how many more at most; a row for each size."""
    old_ages: NDArray[np.int64]
    gaps: NDArray[np.int64]
    """The same for days older than the head: rows for child, partner and elder."""
    lowest: int
    """Days of age below which nobody's wish lies (negative)."""
    spread: int
    """How many different wishes there can be."""


def role_table() -> RoleTable:
    """The tables of `census`, in days and thresholds."""
    young, old, gaps = (
        _spans(table)
        for table in (
            census.YOUNG_HEAD_AGES,
            census.OLD_HEAD_AGES,
            (census.CHILD_GAP, census.PARTNER_GAP, census.ELDER_GAP),
        )
    )
    heads = np.concatenate([young[1:], old[1:]])
    lowest = int(heads[:, 0].min() + gaps[:, 0].min())
    highest = int(heads.sum(axis=1).max() + gaps.sum(axis=1).max())
    return RoleTable(
        young_head=_limits(census.YOUNG_HEAD_SHARE),
        partner=_limits(census.PARTNER_SHARE),
        elder=_limits(census.ELDER_SHARE),
        young_ages=young,
        old_ages=old,
        gaps=gaps,
        lowest=min(lowest, 0),
        spread=highest - min(lowest, 0) + 1,
    )


def _limits(shares: tuple[float, ...]) -> NDArray[np.int64]:
    return np.array([threshold(share) for share in shares])


def _spans(table: tuple[tuple[int, int], ...]) -> NDArray[np.int64]:
    return np.array([(low * YEAR, (high - low) * YEAR) for low, high in table])
