"""Where login codes are kept: a Protocol, a plain twin, and one for SQLite and PostgreSQL."""

from dataclasses import replace
from typing import Any, Protocol

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.database import Database
from mockgov.signin.rules import LoginCode, Registration


class LoginStore(Protocol):
    """Keeps the latest login code of each citizen, and who belongs to a user id."""

    def put(self, login: LoginCode) -> None:
        """Replace the citizen's login code."""
        ...

    def get(self, citizen_id: int) -> LoginCode | None:
        """The citizen's latest login code, open or not."""
        ...

    def put_user(self, user_id: str, citizen_id: int) -> None:
        """Note who a user id stands for; the same pair again is no change."""
        ...

    def citizen_of(self, user_id: str) -> int | None:
        """The citizen that a user id stands for."""
        ...

    def put_registration(self, registration: Registration) -> None:
        """Replace the citizen's registration."""
        ...

    def registration(self, citizen_id: int) -> Registration | None:
        """The citizen's registration, done or tried."""
        ...

    def drop_registration(self, citizen_id: int) -> int:
        """Forget a citizen's registration; 1 or 0."""
        ...

    def drop_users(self, citizen_id: int) -> int:
        """Forget the user ids of a citizen; how many."""
        ...

    def oldest_end_us(self) -> int | None:
        """When the first of the login codes that are still written down ended, or will end."""
        ...

    def strike(self, *, ended_before_us: int | None = None, citizen_id: int | None = None) -> int:
        """Strike out login codes that ended before, or a citizen's; how many.

        How many somebody had stays: it decides the next.
        """
        ...


class InMemoryLogins:
    """The plain twin."""

    def __init__(self) -> None:
        self._logins: dict[int, LoginCode] = {}
        self._users: dict[str, int] = {}
        self._registrations: dict[int, Registration] = {}

    def put(self, login: LoginCode) -> None:
        self._logins[login.citizen_id] = login

    def get(self, citizen_id: int) -> LoginCode | None:
        return self._logins.get(citizen_id)

    def put_user(self, user_id: str, citizen_id: int) -> None:
        self._users[user_id] = citizen_id

    def citizen_of(self, user_id: str) -> int | None:
        return self._users.get(user_id)

    def put_registration(self, registration: Registration) -> None:
        self._registrations[registration.citizen_id] = registration

    def registration(self, citizen_id: int) -> Registration | None:
        return self._registrations.get(citizen_id)

    def drop_registration(self, citizen_id: int) -> int:
        return 0 if self._registrations.pop(citizen_id, None) is None else 1

    def drop_users(self, citizen_id: int) -> int:
        theirs = [user_id for user_id, n in self._users.items() if n == citizen_id]
        for user_id in theirs:
            del self._users[user_id]
        return len(theirs)

    def oldest_end_us(self) -> int | None:
        return min((to_us(login.expires_at) for login in self._logins.values() if login.code), default=None)

    def strike(self, *, ended_before_us: int | None = None, citizen_id: int | None = None) -> int:
        gone = [
            login
            for login in self._logins.values()
            if login.code
            and citizen_id in (None, login.citizen_id)
            and (ended_before_us is None or to_us(login.expires_at) < ended_before_us)
        ]
        self._logins |= {login.citizen_id: replace(login, code="", used=True) for login in gone}
        return len(gone)


