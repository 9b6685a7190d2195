"""Arrivals whose rate changes by the hour: visits to malls, as the compiled day of queries makes them."""

from datetime import date
from functools import cache
from math import log, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from sim.demand.habit import Habit
from sim.demand.kernel import DayOfCalls
from sim.demand.parameters import ERRAND_NUMBER, DemandParameters, Errand
from sim.population.building import build
from sim.population.model import Population
from sim.population.parameters import PopulationParameters
from sim.streams import Streams
from sim.verification.verdict import Check, Rates

Fractions = NDArray[np.float64]

DAY = date(2021, 10, 4)
PEOPLE, VISITS = 70_000, 9.0
WEIGHTS = (0,) * 9 + (5, 6, 7, 8, 9, 8, 7, 8, 10, 9, 8, 6, 5) + (0,) * 2
HOURS = tuple(hour for hour, weight in enumerate(WEIGHTS) if weight)
VISIT = "visits"
HOUR_US, MINUTES = 3_600_000_000, 1_440
KOLMOGOROV = sqrt(pi / 2) * log(2)
"""Mean of his distribution: of √n times the greatest distance between n uniform numbers and their shares below."""


def visits_of(hour: int) -> str:
    """The name of its rate."""
    return f"visits from {hour}:00"


def arrival_checks() -> list[Check]:
    """All of them."""
    return [
        Check(
            name="Arrivals by the hour, Kolmogorov-Smirnov",
            what="√n times the greatest distance from the rate, of all visits of a day",
            source="A. N. Kolmogorov, 1933; P. A. W. Lewis, G. S. Shedler, Naval Res Logist Q 26 (1979) 403-413",
            rates=tuple(visits_of(hour) for hour in HOURS),
            exact=_distance,
            measure=_measured_distance,
            bias=0.001,  # 1 / (6 √n), the first term of the approach to Kolmogorov's distribution
        ),
        Check(
            name="Arrivals in a minute are Poisson",
            what="mean squared deviation by the mean, of all minutes",
            source='S. D. Poisson, 1837; R. A. Fisher, "Statistical methods for research workers", 1925, on dispersion',
            rates=(VISIT,),
            exact=lambda off: 1 + (off.get(VISIT, 1.0) - 1) ** 2 * float(_by_minute()[_by_minute() > 0].mean()),
            measure=_dispersion,
        ),
    ]


def _distance(off: Rates) -> float:
    """Of visits of which an hour is off: that of the rates themselves, if it is larger than chance's."""
    true, own = np.array(WEIGHTS, float), _weights(off)
    apart = float(np.abs(np.cumsum(true / true.sum() - own / own.sum())).max())
    return max(KOLMOGOROV, sqrt(float(_by_minute().sum())) * apart)


def _measured_distance(off: Rates, streams: Streams) -> float:
    edges = np.concatenate([np.zeros(1), np.cumsum(WEIGHTS)]) / sum(WEIGHTS)
    at_us = _visits_us(off, streams)
    shares = np.interp(at_us / HOUR_US, np.arange(25), edges)
    n, below = shares.size, np.arange(shares.size) / shares.size
    return float(sqrt(n) * max((shares - below).max(), (below + 1 / n - shares).max()))


def _dispersion(off: Rates, streams: Streams) -> float:
    found = np.bincount(_visits_us(off, streams) // (HOUR_US // 60), minlength=MINUTES)
    expected = _by_minute()
    open_ = expected > 0
    return float(((found[open_] - expected[open_]) ** 2 / expected[open_]).mean())


def _visits_us(off: Rates, streams: Streams) -> NDArray[np.int64]:
    calls = _day(off, streams).calls(0, MINUTES)
    return np.asarray(calls.at_us[calls.source == ERRAND_NUMBER[Errand.MALL]])


def _weights(off: Rates) -> Fractions:
    return np.array([weight * off.get(visits_of(hour), 1.0) for hour, weight in enumerate(WEIGHTS)])


def _day(off: Rates, streams: Streams) -> DayOfCalls:
    habit = Habit(per_person=VISITS * off.get(VISIT, 1.0), hours=tuple(_weights(off).tolist()))
    return DayOfCalls(_town(), DemandParameters(mall=habit), streams, DAY)


@cache
def _by_minute() -> Fractions:
    """Expected visits, as the parameters have them."""
    return np.asarray(_day({}, Streams(1)).rate(Errand.MALL))


@cache
def _town() -> Population:
    return build(PopulationParameters(people=PEOPLE, provinces=("İstanbul",)), Streams(1))
