"""A scenario: one question, and everything that is set to answer it, read from a TOML file.

A file has a table for each part of the country, named as the part and with the fields of its parameters; what
it leaves out has its default. It has `question` and `date` above all tables:

    question = "Do all answers of a working day agree with what is true?"
    date = 2021-10-04

    [population]
    people = 24_000

    [demand.mall]
    per_person = 0.4

Whatever is wrong with a file is told at once, each mistake with its line.
"""

import datetime as dt
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from difflib import get_close_matches
from enum import Enum
from hashlib import blake2b
from pathlib import Path
from types import UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from mockgov.settings import Settings
from sim.capacity.parameters import CapacityParameters
from sim.demand.parameters import DemandParameters
from sim.epidemic.parameters import EpidemicParameters
from sim.population.parameters import PopulationParameters
from sim.reporting.parameters import ReportingParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayParameters:
    """How a day is played against a running ministry. No result but measured latencies hangs on it."""

    compression: float = 86_400 / 75
    """Simulated seconds that pass in one real second, 1 to 100,000. The default plays 24 hours in 75 s."""

    tick_minutes: int = 5
    """Simulated minutes from one setting of the ministry's clock to the next, 1 to 1,440; what falls due in
    between is handed in then."""

    def __post_init__(self) -> None:
        """Refuse what cannot be played."""
        problems = [
            f"{name} = {getattr(self, name)!r} is outside 1 to {high}"
            for name, high in (("compression", 100_000), ("tick_minutes", 1_440))
            if not 1 <= getattr(self, name) <= high
        ]
        if problems:
            raise ValueError("; ".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One question and all that is set to answer it."""

    name: str
    """The file's name without `.toml`."""
    question: str
    """What the scenario answers, in one sentence."""
    date: dt.date
    """The day that is played, in Turkish time."""
    warm_up_days: int = 49
    """Days for which the epidemic runs before it, 0 to 1,000; the day played is the last one simulated."""
    population: PopulationParameters = field(default_factory=PopulationParameters)
    epidemic: EpidemicParameters = field(default_factory=EpidemicParameters)
    reporting: ReportingParameters = field(default_factory=ReportingParameters)
    demand: DemandParameters = field(default_factory=DemandParameters)
    capacity: CapacityParameters = field(default_factory=CapacityParameters)
    ministry: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the ministry that are not its defaults, by the names of `mockgov.settings.Settings`. Not to
    be changed."""
    play: PlayParameters = field(default_factory=PlayParameters)

    def __post_init__(self) -> None:
        """Refuse a question that is none, and a warm-up longer than the era."""
        problems = []
        if not self.question.strip() or "\n" in self.question.strip():
            problems.append("question must be one sentence on one line")
        if not 0 <= self.warm_up_days <= 1_000:
            problems.append(f"warm_up_days = {self.warm_up_days!r} is outside 0 to 1000")
        if problems:
            raise ValueError("; ".join(problems))


class Problem(NamedTuple):
    """One mistake in a file."""

    line: int
    """From 1; 0 where there is no line to point at."""
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.line else self.text


class ScenarioError(ValueError):
    """A scenario that cannot be found or read; the message lists all that is wrong with it."""

    def __init__(self, what: str, problems: Sequence[Problem] = ()) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n  ".join([what, *map(str, self.problems)]))


# Finding and reading


def list_scenarios(folders: Sequence[Path]) -> tuple[Path, ...]:
    """The scenario files of these folders by name; of two with one name that of the earlier folder."""
    known: dict[str, Path] = {}
    for folder in folders:
        for path in folder.glob("*.toml"):
            known.setdefault(path.stem, path)
    return tuple(known[name] for name in sorted(known))


def find(name_or_path: str, folders: Sequence[Path]) -> Path:
    """The file that is meant by a scenario's name or by a path to it.

    Raises:
        ScenarioError: if there is none; it names the nearest, or all.
    """
    by_name = {path.stem: path for path in list_scenarios(folders)}
    if name_or_path in by_name:
        return by_name[name_or_path]
    path = Path(name_or_path)
    if path.is_file():
        return path
    near = get_close_matches(path.stem, by_name, n=1)
    advice = f"did you mean {near[0]}?" if near else f"known are {', '.join(by_name) or 'none'}"
    raise ScenarioError(f"there is no scenario {name_or_path!r}; {advice}")


def load(path: Path) -> Scenario:
    """Read a scenario's file.

    Raises:
        ScenarioError: if it cannot be read, with everything that is wrong in it.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path} cannot be read: {error}") from error
    return parse(text, name=path.stem)


