"""What a family member is to the application. Pure."""

from dataclasses import dataclass
from datetime import datetime

from mockgov.refusal import Refused

RELATION_LENGTH = 50
"""Characters of a relation's name (chosen here)."""


class NotInvitable(Refused):
    """An invitation that breaks a rule."""

    key = "familymembernotinvitable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One invitation."""

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


def checked_relation(text: str) -> str:
    """The relation's name as it is kept. Raises `NotInvitable`."""
    if not text.strip() or len(text) > RELATION_LENGTH or "\x00" in text:
        raise NotInvitable(f"relationName must have 1 to {RELATION_LENGTH} characters and no NUL.")
    return text.strip()
