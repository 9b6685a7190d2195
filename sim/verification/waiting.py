"""Waiting lines of which theory knows a number: Poisson arrivals at one service, by the compiled engine."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim import tables
from sim.capacity.kernel import BLOCK, Attempts, Line, simulate
from sim.capacity.model import (
    Outcome,
    erlang_a_abandonment,
    erlang_c,
    inside_at,
    littles_law,
    mmc_wait,
    mmck_blocking,
    pollaczek_khinchine,
)
from sim.capacity.parameters import CapacityParameters, TimeKind
from sim.capacity.passage import Passage
from sim.compiled import Whole, compiled, key_of, sample, word
from sim.streams import Streams
from sim.verification.verdict import Check, Rates

SERVICE_MS, SERVICE_US = 100.0, 100_000
"""The mean service time, which is the unit of time of every formula."""
ARRIVAL, SERVICE, PATIENCE = "arrivals", "service time", "patience"
Theory: TypeAlias = Callable[[float, float, float], float]
"""Of the arrival rate, the mean service time and the mean patience."""
ERLANG = 'A. K. Erlang, 1917, in E. Brockmeyer et al., "The life and works of A. K. Erlang", 1948'
KHINCHINE = "F. Pollaczek, 1930; A. Y. Khinchine, 1932"
PALM = "C. Palm, 1957"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service to look at: its settings, how busy it is, and for how long one looks."""

    rate: float
    """Arrivals in a mean service time."""
    settings: dict[str, Any]
    queries: int = 100_000
    """Counted in each replication."""
    warm_up: int = 10_000
    """Left out before them, while the service fills up."""

    def parameters(self, off: Rates) -> CapacityParameters:
        """The service with its rates off."""
        timeout = self.settings.get("timeout_ms")
        return CapacityParameters(
            service_mean_ms=SERVICE_MS * off.get(SERVICE, 1.0),
            **self.settings | ({} if timeout is None else {"timeout_ms": timeout * off.get(PATIENCE, 1.0)}),
        )

    def arrivals_us(self, off: Rates, streams: Streams) -> NDArray[np.int64]:
        """The microseconds at which all its queries arrive, as a Poisson process."""
        gaps = gaps_us(round(SERVICE_US / (self.rate * off.get(ARRIVAL, 1.0))))
        found = np.empty(self.warm_up + self.queries, np.int64)
        arrive(key_of(streams.stream("verification/arrivals")), gaps, found)
        return found

    def passage(self, off: Rates, streams: Streams) -> Passage:
        """What became of the queries after the warm-up, in one replication."""
        passage = Passage()
        for attempts in self.attempts(off, streams):
            passage.add(*attempts[2:])
        return passage

    def attempts(self, off: Rates, streams: Streams) -> Iterator[Attempts]:
        """The attempts of queries after the warm-up, in pieces that the next piece writes over."""
        arrivals = self.arrivals_us(off, streams)
        line = Line(self.parameters(off), streams)
        for _ in line.settled(arrivals[: self.warm_up]):
            pass
        yield from line.settled(arrivals[self.warm_up :])


def waiting_checks() -> list[Check]:
    """All of them."""
    return [*_refusals(), *_waits(), *_hang_ups(), *_littles(), _pasta()]


def _refusals() -> list[Check]:
    kinds = [
        ("M", 10, 5.0, TimeKind.EXPONENTIAL),
        ("D", 30, 25.0, TimeKind.DETERMINISTIC),
        ("LN", 100, 84.1, TimeKind.LOGNORMAL),
    ]
    found = [
        _check(
            name=f"Erlang B, M/{shape}/{servers}/{servers}, {load:g} erlangs",
            what=f"share refused, {kind} service",
            source=ERLANG,
            service=Service(rate=load, settings={"servers": servers, "waiting_room": 0, "service_kind": kind}),
            theory=partial(_refused, servers, 0),
            of=_share(Outcome.REFUSED),
        )
        for shape, servers, load, kind in kinds
    ]
    room = {"servers": 2, "waiting_room": 3, **MARKOV}
    return [
        *found,
        _check(
            name="M/M/2/5",
            what="share refused",
            source='L. Kleinrock, "Queueing systems" I, 1975',
            service=Service(rate=1.6, settings=room),
            theory=partial(_refused, 2, 3),
            of=_share(Outcome.REFUSED),
        ),
    ]


