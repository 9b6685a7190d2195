"""Where sign-ins, sessions and their queries are kept: a Protocol, a plain twin, and one for SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.database import Database
from mockgov.edevlet.rules import Inquiry, Login, Session


class EdevletStore(Protocol):
    """Keeps how citizens stand at the door, who is inside, and what each has asked last."""

    def put_login(self, login: Login) -> None:
        """Keep how a citizen stands, in the place of what was kept before."""
        ...

    def login(self, citizen_id: int) -> Login | None:
        """How a citizen stands, if they have ever knocked."""
        ...

    def put_session(self, session: Session) -> None:
        """Add a session; its key is free."""
        ...

    def session(self, key: str) -> Session | None:
        """The session of a key, over or not."""
        ...

    def forget_session(self, key: str) -> None:
        """Forget a session with its query."""
        ...

    def forget_sessions_of(self, citizen_id: int, *, but: str | None = None) -> int:
        """Forget all sessions of a citizen but one, with their queries; how many rows."""
        ...

    def forget_ended(self, at: datetime) -> int:
        """Forget every session that ends by then, with its query; how many rows."""
        ...

    def oldest_end_us(self) -> int | None:
        """When the first of the sessions ended, or will end."""
        ...

    def put_inquiry(self, inquiry: Inquiry) -> None:
        """Keep a session's query, in the place of an earlier one."""
        ...

    def inquiry(self, session: str) -> Inquiry | None:
        """A session's query."""
        ...


class InMemoryEdevlet:
    """The plain twin."""

    def __init__(self) -> None:
        self._logins: dict[int, Login] = {}
        self._sessions: dict[str, Session] = {}
        self._inquiries: dict[str, Inquiry] = {}

    def put_login(self, login: Login) -> None:
        self._logins[login.citizen_id] = login

    def login(self, citizen_id: int) -> Login | None:
        return self._logins.get(citizen_id)

    def put_session(self, session: Session) -> None:
        self._sessions[session.key] = session

    def session(self, key: str) -> Session | None:
        return self._sessions.get(key)

    def forget_session(self, key: str) -> None:
        self._sessions.pop(key, None)
        self._inquiries.pop(key, None)

    def forget_sessions_of(self, citizen_id: int, *, but: str | None = None) -> int:
        sessions = self._sessions.values()
        return self._forget([one.key for one in sessions if one.citizen_id == citizen_id and one.key != but])

    def forget_ended(self, at: datetime) -> int:
        return self._forget([session.key for session in self._sessions.values() if session.ends_at <= at])

    def oldest_end_us(self) -> int | None:
        return min((to_us(session.ends_at) for session in self._sessions.values()), default=None)

    def put_inquiry(self, inquiry: Inquiry) -> None:
        self._inquiries[inquiry.session] = inquiry

    def inquiry(self, session: str) -> Inquiry | None:
        return self._inquiries.get(session)

    def _forget(self, keys: Sequence[str]) -> int:
        before = len(self._sessions) + len(self._inquiries)
        for key in keys:
            self.forget_session(key)
        return before - len(self._sessions) - len(self._inquiries)


METADATA = sa.MetaData()
LOGIN = sa.Table(
    "edevlet_login",
    METADATA,
    sa.Column("citizen_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("sessions", sa.Integer, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("locked_until_us", sa.BigInteger),
    sa.Column("password_hash", sa.Text, nullable=False),
)
SESSION = sa.Table(
    "edevlet_session",
    METADATA,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("citizen_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("ends_us", sa.BigInteger, nullable=False, index=True),
)
INQUIRY = sa.Table(
    "edevlet_inquiry",
    METADATA,
    sa.Column("session", sa.String(64), primary_key=True),
    sa.Column("code", sa.String(10)),
    sa.Column("asked_us", sa.BigInteger, nullable=False),
    sa.Column("answer", sa.Text),
)


class SqlEdevlet:
    """The same in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)

    def put_login(self, login: Login) -> None:
        row = {
            "citizen_id": login.citizen_id,
            "sessions": login.sessions,
            "failures": login.failures,
            "locked_until_us": None if login.locked_until is None else to_us(login.locked_until),
            "password_hash": login.password_hash,
        }
        changed = LOGIN.update().where(LOGIN.c.citizen_id == login.citizen_id).values(**row)
        if not self._database.connection.execute(changed).rowcount:
            self._database.connection.execute(LOGIN.insert(), row)

    def login(self, citizen_id: int) -> Login | None:
        found = sa.select(LOGIN).where(LOGIN.c.citizen_id == citizen_id)
        row = self._database.connection.execute(found).mappings().first()
        if row is None:
            return None
        return Login(
            citizen_id=row["citizen_id"],
            sessions=row["sessions"],
            failures=row["failures"],
            locked_until=None if row["locked_until_us"] is None else from_us(row["locked_until_us"]),
            password_hash=row["password_hash"],
        )

    def put_session(self, session: Session) -> None:
        row = {"key": session.key, "citizen_id": session.citizen_id, "ends_us": to_us(session.ends_at)}
        self._database.connection.execute(SESSION.insert(), row)

    def session(self, key: str) -> Session | None:
        found = sa.select(SESSION).where(SESSION.c.key == key)
        row = self._database.connection.execute(found).mappings().first()
        if row is None:
            return None
        return Session(key=row["key"], citizen_id=row["citizen_id"], ends_at=from_us(row["ends_us"]))

    def forget_session(self, key: str) -> None:
        self._forget(SESSION.c.key == key)

    def forget_sessions_of(self, citizen_id: int, *, but: str | None = None) -> int:
        which = SESSION.c.citizen_id == citizen_id
        return self._forget(which if but is None else sa.and_(which, SESSION.c.key != but))

    def forget_ended(self, at: datetime) -> int:
        return self._forget(SESSION.c.ends_us <= to_us(at))

    def oldest_end_us(self) -> int | None:
        return self._database.value("SELECT min(ends_us) FROM edevlet_session")

    def put_inquiry(self, inquiry: Inquiry) -> None:
        row = {
            "session": inquiry.session,
            "code": inquiry.code,
            "asked_us": to_us(inquiry.asked_at),
            "answer": inquiry.answer,
        }
        changed = INQUIRY.update().where(INQUIRY.c.session == inquiry.session).values(**row)
        if not self._database.connection.execute(changed).rowcount:
            self._database.connection.execute(INQUIRY.insert(), row)

    def inquiry(self, session: str) -> Inquiry | None:
        found = sa.select(INQUIRY).where(INQUIRY.c.session == session)
        row = self._database.connection.execute(found).mappings().first()
        if row is None:
            return None
        return Inquiry(
            session=row["session"], code=row["code"], asked_at=from_us(row["asked_us"]), answer=row["answer"]
        )

    def _forget(self, which: sa.ColumnElement[bool]) -> int:
        keys = sa.select(SESSION.c.key).where(which)
        asked = self._database.connection.execute(INQUIRY.delete().where(INQUIRY.c.session.in_(keys))).rowcount
        return asked + self._database.connection.execute(SESSION.delete().where(which)).rowcount
