"""What is expected is what comes, by channel, hour and moment."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy import stats

from sim.demand.expectation import roughly
from sim.demand.habit import Habit
from sim.demand.kernel import DayOfCalls
from sim.demand.parameters import Channel, DemandParameters, Errand
from sim.streams import Streams
from tests.sim.demand.made import make

MONDAY, SUNDAY = date(2021, 10, 4), date(2021, 10, 10)
HOUR_US = 3_600_000_000
PARAMETERS = DemandParameters(callers_at_most=1_000, city_gate=replace(DemandParameters().city_gate, per_person=0.4))


def counts(calls):
    ways = len(Channel)
    return np.bincount(calls.at_us // HOUR_US * ways + calls.channel, minlength=24 * ways).reshape(24, ways)


@pytest.fixture(scope="module")
def people():
    return make(60_000, (34, 26, 69))


@pytest.mark.parametrize("day", [MONDAY, SUNDAY, date(2020, 9, 7), date(2021, 10, 28)])
def test_each_hour_and_channel_has_its_expected_calls(people, day):
    """Every one within five standard deviations of a Poisson count, and so the total, in calls and in codes."""
    made = DayOfCalls(people, PARAMETERS, Streams(11), day)
    seen, expected = counts(made.calls(0, 1_440)), made.expected
    gap = (seen - expected.calls) / np.sqrt(np.maximum(expected.calls, 1.0))
    assert np.abs(gap).max() < 5
    assert seen.sum() == pytest.approx(expected.total, abs=5 * expected.total**0.5)
    assert not seen[expected.calls == 0].any()
    assert made.calls(0, 1_440).queries == pytest.approx(expected.codes, abs=5 * expected.total**0.5)


@pytest.mark.parametrize("errand", [Errand.MALL, Errand.SHOP, Errand.CAMPUS, Errand.CITY_GATE])
def test_arrivals_follow_their_rate(people, errand):
    """Kolmogorov-Smirnov: the moments, by the integral of the rate, are even on 0 to 1."""
    day = DayOfCalls(people, PARAMETERS, Streams(12), MONDAY)
    assert moments_fit(day, errand, day.rate(errand)) > 0.001


def test_a_wrong_rate_is_found(people):
    """With evening hours a tenth busier than they are, the same test fails."""
    crowd = Habit(per_person=3.0, hours=DemandParameters().mall.hours)
    day = DayOfCalls(people, replace(PARAMETERS, mall=crowd), Streams(12), MONDAY)
    rate = day.rate(Errand.MALL)
    assert moments_fit(day, Errand.MALL, rate) > 0.001
    assert moments_fit(day, Errand.MALL, rate * np.where(np.arange(1_440) >= 17 * 60, 1.1, 1.0)) < 1e-6


def moments_fit(day, errand, rate):
    calls = day.calls(0, 1_440)
    at_us = calls.at_us[calls.source == tuple(Errand).index(errand)]
    reached = np.concatenate([[0], np.cumsum(rate)]) / rate.sum()
    return stats.kstest(np.interp(at_us / 60e6, np.arange(1_441), reached), "uniform").pvalue


def test_a_minutes_visits_are_poisson(people):
    """Counts over their expectation, squared: as many degrees of freedom as minutes with visits."""
    day = DayOfCalls(people, PARAMETERS, Streams(13), MONDAY)
    calls, rate = day.calls(0, 1_440), day.rate(Errand.MALL)
    seen = np.bincount(calls.at_us[calls.source == 0] // 60_000_000, minlength=1_440)
    busy = rate > 0
    chi2 = ((seen - rate)[busy] ** 2 / rate[busy]).sum()
    assert not seen[~busy].any()
    assert abs(chi2 - busy.sum()) < 5 * (2 * busy.sum()) ** 0.5


def test_the_nation_is_known_roughly_beforehand():
    """National Monday: over 100 M calls with gates at buses and metros, some 85 M by default, and codes in bulk."""
    gates = replace(DemandParameters().city_gate, per_person=0.36)
    calls, codes = roughly(DemandParameters(city_gate=gates), 83_614_362, MONDAY)
    by_default, _ = roughly(DemandParameters(), 83_614_362, MONDAY)
    assert 100e6 < calls < 125e6
    assert 70e6 < by_default < 95e6
    assert 15e6 < codes - calls < 25e6
    assert roughly(DemandParameters(), 83_614_362, date(2022, 3, 2)) == (0.0, 0.0)
