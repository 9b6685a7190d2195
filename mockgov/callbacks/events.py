"""What the bodies of callbacks say: `type`, `timestamp`, and `data` of one shape a type. Pure.

The shapes are read by the AsyncAPI document; the docstring of each is what it says of it.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final, Literal

from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.callbacks.rules import Kind


class RiskChanged(TypedDict):
    """Somebody's status has changed whose code the institution has in a group, was given, or has asked about.

    Ask about the code for everything else; nothing tells why.
    """

    hes_code: str
    masked_identity_number: str
    current_health_status: Literal["RISKLESS", "RISKY"]


class SmsReceipt(TypedDict):
    """How a message of the account's ended, or that its first try failed; the same as the gateway's other receipts."""

    sms_account: str
    message_id: str
    reference: str
    state: Literal["accepted", "enroute", "delivered", "undeliverable", "expired", "rejected", "deleted"]
    error: int
    at: str


class SmsReceived(TypedDict):
    """A text to the account's number, or one that has arrived at a line of its own; whole, in however many parts."""

    sms_account: str
    sender: str
    to: str
    text: str
    at: str


class KepReceipt(TypedDict):
    """There is a new piece of evidence about a letter that the institution has sent."""

    kep_address: str
    letter_id: int
    message_id: str
    evidence_id: int
    evidence_type: str
    positive: bool


class KepReceived(TypedDict):
    """A letter lies in the institution's mailbox."""

    kep_address: str
    letter_id: int
    message_id: str
    sender: str


class OnboardingStep(TypedDict):
    """A step of the institution's application; `rules` are the keys of what was found."""

    application: str
    institution_id: int
    step: str
    state: str
    rules: list[str]


class Ping(TypedDict):
    """Somebody wants to see that callbacks arrive."""

    subscription: int


SHAPES: Final[Mapping[Kind, type]] = MappingProxyType(
    {
        Kind.RISK_CHANGED: RiskChanged,
        Kind.SMS_RECEIPT: SmsReceipt,
        Kind.SMS_RECEIVED: SmsReceived,
        Kind.KEP_RECEIPT: KepReceipt,
        Kind.KEP_RECEIVED: KepReceived,
        Kind.ONBOARDING_STEP: OnboardingStep,
        Kind.PING: Ping,
    }
)
"""The shape of `data` by type."""


def body_of(kind: Kind, at: datetime, data: Mapping[str, object]) -> bytes:
    """The bytes of a body; `data` is of the kind's shape."""
    said = {"type": kind.value, "timestamp": written(at), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def written(moment: datetime) -> str:
    """A moment as the bodies have it: `2021-08-09T11:51:30.597Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
