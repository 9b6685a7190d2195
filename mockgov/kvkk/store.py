"""Where applications and the record of erasures are kept: a Protocol, a plain twin, and one for SQL."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.database import Database
from mockgov.kvkk.rules import Answer, Request, Right, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """A line of the record of erasures: nobody's name is in it."""

    at: datetime
    what: str
    """The table, as in the inventory."""
    rows: int


class RequestStore(Protocol):
    """Keeps applications, and what was erased when."""

    def add(self, request: Request) -> Request:
        """Keep a new application under the next number, which it comes back with."""
        ...

    def put(self, request: Request) -> None:
        """Replace an application."""
        ...

    def get(self, number: int) -> Request | None:
        """The application of that number."""
        ...

    def lodged_by(self, citizen_id: int) -> Sequence[Request]:
        """A person's applications, newest first."""
        ...

    def next_due(self) -> datetime | None:
        """When the next application is answered."""
        ...

    def first_due(self) -> Request | None:
        """The application that is answered next; of several the first that was lodged."""
        ...

    def oldest_answered(self) -> datetime | None:
        """When the longest answered application was answered."""
        ...

    def drop_answered(self, before: datetime) -> int:
        """Erase the applications that were answered before a moment; how many."""
        ...

    def note(self, erasure: Erasure) -> None:
        """Write a line into the record of erasures."""
        ...

    def erasures(self, *, limit: int = 100) -> Sequence[Erasure]:
        """The record, newest line first."""
        ...


class InMemoryRequests:
    """The plain twin."""

    def __init__(self) -> None:
        self._requests: dict[int, Request] = {}
        self._added = 0
        self._erasures: list[Erasure] = []

    def add(self, request: Request) -> Request:
        self._added += 1
        self.put(made := replace(request, number=self._added))
        return made

    def put(self, request: Request) -> None:
        self._requests[request.number] = request

    def get(self, number: int) -> Request | None:
        return self._requests.get(number)

    def lodged_by(self, citizen_id: int) -> Sequence[Request]:
        return [request for request in reversed(self._requests.values()) if request.lodged_by == citizen_id]

    def next_due(self) -> datetime | None:
        return min((request.due_at for request in self._requests.values() if request.due_at is not None), default=None)

    def first_due(self) -> Request | None:
        due = [(request.due_at, number) for number, request in self._requests.items() if request.due_at is not None]
        return self._requests[min(due)[1]] if due else None

    def oldest_answered(self) -> datetime | None:
        return min((r.answered_at for r in self._requests.values() if r.answered_at is not None), default=None)

    def drop_answered(self, before: datetime) -> int:
        gone = [n for n, request in self._requests.items() if request.answered_at and request.answered_at < before]
        for number in gone:
            del self._requests[number]
        return len(gone)

    def note(self, erasure: Erasure) -> None:
        self._erasures.append(erasure)

    def erasures(self, *, limit: int = 100) -> Sequence[Erasure]:
        return self._erasures[: -limit - 1 : -1]


METADATA = sa.MetaData()
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
REQUEST = sa.Table(
    "kvkk_request",
    METADATA,
    sa.Column("number", _NUMBER, primary_key=True),
    sa.Column("citizen_id", sa.BigInteger, nullable=False),
    sa.Column("lodged_by", sa.BigInteger, nullable=False, index=True),
    sa.Column("right", sa.String(12), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("lodged_us", sa.BigInteger, nullable=False),
    sa.Column("due_us", sa.BigInteger, index=True),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("answered_us", sa.BigInteger, index=True),
    sa.Column("answer_tr", sa.Text),
    sa.Column("answer_en", sa.Text),
    sqlite_autoincrement=True,
)
ERASURE = sa.Table(
    "kvkk_erasure",
    METADATA,
    sa.Column("number", _NUMBER, primary_key=True),
    sa.Column("at_us", sa.BigInteger, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("erased", sa.BigInteger, nullable=False),
)


class SqlRequests:
    """Applications in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)

    def add(self, request: Request) -> Request:
        made = self._database.connection.execute(REQUEST.insert().returning(REQUEST.c.number), _row(request))
        return replace(request, number=made.scalar_one())

    def put(self, request: Request) -> None:
        which = REQUEST.c.number == request.number
        self._database.connection.execute(REQUEST.update().where(which).values(**_row(request)))

    def get(self, number: int) -> Request | None:
        return self._one(sa.select(REQUEST).where(REQUEST.c.number == number))

    def lodged_by(self, citizen_id: int) -> Sequence[Request]:
        found = sa.select(REQUEST).where(REQUEST.c.lodged_by == citizen_id).order_by(REQUEST.c.number.desc())
        return [_request(row) for row in self._database.connection.execute(found).mappings()]

    def next_due(self) -> datetime | None:
        due_us = self._database.value("SELECT min(due_us) FROM kvkk_request")
        return None if due_us is None else from_us(due_us)

    def first_due(self) -> Request | None:
        due = sa.select(REQUEST).where(REQUEST.c.due_us.is_not(None))
        return self._one(due.order_by(REQUEST.c.due_us, REQUEST.c.number).limit(1))

    def oldest_answered(self) -> datetime | None:
        answered_us = self._database.value("SELECT min(answered_us) FROM kvkk_request")
        return None if answered_us is None else from_us(answered_us)

    def drop_answered(self, before: datetime) -> int:
        gone = REQUEST.delete().where(REQUEST.c.answered_us < to_us(before))
        return self._database.connection.execute(gone).rowcount

    def note(self, erasure: Erasure) -> None:
        row = {"at_us": to_us(erasure.at), "what": erasure.what, "erased": erasure.rows}
        self._database.connection.execute(ERASURE.insert(), row)

    def erasures(self, *, limit: int = 100) -> Sequence[Erasure]:
        found = sa.select(ERASURE).order_by(ERASURE.c.number.desc()).limit(limit)
        rows = self._database.connection.execute(found).mappings()
        return [Erasure(at=from_us(row["at_us"]), what=row["what"], rows=row["erased"]) for row in rows]

    def _one(self, found: sa.Select[Any]) -> Request | None:
        row = self._database.connection.execute(found).mappings().first()
        return None if row is None else _request(row)


def _row(request: Request) -> dict[str, Any]:
    return {
        "citizen_id": request.citizen_id,
        "lodged_by": request.lodged_by,
        "right": request.right.value,
        "text": request.text,
        "lodged_us": to_us(request.lodged_at),
        "due_us": None if request.due_at is None else to_us(request.due_at),
        "state": request.state.value,
        "answered_us": None if request.answered_at is None else to_us(request.answered_at),
        "answer_tr": None if request.answer is None else request.answer.tr,
        "answer_en": None if request.answer is None else request.answer.en,
    }


def _request(row: sa.RowMapping) -> Request:
    state = State(row["state"])
    said = None
    if row["answer_tr"] is not None:
        said = Answer(granted=state is State.GRANTED, tr=row["answer_tr"], en=row["answer_en"])
    return Request(
        number=row["number"],
        citizen_id=row["citizen_id"],
        lodged_by=row["lodged_by"],
        right=Right(row["right"]),
        text=row["text"],
        lodged_at=from_us(row["lodged_us"]),
        due_at=None if row["due_us"] is None else from_us(row["due_us"]),
        state=state,
        answered_at=None if row["answered_us"] is None else from_us(row["answered_us"]),
        answer=said,
    )
