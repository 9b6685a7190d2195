"""A country's day as a ministry meets it: who has to be there before, what is filed when, which call leaves when."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mockgov.risk_index.messages import Report
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.names import SURNAMES, given_names
from mockgov.vocabulary.person import Sex
from sim.country import Country
from sim.demand.callers import Callers
from sim.demand.parameters import Channel, Spoiled
from sim.demand.record import Demand
from sim.drive.play import Due, Step
from sim.drive.port import Call, Office, Person, Residents, Settlement
from sim.population.model import Population
from sim.reporting.log import to_messages

DAY_US = 86_400_000_000
MINUTE_US = 60_000_000
SEXES = (Sex.MALE, Sex.FEMALE)
EPOCH_DAY = date(1970, 1, 1)
BY_PERSON = (Channel.PERSON, Channel.PERSON_PLUS)


def settle(country: Country) -> Settlement:
    """Whom and what the ministry's world must have before the day."""
    demand = country.demand
    of = {kind: np.unique(demand.person[demand.spoiled == kind]).tolist() for kind in Spoiled}
    by_person = np.isin(demand.channel, BY_PERSON)
    return Settlement(
        world=f"{country.scenario.name.replace('_', '-')[:24]}-{country.seed}",
        seed=country.seed,
        settings=country.scenario.ministry,
        people=people_of(country.population),
        offices=_offices(country.callers),
        had_before=of[Spoiled.EXPIRED],
        deleted=of[Spoiled.DELETED],
        checkers=np.unique(demand.asker[by_person]).tolist(),
        begins_at=country.opens_at - timedelta(hours=9),
        ended_at=country.opens_at - timedelta(hours=3),
        opens_at=country.opens_at,
    )


def people_of(population: Population) -> list[Person]:
    """The population's columns as people with names and birthdays."""
    names = {sex: given_names(sex) for sex in SEXES}
    columns = zip(
        population.sex.tolist(),
        population.given_name.tolist(),
        population.surname.tolist(),
        population.birth_date.tolist(),
        population.province.tolist(),
        population.phone_owner.tolist(),
        strict=True,
    )
    return [
        Person(
            firstname=names[SEXES[sex]][given],
            lastname=SURNAMES[surname],
            sex=SEXES[sex],
            birth_date=EPOCH_DAY + timedelta(days=born),
            province=province,
            has_phone=owner,
        )
        for sex, given, surname, born, province, owner in columns
    ]


def filings(country: Country) -> tuple[list[Report], list[tuple[int, list[Report]]]]:
    """Reports filed before the day, and those of the day with the microsecond at which they are filed."""
    opens_us = country.scenario.warm_up_days * DAY_US
    filed_us = country.reports.filed_us
    messages = to_messages(country.reports, np.arange(1, country.population.province.size + 1))
    before = [messages[n] for n in np.flatnonzero(filed_us < opens_us).tolist()]
    today: dict[int, list[Report]] = {}
    for n in np.flatnonzero((filed_us >= opens_us) & (filed_us < opens_us + DAY_US)).tolist():
        today.setdefault(int(filed_us[n]) - opens_us, []).append(messages[n])
    return before, sorted(today.items())


def steps(country: Country, residents: Residents, filings: Sequence[tuple[int, list[Report]]]) -> list[Step]:
    """The day cut where the ministry's clock is moved or something is filed."""
    tick_us = country.scenario.play.tick_minutes * MINUTE_US
    filed = dict(filings)
    cuts = sorted({*range(0, DAY_US, tick_us), *filed})
    demand = country.demand
    starts = demand.call_start
    call_at = demand.at_us[starts[:-1]]
    bounds = np.searchsorted(call_at, [*cuts, DAY_US])
    codes = _codes_shown(country, residents)
    return [
        Step(
            at=country.opens_at + timedelta(microseconds=cut),
            filed=filed.get(cut, ()),
            calls=[_due(demand, codes, starts, call) for call in range(bounds[n], bounds[n + 1])],
        )
        for n, cut in enumerate(cuts)
    ]


def _offices(asking: Callers) -> list[Office]:
    return [
        Office(
            label=asking.label[n],
            name=asking.name[n],
            kind=asking.kind[n],
            province=asking.province[n],
            staff_count=asking.staff_count[n],
            place=asking.place(n)._asdict(),
        )
        for n in range(len(asking))
    ]


def _due(demand: Demand, codes: Sequence[str], starts: NDArray[Any], call: int) -> Due:
    first, end = int(starts[call]), int(starts[call + 1])
    channel = Channel(int(demand.channel[first]))
    return Due(int(demand.at_us[first]), Call(channel, int(demand.asker[first]), tuple(codes[first:end])))


def _codes_shown(country: Country, residents: Residents) -> list[str]:
    """The code behind each query: the person's own, an old one, a deleted one, or nobody's."""
    issued = {one.text for one in (*residents.code, *residents.expired.values(), *residents.deleted.values())}
    chance = country.streams.stream("run/mistyped")
    shown = []
    for query, (person, spoiled) in enumerate(
        zip(country.demand.person.tolist(), country.demand.spoiled.tolist(), strict=True)
    ):
        if spoiled == Spoiled.NONE:
            shown.append(residents.code[person].text)
        elif spoiled == Spoiled.EXPIRED:
            shown.append(residents.expired[person].text)
        elif spoiled == Spoiled.DELETED:
            shown.append(residents.deleted[person].text)
        else:
            draw = chance.draw(query)
            text = HesCode.mint(draw).text
            while text in issued:
                text = HesCode.mint(draw).text
            shown.append(text)
    return shown
