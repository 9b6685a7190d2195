"""A run of the country with all that it leaves: its folder, filled while it goes on, and a place to go on from."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from sim.capacity.network.model import Outcome
from sim.capacity.network.parameters import NetworkParameters
from sim.country import Say
from sim.demand.parameters import ERRAND_NUMBER, Channel
from sim.demand.record import BOOKINGS, LISTS, MAKINGS, RUNS, STAFF
from sim.nation import checkpoint
from sim.nation.engines import COMPILING, are_compiled
from sim.nation.follow import Checkpoints, Progress, follow
from sim.population.building import build
from sim.population.cache import cached
from sim.population.model import Population
from sim.provenance import Provenance
from sim.results.folder import Summary
from sim.results.nation_summary import Outage
from sim.results.nation_tables import Words
from sim.results.nation_writer import NationWriter
from sim.results.table import ResultError
from sim.scenario import NationScenario, digest
from sim.streams import Streams

CACHED_FROM = 1_000_000
"""People from which a population is kept on disk; a smaller one is made faster than it is found."""
PARTS = ("nation", "population", "epidemic", "reporting", "demand", "network")
WORDS = Words(
    channels=tuple(channel.name.lower().replace("_", "-") for channel in Channel),
    bulk=frozenset(channel.name.lower().replace("_", "-") for channel in Channel if channel.asks_many),
    statuses=tuple(outcome.name.lower().replace("_", "-") for outcome in Outcome),
    sources={number: errand.value for errand, number in ERRAND_NUMBER.items()}
    | {BOOKINGS: "booking", STAFF: "staff", RUNS: "runs", LISTS: "lists", MAKINGS: "makings"},
    doorless=frozenset({"booking", "makings"}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """With what a run is made; no result hangs on any of it but the trace, which is there or not."""

    folder: Path
    cache: Path
    """Where populations are kept."""
    threads: int = 1
    trace: bool = False
    fresh: bool = False
    """Whether to begin anew although a checkpoint is there."""
    checkpoint_days: int = 30
    """Days from one checkpoint to the next."""


def record(
    scenario: NationScenario,
    seed: int,
    provenance: Provenance,
    means: Means,
    *,
    say: Say = lambda _: None,
    note: Say = lambda _: None,
    progress: Progress = lambda _, __: None,
) -> Summary:
    """Follow the country, write everything into `means.folder`, and sum it up.

    A run that was broken off goes on from its last checkpoint, unless `means.fresh`. `say` is told what is being done,
    `note` what is worth a line of its own.

    Raises:
        CheckpointError, DiskFullError, ResultError: with what to do; the last also if another process is at it.
    """
    with alone(means.folder):
        return _record(scenario, seed, provenance, means, say, note, progress)


def _record(
    scenario: NationScenario, seed: int, provenance: Provenance, means: Means, say: Say, note: Say, progress: Progress
) -> Summary:
    began = perf_counter()
    if not are_compiled(queries=bool(scenario.nation.load)):
        note(COMPILING)
    say("population")
    population = people_of(scenario, seed, means, say=say, note=note)
    identity = {"scenario": digest(scenario), "trace": means.trace, **provenance.identity}
    checkpoints = Checkpoints(folder=means.folder / "checkpoint", identity=identity, every_days=means.checkpoint_days)
    if means.fresh:
        checkpoint.discard(checkpoints.folder)
    left = checkpoints.left()
    goes_on_from = None if left is None else scenario.starts_on + timedelta(days=int(left["next_day"][0]))
    if goes_on_from is not None:
        note(f"going on from {goes_on_from}, where an earlier run was broken off; --fresh begins anew")
    writer = NationWriter(
        means.folder, provenance, WORDS, by_plate(population), trace=means.trace, goes_on_from=goes_on_from
    )
    follow(
        scenario,
        seed,
        population,
        writer,
        threads=means.threads,
        checkpoints=checkpoints,
        left=left,
        say=say,
        progress=progress,
    )
    say("summing up")
    facts = {"scenario": scenario.name, "seed": seed, **parameters_of(scenario)}
    measured = {"real_seconds": round(perf_counter() - began, 3), "threads": means.threads}
    summary = writer.finish(facts, measured, outages=list(outages(scenario)))
    checkpoint.discard(checkpoints.folder)  # only now: a run that breaks off while summing up goes on from it
    return summary


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a run's folder; the system lets go of it when the process ends, however it ends.

    Raises:
        ResultError: if another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise ResultError(
            f"another run is writing {folder} just now; wait until it has ended, or choose another folder with --out"
        ) from None
    finally:
        os.close(held)


def people_of(
    scenario: NationScenario, seed: int, means: Means, *, say: Say = lambda _: None, note: Say = lambda _: None
) -> Population:
    """The scenario's population: made, or if it is large found where it was kept."""
    if scenario.population.people < CACHED_FROM:
        return build(scenario.population, Streams(seed), threads=means.threads)
    return cached(scenario.population, seed, means.cache, threads=means.threads, say=say, note=note)


def by_plate(population: Population) -> NDArray[np.int64]:
    """Inhabitants by plate, 82 entries."""
    bounds = population.province_start.astype(np.int64)
    return np.asarray(bounds[1:] - bounds[:-1])


def parameters_of(scenario: NationScenario) -> dict[str, str | int | float]:
    """The scenario's parameters, by dotted name; what is no scalar is told as text."""
    found = {name: value for part in PARTS for name, value in _told(part, getattr(scenario, part))}
    return {"date": scenario.date.isoformat(), **found}


def _told(name: str, value: object) -> Iterator[tuple[str, str | int | float]]:
    if is_dataclass(value):
        for part in fields(value):
            yield from _told(f"{name}.{part.name}", getattr(value, part.name))
    else:
        yield name, value if isinstance(value, bool | int | float) else _text(value)


def _text(value: object) -> str:
    """Rows of a table one after the other, and their cells with a space between them."""
    if value is None or value == ():
        return "none"
    if isinstance(value, tuple):
        is_table = all(isinstance(row, tuple) for row in value)
        return "; ".join(_cells(row) for row in value) if is_table else ", ".join(map(_text, value))
    return value.isoformat() if isinstance(value, date) else str(value).removesuffix(".0")


def _cells(row: tuple[object, ...]) -> str:
    return " ".join(_cells(cell) if isinstance(cell, tuple) else _text(cell) for cell in row)


def outages(scenario: NationScenario) -> Iterator[Outage]:
    """The service's scheduled outages and slow times, on each day with queries."""
    for day in scenario.nation.load:
        for station, from_s, until_s, what in _scheduled(scenario.network):
            from_minute, until_minute = int(from_s // 60), -int(-until_s // 60)
            yield Outage(date=day, station=station, from_minute=from_minute, until_minute=until_minute, what=what)


def _scheduled(network: NetworkParameters) -> Iterator[tuple[str, float, float, str]]:
    for station, from_s, until_s, lost in network.outages:
        yield station.value, from_s, until_s, f"{lost} server{'s' * (lost != 1)} lost"
    for station, from_s, until_s, percent in network.slow:
        yield station.value, from_s, until_s, f"{percent} % of the usual service time"
