"""Many runs over a plan's points: a tidy table, a summary by point, and which parameter matters.

What has been run is on record in the sweep's folder as soon as it is finished, so a sweep that is broken off goes on
where it was, and a larger plan in the same folder runs only what is new.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from sim.experiments import sensitivity
from sim.experiments.files import Line, column, put_json, put_table, tidy
from sim.experiments.intervals import Interval, interval
from sim.experiments.journal import Row
from sim.experiments.plan import Plan
from sim.experiments.sensitivity import Effect, Numbers
from sim.experiments.tasks import Headline, Task, Workshop
from sim.results.folder import Scalars
from sim.streams import Streams

FEWEST_POINTS = 8
"""Below which no rank correlation is told."""
FEW = 5
"""Seeds at a point below which an interval is said to be weak. Chosen here."""


@dataclass(frozen=True, kw_only=True)
class Swept:
    """All runs of a plan: `runs` point by point, and in each replication by replication."""

    plan: Plan
    runs: tuple[Row, ...]
    scale: str = ""
    """For whom counts stand, in a sentence; empty if nobody said."""

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The names of the headline numbers, in the order in which they first came."""
        return tuple(dict.fromkeys(name for run in self.runs for name in run.numbers))

    @cached_property
    def failures(self) -> tuple[Line, ...]:
        """The runs that have no numbers, with why."""
        return tuple(
            {**self.plan.changes(point), "seed": seed, "failure": run.failure}
            for point, seed, run in self._placed()
            if run.failure
        )

    def values(self, number: str) -> Numbers:
        """One number, a point a row and a replication a column; nan where it has no value."""
        found = [run.numbers.get(number) for run in self.runs]
        column = np.array([np.nan if value is None else value for value in found], np.float64)
        return column.reshape(len(self.plan.points), self.plan.replications)

    def table(self) -> pa.Table:
        """A run a row: point, replication and seed, the parameters, the numbers, and why there are none."""
        placed = list(self._placed())
        columns: dict[str, pa.Array] = {
            "point": pa.array([point for point, _, _ in placed], pa.int64()),
            "replication": pa.array([seed - self.plan.seed for _, seed, _ in placed], pa.int64()),
            "seed": pa.array([seed for _, seed, _ in placed], pa.int64()),
        }
        for place, name in enumerate(self.plan.names):
            columns[name] = column([self.plan.points[point][place] for point, _, _ in placed])
        for name in self.numbers:
            free = name if name not in columns and name != "failure" else f"{name} (number)"
            columns[free] = pa.array([run.numbers.get(name) for _, _, run in placed], pa.float64())
        columns["failure"] = pa.array([run.failure or None for _, _, run in placed], pa.string())
        return pa.table(columns)

    def summary(self, numbers: Sequence[str] | None = None) -> list[Line]:
        """A row for each point and number: its parameters, mean, 95 % interval, standard deviation, count.

        Where no run's number is below 0, its intervals are cut off at 0.
        """
        lines = []
        for number in self.numbers if numbers is None else numbers:
            whole = self.values(number)
            floor = None if (whole[~np.isnan(whole)] < 0).any() else 0.0
            for point, values in enumerate(whole):
                found = interval(values[~np.isnan(values)])
                lines.append({"point": point, **self.plan.changes(point), "number": number, **_told(found, floor)})
        return lines

    @property
    def cautions(self) -> tuple[str, ...]:
        """Sentences to be read with it."""
        told = []
        if self.plan.replications == 1:
            told.append(
                "There is one seed at each point: nothing tells how far chance moves a number, so no intervals."
            )
        elif self.plan.replications < FEW:
            seeds = f"There are only {self.plan.replications} seeds at each point"
            told.append(f"{seeds}: intervals are Student's t, wide, and lean on normality.")
        blocks = len(self.plan.names) + 2 if self.plan.design == "saltelli" else 1
        drawn = len(self.plan.points) // blocks
        if self.plan.design in {"sobol", "saltelli"} and drawn & (drawn - 1):
            told.append(f"Sobol's points are most even in powers of two; {drawn} are none.")
        if self.plan.design != "grid" and not self.effects:
            told.append("There are too few points with numbers to tell what moves them.")
        return tuple(told)

    def rows(self) -> list[Line]:
        """What a terminal shows: the summary."""
        return self.summary()

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """Each parameter's effect on each number, by its means over replications; none for a grid.

        A number that has no value at some point of a `saltelli` plan has no variance shares.
        """
        if self.plan.design == "grid":
            return ()
        found = list[Effect]()
        for number in self.numbers:
            values = self.values(number)
            means = np.array([row[~np.isnan(row)].mean() if not np.isnan(row).all() else np.nan for row in values])
            shares = self.plan.design == "saltelli"
            found += self._variance_shares(number, means) if shares else self._correlations(number, means)
        return tuple(found)

    def write(self, folder: Path, identity: Scalars, record: Scalars | None = None) -> None:
        """Put sweep.parquet, points.parquet, effects.parquet and sweep.json into a folder, each whole or not at all.

        `identity` is where the sweep comes from: a provenance's; sweep.json has its `record`, if there is one.
        """
        tables = {
            "sweep": self.table(),
            "points": tidy(self.summary()),
            "effects": tidy(list(map(asdict, self.effects))),
        }
        for name, table in tables.items():
            put_table(folder / f"{name}.parquet", table, identity)
        told = {
            "design": self.plan.design,
            "parameters": list(self.plan.names),
            "points": len(self.plan.points),
            "replications": self.plan.replications,
            "seed": self.plan.seed,
            "runs": len(self.runs),
            "failed": len(self.failures),
            "scale": self.scale,
            "cautions": list(self.cautions),
            "provenance": dict(record or identity),
        }
        put_json(folder / "sweep.json", told)

    def _placed(self) -> list[tuple[int, int, Row]]:
        replications = self.plan.replications
        return [(at // replications, self.plan.seed + at % replications, run) for at, run in enumerate(self.runs)]

    def _variance_shares(self, number: str, means: Numbers) -> list[Effect]:
        if np.isnan(means).any():
            return []
        blocks = means.reshape(len(self.plan.names) + 2, -1)
        stream = Streams(self.plan.seed).stream("experiments/resampling")
        shares = sensitivity.variance_shares(blocks, stream)
        return self._effects(number, ("first", "total"), shares)

    def _correlations(self, number: str, means: Numbers) -> list[Effect]:
        told = ~np.isnan(means)
        if told.sum() < max(FEWEST_POINTS, len(self.plan.names) + 4):
            return []
        inputs = np.column_stack([sensitivity.places(values) for values in zip(*self.plan.points, strict=True)])
        return self._effects(number, ("spearman", "prcc"), sensitivity.rank_correlations(inputs[told], means[told]))

    def _effects(self, number: str, measures: tuple[str, str], found: list[tuple[Numbers, Numbers]]) -> list[Effect]:
        return [
            Effect(number=number, parameter=name, measure=measure, value=float(v), low=float(low), high=float(high))
            for name, pair in zip(self.plan.names, found, strict=True)
            for measure, (v, low, high) in zip(measures, pair, strict=True)
        ]


def sweep(base: Any, plan: Plan, headline: Headline, workshop: Workshop, *, scale: str = "") -> Swept:
    """Run every point of a plan, each with the plan's seeds; what is on record is not run again.

    Raises:
        ScenarioError: before anything runs, with whatever is wrong at any point.
        ExecutorError: if nobody is left to make runs.
    """
    return Swept(plan=plan, runs=tuple(workshop.finish(tasks_of(base, plan), headline)), scale=scale)


def tasks_of(base: Any, plan: Plan) -> list[Task]:
    """The runs that it takes, point by point.

    Raises:
        ScenarioError: with whatever is wrong at any point.
    """
    seeds = range(plan.seed, plan.seed + plan.replications)
    return [Task(scenario, seed) for scenario in plan.scenarios(base) for seed in seeds]


def _told(found: Interval, floor: float | None) -> Mapping[str, Any]:
    low = found.low if found.low is None or floor is None else max(found.low, floor)
    return {"n": found.n, "mean": found.mean, "low": low, "high": found.high, "sd": found.sd}
