"""The day as a whole: who keeps which door, who has to be asked, and all of it at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.demand import parameters as facts
from sim.demand.arrivals import HOURS, Carriage, Door, bulk_run, hourly, shifts
from sim.demand.callers import KINDS, NOBODY, Callers, Town
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
    known = {"parameters": parameters, "streams": streams, "day": day}
    return Agenda(
        doors=tuple(doors(town, callers, np.where(counter, keeper, NOBODY), **known)),
        carriages=tuple(carriages(town, callers, **known)),
        staff=shifts(town, askers, channels, **known),
        runs=tuple(runs(town, callers, **known)),
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
