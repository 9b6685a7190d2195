"""Use-cases of the sign-in desk."""

import hmac
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from mockgov.bus import Tell
from mockgov.clock import Now, from_us, to_us
from mockgov.signin.messages import CitizenEnrolled, CitizenSignedIn, LoginCodeSent, Register, SendLoginCode
from mockgov.signin.rules import (
    ROLE,
    AppUser,
    BadToken,
    LoginCode,
    NotRegistered,
    Registration,
    RegistrationRefused,
    SignedIn,
    WrongLoginCode,
    is_open,
    mint_login_code,
    mint_oid,
    mint_uuid,
)
from mockgov.signin.store import LoginStore
from mockgov.streams import Streams

ALGORITHM = "HS512"
WRONG_CODE = "The code is wrong, used or too old. Ask for a new one with send-code-to-login."
WRONG_TOKEN = "The token is missing, forged or expired. Sign in again and send `Authorization: Bearer <id_token>`."  # noqa: S105  a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long things live; see `mockgov.settings.Settings` for meaning and source."""

    code_digits: int
    code_minutes: int
    attempts: int
    token_days: int
    short_token_hours: int
    registration: bool = False


class SignIn:
    """The sign-in desk of one world."""

    def __init__(
        self,
        *,
        store: LoginStore,
        now: Now,
        streams: Streams,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
        terms: Terms,
    ) -> None:
        self._store = store
        self._now = now
        self._streams = streams
        self._tell = tell
        self._transaction = transaction
        self._terms = terms
        self._key = OctKey.import_key(streams.secret("signin.jwt", size=64))

    def send_code(self, order: SendLoginCode) -> None:
        """Make a login code, which voids an earlier one, and let it go out."""
        before = self._store.get(order.citizen_id)
        nth = 0 if before is None else before.nth + 1
        now = self._now()
        draw = self._streams.draw("signin.code", order.citizen_id, nth)
        login = LoginCode(
            citizen_id=order.citizen_id,
            nth=nth,
            code=mint_login_code(draw, self._terms.code_digits),
            sent_at=now,
            expires_at=now + timedelta(minutes=self._terms.code_minutes),
        )
        with self._transaction():
            self._store.put(login)
            self._tell(LoginCodeSent(phone=order.phone, code=login.code))

    def sign_in(self, citizen_id: int, code: str, *, remember_me: bool) -> SignedIn:
        """Trade an SMS code for a token. Raises `WrongLoginCode`, which counts as a try."""
        login = self._store.get(citizen_id)
        if login is None or not is_open(login, self._now(), attempts=self._terms.attempts):
            raise WrongLoginCode(WRONG_CODE)
        if not hmac.compare_digest(login.code.encode(), code.encode()):
            with self._transaction():
                self._store.put(replace(login, attempts=login.attempts + 1))
            raise WrongLoginCode(WRONG_CODE)
        user = self.user(citizen_id)
        with self._transaction():
            self._store.put(replace(login, used=True))
            self._store.put_user(user.user_id, citizen_id)
            if (tried := self._store.registration(citizen_id)) is not None and tried.attempts:
                self._store.put_registration(replace(tried, attempts=0))
            self._tell(CitizenSignedIn(citizen_id=citizen_id))
        return SignedIn(
            user=user,
            id_token=self._token(user, remember_me=remember_me),
            refresh_token=mint_uuid(self._streams.draw("signin.refresh", citizen_id, login.nth)),
        )

    def user(self, citizen_id: int) -> AppUser:
        """How the application knows a citizen."""
        draw = self._streams.draw("signin.user", citizen_id)
        return AppUser(citizen_id=citizen_id, user_id=mint_uuid(draw), oid=mint_oid(draw))

    def bearer(self, token: str) -> int:
        """The citizen that a token stands for. Raises `BadToken`."""
        try:
            claims: dict[str, Any] = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError):
            raise BadToken(WRONG_TOKEN) from None
        expires, subject = claims.get("exp"), claims.get("sub")
        if not isinstance(expires, int) or not isinstance(subject, str) or expires <= self._now().timestamp():
            raise BadToken(WRONG_TOKEN)
        citizen_id = self._store.citizen_of(subject)
        if citizen_id is None:
            raise BadToken(WRONG_TOKEN)
        return citizen_id

    def register(self, order: Register) -> Registration:
        """Register somebody who is signed in. Raises `RegistrationRefused`; what does not fit counts as a try."""
        known = self._store.registration(order.citizen_id) or Registration(citizen_id=order.citizen_id)
        if self.is_registered(order.citizen_id):
            raise RegistrationRefused("You are registered already; nothing more is to be done.")
        if not order.consented:
            raise RegistrationRefused(
                "Read the clarification text of the day and accept it; without it nobody registers."
            )
        if known.attempts >= self._terms.attempts:
            raise RegistrationRefused("Too many tries. Have a new code sent to your phone and sign in with it first.")
        if not order.fits:
            with self._transaction():
                self._store.put_registration(replace(known, attempts=known.attempts + 1))
            raise RegistrationRefused(
                "Identity number and birth date are not those of this phone's owner. Type both as on the ID card."
            )
        made = replace(known, attempts=0, registered_at=self._now(), text_version=order.text_version)
        with self._transaction():
            self._store.put_registration(made)
            self._tell(CitizenEnrolled(citizen_id=order.citizen_id))
        return made

    def is_registered(self, citizen_id: int) -> bool:
        """Whether a citizen may use the application's services; everybody may where no registration is asked for."""
        if not self._terms.registration:
            return True
        known = self._store.registration(citizen_id)
        return known is not None and known.registered_at is not None

    def has_registered(self, citizen_id: int) -> bool:
        """Whether anything is kept of a citizen's registration, done or tried."""
        return self._store.registration(citizen_id) is not None

    def require_registered(self, citizen_id: int) -> None:
        """Raises `NotRegistered`."""
        if not self.is_registered(citizen_id):
            raise NotRegistered("Register first, with identity number, birth date and consent to the text of the day.")

    def oldest_end(self) -> datetime | None:
        """When the first of the login codes that are still written down ended, or will end."""
        end_us = self._store.oldest_end_us()
        return None if end_us is None else from_us(end_us)

    def strike_ended(self, before: datetime) -> int:
        """Strike out the login codes that ended before a moment; how many."""
        with self._transaction():
            return self._store.strike(ended_before_us=to_us(before))

    def forget(self, citizen_id: int) -> int:
        """Close a citizen's account: its tokens open nothing any more, login code and registration go.

        How many rows went. Signing in again opens a new account.
        """
        with self._transaction():
            account = self._store.drop_users(citizen_id) + self._store.drop_registration(citizen_id)
            return account + self._store.strike(citizen_id=citizen_id)

    def _token(self, user: AppUser, *, remember_me: bool) -> str:
        days = timedelta(days=self._terms.token_days)
        life = days if remember_me else timedelta(hours=self._terms.short_token_hours)
        claims = {
            "sub": user.user_id,
            "auth": ROLE,
            "oid": user.oid,
            "exp": int((self._now() + life).timestamp()),
        }
        return jws.serialize_compact({"alg": ALGORITHM}, json.dumps(claims), self._key, algorithms=[ALGORITHM])
