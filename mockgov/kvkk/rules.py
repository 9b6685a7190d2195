"""Rights, applications and periods. Everything that moves an application lives here. Pure.

RECEIVED --(its day comes)--> GRANTED | REFUSED
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mockgov.clock import MICROSECOND, TURKEY
from mockgov.refusal import Refused

ANSWER_DAYS: Final = 30
"""Within these days an application is answered (law 6698, article 13)."""
TEXT_LENGTH: Final = 2000
"""Characters of an application (chosen here)."""


class Right(StrEnum):
    """What one may ask the data controller for (law 6698, article 11)."""

    INFORMATION = "information"
    """(a) to (c): whether, what and what for."""
    RECIPIENTS = "recipients"
    """(ç): who was told."""
    CORRECTION = "correction"
    """(d)"""
    ERASURE = "erasure"
    """(e), under article 7."""
    OBJECTION = "objection"
    """(g): against what was worked out by machine."""


class State(StrEnum):
    """Where an application stands."""

    RECEIVED = "received"
    GRANTED = "granted"
    REFUSED = "refused"


TRANSITIONS: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.RECEIVED: frozenset({State.GRANTED, State.REFUSED}),
        State.GRANTED: frozenset(),
        State.REFUSED: frozenset(),
    }
)


class UnknownRequest(Refused):
    """No application of this person has that number."""

    key = "kvkkrequestnotfound"


class NotLodged(Refused):
    """An application that cannot be taken."""

    key = "kvkkrequestrefused"


class IllegalTransition(Refused):
    """The application's state does not allow it."""

    key = "illegaltransition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the data controller says."""

    granted: bool
    tr: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An application to the data controller (*veri sorumlusuna başvuru*)."""

    number: int
    """0 until the store has numbered it."""
    citizen_id: int
    """Whose data it is about."""
    lodged_by: int
    right: Right
    text: str
    lodged_at: datetime
    due_at: datetime | None
    """When it is answered; None once it has been."""
    state: State = State.RECEIVED
    answered_at: datetime | None = None
    answer: Answer | None = None

    @property
    def reference(self) -> str:
        """`KVKK-2021-000001`: the Turkish year and the running number."""
        return f"KVKK-{self.lodged_at.astimezone(TURKEY).year}-{self.number:06d}"

    @property
    def answer_by(self) -> datetime:
        """The last moment for an answer."""
        return self.lodged_at + timedelta(days=ANSWER_DAYS)


def answered(request: Request, answer: Answer, at: datetime) -> Request:
    """The application with its answer. Raises `IllegalTransition` and changes nothing."""
    to = State.GRANTED if answer.granted else State.REFUSED
    if to not in TRANSITIONS[request.state]:
        raise IllegalTransition(f"An application that is {request.state} is over; lodge a new one.")
    return replace(request, state=to, answer=answer, answered_at=at, due_at=None)


def checked_text(text: str) -> str:
    """An application's words as they are kept. Raises `NotLodged`."""
    if len(text) > TEXT_LENGTH or "\x00" in text:
        raise NotLodged(f"An application has at most {TEXT_LENGTH} characters and no NUL; shorten it.")
    return text.strip()


def falls_due(kept_at: datetime, days: int) -> datetime:
    """When what was last touched at a moment is erased: the first midnight in Turkey after so many days."""
    ends_at = (kept_at + timedelta(days=days)).astimezone(TURKEY)
    if ends_at.time() == time():
        return ends_at.astimezone(UTC)
    return datetime.combine(ends_at.date() + timedelta(days=1), time(), TURKEY).astimezone(UTC)


def erased_before(now: datetime, days: int) -> datetime:
    """The moment before which everything has fallen due by `now`, if it is kept for so many days."""
    last_midnight = datetime.combine(now.astimezone(TURKEY).date(), time(), TURKEY).astimezone(UTC)
    return last_midnight - timedelta(days=days) + MICROSECOND
