"""Use-cases of the family desk."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from mockgov.bus import Tell
from mockgov.clock import Now
from mockgov.family.messages import InviteMember, MemberInvited
from mockgov.family.rules import Membership, NotInvitable, checked_relation
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
        """Invite somebody once. Raises `NotInvitable`."""
        if order.owner_id == order.member_id:
            raise NotInvitable("This is your own phone; invite somebody else's.")
        if any(known.member_id == order.member_id for known in self._store.of(order.owner_id)):
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

    def members_of(self, owner_id: int) -> Sequence[Membership]:
        """Whom somebody has invited, oldest first."""
        return self._store.of(owner_id)

    def forget(self, citizen_id: int) -> int:
        """Remove every invitation by or of somebody; how many."""
        with self._transaction():
            return self._store.drop(citizen_id)
