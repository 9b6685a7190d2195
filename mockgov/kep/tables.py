"""The tables of registered e-mail, and how their rows become values."""

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.kep.evidence_types import Evidence, EvidenceType
from mockgov.kep.grounds import Reason
from mockgov.kep.rules import Account, Delivery, Fate, Letter, State
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.signed import Flaw, Verdict

METADATA = sa.MetaData()
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""SQLite numbers rows by itself for this type only."""

ACCOUNT = sa.Table(
    "kep_account",
    METADATA,
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("institution_id", sa.BigInteger),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("opened_us", sa.BigInteger, nullable=False),
    sa.Column("password_digest", sa.LargeBinary, nullable=False),
    sa.Column("quota_kib", sa.BigInteger, nullable=False),
    sa.Column("credit", sa.BigInteger, nullable=False),
    sa.Column("fate", sa.String(20)),
    sa.Column("wants_packages", sa.Boolean, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("locked_until_us", sa.BigInteger),
    sa.Column("closed_us", sa.BigInteger),
)
LETTER = sa.Table(
    "kep_letter",
    METADATA,
    sa.Column("letter_id", _NUMBER, primary_key=True),
    sa.Column("sender", sa.Text, nullable=False, index=True),
    sa.Column("message_id", sa.Text, nullable=False, index=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("submitted_us", sa.BigInteger, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha384", sa.String(96), nullable=False),
    sa.Column("sha512", sa.String(128), nullable=False),
    sa.Column("reason", sa.String(30)),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("is_package", sa.Boolean, nullable=False),
    sa.Column("signature", sa.Text, nullable=False),
    sa.Column("package_signature", sa.Text),
    sa.Column("deleted", sa.Boolean, nullable=False),
)
CONTENT = sa.Table(
    "kep_content",
    METADATA,
    sa.Column("letter_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("raw", sa.LargeBinary, nullable=False),
)
DELIVERY = sa.Table(
    "kep_delivery",
    METADATA,
    sa.Column("letter_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("nth", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("recipient", sa.Text, nullable=False, index=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("changed_us", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.String(30)),
    sa.Column("due_us", sa.BigInteger, index=True),
    sa.Column("delivered_us", sa.BigInteger),
    sa.Column("downloaded_us", sa.BigInteger),
    sa.Column("deleted", sa.Boolean, nullable=False),
)
EVIDENCE = sa.Table(
    "kep_evidence",
    METADATA,
    sa.Column("evidence_id", _NUMBER, primary_key=True),
    sa.Column("letter_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("type", sa.String(40), nullable=False),
    sa.Column("positive", sa.Boolean, nullable=False),
    sa.Column("at_us", sa.BigInteger, nullable=False),
    sa.Column("provider", sa.String(4), nullable=False),
    sa.Column("recipient", sa.Text),
    sa.Column("nth", sa.Integer, nullable=False),
    sa.Column("reason", sa.String(30)),
)
ARCHIVE = sa.Table(
    "kep_archive",
    METADATA,
    sa.Column("evidence_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("xml", sa.LargeBinary, nullable=False),
)


def account_row(account: Account) -> dict[str, Any]:
    """An account as a row."""
    return {
        "address": account.address.address,
        "institution_id": account.institution_id,
        "name": account.name,
        "opened_us": to_us(account.opened_at),
        "password_digest": account.password_digest,
        "quota_kib": account.quota_kib,
        "credit": account.credit,
        "fate": account.fate,
        "wants_packages": account.wants_packages,
        "failures": account.failures,
        "locked_until_us": _us(account.locked_until),
        "closed_us": _us(account.closed_at),
    }


def account_of(row: sa.RowMapping) -> Account:
    """A row as an account."""
    return Account(
        address=KepAddress.parse(row["address"]),
        institution_id=row["institution_id"],
        name=row["name"],
        opened_at=from_us(row["opened_us"]),
        password_digest=bytes(row["password_digest"]),
        quota_kib=row["quota_kib"],
        credit=row["credit"],
        fate=None if row["fate"] is None else Fate(row["fate"]),
        wants_packages=row["wants_packages"],
        failures=row["failures"],
        locked_until=_moment(row["locked_until_us"]),
        closed_at=_moment(row["closed_us"]),
    )


def letter_row(letter: Letter) -> dict[str, Any]:
    """A letter as a row, without its number."""
    return {
        "sender": letter.sender.address,
        "message_id": letter.message_id,
        "subject": letter.subject,
        "submitted_us": to_us(letter.submitted_at),
        "size": letter.size,
        "sha384": letter.sha384,
        "sha512": letter.sha512,
        "reason": letter.reason,
        "detail": letter.detail,
        "is_package": letter.is_package,
        "signature": verdict_text(letter.signature),
        "package_signature": None if letter.package_signature is None else verdict_text(letter.package_signature),
        "deleted": letter.deleted,
    }


def letter_of(row: sa.RowMapping) -> Letter:
    """A row as a letter."""
    return Letter(
        letter_id=row["letter_id"],
        sender=KepAddress.parse(row["sender"]),
        message_id=row["message_id"],
        subject=row["subject"],
        submitted_at=from_us(row["submitted_us"]),
        size=row["size"],
        sha384=row["sha384"],
        sha512=row["sha512"],
        reason=_reason(row["reason"]),
        detail=row["detail"],
        is_package=row["is_package"],
        signature=verdict_of(row["signature"]),
        package_signature=None if row["package_signature"] is None else verdict_of(row["package_signature"]),
        deleted=row["deleted"],
    )


def delivery_row(delivery: Delivery) -> dict[str, Any]:
    """A delivery as a row."""
    return {
        "letter_id": delivery.letter_id,
        "nth": delivery.nth,
        "recipient": delivery.recipient.address,
        "state": delivery.state.value,
        "changed_us": to_us(delivery.changed_at),
        "reason": delivery.reason,
        "due_us": _us(delivery.due_at),
        "delivered_us": _us(delivery.delivered_at),
        "downloaded_us": _us(delivery.downloaded_at),
        "deleted": delivery.deleted,
    }


def delivery_of(row: sa.RowMapping) -> Delivery:
    """A row as a delivery."""
    return Delivery(
        letter_id=row["letter_id"],
        nth=row["nth"],
        recipient=KepAddress.parse(row["recipient"]),
        state=State(row["state"]),
        changed_at=from_us(row["changed_us"]),
        reason=_reason(row["reason"]),
        due_at=_moment(row["due_us"]),
        delivered_at=_moment(row["delivered_us"]),
        downloaded_at=_moment(row["downloaded_us"]),
        deleted=row["deleted"],
    )


def evidence_row(evidence: Evidence) -> dict[str, Any]:
    """A piece of evidence as a row, without its number."""
    return {
        "letter_id": evidence.letter_id,
        "type": evidence.type.value,
        "positive": evidence.positive,
        "at_us": to_us(evidence.at),
        "provider": evidence.provider,
        "recipient": None if evidence.recipient is None else evidence.recipient.address,
        "nth": evidence.nth,
        "reason": evidence.reason,
    }


def evidence_of(row: sa.RowMapping) -> Evidence:
    """A row as a piece of evidence."""
    return Evidence(
        evidence_id=row["evidence_id"],
        letter_id=row["letter_id"],
        type=EvidenceType(row["type"]),
        positive=row["positive"],
        at=from_us(row["at_us"]),
        provider=row["provider"],
        recipient=None if row["recipient"] is None else KepAddress.parse(row["recipient"]),
        nth=row["nth"],
        reason=_reason(row["reason"]),
    )


def verdict_text(verdict: Verdict) -> str:
    """A verdict as JSON."""
    fields = [verdict.flaw, verdict.detail, verdict.identity_number, verdict.name, verdict.serial]
    return json.dumps([*fields, _us(verdict.signed_at)], ensure_ascii=False)


def verdict_of(text: str) -> Verdict:
    """JSON as a verdict."""
    flaw, detail, identity_number, name, serial, signed_us = json.loads(text)
    return Verdict(
        flaw=None if flaw is None else Flaw(flaw),
        detail=detail,
        identity_number=identity_number,
        name=name,
        serial=serial,
        signed_at=_moment(signed_us),
    )


def _us(moment: datetime | None) -> int | None:
    return None if moment is None else to_us(moment)


def _moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else from_us(microseconds)


def _reason(text: str | None) -> Reason | None:
    return None if text is None else Reason(text)
