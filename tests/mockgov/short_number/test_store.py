"""One contract, kept by the plain twin and by SQL on SQLite (memory, file) and PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mockgov.database import Database
from mockgov.short_number.rules import Mistake, Read
from mockgov.short_number.store import InMemoryTexts, SqlTexts, TextStore
from tests.mockgov.short_number.post import ABROAD, MINE, MONDAY, NUMBER, YOURS

MADE = Read(
    phone=MINE,
    to="2023",
    received_at=MONDAY,
    mistake=None,
    code="A1B2345617",
    token="abcdefghijkm",
)
WRONG = replace(MADE, mistake=Mistake.BAD_DAYS, code=None, token=None)


class StoreContract:
    """What every store promises."""

    def test_texts_come_back_as_they_were(self, store: TextStore) -> None:
        """Newest first, each line its own, from abroad too; to the microsecond."""
        later = replace(WRONG, received_at=MONDAY + timedelta(microseconds=1))
        abroad = replace(MADE, phone=ABROAD, to=NUMBER, code="A1B2345618", token="abcdefghijkn")
        for read in (MADE, later, abroad):
            store.put(read)
        assert store.of(MINE, limit=9) == [later, MADE]
        assert store.of(MINE, limit=1) == [later]
        assert store.of(ABROAD, limit=9) == [abroad]
        assert store.of(YOURS, limit=9) == []

    def test_counting(self, store: TextStore) -> None:
        """From the very moment on."""
        for seconds in (0, 1, 2):
            store.put(replace(WRONG, received_at=MONDAY + timedelta(seconds=seconds)))
        assert store.count_since(MINE, MONDAY + timedelta(seconds=1)) == 2
        assert store.count_since(MINE, MONDAY + timedelta(seconds=3)) == 0
        assert store.count_since(YOURS, MONDAY) == 0

    def test_codes(self, store: TextStore) -> None:
        """A line's codes in their order, and the one behind an address."""
        store.put(MADE)
        store.put(WRONG)
        store.put(replace(MADE, code="A1B2345618", token="abcdefghijkn"))
        assert store.codes_of(MINE) == ["A1B2345617", "A1B2345618"]
        assert store.codes_of(YOURS) == []
        assert store.code_at("abcdefghijkn") == "A1B2345618"
        assert store.code_at("nobodysaddre") is None


class TestInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> TextStore:
        return InMemoryTexts()


class TestSql(StoreContract):
    @pytest.fixture
    def store(self, database: Database) -> TextStore:
        return SqlTexts(database)

    def test_survives_a_new_store(self, database: Database, store: TextStore) -> None:
        """What one store has kept another on the same database finds."""
        store.put(MADE)
        assert SqlTexts(database).of(MINE, limit=9) == [MADE]
