"""Where applications are kept: a Protocol, a plain twin, and one for SQLite and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

import msgspec
import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.database import Database
from mockgov.onboarding.rules import RESTING, Application, Entry, State


class Key(StrEnum):
    """What an application can be found by."""

    VKN = "vkn"
    EMAIL = "email"
    """The authorised person's address, folded."""
    KEP = "kep_address"
    DIGEST = "digest"
    """SHA-256 of the submitted form."""


class DocumentKind(StrEnum):
    """The two documents of an application."""

    DRAWN = "drawn"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedLetter:
    """A letter on its way by post."""

    posted_id: int = 0
    arrives_at: datetime
    sender: str
    reference: str
    text: str
    attached: tuple[str, ...]
    """SHA-256 of each enclosure."""


class ApplicationStore(Protocol):
    """Keeps applications, their documents and history, and letters in the post."""

    def add(self, application: Application) -> Application:
        """Keep a new application under the next running number, which it comes back with."""
        ...

    def put(self, application: Application) -> None:
        """Replace an application."""
        ...

    def get(self, application_id: int) -> Application | None:
        """The application, exactly as written."""
        ...

    def matching(self, key: Key, value: str) -> Sequence[Application]:
        """Applications that a key leads to, oldest first."""
        ...

    def page(self, state: State | None, *, after: int, limit: int) -> Sequence[Application]:
        """Applications in a state, or in any, whose number is above `after`, oldest first."""
        ...

    def put_document(self, application_id: int, kind: DocumentKind, content: bytes) -> None:
        """Keep a document in the place of the earlier one."""
        ...

    def document(self, application_id: int, kind: DocumentKind) -> bytes | None:
        """A document of an application."""
        ...

    def note(self, entry: Entry) -> None:
        """Add to an application's history."""
        ...

    def history(self, application_id: int) -> Sequence[Entry]:
        """An application's history, oldest first."""
        ...

    def post(self, letter: PostedLetter) -> PostedLetter:
        """Keep a letter that is in the post; it comes back with its number."""
        ...

    def first_posted(self) -> PostedLetter | None:
        """The letter that arrives first."""
        ...

    def drop_posted(self, posted_id: int) -> None:
        """Forget a letter that has arrived."""
        ...

    def first_due(self) -> Application | None:
        """The application whose next step is due first."""
        ...

    def oldest_rest_us(self) -> int | None:
        """The last step of the application that has rested longest; see `rules.RESTING`."""
        ...

    def drop_resting(self, before_us: int) -> int:
        """Erase applications that have rested since before a moment, with documents and history; how many."""
        ...

    def next_due(self) -> datetime | None:
        """When the first application's step or letter in the post is due."""
        ...


def keys_of(application: Application) -> dict[Key, str | None]:
    """What leads to an application."""
    form, submission = application.form, application.submission
    return {
        Key.VKN: form.vkn.digits,
        Key.EMAIL: application.email.folded,
        Key.KEP: form.kep_address.address if form.kep_address else None,
        Key.DIGEST: submission.digest if submission else None,
    }


