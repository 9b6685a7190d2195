"""A day's calls, made a few minutes at a time, put through the service, and handed on as they end.

Two hands work at once: one makes the next minutes' calls and looks up what those that ended are told, the other lets
calls pass the service. What comes out does not depend on which of them is quicker, nor on how the day is cut.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.capacity.network.kernel import CompiledNetwork
from sim.capacity.network.model import Done, Minutes, Outcome
from sim.course import Standing
from sim.demand.calls import Calls
from sim.demand.kernel import DayOfCalls
from sim.demand.parameters import Channel
from sim.demand.record import Standing as Believed
from sim.nation.answers import answered

DAY_MINUTES = 1_440
MINUTE_US = 60_000_000
CHUNK_MINUTES = 5
NO_INSTITUTION = -1

Columns: TypeAlias = dict[str, NDArray[Any]]
Ended: TypeAlias = Callable[[Columns], None]
"""Called with calls that ended, in the order of ending, a column each: see `ended`."""


class Truth(NamedTuple):
    """What is true of everybody on the day."""

    day: int
    standing: Standing
    """With what was learned on the day, from its hour on; the day's contacts went by the evening before."""
    infectious: NDArray[np.uint8]
    """1 + days since the infection of those infectious today, 0 for all others."""


@dataclass(slots=True, kw_only=True)
class Inside:
    """Calls that have been made and have not ended yet, with all that is known of them."""

    first: int = 0
    """The number of the earliest one kept."""
    kept: list[Columns] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)

    def enter(self, columns: Columns) -> None:
        """Calls have been made."""
        self.starts.append(self.starts[-1] + self.kept[-1]["at_us"].size if self.kept else self.first)
        self.kept.append(columns)
        self.waiting.append(columns["at_us"].size)

    def leave(self, done: Done) -> Columns:
        """Calls have ended: their columns, in the order of ending."""
        out: list[tuple[NDArray[np.bool_], Columns]] = []
        for start, columns, n in zip(self.starts, self.kept, range(len(self.kept)), strict=True):
            mine = (done.call >= start) & (done.call < start + columns["at_us"].size)
            if mine.any():
                places = done.call[mine] - start
                out.append((mine, {name: column[places] for name, column in columns.items()}))
                self.waiting[n] -= places.size
        while self.kept and not self.waiting[0]:
            self.first = self.starts[0] + self.kept[0]["at_us"].size
            del self.kept[0], self.starts[0], self.waiting[0]
        return _answered_only(_merged(done, out))


def _answered_only(columns: Columns) -> Columns:
    """Nobody is told anything by a call without an answer."""
    told = columns["outcome"] == Outcome.ANSWERED
    if "risky" in columns:
        columns["risky"] = np.where(told, columns["risky"], 0).astype(np.int32)
    return columns


def _merged(done: Done, parts: list[tuple[NDArray[np.bool_], Columns]]) -> Columns:
    ends: Columns = {"ended_us": done.ended_us, "outcome": done.outcome, "attempts": done.attempts}
    if len(parts) == 1:
        return {**parts[0][1], **ends}
    names = parts[0][1] if parts else {}
    merged = {name: np.empty(done.call.size, column.dtype) for name, column in names.items()}
    for mine, columns in parts:
        for name, column in columns.items():
            merged[name][mine] = column
    return {**merged, **ends}


def pass_through(
    demand: DayOfCalls,
    network: CompiledNetwork,
    truth: Truth,
    *,
    ended: Ended,
    progress: Callable[[int], None] = lambda _: None,
    chunk_minutes: int = CHUNK_MINUTES,
) -> Minutes:
    """Let a day's calls pass through the service; the service's table of minutes.

    `ended` is called with columns of ended calls: at_us, ended_us, channel, source, province, asker, codes, person,
    spoiled, outcome, attempts, risky, infectious (`Answers.truth`). `progress` is told each minute reached.
    """
    inside, believed = Inside(), Believed(truth.standing.risky_from, truth.standing.risky_until)

    def made(minute: int) -> Calls:
        return demand.calls(minute, min(minute + chunk_minutes, DAY_MINUTES), believed, truth.day)

    def settle(calls: Calls | None, done: Done) -> None:
        if calls is not None:
            inside.enter(_told(calls, truth))
        if done.call.size:
            ended(inside.leave(done))

    with ThreadPoolExecutor(1) as beside:
        coming: Future[Calls] = beside.submit(made, 0)
        settled: Future[None] | None = None
        for minute in range(0, DAY_MINUTES, chunk_minutes):
            calls = coming.result()
            if (after := minute + chunk_minutes) < DAY_MINUTES:
                coming = beside.submit(made, after)
            if settled is not None:
                settled.result()
            until_us = min(after, DAY_MINUTES) * MINUTE_US
            done = network.offer(calls.at_us, _askers(calls), calls.codes.astype(np.int64), until_us)
            settled = beside.submit(settle, calls, done)
            progress(min(after, DAY_MINUTES))
        if settled is not None:
            settled.result()
        settle(None, network.close())
    return network.minutes()


def _told(calls: Calls, truth: Truth) -> Columns:
    """A call's columns, with what it is told and what is true."""
    risky, infectious = np.empty(calls.at_us.size, np.int32), np.empty(calls.at_us.size, np.uint8)
    standing = truth.standing
    answered(
        calls.at_us,
        calls.codes,
        calls.person,
        calls.spoiled,
        calls.first,
        calls.bulk_person,
        calls.bulk_spoiled,
        standing.risky_from,
        standing.risky_until,
        truth.infectious,
        truth.day * 24,
        risky,
        infectious,
    )
    risky[calls.channel >= Channel.MAKE_APP] = 0  # whoever makes a code is told of none
    names = ("at_us", "channel", "source", "province", "asker", "codes", "person", "spoiled")
    return {name: getattr(calls, name) for name in names} | {"risky": risky, "infectious": infectious}


def _askers(calls: Calls) -> NDArray[np.int64]:
    """Whose rate limit a call counts for: an institution's; persons have none."""
    return np.where(calls.channel >= Channel.PERSON, NO_INSTITUTION, calls.asker).astype(np.int64)
