"""One contract, kept by the plain twin and by SQL on SQLite (memory, file) and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mockgov.database import Database
from mockgov.kvkk.rules import Answer, Request, Right, answered
from mockgov.kvkk.store import Erasure, InMemoryRequests, RequestStore, SqlRequests

MOMENT = datetime(2021, 10, 4, 5, 0, 0, 1, tzinfo=UTC)
DAY = timedelta(days=1)
NEW = Request(
    number=0,
    citizen_id=10_000_000_000,
    lodged_by=2,
    right=Right.ERASURE,
    text="Lütfen silin 🏢\n",
    lodged_at=MOMENT,
    due_at=MOMENT + 10 * DAY,
)
SAID = Answer(granted=False, tr="Hayır “ğ”", en="No.")


class StoreContract:
    """What every store promises."""

    def test_applications_come_back_as_they_were(self, store: RequestStore) -> None:
        """Every field, to the microsecond, under running numbers; a person's own, newest first."""
        first, second, others = store.add(NEW), store.add(NEW), store.add(replace(NEW, lodged_by=3))
        assert first == replace(NEW, number=1)
        done = answered(second, SAID, MOMENT + DAY)
        store.put(done)
        assert [store.get(number) for number in (1, 2, 3, 4)] == [first, done, others, None]
        assert store.lodged_by(2) == [done, first]
        assert store.lodged_by(10_000_000_000) == []

    def test_what_is_due_first(self, store: RequestStore) -> None:
        """The earliest, of several the one that was lodged first; answered ones are not."""
        assert (store.first_due(), store.next_due()) == (None, None)
        late, early, same = (store.add(replace(NEW, due_at=MOMENT + days * DAY)) for days in (2, 1, 1))
        assert store.first_due() == early
        assert store.next_due() == MOMENT + DAY
        store.put(answered(early, SAID, MOMENT))
        assert store.first_due() == same
        store.put(answered(same, SAID, MOMENT))
        assert store.first_due() == late

    def test_dropping_what_was_answered(self, store: RequestStore) -> None:
        """Open ones stay, and no number is given again."""
        store.add(NEW)
        for days in (1, 2):
            store.put(answered(store.add(NEW), SAID, MOMENT + days * DAY))
        assert store.oldest_answered() == MOMENT + DAY
        assert store.drop_answered(MOMENT + DAY) == 0
        assert store.drop_answered(MOMENT + 9 * DAY) == 2
        assert store.oldest_answered() is None
        assert [one.number for one in store.lodged_by(2)] == [1]
        assert store.add(NEW).number == 4

    def test_the_record_of_erasures(self, store: RequestStore) -> None:
        """Newest first, at most as many as asked for."""
        lines = [Erasure(at=MOMENT + nth * DAY, what="code", rows=nth) for nth in range(3)]
        for line in lines:
            store.note(line)
        assert store.erasures() == lines[::-1]
        assert store.erasures(limit=1) == lines[2:]


class TestInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> RequestStore:
        return InMemoryRequests()


class TestSql(StoreContract):
    @pytest.fixture
    def store(self, database: Database) -> RequestStore:
        return SqlRequests(database)
