"""Where letters, accounts and evidence are kept: a Protocol, a plain twin, and one for SQLite and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.database import Database
from mockgov.kep.evidence_types import Evidence
from mockgov.kep.rules import ARRIVED, Account, Delivery, Letter, Mailed
from mockgov.kep.tables import (
    ACCOUNT,
    ARCHIVE,
    CONTENT,
    DELIVERY,
    EVIDENCE,
    LETTER,
    METADATA,
    account_of,
    account_row,
    delivery_of,
    delivery_row,
    evidence_of,
    evidence_row,
    letter_of,
    letter_row,
)
from mockgov.vocabulary.kep_address import KepAddress


class KepStore(Protocol):
    """Keeps accounts, letters with their bytes, deliveries, and evidence with its signed XML."""

    def put_account(self, account: Account) -> None:
        """Add an account or replace the one of the same address."""
        ...

    def account(self, address: KepAddress) -> Account | None:
        """The account of an address."""
        ...

    def accounts(self) -> Sequence[Account]:
        """All accounts, by address."""
        ...

    def add_letter(self, letter: Letter, raw: bytes) -> Letter:
        """Add a letter with its bytes, and number it; the number that it comes with does not matter."""
        ...

    def put_letter(self, letter: Letter) -> None:
        """Replace the letter of the same number."""
        ...

    def letter(self, letter_id: int) -> Letter | None:
        """The letter of a number."""
        ...

    def letters(self, *, after: int = 0, limit: int = 100) -> Sequence[Letter]:
        """All letters with a higher number, by number."""
        ...

    def by_message_id(self, message_id: str) -> Sequence[Letter]:
        """Letters with that Message-ID, by number."""
        ...

    def raw(self, letter_id: int) -> bytes:
        """A letter's bytes; none if they were dropped."""
        ...

    def drop_raw(self, letter_id: int) -> None:
        """Forget a letter's bytes."""
        ...

    def put_delivery(self, delivery: Delivery) -> None:
        """Add a delivery or replace the one of the same letter and place."""
        ...

    def deliveries(self, letter_id: int) -> Sequence[Delivery]:
        """A letter's deliveries, by place."""
        ...

    def inbox(self, address: KepAddress, *, limit: int = 100, offset: int = 0) -> Sequence[Mailed]:
        """What lies in a mailbox, the latest delivery first, each with its own delivery."""
        ...

    def sent(self, address: KepAddress, *, limit: int = 100, offset: int = 0) -> Sequence[Mailed]:
        """What an account has deposited and not deleted, newest first, with all deliveries."""
        ...

    def used_bytes(self, address: KepAddress) -> int:
        """The weight of what lies in a mailbox and among the sent letters; refused letters weigh nothing."""
        ...

    def next_due(self) -> datetime | None:
        """The earliest moment at which something is due."""
        ...

    def first_due(self, now: datetime) -> Delivery | None:
        """The delivery that is due first, at `now` or before; then by letter and place."""
        ...

    def add_evidence(self, evidence: Evidence) -> Evidence:
        """Add a piece of evidence and number it; the number that it comes with does not matter."""
        ...

    def evidence(self, evidence_id: int) -> Evidence | None:
        """The evidence of a number."""
        ...

    def evidence_of(self, letter_id: int) -> Sequence[Evidence]:
        """A letter's evidence, by time, then number."""
        ...

    def archived(self, evidence_id: int) -> bytes | None:
        """The signed XML of a piece of evidence, if it has been made."""
        ...

    def archive(self, evidence_id: int, xml: bytes) -> None:
        """Keep the signed XML of a piece of evidence; it is written once."""
        ...


