"""What happens to messages at a handset: fates, magic numbers, and the next thing that befalls a message. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final

from mockgov.refusal import Refused
from mockgov.sms.rules import Message, State, move
from mockgov.vocabulary.phone import UNALLOCATED_PREFIX, Phone

DELAY: Final = timedelta(minutes=10)
"""How late the delayed come (chosen here)."""


class FateKind(StrEnum):
    """How a handset takes messages."""

    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"
    EXPIRED = "expired"
    DELAYED = "delayed"
    REJECTED = "rejected"
    UNKNOWN_OPERATOR = "unknown-operator"
    PHONE_OFF = "phone-off"
    MEMORY_FULL = "memory-full"


class Reason(IntEnum):
    """Why a message is not there: the `err` of a receipt. GSM's code where there is one (3GPP TS 29.002, 17.6.6)."""

    NONE = 0
    UNKNOWN_SUBSCRIBER = 1
    CALL_BARRED = 13
    ABSENT_SUBSCRIBER = 27
    MEMORY_CAPACITY_EXCEEDED = 32
    UNKNOWN_OPERATOR = 900
    """Chosen here."""

    @property
    def words(self) -> str:
        """As events tell it: `absent-subscriber`."""
        return self.name.lower().replace("_", "-")


MEANINGS: Final[Mapping[FateKind, str]] = MappingProxyType(
    {
        FateKind.DELIVERED: "It arrives.",
        FateKind.UNDELIVERABLE: "The network knows no such subscriber: undeliverable, err 001.",
        FateKind.EXPIRED: "The phone is never reached: expired when the validity ends, err 027.",
        FateKind.DELAYED: "The first try fails, a second one ten minutes later succeeds.",
        FateKind.REJECTED: "The subscriber is barred: rejected, err 013.",
        FateKind.UNKNOWN_OPERATOR: "No operator has this number: undeliverable, err 900.",
        FateKind.PHONE_OFF: "Waits until the phone is on (`until`, or another fate), at most its validity; err 027.",
        FateKind.MEMORY_FULL: "Waits until there is room (`until`, or another fate), at most its validity; err 032.",
    }
)
"""What each fate means."""

MAGIC: Final[Mapping[str, FateKind]] = MappingProxyType(
    {
        "0001": FateKind.UNDELIVERABLE,
        "0002": FateKind.EXPIRED,
        "0003": FateKind.DELAYED,
        "0004": FateKind.REJECTED,
        "0005": FateKind.UNKNOWN_OPERATOR,
    }
)
"""Last four digits of a magic number and its fate (chosen here)."""

_REASONS: Final[Mapping[FateKind, Reason]] = MappingProxyType(
    {
        FateKind.UNDELIVERABLE: Reason.UNKNOWN_SUBSCRIBER,
        FateKind.EXPIRED: Reason.ABSENT_SUBSCRIBER,
        FateKind.DELAYED: Reason.ABSENT_SUBSCRIBER,
        FateKind.REJECTED: Reason.CALL_BARRED,
        FateKind.UNKNOWN_OPERATOR: Reason.UNKNOWN_OPERATOR,
        FateKind.PHONE_OFF: Reason.ABSENT_SUBSCRIBER,
        FateKind.MEMORY_FULL: Reason.MEMORY_CAPACITY_EXCEEDED,
    }
)
_ENDS: Final[Mapping[FateKind, State]] = MappingProxyType(
    {
        FateKind.UNDELIVERABLE: State.UNDELIVERABLE,
        FateKind.REJECTED: State.REJECTED,
        FateKind.UNKNOWN_OPERATOR: State.UNDELIVERABLE,
    }
)


class UnknownFate(Refused):
    """No fate has that name, or it cannot be had like this."""

    key = "unknownfate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """A fate, and until when it lasts if it is one that passes."""

    kind: FateKind
    until: datetime | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.kind not in (FateKind.PHONE_OFF, FateKind.MEMORY_FULL):
            raise UnknownFate(f"`until` belongs to phone-off and memory-full; {self.kind} lasts until it is changed.")


ORDINARY: Final = Fate(kind=FateKind.DELIVERED)


def read_fate(name: str, until: datetime | None = None) -> Fate:
    """A fate by its name. Raises `UnknownFate`."""
    try:
        return Fate(kind=FateKind(name), until=until)
    except ValueError:
        raise UnknownFate(f"There is no such fate. Choose one of {', '.join(FateKind)}.") from None


def magic_fate(phone: Phone) -> Fate | None:
    """What the last digits of a number say, if it is a magic one: under 599, which no network has."""
    if not phone.subscriber.startswith(UNALLOCATED_PREFIX):
        return None
    kind = MAGIC.get(phone.subscriber[-4:])
    return None if kind is None else Fate(kind=kind)


def befall(message: Message, fate: Fate, transit: timedelta) -> Message:
    """The message after what was due at `message.due_at`; its new `due_at`, if any, is not earlier."""
    at = message.due_at
    assert at is not None
    if at >= message.expires_at:
        error = message.error or Reason.ABSENT_SUBSCRIBER
        return move(message, State.EXPIRED, message.expires_at, error=error)
    if message.state is State.ACCEPTED:
        return replace(move(message, State.ENROUTE, at), due_at=min(at + transit, message.expires_at))
    if fate.kind in _ENDS:
        return move(message, _ENDS[fate.kind], at, error=_REASONS[fate.kind])
    again_at = _again_at(message, fate, at)
    if again_at is None:
        return move(message, State.DELIVERED, at)
    return replace(message, tried=True, error=_REASONS[fate.kind], due_at=min(again_at, message.expires_at))


def _again_at(message: Message, fate: Fate, at: datetime) -> datetime | None:
    """When to try again; None if this try succeeds."""
    if fate.kind is FateKind.DELAYED:
        return None if message.tried else at + DELAY
    if fate.kind is FateKind.EXPIRED:
        return message.expires_at
    if fate.kind in (FateKind.PHONE_OFF, FateKind.MEMORY_FULL):
        if fate.until is None:
            return message.expires_at
        return fate.until if at < fate.until else None
    return None
