"""Waiting lines as mathematics: the order of events, a run's record, its measures, and what theory expects.

Times are whole microseconds since the scenario's start. The formulas take any unit, so long as rates are per
that unit. λ is the arrival rate, μ one server's service rate, c the servers, a = λ/μ the offered load in
erlangs, ρ = a/c the utilisation.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.capacity.parameters import CapacityParameters
from sim.streams import Streams

NEVER = -1  # the start of an attempt that was not served
MINUTE_US = 60_000_000


class Outcome(IntEnum):
    """How an attempt ended."""

    SERVED = 0
    REFUSED = 1  # the waiting room was full
    ABANDONED = 2  # patience ran out before a server was free


class Order(IntEnum):
    """Which of several events at the same microsecond comes first: a total order, shared by all engines.

    A departure frees a server before anybody who arrives in the same microsecond is looked at, a retry never
    overtakes a fresh query, and whoever has patience until now may still be served now.
    """

    DEPARTURE = 1
    ARRIVAL = 2
    RETRY = 3
    EXPIRY = 4

    def of(self, query: int, attempt: int) -> int:
        """The place among simultaneous events: by kind, query (below 2^40) and attempt (below 2^16)."""
        return self << 56 | query << 16 | attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """What chance holds for each attempt: for an attempt number, a column over all queries, in microseconds.

    Keyed by (query, attempt), so that it does not depend on who arrives, waits or fails in between.
    """

    service_us: Callable[[int], list[int]]
    patience_us: Callable[[int], list[int]] | None  # None: everybody waits for ever
    pause_us: Callable[[int], list[int]]


def draw(parameters: CapacityParameters, queries: int, streams: Streams) -> Draws:
    """The draws of `queries` queries; takes the streams named "capacity/…", so once per `Streams`."""
    ids = np.arange(queries)
    service, services = parameters.service, streams.stream("capacity/service")
    patience, patiences = parameters.patience, streams.stream("capacity/patience")
    pauses = streams.stream("capacity/pause")

    @cache
    def service_us(attempt: int) -> list[int]:
        return list(service.sample(services.words(ids, attempt)).tolist())

    @cache
    def pause_us(attempt: int) -> list[int]:
        shortest, longest = parameters.pause_us(attempt)
        return list((shortest + pauses.below(longest - shortest + 1, ids, attempt)).tolist())

    if patience is None:
        return Draws(service_us=service_us, patience_us=None, pause_us=pause_us)
    table = patience

    @cache
    def patience_us(attempt: int) -> list[int]:
        return list(table.sample(patiences.words(ids, attempt)).tolist())

    return Draws(service_us=service_us, patience_us=patience_us, pause_us=pause_us)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CapacityRun:
    """What happened to every attempt, and how many queries were inside at every moment.

    The first six columns have a row per attempt, by query and attempt: query (its place among the arrivals),
    attempt (0 for the first), the microseconds at which it arrived, started (NEVER if it did not) and
    departed (by an answer, a refusal or hanging up), and its `Outcome`. `changed_us` and `inside` have a row
    per change of the number inside (waiting or in service), in the order of events; they were read off the
    servers and the queue as the run went, and not computed from the attempts.
    """

    servers: int
    query: NDArray[np.int64]
    attempt: NDArray[np.int32]
    arrived_us: NDArray[np.int64]
    started_us: NDArray[np.int64]
    departed_us: NDArray[np.int64]
    outcome: NDArray[np.uint8]
    changed_us: NDArray[np.int64]
    inside: NDArray[np.int64]

    @property
    def served(self) -> NDArray[np.bool_]:
        """Which attempts were answered."""
        return np.equal(self.outcome, Outcome.SERVED)

    @property
    def waits_us(self) -> NDArray[np.int64]:
        """The wait of each answered attempt for its server."""
        return (self.started_us - self.arrived_us)[self.served]

    @property
    def query_outcome(self) -> NDArray[np.uint8]:
        """How each query ended: the `Outcome` of its last attempt, by query."""
        return self.outcome[np.flatnonzero(np.diff(self.query, append=-1))]

    @property
    def checksum(self) -> str:
        """32 hexadecimal digits over the attempts: two engines that agree have the same."""
        digest = blake2b(digest_size=16)
        times = (self.arrived_us, self.started_us, self.departed_us)
        for column in (self.query, self.attempt, *times, self.outcome):
            digest.update(column.astype("<i8").tobytes())
        return digest.hexdigest()


class LittlesLaw(NamedTuple):
    """Both sides of L T = λ T W over a closed horizon, in query-microseconds: equal, to the last one."""

    inside_integral: int
    sojourn_sum: int


def littles_law(run: CapacityRun) -> LittlesLaw:
    """Little's law (Little 1961) without tolerance, from two independent records.

    On the left the number inside, integrated over time; on the right the time between arrival and departure,
    summed over attempts. The horizon is closed: it begins and ends empty.
    """
    if run.inside.size and run.inside[-1] != 0:
        raise ValueError("Little's law needs a closed horizon; let the run go on until nobody is inside")
    integral = int((run.inside[:-1] * np.diff(run.changed_us)).sum())
    return LittlesLaw(integral, int((run.departed_us - run.arrived_us).sum()))


def inside_at(run: CapacityRun, instants_us: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many queries were inside at each of these microseconds, after all that happened in it."""
    before = np.concatenate([np.zeros(1, np.int64), run.inside])
    return before[np.searchsorted(run.changed_us, instants_us, side="right")]


