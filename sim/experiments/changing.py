"""A scenario with some parameters changed, by their dotted names as in its file.

    changed(scenario, {"epidemic.work_kept": 0.5, "reporting.laboratory_mean_hours": 24})

An entry of a list is named by its place, from 0: `epidemic.waves.3.1` is the second entry of the fourth. (Dots and
no brackets, which a shell would take for a pattern.) Types, ranges and advice are those of scenario files.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from mockgov.settings import Settings
from sim.scenario.reading import Problem, Reader, ScenarioError

Tree = TypeVar("Tree")
"""A frozen tree of dataclasses: any kind of scenario."""
MINISTRY = "ministry"
"""The one field of a scenario that is a mapping: the ministry's settings."""


def changed(scenario: Tree, changes: Mapping[str, Any]) -> Tree:
    """The same scenario with these parameters; values as TOML has them (an enum's value, a list for a tuple).

    Raises:
        ScenarioError: with everything that is wrong: unknown names with the nearest known one, types, ranges.
    """
    reader, table = Reader(lines={}), dict[str, Any]()
    for name, value in changes.items():
        try:
            _put(scenario, table, name, plain(value))
        except ScenarioError as wrong:
            reader.problems += wrong.problems
    settings = table.pop(MINISTRY, None) if hasattr(scenario, MINISTRY) else None
    values = reader.values(type(scenario), scenario, table, ())
    if settings is not None:
        values[MINISTRY] = reader.ministry({**getattr(scenario, MINISTRY), **settings})
    made: Tree = reader.built(type(scenario), scenario, values, ())
    if reader.problems:
        raise ScenarioError("the scenario cannot be changed so:", reader.problems)
    return made


def value_of(scenario: object, name: str) -> Any:
    """What a parameter is, in terms of TOML.

    Raises:
        ScenarioError: if there is none of this name.
    """
    value = scenario
    for step in name.split("."):
        value = _inside(value, step, name)
    return plain(value)


def is_whole(scenario: object, name: str) -> bool:
    """Whether a parameter is a whole number by its type; False where there is no such parameter."""
    kind: Any = type(scenario)
    for step in name.split("."):
        kind = _kind_inside(kind, step)
    return kind is int


def changed_all(scenario: Tree, changes: Sequence[Mapping[str, Any]]) -> list[Tree]:
    """One scenario for each set of changes; whatever is wrong with any of them is told at once.

    Raises:
        ScenarioError: with each mistake once, however many sets have it.
    """
    made, problems = [], dict[Problem, None]()
    for one in changes:
        try:
            made.append(changed(scenario, one))
        except ScenarioError as wrong:
            problems.update(dict.fromkeys(wrong.problems))
    if problems:
        raise ScenarioError("the scenario cannot be changed so:", list(problems))
    return made


def plain(value: Any) -> Any:
    """A value in terms of TOML: tables, lists, numbers, texts, dates."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        told = {item.name: plain(getattr(value, item.name)) for item in fields(value)}
        return {name: item for name, item in told.items() if item is not None}
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def toml(scenario: object, names: Sequence[str]) -> str:
    """The fields in which these parameters are, as a fragment of a scenario's file."""
    tables: dict[str, dict[str, str]] = {}
    for name in dict.fromkeys(_field_of(scenario, name) for name in names):
        table, _, key = name.rpartition(".")
        tables.setdefault(table, {})[key] = "\n".join(toml_lines(value_of(scenario, name)))
    pieces = []
    for table in sorted(tables):
        lines = [f"{key} = {told}" for key, told in tables[table].items()]
        pieces.append("\n".join([*([f"[{table}]"] if table else []), *lines]))
    return "\n\n".join(pieces) + "\n"


def toml_lines(value: Any) -> Iterator[str]:
    """A value as TOML writes it; a list of lists with a line for each."""
    if isinstance(value, list) and any(isinstance(item, list) for item in value):
        yield "["
        yield from (f"  {' '.join(toml_lines(item))}," for item in value)
        yield "]"
    elif isinstance(value, list):
        yield f"[{', '.join(' '.join(toml_lines(item)) for item in value)}]"
    elif isinstance(value, bool):
        yield str(value).lower()
    elif isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        yield f'"{escaped}"'
    elif isinstance(value, dt.datetime | dt.date):
        yield value.isoformat()
    else:
        yield repr(value)


def _put(scenario: object, table: dict[str, Any], name: str, value: Any) -> None:
    """Set one parameter in a table of changes; where it is a list's entry, the whole list is in the table."""
    *around, last = name.split(".")
    into: Any = table
    now: Any = scenario
    for step in around:
        now = _inside(now, step, name, strict=False)
        beneath = plain(now) if isinstance(now, tuple | list) else {}
        into = into.setdefault(step, beneath) if isinstance(into, dict) else into[_place(into, step, name)]
        if not isinstance(into, dict | list):
            raise _refusal(name, f"has nothing inside {step}")
    if isinstance(into, list):
        into[_place(into, last, name)] = value
    else:
        into[last] = value


def _inside(value: Any, step: str, name: str, *, strict: bool = True) -> Any:
    """What is under a step of a name; None where nothing is, unless `strict`."""
    if isinstance(value, tuple | list):
        return value[_place(value, step, name)]
    if isinstance(value, Mapping):
        found = value.get(step, getattr(Settings(), step, None))
    else:
        found = getattr(value, step, None) if is_dataclass(value) else None
    if found is None and strict:
        raise _refusal(name, "has no value" if hasattr(value, step) else "is unknown")
    return found


def _kind_inside(kind: Any, step: str) -> Any:
    """The type under a step; None where nothing is."""
    if get_origin(kind) in {UnionType, Union}:
        kind = next(one for one in get_args(kind) if one is not type(None))
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        if inner[-1] is Ellipsis:
            return inner[0]
        return inner[int(step)] if step.isdigit() and int(step) < len(inner) else None
    if not is_dataclass(kind):
        return None
    return Settings if step == MINISTRY else get_type_hints(kind).get(step)


def _place(entries: Sequence[Any], step: str, name: str) -> int:
    if not step.isdecimal() or int(step) >= len(entries):
        raise _refusal(name, f"names entry {step} of a list of {len(entries)}, whose entries are counted from 0")
    return int(step)


def _field_of(scenario: object, name: str) -> str:
    """The name without places in a list: the smallest thing that a file can set."""
    steps, value = name.split("."), scenario
    for length, step in enumerate(steps):
        if isinstance(value, tuple | list):
            return ".".join(steps[:length])
        value = _inside(value, step, name)
    return name


def _refusal(name: str, text: str) -> ScenarioError:
    problem = Problem(0, f"{name} {text}")
    return ScenarioError("the scenario cannot be changed so:", [problem])
