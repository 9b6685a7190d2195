"""Bodies and answers of the SMS gateway's HTTP counter."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import groupby
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.counters.body import Strict
from mockgov.counters.reading import wire_moment
from mockgov.sms.messages import SubmitFromLine, SubmitText
from mockgov.sms.rules import BadText, Direction, Message, Notice, Receipts
from mockgov.vocabulary.foreign_phone import read_line
from mockgov.vocabulary.phone import InvalidPhone, Phone

MOST_AT_ONCE = 1000
"""Messages in a bulk call, and receipts in one acknowledgement (chosen here)."""

Word = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00]*$")]
Text = Annotated[str, StringConstraints(max_length=40_000, pattern=r"^[^\x00]*$")]
"""A text; whether 255 segments hold it is the gateway's to say."""
Seconds = Annotated[int, Field(strict=True, ge=1, le=365 * 86_400)]
Receipt = Annotated[int, Field(strict=True, ge=1, lt=1 << 62)]


class NewMessage(Strict):
    """A message to be sent."""

    model_config = ConfigDict(validate_by_name=True)

    sender: Word = Field(
        alias="from", description="A sender name that is registered for the account, or one of its lines"
    )
    to: Word = Field(description="A Turkish mobile number; from a line also 2023 and other services' numbers")
    text: Text
    validity_s: Seconds | None = Field(None, description="How long it is tried; 72 hours if not said")
    delay_s: Seconds | None = Field(None, description="How long to wait before it is sent")
    reference: Annotated[str, StringConstraints(max_length=64, pattern=r"^[^\x00]*$")] = Field(
        "", description="The client's own; stands in the state and in the receipt"
    )

    def order(self) -> SubmitText | SubmitFromLine:
        """The command that it means: from a line if `from` is one and `to` no mobile number.

        Raises `InvalidPhone`, `BadText`.
        """
        if not self.text:
            raise BadText("There is no text; write at least one character.")
        line = self._line()
        if line is not None:
            schedule = None if self.delay_s is None else timedelta(seconds=self.delay_s)
            return SubmitFromLine(line=line, to=self.to, text=self.text, schedule=schedule)
        return SubmitText(
            sender=self.sender,
            phone=Phone.parse(self.to),
            text=self.text,
            receipts=Receipts.FINAL,
            validity=None if self.validity_s is None else timedelta(seconds=(self.delay_s or 0) + self.validity_s),
            schedule=None if self.delay_s is None else timedelta(seconds=self.delay_s),
            reference=self.reference,
        )

    def _line(self) -> Phone | None:
        try:
            Phone.parse(self.to)
        except InvalidPhone:
            with suppress(InvalidPhone):
                return read_line(self.sender)
        return None


class NewMessages(Strict):
    """Messages to be sent."""

    messages: list[NewMessage] = Field(min_length=1, max_length=MOST_AT_ONCE)


class Acknowledged(Strict):
    """Receipts that have arrived."""

    receipt_ids: list[Receipt] = Field(min_length=1, max_length=MOST_AT_ONCE)


class TakenShown(TypedDict):
    """A message that the gateway has taken."""

    message_id: str
    parts: int
    encoding: str


class ResultShown(TypedDict):
    """What became of one message of a bulk call: `message_id`, `parts` and `encoding`, or `errorKey` and `detail`."""

    message_id: str | None
    parts: int | None
    encoding: str | None
    errorKey: str | None
    detail: str | None


class ResultsShown(TypedDict):
    """What became of each message, in their order."""

    results: list[ResultShown]


class StateShown(TakenShown):
    """Where a message stands."""

    state: str
    error: int
    reference: str
    to: str
    submitted_at: str
    expires_at: str
    done_at: str | None


class ReceiptShown(TypedDict):
    """How a message ended."""

    receipt_id: int
    message_id: str
    reference: str
    state: str
    error: int
    at: str


class IncomingShown(TypedDict):
    """A message from a handset to the account's number, or one that has arrived at a line of the account's."""

    receipt_ids: list[int]
    sender: str
    to: str
    text: str
    at: str


class CountShown(TypedDict):
    """How many receipts were taken off the queue."""

    acknowledged: int


def taken_shown(message: Message) -> TakenShown:
    """A message that the gateway has taken."""
    return {"message_id": message.message_id, "parts": message.part_count, "encoding": message.encoding.value}


def result_shown(message: Message) -> ResultShown:
    """The same in a bulk answer."""
    return {**taken_shown(message), "errorKey": None, "detail": None}


def failure_shown(key: str, detail: str) -> ResultShown:
    """One message of a bulk call that was not taken."""
    return {"message_id": None, "parts": None, "encoding": None, "errorKey": key, "detail": detail}


def state_shown(message: Message) -> StateShown:
    """Where a message stands."""
    return {
        **taken_shown(message),
        "state": message.state.value,
        "error": message.error,
        "reference": message.reference,
        "to": message.phone.wire,
        "submitted_at": wire_moment(message.sent_at),
        "expires_at": wire_moment(message.expires_at),
        "done_at": None if message.done_at is None else wire_moment(message.done_at),
    }


def receipt_shown(notice: Notice) -> ReceiptShown:
    """How a message ended."""
    return {
        "receipt_id": notice.number,
        "message_id": notice.message.message_id,
        "reference": notice.message.reference,
        "state": notice.state.value,
        "error": notice.error,
        "at": wire_moment(notice.at),
    }


def incoming_shown(notices: Sequence[Notice]) -> list[IncomingShown]:
    """Messages from handsets, whole, from the notices of their segments."""
    return [
        {
            "receipt_ids": [notice.number for notice in segments],
            "sender": message.sender if message.direction is Direction.TO_HANDSET else message.phone.wire,
            "to": message.phone.wire if message.direction is Direction.TO_HANDSET else message.to,
            "text": message.text,
            "at": wire_moment(segments[0].at),
        }
        for message, segments in (
            (found[0].message, found)
            for found in (list(group) for _, group in groupby(notices, key=lambda notice: notice.message.number))
        )
    ]
