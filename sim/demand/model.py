"""The day as a whole: who keeps which door, who has to be asked, and all of it at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mockgov.vocabulary.obligation import Obligation
from sim.demand import parameters as facts
from sim.demand.arrivals import HOURS, Chances, Crowd, Door, Prudence, chances
from sim.demand.calendar import Fractions, hourly
from sim.demand.callers import Callers
from sim.demand.ground import KINDS, NOBODY, PLATES, Ground, Town, ground
from sim.demand.holdings import GROWN_UP, makings
from sim.demand.institutions import ROLES, Institutions
from sim.demand.journeys import Carriage
from sim.demand.lists import STAFF_BELOW, listed, uploads
from sim.demand.parameters import Channel, DemandParameters, Errand, Role
from sim.demand.record import Demand, Queries, Standing, gather
from sim.demand.shifts import Gates, bulk_run, holders, run_start, shifts
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
    lists: Queries
    makings: Queries


class Seats(NamedTuple):
    """Who asks at workplaces: the account of each, and the member of staff who asks instead."""

    account: NDArray[np.int32]
    """Index of the institution, or -1."""
    counter: NDArray[np.int32]
    """Who asks its customers by application, or -1."""
    gate: NDArray[np.int32]
    """Who asks its staff by application, or -1."""
    uploader: NDArray[np.int32]
    """Who uploads its staff as a list at e-Devlet, or -1."""
    online: NDArray[np.bool_]
    """Whether its customers are asked at e-Devlet."""


class Rate(NamedTuple):
    """An errand's doors in one province on a day."""

    errand: Errand
    plate: int
    means: Fractions
    """Expected visits in each hour."""
    askers: NDArray[np.int32]
    online: int
    """Place of the first of them who asks at e-Devlet."""
    span: tuple[int, int]
    """First person of those among whom the visitors are, and the one after the last."""


def plan(
    population: Town,
    callers: Callers,
    parameters: DemandParameters,
    streams: Streams,
    day: date,
    standing: Standing | None = None,
    day_number: int = 0,
) -> Demand:
    """All queries of a day; the same seed gives the same ones, whichever other days are planned.

    With a standing, `day_number` days after its first hour, people who know that they are risky stay away.
    Takes the streams named "demand/…" but for the callers', so once per `Streams`.
    """
    today = agenda(population, callers, parameters, streams, day, standing, day_number)
    visits = [door.visits(HOURS) for door in today.doors]
    journeys = [queries for carriage in today.carriages for queries in (carriage.booked(), carriage.checked_in())]
    return gather([*visits, *journeys, today.staff, *today.runs, today.lists, today.makings])


def agenda(
    town: Town,
    callers: Callers,
    parameters: DemandParameters,
    streams: Streams,
    day: date,
    standing: Standing | None = None,
    day_number: int = 0,
) -> Agenda:
    """Settle who keeps which door today, and whom the employers and carriers have to ask."""
    land, table, drawn = ground(town), callers.table, chances(streams)
    prudence = None if standing is None else Prudence(standing, day_number * 24, day, drawn.stay)
    seated = seats(town.age, land, table, parameters, drawn)
    travel = tuple(carriages(town.age, land, table, parameters, drawn, day, prudence))
    return Agenda(
        doors=tuple(_doors(town, land, table, seated, parameters, drawn, day, prudence)),
        carriages=travel,
        staff=shifts(
            town,
            land,
            gates(seated, day),
            parameters=parameters,
            chances=drawn,
            day=day,
            prudence=prudence,
        ),
        runs=tuple(_runs(town, table, parameters, drawn, day, travel)),
        lists=listed(
            town,
            land,
            uploads(land, seated.uploader, parameters, drawn.run, day),
            parameters,
            drawn.run,
            day,
        ),
        makings=makings(town, parameters.making, drawn.making, land.province_start, day),
    )


