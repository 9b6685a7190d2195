"""The project's own side, each a process of its own: `python -m tests.bench_sim.ours NAME …`.

- `queue SERVERS CUSTOMERS`: the compiled M/M/c queue; arrivals and services drawn, waits summed.
- `simpy SERVERS CUSTOMERS`: SimPy's own `Resource` on the same work, as its documentation writes a queue.
- `country PEOPLE DAYS THREADS PERCENT`: epidemic and ministry, a population from the cache; nothing is closed, and
  PERCENT of the contacts outside the household take place.
- `measured PEOPLE DAYS THREADS`: the same with all defaults, the measures of the time among them.
- `make PEOPLE THREADS`: the population, made and put there.

`country` is the whole model of the scenarios: households, workplaces, schools, transport, community, ages, courses,
variants, doses, tests, laboratories, tracing, isolation. Beside the peers closures are left out, so that an epidemic
runs through.
"""

import json
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from functools import partial
from hashlib import blake2b
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from tests.bench_sim.runs import Run

LOAD = 0.9
MEAN_MS, MEAN_US = 100.0, 100_000
SEED = 1
STARTS_ON, CLOSED_ON = date(2020, 3, 11), date(2021, 3, 1)
WARM_PEOPLE = 50_000
SEEDS_OF = 1000


def queue(servers: int, customers: int) -> Run:
    """The work of an M/M/c queue at 90 %, all in; the result is the mean wait in mean service times."""
    from sim.capacity.kernel import pass_through  # noqa: PLC0415  each process imports only what it measures
    from sim.capacity.parameters import CapacityParameters, TimeKind  # noqa: PLC0415  the same
    from sim.compiled import key_of  # noqa: PLC0415
    from sim.streams import Streams  # noqa: PLC0415
    from sim.tables import exponential  # noqa: PLC0415
    from sim.verification.waiting import arrive  # noqa: PLC0415

    parameters = CapacityParameters(servers=servers, service_kind=TimeKind.EXPONENTIAL, service_mean_ms=MEAN_MS)
    gaps = exponential(round(MEAN_US / (LOAD * servers))).knots

    def work(count: int) -> float:
        streams = Streams(SEED)
        arrivals_us = np.empty(count, np.int64)
        arrive(key_of(streams.stream("bench/arrivals")), gaps, arrivals_us)
        passage = pass_through([arrivals_us], parameters, streams)
        return float(passage.sums_us[0] / passage.queries / MEAN_US)

    return _measured(lambda: work(1000), lambda: None, lambda _: work(customers))


def simpy_queue(servers: int, customers: int) -> Run:
    """The same by SimPy: a process for each customer, a `Resource` with a place for each server."""
    import simpy  # noqa: PLC0415  the same

    def work(count: int) -> float:
        draw, waits = random.Random(SEED), list[float]()
        env = simpy.Environment()
        resource_of = simpy.Resource(env, servers)

        def customer() -> Any:
            came = env.now
            with resource_of.request() as turn:
                yield turn
                waits.append(env.now - came)
                yield env.timeout(draw.expovariate(1.0))

        def source() -> Any:
            for _ in range(count):
                yield env.timeout(draw.expovariate(LOAD * servers))
                env.process(customer())

        env.process(source())
        env.run()
        return fmean(waits)

    return _measured(lambda: work(1000), lambda: None, lambda _: work(customers))


def make(people: int, threads: int) -> Run:
    """The population, from nothing to the cache."""
    from sim.population.building import build  # noqa: PLC0415
    from sim.population.parameters import PopulationParameters  # noqa: PLC0415
    from sim.streams import Streams  # noqa: PLC0415

    def work(count: int) -> float:
        return float(build(PopulationParameters(people=count), Streams(SEED), threads=threads).age.size)

    measured = _measured(lambda: work(WARM_PEOPLE), lambda: None, lambda _: work(people))
    _population(people, threads)
    return measured


def country(people: int, days: int, threads: int, percent: int = 100, *, closed: bool = False) -> Run:
    """Epidemic and ministry; the result is how many were ever infected."""

    def begin(count: int) -> Any:
        from sim.course import Course  # noqa: PLC0415
        from sim.reporting.parameters import ReportingParameters  # noqa: PLC0415
        from sim.streams import Streams  # noqa: PLC0415

        town = _population(count, threads)
        first, streams = (CLOSED_ON if closed else STARTS_ON), Streams(SEED)
        return Course.begin(
            town, _epidemic(percent, closed=closed), ReportingParameters(), streams, first, days, threads=threads
        )

    def work(course: Any, many: int) -> tuple[float, list[float], str]:
        digest, days_s, infected = blake2b(digest_size=16), list[float](), 0.0
        for _ in range(many):
            begun = time.perf_counter()
            happened = course.day()
            days_s.append(time.perf_counter() - begun)
            for name in sorted(happened):
                digest.update(happened[name].astype("<i8").tobytes())
            infected = float(happened["ever_infected"].sum())
        digest.update(course.spread.infected_on.tobytes())
        digest.update(course.standing.risky_from.tobytes())
        digest.update(course.standing.risky_until.tobytes())
        return infected, days_s, digest.hexdigest()

    return _measured(lambda: work(begin(WARM_PEOPLE), 20), lambda: begin(people), lambda course: work(course, days))


def _epidemic(percent: int, *, closed: bool) -> Any:
    """The defaults; or without closures, with one in a thousand infected at first, and nobody before."""
    from sim.epidemic.measures import Measures  # noqa: PLC0415
    from sim.epidemic.parameters import EpidemicParameters  # noqa: PLC0415

    if closed:
        return EpidemicParameters()
    untroubled = ((STARTS_ON, 1.0),)
    taking_place = ((STARTS_ON, percent / 100),)
    return EpidemicParameters(
        initial_infected_share=1 / SEEDS_OF,
        past_infected_share=0.0,
        measures=Measures(waves=taking_place, schools=untroubled),
    )


def _population(people: int, threads: int) -> Any:
    from sim.population.cache import cached  # noqa: PLC0415
    from sim.population.parameters import PopulationParameters  # noqa: PLC0415

    folder = Path(tempfile.gettempdir()) / "hes-bench-sim-population"
    return cached(PopulationParameters(people=people), SEED, folder, threads=threads)


def _measured(warm: Callable[[], object], begin: Callable[[], Any], work: Callable[[Any], Any]) -> Run:
    """A run after one to warm up, which compiles; what `work` gives is its result, or with days and a digest."""
    warm()
    before = _held()
    begun = time.perf_counter()
    ready = begin()
    began = time.perf_counter()
    done = work(ready)
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    result, days_s, digest = done if isinstance(done, tuple) else (done, [], "")
    return Run(
        setup_s=began - begun,
        run_s=ended - began,
        peak_bytes=peak,
        grown_bytes=peak - before,
        result=result,
        days_s=days_s,
        digest=digest,
    )


def _held() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


WORKS: dict[str, Callable[..., Run]] = {
    "queue": queue,
    "simpy": simpy_queue,
    "make": make,
    "country": country,
    "measured": partial(country, closed=True),
}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(WORKS[sys.argv[1]](*map(int, sys.argv[2:])))) + "\n")
