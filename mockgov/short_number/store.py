"""Where it is kept what came of texts: a Protocol, a plain twin, and one for SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.database import Database
from mockgov.short_number.rules import Mistake, Read
from mockgov.vocabulary.foreign_phone import line_of
from mockgov.vocabulary.phone import Phone


class TextStore(Protocol):
    """Keeps what came of each text, never what it said."""

    def put(self, read: Read) -> None:
        """Remember a text."""
        ...

    def of(self, phone: Phone, *, limit: int) -> Sequence[Read]:
        """The texts of a line, newest first."""
        ...

    def count_since(self, phone: Phone, since: datetime) -> int:
        """How many texts a line has sent from a moment on."""
        ...

    def codes_of(self, phone: Phone) -> Sequence[str]:
        """Every code that a line has ever had made, in the order of making."""
        ...

    def code_at(self, token: str) -> str | None:
        """The code behind the end of a QR page's address."""
        ...

    def oldest_over_us(self) -> int | None:
        """When the first text came to be of no more use, or will; None where none ever will."""
        ...

    def drop(self, *, over_before_us: int | None = None, phone: Phone | None = None, codes: Sequence[str] = ()) -> int:
        """Forget texts of no more use before a moment, those of a line, those that made one of the codes; how many."""
        ...


class InMemoryTexts:
    """The plain twin."""

    def __init__(self) -> None:
        self._reads: list[Read] = []

    def put(self, read: Read) -> None:
        self._reads.append(read)

    def of(self, phone: Phone, *, limit: int) -> Sequence[Read]:
        return [read for read in reversed(self._reads) if read.phone == phone][:limit]

    def count_since(self, phone: Phone, since: datetime) -> int:
        return sum(read.phone == phone and read.received_at >= since for read in self._reads)

    def codes_of(self, phone: Phone) -> Sequence[str]:
        return [read.code for read in self._reads if read.phone == phone and read.code is not None]

    def code_at(self, token: str) -> str | None:
        return next((read.code for read in self._reads if read.token == token), None)

    def oldest_over_us(self) -> int | None:
        return min((to_us(read.over_at) for read in self._reads if read.over_at is not None), default=None)

    def drop(self, *, over_before_us: int | None = None, phone: Phone | None = None, codes: Sequence[str] = ()) -> int:
        kept = [
            read
            for read in self._reads
            if not (
                (over_before_us is not None and read.over_at is not None and to_us(read.over_at) < over_before_us)
                or read.phone == phone
                or read.code in codes
            )
        ]
        gone, self._reads = len(self._reads) - len(kept), kept
        return gone


AT_ONCE = 500
"""Codes in one IN list."""
METADATA = sa.MetaData()
TEXT = sa.Table(
    "short_number_text",
    METADATA,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("phone", sa.String(16), nullable=False),
    sa.Column("recipient", sa.String(16), nullable=False),
    sa.Column("received_us", sa.BigInteger, nullable=False),
    sa.Column("mistake", sa.Text),
    sa.Column("code", sa.String(10)),
    sa.Column("token", sa.String(12), unique=True),
    sa.Column("over_us", sa.BigInteger, index=True),
    sa.Index("short_number_phone", "phone", "received_us"),
)


class SqlTexts:
    """What came of texts in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)

    def put(self, read: Read) -> None:
        row = {
            "phone": read.phone.subscriber,
            "recipient": read.to,
            "received_us": to_us(read.received_at),
            "mistake": None if read.mistake is None else read.mistake.value,
            "code": read.code,
            "token": read.token,
            "over_us": None if read.over_at is None else to_us(read.over_at),
        }
        self._database.connection.execute(TEXT.insert(), row)

    def of(self, phone: Phone, *, limit: int) -> Sequence[Read]:
        found = sa.select(TEXT).where(TEXT.c.phone == phone.subscriber).order_by(TEXT.c.number.desc()).limit(limit)
        return [_read(row) for row in self._database.connection.execute(found).mappings()]

    def count_since(self, phone: Phone, since: datetime) -> int:
        mine = (TEXT.c.phone == phone.subscriber) & (TEXT.c.received_us >= to_us(since))
        return self._database.connection.scalar(sa.select(sa.func.count()).select_from(TEXT).where(mine)) or 0

    def codes_of(self, phone: Phone) -> Sequence[str]:
        mine = (TEXT.c.phone == phone.subscriber) & TEXT.c.code.is_not(None)
        return list(self._database.connection.scalars(sa.select(TEXT.c.code).where(mine).order_by(TEXT.c.number)))

    def code_at(self, token: str) -> str | None:
        return self._database.connection.scalar(sa.select(TEXT.c.code).where(TEXT.c.token == token))

    def oldest_over_us(self) -> int | None:
        return self._database.value("SELECT min(over_us) FROM short_number_text")

    def drop(self, *, over_before_us: int | None = None, phone: Phone | None = None, codes: Sequence[str] = ()) -> int:
        which: list[sa.ColumnElement[bool]] = [
            TEXT.c.code.in_(codes[at : at + AT_ONCE]) for at in range(0, len(codes), AT_ONCE)
        ]
        if over_before_us is not None:
            which.append(TEXT.c.over_us < over_before_us)
        if phone is not None:
            which.append(TEXT.c.phone == phone.subscriber)
        return sum(self._database.connection.execute(TEXT.delete().where(one)).rowcount for one in which)


def _read(row: sa.RowMapping) -> Read:
    return Read(
        phone=line_of(row["phone"]),
        to=row["recipient"],
        received_at=from_us(row["received_us"]),
        mistake=None if row["mistake"] is None else Mistake(row["mistake"]),
        code=row["code"],
        token=row["token"],
        over_at=None if row["over_us"] is None else from_us(row["over_us"]),
    )
