"""A world's database: SQLite by default (a file or memory), PostgreSQL by URL, one schema a world.

The ministry works on one thread (the event loop's), through one connection in autocommit mode; `transaction()`
brackets a command, and commands nest into the outermost one of their thread. The audit trail is committed on a worker
thread, so that the loop goes on while the disk is waited for, and a test may command a ministry beside its server;
`writing` keeps them apart. SQLite runs in WAL mode with `synchronous=FULL`: a commit has reached the disk when it
returns (sqlite.org/pragma.html#pragma_synchronous).
"""

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-65536",
    "PRAGMA mmap_size=1073741824",
    "PRAGMA busy_timeout=10000",
    "PRAGMA wal_autocheckpoint=4000",
)


class CopyRefusedError(ValueError):
    """A database that cannot be copied from here; the message says what to do instead."""


class Database:
    """One world's storage, whichever engine keeps it. Make one with `sqlite` or `postgres`."""

    def __init__(self, engine: sa.Engine, *, path: Path | None, begin: str) -> None:
        self.path = path
        self._engine = engine
        self._begin = begin
        self.connection = engine.connect()
        self.writing = threading.Lock()
        self._writer: int | None = None
        """The thread whose transaction is open."""
        self._tables: set[str] = set()
        """Those that are known to be there; looking costs more than anything else of making a ministry."""

    @property
    def raw(self) -> sqlite3.Connection | None:
        """The SQLite driver's own connection, for hot look-ups; None under PostgreSQL."""
        driver = self.connection.connection.driver_connection
        return driver if isinstance(driver, sqlite3.Connection) else None

    @property
    def changes(self) -> int | None:
        """Another number whenever a row was written; None where the engine does not tell."""
        return None if self.raw is None else self.raw.total_changes

    def value(self, sql: str) -> int | None:
        """The number that a statement without parameters finds; the short way, for what is asked often."""
        raw = self.raw
        if raw is None:
            return self.connection.exec_driver_sql(sql).scalar()
        row = raw.execute(sql).fetchone()
        return None if row is None else row[0]

    def create(self, metadata: sa.MetaData) -> None:
        """Create the tables of `metadata` that are not there yet."""
        if self.raw is not None and not self._tables.issuperset(metadata.tables):
            self._tables.update(row[0] for row in self.raw.execute("SELECT name FROM sqlite_master"))
        if not self._tables.issuperset(metadata.tables):
            metadata.create_all(self.connection)
            self._tables.update(metadata.tables)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is written together, or not at all. Nested calls join the outermost one of their thread."""
        if self._writer == threading.get_ident():
            yield
            return
        with self.writing:
            self.connection.exec_driver_sql(self._begin)
            self._writer = threading.get_ident()
            try:
                yield
                self.connection.exec_driver_sql("COMMIT")
            except BaseException:
                if self.raw is None or self.raw.in_transaction:  # SQLite undoes some failures by itself
                    self.connection.exec_driver_sql("ROLLBACK")
                raise
            finally:
                self._writer = None

    def copy_to(self, other: "Database") -> None:
        """Copy everything into an empty SQLite database: a fork or a snapshot. Raises `CopyRefusedError`."""
        source, target = self.raw, other.raw
        if source is None or target is None:
            raise CopyRefusedError("Only worlds in SQLite can be forked; copy a PostgreSQL schema with pg_dump.")
        with self.writing:
            source.backup(target)

    def copy_to_file(self, path: Path) -> None:
        """Copy everything into a new file; it is on the disk when this returns. Raises `CopyRefusedError`."""
        if self.raw is None or self.path is None:
            raise CopyRefusedError("Only a world in a SQLite file is copied to a file.")
        self.flush()
        with self.writing:
            shutil.copyfile(self.path, path)
            with path.open("rb") as copy:
                os.fsync(copy.fileno())

    def flush(self) -> None:
        """Have everything in the file itself, and nothing in its log. Raises `CopyRefusedError`."""
        if self.raw is None or self.path is None:
            return
        with self.writing:
            busy, *_ = self.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise CopyRefusedError(f"Another program reads {self.path}. Close it, and try again.")

    @property
    def size(self) -> int:
        """Bytes of everything in SQLite."""
        return self.value("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size") or 0

    def close(self) -> None:
        """Give the connection back; a file stays, a memory database is gone."""
        self.connection.close()
        self._engine.dispose()


def sqlite(path: Path | None = None) -> Database:
    """A SQLite database in a file, or in memory when `path` is None."""

    def connect() -> sqlite3.Connection:
        return open_sqlite(path)

    engine = sa.create_engine(
        "sqlite://", creator=connect, poolclass=sa.StaticPool, isolation_level="AUTOCOMMIT", hide_parameters=True
    )
    return Database(engine, path=path, begin="BEGIN IMMEDIATE")


def postgres(url: str, *, schema: str) -> Database:
    """A PostgreSQL schema; `url` such as `postgresql+pg8000://user@host/database`. Creates the schema."""
    engine = sa.create_engine(url, poolclass=sa.StaticPool, isolation_level="AUTOCOMMIT", hide_parameters=True)
    with engine.connect() as connection:
        quoted = sa.sql.quoted_name(schema, quote=True)
        connection.execute(sa.schema.CreateSchema(quoted, if_not_exists=True))
        connection.exec_driver_sql(f'SET search_path TO "{schema}"')
    return Database(engine, path=None, begin="BEGIN")


def open_sqlite(path: Path | None) -> sqlite3.Connection:
    """A driver connection with this product's pragmas set."""
    connection = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection
