"""The network's limits and its clients' insistence, where theory knows a number: rooms, time-outs, pauses, caches."""

from dataclasses import dataclass
from math import exp, factorial
from typing import Any

import numpy as np

from sim.capacity.model import erlang_b, mmck_blocking, pollaczek_khinchine
from sim.capacity.network.kernel import CompiledNetwork
from sim.capacity.network.model import Done, Outcome
from sim.capacity.network.parameters import NetworkParameters, Patience, Station, StationParameters
from sim.capacity.parameters import TimeKind
from sim.streams import Streams
from sim.verification.stations import LIMITLESS, NO_STATION, Times, calls_us, service_at, without_askers
from sim.verification.verdict import Check, Rates
from sim.verification.waiting import ARRIVAL, ERLANG, KHINCHINE

MS = 10.0
"""The mean service time in milliseconds, which is the unit of time of every formula."""
TIMEOUT, PAUSE, JITTER, LIMIT = "time-out", "pause before a retry", "jitter of pauses", "rate limit"
ROOM_AT, ROOM_SERVERS, ROOM, ROOM_LOAD = Station.AUTHENTICATION, 4, 2, 3.6
LEAVING_AT, LEAVING_SERVERS, LEAVING_LOAD, PATIENCE = Station.RISK_LOOKUP, 2, 1.6, 1.0
RETRYING_AT, RETRYING_SERVERS, RETRYING_LOAD, RETRIES = Station.GATEWAY, 10, 7.5, 2
BACKOFF, DRAWN = 400.0, 0.5
CACHED_AT, CACHED_LOAD, HIT, HIT_RATE = Station.AUDIT, 1.1, 0.5, 0.5
LIMIT_PER_S, BURST, LIMITED_LOAD = 200, 5, 0.9
CODES, FURTHER_US, WORK_HIT_RATE, WORK_HIT = 5, 750, 0.5, 0.4


def hit_rate_at(station: Station) -> str:
    """The name of its rate."""
    return f"hit rate at {station}"


def hit_at(station: Station) -> str:
    """The name of its rate."""
    return f"service time of a hit at {station}"


def further_at(station: Station) -> str:
    """The name of its rate."""
    return f"time for a further code at {station}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Calls that come to the network as a Poisson process."""

    load: float
    """Arrivals in a mean service time."""
    calls: int = 60_000
    """Counted in each replication."""
    warm_up: int = 10_000
    """Left out before them, while the network fills up."""
    after: int = 0
    """Left out after them, while it empties."""

    def through(self, network: CompiledNetwork, off: Rates, streams: Streams, asker: int = -1) -> tuple[Done, Times]:
        """The calls that were counted, as they ended, and the microsecond at which each arrived."""
        at_us = calls_us(round(MS * 1000 / self.load), self.warm_up + self.calls + self.after, off, streams)
        askers, codes = np.full(at_us.size, asker), np.ones(at_us.size, np.int64)
        early, late = network.offer(at_us, askers, codes, int(at_us[-1])), network.close()
        call = np.concatenate([early.call, late.call])
        counted = (call >= self.warm_up) & (call < self.warm_up + self.calls)
        done = Done(
            call[counted],
            np.concatenate([early.ended_us, late.ended_us])[counted],
            np.concatenate([early.outcome, late.outcome])[counted],
            np.concatenate([early.attempts, late.attempts])[counted],
        )
        return done, at_us[done.call]

    def queue(self, network: CompiledNetwork, off: Rates, streams: Streams, station: Station) -> float:
        """Mean number waiting at a station after the warm-up."""
        calls = without_askers(calls_us(round(MS * 1000 / self.load), self.warm_up + self.calls, off, streams))
        begins_us, ends_us = int(calls[0][self.warm_up]), int(calls[0][-1])
        network.offer(*calls, begins_us)
        before = int(network.minutes().stations[station]["queue_us"].sum())
        network.offer(*without_askers(calls[0][:0]), ends_us)
        return (int(network.minutes().stations[station]["queue_us"].sum()) - before) / (ends_us - begins_us)


