"""The epidemic as it is told: one SimPy process, one step a day.

The steps of a day, in this order; the first three see the town as it was at midnight:

1. whoever comes infected from outside is queued (on day 0 also the first infections);
2. the infectious of the day are settled, and who of them is away from work, school and community;
3. layer by layer, whom they infect is queued: household, work, school, community, travel;
4. the queue is applied at once, the layers in the order of `Layer`: a person is infected once;
5. the totals of the evening are taken.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.epidemic import model
from sim.epidemic.model import NEVER, Course, Epidemic, Layer, Meeting, Town
from sim.epidemic.parameters import EpidemicParameters
from sim.streams import Stream, Streams

DAY_US = 86_400_000_000
"""A day in microseconds, the unit of the simulator's clock."""

LONGEST_RUN_DAYS = 30_000  # the columns are 16 bits wide, and recoveries lie in the future

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Closed = Callable[[int], Flags]


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What the layers may see of a day: the town as it was at midnight."""

    day: int
    susceptible: Flags
    """Per person."""
    sources: Numbers
    """The infectious."""
    silent: Flags
    """Which of them never have symptoms."""
    away: Flags
    """Per person: takes no part in work, school and community today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCases:
    """Infections that wait to be applied."""

    layer: Layer
    people: Numbers
    infectors: Numbers


Exposure = Callable[[Today], NewCases]


def simulate(
    population: Town,
    parameters: EpidemicParameters,
    streams: Streams,
    days: int,
    *,
    closed: Closed | None = None,
    into: Epidemic | None = None,
) -> Epidemic:
    """Let the infection run through the town for `days` days; the same seed gives the same columns.

    `closed` is asked every day who stays away from work, school and community (and still meets the
    household): a flag per person. `into` is the record to write, from `Epidemic.begin`: a caller who holds it
    can let `closed` depend on what has happened (days up to the one asked about; later ones are the future),
    or put chosen first infections into it. Takes the streams named "epidemic/…", so once per `Streams`.
    Raises `ValueError` for a number of days that is not within 1 to 30,000, or an `into` of another size.
    """
    people = population.household.size
    if not 1 <= days <= LONGEST_RUN_DAYS:
        raise ValueError(f"days = {days} is outside 1 to {LONGEST_RUN_DAYS}")
    epidemic = Epidemic.begin(people=people, days=days) if into is None else into
    if (epidemic.immune.size, epidemic.susceptible.size) != (people, days):
        raise ValueError(
            f"into was begun for {epidemic.immune.size} people and {epidemic.susceptible.size} days, "
            f"but this run has {people} and {days}"
        )
    env = simpy.Environment()
    env.process(spread(env, population, parameters, streams, epidemic, closed=closed))
    env.run()
    epidemic.freeze()
    return epidemic


def spread(
    env: simpy.Environment,
    town: Town,
    parameters: EpidemicParameters,
    streams: Streams,
    epidemic: Epidemic,
    *,
    closed: Closed | None = None,
) -> Generator[simpy.Event, None, None]:
    """The process itself, for an environment that other processes share; a day is `DAY_US`."""
    people = np.arange(epidemic.immune.size)
    course = model.natural_history(parameters, streams.stream("epidemic/course"))
    arrivals = arrive(parameters, epidemic, streams)
    exposures = [
        exposure(meeting, parameters, streams.stream(f"epidemic/{meeting.name}"))
        for meeting in model.meetings(town, parameters)
    ]
    immune = streams.stream("epidemic/immunity").chance(parameters.immune_share, people)
    epidemic.immune[:] |= immune & (epidemic.infected_on == NEVER)
    for day in range(epidemic.susceptible.size):
        queue = [arrivals(day)]
        today = look(day, epidemic, closed)
        queue += [expose(today) for expose in exposures]
        for cases in sorted(queue, key=lambda cases: cases.layer):
            apply(cases, day, epidemic, course)
        count(day, epidemic)
        yield env.timeout(DAY_US)


def look(day: int, epidemic: Epidemic, closed: Closed | None) -> Today:
    """Settle who is susceptible, who infectious, and who is away."""
    sources = np.flatnonzero(epidemic.can_pass_on(day))
    away = np.zeros(epidemic.immune.size, np.bool_) if closed is None else closed(day)
    if away.shape != epidemic.immune.shape:
        raise ValueError(f"closed({day}) gave {away.size} flags for {epidemic.immune.size} people; give one each")
    return Today(
        day=day,
        susceptible=epidemic.can_catch(),
        sources=sources,
        silent=epidemic.symptoms_on[sources] == NEVER,
        away=away,
    )


def arrive(parameters: EpidemicParameters, epidemic: Epidemic, streams: Streams) -> Callable[[int], NewCases]:
    """Infections from outside: a function of the day."""
    first, imported = streams.stream("epidemic/first"), streams.stream("epidemic/import")
    daily = parameters.imported_per_100k_per_day / 100_000

    def arrivals(day: int) -> NewCases:
        people = np.flatnonzero(epidemic.can_catch())
        infected = imported.chance(daily, people, day)
        if day == 0:
            infected |= first.chance(parameters.initial_infected_share, people)
        new = people[infected]
        return NewCases(layer=Layer.IMPORT, people=new, infectors=np.full(new.size, NEVER))

    return arrivals


def exposure(meeting: Meeting, parameters: EpidemicParameters, chance: Stream) -> Exposure:
    """One way of passing the infection on, as a function of the day; the away keep to their households."""
    group, silent_weight = meeting.group, model.silent_weight(parameters)

    def expose(today: Today) -> NewCases:
        taking_part = (group >= 0) & (~today.away | (meeting.layer is Layer.HOUSEHOLD))
        meet = taking_part[today.sources]
        sources, silent = today.sources[meet], today.silent[meet]
        groups = int(group.max()) + 1
        chances = meeting.chances(
            np.bincount(group[sources[~silent]], minlength=groups),
            np.bincount(group[sources[silent]], minlength=groups),
            silent_weight / model.FULL,
        )
        exposed = np.flatnonzero(today.susceptible & taking_part & (chances[group] > 0))
        people = exposed[chance.chance(chances[group[exposed]], exposed, today.day)]
        weights = np.where(silent, silent_weight, model.FULL)
        words = chance.words(people, today.day, 1)
        infectors = model.pick_infectors(group[people], sources, group[sources], weights, words)
        return NewCases(layer=meeting.layer, people=people, infectors=infectors)

    return expose


def apply(cases: NewCases, day: int, epidemic: Epidemic, course: Course) -> None:
    """Write the queued infections of people who are still susceptible, with all that lies ahead of them."""
    first = epidemic.can_catch()[cases.people]
    people = cases.people[first]
    latent, symptoms, recovery = course(people)
    epidemic.infected_on[people] = day
    epidemic.infectious_on[people] = day + latent
    epidemic.symptoms_on[people] = np.where(symptoms == NEVER, NEVER, day + symptoms)
    epidemic.recovered_on[people] = day + recovery
    epidemic.infector[people] = cases.infectors[first]
    epidemic.layer[people] = cases.layer


def count(day: int, epidemic: Epidemic) -> None:
    """Take the totals of the evening."""
    susceptible = int(epidemic.can_catch().sum())
    infectious = int(epidemic.can_pass_on(day).sum())
    exposed = int((epidemic.infectious_on > day).sum())
    epidemic.susceptible[day] = susceptible
    epidemic.exposed[day] = exposed
    epidemic.infectious[day] = infectious
    epidemic.recovered[day] = epidemic.immune.size - susceptible - exposed - infectious
