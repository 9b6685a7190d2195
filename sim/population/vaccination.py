"""Who is vaccinated, how often and on which day: the campaigns of 2021 by age, as whole numbers.

Days count from 1 January 2020, and 0 stands for no dose. One number of a person decides how many doses it will be:
whoever has a booster has the other two as well. First doses are spread evenly over the campaign; the second follows
after a fixed number of days; a booster is given when it is due, or within `CATCH_UP_DAYS` of the first boosters.
"""

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import threshold
from sim.population.census import OLDEST
from sim.population.parameters import VaccinationParameters
from sim.streams import Integers, Stream

DAY_ZERO = date(2020, 1, 1)
CATCH_UP_DAYS = 60
GROUPS = ((12, "adolescents"), (18, "adults"), (50, "older"), (65, "elderly"))
"""From which age each campaign goes, to the next one's; nobody younger than the first is vaccinated."""


class DoseTable(NamedTuple):
    """The campaigns by completed years of age, 0 to 100."""

    limits: NDArray[np.int64]
    """`threshold` of having at least one, two and three doses: 101 rows of 3."""
    begins: NDArray[np.int64]
    """First day of first doses."""
    length: NDArray[np.int64]
    """Days on which first doses are given, 1 at least."""
    second_after: int
    """Days from the first to the second dose."""
    third_after: int
    """Days from the second to the third dose."""
    third_from: int
    """First day of third doses."""


def dose_table(parameters: VaccinationParameters) -> DoseTable:
    """The campaigns, looked up by age."""
    limits = np.zeros((OLDEST + 1, 3), np.int64)
    begins, length = np.zeros(OLDEST + 1, np.int64), np.ones(OLDEST + 1, np.int64)
    for youngest, name in GROUPS:  # a later group takes its ages over
        campaign = getattr(parameters, name)
        limits[youngest:] = [threshold(share) for share in (campaign.first, campaign.second, campaign.third)]
        begins[youngest:] = (campaign.begins - DAY_ZERO).days
        length[youngest:] = (campaign.ends - campaign.begins).days + 1
    third_from = (parameters.third_doses_from - DAY_ZERO).days
    return DoseTable(limits, begins, length, parameters.second_dose_days, parameters.third_dose_days, third_from)


def dose_days(
    table: DoseTable, age: NDArray[np.uint8], entity: Integers, chance: Stream
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Doses in the end, and the days of the first and the third, of people of these ages: 0 for none."""
    word, later = chance.words(entity), chance.words(entity, 0, 1)
    will, when = (word >> np.uint64(32)).astype(np.int64), word & np.uint64(0xFFFF_FFFF)
    doses = (will[:, None] < table.limits[age]).sum(axis=1)
    spread = (when * table.length[age].astype(np.uint64) >> np.uint64(32)).astype(np.int64)
    first = table.begins[age] + spread
    catching_up = ((later >> np.uint64(32)) * np.uint64(CATCH_UP_DAYS) >> np.uint64(32)).astype(np.int64)
    third = np.maximum(first + table.second_after + table.third_after, table.third_from + catching_up)
    return doses, np.where(doses >= 1, first, 0), np.where(doses == 3, third, 0)