def insistence_checks() -> list[Check]:
    """All of them."""
    return [
        Check(
            name=f"Network, M/M/{ROOM_SERVERS}/{ROOM_SERVERS + ROOM} behind a gateway",
            what="share refused at the second station",
            source=f"{ERLANG}; P. J. Burke, Operations Research 4 (1956) 699-704",
            rates=(ARRIVAL, service_at(ROOM_AT)),
            exact=_refused,
            measure=_measured_refused,
        ),
        Check(
            name=f"Network, M/M/{LEAVING_SERVERS}+D, who hangs up",
            what="share of calls, with a time-out of a mean service time",
            source="F. Baccelli, G. Hebuterne, 1981; S. Zeltyn, A. Mandelbaum, Queueing Systems 51 (2005) 361-402",
            rates=(ARRIVAL, service_at(LEAVING_AT), TIMEOUT),
            exact=_left,
            measure=_measured_left,
        ),
        Check(
            name="Network, Erlang B with retries",
            what="mean attempts of a call, of three at most, with long pauses between them",
            source="J. W. Cohen, Philips Telecommunication Review 18 (1957) 49-100",
            rates=(ARRIVAL, service_at(RETRYING_AT)),
            exact=_attempts,
            measure=_measured_attempts,
            bias=0.001,
        ),
        Check(
            name="Network, pauses before retries",
            what="mean time that a call refused three times takes, in hundreds of mean service times",
            source="expected value of uniform distributions",
            rates=(PAUSE, JITTER),
            exact=_paused,
            measure=_measured_pauses,
        ),
        Check(
            name="Network, Pollaczek-Khinchine, cache",
            what=f"mean number waiting for one server, where {HIT_RATE:.0%} are hits",
            source=KHINCHINE,
            rates=(ARRIVAL, service_at(CACHED_AT), hit_rate_at(CACHED_AT), hit_at(CACHED_AT)),
            exact=_cached,
            measure=_measured_cached,
        ),
        Check(
            name="Network, rate limit of an institution",
            what=f"share limited, at {LIMITED_LOAD:.0%} of the limit and a burst of {BURST}",
            source="A. K. Erlang, 1909, for M/D/1; D. J. Daley, J Appl Prob 2 (1965) 186-205",
            rates=(ARRIVAL, LIMIT),
            exact=_limited,
            measure=_measured_limited,
        ),
        Check(
            name="Network, work of a call",
            what=f"server time at five stations with {CODES} codes, half of them hits, in mean service times",
            source="expected value of a mixture",
            rates=tuple(name(at) for at in Station for name in (service_at, hit_rate_at, hit_at, further_at)),
            exact=_work,
            measure=_measured_work,
        ),
    ]


def deterministic_patience(load: float, servers: int, patience: float) -> float:
    """The share that hangs up in M/M/c+D: `load` arrivals in a mean service time, patience in the same unit.

    With the integral J of exp(λ min(x, d) - c x) over x and E = sum over j < c of λ^j (c - 1)! / (j! λ^(c - 1)) it is
    (1 + (λ - c) J) / (E + λ J).
    """
    spare = load - servers
    within = patience if spare == 0 else (exp(spare * patience) - 1) / spare
    integral = within + exp(spare * patience) / servers
    empty = sum(load**j / factorial(j) for j in range(servers)) * factorial(servers - 1) / load ** (servers - 1)
    return (1 + spare * integral) / (empty + load * integral)


def refused_with_retries(load: float, servers: int, retries: int) -> float:
    """The chance b that an attempt is refused if retries come back so late that they are Poisson arrivals as well.

    b = B(c, a) with Erlang's B and attempts a = load (1 + b + b² + …): found by bisection.
    """
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        attempts = load * sum(middle**n for n in range(retries + 1))
        low, high = (middle, high) if erlang_b(servers, attempts) > middle else (low, middle)
    return low


