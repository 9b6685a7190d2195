"""The audit trail: a Protocol, a plain twin, and one for SQLite and PostgreSQL.

`append` adds rows inside a transaction that `commit` makes durable. Under a SQLite file `commit`, one call that
waits for the disk with the interpreter's lock released, may run on a worker thread (`off_loop`) while the event loop
reads requests and writes answers.

Rows go through the database's only connection: a commit of another one would empty the cache, and unmap the file, of
the connection that looks codes up. Entering each row under its citizen at once would dirty a page a row and cost more
than all the rest, so the index by person trails: whoever reads a person's list enters what has come since, many rows
in one go, and scans the few youngest. Who never reads pays nothing. An asker's list is a scan, newest first.

Rows whose time is over become counts by day, asker, purpose and outcome, in which no person is left.
"""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol

import sqlalchemy as sa

from mockgov.database import Database
from mockgov.queries.messages import Asked, Counted, Lately, Trail
from mockgov.queries.rules import BEGINS, TEST_ENDS, Channel, Outcome, channel_of


class AuditStore(Protocol):
    """Keeps who asked about whom."""

    off_loop: bool
    """Whether `commit` should run on a worker thread."""

    def append(self, rows: Sequence[Asked]) -> None:
        """Write rows; they count once `commit` has returned."""
        ...

    def commit(self) -> None:
        """Make everything appended durable. May be called from another thread than `append`."""
        ...

    def about(self, citizen_id: int, *, limit: int = 100, before: int | None = None, code: str | None = None) -> Trail:
        """Who asked about a citizen, perhaps with one code only, newest first; `before` as the page before said."""
        ...

    def by(self, asker: str, *, limit: int = 100) -> Sequence[Asked]:
        """What an asker asked, newest first."""
        ...

    def count(self) -> int:
        """How many questions were ever kept, erased ones too."""
        ...

    def has_asked(self, asker: str) -> bool:
        """Whether an asker, no citizen, has ever asked anything; erased rows count too."""
        ...

    def lately(self, after: int, *, most: int) -> Lately:
        """The rows behind the number `after`, the youngest `most` of them, as counts by minute, channel and outcome."""
        ...

    def asked_after(self, number: int, *, askers: Sequence[str], prefix: str) -> tuple[int, Sequence[tuple[str, str]]]:
        """Who was told of which code in rows above a number: some askers, and those whose names begin so.

        The number of the last row comes with it; hand it in to read on.
        """
        ...

    def oldest_us(self) -> int | None:
        """The moment of the oldest row."""
        ...

    def erase_before(self, moment_us: int) -> int:
        """Turn the rows of earlier moments into counts; how many they were."""
        ...

    def close(self) -> None:
        """Give back what the store holds."""
        ...


