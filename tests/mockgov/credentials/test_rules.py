"""User names, passwords, and how a door locks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.credentials.rules import (
    Account,
    AccountState,
    Environment,
    IllegalTransition,
    after_failure,
    after_success,
    is_locked,
    is_officers_lock,
    mint_password,
    revoke,
    username,
)
from tests.strategies import draws

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ACCOUNT = Account(username="KURUM-TEST", environment=Environment.TEST, institution_id=1, password_hash="$argon2id$")


@pytest.mark.parametrize(
    ("label", "environment", "name"),
    [
        ("ÇINAR-LOJİSTİK", Environment.LIVE, "ÇINAR-LOJİSTİK-G2G-HES"),
        ("ÇINAR-LOJİSTİK", Environment.TEST, "ÇINAR-LOJİSTİK-TEST"),
    ],
)
def test_user_names(label: str, environment: Environment, name: str) -> None:
    """Live ones end in -G2G-HES, test ones in -TEST."""
    assert username(label, environment) == name


@given(draws())
def test_passwords(draw: object) -> None:
    """Eighteen characters, ASCII letters and digits."""
    password = mint_password(draw)
    assert len(password) == 18
    assert password.isascii()
    assert password.isalnum()


def test_the_fifth_wrong_password_locks() -> None:
    """Four wrong ones are only counted; the fifth shuts the door for fifteen minutes and the count starts over."""
    account = ACCOUNT
    for failures in range(1, 5):
        account = after_failure(account, MONDAY, limit=5, minutes=15)
        assert account == replace(ACCOUNT, failures=failures)
    account = after_failure(account, MONDAY, limit=5, minutes=15)
    assert account == replace(ACCOUNT, failures=0, locked_until=MONDAY + 15 * MINUTE)


def test_a_lock_ends_with_its_last_moment() -> None:
    locked = replace(ACCOUNT, locked_until=MONDAY)
    assert is_locked(locked, MONDAY - timedelta(microseconds=1))
    assert not is_locked(locked, MONDAY)
    assert not is_locked(ACCOUNT, MONDAY)


def test_a_lock_longer_than_wrong_passwords_bring_is_an_officers() -> None:
    """Wrong passwords lock for fifteen minutes to the last microsecond; whatever is longer was done by hand."""
    locked = after_failure(ACCOUNT, MONDAY, limit=1, minutes=15)
    assert not is_officers_lock(locked, MONDAY, minutes=15)
    assert not is_officers_lock(ACCOUNT, MONDAY, minutes=15)
    by_hand = replace(ACCOUNT, locked_until=MONDAY + 15 * MINUTE + timedelta(microseconds=1))
    assert is_officers_lock(by_hand, MONDAY, minutes=15)


def test_a_right_password_starts_the_count_over() -> None:
    assert after_success(replace(ACCOUNT, failures=4, locked_until=MONDAY)) == ACCOUNT


def test_revocation_is_for_good() -> None:
    """A revoked account cannot be revoked again, and nothing else changes."""
    revoked = revoke(ACCOUNT)
    assert revoked == replace(ACCOUNT, state=AccountState.REVOKED)
    with pytest.raises(IllegalTransition, match="KURUM-TEST is revoked already; provision an account with another"):
        revoke(revoked)


@given(st.integers(1, 9), st.integers(1, 60))
def test_any_limit_locks_with_its_last_failure(limit: int, minutes: int) -> None:
    account = ACCOUNT
    for _ in range(limit):
        assert not is_locked(account, MONDAY)
        account = after_failure(account, MONDAY, limit=limit, minutes=minutes)
    assert is_locked(account, MONDAY + minutes * MINUTE - timedelta(microseconds=1))
