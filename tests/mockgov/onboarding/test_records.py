"""When the office's work is due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.onboarding.records import in_office_time
from mockgov.working_time import after_working_time

MONDAY = datetime(2021, 10, 4, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("microseconds", "due"),
    [(0, 0), (1, 1000), (999, 1000), (1000, 1000), (123_456, 124_000), (999_001, 1_000_000)],
)
def test_work_is_due_at_a_whole_millisecond(microseconds: int, due: int) -> None:
    """Clients are told milliseconds: a clock moved to what was told must have passed what is due."""
    begun = MONDAY + timedelta(microseconds=microseconds)
    assert in_office_time(begun, HOUR) == MONDAY + HOUR + timedelta(microseconds=due)


@given(st.integers(0, 10**15), st.integers(0, 100))
def test_never_early_and_never_a_millisecond_late(microseconds: int, hours: int) -> None:
    """Whatever the moment and the length."""
    begun = MONDAY + timedelta(microseconds=microseconds % (400 * 86_400 * 10**6))
    exact, due = after_working_time(begun, hours * HOUR), in_office_time(begun, hours * HOUR)
    assert timedelta(0) <= due - exact < timedelta(milliseconds=1)
    assert due.microsecond % 1000 == 0