def seats(
    ages: NDArray[np.uint8], land: Ground, table: Institutions, parameters: DemandParameters, drawn: Chances
) -> Seats:
    """Who asks at each workplace, on any day."""
    account = np.full(land.workplace_size.size, NOBODY, np.int32)
    seated = np.flatnonzero(table.workplace != NOBODY)
    account[table.workplace[seated]] = seated
    keeper = np.where(account == NOBODY, land.keeper, np.int32(NOBODY))
    workplaces = np.arange(keeper.size)
    counter = drawn.counter.chance(parameters.counter_share, workplaces)
    strict = drawn.staff_check.chance(parameters.staff_check_share, workplaces)
    nobody = np.int32(NOBODY)
    able = (keeper != NOBODY) & (ages[keeper] >= GROWN_UP)
    few = (land.workplace_size >= 2) & (land.workplace_size < STAFF_BELOW)
    lists = strict & able & few & drawn.edevlet.chance(parameters.edevlet_list_share, workplaces, 0, 1)
    return Seats(
        account,
        counter=np.where(counter, keeper, nobody),
        gate=np.where(strict & ~lists, keeper, nobody),
        uploader=np.where(lists, keeper, nobody),
        online=counter & able & drawn.edevlet.chance(parameters.edevlet_counter_share, workplaces, 0, 0),
    )


def gates(seated: Seats, day: date) -> Gates:
    """Who asks the staff of each workplace today."""
    asker: NDArray[np.int32] = np.full(seated.account.size, NOBODY, np.int32)
    if Obligation.STAFF.holds_on(day):
        asker = np.where(seated.account == NOBODY, seated.gate, seated.account)
    return Gates(asker, np.where(seated.account == NOBODY, Channel.PERSON, Channel.EMPLOYEE))


def rates(land: Ground, table: Institutions, seated: Seats, parameters: DemandParameters, day: date) -> Iterator[Rate]:
    """The doors that ask today, errand by errand and province by province."""
    inhabited = np.flatnonzero(land.residents)
    shopkeepers: dict[int, tuple[NDArray[np.int32], int]] = {}
    for errand, custom in facts.CUSTOMS.items():
        if errand in facts.JOURNEYS or not custom.rule.holds_on(day) or not parameters.habit(errand).per_person:
            continue
        for plate in inhabited.tolist():
            here = EVERYWHERE if custom.nationwide else plate
            if custom.role is not None:
                askers = _institutions_at(errand, table, plate)
                online = askers.size
            else:
                if plate not in shopkeepers:
                    shopkeepers[plate] = _keepers_at(land, seated, plate)
                askers, online = shopkeepers[plate]
            visitors = land.of_age(custom.youngest, custom.oldest, here)
            if not askers.size or visitors < 2:
                continue
            goers = askers.size if errand is Errand.GUEST else land.of_age(custom.youngest, custom.oldest, plate)
            means = hourly(parameters, errand, day, goers)
            if means.any():
                online = online if errand is Errand.SHOP else askers.size
                yield Rate(errand, plate, means, askers, online, land.span(here))


def _keepers_at(land: Ground, seated: Seats, plate: int) -> tuple[NDArray[np.int32], int]:
    """Who asks customers in a province, those at e-Devlet last, and the place of the first of these.

    A workplace's keeper stands here once for each of its staff.
    """
    there = np.flatnonzero((land.workplace_province == plate) & (seated.counter != NOBODY))
    there = there[np.argsort(seated.online[there], kind="stable")]
    online = int(land.workplace_size[there[~seated.online[there]]].sum())
    return np.repeat(seated.counter[there], land.workplace_size[there]).astype(np.int32), online


def _institutions_at(errand: Errand, table: Institutions, plate: int) -> NDArray[np.int32]:
    """Who asks in a province; the national ones do in all. An employer stands here once for each of its staff."""
    role = facts.CUSTOMS[errand].role
    here = np.ones(len(table), np.bool_) if role in facts.NATIONAL else table.province == plate
    employer = here & (table.role == ROLES.index(Role.EMPLOYER))
    public = np.isin(table.kind, [KINDS.index(kind) for kind in facts.PUBLIC_KINDS])
    if errand is Errand.GUEST:
        hosts = np.flatnonzero(employer & ~public)
        return np.repeat(hosts, table.staff_count[hosts]).astype(np.int32)
    those = here & (table.role == [*ROLES].index(role)) if role is not None else here
    if errand is Errand.OFFICE:
        those = those | (employer & public)
    return np.flatnonzero(those).astype(np.int32)


