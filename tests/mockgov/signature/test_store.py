"""One contract, kept by the plain twin and by SQL on SQLite (memory, file) and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mockgov.database import Database
from mockgov.signature.rules import Certificate, CertificateFlaw, Profile
from mockgov.signature.store import CertificateStore, InMemoryCertificates, SqlCertificates

FIRST = Certificate(
    serial="7f00000000000000000000000000000a",
    number=1,
    identity_number="10000000146",
    subject_number="10000000146",
    name="AYŞE NUR IŞIK",
    profile=Profile.QUALIFIED,
    not_before=datetime(2021, 10, 4, 5, tzinfo=UTC),
    not_after=datetime(2022, 10, 4, 5, tzinfo=UTC),
    flaw=None,
    der=b"\x30\x00\xff",
    issued_at=datetime(2021, 10, 4, 5, 0, 0, 1, tzinfo=UTC),
)
SECOND = replace(
    FIRST,
    serial="40000000000000000000000000000001",
    number=2,
    subject_number="99000000012",
    profile=Profile.PLAIN,
    flaw=CertificateFlaw.WRONG_TCKN,
    revoked_at=datetime(2021, 10, 5, 5, 0, 0, 999_999, tzinfo=UTC),
    reason="key-compromise",
)


class StoreContract:
    """What every store promises."""

    def test_certificates_come_back_as_they_were(self, store: CertificateStore) -> None:
        """Every field survives, to the byte and the microsecond."""
        store.put(SECOND)
        store.put(FIRST)
        assert store.get(FIRST.serial) == FIRST
        assert store.get(SECOND.serial) == SECOND
        assert store.get("40") is None
        assert store.count() == 2

    def test_putting_again_replaces(self, store: CertificateStore) -> None:
        revoked = replace(FIRST, revoked_at=FIRST.not_after, reason="superseded")
        store.put(FIRST)
        store.put(revoked)
        assert (store.get(FIRST.serial), store.count()) == (revoked, 1)

    def test_by_holder_oldest_first(self, store: CertificateStore) -> None:
        """Whose number stands in it does not matter; who holds it does."""
        third = replace(FIRST, serial="41", number=3, identity_number="99000000012")
        for one in (third, SECOND, FIRST):
            store.put(one)
        assert store.held_by("10000000146") == [FIRST, SECOND]
        assert store.held_by("99000000012") == [third]
        assert store.held_by("") == []

    def test_the_revoked_ones(self, store: CertificateStore) -> None:
        assert store.revoked() == []
        for one in (SECOND, FIRST):
            store.put(one)
        assert store.revoked() == [SECOND]


class TestInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> CertificateStore:
        return InMemoryCertificates()


class TestSql(StoreContract):
    @pytest.fixture
    def store(self, database: Database) -> CertificateStore:
        return SqlCertificates(database)

    def test_survives_a_new_store(self, database: Database, store: CertificateStore) -> None:
        """What one store has kept another on the same database finds."""
        store.put(SECOND)
        assert SqlCertificates(database).get(SECOND.serial) == SECOND