def _waits() -> list[Check]:
    markov = [
        _check(
            name=f"Erlang C, M/M/{servers} at {load:.0%}",
            what="mean wait, in mean service times",
            source=ERLANG,
            service=Service(rate=load * servers, settings={"servers": servers, **MARKOV}, queries=queries),
            theory=partial(_wait_of_many, servers),
            of=_mean_wait,
        )
        for servers, load, queries in [(1, 0.5, 100_000), (1, 0.9, 300_000), (8, 0.85, 200_000), (64, 0.9, 600_000)]
    ]
    shapes: list[tuple[str, float, dict[str, Any], int]] = [
        ("D", 0.0, {"service_kind": TimeKind.DETERMINISTIC}, 100_000),
        ("U", 1 / 3, {"service_kind": TimeKind.UNIFORM}, 100_000),
        ("LN", 4.0, {"service_kind": TimeKind.LOGNORMAL, "service_cv2": 4.0}, 800_000),
    ]
    return [
        *markov,
        *(
            _check(
                name=f"Pollaczek-Khinchine, M/{shape}/1 at 80%",
                what=f"mean wait, in mean service times, with cv² = {cv2:.2g}",
                source=KHINCHINE,
                service=Service(rate=0.8, settings={"servers": 1, **settings}, queries=queries),
                theory=partial(_wait_of_one, cv2),
                of=_mean_wait,
            )
            for shape, cv2, settings, queries in shapes
        ),
    ]


def _hang_ups() -> list[Check]:
    settings = {"servers": 20, "timeout_ms": 2 * SERVICE_MS, "timeout_kind": TimeKind.EXPONENTIAL, **MARKOV}
    service = Service(rate=22.0, settings=settings, queries=200_000)

    def share(arrivals: float, mean: float, patience: float) -> float:
        return erlang_a_abandonment(arrivals, 1 / mean, 20, 0.5 / patience)

    return [
        _check(
            name="Erlang A, M/M/20+M at 110%, who hangs up",
            what="share of queries, with patience of two service times",
            source=PALM,
            service=service,
            theory=share,
            of=_share(Outcome.ABANDONED),
        ),
        Check(
            name="Erlang A, M/M/20+M at 110%, time queued",
            what="mean of all, in mean service times, which is patience times the share that hangs up",
            source=PALM,
            rates=(ARRIVAL, SERVICE, PATIENCE),
            exact=lambda off: (
                2
                * off.get(PATIENCE, 1.0)
                * share(22 * off.get(ARRIVAL, 1.0), off.get(SERVICE, 1.0), off.get(PATIENCE, 1.0))
            ),
            measure=partial(_time_in_queue, service),
        ),
    ]


def _time_in_queue(service: Service, off: Rates, streams: Streams) -> float:
    waited_us, counted = 0, 0
    for attempts in service.attempts(off, streams):
        left_us = np.where(attempts.outcome == Outcome.SERVED, attempts.started_us, attempts.departed_us)
        waited_us += int((left_us - attempts.arrived_us).sum())
        counted += attempts.query.size
    return waited_us / counted / SERVICE_US


def _littles() -> list[Check]:
    source = "J. D. C. Little, Operations Research 9 (1961) 383-387"
    patient = Service(rate=6.8, settings={"servers": 8, **MARKOV}, warm_up=0)
    impatient = {"waiting_room": 10, "timeout_ms": 0.8 * SERVICE_MS, "max_retries": 2}
    return [
        Check(
            name=f"Little's law, 8 servers, {who} clients",
            what="number inside, looked at 20,000 times, by λ W",
            source=source,
            rates=(ARRIVAL,),
            exact=lambda off: off.get(ARRIVAL, 1.0),
            measure=partial(_inside_by_sojourn, service),
            bias=1e-4,
        )
        for who, service in [
            ("patient", patient),
            ("impatient", replace(patient, settings=patient.settings | impatient)),
        ]
    ]