def busy_us(run: CapacityRun, width_us: int = MINUTE_US) -> NDArray[np.int64]:
    """Server time in use within each window of `width_us` (one minute) from 0 on, summed over the servers."""
    if not run.served.any():
        return np.zeros(0, np.int64)
    edges = np.arange(0, int(run.departed_us[run.served].max()) + width_us, width_us)
    return np.diff(_elapsed(run.started_us[run.served], edges) - _elapsed(run.departed_us[run.served], edges))


def utilisation(run: CapacityRun, width_us: int = MINUTE_US) -> NDArray[np.float64]:
    """Share of the servers in use within each window of `width_us` (one minute) from 0 on."""
    return np.divide(busy_us(run, width_us), run.servers * width_us, dtype=np.float64)


def _elapsed(moments: NDArray[np.int64], edges: NDArray[np.int64]) -> NDArray[np.int64]:
    """At each edge, the time since each earlier moment, summed over these moments."""
    moments = np.sort(moments)
    earlier = np.searchsorted(moments, edges)
    sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(moments)])
    return np.asarray(earlier * edges - sums[earlier])


def wait_percentiles_us(run: CapacityRun, shares: Sequence[float] = (0.5, 0.9, 0.99)) -> tuple[int, ...]:
    """The wait that each share of the answered attempts stayed within: one that occurred, in microseconds."""
    if not run.waits_us.size:
        return tuple(0 for _ in shares)
    return tuple(np.quantile(run.waits_us, list(shares), method="inverted_cdf").tolist())


