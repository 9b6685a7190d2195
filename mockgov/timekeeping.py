"""How a ministry's time passes: whatever falls due happens at its own moment, in order; each step is kept whole."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from mockgov.agenda import Due, next_due, run_due
from mockgov.callbacks.service import Callbacks
from mockgov.clock import forward
from mockgov.codes.service import Codes
from mockgov.world import World

ROUNDS: Final = 100
"""How often callbacks may bring about further ones at one moment, while a clock is being moved."""


class Timekeeping:
    """The part of a ministry that moves its world's clock; whoever inherits it supplies the services."""

    world: World
    codes: Codes
    callbacks: Callbacks
    _due: Sequence[Due]
    """Whoever waits for something, in the order in which simultaneous things happen."""
    _settled_at: datetime

    def advance(self, to: datetime) -> None:
        """Move the clock forward; whatever falls due happens, in order, before this returns.

        The caller's thread waits for callbacks; on an event loop take `advancing`.
        """
        self.callbacks.carry()
        for _ in self.steps(to):
            self.callbacks.carry()

    async def advancing(self, to: datetime | timedelta) -> None:
        """The same on an event loop, which goes on: whoever is called back may ask the ministry meanwhile.

        A span counts from when all earlier moves have ended.
        """
        await self.callbacks.move(self.steps(to))

    def steps(self, to: datetime | timedelta) -> Iterator[datetime]:
        """The moments of moving the clock forward; callbacks are to be carried after each, before the next."""
        now = self.world.now()
        to = forward(now, now + to if isinstance(to, timedelta) else to)
        before, rounds = None, 0
        while (moment := next_due(self._due)) is not None and moment <= to and rounds < ROUNDS:
            before, rounds = moment, rounds + 1 if moment == before else 0
            self._step(moment)
            yield moment
        self._step(to)
        yield to

    def due(self) -> Sequence[tuple[str, datetime]]:
        """What happens next by itself: each service that waits for something, and for when; the earliest first."""
        waiting = [(type(one).__name__.lower(), moment) for one in self._due if (moment := one.next_due()) is not None]
        return sorted(waiting, key=lambda one: one[1])

    def settle(self) -> None:
        """Let everything happen that has fallen due since the last time, each at its own time if the clock hurries."""
        now = self.world.now()
        if self.world.factor not in (0, 1):
            self._settle_up_to(now)
        self._settle_at(now)

    def run(self, factor: float = 1.0) -> None:
        """Let the time pass by itself, so many times as fast as real time. Raises `ClockRefusedError`."""
        self.settle()
        self.world.run(factor)

    def stand(self) -> None:
        """Let the clock stand where it is, everything due being done."""
        self.settle()
        self.world.stand()

    def next_due(self) -> datetime | None:
        """When something happens next by itself."""
        return next_due(self._due)

    def _settle_up_to(self, now: datetime) -> None:
        while (moment := next_due(self._due)) is not None and moment < now:
            with self.world.database.transaction(), self.world.at(moment := max(moment, self._settled_at)):
                self._settle_at(moment)

    def _settle_at(self, now: datetime) -> None:
        self.codes.tell_expired(self._settled_at, now)
        self._settled_at = now
        run_due(self._due, now)

    def _step(self, moment: datetime) -> None:
        """Go to a moment and do what is due then; both are written down together."""
        with self.world.database.transaction():
            self.world.clock.catch_up_to(moment)
            self.settle()
            self.world.keep_clock()
