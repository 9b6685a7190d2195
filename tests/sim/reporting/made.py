"""Hand-made towns, infections and logs, small enough to be counted by eye, and random ones of the same kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mockgov.risk_index.rules import status_at, timeline
from mockgov.vocabulary.risk_status import RiskStatus
from sim.reporting.kernel import CompiledDesk
from sim.reporting.log import DAY_US, HOUR_US, Records, ReportKind, ReportLog, log_of, to_messages
from sim.reporting.model import COUNTS, DOSES_FROM, NEVER
from sim.reporting.parameters import ReportingParameters
from sim.reporting.process import Desk
from sim.streams import Stream

Counts = dict[str, NDArray[np.int64]]
AnyDesk = Desk | CompiledDesk
ENGINES: tuple[type[AnyDesk], ...] = (Desk, CompiledDesk)

CERTAIN = ReportingParameters(
    tested=((date(2020, 3, 11), 1.0),),
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
    tracing_capacity=100_000.0,
    contact_tested_share=1.0,
    screened=((date(2020, 3, 11), 0.0),),
)
"""Everything happens, always after the same time; nobody is screened, and there are teams enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Columns of a population."""

    home: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    place: NDArray[np.int32]
    place_start: NDArray[np.int32]
    member: NDArray[np.int32]
    province_start: NDArray[np.int32]
    first_dose: NDArray[np.int16]
    third_dose: NDArray[np.int16]
    second_dose_days: int = 28

    @property
    def people(self) -> int:
        return self.home.size


class Infections(NamedTuple):
    """A day's new infections."""

    person: NDArray[np.int32]
    infectious_on: NDArray[np.int16]
    symptoms_on: NDArray[np.int16]
    recovered_on: NDArray[np.int16]
    hospital_on: NDArray[np.int16]
    died_on: NDArray[np.int16]


def town(
    *households: int,
    places: dict[int, int] | None = None,
    doses: dict[int, Sequence[date]] | None = None,
    plates: dict[int, int] | None = None,
) -> Town:
    """Households of these sizes, one after the other, all in Ankara unless `plates` says how many live where.

    `places` has the place of those who have one, `doses` the days of doses; the second one is 28 days after the first.
    """
    people = sum(households)
    place = np.full(people, -1, np.int32)
    for person, number in (places or {}).items():
        place[person] = number
    member = np.argsort(place, kind="stable")[int((place < 0).sum()) :].astype(np.int32)
    lives = np.zeros(82, np.int64)
    for plate, number in (plates or {6: people}).items():
        lives[plate] = number
    flags, first, third = np.zeros(people, np.uint8), np.zeros(people, np.int16), np.zeros(people, np.int16)
    for person, days in (doses or {}).items():
        flags[person] = len(days) << 4
        first[person] = (days[0] - DOSES_FROM).days
        third[person] = (days[2] - DOSES_FROM).days if len(days) > 2 else 0
    return Town(
        home=np.array([nth << 4 | size for size in households for nth in range(size)], np.uint8),
        flags=flags,
        place=place,
        place_start=np.cumsum([0, *np.bincount(place[place >= 0])]).astype(np.int32),
        member=member,
        province_start=np.cumsum([0, *lives]).astype(np.int32),
        first_dose=first,
        third_dose=third,
    )


class Course(NamedTuple):
    """What an infection does to a person; days, `NEVER` for none."""

    infected_on: int
    symptoms_on: int = NEVER
    infectious_on: int | None = None
    recovered_on: int | None = None
    died_on: int = NEVER
    hospital_on: int = NEVER


class Epidemic:
    """Infections that are known from the beginning, told day by day."""

    def __init__(self, people: int, courses: Sequence[tuple[int, Course]]) -> None:
        self.people, self.courses = people, sorted(courses, key=lambda each: (each[1].infected_on, each[0]))

    def infected_on(self, day: int) -> NDArray[np.int16]:
        """Each person's last infection by a day."""
        column = np.full(self.people, NEVER, np.int16)
        for person, course in self.courses:
            if course.infected_on <= day:
                column[person] = course.infected_on
        return column

    def new(self, day: int) -> Infections:
        """Those of a day."""
        rows = [
            (
                person,
                course.infected_on + 2 if course.infectious_on is None else course.infectious_on,
                course.symptoms_on,
                course.infected_on + 12 if course.recovered_on is None else course.recovered_on,
                course.hospital_on,
                course.died_on,
            )
            for person, course in self.courses
            if course.infected_on == day
        ]
        person, *days = np.array(rows, np.int64).reshape(-1, 6).T
        return Infections(person.astype(np.int32), *(column.astype(np.int16) for column in days))


