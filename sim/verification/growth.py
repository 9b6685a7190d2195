"""How fast epidemics grow: each way of meeting by itself or with others, by the matrix of who infects whom."""

from functools import partial
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from sim.streams import Streams
from sim.verification.outbreaks import (
    AT_SCHOOL,
    AT_WORK,
    IN_COUNTRY,
    IN_DISTRICT,
    IN_PROVINCE,
    INCUBATION,
    INCUBATION_DAYS,
    INCUBATION_STAGES,
    INFECTIOUS,
    INFECTIOUS_DAYS,
    INFECTIOUS_STAGES,
    ON_THE_WAY,
    PRESYMPTOMATIC_DAYS,
    Outbreak,
    stay,
)
from sim.verification.towns import PlainCountry
from sim.verification.verdict import Check, Rates

Fractions = NDArray[np.float64]

DIEKMANN = "O. Diekmann, J. A. P. Heesterbeek, J. A. J. Metz, J Math Biol 28 (1990) 365; A. J. Lotka, 1907"
WEEKS_APART = 3
WEEK, SCHOOL_DAYS = 7, 5
PEOPLE, FAR = 1_200_000, 10_000
GROUPS: tuple[tuple[str, str, tuple[tuple[int, ...], ...]], ...] = (
    ("at_work", AT_WORK, ((0,),)),
    ("at_school", AT_SCHOOL, ((1,),)),
    ("on_the_way", ON_THE_WAY, ((0, 1),)),
    ("in_district", IN_DISTRICT, ((0, 1, 2), (3,), (4,))),
    ("in_province", IN_PROVINCE, ((0, 1, 2, 3), (4,))),
    ("in_country", IN_COUNTRY, ((0, 1, 2, 3, 4),)),
)
"""Ways of meeting, their rates, and which kinds of people meet: those who work, who learn, the others in the first
district, those in the second, and those in the third, which is another province."""


def growth_checks() -> list[Check]:
    """All of them."""
    day = 1 / INFECTIOUS_DAYS
    places = Outbreak(
        town=PlainCountry(people=PEOPLE, workers=PEOPLE // 2 - FAR, pupils=PEOPLE // 2 - FAR, far=FAR),
        days=35,
        initially=3e-3,
        within=14,
        at_work=1.45 * day,
        at_school=2.1 * day,
        on_the_way=0.8 * day,
    )
    anywhere = Outbreak(
        town=PlainCountry(people=PEOPLE, far=PEOPLE // 3),
        days=35,
        initially=8e-4,
        within=14,
        in_district=0.8 * day,
        in_province=0.8 * day,
        in_country=0.8 * day,
    )
    return [
        Check(
            name=f"Doubling time, {where}",
            what="days, by weeks three weeks apart and the next-generation matrix",
            source=DIEKMANN,
            rates=(*(rate for way, rate, _ in GROUPS if getattr(outbreak, way)), INCUBATION, INFECTIOUS),
            exact=partial(doubling_days, outbreak),
            measure=partial(_doubled, outbreak),
            bias=0.005,
        )
        for where, outbreak in (("work, school, transport", places), ("community", anywhere))
    ]


def infectiousness(off: Rates) -> Fractions:
    """Chance of being infectious on the day of infection, and one, two, three days after it."""
    incubation = stay(INCUBATION_DAYS * off.get(INCUBATION, 1.0), INCUBATION_STAGES)
    latent = np.roll(incubation, -PRESYMPTOMATIC_DAYS)
    infectious = stay(INFECTIOUS_DAYS * off.get(INFECTIOUS, 1.0), INFECTIOUS_STAGES)
    over = np.convolve(latent, infectious)[: latent.size]
    return np.asarray(np.cumsum(latent) - np.cumsum(over))


def growth(daily: float, present: Fractions) -> float:
    """The factor f by which infections grow in a day: 1 = daily sum_t present(t) f^-t (Euler and Lotka).

    `daily` is the spectral radius of the matrix of whom somebody infectious infects in a day.
    """
    days = np.arange(present.size)
    return float(brentq(lambda f: daily * (present * f**-days).sum() - 1, 1.0, 3.0))


def kinds(town: PlainCountry) -> Fractions:
    """How many people there are of each kind of `GROUPS`."""
    others = town.people - town.workers - town.pupils - 2 * town.far
    return np.array([town.workers, town.pupils, others, town.far, town.far], np.float64)


def matrix(outbreak: Outbreak, people: Fractions, off: Rates, *, school: bool) -> Fractions:
    """[i, j]: people of kind i whom somebody infectious of kind j would infect in a day, were they all susceptible."""
    found = np.zeros((people.size, people.size))
    for way, rate, groups in GROUPS:
        number = getattr(outbreak, way) * off.get(rate, 1.0) * (school or way != "at_school")
        for group in groups:
            inside = np.isin(np.arange(people.size), group)
            found += np.outer(inside * people, inside) * number / max(people[inside].sum(), 1.0)
    return found


def doubling_days(outbreak: Outbreak, off: Rates) -> float:
    """By the matrix, day after day, and the share of each kind who are still susceptible."""
    assert isinstance(outbreak.town, PlainCountry)
    people, days = kinds(outbreak.town), outbreak.days + outbreak.within
    matrices = [matrix(outbreak, people, off, school=school) for school in (False, True)]
    present = infectiousness(off)
    new, left = np.zeros((days, people.size)), people * (1 - outbreak.initially)
    new[: outbreak.within] = people * outbreak.initially / outbreak.within
    for day in range(outbreak.within, days):
        infectious = present[1 : day + 1] @ new[day - 1 :: -1]
        is_school_day = (day - outbreak.within) % WEEK < SCHOOL_DAYS
        hits = matrices[is_school_day] @ infectious
        new[day] = left * -np.expm1(-hits / np.maximum(people, 1.0))
        left -= new[day]
    return _doubling(new[outbreak.within :].sum(axis=1))


def _doubled(outbreak: Outbreak, off: Rates, streams: Streams) -> float:
    new = outbreak.infected(outbreak.begin(off, streams))
    return _doubling(np.array([people.size for people in new], np.float64))


def _doubling(new: Fractions) -> float:
    """From the last week's new infections, and those of a week three weeks earlier."""
    apart = WEEKS_APART * WEEK
    return apart * log(2) / log(new[-WEEK:].sum() / new[-WEEK - apart : -apart].sum())
