"""Passwords, locks and the queue."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from mockgov.edevlet.rules import (
    BadPassword,
    Inquiry,
    Login,
    SignInLocked,
    after_failure,
    after_success,
    checked_password,
    is_locked,
    is_queued,
    mint_password,
)
from tests.strategies import draws

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LOGIN = Login(citizen_id=1)


@given(draws())
def test_a_minted_password_has_nothing_that_is_mistaken(draw: object) -> None:
    """Twelve letters and digits, without 0, 1, I, O and l."""
    assert re.fullmatch(r"[A-HJ-NP-Za-km-z2-9]{12}", mint_password(draw))


@pytest.mark.parametrize("text", ["12345678", "x" * 64, "çok gizli bir şifre"])
def test_a_password_that_can_be_chosen(text: str) -> None:
    assert checked_password(text) == text


@pytest.mark.parametrize("text", ["", "1234567", "x" * 65, "12345678\x00", "satır\nsonu 1"])
def test_a_password_that_cannot(text: str) -> None:
    with pytest.raises(BadPassword, match="8 to 64 characters"):
        checked_password(text)


def test_the_last_of_so_many_wrong_passwords_locks() -> None:
    """Until the very moment; then the count starts over."""
    second = after_failure(after_failure(LOGIN, MONDAY, limit=3, minutes=15), MONDAY, limit=3, minutes=15)
    assert (second.failures, second.locked_until) == (2, None)
    third = after_failure(second, MONDAY, limit=3, minutes=15)
    assert (third.failures, third.locked_until) == (0, MONDAY + timedelta(minutes=15))
    assert is_locked(third, MONDAY + timedelta(minutes=15) - SECOND)
    assert not is_locked(third, MONDAY + timedelta(minutes=15))
    assert not is_locked(LOGIN, MONDAY)


def test_a_right_password_opens_a_session_more_and_forgets_the_wrong_ones() -> None:
    wrong = replace(LOGIN, sessions=4, failures=2, locked_until=MONDAY, password_hash="$x")
    assert after_success(wrong) == replace(LOGIN, sessions=5, password_hash="$x")


def test_a_lock_says_for_how_long() -> None:
    assert SignInLocked(7).message == "Too many wrong passwords. Wait 7 minutes and try again."


def test_a_query_waits_for_so_many_seconds_unless_it_is_answered() -> None:
    waiting = Inquiry(session="s", code=None, asked_at=MONDAY)
    assert is_queued(waiting, MONDAY + SECOND, seconds=2)
    assert not is_queued(waiting, MONDAY + 2 * SECOND, seconds=2)
    assert not is_queued(waiting, MONDAY, seconds=0)
    assert not is_queued(replace(waiting, answer="{}"), MONDAY, seconds=2)
