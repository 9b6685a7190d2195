"""Where messages are kept: a Protocol, a plain twin, and one for SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.database import Database
from mockgov.sms.rules import Message
from mockgov.vocabulary.phone import Phone


class MessageStore(Protocol):
    """Keeps sent messages."""

    def put(self, sent_at: datetime, sender: str, phone: Phone, text: str) -> Message:
        """Add a message and number it."""
        ...

    def inbox(self, phone: Phone | None, *, limit: int = 100) -> Sequence[Message]:
        """Messages to one phone, or to all, newest first."""
        ...


class InMemoryMessages:
    """The plain twin."""

    def __init__(self) -> None:
        self._messages: list[Message] = []

    def put(self, sent_at: datetime, sender: str, phone: Phone, text: str) -> Message:
        number = len(self._messages) + 1
        self._messages.append(Message(number=number, sent_at=sent_at, sender=sender, phone=phone, text=text))
        return self._messages[-1]

    def inbox(self, phone: Phone | None, *, limit: int = 100) -> Sequence[Message]:
        return [m for m in reversed(self._messages) if phone in (None, m.phone)][:limit]


METADATA = sa.MetaData()
MESSAGE = sa.Table(
    "message",
    METADATA,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("sent_us", sa.BigInteger, nullable=False),
    sa.Column("sender", sa.Text, nullable=False),
    sa.Column("phone", sa.String(10), nullable=False, index=True),
    sa.Column("text", sa.Text, nullable=False),
)


class SqlMessages:
    """Messages in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)

    def put(self, sent_at: datetime, sender: str, phone: Phone, text: str) -> Message:
        row = {"sent_us": to_us(sent_at), "sender": sender, "phone": phone.subscriber, "text": text}
        made = self._database.connection.execute(MESSAGE.insert().returning(MESSAGE.c.number), row)
        return Message(number=made.scalar_one(), sent_at=sent_at, sender=sender, phone=phone, text=text)

    def inbox(self, phone: Phone | None, *, limit: int = 100) -> Sequence[Message]:
        found = sa.select(MESSAGE).order_by(MESSAGE.c.number.desc()).limit(limit)
        if phone is not None:
            found = found.where(MESSAGE.c.phone == phone.subscriber)
        return [
            Message(
                number=row["number"],
                sent_at=from_us(row["sent_us"]),
                sender=row["sender"],
                phone=Phone(row["phone"]),
                text=row["text"],
            )
            for row in self._database.connection.execute(found).mappings()
        ]