def _doors(
    town: Town,
    land: Ground,
    table: Institutions,
    seated: Seats,
    parameters: DemandParameters,
    drawn: Chances,
    day: date,
    prudence: Prudence | None,
) -> Iterator[Door]:
    for rate in rates(land, table, seated, parameters, day):
        custom = facts.CUSTOMS[rate.errand]
        crowd = Crowd(town.age, *rate.span, custom.youngest, custom.oldest)
        yield Door(
            errand=rate.errand,
            plate=rate.plate,
            day=day,
            channel=custom.channel.on(day),
            means=rate.means,
            askers=rate.askers,
            online=rate.online,
            crowd=crowd.listing() if custom.listed else crowd,
            parameters=parameters,
            chance=drawn.errand[rate.errand],
            prudence=prudence,
        )


def carriages(
    ages: NDArray[np.uint8],
    land: Ground,
    table: Institutions,
    parameters: DemandParameters,
    drawn: Chances,
    day: date,
    prudence: Prudence | None,
) -> Iterator[Carriage]:
    """The ways of travelling on which codes are asked today."""
    for errand in facts.JOURNEYS:
        custom = facts.CUSTOMS[errand]
        askers = table.having(custom.role) if custom.role else np.empty(0, np.int64)
        people = land.of_age(custom.youngest, custom.oldest, EVERYWHERE)
        if custom.rule.holds_on(day) and askers.size and people:
            yield Carriage(
                errand=errand,
                day=day,
                askers=askers,
                crowd=Crowd(ages, *land.span(EVERYWHERE), custom.youngest, custom.oldest),
                people=people,
                province_start=land.province_start,
                parameters=parameters,
                chance=drawn.errand[errand],
                prudence=prudence,
            )


def card_shares(parameters: DemandParameters) -> Fractions:
    """The share of people with a personalised city card, by plate."""
    shares = np.full(PLATES, parameters.card_share_elsewhere)
    shares[facts.ISTANBUL] = parameters.card_share
    return shares


class Round(NamedTuple):
    """A bulk run of the day."""

    asker: int
    role: Role
    start_us: int
    channel: Channel


def rounds(table: Institutions, parameters: DemandParameters, drawn: Chances, day: date) -> list[Round]:
    """The bulk runs of a day in the callers' order: employers, city cards and, on the evening before, carriers."""
    settled = (
        (Role.EMPLOYER, parameters.employer_run_hour, Obligation.STAFF, Channel.BULK),
        (Role.CITY_CARD, parameters.card_run_hour, Obligation.CITY_CARD, Channel.BULK),
        *(
            (role, parameters.run_hour(journey), facts.CUSTOMS[journey].rule, Channel.BULK_PLUS)
            for role, journey in facts.CARRIERS.items()
        ),
    )
    found = [
        Round(asker, role, run_start(hour, asker, drawn.run, day), channel.on(day))
        for role, hour, rule, channel in settled
        if rule.holds_on(day)
        for asker in table.having(role).tolist()
    ]
    return sorted(found)


def _runs(
    town: Town,
    table: Institutions,
    parameters: DemandParameters,
    drawn: Chances,
    day: date,
    travel: tuple[Carriage, ...],
) -> Iterator[Queries]:
    card_holders = holders(town, card_shares(parameters), drawn.card)
    for asker, role, start_us, channel in rounds(table, parameters, drawn, day):
        if role is Role.EMPLOYER:
            people = np.flatnonzero(town.workplace == table.workplace[asker])
        elif role is Role.CITY_CARD:
            people = card_holders[town.province[card_holders] == table.province[asker]]
        else:
            theirs = [carriage for carriage in travel if carriage.errand is facts.CARRIERS[role]]
            people = np.concatenate([np.empty(0, np.int64), *(c.tomorrows(asker, start_us) for c in theirs)])
        plate = int(table.province[asker])
        yield bulk_run(asker, people, start_us, channel, plate=plate, parameters=parameters, chance=drawn.run, day=day)
