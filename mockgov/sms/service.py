"""Use-cases of the outbox."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from mockgov.bus import Tell
from mockgov.clock import Now
from mockgov.sms.messages import SendText, TextSent
from mockgov.sms.rules import SHORT_NUMBER, Message
from mockgov.sms.store import MessageStore
from mockgov.vocabulary.phone import Phone


class Sms:
    """The plain outbox of one world."""

    def __init__(
        self,
        *,
        store: MessageStore,
        now: Now,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._store = store
        self._now = now
        self._tell = tell
        self._transaction = transaction

    def send(self, order: SendText) -> Message:
        """Send a message; it is in the inbox when this returns."""
        with self._transaction():
            message = self._store.put(self._now(), SHORT_NUMBER, order.phone, order.text)
            self._tell(TextSent(number=message.number))
        return message

    def inbox(self, phone: Phone | None = None, *, limit: int = 100) -> Sequence[Message]:
        """Messages to a phone, or to all, newest first."""
        return self._store.inbox(phone, limit=limit)