def parse(text: str, *, name: str) -> Scenario:
    """Read a scenario from the text of its file, under this name.

    Raises:
        ScenarioError: with everything that is wrong in it.
    """
    try:
        table = tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, or a number with thousands of digits
        raise ScenarioError(f"{name}.toml is no TOML: {error}") from error
    reader = _Reader(lines=line_numbers(text))
    scenario = reader.scenario(table, name)
    if scenario is None or reader.problems:
        count = len(reader.problems)
        raise ScenarioError(f"{name}.toml has {count} mistake{'s' * (count != 1)}:", reader.problems)
    return scenario


def digest(scenario: Scenario) -> str:
    """32 hexadecimal digits over all that is in force, defaults included, but not name and question.

    Two scenarios with the same digest and the same seed have the same results.
    """
    told = json.dumps(_plain(scenario), sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return blake2b(told.encode(), digest_size=16).hexdigest()


def _plain(value: Any) -> Any:
    """The value in terms of JSON."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        names = [item.name for item in fields(value)]
        words = ("name", "question") if isinstance(value, Scenario) else ()
        return {name: _plain(getattr(value, name)) for name in names if name not in words}
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


# From TOML to values

Key = tuple[str, ...]


class _MismatchError(ValueError):
    """A value is not of its field's type; the message completes "key = value must be …"."""


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Reads tables into dataclasses, and collects what is wrong."""

    lines: Mapping[Key, int]
    problems: list[Problem] = field(default_factory=list)

    def scenario(self, table: dict[str, Any], name: str) -> Scenario | None:
        """The whole file; None if something without a default is missing."""
        tables = {key: value for key, value in table.items() if key not in {"ministry", "name"}}
        if "name" in table:
            self.refuse(("name",), "is not set in the file: a scenario is called as its file")
        values = self.values(Scenario, None, tables, ())
        settings = table.get("ministry", {})
        if isinstance(settings, dict):
            values["ministry"] = self.ministry(settings)
        else:
            self.refuse(("ministry",), "must be a table")
        scenario: Scenario | None = self.built(Scenario, None, values | {"name": name}, ())
        return scenario

    def ministry(self, table: dict[str, Any]) -> dict[str, Any]:
        """The ministry's settings: checked with its own rules, passed on as they are."""
        if "start" in table:
            self.refuse(("ministry", "start"), "follows from date; leave it out")
        overrides = {key: value for key, value in table.items() if key != "start"}
        values = self.values(Settings, Settings(), overrides, ("ministry",))
        self.built(Settings, Settings(), values, ("ministry",))
        return values

    def values(self, kind: type, base: Any, table: dict[str, Any], key: Key) -> dict[str, Any]:
        """The fields that a table sets."""
        hints, values = get_type_hints(kind), {}
        for name, raw in table.items():
            here = (*key, name)
            if name not in hints:
                self.refuse(here, f"is unknown; {_advice(name, list(hints))}")
            elif is_dataclass(hints[name]) and isinstance(raw, dict):
                inner = _default(kind, base, name)
                values[name] = self.built(hints[name], inner, self.values(hints[name], inner, raw, here), here)
            else:
                try:
                    values[name] = _converted(hints[name], raw)
                except _MismatchError as wrong:
                    self.refuse(here, f"= {_shown(raw)} must be {wrong}")
        return values

    def built(self, kind: type, base: Any, values: dict[str, Any], key: Key) -> Any:
        """The dataclass, or `base` and the reasons why not."""
        required = [item.name for item in fields(kind) if item.default is item.default_factory is MISSING]
        missing = [] if base is not None else [name for name in required if name not in values]
        for name in missing:
            if (*key, name) not in self.lines:  # else it was refused already
                self.refuse((*key, name), "is missing")
        if missing:
            return base
        try:
            return kind(**values) if base is None else replace(base, **values)
        except ValueError as error:
            for name, text in _sentences(str(error), kind, key):
                self.refuse((*key, name) if name else key, text)
            return base

    def refuse(self, key: Key, text: str) -> None:
        """Note a mistake with its line: that of the key, or of the innermost table around it."""
        around = [self.lines[key[:length]] for length in range(len(key), 0, -1) if key[:length] in self.lines]
        self.problems.append(Problem(around[0] if around else 0, f"{'.'.join(key)} {text}".strip()))


def _default(kind: type, base: Any, name: str) -> Any:
    if base is not None:
        return getattr(base, name)
    (item,) = [item for item in fields(kind) if item.name == name]
    return item.default_factory() if item.default_factory is not MISSING else None


def _sentences(message: str, kind: type, key: Key) -> Iterator[tuple[str, str]]:
    """A part's objections one by one, each as the field that it begins with and the rest of its text."""
    names = {item.name for item in fields(kind)}
    told: list[tuple[str, str]] = []
    for piece in message.removeprefix(f"{''.join(key[-1:])}: ").rstrip(".").split("; "):
        head, _, rest = piece.partition(" ")
        if head.rstrip(":") in names:
            told.append((head.rstrip(":"), rest))
        elif told:
            told[-1] = (told[-1][0], f"{told[-1][1]}; {piece}")
        else:
            told.append(("", piece))
    yield from told


def _converted(kind: Any, raw: Any) -> Any:
    """A TOML value as the type of its field; raises `_MismatchError`."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {UnionType, Union}:
        return _converted(next(one for one in inner if one is not type(None)), raw)
    if origin is tuple:
        return _converted_tuple(inner, raw)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _converted_choice(kind, raw)
    if kind is float and type(raw) in {int, float} and abs(raw) <= 1e300:  # not nan, not inf
        return float(raw)
    if kind is not float and type(raw) is kind:  # exactly: true is no number, a moment is no date
        return raw
    raise _MismatchError(_EXPECTED.get(kind, "a table"))


_EXPECTED = {
    int: "a whole number",
    float: "a number",
    str: "a text in quotation marks",
    bool: "true or false",
    dt.date: "a date such as 2021-10-04, without quotation marks",
    dt.datetime: "a moment such as 2021-10-04T08:00:00+03:00, without quotation marks",
}


def _converted_tuple(inner: tuple[Any, ...], raw: Any) -> tuple[Any, ...]:
    endless = inner[-1] is Ellipsis
    if not isinstance(raw, list) or not (endless or len(raw) == len(inner)):
        raise _MismatchError("a list in brackets" if endless else f"a list of {len(inner)} in brackets")
    kinds = [inner[0]] * len(raw) if endless else inner
    try:
        return tuple(_converted(kind, item) for kind, item in zip(kinds, raw, strict=True))
    except _MismatchError as wrong:
        raise _MismatchError(f"a list of which each entry is {wrong}") from wrong


def _converted_choice(kind: type[Enum], raw: Any) -> Enum:
    choices = {member.value: member for member in kind}
    if isinstance(raw, str | int) and raw in choices:
        return choices[raw]
    raise _MismatchError(f"one of {', '.join(map(str, choices))}")


def _shown(raw: Any) -> str:
    """A value as the file may have it, cut short."""
    text = json.dumps(raw, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _advice(name: str, known: list[str]) -> str:
    """What was probably meant: a name of this table, or the same name in another one."""
    if near := get_close_matches(name, known, n=1):
        return f"did you mean {near[0]}?"
    if elsewhere := [".".join(key) for key in _all_keys(Scenario) if key[-1] == name]:
        return f"did you mean {elsewhere[0]}?"
    return f"known are {', '.join(known)}"


def _all_keys(kind: Any, key: Key = ()) -> Iterator[Key]:
    for name, hint in get_type_hints(kind).items():
        yield (*key, name)
        inner = Settings if name == "ministry" else hint
        if is_dataclass(inner):
            yield from _all_keys(inner, (*key, name))


# Lines


def line_numbers(text: str) -> dict[Key, int]:
    """The line, from 1, on which each key of a TOML text is set, and each table begins.

    A key with a value, a table's header, a comment: each is TOML by itself. So a statement ends where what
    has been read since its beginning can be parsed.
    """
    lines, found, table = text.split("\n"), dict[Key, int](), Key()
    start = 0
    while start < len(lines):
        piece, end = _statement(lines, start)
        is_header = lines[start].lstrip().startswith("[")
        keys = list(_keys_of(piece))
        for key in keys:
            found.setdefault(key if is_header else table + key, start + 1)
        if is_header:
            table = max(keys, key=len)
        start = end
    return found


def _statement(lines: list[str], start: int) -> tuple[dict[str, Any], int]:
    for end in range(start + 1, len(lines) + 1):
        try:
            return tomllib.loads("\n".join(lines[start:end])), end
        except tomllib.TOMLDecodeError:
            continue
    return {}, len(lines)


def _keys_of(table: Mapping[str, Any], key: Key = ()) -> Iterator[Key]:
    for name, value in table.items():
        yield (*key, name)
        if isinstance(value, dict):
            yield from _keys_of(value, (*key, name))
