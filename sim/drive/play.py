"""Play a day's calls in open loop, and note what came back when."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter_ns
from typing import NamedTuple

from mockgov.risk_index.messages import Report
from sim.drive.port import Call, MinistryPort, Reply

AHEAD_NS = 500_000
"""A call that is due within half a millisecond leaves at once; the loop's sleep is no finer."""


class Due(NamedTuple):
    """A call and the microsecond of the day at which it should leave."""

    at_us: int
    call: Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A stretch of the day during which the truth stands still."""

    at: datetime
    """Where the ministry's clock stands meanwhile."""
    filed: Sequence[Report]
    """What the ministry learns at its beginning."""
    calls: Sequence[Due]


class Played(NamedTuple):
    """One call's fate."""

    reply: Reply
    latency_us: int
    """Real microseconds from the moment at which it should have left to its answer."""


async def play(
    ministry: MinistryPort,
    steps: Sequence[Step],
    *,
    compression: float,
    progress: Callable[[int], None] = lambda _: None,
) -> list[list[Played]]:
    """Ask every call of every step; the answers by step, in the order of the calls.

    `compression` is how many seconds of the day pass in a real second; 0 asks as fast as it goes, one after the
    other. Raises `DriveError`.
    """
    started_ns = perf_counter_ns()
    told: list[list[Played]] = []
    for step in steps:
        await ministry.stand_at(step.at)
        if step.filed:
            await ministry.file(step.filed)
        if compression:
            told.append(await _open_loop(ministry, step.calls, compression, started_ns, progress))
        else:
            told.append(await _one_by_one(ministry, step.calls, progress))
    return told


async def _open_loop(
    ministry: MinistryPort,
    calls: Sequence[Due],
    compression: float,
    started_ns: int,
    progress: Callable[[int], None],
) -> list[Played]:
    """Let each call leave at its moment, then wait for all answers."""

    async def ask(due: Due, due_ns: int) -> Played:
        reply = await ministry.ask(due.call)
        latency = perf_counter_ns() - due_ns
        progress(1)
        return Played(reply, max(0, latency // 1000))

    tasks: list[asyncio.Task[Played]] = []
    for due in calls:
        due_ns = started_ns + round(due.at_us * 1000 / compression)
        wait_ns = due_ns - perf_counter_ns()
        if wait_ns > AHEAD_NS:
            await asyncio.sleep(wait_ns / 1e9)
        tasks.append(asyncio.create_task(ask(due, due_ns)))
    return list(await asyncio.gather(*tasks))


async def _one_by_one(ministry: MinistryPort, calls: Sequence[Due], progress: Callable[[int], None]) -> list[Played]:
    told: list[Played] = []
    for due in calls:
        left_ns = perf_counter_ns()
        reply = await ministry.ask(due.call)
        told.append(Played(reply, (perf_counter_ns() - left_ns) // 1000))
        progress(1)
    return told
