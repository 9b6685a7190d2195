"""What the theory says the model must show: reproduction number, growth, final size, attack in households.

Plain fractions, for a look ahead and for verification; nothing in a run hangs on them. All hold early on, in an
epidemic that nobody in hospital is missing from.

    R          largest eigenvalue of the next-generation matrix; whoever is infected at home is of the generation
               after the infector's, and a household that is spent infects nobody
    growth     1 = R sum g(t) f^-t, with g the generation interval and f the factor a day (Euler and Lotka)
    final size z = 1 - (1 - first) exp(-R z), homogeneous mixing (Kermack and McKendrick)
    household  Reed's and Frost's chain of binomials
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import comb, exp, fsum, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.epidemic.biology import DECADES
from sim.epidemic.calendar import ONE, Way
from sim.epidemic.distributions import CLASSES, stay_chances
from sim.epidemic.model import Rules, Town, effective_contacts
from sim.epidemic.parameters import EpidemicParameters
from sim.epidemic.person import crowd_factor, doses_on

Fractions = NDArray[np.float64]
Numbers = NDArray[np.int64]

WEEK = 7
STEADY = 5
"""Generations that must grow alike."""


def infectious_days(parameters: EpidemicParameters) -> tuple[float, float]:
    """Days' worth of contacts outside the household that an infection makes, with and without symptoms.

    Those with symptoms give up a share from the day of the symptoms on; those without count in part.
    """
    before, home = parameters.presymptomatic_days, parameters.measures.ill_at_home_share
    mean = parameters.infectious_mean_days
    return before + (mean - before) * (1 - home), mean * parameters.asymptomatic_infectiousness


def attack_chances(daily: Fractions, parameters: EpidemicParameters) -> Fractions:
    """The chance to infect a member of the household in the whole infectious time, given the chance a day.

    1 - E[(1 - daily)^D] over the days D of infectiousness.
    """
    attack, escape = np.zeros_like(daily), np.ones_like(daily)
    for chance in stay_chances(parameters.infectious_mean_days, parameters.infectious_stages):
        attack += chance * (1 - escape)
        escape = escape * (1 - daily)
    return attack


def generation_interval(parameters: EpidemicParameters, silent_share: float = 0.0) -> Fractions:
    """Chance that an infection outside the household happens 0, 1, 2, … days after the infector's own.

    g(t) is in proportion to the contacts made then: sum over l of P(latent = l) P(D > t - l) w(t - l), where w is
    what illness leaves of them; `silent_share` of the infected have no symptoms.
    """
    incubation = stay_chances(parameters.incubation_mean_days, parameters.incubation_stages)
    infectious = stay_chances(parameters.infectious_mean_days, parameters.infectious_stages)
    still = np.maximum(1 - np.cumsum(infectious), 0.0)
    ill = np.arange(still.size) >= parameters.presymptomatic_days
    heard = 1 - ill * parameters.measures.ill_at_home_share
    weight = (1 - silent_share) * heard + silent_share * parameters.asymptomatic_infectiousness
    rate = np.convolve(incubation[parameters.presymptomatic_days :], still * weight)
    return np.asarray(rate / rate.sum())


def growth_factor(reproduction: float, interval: Fractions) -> float:
    """By how much infections multiply a day, early on: the root of 1 = R sum_t g(t) factor^-t.

    Raises:
        ValueError: if it is not between 2^-10 and 2^10.
    """
    low, high = 2.0**-10, 2.0**10
    for _ in range(80):
        factor = (low + high) / 2
        discount = np.cumprod(np.append(1.0, np.full(interval.size - 1, 1 / factor)))
        low, high = (factor, high) if reproduction * fsum(interval * discount) > 1 else (low, factor)
    if low == 2.0**-10 or high == 2.0**10:
        raise ValueError(f"infections with R = {reproduction:g} multiply by less than 1/1,024 or more than 1,024 a day")
    return (low + high) / 2


def final_size(reproduction: float, first: float = 0.0) -> float:
    """The share infected in the end in a large homogeneous population, of which `first` begin infected.

    The largest root of z = 1 - (1 - first) exp(-R z), by bisection to the last bit: what lies between its sides is
    concave, and at its greatest for (1 - first) R exp(-R z) = 1.
    """
    if not first and reproduction <= 1:
        return 0.0
    low, high = max(0.0, log((1 - first) * reproduction) / reproduction) if reproduction and first < 1 else first, 1.0
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if 1 - (1 - first) * exp(-reproduction * middle) > middle else (low, middle)
    return high


@lru_cache(maxsize=4096)
def _chain(susceptible: int, infectious: int, chance: float) -> tuple[float, ...]:
    """The distribution of the number infected from here on."""
    if not (susceptible and infectious):
        return (1.0, *(0.0,) * susceptible)
    caught = 1 - (1 - chance) ** infectious
    total = np.zeros(susceptible + 1)
    for new in range(susceptible + 1):
        share = comb(susceptible, new) * caught**new * (1 - caught) ** (susceptible - new)
        total[new : susceptible + 1] += share * np.array(_chain(susceptible - new, new, chance))
    return tuple(total.tolist())


def reed_frost(others: int, chance: float, first: int = 1) -> Fractions:
    """The distribution of how many of the `others` are infected in the end, when `first` begin infectious for a day.

    Each infectious member infects each susceptible one with this chance (W. H. Frost's lecture of 1928).
    """
    return np.array(_chain(others, first, chance))


@lru_cache(maxsize=4096)
def _generations(others: int, chance: float) -> tuple[float, ...]:
    """How many are infected on average in the first, second, … generation after one member of a household."""
    states, means = {(others, 1): 1.0}, []
    for _ in range(others):
        later: dict[tuple[int, int], float] = {}
        for (susceptible, infectious), share in states.items():
            caught = 1 - (1 - chance) ** infectious
            for new in range(1, susceptible + 1):
                ways = comb(susceptible, new) * caught**new * (1 - caught) ** (susceptible - new)
                later[susceptible - new, new] = later.get((susceptible - new, new), 0.0) + share * ways
        states = later
        means.append(fsum(new * share for (_, new), share in states.items()))
    return tuple(means)


def household_generations(others: int, chance: float, steps: int = 50) -> Fractions:
    """The same for any chance, straight between multiples of 1 / `steps`."""
    cell = min(int(chance * steps), steps - 1)
    low, high = (np.array(_generations(others, edge / steps)) for edge in (cell, cell + 1))
    return np.asarray(low + (high - low) * (chance * steps - cell))


@dataclass(frozen=True, slots=True)
class NextGeneration:
    """Who infects whom in a town, in a week of the calendar, as if nobody had been infected in this epidemic yet."""

    susceptible: Fractions
    """Per person, 0 to 1."""
    outside: Fractions
    """Per person: days' worth of contacts outside the household."""
    groups: tuple[tuple[Numbers, Fractions], ...]
    """Each way's group per person (-1 none), and each group's effective contacts with each other member a day."""
    household: Numbers
    """Per person."""
    chain: Fractions
    """[household, generation]: infected in the first, second, … generation after one member."""
    drawn: Fractions
    """Per person: the share of the household's later infections."""

    def reproduction(self, steps: int = 2_000) -> float:
        """The factor from one generation to the next, by iteration until it is steady to a part in 10^9.

        Generations as L. Pellis, F. Ball and P. Trapman count them, Math Biosci 235 (2012), 85: somebody infected
        at home belongs to the generation after the member who infected them.

        Raises:
            ArithmeticError: if it is not steady after so many `steps`, as where two groups that never meet grow
                almost alike.
        """
        people, homes = self.susceptible.size, self.chain.shape[0]
        fresh = np.ones(people)
        begun = [np.asarray(np.bincount(self.household, fresh, homes), np.float64)]
        total = fresh
        recent = [0.0] * STEADY
        for _ in range(steps):
            fresh = self._met(total)
            later = np.zeros(homes)
            for nth, first in enumerate(begun):
                later += self.chain[:, nth] * first
            now = fresh + later[self.household] * self.drawn
            growth = float(now.sum() / total.sum())
            if growth <= 1e-9:
                return 0.0
            recent = [*recent[1:], growth]
            if max(recent) - min(recent) <= 1e-9 * growth:
                return growth
            scale = people / float(now.sum())
            total = now * scale
            begun = [np.asarray(np.bincount(self.household, fresh, homes), np.float64), *begun]
            begun = [np.asarray(first * scale) for first in begun[: self.chain.shape[1]]]
        raise ArithmeticError(f"the reproduction number is not steady after {steps:,} generations: near {growth:.6g}")

    def _met(self, infected: Fractions) -> Fractions:
        """Infections outside the household by so many infected."""
        strength, fresh = infected * self.outside, np.zeros(infected.size)
        for group, rate in self.groups:
            inside = group >= 0
            total = np.bincount(group[inside], strength[inside], rate.size)
            fresh += np.where(inside, rate[group] * (total[group] - strength), 0.0) * self.susceptible
        return fresh


def reproduction_number(
    town: Town, parameters: EpidemicParameters, starts_on: date, *, variant: int = 0, on: int = 0
) -> float:
    """Infections caused by a typical infected person in the week from day `on`, with nobody held to be risky.

    With the immunity of that day: doses, and past infections as they are spread over the people before day 0.
    A household's members are alike in it, with their mean chance to be infected.
    """
    return next_generation(town, parameters, starts_on, variant=variant, on=on).reproduction()


def next_generation(
    town: Town, parameters: EpidemicParameters, starts_on: date, *, variant: int = 0, on: int = 0
) -> NextGeneration:
    """The matrix of `reproduction_number`, group by group."""
    rules = Rules.of(parameters, town, starts_on, on + WEEK)
    decade = np.minimum(town.age // 10, DECADES - 1)
    susceptible = rules.susceptibility[decade] / ONE * _protected(town, rules, variant, on)
    silent = np.array(parameters.illness.asymptomatic)[decade]
    loud_days, quiet_days = infectious_days(parameters)
    strength = parameters.variants.transmissibility[variant]
    week = rules.calendar.contacts[:, on : on + WEEK].mean(axis=1) / ONE
    effective = {way: float(mean) * strength * float(week[way]) for way, mean in effective_contacts(parameters).items()}
    household = np.cumsum(town.home < 16) - 1
    daily = rules.household[[2 * variant * CLASSES, (2 * variant + 1) * CLASSES]] / ONE
    quiet = np.bincount(household, silent) / np.bincount(household)
    attacks = [attack_chances(chance * susceptible, parameters) for chance in daily]
    attack = attacks[0] * (1 - quiet[household]) + attacks[1] * quiet[household]
    total = np.asarray(np.bincount(household, attack), np.float64)
    return NextGeneration(
        susceptible=susceptible,
        outside=(1 - silent) * loud_days + silent * quiet_days,
        groups=tuple(_groups(town, rules, effective)),
        household=household,
        chain=_chains(np.bincount(household), total),
        drawn=attack / np.maximum(total, 1e-300)[household],
    )


def _chains(sizes: Numbers, total: Fractions) -> Fractions:
    """Each household's generations; `total` is the sum of its members' chances to be infected by another."""
    longest = int(sizes.max())
    chain = np.zeros((sizes.size, max(longest - 1, 1)))
    chance = np.round(total / sizes, 4)
    kinds, which = np.unique(np.column_stack([sizes, chance]), axis=0, return_inverse=True)
    for nth, (size, mean) in enumerate(kinds.tolist()):
        if size > 1:
            chain[which.ravel() == nth, : int(size) - 1] = household_generations(int(size) - 1, mean)
    return chain


def _groups(town: Town, rules: Rules, effective: dict[Way, float]) -> Any:
    people = np.arange(town.age.size)
    at_work = np.where(town.place < town.workplaces, town.place, -1).astype(np.int64)
    at_school = np.where(town.place >= town.workplaces, town.place, -1).astype(np.int64)
    on_the_way = np.where(town.place >= 0, np.append(town.place_district, 0)[town.place].astype(np.int64), -1)
    group_of = {
        Way.WORK: at_work,
        Way.SCHOOL: at_school,
        Way.TRANSPORT: on_the_way,
        Way.DISTRICT: np.searchsorted(town.district_start, people, side="right") - 1,
        Way.PROVINCE: np.searchsorted(town.province_start, people, side="right") - 1,
        Way.COUNTRY: np.zeros(people.size, np.int64),
    }
    for way, group in group_of.items():
        if effective[way] > 0 and (group >= 0).any():
            sizes = np.bincount(group[group >= 0])
            met = np.array([crowd_factor(rules, way, others) for others in range(int(rules.crowd[way]))] + [ONE]) / ONE
            choices = sizes if way is Way.TRANSPORT else sizes - 1
            chance = effective[way] * met[np.clip(sizes - 1, 0, met.size - 1)] / np.maximum(choices, 1)
            yield group, np.where(sizes > 1, chance, 0.0)


def _protected(town: Town, rules: Rules, variant: int, on: int) -> Fractions:
    """What doses, and past infections on average, leave of everybody's susceptibility.

    From the last week of the rules' tables on (the 256th), protection no longer wanes, as in a run.
    """
    left = np.ones(town.age.size)
    for person in np.flatnonzero(town.first_dose).tolist():
        doses, since = doses_on(rules, town, person, on)
        left[person] = rules.after_doses[doses, variant, min(since // WEEK, rules.after_doses.shape[2] - 1)] / ONE
    remaining = []
    for ago in range(rules.past_until, rules.past_from):
        shares = np.diff([0, *rules.variants[-ago - rules.earliest].tolist(), 2**32]) / 2.0**32
        since = on + ago
        kept = rules.after_infection[:, variant, min(since // WEEK, rules.after_infection.shape[2] - 1)] / ONE
        remaining.append(0.0 if since < rules.immune_days else float((shares * kept).sum()))
    past = rules.past_share / 2.0**32
    return np.asarray(left * (1 - past * (1 - fsum(remaining) / len(remaining))))
