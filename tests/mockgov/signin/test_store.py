"""One contract, kept by the plain twin and by SQL on SQLite (memory, file) and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mockgov.clock import to_us
from mockgov.database import Database
from mockgov.signin.rules import LoginCode, Registration
from mockgov.signin.store import InMemoryLogins, LoginStore, SqlLogins

LOGIN = LoginCode(
    citizen_id=10_000_000_000,
    nth=3,
    code="012345",
    sent_at=datetime(2021, 10, 4, 5, 0, 0, 1, tzinfo=UTC),
    expires_at=datetime(2021, 10, 4, 5, 3, 0, 1, tzinfo=UTC),
)
USER = "0f0e0d0c-0b0a-4908-8706-050403020100"


class StoreContract:
    """What every store promises."""

    def test_a_code_comes_back_as_it_was(self, store: LoginStore) -> None:
        """Every field survives, to the microsecond."""
        used = replace(LOGIN, citizen_id=2, used=True, attempts=4)
        store.put(LOGIN)
        store.put(used)
        assert store.get(LOGIN.citizen_id) == LOGIN
        assert store.get(2) == used
        assert store.get(3) is None

    def test_a_new_code_replaces_the_old_one(self, store: LoginStore) -> None:
        store.put(LOGIN)
        store.put(replace(LOGIN, nth=4, code="543210"))
        assert store.get(LOGIN.citizen_id) == replace(LOGIN, nth=4, code="543210")

    def test_a_registration_is_dropped(self, store: LoginStore) -> None:
        """One's own only, done or tried."""
        mine = Registration(citizen_id=1, attempts=2)
        other = Registration(citizen_id=2, registered_at=LOGIN.sent_at, text_version=2.0)
        store.put_registration(mine)
        store.put_registration(other)
        assert (store.drop_registration(1), store.drop_registration(1)) == (1, 0)
        assert (store.registration(1), store.registration(2)) == (None, other)

    def test_striking_out(self, store: LoginStore) -> None:
        """A code that ended before goes; how many somebody had stays."""
        later = replace(LOGIN, citizen_id=2, expires_at=LOGIN.expires_at + timedelta(minutes=1))
        store.put(LOGIN)
        store.put(later)
        assert store.oldest_end_us() == to_us(LOGIN.expires_at)
        assert store.strike(ended_before_us=to_us(LOGIN.expires_at)) == 0
        assert store.strike(ended_before_us=to_us(LOGIN.expires_at) + 1) == 1
        assert store.get(LOGIN.citizen_id) == replace(LOGIN, code="", used=True)
        assert store.oldest_end_us() == to_us(later.expires_at)
        assert store.strike(citizen_id=3) == 0
        assert store.strike(citizen_id=2) == 1
        assert store.oldest_end_us() is None

    def test_an_account_is_closed(self, store: LoginStore) -> None:
        """Its user id stands for nobody any more; others' do."""
        store.put_user(USER, 1)
        store.put_user("2" + USER[1:], 2)
        assert store.drop_users(1) == 1
        assert store.citizen_of(USER) is None
        assert store.citizen_of("2" + USER[1:]) == 2

    def test_users(self, store: LoginStore) -> None:
        """A user id stands for one citizen; saying so again changes nothing."""
        store.put_user(USER, 10_000_000_000)
        store.put_user(USER, 10_000_000_000)
        assert store.citizen_of(USER) == 10_000_000_000
        assert store.citizen_of("nobody") is None

    def test_registrations(self, store: LoginStore) -> None:
        """One for each citizen, replaced as a whole; a moment keeps its microseconds."""
        tried = Registration(citizen_id=10_000_000_000, attempts=2)
        done = replace(tried, attempts=0, registered_at=LOGIN.sent_at, text_version=2.0)
        store.put_registration(tried)
        assert store.registration(10_000_000_000) == tried
        store.put_registration(done)
        assert store.registration(10_000_000_000) == done
        assert store.registration(2) is None


class TestInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> LoginStore:
        return InMemoryLogins()


class TestSql(StoreContract):
    @pytest.fixture
    def store(self, database: Database) -> LoginStore:
        return SqlLogins(database)

    def test_survives_a_new_store(self, database: Database, store: LoginStore) -> None:
        """What one store has kept another on the same database finds."""
        store.put(LOGIN)
        store.put_user(USER, 7)
        assert SqlLogins(database).get(LOGIN.citizen_id) == LOGIN
        assert SqlLogins(database).citizen_of(USER) == 7
