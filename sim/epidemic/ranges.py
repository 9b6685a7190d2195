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
        if isinstance(value, tuple):
            problems += [
                f"{name} has {entry!r} in place {place}, which is outside {low} to {high}"
                for place, entry in enumerate(value, 1)
                if not low <= entry <= high
            ]
        elif not low <= value <= high:
            problems.append(f"{name} = {value!r} is outside {low} to {high}")
    return problems


def misdated(name: str, table: Sequence[Sequence[Any]], high: float) -> list[str]:
    """What is wrong with a dated table, whose rows are a date and numbers from 0 to `high`: each with its row."""
    if not table:
        return [f"{name} is empty; give a date and what holds from then on"]
    days: list[date] = [row[0] for row in table]
    problems = [
        f"{name} has {late} in row {row}, which is not after {early}: dates must be in order, each once"
        for row, (early, late) in enumerate(pairwise(days), 2)
        if early >= late
    ]
    for row, (_, *parts) in enumerate(table, 1):
        flat = [entry for part in parts for entry in (part if isinstance(part, tuple) else (part,))]
        problems += [
            f"{name} has {entry!r} in row {row}, place {place}, which is outside 0 to {high}"
            for place, entry in enumerate(flat, 2)
            if not 0 <= entry <= high
        ]
    return problems
