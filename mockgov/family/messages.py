"""Commands that the family desk takes, and the events that it tells."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteMember:
    """Invite somebody into one's family."""

    owner_id: int
    member_id: int
    relation: str
    health_allowed: bool
    location_allowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberInvited:
    """Somebody was invited."""

    owner_id: int
    member_id: int
