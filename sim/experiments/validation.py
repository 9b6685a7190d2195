"""What a calibration foretells beside what was observed then: month by month, and in sentences what it misses.

A month is held out if it is later than all that was fitted: nothing of it was shown to the fit. A total is covered if
it lies in the wider band (`posterior`). A band may cover because it is wide, so its width is told beside it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path

import numpy as np

from sim.experiments.calibrate import Calibration
from sim.experiments.files import Line, put_table, put_text, tidy
from sim.experiments.observed import Observation
from sim.experiments.posterior import Ensemble
from sim.experiments.words import month_name
from sim.results.folder import Scalars

TITLES = (
    *("Month", "Observed", "Median", "90 % of members", "with the error of observation"),
    *("Shown to the fit", "Covered"),
)
NAMED = 4
"""Months named in a sentence; the tables have all."""
EXACT = 1.005
"""A factor that is told as 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """Members' runs, as far as they go, beside all that was observed of those months."""

    ensemble: Ensemble
    observations: tuple[Observation, ...]
    fitted: frozenset[str]
    """Names of the observations that the fit was shown."""
    last_fitted: str
    """The last month of them."""

    @classmethod
    def of(cls, found: Calibration, ahead: Ensemble | None, shown: Sequence[Observation]) -> "Validation":
        """A calibration with its members' longer runs, if there are any, and the observations to be shown beside."""
        return cls(
            ensemble=ahead or found.ensemble,
            observations=tuple({one.name: one for one in (*found.observations, *shown)}.values()),
            fitted=frozenset(one.name for one in found.observations),
            last_fitted=max(one.month for one in found.observations),
        )

    @property
    def kinds(self) -> tuple[str, ...]:
        """What was counted, each kind once."""
        return tuple(dict.fromkeys(one.kind for one in self.observations))

    def rows(self, kind: str | None = None) -> list[Line]:
        """A row for each observation of which there is a number, of one kind or all, month by month."""
        chosen = [one for one in self.observations if kind in {None, one.kind}]
        lines = sorted(self.ensemble.beside(chosen), key=lambda line: (self.kinds.index(line["kind"]), line["month"]))
        return [
            {**line, "fitted": line["number"] in self.fitted, "held_out": line["month"] > self.last_fitted}
            for line in lines
        ]

    def coverage(self) -> float | None:
        """The share of the totals held out, of the kinds that were fitted, that is covered; None if there are none."""
        kinds = {line["kind"] for line in self.rows() if line["fitted"]}
        told = [line["covered"] for line in self.rows() if line["held_out"] and line["kind"] in kinds]
        return sum(told) / len(told) if told else None

    def sentences(self, kind: str | None = None) -> list[str]:
        """What fits, what is missed and how wide the bands are, of one kind or all, kind by kind."""
        return [sentence for each in self.kinds if kind in {None, each} for sentence in self._sentences(each)]

    def write(self, folder: Path, identity: Scalars) -> None:
        """Put predicted.parquet (the members), validation.parquet (the months) and validation.md into a folder."""
        self.ensemble.write(folder / "predicted.parquet", identity)
        put_table(folder / "validation.parquet", tidy(self.rows()), identity)
        put_text(folder / "validation.md", self.markdown())

    def months(self, kind: str) -> list[tuple[str, ...]]:
        """A kind's rows in words, by `TITLES`."""
        return [tuple(_cells(line)) for line in self.rows(kind)]

    def markdown(self) -> str:
        """Tables and sentences for a text: a table for each kind."""
        pieces = []
        for kind in self.kinds:
            if lines := self.months(kind):
                marks = "|".join(["---", *(["---:"] * 4), "---", "---"])
                loud = [[*cells[:-1], "**no**" if cells[-1] == "no" else cells[-1]] for cells in lines]
                rows = "\n".join(f"| {' | '.join(cells)} |" for cells in loud)
                pieces.append(f"**{kind.capitalize()}**\n\n| {' | '.join(TITLES)} |\n|{marks}|\n{rows}")
        return "\n\n".join([*pieces, "\n".join(f"- {sentence}" for sentence in self.sentences())]) + "\n"

    def _sentences(self, kind: str) -> Iterator[str]:
        lines = self.rows(kind)
        shown = [line for line in lines if line["fitted"]]
        held = [line for line in lines if line["held_out"]]
        if shown:
            yield f"{kind.capitalize()}, months of the fit: {_count(shown)}."
        yield from _nothing(kind, [line for line in lines if line["fitted"] or line["held_out"]])
        if not held:
            return
        what = "" if shown else " (the fit was shown none of this kind)"
        yield f"{kind.capitalize()}, months held out{what}: {_count(held)}, {_width(held)}."
        yield from _off(held)
        for line in held:
            if not line["covered"]:
                side = "above" if line["observed"] > line["wide_high"] else "below"
                yield (
                    f"Missed: {kind} of {month_name(line['month'])} were {line['observed']:,.0f}, {side} the band of "
                    f"{_rounded(line['wide_low'])} to {_rounded(line['wide_high'])}; "
                    f"the median foretold is {_of_observed(line)}."
                )
        if len(held) > 1:
            yield self._peak(kind, held)

    def _peak(self, kind: str, held: Sequence[Line]) -> str:
        """When the months held out had their most, and how many members say so."""
        most = max(held, key=lambda line: float(line["observed"]))["number"]
        values = np.column_stack([self.ensemble.values(line["number"]) for line in held])
        values = values[~np.isnan(values).any(axis=1)]
        place = [line["number"] for line in held].index(most)
        right = float(((values.argmax(axis=1) == place) & (values.max(axis=1) > 0)).mean())
        month = month_name(most.partition(" ")[2])
        return f"Most {kind} of the months held out were in {month}; {right:.0%} of the members have them there."


