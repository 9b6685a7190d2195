"""What a subscription and a delivery are, and how a delivery lives. Pure.

WAITING --(due)--> UNDERWAY --> DELIVERED | FAILED | WAITING (to be tried again)
WAITING --(subscription disabled)--> FAILED;   DELIVERED, FAILED --(replayed by hand)--> WAITING
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mockgov.refusal import Refused
from mockgov.vocabulary.chance import Draw

PAUSES: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""From each failure to the next attempt (Standard Webhooks, example retry schedule)."""
JITTER: Final = 10
"""A pause is longer by less than this part of itself: a tenth (chosen here)."""
LONGEST_WISH: Final = timedelta(days=1)
"""What `Retry-After` may ask for at most (chosen here)."""
BOTH_KEYS: Final = timedelta(days=1)
"""How long the old key signs too after a change (chosen here)."""
FAILING_FOR: Final = timedelta(days=5)
"""Once nothing has arrived for so long, the next failure disables the subscription (chosen here)."""
SUBSCRIPTIONS_LIMIT: Final = 100
"""Subscriptions of a world (chosen here)."""
GONE: Final = 410
WISHES: Final = frozenset({429, 503})
"""Statuses whose `Retry-After` counts."""
MICROSECOND: Final = timedelta(microseconds=1)


class Kind(StrEnum):
    """What a callback tells."""

    RISK_CHANGED = "risk.changed"
    SMS_RECEIPT = "sms.receipt"
    SMS_RECEIVED = "sms.received"
    KEP_RECEIPT = "kep.receipt"
    KEP_RECEIVED = "kep.received"
    ONBOARDING_STEP = "onboarding.step"
    PING = "ping"
    """Sent on request only, whatever is subscribed to."""


SMS_KINDS: Final = frozenset({Kind.SMS_RECEIPT, Kind.SMS_RECEIVED})
INSTITUTION_KINDS: Final = frozenset(Kind) - SMS_KINDS - {Kind.PING}


class State(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    UNDERWAY = "underway"
    DELIVERED = "delivered"
    FAILED = "failed"


TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.WAITING: frozenset({State.WAITING, State.UNDERWAY, State.FAILED}),
        State.UNDERWAY: frozenset({State.WAITING, State.DELIVERED, State.FAILED}),
        State.DELIVERED: frozenset({State.WAITING}),
        State.FAILED: frozenset({State.WAITING}),
    }
)


class Off(StrEnum):
    """Why a subscription is disabled."""

    GONE = "gone"
    """Its address answered 410."""
    FAILING = "failing"
    """Nothing has arrived for days."""
    BY_HAND = "by-hand"


class Trouble(StrEnum):
    """Why an attempt got no status."""

    REFUSED = "connection-refused"
    BROKEN = "connection-broken"
    TIMED_OUT = "timed-out"
    UNKNOWN_HOST = "unknown-host"
    NOT_ALLOWED = "address-not-allowed"
    UNTRUSTED = "certificate-not-trusted"
    UNREADABLE = "answer-unreadable"
    NOT_TRIED = "not-tried"
    """The address had timed out, or answered 410, a moment before."""


class UnknownSubscription(Refused):
    """This world has no such subscription."""

    key = "callbacknotfound"


class UnknownDelivery(Refused):
    """The subscription has no such delivery."""

    key = "deliverynotfound"


class BadSubscription(Refused):
    """A subscription that cannot be."""

    key = "badcallback"


class AddressNotAllowed(Refused):
    """An address to which this server sends nothing."""

    key = "addressnotallowed"


class SubscriptionOff(Refused):
    """The subscription is disabled."""

    key = "callbackdisabled"


