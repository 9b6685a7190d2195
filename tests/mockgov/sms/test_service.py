"""The plain outbox over its twin."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest

from mockgov.clock import ManualClock
from mockgov.sms.messages import SendText, TextSent
from mockgov.sms.rules import Message
from mockgov.sms.service import Sms
from mockgov.sms.store import InMemoryMessages
from mockgov.vocabulary.phone import Phone

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
MINE, YOURS = Phone("5991234567"), Phone("5997654321")


def test_a_message_is_in_the_inbox_at_once() -> None:
    """From the short number 2023, with the world's time; newest first, each phone its own; sending is told."""
    clock = ManualClock(MONDAY)
    told: list[object] = []
    sms = Sms(store=InMemoryMessages(), now=clock.now, tell=told.append, transaction=nullcontext)
    sms.send(SendText(phone=MINE, text="Giriş kodunuz: 012345"))
    sms.send(SendText(phone=YOURS, text="size"))
    clock.move_to(MONDAY + timedelta(minutes=1))
    sms.send(SendText(phone=MINE, text="ikinci"))
    first = Message(number=1, sent_at=MONDAY, sender="2023", phone=MINE, text="Giriş kodunuz: 012345")
    assert [message.text for message in sms.inbox(MINE)] == ["ikinci", "Giriş kodunuz: 012345"]
    assert sms.inbox(MINE)[1] == first
    assert [message.number for message in sms.inbox()] == [3, 2, 1]
    assert [message.number for message in sms.inbox(limit=1)] == [3]
    assert told == [TextSent(number=1), TextSent(number=2), TextSent(number=3)]


def test_a_message_shows_no_full_number_when_printed() -> None:
    """A log cannot leak a phone."""
    assert "1234567" not in repr(SendText(phone=MINE, text="x"))
    assert str(MINE) == "+90 5** *** ** 67"


@pytest.mark.parametrize("text", ["", "x" * 10_000, "ğüşiöç İIı 🏢"])
def test_any_text_may_be_sent(text: str) -> None:
    """Segments and alphabets are the gateway's business, which is to come."""
    sms = Sms(store=InMemoryMessages(), now=lambda: MONDAY, tell=lambda _: None, transaction=nullcontext)
    assert sms.send(SendText(phone=MINE, text=text)).text == text
