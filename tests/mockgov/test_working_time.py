"""Turkish working time, by the calendar on the wall."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.clock import TURKEY
from mockgov.working_time import (
    after_working_days,
    after_working_time,
    eve,
    holiday,
    is_open,
    is_working_day,
    open_hours,
    working_days_between,
    working_time_between,
)


def at(day: int, hour: int = 8, minute: int = 30, *, month: int = 10, year: int = 2021) -> datetime:
    """A moment in Turkey."""
    return datetime(year, month, day, hour, minute, tzinfo=TURKEY)


HOUR = timedelta(hours=1)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2026, 12, 1)).map(lambda naive: naive.replace(tzinfo=TURKEY))  # noqa: DTZ001  a zone is put on


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2021, 1, 1), "Yılbaşı"),
        (date(2020, 10, 29), "Cumhuriyet Bayramı"),
        (date(2021, 5, 13), "Ramazan Bayramı"),
        (date(2021, 5, 15), "Ramazan Bayramı"),
        (date(2021, 5, 16), None),
        (date(2021, 7, 20), "Kurban Bayramı"),
        (date(2021, 7, 23), "Kurban Bayramı"),
        (date(2021, 7, 24), None),
        (date(2021, 10, 4), None),
    ],
)
def test_holidays(day: date, name: str | None) -> None:
    """National ones every year, the religious ones by the year's calendar."""
    assert holiday(day) == name


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2021, 10, 28), "Cumhuriyet Bayramı arifesi"),
        (date(2021, 5, 12), "Ramazan Bayramı arifesi"),
        (date(2021, 7, 19), "Kurban Bayramı arifesi"),
        (date(2021, 10, 27), None),
        (date(2021, 12, 31), None),
    ],
)
def test_eves(day: date, name: str | None) -> None:
    """The afternoons that are free; New Year's Eve is an ordinary day."""
    assert eve(day) == name


def test_offices_open_in_the_morning_and_after_lunch() -> None:
    """08:30 to 12:30 and 13:30 to 17:30, Monday to Friday; half a day before a feast."""
    assert [is_open(at(4, hour, 30)) for hour in (7, 8, 11, 12, 13, 16, 17)] == [
        False,
        True,
        True,
        False,
        True,
        True,
        False,
    ]
    assert not is_open(at(3, 10))
    assert not is_open(at(29, 10))
    assert list(open_hours(date(2021, 10, 28))) == [(at(28, 8, 30), at(28, 12, 30))]


@pytest.mark.parametrize(
    ("begin", "hours", "end"),
    [
        (at(4, 8, 30), 0, at(4, 8, 30)),
        (at(4, 7, 0), 0, at(4, 8, 30)),
        (at(4, 12, 30), 0, at(4, 13, 30)),
        (at(4, 8, 30), 4, at(4, 12, 30)),
        (at(4, 8, 30), 5, at(4, 14, 30)),
        (at(4, 8, 30), 8, at(4, 17, 30)),
        (at(4, 8, 30), 9, at(5, 9, 30)),
        (at(1, 16, 30), 2, at(4, 9, 30)),
        (at(27, 16, 30), 6, at(1, 9, 30, month=11)),
        (at(29, 3, 0), 1, at(1, 9, 30, month=11)),
        (at(4, 8, 30), 88, at(18, 17, 30)),
    ],
)
def test_working_hours_pass_in_office_hours_only(begin: datetime, hours: int, end: datetime) -> None:
    """Over lunch, nights, weekends, the half day before 29 October and the day itself."""
    assert after_working_time(begin, hours * HOUR) == end


def test_working_days_end_when_offices_open() -> None:
    """Three working days after a Thursday is a Tuesday morning; a weekend's post is there on Monday."""
    assert after_working_days(at(7, 15), 3) == at(12)
    assert after_working_days(at(9, 15), 0) == at(11)
    assert after_working_days(at(28, 15), 1) == at(1, month=11)


def test_the_zone_of_the_question_is_that_of_the_answer() -> None:
    """UTC in, UTC out."""
    answer = after_working_time(datetime(2021, 10, 4, 5, 30, tzinfo=UTC), HOUR)
    assert answer == datetime(2021, 10, 4, 6, 30, tzinfo=UTC)
    assert answer.tzinfo is UTC


def test_working_days_between() -> None:
    """The first day does not count, the last does."""
    assert working_days_between(date(2021, 10, 4), date(2021, 10, 18)) == 10
    assert working_days_between(date(2021, 10, 28), date(2021, 11, 1)) == 1
    assert working_days_between(date(2021, 10, 4), date(2021, 10, 1)) == 0


def test_no_time_runs_backwards() -> None:
    """A negative length is a mistake of the caller's."""
    with pytest.raises(ValueError, match="forward only"):
        after_working_time(at(4), -HOUR)


@given(MOMENTS, st.integers(0, 100_000))
def test_as_much_time_passes_as_was_asked_for(begin: datetime, minutes: int) -> None:
    """What `after_working_time` adds, `working_time_between` finds."""
    length = timedelta(minutes=minutes)
    end = after_working_time(begin, length)
    assert working_time_between(begin, end) == length
    assert end >= begin


@given(MOMENTS, st.integers(0, 5_000), st.integers(0, 5_000))
def test_lengths_add_up(begin: datetime, first: int, second: int) -> None:
    """Two stretches one after the other are one long stretch."""
    a, b = timedelta(minutes=first), timedelta(minutes=second + 1)
    assert after_working_time(after_working_time(begin, a), b) == after_working_time(begin, a + b)


@given(st.dates(date(2020, 1, 1), date(2026, 12, 31)))
def test_a_day_is_worked_or_not(day: date) -> None:
    """Open hours, working day and count of days say the same."""
    assert bool(list(open_hours(day))) == is_working_day(day)
    assert working_days_between(day - timedelta(days=1), day) == is_working_day(day)
