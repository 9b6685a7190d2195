"""Dividing whole things in proportion, so that nothing is lost and nobody is off by one."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


def apportion(total: int, weights: Numbers) -> Numbers:
    """Divide `total` things in proportion to whole weights, by largest remainder; ties to the earlier."""
    parts, rest = np.divmod(total * weights, max(int(weights.sum()), 1))
    parts[np.argsort(-rest, kind="stable")[: total - int(parts.sum())]] += 1
    return parts


def numbered(counts: Numbers) -> tuple[Numbers, Numbers]:
    """For so many things in each pool, pool by pool: each one's number in its pool, from 0, and the pool."""
    pool = np.repeat(np.arange(counts.size), counts)
    return np.arange(pool.size) - (np.cumsum(counts) - counts)[pool], pool


def starts(counts: Numbers) -> Numbers:
    """Where each pool's things begin if they stand pool by pool, and where the last one's end."""
    return np.append(0, np.cumsum(counts))
