"""A run told in a few dozen numbers, for experiments that make many: nothing is left on disk."""

from collections.abc import Mapping
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
from sim.provenance import describe
from sim.results.folder import Summary
from sim.results.nation import EPIDEMIC, NationTables
from sim.results.nation_summary import headline_of, summarise_nation
from sim.results.nation_tables import SCHEMAS, epidemic_rows, province_rows
from sim.scenario import NationScenario, digest
from sim.streams import Streams

SCALED = ("cases ", "patients ", "deaths ", "samples ", "infections ", "tests ")
"""Numbers of months that are told for the whole country, whatever the number of people followed."""


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
    summary = _with_queries(scenario, seed, threads) if scenario.nation.load else _without(scenario, seed, threads)
    numbers = headline_of(summary)
    numbers |= {f"tests{name[7:]}": value for name, value in numbers.items() if name.startswith("samples ")}
    factor = scale_of(scenario)
    return {name: value * factor if name.startswith(SCALED) else value for name, value in numbers.items()}


def scale_of(scenario: NationScenario) -> float:
    """For how many people of the country each one followed stands; 1 where some provinces only are followed."""
    return 1.0 if scenario.population.provinces else NATIONAL_POPULATION_2020 / scenario.population.people


def _without(scenario: NationScenario, seed: int, threads: int) -> Summary:
    collector, population = Collector(), build(scenario.population, Streams(seed), threads=threads)
    follow(scenario, seed, population, collector, threads=threads)
    return summarise_nation(collector.tables(by_plate(population)), {"scenario": scenario.name, "seed": seed})


def _with_queries(scenario: NationScenario, seed: int, threads: int) -> Summary:
    provenance = describe(scenario=scenario.name, content=digest(scenario).encode(), seed=seed, drive="none")
    with TemporaryDirectory(prefix="hes-") as folder:
        means = Means(folder=Path(folder), cache=Path(folder) / "cache", threads=threads)
        return record(scenario, seed, provenance, means)