class InMemoryApplications:
    """The plain twin."""

    def __init__(self) -> None:
        self._added = 0
        self._applications: dict[int, Application] = {}
        self._documents: dict[tuple[int, DocumentKind], bytes] = {}
        self._entries: list[Entry] = []
        self._posted: dict[int, PostedLetter] = {}
        self._posted_before = 0

    def add(self, application: Application) -> Application:
        self._added += 1
        made = replace(application, application_id=self._added)
        self._applications[made.application_id] = made
        return made

    def put(self, application: Application) -> None:
        self._applications[application.application_id] = application

    def get(self, application_id: int) -> Application | None:
        return self._applications.get(application_id)

    def matching(self, key: Key, value: str) -> Sequence[Application]:
        return [kept for kept in self._applications.values() if keys_of(kept)[key] == value]

    def page(self, state: State | None, *, after: int, limit: int) -> Sequence[Application]:
        found = (kept for kept in self._applications.values() if state in (None, kept.state))
        return [kept for kept in found if kept.application_id > after][:limit]

    def put_document(self, application_id: int, kind: DocumentKind, content: bytes) -> None:
        self._documents[application_id, kind] = content

    def document(self, application_id: int, kind: DocumentKind) -> bytes | None:
        return self._documents.get((application_id, kind))

    def note(self, entry: Entry) -> None:
        self._entries.append(entry)

    def history(self, application_id: int) -> Sequence[Entry]:
        return [entry for entry in self._entries if entry.application_id == application_id]

    def post(self, letter: PostedLetter) -> PostedLetter:
        self._posted_before += 1
        made = replace(letter, posted_id=self._posted_before)
        self._posted[made.posted_id] = made
        return made

    def first_posted(self) -> PostedLetter | None:
        return min(self._posted.values(), key=lambda letter: (letter.arrives_at, letter.posted_id), default=None)

    def drop_posted(self, posted_id: int) -> None:
        del self._posted[posted_id]

    def first_due(self) -> Application | None:
        due = [(kept.due_at, kept.application_id) for kept in self._applications.values() if kept.due_at is not None]
        return self._applications[min(due)[1]] if due else None

    def oldest_rest_us(self) -> int | None:
        return min((to_us(since) for since in self._resting().values()), default=None)

    def drop_resting(self, before_us: int) -> int:
        gone = {number for number, since in self._resting().items() if to_us(since) < before_us}
        self._applications = {number: kept for number, kept in self._applications.items() if number not in gone}
        self._documents = {key: content for key, content in self._documents.items() if key[0] not in gone}
        self._entries = [entry for entry in self._entries if entry.application_id not in gone]
        return len(gone)

    def _resting(self) -> dict[int, datetime]:
        last = {entry.application_id: entry for entry in self._entries if entry.application_id in self._applications}
        return {number: entry.moment for number, entry in last.items() if entry.state in RESTING}

    def next_due(self) -> datetime | None:
        posted, due = self.first_posted(), self.first_due()
        moments = [posted.arrives_at if posted else None, due.due_at if due else None]
        return min((moment for moment in moments if moment is not None), default=None)


