"""Passwords, locks, sessions and the query that waits in one. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from mockgov.refusal import Refused
from mockgov.vocabulary.chance import Draw, pick

PASSWORD_LENGTH: Final = 12
"""Characters of a minted password (chosen here)."""
PASSWORD_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"  # noqa: S105  an alphabet
"""Letters and digits that nobody mistakes for one another (chosen here)."""
SHORTEST: Final = 8
LONGEST: Final = 64
"""Characters of a password that somebody chooses (chosen here)."""


class WrongPassword(Refused):
    """Identity number and password open nothing; which of the two is wrong is not told."""

    key = "wrongpassword"


class SignInLocked(Refused):
    """Too many wrong passwords in a row; the right one opens nothing either for a while."""

    key = "signinlocked"

    def __init__(self, minutes: int) -> None:
        super().__init__(f"Too many wrong passwords. Wait {minutes} minutes and try again.")
        self.minutes = minutes


class NoSession(Refused):
    """Nobody is signed in, or the session is over."""

    key = "nosession"


class BadPassword(Refused):
    """A new password that cannot be taken."""

    key = "badpassword"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How a citizen stands at the door. Who has never knocked has none of it."""

    citizen_id: int
    sessions: int = 0
    """How many sessions this citizen has ever opened."""
    failures: int = 0
    """Wrong passwords since the last right one, or since the last lock."""
    locked_until: datetime | None = None
    password_hash: str = ""
    """An argon2id hash in PHC form; empty while the minted password is good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A citizen who is signed in."""

    key: str
    """What the session's token is known by; the token itself is not kept."""
    citizen_id: int
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """The latest single query of a session."""

    session: str
    code: str | None
    """Ten clean characters; None where what was typed was no HES code, which is not kept."""
    asked_at: datetime
    answer: str | None = None
    """What was answered, as the counter writes it; None while nobody has fetched it."""


def mint_password(draw: Draw) -> str:
    """A password."""
    return "".join(pick(draw, PASSWORD_ALPHABET) for _ in range(PASSWORD_LENGTH))


def checked_password(text: str) -> str:
    """A password that somebody has chosen. Raises `BadPassword`."""
    if not SHORTEST <= len(text) <= LONGEST or not text.isprintable():
        raise BadPassword(f"A password has {SHORTEST} to {LONGEST} characters; choose another.")
    return text


def is_locked(login: Login, at: datetime) -> bool:
    """Whether the door stays shut at that moment whatever the password."""
    return login.locked_until is not None and at < login.locked_until


def after_failure(login: Login, at: datetime, *, limit: int, minutes: int) -> Login:
    """How the citizen stands after one more wrong password; the `limit`-th in a row locks for `minutes`."""
    failures = login.failures + 1
    if failures < limit:
        return replace(login, failures=failures)
    return replace(login, failures=0, locked_until=at + timedelta(minutes=minutes))


def after_success(login: Login) -> Login:
    """The same after a right one: one session more, and the count of wrong ones starts over."""
    return replace(login, sessions=login.sessions + 1, failures=0, locked_until=None)


def is_queued(inquiry: Inquiry, at: datetime, *, seconds: int) -> bool:
    """Whether the query is still waiting for its turn."""
    return inquiry.answer is None and at < inquiry.asked_at + timedelta(seconds=seconds)
