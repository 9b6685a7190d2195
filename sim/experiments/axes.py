"""What an experiment varies: a parameter over a range, or over some values, as told in a line of text.

reporting.tracing_capacity=30,60,120    these values
epidemic.dispersion=0.1:1.0             anything between, evenly
reporting.rate=0.001:0.1:log            anything between, each doubling alike
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite, log
from typing import Any, TypeAlias

from sim.experiments.changing import changed_all, is_whole
from sim.scenario.reading import Problem, ScenarioError

DIGITS = 6
"""Significant digits of a value from a range: what is run is what the tables say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A parameter between two values.

    Raises:
        ValueError: on construction, unless low < high, both finite, and above 0 if `log`.
    """

    name: str
    low: float
    high: float
    log: bool = False
    whole: bool = False
    """Only whole numbers, the ends included, equally likely if not `log`."""

    def __post_init__(self) -> None:
        if not (isfinite(self.low) and isfinite(self.high) and self.low < self.high):
            raise ValueError(f"{self.name}: a range goes from a lower to a higher number, as in 0.1:0.5")
        if self.log and self.low <= 0:
            raise ValueError(f"{self.name}: a logarithmic range begins above 0")

    def at(self, place: float) -> float | int:
        """The value at a place from 0 to 1 along the range."""
        if self.whole and not self.log:
            return min(int(self.low + place * (self.high - self.low + 1)), int(self.high))
        if self.log:
            value = exp(log(self.low) + place * (log(self.high) - log(self.low)))
        else:
            value = self.low + place * (self.high - self.low)
        value = min(max(float(f"{value:.{DIGITS}g}"), self.low), self.high)
        return round(value) if self.whole else value

    def place(self, value: float) -> float:
        """Where a value lies along the range: 0 at its beginning, 1 at its end."""
        if self.log:
            return (log(value) - log(self.low)) / (log(self.high) - log(self.low))
        return (value - self.low) / (self.high - self.low)

    @property
    def ends(self) -> tuple[Any, ...]:
        """The outermost values."""
        return (self.at(0.0), self.at(1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """A parameter at each of some values, as TOML has them."""

    name: str
    values: tuple[Any, ...]

    def at(self, place: float) -> Any:
        """The value at a place from 0 to 1, each with an equal share."""
        return self.values[min(int(place * len(self.values)), len(self.values) - 1)]

    @property
    def ends(self) -> tuple[Any, ...]:
        """All of them."""
        return self.values


Axis: TypeAlias = Range | Values


def read_axes(texts: Sequence[str], scenario: object) -> tuple[Axis, ...]:
    """Axes from lines of text, tried on a scenario at all their values and both ends of their ranges.

    Raises:
        ScenarioError: with everything that is wrong.
    """
    axes, problems = list[Axis](), list[Problem]()
    for text in texts:
        try:
            axes.append(read_axis(text, scenario))
        except ValueError as wrong:
            problems.append(Problem(0, str(wrong)))
    names = [axis.name for axis in axes]
    problems += [Problem(0, f"{name} is varied twice") for name in dict.fromkeys(names) if names.count(name) > 1]
    try:
        changed_all(scenario, [{axis.name: value} for axis in axes for value in axis.ends])
    except ScenarioError as wrong:
        problems += wrong.problems
    if problems:
        raise ScenarioError("this cannot be varied:", problems)
    return tuple(axes)


def read_axis(text: str, scenario: object) -> Axis:
    """One axis; a parameter of whole numbers gets a range of whole numbers.

    Raises:
        ValueError: if the text is no axis.
    """
    name, sign, told = (piece.strip() for piece in text.partition("="))
    if not (name and sign and told):
        raise ValueError(f"{text!r} varies nothing: write name=1,2,3 or name=low:high or name=low:high:log")
    pieces = told.split(":")
    if len(pieces) == 1 or not _is_number(pieces[0]):
        values = tuple(_value(piece) for piece in _entries(told))
        if twice := [value for place, value in enumerate(values) if value in values[:place]]:
            raise ValueError(f"{name}: {twice[0]} is listed twice")
        return Values(name=name, values=values)
    if len(pieces) > 3 or not all(_is_number(piece) for piece in pieces[:2]) or pieces[2:] not in ([], ["log"]):
        raise ValueError(f"{name}: a range is low:high or low:high:log, not {told}")
    low, high = map(float, pieces[:2])
    whole = is_whole(scenario, name)
    if whole and not (low.is_integer() and high.is_integer()):
        raise ValueError(f"{name} is a whole number, and so must be the ends of its range, not {told}")
    return Range(name=name, low=low, high=high, log=len(pieces) == 3, whole=whole)


def read_ranges(texts: Sequence[str], scenario: object) -> tuple[Range, ...]:
    """Axes of which each is a range, as a calibration needs them.

    Raises:
        ScenarioError: with everything that is wrong.
    """
    axes = read_axes(texts, scenario)
    if odd := [Problem(0, f"{axis.name}: give a range, low:high") for axis in axes if isinstance(axis, Values)]:
        raise ScenarioError("this cannot be fitted:", odd)
    return tuple(axis for axis in axes if isinstance(axis, Range))


def _entries(told: str) -> list[str]:
    """A text cut at commas outside brackets and quotation marks."""
    entries, depth, quoted = [""], 0, False
    for letter in told:
        quoted ^= letter == '"'
        depth += (letter == "[") - (letter == "]") if not quoted else 0
        if letter == "," and not depth and not quoted:
            entries.append("")
        else:
            entries[-1] += letter
    return [entry.strip() for entry in entries]


def _value(text: str) -> Any:
    """A value as TOML has it; what is no TOML is a text without its quotation marks."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except ValueError:
        return text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
