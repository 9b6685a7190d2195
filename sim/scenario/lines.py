"""On which line of a TOML text each key is set, and each table begins."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

Key = tuple[str, ...]
"""A key with the tables around it."""


def line_numbers(text: str) -> dict[Key, int]:
    """The line, from 1, on which each key of a TOML text is set, and each table begins.

    A key with a value, a table's header, a comment: each is TOML by itself. So a statement ends where what
    has been read since its beginning can be parsed.
    """
    lines, found, table = text.replace("\r\n", "\n").split("\n"), dict[Key, int](), Key()
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
        if end > start + 1 and not _may_end(lines[end - 1]):
            continue
        try:
            return tomllib.loads("\n".join(lines[start:end])), end
        except tomllib.TOMLDecodeError:
            continue
    return {}, len(lines)


def _may_end(line: str) -> bool:
    """Whether a statement of several lines may end with this one; each attempt to read it takes time."""
    return "#" in line or line.rstrip().endswith(("]", "}", '"', "'"))


def _keys_of(table: Mapping[str, Any], key: Key = ()) -> Iterator[Key]:
    for name, value in table.items():
        yield (*key, name)
        if isinstance(value, dict):
            yield from _keys_of(value, (*key, name))
