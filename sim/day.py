"""A country's day as a ministry meets it: who has to be there before, what is filed when, which call leaves when."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mockgov.risk_index.messages import Report
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.names import SURNAMES, given_names
from mockgov.vocabulary.person import Sex
from sim.country import Country, settings_of
from sim.demand.callers import Callers
from sim.demand.holdings import GROWN_UP, NEVER
from sim.demand.parameters import Channel, Spoiled
from sim.demand.record import MAKINGS
from sim.drive.play import Due, Step, Wallet
from sim.drive.port import Call, Office, Person, Residents, Settlement, SmallOffice
from sim.population.model import Population
from sim.reporting.log import to_messages

DAY_US = 86_400_000_000
MINUTE_US = 60_000_000
SEXES = (Sex.MALE, Sex.FEMALE)
EPOCH_DAY = date(1970, 1, 1)
BY_APP = (Channel.PERSON, Channel.PERSON_PLUS, Channel.MAKE_APP)
AT_EDEVLET = (Channel.EDEVLET, Channel.EDEVLET_BULK, Channel.MAKE_EDEVLET)


def settle(country: Country) -> Settlement:
    """Whom and what the ministry's world must have before the day."""
    demand = country.demand
    of = {kind: np.unique(demand.person[demand.spoiled == kind]).tolist() for kind in Spoiled}
    return Settlement(
        world=f"{country.scenario.name.replace('_', '-')[:24]}-{country.seed}",
        seed=country.seed,
        settings=country.scenario.ministry,
        people=people_of(country.population),
        days_left=_days_left(country),
        offices=_offices(country.callers),
        had_before=of[Spoiled.EXPIRED],
        deleted=of[Spoiled.DELETED],
        app_users=np.unique(demand.asker[np.isin(demand.channel, BY_APP)]).tolist(),
        visitors=np.unique(demand.asker[np.isin(demand.channel, AT_EDEVLET)]).tolist(),
        small_offices=list(_small_offices(country)),
        begins_at=country.opens_at - timedelta(hours=9),
        ended_at=country.opens_at - timedelta(hours=3),
        opens_at=country.opens_at,
    )


def people_of(population: Population) -> list[Person]:
    """The population's columns as people with names and birthdays."""
    names = {sex: given_names(sex) for sex in SEXES}
    place = population.home >> np.uint8(4)
    head = np.arange(population.people) - place
    columns = zip(
        population.sex.tolist(),
        population.given_name.tolist(),
        population.surname.tolist(),
        population.birth_date.tolist(),
        population.province.tolist(),
        population.phone_owner.tolist(),
        np.where((place > 0) & (population.age < GROWN_UP), head, -1).tolist(),
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
            parent=parent,
        )
        for sex, given, surname, born, province, owner, parent in columns
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
    wallets = {one: Wallet(code=residents.code[one].text) for one in demand.person[demand.source == MAKINGS].tolist()}
    calls = [
        [_due(country, codes, starts, call, wallets) for call in range(bounds[n], bounds[n + 1])]
        for n in range(len(cuts))
    ]
    ends, collects = _collected(country, cuts, calls)
    return [
        Step(
            at=country.opens_at + timedelta(microseconds=cut),
            filed=filed.get(cut, ()),
            calls=due,
            collects=collects.get(cut, ()),
        )
        for cut, due in zip([*cuts, *ends], [*calls, *([] for _ in ends)], strict=True)
    ]


def _collected(
    country: Country, cuts: Sequence[int], calls: Sequence[Sequence[Due]]
) -> tuple[list[int], dict[int, list[tuple[int, int]]]]:
    """At which tick of the clock the codes of which calls are collected, and a tick after the day's last if need be.

    The first tick by which both replies to a text have had their time; the same for the other ways.
    """
    rules = settings_of(country.scenario)
    tick_us = country.scenario.play.tick_minutes * MINUTE_US
    wait_us = max(1, 2_000_000 * rules.short_number_reply_s + 1_000 * rules.sms_transit_ms)
    found: dict[int, list[tuple[int, int]]] = {}
    for nth, (cut, due) in enumerate(zip(cuts, calls, strict=True)):
        tick = min(-(-(cut + wait_us) // tick_us) * tick_us, DAY_US + wait_us)
        for place, one in enumerate(due):
            if one.call.channel.makes:
                found.setdefault(tick if tick < DAY_US else DAY_US + wait_us, []).append((nth, place))
    return [cut for cut in found if cut >= DAY_US], found


def _days_left(country: Country) -> list[int]:
    """For how many days the code that each has from before is good still; 0: without end."""
    today, held = country.scenario.date, country.holdings
    made = held.made_before(today)
    left = made + held.life - today.toordinal()
    days: list[int] = np.where((made != NEVER) & (held.life > 0), left, 0).tolist()
    return days


def _small_offices(country: Country) -> Iterator[SmallOffice]:
    demand, population = country.demand, country.population
    workplace, size, province = population.workplace, population.workplace_size, population.workplace_province
    for manager in np.unique(demand.asker[demand.channel == Channel.EDEVLET_BULK]).tolist():
        place = int(workplace[manager])
        yield SmallOffice(
            manager=manager,
            name=f"Örnek İş Yeri {place}",
            province=int(province[place]),
            staff_count=int(size[place]),
        )


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


def _due(country: Country, codes: Sequence[str], starts: NDArray[Any], call: int, wallets: Mapping[int, Wallet]) -> Due:
    demand, first, end = country.demand, int(starts[call]), int(starts[call + 1])
    channel, at_us, asker = Channel(int(demand.channel[first])), int(demand.at_us[first]), int(demand.asker[first])
    people, spoiled = demand.person[first:end].tolist(), demand.spoiled[first:end].tolist()
    if channel.makes:
        (person,) = people
        days = int(country.holdings.life[person])
        return Due(at_us, Call(channel, asker, (), person, days), ((0, wallets[person]),))
    own = tuple(
        (place, wallets[person])
        for place, (person, kind) in enumerate(zip(people, spoiled, strict=True))
        if person in wallets and kind == Spoiled.NONE
    )
    return Due(at_us, Call(channel, asker, tuple(codes[first:end])), own)


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
