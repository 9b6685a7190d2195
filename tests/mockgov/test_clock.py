"""The world's clock: stands or runs, only ever forward, in UTC, to the microsecond."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.clock import LAST, TURKEY, ClockRefusedError, ManualClock, RunningClock, from_us, to_us, wall_clock

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)


class Real:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2030, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_a_manual_clock_stands_until_it_is_moved() -> None:
    clock = ManualClock(MONDAY)
    assert clock.now() == clock.now() == MONDAY
    clock.move_to(MONDAY + DAY)
    assert clock.now() == MONDAY + DAY
    clock.move_to(MONDAY + DAY)


def test_a_running_clock_runs_with_real_time() -> None:
    """From its own start, and on from where it is moved to."""
    real = Real()
    clock = RunningClock(MONDAY, real_now=real)
    real.now += timedelta(seconds=90)
    assert clock.now() == MONDAY + timedelta(seconds=90)
    clock.move_to(MONDAY + DAY)
    real.now += MICROSECOND
    assert clock.now() == MONDAY + DAY + MICROSECOND


def test_a_running_clock_goes_on_after_being_written_down() -> None:
    """With nothing but how far it is ahead; it runs also while nobody looks."""
    real = Real()
    written = RunningClock(MONDAY, real_now=real).ahead_us
    real.now += DAY
    assert RunningClock.ahead_by(written, real_now=real).now() == MONDAY + DAY
    assert written < 0


@pytest.mark.parametrize("make", [ManualClock, lambda start: RunningClock(start, real_now=Real())])
def test_no_clock_goes_back(make: type[ManualClock]) -> None:
    """The refusal says what to do, and the clock stands where it stood."""
    clock = make(MONDAY)
    with pytest.raises(ClockRefusedError, match=r"only runs forward; .* is past\. Fork"):
        clock.move_to(MONDAY - MICROSECOND)
    assert clock.now() == MONDAY


@pytest.mark.parametrize("make", [ManualClock, lambda start: RunningClock(start, real_now=Real())])
@pytest.mark.parametrize(
    "moment",
    [
        "2200-01-01T00:00:00.000001+00:00",
        "1969-12-31T23:59:59+00:00",
        "9999-12-31T23:59:59.999999-12:00",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_no_clock_leaves_its_centuries(make: type[ManualClock], moment: str) -> None:
    """1970 to 2200: within them no date of the ministry's overflows."""
    with pytest.raises(ClockRefusedError, match="Choose a moment from 1970 to 2200"):
        make(MONDAY).move_to(datetime.fromisoformat(moment))
    with pytest.raises(ClockRefusedError, match="Choose a moment"):
        make(datetime.fromisoformat(moment))
    assert make(LAST).now() == LAST


def test_a_moment_needs_a_zone() -> None:
    """The refusal shows how to write it."""
    with pytest.raises(ClockRefusedError, match=r"Give one, such as 2021-10-04T08:00:00\+03:00"):
        ManualClock(datetime(2021, 10, 4, 8))  # noqa: DTZ001  the mistake itself


def test_any_zone_is_turned_into_utc() -> None:
    clock = ManualClock(datetime(2021, 10, 4, 8, tzinfo=TURKEY))
    assert clock.now() == MONDAY
    assert clock.now().tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "us"),
    [
        ("1970-01-01T00:00:00+00:00", 0),
        ("2021-10-04T05:00:00+00:00", 1_633_323_600_000_000),
        ("2021-10-04T08:00:00.000001+03:00", 1_633_323_600_000_001),
        ("2070-12-30T13:00:00+00:00", 3_187_170_000_000_000),
        ("1969-12-31T23:59:59.999999+00:00", -1),
    ],
)
def test_microseconds(moment: str, us: int) -> None:
    assert to_us(datetime.fromisoformat(moment)) == us
    assert from_us(us) == datetime.fromisoformat(moment)


@given(st.datetimes(datetime(1, 1, 2), timezones=st.sampled_from([UTC])))  # noqa: DTZ001  Hypothesis adds the zone
def test_microseconds_lose_nothing(moment: datetime) -> None:
    assert from_us(to_us(moment)) == moment


def test_the_wall_clock_is_aware() -> None:
    assert wall_clock().tzinfo is UTC


@pytest.mark.parametrize(("factor", "passed"), [(60, 90 * 60), (0.5, 45), (1, 90), (100_000, 9_000_000)])
def test_a_running_clock_may_hurry(factor: float, passed: float) -> None:
    """So many times as fast as real time, and on from where it is moved to."""
    real = Real()
    clock = RunningClock(MONDAY, factor=factor, real_now=real)
    real.now += timedelta(seconds=90)
    assert clock.now() == MONDAY + timedelta(seconds=passed)
    clock.move_to(MONDAY + 365 * DAY)
    assert clock.now() == MONDAY + 365 * DAY
    clock.catch_up_to(MONDAY)
    real.now += timedelta(seconds=1)
    assert clock.now() == MONDAY + 365 * DAY + timedelta(seconds=factor)


@pytest.mark.parametrize("factor", [0, -1, 0.0009, 100_001, float("nan"), float("inf")])
def test_impossible_factors(factor: float) -> None:
    with pytest.raises(ClockRefusedError, match=r"runs 0\.001 to 100000 times as fast"):
        RunningClock(MONDAY, factor=factor, real_now=Real())


@pytest.mark.parametrize("factor", [0.001, 1, 100_000])
def test_a_running_clock_stands_at_the_end_of_all_clocks(factor: float) -> None:
    """However fast it runs and however long; nothing overflows."""
    real = Real()
    clock = RunningClock(LAST - timedelta(seconds=1), factor=factor, real_now=real)
    real.now = datetime(9000, 1, 1, tzinfo=UTC)
    assert clock.now() == LAST
    clock.catch_up_to(LAST)
    assert clock.now() == LAST


def test_a_hurrying_clock_goes_on_after_being_written_down() -> None:
    """As if it had run on all the while."""
    real = Real()
    clock = RunningClock(MONDAY, factor=60, real_now=real)
    real.now += timedelta(minutes=1)
    clock.move_to(MONDAY + DAY)
    again = RunningClock.going_on(clock.kept, factor=60, real_now=real)
    real.now += timedelta(minutes=1)
    assert again.now() == clock.now() == MONDAY + DAY + timedelta(hours=1)