def _inside_by_sojourn(service: Service, off: Rates, streams: Streams) -> float:
    """L looked at at instants that hang on nothing else, by λ W; nothing if the sides of the law are not equal.

    λ is the rate that was asked for, and W the time from each query's arrival to its departures, summed over its
    attempts. Integrated instead of looked at, both sides must agree to the last microsecond.
    """
    run = simulate(service.arrivals_us(off, streams), service.parameters(off), streams)
    law = littles_law(run)
    if law.inside_integral != law.sojourn_sum:
        return float("nan")
    looks = streams.stream("verification/instants").uniform(np.arange(20_000))
    until = int(run.arrived_us[run.attempt == 0][-1])
    inside = float(inside_at(run, np.multiply(looks, until).astype(np.int64)).mean())
    return inside / (service.rate / SERVICE_US * law.sojourn_sum / service.queries)


def _pasta() -> Check:
    service = Service(rate=6.8, settings={"servers": 8, **MARKOV}, queries=200_000)
    return _check(
        name="Poisson arrivals see time averages",
        what="share that waits, which is that of the time with all of 8 servers busy",
        source="R. W. Wolff, Operations Research 30 (1982) 223-231; A. K. Erlang, 1917",
        service=service,
        theory=_wait_at_eight,
        of=lambda passage: 1 - passage.waits[0] / passage.waits.sum(),
    )


def _check(
    *,
    name: str,
    what: str,
    source: str,
    service: Service,
    theory: Theory,
    of: Callable[[Passage], float],
    rates: tuple[str, ...] = (ARRIVAL, SERVICE),
) -> Check:
    def exact(off: Rates) -> float:
        return theory(service.rate * off.get(ARRIVAL, 1.0), off.get(SERVICE, 1.0), off.get(PATIENCE, 1.0))

    def measure(off: Rates, streams: Streams) -> float:
        return of(service.passage(off, streams))

    return Check(name=name, what=what, source=source, rates=rates, exact=exact, measure=measure)


def _refused(servers: int, room: int, arrivals: float, service: float, _patience: float) -> float:
    return mmck_blocking(servers, arrivals * service, room)


def _wait_of_many(servers: int, arrivals: float, service: float, _patience: float) -> float:
    return mmc_wait(arrivals, 1 / service, servers)


def _wait_of_one(cv2: float, arrivals: float, service: float, _patience: float) -> float:
    return pollaczek_khinchine(arrivals, service, cv2)


def _wait_at_eight(arrivals: float, service: float, _patience: float) -> float:
    return erlang_c(8, arrivals * service)


def _share(outcome: Outcome) -> Callable[[Passage], float]:
    return lambda passage: float(passage.outcomes[outcome] / passage.outcomes.sum())


def _mean_wait(passage: Passage) -> float:
    return float(passage.sums_us[0] / passage.outcomes[Outcome.SERVED] / SERVICE_US)


MARKOV: dict[str, Any] = {"service_kind": TimeKind.EXPONENTIAL}


@cache
def gaps_us(mean_us: int) -> NDArray[np.int64]:
    """The table of exponential gaps between arrivals, as knots."""
    return tables.exponential(mean_us).knots


@compiled
def arrive(key: Whole, gaps: NDArray[np.int64], arrivals_us: NDArray[np.int64]) -> None:
    """Fill a column with times that lie independent gaps apart."""
    now, words = 0, np.empty(BLOCK, np.uint64)
    for begun in range(0, arrivals_us.size, BLOCK):
        until = min(begun + BLOCK, arrivals_us.size)
        for ahead in range(until - begun):
            words[ahead] = word(key, begun + ahead, 0, 0)
        for query in range(begun, until):
            now += sample(gaps, words[query - begun])
            arrivals_us[query] = now
