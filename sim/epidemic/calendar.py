"""What a day is like: how many of the contacts of each way of meeting take place, and which doors are shut."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mockgov.working_time import is_working_day
from sim.epidemic.distributions import EXACT, cosine
from sim.epidemic.parameters import EpidemicParameters

Numbers = NDArray[np.int64]

ONE = 1 << 30
"""A factor of 1: factors from 0 to 1 are whole numbers, in parts of this."""


class Way(IntEnum):
    """A way of meeting outside the household."""

    WORK = 0
    SCHOOL = 1
    TRANSPORT = 2
    DISTRICT = 3
    PROVINCE = 4
    COUNTRY = 5


def part(value: float | Decimal) -> int:
    """A factor from 0 to 1 as a whole number, in parts of `ONE`."""
    return int((Decimal(value) * ONE).to_integral_value())


def times(one: int, other: int) -> int:
    """The product of two factors."""
    return one * other >> 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Factors of each day of a run, in parts of `ONE`; a row for each `Way`, a column for each day from 0."""

    contacts: Numbers
    """How many of the contacts of a way take place, with the season's transmission: at most 1."""
    risky: Numbers
    """How many of their contacts of a way people keep whom the ministry holds to be risky."""
    borders: Numbers
    """Imported infections; by day only."""

    @classmethod
    def of(cls, parameters: EpidemicParameters, starts_on: date, days: int) -> "Calendar":
        """The days from `starts_on` on."""
        run = [starts_on + timedelta(days=day) for day in range(days)]
        measures = parameters.measures
        return cls(
            contacts=np.array([contacts_on(parameters, day) for day in run], np.int64).T.copy(),
            risky=np.array([risky_on(parameters, day) for day in run], np.int64).T.copy(),
            borders=np.array([part(in_force(measures.borders, day)[1]) for day in run], np.int64),
        )


def in_force(table: Sequence[Any], day: date) -> Any:
    """The row of a dated table that holds on a day: the last one that has begun, or the first."""
    return max((row for row in table if row[0] <= day), key=lambda row: row[0], default=table[0])


def season(parameters: EpidemicParameters, day: date) -> Decimal:
    """The season's factor: 1 on the day with the most transmission, (1 - a) / (1 + a) half a year later."""
    measures = parameters.measures
    with localcontext(EXACT):
        amplitude = Decimal(measures.seasonality)
        turn = Decimal(day.timetuple().tm_yday - measures.seasonal_peak) / Decimal("365.25")
        return (1 + amplitude * cosine(turn)) / (1 + amplitude)


def contacts_on(parameters: EpidemicParameters, day: date) -> list[int]:
    """Each way's contacts, as a part of a working day's without an epidemic, at the season's peak."""
    measures, working = parameters.measures, is_working_day(day)
    with localcontext(EXACT):
        level = season(parameters, day) * Decimal(in_force(measures.waves, day)[1])
        of_way = {
            Way.WORK: 1.0 if working else measures.work_weekend,
            Way.SCHOOL: in_force(measures.schools, day)[1] if working else 0.0,
            Way.TRANSPORT: 1.0 if working else measures.transport_weekend,
        }
        return [part(level * Decimal(of_way.get(way, 1.0))) for way in Way]


def risky_on(parameters: EpidemicParameters, day: date) -> list[int]:
    """Each way's contacts left to people held to be risky: what isolation leaves, and then the doors."""
    measures = parameters.measures
    _, work, school, transport, malls, travel = in_force(measures.doors, day)
    at_home, stopped = Decimal(measures.isolation_kept), Decimal(malls) * Decimal(measures.mall_share)
    kept = {
        Way.WORK: Decimal(work),
        Way.SCHOOL: Decimal(school),
        Way.TRANSPORT: Decimal(transport),
        Way.DISTRICT: stopped,
        Way.PROVINCE: stopped,
        Way.COUNTRY: Decimal(travel),
    }
    with localcontext(EXACT):
        return [part((1 - at_home) * (1 - kept[way])) for way in Way]