class InMemoryAudit:
    """The plain twin."""

    off_loop = False

    def __init__(self) -> None:
        self._rows: list[Asked] = []
        self._waiting: list[Asked] = []
        self._erased = Counter[tuple[int, str, str, str]]()
        self._erased_rows = 0

    def append(self, rows: Sequence[Asked]) -> None:
        self._waiting.extend(rows)

    def commit(self) -> None:
        self._rows.extend(self._waiting)
        self._waiting = []

    def about(self, citizen_id: int, *, limit: int = 100, before: int | None = None, code: str | None = None) -> Trail:
        found = [
            (n, row)
            for n, row in enumerate(self._rows, start=self._erased_rows + 1)
            if row.citizen_id == citizen_id and (before is None or n < before) and code in (None, row.code)
        ]
        return _trail(found[: -limit - 2 : -1], limit)

    def by(self, asker: str, *, limit: int = 100) -> Sequence[Asked]:
        return [row for row in reversed(self._rows) if row.asker == asker][:limit]

    def count(self) -> int:
        return len(self._rows) + self._erased_rows

    def has_asked(self, asker: str) -> bool:
        return any(row.asker == asker for row in self._rows) or any(key[1] == asker for key in self._erased)

    def lately(self, after: int, *, most: int) -> Lately:
        last = len(self._rows) + self._erased_rows
        begin = _begin(after, last, most)
        rows = self._rows[max(0, begin - self._erased_rows) :]
        counts = Counter((row.asked_us // MINUTE_US, channel_of(row.asker), row.outcome) for row in rows)
        return Lately([Counted(*key, questions) for key, questions in sorted(counts.items())], last, begin <= after)

    def asked_after(self, number: int, *, askers: Sequence[str], prefix: str) -> tuple[int, Sequence[tuple[str, str]]]:
        fresh = self._rows[max(0, number - self._erased_rows) :]
        told = {
            (row.asker, row.code)
            for row in fresh
            if row.code is not None and row.outcome in TOLD and (row.asker in askers or row.asker.startswith(prefix))
        }
        return self._erased_rows + len(self._rows), sorted(told)

    def oldest_us(self) -> int | None:
        return self._rows[0].asked_us if self._rows else None

    def erase_before(self, moment_us: int) -> int:
        gone = [row for row in self._rows if row.asked_us < moment_us]
        self._erased.update((_day(row.asked_us), _kind(row.asker), row.purpose, row.outcome) for row in gone)
        self._rows = self._rows[len(gone) :]
        self._erased_rows += len(gone)
        return len(gone)

    def close(self) -> None:
        """Nothing to give back."""


METADATA = sa.MetaData()
ASKED = sa.Table(
    "asked",
    METADATA,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("asked_us", sa.BigInteger, nullable=False),
    sa.Column("asker", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("code", sa.String(10)),
    sa.Column("citizen_id", sa.BigInteger),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("place", sa.Text),
)
ABOUT = sa.Table(
    "asked_about",
    METADATA,
    sa.Column("citizen_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
INDEXED = sa.Table("asked_indexed", METADATA, sa.Column("number", sa.BigInteger, nullable=False))
"""One row: up to which number rows have been entered under their citizens."""
TALLY = sa.Table(
    "asked_tally",
    METADATA,
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("asker", sa.Text, primary_key=True),
    sa.Column("purpose", sa.Text, primary_key=True),
    sa.Column("outcome", sa.Text, primary_key=True),
    sa.Column("questions", sa.BigInteger, nullable=False),
)
"""What is left of erased rows; `day` counts Turkish days since 1970-01-01, and all citizens are one asker."""
COLUMNS = [ASKED.c[name] for name in Asked._fields]
TRAILING, AT_ONCE = 50_000, 200_000
"""How many of the youngest rows are scanned rather than entered, and how many are entered at most in one reading."""
DAY_US, TURKEY_US, MINUTE_US = 86_400_000_000, 10_800_000_000, 60_000_000
CHANNEL = sa.case(
    *((ASKED.c.asker.startswith(begin), channel.value) for channel, begin in BEGINS.items()),
    (ASKED.c.asker.endswith(TEST_ENDS), Channel.TEST.value),
    else_=Channel.LIVE.value,
).label("channel")
CITIZEN = "citizen"
TOLD = (Outcome.RISKLESS, Outcome.RISKY)
ENTER = """INSERT INTO asked_about (citizen_id, number)
SELECT citizen_id, number FROM asked WHERE number > :after AND number <= :last AND citizen_id IS NOT NULL
ORDER BY citizen_id, number"""
LEAVE = """DELETE FROM asked_about WHERE (citizen_id, number) IN
(SELECT citizen_id, number FROM asked WHERE number < :first AND citizen_id IS NOT NULL)"""
INSERT = f"INSERT INTO asked ({', '.join(Asked._fields)}) VALUES (?, ?, ?, ?, ?, ?, ?)"


class SqlAudit:
    """The audit trail in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)
        self._writer = database.raw
        self.off_loop = database.path is not None

    def append(self, rows: Sequence[Asked]) -> None:
        self._database.writing.acquire()
        try:
            if self._writer is not None:
                self._writer.execute("BEGIN IMMEDIATE")
                self._writer.executemany(INSERT, rows)
            else:
                self._database.connection.exec_driver_sql("BEGIN")
                if rows:
                    self._database.connection.execute(ASKED.insert(), [row._asdict() for row in rows])
        except BaseException:
            self._end("ROLLBACK")
            raise

    def commit(self) -> None:
        self._end("COMMIT")

    def about(self, citizen_id: int, *, limit: int = 100, before: int | None = None, code: str | None = None) -> Trail:
        entered = self._enter()
        wanted = sa.select(ASKED.c.number, *COLUMNS).limit(limit + 1)
        if code is not None:
            wanted = wanted.where(ASKED.c.code == code)
        if before is not None:
            wanted = wanted.where(ASKED.c.number < before)
        young = wanted.where(ASKED.c.number > entered, ASKED.c.citizen_id == citizen_id)
        found = [*self._database.connection.execute(young.order_by(ASKED.c.number.desc()))]
        if len(found) <= limit:
            old = wanted.join(ABOUT, ABOUT.c.number == ASKED.c.number).limit(limit + 1 - len(found))
            old = old.where(ABOUT.c.citizen_id == citizen_id, ABOUT.c.number <= entered)
            if before is not None:
                old = old.where(ABOUT.c.number < before)
            found += self._database.connection.execute(old.order_by(ABOUT.c.number.desc()))
        return _trail([(row[0], Asked(*row[1:])) for row in found], limit)

    def by(self, asker: str, *, limit: int = 100) -> Sequence[Asked]:
        return self._newest(ASKED.c.asker == asker, limit)

    def count(self) -> int:
        kept = self._database.connection.scalar(sa.select(sa.func.count()).select_from(ASKED)) or 0
        return kept + int(self._database.connection.scalar(sa.select(sa.func.sum(TALLY.c.questions))) or 0)

    def has_asked(self, asker: str) -> bool:
        erased = sa.select(TALLY.c.day).where(TALLY.c.asker == asker).limit(1)
        return bool(self.by(asker, limit=1)) or self._database.connection.scalar(erased) is not None

    def lately(self, after: int, *, most: int) -> Lately:
        last = self._database.value("SELECT max(number) FROM asked") or 0
        begin = _begin(after, last, most)
        minute = (ASKED.c.asked_us // MINUTE_US).label("minute")
        found = sa.select(minute, CHANNEL, ASKED.c.outcome).where(ASKED.c.number > begin).subquery().c
        counted = sa.select(*found, sa.func.count()).group_by(*found).order_by(*found)
        rows = self._database.connection.execute(counted)
        return Lately([Counted._make(row) for row in rows], last, begin <= after)

    def asked_after(self, number: int, *, askers: Sequence[str], prefix: str) -> tuple[int, Sequence[tuple[str, str]]]:
        last = self._database.connection.scalar(sa.select(sa.func.max(ASKED.c.number))) or 0
        told = sa.select(ASKED.c.asker, ASKED.c.code).distinct().where(ASKED.c.number > number, ASKED.c.number <= last)
        wanted = sa.or_(ASKED.c.asker.in_(askers), ASKED.c.asker.startswith(prefix))
        told = told.where(ASKED.c.code.is_not(None), ASKED.c.outcome.in_(TOLD), wanted)
        return last, sorted((row[0], row[1]) for row in self._database.connection.execute(told))

    def oldest_us(self) -> int | None:
        sql = "SELECT asked_us FROM asked ORDER BY number LIMIT 1"
        return self._database.value(sql)

    def erase_before(self, moment_us: int) -> int:
        connection = self._database.connection
        kept = sa.select(ASKED.c.number).where(ASKED.c.asked_us >= moment_us).order_by(ASKED.c.number).limit(1)
        first = connection.scalar(kept)
        last = connection.scalar(sa.select(sa.func.max(ASKED.c.number))) or 0
        gone = ASKED.c.number < (last + 1 if first is None else first)
        day = ((ASKED.c.asked_us + TURKEY_US) // DAY_US).label("day")
        asker = sa.case((ASKED.c.asker.startswith(f"{CITIZEN}:"), CITIZEN), else_=ASKED.c.asker).label("asker")
        keys = sa.select(day, asker, ASKED.c.purpose, ASKED.c.outcome).where(gone).subquery().c
        counted = sa.select(*keys, sa.func.count().label("questions")).group_by(*keys)
        for row in connection.execute(counted).mappings().all():
            self._count(dict(row))
        connection.execute(sa.text(LEAVE), {"first": last + 1 if first is None else first})
        erased = connection.execute(ASKED.delete().where(gone)).rowcount
        if first is None:  # an empty table numbers from 1 again
            connection.execute(INDEXED.delete())
        return erased

    def close(self) -> None:
        """Nothing to give back but the database's."""

    def _end(self, how: str) -> None:
        try:
            if self._writer is None:
                self._database.connection.exec_driver_sql(how)
            elif how == "COMMIT" or self._writer.in_transaction:  # SQLite undoes some failures by itself
                self._writer.execute(how)
        except sqlite3.Error:
            if self._writer is not None and self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            raise
        finally:
            self._database.writing.release()

    def _count(self, row: dict[str, Any]) -> None:
        questions = row.pop("questions")
        same = sa.and_(*(TALLY.c[name] == value for name, value in row.items()))
        raised = TALLY.update().where(same).values(questions=TALLY.c.questions + questions)
        if not self._database.connection.execute(raised).rowcount:
            self._database.connection.execute(TALLY.insert(), {**row, "questions": questions})

    def _enter(self) -> int:
        """Enter rows under their citizens, if many have come since; up to which number they have been."""
        connection = self._database.connection
        entered: int = connection.scalar(sa.select(INDEXED.c.number)) or 0
        last: int = connection.scalar(sa.select(sa.func.max(ASKED.c.number))) or 0
        if last - entered <= TRAILING:
            return entered
        last = min(last, entered + AT_ONCE)
        with self._database.transaction():
            connection.execute(sa.text(ENTER), {"after": entered, "last": last})
            connection.execute(INDEXED.delete())
            connection.execute(INDEXED.insert(), {"number": last})
        return last

    def _newest(self, where: sa.ColumnElement[bool], limit: int) -> Sequence[Asked]:
        found = sa.select(*COLUMNS).where(where).order_by(ASKED.c.number.desc()).limit(limit)
        return [Asked(*row) for row in self._database.connection.execute(found)]


def _begin(after: int, last: int, most: int) -> int:
    """Behind which number to begin; an emptied table numbers from 1 again."""
    return max(after if after <= last else 0, last - most, 0)


def _trail(found: Sequence[tuple[int, Asked]], limit: int) -> Trail:
    """A page of at most `limit` of the numbered rows, of which one more was looked for."""
    more = len(found) > limit
    return Trail([row for _, row in found[:limit]], found[limit - 1][0] if more else None)


def _day(moment_us: int) -> int:
    return (moment_us + TURKEY_US) // DAY_US


def _kind(asker: str) -> str:
    return CITIZEN if asker.startswith(f"{CITIZEN}:") else asker
