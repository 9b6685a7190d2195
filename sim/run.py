"""Run a scenario: make the country, let its epidemic pass, play its day against a ministry, check every answer.

    population → epidemic → reporting → demand → drive (+ oracle) → results
                                            └──→ capacity

Everything but the answers and their latencies follows from scenario and seed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, time, timedelta
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mockgov.clock import TURKEY
from mockgov.risk_index.messages import PcrReport, Report
from mockgov.settings import Settings
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.names import SURNAMES, given_names
from mockgov.vocabulary.person import Sex
from sim.capacity import model as capacity_model
from sim.capacity.process import simulate as serve
from sim.demand import model as demand_model
from sim.demand.callers import Callers, callers
from sim.demand.parameters import Channel, Spoiled
from sim.demand.record import Demand
from sim.drive.oracle import Oracle, verdict, wrong_fields
from sim.drive.play import Due, Played, Step, play
from sim.drive.port import TIME_OUT, Call, DriveError, MinistryPort, Office, Person, Residents, Settlement
from sim.epidemic.model import Epidemic
from sim.epidemic.process import simulate as spread
from sim.population.model import Population, build
from sim.reporting.process import ReportLog, to_messages
from sim.reporting.process import simulate as report
from sim.results import Tables
from sim.scenario import Scenario
from sim.streams import Streams

DAY_US = 86_400_000_000
MINUTE_US = 60_000_000
SEXES = (Sex.MALE, Sex.FEMALE)
EPOCH_DAY = date(1970, 1, 1)
BY_PERSON = (Channel.PERSON, Channel.PERSON_PLUS)
ABSENT = "time-out"

Say = Callable[[str], None]
Progress = Callable[[int, int], None]
"""Called with calls answered and calls in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """What a scenario and a seed make, before any ministry is met."""

    scenario: Scenario
    seed: int
    population: Population
    epidemic: Epidemic
    reports: ReportLog
    callers: Callers
    demand: Demand
    streams: Streams

    @property
    def opens_at(self) -> datetime:
        """Midnight in Turkey with which the day played begins."""
        return datetime.combine(self.scenario.date, time(), TURKEY)

    @property
    def begins_at(self) -> datetime:
        """Midnight in Turkey with which the warm-up begins."""
        return self.opens_at - timedelta(days=self.scenario.warm_up_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A run's tables, and scalars for its summary."""

    tables: Tables
    facts: dict[str, str | int | float]
    measured: dict[str, str | int | float]


def make(scenario: Scenario, seed: int, *, say: Say = lambda _: None) -> Country:
    """The country of a scenario, up to the end of the day played."""
    streams = Streams(seed)
    days = scenario.warm_up_days + 1
    say("population")
    population = build(scenario.population, streams)
    say("epidemic")
    epidemic = spread(population, scenario.epidemic, streams, days)
    say("reporting")
    starts_on = scenario.date - timedelta(days=scenario.warm_up_days)
    reports = report(population, epidemic, scenario.reporting, streams, starts_on, days)
    say("demand")
    asking = callers(population, scenario.demand, streams)
    demand = demand_model.plan(population, asking, scenario.demand, streams, scenario.date)
    return Country(
        scenario=scenario,
        seed=seed,
        population=population,
        epidemic=epidemic,
        reports=reports,
        callers=asking,
        demand=demand,
        streams=streams,
    )


async def meet(
    country: Country, ministry: MinistryPort, *, compression: float, say: Say = lambda _: None, progress: Progress
) -> Outcome:
    """Play the country's day against a ministry and check every answer. Raises `DriveError`."""
    settlement = settle(country)
    say(f"settling {len(settlement.people):,} people")
    residents = await ministry.settle(settlement)
    rules = settings_of(country.scenario)
    oracle = Oracle(
        settlement.people,
        residents,
        negative_test_hours=rules.negative_test_hours,
        immunity_days=rules.immunity_days,
    )
    before, filings = _filings(country)
    await ministry.file(before)
    oracle.learn(before)
    steps = _steps(country, residents, filings)
    total, answered = country.demand.calls, 0

    def one_more(count: int) -> None:
        nonlocal answered
        answered += count
        progress(answered, total)

    say("playing")
    began = perf_counter()
    played = await play(ministry, steps, compression=compression, progress=one_more)
    seconds = perf_counter() - began
    rows = _check(country, oracle, steps, played)
    audited = await ministry.audited()
    capacity = _capacity(country)
    known = [*before, *(one for _, reports in filings for one in reports)]
    tables = Tables.of(queries=rows, epidemic=_epidemic_rows(country, known), capacity=capacity)
    facts: dict[str, str | int | float] = {
        **parameters_of(country.scenario),
        "people": len(settlement.people),
        "institutions": len(settlement.offices),
        "reports": len(known),
        "audit_rows": audited,
    }
    return Outcome(tables=tables, facts=facts, measured={"real_seconds": round(seconds, 3)})


def settings_of(scenario: Scenario) -> Settings:
    """The ministry's settings that the scenario asks for."""
    return Settings(**scenario.ministry)


def parameters_of(scenario: Scenario) -> dict[str, str | int | float]:
    """The scenario's scalar parameters, by dotted name, but for `play`, on which no result hangs."""
    flat: dict[str, str | int | float] = {}

    def walk(name: str, value: object) -> None:
        if is_dataclass(value):
            for part in fields(value):
                walk(f"{name}.{part.name}", getattr(value, part.name))
        elif isinstance(value, bool | int | float | str):
            flat[name] = value
        elif isinstance(value, date):
            flat[name] = value.isoformat()

    for part in ("population", "epidemic", "reporting", "demand", "capacity"):
        walk(part, getattr(scenario, part))
    return flat


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


def _filings(country: Country) -> tuple[list[Report], list[tuple[int, list[Report]]]]:
    """Reports filed before the day, and those of the day with the microsecond at which they are filed."""
    opens_us = country.scenario.warm_up_days * DAY_US
    filed_us = country.reports.filed_us
    messages = to_messages(country.reports, np.arange(1, country.population.province.size + 1))
    before = [messages[n] for n in np.flatnonzero(filed_us < opens_us).tolist()]
    today: dict[int, list[Report]] = {}
    for n in np.flatnonzero((filed_us >= opens_us) & (filed_us < opens_us + DAY_US)).tolist():
        today.setdefault(int(filed_us[n]) - opens_us, []).append(messages[n])
    return before, sorted(today.items())


def _steps(country: Country, residents: Residents, filings: Sequence[tuple[int, list[Report]]]) -> list[Step]:
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


def _check(
    country: Country, oracle: Oracle, steps: Sequence[Step], played: Sequence[Sequence[Played]]
) -> dict[str, Any]:
    """A row for each code asked: what it should have been, what it was, and where they differ."""
    demand = country.demand
    rows: dict[str, list[Any]] = {name: [] for name in ("expected", "answered", "wrong_fields", "latency_us", "status")}
    query = 0
    for step, answers in zip(steps, played, strict=True):
        oracle.learn(step.filed)
        for due, (reply, latency_us) in zip(step.calls, answers, strict=True):
            for nth in range(len(due.call.codes)):
                spoiled = Spoiled(int(demand.spoiled[query]))
                expected = oracle.expected(int(demand.person[query]), due.call.channel, spoiled, step.at)
                told = reply.told[nth] if nth < len(reply.told) else None
                proper = told is not None and reply.status in (200, 400)
                rows["expected"].append(verdict(expected))
                rows["answered"].append(verdict(told) if told and proper else _failure(reply.status))
                rows["wrong_fields"].append(",".join(wrong_fields(expected, told)) if told and proper else "answer")
                rows["latency_us"].append(latency_us)
                rows["status"].append(reply.status)
                query += 1
    asker = [
        f"citizen:{asker + 1}" if channel in BY_PERSON else country.callers.label[asker]
        for asker, channel in zip(demand.asker.tolist(), demand.channel.tolist(), strict=True)
    ]
    channels = [channel.name.lower().replace("_", "-") for channel in Channel]
    return {
        "at_us": demand.at_us,
        "channel": [channels[n] for n in demand.channel.tolist()],
        "asker": asker,
        "person": demand.person,
        "call": demand.call,
        **rows,
    }


def _failure(status: int) -> str:
    return ABSENT if status == TIME_OUT else str(status)


def _epidemic_rows(country: Country, known: Sequence[Report]) -> dict[str, Any]:
    """The epidemic by day, with what the ministry knew of it at each day's end."""
    epidemic, days = country.epidemic, country.scenario.warm_up_days + 1
    dates = [country.begins_at.date() + timedelta(days=day) for day in range(days)]
    infected = epidemic.infected_on[epidemic.infected_on >= 0]
    positives = [r for r in known if isinstance(r, PcrReport) and r.positive]
    first: dict[int, datetime] = {}
    for one in sorted(positives, key=lambda r: r.sampled_at):
        first.setdefault(one.citizen_id, one.sampled_at)
    cases = np.zeros(days, np.int64)
    for moment in first.values():
        day = (moment.astimezone(TURKEY).date() - dates[0]).days
        if 0 <= day < days:
            cases[day] += 1
    oracle = Oracle((), Residents(identity=(), code=(), expired={}, deleted={}))
    oracle.learn(known)
    return {
        "day": np.arange(days),
        "date": dates,
        "susceptible": epidemic.susceptible,
        "exposed": epidemic.exposed,
        "infectious": epidemic.infectious,
        "recovered": epidemic.recovered,
        "new_infections": np.bincount(infected, minlength=days)[:days],
        "reported_cases": cases,
        "believed_risky": [
            oracle.count_risky(country.begins_at + timedelta(days=day, hours=12)) for day in range(days)
        ],
    }


def _capacity(country: Country) -> dict[str, Any]:
    """The same calls through the queue model, by minute."""
    demand = country.demand
    arrivals = demand.at_us[demand.call_start[:-1]]
    return capacity_model.by_minute(serve(arrivals, country.scenario.capacity, country.streams), DAY_US // MINUTE_US)


__all__ = ["Country", "DriveError", "Outcome", "make", "meet", "people_of", "settings_of", "settle"]