def epidemic(people: int, **courses: tuple[int, int] | Course) -> Epidemic:
    """Who is infected and has symptoms on which days: `p0=(2, 5)` is person 0."""
    return Epidemic(people, [(int(name[1:]), Course(*course)) for name, course in courses.items()])


def played(desk: AnyDesk, outbreak: Epidemic, days: range) -> list[Counts]:
    """Let a desk do its days."""
    return [desk.day(day, outbreak.infected_on(day), outbreak.new(day)) for day in days]


# Random ones


def random_town(
    chance: Stream, people: int, *, provinces: int = 3, vaccinated: tuple[date, date] | None = None
) -> Town:
    """Households of 1 to 6, places of some 12, doses given within a span of days."""
    sizes: list[int] = []
    while sum(sizes) < people:
        sizes.append(min(1 + int(chance.below(6, len(sizes), 0)), people - sum(sizes)))
    places = {
        person: int(chance.below(max(people // 12, 1), person, 2))
        for person in range(people)
        if chance.chance(0.6, person, 1)
    }
    used = {place: number for number, place in enumerate(sorted(set(places.values())))}
    doses = {}
    if vaccinated:
        begins, ends = vaccinated
        for person in range(people):
            first = begins + timedelta(days=int(chance.below((ends - begins).days + 1, person, 3)))
            third = first + timedelta(days=100 + int(chance.below(120, person, 4)))
            number = int(chance.below(4, person, 5))
            if number:
                doses[person] = [first, first + timedelta(days=28), third][:number]
    edges = [people * n // provinces for n in range(provinces + 1)]
    plates = {6 * n + 1: edges[n + 1] - edges[n] for n in range(provinces)}
    return town(*sizes, places={p: used[k] for p, k in places.items()}, doses=doses, plates=plates)


def random_epidemic(chance: Stream, people: int, days: int, share: float) -> Epidemic:
    """Infections on random days, some with symptoms, some of them deadly, some people twice."""
    courses = []
    for person in range(people):
        day = int(chance.below(days, person, 0))
        while chance.chance(share, person, day, 1) and day < days:
            symptoms = day + 2 + int(chance.below(8, person, day, 2)) if chance.chance(0.6, person, day, 3) else NEVER
            ends = day + 6 + int(chance.below(9, person, day, 4))
            dies = bool(chance.chance(0.05, person, day, 5))
            admitted = day + 3 + int(chance.below(9, person, day, 7))
            hospital = admitted if symptoms != NEVER and chance.chance(0.3, person, day, 8) else NEVER
            courses.append((person, Course(day, symptoms, day + 2, ends, ends if dies else NEVER, hospital)))
            if dies:
                break
            day = ends + int(chance.below(60, person, day, 6))
    return Epidemic(people, courses)


# Oracles


def risky_by_the_rules(log: ReportLog, person: int, hours: range) -> list[bool]:
    """How the ministry's own rules have a person stand at each hour, by all that is filed up to then."""
    rows = np.flatnonzero(log.person == person)
    filed = (log.filed_us[rows] // HOUR_US).tolist()
    messages = to_messages(_some(log, rows), np.arange(1, int(log.person.max(initial=0)) + 2))
    risky, known, line = [], -1, ()
    for hour in hours:
        number = sum(each <= hour for each in filed)
        if number != known:
            known, line = number, timeline(messages[:number], log.regulations)
        risky.append(status_at(line, log.starts_at + timedelta(hours=hour)) is RiskStatus.RISKY)
    return risky


def _some(log: ReportLog, rows: NDArray[np.int64]) -> ReportLog:
    return ReportLog(
        starts_on=log.starts_on,
        days=log.days,
        filed_us=log.filed_us[rows],
        person=log.person[rows],
        kind=log.kind[rows],
        moment_us=log.moment_us[rows],
        positive=log.positive[rows],
        dose=log.dose[rows],
        regulations=log.regulations,
    )


def same(one: Counts, other: Counts) -> bool:
    """Whether all counts of a day are equal."""
    return set(one) == set(other) == set(COUNTS) and all((one[name] == other[name]).all() for name in one)


# Logs


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
