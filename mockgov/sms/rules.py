"""What a message is, and how it lives. Pure.

ACCEPTED --(its time has come)--> ENROUTE --> DELIVERED | UNDELIVERABLE | REJECTED;
ACCEPTED, ENROUTE --(validity over)--> EXPIRED;   ACCEPTED, ENROUTE --(cancelled)--> DELETED.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntFlag, StrEnum
from types import MappingProxyType
from typing import Final

from mockgov.refusal import Refused
from mockgov.sms.encoding import Encoding, EncodingError, Segment, parts
from mockgov.vocabulary.phone import Phone

SHORT_NUMBER: Final = "2023"
"""The ministry's short number (facts, section 5)."""
VALIDITY: Final = timedelta(hours=72)
"""How long a message is tried if its sender does not say (chosen here)."""
LONGEST: Final = timedelta(days=366)
"""How far off an end of validity or a scheduled delivery may be (chosen here)."""


class Direction(StrEnum):
    """Which way a message goes."""

    TO_HANDSET = "to-handset"
    FROM_HANDSET = "from-handset"


class State(StrEnum):
    """Where a message stands."""

    ACCEPTED = "accepted"
    ENROUTE = "enroute"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"
    EXPIRED = "expired"
    REJECTED = "rejected"
    DELETED = "deleted"

    @property
    def is_final(self) -> bool:
        """Whether nothing comes after it."""
        return not TRANSITIONS[self]


TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.ACCEPTED: frozenset({State.ENROUTE, State.EXPIRED, State.DELETED}),
        State.ENROUTE: frozenset(
            {State.DELIVERED, State.UNDELIVERABLE, State.EXPIRED, State.REJECTED, State.DELETED},
        ),
        State.DELIVERED: frozenset(),
        State.UNDELIVERABLE: frozenset(),
        State.EXPIRED: frozenset(),
        State.REJECTED: frozenset(),
        State.DELETED: frozenset(),
    }
)


class Receipts(IntFlag):
    """Which receipts a sender wants; the values are SMPP's of `registered_delivery` (SMPP 3.4, 5.2.17)."""

    NONE = 0
    FINAL = 1
    """How it ended, whichever way."""
    FAILURE = 2
    """Only that it could not be delivered."""
    INTERMEDIATE = 16
    """That the first try failed and others will follow."""

    def wants(self, state: State) -> bool:
        """Whether this state is to be told."""
        if not state.is_final:
            return bool(self & Receipts.INTERMEDIATE)
        return bool(self & Receipts.FINAL) or (bool(self & Receipts.FAILURE) and state is not State.DELIVERED)


class NoticeKind(StrEnum):
    """What an account is to be told."""

    RECEIPT = "receipt"
    INCOMING = "incoming"


class UnknownMessage(Refused):
    """The account has no such message."""

    key = "messagenotfound"


class UnknownNumber(Refused):
    """Nobody can be reached at that number."""

    key = "unknownnumber"


class StrangersNumber(Refused):
    """A number that may be a real person's: it is kept nowhere."""

    key = "strangersnumber"


class MessageOver(Refused):
    """A message that has come to its end."""

    key = "messageover"


class BadText(Refused):
    """A text that cannot be sent."""

    key = "badtext"


class BadValidity(Refused):
    """An end of validity that cannot be."""

    key = "badvalidity"


