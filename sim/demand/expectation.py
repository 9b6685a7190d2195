"""How many calls are to be expected, hour by hour and channel by channel, before any of them is drawn."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mockgov.vocabulary.obligation import ABOLISHED, Obligation
from sim.demand.arrivals import Chances
from sim.demand.calendar import Fractions, departing, hourly
from sim.demand.ground import NOBODY, Ground
from sim.demand.holdings import roughly as roughly_made
from sim.demand.institutions import Institutions
from sim.demand.model import EVERYWHERE, Rate, Seats, gates
from sim.demand.parameters import (
    CALL_LIMIT,
    CUSTOMS,
    JOURNEYS,
    Channel,
    DemandParameters,
    Errand,
)
from sim.demand.shifts import EARLIEST_MINUTES, LATE_MINUTES, begins, is_private, working

HOUR = 60.0
EDGES = np.arange(25) * HOUR
SPREAD = 20.0
"""Minutes; a shift's staff come within twice as many."""

PEOPLE_BY_TENS = (
    *(13_419_270, 13_595_150, 13_174_164, 12_774_732, 11_446_581),
    *(8_908_423, 6_192_391, 3_353_577, 1_474_778),
)
"""Of 0-9, 10-19, … and 80 or more years, 2020 (United Nations' estimate; country facts)."""
EMPLOYEES, WITH_ACCOUNT, PRIVATE_WITH_ACCOUNT = 0.196, 0.2, 0.12
"""Employees among people (16.41 M of 83.6 M), and of them the staff of integrated workplaces: chosen here."""


class Expected(NamedTuple):
    """A day's calls if nobody stays away."""

    calls: Fractions
    """By hour and channel: 24 rows, an entry for each `Channel`."""
    codes: float
    """Codes in single calls and in bulk, and those that are made."""

    @property
    def total(self) -> float:
        """Calls in the day."""
        return float(self.calls.sum())


