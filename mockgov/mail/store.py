"""Where mails are kept: a Protocol, a plain twin, and one for SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.database import Database
from mockgov.mail.rules import Box, Message, State
from mockgov.vocabulary.email_address import EmailAddress


class MailStore(Protocol):
    """Keeps mails, their bytes, and who has knocked."""

    def next_number(self) -> int:
        """The number of the next mail, from 1 on."""
        ...

    def put(self, messages: Sequence[Message], mailboxes: Sequence[str], raw: bytes) -> None:
        """Add mails that share their bytes, each for a mailbox."""
        ...

    def save(self, message: Message) -> None:
        """Write down how a mail stands now."""
        ...

    def get(self, number: int) -> Message | None:
        """A mail."""
        ...

    def raw(self, number: int) -> bytes | None:
        """A mail's bytes."""
        ...

    def inbox(self, mailbox: str | None, *, limit: int = 100) -> Sequence[Message]:
        """What has been delivered to one mailbox, or to all, what came last first."""
        ...

    def outbox(self, mailbox: str | None, *, limit: int = 100) -> Sequence[Message]:
        """What the ministry has written to one mailbox, or to all, newest first."""
        ...

    def has_written(self, mailbox: str) -> bool:
        """Whether the ministry has written to a mailbox."""
        ...

    def due(self, at: datetime) -> Message | None:
        """The mail that is due first, at a moment or before; of several the one with the smallest number."""
        ...

    def next_due(self) -> datetime | None:
        """When the next mail is due."""
        ...

    def first_knock(self, sender: str, recipient: str, at: datetime) -> datetime:
        """When a pair of folded addresses was first seen; now, if never before."""
        ...


class InMemoryMails:
    """The plain twin."""

    def __init__(self) -> None:
        self._messages: dict[int, tuple[Message, str, bytes]] = {}
        self._knocks: dict[tuple[str, str], datetime] = {}

    def next_number(self) -> int:
        return len(self._messages) + 1

    def put(self, messages: Sequence[Message], mailboxes: Sequence[str], raw: bytes) -> None:
        for message, mailbox in zip(messages, mailboxes, strict=True):
            self._messages[message.number] = (message, mailbox, raw)

    def save(self, message: Message) -> None:
        _, mailbox, raw = self._messages[message.number]
        self._messages[message.number] = (message, mailbox, raw)

    def get(self, number: int) -> Message | None:
        return self._messages[number][0] if number in self._messages else None

    def raw(self, number: int) -> bytes | None:
        return self._messages[number][2] if number in self._messages else None

    def inbox(self, mailbox: str | None, *, limit: int = 100) -> Sequence[Message]:
        there = [(one.settled_at, one.number, one) for one in self._newest(mailbox) if one.settled_at is not None]
        delivered = [one for *_, one in sorted(there, reverse=True) if one.state is State.DELIVERED]
        return delivered[:limit]

    def outbox(self, mailbox: str | None, *, limit: int = 100) -> Sequence[Message]:
        return [message for message in self._newest(mailbox) if message.box is Box.OUT][:limit]

    def has_written(self, mailbox: str) -> bool:
        return bool(self.outbox(mailbox, limit=1))

    def due(self, at: datetime) -> Message | None:
        waiting = self._waiting()
        return self._messages[waiting[0][1]][0] if waiting and waiting[0][0] <= at else None

    def next_due(self) -> datetime | None:
        waiting = self._waiting()
        return waiting[0][0] if waiting else None

    def first_knock(self, sender: str, recipient: str, at: datetime) -> datetime:
        return self._knocks.setdefault((sender, recipient), at)

    def _newest(self, mailbox: str | None) -> Sequence[Message]:
        kept = sorted(self._messages.items(), reverse=True)
        return [message for _, (message, of, _) in kept if mailbox in (None, of)]

    def _waiting(self) -> Sequence[tuple[datetime, int]]:
        return sorted((one.due_at, number) for number, (one, _, _) in self._messages.items() if one.due_at is not None)