class BadSchedule(Refused):
    """A time of delivery that cannot be."""

    key = "badschedule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of the journal, in either direction."""

    number: int
    """0 until the journal has numbered it."""
    sent_at: datetime
    sender: str
    """The number or name that the handset is shown; nothing where the handset sends."""
    phone: Phone
    """The handset, which receives or sends."""
    text: str
    direction: Direction = Direction.TO_HANDSET
    to: str = ""
    """Where a message from a handset goes: a short or long number."""
    account: str | None = None
    """Whose it is; None for the ministry's own."""
    encoding: Encoding = Encoding.GSM7
    part_count: int = 1
    segment: Segment | None = None
    """What was submitted as one segment; None if the gateway cuts the text."""
    receipts: Receipts = Receipts.NONE
    reference: str = ""
    """The sender's own, repeated to nobody else."""
    service_type: str = ""
    state: State = State.DELIVERED
    scheduled_at: datetime
    expires_at: datetime
    tried: bool = False
    """Whether a try has failed already."""
    error: int = 0
    """Why it was not delivered yet or at all; see `mockgov.sms.fates.Reason`."""
    due_at: datetime | None = None
    """When something happens to it next; None when it has come to its end."""
    done_at: datetime | None = None

    @property
    def message_id(self) -> str:
        """The number as clients know it: ten digits (SMPP 3.4, appendix B)."""
        return f"{self.number:010d}"

    @property
    def segments(self) -> Sequence[Segment]:
        """What the air carries."""
        if self.segment is not None:
            return (self.segment,)
        return parts(self.text, self.encoding, reference=self.number % 256)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that an account has yet to acknowledge."""

    number: int
    """0 until the queue has numbered it."""
    account: str
    kind: NoticeKind
    at: datetime
    message: Message
    state: State
    """The message's, when this was noted."""
    error: int = 0
    part: int = 0
    """Which segment of an incoming message, from 0 on."""


def incoming(message: Message, account: str, part: int) -> Notice:
    """What an account is told of one segment of a text that has come to it."""
    return Notice(
        number=0,
        account=account,
        kind=NoticeKind.INCOMING,
        at=message.sent_at,
        message=message,
        state=message.state,
        part=part,
    )


def read_message_id(text: str) -> int:
    """The number behind a `message_id`. Raises `UnknownMessage`."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise UnknownMessage("A message_id is what the gateway answered to a submission: ten digits.")
    return int(text)


def move(message: Message, to: State, at: datetime, *, error: int = 0) -> Message:
    """The message in another state. Raises `MessageOver` where the table has no way."""
    if to not in TRANSITIONS[message.state]:
        raise MessageOver(f"The message is {message.state} and cannot become {to}; send a new one.")
    if to.is_final:
        return replace(message, state=to, error=error, due_at=None, done_at=at)
    return replace(message, state=to, error=error)


def cut(text: str) -> Sequence[Segment]:
    """The segments of a text in the cheapest encoding. Raises `BadText`."""
    if "\x00" in text:
        raise BadText("A text has no NUL. Take it out.")
    try:
        return parts(text)
    except EncodingError as error:
        raise BadText(str(error)) from None


def written_forms(number: str) -> frozenset[str]:
    """How a number of `+90` and ten digits is written."""
    local = number.removeprefix("+90")
    return frozenset({number, f"90{local}", f"0090{local}", f"0{local}"})


def scheduled(asked: datetime | timedelta | None, now: datetime) -> datetime:
    """When delivery begins. Raises `BadSchedule`."""
    if asked is None:
        return now
    at = now + asked if isinstance(asked, timedelta) else asked
    if not now <= at <= now + LONGEST:
        raise BadSchedule("Schedule a delivery for a moment between now and a year from now.")
    return at


def expires(asked: datetime | timedelta | None, now: datetime, begins_at: datetime) -> datetime:
    """When trying ends. Raises `BadValidity`."""
    if asked is None:
        return begins_at + VALIDITY
    at = now + asked if isinstance(asked, timedelta) else asked
    if not begins_at < at <= now + LONGEST:
        raise BadValidity("Let the validity end after delivery begins, within a year from now.")
    return at


def with_operator_code(text: str, code: str | None) -> str:
    """The text as the operator sends it: behind commercial traffic stands the code that BTK gave its operator."""
    return text if code is None else f"{text} {code}"


def marked(segment: Segment, code: str | None) -> Segment:
    """The same for one segment of a text: the last one carries the code. Raises `BadText` if it has no room for it."""
    place = segment.place
    if code is None or (place is not None and place.nth < place.total):
        return segment
    payload = parts(f" {code}", segment.encoding)[0].payload
    longer = replace(segment, payload=segment.payload + payload)
    if not longer.fits:
        raise BadText(f"Leave room for {len(code) + 1} more characters: the operator's code stands behind the text.")
    return longer
