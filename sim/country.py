"""A country: what a scenario and a seed make, before any ministry is met.

population → course (epidemic ⇄ reporting, day by day)
└→ callers → demand
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from mockgov.clock import TURKEY
from mockgov.settings import Settings
from sim.course import Course
from sim.demand import model as demand_model
from sim.demand.arrivals import chances
from sim.demand.callers import Callers, callers
from sim.demand.holdings import Holdings, holdings
from sim.demand.record import Demand
from sim.population.building import build
from sim.population.model import Population
from sim.reporting.log import ReportLog
from sim.scenario import Scenario
from sim.streams import Streams

Say = Callable[[str], None]
"""Called with what is being done, for somebody who waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """What a scenario and a seed make, before any ministry is met."""

    scenario: Scenario
    seed: int
    population: Population
    epidemic: dict[str, NDArray[np.int64]]
    """What `Course.day` told of each day, summed over the provinces: a row a day."""
    reports: ReportLog
    callers: Callers
    demand: Demand
    holdings: Holdings
    """How everybody comes by codes."""
    streams: Streams

    @property
    def opens_at(self) -> datetime:
        """Midnight in Turkey with which the day played begins."""
        return datetime.combine(self.scenario.date, time(), TURKEY)

    @property
    def begins_at(self) -> datetime:
        """Midnight in Turkey with which the warm-up begins."""
        return self.opens_at - timedelta(days=self.scenario.warm_up_days)


def make(scenario: Scenario, seed: int, *, say: Say = lambda _: None) -> Country:
    """The country of a scenario, up to the end of the day played."""
    streams = Streams(seed)
    days = scenario.warm_up_days + 1
    say("population")
    population = build(scenario.population, streams)
    say("epidemic")
    starts_on = scenario.date - timedelta(days=scenario.warm_up_days)
    course = Course.begin(population, scenario.epidemic, scenario.reporting, streams, starts_on, days, keep_log=True)
    told = [course.day() for _ in range(days)]
    epidemic = {name: np.array([day[name].sum() for day in told]) for name in told[0]}
    say("demand")
    asking = callers(population, scenario.demand, streams)
    demand = demand_model.plan(population, asking, scenario.demand, streams, scenario.date)
    held = holdings(population, scenario.demand.making, chances(Streams(seed)).making)
    return Country(
        scenario=scenario,
        seed=seed,
        population=population,
        epidemic=epidemic,
        reports=course.log,
        callers=asking,
        demand=demand,
        holdings=held,
        streams=streams,
    )


def settings_of(scenario: Scenario) -> Settings:
    """The ministry's settings that the scenario asks for."""
    return Settings(**scenario.ministry)


def parameters_of(scenario: Scenario) -> dict[str, str | int | float]:
    """The scenario's scalar parameters, by dotted name, but for `play`, on which no result hangs."""
    parts = ("population", "epidemic", "reporting", "demand", "capacity")
    return {name: value for part in parts for name, value in scalars(part, getattr(scenario, part)).items()}


def scalars(name: str, value: object) -> dict[str, str | int | float]:
    """The scalars in a part's parameters, by dotted name."""
    if is_dataclass(value):
        inner = (scalars(f"{name}.{part.name}", getattr(value, part.name)) for part in fields(value))
        return {key: scalar for found in inner for key, scalar in found.items()}
    if isinstance(value, bool | int | float | str):
        return {name: value}
    return {name: value.isoformat()} if isinstance(value, date) else {}
