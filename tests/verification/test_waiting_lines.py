"""Does the simulated service wait, refuse and lose as queueing theory says it must?

How a comparison is made. A case names a service of which theory knows a number exactly. It is simulated in
independent replications: each with a seed of its own, Poisson arrivals, and the first queries left out while
the service fills up. Each replication measures the number: a share of queries, or a mean wait in mean service
times. Theory and simulation agree if the exact value lies within

    mean of the replications ± t s / √R

with s their standard deviation and t Student's 99.9 % quantile for R - 1 degrees of freedom; one honest case
in a thousand would fail, were the seeds not fixed. An interval that always contains the truth proves nothing,
so each case also plants an error: the exact value for arrivals 5 % more frequent must lie outside. Two cases
plant it in the simulation instead, as servers that are 5 % too slow.

To add a case: a row in the table of its kind, with as many queries as the planted error needs to show.

The exact values are literals, checked against the formulas of `sim.capacity.model`; B(100, 84.1) = 1 % is in
every printed Erlang table.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim import tables
from sim.capacity.model import (
    CapacityRun,
    Outcome,
    erlang_a_abandonment,
    erlang_b,
    erlang_c,
    inside_at,
    littles_law,
    mmc_wait,
    mmck_blocking,
    pollaczek_khinchine,
)
from sim.capacity.parameters import CapacityParameters, TimeKind
from sim.capacity.process import simulate
from sim.streams import Streams

SERVICE_MS = 100.0  # the unit of time of every case
SERVICE_US = 100_000
CONFIDENCE = 0.999
Measure: TypeAlias = Callable[[CapacityRun, int], float]  # of a run, leaving out its first queries
PLANTED = 1.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A service, a number of it that theory knows, and how long to look."""

    name: str
    rate: float  # arrivals per mean service time
    service: dict[str, Any]
    theory: Callable[[float], float]  # of the arrival rate
    exact: float
    queries: int = 5_000  # in each replication
    warm_up: int = 1_000
    replications: int = 16
    marks: tuple[pytest.MarkDecorator, ...] = field(default=())


def play(seed: int, *, rate: float, queries: int, service: dict[str, Any], slower: float = 1) -> CapacityRun:
    """One replication; `slower` multiplies the mean service time."""
    streams = Streams(seed)
    words = streams.stream("verification/arrivals").words(np.arange(queries))
    arrivals_us = np.cumsum(tables.exponential(round(SERVICE_US / rate)).sample(words))
    return simulate(arrivals_us, CapacityParameters(service_mean_ms=SERVICE_MS * slower, **service), streams)


def runs(case: Case, slower: float = 1) -> Iterator[CapacityRun]:
    """The replications of a case; each case has seeds of its own, told by its name."""
    first = int.from_bytes(case.name.encode()[:6], "big")
    for seed in range(first, first + case.replications):
        yield play(seed, rate=case.rate, queries=case.queries, service=case.service, slower=slower)


def replicate(case: Case, measure: Measure, slower: float = 1) -> NDArray[np.float64]:
    """The measure of each replication."""
    return np.array([measure(run, case.warm_up) for run in runs(case, slower)])


def agrees(measured: NDArray[np.float64], exact: float) -> bool:
    """Whether the exact value lies in the confidence interval of the replications' mean."""
    quantile = stats.t.ppf((1 + CONFIDENCE) / 2, measured.size - 1)
    return abs(measured.mean() - exact) <= quantile * measured.std(ddof=1) / measured.size**0.5


def share_lost(run: CapacityRun, warm_up: int) -> float:
    return float((run.query_outcome[warm_up:] != Outcome.SERVED).mean())


def mean_wait(run: CapacityRun, warm_up: int) -> float:
    return float(run.waits_us[warm_up:].mean()) / SERVICE_US


