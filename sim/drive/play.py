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


@dataclass(slots=True, kw_only=True)
class Wallet:
    """The code that somebody shows who makes another one on the day: from some moment on, that one."""

    code: str


class Due(NamedTuple):
    """A call and the microsecond of the day at which it should leave.

    `wallets` are those of the call's codes that have to be looked up when it leaves, by place; or, if it makes a code,
    the one that this goes into.
    """

    at_us: int
    call: Call
    wallets: tuple[tuple[int, Wallet], ...] = ()

    @property
    def ready(self) -> Call:
        """The call with the codes that are shown now."""
        if not self.wallets or self.call.channel.makes:
            return self.call
        codes = list(self.call.codes)
        for place, wallet in self.wallets:
            codes[place] = wallet.code
        return self.call._replace(codes=tuple(codes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A stretch of the day during which the truth stands still."""

    at: datetime
    """Where the ministry's clock stands meanwhile."""
    filed: Sequence[Report]
    """What the ministry learns at its beginning."""
    calls: Sequence[Due]
    collects: Sequence[tuple[int, int]] = ()
    """Which codes that calls have made before are collected at its beginning: numbers of the step and of its call.
    Their holders show them from then on."""


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
        for nth, place in step.collects:
            told[nth][place] = await _collected(ministry, steps[nth].calls[place], told[nth][place])
        if compression:
            told.append(await _open_loop(ministry, step.calls, compression, started_ns, progress))
        else:
            told.append(await _one_by_one(ministry, step.calls, progress))
    return told


def is_made(reply: Reply) -> bool:
    """Whether a code was made, and told."""
    return reply.status == 200 and len(reply.told) == 1 and bool(reply.told[0].get("hes_code"))


async def _collected(ministry: MinistryPort, due: Due, sent: Played) -> Played:
    """What has come of a call that makes a code; its holder shows the code from now on."""
    if sent.reply.status != 200:
        return sent
    reply = await ministry.collect(due.call)
    if is_made(reply):
        for _, wallet in due.wallets:
            wallet.code = reply.told[0]["hes_code"]
    return sent._replace(reply=reply)


async def _open_loop(
    ministry: MinistryPort,
    calls: Sequence[Due],
    compression: float,
    started_ns: int,
    progress: Callable[[int], None],
) -> list[Played]:
    """Let each call leave at its moment, then wait for all answers."""

    async def ask(due: Due, due_ns: int) -> Played:
        reply = await ministry.ask(due.ready)
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
        reply = await ministry.ask(due.ready)
        told.append(Played(reply, (perf_counter_ns() - left_ns) // 1000))
        progress(1)
    return told
