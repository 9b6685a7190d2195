"""Where reports and the timelines made of them are kept: a Protocol, a plain twin, and one for SQL."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeAlias

import sqlalchemy as sa

from mockgov.clock import to_us
from mockgov.database import Database
from mockgov.risk_index.messages import PcrReport, Report
from mockgov.risk_index.rules import (
    ClinicalRecord,
    RiskInterval,
    Standing,
    case_moments,
    ends_at,
    is_lasting,
    record_at,
    standing_at,
)
from mockgov.risk_index.tables import (
    CASE,
    FILE,
    INTERVAL,
    METADATA,
    NOT_SAID,
    REPORT,
    TALLY,
    WITHHELD,
    Row,
    Tally,
    interval_of,
    interval_row,
    record_of,
    report_of,
    report_row,
)
from mockgov.vocabulary.risk_status import RiskStatus

Timeline: TypeAlias = tuple[RiskInterval, ...]


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

    def count_risky(self, at: datetime) -> int:
        """How many people are isolated at that moment."""
        ...

    def isolated(self, citizen_ids: Sequence[int], at: datetime) -> frozenset[int]:
        """The same without the why."""
        ...

    def next_turn_us(self, after_us: int) -> int | None:
        """The next moment after one at which anybody's interval begins or ends."""
        ...

    def turns(self, after_us: int, until_us: int) -> Sequence[tuple[int, int]]:
        """Moments after one and up to another at which intervals begin or end, with the persons, in order."""
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

    def oldest_file_us(self) -> int | None:
        """The last moment that the longest untouched file tells of; a file is whose reports do not all last."""
        ...

    def files_before(self, moment_us: int) -> list[int]:
        """The people whose files tell of nothing at or after a moment."""
        ...

    def clear_files(self, plates: Mapping[int, int]) -> int:
        """Erase the files of these people, each with their province, but for what lasts; how many reports.

        Their tests and cases become counts by day and province.
        """
        ...

    def tallied(self, begins_at: datetime, ends_at: datetime) -> list[Tally]:
        """What erased files have left for the Turkish days from one midnight up to another, by province."""
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
        self._tallies: list[tuple[datetime, Tally]] = []

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

    def count_risky(self, at: datetime) -> int:
        return sum(standing_at(intervals, at).interval is not None for intervals in self._timelines.values())

    def isolated(self, citizen_ids: Sequence[int], at: datetime) -> frozenset[int]:
        return frozenset(self.standing_many(citizen_ids, at))

    def next_turn_us(self, after_us: int) -> int | None:
        return min((at_us for at_us, _ in self._turns() if at_us > after_us), default=None)

    def turns(self, after_us: int, until_us: int) -> Sequence[tuple[int, int]]:
        return sorted({turn for turn in self._turns() if after_us < turn[0] <= until_us})

    def records_many(self, citizen_ids: Sequence[int], at: datetime) -> dict[int, ClinicalRecord]:
        return {n: record_at(self._reports.get(n, ()), at) for n in citizen_ids}

    def cases_between(self, begins_at: datetime, ends_at: datetime) -> list[int]:
        moments = ((n, moment) for n, reports in self._reports.items() for moment in case_moments(reports))
        return [n for n, moment in moments if begins_at <= moment < ends_at]

    def tests_between(self, begins_at: datetime, ends_at: datetime) -> int:
        tests = (r for reports in self._reports.values() for r in reports if isinstance(r, PcrReport))
        return len({(t.citizen_id, t.sampled_at) for t in tests if begins_at <= t.sampled_at < ends_at})

    def oldest_file_us(self) -> int | None:
        return min((_file_us(reports) for reports in self._files().values()), default=None)

    def files_before(self, moment_us: int) -> list[int]:
        return [n for n, reports in self._files().items() if _file_us(reports) < moment_us]

    def clear_files(self, plates: Mapping[int, int]) -> int:
        gone = 0
        for n, plate in plates.items():
            reports = self._reports[n]
            tests = {report.sampled_at for report in reports if isinstance(report, PcrReport)}
            self._tallies += [(at, Tally(plate, 1, 0)) for at in tests]
            self._tallies += [(at, Tally(plate, 0, 1)) for at in case_moments(reports)]
            self._reports[n] = {report for report in reports if is_lasting(report)}
            self._timelines.pop(n, None)
            gone += len(reports) - len(self._reports[n])
        return gone

    def tallied(self, begins_at: datetime, ends_at: datetime) -> list[Tally]:
        return [tally for at, tally in self._tallies if begins_at <= at < ends_at]

    def _turns(self) -> Iterator[tuple[int, int]]:
        for n, intervals in self._timelines.items():
            for interval in intervals:
                yield to_us(interval.begins_at), n
                yield to_us(interval.ends_at), n

    def _files(self) -> dict[int, set[Report]]:
        return {n: reports for n, reports in self._reports.items() if not all(map(is_lasting, reports))}

    def set_sharing(self, citizen_id: int, *, shares: bool) -> None:
        (self._withholding.discard if shares else self._withholding.add)(citizen_id)

    def withholding(self, citizen_ids: Sequence[int]) -> frozenset[int]:
        return frozenset(self._withholding.intersection(citizen_ids))


