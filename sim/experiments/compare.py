"""Two scenarios on the same seeds: what the difference between them does, apart from luck.

With common random numbers both runs of a pair meet the same chance, so most of what luck does to one it does to the
other, and the difference D = B - A varies less than between independent runs: Var D = Var A + Var B - 2 Cov(A, B).
How much less is told for every number (A. M. Law, "Simulation Modeling and Analysis", on common random numbers).

Intervals are Student's t. Below `FEW` pairs no correlation is told, and nothing that hangs on one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from sim.experiments.files import Line, put_json, put_table, tidy
from sim.experiments.intervals import LEVEL, interval
from sim.experiments.journal import Row
from sim.experiments.sensitivity import Numbers
from sim.experiments.tasks import Headline, Task, Workshop
from sim.results.folder import Scalars

LOOSE = 0.1
"""A correlation below which pairing may bring nothing."""
FEW = 5
"""Pairs below which an interval is said to be weak, and no correlation is told. Chosen here."""
Verdict: TypeAlias = Literal["higher", "lower", "equal", "not told apart", "too few seeds"]


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
    """Of the t test that there is no difference; None if all pairs differ by the same."""
    correlation: float | None
    """Of A and B over pairs; None if one of them never varies, or there are fewer than `FEW` pairs."""
    reduction: float | None
    """How many times as many independent runs the same certainty would take; None if the difference never varies, or
    there are fewer than `FEW` pairs."""

    @property
    def verdict(self) -> Verdict:
        """What can be said of B: higher, lower, equal in every pair, not told apart, or too few seeds to say.

        Where there was nothing in any run, nothing could have differed, so that is not called equal.
        """
        if self.low is None or self.high is None:
            return "too few seeds"
        if self.low <= 0 <= self.high:
            if self.low < self.high or self.is_void:
                return "not told apart"
            return "equal" if self.pairs >= FEW else "too few seeds"
        if self.low == self.high and self.pairs < FEW:
            return "too few seeds"
        return "higher" if self.low > 0 else "lower"

    @property
    def is_void(self) -> bool:
        """Whether it is 0 in both."""
        return self.first == self.second == self.difference == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """B against A."""

    names: tuple[str, str]
    seeds: tuple[int, ...]
    level: float
    differences: tuple[Difference, ...]
    cautions: tuple[str, ...]
    """Sentences to be read with it."""
    scale: str = ""
    """For whom counts stand, in a sentence; empty if nobody said."""

    def rows(self) -> list[Line]:
        """A row for each number."""
        names = [item.name for item in fields(Difference)]
        return [{**{name: getattr(one, name) for name in names}, "verdict": one.verdict} for one in self.differences]

    def write(self, folder: Path, identity: Scalars, record: Scalars | None = None) -> None:
        """Put comparison.parquet and comparison.json into a folder; `identity` and `record` are a provenance's."""
        put_table(folder / "comparison.parquet", tidy(self.rows()), identity)
        told = {"first": self.names[0], "second": self.names[1], "seeds": list(self.seeds), "level": self.level}
        told |= {
            "scale": self.scale,
            "cautions": list(self.cautions),
            "numbers": self.rows(),
            "provenance": dict(record or identity),
        }
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
    scale: str = "",
    notes: Sequence[str] = (),
) -> Comparison:
    """Run two scenarios on each seed and compare every number that both have.

    `scale` says for whom counts stand; `notes` are cautions that come first.

    Raises:
        ValueError: if there is no seed, or one comes twice.
        ExecutorError: if nobody is left to make runs.
    """
    runs = workshop.finish(tasks_of(first, second, seeds), headline)
    pairs = list(zip(runs[::2], runs[1::2], strict=True))
    return paired(pairs, seeds=tuple(seeds), names=names, level=level, scale=scale, notes=notes)


def tasks_of(first: Any, second: Any, seeds: Sequence[int]) -> list[Task]:
    """The runs that it takes, pair by pair.

    Raises:
        ValueError: if there is no seed, or one comes twice.
    """
    if not seeds or len(set(seeds)) < len(seeds):
        raise ValueError("a comparison needs seeds, each once")
    return [Task(scenario, seed) for seed in seeds for scenario in (first, second)]


def paired(
    pairs: Sequence[tuple[Row, Row]],
    *,
    seeds: tuple[int, ...],
    names: tuple[str, str],
    level: float = LEVEL,
    scale: str = "",
    notes: Sequence[str] = (),
) -> Comparison:
    """Compare runs that were made in pairs; a pair counts for a number if both have it.

    `notes` are cautions that come first.
    """
    numbers = dict.fromkeys(name for pair in pairs for run in pair for name in run.numbers)
    differences, cautions, gaps = list[Difference](), list(notes), dict[int, list[str]]()
    for seed, pair in zip(seeds, pairs, strict=True):
        told = zip(names, pair, strict=True)
        cautions += [f"{name} failed with seed {seed}: {run.failure}" for name, run in told if run.failure]
    if len(seeds) < FEW:
        cautions.append(
            f"There are only {len(seeds)} pairs: intervals are Student's t, wide, and lean on normality; too few seeds "
            f"to tell correlations and what pairing saves, for which it takes {FEW}."
        )
    for number in numbers:
        both = [(a.numbers.get(number), b.numbers.get(number)) for a, b in pairs]
        full = np.array([pair for pair in both if None not in pair], np.float64).reshape(-1, 2)
        if len(full) < len(pairs):
            gaps.setdefault(len(full), []).append(number)
        if len(full):
            differences.append(_difference(number, full[:, 0], full[:, 1], level))
    for full_pairs, names_of in gaps.items():
        has = "has" if len(names_of) == 1 else "have"
        cautions.append(f"{', '.join(names_of)} {has} a value in both runs of {full_pairs} of {len(pairs)} pairs.")
    cautions += _of_all(differences)
    return Comparison(
        names=names,
        seeds=seeds,
        level=level,
        differences=tuple(differences),
        cautions=tuple(dict.fromkeys(cautions)),
        scale=scale,
    )


def _of_all(differences: Sequence[Difference]) -> Iterator[str]:
    """What is to be said of several numbers at once."""
    if void := [one.number for one in differences if one.is_void]:
        yield f"In all runs there was none of: {', '.join(void)}. So nothing is known of the difference there."
    if loose := [one.number for one in differences if one.correlation is not None and one.correlation < LOOSE]:
        yield (
            f"The pairs show no correlation for: {', '.join(loose)}. Common random numbers may bring nothing there, "
            "and intervals be as wide as those of independent runs."
        )


def _difference(number: str, first: Numbers, second: Numbers, level: float) -> Difference:
    apart = second - first
    found = interval(apart, level)
    mean = float(first.mean())
    spreads = [float(values.var(ddof=1)) if len(values) > 1 else 0.0 for values in (first, second, apart)]
    enough = len(apart) >= FEW
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
        p=found.p if spreads[2] > 0 or not found.mean else None,
        correlation=float(np.corrcoef(first, second)[0, 1]) if varies and enough else None,
        reduction=(spreads[0] + spreads[1]) / spreads[2] if spreads[2] > 0 and enough else None,
    )
