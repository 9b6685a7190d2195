"""In what two worlds differ, or a world and a snapshot: by table, and by what the rows are about."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mockgov.database import CopyRefusedError, Database
from mockgov.world import stands_at
from mockgov.worlds.rows import Differing, How, differing, tables
from mockgov.worlds.subjects import Subject, is_main, subject_of

FACTS = "world"
"""The table of what a world is: name, seed, clock, settings. Two worlds always differ in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two."""

    name: str
    database: Database


@dataclass(slots=True, kw_only=True)
class TableDifference:
    """How many rows of a table differ."""

    table: str
    only_here: int = 0
    only_there: int = 0
    changed: int = 0


@dataclass(slots=True, kw_only=True)
class SubjectDifference:
    """Somebody or something that differs."""

    subject: Subject
    how: How | None = None
    """None as long as only what belongs to it differs: then it is changed."""
    fields: set[str] = field(default_factory=set)
    """Tables with rows on one side only, and columns, as `table.column`, of rows that are on both."""

    def note(self, table: str, one: Differing, how: How) -> None:
        """Take one row that differs into account."""
        self.fields.update((f"{table}.{column}" for column in one.columns) if how is How.CHANGED else (table,))
        if how is How.CHANGED or is_main(table):
            self.how = how if self.how in (None, how) else How.CHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All of it."""

    here: str
    there: str
    here_at: datetime
    there_at: datetime
    tables: Sequence[TableDifference]
    subjects: Sequence[SubjectDifference]

    @property
    def is_same(self) -> bool:
        """Whether nothing differs but perhaps name, clock and settings."""
        return not self.tables


def difference(here: Side, there: Side) -> Difference:
    """Compare two sides; `here` is the one that is looked at, `there` what it is held against."""
    ours, theirs = _raw(here), _raw(there)
    counted: list[TableDifference] = []
    found: dict[Subject, SubjectDifference] = {}
    for table in sorted({*tables(ours), *tables(theirs)} - {FACTS}):
        counts = TableDifference(table=table)
        for one in differing(ours, theirs, table):
            setattr(counts, one.how, getattr(counts, one.how) + 1)
            for subject, how in _about(table, one):
                found.setdefault(subject, SubjectDifference(subject=subject)).note(table, one, how)
        if counts.only_here or counts.only_there or counts.changed:
            counted.append(counts)
    return Difference(
        here=here.name,
        there=there.name,
        here_at=stands_at(here.database),
        there_at=stands_at(there.database),
        tables=counted,
        subjects=list(found.values()),
    )


def _about(table: str, one: Differing) -> Sequence[tuple[Subject, How]]:
    """What a row is about: two things, each on its side, where the two sides count alike and mean another."""
    here, there = (None if row is None else subject_of(table, row) for row in (one.here, one.there))
    if here == there:
        return [] if here is None else [(here, How.CHANGED)]
    told = ((here, How.ONLY_HERE), (there, How.ONLY_THERE))
    return [(subject, how) for subject, how in told if subject is not None]


def _raw(side: Side) -> sqlite3.Connection:
    raw = side.database.raw
    if raw is None:
        raise CopyRefusedError("Only worlds in SQLite can be compared.")
    return raw
