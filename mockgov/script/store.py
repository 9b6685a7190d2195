"""Where lines and parts are kept: a Protocol, a plain twin, and one for SQLite and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.database import Database
from mockgov.script.rules import Line, Part


class ScriptStore(Protocol):
    """Keeps lines that wait, and parts that are played."""

    def add(self, line: Line) -> Line:
        """Keep a line; it comes back with its number."""
        ...

    def first_due_us(self) -> int | None:
        """The moment of the earliest line."""
        ...

    def waiting(self, *, until_us: int | None = None) -> Sequence[Line]:
        """The lines that wait, by moment and number; only those due by a moment, if one is given."""
        ...

    def drop(self, number: int) -> None:
        """Strike a line off."""
        ...

    def put_part(self, part: Part) -> None:
        """Keep a part that nobody has played so far."""
        ...

    def parts(self) -> Sequence[Part]:
        """The parts that are played, in the order of their casting."""
        ...


class InMemoryScript:
    """The plain twin."""

    def __init__(self) -> None:
        self._lines: dict[int, Line] = {}
        self._parts: dict[str, Part] = {}
        self._last = 0

    def add(self, line: Line) -> Line:
        self._last += 1
        self._lines[self._last] = replace(line, number=self._last)
        return self._lines[self._last]

    def first_due_us(self) -> int | None:
        return min((to_us(line.due_at) for line in self._lines.values()), default=None)

    def waiting(self, *, until_us: int | None = None) -> Sequence[Line]:
        due = [line for line in self._lines.values() if until_us is None or to_us(line.due_at) <= until_us]
        return sorted(due, key=lambda line: (line.due_at, line.number))

    def drop(self, number: int) -> None:
        del self._lines[number]

    def put_part(self, part: Part) -> None:
        self._parts[part.scenario] = part

    def parts(self) -> Sequence[Part]:
        return list(self._parts.values())


METADATA = sa.MetaData()
_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")

LINE = sa.Table(
    "script_line",
    METADATA,
    sa.Column("number", _ID, primary_key=True),
    sa.Column("due_us", sa.BigInteger, nullable=False, index=True),
    sa.Column("deed", sa.String(20), nullable=False),
    sa.Column("what", sa.Text, nullable=False),
)
PART = sa.Table(
    "script_part",
    METADATA,
    sa.Column("number", _ID, primary_key=True),
    sa.Column("scenario", sa.String(60), nullable=False, unique=True),
    sa.Column("cast_us", sa.BigInteger, nullable=False),
    sa.Column("props", sa.Text, nullable=False),
)


class SqlScript:
    """The script in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)

    def add(self, line: Line) -> Line:
        row = {"due_us": to_us(line.due_at), "deed": line.deed, "what": line.what}
        made = self._database.connection.execute(LINE.insert().returning(LINE.c.number), row)
        return replace(line, number=made.scalar_one())

    def first_due_us(self) -> int | None:
        return self._database.value("SELECT min(due_us) FROM script_line")

    def waiting(self, *, until_us: int | None = None) -> Sequence[Line]:
        found = sa.select(LINE).order_by(LINE.c.due_us, LINE.c.number)
        if until_us is not None:
            found = found.where(LINE.c.due_us <= until_us)
        return [
            Line(number=row["number"], due_at=from_us(row["due_us"]), deed=row["deed"], what=row["what"])
            for row in self._database.connection.execute(found).mappings()
        ]

    def drop(self, number: int) -> None:
        self._database.connection.execute(LINE.delete().where(LINE.c.number == number))

    def put_part(self, part: Part) -> None:
        row = {"scenario": part.scenario, "cast_us": to_us(part.cast_at), "props": part.props}
        self._database.connection.execute(PART.insert(), row)

    def parts(self) -> Sequence[Part]:
        rows = self._database.connection.execute(sa.select(PART).order_by(PART.c.number)).mappings()
        return [Part(scenario=row["scenario"], cast_at=from_us(row["cast_us"]), props=row["props"]) for row in rows]
