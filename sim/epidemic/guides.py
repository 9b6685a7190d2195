"""Where to begin a search in a table: exact like the search itself, with hardly any steps.

A guide has, for each of many equal pieces of what is looked up, the answer for the piece's first value; from there
the answer is a step or two away.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, inlined

Column = NDArray[Any]

BITS = 32
PIECE = 24
"""Bits of a value below its piece: 256 pieces of 32 bits of chance."""
PEOPLE = 10
"""The same for people, when their district is looked up."""
SEATS = 4
"""The same for the members of all places, when a seat's place is looked up."""


def guide_to_thresholds(thresholds: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many thresholds do not exceed the first value of each piece of 32 bits."""
    return np.searchsorted(thresholds, np.arange(1 << BITS - PIECE) << PIECE, side="right")


def guide_to_runs(starts: NDArray[np.integer[Any]], bits: int) -> NDArray[np.int32]:
    """Which of the runs, given by their ascending starts and the end of the last, holds the first value of each piece.

    Of runs that begin together it is the last.
    """
    firsts = np.arange((int(starts[-1]) >> bits) + 1) << bits
    runs: NDArray[np.int64] = np.searchsorted(starts, np.minimum(firsts, max(int(starts[-1]) - 1, 0)), side="right") - 1
    guide: NDArray[np.int32] = np.minimum(runs, starts.size - 2).astype(np.int32)
    return guide


@inlined
def number_by(thresholds: Column, guide: Column, bits: Whole) -> Whole:
    """How many thresholds do not exceed 32 bits of chance."""
    number = np.int64(guide[bits >> PIECE])
    while number < thresholds.size and np.int64(thresholds[number]) <= bits:
        number += 1
    return number


@inlined
def run_by(starts: Column, guide: Column, bits: Whole, value: Whole) -> Whole:
    """Which of the runs holds a value: the last that starts at or before it."""
    run = np.int64(guide[value >> bits])
    while np.int64(starts[run + 1]) <= value:
        run += 1
    return run
