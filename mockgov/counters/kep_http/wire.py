"""What stands on the wire of the JSON counter."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, StrictBool, StringConstraints
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.counters.kep_session import Opened
from mockgov.counters.reading import wire_moment
from mockgov.kep.evidence_types import Evidence
from mockgov.kep.grounds import Reason, english, turkish
from mockgov.kep.messages import Submission
from mockgov.kep.rules import Account, Delivery, Letter, Mailed, Quota
from mockgov.vocabulary.kep_address import KepAddress

Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
"""A short text without NUL."""


class Box(StrEnum):
    """A folder of letters."""

    INBOX = "inbox"
    SENT = "sent"


class SessionBody(BaseModel):
    """Who signs in."""

    address: Text
    password: Text


class ReceiptBody(BaseModel):
    """Whether the recipient takes the letter (*alındı onayı*) or sends it back."""

    accepted: StrictBool


class SessionObject(TypedDict):
    """A session."""

    token: str
    address: str
    expires_at: str


class DeliveryObject(TypedDict):
    """The way of a letter to one recipient."""

    recipient: str
    state: str
    changed_at: str
    delivered_at: str | None
    downloaded_at: str | None
    reason: str | None
    reason_tr: str | None
    reason_en: str | None


class LetterObject(TypedDict):
    """A letter: with all its ways for its sender, with their own for a recipient."""

    letter_id: int
    sender: str
    subject: str
    message_id: str
    submitted_at: str
    size: int
    is_package: bool
    accepted: bool
    reason: str | None
    reason_tr: str | None
    reason_en: str | None
    sha384: str
    deliveries: list[DeliveryObject]


class SubmissionObject(LetterObject):
    """What a deposit answers; the evidence is of the submission, or of its refusal."""

    evidence_ids: list[int]


class EvidenceObject(TypedDict):
    """A piece of evidence; its signed XML is at `/kep/api/evidence/{evidence_id}`."""

    evidence_id: int
    letter_id: int
    type: str
    positive: bool
    delil_tur_id: int
    text: str
    at: str
    provider: str
    recipient: str | None
    reason: str | None


class QuotaObject(TypedDict):
    """Room and credit of an account."""

    limit_kib: int
    used_kib: int
    free_bytes: int
    credit: int


class HolderObject(TypedDict):
    """An entry of the directory (*KEP rehberi*)."""

    address: str
    name: str


def session_object(opened: Opened, address: KepAddress) -> SessionObject:
    """A session as the wire has it."""
    return {"token": opened.token, "address": address.address, "expires_at": wire_moment(opened.expires_at)}


def letter_object(mailed: Mailed) -> LetterObject:
    """A letter as the wire has it."""
    return _letter(mailed.letter, mailed.deliveries)


def submission_object(submission: Submission) -> SubmissionObject:
    """The answer to a deposit."""
    return {**_letter(submission.letter, submission.deliveries), "evidence_ids": [submission.evidence_id]}


def evidence_object(evidence: Evidence) -> EvidenceObject:
    """A piece of evidence as the wire has it."""
    return {
        "evidence_id": evidence.evidence_id,
        "letter_id": evidence.letter_id,
        "type": evidence.type.value,
        "positive": evidence.positive,
        "delil_tur_id": evidence.number,
        "text": evidence.text,
        "at": wire_moment(evidence.at),
        "provider": evidence.provider,
        "recipient": None if evidence.recipient is None else evidence.recipient.address,
        "reason": None if evidence.reason is None else evidence.reason.value,
    }


def quota_object(quota: Quota) -> QuotaObject:
    """Room and credit as the wire has them."""
    return {
        "limit_kib": quota.limit_kib,
        "used_kib": quota.used_kib,
        "free_bytes": quota.free_bytes,
        "credit": quota.credit,
    }


def holder_object(account: Account) -> HolderObject:
    """An entry of the directory as the wire has it."""
    return {"address": account.address.address, "name": account.name}


def _letter(letter: Letter, deliveries: tuple[Delivery, ...]) -> LetterObject:
    key, turkish_text, english_text = _told(letter.reason)
    return {
        "letter_id": letter.letter_id,
        "sender": letter.sender.address,
        "subject": letter.subject,
        "message_id": letter.message_id,
        "submitted_at": wire_moment(letter.submitted_at),
        "size": letter.size,
        "is_package": letter.is_package,
        "accepted": letter.accepted,
        "reason": key,
        "reason_tr": turkish_text,
        "reason_en": english_text,
        "sha384": letter.sha384,
        "deliveries": [_delivery(delivery) for delivery in deliveries],
    }


def _delivery(delivery: Delivery) -> DeliveryObject:
    key, turkish_text, english_text = _told(delivery.reason)
    return {
        "recipient": delivery.recipient.address,
        "state": delivery.state.value,
        "changed_at": wire_moment(delivery.changed_at),
        "delivered_at": None if delivery.delivered_at is None else wire_moment(delivery.delivered_at),
        "downloaded_at": None if delivery.downloaded_at is None else wire_moment(delivery.downloaded_at),
        "reason": key,
        "reason_tr": turkish_text,
        "reason_en": english_text,
    }


def _told(reason: Reason | None) -> tuple[str | None, str | None, str | None]:
    return (None, None, None) if reason is None else (reason.value, turkish(reason), english(reason))