class InMemoryKep:
    """The plain twin."""

    def __init__(self) -> None:
        self._accounts: dict[KepAddress, Account] = {}
        self._letters: dict[int, Letter] = {}
        self._raw: dict[int, bytes] = {}
        self._deliveries: dict[tuple[int, int], Delivery] = {}
        self._evidence: dict[int, Evidence] = {}
        self._archive: dict[int, bytes] = {}

    def put_account(self, account: Account) -> None:
        self._accounts[account.address] = account

    def account(self, address: KepAddress) -> Account | None:
        return self._accounts.get(address)

    def accounts(self) -> Sequence[Account]:
        return sorted(self._accounts.values(), key=lambda account: account.address.address)

    def add_letter(self, letter: Letter, raw: bytes) -> Letter:
        made = replace(letter, letter_id=len(self._letters) + 1)
        self._letters[made.letter_id] = made
        self._raw[made.letter_id] = raw
        return made

    def put_letter(self, letter: Letter) -> None:
        self._letters[letter.letter_id] = letter

    def letter(self, letter_id: int) -> Letter | None:
        return self._letters.get(letter_id)

    def letters(self, *, after: int = 0, limit: int = 100) -> Sequence[Letter]:
        return [letter for number, letter in self._letters.items() if number > after][:limit]

    def by_message_id(self, message_id: str) -> Sequence[Letter]:
        return [letter for letter in self._letters.values() if letter.message_id == message_id]

    def raw(self, letter_id: int) -> bytes:
        return self._raw.get(letter_id, b"")

    def drop_raw(self, letter_id: int) -> None:
        self._raw.pop(letter_id, None)

    def put_delivery(self, delivery: Delivery) -> None:
        self._deliveries[delivery.letter_id, delivery.nth] = delivery

    def deliveries(self, letter_id: int) -> Sequence[Delivery]:
        return sorted((d for d in self._deliveries.values() if d.letter_id == letter_id), key=lambda d: d.nth)

    def inbox(self, address: KepAddress, *, limit: int = 100, offset: int = 0) -> Sequence[Mailed]:
        mine = [d for d in self._deliveries.values() if d.recipient == address and d.in_mailbox and d.delivered_at]
        mine.sort(key=lambda d: (d.delivered_at, d.letter_id), reverse=True)
        return [Mailed(letter=self._letters[d.letter_id], deliveries=(d,)) for d in mine[offset : offset + limit]]

    def sent(self, address: KepAddress, *, limit: int = 100, offset: int = 0) -> Sequence[Mailed]:
        mine = [one for one in reversed(self._letters.values()) if one.sender == address and not one.deleted]
        return [
            Mailed(letter=one, deliveries=tuple(self.deliveries(one.letter_id)))
            for one in mine[offset : offset + limit]
        ]

    def used_bytes(self, address: KepAddress) -> int:
        letters = self._letters.values()
        sent = sum(one.size for one in letters if one.sender == address and one.accepted and not one.deleted)
        mine = (d for d in self._deliveries.values() if d.recipient == address and d.in_mailbox)
        return sent + sum(self._letters[d.letter_id].size for d in mine)

    def next_due(self) -> datetime | None:
        return min((d.due_at for d in self._deliveries.values() if d.due_at is not None), default=None)

    def first_due(self, now: datetime) -> Delivery | None:
        due = [(d.due_at, d.letter_id, d.nth) for d in self._deliveries.values() if d.due_at and d.due_at <= now]
        return self._deliveries[min(due)[1:]] if due else None

    def add_evidence(self, evidence: Evidence) -> Evidence:
        made = replace(evidence, evidence_id=len(self._evidence) + 1)
        self._evidence[made.evidence_id] = made
        return made

    def evidence(self, evidence_id: int) -> Evidence | None:
        return self._evidence.get(evidence_id)

    def evidence_of(self, letter_id: int) -> Sequence[Evidence]:
        mine = [one for one in self._evidence.values() if one.letter_id == letter_id]
        return sorted(mine, key=lambda one: (one.at, one.evidence_id))

    def archived(self, evidence_id: int) -> bytes | None:
        return self._archive.get(evidence_id)

    def archive(self, evidence_id: int, xml: bytes) -> None:
        self._archive[evidence_id] = xml


