"""Whether a service stayed down after what had brought it down was over: metastable failure.

Fresh demand are calls that begin, goodput are attempts answered; both over windows of five minutes, so that a call that
is answered a little later counts. A service is *down* while goodput is below 90 % of fresh demand. Failure is called
metastable if the service is still down `LONG_MIN` minutes after the last scheduled outage ended, although it has
carried as much demand at another time of the same day: then it is not too small, and what holds it down is work for
clients who have hung up and their retries. The idea: N. Bronson, A. Aghayev, A. Charapko, T. Zhu, "Metastable failures
in distributed systems", HotOS 2021. Windows and limits are chosen here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WINDOW_MIN = 5
UP = 0.9
"""Share of fresh demand that has to be answered."""
LONG_MIN = 15
"""Minutes after the end of the last outage."""
LEAST_CALLS = 10
"""Fresh calls in a window below which nothing is said of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """How a day's service came out of its outages; minutes since midnight."""

    outage_ended: int
    """The first minute after the last outage."""
    down_until: int | None
    """The first minute from which it answered again; None if not on that day, `outage_ended` if at once."""
    down_minutes: int
    """Minutes between the two."""
    attempts_per_call: float
    """In the minutes while it was down after the outage; of all minutes after it if it was not."""
    lowest: float
    """The lowest share of fresh demand answered in that time."""
    carried: bool
    """Whether as much demand as in the middle of that time was carried at another time of the day."""

    @property
    def is_metastable(self) -> bool:
        """Whether the failure outlived its cause, of itself."""
        return self.down_minutes > LONG_MIN and self.carried


def storm(
    fresh: NDArray[np.int64], attempts: NDArray[np.int64], answered: NDArray[np.int64], outage_ended: int
) -> Storm | None:
    """What a day's minutes say of the time after an outage; None if the day ends with it.

    The columns have an entry for each minute: calls that began, attempts that began, attempts that were answered.
    """
    minutes = min(fresh.size, attempts.size, answered.size)
    if outage_ended >= minutes - WINDOW_MIN:
        return None
    demand, goodput = (_windows(column[:minutes]) for column in (fresh, answered))
    told = demand >= LEAST_CALLS
    share = np.where(told, goodput / np.maximum(demand, 1), 1.0)
    up = share >= UP
    down_until = next((at for at in range(outage_ended, up.size) if up[at : at + WINDOW_MIN].all()), None)
    end = minutes if down_until is None else down_until
    stretch = slice(outage_ended, end) if end > outage_ended else slice(outage_ended, minutes)
    middle = float(np.median(demand[outage_ended : max(end, outage_ended + 1)]))
    return Storm(
        outage_ended=outage_ended,
        down_until=down_until,
        down_minutes=end - outage_ended,
        attempts_per_call=round(int(attempts[stretch].sum()) / max(int(fresh[stretch].sum()), 1), 3),
        lowest=round(float(share[stretch].min(initial=1.0)), 4),
        carried=bool(np.any(up & told & (demand >= middle))),
    )


def _windows(column: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sums over the window that begins in each minute, shorter at the end."""
    reached = np.concatenate([[0], np.cumsum(column)])
    ends = np.minimum(np.arange(column.size) + WINDOW_MIN, column.size)
    return np.asarray(reached[ends] - reached[:-1])
