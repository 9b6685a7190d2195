"""What a parameter may be, and the sentence that refuses the rest."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

Range = tuple[float, float]


def outside(holder: object, ranges: Mapping[str, Range]) -> list[str]:
    """A sentence for each field, or entry of a field that is a tuple, that lies outside its range."""
    problems = []
    for name, (low, high) in ranges.items():
        value = getattr(holder, name)
        entries = value if isinstance(value, tuple) else (value,)
        if not all(low <= entry <= high for entry in entries):
            problems.append(f"{name} = {value!r} is outside {low} to {high}")
    return problems


def misdated(name: str, table: Sequence[Sequence[Any]], high: float) -> list[str]:
    """What is wrong with a dated table, whose rows are a date and numbers from 0 to `high`: at most one sentence."""
    if not table:
        return [f"{name} is empty; give a date and what holds from then on"]
    days: list[date] = [row[0] for row in table]
    if any(early >= late for early, late in pairwise(days)):
        return [f"{name} must have its dates in order, each once"]
    numbers = [entry for row in table for part in row[1:] for entry in (part if isinstance(part, tuple) else (part,))]
    if not all(0 <= number <= high for number in numbers):
        return [f"{name} has a value outside 0 to {high}"]
    return []