METADATA = sa.MetaData()
LOGIN = sa.Table(
    "login_code",
    METADATA,
    sa.Column("citizen_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("nth", sa.Integer, nullable=False),
    sa.Column("code", sa.String(6), nullable=False),
    sa.Column("sent_us", sa.BigInteger, nullable=False),
    sa.Column("expires_us", sa.BigInteger, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("used", sa.Boolean, nullable=False),
    sa.Column("known_us", sa.BigInteger, index=True),
)
"""`known_us` is `expires_us` until the code is struck out; then there is none."""
USER = sa.Table(
    "app_user",
    METADATA,
    sa.Column("user_id", sa.String(36), primary_key=True),
    sa.Column("citizen_id", sa.BigInteger, nullable=False, index=True),
)

REGISTRATION = sa.Table(
    "app_registration",
    METADATA,
    sa.Column("citizen_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("registered_us", sa.BigInteger),
    sa.Column("text_version", sa.Float, nullable=False),
)


class SqlLogins:
    """Login codes in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)

    def put(self, login: LoginCode) -> None:
        row = _row(login)
        changed = LOGIN.update().where(LOGIN.c.citizen_id == login.citizen_id).values(**row)
        if not self._database.connection.execute(changed).rowcount:
            self._database.connection.execute(LOGIN.insert(), row)

    def get(self, citizen_id: int) -> LoginCode | None:
        found = sa.select(LOGIN).where(LOGIN.c.citizen_id == citizen_id)
        row = self._database.connection.execute(found).mappings().first()
        return None if row is None else _login(row)

    def put_user(self, user_id: str, citizen_id: int) -> None:
        if self.citizen_of(user_id) is None:
            self._database.connection.execute(USER.insert(), {"user_id": user_id, "citizen_id": citizen_id})

    def citizen_of(self, user_id: str) -> int | None:
        found = sa.select(USER.c.citizen_id).where(USER.c.user_id == user_id)
        return self._database.connection.scalar(found)

    def put_registration(self, registration: Registration) -> None:
        at = registration.registered_at
        row = {
            "citizen_id": registration.citizen_id,
            "attempts": registration.attempts,
            "registered_us": None if at is None else to_us(at),
            "text_version": registration.text_version,
        }
        changed = REGISTRATION.update().where(REGISTRATION.c.citizen_id == registration.citizen_id).values(**row)
        if not self._database.connection.execute(changed).rowcount:
            self._database.connection.execute(REGISTRATION.insert(), row)

    def registration(self, citizen_id: int) -> Registration | None:
        found = sa.select(REGISTRATION).where(REGISTRATION.c.citizen_id == citizen_id)
        row = self._database.connection.execute(found).mappings().first()
        if row is None:
            return None
        return Registration(
            citizen_id=row["citizen_id"],
            attempts=row["attempts"],
            registered_at=None if row["registered_us"] is None else from_us(row["registered_us"]),
            text_version=row["text_version"],
        )

    def drop_registration(self, citizen_id: int) -> int:
        gone = REGISTRATION.delete().where(REGISTRATION.c.citizen_id == citizen_id)
        return self._database.connection.execute(gone).rowcount

    def drop_users(self, citizen_id: int) -> int:
        return self._database.connection.execute(USER.delete().where(USER.c.citizen_id == citizen_id)).rowcount

    def oldest_end_us(self) -> int | None:
        return self._database.value("SELECT min(known_us) FROM login_code")

    def strike(self, *, ended_before_us: int | None = None, citizen_id: int | None = None) -> int:
        which: sa.ColumnElement[bool] = LOGIN.c.known_us.is_not(None)
        if ended_before_us is not None:
            which &= LOGIN.c.known_us < ended_before_us
        if citizen_id is not None:
            which &= LOGIN.c.citizen_id == citizen_id
        struck = LOGIN.update().where(which).values(code="", used=True, known_us=None)
        return self._database.connection.execute(struck).rowcount


def _row(login: LoginCode) -> dict[str, Any]:
    return {
        "citizen_id": login.citizen_id,
        "nth": login.nth,
        "code": login.code,
        "sent_us": to_us(login.sent_at),
        "expires_us": to_us(login.expires_at),
        "attempts": login.attempts,
        "used": login.used,
        "known_us": to_us(login.expires_at) if login.code else None,
    }


def _login(row: sa.RowMapping) -> LoginCode:
    return LoginCode(
        citizen_id=row["citizen_id"],
        nth=row["nth"],
        code=row["code"],
        sent_at=from_us(row["sent_us"]),
        expires_at=from_us(row["expires_us"]),
        attempts=row["attempts"],
        used=bool(row["used"]),
    )