METADATA = sa.MetaData()
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
CONTENT = sa.Table(
    "mail_content",
    METADATA,
    sa.Column("content", _NUMBER, primary_key=True, autoincrement=False),
    sa.Column("raw", sa.LargeBinary, nullable=False),
)
MAIL = sa.Table(
    "mail",
    METADATA,
    sa.Column("number", _NUMBER, primary_key=True, autoincrement=False),
    sa.Column("content", _NUMBER, nullable=False),
    sa.Column("box", sa.String(3), nullable=False),
    sa.Column("sender", sa.Text),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("mailbox", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("queued_us", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(9), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_us", sa.BigInteger),
    sa.Column("settled_us", sa.BigInteger),
    sa.Column("reply", sa.Text, nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Index("mail_by_mailbox", "mailbox", "settled_us"),
    sa.Index("mail_by_arrival", "settled_us", "number"),
    sa.Index("mail_by_due", "due_us", "number"),
)
KNOCK = sa.Table(
    "mail_knock",
    METADATA,
    sa.Column("sender", sa.Text, primary_key=True),
    sa.Column("recipient", sa.Text, primary_key=True),
    sa.Column("first_us", sa.BigInteger, nullable=False),
)


class SqlMails:
    """Mails in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)

    def next_number(self) -> int:
        last: int | None = self._connection.execute(sa.select(sa.func.max(MAIL.c.number))).scalar_one()
        return (last or 0) + 1

    def put(self, messages: Sequence[Message], mailboxes: Sequence[str], raw: bytes) -> None:
        content = messages[0].number
        self._connection.execute(CONTENT.insert(), {"content": content, "raw": raw})
        rows = [
            _row(message) | {"content": content, "mailbox": mailbox}
            for message, mailbox in zip(messages, mailboxes, strict=True)
        ]
        self._connection.execute(MAIL.insert(), rows)

    def save(self, message: Message) -> None:
        self._connection.execute(MAIL.update().where(MAIL.c.number == message.number), _row(message))

    def get(self, number: int) -> Message | None:
        found = self._read(sa.select(MAIL).where(MAIL.c.number == number))
        return found[0] if found else None

    def raw(self, number: int) -> bytes | None:
        joined = MAIL.join(CONTENT, MAIL.c.content == CONTENT.c.content)
        sought = sa.select(CONTENT.c.raw).select_from(joined).where(MAIL.c.number == number)
        found = self._connection.execute(sought).scalar_one_or_none()
        return None if found is None else bytes(found)

    def inbox(self, mailbox: str | None, *, limit: int = 100) -> Sequence[Message]:
        sought = sa.select(MAIL).where(MAIL.c.state == State.DELIVERED.value)
        return self._read(_of(mailbox, sought).order_by(MAIL.c.settled_us.desc(), MAIL.c.number.desc()).limit(limit))

    def outbox(self, mailbox: str | None, *, limit: int = 100) -> Sequence[Message]:
        sought = sa.select(MAIL).where(MAIL.c.box == Box.OUT.value)
        return self._read(_of(mailbox, sought).order_by(MAIL.c.number.desc()).limit(limit))

    def has_written(self, mailbox: str) -> bool:
        sought = sa.select(sa.literal(1)).where((MAIL.c.mailbox == mailbox) & (MAIL.c.box == Box.OUT.value)).limit(1)
        return self._connection.execute(sought).first() is not None

    def due(self, at: datetime) -> Message | None:
        sought = sa.select(MAIL).where(MAIL.c.due_us <= to_us(at))
        found = self._read(sought.order_by(MAIL.c.due_us, MAIL.c.number).limit(1))
        return found[0] if found else None

    def next_due(self) -> datetime | None:
        first = self._database.value("SELECT min(due_us) FROM mail WHERE due_us IS NOT NULL")
        return None if first is None else from_us(first)

    def first_knock(self, sender: str, recipient: str, at: datetime) -> datetime:
        pair = (KNOCK.c.sender == sender) & (KNOCK.c.recipient == recipient)
        first = self._connection.execute(sa.select(KNOCK.c.first_us).where(pair)).scalar_one_or_none()
        if first is None:
            row = {"sender": sender, "recipient": recipient, "first_us": to_us(at)}
            self._connection.execute(KNOCK.insert(), row)
            return at
        return from_us(first)

    @property
    def _connection(self) -> sa.Connection:
        return self._database.connection

    def _read(self, sought: sa.Select[Any]) -> Sequence[Message]:
        return [_message(row) for row in self._connection.execute(sought).mappings()]


def _of(mailbox: str | None, sought: sa.Select[Any]) -> sa.Select[Any]:
    return sought if mailbox is None else sought.where(MAIL.c.mailbox == mailbox)


def _row(message: Message) -> dict[str, object]:
    return {
        "number": message.number,
        "box": message.box.value,
        "sender": None if message.sender is None else message.sender.address,
        "recipient": message.recipient.address,
        "subject": message.subject,
        "size": message.size,
        "queued_us": to_us(message.queued_at),
        "state": message.state.value,
        "attempts": message.attempts,
        "due_us": None if message.due_at is None else to_us(message.due_at),
        "settled_us": None if message.settled_at is None else to_us(message.settled_at),
        "reply": message.reply,
        "reference": message.reference,
    }


def _message(row: sa.RowMapping) -> Message:
    return Message(
        number=row["number"],
        box=Box(row["box"]),
        sender=None if row["sender"] is None else EmailAddress.parse(row["sender"]),
        recipient=EmailAddress.parse(row["recipient"]),
        subject=row["subject"],
        size=row["size"],
        queued_at=from_us(row["queued_us"]),
        state=State(row["state"]),
        attempts=row["attempts"],
        due_at=None if row["due_us"] is None else from_us(row["due_us"]),
        settled_at=None if row["settled_us"] is None else from_us(row["settled_us"]),
        reply=row["reply"],
        reference=row["reference"],
    )
