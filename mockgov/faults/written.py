"""A plan as JSON or TOML has it: written, and read with every mistake told at once."""

import json
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, Final

from mockgov.faults.aim import pattern
from mockgov.faults.kinds import AIM, KINDS, Channel, Fault, Law, Stage

MOST_FAULTS: Final = 100
"""Faults in a plan."""
MOST_LETTERS: Final = 200
"""Characters in a text of a plan, and patterns in a list."""
MOST_TOLD: Final = 20
"""Mistakes that are told in one answer."""


class FaultError(ValueError):
    """A plan that cannot be; the message says everything that is wrong with it."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        told = [mistake if mistake.endswith("?") else f"{mistake}." for mistake in mistakes[:MOST_TOLD]]
        if len(mistakes) > MOST_TOLD:
            told.append(f"And {len(mistakes) - MOST_TOLD} mistakes more.")
        super().__init__(" ".join(told))
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What there is to aim at; None where nobody says."""

    routes: Collection[str] | None = None
    institutions: Collection[str] | None = None


class _WrongError(ValueError):
    """What is wrong with one value."""


def plain(fault: Fault) -> dict[str, object]:
    """A fault as JSON has it: its kind, and the fields that are not as they would be anyway."""
    told: dict[str, object] = {"kind": fault.kind, "share": float(fault.share)}
    for field in fields(fault):
        value = getattr(fault, field.name)
        if field.name == "share" or value == field.default:
            continue
        told[field.name] = (
            value.isoformat() if isinstance(value, datetime) else list(value) if isinstance(value, tuple) else value
        )
    return told


def digest(faults: Sequence[Fault]) -> str:
    """Twelve hexadecimal digits that name a plan by what is in it."""
    text = json.dumps([plain(fault) for fault in faults], sort_keys=True, default=str)
    return blake2b(text.encode(), digest_size=6, person=b"hes-fault-plan").hexdigest()


def read_faults(told: object, known: Known | None = None) -> tuple[Fault, ...]:
    """The faults that a list means. Raises `FaultError` with every mistake in all of them."""
    if not isinstance(told, list | tuple):
        raise FaultError(['a plan is a list of faults, such as [{"kind": "refuse", "share": 0.1}]'])
    mistakes: list[str] = []
    if len(told) > MOST_FAULTS:
        raise FaultError([f"a plan has at most {MOST_FAULTS} faults; this one has {len(told)}"])
    made = [_read(number, one, mistakes) for number, one in enumerate(told, start=1)]
    faults = tuple(fault for fault in made if fault is not None)
    for number, fault in enumerate(made, start=1):
        if fault is not None:
            mistakes += mistakes_of(number, fault, known or Known())
    if mistakes:
        raise FaultError(mistakes)
    return faults


def mistakes_of(number: int, fault: Fault, known: Known) -> Iterator[str]:
    """What is wrong with the `number`-th fault of a plan, with whom it is aimed at too."""
    where = f"fault {number} ({fault.kind})"
    for mistake in fault.mistakes():
        yield f"{where}: {mistake}"
    if known.routes is not None:
        for text in fault.route:
            if not any(pattern(text).fullmatch(route) for route in known.routes):
                ends = {route.rpartition("/")[2] for route in known.routes if not text.startswith("/")}
                yield f"{where}: nothing here has the route {text!r}{nearest(text, [*known.routes, *sorted(ends)])}"
    if known.institutions is not None:
        for text in fault.institution:
            if "*" not in text and text not in known.institutions:
                yield f"{where}: nobody here is called {text!r}{nearest(text, known.institutions)}"


def nearest(text: str, names: Collection[str]) -> str:
    """A hint at the name that was perhaps meant; few names are all told."""
    close = get_close_matches(text, [str(name) for name in names if name], n=1, cutoff=0.5)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; there are {', '.join(names)}" if 0 < len(names) <= 15 else ""


def _read(number: int, told: object, mistakes: list[str]) -> Fault | None:
    """One fault; what is wrong with its words is added to `mistakes`."""
    if not isinstance(told, Mapping):
        mistakes.append(f"fault {number}: a fault is an object with a `kind`")
        return None
    kind = told.get("kind")
    made = KINDS.get(kind) if isinstance(kind, str) else None
    if made is None:
        said = "`kind` is missing" if kind is None else f"there is no kind {_shown(kind)}"
        hint = nearest(kind, KINDS) if isinstance(kind, str) else nearest("", KINDS)
        mistakes.append(f"fault {number}: {said}{hint}")
        return None
    types = {field.name: field.type for field in fields(made)}
    values: dict[str, Any] = {}
    before = len(mistakes)
    where = f"fault {number} ({made.kind})"
    for name, value in told.items():
        if name == "kind":
            continue
        if name not in types:
            own = [one for one in types if one not in AIM]
            hint = nearest(str(name), types) or f"; its own are {', '.join(own) or 'none'}"
            mistakes.append(f"{where}: it has no field {_shown(name)}{hint}")
            continue
        if value is None:
            continue
        try:
            values[name] = READERS[types[name]](value)
        except _WrongError as wrong:
            mistakes.append(f"{where}: `{name}` {wrong}")
    return made(**values) if len(mistakes) == before else None


def _shown(value: object) -> str:
    return repr(value if isinstance(value, int | float) else str(value)[:60])


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _WrongError("is a number, such as 0.25")
    return float(value)


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 1 << 62:
        raise _WrongError("is a whole number")
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise _WrongError("is true or false")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= MOST_LETTERS or not value.isprintable():
        raise _WrongError(f"is a text of 1 to {MOST_LETTERS} printable characters")
    return value


def _moment(value: object) -> datetime:
    try:
        made = value if isinstance(value, datetime) else datetime.fromisoformat(value)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        raise _WrongError("is a moment, such as '2021-10-04T08:00:00+03:00'") from None
    if not 1900 <= made.year <= 2199:
        raise _WrongError("is a moment of the years 1900 to 2199")
    return made


def _one_of(words: type[StrEnum]) -> Callable[[object], Any]:
    def read(value: object) -> StrEnum:
        if isinstance(value, str) and value in set(words):
            return words(value)
        hint = nearest(value, list(words)) if isinstance(value, str) else ""
        raise _WrongError(f"is one of {', '.join(words)}{hint}")

    return read


def _several(read: Callable[[object], Any]) -> Callable[[object], Any]:
    """One or a list of them."""

    def read_all(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            return (read(value),)
        if len(value) > MOST_LETTERS:
            raise _WrongError(f"has at most {MOST_LETTERS} entries")
        return tuple(read(one) for one in value)

    return read_all


READERS: Final[Mapping[object, Callable[[object], Any]]] = MappingProxyType(
    {
        float: _number,
        int: _whole,
        int | None: _whole,
        bool: _truth,
        str: _text,
        datetime | None: _moment,
        Law: _one_of(Law),
        Stage | None: _one_of(Stage),
        tuple[Channel, ...]: _several(_one_of(Channel)),
        tuple[str, ...]: _several(_text),
    }
)
"""How the value of a field is read, by the field's type."""
