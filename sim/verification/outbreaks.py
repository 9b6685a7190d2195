"""Epidemics of which theory knows a number: everybody alike, one variant, nothing done; by the compiled engine."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from sim.epidemic.biology import DECADES, Illness, Immunity, Variants
from sim.epidemic.kernel import CompiledSpread
from sim.epidemic.measures import Measures
from sim.epidemic.parameters import EpidemicParameters
from sim.streams import Streams
from sim.verification.towns import PlainTown
from sim.verification.verdict import Check, Rates

Fractions = NDArray[np.float64]

DAY_0 = date(2020, 1, 6)
INFECTIOUS, INCUBATION = "infectious time", "incubation time"
AT_HOME, AT_WORK, AT_SCHOOL = "transmission at home", "transmission at work", "transmission at school"
ON_THE_WAY = "transmission on the way"
IN_DISTRICT, IN_PROVINCE, IN_COUNTRY = (f"transmission in the {place}" for place in ("district", "province", "country"))
INCUBATION_DAYS, INCUBATION_STAGES, PRESYMPTOMATIC_DAYS = 5.0, 3, 1
INFECTIOUS_DAYS, INFECTIOUS_STAGES = 7.0, 2
CONTACTS = 10
INITIALLY = 0.01
KERMACK = "W. O. Kermack, A. G. McKendrick, Proc R Soc A 115 (1927) 700-721"
BALL = "F. Ball, Adv Appl Prob 18 (1986) 289-310"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbreak:
    """An epidemic in a plain town: what a day with somebody infectious does, and how it begins."""

    town: PlainTown
    days: int
    initially: float
    """Share infected before day 0, by chance."""
    within: int = 1
    """Days before day 0 over which these are spread."""
    at_home: float = 0.0
    """Chance in a day for each member of the household."""
    at_work: float = 0.0
    """People whom somebody infectious would infect in a day among colleagues, were they all susceptible."""
    at_school: float = 0.0
    """The same among the pupils of the school, on a school day."""
    on_the_way: float = 0.0
    """The same among all who work or learn in the district."""
    in_district: float = 0.0
    in_province: float = 0.0
    in_country: float = 0.0

    def begin(self, off: Rates, streams: Streams) -> CompiledSpread:
        """The eve of day 0, with the rates off."""
        among = [self.in_district, self.in_province, self.in_country]
        names = (IN_DISTRICT, IN_PROVINCE, IN_COUNTRY)
        among = [number * off.get(name, 1.0) for number, name in zip(among, names, strict=True)]
        anybody = sum(among)
        parameters = replace(
            _plain(),
            household_transmission=self.at_home * off.get(AT_HOME, 1.0),
            work_transmission=self.at_work / CONTACTS * off.get(AT_WORK, 1.0),
            school_transmission=self.at_school / CONTACTS * off.get(AT_SCHOOL, 1.0),
            transport_transmission=self.on_the_way / CONTACTS * off.get(ON_THE_WAY, 1.0),
            community_transmission=anybody / CONTACTS,
            province_share=among[1] / anybody if anybody else 0.0,
            travel_share=among[2] / anybody if anybody else 0.0,
            incubation_mean_days=INCUBATION_DAYS * off.get(INCUBATION, 1.0),
            infectious_mean_days=INFECTIOUS_DAYS * off.get(INFECTIOUS, 1.0),
            initial_infected_share=self.initially,
            initial_days=self.within,
        )
        return CompiledSpread(self.town, parameters, streams, DAY_0, self.days)

    def infected(self, spread: CompiledSpread) -> list[NDArray[np.int32]]:
        """Who is infected on each day, until the last day or the end of the outbreak."""
        nothing, found = self.town.nothing, list[NDArray[np.int32]]()
        for day in range(self.days):
            found.append(spread.day(day, nothing).person)
            now = spread.totals()
            if not (now["exposed"].any() or now["infectious"].any()):
                break
        return found


def outbreak_checks() -> list[Check]:
    """All of them."""
    return [
        *(
            Check(
                name=f"Final size of an epidemic, R = {number:g}",
                what="share infected of those who were not at first, all mixing alike",
                source=KERMACK,
                rates=(IN_DISTRICT, INFECTIOUS),
                exact=partial(_final_size, number),
                measure=partial(
                    _infected,
                    number,
                    Outbreak(
                        town=PlainTown(people=people),
                        days=days,
                        initially=INITIALLY,
                        in_district=number / INFECTIOUS_DAYS,
                    ),
                ),
                bias=5e-4,
            )
            for number, people, days in ((1.5, 20_000, 250), (2.5, 20_000, 150))
        ),
        *(
            Check(
                name=f"Household attack rate, {size} people",
                what="share infected of the others, where one was at first",
                source=BALL,
                rates=(AT_HOME, INFECTIOUS),
                exact=partial(_attack, size - 1, 0.05),
                measure=partial(
                    _attacked,
                    Outbreak(
                        town=PlainTown(people=people, household=size), days=100, initially=initially, at_home=0.05
                    ),
                ),
            )
            for size, people, initially in ((2, 80_000, 0.3), (5, 50_000, 0.1))
        ),
    ]


def stay(mean_days: float, stages: int, longest: int = 400) -> Fractions:
    """Chances of a stay of 0, 1, 2, … days through stages, each left on any day with chance stages / mean."""
    leave, days = stages / mean_days, np.arange(longest)
    stage = np.where(days > 0, leave * (1 - leave) ** (days - 1.0), 0.0)
    chances = np.zeros(longest)
    chances[0] = 1.0
    for _ in range(stages):
        chances = np.convolve(chances, stage)[:longest]
    return np.asarray(chances)


def final_size(number: float, initially: float) -> float:
    """The share s of the susceptible who are infected in the end: s = 1 - exp(-R (i + (1 - i) s)).

    R is the reproduction number, i the share infected at first, all of whose infectious time is still to come.
    """
    return float(brentq(lambda s: s - 1 + np.exp(-number * (initially + (1 - initially) * s)), 1e-9, 1))


def outbreak_sizes(others: int, escape: Fractions) -> list[float]:
    """Chances of 0, 1, … of the others in a household being infected in the end, from one who is.

    `escape[k]` is the chance that a given infectious person infects none of k others: E[(1 - q)^(k T)]. Ball's
    triangular equations: for each k, the sum over i <= k of C(n - i, k - i) P(i) / escape[n - k]^(i + 1) is C(n, k).
    """
    chances: list[float] = []
    for k in range(others + 1):
        known = sum(comb(others - i, k - i) * chances[i] / escape[others - k] ** (i + 1) for i in range(k))
        chances.append(float((comb(others, k) - known) * escape[others - k] ** (k + 1)))
    return chances


def _final_size(number: float, off: Rates) -> float:
    return final_size(number * off.get(IN_DISTRICT, 1.0) * off.get(INFECTIOUS, 1.0), INITIALLY)


def _infected(number: float, outbreak: Outbreak, off: Rates, streams: Streams) -> float:
    """As if exactly the share `INITIALLY` had been infected at first: how many chance made more or less is told."""
    spread = outbreak.begin(off, streams)
    people, first = outbreak.town.people, spread.initial.person.size
    count = sum(new.size for new in outbreak.infected(spread))
    return count / (people - first) - final_size(number, first / people) + final_size(number, INITIALLY)


def _attack(others: int, transmission: float, off: Rates) -> float:
    infectious = stay(INFECTIOUS_DAYS * off.get(INFECTIOUS, 1.0), INFECTIOUS_STAGES)
    spared = 1 - transmission * off.get(AT_HOME, 1.0)
    days = np.arange(infectious.size)
    escape = np.array([(infectious * spared ** (k * days)).sum() for k in range(others + 1)])
    return sum(size * chance for size, chance in enumerate(outbreak_sizes(others, escape))) / others


def _attacked(outbreak: Outbreak, off: Rates, streams: Streams) -> float:
    spread, size = outbreak.begin(off, streams), outbreak.town.household
    infected = np.concatenate(outbreak.infected(spread))
    households = outbreak.town.people // size
    first = np.bincount(spread.initial.person // size, minlength=households)
    later = np.bincount(infected // size, minlength=households)
    return float(later[first == 1].mean()) / (size - 1)


@cache
def _plain() -> EpidemicParameters:
    """Nobody is ill, old, doubtful, protected or careful."""
    never = (0.0,) * DECADES
    always: tuple[tuple[date, Any], ...] = ((DAY_0, 1.0),)
    return EpidemicParameters(
        work_contacts=CONTACTS,
        school_contacts=CONTACTS,
        transport_contacts=CONTACTS,
        community_contacts=CONTACTS,
        dispersion=0.0,
        incubation_mean_days=INCUBATION_DAYS,
        incubation_stages=INCUBATION_STAGES,
        presymptomatic_days=PRESYMPTOMATIC_DAYS,
        infectious_mean_days=INFECTIOUS_DAYS,
        infectious_stages=INFECTIOUS_STAGES,
        past_infected_share=0.0,
        imported_per_100k_per_day=0.0,
        illness=Illness(susceptibility=(1.0,) * DECADES, asymptomatic=never, hospital=never, death=never),
        variants=Variants(names=("one",), transmissibility=(1.0,), severity=(1.0,), shares=((DAY_0, (1.0,)),)),
        immunity=Immunity(
            infection=((1.0,),),
            infection_half_life_days=10_000.0,
            reinfection_after_days=365,
            doses=((0.0,), (0.0,), (0.0,)),
        ),
        measures=Measures(
            waves=always,
            schools=always,
            work_weekend=1.0,
            transport_weekend=1.0,
            seasonality=0.0,
            borders=always,
            ill_at_home_share=0.0,
            isolation_kept=0.0,
            doors=((DAY_0, 0.0, 0.0, 0.0, 0.0, 0.0),),
        ),
    )