def limited(load: float, burst: int) -> float:
    """The share that a bucket of `burst` turns away, where `load` arrive in the time in which one place comes back.

    What the bucket lacks is the work in an M/D/1 queue that lets nobody in who would wait longer than burst - 1
    services. Below that its distribution is in proportion to that of the queue without limit, W, Erlang's alternating
    sum; and the share of time with something to do is load times the share let in. So of all that come
    (1 - load) (1 - W) / (1 - load + load W) are turned away.
    """
    most = burst - 1
    terms = ((load * (k - most)) ** k / factorial(k) * exp(-load * (k - most)) for k in range(most + 1))
    within = (1 - load) * sum(terms)
    return (1 - load) * (1 - within) / (1 - load + load * within)


def _refused(off: Rates) -> float:
    load = ROOM_LOAD * off.get(ARRIVAL, 1.0) * off.get(service_at(ROOM_AT), 1.0)
    return mmck_blocking(ROOM_SERVERS, load, ROOM)


def _measured_refused(off: Rates, streams: Streams) -> float:
    gateway = StationParameters(servers=6, service_mean_ms=MS, **LIMITLESS)
    room = _station(ROOM_AT, ROOM_SERVERS, off, waiting_room=ROOM)
    network = _network(streams, {Station.GATEWAY: gateway, ROOM_AT: room})
    done, _ = Traffic(load=ROOM_LOAD, calls=50_000).through(network, off, streams)
    return float((done.outcome == Outcome.REFUSED).mean())


def _left(off: Rates) -> float:
    mean = off.get(service_at(LEAVING_AT), 1.0)
    return deterministic_patience(
        LEAVING_LOAD * off.get(ARRIVAL, 1.0) * mean, LEAVING_SERVERS, PATIENCE * off.get(TIMEOUT, 1.0) / mean
    )


def _measured_left(off: Rates, streams: Streams) -> float:
    network = _network(
        streams,
        {LEAVING_AT: _station(LEAVING_AT, LEAVING_SERVERS, off)},
        timeout_ms=PATIENCE * MS * off.get(TIMEOUT, 1.0),
        timeout_covers=Patience.WAIT,
        drops_abandoned=True,
    )
    done, _ = Traffic(load=LEAVING_LOAD, calls=200_000).through(network, off, streams)
    return float((done.outcome == Outcome.TIMED_OUT).mean())


def _attempts(off: Rates) -> float:
    load = RETRYING_LOAD * off.get(ARRIVAL, 1.0) * off.get(service_at(RETRYING_AT), 1.0)
    refused = refused_with_retries(load, RETRYING_SERVERS, RETRIES)
    return sum(refused**nth for nth in range(RETRIES + 1))


def _measured_attempts(off: Rates, streams: Streams) -> float:
    return float(_retrying(off, streams)[0].attempts.mean())


def _paused(off: Rates) -> float:
    """The pauses double, and no service begins."""
    pause = BACKOFF * off.get(PAUSE, 1.0) * (1 - DRAWN * off.get(JITTER, 1.0) / 2)
    return float(sum(2**nth for nth in range(RETRIES))) * pause / 100


def _measured_pauses(off: Rates, streams: Streams) -> float:
    done, began_us = _retrying(off, streams)
    lost = done.outcome == Outcome.REFUSED
    return float((done.ended_us - began_us)[lost].mean()) / (MS * 1000) / 100


def _retrying(off: Rates, streams: Streams) -> tuple[Done, Times]:
    network = _network(
        streams,
        {RETRYING_AT: _station(RETRYING_AT, RETRYING_SERVERS, off, waiting_room=0)},
        max_retries=RETRIES,
        backoff_ms=BACKOFF * MS * off.get(PAUSE, 1.0),
        backoff_limit_ms=2**RETRIES * BACKOFF * MS,
        jitter=DRAWN * off.get(JITTER, 1.0),
    )
    return Traffic(load=RETRYING_LOAD, after=10_000).through(network, off, streams)


