"""Office time: the ministry's own calendar, counted in whole microseconds."""

from datetime import date, datetime, time, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov import working_time
from mockgov.clock import TURKEY
from sim.admissions.model import Hours
from tests.sim.admissions.road import FIRST, at, told

MINUTE_US = 60_000_000
AUTUMN = Hours.of_offices(FIRST, 100)
ZERO = datetime.combine(FIRST, time(), TURKEY)
US = timedelta(microseconds=1)
moments = st.integers(0, 40 * 86_400_000_000)
lengths = st.integers(0, 30 * 8 * 60 * MINUTE_US)


@pytest.mark.parametrize(
    ("begun", "minutes", "done"),
    [
        ("2020-10-23 16:00", 120, "2020-10-26 09:00"),  # Friday to Monday
        ("2020-10-23 16:00", 90, "2020-10-23 17:30"),  # done at closing: done that day
        ("2020-10-27 12:00", 60, "2020-10-27 14:00"),  # lunch
        ("2020-10-28 12:00", 60, "2020-10-30 09:00"),  # the eve's afternoon and the holiday itself are free
        ("2020-10-24 11:00", 1, "2020-10-26 08:31"),  # begun on a Saturday: nothing happens until Monday
        ("2020-10-23 17:30", 0, "2020-10-26 08:30"),
        ("2020-10-23 17:29", 0, "2020-10-23 17:29"),
        ("2020-10-19 00:00", 480, "2020-10-19 17:30"),
    ],
)
def test_work_goes_on_in_office_hours_alone(begun, minutes, done):
    assert told(AUTUMN.after(at(begun), minutes * MINUTE_US)) == done


@given(moments, lengths)
def test_it_is_the_ministrys_calendar(begun_us, length_us):
    """Whatever the moment and the length: the answer is that of `mockgov.working_time`."""
    done = working_time.after_working_time(ZERO + begun_us * US, length_us * US)
    assert AUTUMN.after(begun_us, length_us) == (done - ZERO) // US
    assert AUTUMN.is_open(begun_us) is working_time.is_open(ZERO + begun_us * US)


@given(moments, moments)
def test_elapsed_time_is_the_ministrys(one_us, other_us):
    """Between any two moments, number by number and as a column."""
    begin, end = sorted((one_us, other_us))
    between = working_time.working_time_between(ZERO + begin * US, ZERO + end * US) // US
    assert AUTUMN.elapsed(end) - AUTUMN.elapsed(begin) == between
    assert AUTUMN.elapsed_all(np.array([begin, end])).tolist() == [AUTUMN.elapsed(begin), AUTUMN.elapsed(end)]


def test_beyond_the_last_stretch_the_clock_runs_on():
    """A step that would end after the calendar's end still ends, and after it."""
    day = Hours([(10, 20)])
    assert [day.after(12, length) for length in (7, 8, 9, 100)] == [19, 20, 21, 112]
    assert day.after(50, 3) == 53
    assert Hours.of_offices(date(2020, 10, 24), 2).after(0, 5) == 5  # a weekend: no stretch at all
