"""The audit trail: a Protocol, a plain twin, and one for SQLite and PostgreSQL.

`append` adds rows inside a transaction that `commit` makes durable. Under a SQLite file the two use a connection
of their own, and `commit`, one call that waits for the disk with the interpreter's lock released, may run on a
worker thread (`off_loop`) while the event loop looks up the next batch.
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
    sa.Column("citizen_id", sa.BigInteger, index=True),
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
        self._own = database.second_connection()
        self._writer: sqlite3.Connection | None = self._own or database.raw
        self.off_loop = self._own is not None

    def append(self, rows: Sequence[Asked]) -> None:
        self._database.writing.acquire()
        try:
            if self._writer is not None:
                self._writer.execute("BEGIN IMMEDIATE")
                self._writer.executemany(INSERT, rows)
            else:
                self._database.connection.exec_driver_sql("BEGIN")
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
        if self._own is not None:
            self._own.close()

    def _end(self, how: str) -> None:
        try:
            if self._writer is not None:
                self._writer.execute(how)
            else:
                self._database.connection.exec_driver_sql(how)
        finally:
            self._database.writing.release()

    def _newest(self, where: sa.ColumnElement[bool], limit: int) -> Sequence[Asked]:
        found = sa.select(*COLUMNS).where(where).order_by(ASKED.c.number.desc()).limit(limit)
        return [Asked(*row) for row in self._database.connection.execute(found)]
