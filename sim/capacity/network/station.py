"""One station at work in the SimPy story: its servers, its queue, its breaker, and what it notes down."""

from collections import defaultdict, deque
from dataclasses import dataclass, field

import simpy

from sim.capacity.network.breaker import Breaker
from sim.capacity.network.model import MINUTE_US, Outcome, StationColumn
from sim.capacity.network.parameters import StationParameters


@dataclass(slots=True, kw_only=True, eq=False)
class Attempt:
    """One attempt inside the service."""

    call: int
    number: int  # 0 for the call's first
    services_us: list[int]
    station: "Post | None" = None
    generation: int = -1  # of the station's breaker when it was let in; -1: its fate there has been counted
    turn: simpy.Event | None = None  # while it waits
    waits_since_us: int = 0
    is_abandoned: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Post:
    """A station: who is in service, who waits, which servers are there.

    Numbers in service, waiting and at work are integrated over time as they change, minute by minute; nothing
    of that is computed from the attempts.
    """

    env: simpy.Environment
    number: int
    parameters: StationParameters
    breaker: Breaker
    servers: int
    lost: int = 0
    percent: int = 100
    busy: int = 0
    waiting: deque[Attempt] = field(default_factory=deque)
    table: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0] * len(StationColumn)))
    noted_us: int = 0
    used_us: int = 0

    @property
    def now(self) -> int:
        """Microseconds since the start."""
        return int(self.env.now)

    @property
    def minute(self) -> list[int]:
        """The present minute's row."""
        return self.table[self.now // MINUTE_US]

    @property
    def at_work(self) -> int:
        """Servers that may take calls: those that there are but for the lost ones."""
        return max(0, self.servers - self.lost)

    def note(self) -> None:
        """Integrate up to now; called before any of the numbers changes."""
        for minute in range(self.noted_us // MINUTE_US, self.now // MINUTE_US + 1):
            row, start_us, end_us = self.table[minute], minute * MINUTE_US, (minute + 1) * MINUTE_US
            span_us = min(self.now, end_us) - max(self.noted_us, start_us)
            row[StationColumn.BUSY_US] += self.busy * span_us
            row[StationColumn.SERVER_US] += self.at_work * span_us
            row[StationColumn.QUEUE_US] += len(self.waiting) * span_us
            row[StationColumn.LONGEST_QUEUE] = max(row[StationColumn.LONGEST_QUEUE], len(self.waiting))
        self.used_us += self.busy * (self.now - self.noted_us)
        self.noted_us = self.now

    def admit(self, attempt: Attempt) -> Outcome | None:
        """Let an attempt in, to a server or to the waiting room, or say why not."""
        self.minute[StationColumn.ARRIVALS] += 1
        if not self.breaker.lets_in(self.now):
            self.minute[StationColumn.SHED] += 1
            return Outcome.SHED
        room = self.parameters.waiting_room
        if self.busy >= self.at_work and room is not None and len(self.waiting) >= room:
            self.minute[StationColumn.REFUSED] += 1
            self.breaker.has_failed(self.breaker.generation, self.now)
            return Outcome.REFUSED
        attempt.station, attempt.generation = self, self.breaker.generation
        self.note()
        if self.busy < self.at_work:
            self.busy += 1
        else:
            attempt.turn, attempt.waits_since_us = self.env.event(), self.now
            self.waiting.append(attempt)
            self.minute[StationColumn.LONGEST_QUEUE] = max(self.minute[StationColumn.LONGEST_QUEUE], len(self.waiting))
        return None

    def leave_queue(self, attempt: Attempt) -> None:
        """A waiting attempt waits no longer: its turn has come, or its client has hung up."""
        assert attempt.turn is not None
        self.note()
        self.waiting.remove(attempt)
        self.minute[StationColumn.WAITED_US] += self.now - attempt.waits_since_us
        attempt.turn.succeed()
        attempt.turn = None

    def release(self, attempt: Attempt, service_us: int) -> None:
        """A service ends: its server takes the next one, if it is still there."""
        self.note()
        self.busy -= 1
        self.minute[StationColumn.SERVED] += 1
        if attempt.is_abandoned:
            self.minute[StationColumn.WASTED] += 1
            self.minute[StationColumn.WASTED_US] += service_us
        self.breaker.has_served(attempt.generation)
        self.call_next()

    def call_next(self) -> None:
        """Give free servers to those who have waited longest."""
        while self.waiting and self.busy < self.at_work:
            self.leave_queue(self.waiting[0])
            self.busy += 1

    def hang_up(self, attempt: Attempt) -> None:
        """The client of an attempt here is gone, which counts as this station's failure."""
        attempt.is_abandoned = True
        self.breaker.has_failed(attempt.generation, self.now)
        attempt.generation = -1

    def change(self, lost: int, percent: int) -> None:
        """The schedule: servers lost, and how slow services are that begin from now on."""
        self.note()
        self.lost, self.percent = lost, percent
        self.call_next()

    def scale(self, by: int) -> None:
        """Servers come, or idle ones go."""
        self.note()
        self.servers += by
        self.call_next()
