"""Times of very different length counted in few bins: a histogram that is linear within each power of two.

Below 64 µs every microsecond is a bin of its own; from there on each power of two is cut into 64 bins of equal width,
so a bin is at most 1/64 of its lower edge wide: 1.6 %. The idea is that of HdrHistogram (G. Tene). Only integers.

    bin(t) = t                              t < 64
    bin(t) = 64 s + (t >> s)                s = bits of t - 7, for all other t
"""

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, inlined

Integers: TypeAlias = NDArray[np.int64]

PARTS = 64
"""Bins in each power of two."""
LONGEST_US = (1 << 37) - 1
"""The longest time that is told apart, 38 hours; longer ones are in its bin."""
BINS = 64 * 30 + 128
"""Bins up to `LONGEST_US`."""
PERCENTILES: Mapping[str, int] = {"p50": 500, "p90": 900, "p99": 990, "p99_9": 999}
"""Those that are told, in thousandths."""

_BITS_BEFORE = np.int64(1023 + 6)
"""What the exponent field of a float64 is too large by, as a shift."""


@inlined
def bin_of(time_us: Whole) -> Whole:
    """The bin of a time in microseconds, from 0; its length in bits is read off a float64, exactly."""
    time = min(max(np.int64(time_us), np.int64(0)), np.int64(LONGEST_US))
    if time < PARTS:
        return time
    shift = (np.float64(time).view(np.int64) >> 52) - _BITS_BEFORE
    return PARTS * shift + (time >> shift)


def edges(bins: Integers) -> tuple[Integers, Integers]:
    """The first and the last microsecond of each of these bins."""
    shift = np.maximum(bins // PARTS - 1, 0)
    lower = (bins - PARTS * shift) << shift
    return lower, lower + (np.int64(1) << shift) - 1


def percentiles(counts: Integers) -> dict[str, int] | None:
    """Nearest-rank percentiles of a histogram over all bins, each its bin's last microsecond; None if it is empty."""
    reached = np.cumsum(counts)
    if not (total := int(reached[-1])):
        return None
    ranks = [-(-total * part // 1000) for part in PERCENTILES.values()]
    _, upper = edges(np.searchsorted(reached, ranks).astype(np.int64))
    return dict(zip(PERCENTILES, map(int, upper), strict=True))
