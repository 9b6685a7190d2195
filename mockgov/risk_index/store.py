"""Where reports and the timelines made of them are kept: a Protocol, a plain twin, and one for SQL.

A report is a row of the same six columns, whatever its kind; the row is its own key, so that the table is a set:

    kind        at_us       until_us             detail
    positive    sample      -                    1 if a variant of concern
    negative    sample      -                    1 if a variant of concern
    contact     contact     -                    -
    dose        given       -                    number of the dose
    note        noted       symptom-free since   1 intensive care + 2 immunosuppressed
    order       begin       end                  -
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeAlias

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.database import Database
from mockgov.risk_index.messages import (
    ClinicalReport,
    ContactReport,
    IsolationReport,
    PcrReport,
    Report,
    VaccineReport,
)
from mockgov.risk_index.rules import (
    ClinicalRecord,
    RiskInterval,
    RiskReason,
    Standing,
    case_moments,
    record_at,
    standing_at,
)
from mockgov.vocabulary.risk_status import RiskStatus

Timeline: TypeAlias = tuple[RiskInterval, ...]

NOT_SAID = -(2**63)
"""In `until_us`: no such moment."""


class RiskStore(Protocol):
    """Keeps what is known of people, and what follows from it."""

    def add(self, reports: Sequence[Report]) -> None:
        """Keep reports that are not there yet."""
        ...

    def reports_of(self, citizen_ids: Sequence[int]) -> dict[int, list[Report]]:
        """All reports of each, in the order of the moments they tell of; people without any may be missing."""
        ...

    def set_timelines(self, timelines: Mapping[int, Timeline], cases: Mapping[int, Sequence[datetime]]) -> None:
        """Replace the intervals and the cases of these people."""
        ...

    def timeline_of(self, citizen_id: int) -> Timeline:
        """The intervals of one person."""
        ...

    def standing_many(self, citizen_ids: Sequence[int], at: datetime) -> dict[int, Standing]:
        """The hot look-up: who of them is isolated at that moment. Those who are not are missing."""
        ...

    def records_many(self, citizen_ids: Sequence[int], at: datetime) -> dict[int, ClinicalRecord]:
        """Doses and tests of each up to that moment; people without any may be missing."""
        ...

    def cases_between(self, begins_at: datetime, ends_at: datetime) -> list[int]:
        """The person of each case from `begins_at` up to, but without, `ends_at`."""
        ...

    def tests_between(self, begins_at: datetime, ends_at: datetime) -> int:
        """Samples taken in that time."""
        ...

    def set_sharing(self, citizen_id: int, *, shares: bool) -> None:
        """Note whether a person shares vaccine, immunity and test."""
        ...

    def withholding(self, citizen_ids: Sequence[int]) -> frozenset[int]:
        """Those of the people who don't share."""
        ...