def of_day(
    found: list[Rate],
    land: Ground,
    table: Institutions,
    seated: Seats,
    parameters: DemandParameters,
    drawn: Chances,
    day: date,
    bulk: tuple[NDArray[np.int64], NDArray[np.int64], int],
    makes: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> Expected:
    """What a day's doors, shifts and journeys come to, and its bulk calls: their hours, channels and codes.

    `makes` are hours and channels of the codes that are made.
    """
    calls = np.zeros((24, len(Channel)))
    np.add.at(calls, makes, 1)
    for rate in found:
        online = 1 - rate.online / rate.askers.size
        calls[:, CUSTOMS[rate.errand].channel.on(day)] += rate.means * (1 - online)
        calls[:, Channel.EDEVLET] += rate.means * online
    _add_staff(calls, land, seated, parameters, drawn, day)
    for errand in JOURNEYS:
        custom = CUSTOMS[errand]
        if custom.rule.holds_on(day) and custom.role and table.having(custom.role).size:
            people = land.of_age(custom.youngest, custom.oldest, EVERYWHERE)
            _add_journeys(calls, errand, people, parameters, day)
    single = float(calls.sum())
    hours, channels, codes = bulk
    np.add.at(calls, (hours, channels), 1)
    return Expected(calls, single + codes)


def _add_staff(
    calls: Fractions, land: Ground, seated: Seats, parameters: DemandParameters, drawn: Chances, day: date
) -> None:
    """Workplaces begin when they do on every day; who comes is to chance."""
    asker, channel = gates(seated, day)
    of_private, of_public = working(parameters, day)
    private = is_private(land.workplace_kind)
    staff = np.where(asker == NOBODY, 0, land.workplace_size - (channel == Channel.PERSON))
    start = begins(parameters, np.arange(staff.size), drawn)
    for minute in sorted({minute for minute, _ in parameters.shift_starts}):
        for kept, present, late in ((private, of_private, parameters.late_shift_share), (~private, of_public, 0.0)):
            shares = (1 - late) * _shift_hours(minute) + late * _shift_hours(minute + LATE_MINUTES)
            for of in (Channel.EMPLOYEE, Channel.PERSON):
                calls[:, of] += staff[kept & (channel == of) & (start == minute)].sum() * present * shares


def _shift_hours(start: float) -> Fractions:
    """The share of a shift's staff who are asked in each hour: a triangle of 40 minutes."""
    t = np.clip((EDGES - (start - EARLIEST_MINUTES)) / SPREAD, 0, 2)
    return np.asarray(np.diff(np.where(t < 1, t * t / 2, 1 - (2 - t) ** 2 / 2)))


def _add_journeys(calls: Fractions, errand: Errand, people: int, parameters: DemandParameters, day: date) -> None:
    leads = range(1, len(parameters.booking_days) + 1)
    booked = sum(
        float(departing(parameters, errand, day + timedelta(lead), people)[:, lead - 1].sum()) for lead in leads
    )
    hours = np.array(parameters.booking_hours)
    calls[:, Channel.SINGLE] += booked * hours / hours.sum()
    leaving = hourly(parameters, errand, day, people)
    for hour in range(24):
        calls[:, CUSTOMS[errand].channel.on(day)] += leaving[hour] * _check_in_hours(hour, parameters)


def _check_in_hours(hour: int, parameters: DemandParameters) -> Fractions:
    """The share of an hour's departures that check in during each hour; before midnight counts as at midnight."""
    least, most = parameters.check_in_minutes
    if least == most:
        done = np.clip((EDGES + least - hour * HOUR) / HOUR, 0, 1)
    else:
        done = (_ramp(EDGES + most - hour * HOUR) - _ramp(EDGES + least - hour * HOUR)) / (most - least)
    done[0] = 0.0
    return np.asarray(np.diff(done))


def _ramp(minutes: NDArray[np.floating]) -> Fractions:
    """The integral of the share of an hour that has passed."""
    return np.asarray(np.where(minutes < HOUR, np.maximum(minutes, 0) ** 2 / (2 * HOUR), minutes - HOUR / 2))


def roughly(parameters: DemandParameters, people: int, day: date) -> tuple[float, float]:
    """Calls and codes of a day of so many people, before there are any: by the country's ages and employees."""
    calls = listed = 0.0
    for errand, custom in CUSTOMS.items():
        if not custom.rule.holds_on(day):
            continue
        if errand is Errand.GUEST:
            goers = people * EMPLOYEES * PRIVATE_WITH_ACCOUNT
        else:
            goers = people * _share_of_ages(custom.youngest, custom.oldest)
        a_day = float(hourly(parameters, errand, day, 1).sum()) * goers
        calls += a_day * (2 if errand in JOURNEYS else 1)
        listed += a_day if errand in JOURNEYS else 0.0
    employees = people * EMPLOYEES
    with_account = WITH_ACCOUNT if Obligation.STAFF.holds_on(day) else 0.0
    gated = parameters.staff_check_share if Obligation.STAFF.holds_on(day) else 0.0
    calls += working(parameters, day)[0] * employees * (with_account + (1 - with_account) * gated * 0.8)
    calls += people * roughly_made(parameters.making) if day < ABOLISHED else 0.0
    holders = people * (0.185 * parameters.card_share + 0.815 * parameters.card_share_elsewhere) * 0.9
    listed += employees * with_account + (holders if Obligation.CITY_CARD.holds_on(day) else 0.0)
    return calls + listed / CALL_LIMIT, calls + listed


def _share_of_ages(youngest: int, oldest: int) -> float:
    tens = np.array(PEOPLE_BY_TENS, np.float64)
    edges = np.array([*range(0, 81, 10), 101.0])
    reached = np.concatenate([[0], np.cumsum(tens)]) / tens.sum()
    return float(np.interp(oldest + 1, edges, reached) - np.interp(youngest, edges, reached))
