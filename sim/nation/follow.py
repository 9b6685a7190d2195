"""The country, day by day: epidemic and ministry every day, its queries on chosen ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.capacity.network.kernel import CompiledNetwork
from sim.country import Say
from sim.course import Course, State
from sim.demand.kernel import DayOfCalls
from sim.nation import checkpoint
from sim.nation.load import DAY_MINUTES, Columns, Truth, pass_through
from sim.nation.needs import CALL_S, CALLS_A_PERSON, DAY_S, PERSON_DAY_S
from sim.population.model import Population
from sim.scenario import NationScenario
from sim.streams import Streams

Progress = Callable[[float, float], None]
"""Called with how much is done and how much there is, in seconds of a common machine."""


class Journal(Protocol):
    """What writes down what happens."""

    def epidemic_day(self, day: date, totals: Mapping[str, NDArray[np.int64]], *, reported: bool) -> None:
        """A day of epidemic and ministry, by plate; one of the warm-up is not reported."""

    def calls(self, day: date, columns: Columns) -> None:
        """Calls that ended, as `sim.nation.load.pass_through` tells them."""

    def minutes(
        self,
        day: date,
        calls: Mapping[str, NDArray[np.int64]],
        stations: Mapping[str, Mapping[str, NDArray[np.int64]]],
    ) -> None:
        """The service's tables of minutes of a day."""

    def end_day(self, day: date) -> None:
        """All calls of a day have been told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoints:
    """Where and how often a run leaves something to go on from."""

    folder: Path
    identity: Mapping[str, Any]
    """Of which run it is: two runs with one identity have the same results."""
    every_days: int = 30

    def left(self) -> State | None:
        """What an earlier run of the same left; None if there is nothing."""
        return checkpoint.load(self.folder, self.identity)


@dataclass(slots=True, kw_only=True)
class Pace:
    """How much of a run is done."""

    scenario: NationScenario
    tell: Progress
    done: float = 0.0

    @property
    def day(self) -> float:
        """What a day of epidemic and ministry takes."""
        return DAY_S + self.scenario.population.people * PERSON_DAY_S

    @property
    def load(self) -> float:
        """What a day's calls take."""
        return self.scenario.population.people * CALLS_A_PERSON * CALL_S

    @property
    def total(self) -> float:
        """What the whole run takes."""
        return self.scenario.days * self.day + len(self.scenario.nation.load) * self.load

    def passed(self, days: int, loads: int, share: float = 0.0) -> None:
        """So many days and loads are done, and this share of another load."""
        self.tell(days * self.day + (loads + share) * self.load, self.total)


def follow(
    scenario: NationScenario,
    seed: int,
    population: Population,
    journal: Journal,
    *,
    threads: int = 1,
    checkpoints: Checkpoints | None = None,
    left: State | None = None,
    say: Say = lambda _: None,
    progress: Progress = lambda _, __: None,
) -> None:
    """Follow the country from `scenario.starts_on`, or from what was `left`, and write down what happens.

    With `checkpoints` it leaves one every so many days; whoever has all that it told may discard the last one.
    """
    days = scenario.days
    course = Course.begin(
        population,
        scenario.epidemic,
        scenario.reporting,
        Streams(seed),
        scenario.starts_on,
        days,
        threads=threads,
    )
    if left is not None:
        course.restore(left)
    pace = Pace(scenario=scenario, tell=progress)
    while course.next_day < days:
        number = course.next_day
        today = scenario.starts_on + timedelta(days=number)
        say(f"{today}")
        totals = course.day()
        journal.epidemic_day(today, totals, reported=today >= scenario.date)
        loads = sum(load < number for load in scenario.load_days)
        if number in scenario.load_days:
            say(f"{today}, queries")
            _load(scenario, seed, population, course, journal, threads, pace, loads)
            loads += 1
        pace.passed(number + 1, loads)
        if checkpoints is not None and (number + 1) % checkpoints.every_days == 0 and number + 1 < days:
            checkpoint.save(checkpoints.folder, course.state(), checkpoints.identity)


def _load(
    scenario: NationScenario,
    seed: int,
    population: Population,
    course: Course,
    journal: Journal,
    threads: int,
    pace: Pace,
    loads: int,
) -> None:
    """The queries of the day just run."""
    number = course.next_day - 1
    today = scenario.starts_on + timedelta(days=number)
    beside = max(1, threads - 1)  # one is the service's
    demand = DayOfCalls(population, scenario.demand, Streams(seed), today, threads=beside)
    network = CompiledNetwork(scenario.network, Streams(seed).within(today.isoformat()))
    minutes = pass_through(
        demand,
        network,
        Truth(number, course.standing, course.infectious()),
        ended=lambda columns: journal.calls(today, columns),
        progress=lambda minute: pace.passed(number + 1, loads, minute / DAY_MINUTES),
    )
    journal.minutes(today, minutes.calls, {station.value: table for station, table in minutes.stations.items()})
    journal.end_day(today)
