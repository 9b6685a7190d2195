"""How a code lives and dies, moment by moment."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.clock import TURKEY
from mockgov.codes.rules import (
    INDEFINITE,
    TRANSITIONS,
    BadDuration,
    BadLabel,
    Code,
    CodeState,
    IllegalTransition,
    checked_description,
    ends_after_days,
    ends_on_day,
    move,
    shorten,
    state_at,
)

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)  # 08:00 in Turkey
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
CODE = Code(text="A1B2345617", citizen_id=1, created_at=MONDAY, expires_at=MONDAY + 7 * DAY)


def test_an_indefinite_code_ends_in_2070() -> None:
    assert INDEFINITE.isoformat() == "2070-12-30T13:00:00+00:00"
    assert ends_after_days(MONDAY, None) == INDEFINITE
    assert ends_on_day(MONDAY, None) == INDEFINITE


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (MONDAY, CodeState.ACTIVE),
        (MONDAY + 7 * DAY - MICROSECOND, CodeState.ACTIVE),
        (MONDAY + 7 * DAY, CodeState.EXPIRED),
        (MONDAY + 70 * DAY, CodeState.EXPIRED),
    ],
)
def test_a_code_is_expired_from_its_last_moment_on(at: datetime, state: CodeState) -> None:
    assert state_at(CODE, at) is state


def test_the_law_of_transitions() -> None:
    """Active codes expire or are deleted, expired ones are deleted, and nothing follows deletion."""
    assert {str(state): {str(to) for to in ends} for state, ends in TRANSITIONS.items()} == {
        "active": {"expired", "deleted"},
        "expired": {"deleted"},
        "deleted": set(),
    }


def test_a_holder_deletes_an_active_and_an_expired_code() -> None:
    """From the moment of deletion it is deleted; before it, it was what it was."""
    for at in (MONDAY + DAY, MONDAY + 8 * DAY):
        deleted = move(CODE, CodeState.DELETED, at)
        assert state_at(deleted, at) is CodeState.DELETED
        assert state_at(deleted, at - MICROSECOND) is state_at(CODE, at - MICROSECOND)


def test_an_illegal_move_raises_and_changes_nothing() -> None:
    """A deleted code cannot be deleted, expired or shortened; an expired one neither expires again nor shortens."""
    deleted = move(CODE, CodeState.DELETED, MONDAY + DAY)
    for to in CodeState:
        with pytest.raises(IllegalTransition, match=f"deleted cannot become {to}; make a new one"):
            move(deleted, to, MONDAY + 2 * DAY)
    with pytest.raises(IllegalTransition, match="expired cannot become expired"):
        move(CODE, CodeState.EXPIRED, MONDAY + 7 * DAY)
    for code in (CODE, deleted):
        with pytest.raises(IllegalTransition, match="Only an active code can be shortened"):
            shorten(code, MONDAY + 9 * DAY, MONDAY + 8 * DAY)


def test_expiring_by_hand_ends_a_code_now() -> None:
    assert move(CODE, CodeState.EXPIRED, MONDAY + DAY).expires_at == MONDAY + DAY


def test_a_code_is_only_ever_shortened() -> None:
    """The new end lies after now and before the present end, by a microsecond at least."""
    now = MONDAY + DAY
    for to in (now + MICROSECOND, MONDAY + 7 * DAY - MICROSECOND):
        assert shorten(CODE, to, now).expires_at == to
    for to in (now - DAY, now, MONDAY + 7 * DAY, MONDAY + 8 * DAY):
        with pytest.raises(BadDuration, match="choose an end after now and before its present end"):
            shorten(CODE, to, now)


def test_a_shortened_end_is_written_in_utc() -> None:
    """Whatever zone the holder says it in."""
    noon_in_turkey = datetime(2021, 10, 5, 12, tzinfo=TURKEY)
    assert str(shorten(CODE, noon_in_turkey, MONDAY).expires_at) == "2021-10-05 09:00:00+00:00"


@pytest.mark.parametrize(("days", "ends"), [(1, "2021-10-05T05"), (540, "2023-03-28T05"), (3650, "2031-10-02T05")])
def test_days_are_24_hours_from_the_making(days: int, ends: str) -> None:
    assert ends_after_days(MONDAY, days).isoformat()[:13] == ends


@pytest.mark.parametrize("days", [0, -1, 3651, 10**30])
def test_impossible_numbers_of_days(days: int) -> None:
    with pytest.raises(BadDuration, match="A code lives 1 to 3650 days, or without end"):
        ends_after_days(MONDAY, days)


@pytest.mark.parametrize(
    ("last_day", "ends"),
    [
        ("2021-10-04", "2021-10-04T21:00:00+00:00"),
        ("2021-10-31", "2021-10-31T21:00:00+00:00"),
        ("2031-10-02", "2031-10-02T21:00:00+00:00"),
    ],
)
def test_a_last_day_ends_at_turkish_midnight(last_day: str, ends: str) -> None:
    assert ends_on_day(MONDAY, date.fromisoformat(last_day)).isoformat() == ends


@pytest.mark.parametrize("last_day", ["2021-10-03", "2031-10-03", "0001-01-01", "9999-12-31"])
def test_impossible_last_days(last_day: str) -> None:
    with pytest.raises(BadDuration, match="Choose a last day from today to 3650 days on"):
        ends_on_day(MONDAY, date.fromisoformat(last_day))


def test_today_is_the_turkish_today() -> None:
    """At 22:00 UTC on the 4th it is the 5th in Turkey, and the 4th is past."""
    with pytest.raises(BadDuration):
        ends_on_day(datetime(2021, 10, 4, 22, tzinfo=UTC), date(2021, 10, 4))
    assert ends_on_day(datetime(2021, 10, 4, 22, tzinfo=UTC), date(2021, 10, 5)).day == 5


@given(st.integers(0, 3650), st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  Hypothesis adds the zone
def test_a_last_day_lies_ahead(days: int, at: datetime) -> None:
    """A code for a chosen day, today or later, is active when it is made and lives for less than a day longer."""
    last_day = at.astimezone(TURKEY).date() + timedelta(days=days)
    assert timedelta(days=days) < ends_on_day(at, last_day) - at + DAY <= timedelta(days=days + 2)
    assert ends_on_day(at, last_day) > at


def test_descriptions() -> None:
    """A label of up to 100 characters is kept as it is; longer ones and NUL are refused."""
    assert checked_description("İş yeri 🏢" + "x" * 91) == "İş yeri 🏢" + "x" * 91
    for text in ("x" * 101, "a\x00b"):
        with pytest.raises(BadLabel, match="at most 100 characters and no NUL"):
            checked_description(text)
