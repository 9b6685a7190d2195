"""The audit trail: a Protocol, a plain twin, and one for SQLite and PostgreSQL.

`append` adds rows inside a transaction that `commit` makes durable. Under a SQLite file `commit`, one call that
waits for the disk with the interpreter's lock released, may run on a worker thread (`off_loop`) while the event loop
reads requests and writes answers.

Rows go through the database's only connection: a commit of another one would empty the cache, and unmap the file, of
the connection that looks codes up. No index is kept but the row's number: entering each row under its citizen would
dirty a page a row and cost more than all the rest, and the lists are read seldom; each is a scan, newest first, of
some 0.1 s per million rows.
"""

import sqlite3
from collections.abc import Sequence
from typing import Protocol

import sqlalchemy as sa

from mockgov.database import Database
from mockgov.queries.messages import Asked


class AuditStore(Protocol):
    """Keeps who asked about whom."""

    off_loop: bool
    """Whether `commit` should run on a worker thread."""

    def append(self, rows: Sequence[Asked]) -> None:
        """Write rows; they count once `commit` has returned."""
        ...

    def commit(self) -> None:
        """Make everything appended durable. May be called from another thread than `append`."""
        ...

    def about(self, citizen_id: int, *, limit: int = 100) -> Sequence[Asked]:
        """Who asked about a citizen, newest first."""
        ...

    def by(self, asker: str, *, limit: int = 100) -> Sequence[Asked]:
        """What an asker asked, newest first."""
        ...

    def count(self) -> int:
        """How many rows there are."""
        ...

    def close(self) -> None:
        """Give back what the store holds."""
        ...


class InMemoryAudit:
    """The plain twin."""

    off_loop = False

    def __init__(self) -> None:
        self._rows: list[Asked] = []
        self._waiting: list[Asked] = []

    def append(self, rows: Sequence[Asked]) -> None:
        self._waiting.extend(rows)

    def commit(self) -> None:
        self._rows.extend(self._waiting)
        self._waiting = []

    def about(self, citizen_id: int, *, limit: int = 100) -> Sequence[Asked]:
        return [row for row in reversed(self._rows) if row.citizen_id == citizen_id][:limit]

    def by(self, asker: str, *, limit: int = 100) -> Sequence[Asked]:
        return [row for row in reversed(self._rows) if row.asker == asker][:limit]

    def count(self) -> int:
        return len(self._rows)

    def close(self) -> None:
        """Nothing to give back."""


METADATA = sa.MetaData()
ASKED = sa.Table(
    "asked",
    METADATA,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("asked_us", sa.BigInteger, nullable=False),
    sa.Column("asker", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("code", sa.String(10)),
    sa.Column("citizen_id", sa.BigInteger),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("place", sa.Text),
)
COLUMNS = [ASKED.c[name] for name in Asked._fields]
INSERT = f"INSERT INTO asked ({', '.join(Asked._fields)}) VALUES (?, ?, ?, ?, ?, ?, ?)"


class SqlAudit:
    """The audit trail in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)
        self._writer = database.raw
        self.off_loop = database.path is not None

    def append(self, rows: Sequence[Asked]) -> None:
        self._database.writing.acquire()
        try:
            if self._writer is not None:
                self._writer.execute("BEGIN IMMEDIATE")
                self._writer.executemany(INSERT, rows)
            else:
                self._database.connection.exec_driver_sql("BEGIN")
                if rows:
                    self._database.connection.execute(ASKED.insert(), [row._asdict() for row in rows])
        except BaseException:
            self._end("ROLLBACK")
            raise

    def commit(self) -> None:
        self._end("COMMIT")

    def about(self, citizen_id: int, *, limit: int = 100) -> Sequence[Asked]:
        return self._newest(ASKED.c.citizen_id == citizen_id, limit)

    def by(self, asker: str, *, limit: int = 100) -> Sequence[Asked]:
        return self._newest(ASKED.c.asker == asker, limit)

    def count(self) -> int:
        return self._database.connection.scalar(sa.select(sa.func.count()).select_from(ASKED)) or 0

    def close(self) -> None:
        """Nothing to give back but the database's."""

    def _end(self, how: str) -> None:
        try:
            if self._writer is None:
                self._database.connection.exec_driver_sql(how)
            elif how == "COMMIT" or self._writer.in_transaction:  # SQLite undoes some failures by itself
                self._writer.execute(how)
        except sqlite3.Error:
            if self._writer is not None and self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            raise
        finally:
            self._database.writing.release()

    def _newest(self, where: sa.ColumnElement[bool], limit: int) -> Sequence[Asked]:
        found = sa.select(*COLUMNS).where(where).order_by(ASKED.c.number.desc()).limit(limit)
        return [Asked(*row) for row in self._database.connection.execute(found)]
