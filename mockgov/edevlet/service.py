"""Use-cases of e-Devlet: sign in and out, choose a password, put a query into the queue and fetch its answer."""

import hmac
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError
from argon2.low_level import hash_secret

from mockgov.bus import Tell
from mockgov.clock import MICROSECOND, Now, from_us
from mockgov.edevlet.messages import EdevletLocked, EdevletPasswordChanged, EdevletSignedIn, EdevletSignedOut
from mockgov.edevlet.rules import (
    Inquiry,
    Login,
    NoSession,
    Session,
    SignInLocked,
    WrongPassword,
    after_failure,
    after_success,
    checked_password,
    is_locked,
    is_queued,
    mint_password,
)
from mockgov.edevlet.store import EdevletStore
from mockgov.streams import Streams

TOKEN_BYTES = 32
LONGEST_TOKEN = 2 * TOKEN_BYTES
REFUSAL = "Identity number and password do not fit. Check both, and try again."
NO_SESSION = "Nobody is signed in, or the session is over. Sign in under /Giris/gir and begin again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How the door behaves; see `mockgov.settings.Settings` for meaning and source."""

    lock_after_failures: int
    lock_minutes: int
    session_minutes: int
    queue_s: int
    argon2_memory_kib: int
    argon2_passes: int


class Edevlet:
    """e-Devlet of one world."""

    def __init__(
        self,
        *,
        store: EdevletStore,
        now: Now,
        streams: Streams,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
        has_password: Callable[[int], bool],
        terms: Terms,
    ) -> None:
        """`has_password` says whether a citizen is of an age to have one now."""
        self._store = store
        self._now = now
        self._streams = streams
        self._tell = tell
        self._transaction = transaction
        self._has_password = has_password
        self._terms = terms

    def password(self, citizen_id: int) -> str | None:
        """The minted password while it is good; None for a minor, and for who has chosen another. For the lab."""
        chosen = self._login(citizen_id).password_hash
        return None if chosen or not self._has_password(citizen_id) else self._minted(citizen_id)

    def sign_in(self, citizen_id: int, password: str) -> str:
        """Open a session and return its token. Raises `WrongPassword`, which counts as a try, and `SignInLocked`."""
        now, login = self._now(), self._login(citizen_id)
        if is_locked(login, now):
            raise SignInLocked(self._terms.lock_minutes)
        if not self._has_password(citizen_id):
            raise WrongPassword(REFUSAL)
        if not self._matches(login, password):
            self._fail(login)
            raise WrongPassword(REFUSAL)
        token = self._streams.secret("edevlet.session", citizen_id, login.sessions, size=TOKEN_BYTES).hex()
        ends_at = now + timedelta(minutes=self._terms.session_minutes)
        with self._transaction():
            self._store.forget_ended(now)
            self._store.put_login(after_success(login))
            self._store.put_session(Session(key=_key(token), citizen_id=citizen_id, ends_at=ends_at))
            self._tell(EdevletSignedIn(citizen_id=citizen_id))
        return token

    def session(self, token: str) -> Session:
        """The session of a token. Raises `NoSession` for none, and for one that is over."""
        found = self._store.session(_key(token)) if len(token) == LONGEST_TOKEN else None
        if found is None or found.ends_at <= self._now():
            raise NoSession(NO_SESSION)
        return found

    def sign_out(self, session: Session) -> None:
        """End a session and forget what it asked."""
        with self._transaction():
            self._store.forget_session(session.key)
            self._tell(EdevletSignedOut(citizen_id=session.citizen_id))

    def change_password(self, session: Session, old: str, new: str) -> None:
        """Choose a password; every other session of the citizen ends.

        Raises `WrongPassword`, which counts as a try, `SignInLocked` and `BadPassword`.
        """
        login = self._login(session.citizen_id)
        if is_locked(login, self._now()):
            raise SignInLocked(self._terms.lock_minutes)
        if not self._matches(login, old):
            self._fail(login)
            raise WrongPassword("The present password is another one. Check it, and try again.")
        hashed = self._hash(session.citizen_id, checked_password(new))
        with self._transaction():
            self._store.put_login(replace(login, password_hash=hashed, failures=0))
            self._store.forget_sessions_of(session.citizen_id, but=session.key)
            self._tell(EdevletPasswordChanged(citizen_id=session.citizen_id))

    def page_token(self, session: Session, page: str) -> str:
        """What a form of a page carries: only this session can have read it."""
        return self._streams.secret("edevlet.page", session.key, page, size=24).hex()

    def ask(self, session: Session, code: str | None) -> None:
        """Put a query into the queue; it takes the place of an earlier one."""
        with self._transaction():
            self._store.put_inquiry(Inquiry(session=session.key, code=code, asked_at=self._now()))

    def inquiry(self, session: Session) -> Inquiry | None:
        """What the session has asked last."""
        return self._store.inquiry(session.key)

    def is_queued(self, inquiry: Inquiry) -> bool:
        """Whether a query is still waiting for its turn."""
        return is_queued(inquiry, self._now(), seconds=self._terms.queue_s)

    def keep_answer(self, inquiry: Inquiry, answer: str) -> None:
        """Keep what was answered, unless the session has asked something else meanwhile."""
        current = self._store.inquiry(inquiry.session)
        if current is not None and current.asked_at == inquiry.asked_at and current.code == inquiry.code:
            with self._transaction():
                self._store.put_inquiry(replace(current, answer=answer))

    def oldest_end(self) -> datetime | None:
        """When the first of the sessions that are still kept ended, or will end."""
        end_us = self._store.oldest_end_us()
        return None if end_us is None else from_us(end_us)

    def drop_ended(self, before: datetime) -> int:
        """Forget the sessions that ended before a moment, with what they asked; how many rows."""
        with self._transaction():
            return self._store.forget_ended(before - MICROSECOND)

    def is_known(self, citizen_id: int) -> bool:
        """Whether anything is kept of a citizen's signing in."""
        return self._store.login(citizen_id) is not None

    def forget(self, citizen_id: int) -> int:
        """End a citizen's sessions, forget what they asked, wrong tries and the password they chose; how many rows.

        The minted password is good again. How many sessions there were stays: it decides the next one's token.
        """
        with self._transaction():
            gone = self._store.forget_sessions_of(citizen_id)
            known, plain = self._login(citizen_id), Login(citizen_id=citizen_id)
            fresh = replace(plain, sessions=known.sessions)
            if known != fresh:
                self._store.put_login(fresh)
                gone += 1
        return gone

    def _login(self, citizen_id: int) -> Login:
        return self._store.login(citizen_id) or Login(citizen_id=citizen_id)

    def _minted(self, citizen_id: int) -> str:
        return mint_password(self._streams.draw("edevlet.password", citizen_id))

    def _matches(self, login: Login, password: str) -> bool:
        if not login.password_hash:
            return hmac.compare_digest(self._minted(login.citizen_id).encode(), password.encode("utf-8", "replace"))
        try:
            return PasswordHasher().verify(login.password_hash, password.encode("utf-8", "replace"))
        except VerifyMismatchError:
            return False

    def _fail(self, login: Login) -> None:
        terms = self._terms
        failed = after_failure(login, self._now(), limit=terms.lock_after_failures, minutes=terms.lock_minutes)
        with self._transaction():
            self._store.put_login(failed)
            if failed.locked_until is not None and failed.locked_until != login.locked_until:
                self._tell(EdevletLocked(citizen_id=login.citizen_id))

    def _hash(self, citizen_id: int, password: str) -> str:
        salt = self._streams.secret("edevlet.salt", citizen_id, self._now().isoformat(), size=16)
        passes, memory = self._terms.argon2_passes, self._terms.argon2_memory_kib
        return hash_secret(password.encode(), salt, passes, memory, 1, 32, Type.ID).decode()


def _key(token: str) -> str:
    return blake2b(token.encode("utf-8", "replace"), digest_size=32, person=b"hes-edevlet").hexdigest()
