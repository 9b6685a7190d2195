"""Commands that the credentials desk takes, and the events that it tells."""

from dataclasses import dataclass

from mockgov.credentials.rules import Environment


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionAccount:
    """Make an institution's account in an environment."""

    institution_id: int
    label: str
    environment: Environment


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountProvisioned:
    """An account exists."""

    username: str
    institution_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRotated:
    """The old password opens nothing any more."""

    username: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLocked:
    """Too many wrong passwords, or an officer shut it."""

    username: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRevoked:
    """An account opens nothing any more."""

    username: str
