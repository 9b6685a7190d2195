"""Run a scenario: a country's day is played against a ministry, and every answer checked; or months on the road.

`headlines` is a run of any kind as a few dozen numbers, for experiments that make many; `numbers` has them in one
scale.

Everything but the answers and their latencies follows from scenario and seed.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

from sim.admissions.parameters import AdmissionsParameters, DeskName, Flaw
from sim.admissions.process import simulate
from sim.country import Country, Say, make, parameters_of, scalars, settings_of
from sim.day import filings, settle, steps
from sim.drive.oracle import Oracle
from sim.drive.play import play
from sim.drive.port import MinistryPort
from sim.drive.stub import StubMinistry
from sim.nation.headlines import headlines as nation_headlines
from sim.nation.headlines import numbers_of
from sim.results import Tables, summarise, summarise_road
from sim.results.folder import Summary
from sim.results.road import RoadTables, comparison
from sim.rows import capacity, check, desk_rows, epidemic_rows, institution_rows
from sim.scenario import AdmissionsScenario, AnyScenario, NationScenario
from sim.streams import Streams

Progress = Callable[[int, int], None]
"""Called with calls answered and calls in all."""
LENT = 5
"""Clerks of the surge team with which a scenario without one is compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A run's tables, and scalars for its summary."""

    tables: Tables
    facts: dict[str, str | int | float]
    measured: dict[str, str | int | float]


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
    before, today = filings(country)
    await ministry.file(before)
    oracle.learn(before)
    stretches = steps(country, residents, today)
    total, answered = country.demand.calls, 0

    def one_more(count: int) -> None:
        nonlocal answered
        answered += count
        progress(answered, total)

    say("playing")
    began = perf_counter()
    played = await play(ministry, stretches, compression=compression, progress=one_more)
    seconds = perf_counter() - began
    rows = check(country, oracle, stretches, played)
    audited = await ministry.audited()
    known = [*before, *(one for _, reports in today for one in reports)]
    tables = Tables.of(queries=rows, epidemic=epidemic_rows(country, known), capacity=capacity(country))
    facts: dict[str, str | int | float] = {
        **parameters_of(country.scenario),
        "people": len(settlement.people),
        "institutions": len(settlement.offices),
        "reports": len(known),
        "audit_rows": audited,
    }
    return Outcome(tables=tables, facts=facts, measured={"real_seconds": round(seconds, 3)})


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadOutcome:
    """Months on the onboarding road: tables, scalars for the summary, and the same months with something changed."""

    tables: RoadTables
    facts: dict[str, str | int | float]
    compared: tuple[Summary, ...]
    measured: dict[str, str | int | float]


def admit(scenario: AdmissionsScenario, seed: int, *, say: Say = lambda _: None) -> RoadOutcome:
    """Let institutions walk the onboarding road, and ask what one change at a time would have brought.

    All runs have the same institutions and the same chance: they differ by nothing but the change and what follows.
    """
    say("the road")
    began = perf_counter()
    tables = _walked(scenario, scenario.admissions, seed)
    compared = [comparison("as_set", "as set", tables)]
    for name, words, changed in what_if(scenario.admissions):
        say(words)
        compared.append(comparison(name, words, _walked(scenario, changed, seed)))
    return RoadOutcome(
        tables=tables,
        facts=scalars("admissions", scenario.admissions),
        compared=tuple(compared),
        measured={"real_seconds": round(perf_counter() - began, 3)},
    )


def headlines(scenario: AnyScenario, seed: int) -> dict[str, float]:
    """A run's main numbers by name. A day is played against the stub, which answers as a ministry must."""
    if isinstance(scenario, NationScenario):
        return nation_headlines(scenario, seed)
    if isinstance(scenario, AdmissionsScenario):
        tables = _walked(scenario, scenario.admissions, seed)
        return dict(_flat("", summarise_road(tables, {"scenario": scenario.name, "seed": seed})))
    outcome = asyncio.run(meet(make(scenario, seed), StubMinistry(), compression=0, progress=lambda *_: None))
    return dict(_flat("", summarise(outcome.tables, {"scenario": scenario.name, "seed": seed, **outcome.facts})))


def numbers(scenario: AnyScenario, seed: int) -> dict[str, float]:
    """A run's main numbers by name, all in one scale, for tables that hold many runs side by side."""
    return numbers_of(scenario, seed) if isinstance(scenario, NationScenario) else headlines(scenario, seed)


def _flat(name: str, value: object) -> Iterator[tuple[str, float]]:
    """The numbers in a summary, each by its keys; not those that were set, nor those that depend on the machine."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if name or key not in {"seed", "facts", "measured"}:
                yield from _flat(f"{name} {key}".strip().replace("_", " "), inner)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield name, value


def what_if(parameters: AdmissionsParameters) -> Iterator[tuple[str, str, AdmissionsParameters]]:
    """One change at a time: its name, its words, and the parameters with it."""
    for desk in DeskName:
        now = parameters.desk(desk)
        more = replace(now, clerks=now.clerks + 1, later=tuple((day, clerks + 1) for day, clerks in now.later))
        changed: dict[str, Any] = {desk.value: more}
        yield f"one_more_{desk.value}", f"one clerk more at {desk.value}", replace(parameters, **changed)
    yield "all_kep", "every letter by KEP", replace(parameters, kep_public=1.0, kep_workplaces=1.0)
    right: dict[str, Any] = {flaw.name.lower(): replace(parameters.defect(flaw), share=0.0) for flaw in Flaw}
    yield "none_returned", "no letter is returned", replace(parameters, **right)
    if parameters.first_in_line:
        yield "no_priority", "nobody comes first", replace(parameters, first_in_line=())
    surge = parameters.surge
    if surge.clerks:
        yield "no_surge", "no surge team", replace(parameters, surge=replace(surge, clerks=0))
    else:
        words = f"{LENT} clerks lent to {surge.desk} for {surge.weeks} weeks from {surge.begins}"
        yield "surge", words, replace(parameters, surge=replace(surge, clerks=LENT))


def _walked(scenario: AdmissionsScenario, parameters: AdmissionsParameters, seed: int) -> RoadTables:
    run = simulate(parameters, scenario.date, Streams(seed))
    return RoadTables.of(institutions=institution_rows(run), desks=desk_rows(run, parameters))
