"""An ensemble of answers: members with their parameters and the numbers of their runs, and what can be told of it.

Bands hold 90 %: from the 5th to the 95th percentile over members. Beside a number that was observed stand two: the
model's own, and a wider one in which each member's number is spread by the observation's error (20 evenly likely
deviates). The observed number is covered if it lies in the wider band; 90 in 100 should.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import exp, log
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiments.axes import Range
from sim.experiments.changing import changed, toml
from sim.experiments.files import Line, put_table
from sim.experiments.observed import Observation
from sim.experiments.sensitivity import Numbers
from sim.results.folder import Scalars

BAND = (0.05, 0.95)
DEVIATES = np.array([NormalDist().inv_cdf((place + 0.5) / 20) for place in range(20)])
RANGES = "hes_ranges"
"""Where a file's metadata hold the ranges, as JSON."""
UNIFORM_SD = 12**-0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Ensemble:
    """Members: values in the order of `ranges`, the seed and the numbers of each one's run."""

    ranges: tuple[Range, ...]
    members: tuple[tuple[float, ...], ...]
    seeds: tuple[int, ...]
    numbers: tuple[Mapping[str, float | None], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters."""
        return tuple(one.name for one in self.ranges)

    def changes(self, member: int) -> dict[str, float]:
        """What a member sets."""
        return dict(zip(self.names, self.members[member], strict=True))

    def with_numbers(self, numbers: Sequence[Mapping[str, float | None]]) -> "Ensemble":
        """The same members after a run."""
        return replace(self, numbers=tuple(numbers))

    def only(self, kept: Sequence[int]) -> "Ensemble":
        """Some of the members."""
        return Ensemble(
            ranges=self.ranges,
            members=tuple(self.members[member] for member in kept),
            seeds=tuple(self.seeds[member] for member in kept),
            numbers=tuple(self.numbers[member] for member in kept),
        )

    def values(self, number: str) -> Numbers:
        """One number over members; nan where it has no value."""
        found = [run.get(number) for run in self.numbers]
        return np.array([np.nan if value is None else value for value in found], np.float64)

    def means(self) -> dict[str, float | int]:
        """Each parameter's mean over members: the geometric one where its range is logarithmic."""
        found = {}
        for one, column in zip(self.ranges, np.array(self.members, np.float64).T, strict=True):
            mean = exp(float(np.log(column).mean())) if one.log else float(column.mean())
            kept = min(max(float(f"{mean:.6g}"), one.low), one.high)
            found[one.name] = round(kept) if one.whole else kept
        return found

    def parameters(self) -> list[Line]:
        """A row for each parameter: its range, mean and 90 % band, and how much was learnt of it.

        `narrowed` is 1 - sd / sd of the prior, along the range: 0 for nothing learnt, 1 for certainty.
        """
        lines = []
        means = self.means()
        for one, column in zip(self.ranges, np.array(self.members, np.float64).T, strict=True):
            low, high = np.quantile(column, BAND).tolist()
            spread = float(np.std([one.place(value) for value in column.tolist()], ddof=1))
            lines.append(
                {
                    "parameter": one.name,
                    "range_low": one.low,
                    "range_high": one.high,
                    "mean": means[one.name],
                    "low": low,
                    "high": high,
                    "narrowed": max(0.0, 1 - spread / UNIFORM_SD),
                }
            )
        return lines

    def beside(self, observations: Sequence[Observation]) -> list[Line]:
        """A row for each observation of which members have a number: median and bands, observed, covered or not.

        `off` is the logarithm of the median over what was observed; None where the median is 0, which has none.
        """
        return [line for one in observations if (line := self._beside(one))]

    def coverage(self, observations: Sequence[Observation]) -> float | None:
        """The share of observations that is covered; None if none can be told."""
        told = [line["covered"] for line in self.beside(observations)]
        return sum(told) / len(told) if told else None

    def toml(self, base: Any) -> str:
        """A fragment of a scenario's file that sets the means."""
        return toml(changed(base, self.means()), self.names)

    def table(self) -> pa.Table:
        """A member a row: seed, parameters, numbers."""
        numbers = tuple(dict.fromkeys(name for run in self.numbers for name in run))
        columns: dict[str, Any] = {"seed": pa.array(self.seeds, pa.int64())}
        for place, name in enumerate(self.names):
            columns[name] = pa.array([float(member[place]) for member in self.members], pa.float64())
        for name in numbers:
            columns[name] = pa.array([run.get(name) for run in self.numbers], pa.float64())
        return pa.table(columns)

    def write(self, path: Path, identity: Scalars) -> None:
        """Put the members into a Parquet file, from which `read` takes them; it appears whole or not at all."""
        put_table(path, self.table(), identity, **{RANGES: json.dumps([asdict(one) for one in self.ranges])})

    def _beside(self, one: Observation) -> Line | None:
        found = self.values(one.name)
        found = found[~np.isnan(found)]
        if not found.size:
            return None
        wide = (found[:, None] * np.exp(one.error * DEVIATES)[None, :]).ravel()
        (low, median, high), (wide_low, wide_high) = (
            np.quantile(found, [BAND[0], 0.5, BAND[1]]),
            np.quantile(wide, BAND),
        )
        return {
            "number": one.name,
            "kind": one.kind,
            "month": one.month,
            "observed": one.value,
            "median": float(median),
            "low": float(low),
            "high": float(high),
            "wide_low": min(float(wide_low), float(low)),
            "wide_high": max(float(wide_high), float(high)),
            "covered": bool(min(wide_low, low) <= one.value <= max(wide_high, high)),
            "off": log(float(median) / one.value) if median > 0 else None,
        }


def read(path: Path) -> Ensemble:
    """The ensemble that `Ensemble.write` put into a file.

    Raises:
        ValueError: if the file holds none.
    """
    table = pq.read_table(path)
    told = (table.schema.metadata or {}).get(RANGES.encode())
    if told is None:
        raise ValueError(f"{path} holds no ensemble: give the posterior.parquet of a calibration")
    ranges = tuple(Range(**one) for one in json.loads(told))
    names = [one.name for one in ranges]
    rows = table.to_pylist()
    members = tuple(tuple(int(row[one.name]) if one.whole else row[one.name] for one in ranges) for row in rows)
    numbers = tuple(
        {name: value for name, value in row.items() if name not in names and name != "seed"} for row in rows
    )
    return Ensemble(ranges=ranges, members=members, seeds=tuple(row["seed"] for row in rows), numbers=numbers)
