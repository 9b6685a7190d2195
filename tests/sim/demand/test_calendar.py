"""What day it is to those who ask, by the ministry's own calendar."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from mockgov.working_time import holiday, is_working_day
from sim.demand.calendar import departing, hourly, weekday, weight
from sim.demand.habit import Habit
from sim.demand.parameters import DemandParameters, Errand
from sim.demand.shifts import working

DEFAULTS = DemandParameters()
REPUBLIC_DAY, ITS_EVE = date(2021, 10, 29), date(2021, 10, 28)
YEAR = [date(2021, 1, 1) + timedelta(n) for n in range(365)]


def test_a_holiday_is_a_sunday():
    """And no other day is: over the year, as the ministry counts holidays."""
    assert [weekday(day) for day in YEAR] == [6 if holiday(day) else day.weekday() for day in YEAR]
    assert sum(weekday(day) < 5 for day in YEAR) == sum(map(is_working_day, YEAR))


def test_offices_and_public_employers_rest_on_holidays():
    """Republic Day was a Friday: malls are as full as on a Sunday, offices closed, private firms nearly."""
    assert weight(DEFAULTS, Errand.OFFICE, REPUBLIC_DAY) == 0
    assert weight(DEFAULTS, Errand.MALL, REPUBLIC_DAY) == DEFAULTS.mall.week[6]
    assert working(DEFAULTS, REPUBLIC_DAY) == (DEFAULTS.presence * DEFAULTS.private_week[6], 0.0)


def test_offices_close_at_one_on_an_eve():
    """Until 13:00 as on any Thursday, nothing after."""
    eve, thursday = (hourly(DEFAULTS, Errand.OFFICE, day, 1_000) for day in (ITS_EVE, date(2021, 10, 21)))
    assert np.array_equal(eve[:13], thursday[:13])
    assert thursday[13:].any()
    assert not eve[13:].any()


def test_examinations_have_their_days():
    """None on a Monday, some on a Sunday, very many on the day of the universities' examination."""
    weights = [weight(DEFAULTS, Errand.EXAM, day) for day in (date(2021, 10, 4), date(2021, 10, 3), date(2021, 6, 26))]
    assert weights == [0.0, 1.0, 10.0]


def test_campuses_are_busier_in_finals():
    """From 10 to 23 January, not on the days around."""
    parameters = replace(DEFAULTS, finals_weight=2.0, campus=Habit(per_person=1.0, hours=(1.0,) * 24))
    weights = [weight(parameters, Errand.CAMPUS, date(2022, 1, day)) for day in (9, 10, 23, 24)]
    assert weights == [1.0, 2.0, 2.0, 1.0]


def test_hours_and_days_carry_weights():
    """A habit of 0.5 a day, twice as much at 9 as at 8, and doubled on Mondays: 100 people, 100 errands."""
    habit = Habit(per_person=0.5, hours=(*[0.0] * 8, 1.0, 2.0, *[0.0] * 14), week=(2.0, *[1.0] * 6))
    parameters = replace(DEFAULTS, mall=habit)
    assert hourly(parameters, Errand.MALL, date(2021, 10, 4), 100)[8:10].tolist() == pytest.approx([100 / 3, 200 / 3])
    assert hourly(parameters, Errand.MALL, date(2021, 10, 5), 100).sum() == pytest.approx(50)


def test_departures_by_their_booking():
    """Three in four journeys are booked on the day before, one in four two days before."""
    parameters = replace(DEFAULTS, booking_days=(3, 1))
    trips = departing(parameters, Errand.FLIGHT, date(2021, 10, 4), 1_000_000)
    assert trips.sum(axis=0).tolist() == pytest.approx([1_800, 600])
