"""From a TOML table to a scenario: every value converted or refused, every mistake with its line."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from difflib import get_close_matches
from enum import Enum
from types import UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from mockgov.settings import Settings
from sim.scenario.lines import Key
from sim.scenario.question import AdmissionsScenario, AnyScenario, NationScenario, Scenario

KINDS: Mapping[str, tuple[type, str]] = {
    "admissions": (AdmissionsScenario, "follows the onboarding road"),
    "nation": (NationScenario, "follows the country"),
}
"""The table that makes a file one of another kind than a day that is played."""


NONE = "none"
"""What a file says where a limit may be left off."""


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


class _MismatchError(ValueError):
    """A value is not of its field's type, or entries of a list are not."""

    def __init__(self, raw: Any, expected: str) -> None:
        self.wrong: list[tuple[tuple[str, ...], Any, str]] = [((), raw, expected)]
        """Each with its places (none if it is the value itself), as it stands, and what it must be."""

    @classmethod
    def of_entries(cls, wrong: list[tuple[tuple[str, ...], Any, str]]) -> "_MismatchError":
        """Entries of one list."""
        error = cls(None, "")
        error.wrong = wrong
        return error

    def sentences(self) -> Iterator[str]:
        """Each completes the key."""
        for places, raw, expected in self.wrong:
            if places:
                yield f"has {_shown(raw)} in {', '.join(places)}, which must be {expected}"
            else:
                yield f"= {_shown(raw)} must be {expected}"


@dataclass(slots=True, kw_only=True)
class Reader:
    """Reads tables into dataclasses, and collects what is wrong."""

    lines: Mapping[Key, int]
    problems: list[Problem] = field(default_factory=list)
    kind: type = Scenario
    """What the whole file is read into."""

    def scenario(self, table: dict[str, Any], name: str) -> AnyScenario | None:
        """The whole file; None if something without a default is missing."""
        tables = {key: value for key, value in table.items() if key != "name"}
        if "name" in table:
            self.refuse(("name",), "is not set in the file: a scenario is called as its file")
        for key, (kind, instead) in KINDS.items():
            if key in tables:
                return self.without_a_ministry(kind, f"[{key}] {instead} instead", tables, name)
        return self.day(tables, name)

    def without_a_ministry(self, kind: type, instead: str, table: dict[str, Any], name: str) -> AnyScenario | None:
        """A file about something else than a day that is played: the onboarding road, or the nation."""
        known, others = get_type_hints(kind), [Scenario, *(other for other, _ in KINDS.values())]
        strange = {key for other in others for key in get_type_hints(other)} - known.keys()
        for key in [key for key in table if key in strange]:
            self.refuse((key,), f"belongs to another kind of scenario; {instead}")
        own = {key: value for key, value in table.items() if key not in strange}
        values = self.values(kind, None, own, ())
        scenario: AnyScenario | None = self.built(kind, None, values | {"name": name}, ())
        return scenario

    def day(self, table: dict[str, Any], name: str) -> Scenario | None:
        """A file about a day that is played."""
        values = self.values(Scenario, None, {key: value for key, value in table.items() if key != "ministry"}, ())
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
        self.kind = self.kind if key else kind
        for name, raw in table.items():
            here = (*key, name)
            if name not in hints:
                self.refuse(here, f"is unknown; {_advice(name, kind, hints, key, self.kind)}")
            elif is_dataclass(hints[name]) and isinstance(raw, dict):
                inner = _default(kind, base, name)
                values[name] = self.built(hints[name], inner, self.values(hints[name], inner, raw, here), here)
            else:
                try:
                    values[name] = _converted(hints[name], raw)
                except _MismatchError as wrong:
                    for sentence in wrong.sentences():
                        self.refuse(here, sentence)
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
                self.refuse((*key, *name.split(".")) if name else key, text)
            return base

    def refuse(self, key: Key, text: str) -> None:
        """Note a mistake with its line: that of the key, or of the innermost table around it."""
        around = [self.lines[key[:length]] for length in range(len(key), 0, -1) if key[:length] in self.lines]
        told = ".".join(name if name.replace("-", "_").isidentifier() else f'"{name}"' for name in key)
        self.problems.append(Problem(around[0] if around else 0, f"{told} {text}".strip()))


