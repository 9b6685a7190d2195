"""How a code lives and dies. Everything that moves a code lives here; nothing here knows who asks.

ACTIVE --(its last moment passes)--> EXPIRED --(its holder)--> DELETED
ACTIVE --(its holder)--------------------------------------> DELETED
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from mockgov.clock import TURKEY
from mockgov.refusal import Refused

INDEFINITE = datetime(2070, 12, 30, 13, tzinfo=UTC)
"""When an indefinite (*süresiz*) code expires (facts section 2, grade B)."""

LONGEST_DAYS = 3650
"""The longest counted life in days; at least 540 must be taken (facts section 5), the rest is chosen here."""

DESCRIPTION_LENGTH = 100
"""Characters of a label (chosen here)."""


class CodeState(StrEnum):
    """Where a code stands."""

    ACTIVE = "active"
    EXPIRED = "expired"
    DELETED = "deleted"


TRANSITIONS: Mapping[CodeState, frozenset[CodeState]] = MappingProxyType(
    {
        CodeState.ACTIVE: frozenset({CodeState.EXPIRED, CodeState.DELETED}),
        CodeState.EXPIRED: frozenset({CodeState.DELETED}),
        CodeState.DELETED: frozenset(),
    }
)


class UnknownCode(Refused):
    """No such code, or one that its holder has deleted."""

    key = "hescodenotfound"


class IllegalTransition(Refused):
    """The code's state does not allow it."""

    key = "illegaltransition"


class BadDuration(Refused):
    """A life that a code cannot have."""

    key = "invalidexpirationdate"


class BadLabel(Refused):
    """A description that cannot be kept."""

    key = "invaliddescription"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One issued code."""

    text: str
    """Ten characters, clean."""
    citizen_id: int
    """Whose status it tells; 0 once that has been erased."""
    created_at: datetime
    expires_at: datetime
    description: str = ""
    """The holder's own label."""
    created_by: str = "hes-mobile"
    """The channel that made it, such as `hes-mobile`, `hes-edevlet`."""
    qr_token: str = ""
    """The 32 hexadecimal characters in its QR."""
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A note of the holder's: this institution has that code."""

    text: str
    label: str
    shared_at: datetime


def state_at(code: Code, at: datetime) -> CodeState:
    """Where the code stands at a moment; it is expired from the very moment of `expires_at`."""
    if code.deleted_at is not None and code.deleted_at <= at:
        return CodeState.DELETED
    return CodeState.EXPIRED if code.expires_at <= at else CodeState.ACTIVE


def move(code: Code, to: CodeState, at: datetime) -> Code:
    """The code, moved by its holder. Raises `IllegalTransition` and changes nothing."""
    state = state_at(code, at)
    if to not in TRANSITIONS[state]:
        raise IllegalTransition(f"A code that is {state} cannot become {to}; make a new one.")
    return replace(code, deleted_at=at) if to is CodeState.DELETED else replace(code, expires_at=at)


def shorten(code: Code, to: datetime, at: datetime) -> Code:
    """The same code with an earlier end. Raises `BadDuration` or `IllegalTransition`."""
    if state_at(code, at) is not CodeState.ACTIVE:
        raise IllegalTransition("Only an active code can be shortened; make a new one.")
    if not at < to < code.expires_at:
        raise BadDuration("A code can only be shortened: choose an end after now and before its present end.")
    return replace(code, expires_at=to.astimezone(UTC))


def ends_after_days(at: datetime, days: int | None) -> datetime:
    """The end of a life of so many days of 24 hours; None is indefinite. Raises `BadDuration`."""
    if days is None:
        return INDEFINITE
    if not 1 <= days <= LONGEST_DAYS:
        raise BadDuration(f"A code lives 1 to {LONGEST_DAYS} days, or without end; choose among these.")
    return at + timedelta(days=days)


def ends_on_day(at: datetime, last_day: date | None) -> datetime:
    """The end of a life up to and including a Turkish calendar day; None is indefinite. Raises `BadDuration`."""
    if last_day is None:
        return INDEFINITE
    if not at.astimezone(TURKEY).date() <= last_day <= at.astimezone(TURKEY).date() + timedelta(days=LONGEST_DAYS):
        raise BadDuration(f"Choose a last day from today to {LONGEST_DAYS} days on, or none for an indefinite code.")
    return datetime.combine(last_day + timedelta(days=1), time(), TURKEY).astimezone(UTC)


def checked_description(text: str) -> str:
    """The label as it is kept. Raises `BadLabel`."""
    if len(text) > DESCRIPTION_LENGTH or "\x00" in text:
        raise BadLabel(f"A description has at most {DESCRIPTION_LENGTH} characters and no NUL; shorten it.")
    return text
