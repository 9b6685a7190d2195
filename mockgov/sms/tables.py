"""The tables of the journal, and how values stand in their rows."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.sms.accounts import SmsAccount
from mockgov.sms.encoding import Encoding, Segment
from mockgov.sms.rules import Direction, Message, Notice, NoticeKind, Receipts, State
from mockgov.vocabulary.foreign_phone import line_of

METADATA = sa.MetaData()
Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MESSAGE = sa.Table(
    "sms_message",
    METADATA,
    sa.Column("number", Number, primary_key=True),
    sa.Column("sent_us", sa.BigInteger, nullable=False),
    sa.Column("sender", sa.Text, nullable=False),
    sa.Column("phone", sa.String(16), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("direction", sa.Text, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("account", sa.Text),
    sa.Column("encoding", sa.Text, nullable=False),
    sa.Column("part_count", sa.Integer, nullable=False),
    sa.Column("udh", sa.LargeBinary),
    sa.Column("payload", sa.LargeBinary),
    sa.Column("receipts", sa.Integer, nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("service_type", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("scheduled_us", sa.BigInteger, nullable=False),
    sa.Column("expires_us", sa.BigInteger, nullable=False),
    sa.Column("tried", sa.Boolean, nullable=False),
    sa.Column("error", sa.Integer, nullable=False),
    sa.Column("due_us", sa.BigInteger),
    sa.Column("done_us", sa.BigInteger),
    sqlite_autoincrement=True,
)
LIVE = MESSAGE.c.due_us.is_not(None)
for _index, _column in (("sms_due", "due_us"), ("sms_live_phone", "phone"), ("sms_live_account", "account")):
    # as text: an Index with a WHERE has SQLAlchemy load every database's dialect when this module is imported
    _live = f"CREATE INDEX {_index} ON sms_message ({_column}, number) WHERE due_us IS NOT NULL"
    sa.event.listen(MESSAGE, "after_create", sa.DDL(_live))  # type: ignore[no-untyped-call]  # it has no types
sa.Index("sms_phone", MESSAGE.c.phone, MESSAGE.c.number)

NOTICE = sa.Table(
    "sms_notice",
    METADATA,
    sa.Column("number", Number, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at_us", sa.BigInteger, nullable=False),
    sa.Column("message", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("error", sa.Integer, nullable=False),
    sa.Column("part", sa.Integer, nullable=False),
    sa.Index("sms_notice_account", "account", "number"),
    sqlite_autoincrement=True,  # numbers only rise, also after the queue was empty: readers go on `after` the last
)
ACCOUNT = sa.Table(
    "sms_account",
    METADATA,
    sa.Column("system_id", sa.Text, primary_key=True),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("senders", sa.Text, nullable=False),
    sa.Column("number", sa.Text, unique=True),
    sa.Column("opened_us", sa.BigInteger, nullable=False),
    sa.Column("busy_until_us", sa.BigInteger, nullable=False),
)
LINE = sa.Table(
    "sms_line",
    METADATA,
    sa.Column("phone", sa.String(16), primary_key=True),
    sa.Column("account", sa.Text, nullable=False, index=True),
)
FATE = sa.Table(
    "sms_fate",
    METADATA,
    sa.Column("phone", sa.String(16), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("until_us", sa.BigInteger),
)

UPDATE = (
    MESSAGE.update()
    .where(MESSAGE.c.number == sa.bindparam("row"))
    .values({c.name: sa.bindparam(f"new_{c.name}") for c in MESSAGE.c if not c.primary_key})
)
"""Takes rows of `change_row`."""


def change_row(message: Message) -> dict[str, Any]:
    """What `UPDATE` writes of a message."""
    return {"row": message.number, **{f"new_{name}": value for name, value in message_row(message).items()}}


def message_row(message: Message) -> dict[str, Any]:
    """The row of a message, but for its number."""
    segment = message.segment
    return {
        "sent_us": to_us(message.sent_at),
        "sender": message.sender,
        "phone": message.phone.subscriber,
        "text": message.text,
        "direction": message.direction.value,
        "recipient": message.to,
        "account": message.account,
        "encoding": message.encoding.value,
        "part_count": message.part_count,
        "udh": None if segment is None else segment.udh,
        "payload": None if segment is None else segment.payload,
        "receipts": message.receipts.value,
        "reference": message.reference,
        "service_type": message.service_type,
        "state": message.state.value,
        "scheduled_us": to_us(message.scheduled_at),
        "expires_us": to_us(message.expires_at),
        "tried": message.tried,
        "error": int(message.error),
        "due_us": None if message.due_at is None else to_us(message.due_at),
        "done_us": None if message.done_at is None else to_us(message.done_at),
    }


def message_of(row: Sequence[Any]) -> Message:
    """The message in a row."""
    encoding = Encoding(row[8])
    return Message(
        number=row[0],
        sent_at=from_us(row[1]),
        sender=row[2],
        phone=line_of(row[3]),
        text=row[4],
        direction=Direction(row[5]),
        to=row[6],
        account=row[7],
        encoding=encoding,
        part_count=row[9],
        segment=None if row[10] is None else Segment(encoding, bytes(row[10]), bytes(row[11])),
        receipts=Receipts(row[12]),
        reference=row[13],
        service_type=row[14],
        state=State(row[15]),
        scheduled_at=from_us(row[16]),
        expires_at=from_us(row[17]),
        tried=bool(row[18]),
        error=row[19],
        due_at=None if row[20] is None else from_us(row[20]),
        done_at=None if row[21] is None else from_us(row[21]),
    )


def notice_row(notice: Notice) -> dict[str, Any]:
    """The row of a notice, but for its number."""
    return {
        "account": notice.account,
        "kind": notice.kind.value,
        "at_us": to_us(notice.at),
        "message": notice.message.number,
        "state": notice.state.value,
        "error": int(notice.error),
        "part": notice.part,
    }


def notice_of(row: Sequence[Any]) -> Notice:
    """The notice in a row, with its message's row behind."""
    return Notice(
        number=row[0],
        account=row[1],
        kind=NoticeKind(row[2]),
        at=from_us(row[3]),
        message=message_of(row[8:]),
        state=State(row[5]),
        error=row[6],
        part=row[7],
    )


def account_row(account: SmsAccount) -> dict[str, Any]:
    """The row of an account."""
    return {
        "system_id": account.system_id,
        "label": account.label,
        "senders": "\n".join(account.senders),
        "number": account.number,
        "opened_us": to_us(account.opened_at),
        "busy_until_us": account.busy_until_us,
    }


def account_of(row: Sequence[Any]) -> SmsAccount:
    """The account in a row."""
    return SmsAccount(
        system_id=row[0],
        label=row[1],
        senders=tuple(row[2].split("\n")) if row[2] else (),
        number=row[3],
        opened_at=from_us(row[4]),
        busy_until_us=row[5],
    )