def _default(kind: type, base: Any, name: str) -> Any:
    if base is not None:
        return getattr(base, name)
    (item,) = [item for item in fields(kind) if item.name == name]
    if item.default_factory is not MISSING:
        return item.default_factory()
    return None if item.default is MISSING else item.default


def _sentences(message: str, kind: type, key: Key) -> Iterator[tuple[str, str]]:
    """A part's objections one by one, each as the field, or field.field, that it begins with, and the rest."""
    names = {item.name for item in fields(kind)}
    told: list[tuple[str, str]] = []
    for piece in message.removeprefix(f"{''.join(key[-1:])}: ").rstrip(".").split("; "):
        head, _, rest = piece.partition(" ")
        if head.rstrip(":").partition(".")[0] in names:
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
        return _converted_limit(next(one for one in inner if one is not type(None)), raw)
    if origin is tuple:
        return _converted_tuple(inner, raw)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _converted_choice(kind, raw)
    if kind is float and type(raw) in {int, float} and abs(raw) <= 1e300:  # not nan, not inf
        return float(raw)
    if kind is not float and type(raw) is kind:  # exactly: true is no number, a moment is no date
        return raw
    raise _MismatchError(raw, _EXPECTED.get(kind, "a table"))


def _converted_limit(kind: Any, raw: Any) -> Any:
    """A value that may be none: TOML has no word for that, so the text "none" stands for it."""
    if raw == NONE:
        return None
    try:
        return _converted(kind, raw)
    except _MismatchError as wrong:
        raise _MismatchError(raw, f'{wrong.wrong[0][2]}, or "{NONE}"') from wrong


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
        raise _MismatchError(raw, "a list in brackets" if endless else f"a list of {len(inner)} in brackets")
    kinds = [inner[0]] * len(raw) if endless else inner
    converted, problems = [], []
    for number, (kind, item) in enumerate(zip(kinds, raw, strict=True), 1):
        place = f"row {number}" if endless and get_origin(kind) is tuple else f"place {number}"
        try:
            converted.append(_converted(kind, item))
        except _MismatchError as wrong:
            problems += [((place, *inside), value, expected) for inside, value, expected in wrong.wrong]
    if problems:
        raise _MismatchError.of_entries(problems)
    return tuple(converted)


def _converted_choice(kind: type[Enum], raw: Any) -> Enum:
    choices = {member.value: member for member in kind}
    if isinstance(raw, str | int) and raw in choices:
        return choices[raw]
    raise _MismatchError(raw, f"one of {', '.join(map(str, choices))}")


def _shown(raw: Any) -> str:
    """A value as the file may have it, cut short."""
    text = json.dumps(raw, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _advice(name: str, kind: type, known: Mapping[str, Any], key: Key, file: type) -> str:
    """What was probably meant: the same name in a table of this one, a name of this table, or another's."""
    if inside := [".".join(one) for one in _all_keys(kind, key) if one[-1] == name]:
        return f"did you mean {_few(inside)}?"
    others = list(KINDS) if kind is Scenario else []
    if near := get_close_matches(name, [*known, *others], n=1):
        return f"did you mean {near[0]}?"
    if owners := [key for key, (other, _) in KINDS.items() if kind is Scenario and name in get_type_hints(other)]:
        return f"it belongs to a scenario with a table [{owners[0]}]"
    if key and name in get_type_hints(file):
        return f"{name} stands by itself, not in [{'.'.join(key)}]"
    return _advice_elsewhere(name, known, file)


def _advice_elsewhere(name: str, known: Mapping[str, Any], file: type) -> str:
    """The same name in another table of this file, in another kind of file, or all names of this table."""
    if elsewhere := [".".join(one) for one in _all_keys(file) if one[-1] == name]:
        return f"did you mean {_few(elsewhere)}?"
    files = (Scenario, *(other for other, _ in KINDS.values()))
    if strange := [".".join(one) for other in files for one in _all_keys(other) if one[-1] == name]:
        return f"{strange[0]} is of another kind of scenario"
    return f"known are {', '.join(known)}"


def _few(keys: Sequence[str]) -> str:
    return " or ".join(keys) if len(keys) < 3 else f"{', '.join(keys[:2])}, …"


def _all_keys(kind: Any, key: Key = ()) -> Iterator[Key]:
    for name, hint in get_type_hints(kind).items():
        yield (*key, name)
        inner = Settings if name == "ministry" else hint
        if is_dataclass(inner):
            yield from _all_keys(inner, (*key, name))
