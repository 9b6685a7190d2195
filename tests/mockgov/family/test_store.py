"""One contract, kept by the plain twin and by SQL on SQLite (memory, file) and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mockgov.database import Database
from mockgov.family.rules import Membership, MembershipState
from mockgov.family.store import FamilyStore, InMemoryFamilies, SqlFamilies

MEMBERSHIP = Membership(
    number=0,
    owner_id=10_000_000_000,
    member_id=2,
    relation="Eşim 👪",
    health_allowed=True,
    location_allowed=False,
    invited_at=datetime(2021, 10, 4, 5, 0, 0, 1, tzinfo=UTC),
)


class StoreContract:
    """What every store promises."""

    def test_invitations_come_back_as_they_were(self, store: FamilyStore) -> None:
        """Numbered from 1 on, every field to the microsecond, oldest first, each owner their own."""
        first = store.put(MEMBERSHIP)
        store.put(replace(MEMBERSHIP, owner_id=5))
        third = store.put(replace(MEMBERSHIP, member_id=3, health_allowed=False, location_allowed=True))
        assert first == replace(MEMBERSHIP, number=1)
        assert third.number == 3
        assert store.of(10_000_000_000) == [first, third]
        assert store.of(6) == []
        assert [tie.number for tie in store.of(2)] == [1, 2]

    def test_what_becomes_of_an_invitation(self, store: FamilyStore) -> None:
        """Every field may change but the two people; the number stays."""
        store.put(replace(MEMBERSHIP, owner_id=5))
        made = store.put(MEMBERSHIP)
        changed = replace(
            made,
            state=MembershipState.ACCEPTED,
            health_allowed=False,
            member_health_allowed=True,
            member_location_allowed=True,
            changed_at=datetime(2021, 10, 5, 5, 0, 0, 1, tzinfo=UTC),
        )
        store.update(changed)
        assert store.get(2) == changed
        assert store.get(1) == replace(MEMBERSHIP, owner_id=5, number=1)
        assert store.get(3) is None

    def test_between_two_people(self, store: FamilyStore) -> None:
        """Whoever of them invited."""
        there = store.put(MEMBERSHIP)
        store.put(replace(MEMBERSHIP, member_id=3))
        back = store.put(replace(MEMBERSHIP, owner_id=2, member_id=10_000_000_000))
        assert store.between(2, 10_000_000_000) == store.between(10_000_000_000, 2) == [there, back]
        assert store.between(2, 3) == []

    def test_dropping_somebody(self, store: FamilyStore) -> None:
        """Invitations by them and of them go; a number is not given twice while there are others."""
        store.put(MEMBERSHIP)
        kept = store.put(replace(MEMBERSHIP, owner_id=5, member_id=6))
        store.put(replace(MEMBERSHIP, owner_id=7, member_id=10_000_000_000))
        assert store.drop(10_000_000_000) == 2
        assert [store.of(owner) for owner in (10_000_000_000, 5, 7)] == [[], [kept], []]
        assert store.drop(10_000_000_000) == 0


class TestInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> FamilyStore:
        return InMemoryFamilies()


class TestSql(StoreContract):
    @pytest.fixture
    def store(self, database: Database) -> FamilyStore:
        return SqlFamilies(database)

    def test_survives_a_new_store(self, database: Database, store: FamilyStore) -> None:
        """What one store has kept another on the same database finds."""
        kept = store.put(MEMBERSHIP)
        assert SqlFamilies(database).of(10_000_000_000) == [kept]
