"""The family desk over its plain twin."""

from contextlib import nullcontext
from datetime import UTC, datetime

import pytest

from mockgov.family.messages import (
    AcceptInvitation,
    GiveLeave,
    InvitationAccepted,
    InvitationRefused,
    InviteMember,
    LeaveChanged,
    MemberInvited,
    MembershipEnded,
)
from mockgov.family.rules import (
    IllegalTransition,
    Membership,
    MembershipState,
    NotInvitable,
    UnknownMembership,
)
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


ACCEPT = AcceptInvitation(number=1, citizen_id=2, health_allowed=True, location_allowed=True)


def test_a_tie_from_invitation_to_end(desk: Desk) -> None:
    """Each step is told; nobody sees anything before the invited has accepted, nor after one of the two has left."""
    seen = []
    for step in (
        lambda: desk.families.invite(invitation()),
        lambda: desk.families.accept(ACCEPT),
        lambda: desk.families.give_leave(
            GiveLeave(number=1, citizen_id=1, health_allowed=False, location_allowed=False)
        ),
        lambda: desk.families.end(1, 2),
    ):
        tie = step()
        seen.append((tie.state.value, tie.health_seen_by(1), tie.health_seen_by(2)))
    assert seen == [
        ("INVITED", False, False),
        ("ACCEPTED", True, True),
        ("ACCEPTED", True, False),
        ("ENDED", False, False),
    ]
    assert desk.told == [
        MemberInvited(owner_id=1, member_id=2),
        InvitationAccepted(number=1),
        LeaveChanged(number=1),
        MembershipEnded(number=1),
    ]
    assert desk.families.members_of(1) == desk.families.members_of(2) == []


def test_a_refused_invitation_may_be_made_anew(desk: Desk) -> None:
    desk.families.invite(invitation())
    assert [tie.number for tie in desk.families.invitations_to(2)] == [1]
    assert desk.families.refuse(1, 2).state is MembershipState.REFUSED
    assert desk.told[-1] == InvitationRefused(number=1)
    assert desk.families.invitations_to(2) == []
    assert desk.families.invite(invitation()).number == 2


def test_who_is_invited_accepts_and_invites_not_back(desk: Desk) -> None:
    desk.families.invite(invitation())
    back = InviteMember(owner_id=2, member_id=1, relation="Eşim", health_allowed=True, location_allowed=True)
    with pytest.raises(NotInvitable, match="accept that invitation instead"):
        desk.families.invite(back)
    desk.families.accept(ACCEPT)
    with pytest.raises(NotInvitable, match="invited already"):
        desk.families.invite(back)


def test_what_is_not_ones_to_do(desk: Desk) -> None:
    """The invited answers, nobody else; a stranger finds nothing; what is over stays over. Nothing changes."""
    tie = desk.families.invite(invitation())
    leave = GiveLeave(number=1, citizen_id=2, health_allowed=True, location_allowed=True)
    for illegal in (lambda: desk.families.end(1, 2), lambda: desk.families.give_leave(leave)):
        with pytest.raises(IllegalTransition):
            illegal()
    for unknown in (
        lambda: desk.families.refuse(1, 1),
        lambda: desk.families.refuse(1, 3),
        lambda: desk.families.end(1, 3),
        lambda: desk.families.end(2, 1),
    ):
        with pytest.raises(UnknownMembership):
            unknown()
    assert desk.families.members_of(1) == [tie]
    desk.families.refuse(1, 2)
    for over in (lambda: desk.families.accept(ACCEPT), lambda: desk.families.refuse(1, 2)):
        with pytest.raises(IllegalTransition, match="refused cannot become"):
            over()
