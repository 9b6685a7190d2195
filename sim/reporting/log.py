"""The log of what the ministry has learnt, and what its rules make of it at any moment: for towns, not for nations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from itertools import groupby
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mockgov.clock import MICROSECOND
from mockgov.risk_index.messages import ContactReport, PcrReport, Report, VaccineReport
from mockgov.risk_index.regulations import IMMUNITY_DAYS, REGULATIONS, Regulation
from mockgov.risk_index.rules import (
    RiskInterval,
    midnight,
    recent,
    record_at,
    status_at,
    timeline,
)
from mockgov.vocabulary.risk_status import RiskStatus

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US

Numbers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]


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
    regulations: tuple[Regulation, ...] = REGULATIONS
    """The rules by which it is read."""

    def __len__(self) -> int:
        return self.filed_us.size

    @property
    def starts_at(self) -> datetime:
        """The moment (UTC) from which the microseconds count."""
        return midnight(self.starts_on)


def log_of(
    records: Sequence[Records], starts_on: date, days: int, regulations: tuple[Regulation, ...] = REGULATIONS
) -> ReportLog:
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
        regulations=regulations,
    )
    for column in (log.filed_us, log.person, log.kind, log.moment_us, log.positive, log.dose):
        column.setflags(write=False)
    return log


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
        if made := timeline([report for filed_us, report in rows if filed_us <= at_us], log.regulations):
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
        turns.update(_turns(rows, log, (begin_us, end_us), windows))
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


def _turns(rows: Rows, log: ReportLog, span_us: tuple[int, int], windows: tuple[timedelta, timedelta]) -> Iterator[int]:
    """One person's turning points."""
    (begin_us, end_us), starts_at = span_us, log.starts_at
    filings = sorted({filed_us for filed_us, _ in rows if begin_us < filed_us < end_us})
    last: tuple[object, ...] | None = None
    for since_us, until_us in zip([begin_us, *filings], [*filings, end_us], strict=True):
        known = [report for filed_us, report in rows if filed_us <= since_us]
        intervals = timeline(known, log.regulations)
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