class IllegalTransition(Refused):
    """The delivery's state does not allow it."""

    key = "illegaltransition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Who is told of what, and where."""

    number: int
    """0 until the store has numbered it."""
    url: str
    kinds: frozenset[Kind]
    institution_id: int | None
    """Whose codes, registered mail and applications are told of."""
    sms_account: str | None
    """The account of the SMS gateway whose receipts and texts are told of."""
    real_time: bool = False
    """Whether `webhook-timestamp` is real time: for receivers who compare it with a clock of their own."""
    off: Off | None = None
    """Why it is disabled; None while it is not."""
    failing_since: datetime | None = None
    """The first failure since anything arrived, or since it was enabled; None if there was none."""
    made_at: datetime
    seen_at: datetime
    """Up to when changes of risk by the passing of time have been told."""
    notice: int = 0
    """Number of the last notice of the SMS account that has been told."""
    told: int = 0
    """How many messages it has had."""
    rotation: int = 0
    """How often the keys were changed."""
    rotated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one subscription."""

    number: int
    """0 until the store has numbered it."""
    subscription: int
    kind: Kind
    at: datetime
    """When it happened that is told."""
    body: bytes
    nth: int
    """Which of the subscription's messages it is, from 0; `webhook-id` is made from it."""
    copy: int = 0
    """Which delivery of the message: 0, or more for one that a fault has doubled."""
    state: State = State.WAITING
    tried: int = 0
    """Attempts so far that count for the schedule."""
    attempts: int = 0
    """Attempts so far, with those by hand."""
    due_at: datetime | None
    taken_at: datetime | None = None
    """When it was taken to be sent; None unless under way."""
    done_at: datetime | None = None
    citizen_id: int | None = None
    """Whom it is about, if anybody: it goes when that person's data is erased."""
    notices: tuple[int, ...] = ()
    """Notices of the SMS account that a success acknowledges."""
    skew_s: int = 0
    """By how much the timestamp is wrong on purpose."""
    forged: bool = False
    """Whether the signature is wrong on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an attempt: a status, or why there is none."""

    status: int | None = None
    trouble: Trouble | None = None
    retry_after_s: int | None = None

    @property
    def is_success(self) -> bool:
        """Whether the endpoint has it."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try of a delivery, as it is kept."""

    delivery: int
    nth: int
    at: datetime
    status: int | None
    trouble: Trouble | None


def taken(delivery: Delivery, at: datetime) -> Delivery:
    """The delivery as it leaves to be sent."""
    return replace(_moved(delivery, State.UNDERWAY), due_at=None, taken_at=at)


def after(delivery: Delivery, outcome: Outcome, draw: Draw, *, off: bool) -> Delivery:
    """The delivery after an attempt; `off`: the subscription is disabled, nothing is tried again."""
    at = delivery.taken_at
    assert at is not None
    done = replace(
        delivery, tried=delivery.tried + 1, attempts=delivery.attempts + 1, taken_at=None, due_at=None, done_at=at
    )
    if outcome.is_success:
        return _moved(done, State.DELIVERED)
    if off or delivery.tried >= len(PAUSES):
        return _moved(done, State.FAILED)
    return replace(_moved(done, State.WAITING), due_at=at + _pause(delivery.tried, outcome, draw), done_at=None)


def after_attempt(subscription: Subscription, at: datetime, outcome: Outcome) -> tuple[Subscription, Off | None]:
    """The subscription after an attempt, and why it is to be disabled, if it is."""
    if outcome.is_success:
        return replace(subscription, failing_since=None), None
    since = subscription.failing_since or at
    failing = replace(subscription, failing_since=since)
    if outcome.status == GONE:
        return failing, Off.GONE
    return failing, Off.FAILING if at - since >= FAILING_FOR else None


def given_up(delivery: Delivery, at: datetime) -> Delivery:
    """A waiting delivery whose subscription was disabled."""
    return replace(_moved(delivery, State.FAILED), due_at=None, done_at=at)


def again(delivery: Delivery, at: datetime) -> Delivery:
    """The delivery, to be sent once more by hand; one that has ended is tried once. Raises `IllegalTransition`."""
    if delivery.state is State.UNDERWAY:
        raise IllegalTransition("The delivery is on its way already; look in a moment what became of it.")
    if delivery.state is State.WAITING:
        return replace(delivery, due_at=at)
    return replace(_moved(delivery, State.WAITING), due_at=at, done_at=None, tried=len(PAUSES))


def check_kinds(kinds: frozenset[Kind], institution_id: int | None, sms_account: str | None) -> None:
    """Raises `BadSubscription` for kinds without somebody whose they are."""
    if not kinds - {Kind.PING}:
        choices = ", ".join(kind for kind in Kind if kind is not Kind.PING)
        raise BadSubscription(f"Name at least one event to be told of: {choices}.")
    if kinds & INSTITUTION_KINDS and institution_id is None:
        raise BadSubscription("Events of risk, KEP and onboarding are an institution's: give its `institution_id`.")
    if kinds & SMS_KINDS and sms_account is None:
        raise BadSubscription("Events of text messages are an account's: give its `sms_account`.")


def _pause(failures: int, outcome: Outcome, draw: Draw) -> timedelta:
    """From a failed attempt, before which there were so many, to the next."""
    pause = PAUSES[failures]
    pause += draw(max(1, pause // MICROSECOND // JITTER)) * MICROSECOND
    if outcome.status in WISHES and outcome.retry_after_s is not None:
        pause = max(pause, min(timedelta(seconds=outcome.retry_after_s), LONGEST_WISH))
    return pause


def _moved(delivery: Delivery, to: State) -> Delivery:
    if to not in TRANSITIONS[delivery.state]:
        raise IllegalTransition(f"The delivery is {delivery.state} and cannot become {to}; wait until it is not.")
    return replace(delivery, state=to)