STANDING_SQL = """
SELECT citizen_id, begins_us, ends_us, reason, regulation
FROM json_each(?1) CROSS JOIN risk_interval ON citizen_id = value AND begins_us <= ?2 AND ends_us > ?2
"""
ISOLATED_SQL = STANDING_SQL.replace("citizen_id, begins_us, ends_us, reason, regulation", "citizen_id")
RECORD_SQL = """
SELECT citizen_id,
       MIN(CASE WHEN kind = 'dose' AND detail >= 2 THEN at_us END),
       MAX(CASE WHEN kind = 'positive' THEN at_us END),
       MAX(CASE WHEN kind = 'negative' THEN at_us END)
FROM json_each(?1) CROSS JOIN risk_report ON citizen_id = value
WHERE kind IN ('dose', 'negative', 'positive') AND at_us <= ?2
GROUP BY citizen_id
"""
FILE_SQL = """
INSERT INTO risk_file (citizen_id, last_us) VALUES (:citizen_id, :last_us) ON CONFLICT (citizen_id) DO UPDATE
SET last_us = CASE WHEN excluded.last_us > risk_file.last_us THEN excluded.last_us ELSE risk_file.last_us END
"""
DAY_US, TURKEY_US = 86_400_000_000, 10_800_000_000
AT_ONCE = 10_000


