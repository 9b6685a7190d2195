"""A run told in a few dozen numbers, for experiments that make many: nothing is left on disk but populations."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mockgov.vocabulary.province import NATIONAL_POPULATION_2020
from sim.nation.follow import follow
from sim.nation.load import Columns
from sim.nation.recorded import Means, by_plate, record
from sim.population.building import build
from sim.population.cache import DiskFullError, cached
from sim.population.model import Population
from sim.provenance import describe
from sim.results.folder import Summary
from sim.results.nation import EPIDEMIC, NationTables
from sim.results.nation_summary import headline_of, summarise_nation
from sim.results.nation_tables import SCHEMAS, epidemic_rows, province_rows
from sim.scenario import NationScenario, digest
from sim.streams import Streams

SCALED = ("cases ", "patients ", "deaths ", "samples ", "infections ", "tests ")
"""Numbers of months that are told for the whole country, whatever the number of people followed."""
NO_COUNTS = ("peak day", "attempts per call", "busiest minute")
"""Numbers that do not grow with the people: shares and moments. So are those with these beginnings and ends:"""
NO_COUNTS_BEGIN = ("precision ", "recall ", "doors precision", "doors recall")
NO_COUNTS_END = (" share", " ms", " min", " utilisation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """For whom a run's counts stand."""

    people: int
    """How many are followed."""
    country: int
    """For how many they stand; `people` themselves where some provinces only are followed."""
    asks: bool = False
    """Whether queries are made, which meet a service of a set size."""

    @property
    def factor(self) -> float:
        """What a count of the people followed is multiplied by."""
        return self.country / self.people


@dataclass(slots=True)
class Collector:
    """Keeps the days of the epidemic in memory; a run with queries needs a folder instead."""

    rows: list[pa.Table] = field(default_factory=list)

    def epidemic_day(self, day: date, totals: Mapping[str, NDArray[np.int64]], *, reported: bool) -> None:
        """A day's row for each province."""
        self.rows.append(epidemic_rows(len(self.rows), day, totals, reported=reported))

    def calls(self, day: date, columns: Columns) -> None:
        """There are none."""
        raise AssertionError(f"a run without queries was told {columns['at_us'].size} calls of {day}")

    def minutes(
        self,
        day: date,
        calls: Mapping[str, NDArray[np.int64]],
        stations: Mapping[str, Mapping[str, NDArray[np.int64]]],
    ) -> None:
        """There are none."""
        raise AssertionError(f"a run without queries was told {len(calls)} and {len(stations)} tables of {day}")

    def end_day(self, day: date) -> None:
        """No day has queries that could end."""
        raise AssertionError(f"a run without queries was told the end of those of {day}")

    def tables(self, people: NDArray[np.int64]) -> NationTables:
        """The run's tables, those of queries empty."""
        nothing = {name: schema.empty_table() for name, schema in SCHEMAS.items() if name != "load"}
        epidemic = pa.concat_tables(self.rows) if self.rows else EPIDEMIC.empty_table()
        return NationTables(epidemic=epidemic, provinces=province_rows(people), load={}, **nothing)


def headlines(scenario: NationScenario, seed: int, *, threads: int = 1) -> dict[str, float]:
    """A run's main numbers by name; months' totals are scaled to the whole country, and samples called tests as well.

    Cases, patients, tests and deaths of a month have the names of `sim.experiments.observed`.
    """
    numbers = _numbers(scenario, seed, threads)
    numbers |= {f"tests{name[7:]}": value for name, value in numbers.items() if name.startswith("samples ")}
    factor = scale_of(scenario)
    return {name: value * factor if name.startswith(SCALED) else value for name, value in numbers.items()}


def numbers_of(scenario: NationScenario, seed: int, *, threads: int = 1) -> dict[str, float]:
    """A run's main numbers by name, all in one scale: counts, of months and in all, stand for the whole country.

    The population is kept on disk: many runs of an experiment have the same.
    """
    factor = scale_of(scenario)
    told = _numbers(scenario, seed, threads, keep=True)
    return {name: value * factor if is_count(name) else value for name, value in told.items()}


def is_count(name: str) -> bool:
    """Whether a number grows with the people followed."""
    return not (name in NO_COUNTS or name.startswith(NO_COUNTS_BEGIN) or name.endswith(NO_COUNTS_END))


def scale_of(scenario: NationScenario) -> float:
    """For how many people of the country each one followed stands; 1 where some provinces only are followed."""
    return stands_for(scenario).factor


def stands_for(scenario: NationScenario) -> Scale:
    """How many people are followed, and for how many they stand."""
    people = scenario.population.people
    country = people if scenario.population.provinces else NATIONAL_POPULATION_2020
    return Scale(people=people, country=country, asks=bool(scenario.nation.load))


def scale_words(scales: Sequence[Scale]) -> str:
    """For whom the counts of all these runs stand, in a sentence or two; empty without any."""
    people = sorted({scale.people for scale in scales})
    if not people:
        return ""
    counts = [f"{count:,}" for count in people]
    followed = " or ".join(counts) if len(counts) <= 2 else f"{counts[0]} to {counts[-1]}"
    factors = sorted({scale.factor for scale in scales})
    if factors == [1.0]:
        whole = people == [NATIONAL_POPULATION_2020]
        return f"{followed} people are followed{', the whole country' if whole else ''}; counts are theirs."
    each = [f"{factor:,.0f}" if factor >= 1_000 else f"{factor:.4g}" for factor in factors]
    times = " or ".join(each) if len(each) <= 2 else f"{each[0]} to {each[-1]}"
    service = (
        " Queries are those of the people followed, before the service as it is set: its waiting times, utilisation "
        "and refusals are the country's only if it was made smaller by as much."
    )
    return (
        f"{followed} people are followed, and each stands for {times} of the country's "
        f"{NATIONAL_POPULATION_2020:,}: counts are told for the whole country, so they move in steps of {times}."
        f"{service if any(scale.asks for scale in scales) else ''}"
    )


def kept_in() -> Path:
    """The folder in which populations are kept: `HES_CACHE`, or the user's cache."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("HES_CACHE") or base / "hes-sandbox")


def _numbers(scenario: NationScenario, seed: int, threads: int, *, keep: bool = False) -> dict[str, float]:
    if scenario.nation.load:
        return headline_of(_with_queries(scenario, seed, threads, keep=keep))
    population = _kept(scenario, seed, threads) if keep else build(scenario.population, Streams(seed), threads=threads)
    return headline_of(_without(scenario, seed, threads, population))


def _kept(scenario: NationScenario, seed: int, threads: int) -> Population:
    """The population, from disk if it is there; a disk without room for it costs time, and no result."""
    try:
        return cached(scenario.population, seed, kept_in(), threads=threads)
    except DiskFullError:
        return build(scenario.population, Streams(seed), threads=threads)


def _without(scenario: NationScenario, seed: int, threads: int, population: Population) -> Summary:
    collector = Collector()
    follow(scenario, seed, population, collector, threads=threads)
    return summarise_nation(collector.tables(by_plate(population)), {"scenario": scenario.name, "seed": seed})


def _with_queries(scenario: NationScenario, seed: int, threads: int, *, keep: bool) -> Summary:
    provenance = describe(scenario=scenario.name, content=digest(scenario).encode(), seed=seed, drive="none")
    with TemporaryDirectory(prefix="hes-") as folder:
        cache = kept_in() if keep else Path(folder) / "cache"
        return record(scenario, seed, provenance, Means(folder=Path(folder), cache=cache, threads=threads))
