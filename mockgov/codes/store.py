"""Where codes are kept: a Protocol, a plain twin, and one for SQLite and PostgreSQL."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.codes.rules import Code, Share
from mockgov.database import Database

NOBODY = 0
"""Stands for the holder of a code that has been erased."""


class Found(NamedTuple):
    """What the query path needs of a code, in plain numbers."""

    citizen_id: int
    expires_us: int


class Ending(NamedTuple):
    """A code that ends, in plain numbers: there may be a hundred thousand of them."""

    text: str
    citizen_id: int
    expires_us: int


class CodeStore(Protocol):
    """Keeps codes and the holders' notes of sharing."""

    def put(self, codes: Sequence[Code]) -> None:
        """Add new codes; their texts are free."""
        ...

    def update(self, code: Code) -> None:
        """Replace the code of the same text."""
        ...

    def get(self, text: str) -> Code | None:
        """The code of that text, deleted or not."""
        ...

    def of(self, citizen_id: int) -> Sequence[Code]:
        """All codes of a citizen, deleted ones included, in the order of making."""
        ...

    def taken(self, texts: Sequence[str]) -> frozenset[str]:
        """Those of the texts that were ever issued."""
        ...

    def count_of(self, citizen_ids: Sequence[int]) -> Mapping[int, int]:
        """How many codes each citizen has ever had; those without one may be missing."""
        ...

    def find_many(self, texts: Sequence[str]) -> Mapping[str, Found]:
        """The hot look-up: whom each undeleted code belongs to and when it ends."""
        ...

    def valid_of(self, citizen_ids: Sequence[int], at_us: int) -> Mapping[str, int]:
        """The codes of these people that are valid at a moment, and whose each is."""
        ...

    def expiring(self, after_us: int, until_us: int) -> Sequence[Ending]:
        """Undeleted codes that end in (after, until], by the moment of their end."""
        ...

    def count_valid(self, at_us: int, *, most: int) -> int:
        """How many codes are neither deleted nor ended at a moment, counted up to `most`."""
        ...

    def oldest_end_us(self) -> int | None:
        """When the first of the codes whose holder is known ended, or will end."""
        ...

    def forget(self, *, ended_before_us: int | None = None, citizen_id: int | None = None) -> int:
        """Strike holder, label, QR and notes of sharing off codes that ended before, or of a citizen; how many.

        Text and dates stay.
        """
        ...

    def put_share(self, share: Share) -> None:
        """Note a sharing."""
        ...

    def shares_of(self, text: str) -> Sequence[Share]:
        """The notes of one code, oldest first."""
        ...

    def labels_of(self, texts: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Which of the codes is noted to be where: code and label."""
        ...


class InMemoryCodes:
    """The plain twin."""

    def __init__(self) -> None:
        self._codes: dict[str, Code] = {}
        self._shares: list[Share] = []

    def put(self, codes: Sequence[Code]) -> None:
        self._codes.update({code.text: code for code in codes})

    def update(self, code: Code) -> None:
        self._codes[code.text] = code

    def get(self, text: str) -> Code | None:
        return self._codes.get(text)

    def of(self, citizen_id: int) -> Sequence[Code]:
        return [code for code in self._codes.values() if code.citizen_id == citizen_id]

    def taken(self, texts: Sequence[str]) -> frozenset[str]:
        return frozenset(text for text in texts if text in self._codes)

    def count_of(self, citizen_ids: Sequence[int]) -> Mapping[int, int]:
        return {n: len(self.of(n)) for n in citizen_ids}

    def find_many(self, texts: Sequence[str]) -> Mapping[str, Found]:
        return {
            text: Found(code.citizen_id, to_us(code.expires_at))
            for text in texts
            if (code := self._codes.get(text)) and code.deleted_at is None
        }

    def valid_of(self, citizen_ids: Sequence[int], at_us: int) -> Mapping[str, int]:
        return {
            code.text: code.citizen_id
            for code in self._codes.values()
            if code.citizen_id in citizen_ids and code.deleted_at is None and to_us(code.expires_at) > at_us
        }

    def expiring(self, after_us: int, until_us: int) -> Sequence[Ending]:
        due = [
            Ending(code.text, code.citizen_id, to_us(code.expires_at))
            for code in self._codes.values()
            if code.deleted_at is None and after_us < to_us(code.expires_at) <= until_us
        ]
        return sorted(due, key=lambda code: (code.expires_us, code.text))

    def count_valid(self, at_us: int, *, most: int) -> int:
        return min(most, sum(_end_us(code) > at_us for code in self._codes.values() if code.citizen_id != NOBODY))

    def oldest_end_us(self) -> int | None:
        return min((_end_us(code) for code in self._codes.values() if code.citizen_id != NOBODY), default=None)

    def forget(self, *, ended_before_us: int | None = None, citizen_id: int | None = None) -> int:
        gone = [
            code
            for code in self._codes.values()
            if code.citizen_id != NOBODY
            and citizen_id in (None, code.citizen_id)
            and (ended_before_us is None or _end_us(code) < ended_before_us)
        ]
        self.put([replace(code, citizen_id=NOBODY, description="", qr_token="") for code in gone])
        self._shares = [share for share in self._shares if share.text not in {code.text for code in gone}]
        return len(gone)

    def put_share(self, share: Share) -> None:
        self._shares.append(share)

    def shares_of(self, text: str) -> Sequence[Share]:
        return [share for share in self._shares if share.text == text]

    def labels_of(self, texts: Sequence[str]) -> Sequence[tuple[str, str]]:
        return [(share.text, share.label) for share in self._shares if share.text in texts]


METADATA = sa.MetaData()
_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")

CODE = sa.Table(
    "code",
    METADATA,
    sa.Column("number", _ID, primary_key=True),
    sa.Column("text", sa.String(10), nullable=False, unique=True),
    sa.Column("citizen_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("created_us", sa.BigInteger, nullable=False),
    sa.Column("expires_us", sa.BigInteger, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("qr_token", sa.String(32), nullable=False),
    sa.Column("deleted_us", sa.BigInteger),
)
ended_us = sa.func.coalesce(CODE.c.deleted_us, CODE.c.expires_us)
is_held = CODE.c.citizen_id > sa.literal_column("0")
"""Whether a code's holder is known; as a literal, so that the index below is found."""
# as text: an Index with a WHERE has SQLAlchemy load every database's dialect when this module is imported
_BY_END = "CREATE INDEX code_by_end ON code (coalesce(deleted_us, expires_us)) WHERE citizen_id > 0"
sa.event.listen(CODE, "after_create", sa.DDL(_BY_END))  # type: ignore[no-untyped-call]  # it has no types
SHARE = sa.Table(
    "code_share",
    METADATA,
    sa.Column("number", _ID, primary_key=True),
    sa.Column("text", sa.String(10), nullable=False, index=True),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("shared_us", sa.BigInteger, nullable=False),
)


class SqlCodes:
    """Codes in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)

    def put(self, codes: Sequence[Code]) -> None:
        if codes:
            self._database.connection.execute(CODE.insert(), [_row(code) for code in codes])

    def update(self, code: Code) -> None:
        changed = CODE.update().where(CODE.c.text == code.text)
        self._database.connection.execute(changed.values(**_row(code)))

    def get(self, text: str) -> Code | None:
        row = self._database.connection.execute(sa.select(CODE).where(CODE.c.text == text)).mappings().first()
        return None if row is None else _code(row)

    def of(self, citizen_id: int) -> Sequence[Code]:
        found = sa.select(CODE).where(CODE.c.citizen_id == citizen_id).order_by(CODE.c.number)
        return [_code(row) for row in self._database.connection.execute(found).mappings()]

    def taken(self, texts: Sequence[str]) -> frozenset[str]:
        used: set[str] = set()
        for begin in range(0, len(texts), 10_000):
            found = sa.select(CODE.c.text).where(CODE.c.text.in_(texts[begin : begin + 10_000]))
            used.update(self._database.connection.scalars(found))
        return frozenset(used)

    def count_of(self, citizen_ids: Sequence[int]) -> Mapping[int, int]:
        counts: dict[int, int] = {}
        for begin in range(0, len(citizen_ids), 10_000):
            part = citizen_ids[begin : begin + 10_000]
            found = sa.select(CODE.c.citizen_id, sa.func.count()).where(CODE.c.citizen_id.in_(part))
            counts.update(
                {row[0]: row[1] for row in self._database.connection.execute(found.group_by(CODE.c.citizen_id))}
            )
        return counts

    def find_many(self, texts: Sequence[str]) -> Mapping[str, Found]:
        raw = self._database.raw
        if raw is None:
            chosen = sa.select(CODE.c.text, CODE.c.citizen_id, CODE.c.expires_us)
            wanted = CODE.c.text == sa.any_(sa.literal(list(texts), sa.ARRAY(sa.String)))
            rows = self._database.connection.execute(chosen.where(wanted, CODE.c.deleted_us.is_(None)))
            return {row[0]: Found(row[1], row[2]) for row in rows}
        sql = "SELECT text, citizen_id, expires_us FROM json_each(?) JOIN code ON text = value WHERE deleted_us IS NULL"
        return {text: Found(n, us) for text, n, us in raw.execute(sql, (json.dumps(list(texts)),))}

    def valid_of(self, citizen_ids: Sequence[int], at_us: int) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for begin in range(0, len(citizen_ids), 10_000):
            theirs = CODE.c.citizen_id.in_(citizen_ids[begin : begin + 10_000])
            valid = sa.select(CODE.c.text, CODE.c.citizen_id).where(theirs, CODE.c.expires_us > at_us)
            rows = self._database.connection.execute(valid.where(CODE.c.deleted_us.is_(None)))
            found.update({row[0]: row[1] for row in rows})
        return found

    def expiring(self, after_us: int, until_us: int) -> Sequence[Ending]:
        due = sa.select(CODE.c.text, CODE.c.citizen_id, CODE.c.expires_us).where(is_held, CODE.c.deleted_us.is_(None))
        ordered = due.where(ended_us > after_us, ended_us <= until_us).order_by(CODE.c.expires_us, CODE.c.text)
        return [Ending(*row) for row in self._database.connection.execute(ordered)]

    def count_valid(self, at_us: int, *, most: int) -> int:
        valid = sa.select(CODE.c.number).where(is_held, ended_us > at_us).limit(most).subquery()
        return self._database.connection.scalar(sa.select(sa.func.count()).select_from(valid)) or 0

    def oldest_end_us(self) -> int | None:
        sql = "SELECT min(coalesce(deleted_us, expires_us)) FROM code WHERE citizen_id > 0"
        return self._database.value(sql)

    def forget(self, *, ended_before_us: int | None = None, citizen_id: int | None = None) -> int:
        which = [is_held]
        if ended_before_us is not None:
            which.append(ended_us < ended_before_us)
        if citizen_id is not None:
            which.append(CODE.c.citizen_id == citizen_id)
        connection = self._database.connection
        connection.execute(SHARE.delete().where(SHARE.c.text.in_(sa.select(CODE.c.text).where(*which))))
        nobodys = CODE.update().where(*which).values(citizen_id=NOBODY, description="", qr_token="")
        return connection.execute(nobodys).rowcount

    def put_share(self, share: Share) -> None:
        row = {"text": share.text, "label": share.label, "shared_us": to_us(share.shared_at)}
        self._database.connection.execute(SHARE.insert(), row)

    def shares_of(self, text: str) -> Sequence[Share]:
        found = sa.select(SHARE).where(SHARE.c.text == text).order_by(SHARE.c.number)
        return [
            Share(text=row["text"], label=row["label"], shared_at=from_us(row["shared_us"]))
            for row in self._database.connection.execute(found).mappings()
        ]

    def labels_of(self, texts: Sequence[str]) -> Sequence[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for begin in range(0, len(texts), 10_000):
            noted = sa.select(SHARE.c.text, SHARE.c.label).where(SHARE.c.text.in_(texts[begin : begin + 10_000]))
            found += [(row[0], row[1]) for row in self._database.connection.execute(noted.order_by(SHARE.c.number))]
        return found


def _end_us(code: Code) -> int:
    return to_us(code.deleted_at or code.expires_at)


def _row(code: Code) -> dict[str, Any]:
    return {
        "text": code.text,
        "citizen_id": code.citizen_id,
        "created_us": to_us(code.created_at),
        "expires_us": to_us(code.expires_at),
        "description": code.description,
        "created_by": code.created_by,
        "qr_token": code.qr_token,
        "deleted_us": None if code.deleted_at is None else to_us(code.deleted_at),
    }


def _code(row: sa.RowMapping) -> Code:
    return Code(
        text=row["text"],
        citizen_id=row["citizen_id"],
        created_at=from_us(row["created_us"]),
        expires_at=from_us(row["expires_us"]),
        description=row["description"],
        created_by=row["created_by"],
        qr_token=row["qr_token"],
        deleted_at=None if row["deleted_us"] is None else from_us(row["deleted_us"]),
    )
