"""The mathematics of one day: who can infect whom, with which chance, and for how long.

Chances are those of Reed and Frost: one escapes infection by escaping each contact. Powers are whole and
taken by multiplication, so that no result hangs on a machine's `exp` or `log`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from math import fsum
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from sim.epidemic.parameters import EpidemicParameters
from sim.streams import Stream

Numbers = NDArray[np.int64]
Fractions = NDArray[np.float64]
Flags = NDArray[np.bool_]
Days = NDArray[np.int16]
Course = Callable[[Numbers], tuple[Days, Days, Days]]

NEVER = -1
"""In a column of days: not (yet) on any day. In `infector`: nobody."""

FULL = 1024
"""Infectiousness of a person with symptoms; others have a whole-numbered part of it."""


class Layer(IntEnum):
    """Where an infection was caught; on a day with several the first of this list counts."""

    HOUSEHOLD = 0
    WORK = 1
    SCHOOL = 2
    COMMUNITY = 3
    IMPORT = 4
    """From outside the model, or infected at the start."""


class Town(Protocol):
    """What the epidemic needs to know of a population: one entry a person, -1 for no workplace or school."""

    @property
    def province(self) -> NDArray[np.uint8]: ...  # noqa: D102 - said by the class
    @property
    def household(self) -> NDArray[np.int32]: ...  # noqa: D102
    @property
    def workplace(self) -> NDArray[np.int32]: ...  # noqa: D102
    @property
    def school(self) -> NDArray[np.int32]: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One way in which people meet: everybody in a household, or some contacts a day in a larger group."""

    name: str
    layer: Layer
    group: Numbers
    """Per person, -1 none."""
    transmission: float
    contacts: int
    """A day; without meaning in a household, where everybody meets everybody."""

    def sizes(self) -> Numbers:
        """People in each group."""
        return np.bincount(self.group[self.group >= 0])

    def chances(self, loud: Numbers, silent: Numbers, silent_part: float) -> Fractions:
        """Each group's chance of catching it today, with so many infectious with and without symptoms."""
        if self.layer is Layer.HOUSEHOLD:
            return household_chances(self.transmission, loud, silent, silent_part)
        prevalence = (loud + silent_part * silent) / np.maximum(self.sizes() - 1, 1)
        return mixing_chances(self.transmission, self.contacts, np.minimum(prevalence, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Epidemic:
    """What happened to whom, and the daily totals. Day 0 is the first day simulated.

    A person is susceptible until `infected_on`, exposed until `infectious_on`, infectious until
    `recovered_on` and recovered from then on. All four days are settled at the infection, so later ones may
    lie in the future, even after the last day. While the simulation runs the columns are written day by day;
    then they are frozen.
    """

    infected_on: Days
    infectious_on: Days
    symptoms_on: Days
    """-1 also for whoever never has symptoms."""
    recovered_on: Days
    infector: NDArray[np.int32]
    """The person who passed it on; -1 for an import or nobody."""
    layer: NDArray[np.uint8]
    """Where it was caught, as in `Layer`; 255 for the uninfected."""
    immune: Flags
    """Immune from the start, never infected; counted among the recovered."""

    susceptible: Numbers
    """People at the end of each day, as in the next three."""
    exposed: Numbers
    infectious: Numbers
    recovered: Numbers

    @classmethod
    def begin(cls, *, people: int, days: int) -> Self:
        """A town before anybody is infected, with room for so many days."""
        columns = [np.full(people, NEVER, np.int16) for _ in range(4)]
        totals = [np.zeros(days, np.int64) for _ in range(4)]
        return cls(
            infected_on=columns[0],
            infectious_on=columns[1],
            symptoms_on=columns[2],
            recovered_on=columns[3],
            infector=np.full(people, NEVER, np.int32),
            layer=np.full(people, 255, np.uint8),
            immune=np.zeros(people, np.bool_),
            susceptible=totals[0],
            exposed=totals[1],
            infectious=totals[2],
            recovered=totals[3],
        )

    def can_catch(self) -> Flags:
        """Who is susceptible."""
        return np.asarray((self.infected_on == NEVER) & ~self.immune)

    def can_pass_on(self, day: int) -> Flags:
        """Who is infectious on this day."""
        begun = (self.infected_on != NEVER) & (self.infectious_on <= day)
        return np.asarray(begun & (day < self.recovered_on))

    def freeze(self) -> None:
        """Make all columns read-only."""
        for name in self.__slots__:
            getattr(self, name).setflags(write=False)


def meetings(town: Town, parameters: EpidemicParameters) -> list[Meeting]:
    """All ways of meeting through which the infection passes in this town, in the order of `Layer`."""
    everywhere = np.zeros(town.household.size, np.int32)
    near = parameters.community_transmission * (1 - parameters.travel_share)
    far = parameters.community_transmission * parameters.travel_share
    contacts = parameters.community_contacts
    ways = (
        ("household", Layer.HOUSEHOLD, town.household, parameters.household_transmission, 1),
        ("work", Layer.WORK, town.workplace, parameters.work_transmission, parameters.work_contacts),
        ("school", Layer.SCHOOL, town.school, parameters.school_transmission, parameters.school_contacts),
        ("community", Layer.COMMUNITY, town.province, near, contacts),
        ("travel", Layer.COMMUNITY, everywhere, far, contacts),
    )
    return [
        Meeting(name=name, layer=layer, group=group.astype(np.int64), transmission=chance, contacts=contacts)
        for name, layer, group, chance, contacts in ways
        if chance * contacts > 0 and (group >= 0).any()
    ]


def stay_chances(mean_days: float, stages: int) -> Fractions:
    """Chance of a stay of 0, 1, 2, … days in so many stages, each left on any day with chance stages / mean.

    The number of days is negative binomial: P(t) = C(t-1, k-1) p^k (1-p)^(t-k), p = k / mean, t >= k. Cut off
    where less than 2^-33 is left, and the rest given to the last day.
    """
    leave = stages / mean_days
    chances = [0.0] * stages + [float(power(np.array(leave), stages))]
    while (rest := 1.0 - sum(chances)) > 2.0**-33 and leave < 1:
        days = len(chances) - 1
        chances.append(chances[-1] * (1 - leave) * days / (days + 1 - stages))
    chances[-1] += rest
    return np.array(chances)


def draw_days(chances: Fractions, words: NDArray[np.uint64]) -> Days:
    """Stays with these chances of 0, 1, 2, … days, one for each 64-bit word."""
    thresholds = np.rint(np.cumsum(chances) * 2.0**32).astype(np.uint64)[:-1]
    return np.searchsorted(thresholds, words >> np.uint64(32), side="right").astype(np.int16)


def natural_history(parameters: EpidemicParameters, chance: Stream) -> Course:
    """The course of an infection, as a function of the infected people.

    Days from infection until infectious, until symptoms (-1 never) and until recovered. Keyed by the person
    alone: whenever somebody is infected, the course is the same.
    """
    incubation = stay_chances(parameters.incubation_mean_days, parameters.incubation_stages)
    infectious = stay_chances(parameters.infectious_mean_days, parameters.infectious_stages)

    def course(people: Numbers) -> tuple[Days, Days, Days]:
        symptoms = draw_days(incubation, chance.words(people, 0, 0))
        latent = symptoms - np.int16(parameters.presymptomatic_days)
        recovery = latent + draw_days(infectious, chance.words(people, 0, 1))
        silent = chance.chance(parameters.asymptomatic_share, people, 0, 2)
        return latent, np.where(silent, np.int16(NEVER), symptoms), recovery

    return course


def power(base: Fractions, exponent: Numbers | int) -> Fractions:
    """`base` to a whole power, elementwise, by squaring: multiplications only, alike on every machine."""
    left = np.array(exponent, np.int64)
    result, square = np.ones(np.broadcast_shapes(base.shape, left.shape)), base
    while left.any():
        result = np.where(left & 1, result * square, result)
        square, left = square * square, left >> 1
    return result


def household_chances(transmission: float, loud: Numbers, silent: Numbers, silent_part: float) -> Fractions:
    """Chance of catching it today from `loud` infectious members with symptoms and `silent` ones without.

    1 - (1 - q)^loud (1 - s q)^silent, with s = `silent_part`, the infectiousness of the latter.
    """
    escape_loud = power(np.array(1 - transmission), loud)
    return 1 - escape_loud * power(np.array(1 - silent_part * transmission), silent)


def mixing_chances(transmission: float, contacts: int, prevalence: Fractions) -> Fractions:
    """Chance of catching it today from `contacts` people, each infectious with chance `prevalence`.

    1 - (1 - q x)^c, where x counts those without symptoms in part.
    """
    return 1 - power(1 - transmission * prevalence, contacts)


def silent_weight(parameters: EpidemicParameters) -> int:
    """Infectiousness of an infection without symptoms, out of `FULL`."""
    return round(FULL * parameters.asymptomatic_infectiousness)


def pick_infectors(
    caught_in: Numbers, sources: Numbers, groups: Numbers, weights: Numbers, words: NDArray[np.uint64]
) -> Numbers:
    """For each new case somebody infectious of its group, in proportion to infectiousness.

    `caught_in` holds the new cases' groups, `words` a random word for each; `sources` are the infectious with
    their `groups` and `weights` (out of `FULL`).
    """
    order = np.argsort(groups, kind="stable")
    groups, reach = groups[order], np.cumsum(weights[order])
    before = np.append(0, reach)[np.searchsorted(groups, caught_in, side="left")]
    total = reach[np.searchsorted(groups, caught_in, side="right") - 1] - before
    within = (words >> np.uint64(32)) * total.astype(np.uint64) >> np.uint64(32)
    places = np.searchsorted(reach, before + within.astype(np.int64), side="right")
    return np.asarray(sources[order[places]])


def attack_chances(daily: Fractions, parameters: EpidemicParameters) -> Fractions:
    """Chance that an infected person infects another in the whole infectious time, given the chance a day.

    1 - E[(1 - daily)^D] over the days D of infectiousness, for infections with and without symptoms.
    """
    stay = stay_chances(parameters.infectious_mean_days, parameters.infectious_stages)
    silent, part = parameters.asymptomatic_share, silent_weight(parameters) / FULL
    return (1 - silent) * _attack(daily, stay) + silent * _attack(daily * part, stay)


def _attack(daily: Fractions, stay: Fractions) -> Fractions:
    attack, escape = np.zeros_like(daily), np.ones_like(daily)
    for chance in stay:
        attack += chance * (1 - escape)
        escape = escape * (1 - daily)
    return attack


def reproduction_number(population: Town, parameters: EpidemicParameters) -> float:
    """People infected by somebody who was infected in this town, early on and without measures.

    Next-generation reasoning: let r_i = sum_j K_ij, where K_ij is the chance that i, once infected, infects j
    (over all layers; K is symmetric). Somebody infected by a random person is i with a chance in proportion
    to r_i, and cannot infect the infector again:

        R = (1 - immune share) (sum_i r_i^2 - sum_ij K_ij^2) / sum_i r_i

    In a homogeneous town this is contacts * transmission * mean infectious days. Households and workplaces
    are taken to be unspent otherwise, so with them it is an upper estimate.
    """
    row_sums, squares = np.zeros(population.household.size), 0.0
    for meeting in meetings(population, parameters):
        size = meeting.sizes()
        one, nobody = np.ones_like(size), np.zeros_like(size)
        pair = attack_chances(meeting.chances(one, nobody, 1.0), parameters)
        row_sums += np.where(meeting.group >= 0, (pair * (size - 1))[meeting.group], 0.0)
        squares += float((pair * pair * size * (size - 1)).sum())
    reached = float(row_sums.sum())
    typical = (float((row_sums * row_sums).sum()) - squares) / reached if reached else 0.0
    return (1 - parameters.immune_share) * typical


def generation_interval(parameters: EpidemicParameters) -> Fractions:
    """Chance that a transmission happens 0, 1, 2, … days after the infector's own infection.

    g(t) is in proportion to the chance of being infectious then: sum over l of P(latent = l) P(D > t - l).
    """
    incubation = stay_chances(parameters.incubation_mean_days, parameters.incubation_stages)
    latent = incubation[parameters.presymptomatic_days :]
    infectious = stay_chances(parameters.infectious_mean_days, parameters.infectious_stages)
    still = 1 - np.cumsum(infectious)
    rate = np.convolve(latent, np.maximum(still, 0.0))
    return np.asarray(rate / rate.sum())


def growth_factor(reproduction: float, interval: Fractions) -> float:
    """By how much infections multiply a day, early on.

    The root of 1 = R sum_t g(t) factor^-t (Euler and Lotka), with g the generation interval.
    """
    low, high = 2.0**-10, 2.0**10
    for _ in range(80):
        factor = (low + high) / 2
        discount = np.cumprod(np.append(1.0, np.full(interval.size - 1, 1 / factor)))
        low, high = (factor, high) if reproduction * fsum(interval * discount) > 1 else (low, factor)
    return (low + high) / 2