class InMemoryRiskStore:
    """The plain twin, for tests."""

    def __init__(self) -> None:
        self._reports: dict[int, set[Report]] = {}
        self._timelines: dict[int, Timeline] = {}
        self._withholding: set[int] = set()

    def add(self, reports: Sequence[Report]) -> None:
        for report in reports:
            self._reports.setdefault(report.citizen_id, set()).add(report)

    def reports_of(self, citizen_ids: Sequence[int]) -> dict[int, list[Report]]:
        found = {n: self._reports[n] for n in citizen_ids if n in self._reports}
        return {n: sorted(reports, key=_moment_first) for n, reports in found.items()}

    def set_timelines(self, timelines: Mapping[int, Timeline], cases: Mapping[int, Sequence[datetime]]) -> None:  # noqa: ARG002  cases are worked out from the reports here
        self._timelines.update(timelines)

    def timeline_of(self, citizen_id: int) -> Timeline:
        return self._timelines.get(citizen_id, ())

    def standing_many(self, citizen_ids: Sequence[int], at: datetime) -> dict[int, Standing]:
        standings = {n: standing_at(self.timeline_of(n), at) for n in citizen_ids}
        return {n: standing for n, standing in standings.items() if standing.interval is not None}

    def records_many(self, citizen_ids: Sequence[int], at: datetime) -> dict[int, ClinicalRecord]:
        return {n: record_at(self._reports.get(n, ()), at) for n in citizen_ids}

    def cases_between(self, begins_at: datetime, ends_at: datetime) -> list[int]:
        moments = ((n, moment) for n, reports in self._reports.items() for moment in case_moments(reports))
        return [n for n, moment in moments if begins_at <= moment < ends_at]

    def tests_between(self, begins_at: datetime, ends_at: datetime) -> int:
        tests = (r for reports in self._reports.values() for r in reports if isinstance(r, PcrReport))
        return len({(t.citizen_id, t.sampled_at) for t in tests if begins_at <= t.sampled_at < ends_at})

    def set_sharing(self, citizen_id: int, *, shares: bool) -> None:
        (self._withholding.discard if shares else self._withholding.add)(citizen_id)

    def withholding(self, citizen_ids: Sequence[int]) -> frozenset[int]:
        return frozenset(self._withholding.intersection(citizen_ids))


METADATA = sa.MetaData()

