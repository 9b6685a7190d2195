"""Commands that the sign-in desk takes, and the events that it tells."""

from dataclasses import dataclass

from mockgov.vocabulary.phone import Phone


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLoginCode:
    """Send a login code to a phone's owner."""

    citizen_id: int
    phone: Phone


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginCodeSent:
    """A login code is to go out by SMS."""

    phone: Phone
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenSignedIn:
    """A citizen has a token."""

    citizen_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Open a citizen's account in the application, after the first sign-in."""

    citizen_id: int
    fits: bool
    """Whether identity number and birth date are those of the phone's owner."""
    consented: bool
    """Whether the clarification text of the day was accepted."""
    text_version: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenEnrolled:
    """A citizen has registered in the application."""

    citizen_id: int
