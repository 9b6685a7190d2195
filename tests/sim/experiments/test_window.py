"""Which months are compared: whole ones, that were published."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiments.observed import KINDS, MONTHS, left_out, observations
from sim.experiments.window import Window, WindowError, last_day

BEGAN = date(2020, 3, 11)


def test_the_usual_window_is_that_of_the_validation() -> None:
    """March 2020 counts from the 11th, the first case; the fit ends with June 2021 though the scenario goes on."""
    found = Window.of(BEGAN, 720, ahead="2022-02")
    assert (found.first, found.until, found.ahead, found.last) == ("2020-03", "2021-06", "2022-02", "2022-02")
    assert (found.days, found.days_ahead, found.left_out) == (477, 720, ())


def test_a_shorter_scenario_is_compared_as_far_as_it_goes() -> None:
    """To its last whole month; the one in which it ends is named."""
    found = Window.of(BEGAN, 60)
    assert (found.first, found.until, found.days, found.days_ahead) == ("2020-03", "2020-04", 51, 51)
    (told,) = found.left_out
    ends = "the scenario ends within it, on 2020-05-09"
    assert told == f"May\N{NO-BREAK SPACE}20 is left out: {ends}, and only whole months are compared."


def test_a_scenario_that_begins_in_the_middle_of_a_month_is_compared_from_the_next() -> None:
    """A day after the first case is too late for March 2020; a year later, the first of the month is in time."""
    found = Window.of(date(2020, 3, 12), 200)
    assert found.first == "2020-04"
    assert found.left_out[0].startswith("Mar\N{NO-BREAK SPACE}20 is left out: the scenario begins within it")
    assert Window.of(date(2021, 3, 1), 200).first == "2021-03"
    assert Window.of(date(2021, 3, 2), 200).first == "2021-04"
    assert Window.of(date(2019, 12, 1), 200).first == "2020-03"


def test_after_the_usual_end_all_months_are_fitted() -> None:
    """A scenario of autumn 2021 has none before July."""
    found = Window.of(date(2021, 9, 1), 91)
    assert (found.first, found.until) == ("2021-09", "2021-11")


@pytest.mark.parametrize(
    ("days", "asked", "told"),
    [
        (720, {"until": "2020-00"}, "--until '2020-00' is no month: write the year and two digits, as in 2021-06."),
        (720, {"first": "2020-3"}, "--from '2020-3' is no month"),
        (720, {"ahead": "2022-02-28"}, "--predict-until '2022-02-28' is no month"),
        (1_000, {"ahead": "2022-06"}, "monthly totals are known from 2020-03 to 2022-05"),
        (
            720,
            {"ahead": "2022-03"},
            "the scenario ends before, on 2022-02-28, and only whole months are compared. Name",
        ),
        (719, {"ahead": "2022-02"}, "ends within it, .* nation.days to 720 at least; it is 719."),
        (30, {}, None),
        (20, {}, "no whole month that was published, 2020-03 to 2022-05, .* it goes from 2020-03-11 to 2020-03-30"),
    ],
)
def test_what_cannot_be_compared_is_refused(days: int, asked: dict[str, str], told: str | None) -> None:
    """With the rule, and what to write instead."""
    if told is None:
        assert Window.of(BEGAN, days, **asked).until == "2020-03"
        return
    with pytest.raises(WindowError, match=told):
        Window.of(BEGAN, days, **asked)


def test_a_month_before_the_scenario_is_refused() -> None:
    """By the day on which it begins."""
    with pytest.raises(WindowError, match="--from 2021-02: the scenario begins later, on 2021-03-15, and only whole"):
        Window.of(date(2021, 3, 15), 200, first="2021-02")


@given(begins=st.dates(date(2020, 1, 1), date(2022, 4, 1)), days=st.integers(1, 900))
def test_whatever_is_compared_is_whole(begins: date, days: int) -> None:
    """Or nothing is; no day of a month of the window is outside the scenario."""
    ends = begins + timedelta(days=days - 1)
    try:
        found = Window.of(begins, days)
    except WindowError:
        assert not any(
            begins <= date.fromisoformat(f"{row.month}-01") and last_day(row.month) <= ends for row in MONTHS
        )
        return
    first = max(date.fromisoformat(f"{found.first}-01"), BEGAN)
    assert begins <= first
    assert last_day(found.until) <= ends
    assert begins + timedelta(days=found.days - 1) == last_day(found.until)


def test_totals_that_are_left_out_are_told() -> None:
    """If and only if the window has months without them, of kinds that are fitted."""
    assert left_out(["deaths", "tests"], "2020-03", "2022-02") == ()
    assert len(left_out(["cases", "patients"], "2020-03", "2021-06")) == 2
    for kind in ("cases", "patients"):
        for row in MONTHS[:-1]:
            told = left_out([kind], row.month, row.month)
            assert bool(told) is not bool(observations([kind], row.month, row.month)), row.month
    assert left_out(KINDS, "2020-12", "2020-12")[0].startswith("Patients after November 2020")
