"""One contract, kept by the plain twin and by SQL on SQLite (memory, file) and PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mockgov.clock import to_us
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

    def test_forgetting(self, store: TextStore) -> None:
        """What was of no more use before a moment; a line's; those of codes; the rest stays."""
        early = replace(WRONG, over_at=MONDAY)
        ended = replace(MADE, over_at=MONDAY + timedelta(days=1))
        endless = replace(MADE, phone=YOURS, code="A1B2345618", token="abcdefghijkn")
        abroad = replace(MADE, phone=ABROAD, to=NUMBER, code="A1B2345619", token="abcdefghijkp")
        assert store.oldest_over_us() is None
        for read in (endless, ended, early, abroad):
            store.put(read)
        assert store.oldest_over_us() == to_us(MONDAY)
        assert store.drop(over_before_us=to_us(MONDAY)) == 0
        assert store.drop(over_before_us=to_us(MONDAY) + 1) == 1
        assert store.of(MINE, limit=9) == [ended]
        assert store.drop() == 0
        assert store.drop(codes=["A1B2345618", "Z9Z9999999"]) == 1
        assert store.drop(phone=MINE, codes=["A1B2345617"]) == 1
        assert [store.of(phone, limit=9) for phone in (MINE, YOURS, ABROAD)] == [[], [], [abroad]]
        assert store.oldest_over_us() is None

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
