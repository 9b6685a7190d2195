"""Who is tested, what a sample shows, who is named as a contact, when a record arrives, and what is then believed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from itertools import groupby
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mockgov.clock import MICROSECOND
from mockgov.risk_index.messages import ContactReport, PcrReport, Report, VaccineReport
from mockgov.risk_index.regulations import IMMUNITY_DAYS, Regulation
from mockgov.risk_index.rules import (
    RiskInterval,
    midnight,
    recent,
    record_at,
    status_at,
    timeline,
)
from mockgov.vocabulary.risk_status import RiskStatus
from sim.reporting.parameters import Campaign, ReportingParameters
from sim.streams import Stream
from sim.tables import Table, deterministic, lognormal

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
NEVER = -1
LONG_AGO = -30_000
"""A day before any other, for what has not happened."""
LASTING = 20_000
"""More days than anything real lies back, and fewer than `LONG_AGO` does."""

Numbers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]


class Town(Protocol):
    """What this part needs of a population: a column for each."""

    @property
    def age(self) -> NDArray[np.uint8]:
        """Completed years, per person."""
        ...

    @property
    def household(self) -> NDArray[np.int32]:
        """Household, per person, ascending without gaps."""
        ...

    @property
    def household_start(self) -> NDArray[np.int32]:
        """First person of each household, and the number of people at the end."""
        ...

    @property
    def workplace(self) -> NDArray[np.int32]:
        """Workplace, per person, -1 none."""
        ...


class Outbreak(Protocol):
    """What this part needs of an epidemic: the day of each person's infection and symptoms, -1 none."""

    @property
    def infected_on(self) -> NDArray[np.int16]:
        """Day of the infection."""
        ...

    @property
    def symptoms_on(self) -> NDArray[np.int16]:
        """Day of the first symptoms."""
        ...


class ReportKind(IntEnum):
    """What a record tells of."""

    PCR = 0
    CONTACT = 1
    VACCINE = 2


class Records(NamedTuple):
    """Columns of one kind of record, in any order."""

    kind: ReportKind
    filed_us: Numbers
    person: Numbers
    moment_us: Numbers
    positive: Flags | bool = False
    dose: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLog:
    """What the ministry learns, in the order in which it does. Microseconds count from the scenario's midnight."""

    starts_on: date
    """The scenario's first day; it begins at 00:00 in Turkey."""
    days: int
    filed_us: Numbers
    """When the record reaches the ministry; 0 for what it knows from the beginning."""
    person: NDArray[np.int32]
    kind: NDArray[np.uint8]
    """A `ReportKind`."""
    moment_us: Numbers
    """When the sample was taken, the last contact was, the dose was given; may lie before the beginning."""
    positive: Flags
    """Of a PCR."""
    dose: NDArray[np.uint8]
    """Of a vaccination, from 1."""

    def __len__(self) -> int:
        return self.filed_us.size

    @property
    def starts_at(self) -> datetime:
        """The moment (UTC) from which the microseconds count."""
        return midnight(self.starts_on)


def log_of(records: Sequence[Records], starts_on: date, days: int) -> ReportLog:
    """All that reaches the ministry within so many days, by moment, person and kind. All columns are read-only."""
    nothing = np.empty(0, np.int64)
    parts = [Records(ReportKind.PCR, nothing, nothing, nothing), *records]
    columns = [
        np.concatenate([np.broadcast_to(getattr(each, name), each.person.shape) for each in parts])
        for name in ("filed_us", "person", "kind", "moment_us", "positive", "dose")
    ]
    order = np.lexsort(columns[::-1])
    order = order[columns[0][order] < days * DAY_US]
    filed_us, person, kind, moment_us, positive, dose = (column[order] for column in columns)
    log = ReportLog(
        starts_on=starts_on,
        days=days,
        filed_us=filed_us.astype(np.int64),
        person=person.astype(np.int32),
        kind=kind.astype(np.uint8),
        moment_us=moment_us.astype(np.int64),
        positive=positive.astype(np.bool_),
        dose=dose.astype(np.uint8),
    )
    for column in (log.filed_us, log.person, log.kind, log.moment_us, log.positive, log.dose):
        column.setflags(write=False)
    return log


# How long things take


def delay(mean_us: float, cv2: float) -> Table:
    """A delay of this mean: log-normal, or always the same if `cv2` is 0."""
    return lognormal(round(mean_us), cv2) if cv2 else deterministic(round(mean_us))


