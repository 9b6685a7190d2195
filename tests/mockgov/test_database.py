"""A world's database: what is written together, what is undone, and what a copy has."""

# ruff: noqa: PT012  a transaction is more than one statement

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy as sa

from mockgov.database import CopyRefusedError, Database, open_sqlite, postgres, sqlite

METADATA = sa.MetaData()
NOTE = sa.Table("note", METADATA, sa.Column("number", sa.Integer, primary_key=True), sa.Column("text", sa.Text))


@pytest.fixture
def notes(database: Database) -> Database:
    database.create(METADATA)
    return database


def write(database: Database, *numbers: int) -> None:
    database.connection.execute(NOTE.insert(), [{"number": number, "text": "ğ"} for number in numbers])


def written(database: Database) -> list[int]:
    return list(database.connection.scalars(sa.select(NOTE.c.number).order_by(NOTE.c.number)))


def test_creating_tables_again_changes_nothing(notes: Database) -> None:
    write(notes, 1)
    notes.create(METADATA)
    assert written(notes) == [1]


def test_a_transaction_is_written_together(notes: Database) -> None:
    with notes.transaction():
        write(notes, 1)
        write(notes, 2)
    assert written(notes) == [1, 2]


def test_a_failure_undoes_all_of_it(notes: Database) -> None:
    """And the next transaction works."""
    write(notes, 1)
    with pytest.raises(ZeroDivisionError), notes.transaction():
        write(notes, 2)
        _ = 1 / 0
    with notes.transaction():
        write(notes, 3)
    assert written(notes) == [1, 3]


def test_nested_transactions_join_the_outermost(notes: Database) -> None:
    """What an inner one has written goes with the outer one, when that fails and when it does not."""
    with notes.transaction():
        write(notes, 1)
        with notes.transaction(), notes.transaction():
            write(notes, 2)
        write(notes, 3)
    with pytest.raises(ZeroDivisionError), notes.transaction():
        with notes.transaction():
            write(notes, 4)
        _ = 1 / 0
    with pytest.raises(ZeroDivisionError), notes.transaction():
        write(notes, 5)
        with notes.transaction():
            _ = 1 / 0
    assert written(notes) == [1, 2, 3]


def test_another_threads_transaction_waits_its_turn(notes: Database) -> None:
    """It joins nobody else's: what undoes the one leaves the other, and neither is stuck."""
    inside, leave = Event(), Event()

    def first() -> None:
        with notes.transaction():
            write(notes, 1)
            inside.set()
            assert leave.wait(20)
            with notes.transaction():
                write(notes, 2)
            _ = 1 / 0

    def second() -> None:
        assert inside.wait(20)
        with notes.transaction(), notes.transaction():
            write(notes, 3)

    with ThreadPoolExecutor(2) as threads:
        undone, kept = threads.submit(first), threads.submit(second)
        assert inside.wait(20)
        assert wait([kept], timeout=0.2).not_done
        leave.set()
        assert isinstance(undone.exception(20), ZeroDivisionError)
        assert kept.result(20) is None
    assert written(notes) == [3]


def test_a_failed_statement_undoes_the_transaction(notes: Database) -> None:
    """The engine refuses a number twice; nothing of the transaction stays, and the connection works on."""
    with pytest.raises(sa.exc.DBAPIError), notes.transaction():
        write(notes, 1)
        write(notes, 1)
    with notes.transaction():
        write(notes, 2)
    assert written(notes) == [2]


def test_a_commit_that_fails_undoes_the_transaction(notes: Database) -> None:
    """A constraint that is checked at the end refuses the whole; the next transaction works."""
    notes.connection.exec_driver_sql(
        "CREATE TABLE reply (number integer REFERENCES note (number) DEFERRABLE INITIALLY DEFERRED)"
    )
    with pytest.raises(sa.exc.DBAPIError), notes.transaction():
        write(notes, 1)
        notes.connection.exec_driver_sql("INSERT INTO reply VALUES (9)")
    with notes.transaction():
        write(notes, 2)
    assert written(notes) == [2]


def test_a_full_disk_undoes_the_transaction() -> None:
    """SQLite gives up by itself; the error is its own, and there is room again for less."""
    database = sqlite()
    database.create(METADATA)
    database.connection.exec_driver_sql("PRAGMA max_page_count=10")
    with pytest.raises(sa.exc.DBAPIError, match="full"), database.transaction():
        database.connection.execute(NOTE.insert(), {"number": 1, "text": "x" * 1_000_000})
    with database.transaction():
        write(database, 2)
    assert written(database) == [2]
    database.close()


def test_sqlite_flushes_every_commit(tmp_path: Path) -> None:
    """WAL and synchronous=FULL (2): when a commit returns, it is on the disk."""
    connection = open_sqlite(tmp_path / "x.sqlite")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    connection.close()


def test_a_file_is_found_again(tmp_path: Path) -> None:
    database = sqlite(tmp_path / "x.sqlite")
    database.create(METADATA)
    write(database, 1)
    database.close()
    again = sqlite(tmp_path / "x.sqlite")
    assert written(again) == [1]
    again.close()


def test_a_copy_goes_its_own_way(tmp_path: Path) -> None:
    """From memory to a file and back: the same rows, then each its own."""
    source, target, third = sqlite(), sqlite(tmp_path / "copy.sqlite"), sqlite()
    source.create(METADATA)
    write(source, 1)
    source.copy_to(target)
    write(source, 2)
    write(target, 3)
    target.copy_to(third)
    assert (written(source), written(target), written(third)) == ([1, 2], [1, 3], [1, 3])
    for database in (source, target, third):
        database.close()


@pytest.fixture
def schema(postgres_url: str) -> Iterator[Database]:
    """A schema of its own in a real PostgreSQL."""
    made = postgres(postgres_url, schema="w_of_its_own")
    made.create(METADATA)
    yield made
    made.connection.exec_driver_sql("DROP SCHEMA w_of_its_own CASCADE")
    made.close()


def test_postgres_cannot_be_copied(schema: Database) -> None:
    """It says so, instead of making half a copy."""
    with pytest.raises(CopyRefusedError, match="Only worlds in SQLite can be forked"):
        schema.copy_to(sqlite())


def test_a_schema_is_a_world_of_its_own(schema: Database, postgres_url: str) -> None:
    """The tables lie in the world's own schema, and another world does not see them."""
    write(schema, 1)
    where = sa.text("SELECT schemaname FROM pg_tables WHERE tablename = 'note' AND schemaname = 'w_of_its_own'")
    assert list(schema.connection.scalars(where)) == ["w_of_its_own"]
    other = postgres(postgres_url, schema="w_another")
    assert not sa.inspect(other.connection).has_table("note", schema="w_another")
    other.connection.exec_driver_sql("DROP SCHEMA w_another CASCADE")
    other.close()
