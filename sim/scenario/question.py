"""What a scenario is: one question, and all that is set to answer it. There are two kinds."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from hashlib import blake2b
from typing import Any

from mockgov.working_time import YEARS
from sim.admissions.parameters import AdmissionsParameters
from sim.capacity.parameters import CapacityParameters
from sim.demand.parameters import DemandParameters
from sim.epidemic.parameters import EpidemicParameters
from sim.population.parameters import PopulationParameters
from sim.reporting.parameters import ReportingParameters


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
        """Refuse a question that is none, and a warm-up longer than the era."""
        problems = _no_question(self.question)
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
        if self.date.year not in YEARS:
            problems.append(f"date = {self.date}: holidays are known for {YEARS[0]} to {YEARS[-1]} only")
        if problems:
            raise ValueError("; ".join(problems))


def _no_question(question: str) -> list[str]:
    is_one = question.strip() and "\n" not in question.strip()
    return [] if is_one else ["question must be one sentence on one line"]


def digest(scenario: Scenario | AdmissionsScenario) -> str:
    """32 hexadecimal digits over all that is in force, defaults included, but not name and question.

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
        words = ("name", "question") if isinstance(value, Scenario | AdmissionsScenario) else ()
        return {name: _plain(getattr(value, name)) for name in names if name not in words}
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value
