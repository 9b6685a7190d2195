"""The network as a story, told by SimPy: clients ask, hang up and ask again; stations serve, one after another.

This is the specification: whatever else computes the same must agree with it in every row and every minute.
"""

from collections import defaultdict
from collections.abc import Generator
from itertools import count

import numpy as np
import simpy
from numpy.typing import NDArray
from simpy.events import EventPriority

from sim.capacity.network.breaker import Askers, Breaker
from sim.capacity.network.model import (
    MINUTE_US,
    SECOND_US,
    CallColumn,
    Done,
    Minutes,
    Order,
    Outcome,
    StationColumn,
    changes,
    checked,
    draws,
    minutes,
    slowed,
    wanted_servers,
)
from sim.capacity.network.parameters import NetworkParameters, Patience
from sim.capacity.network.station import Attempt, Post
from sim.streams import Streams

Story = Generator[simpy.Event, object, None]


class Moment(simpy.Event):
    """A point on the clock with its place among simultaneous events.

    SimPy's own events (a process starts, a turn is granted) have the priorities 0 and 1, below any place that
    `Order` gives: what follows from an event is settled before the next event of the same microsecond. Equal
    places, which only clients that hang up have, come in the order in which they were scheduled.
    """

    def __init__(self, env: simpy.Environment, in_us: int, place: int) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, EventPriority(place), in_us)