def uploaded_us(known_us: Numbers, parameters: ReportingParameters) -> Numbers:
    """The first upload at or after the moment at which something is known."""
    slot_us = HOUR_US // parameters.uploads_per_hour
    return -(-known_us // slot_us) * slot_us


def visited_us(day: Numbers | int, hour: Numbers, parameters: ReportingParameters) -> Numbers:
    """The full hour at which somebody is seen who is the so-manieth hour's visitor of a day."""
    return day * DAY_US + (parameters.opening_hour + hour) * HOUR_US


# Tests


def symptom_samples(
    symptoms_on: NDArray[np.int16], wait: Table, parameters: ReportingParameters, chance: Stream
) -> Numbers:
    """The day on which each person gives a sample because of symptoms; -1 for who does not."""
    people = np.arange(symptoms_on.size)
    goes = (symptoms_on != NEVER) & chance.chance(parameters.symptomatic_tested_share, people)
    began_us = symptoms_on * np.int64(DAY_US) + chance.below(24, people, 0, 1) * HOUR_US
    return np.where(goes, (began_us + wait.sample(chance.words(people, 0, 2))) // DAY_US, NEVER)


def positive_chances(infected_on: NDArray[np.int16], day: int, parameters: ReportingParameters) -> NDArray[np.float64]:
    """The chance that a sample of this day is found positive, for each of these days of infection."""
    known = len(parameters.sensitivity)
    shares = np.array([*parameters.sensitivity, parameters.false_positive_share])
    age = day - infected_on.astype(np.int64)
    within = (infected_on != NEVER) & (age >= 0) & (age < known)
    return shares[np.where(within, age, known)]


# Contacts


class Named(NamedTuple):
    """Contacts that cases have named: the position of the case among the cases, the contact, the day between."""

    case: Numbers
    contact: Numbers
    days_before: Numbers
    """Days from the last contact to the case's sample."""


def household_contacts(town: Town, cases: Numbers, day: int, share: float, chance: Stream) -> Named:
    """The others of each case's household, each named by chance; the last contact was at the sample."""
    home = town.household[cases]
    first, sizes = town.household_start[home].astype(np.int64), np.diff(town.household_start)[home].astype(np.int64)
    case = np.repeat(np.arange(cases.size), sizes)
    nth = np.arange(case.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    contact = first[case] + nth
    named = (contact != cases[case]) & chance.chance(share, cases[case], day, nth)
    return Named(case[named], contact[named], np.zeros(int(named.sum()), np.int64))


class Staff(NamedTuple):
    """The people of each workplace, one after the other, and where each workplace begins."""

    people: Numbers
    start: Numbers


def staff_of(town: Town) -> Staff:
    """Everybody who has a workplace, by workplace."""
    workers = np.flatnonzero(town.workplace != NEVER)
    workplace = town.workplace[workers]
    order = np.argsort(workplace, kind="stable")
    return Staff(workers[order], np.concatenate([[0], np.cumsum(np.bincount(workplace))]))


def work_contacts(
    town: Town, staff: Staff, cases: Numbers, day: int, parameters: ReportingParameters, chance: Stream
) -> Named:
    """Colleagues met on the day before the sample, each named by chance; some may be drawn twice, or oneself."""
    working = np.flatnonzero(town.workplace[cases] != NEVER)
    met = parameters.work_contacts
    case, nth = np.repeat(working, met), np.tile(np.arange(met), working.size)
    begins, ends = (staff.start[town.workplace[cases[case]] + side] for side in (0, 1))
    contact = staff.people[begins + chance.below(ends - begins, cases[case], day, 2 * nth)]
    named = (contact != cases[case]) & chance.chance(parameters.work_named_share, cases[case], day, 2 * nth + 1)
    return Named(case[named], contact[named], np.ones(int(named.sum()), np.int64))


def asked_on(
    regulation: Regulation, contact_day: int, contacts: Numbers, dose_days: Numbers, positive_days: Numbers
) -> Numbers:
    """Days after the last contact on which the rules ask each contact for a sample; -1: on none.

    `dose_days` has a row for each dose and a column for each person, `positive_days` the day of each person's last
    positive sample; `LONG_AGO` for none.
    """
    if regulation.contact is None:
        return np.full(contacts.size, NEVER)
    later = regulation.contact.test_from_day
    asked = np.full(contacts.size, NEVER if later is None else later)
    exemption = regulation.exemption
    if exemption is None:
        return asked
    dose_age = contact_day - dose_days[exemption.doses - 1, contacts]
    lasts = LASTING if exemption.dose_lasts_days is None else exemption.dose_lasts_days
    disease_age = contact_day - positive_days[contacts]
    exempt = (dose_age >= exemption.dose_after_days) & (dose_age <= lasts)
    exempt |= (disease_age >= 0) & (disease_age <= exemption.disease_days)
    return np.where(exempt, NEVER if exemption.test_day is None else exemption.test_day, asked)


# Vaccines


def dose_days(age: NDArray[np.uint8], parameters: ReportingParameters, starts_on: date, chance: Stream) -> Numbers:
    """The day of each dose (row) of each person (column), from the scenario's first day; `LONG_AGO` for none.

    One number decides how far a person goes: whoever has a booster has the other doses too.
    """
    days = np.full((3, age.size), LONG_AGO, np.int64)
    groups: tuple[tuple[int, int, Campaign], ...] = (
        (65, 255, parameters.elderly),
        (50, 64, parameters.older),
        (18, 49, parameters.adults),
        (12, 17, parameters.adolescents),
    )
    third_from = (parameters.third_doses_from - starts_on).days
    for youngest, oldest, campaign in groups:
        people = np.flatnonzero((age >= youngest) & (age <= oldest))
        willing = chance.uniform(people)
        length = (campaign.ends - campaign.begins).days + 1
        first = (campaign.begins - starts_on).days + chance.below(length, people, 0, 1)
        second = first + parameters.second_dose_days
        third = np.maximum(second + parameters.third_dose_days, third_from + chance.below(60, people, 0, 2))
        for row, (share, day) in enumerate(
            ((campaign.first, first), (campaign.second, second), (campaign.third, third))
        ):
            days[row, people] = np.where(willing < share, day, LONG_AGO)
    return days


# What is believed


def to_messages(log: ReportLog, citizen_ids: Sequence[int] | NDArray[np.integer]) -> list[Report]:
    """The log's records as reports, row by row; `citizen_ids` has the registry's number of each person."""
    starts_at = log.starts_at
    columns = (np.asarray(citizen_ids)[log.person], log.kind, log.moment_us, log.positive, log.dose)
    return [
        _message(citizen_id, kind, starts_at + timedelta(microseconds=moment_us), positive, dose)
        for citizen_id, kind, moment_us, positive, dose in zip(*(c.tolist() for c in columns), strict=True)
    ]


def _message(citizen_id: int, kind: int, at: datetime, positive: bool, dose: int) -> Report:  # noqa: FBT001  a column
    if kind == ReportKind.PCR:
        return PcrReport(citizen_id=citizen_id, sampled_at=at, positive=positive)
    if kind == ReportKind.CONTACT:
        return ContactReport(citizen_id=citizen_id, last_contact_at=at)
    return VaccineReport(citizen_id=citizen_id, given_at=at, dose=dose)


def believed(log: ReportLog, at_us: int) -> dict[int, tuple[RiskInterval, ...]]:
    """Each person's timeline by the reports filed up to a moment; people without an isolation are missing."""
    timelines = {}
    for person, rows in _by_person(log):
        if made := timeline([report for filed_us, report in rows if filed_us <= at_us]):
            timelines[person] = made
    return timelines


def turning_points_us(
    log: ReportLog,
    begin_us: int,
    end_us: int,
    *,
    negative_test_hours: int = 72,
    immunity_days: int = IMMUNITY_DAYS,
) -> Numbers:
    """The moments after `begin_us` and before `end_us` at which what must be answered about anybody changes.

    An answer is the status and what a plus answer adds: vaccinated, immune, last negative test. Before a turning
    point the old answer is right, from it on the new one.
    """
    windows = (timedelta(hours=negative_test_hours), timedelta(days=immunity_days))
    turns: set[int] = set()
    for _, rows in _by_person(log):
        turns.update(_turns(rows, log.starts_at, (begin_us, end_us), windows))
    return np.array(sorted(turns), np.int64)


Rows: TypeAlias = list[tuple[int, Report]]


def _by_person(log: ReportLog) -> Iterator[tuple[int, Rows]]:
    """Each person's reports with the moments at which they are filed, in their order."""
    order = np.argsort(log.person, kind="stable")
    people = log.person[order].tolist()
    messages = to_messages(log, range(max(people, default=0) + 1))
    filed = log.filed_us.tolist()
    rows = zip(people, ((filed[n], messages[n]) for n in order.tolist()), strict=True)
    for person, group in groupby(rows, key=lambda row: row[0]):
        yield person, [row for _, row in group]


def _turns(
    rows: Rows, starts_at: datetime, span_us: tuple[int, int], windows: tuple[timedelta, timedelta]
) -> Iterator[int]:
    """One person's turning points."""
    begin_us, end_us = span_us
    filings = sorted({filed_us for filed_us, _ in rows if begin_us < filed_us < end_us})
    last: tuple[object, ...] | None = None
    for since_us, until_us in zip([begin_us, *filings], [*filings, end_us], strict=True):
        known = [report for filed_us, report in rows if filed_us <= since_us]
        intervals = timeline(known)
        edges = [edge for interval in intervals for edge in (interval.begins_at, interval.ends_at)]
        edges += [r.sampled_at + windows[r.positive] for r in known if isinstance(r, PcrReport)]
        inside = {(edge - starts_at) // MICROSECOND for edge in edges}
        for at_us in [since_us, *sorted(edge for edge in inside if since_us < edge < until_us)]:
            at = starts_at + timedelta(microseconds=at_us)
            record = record_at(known, at)
            answer = (
                status_at(intervals, at) is RiskStatus.RISKY,
                record.second_dose_at is not None,
                recent(record.last_positive_at, at, windows[True]) is not None,
                recent(record.last_negative_at, at, windows[False]),
            )
            if last is not None and answer != last:
                yield at_us
            last = answer
