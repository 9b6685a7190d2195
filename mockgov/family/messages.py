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
class AcceptInvitation:
    """Join the family of whoever has invited one."""

    number: int
    citizen_id: int
    """Who accepts."""
    health_allowed: bool
    location_allowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveLeave:
    """Change what the other side may see of oneself."""

    number: int
    citizen_id: int
    health_allowed: bool
    location_allowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberInvited:
    """Somebody was invited."""

    owner_id: int
    member_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationAccepted:
    """Two people are a family."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRefused:
    """The invited does not want to."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveChanged:
    """One of two shows more or less than before."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipEnded:
    """One of two has withdrawn the invitation or left."""

    number: int


EVENTS = (MemberInvited, InvitationAccepted, InvitationRefused, LeaveChanged, MembershipEnded)
