"""Login codes and tokens. Pure."""

from dataclasses import dataclass
from datetime import datetime

from mockgov.refusal import Refused
from mockgov.vocabulary.chance import Draw, digits

ROLE = "ROLE_USER"
"""The only authority in a token (facts section 1)."""


class WrongLoginCode(Refused):
    """The SMS code is wrong, used up or too old."""

    key = "wronglogincode"


class BadToken(Refused):
    """The token is missing, forged, or has expired."""

    key = "unauthorized"


class NotRegistered(Refused):
    """Somebody is signed in, but has yet to register."""

    key = "registrationincomplete"


class RegistrationRefused(Refused):
    """What was sent does not register this phone's owner."""

    key = "registrationrefused"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginCode:
    """The one open login code of a phone."""

    citizen_id: int
    nth: int
    """How many codes this citizen had before."""
    code: str
    sent_at: datetime
    expires_at: datetime
    attempts: int = 0
    """Wrong tries so far."""
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AppUser:
    """A citizen as the mobile application knows them."""

    citizen_id: int
    user_id: str
    """UUID; `sub` of the tokens."""
    oid: str
    """Seven digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A citizen's registration in the application, done or tried."""

    citizen_id: int
    attempts: int = 0
    """Tries that did not fit, since the last sign-in."""
    registered_at: datetime | None = None
    text_version: float = 0.0
    """Of the clarification text that was accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """What a successful sign-in hands out."""

    user: AppUser
    id_token: str
    refresh_token: str


def is_open(login: LoginCode, at: datetime, *, attempts: int) -> bool:
    """Whether the code may still be tried."""
    return not login.used and at < login.expires_at and login.attempts < attempts


def mint_login_code(draw: Draw, length: int) -> str:
    """A code of `length` digits."""
    return digits(draw, length)


def mint_uuid(draw: Draw) -> str:
    """A UUID of version 4's form (RFC 9562, section 5.4)."""
    text = "".join(f"{draw(16):x}" for _ in range(30))
    variant = "89ab"[draw(4)]
    return f"{text[:8]}-{text[8:12]}-4{text[12:15]}-{variant}{text[15:18]}-{text[18:30]}"


def mint_oid(draw: Draw) -> str:
    """A 7-digit string that does not begin with zero."""
    return f"{1 + draw(9)}{digits(draw, 6)}"
