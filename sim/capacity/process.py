"""The service under load as a story, told by SimPy: arrive, find a place, wait for a turn, be served.

This is the specification: whatever else computes the same must agree with it in every column.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from itertools import count

import numpy as np
import simpy
from numpy.typing import NDArray
from simpy.events import EventPriority

from sim.capacity.model import NEVER, CapacityRun, Draws, Order, Outcome, draw
from sim.capacity.parameters import CapacityParameters
from sim.streams import Streams


def simulate(arrivals_us: NDArray[np.int64], parameters: CapacityParameters, streams: Streams) -> CapacityRun:
    """Let queries meet the service, until the last one has been answered or is lost.

    `arrivals_us` are the microseconds at which queries first arrive, ascending; a query's number is its place
    among them. Takes the streams named "capacity/…", so once per `Streams`.

    Raises:
        ValueError: if the arrivals are not whole microseconds from 0 in ascending order.
    """
    arrivals = np.asarray(arrivals_us)
    if arrivals.ndim != 1 or arrivals.dtype.kind not in "iu":
        raise ValueError("arrivals_us must be a column of whole microseconds; round the times first")
    if arrivals.size and (arrivals[0] < 0 or np.any(np.diff(arrivals) < 0)):
        raise ValueError("arrivals_us must ascend from 0 or later; sort the queries by their arrival")
    env = simpy.Environment()
    service = Service(
        env=env,
        servers=simpy.Resource(env, parameters.servers),
        parameters=parameters,
        draws=draw(parameters, arrivals.size, streams),
    )
    env.process(arrive(service, arrivals.tolist()))
    env.run()
    return service.recorded()


class Moment(simpy.Event):
    """A point on the clock with its place among simultaneous events.

    SimPy's own events (a process starts, a turn is granted) have the priorities 0 and 1, below any place that
    `Order` gives: what follows from an event is settled before the next event of the same microsecond.
    """

    def __init__(self, env: simpy.Environment, in_us: int, place: int) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, EventPriority(place), in_us)


@dataclass(slots=True, kw_only=True)
class Service:
    """The ministry's service: its servers with their queue, what chance holds, and the record of it all."""

    env: simpy.Environment
    servers: simpy.Resource
    parameters: CapacityParameters
    draws: Draws
    attempts: list[tuple[int, int, int, int, int, Outcome]] = field(default_factory=list)
    inside: list[tuple[int, int]] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        """Whether a query that arrives now finds neither a free server nor a place to wait."""
        room = self.parameters.waiting_room
        all_busy = self.servers.count == self.servers.capacity
        return room is not None and all_busy and len(self.servers.queue) >= room

    def count_inside(self) -> None:
        """Note how many are inside now, as servers and queue have it."""
        self.inside.append((int(self.env.now), self.servers.count + len(self.servers.queue)))

    def recorded(self) -> CapacityRun:
        """The record as columns, attempts by query and attempt."""
        rows = np.array(sorted(self.attempts), np.int64).reshape(-1, 6)
        changes = np.array(self.inside, np.int64).reshape(-1, 2)
        return CapacityRun(
            servers=self.parameters.servers,
            query=rows[:, 0].copy(),
            attempt=rows[:, 1].astype(np.int32),
            arrived_us=rows[:, 2].copy(),
            started_us=rows[:, 3].copy(),
            departed_us=rows[:, 4].copy(),
            outcome=rows[:, 5].astype(np.uint8),
            changed_us=changes[:, 0].copy(),
            inside=changes[:, 1].copy(),
        )


Story = Generator[simpy.Event, object, None]


def arrive(service: Service, arrivals_us: list[int]) -> Story:
    """The public: each query turns up at its time."""
    env = service.env
    for query, at_us in enumerate(arrivals_us):
        yield Moment(env, at_us - int(env.now), Order.ARRIVAL.of(query, 0))
        env.process(insist(service, query))


def insist(service: Service, query: int) -> Story:
    """A client with one query: asks, and after each failure pauses and asks again, up to its limit."""
    for attempt in count():
        outcome = yield from ask(service, query, attempt)
        if outcome is Outcome.SERVED or attempt == service.parameters.max_retries:
            return
        pause_us = service.draws.pause_us(attempt)[query]
        yield Moment(service.env, pause_us, Order.RETRY.of(query, attempt + 1))


def ask(service: Service, query: int, attempt: int) -> Generator[simpy.Event, object, Outcome]:
    """One attempt: find a place or be refused, wait for a turn or hang up, be served."""
    env, draws = service.env, service.draws
    arrived_us, started_us = int(env.now), NEVER
    outcome = Outcome.REFUSED
    if not service.is_full:
        with service.servers.request() as turn:
            service.count_inside()
            if not turn.triggered and draws.patience_us is not None:
                patience_us = draws.patience_us(attempt)[query]
                yield turn | Moment(env, patience_us, Order.EXPIRY.of(query, attempt))
            elif not turn.triggered:
                yield turn
            outcome = Outcome.SERVED if turn.triggered else Outcome.ABANDONED
            if outcome is Outcome.SERVED:
                started_us = int(env.now)
                yield Moment(env, draws.service_us(attempt)[query], Order.DEPARTURE.of(query, attempt))
        service.count_inside()
    service.attempts.append((query, attempt, arrived_us, started_us, int(env.now), outcome))
    return outcome