EXPONENTIAL = {"service_kind": TimeKind.EXPONENTIAL}
LOSS = [
    Case(
        name="B10 exponential",
        rate=5,
        service={"servers": 10, "waiting_room": 0, **EXPONENTIAL},
        theory=partial(erlang_b, 10),
        exact=0.0183845703,
        queries=10_000,
    ),
    Case(
        name="B30 deterministic",  # Erlang B does not depend on the shape of the service time
        rate=25,
        service={"servers": 30, "waiting_room": 0, "service_kind": TimeKind.DETERMINISTIC},
        theory=partial(erlang_b, 30),
        exact=0.0526031722,
    ),
    Case(
        name="B100 exponential",
        rate=84.1,
        service={"servers": 100, "waiting_room": 0, **EXPONENTIAL},
        theory=partial(erlang_b, 100),
        exact=0.0100717051,
    ),
    Case(
        name="K2+3 exponential",
        rate=1.6,
        service={"servers": 2, "waiting_room": 3, **EXPONENTIAL},
        theory=partial(mmck_blocking, 2, waiting_room=3),
        exact=0.1027441930,
    ),
    Case(
        name="A20 patience of two service times",
        rate=22,
        service={
            "servers": 20,
            "timeout_ms": 2 * SERVICE_MS,
            "timeout_kind": TimeKind.EXPONENTIAL,
            **EXPONENTIAL,
        },
        theory=partial(erlang_a_abandonment, service_rate=1, servers=20, patience_rate=0.5),
        exact=0.1221349518,
    ),
]
DELAY = [
    Case(
        name="C1 half loaded",
        rate=0.5,
        service={"servers": 1, **EXPONENTIAL},
        theory=partial(mmc_wait, service_rate=1, servers=1),
        exact=1.0,
        queries=10_000,
    ),
    Case(
        name="C1 heavily loaded",
        rate=0.9,
        service={"servers": 1, **EXPONENTIAL},
        theory=partial(mmc_wait, service_rate=1, servers=1),
        exact=9.0,
        queries=6_000,
    ),
    Case(
        name="C8",
        rate=0.85 * 8,
        service={"servers": 8, **EXPONENTIAL},
        theory=partial(mmc_wait, service_rate=1, servers=8),
        exact=0.4771407775,
    ),
    Case(
        name="C64",
        rate=0.95 * 64,
        service={"servers": 64, **EXPONENTIAL},
        theory=partial(mmc_wait, service_rate=1, servers=64),
        exact=0.1837534162,
        queries=16_000,  # 260 service times: the queue of so many busy servers forgets slowly
        warm_up=4_000,
        marks=(pytest.mark.slow,),
    ),
    Case(
        name="D deterministic",
        rate=0.8,
        service={"servers": 1, "service_kind": TimeKind.DETERMINISTIC},
        theory=partial(pollaczek_khinchine, service_mean=1, service_cv2=0),
        exact=2.0,
    ),
    Case(
        name="U uniform",
        rate=0.8,
        service={"servers": 1, "service_kind": TimeKind.UNIFORM},
        theory=partial(pollaczek_khinchine, service_mean=1, service_cv2=1 / 3),
        exact=2.6666666667,
    ),
    Case(
        name="L log-normal, cv2 = 4",
        rate=0.8,
        service={"servers": 1, "service_kind": TimeKind.LOGNORMAL, "service_cv2": 4.0},
        theory=partial(pollaczek_khinchine, service_mean=1, service_cv2=4),
        exact=10.0,
        queries=18_000,
        marks=(pytest.mark.slow,),
    ),
]


def cases(kind: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", [pytest.param(case, id=case.name, marks=case.marks) for case in kind])


@cases(LOSS)
def test_the_share_refused_or_abandoned_is_the_exact_one(case):
    """Erlang B, M/M/c/K and Erlang A within the interval; the value for 5 % more arrivals outside."""
    assert case.theory(case.rate) == pytest.approx(case.exact, abs=1e-10)
    measured = replicate(case, share_lost)
    assert agrees(measured, case.exact)
    assert not agrees(measured, case.theory(case.rate * PLANTED))


@cases(DELAY)
def test_the_mean_wait_is_the_exact_one(case):
    """Erlang C and Pollaczek-Khinchine within the interval; the value for 5 % more arrivals outside."""
    assert case.theory(case.rate) == pytest.approx(case.exact, abs=1e-10)
    measured = replicate(case, mean_wait)
    assert agrees(measured, case.exact)
    assert not agrees(measured, case.theory(case.rate * PLANTED))


@pytest.mark.parametrize(
    ("case", "measure"),
    [(LOSS[1], share_lost), (DELAY[4], mean_wait)],
    ids=["share refused", "mean wait"],
)
def test_servers_five_percent_too_slow_are_noticed(case, measure):
    """The error planted in the simulation: what agrees for true servers does not for slow ones."""
    assert not agrees(replicate(case, measure, slower=PLANTED), case.exact)


def looks_inside(run: CapacityRun, seed: int, looks: int) -> NDArray[np.int64]:
    """The number inside at random instants of the run, keyed by number: the queries have no part in it."""
    uniform = Streams(seed).stream("verification/instants").uniform(np.arange(looks))
    return inside_at(run, (uniform * int(run.changed_us[-1])).astype(np.int64))


@pytest.mark.parametrize(
    "service",
    [
        {"servers": 8, **EXPONENTIAL},
        {"servers": 8, "waiting_room": 10, "timeout_ms": 80.0, "max_retries": 2, **EXPONENTIAL},
    ],
    ids=["patient", "impatient"],
)
def test_littles_law_with_the_number_inside_sampled_on_its_own(service):
    """L by 40,000 looks at the service, λ W by the queries' own times: equal within 4 standard errors.

    With 5 % more time inside they are not; and integrated instead of sampled, equal to the microsecond.
    """
    run = play(8, rate=0.85 * 8, queries=20_000, service=service)
    looks = looks_inside(run, 8, 40_000)
    within = 4 * float(looks.std()) / looks.size**0.5
    inside_integral, sojourn_sum = littles_law(run)
    lambda_w = sojourn_sum / int(run.changed_us[-1])
    assert abs(float(looks.mean()) - lambda_w) <= within
    assert abs(float(looks.mean()) - lambda_w * PLANTED) > within
    assert inside_integral == sojourn_sum


def test_poisson_arrivals_see_time_averages():
    """PASTA (Wolff 1982): the share of queries that wait is the share of time with all servers busy."""
    case = DELAY[2]
    exact = erlang_c(8, case.rate)
    assert exact == pytest.approx(0.5725689330, abs=1e-10)
    waiting, all_busy = [], []
    for number, run in enumerate(runs(case)):
        waiting.append(float((run.waits_us[case.warm_up :] > 0).mean()))
        all_busy.append(float((looks_inside(run, number, 10_000) >= 8).mean()))
    assert agrees(np.array(waiting), exact)
    assert agrees(np.array(all_busy), exact)
    assert not agrees(np.array(waiting), erlang_c(8, case.rate * PLANTED))