def _count(lines: Sequence[Line]) -> str:
    return f"{sum(line['covered'] for line in lines)} of {len(lines)} totals covered"


def _nothing(kind: str, lines: Sequence[Line]) -> Iterator[str]:
    """In which months the median is 0, which a factor cannot tell."""
    if none := [line for line in lines if not line["median"]]:
        months = ", ".join(f"{month_name(line['month'])} (observed {line['observed']:,.0f})" for line in none[:NAMED])
        more = f" and {len(none) - NAMED} more months" if len(none) > NAMED else ""
        yield f"Half of the members or more have no {kind} at all in {months}{more}: a model of more people would tell."


def _off(lines: Sequence[Line]) -> Iterator[str]:
    """How far the medians that are not 0 are from what was observed, typically and at most, as factors either way."""
    if told := [line for line in lines if line["off"] is not None]:
        worst = max(told, key=lambda line: abs(line["off"]))
        typical, most = exp(float(np.median([abs(line["off"]) for line in told]))), exp(abs(worst["off"]))
        which = "The medians" if len(told) == len(lines) else "The medians that are not 0"
        side = "high" if worst["off"] > 0 else "low"
        farthest = f", and at most by {_factor(most)}, too {side}, in {month_name(worst['month'])}" * (most > EXACT)
        yield f"{which} are typically off by a factor of {_factor(typical)}{farthest}."


def _width(lines: Sequence[Line]) -> str:
    """How wide bands are: half of them as wide, or wider."""
    width = float(np.median([line["wide_high"] / line["wide_low"] if line["wide_low"] else np.inf for line in lines]))
    if np.isfinite(width):
        return f"in bands whose upper end is typically {_factor(width)} times the lower"
    return "in bands of which half or more begin at 0"


def _of_observed(line: Line) -> str:
    """A median beside what was observed."""
    if not line["median"]:
        return "0"
    return f"{_rounded(line['median'])}, {_factor(line['median'] / line['observed'])} times as many"


def _factor(factor: float) -> str:
    """Two digits, or whole from ten on."""
    return f"{factor:,.0f}" if factor >= 10 else f"{factor:.2g}"


def _cells(line: Line) -> Iterator[str]:
    yield line["month"]
    yield f"{line['observed']:,.0f}"
    yield f"{_rounded(line['median'])}"
    yield f"{_rounded(line['low'])} to {_rounded(line['high'])}"
    yield f"{_rounded(line['wide_low'])} to {_rounded(line['wide_high'])}"
    yield "yes" if line["fitted"] else "held out" if line["held_out"] else "no"
    yield "yes" if line["covered"] else "no"


def _rounded(value: float) -> str:
    """Three digits: a model's number has no more."""
    return f"{float(f'{value:.3g}'):,.0f}"