def _cached(off: Rates) -> float:
    hits = HIT_RATE * off.get(hit_rate_at(CACHED_AT), 1.0)
    hit, miss = HIT * off.get(hit_at(CACHED_AT), 1.0), off.get(service_at(CACHED_AT), 1.0)
    mean = hits * hit + (1 - hits) * miss
    square = 2 * (hits * hit**2 + (1 - hits) * miss**2)
    arrivals = CACHED_LOAD * off.get(ARRIVAL, 1.0)
    return arrivals * pollaczek_khinchine(arrivals, mean, square / mean**2 - 1)


def _measured_cached(off: Rates, streams: Streams) -> float:
    room = _station(
        CACHED_AT,
        1,
        off,
        hit_rate=HIT_RATE * off.get(hit_rate_at(CACHED_AT), 1.0),
        hit_mean_ms=HIT * MS * off.get(hit_at(CACHED_AT), 1.0),
    )
    network = _network(streams, {CACHED_AT: room})
    return Traffic(load=CACHED_LOAD, calls=150_000).queue(network, off, streams, CACHED_AT)


def _limited(off: Rates) -> float:
    return limited(LIMITED_LOAD * off.get(ARRIVAL, 1.0) / off.get(LIMIT, 1.0), BURST)


def _measured_limited(off: Rates, streams: Streams) -> float:
    """Arrivals in a mean service time, so that there are `LIMITED_LOAD` in the time of one place."""
    network = _network(
        streams,
        {Station.GATEWAY: _station(Station.GATEWAY, 1_000, off)},
        rate_limit_per_s=round(LIMIT_PER_S * off.get(LIMIT, 1.0)),
        rate_burst=BURST,
    )
    traffic = Traffic(load=LIMITED_LOAD * LIMIT_PER_S * MS / 1000)
    done, _ = traffic.through(network, off, streams, asker=0)
    return float((done.outcome == Outcome.LIMITED).mean())


def _work(off: Rates) -> float:
    return sum(_work_at(station, off) for station in Station)


def _work_at(station: Station, off: Rates) -> float:
    hits = WORK_HIT_RATE * off.get(hit_rate_at(station), 1.0)
    hit = WORK_HIT * off.get(hit_at(station), 1.0)
    further = (CODES - 1) * FURTHER_US / (MS * 1000) * off.get(further_at(station), 1.0)
    return hits * hit + (1 - hits) * off.get(service_at(station), 1.0) + further


def _measured_work(off: Rates, streams: Streams) -> float:
    rooms = {
        station: _station(
            station,
            100,
            off,
            service_kind=TimeKind.DETERMINISTIC,
            hit_rate=WORK_HIT_RATE * off.get(hit_rate_at(station), 1.0),
            hit_mean_ms=WORK_HIT * MS * off.get(hit_at(station), 1.0),
            per_code_us=round(FURTHER_US * off.get(further_at(station), 1.0)),
        )
        for station in Station
    }
    network = _network(streams, rooms)
    at_us, asker, codes = without_askers(calls_us(1000, 16_000, {}, streams))
    network.offer(at_us, asker, codes * CODES, int(at_us[-1]))
    network.close()
    spent = network.minutes().stations
    return float(sum(spent[station]["busy_us"].sum() for station in Station)) / at_us.size / (MS * 1000)


def _station(station: Station, servers: int, off: Rates, **settings: Any) -> StationParameters:
    mean_ms = MS * off.get(service_at(station), 1.0)
    return StationParameters(**{"servers": servers, "service_mean_ms": mean_ms, **LIMITLESS, **settings})


def _network(streams: Streams, rooms: dict[Station, StationParameters], **clients: Any) -> CompiledNetwork:
    stations: dict[str, Any] = {str(station): rooms.get(station, NO_STATION) for station in Station}
    return CompiledNetwork(NetworkParameters(**{"timeout_ms": None, "max_retries": 0, **stations, **clients}), streams)
