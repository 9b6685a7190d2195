"""Hand-made towns, outbreaks and logs, small enough to be counted by eye."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.reporting.model import DAY_US, HOUR_US, Records, ReportKind, ReportLog, log_of
from sim.reporting.parameters import Campaign, ReportingParameters

NOBODY = Campaign(begins=date(2021, 1, 1), ends=date(2021, 1, 1), first=0.0, second=0.0, third=0.0)
EVERYBODY = Campaign(begins=date(2021, 6, 1), ends=date(2021, 6, 1), first=1.0, second=1.0, third=1.0)

CERTAIN = ReportingParameters(
    symptomatic_tested_share=1.0,
    sample_mean_days=1.0,
    delay_cv2=0.0,
    sensitivity=(1.0,) * 40,
    false_positive_share=0.0,
    opening_hour=9,
    closing_hour=10,
    laboratory_mean_hours=16.0,
    household_named_share=1.0,
    work_contacts=0,
    tracing_mean_hours=10.5,
    contact_tested_share=1.0,
    screened_per_100k_per_day=0.0,
    elderly=NOBODY,
    older=NOBODY,
    adults=NOBODY,
    adolescents=NOBODY,
)
"""Everything happens, always after the same time; nobody is screened or vaccinated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Columns of a population."""

    age: NDArray[np.uint8]
    household: NDArray[np.int32]
    household_start: NDArray[np.int32]
    workplace: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbreak:
    """Columns of an epidemic."""

    infected_on: NDArray[np.int16]
    symptoms_on: NDArray[np.int16]


def town(*households: int, age: int = 30, workplaces: dict[int, int] | None = None) -> Town:
    """Households of these sizes, one after the other; `workplaces` has the workplace of those who have one."""
    people = sum(households)
    workplace = np.full(people, -1, np.int32)
    for person, place in (workplaces or {}).items():
        workplace[person] = place
    return Town(
        age=np.full(people, age, np.uint8),
        household=np.repeat(np.arange(len(households)), households).astype(np.int32),
        household_start=np.cumsum([0, *households]).astype(np.int32),
        workplace=workplace,
    )


def outbreak(people: int, **days: tuple[int, int]) -> Outbreak:
    """Who is infected and has symptoms on which days: `p0=(2, 5)` is person 0; -1 for no symptoms."""
    infected, symptoms = np.full(people, -1, np.int16), np.full(people, -1, np.int16)
    for name, (infected_on, symptoms_on) in days.items():
        infected[int(name[1:])], symptoms[int(name[1:])] = infected_on, symptoms_on
    return Outbreak(infected_on=infected, symptoms_on=symptoms)


def us(day: int, hour: float = 0) -> int:
    """Microseconds from the scenario's beginning to an hour of a day."""
    return day * DAY_US + round(hour * HOUR_US)


Row = tuple[ReportKind, int, int, int, bool, int]
"""Kind, filed_us, person, moment_us, positive, dose."""


def rows(log: ReportLog) -> list[Row]:
    """A log's rows, to be compared."""
    columns = (log.filed_us, log.person, log.moment_us, log.positive, log.dose)
    values = zip(*(column.tolist() for column in columns), strict=True)
    return [(ReportKind(kind), *row) for kind, row in zip(log.kind.tolist(), values, strict=True)]


def log(*made: Row, starts_on: date = date(2021, 10, 4), days: int = 60) -> ReportLog:
    """A log of these rows."""
    records = [
        Records(kind, np.array([filed]), np.array([person]), np.array([moment]), np.array([positive]), dose)
        for kind, filed, person, moment, positive, dose in made
    ]
    return log_of(records, starts_on, days)


def pcr(filed_us: int, person: int, moment_us: int, *, positive: bool) -> Row:
    return (ReportKind.PCR, filed_us, person, moment_us, positive, 0)


def contact(filed_us: int, person: int, moment_us: int) -> Row:
    return (ReportKind.CONTACT, filed_us, person, moment_us, False, 0)


def dose(filed_us: int, person: int, moment_us: int, number: int) -> Row:
    return (ReportKind.VACCINE, filed_us, person, moment_us, False, number)
