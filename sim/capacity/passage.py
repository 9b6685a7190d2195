"""What became of queries too many for a row each: counts, sums, and a histogram of waits."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.capacity.model import Outcome
from sim.compiled import Whole, compiled, inlined

OCTAVE = 8  # a histogram's cells from one power of two to the next
SERVED = int(Outcome.SERVED)


@dataclass(slots=True, kw_only=True)
class Passage:
    """What became of many queries, without a row for each.

    `outcomes` counts attempts by `Outcome`. The others are of answered attempts: `waits`, counted by the wait in
    cells of an eighth of its power of two (`wait_cell`), and microseconds of waiting and of service, summed.
    """

    queries: int = 0
    outcomes: NDArray[np.int64] = field(default_factory=lambda: np.zeros(len(Outcome), np.int64))
    waits: NDArray[np.int64] = field(default_factory=lambda: np.zeros(64 * OCTAVE, np.int64))
    sums_us: NDArray[np.int64] = field(default_factory=lambda: np.zeros(2, np.int64))

    def add(
        self,
        arrived_us: NDArray[np.int64],
        started_us: NDArray[np.int64],
        departed_us: NDArray[np.int64],
        outcome: NDArray[np.uint8],
    ) -> None:
        """Count attempts, given in columns of equal length."""
        count(arrived_us, started_us, departed_us, outcome, self.outcomes, self.waits, self.sums_us)


def wait_cell(wait_us: int) -> int:
    """The cell of `Passage.waits` that counts a wait: 0 to 7 as they are, then eight to each power of two."""
    return int(cell_of(wait_us))


@inlined
def cell_of(wait_us: Whole) -> Whole:
    """`wait_cell`."""
    octaves = 0
    while wait_us >= 2 * OCTAVE:
        wait_us >>= 1
        octaves += 1
    return octaves * OCTAVE + wait_us


@compiled
def count(
    arrived: NDArray[np.int64],
    started: NDArray[np.int64],
    departed: NDArray[np.int64],
    outcome: NDArray[np.uint8],
    outcomes: NDArray[np.int64],
    waits: NDArray[np.int64],
    sums_us: NDArray[np.int64],
) -> None:
    """Add attempts to a `Passage`."""
    for row in range(outcome.size):
        outcomes[outcome[row]] += 1
        if outcome[row] == SERVED:
            waits[cell_of(started[row] - arrived[row])] += 1
            sums_us[0] += started[row] - arrived[row]
            sums_us[1] += departed[row] - started[row]