REPORT = sa.Table(
    "risk_report",
    METADATA,
    sa.Column("citizen_id", sa.BigInteger, primary_key=True),
    sa.Column("kind", sa.String(8), primary_key=True),
    sa.Column("at_us", sa.BigInteger, primary_key=True),
    sa.Column("until_us", sa.BigInteger, primary_key=True),
    sa.Column("detail", sa.Integer, primary_key=True),
    sa.Index("risk_report_by_moment", "at_us", "kind"),
    sqlite_with_rowid=False,
)
INTERVAL = sa.Table(
    "risk_interval",
    METADATA,
    sa.Column("citizen_id", sa.BigInteger, primary_key=True),
    sa.Column("begins_us", sa.BigInteger, primary_key=True),
    sa.Column("ends_us", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.String(8), nullable=False),
    sa.Column("regulation", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)
CASE = sa.Table(
    "risk_case",
    METADATA,
    sa.Column("citizen_id", sa.BigInteger, primary_key=True),
    sa.Column("at_us", sa.BigInteger, primary_key=True),
    sa.Index("risk_case_by_moment", "at_us"),
    sqlite_with_rowid=False,
)
WITHHELD = sa.Table("risk_withheld", METADATA, sa.Column("citizen_id", sa.BigInteger, primary_key=True))

STANDING_SQL = """
SELECT citizen_id, begins_us, ends_us, reason, regulation
FROM json_each(?1) CROSS JOIN risk_interval ON citizen_id = value AND begins_us <= ?2 AND ends_us > ?2
"""
RECORD_SQL = """
SELECT citizen_id,
       MIN(CASE WHEN kind = 'dose' AND detail >= 2 THEN at_us END),
       MAX(CASE WHEN kind = 'positive' THEN at_us END),
       MAX(CASE WHEN kind = 'negative' THEN at_us END)
FROM json_each(?1) CROSS JOIN risk_report ON citizen_id = value
WHERE kind IN ('dose', 'negative', 'positive') AND at_us <= ?2
GROUP BY citizen_id
"""


class SqlRiskStore:
    """Reports and timelines in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)

    def add(self, reports: Sequence[Report]) -> None:
        if reports:
            rows = [_row(report)._asdict() for report in reports]
            self._database.connection.execute(REPORT.insert(), rows)

    def reports_of(self, citizen_ids: Sequence[int]) -> dict[int, list[Report]]:
        found = sa.select(REPORT).where(self._among(REPORT.c.citizen_id, citizen_ids))
        ordered = found.order_by(REPORT.c.at_us, REPORT.c.kind, REPORT.c.until_us, REPORT.c.detail)
        reports: dict[int, list[Report]] = {}
        for row in self._database.connection.execute(ordered):
            reports.setdefault(row[0], []).append(_report(Row(*row)))
        return reports

    def set_timelines(self, timelines: Mapping[int, Timeline], cases: Mapping[int, Sequence[datetime]]) -> None:
        connection, people = self._database.connection, list(timelines)
        connection.execute(INTERVAL.delete().where(self._among(INTERVAL.c.citizen_id, people)))
        connection.execute(CASE.delete().where(self._among(CASE.c.citizen_id, people)))
        intervals = [_interval_row(n, interval) for n, timeline in timelines.items() for interval in timeline]
        if intervals:
            connection.execute(INTERVAL.insert(), intervals)
        moments = [{"citizen_id": n, "at_us": to_us(at)} for n, moments in cases.items() for at in moments]
        if moments:
            connection.execute(CASE.insert(), moments)

    def timeline_of(self, citizen_id: int) -> Timeline:
        found = sa.select(INTERVAL).where(INTERVAL.c.citizen_id == citizen_id).order_by(INTERVAL.c.begins_us)
        return tuple(_interval(*row[1:]) for row in self._database.connection.execute(found))

    def standing_many(self, citizen_ids: Sequence[int], at: datetime) -> dict[int, Standing]:
        raw, at_us = self._database.raw, to_us(at)
        if raw is not None:
            rows: Iterable[Any] = raw.execute(STANDING_SQL, (json.dumps(list(citizen_ids)), at_us))
        else:
            current = (INTERVAL.c.begins_us <= at_us) & (INTERVAL.c.ends_us > at_us)
            found = sa.select(INTERVAL).where(self._among(INTERVAL.c.citizen_id, citizen_ids), current)
            rows = self._database.connection.execute(found)
        return {row[0]: Standing(status=RiskStatus.RISKY, interval=_interval(*row[1:])) for row in rows}

    def records_many(self, citizen_ids: Sequence[int], at: datetime) -> dict[int, ClinicalRecord]:
        raw, at_us = self._database.raw, to_us(at)
        if raw is not None:
            rows: Iterable[Any] = raw.execute(RECORD_SQL, (json.dumps(list(citizen_ids)), at_us))
        else:
            second_dose = sa.case(((REPORT.c.kind == "dose") & (REPORT.c.detail >= 2), REPORT.c.at_us))
            positive = sa.case((REPORT.c.kind == "positive", REPORT.c.at_us))
            negative = sa.case((REPORT.c.kind == "negative", REPORT.c.at_us))
            moments = (sa.func.min(second_dose), sa.func.max(positive), sa.func.max(negative))
            found = sa.select(REPORT.c.citizen_id, *moments).group_by(REPORT.c.citizen_id)
            among = self._among(REPORT.c.citizen_id, citizen_ids)
            rows = self._database.connection.execute(found.where(among, REPORT.c.at_us <= at_us))
        return {n: _record(dose, positive, negative) for n, dose, positive, negative in rows}

    def cases_between(self, begins_at: datetime, ends_at: datetime) -> list[int]:
        within = (CASE.c.at_us >= to_us(begins_at)) & (CASE.c.at_us < to_us(ends_at))
        return list(self._database.connection.scalars(sa.select(CASE.c.citizen_id).where(within)))

    def tests_between(self, begins_at: datetime, ends_at: datetime) -> int:
        within = (REPORT.c.at_us >= to_us(begins_at)) & (REPORT.c.at_us < to_us(ends_at))
        tests = sa.select(REPORT.c.citizen_id, REPORT.c.at_us).where(
            within, REPORT.c.kind.in_(["positive", "negative"])
        )
        counted = sa.select(sa.func.count()).select_from(tests.distinct().subquery())
        return self._database.connection.scalars(counted).one()

    def set_sharing(self, citizen_id: int, *, shares: bool) -> None:
        connection = self._database.connection
        connection.execute(WITHHELD.delete().where(WITHHELD.c.citizen_id == citizen_id))
        if not shares:
            connection.execute(WITHHELD.insert(), {"citizen_id": citizen_id})

    def withholding(self, citizen_ids: Sequence[int]) -> frozenset[int]:
        found = sa.select(WITHHELD.c.citizen_id).where(self._among(WITHHELD.c.citizen_id, citizen_ids))
        return frozenset(self._database.connection.scalars(found))

    def _among(self, column: sa.Column[Any], citizen_ids: Sequence[int]) -> sa.ColumnElement[bool]:
        """Any number of people as one parameter: JSON for SQLite, an array for PostgreSQL."""
        if self._database.raw is None:
            return column == sa.any_(sa.literal(list(citizen_ids), sa.ARRAY(sa.BigInteger)))
        return column.in_(sa.select(sa.func.json_each(json.dumps(list(citizen_ids))).table_valued("value").c.value))


class Row(NamedTuple):
    """A report as it is kept."""

    citizen_id: int
    kind: str
    at_us: int
    until_us: int
    detail: int


def _row(report: Report) -> Row:
    n = report.citizen_id
    if isinstance(report, PcrReport):
        kind = "positive" if report.positive else "negative"
        return Row(n, kind, to_us(report.sampled_at), NOT_SAID, int(report.variant_of_concern))
    if isinstance(report, ContactReport):
        return Row(n, "contact", to_us(report.last_contact_at), NOT_SAID, 0)
    if isinstance(report, VaccineReport):
        return Row(n, "dose", to_us(report.given_at), NOT_SAID, report.dose)
    if isinstance(report, ClinicalReport):
        since = report.symptom_free_since
        detail = report.intensive_care + 2 * report.immunosuppressed
        return Row(n, "note", to_us(report.noted_at), NOT_SAID if since is None else to_us(since), detail)
    return Row(n, "order", to_us(report.begins_at), to_us(report.ends_at), 0)


def _moment_first(report: Report) -> tuple[int, str, int, int]:
    _, kind, at_us, until_us, detail = _row(report)
    return at_us, kind, until_us, detail


def _report(row: Row) -> Report:
    n, kind, at_us, until_us, detail = row
    at = from_us(at_us)
    match kind:
        case "positive" | "negative":
            positive = kind == "positive"
            return PcrReport(citizen_id=n, sampled_at=at, positive=positive, variant_of_concern=detail == 1)
        case "contact":
            return ContactReport(citizen_id=n, last_contact_at=at)
        case "dose":
            return VaccineReport(citizen_id=n, given_at=at, dose=detail)
        case "note":
            return ClinicalReport(
                citizen_id=n,
                noted_at=at,
                intensive_care=bool(detail & 1),
                immunosuppressed=bool(detail & 2),
                symptom_free_since=None if until_us == NOT_SAID else from_us(until_us),
            )
        case _:
            return IsolationReport(citizen_id=n, begins_at=at, ends_at=from_us(until_us))


def _interval_row(citizen_id: int, interval: RiskInterval) -> dict[str, Any]:
    return {
        "citizen_id": citizen_id,
        "begins_us": to_us(interval.begins_at),
        "ends_us": to_us(interval.ends_at),
        "reason": str(interval.reason),
        "regulation": interval.regulation,
    }


def _interval(begins_us: int, ends_us: int, reason: str, regulation: str) -> RiskInterval:
    return RiskInterval(
        begins_at=from_us(begins_us), ends_at=from_us(ends_us), reason=RiskReason(reason), regulation=regulation
    )


def _record(dose_us: int | None, positive_us: int | None, negative_us: int | None) -> ClinicalRecord:
    return ClinicalRecord(
        second_dose_at=None if dose_us is None else from_us(dose_us),
        last_positive_at=None if positive_us is None else from_us(positive_us),
        last_negative_at=None if negative_us is None else from_us(negative_us),
    )
