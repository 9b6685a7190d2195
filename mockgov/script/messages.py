"""Commands that the script takes, and the events that it tells."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteLine:
    """Let something happen later by itself."""

    due_at: datetime
    deed: str
    """Name of a deed that the ministry knows."""
    what: str
    """What it is about, as the deed reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CastPart:
    """Note who plays a part."""

    scenario: str
    props: str
    """Numbers of the people and of the institution, codes and the rest, as `mockgov.magic` reads them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartCast:
    """Somebody plays a part from now on."""

    scenario: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePlayed:
    """What the script said has happened."""

    deed: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRefused:
    """What the script said cannot happen any more: the person is erased, the account revoked."""

    deed: str
    due_at: datetime
    why: str
    """Key of the refusal."""


EVENTS = (PartCast, LinePlayed, LineRefused)
