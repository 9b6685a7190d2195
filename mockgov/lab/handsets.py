# ruff: noqa: D103  a route says its piece in `summary`, which the OpenAPI shows
"""Routes of the lab for phones and for the SMS gateway's accounts."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.counters.body import Strict
from mockgov.counters.context import Here
from mockgov.counters.openapi import refusals
from mockgov.counters.reading import wire_moment
from mockgov.lab.wire import Moment, Text
from mockgov.ministry import Ministry
from mockgov.refusal import Refused
from mockgov.sms.accounts import SmsAccount
from mockgov.sms.encoding import Segment
from mockgov.sms.fates import MAGIC, MEANINGS, FateKind, read_fate
from mockgov.sms.handset import Received
from mockgov.sms.messages import OpenSmsAccount
from mockgov.sms.rules import Message
from mockgov.vocabulary.foreign_phone import read_line
from mockgov.vocabulary.phone import UNALLOCATED_PREFIX, Phone

router = APIRouter(prefix="/_lab", tags=["Lab (the sandbox's own controls)"])
Limit = Annotated[int, Query(ge=1, le=10_000)]


class FromHandset(Strict):
    """A message that a person types."""

    to: Text
    text: Annotated[str, StringConstraints(max_length=40_000, pattern=r"^[^\x00]*$")]


class ScriptedFate(Strict):
    """How a phone takes messages from now on; null: as its number says."""

    fate: str | None
    until: Moment | None = None


class NewSmsAccount(Strict):
    """An account of the SMS gateway."""

    label: Text
    senders: list[Text] = Field(max_length=100)
    number: Text | None = None
    lines: list[Text] = Field([], max_length=1000)
    """Phones whose cards are in the account's modem."""


class SegmentShown(TypedDict):
    """What one short message carried, in hexadecimal: septets stand unpacked."""

    udh: str
    payload: str
    octets: int
    text: str


class ReceivedShown(TypedDict):
    """A text on the screen."""

    sender: str
    text: str
    at: str
    encoding: str
    missing: int
    message_ids: list[str]
    segments: list[SegmentShown]


class SentShown(TypedDict):
    """A text that the phone has sent."""

    to: str
    text: str
    at: str
    encoding: str
    parts: int


class FateShown(TypedDict):
    """How a phone takes messages."""

    fate: str
    until: str | None


class HandsetShown(FateShown):
    """A phone."""

    phone: str
    inbox: list[ReceivedShown]
    sent: list[SentShown]


class FateMeaning(TypedDict):
    """A fate, and the magic number that has it."""

    fate: str
    meaning: str
    magic_number: str | None


class SmsAccountShown(TypedDict):
    """An account of the SMS gateway with its password."""

    system_id: str
    password: str
    label: str
    senders: list[str]
    number: str | None
    lines: list[str]


@router.get("/handsets/{phone}", summary="A phone: what it has received, with segments, and sent")
async def handset(phone: str, ministry: Here, limit: Limit = 100) -> HandsetShown:
    whose = read_line(phone)
    ministry.sms.check_line(whose)
    return {
        "phone": whose.wire,
        **_fate_shown(ministry, whose),
        "inbox": [_received_shown(received) for received in ministry.sms.received(whose, limit=limit)],
        "sent": [sent_shown(message) for message in ministry.sms.sent_from(whose, limit=limit)],
    }


@router.post(
    "/handsets/{phone}/send",
    status_code=201,
    responses=refusals(400),
    summary="Send a message from a phone to 2023, from abroad to its +90 number, or to an account's number",
)
async def send_from(phone: str, body: FromHandset, ministry: Here) -> SentShown:
    return sent_shown(ministry.sms.from_handset(read_line(phone), body.to, body.text))


@router.put(
    "/handsets/{phone}/fate",
    responses=refusals(400),
    summary="Decide how a phone takes messages; what waits for it is tried again",
)
async def script(phone: str, body: ScriptedFate, ministry: Here) -> FateShown:
    whose = read_line(phone)
    if body.fate is None and body.until is not None:
        raise Refused("`until` belongs to a fate; name one, or leave it out.", key="unknownfate")
    ministry.sms.script(whose, None if body.fate is None else read_fate(body.fate, body.until))
    return _fate_shown(ministry, whose)


@router.get("/sms/fates", summary="What can happen to a message, and the magic numbers that have it happen")
async def fates() -> list[FateMeaning]:
    magic = {kind: f"90{UNALLOCATED_PREFIX}***{digits}" for digits, kind in MAGIC.items()}
    return [{"fate": kind.value, "meaning": MEANINGS[kind], "magic_number": magic.get(kind)} for kind in FateKind]


@router.post(
    "/sms-accounts",
    status_code=201,
    responses=refusals(400, 409),
    summary="Open an account for the SMPP door and the SMS counter",
)
async def open_account(body: NewSmsAccount, ministry: Here) -> SmsAccountShown:
    lines = tuple(dict.fromkeys(read_line(line) for line in body.lines))
    order = OpenSmsAccount(label=body.label, senders=tuple(body.senders), number=body.number, lines=lines)
    return _account_shown(ministry, ministry.sms.open_account(order))


@router.get("/sms-accounts", summary="The SMS gateway's accounts with their passwords")
async def accounts(ministry: Here) -> list[SmsAccountShown]:
    return [_account_shown(ministry, account) for account in ministry.sms.accounts()]


def _fate_shown(ministry: Ministry, phone: Phone) -> FateShown:
    fate = ministry.sms.fate(phone)
    return {"fate": fate.kind.value, "until": None if fate.until is None else wire_moment(fate.until)}


def _received_shown(received: Received) -> ReceivedShown:
    return {
        "sender": received.sender,
        "text": received.text,
        "at": wire_moment(received.at),
        "encoding": received.encoding.value,
        "missing": received.missing,
        "message_ids": [f"{number:010d}" for number in received.numbers],
        "segments": [_segment_shown(segment) for segment in received.segments],
    }


def _segment_shown(segment: Segment) -> SegmentShown:
    return {
        "udh": segment.udh.hex(),
        "payload": segment.payload.hex(),
        "octets": segment.octets,
        "text": segment.text,
    }


def sent_shown(message: Message) -> SentShown:
    """A text that a phone has sent."""
    return {
        "to": message.to,
        "text": message.text,
        "at": wire_moment(message.sent_at),
        "encoding": message.encoding.value,
        "parts": message.part_count,
    }


def _account_shown(ministry: Ministry, account: SmsAccount) -> SmsAccountShown:
    return {
        "system_id": account.system_id,
        "password": ministry.sms.password(account.system_id),
        "label": account.label,
        "senders": list(account.senders),
        "number": account.number,
        "lines": [line.wire for line in ministry.sms.lines(account.system_id)],
    }
