"""In which rows two databases differ, table by table. They are read side by side, in the order of their keys."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

AT_ONCE: Final = 2000
"""Rows read at a time; whole runs that are equal are passed over at once."""
Row = tuple[Any, ...]


class How(StrEnum):
    """How two sides differ in one thing."""

    ONLY_HERE = "only_here"
    ONLY_THERE = "only_there"
    CHANGED = "changed"


class Differing(NamedTuple):
    """One row of a key, by its columns, and how it differs."""

    how: How
    here: Mapping[str, Any] | None
    there: Mapping[str, Any] | None

    @property
    def columns(self) -> Sequence[str]:
        """In which it differs, where it is on both sides."""
        here, there = self.here, self.there
        return [] if here is None or there is None else [name for name in here if here[name] != there[name]]


class Shape(NamedTuple):
    """A table's columns, and those of its key: all of them where it has none."""

    columns: Sequence[str]
    key: Sequence[int]


def tables(side: sqlite3.Connection) -> Sequence[str]:
    """The tables of a database."""
    found = side.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1")
    return [name for (name,) in found]


def differing(here: sqlite3.Connection, there: sqlite3.Connection, table: str) -> Iterator[Differing]:
    """The rows in which two databases of one version differ, in the order of the table's key."""
    shape = _shape(here, table) or _shape(there, table)
    if shape is None:
        return
    ours, theirs = _Rows(here, table, shape), _Rows(there, table, shape)
    while True:
        ours.fill()
        theirs.fill()
        if not ours.rows and not theirs.rows:
            return
        if ours.rows == theirs.rows:
            ours.rows, theirs.rows = [], []
            continue
        for how, *both in _merged(ours, theirs):
            here_row, there_row = (None if row is None else dict(zip(shape.columns, row, strict=True)) for row in both)
            yield Differing(how, here_row, there_row)


class _Rows:
    """A side's rows, in the order of the key."""

    def __init__(self, side: sqlite3.Connection, table: str, shape: Shape) -> None:
        self.key = shape.key
        self.rows: list[Row] = []
        self._cursor: sqlite3.Cursor | None = None
        if _shape(side, table) is not None:
            names = ", ".join(f'"{name}"' for name in shape.columns)
            order = ", ".join(f'"{shape.columns[nth]}"' for nth in shape.key)
            self._cursor = side.execute(f'SELECT {names} FROM "{table}" ORDER BY {order}')

    def fill(self) -> None:
        """Read on, if nothing is left of what was read."""
        if not self.rows and self._cursor is not None:
            self.rows = self._cursor.fetchmany(AT_ONCE)


def _merged(ours: _Rows, theirs: _Rows) -> Iterator[tuple[How, Row | None, Row | None]]:
    """What differs until either side has to be read on; where one side has ended, the rest of the other's."""
    one, two = 0, 0
    mine, others = ours.rows, theirs.rows
    while one < len(mine) and two < len(others):
        row, other = mine[one], others[two]
        if row == other:
            one, two = one + 1, two + 1
            continue
        key, its_key = ([_place(side[nth]) for nth in ours.key] for side in (row, other))
        if key == its_key:
            yield How.CHANGED, row, other
            one, two = one + 1, two + 1
        elif key < its_key:
            yield How.ONLY_HERE, row, None
            one += 1
        else:
            yield How.ONLY_THERE, None, other
            two += 1
    if not others:
        yield from ((How.ONLY_HERE, row, None) for row in mine)
        one = len(mine)
    elif not mine:
        yield from ((How.ONLY_THERE, None, row) for row in others)
        two = len(others)
    ours.rows, theirs.rows = mine[one:], others[two:]


def _place(value: Any) -> tuple[int, Any]:
    """Where SQLite puts a value in order: nothing before numbers, before texts, before bytes."""
    if value is None:
        return 0, 0
    return (1 if isinstance(value, int | float) else 2 if isinstance(value, str) else 3), value


def _shape(side: sqlite3.Connection, table: str) -> Shape | None:
    info = side.execute("SELECT name, pk FROM pragma_table_info(?)", (table,)).fetchall()
    if not info:
        return None
    numbered = sorted((pk, nth) for nth, (_, pk) in enumerate(info) if pk)
    return Shape([name for name, _ in info], [nth for _, nth in numbered] or list(range(len(info))))
