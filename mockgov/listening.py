"""What the journal hears of text messages: what phones write to the ministry, and how messages to phones end."""

from typing import Final

from mockgov.journal.messages import Exchange, Noted, Part
from mockgov.journal.service import Journal, worded
from mockgov.short_number.rules import Read
from mockgov.sms.messages import TextDelivered, TextFailed, TextReceived

GOOD, BAD = 200, 400
"""Statuses of a protocol that has none."""
TO_MINISTRY: Final = "write"
TO_HANDSET: Final = "deliver"


class Listening:
    """One world's ear at the gateway."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def read(self, event: TextReceived, done: Read) -> None:
        """A text to the ministry, and what came of it."""
        mistake = "" if done.mistake is None else done.mistake.value
        self._journal.note(
            Noted(
                at_us=self._journal.now_us(),
                protocol="sms",
                operation=TO_MINISTRY,
                status=BAD if mistake else GOOD,
                path=event.to,
                asker=event.phone.masked,
                subjects=(done.code,) if done.code else (),
                refusal=mistake,
                request=Part(body=event.text, size=len(event.text)),
            )
        )

    def ended(self, event: TextDelivered | TextFailed) -> None:
        """A text to a phone; its words may be a password's, and are not repeated."""
        journal = self._journal
        if journal.is_on:
            ring = journal.ring
            ring.append((ring.next_number(), _ended, journal.now_us(), event))


def _ended(number: int, at_us: int, event: TextDelivered | TextFailed) -> Exchange:
    reason = event.reason if isinstance(event, TextFailed) else ""
    return worded(
        number,
        Noted(
            at_us=at_us,
            protocol="sms",
            operation=TO_HANDSET,
            status=BAD if reason else GOOD,
            path=f"{event.number:010d}",
            refusal=reason.partition(": ")[2] or reason,
            request=Part(head=(("destination", event.phone.masked),)),
            response=Part(body=reason or "delivered"),
        ),
    )
