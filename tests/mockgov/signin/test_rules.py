"""Login codes and what is minted for a citizen of the application."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from mockgov.signin.rules import LoginCode, is_open, mint_login_code, mint_oid, mint_uuid
from tests.strategies import draws

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LOGIN = LoginCode(citizen_id=1, nth=0, code="012345", sent_at=MONDAY, expires_at=MONDAY + 3 * MINUTE)


def test_a_login_code_is_good_until_its_last_moment() -> None:
    assert is_open(LOGIN, MONDAY + 3 * MINUTE - timedelta(microseconds=1), attempts=5)
    assert not is_open(LOGIN, MONDAY + 3 * MINUTE, attempts=5)


def test_a_login_code_is_void_after_use_and_after_too_many_tries() -> None:
    assert not is_open(replace(LOGIN, used=True), MONDAY, attempts=5)
    assert is_open(replace(LOGIN, attempts=4), MONDAY, attempts=5)
    assert not is_open(replace(LOGIN, attempts=5), MONDAY, attempts=5)


@pytest.mark.parametrize("length", [5, 6])
@given(draw=draws())
def test_a_login_code_has_its_digits(length: int, draw: object) -> None:
    assert re.fullmatch(rf"[0-9]{{{length}}}", mint_login_code(draw, length))


@given(draws())
def test_user_ids_have_the_form_of_version_4(draw: object) -> None:
    """RFC 9562, section 5.4."""
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", mint_uuid(draw))


@given(draws())
def test_oids_have_seven_digits(draw: object) -> None:
    assert re.fullmatch(r"[1-9][0-9]{6}", mint_oid(draw))
