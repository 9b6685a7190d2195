"""Where the journal is kept: a Protocol, a plain twin, and one for SQLite and PostgreSQL.

Three things beside the journal of messages: the queue of what accounts have yet to acknowledge, the accounts, and the
fates that the lab has scripted. What falls due next is one look-up in a partial index.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.database import Database
from mockgov.sms.accounts import SmsAccount
from mockgov.sms.fates import Fate, FateKind
from mockgov.sms.rules import Direction, Message, Notice, NoticeKind, State
from mockgov.sms.tables import (
    ACCOUNT,
    FATE,
    LINE,
    LIVE,
    MESSAGE,
    METADATA,
    NOTICE,
    UPDATE,
    account_of,
    account_row,
    change_row,
    message_of,
    message_row,
    notice_of,
    notice_row,
)
from mockgov.vocabulary.foreign_phone import line_of
from mockgov.vocabulary.phone import Phone


class MessageStore(Protocol):
    """Keeps the journal, the queue, the accounts and the fates."""

    def add(self, messages: Sequence[Message]) -> Sequence[Message]:
        """Write new messages and number them, in their order."""
        ...

    def change(self, messages: Sequence[Message]) -> None:
        """Write messages that have changed."""
        ...

    def get(self, number: int) -> Message | None:
        """A message, or None."""
        ...

    def inbox(self, phone: Phone | None, *, limit: int = 100) -> Sequence[Message]:
        """Messages that have arrived at one phone, or at all, newest first."""
        ...

    def sent_from(self, phone: Phone, *, limit: int = 100) -> Sequence[Message]:
        """Messages that a phone has sent, newest first."""
        ...

    def waiting(self, *, phone: Phone | None = None, account: str | None = None, limit: int) -> Sequence[Message]:
        """Messages that have not come to their end, to a phone or of an account, oldest first."""
        ...

    def next_due(self) -> datetime | None:
        """When the next thing happens to any message, or None."""
        ...

    def due(self, at: datetime, *, limit: int) -> Sequence[Message]:
        """Messages to which something happens at or before `at`, by that moment, then by number."""
        ...

    def oldest_over_us(self) -> int | None:
        """When the oldest of the messages that have come to their end was sent."""
        ...

    def drop(self, *, sent_before_us: int | None = None, phone: Phone | None = None) -> int:
        """Remove messages that have come to their end: those sent before, or the ministry's with a phone; how many.

        What their accounts have not acknowledged of them goes too.
        """
        ...

    def note(self, notices: Sequence[Notice]) -> None:
        """Put notices into their accounts' queues, in their order."""
        ...

    def pending(
        self, account: str, *, after: int = 0, limit: int = 100, kind: NoticeKind | None = None
    ) -> Sequence[Notice]:
        """An account's unacknowledged notices with a number above `after`, in order."""
        ...

    def acknowledge(self, account: str, numbers: Collection[int]) -> int:
        """Take notices of an account out of its queue; how many were there."""
        ...

    def queued(self, account: str, *, most: int) -> int:
        """How many messages and notices of an account wait; counted up to `most` of each."""
        ...

    def put_account(self, account: SmsAccount) -> None:
        """Write an account, new or changed."""
        ...

    def account(self, system_id: str) -> SmsAccount | None:
        """An account, or None."""
        ...

    def accounts(self) -> Sequence[SmsAccount]:
        """All accounts, by system_id."""
        ...

    def put_lines(self, system_id: str, phones: Collection[Phone]) -> None:
        """Let these be lines of an account's; none of them is one yet."""
        ...

    def lines(self, phones: Collection[Phone]) -> Mapping[Phone, str]:
        """Those of the phones that are lines, and whose."""
        ...

    def lines_of(self, system_id: str) -> Sequence[Phone]:
        """The lines of an account, by number."""
        ...

    def put_fate(self, phone: Phone, fate: Fate | None) -> None:
        """Script a phone's fate, or forget it."""
        ...

    def fates(self, phones: Collection[Phone]) -> Mapping[Phone, Fate]:
        """The scripted fates among these phones."""
        ...


