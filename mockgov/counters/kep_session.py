"""Sessions of KEP account holders: a token that proves itself, so that no counter keeps anything.

A token names what it is for, whose it is and until when, and carries a keyed digest of that. The key is a secret of
the world; the moments are the world's. Nothing can void a token before its time but the world's own end.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Final

from mockgov.clock import Now, from_us, to_us
from mockgov.refusal import Refused
from mockgov.streams import Streams
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.kep_address import KepAddress

LIFE: Final = timedelta(minutes=30)
"""How long a session lasts; signing in again opens another (chosen here)."""
CHALLENGE_LIFE: Final = timedelta(minutes=5)
"""How long a text may be signed for a sign-in by electronic signature (chosen here)."""
LONGEST: Final = 512
"""No token is longer, in characters."""
DIGEST_BYTES: Final = 24
CODE_DIGITS: Final = 6
NO_SESSION: Final = "The session is missing, forged or over. Sign in again and send the new token."


class BadSession(Refused):
    """The token is missing, forged, of another kind, or too old."""

    key = "unauthorized"


class Kind(StrEnum):
    """What a token is good for."""

    SESSION = "session"
    """Everything that its account may do."""
    CHALLENGE = "challenge"
    """To be signed, or sent back with the code that went by SMS, and thereby turned into a session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A token and the moment at which it stops working."""

    token: str
    expires_at: datetime


class Sessions:
    """Makes and reads the tokens of one world."""

    def __init__(self, *, streams: Streams, now: Now) -> None:
        self._key = streams.secret("kep.session")
        self._now = now

    def open(self, address: KepAddress, kind: Kind = Kind.SESSION) -> Opened:
        """A new token for an account whose holder has proved who they are."""
        expires_at = self._now() + (LIFE if kind is Kind.SESSION else CHALLENGE_LIFE)
        claim = f"{kind} {address.address} {to_us(expires_at)}".encode()
        return Opened(token=f"{_text(claim)}.{_text(self._digest(claim))}", expires_at=expires_at)

    def holder(self, token: str, kind: Kind = Kind.SESSION) -> KepAddress:
        """Whose token it is. Raises `BadSession`."""
        claim, _, digest = token.strip().partition(".")
        if len(token) > LONGEST or not token.isascii():
            raise BadSession(NO_SESSION)
        try:
            told = _bytes(claim)
            genuine = hmac.compare_digest(_bytes(digest), self._digest(told))
        except (ValueError, binascii.Error):
            raise BadSession(NO_SESSION) from None
        if not genuine or _text(told) != claim:
            raise BadSession(NO_SESSION)
        its_kind, address, expires_us = told.decode().split(" ")
        if its_kind != kind or from_us(int(expires_us)) <= self._now():
            raise BadSession(NO_SESSION)
        try:
            return KepAddress.parse(address)
        except InvalidWord:  # pragma: no cover  the digest says that we wrote it
            raise BadSession(NO_SESSION) from None

    def code(self, challenge: str) -> str:
        """The six digits that go by SMS with a challenge, and come back with it."""
        number = int.from_bytes(self._digest(b"code " + challenge.encode()), "big") % 10**CODE_DIGITS
        return f"{number:0{CODE_DIGITS}}"

    def _digest(self, claim: bytes) -> bytes:
        return blake2b(claim, digest_size=DIGEST_BYTES, key=self._key, person=b"hes-kep-session").digest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
