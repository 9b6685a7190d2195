"""How an account lives, and what its names look like. Pure.

ACTIVE --(revoke)--> REVOKED;   locked is not a state but a moment until which the door stays shut.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mockgov.refusal import Refused
from mockgov.vocabulary.chance import Draw, pick

PASSWORD_LENGTH = 18
"""Facts section 2."""

PASSWORD_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"  # noqa: S105  an alphabet
"""Facts section 2: `[A-Za-z0-9]`."""


class Environment(StrEnum):
    """Which of the two doors an account opens."""

    TEST = "test"
    LIVE = "live"


LIVE_BASE: Final = "/services/g2g/saglik/hes/"
TEST_BASE: Final = "/services/g2g/test/saglik/hes/"
"""Where the corporate service answers in the live and in the test environment (facts section 2)."""


class AccountState(StrEnum):
    """Where an account stands."""

    ACTIVE = "active"
    REVOKED = "revoked"


TRANSITIONS: Mapping[AccountState, frozenset[AccountState]] = MappingProxyType(
    {AccountState.ACTIVE: frozenset({AccountState.REVOKED}), AccountState.REVOKED: frozenset()}
)


class UnknownAccount(Refused):
    """No account has that user name."""

    key = "accountnotfound"


class AccountTaken(Refused):
    """The user name is in use."""

    key = "accountexists"


class IllegalTransition(Refused):
    """The account's state does not allow it."""

    key = "illegaltransition"


class BadCredentials(Refused):
    """User name and password do not open this door; which of the two is wrong is not told."""

    key = "badcredentials"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An institution's user in one environment."""

    username: str
    environment: Environment
    institution_id: int
    password_hash: str
    """An argon2id hash in PHC form."""
    rotation: int = 0
    """How often the password has been changed."""
    state: AccountState = AccountState.ACTIVE
    failures: int = 0
    """Wrong passwords since the last right one."""
    locked_until: datetime | None = None


def username(label: str, environment: Environment) -> str:
    """The user name of an institution's label in an environment (facts section 2)."""
    return f"{label}-G2G-HES" if environment is Environment.LIVE else f"{label}-TEST"


def mint_password(draw: Draw) -> str:
    """A new password."""
    return "".join(pick(draw, PASSWORD_ALPHABET) for _ in range(PASSWORD_LENGTH))


def is_locked(account: Account, at: datetime) -> bool:
    """Whether the door stays shut at that moment whatever the password."""
    return account.locked_until is not None and at < account.locked_until


def is_officers_lock(account: Account, at: datetime, *, minutes: int) -> bool:
    """Whether the door stays shut for longer than wrong passwords ever lock it: somebody locked it by hand."""
    return account.locked_until is not None and account.locked_until - at > timedelta(minutes=minutes)


def after_failure(account: Account, at: datetime, *, limit: int, minutes: int) -> Account:
    """The account after one more wrong password; the `limit`-th in a row locks it for `minutes`."""
    failures = account.failures + 1
    if failures < limit:
        return replace(account, failures=failures)
    return replace(account, failures=0, locked_until=at + timedelta(minutes=minutes))


def after_success(account: Account) -> Account:
    """The account after a right password: the count of wrong ones starts over."""
    return replace(account, failures=0, locked_until=None)


def check_rotatable(account: Account) -> None:
    """Raises `IllegalTransition` for an account that no password opens any more."""
    if account.state is AccountState.REVOKED:
        raise IllegalTransition(
            f"{account.username} is revoked and gets no new password; provision an account with another label."
        )


def revoke(account: Account) -> Account:
    """The account, closed for good. Raises `IllegalTransition` and changes nothing."""
    if AccountState.REVOKED not in TRANSITIONS[account.state]:
        raise IllegalTransition(f"{account.username} is revoked already; provision an account with another label.")
    return replace(account, state=AccountState.REVOKED)