class InMemoryMessages:
    """The plain twin."""

    def __init__(self) -> None:
        self._messages: dict[int, Message] = {}
        self._added = 0
        self._notices: dict[int, Notice] = {}
        self._noted = 0
        self._accounts: dict[str, SmsAccount] = {}
        self._fates: dict[Phone, Fate] = {}
        self._lines: dict[Phone, str] = {}

    def add(self, messages: Sequence[Message]) -> Sequence[Message]:
        made = [replace(message, number=self._added + nth) for nth, message in enumerate(messages, start=1)]
        self._added += len(made)
        self.change(made)
        return made

    def change(self, messages: Sequence[Message]) -> None:
        self._messages |= {message.number: message for message in messages}

    def get(self, number: int) -> Message | None:
        return self._messages.get(number)

    def inbox(self, phone: Phone | None, *, limit: int = 100) -> Sequence[Message]:
        arrived = [m for m in self._newest(phone, Direction.TO_HANDSET) if m.state is State.DELIVERED]
        return arrived[:limit]

    def sent_from(self, phone: Phone, *, limit: int = 100) -> Sequence[Message]:
        return self._newest(phone, Direction.FROM_HANDSET)[:limit]

    def waiting(self, *, phone: Phone | None = None, account: str | None = None, limit: int) -> Sequence[Message]:
        return [m for m in self._live() if phone in (None, m.phone) and account in (None, m.account)][:limit]

    def next_due(self) -> datetime | None:
        return min((m.due_at for m in self._live() if m.due_at), default=None)

    def due(self, at: datetime, *, limit: int) -> Sequence[Message]:
        found = [(m.due_at, m.number, m) for m in self._live() if m.due_at and m.due_at <= at]
        return [message for _, _, message in sorted(found, key=lambda one: one[:2])][:limit]

    def oldest_over_us(self) -> int | None:
        return next((to_us(message.sent_at) for message in self._messages.values() if message.due_at is None), None)

    def drop(self, *, sent_before_us: int | None = None, phone: Phone | None = None) -> int:
        gone = {
            message.number
            for message in self._messages.values()
            if message.due_at is None
            and (sent_before_us is None or to_us(message.sent_at) < sent_before_us)
            and (phone is None or (message.account is None and message.phone == phone))
        }
        self._messages = {number: message for number, message in self._messages.items() if number not in gone}
        self._notices = {nth: notice for nth, notice in self._notices.items() if notice.message.number not in gone}
        return len(gone)

    def note(self, notices: Sequence[Notice]) -> None:
        for notice in notices:
            self._noted += 1
            self._notices[self._noted] = replace(notice, number=self._noted)

    def pending(
        self, account: str, *, after: int = 0, limit: int = 100, kind: NoticeKind | None = None
    ) -> Sequence[Notice]:
        found = [
            replace(n, message=self._messages[n.message.number])
            for n in self._notices.values()
            if n.account == account and n.number > after and kind in (None, n.kind)
        ]
        return found[:limit]

    def acknowledge(self, account: str, numbers: Collection[int]) -> int:
        mine = [n for n in set(numbers) if n in self._notices and self._notices[n].account == account]
        for number in mine:
            del self._notices[number]
        return len(mine)

    def queued(self, account: str, *, most: int) -> int:
        return len(self.waiting(account=account, limit=most)) + len(self.pending(account, limit=most))

    def put_account(self, account: SmsAccount) -> None:
        self._accounts[account.system_id] = account

    def account(self, system_id: str) -> SmsAccount | None:
        return self._accounts.get(system_id)

    def accounts(self) -> Sequence[SmsAccount]:
        return [self._accounts[name] for name in sorted(self._accounts)]

    def put_lines(self, system_id: str, phones: Collection[Phone]) -> None:
        self._lines |= dict.fromkeys(phones, system_id)

    def lines(self, phones: Collection[Phone]) -> Mapping[Phone, str]:
        return {phone: self._lines[phone] for phone in phones if phone in self._lines}

    def lines_of(self, system_id: str) -> Sequence[Phone]:
        mine = [phone for phone, account in self._lines.items() if account == system_id]
        return sorted(mine, key=lambda phone: phone.subscriber)

    def put_fate(self, phone: Phone, fate: Fate | None) -> None:
        self._fates.pop(phone, None)
        if fate is not None:
            self._fates[phone] = fate

    def fates(self, phones: Collection[Phone]) -> Mapping[Phone, Fate]:
        return {phone: self._fates[phone] for phone in phones if phone in self._fates}

    def _newest(self, phone: Phone | None, direction: Direction) -> list[Message]:
        found = [m for m in self._messages.values() if phone in (None, m.phone) and m.direction is direction]
        return found[::-1]

    def _live(self) -> list[Message]:
        return [m for m in self._messages.values() if m.due_at is not None]