class SqlRiskStore:
    """Reports and timelines in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)

    def add(self, reports: Sequence[Report]) -> None:
        if reports:
            rows = [report_row(report)._asdict() for report in reports]
            self._database.connection.execute(REPORT.insert(), rows)
        last: dict[int, int] = {}
        for report in reports:
            if not is_lasting(report):
                last[report.citizen_id] = max(last.get(report.citizen_id, NOT_SAID), to_us(ends_at(report)))
        if last:
            files = [{"citizen_id": n, "last_us": last_us} for n, last_us in last.items()]
            self._database.connection.execute(sa.text(FILE_SQL), files)

    def reports_of(self, citizen_ids: Sequence[int]) -> dict[int, list[Report]]:
        found = sa.select(REPORT).where(self._among(REPORT.c.citizen_id, citizen_ids))
        ordered = found.order_by(REPORT.c.at_us, REPORT.c.kind, REPORT.c.until_us, REPORT.c.detail)
        reports: dict[int, list[Report]] = {}
        for row in self._database.connection.execute(ordered):
            reports.setdefault(row[0], []).append(report_of(Row(*row)))
        return reports

    def set_timelines(self, timelines: Mapping[int, Timeline], cases: Mapping[int, Sequence[datetime]]) -> None:
        connection, people = self._database.connection, list(timelines)
        connection.execute(INTERVAL.delete().where(self._among(INTERVAL.c.citizen_id, people)))
        connection.execute(CASE.delete().where(self._among(CASE.c.citizen_id, people)))
        intervals = [interval_row(n, interval) for n, timeline in timelines.items() for interval in timeline]
        if intervals:
            connection.execute(INTERVAL.insert(), intervals)
        moments = [{"citizen_id": n, "at_us": to_us(at)} for n, moments in cases.items() for at in moments]
        if moments:
            connection.execute(CASE.insert(), moments)

    def timeline_of(self, citizen_id: int) -> Timeline:
        found = sa.select(INTERVAL).where(INTERVAL.c.citizen_id == citizen_id).order_by(INTERVAL.c.begins_us)
        return tuple(interval_of(*row[1:]) for row in self._database.connection.execute(found))

    def standing_many(self, citizen_ids: Sequence[int], at: datetime) -> dict[int, Standing]:
        raw, at_us = self._database.raw, to_us(at)
        if raw is not None:
            rows: Iterable[Any] = raw.execute(STANDING_SQL, (json.dumps(list(citizen_ids)), at_us))
        else:
            current = (INTERVAL.c.begins_us <= at_us) & (INTERVAL.c.ends_us > at_us)
            found = sa.select(INTERVAL).where(self._among(INTERVAL.c.citizen_id, citizen_ids), current)
            rows = self._database.connection.execute(found)
        return {row[0]: Standing(status=RiskStatus.RISKY, interval=interval_of(*row[1:])) for row in rows}

    def count_risky(self, at: datetime) -> int:
        at_us = to_us(at)
        current = (INTERVAL.c.begins_us <= at_us) & (INTERVAL.c.ends_us > at_us)
        counted = sa.select(sa.func.count()).select_from(INTERVAL).where(current)
        return self._database.connection.scalars(counted).one()

    def isolated(self, citizen_ids: Sequence[int], at: datetime) -> frozenset[int]:
        raw, at_us = self._database.raw, to_us(at)
        if raw is not None:
            return frozenset(n for (n,) in raw.execute(ISOLATED_SQL, (json.dumps(list(citizen_ids)), at_us)))
        current = (INTERVAL.c.begins_us <= at_us) & (INTERVAL.c.ends_us > at_us)
        found = sa.select(INTERVAL.c.citizen_id).where(self._among(INTERVAL.c.citizen_id, citizen_ids), current)
        return frozenset(self._database.connection.scalars(found))

    def next_turn_us(self, after_us: int) -> int | None:
        first = [
            self._database.value(f"SELECT min({column}) FROM risk_interval WHERE {column} > {int(after_us)}")
            for column in ("begins_us", "ends_us")
        ]
        return min((at_us for at_us in first if at_us is not None), default=None)

    def turns(self, after_us: int, until_us: int) -> Sequence[tuple[int, int]]:
        turns = [
            sa.select(column.label("at_us"), INTERVAL.c.citizen_id).where(column > after_us, column <= until_us)
            for column in (INTERVAL.c.begins_us, INTERVAL.c.ends_us)
        ]
        return sorted((row[0], row[1]) for row in self._database.connection.execute(sa.union(*turns)))

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
        return {n: record_of(dose, positive, negative) for n, dose, positive, negative in rows}

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

    def oldest_file_us(self) -> int | None:
        return self._database.value("SELECT min(last_us) FROM risk_file")

    def files_before(self, moment_us: int) -> list[int]:
        found = sa.select(FILE.c.citizen_id).where(FILE.c.last_us < moment_us).order_by(FILE.c.citizen_id)
        return list(self._database.connection.scalars(found))

    def clear_files(self, plates: Mapping[int, int]) -> int:
        connection, people = self._database.connection, list(plates)
        counts: dict[tuple[int, int], list[int]] = {}
        theirs = self._among(REPORT.c.citizen_id, people)
        tests = sa.select(REPORT.c.citizen_id, REPORT.c.at_us).where(
            theirs, REPORT.c.kind.in_(["positive", "negative"])
        )
        cases = sa.select(CASE.c.citizen_id, CASE.c.at_us).where(self._among(CASE.c.citizen_id, people))
        for which, found in enumerate((tests.distinct(), cases)):
            for n, at_us in connection.execute(found):
                counts.setdefault(((at_us + TURKEY_US) // DAY_US, plates[n]), [0, 0])[which] += 1
        for (day, plate), (tested, cased) in counts.items():
            same = (TALLY.c.day == day) & (TALLY.c.plate == plate)
            raised = TALLY.update().where(same).values(tests=TALLY.c.tests + tested, cases=TALLY.c.cases + cased)
            if not connection.execute(raised).rowcount:
                row = {"day": day, "plate": plate, "tests": tested, "cases": cased}
                connection.execute(TALLY.insert(), row)
        lasting = (REPORT.c.kind == "dose") | ((REPORT.c.kind == "note") & REPORT.c.detail.in_([2, 3]))
        gone = connection.execute(REPORT.delete().where(theirs, ~lasting)).rowcount
        for table in (INTERVAL, CASE, FILE):
            connection.execute(table.delete().where(self._among(table.c.citizen_id, people)))
        return gone

    def tallied(self, begins_at: datetime, ends_at: datetime) -> list[Tally]:
        first, last = ((to_us(moment) + TURKEY_US) // DAY_US for moment in (begins_at, ends_at))
        sums = sa.select(TALLY.c.plate, sa.func.sum(TALLY.c.tests), sa.func.sum(TALLY.c.cases))
        found = sums.where(TALLY.c.day >= first, TALLY.c.day < last).group_by(TALLY.c.plate)
        return [
            Tally(plate, int(tests), int(cases)) for plate, tests, cases in self._database.connection.execute(found)
        ]

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


def _file_us(reports: Iterable[Report]) -> int:
    return max(to_us(ends_at(report)) for report in reports if not is_lasting(report))


def _moment_first(report: Report) -> tuple[int, str, int, int]:
    _, kind, at_us, until_us, detail = report_row(report)
    return at_us, kind, until_us, detail
