"""Where invitations are kept: a Protocol, a plain twin, and one for SQLite and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.database import Database
from mockgov.family.rules import Membership


class FamilyStore(Protocol):
    """Keeps invitations."""

    def put(self, membership: Membership) -> Membership:
        """Add an invitation; its number is given by the store."""
        ...

    def of(self, owner_id: int) -> Sequence[Membership]:
        """The invitations of an owner, oldest first."""
        ...

    def drop(self, citizen_id: int) -> int:
        """Remove every invitation by or of somebody; how many."""
        ...


class InMemoryFamilies:
    """The plain twin."""

    def __init__(self) -> None:
        self._memberships: list[Membership] = []

    def put(self, membership: Membership) -> Membership:
        last = self._memberships[-1].number if self._memberships else 0
        self._memberships.append(replace(membership, number=last + 1))
        return self._memberships[-1]

    def of(self, owner_id: int) -> Sequence[Membership]:
        return [membership for membership in self._memberships if membership.owner_id == owner_id]

    def drop(self, citizen_id: int) -> int:
        before = len(self._memberships)
        self._memberships = [m for m in self._memberships if citizen_id not in (m.owner_id, m.member_id)]
        return before - len(self._memberships)


METADATA = sa.MetaData()
MEMBERSHIP = sa.Table(
    "family_member",
    METADATA,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("owner_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("member_id", sa.BigInteger, nullable=False),
    sa.Column("relation", sa.Text, nullable=False),
    sa.Column("health_allowed", sa.Boolean, nullable=False),
    sa.Column("location_allowed", sa.Boolean, nullable=False),
    sa.Column("invited_us", sa.BigInteger, nullable=False),
)


class SqlFamilies:
    """Invitations in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)

    def put(self, membership: Membership) -> Membership:
        row = {
            "owner_id": membership.owner_id,
            "member_id": membership.member_id,
            "relation": membership.relation,
            "health_allowed": membership.health_allowed,
            "location_allowed": membership.location_allowed,
            "invited_us": to_us(membership.invited_at),
        }
        made = self._database.connection.execute(MEMBERSHIP.insert().returning(MEMBERSHIP.c.number), row)
        return replace(membership, number=made.scalar_one())

    def of(self, owner_id: int) -> Sequence[Membership]:
        found = sa.select(MEMBERSHIP).where(MEMBERSHIP.c.owner_id == owner_id).order_by(MEMBERSHIP.c.number)
        return [
            Membership(
                number=row["number"],
                owner_id=row["owner_id"],
                member_id=row["member_id"],
                relation=row["relation"],
                health_allowed=bool(row["health_allowed"]),
                location_allowed=bool(row["location_allowed"]),
                invited_at=from_us(row["invited_us"]),
            )
            for row in self._database.connection.execute(found).mappings()
        ]

    def drop(self, citizen_id: int) -> int:
        theirs = (MEMBERSHIP.c.owner_id == citizen_id) | (MEMBERSHIP.c.member_id == citizen_id)
        return self._database.connection.execute(MEMBERSHIP.delete().where(theirs)).rowcount
