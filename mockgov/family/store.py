"""Where invitations are kept: a Protocol, a plain twin, and one for SQLite and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.database import Database
from mockgov.family.rules import Membership, MembershipState


class FamilyStore(Protocol):
    """Keeps invitations."""

    def put(self, membership: Membership) -> Membership:
        """Add an invitation; its number is given by the store."""
        ...

    def update(self, membership: Membership) -> None:
        """Replace the invitation of the same number."""
        ...

    def get(self, number: int) -> Membership | None:
        """The invitation of that number."""
        ...

    def of(self, citizen_id: int) -> Sequence[Membership]:
        """The invitations that somebody has made or been given, oldest first."""
        ...

    def between(self, one: int, other: int) -> Sequence[Membership]:
        """The invitations between two people, whoever invited, oldest first."""
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

    def update(self, membership: Membership) -> None:
        self._memberships = [membership if one.number == membership.number else one for one in self._memberships]

    def get(self, number: int) -> Membership | None:
        return next((one for one in self._memberships if one.number == number), None)

    def of(self, citizen_id: int) -> Sequence[Membership]:
        return [one for one in self._memberships if citizen_id in (one.owner_id, one.member_id)]

    def between(self, one: int, other: int) -> Sequence[Membership]:
        return [tie for tie in self._memberships if {tie.owner_id, tie.member_id} == {one, other}]

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
    sa.Column("member_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("relation", sa.Text, nullable=False),
    sa.Column("health_allowed", sa.Boolean, nullable=False),
    sa.Column("location_allowed", sa.Boolean, nullable=False),
    sa.Column("invited_us", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("member_health_allowed", sa.Boolean, nullable=False),
    sa.Column("member_location_allowed", sa.Boolean, nullable=False),
    sa.Column("changed_us", sa.BigInteger),
)


class SqlFamilies:
    """Invitations in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)

    def put(self, membership: Membership) -> Membership:
        made = self._database.connection.execute(MEMBERSHIP.insert().returning(MEMBERSHIP.c.number), _row(membership))
        return replace(membership, number=made.scalar_one())

    def update(self, membership: Membership) -> None:
        changed = MEMBERSHIP.update().where(MEMBERSHIP.c.number == membership.number)
        self._database.connection.execute(changed.values(**_row(membership)))

    def get(self, number: int) -> Membership | None:
        return next(iter(self._found(MEMBERSHIP.c.number == number)), None)

    def of(self, citizen_id: int) -> Sequence[Membership]:
        return self._found(sa.or_(MEMBERSHIP.c.owner_id == citizen_id, MEMBERSHIP.c.member_id == citizen_id))

    def between(self, one: int, other: int) -> Sequence[Membership]:
        pair = MEMBERSHIP.c
        return self._found(
            sa.or_(
                sa.and_(pair.owner_id == one, pair.member_id == other),
                sa.and_(pair.owner_id == other, pair.member_id == one),
            )
        )

    def drop(self, citizen_id: int) -> int:
        theirs = (MEMBERSHIP.c.owner_id == citizen_id) | (MEMBERSHIP.c.member_id == citizen_id)
        return self._database.connection.execute(MEMBERSHIP.delete().where(theirs)).rowcount

    def _found(self, where: sa.ColumnElement[bool]) -> Sequence[Membership]:
        found = sa.select(MEMBERSHIP).where(where).order_by(MEMBERSHIP.c.number)
        return [_membership(row) for row in self._database.connection.execute(found).mappings()]


def _row(membership: Membership) -> dict[str, Any]:
    return {
        "owner_id": membership.owner_id,
        "member_id": membership.member_id,
        "relation": membership.relation,
        "health_allowed": membership.health_allowed,
        "location_allowed": membership.location_allowed,
        "invited_us": to_us(membership.invited_at),
        "state": membership.state.value,
        "member_health_allowed": membership.member_health_allowed,
        "member_location_allowed": membership.member_location_allowed,
        "changed_us": None if membership.changed_at is None else to_us(membership.changed_at),
    }


def _membership(row: sa.RowMapping) -> Membership:
    return Membership(
        number=row["number"],
        owner_id=row["owner_id"],
        member_id=row["member_id"],
        relation=row["relation"],
        health_allowed=bool(row["health_allowed"]),
        location_allowed=bool(row["location_allowed"]),
        invited_at=from_us(row["invited_us"]),
        state=MembershipState(row["state"]),
        member_health_allowed=bool(row["member_health_allowed"]),
        member_location_allowed=bool(row["member_location_allowed"]),
        changed_at=None if row["changed_us"] is None else from_us(row["changed_us"]),
    )
