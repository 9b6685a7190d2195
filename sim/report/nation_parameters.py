"""A national run's parameters as its page shows them: those that differ from their defaults, and the others."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sim.nation.recorded import parameters_of
from sim.report.page import Row, number
from sim.scenario import NationScenario

ALWAYS = ("date", "nation.days", "nation.warm_up_days", "nation.load", "population.people")
"""Shown among the first, whatever their values."""


class Shown(NamedTuple):
    """Parameters by part: rows with `name`, the lines of `value` and, of those that differ, of the `default`."""

    set_here: dict[str, list[Row]]
    defaults: dict[str, list[Row]]


def shown(facts: Mapping[str, Any]) -> Shown:
    """A summary's facts in two groups; one that has no default by that name was set."""
    usual = _defaults()
    groups = Shown({}, {})
    for name, value in sorted(facts.items()):
        differs = name not in usual or usual[name] != value
        part, dot, rest = name.partition(".")
        plain = (rest if dot else name).replace("_", " ").replace(".", ": ")
        default = _lines(usual[name]) if differs and name in usual and name != "date" else []
        group = groups.set_here if differs or name in ALWAYS else groups.defaults
        group.setdefault(part if dot else "", []).append({"name": plain, "value": _lines(value), "default": default})
    return groups


def _defaults() -> dict[str, str | int | float]:
    """Every parameter's default; of the date there is none, so any does."""
    return parameters_of(NationScenario(name="defaults", question="What if nothing is set?", date=date(2021, 10, 4)))


def _lines(value: float | str) -> list[str]:
    """A value as people read it, a row of a table a line."""
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [number(value)] if isinstance(value, int | float) else value.split("; ")
