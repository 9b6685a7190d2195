"""Commands that the code desk takes, and the events that it tells."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCode:
    """Make a new code for a citizen."""

    citizen_id: int
    expires_at: datetime
    """From `rules.ends_after_days` or `rules.ends_on_day`."""
    description: str = ""
    channel: str = "hes-mobile"
    made_at: datetime | None = None
    """When it was made, if not now: an earlier moment, for a code that is to have a past."""
    minted_as: str = ""
    """What its text is drawn for, if not for the citizen's number: the same text in every world of the seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeIssued:
    """A code exists."""

    text: str
    citizen_id: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeShared:
    """A holder has noted that an institution has the code."""

    text: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeShortened:
    """A code ends earlier."""

    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDeleted:
    """A code is no longer to be found."""

    text: str
    citizen_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeExpired:
    """A code's last moment has passed."""

    text: str
    citizen_id: int
    expires_at: datetime