METADATA = sa.MetaData()
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
APPLICATION = sa.Table(
    "application",
    METADATA,
    sa.Column("application_id", _NUMBER, primary_key=True),
    sa.Column("vkn", sa.String(10), nullable=False, index=True),
    sa.Column("email", sa.Text, nullable=False, index=True),
    sa.Column("kep_address", sa.Text, index=True),
    sa.Column("digest", sa.String(64), index=True),
    sa.Column("state", sa.String(24), nullable=False, index=True),
    sa.Column("due_us", sa.BigInteger, index=True),
    sa.Column("rests_since_us", sa.BigInteger, index=True),
    sa.Column("body", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
APPLICATION_DOCUMENT = sa.Table(
    "application_document",
    METADATA,
    sa.Column("application_id", sa.BigInteger, primary_key=True),
    sa.Column("kind", sa.String(8), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
APPLICATION_ENTRY = sa.Table(
    "application_entry",
    METADATA,
    sa.Column("number", _NUMBER, primary_key=True),
    sa.Column("application_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("body", sa.Text, nullable=False),
)
POSTED_LETTER = sa.Table(
    "posted_letter",
    METADATA,
    sa.Column("posted_id", _NUMBER, primary_key=True),
    sa.Column("arrives_us", sa.BigInteger, nullable=False, index=True),
    sa.Column("body", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)


class SqlApplications:
    """Applications in SQLite or PostgreSQL: what is looked up in columns, the rest as JSON."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)

    def add(self, application: Application) -> Application:
        made = self._run(APPLICATION.insert().values(_row(application)).returning(APPLICATION.c.application_id))
        numbered = replace(application, application_id=made.scalar_one())
        self.put(numbered)
        return numbered

    def put(self, application: Application) -> None:
        which = APPLICATION.c.application_id == application.application_id
        self._run(APPLICATION.update().where(which).values(_row(application)))

    def get(self, application_id: int) -> Application | None:
        found = self._read(sa.select(APPLICATION.c.body).where(APPLICATION.c.application_id == application_id))
        return found[0] if found else None

    def matching(self, key: Key, value: str) -> Sequence[Application]:
        column = APPLICATION.c[key.value]
        return self._read(sa.select(APPLICATION.c.body).where(column == value).order_by(APPLICATION.c.application_id))

    def page(self, state: State | None, *, after: int, limit: int) -> Sequence[Application]:
        found = sa.select(APPLICATION.c.body).where(APPLICATION.c.application_id > after)
        if state is not None:
            found = found.where(APPLICATION.c.state == state.value)
        return self._read(found.order_by(APPLICATION.c.application_id).limit(limit))

    def put_document(self, application_id: int, kind: DocumentKind, content: bytes) -> None:
        columns = APPLICATION_DOCUMENT.c
        which = sa.and_(columns.application_id == application_id, columns.kind == kind.value)
        self._run(APPLICATION_DOCUMENT.delete().where(which))
        row = {"application_id": application_id, "kind": kind.value, "content": content}
        self._run(APPLICATION_DOCUMENT.insert().values(row))

    def document(self, application_id: int, kind: DocumentKind) -> bytes | None:
        columns = APPLICATION_DOCUMENT.c
        which = sa.and_(columns.application_id == application_id, columns.kind == kind.value)
        content = self._run(sa.select(columns.content).where(which)).scalar_one_or_none()
        return None if content is None else bytes(content)

    def note(self, entry: Entry) -> None:
        self._run(APPLICATION_ENTRY.insert().values(application_id=entry.application_id, body=_json(entry)))
        since_us = to_us(entry.moment) if entry.state in RESTING else None
        which = APPLICATION.c.application_id == entry.application_id
        self._run(APPLICATION.update().where(which).values(rests_since_us=since_us))

    def history(self, application_id: int) -> Sequence[Entry]:
        columns = APPLICATION_ENTRY.c
        found = sa.select(columns.body).where(columns.application_id == application_id).order_by(columns.number)
        return [msgspec.json.decode(body, type=Entry) for body in self._run(found).scalars()]

    def post(self, letter: PostedLetter) -> PostedLetter:
        row = {"arrives_us": to_us(letter.arrives_at), "body": _json(letter)}
        made = self._run(POSTED_LETTER.insert().values(row).returning(POSTED_LETTER.c.posted_id))
        return replace(letter, posted_id=made.scalar_one())

    def first_posted(self) -> PostedLetter | None:
        columns = POSTED_LETTER.c
        found = sa.select(columns.posted_id, columns.body).order_by(columns.arrives_us, columns.posted_id).limit(1)
        row = self._run(found).first()
        return None if row is None else replace(msgspec.json.decode(row.body, type=PostedLetter), posted_id=row[0])

    def drop_posted(self, posted_id: int) -> None:
        self._run(POSTED_LETTER.delete().where(POSTED_LETTER.c.posted_id == posted_id))

    def first_due(self) -> Application | None:
        columns = APPLICATION.c
        due = sa.select(columns.body).where(columns.due_us.is_not(None))
        found = self._read(due.order_by(columns.due_us, columns.application_id).limit(1))
        return found[0] if found else None

    def oldest_rest_us(self) -> int | None:
        return self._database.value("SELECT min(rests_since_us) FROM application")

    def drop_resting(self, before_us: int) -> int:
        gone = sa.select(APPLICATION.c.application_id).where(APPLICATION.c.rests_since_us < before_us)
        for table in (APPLICATION_DOCUMENT, APPLICATION_ENTRY):
            self._run(table.delete().where(table.c.application_id.in_(gone)))
        return self._run(APPLICATION.delete().where(APPLICATION.c.rests_since_us < before_us)).rowcount

    def next_due(self) -> datetime | None:
        firsts = (
            self._database.value("SELECT min(due_us) FROM application"),
            self._database.value("SELECT min(arrives_us) FROM posted_letter"),
        )
        return min((from_us(first) for first in firsts if first is not None), default=None)

    def _run(self, statement: sa.Executable) -> sa.CursorResult[Any]:
        return self._database.connection.execute(statement)

    def _read(self, statement: sa.Executable) -> Sequence[Application]:
        return [msgspec.json.decode(body, type=Application) for body in self._run(statement).scalars()]


def _json(kept: object) -> str:
    return msgspec.json.encode(kept).decode()


def _row(application: Application) -> dict[str, object]:
    return {key.value: value for key, value in keys_of(application).items()} | {
        "state": application.state.value,
        "due_us": None if application.due_at is None else to_us(application.due_at),
        "body": _json(application),
    }
