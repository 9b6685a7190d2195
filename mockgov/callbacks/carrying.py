"""How callbacks leave: whoever walks the clock waits for them, without holding a transaction or the event loop.

An outbox marks what is due as under way, inside the clock's step; a `Carrier` then takes it out, sends it, and hands
back what became of it, in the order in which it was taken. So one moment's answers decide what is due at the next,
and when a clock has been moved, everything that fell due on the way was tried.

A receiver in the same process (`Receiver`) is called without a network. Everything else goes through a `Post`, which
the server supplies; a carrier without one reaches nobody outside.

`carry` blocks its caller. On an event loop `move` and `wake` do the same without blocking it, so that an endpoint may
ask the ministry while it is called. Who moves the clock of its own world while it is called waits for itself, until
the time-out.
"""

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary, WeakSet

from mockgov.callbacks.destination import read_url
from mockgov.callbacks.rules import GONE, AddressNotAllowed, Outcome, Trouble

log = logging.getLogger("mockgov")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A request that is to be sent."""

    delivery: int
    subscription: int
    url: str
    headers: Mapping[str, str]
    body: bytes


Receiver = Callable[[Envelope], int | Awaitable[int]]
"""Takes a callback in this process, and answers with a status."""


class Outbox(Protocol):
    """What the carrier of a world's callbacks works on."""

    def take(self) -> Sequence[Envelope]:
        """What is to be sent now, and is with nobody yet; nothing when all has been."""
        ...

    def record(self, outcomes: Sequence[tuple[int, Outcome]]) -> None:
        """Keep what became of deliveries that were taken."""
        ...

    def release(self, numbers: Sequence[int]) -> None:
        """Deliveries come back that were not sent; they are taken again."""
        ...

    def receiver(self, url: str) -> Receiver | None:
        """Who takes it in this process; None: nobody does."""
        ...


class Post(Protocol):
    """The way to endpoints outside of this process."""

    def check(self, url: str) -> None:
        """Raises `BadSubscription`, `AddressNotAllowed` for an address to which nothing can ever be sent."""
        ...

    async def vet(self, url: str) -> None:
        """The same after the host's name has been looked up."""
        ...

    async def send(self, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
        """Send to one subscription, one after the other, until one times out or is told 410; never raises."""
        ...


class Carrier:
    """Carries the callbacks of any number of worlds."""

    def __init__(self, post: Post | None = None, *, parallel: int = 8) -> None:
        """`parallel`: how many subscriptions are called at a time."""
        self._post = post
        self._parallel = parallel
        self._loop: asyncio.AbstractEventLoop | None = None
        self._locks: WeakKeyDictionary[Outbox, asyncio.Lock] = WeakKeyDictionary()
        self._woken: WeakSet[Outbox] = WeakSet()
        self._tasks: set[asyncio.Task[None]] = set()

    def check(self, url: str) -> None:
        """Raises `BadSubscription`, `AddressNotAllowed`."""
        read_url(url)
        if self._post is None:
            raise AddressNotAllowed("Nothing leaves this process; mount a receiver for the address first.")
        self._post.check(url)

    async def vet(self, url: str) -> None:
        """The same, with the host looked up: what would never arrive is refused where it can still be put right."""
        self.check(url)
        if self._post is not None:
            await self._post.vet(url)

    def carry(self, outbox: Outbox) -> None:
        """Send whatever is under way, and wait for it; the caller's thread stands still meanwhile."""
        while envelopes := outbox.take():
            with _given_back(outbox, envelopes):
                outbox.record(_run(self._sent(outbox, envelopes)))

    async def settle(self, outbox: Outbox) -> None:
        """The same on an event loop, which goes on."""
        while envelopes := outbox.take():
            with _given_back(outbox, envelopes):
                outbox.record(await self._sent(outbox, envelopes))

    async def move(self, outbox: Outbox, steps: Iterable[object]) -> None:
        """Take steps of a clock, each after what the one before has set under way; nobody else sends meanwhile."""
        async with self._lock(outbox):
            await self.settle(outbox)
            for _ in steps:
                await self.settle(outbox)

    # On a server's loop: what falls due without anybody moving a clock

    def start(self, outboxes: Iterable[Outbox] = ()) -> None:
        """Send from the running loop whatever wakes the carrier from now on, and what is under way already."""
        self._loop = asyncio.get_running_loop()
        self._woken = WeakSet()
        for outbox in outboxes:
            self.wake(outbox)

    async def stop(self) -> None:
        """Send no more; what is on its way stays under way, and is sent again by whoever comes next."""
        self._loop = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def wake(self, outbox: Outbox) -> None:
        """There is, or soon will be, something to take; may be called within a transaction and on any thread."""
        if self._loop is not None and outbox not in self._woken:
            self._woken.add(outbox)
            self._loop.call_soon_threadsafe(self._begin, outbox)

    def _begin(self, outbox: Outbox) -> None:
        if self._loop is not None:
            task = self._loop.create_task(self._pump(outbox))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(self, outbox: Outbox) -> None:
        try:
            async with self._lock(outbox):
                self._woken.discard(outbox)
                await self.settle(outbox)
        except Exception:
            log.exception("Callbacks could not be sent; they are tried again when the next one is.")

    def _lock(self, outbox: Outbox) -> asyncio.Lock:
        return self._locks.setdefault(outbox, asyncio.Lock())

    async def _sent(self, outbox: Outbox, envelopes: Sequence[Envelope]) -> list[tuple[int, Outcome]]:
        """Send what was taken, each subscription's in order, several subscriptions side by side."""
        groups: dict[int, list[Envelope]] = {}
        for envelope in envelopes:
            groups.setdefault(envelope.subscription, []).append(envelope)
        turns = asyncio.Semaphore(self._parallel)

        async def sent(group: list[Envelope]) -> Sequence[Outcome]:
            async with turns:
                receiver = outbox.receiver(group[0].url)
                if receiver is not None:
                    return await _received(receiver, group)
                if self._post is None:
                    return [Outcome(trouble=Trouble.NOT_ALLOWED) for _ in group]
                return await self._post.send(group)

        outcomes: dict[int, Outcome] = {}
        for group, found in zip(groups.values(), await asyncio.gather(*map(sent, groups.values())), strict=True):
            skipped = [Outcome(trouble=Trouble.NOT_TRIED)] * (len(group) - len(found))
            for envelope, outcome in zip(group, [*found, *skipped], strict=True):
                outcomes[envelope.delivery] = outcome
        return [(envelope.delivery, outcomes[envelope.delivery]) for envelope in envelopes]


@contextmanager
def _given_back(outbox: Outbox, envelopes: Sequence[Envelope]) -> Iterator[None]:
    """Whatever breaks in, nothing stays taken by nobody."""
    try:
        yield
    except BaseException:
        outbox.release([envelope.delivery for envelope in envelopes])
        raise


async def _received(receiver: Receiver, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
    """What a receiver in this process answers; one that fails is a server that fails."""
    outcomes: list[Outcome] = []
    for envelope in envelopes:
        try:
            answer = receiver(envelope)
            status = await answer if inspect.isawaitable(answer) else answer
        except Exception:
            log.exception("The receiver of %s failed; it counts as a 500.", envelope.headers["webhook-id"])
            status = 500
        outcomes.append(Outcome(status=status))
        if status == GONE:
            break
    return outcomes


def _run(work: Coroutine[Any, Any, Found]) -> Found:
    """Run it to its end, wherever the caller is; on a loop's thread the loop stands still."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1, "callbacks") as thread:
        return thread.submit(asyncio.run, work).result()
