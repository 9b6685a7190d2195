"""Commands that the gateway takes, and the events that it tells."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mockgov.sms.encoding import Segment
from mockgov.sms.rules import SHORT_NUMBER, NoticeKind, Receipts
from mockgov.vocabulary.phone import Phone


@dataclass(frozen=True, slots=True, kw_only=True)
class SendText:
    """Send a message of the ministry's own to a phone."""

    phone: Phone
    text: str
    reference: str = ""
    """The sender's own, told with the message's outcome."""
    sender: str = SHORT_NUMBER
    """Which of the ministry's numbers it comes from."""
    after: timedelta | None = None
    """How long from now delivery begins; at once if not said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitText:
    """Send a message of an account's."""

    sender: str
    phone: Phone
    text: str
    segment: Segment | None = None
    """One segment of a text that the client has cut itself; `text` is then what it says alone."""
    receipts: Receipts = Receipts.NONE
    validity: datetime | timedelta | None = None
    """When trying ends, or how long from now."""
    schedule: datetime | timedelta | None = None
    """When delivery begins, or how long from now."""
    reference: str = ""
    service_type: str = ""
    replace: bool = False
    """Whether it takes the place of a waiting message with the same sender, phone and service type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitFromLine:
    """Send a text from one of an account's own lines, as the modem does in which its card is."""

    line: Phone
    to: str
    text: str
    segment: Segment | None = None
    """One segment of a text that the client has cut itself."""
    schedule: datetime | timedelta | None = None
    """Refused if said: a line sends at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSmsAccount:
    """Make an account for the SMPP door and the HTTP counter."""

    label: str
    senders: tuple[str, ...]
    number: str | None = None
    lines: tuple[Phone, ...] = ()
    """Phones whose cards are in the client's modem: it sends from them, and has what arrives at them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSent:
    """The gateway has taken a message."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDelivered:
    """A message is in the handset's inbox."""

    number: int
    phone: Phone
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFailed:
    """A message will never be in the handset's inbox."""

    number: int
    phone: Phone
    reason: str
    """Its state and why: `undeliverable: unknown-subscriber`."""
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReceived:
    """A phone has sent a message to one of the ministry's numbers."""

    phone: Phone
    to: str
    """`2023`, or the number for lines abroad."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNoted:
    """Something has come into an account's queue."""

    account: str
    kind: NoticeKind