class SqlKep:
    """Registered e-mail in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)

    def put_account(self, account: Account) -> None:
        row = account_row(account)
        changed = ACCOUNT.update().where(ACCOUNT.c.address == row["address"]).values(**row)
        if not self._run(changed).rowcount:
            self._run(ACCOUNT.insert().values(**row))

    def account(self, address: KepAddress) -> Account | None:
        row = self._first(sa.select(ACCOUNT).where(ACCOUNT.c.address == address.address))
        return None if row is None else account_of(row)

    def accounts(self) -> Sequence[Account]:
        made = [account_of(row) for row in self._all(sa.select(ACCOUNT))]
        return sorted(made, key=lambda account: account.address.address)

    def add_letter(self, letter: Letter, raw: bytes) -> Letter:
        adding = LETTER.insert().values(**letter_row(letter)).returning(LETTER.c.letter_id)
        made = replace(letter, letter_id=self._run(adding).scalar_one())
        self._run(CONTENT.insert().values(letter_id=made.letter_id, raw=raw))
        return made

    def put_letter(self, letter: Letter) -> None:
        self._run(LETTER.update().where(LETTER.c.letter_id == letter.letter_id).values(**letter_row(letter)))

    def letter(self, letter_id: int) -> Letter | None:
        row = self._first(sa.select(LETTER).where(LETTER.c.letter_id == letter_id))
        return None if row is None else letter_of(row)

    def letters(self, *, after: int = 0, limit: int = 100) -> Sequence[Letter]:
        found = sa.select(LETTER).where(LETTER.c.letter_id > after).order_by(LETTER.c.letter_id).limit(limit)
        return [letter_of(row) for row in self._all(found)]

    def by_message_id(self, message_id: str) -> Sequence[Letter]:
        found = sa.select(LETTER).where(LETTER.c.message_id == message_id).order_by(LETTER.c.letter_id)
        return [letter_of(row) for row in self._all(found)]

    def raw(self, letter_id: int) -> bytes:
        row = self._first(sa.select(CONTENT).where(CONTENT.c.letter_id == letter_id))
        return b"" if row is None else bytes(row["raw"])

    def drop_raw(self, letter_id: int) -> None:
        self._run(CONTENT.delete().where(CONTENT.c.letter_id == letter_id))

    def put_delivery(self, delivery: Delivery) -> None:
        row = delivery_row(delivery)
        place = (DELIVERY.c.letter_id == delivery.letter_id) & (DELIVERY.c.nth == delivery.nth)
        if not self._run(DELIVERY.update().where(place).values(**row)).rowcount:
            self._run(DELIVERY.insert().values(**row))

    def deliveries(self, letter_id: int) -> Sequence[Delivery]:
        found = sa.select(DELIVERY).where(DELIVERY.c.letter_id == letter_id).order_by(DELIVERY.c.nth)
        return [delivery_of(row) for row in self._all(found)]

    def inbox(self, address: KepAddress, *, limit: int = 100, offset: int = 0) -> Sequence[Mailed]:
        order = (DELIVERY.c.delivered_us.desc(), DELIVERY.c.letter_id.desc())
        found = sa.select(DELIVERY).where(_in_mailbox(address)).order_by(*order).limit(limit).offset(offset)
        mine = [delivery_of(row) for row in self._all(found)]
        letters = self._letters([one.letter_id for one in mine])
        return [Mailed(letter=letters[one.letter_id], deliveries=(one,)) for one in mine]

    def sent(self, address: KepAddress, *, limit: int = 100, offset: int = 0) -> Sequence[Mailed]:
        mine = (LETTER.c.sender == address.address) & LETTER.c.deleted.is_(False)
        found = sa.select(LETTER).where(mine).order_by(LETTER.c.letter_id.desc()).limit(limit).offset(offset)
        letters = [letter_of(row) for row in self._all(found)]
        return [Mailed(letter=one, deliveries=tuple(self.deliveries(one.letter_id))) for one in letters]

    def used_bytes(self, address: KepAddress) -> int:
        mine = (LETTER.c.sender == address.address) & LETTER.c.deleted.is_(False) & LETTER.c.reason.is_(None)
        got = DELIVERY.join(LETTER, LETTER.c.letter_id == DELIVERY.c.letter_id)
        weight = sa.func.coalesce(sa.func.sum(LETTER.c.size), 0)
        sent = self._run(sa.select(weight).where(mine)).scalar_one()
        received = self._run(sa.select(weight).select_from(got).where(_in_mailbox(address))).scalar_one()
        return int(sent) + int(received)

    def next_due(self) -> datetime | None:
        due_us = self._database.value("SELECT min(due_us) FROM kep_delivery WHERE due_us IS NOT NULL")
        return None if due_us is None else from_us(due_us)

    def first_due(self, now: datetime) -> Delivery | None:
        row = self._first(_BY_DUE.where(DELIVERY.c.due_us <= to_us(now)).limit(1))
        return None if row is None else delivery_of(row)

    def add_evidence(self, evidence: Evidence) -> Evidence:
        adding = EVIDENCE.insert().values(**evidence_row(evidence)).returning(EVIDENCE.c.evidence_id)
        return replace(evidence, evidence_id=self._run(adding).scalar_one())

    def evidence(self, evidence_id: int) -> Evidence | None:
        row = self._first(sa.select(EVIDENCE).where(EVIDENCE.c.evidence_id == evidence_id))
        return None if row is None else evidence_of(row)

    def evidence_of(self, letter_id: int) -> Sequence[Evidence]:
        found = sa.select(EVIDENCE).where(EVIDENCE.c.letter_id == letter_id)
        return [evidence_of(row) for row in self._all(found.order_by(EVIDENCE.c.at_us, EVIDENCE.c.evidence_id))]

    def archived(self, evidence_id: int) -> bytes | None:
        row = self._first(sa.select(ARCHIVE).where(ARCHIVE.c.evidence_id == evidence_id))
        return None if row is None else bytes(row["xml"])

    def archive(self, evidence_id: int, xml: bytes) -> None:
        self._run(ARCHIVE.insert().values(evidence_id=evidence_id, xml=xml))

    def _letters(self, numbers: Sequence[int]) -> dict[int, Letter]:
        found = sa.select(LETTER).where(LETTER.c.letter_id.in_(numbers))
        return {row["letter_id"]: letter_of(row) for row in self._all(found)}

    def _run(self, statement: sa.Executable) -> sa.CursorResult[Any]:
        return self._database.connection.execute(statement)

    def _first(self, statement: sa.Executable) -> sa.RowMapping | None:
        return self._run(statement).mappings().first()

    def _all(self, statement: sa.Executable) -> Sequence[sa.RowMapping]:
        return self._run(statement).mappings().all()


_BY_DUE = (
    sa.select(DELIVERY)
    .where(DELIVERY.c.due_us.is_not(None))
    .order_by(DELIVERY.c.due_us, DELIVERY.c.letter_id, DELIVERY.c.nth)
)


def _in_mailbox(address: KepAddress) -> sa.ColumnElement[bool]:
    arrived = DELIVERY.c.state.in_([state.value for state in sorted(ARRIVED)])
    return (DELIVERY.c.recipient == address.address) & arrived & DELIVERY.c.deleted.is_(False)
