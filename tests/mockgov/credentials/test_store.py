"""One contract, kept by the plain twin and by SQL on SQLite (memory, file) and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mockgov.credentials.rules import Account, AccountState, Environment
from mockgov.credentials.store import AccountStore, InMemoryAccounts, SqlAccounts
from mockgov.database import Database

ACCOUNT = Account(
    username="ÇINAR-LOJİSTİK-TEST",
    environment=Environment.TEST,
    institution_id=10_000_000_000,
    password_hash="$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA",
)


class StoreContract:
    """What every store promises."""

    def test_accounts_come_back_as_they_were(self, store: AccountStore) -> None:
        """Every field survives, to the microsecond."""
        full = Account(
            username="B-G2G-HES",
            environment=Environment.LIVE,
            institution_id=2,
            password_hash="x",
            rotation=3,
            state=AccountState.REVOKED,
            failures=4,
            locked_until=datetime(2021, 10, 4, 5, 15, 0, 1, tzinfo=UTC),
        )
        store.put(ACCOUNT)
        store.put(full)
        assert store.get(ACCOUNT.username) == ACCOUNT
        assert store.get("B-G2G-HES") == full

    def test_putting_again_replaces(self, store: AccountStore) -> None:
        store.put(ACCOUNT)
        store.put(replace(ACCOUNT, failures=1))
        assert store.all() == [replace(ACCOUNT, failures=1)]

    def test_names_are_compared_letter_by_letter(self, store: AccountStore) -> None:
        """İ is neither I nor i, and case counts."""
        store.put(ACCOUNT)
        for name in ("ÇINAR-LOJISTIK-TEST", "çınar-lojistik-test", "ÇINAR-LOJİSTİK-TEST "):
            assert store.get(name) is None

    def test_those_of_an_institution_by_user_name(self, store: AccountStore) -> None:
        for name, institution_id in (("Ç-TEST", 1), ("A-TEST", 2), ("B-TEST", 1)):
            store.put(replace(ACCOUNT, username=name, institution_id=institution_id))
        assert [account.username for account in store.of(1)] == ["B-TEST", "Ç-TEST"]
        assert store.of(3) == []

    def test_all_by_user_name(self, store: AccountStore) -> None:
        assert store.all() == []
        for name in ("Ç-TEST", "A-TEST", "B-TEST"):
            store.put(replace(ACCOUNT, username=name))
        assert [account.username for account in store.all()] == ["A-TEST", "B-TEST", "Ç-TEST"]


class TestInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> AccountStore:
        return InMemoryAccounts()


class TestSql(StoreContract):
    @pytest.fixture
    def store(self, database: Database) -> AccountStore:
        return SqlAccounts(database)

    def test_survives_a_new_store(self, database: Database, store: AccountStore) -> None:
        """What one store has kept another on the same database finds."""
        store.put(ACCOUNT)
        assert SqlAccounts(database).all() == [ACCOUNT]
