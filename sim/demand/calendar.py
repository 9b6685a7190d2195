"""What day it is for those who ask: working or not, a day of examinations.

A public holiday is a Sunday to everybody. On the eve of a feast public offices close at 13:00.
"""

from datetime import date
from math import fsum

import numpy as np
from numpy.typing import NDArray

from mockgov.working_time import eve, holiday
from sim.demand.parameters import DemandParameters, Errand

Fractions = NDArray[np.float64]

SUNDAY, NOON = 6, 13
FINAL_MONTHS, FINAL_DAYS = (1, 6), range(10, 24)
"""When universities hold their final examinations."""


def weekday(day: date) -> int:
    """0 Monday to 6 Sunday; a public holiday is a Sunday."""
    return SUNDAY if holiday(day) else day.weekday()


def weight(parameters: DemandParameters, errand: Errand, day: date) -> float:
    """How much of its usual day an errand has on this one."""
    usual = parameters.habit(errand).week[weekday(day)]
    if errand is Errand.EXAM:
        return dict(parameters.exam_days).get(day, usual)
    finals = errand is Errand.CAMPUS and day.month in FINAL_MONTHS and day.day in FINAL_DAYS
    return usual * parameters.finals_weight if finals else usual


def hourly(parameters: DemandParameters, errand: Errand, day: date, people: int) -> Fractions:
    """Expected errands in each hour of a day, of so many people."""
    habit = parameters.habit(errand)
    shares = np.array(habit.hours, np.float64) / fsum(habit.hours)
    means = shares * (habit.per_person * people * weight(parameters, errand, day))
    if errand is Errand.OFFICE and eve(day):
        means[NOON:] = 0
    return np.asarray(means)


def departing(parameters: DemandParameters, errand: Errand, day: date, people: int) -> Fractions:
    """Expected journeys that depart on a day: an entry for each hour, and for 1, 2, 3, … days since the booking."""
    ahead = np.array(parameters.booking_days, np.float64) / sum(parameters.booking_days)
    return np.asarray(hourly(parameters, errand, day, people)[:, None] * ahead)