def by_minute(run: CapacityRun, minutes: int) -> dict[str, NDArray[Any]]:
    """Columns by minute of the day, from 0 to `minutes` - 1: attempts arrived, and how those ended; use of the servers.

    `longest_wait_us` is that of the attempts that arrived in the minute, 0 where none did. What happens after the
    last minute is not told.
    """
    minute = np.minimum(run.arrived_us // MINUTE_US, minutes)
    arrived = {name: np.bincount(minute[run.outcome == kind], minlength=minutes)[:minutes] for name, kind in _ENDS}
    longest = np.zeros(minutes + 1, np.int64)
    np.maximum.at(longest, minute[run.served], run.waits_us)
    busy = utilisation(run)
    return {
        "minute": np.arange(minutes),
        "arrivals": np.bincount(minute, minlength=minutes)[:minutes],
        **arrived,
        "utilisation": np.pad(busy, (0, max(0, minutes - busy.size)))[:minutes],
        "longest_wait_us": longest[:minutes],
    }


_ENDS = (("served", Outcome.SERVED), ("refused", Outcome.REFUSED), ("abandoned", Outcome.ABANDONED))


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacitySummary:
    """A run's headline numbers: queries and attempts are counted, waits are those of answered attempts."""

    queries: int
    lost: int  # queries never answered
    attempts: int
    refused: int
    abandoned: int
    wait_mean_us: float
    wait_p50_us: int
    wait_p90_us: int
    wait_p99_us: int
    utilisation_peak: float  # of the busiest minute


def summarise(run: CapacityRun) -> CapacitySummary:
    """The headline numbers of a run."""
    p50, p90, p99 = wait_percentiles_us(run)
    return CapacitySummary(
        queries=run.query_outcome.size,
        lost=int((run.query_outcome != Outcome.SERVED).sum()),
        attempts=run.query.size,
        refused=int((run.outcome == Outcome.REFUSED).sum()),
        abandoned=int((run.outcome == Outcome.ABANDONED).sum()),
        wait_mean_us=int(run.waits_us.sum()) / max(1, run.waits_us.size),
        wait_p50_us=p50,
        wait_p90_us=p90,
        wait_p99_us=p99,
        utilisation_peak=float(utilisation(run).max(initial=0.0)),
    )


def erlang_b(servers: int, offered: float) -> float:
    """Share of queries refused by a service without waiting room, M/G/c/c (Erlang 1917).

    B(0) = 1, B(c) = a B(c-1) / (c + a B(c-1)); the service time's shape does not matter.
    """
    blocked = 1.0
    for busy in range(1, servers + 1):
        blocked = offered * blocked / (busy + offered * blocked)
    return blocked


def erlang_c(servers: int, offered: float) -> float:
    """Share of queries that have to wait, M/M/c: C = B / (1 - ρ (1 - B)) (Erlang 1917)."""
    _require_stable(offered / servers)
    blocked = erlang_b(servers, offered)
    return blocked / (1 - offered / servers * (1 - blocked))


def mmc_wait(arrival_rate: float, service_rate: float, servers: int) -> float:
    """Mean wait for a server in M/M/c: C(c, a) / (c μ - λ)."""
    return erlang_c(servers, arrival_rate / service_rate) / (servers * service_rate - arrival_rate)


def pollaczek_khinchine(arrival_rate: float, service_mean: float, service_cv2: float) -> float:
    """Mean wait in M/G/1: ρ E[S] (1 + cv²) / 2 (1 - ρ) (Pollaczek 1930, Khinchine 1932)."""
    load = arrival_rate * service_mean
    _require_stable(load)
    return load * service_mean * (1 + service_cv2) / (2 * (1 - load))


def mmck_blocking(servers: int, offered: float, waiting_room: int) -> float:
    """Share of queries refused with `waiting_room` places to wait in, M/M/c/(c + room).

    Continues Erlang's recursion: each place is reached with probability ρ from the one before.
    """
    blocked = erlang_b(servers, offered)
    for _ in range(waiting_room):
        blocked = offered * blocked / (servers + offered * blocked)
    return blocked


def erlang_a_abandonment(arrival_rate: float, service_rate: float, servers: int, patience_rate: float) -> float:
    """Share of queries that hang up, M/M/c+M: patience θ E[queue] / λ (Palm 1957).

    The states' weights are multiplied up from the empty system, with n inside and c busy servers leaving at
    rate c μ + (n - c) θ, until they no longer count.
    """
    weight, total, waiting, inside = 1.0, 1.0, 0.0, 0
    while inside <= servers or weight > 1e-17 * total:
        inside += 1
        queue = max(0, inside - servers)
        weight *= arrival_rate / (min(inside, servers) * service_rate + queue * patience_rate)
        total += weight
        waiting += queue * weight
    return patience_rate * waiting / total / arrival_rate


def _require_stable(load: float) -> None:
    if not 0 <= load < 1:
        raise ValueError(f"utilisation {load:g} must lie below 1: the queue would grow for ever; add servers")
