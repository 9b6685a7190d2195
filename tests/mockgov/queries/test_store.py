"""One contract, kept by the plain twin and by SQL on SQLite (memory, file) and PostgreSQL."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from mockgov.database import Database, sqlite
from mockgov.queries import store as queries_store
from mockgov.queries.messages import Asked, Counted, Lately
from mockgov.queries.store import AuditStore, InMemoryAudit, SqlAudit


def row(nth: int, asker: str = "ÇINAR-TEST", citizen_id: int | None = 1) -> Asked:
    code = None if citizen_id is None else f"A1B2{nth:04d}17"
    place = '{"city":"Ağrı"}' if nth % 2 else None
    return Asked(1_633_323_600_000_000 + nth, asker, "visitor", code, citizen_id, "RISKLESS", place)


def keep(store: AuditStore, *rows: Asked) -> None:
    store.append(rows)
    store.commit()


class StoreContract:
    """What every store promises."""

    def test_rows_come_back_as_they_were(self, store: AuditStore) -> None:
        """Every field survives, newest first; of one moment the later row is the newer."""
        rows = [row(1), row(2, citizen_id=None), row(3)._replace(asked_us=row(1).asked_us)]
        keep(store, *rows[:2])
        keep(store, rows[2])
        assert list(store.by("ÇINAR-TEST")) == rows[::-1]
        assert store.count() == 3

    def test_by_asker_and_about_citizen(self, store: AuditStore) -> None:
        """Each list has only its own rows, and at most `limit` of them."""
        keep(store, row(1), row(2, "B-TEST"), row(3, citizen_id=2), row(4, "B-TEST", 2))
        assert [one.asked_us % 10 for one in store.about(2).rows] == [4, 3]
        assert [one.asked_us % 10 for one in store.by("B-TEST")] == [4, 2]
        assert [one.asked_us % 10 for one in store.by("B-TEST", limit=1)] == [4]
        assert list(store.about(9).rows) == list(store.by("b-test")) == []

    def test_what_was_asked_lately_is_counted(self, store: AuditStore) -> None:
        """By minute, channel and outcome; each reading has only what came since the one before."""
        assert store.lately(0, most=10) == Lately([], 0, is_whole=True)
        keep(store, row(1), row(2, "ÇINAR-G2G-HES"), row(3, "ÇINAR-G2G-HES")._replace(outcome="RISKY"))
        later = row(6)._replace(asked_us=row(60_000_000).asked_us)
        keep(store, later._replace(asker="citizen:7"), later._replace(asker="institution:1/citizen:7"), row(4))
        first, minute = store.lately(0, most=10), row(0).asked_us // 60_000_000
        assert sorted(first.counted) == [
            (minute, "live", "RISKLESS", 1),
            (minute, "live", "RISKY", 1),
            (minute, "test", "RISKLESS", 2),
            (minute + 1, "manager", "RISKLESS", 1),
            (minute + 1, "person", "RISKLESS", 1),
        ]
        keep(store, row(5))
        assert store.lately(first.after, most=10) == Lately([Counted(minute, "test", "RISKLESS", 1)], 7, is_whole=True)

    def test_no_more_than_so_many_rows_are_counted(self, store: AuditStore) -> None:
        """The youngest; what was left out is told, and an emptied trail is read from its beginning again."""
        keep(store, *[row(nth) for nth in range(5)])
        lately = store.lately(1, most=3)
        assert ([one.questions for one in lately.counted], lately.after, lately.is_whole) == ([3], 5, False)
        assert store.lately(2, most=3).is_whole
        again = store.lately(99, most=10)
        assert ([one.questions for one in again.counted], again.after) == ([5], 5)

    def test_the_holders_list_is_read_in_pages(self, store: AuditStore) -> None:
        """Each page goes on where the one before ended, whatever is written between; the last one says so."""
        keep(store, *[row(nth, citizen_id=1 + nth % 2) for nth in range(7)])
        first = store.about(1, limit=2)
        assert [one.asked_us % 10 for one in first.rows] == [6, 4]
        keep(store, row(8))
        second = store.about(1, limit=2, before=first.before)
        assert [one.asked_us % 10 for one in second.rows] == [2, 0]
        assert second.before is None

    def test_who_was_told_of_which_code(self, store: AuditStore) -> None:
        """By some askers, or such as begin so; only what was answered, each pair once; and read on from there."""
        keep(store, row(1), row(1, "institution:7/citizen:1"), row(2, "B-TEST"), row(3, citizen_id=None))
        keep(store, row(4)._replace(outcome="hescodehasbeenexpired"), row(1), row(5)._replace(outcome="RISKY"))
        last, told = store.asked_after(0, askers=["ÇINAR-TEST"], prefix="institution:")
        assert list(told) == [
            ("institution:7/citizen:1", row(1).code),
            ("ÇINAR-TEST", row(1).code),
            ("ÇINAR-TEST", row(5).code),
        ]
        assert last == 7
        keep(store, row(6, "B-TEST"), row(7))
        assert store.asked_after(last, askers=["ÇINAR-TEST"], prefix="x") == (9, [("ÇINAR-TEST", row(7).code)])
        assert store.asked_after(9, askers=[], prefix="x") == (9, [])

    def test_the_list_of_one_code(self, store: AuditStore, monkeypatch: pytest.MonkeyPatch) -> None:
        """Has no other's rows, and is cut and paged after those are left out; so it is once rows have been entered."""
        rows = [row(nth)._replace(code=f"A1B234561{nth % 3}") for nth in range(9)]
        keep(store, *rows)
        for trailing in (50_000, 3):
            monkeypatch.setattr(queries_store, "TRAILING", trailing)
            page = store.about(1, limit=2, code="A1B2345611")
            assert [one.asked_us % 10 for one in page.rows] == [7, 4]
            assert list(store.about(1, before=page.before, code="A1B2345611").rows) == [rows[1]]

    def test_many_rows_are_entered_under_their_citizens(
        self, store: AuditStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """However far the index trails, and wherever its end lies in a page, the list is the same."""
        monkeypatch.setattr(queries_store, "TRAILING", 3)
        monkeypatch.setattr(queries_store, "AT_ONCE", 4)
        for nth in range(20):
            keep(store, row(nth, citizen_id=(1, 2, None)[nth % 3]))
            assert [one.asked_us - row(0).asked_us for one in store.about(1).rows] == list(range(nth - nth % 3, -1, -3))
        pages, before = list[Sequence[Asked]](), None
        while not pages or before is not None:
            rows, before = store.about(2, limit=3, before=before)
            pages.append(rows)
        assert [[one.asked_us - row(0).asked_us for one in rows] for rows in pages] == [[19, 16, 13], [10, 7, 4], [1]]

    def test_erased_rows_are_counts_without_persons(self, store: AuditStore, monkeypatch: pytest.MonkeyPatch) -> None:
        """Only rows before the moment go; the number of questions and that an account has asked stay."""
        monkeypatch.setattr(queries_store, "TRAILING", 1)
        keep(store, *[row(nth) for nth in range(4)], row(4, "citizen:7"), row(5, "citizen:8"))
        assert len(store.about(1).rows) == 6
        assert store.oldest_us() == row(0).asked_us
        assert store.erase_before(row(5).asked_us) == 5
        assert list(store.about(1).rows) == [row(5, "citizen:8")]
        assert (store.oldest_us(), store.count()) == (row(5).asked_us, 6)
        assert store.has_asked("ÇINAR-TEST")
        assert not store.has_asked("citizen:7")
        assert store.erase_before(row(6).asked_us) == 1
        assert (store.oldest_us(), store.count()) == (None, 6)
        keep(store, *[row(nth) for nth in range(6, 10)])
        assert len(store.about(1).rows) == 4
        assert store.count() == 10
        assert store.erase_before(row(6).asked_us) == 0

    def test_nothing(self, store: AuditStore) -> None:
        """No rows: nothing happens, and the next rows are kept."""
        keep(store)
        assert store.count() == 0
        keep(store, row(1))
        assert store.count() == 1

    def test_commit_from_another_thread(self, store: AuditStore) -> None:
        """`append` on one thread, `commit` on another."""
        for nth in range(5):
            store.append([row(nth)])
            committing = threading.Thread(target=store.commit)
            committing.start()
            committing.join()
        assert store.count() == 5


class TestInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> AuditStore:
        return InMemoryAudit()


class TestSql(StoreContract):
    @pytest.fixture
    def store(self, database: Database) -> AuditStore:
        made = SqlAudit(database)
        yield made
        made.close()

    def test_survives_a_new_store(self, database: Database, store: AuditStore) -> None:
        """What one store has kept another on the same database finds."""
        keep(store, row(1))
        again = SqlAudit(database)
        assert list(again.by("ÇINAR-TEST")) == [row(1)]
        again.close()

    def test_rows_that_cannot_be_kept_leave_nothing(self, database: Database, store: AuditStore) -> None:
        """A row without an asker takes its whole batch with it; the store and its database work on."""
        with pytest.raises(Exception, match=r"(?i)null"):
            store.append([row(1), row(2)._replace(asker=None)])
        with database.transaction():
            pass
        keep(store, row(3))
        assert list(store.by("ÇINAR-TEST")) == [row(3)]

    def test_commands_and_the_trail_take_turns(self, database: Database, store: AuditStore) -> None:
        """A command waits for a commit under way, and neither loses anything."""
        store.append([row(1)])
        committing = threading.Timer(0.05, store.commit)
        committing.start()
        with database.transaction():
            assert store.count() == 1
        committing.join()


class TestSqlite:
    """What the file and its engine add."""

    @pytest.fixture(params=["memory", "file"])
    def database(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
        made = sqlite(tmp_path / "ministry.sqlite" if request.param == "file" else None)
        yield made
        made.close()

    @pytest.fixture
    def store(self, database: Database) -> AuditStore:
        return SqlAudit(database)

    def test_committed_rows_are_in_the_file(self, tmp_path: Path) -> None:
        """When `commit` has returned, another process finds the row; not before."""
        database = sqlite(tmp_path / "ministry.sqlite")
        store = SqlAudit(database)
        outside = sqlite3.connect(tmp_path / "ministry.sqlite")
        store.append([row(1)])
        assert outside.execute("SELECT count(*) FROM asked").fetchone() == (0,)
        store.commit()
        assert outside.execute("SELECT count(*) FROM asked").fetchone() == (1,)
        assert database.raw.execute("PRAGMA synchronous").fetchone() == (2,)
        outside.close()
        database.close()

    def test_a_full_disk_loses_the_batch_and_nothing_more(self, database: Database, store: AuditStore) -> None:
        """The error is SQLite's own; when there is room again, the store works on."""
        keep(store, row(1))
        pages = database.raw.execute("PRAGMA page_count").fetchone()[0]
        database.raw.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(sqlite3.OperationalError, match="full"):
            keep(store, *[row(nth) for nth in range(10_000)])
        database.raw.execute("PRAGMA max_page_count=100000")
        keep(store, row(2))
        assert [one.asked_us % 10 for one in store.by("ÇINAR-TEST")] == [2, 1]

    def test_a_commit_that_fails_loses_the_batch_and_nothing_more(self, database: Database, store: AuditStore) -> None:
        """A constraint that is checked at the end stands for a disk that fails there."""
        database.raw.execute("CREATE TABLE reply (n REFERENCES asked (number) DEFERRABLE INITIALLY DEFERRED)")
        store.append([row(1)])
        database.raw.execute("INSERT INTO reply VALUES (99)")
        with pytest.raises(sqlite3.IntegrityError):
            store.commit()
        keep(store, row(2))
        assert [one.asked_us % 10 for one in store.by("ÇINAR-TEST")] == [2]
