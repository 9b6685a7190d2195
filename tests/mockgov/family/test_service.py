"""The family desk over its plain twin."""

from contextlib import nullcontext
from datetime import UTC, datetime

import pytest

from mockgov.family.messages import InviteMember, MemberInvited
from mockgov.family.rules import Membership, NotInvitable
from mockgov.family.service import Families
from mockgov.family.store import InMemoryFamilies

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)


class Desk:
    """A family desk and the events that it told."""

    def __init__(self) -> None:
        self.told: list[object] = []
        self.families = Families(
            store=InMemoryFamilies(), now=lambda: MONDAY, tell=self.told.append, transaction=nullcontext
        )


@pytest.fixture
def desk() -> Desk:
    return Desk()


def invitation(member_id: int = 2, relation: str = "Eşim") -> InviteMember:
    return InviteMember(owner_id=1, member_id=member_id, relation=relation, health_allowed=True, location_allowed=False)


def test_inviting(desk: Desk) -> None:
    """An invitation is kept with what the other may see, oldest first, and told."""
    made = desk.families.invite(invitation())
    desk.families.invite(invitation(3))
    assert made == Membership(
        number=1,
        owner_id=1,
        member_id=2,
        relation="Eşim",
        health_allowed=True,
        location_allowed=False,
        invited_at=MONDAY,
    )
    assert [one.member_id for one in desk.families.members_of(1)] == [2, 3]
    assert desk.families.members_of(2) == []
    assert desk.told == [MemberInvited(owner_id=1, member_id=2), MemberInvited(owner_id=1, member_id=3)]


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (invitation(1), "This is your own phone"),
        (invitation(2), "This person is invited already"),
        (invitation(3, " "), "relationName must have"),
    ],
)
def test_who_cannot_be_invited(desk: Desk, order: InviteMember, says: str) -> None:
    """Oneself, the same person twice, or without a relation; nothing is kept."""
    desk.families.invite(invitation(2))
    with pytest.raises(NotInvitable, match=says):
        desk.families.invite(order)
    assert len(desk.families.members_of(1)) == 1
