"""Receipts that are held back until a moment, so that they come after others: a Protocol, a plain twin, and SQL."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.database import Database
from mockgov.sms.rules import Notice, NoticeKind, State
from mockgov.sms.tables import METADATA, Number


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldNotice:
    """A notice that is to be told later."""

    due_at: datetime
    account: str
    kind: NoticeKind
    at: datetime
    message: int
    """The message's number."""
    state: State
    error: int
    part: int


class HeldNotices(Protocol):
    """Keeps notices until they are due."""

    def hold(self, notices: Sequence[HeldNotice]) -> None:
        """Keep these too."""
        ...

    def release(self, now: datetime) -> Sequence[HeldNotice]:
        """Hand out what is due, by that moment, then as it came, and forget it."""
        ...

    def next_due(self) -> datetime | None:
        """When the next one is due."""
        ...


class InMemoryHeld:
    """The plain twin."""

    def __init__(self) -> None:
        self._held: list[HeldNotice] = []

    def hold(self, notices: Sequence[HeldNotice]) -> None:
        """Keep these too."""
        self._held += notices

    def release(self, now: datetime) -> Sequence[HeldNotice]:
        """Hand out what is due, by that moment, then as it came, and forget it."""
        due = sorted((one for one in self._held if one.due_at <= now), key=lambda one: one.due_at)
        self._held = [one for one in self._held if one.due_at > now]
        return due

    def next_due(self) -> datetime | None:
        """When the next one is due."""
        return min((one.due_at for one in self._held), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingBack:
    """What becomes of receipts on their way to accounts; nothing but what should, if nobody says otherwise."""

    held: HeldNotices = field(default_factory=InMemoryHeld)
    fate: Callable[[Notice], tuple[int, int]] = lambda _: (0, 0)
    """How often a receipt is told beyond the first time, and for how many seconds it is held back."""


HELD = sa.Table(
    "sms_held_notice",
    METADATA,
    sa.Column("number", Number, primary_key=True),
    sa.Column("due_us", sa.BigInteger, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at_us", sa.BigInteger, nullable=False),
    sa.Column("message", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("error", sa.Integer, nullable=False),
    sa.Column("part", sa.Integer, nullable=False),
    sa.Index("sms_held_due", "due_us", "number"),
)


class SqlHeld:
    """Held notices in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)
        self._has_any = self._first() is not None
        """Whether there may be any: where there is none, which is nearly everywhere, nobody looks."""

    def hold(self, notices: Sequence[HeldNotice]) -> None:
        """Keep these too."""
        rows = [
            {
                "due_us": to_us(one.due_at),
                "account": one.account,
                "kind": one.kind.value,
                "at_us": to_us(one.at),
                "message": one.message,
                "state": one.state.value,
                "error": one.error,
                "part": one.part,
            }
            for one in notices
        ]
        if rows:
            self._has_any = True
            self._database.connection.execute(HELD.insert(), rows)

    def release(self, now: datetime) -> Sequence[HeldNotice]:
        """Hand out what is due, by that moment, then as it came, and forget it."""
        if not self._has_any:
            return []
        is_due = HELD.c.due_us <= to_us(now)
        found = self._database.connection.execute(
            sa.select(HELD).where(is_due).order_by(HELD.c.due_us, HELD.c.number)
        ).all()
        if found:
            self._database.connection.execute(HELD.delete().where(is_due))
        return [
            HeldNotice(
                due_at=from_us(row.due_us),
                account=row.account,
                kind=NoticeKind(row.kind),
                at=from_us(row.at_us),
                message=row.message,
                state=State(row.state),
                error=row.error,
                part=row.part,
            )
            for row in found
        ]

    def next_due(self) -> datetime | None:
        """When the next one is due."""
        first_us = self._first() if self._has_any else None
        self._has_any = self._has_any and first_us is not None
        return None if first_us is None else from_us(first_us)

    def _first(self) -> int | None:
        return self._database.value("SELECT min(due_us) FROM sms_held_notice")