class Network:
    """The ministry's service, its clients, and the clock.

    Takes the streams named "capacity/network/…", so once per `Streams`.
    """

    def __init__(self, parameters: NetworkParameters, streams: Streams) -> None:
        self.parameters = parameters
        self.env = simpy.Environment()
        self.draws = draws(parameters, streams)
        self.askers = Askers(parameters)
        self.posts = [
            Post(env=self.env, number=n, parameters=room, breaker=_breaker(parameters), servers=room.servers)
            for n, (_, room) in enumerate(parameters.stations)
        ]
        self.table: dict[int, list[int]] = defaultdict(lambda: [0] * len(CallColumn))
        self.done: list[tuple[int, int, int, int]] = []
        self.offered = 0
        self.last_us = 0
        self.unfinished = 0  # calls that have not ended, and attempts inside
        self.env.process(keep_schedule(self))
        for post in self.posts:
            if post.parameters.is_scaled:
                self.env.process(look_after(self, post))

    def offer(
        self, at_us: NDArray[np.int64], asker: NDArray[np.int64], codes: NDArray[np.int64], until_us: int
    ) -> Done:
        """Let calls arrive, and all happen that happens before `until_us`; those that ended since last time.

        A row each: microsecond of arrival, ascending and not before the last `until_us`; institution (-1 for
        none); codes, 1 to 500. Calls from `until_us` on are kept.

        Raises:
            ValueError: if the columns make no sense; see `checked`.
        """
        columns = checked(at_us, asker, codes, max(self.last_us, self.now))
        calls = list(zip(*(column.tolist() for column in columns), strict=True))
        self.env.process(arrive(self, self.offered, calls))
        self.offered += len(calls)
        self.unfinished += len(calls)
        self.last_us = max([self.last_us, *columns[0][-1:].tolist()])
        if until_us > self.now:
            self.env.run(until=until_us)
        return self._ended()

    def close(self) -> Done:
        """Let time pass until every call has ended and nobody is inside; those that ended since last time."""
        while self.unfinished:
            self.env.step()
        return self._ended()

    def minutes(self) -> Minutes:
        """What has happened so far, by minute."""
        rows = self.now // MINUTE_US + 1
        for post in self.posts:
            post.note()
        calls = np.array([self.table[m] for m in range(rows)], np.int64)
        stations = np.array([[post.table[m] for post in self.posts] for m in range(rows)], np.int64)
        return minutes(self.parameters, calls, stations.reshape(rows, len(self.posts), len(StationColumn)))

    def inside(self) -> tuple[int, ...]:
        """How many attempts are at each station now, waiting or in service."""
        return tuple(post.busy + len(post.waiting) for post in self.posts)

    @property
    def now(self) -> int:
        """Microseconds since the start."""
        return int(self.env.now)

    @property
    def minute(self) -> list[int]:
        """The present minute's row about calls."""
        return self.table[self.now // MINUTE_US]

    def _ended(self) -> Done:
        rows = np.array(self.done, np.int64).reshape(-1, 4)
        self.done.clear()
        return Done(rows[:, 0].copy(), rows[:, 1].copy(), rows[:, 2].astype(np.uint8), rows[:, 3].astype(np.uint8))


def arrive(network: Network, first: int, calls: list[tuple[int, int, int]]) -> Story:
    """The public: each call turns up at its time."""
    for call, (at_us, asker, codes) in enumerate(calls, first):
        yield Moment(network.env, at_us - network.now, Order.ARRIVAL.of(call))
        network.env.process(insist(network, call, asker, codes))


def insist(network: Network, call: int, asker: int, codes: int) -> Story:
    """A client with one call: asks, and after each failure pauses and asks again, while it may."""
    network.minute[CallColumn.CALLS] += 1
    network.askers.has_called(asker)
    for number in count():
        network.minute[CallColumn.ATTEMPTS] += 1
        outcome = Outcome.LIMITED
        if network.askers.is_within_limit(asker, network.now):
            outcome = yield from ask(network, call, number, codes)
        network.minute[CallColumn.ANSWERED + outcome] += 1
        is_last = outcome is Outcome.ANSWERED or number == network.parameters.max_retries
        if is_last or not network.askers.may_retry(asker):
            break
        pause_us = network.draws.pause_us(call, number)
        yield Moment(network.env, pause_us, Order.RETRY.of(call, number + 1))
    network.minute[CallColumn.LOST] += outcome is not Outcome.ANSWERED
    network.done.append((call, network.now, outcome, number + 1))
    network.unfinished -= 1


def ask(network: Network, call: int, number: int, codes: int) -> Generator[simpy.Event, object, Outcome]:
    """One attempt as its client sees it: an answer, a refusal, or nothing in time."""
    services_us = network.draws.services_us(call, number, codes)
    attempt = Attempt(call=call, number=number, services_us=services_us)
    work = network.env.process(serve(network, attempt))
    timeout_us = network.parameters.timeout_us
    if timeout_us is None:
        yield work
    else:
        yield work | Moment(network.env, timeout_us, Order.TIMEOUT.of(0))
        in_service = attempt.turn is None
        if not work.triggered and in_service and network.parameters.timeout_covers is Patience.WAIT:
            yield work
    if work.triggered:
        return Outcome(int(work.value or 0))
    hang_up(network, attempt)
    return Outcome.TIMED_OUT


def serve(network: Network, attempt: Attempt) -> Generator[simpy.Event, object, Outcome]:
    """One attempt as the service sees it: station after station, also when nobody is listening any more."""
    began_us, outcome = network.now, Outcome.ANSWERED
    network.unfinished += 1
    for post in network.posts:
        if (refusal := post.admit(attempt)) is not None:
            outcome = refusal
            break
        if attempt.turn is not None:
            yield attempt.turn
            if attempt.is_abandoned and network.parameters.drops_abandoned:
                break
        service_us = attempt.services_us[post.number]
        if post.percent != 100:
            service_us = slowed(service_us, post.percent)
        yield Moment(network.env, service_us, Order.DEPARTURE.of(attempt.call, attempt.number))
        post.release(attempt, service_us)
        if attempt.is_abandoned and network.parameters.drops_abandoned:
            break
    network.minute[CallColumn.SOJOURN_US] += network.now - began_us
    network.unfinished -= 1
    return outcome


def hang_up(network: Network, attempt: Attempt) -> None:
    """The client is gone; whether the service notices is a parameter."""
    post = attempt.station
    assert post is not None
    post.hang_up(attempt)
    if attempt.turn is not None and network.parameters.drops_abandoned:
        post.leave_queue(attempt)


def keep_schedule(network: Network) -> Story:
    """Outages and slow times, as they were planned."""
    for number, change in enumerate(changes(network.parameters)):
        yield Moment(network.env, change.at_us - network.now, Order.CHANGE.of(number))
        network.posts[change.station].change(change.lost, change.percent)


def look_after(network: Network, post: Post) -> Story:
    """Autoscaling of a station: look at the use of the period past, start servers or let idle ones go.

    What is compared with the wish is the servers at work and those starting. Lost ones do not count, so an
    outage is made up for; servers that are starting are never stopped.
    """
    parameters = network.parameters
    least, most = post.parameters.servers_at_least, post.parameters.servers_at_most
    assert least is not None
    assert most is not None
    period_us, used_us, starting = round(parameters.scaling_period_s * SECOND_US), 0, [0]
    while True:
        yield Moment(network.env, period_us, Order.LOOK.of(post.number))
        post.note()
        target = parameters.scaling_target_percent
        wanted = wanted_servers(post.used_us - used_us, period_us, target, least, most)
        used_us = post.used_us
        there = post.at_work + starting[0]
        if wanted > there:
            starting[0] += wanted - there
            network.env.process(start(network, post, wanted - there, starting))
        elif wanted < there:
            post.scale(-max(0, min(there - wanted, post.at_work - post.busy)))


def start(network: Network, post: Post, servers: int, starting: list[int]) -> Story:
    """New servers begin to work after their delay."""
    delay_us = round(network.parameters.scaling_delay_s * SECOND_US)
    yield Moment(network.env, delay_us, Order.STARTED.of(post.number))
    starting[0] -= servers
    post.scale(servers)


def _breaker(parameters: NetworkParameters) -> Breaker:
    return Breaker(
        limit=parameters.breaker_failures or 0,
        window_us=round(parameters.breaker_window_ms * 1000),
        open_us=round(parameters.breaker_open_ms * 1000),
        probes=parameters.breaker_probes,
    )
