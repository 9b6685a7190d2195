"""Two scenarios on the same seeds: what the difference between them does, apart from luck.

With common random numbers both runs of a pair meet the same chance, so most of what luck does to one it does to the
other, and the difference D = B - A varies less than between independent runs: Var D = Var A + Var B - 2 Cov(A, B).
How much less is told for every number (A. M. Law, "Simulation Modeling and Analysis", on common random numbers).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from sim.experiments.files import Line, put_json, put_table, tidy
from sim.experiments.intervals import LEVEL, interval
from sim.experiments.journal import Row
from sim.experiments.sensitivity import Numbers
from sim.experiments.tasks import Headline, Task, Workshop
from sim.results.folder import Scalars

LOOSE = 0.1
"""A correlation below which pairing is said to bring nothing."""
FEW = 5
"""Pairs below which an interval is said to be weak."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One headline number in two scenarios; None where there are too few pairs to say."""

    number: str
    pairs: int
    first: float
    """Mean of A."""
    second: float
    """Mean of B."""
    difference: float
    """Mean of B - A over pairs."""
    low: float | None
    high: float | None
    """Its confidence interval (Student's t over pairs)."""
    share: float | None
    """The difference as a share of A's mean; None if that is 0."""
    p: float | None
    """Of the t test that there is no difference."""
    correlation: float | None
    """Of A and B over pairs; None if one of them never varies."""
    reduction: float | None
    """How many times as many independent runs the same certainty would take; None if the difference never varies."""

    @property
    def verdict(self) -> str:
        """What can be said: same, higher, lower, or undecided."""
        if self.difference == 0 and self.low == self.high == 0:
            return "same"
        if self.low is None or self.high is None or self.low <= 0 <= self.high:
            return "undecided"
        return "higher" if self.low > 0 else "lower"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """B against A."""

    names: tuple[str, str]
    seeds: tuple[int, ...]
    level: float
    differences: tuple[Difference, ...]
    cautions: tuple[str, ...]
    """Sentences to be read with it."""

    def rows(self) -> list[Line]:
        """A row for each number."""
        names = [item.name for item in fields(Difference)]
        return [{**{name: getattr(one, name) for name in names}, "verdict": one.verdict} for one in self.differences]

    def write(self, folder: Path, identity: Scalars) -> None:
        """Put comparison.parquet and comparison.json into a folder; `identity` is a provenance's."""
        put_table(folder / "comparison.parquet", tidy(self.rows()), identity)
        told = {"first": self.names[0], "second": self.names[1], "seeds": list(self.seeds), "level": self.level}
        told |= {"cautions": list(self.cautions), "numbers": self.rows(), "provenance": dict(identity)}
        put_json(folder / "comparison.json", told)


def compare(
    first: Any,
    second: Any,
    headline: Headline,
    workshop: Workshop,
    *,
    seeds: Sequence[int],
    names: tuple[str, str] = ("A", "B"),
    level: float = LEVEL,
) -> Comparison:
    """Run two scenarios on each seed and compare every number that both have.

    Raises:
        ValueError: if there is no seed, or one comes twice.
        ExecutorError: if nobody is left to make runs.
    """
    if not seeds or len(set(seeds)) < len(seeds):
        raise ValueError("a comparison needs seeds, each once")
    tasks = [Task(scenario, seed) for seed in seeds for scenario in (first, second)]
    runs = workshop.finish(tasks, headline)
    return paired(list(zip(runs[::2], runs[1::2], strict=True)), seeds=tuple(seeds), names=names, level=level)


def paired(
    pairs: Sequence[tuple[Row, Row]], *, seeds: tuple[int, ...], names: tuple[str, str], level: float = LEVEL
) -> Comparison:
    """Compare runs that were made in pairs; a pair counts for a number if both have it."""
    numbers = dict.fromkeys(name for pair in pairs for run in pair for name in run.numbers)
    differences, cautions = list[Difference](), list[str]()
    for seed, pair in zip(seeds, pairs, strict=True):
        told = zip(names, pair, strict=True)
        cautions += [f"{name} failed with seed {seed}: {run.failure}" for name, run in told if run.failure]
    if len(seeds) < FEW:
        cautions.append(f"There are only {len(seeds)} pairs: intervals are wide, and lean on normality.")
    for number in numbers:
        both = [(a.numbers.get(number), b.numbers.get(number)) for a, b in pairs]
        full = np.array([pair for pair in both if None not in pair], np.float64).reshape(-1, 2)
        if len(full) < len(pairs):
            cautions.append(f"{number} has a value in both runs of {len(full)} of {len(pairs)} pairs.")
        if len(full):
            one = _difference(number, full[:, 0], full[:, 1], level)
            differences.append(one)
            if one.correlation is not None and len(full) >= FEW and one.correlation < LOOSE:
                cautions.append(
                    f"The pairs of {number} are not correlated (r = {one.correlation:.2f}): common random numbers "
                    "bring nothing there, and its interval is as wide as that of independent runs."
                )
    return Comparison(
        names=names, seeds=seeds, level=level, differences=tuple(differences), cautions=tuple(dict.fromkeys(cautions))
    )


def _difference(number: str, first: Numbers, second: Numbers, level: float) -> Difference:
    apart = second - first
    found = interval(apart, level)
    mean = float(first.mean())
    spreads = [float(values.var(ddof=1)) if len(values) > 1 else 0.0 for values in (first, second, apart)]
    varies = spreads[0] > 0 and spreads[1] > 0
    return Difference(
        number=number,
        pairs=len(apart),
        first=mean,
        second=float(second.mean()),
        difference=float(apart.mean()),
        low=found.low,
        high=found.high,
        share=float(apart.mean()) / mean if mean else None,
        p=found.p,
        correlation=float(np.corrcoef(first, second)[0, 1]) if varies else None,
        reduction=(spreads[0] + spreads[1]) / spreads[2] if spreads[2] > 0 else None,
    )
