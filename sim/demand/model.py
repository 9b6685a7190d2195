"""The day as a whole: who keeps which door, who has to be asked, and all of it at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.demand import parameters as facts
from sim.demand.arrivals import HOURS, Carriage, Door, bulk_run, hourly, shifts
from sim.demand.callers import NOBODY, Callers, Town
from sim.demand.parameters import Channel, Custom, DemandParameters, Errand, Role
from sim.demand.record import Demand, Numbers, Queries, gather
from sim.streams import Streams

EVERYWHERE = 0
"""In place of a plate: people of all provinces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """All that is going to be asked on a day, by where it comes from."""

    doors: tuple[Door, ...]
    carriages: tuple[Carriage, ...]
    staff: Queries
    runs: tuple[Queries, ...]


def plan(population: Town, callers: Callers, parameters: DemandParameters, streams: Streams, day: date) -> Demand:
    """All queries of a day; the same seed gives the same ones, whichever other days are planned.

    Takes the streams named "demand/…" but for the callers', so once per `Streams`.
    """
    today = agenda(population, callers, parameters, streams, day)
    visits = [door.visits(HOURS) for door in today.doors]
    journeys = [queries for carriage in today.carriages for queries in carriage.asked()]
    return gather([*visits, *journeys, today.staff, *today.runs])


def agenda(town: Town, callers: Callers, parameters: DemandParameters, streams: Streams, day: date) -> Agenda:
    """Settle who keeps which door today, and whom the employers and carriers have to ask."""
    account = np.full(town.workplace_size.size, NOBODY)
    for asker, workplace in enumerate(callers.workplace):
        if workplace != NOBODY:
            account[workplace] = asker
    keeper = np.where(account == NOBODY, keepers(town), NOBODY)
    counter = streams.stream("demand/counter").chance(parameters.counter_share, np.arange(keeper.size))
    strict = streams.stream("demand/staff_check").chance(parameters.staff_check_share, np.arange(keeper.size))
    askers = np.where(strict & in_force(facts.CUSTOMS[Errand.SHOP].since, day), keeper, NOBODY)
    if in_force(facts.EMPLOYERS_SINCE, day):
        askers = np.where(account == NOBODY, askers, account)
    channels = np.where(account == NOBODY, Channel.PERSON, Channel.EMPLOYEE)
    counters = np.where(counter, keeper, NOBODY)
    return Agenda(
        doors=tuple(doors(town, callers, counters, parameters, streams, day)),
        carriages=tuple(carriages(town, callers, parameters, streams, day)),
        staff=shifts(town, askers, channels, parameters=parameters, streams=streams, day=day),
        runs=tuple(runs(town, callers, parameters, streams, day)),
    )


def in_force(since: date, day: date) -> bool:
    """Whether a rule that came on one day holds on another."""
    return since <= day < facts.ABOLISHED


def keepers(town: Town) -> Numbers:
    """For each workplace somebody of the staff who has the application, and so can keep the door; or -1."""
    keeper = np.full(town.workplace_size.size, NOBODY)
    able = np.flatnonzero(town.app_user & (town.workplace >= 0))[::-1]
    keeper[town.workplace[able]] = able  # the last written is the first of them
    return keeper


def doors(
    town: Town, callers: Callers, counters: Numbers, parameters: DemandParameters, streams: Streams, day: date
) -> Iterator[Door]:
    """The doors that ask today, errand by errand and province by province."""
    for errand, custom in facts.CUSTOMS.items():
        if errand in facts.JOURNEYS or not in_force(custom.since, day):
            continue
        chance = streams.stream(f"demand/{errand}")
        for plate in [EVERYWHERE] if custom.nationwide else np.unique(town.province).tolist():
            askers, people = door_askers(errand, town, callers, counters, plate), visitors(town, custom, plate)
            if not askers.size or people.size < 2:
                continue
            goers = askers.size if errand is Errand.GUEST else people.size
            yield Door(
                errand=errand,
                plate=plate,
                day=day,
                channel=custom.channel.on(day),
                means=hourly(parameters.habit(errand), day, goers),
                askers=askers,
                people=people,
                parameters=parameters,
                chance=chance,
            )


def visitors(town: Town, custom: Custom, plate: int) -> Numbers:
    """Who is of the age to come: people of the province, or of all."""
    of_age = (town.age >= custom.youngest) & (town.age <= custom.oldest)
    return np.flatnonzero(of_age if plate == EVERYWHERE else of_age & (town.province == plate))


def door_askers(errand: Errand, town: Town, callers: Callers, counters: Numbers, plate: int) -> Numbers:
    """Who may ask at the doors of this errand, in this province or in all.

    An employer with guests and a workplace with customers stand here once for each of their staff.
    """
    custom = facts.CUSTOMS[errand]
    here = [asker for asker in range(len(callers)) if plate in {EVERYWHERE, callers.province[asker]}]
    if custom.role is None:
        workers = np.flatnonzero((town.workplace >= 0) & (town.province == plate))
        askers = counters[town.workplace[workers]]
        return np.asarray(askers[askers != NOBODY])
    if errand is Errand.GUEST:
        hosts = [a for a in here if callers.role[a] is Role.EMPLOYER and callers.kind[a] not in facts.PUBLIC_KINDS]
        return np.repeat(hosts, [callers.staff_count[asker] for asker in hosts]).astype(np.int64)
    public = [a for a in here if callers.role[a] is Role.EMPLOYER and callers.kind[a] in facts.PUBLIC_KINDS]
    those = [asker for asker in here if callers.role[asker] is custom.role]
    return np.array(those + public * (errand is Errand.OFFICE), np.int64)


def carriages(
    town: Town, callers: Callers, parameters: DemandParameters, streams: Streams, day: date
) -> Iterator[Carriage]:
    """The ways of travelling on which codes are asked today."""
    for errand in facts.JOURNEYS:
        custom = facts.CUSTOMS[errand]
        chance = streams.stream(f"demand/{errand}")
        askers = np.flatnonzero([role is custom.role for role in callers.role])
        people = visitors(town, custom, EVERYWHERE)
        if in_force(custom.since, day) and askers.size and people.size:
            yield Carriage(errand=errand, day=day, askers=askers, people=people, parameters=parameters, chance=chance)


def runs(town: Town, callers: Callers, parameters: DemandParameters, streams: Streams, day: date) -> Iterator[Queries]:
    """The bulk runs that come every night: each employer's whole staff, each city card's holders."""
    chance, cards = streams.stream("demand/run"), streams.stream("demand/card")
    holders = (town.age >= 6) & cards.chance(parameters.card_share, np.arange(town.age.size))
    for asker, role in enumerate(callers.role):
        if role is Role.EMPLOYER and in_force(facts.EMPLOYERS_SINCE, day):
            people, hour = np.flatnonzero(town.workplace == callers.workplace[asker]), parameters.employer_run_hour
        elif role is Role.CITY_CARD and in_force(facts.CARDS_SINCE, day):
            people, hour = (
                np.flatnonzero(holders & (town.province == callers.province[asker])),
                parameters.card_run_hour,
            )
        else:
            continue
        yield bulk_run(asker, people, hour, parameters=parameters, chance=chance, day=day)
