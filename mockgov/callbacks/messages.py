"""Commands that callbacks take, and the events that they tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mockgov.callbacks.rules import Kind, Off


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe:
    """Have an address told of events."""

    url: str
    kinds: frozenset[Kind]
    institution_id: int | None = None
    sms_account: str | None = None
    real_time: bool = False
    notice: int = 0
    """Number of the SMS account's last notice: only later ones are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce:
    """Tell one subscription of something that has happened."""

    subscription: int
    kind: Kind
    at: datetime
    data: Mapping[str, object]
    """Of the shape that `events` gives the kind."""
    citizen_id: int | None = None
    notices: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackSubscribed:
    """An address is told of events from now on."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackDisabled:
    """An address is told of nothing any more."""

    number: int
    why: Off


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackDelivered:
    """An endpoint has a message."""

    subscription: int
    delivery: int
    sms_account: str | None
    notices: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackFailed:
    """A message was tried for the last time, in vain."""

    subscription: int
    delivery: int


EVENTS = (CallbackSubscribed, CallbackDisabled, CallbackDelivered, CallbackFailed)
"""All events of this service."""
