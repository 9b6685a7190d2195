"""A day's finished calls counted while they pass: whole numbers in small tables, whatever the number of calls.

Sums of integers do not depend on the order of what is added, so any chunks in any order give the same tables.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, compiled
from sim.results.bins import BINS, bin_of
from sim.results.table import ResultError

Columns: TypeAlias = Mapping[str, NDArray[Any]]

MINUTES, HOURS, PLATES, SOURCES, SINCE = 1440, 24, 82, 64, 22
"""Sizes of the tables; plate 0 is unused. Days since infection from 21 on are counted together."""
DAY_US = 86_400_000_000
MEASURES = ("calls", "codes", "attempts", "risky")
"""What is summed up for each cell of the load; `risky` are risky answers."""
DOORS = ("stopped_infectious", "stopped_not", "passed_infectious", "passed_not", "spoiled")
"""How answered single calls at doors end, against the truth; a spoiled code says nothing of its holder."""
CALLS: Mapping[str, Any] = {
    "at_us": np.int64,
    "ended_us": np.int64,
    "channel": np.uint8,
    "source": np.uint8,
    "province": np.uint8,
    "asker": np.int32,
    "codes": np.uint16,
    "person": np.int32,
    "spoiled": np.uint8,
    "outcome": np.uint8,
    "attempts": np.uint8,
    "risky": np.int32,
    "infectious": np.uint8,
}
"""The columns of finished calls, and their types. Moments are microseconds since the day's midnight; `infectious` is 0,
or 1 + the days since the infection of a single call's person who is infectious at that time."""


class Tally:
    """The tables of one day, from 0.

    `bulk` says of each channel whether its calls ask about many; `answered` of each outcome whether it is an answer;
    `doorless` are the sources of which nobody stands at a door, as at a booking.
    """

    def __init__(self, bulk: Sequence[bool], answered: Sequence[bool], doorless: Collection[int] = ()) -> None:
        channels, outcomes = len(bulk), len(answered)
        self._bulk, self._answered = np.array(bulk, np.bool_), np.array(answered, np.bool_)
        self._doorless = np.isin(np.arange(SOURCES), list(doorless))
        self.load = np.zeros((MINUTES, PLATES, channels, outcomes, len(MEASURES)), np.int32)
        """By the minute in which a call began; 32 bits hold what one province can ask in a minute."""
        self.latency = np.zeros((HOURS, channels, outcomes, BINS), np.int64)
        """Calls by the hour in which they began, and how long they took."""
        self.doors = np.zeros((PLATES, channels, len(DOORS)), np.int64)
        self.since = np.zeros((SINCE, 2), np.int64)
        """Infectious people at doors by days since their infection: stopped, and passed."""
        self.sources = np.zeros((HOURS, SOURCES, len(MEASURES) + 1), np.int64)
        """The measures, and how many of the calls were answered."""

    def add(self, calls: Columns) -> None:
        """Count finished calls.

        Raises:
            ResultError: for a column that is missing, of another type or length, or a value out of its range.
        """
        columns: list[Any] = [checked(calls)[name] for name in CALLS if name not in {"asker", "person"}]
        columns += [self._bulk, self._answered, self._doorless]
        columns += [self.load, self.latency, self.doors, self.since, self.sources]
        if (row := int(_count(*columns))) >= 0:
            told = ", ".join(f"{name} {calls[name][row]}" for name in CALLS)
            raise ResultError(f"a call is out of range, and the day's tables are spoiled by it: {told}")


def checked(calls: Columns) -> Columns:
    """The same columns, if they are those of `CALLS`.

    Raises:
        ResultError: for a column that is missing, of another type or length.
    """
    if missing := CALLS.keys() - calls.keys():
        raise ResultError(f"calls: columns missing: {', '.join(sorted(missing))}")
    if odd := [f"{name} is {calls[name].dtype}" for name, kind in CALLS.items() if calls[name].dtype != kind]:
        raise ResultError(f"calls: {', '.join(odd)}, which is not the type of `CALLS`")
    if len({calls[name].shape for name in CALLS}) != 1:
        raise ResultError("calls: the columns are of different length")
    return calls


@compiled
def _count(
    at_us: NDArray[np.int64],
    ended_us: NDArray[np.int64],
    channel: NDArray[np.uint8],
    source: NDArray[np.uint8],
    province: NDArray[np.uint8],
    codes: NDArray[np.uint16],
    spoiled: NDArray[np.uint8],
    outcome: NDArray[np.uint8],
    attempts: NDArray[np.uint8],
    risky: NDArray[np.int32],
    infectious: NDArray[np.uint8],
    bulk: NDArray[np.bool_],
    answered: NDArray[np.bool_],
    doorless: NDArray[np.bool_],
    load: NDArray[np.int32],
    latency: NDArray[np.int64],
    doors: NDArray[np.int64],
    since: NDArray[np.int64],
    sources: NDArray[np.int64],
) -> Whole:
    """Add up; the first row that is out of range, or -1."""
    minute, start, end = np.int64(0), np.int64(0), np.int64(0)  # most calls begin in the minute of the one before
    for row in range(at_us.size):
        at, way, plate, end_as = at_us[row], np.int64(channel[row]), np.int64(province[row]), np.int64(outcome[row])
        if at < start or at >= end:
            if at < 0 or at >= DAY_US:
                return row
            minute = at // 60_000_000
            start, end = minute * 60_000_000, (minute + 1) * 60_000_000
        if (
            way >= bulk.size
            or plate < 1
            or plate >= PLATES
            or end_as >= answered.size
            or source[row] >= SOURCES
            or ended_us[row] < at
        ):
            return row
        asked, tries, stopped = np.int64(codes[row]), np.int64(attempts[row]), np.int64(risky[row])
        cell = load[minute, plate, way, end_as]
        cell[0] += np.int32(1)
        cell[1] += np.int32(asked)
        cell[2] += np.int32(tries)
        cell[3] += np.int32(stopped)
        hour = minute // 60
        latency[hour, way, end_as, bin_of(ended_us[row] - at)] += 1
        why = sources[hour, source[row]]
        why[0] += 1
        why[1] += asked
        why[2] += tries
        why[3] += stopped
        if not answered[end_as]:
            continue
        why[4] += 1
        if bulk[way] or doorless[source[row]]:
            continue
        if spoiled[row] != 0:
            doors[plate, way, 4] += 1
        else:
            let_in = np.int64(stopped == 0)
            well = np.int64(infectious[row] == 0)
            doors[plate, way, 2 * let_in + well] += 1
            if well == 0:
                days: Whole = min(np.int64(infectious[row]) - 1, SINCE - 1)
                since[days, let_in] += 1
    return -1