AT_ONCE = 500
"""Values in one IN list."""


class SqlMessages:
    """The journal in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)
        self._has_lines = bool(database.connection.scalar(sa.select(sa.exists(sa.select(LINE.c.phone)))))
        """Whether any account has lines: where none has, which is nearly everywhere, nobody looks for them."""

    def add(self, messages: Sequence[Message]) -> Sequence[Message]:
        if not messages:
            return []
        insert = MESSAGE.insert().returning(MESSAGE.c.number, sort_by_parameter_order=True)
        made = self._database.connection.execute(insert, [message_row(message) for message in messages])
        return [replace(message, number=number) for message, number in zip(messages, made.scalars(), strict=True)]

    def change(self, messages: Sequence[Message]) -> None:
        if messages:
            self._database.connection.execute(UPDATE, [change_row(message) for message in messages])

    def get(self, number: int) -> Message | None:
        found = self._read(sa.select(MESSAGE).where(MESSAGE.c.number == number))
        return found[0] if found else None

    def inbox(self, phone: Phone | None, *, limit: int = 100) -> Sequence[Message]:
        is_there = (MESSAGE.c.direction == Direction.TO_HANDSET.value) & (MESSAGE.c.state == State.DELIVERED.value)
        return self._newest(is_there, phone, limit)

    def sent_from(self, phone: Phone, *, limit: int = 100) -> Sequence[Message]:
        return self._newest(MESSAGE.c.direction == Direction.FROM_HANDSET.value, phone, limit)

    def waiting(self, *, phone: Phone | None = None, account: str | None = None, limit: int) -> Sequence[Message]:
        found = sa.select(MESSAGE).where(LIVE).order_by(MESSAGE.c.number).limit(limit)
        if phone is not None:
            found = found.where(MESSAGE.c.phone == phone.subscriber)
        if account is not None:
            found = found.where(MESSAGE.c.account == account)
        return self._read(found)

    def next_due(self) -> datetime | None:
        due_us = self._database.value("SELECT min(due_us) FROM sms_message WHERE due_us IS NOT NULL")
        return None if due_us is None else from_us(due_us)

    def due(self, at: datetime, *, limit: int) -> Sequence[Message]:
        due = sa.select(MESSAGE).where(LIVE, MESSAGE.c.due_us <= to_us(at))
        return self._read(due.order_by(MESSAGE.c.due_us, MESSAGE.c.number).limit(limit))

    def oldest_over_us(self) -> int | None:
        return self._database.value("SELECT sent_us FROM sms_message WHERE due_us IS NULL ORDER BY number LIMIT 1")

    def drop(self, *, sent_before_us: int | None = None, phone: Phone | None = None) -> int:
        which: sa.ColumnElement[bool] = MESSAGE.c.due_us.is_(None)
        if sent_before_us is not None:
            which &= MESSAGE.c.sent_us < sent_before_us
        if phone is not None:
            which &= (MESSAGE.c.phone == phone.subscriber) & MESSAGE.c.account.is_(None)
        gone = sa.select(MESSAGE.c.number).where(which)
        self._database.connection.execute(NOTICE.delete().where(NOTICE.c.message.in_(gone)))
        return self._database.connection.execute(MESSAGE.delete().where(which)).rowcount

    def note(self, notices: Sequence[Notice]) -> None:
        if notices:
            self._database.connection.execute(NOTICE.insert(), [notice_row(notice) for notice in notices])

    def pending(
        self, account: str, *, after: int = 0, limit: int = 100, kind: NoticeKind | None = None
    ) -> Sequence[Notice]:
        found = sa.select(NOTICE, MESSAGE).join(MESSAGE, MESSAGE.c.number == NOTICE.c.message)
        found = found.where(NOTICE.c.account == account, NOTICE.c.number > after).order_by(NOTICE.c.number)
        if kind is not None:
            found = found.where(NOTICE.c.kind == kind.value)
        return [notice_of(row) for row in self._database.connection.execute(found.limit(limit))]

    def acknowledge(self, account: str, numbers: Collection[int]) -> int:
        wanted = sorted(set(numbers))
        gone = 0
        for at in range(0, len(wanted), AT_ONCE):
            mine = (NOTICE.c.account == account) & NOTICE.c.number.in_(wanted[at : at + AT_ONCE])
            gone += self._database.connection.execute(NOTICE.delete().where(mine)).rowcount
        return gone

    def queued(self, account: str, *, most: int) -> int:
        live = sa.select(MESSAGE.c.number).where(LIVE, MESSAGE.c.account == account).limit(most).subquery()
        noted = sa.select(NOTICE.c.number).where(NOTICE.c.account == account).limit(most).subquery()
        count = sa.select(
            sa.select(sa.func.count()).select_from(live).scalar_subquery()
            + sa.select(sa.func.count()).select_from(noted).scalar_subquery()
        )
        return self._database.connection.scalar(count) or 0

    def put_account(self, account: SmsAccount) -> None:
        self._database.connection.execute(ACCOUNT.delete().where(ACCOUNT.c.system_id == account.system_id))
        self._database.connection.execute(ACCOUNT.insert(), account_row(account))

    def account(self, system_id: str) -> SmsAccount | None:
        found = self._accounts(sa.select(ACCOUNT).where(ACCOUNT.c.system_id == system_id))
        return found[0] if found else None

    def accounts(self) -> Sequence[SmsAccount]:
        return sorted(self._accounts(sa.select(ACCOUNT)), key=lambda account: account.system_id)

    def put_lines(self, system_id: str, phones: Collection[Phone]) -> None:
        rows = [{"phone": phone.subscriber, "account": system_id} for phone in dict.fromkeys(phones)]
        if rows:
            self._has_lines = True
            self._database.connection.execute(LINE.insert(), rows)

    def lines(self, phones: Collection[Phone]) -> Mapping[Phone, str]:
        wanted = sorted({phone.subscriber for phone in phones}) if self._has_lines else []
        found: dict[Phone, str] = {}
        for at in range(0, len(wanted), AT_ONCE):
            some = sa.select(LINE).where(LINE.c.phone.in_(wanted[at : at + AT_ONCE]))
            found |= {line_of(phone): account for phone, account in self._database.connection.execute(some)}
        return found

    def lines_of(self, system_id: str) -> Sequence[Phone]:
        mine = sa.select(LINE.c.phone).where(LINE.c.account == system_id).order_by(LINE.c.phone)
        return [line_of(phone) for phone in self._database.connection.scalars(mine)]

    def put_fate(self, phone: Phone, fate: Fate | None) -> None:
        self._database.connection.execute(FATE.delete().where(FATE.c.phone == phone.subscriber))
        if fate is not None:
            until_us = None if fate.until is None else to_us(fate.until)
            row = {"phone": phone.subscriber, "kind": fate.kind.value, "until_us": until_us}
            self._database.connection.execute(FATE.insert(), row)

    def fates(self, phones: Collection[Phone]) -> Mapping[Phone, Fate]:
        wanted = sorted({phone.subscriber for phone in phones})
        found: dict[Phone, Fate] = {}
        for at in range(0, len(wanted), AT_ONCE):
            some = sa.select(FATE).where(FATE.c.phone.in_(wanted[at : at + AT_ONCE]))
            for phone, kind, until_us in self._database.connection.execute(some):
                until = None if until_us is None else from_us(until_us)
                found[line_of(phone)] = Fate(kind=FateKind(kind), until=until)
        return found

    def _newest(self, which: sa.ColumnElement[bool], phone: Phone | None, limit: int) -> Sequence[Message]:
        found = sa.select(MESSAGE).where(which).order_by(MESSAGE.c.number.desc()).limit(limit)
        return self._read(found if phone is None else found.where(MESSAGE.c.phone == phone.subscriber))

    def _read(self, query: sa.Select[Any]) -> list[Message]:
        return [message_of(row) for row in self._database.connection.execute(query)]

    def _accounts(self, query: sa.Select[Any]) -> list[SmsAccount]:
        return [account_of(row) for row in self._database.connection.execute(query)]
