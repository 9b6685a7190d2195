"""How two people become a family in the application, and cease to be one. Pure.

INVITED --(the invited)--> ACCEPTED --(either)--> ENDED
INVITED --(the invited)--> REFUSED
INVITED --(the inviter)--> ENDED
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from mockgov.refusal import Refused

RELATION_LENGTH = 50
"""Characters of a relation's name (chosen here)."""


class MembershipState(StrEnum):
    """Where an invitation stands."""

    INVITED = "INVITED"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    ENDED = "ENDED"


TRANSITIONS: Mapping[MembershipState, frozenset[MembershipState]] = MappingProxyType(
    {
        MembershipState.INVITED: frozenset({MembershipState.ACCEPTED, MembershipState.REFUSED, MembershipState.ENDED}),
        MembershipState.ACCEPTED: frozenset({MembershipState.ENDED}),
        MembershipState.REFUSED: frozenset(),
        MembershipState.ENDED: frozenset(),
    }
)
STANDING = frozenset({MembershipState.INVITED, MembershipState.ACCEPTED})
"""States in which two people may not be invited anew."""


class NotInvitable(Refused):
    """An invitation that breaks a rule."""

    key = "familymembernotinvitable"


class UnknownMembership(Refused):
    """No such invitation, or one between other people."""

    key = "familymembernotfound"


class IllegalTransition(Refused):
    """The invitation's state does not allow it."""

    key = "illegaltransition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One invitation, and what has become of it."""

    number: int
    owner_id: int
    """`citizen_id` of who invited."""
    member_id: int
    """`citizen_id` of who was invited."""
    relation: str
    health_allowed: bool
    """Whether the owner lets the member see their health status."""
    location_allowed: bool
    """Whether the owner lets the member see where they are."""
    invited_at: datetime
    state: MembershipState = MembershipState.INVITED
    member_health_allowed: bool = False
    """Whether the member lets the owner see their health status."""
    member_location_allowed: bool = False
    """Whether the member lets the owner see where they are."""
    changed_at: datetime | None = None
    """When its state was last changed."""

    def other(self, citizen_id: int) -> int:
        """The other one of the two."""
        return self.member_id if citizen_id == self.owner_id else self.owner_id

    def health_seen_by(self, citizen_id: int) -> bool:
        """Whether one of the two may see the other's health status: only once both are a family."""
        if self.state is not MembershipState.ACCEPTED:
            return False
        return self.member_health_allowed if citizen_id == self.owner_id else self.health_allowed


def moved(membership: Membership, to: MembershipState, at: datetime) -> Membership:
    """The invitation in another state. Raises `IllegalTransition` and changes nothing."""
    if to not in TRANSITIONS[membership.state]:
        was, becomes = membership.state.lower(), to.lower()
        raise IllegalTransition(
            f"An invitation that is {was} cannot become {becomes}; read the list of your family again."
        )
    return replace(membership, state=to, changed_at=at)


def with_leave(membership: Membership, citizen_id: int, *, health: bool, location: bool) -> Membership:
    """The same with what one of the two lets the other see."""
    if citizen_id == membership.owner_id:
        return replace(membership, health_allowed=health, location_allowed=location)
    return replace(membership, member_health_allowed=health, member_location_allowed=location)


def checked_relation(text: str) -> str:
    """The relation's name as it is kept. Raises `NotInvitable`."""
    if not text.strip() or len(text) > RELATION_LENGTH or "\x00" in text:
        raise NotInvitable(f"relationName must have 1 to {RELATION_LENGTH} characters and no NUL.")
    return text.strip()
