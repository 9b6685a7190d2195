"""A whole scenario as the text of its file: what differs from the defaults, with a remark where there is one.

Read again, the text is the same scenario. A file's own comments and the order of its keys are not in a scenario, so
they are not in the text either.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from textwrap import wrap
from typing import Any

from sim.experiments.changing import plain, toml_lines

WIDTH = 118
"""Characters in a line of comment."""


def scenario_text(scenario: Any, head: str = "", remarks: Mapping[str, str] | None = None) -> str:
    """The file of a scenario that follows the country or the onboarding road.

    `head` is a comment at its beginning, a paragraph a line; one that begins with spaces is not wrapped. `remarks` are
    by parameters' dotted names; a parameter that has one is told even at its default. The scenario's name is its
    file's, and so not in the text.
    """
    told = dict(remarks or {})
    paragraphs = [[part] if part.startswith(" ") else wrap(part, WIDTH) for part in head.splitlines()]
    comment = "\n#\n".join("\n".join(f"# {line}" for line in lines) for lines in paragraphs)
    tables = _tables(scenario, None, told, "")
    pieces = [f"[{name}]\n{lines}" if name else lines for name, lines in tables]
    return "\n\n".join([*([comment] if comment else []), *pieces]) + "\n"


def _tables(value: Any, usual: Any, remarks: Mapping[str, str], table: str) -> Iterator[tuple[str, str]]:
    """Each table with a key to be set, by its name: its own keys before the tables inside it."""
    own, inner = list[str](), list[tuple[str, str]]()
    for item in fields(value):
        name = f"{table}.{item.name}" if table else item.name
        now = getattr(value, item.name)
        before = _default(item) if usual is None else getattr(usual, item.name)
        about = {key[len(name) + 1 :]: text for key, text in remarks.items() if f"{key}.".startswith(f"{name}.")}
        if name == "name" or now is None or (now == before and not about):
            continue
        if is_dataclass(now):
            inner += _tables(now, before, remarks, name)
        else:
            own += _key(item.name, plain(now), about)
    if own or (usual is None and table):
        yield table, "\n".join(own)
    yield from inner


def _key(name: str, value: Any, about: Mapping[str, str]) -> Iterator[str]:
    """The lines of a key with its remarks: at the end of an entry's line where it has one, or above."""
    first, *rest = toml_lines(value)
    if not rest and isinstance(value, list) and len(name) + len(first) > WIDTH:
        first, *rest = "[", *(f"  {' '.join(toml_lines(item))}," for item in value), "]"
    if not rest:
        yield from (f"# {'.'.join(filter(None, (name, place)))}: {text}" for place, text in about.items())
        yield f"{name} = {first}"
        return
    yield f"{name} = {first}"
    for nth, line in enumerate(rest):
        remark = "; ".join(text for place, text in about.items() if place.partition(".")[0] == str(nth))
        yield f"{line}  # {remark}" if remark else line


def _default(item: "Field[Any]") -> Any:
    """A field's default; None where it has to be set."""
    if item.default_factory is not MISSING:
        return item.default_factory()
    return None if item.default is MISSING else item.default
