"""One contract, kept by the plain twin and by SQL on SQLite (memory, file) and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mockgov.clock import to_us
from mockgov.database import Database
from mockgov.edevlet.rules import Inquiry, Login, Session
from mockgov.edevlet.store import EdevletStore, InMemoryEdevlet, SqlEdevlet

MONDAY = datetime(2021, 10, 4, 5, 0, 0, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
BIG = 10_000_000_000
LOGIN = Login(citizen_id=BIG, sessions=3, failures=2, locked_until=MONDAY, password_hash="$argon2id$ş")
SESSION = Session(key="a" * 64, citizen_id=BIG, ends_at=MONDAY + HOUR)
INQUIRY = Inquiry(session=SESSION.key, code="A1B2345617", asked_at=MONDAY, answer='["ş"]')


class StoreContract:
    """What every store promises."""

    def test_what_is_kept_comes_back_as_it_was(self, store: EdevletStore) -> None:
        """Every field, to the microsecond; what is put again takes the place of what was there."""
        assert (store.login(BIG), store.session(SESSION.key), store.inquiry(SESSION.key)) == (None, None, None)
        store.put_login(LOGIN)
        store.put_session(SESSION)
        store.put_inquiry(INQUIRY)
        kept = store.login(BIG), store.session(SESSION.key), store.inquiry(SESSION.key)
        assert kept == (LOGIN, SESSION, INQUIRY)
        plain = Login(citizen_id=BIG)
        waiting = replace(INQUIRY, code=None, answer=None)
        store.put_login(plain)
        store.put_inquiry(waiting)
        assert (store.login(BIG), store.inquiry(SESSION.key)) == (plain, waiting)

    def test_a_session_is_forgotten_with_its_query(self, store: EdevletStore) -> None:
        """One, all of a citizen but one, or those that are over; the others stay."""
        sessions = [replace(SESSION, key=letter * 64, citizen_id=1, ends_at=MONDAY + HOUR) for letter in "abc"]
        other = replace(SESSION, key="d" * 64, citizen_id=2, ends_at=MONDAY + 2 * HOUR)
        for session in (*sessions, other):
            store.put_session(session)
            store.put_inquiry(replace(INQUIRY, session=session.key))

        def left() -> str:
            found = [letter for letter in "abcd" if store.session(letter * 64)]
            assert found == [letter for letter in "abcd" if store.inquiry(letter * 64)]
            return "".join(found)

        store.forget_session("a" * 64)
        store.forget_session("x")
        assert left() == "bcd"
        store.forget_sessions_of(1, but="c" * 64)
        assert left() == "cd"
        assert store.oldest_end_us() == to_us(MONDAY + HOUR)
        assert store.forget_ended(MONDAY + HOUR - timedelta(microseconds=1)) == 0
        assert left() == "cd"
        assert store.forget_ended(MONDAY + HOUR) == 2
        assert left() == "d"
        assert (store.forget_sessions_of(1), store.forget_sessions_of(2)) == (0, 2)
        assert (left(), store.oldest_end_us()) == ("", None)


class TestInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> EdevletStore:
        return InMemoryEdevlet()


class TestSql(StoreContract):
    @pytest.fixture
    def store(self, database: Database) -> EdevletStore:
        return SqlEdevlet(database)
