"""What a scenario is: one question, and all that is set to answer it. There are three kinds."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from hashlib import blake2b
from typing import Any, TypeAlias

from mockgov.vocabulary.province import NATIONAL_POPULATION_2020
from mockgov.working_time import YEARS
from sim.admissions.parameters import AdmissionsParameters
from sim.capacity.network.parameters import NetworkParameters
from sim.capacity.parameters import CapacityParameters
from sim.demand.parameters import DemandParameters
from sim.epidemic.parameters import EpidemicParameters
from sim.population.parameters import PopulationParameters
from sim.reporting.parameters import ReportingParameters

FIRST_DAY, LAST_DAY = dt.date(YEARS[0], 1, 1), dt.date(YEARS[-1], 12, 31)
"""Days that may be reported: those of the years whose holidays are known."""
SHORTEST_PERIOD_S = 1.0
"""How often autoscaling may look on days with queries: each look of a day takes memory and time."""
LONGEST_DAYS = 1_300
"""Hours since the first day have to fit 16 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayParameters:
    """How a day is played against a running ministry. No result but measured latencies hangs on it."""

    compression: float = 86_400 / 75
    """Simulated seconds that pass in one real second, 1 to 100,000. The default plays 24 hours in 75 s."""

    tick_minutes: int = 5
    """Simulated minutes from one setting of the ministry's clock to the next, 1 to 1,440; what falls due in
    between is handed in then."""

    def __post_init__(self) -> None:
        """Refuse what cannot be played."""
        problems = [
            f"{name} = {getattr(self, name)!r} is outside 1 to {high}"
            for name, high in (("compression", 100_000), ("tick_minutes", 1_440))
            if not 1 <= getattr(self, name) <= high
        ]
        if problems:
            raise ValueError("; ".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A day of the country: it is played against a ministry."""

    name: str
    """The file's name without `.toml`."""
    question: str
    """What the scenario answers, in one sentence."""
    date: dt.date
    """The day that is played, in Turkish time."""
    warm_up_days: int = 49
    """Days for which the epidemic runs before it, 0 to 1,000; the day played is the last one simulated."""
    population: PopulationParameters = field(default_factory=PopulationParameters)
    epidemic: EpidemicParameters = field(default_factory=EpidemicParameters)
    reporting: ReportingParameters = field(default_factory=ReportingParameters)
    demand: DemandParameters = field(default_factory=DemandParameters)
    capacity: CapacityParameters = field(default_factory=CapacityParameters)
    ministry: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the ministry that are not its defaults, by the names of `mockgov.settings.Settings`. Not to
    be changed."""
    play: PlayParameters = field(default_factory=PlayParameters)

    def __post_init__(self) -> None:
        """Refuse a question that is none, a day without a calendar, and a warm-up longer than the era."""
        problems = [*_no_question(self.question), *_outside_the_years(self.date, 1)]
        if not 0 <= self.warm_up_days <= 1_000:
            problems.append(f"warm_up_days = {self.warm_up_days!r} is outside 0 to 1000")
        if problems:
            raise ValueError("; ".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionsScenario:
    """Months on the onboarding road: institutions apply, and the ministry's desks take them in."""

    name: str
    """The file's name without `.toml`."""
    question: str
    """What the scenario answers, in one sentence."""
    date: dt.date
    """The Monday with whose midnight, in Turkish time, the first week of applications begins."""
    admissions: AdmissionsParameters = field(default_factory=AdmissionsParameters)

    def __post_init__(self) -> None:
        """Refuse a question that is none, and a beginning that is no Monday or has no calendar."""
        problems = _no_question(self.question)
        if self.date.weekday() != 0:
            problems.append(f"date = {self.date} must be a Monday: weeks of applications begin with it")
        problems += _outside_the_years(self.date, 1)
        if problems:
            raise ValueError("; ".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class NationParameters:
    """How long the country is followed, and on which days its queries are made as well."""

    days: int = 120
    """Days from `date` on, 1 to 1,200; with `warm_up_days` at most 1,300."""

    warm_up_days: int = 0
    """Days before `date` for which epidemic and ministry run without being reported, 0 to 600."""

    load: tuple[dt.date, ...] = ()
    """Days whose queries are made, one by one, and put through the ministry's service; each within the days
    followed. A day of the whole country has over a hundred million."""

    def __post_init__(self) -> None:
        """Refuse a time that is none, or longer than the columns reach."""
        problems = [
            f"{name} = {getattr(self, name)!r} is outside {low} to {high:,}"
            for name, low, high in (("days", 1, 1_200), ("warm_up_days", 0, 600))
            if not low <= getattr(self, name) <= high
        ]
        if not problems and self.days + self.warm_up_days > LONGEST_DAYS:
            problems.append(f"days = {self.days} and {self.warm_up_days} of warm-up exceed {LONGEST_DAYS:,} together")
        if list(self.load) != sorted(set(self.load)):
            problems.append("load must be dates in ascending order, each once")
        if problems:
            raise ValueError("; ".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationParameters:
    """What `hes calibrate` varies unless it is told otherwise. No result of a run hangs on it."""

    fit: tuple[str, ...] = ()
    """Parameters to be fitted to what was observed, each as `name=low:high`, or `name=low:high:log`."""

    draw: tuple[str, ...] = ()
    """Parameters of which the months that are fitted say nothing, likewise: when the fitted are run beyond those
    months, each member draws from the whole range."""

    def __post_init__(self) -> None:
        """Refuse what is no range; names and ends are looked at when it is used."""
        problems = [
            f"{name} has {text!r}, which is not of the form name=low:high"
            for name in ("fit", "draw")
            for text in getattr(self, name)
            if not re.fullmatch(r"[^=:\s]+=[^=:]+:[^=:]+(:log)?", text.strip())
        ]
        if problems:
            raise ValueError("; ".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class NationScenario:
    """The country over weeks or months: who is infected, what the ministry knows, what that does to its service.

    No ministry is met: the service is the model of `sim.capacity.network`.
    """

    name: str
    """The file's name without `.toml`."""
    question: str
    """What the scenario answers, in one sentence."""
    date: dt.date
    """The first day reported, in Turkish time."""
    nation: NationParameters = field(default_factory=NationParameters)
    population: PopulationParameters = field(
        default_factory=lambda: PopulationParameters(people=NATIONAL_POPULATION_2020)
    )
    epidemic: EpidemicParameters = field(default_factory=EpidemicParameters)
    reporting: ReportingParameters = field(default_factory=ReportingParameters)
    demand: DemandParameters = field(default_factory=DemandParameters)
    network: NetworkParameters = field(default_factory=NetworkParameters)
    calibration: CalibrationParameters = field(default_factory=CalibrationParameters)

    @property
    def last_day(self) -> dt.date:
        """The last day reported."""
        return self.date + dt.timedelta(days=self.nation.days - 1)

    @property
    def starts_on(self) -> dt.date:
        """Day 0 of epidemic and reporting: the first of the warm-up."""
        return self.date - dt.timedelta(days=self.nation.warm_up_days)

    @property
    def days(self) -> int:
        """All days that are simulated, warm-up included."""
        return self.nation.warm_up_days + self.nation.days

    @property
    def load_days(self) -> tuple[int, ...]:
        """The days with queries, counted from `starts_on`."""
        return tuple((day - self.starts_on).days for day in self.nation.load)

    def __post_init__(self) -> None:
        """Refuse a question that is none, days without a calendar, and load on a day that is not followed."""
        problems = _no_question(self.question)
        if not (years := _outside_the_years(self.date, self.nation.days)):
            problems += [
                f"nation.load names {day}, which is not one of the days followed, {self.date} to {self.last_day}"
                for day in self.nation.load
                if not self.date <= day <= self.last_day
            ]
        if problems := [*problems, *years, *_pointless(self.network)]:
            raise ValueError("; ".join(problems))


AnyScenario: TypeAlias = Scenario | AdmissionsScenario | NationScenario


def _no_question(question: str) -> list[str]:
    is_one = question.strip() and "\n" not in question.strip()
    return [] if is_one else ["question must be one sentence on one line"]


def _outside_the_years(day: dt.date, days: int) -> list[str]:
    """What is wrong with following so many days from one on."""
    if not FIRST_DAY <= day <= LAST_DAY:
        return [f"date = {day} is outside {FIRST_DAY} to {LAST_DAY}, the years whose holidays are known"]
    if (LAST_DAY - day).days < days - 1:
        return [f"nation.days = {days} end after {LAST_DAY}, up to which holidays are known"]
    return []


def _pointless(network: NetworkParameters) -> list[str]:
    """What is set about the service and can have no effect, or would take for ever."""
    there = [station for station, _ in network.stations]
    problems = [
        f"network.{name} names {station} in row {row}, which has no servers; leave it out, or give it some"
        for name, rows in (("outages", network.outages), ("slow", network.slow))
        for row, (station, *_) in enumerate(rows, 1)
        if station not in there
    ]
    scaled = any(room.is_scaled for _, room in network.stations)
    if scaled and network.scaling_period_s < SHORTEST_PERIOD_S:
        problems.append(f"network.scaling_period_s = {network.scaling_period_s} must be at least {SHORTEST_PERIOD_S:g}")
    return problems


def digest(scenario: AnyScenario) -> str:
    """32 hexadecimal digits over all that is in force, defaults included, but not name, question and calibration.

    Two scenarios with the same digest and the same seed have the same results.
    """
    told = json.dumps(_plain(scenario), sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return blake2b(told.encode(), digest_size=16).hexdigest()


def _plain(value: Any) -> Any:
    """The value in terms of JSON."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        names = [item.name for item in fields(value)]
        words = ("name", "question", "calibration") if isinstance(value, AnyScenario) else ()
        return {name: _plain(getattr(value, name)) for name in names if name not in words}
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value
