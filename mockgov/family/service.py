"""Use-cases of the family desk."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from mockgov.bus import Tell
from mockgov.clock import Now
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
    STANDING,
    IllegalTransition,
    Membership,
    MembershipState,
    NotInvitable,
    UnknownMembership,
    checked_relation,
    moved,
    with_leave,
)
from mockgov.family.store import FamilyStore


class Families:
    """All families of one world."""

    def __init__(
        self,
        *,
        store: FamilyStore,
        now: Now,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._store = store
        self._now = now
        self._tell = tell
        self._transaction = transaction

    def invite(self, order: InviteMember) -> Membership:
        """Invite somebody. Raises `NotInvitable`, also where one of the two has invited the other already."""
        if order.owner_id == order.member_id:
            raise NotInvitable("This is your own phone; invite somebody else's.")
        standing = [tie for tie in self._store.between(order.owner_id, order.member_id) if tie.state in STANDING]
        if any(tie.state is MembershipState.INVITED and tie.member_id == order.owner_id for tie in standing):
            raise NotInvitable("This person has invited you; accept that invitation instead.")
        if standing:
            raise NotInvitable("This person is invited already; nothing more is to be done.")
        membership = Membership(
            number=0,
            owner_id=order.owner_id,
            member_id=order.member_id,
            relation=checked_relation(order.relation),
            health_allowed=order.health_allowed,
            location_allowed=order.location_allowed,
            invited_at=self._now(),
        )
        with self._transaction():
            membership = self._store.put(membership)
            self._tell(MemberInvited(owner_id=order.owner_id, member_id=order.member_id))
        return membership

    def accept(self, order: AcceptInvitation) -> Membership:
        """Join a family. Raises `UnknownMembership` but for the invited, `IllegalTransition`."""
        known = self._invited(order.number, order.citizen_id)
        accepted = moved(known, MembershipState.ACCEPTED, self._now())
        allowed = with_leave(accepted, order.citizen_id, health=order.health_allowed, location=order.location_allowed)
        return self._keep(allowed, InvitationAccepted(number=order.number))

    def refuse(self, number: int, citizen_id: int) -> Membership:
        """Refuse an invitation. Raises `UnknownMembership` but for the invited, `IllegalTransition`."""
        refused = moved(self._invited(number, citizen_id), MembershipState.REFUSED, self._now())
        return self._keep(refused, InvitationRefused(number=number))

    def end(self, number: int, citizen_id: int) -> Membership:
        """Withdraw one's invitation, or leave a family that one is in. Raises as `refuse`."""
        known = self._known(number, citizen_id)
        if known.state is MembershipState.INVITED and citizen_id == known.member_id:
            raise IllegalTransition("This invitation waits for your answer; accept or refuse it.")
        ended = replace(
            moved(known, MembershipState.ENDED, self._now()),
            health_allowed=False,
            location_allowed=False,
            member_health_allowed=False,
            member_location_allowed=False,
        )
        return self._keep(ended, MembershipEnded(number=number))

    def give_leave(self, order: GiveLeave) -> Membership:
        """Change what the other one may see. Raises `UnknownMembership`, `IllegalTransition`."""
        known = self._known(order.number, order.citizen_id)
        if known.state not in STANDING or (
            known.state is MembershipState.INVITED and order.citizen_id == known.member_id
        ):
            raise IllegalTransition("Only who is in a family, or has invited somebody, can change what the other sees.")
        changed = with_leave(known, order.citizen_id, health=order.health_allowed, location=order.location_allowed)
        return self._keep(changed, LeaveChanged(number=order.number))

    def members_of(self, citizen_id: int) -> Sequence[Membership]:
        """Whom somebody has invited, whatever they answered, and whose family they have joined; oldest first.

        What has ended is not on the list.
        """
        return [
            tie
            for tie in self._store.of(citizen_id)
            if tie.state is not MembershipState.ENDED
            and (tie.owner_id == citizen_id or tie.state is MembershipState.ACCEPTED)
        ]

    def invitations_to(self, citizen_id: int) -> Sequence[Membership]:
        """The invitations that wait for somebody's answer, oldest first."""
        return [
            tie
            for tie in self._store.of(citizen_id)
            if tie.member_id == citizen_id and tie.state is MembershipState.INVITED
        ]

    def _known(self, number: int, citizen_id: int) -> Membership:
        found = self._store.get(number)
        if found is None or citizen_id not in (found.owner_id, found.member_id):
            raise UnknownMembership("There is no such invitation among yours; read the list of your family again.")
        return found

    def _invited(self, number: int, citizen_id: int) -> Membership:
        """An invitation to somebody; their own ones are none."""
        found = self._known(number, citizen_id)
        if found.member_id != citizen_id:
            raise UnknownMembership("This invitation is your own; only the invited can answer it.")
        return found

    def _keep(self, membership: Membership, event: object) -> Membership:
        with self._transaction():
            self._store.update(membership)
            self._tell(event)
        return membership

    def held(self, citizen_id: int) -> int:
        """How many invitations by or of somebody are kept, those that have come to an end too."""
        return len(self._store.of(citizen_id))

    def forget(self, citizen_id: int) -> int:
        """Remove every invitation by or of somebody; how many."""
        with self._transaction():
            return self._store.drop(citizen_id)
