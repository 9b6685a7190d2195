"""The tables of the risk index, and how their rows become values.

A report is a row of the same six columns, whatever its kind; the row is its own key, so that the table is a set:

    kind        at_us       until_us             detail
    positive    sample      -                    1 if a variant of concern
    negative    sample      -                    1 if a variant of concern
    contact     contact     -                    -
    dose        given       -                    number of the dose
    note        noted       symptom-free since   1 intensive care + 2 immunosuppressed
    order       begin       end                  -
"""

from typing import Any, NamedTuple

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.risk_index.messages import (
    ClinicalReport,
    ContactReport,
    IsolationReport,
    PcrReport,
    Report,
    VaccineReport,
)
from mockgov.risk_index.rules import ClinicalRecord, RiskInterval, RiskReason

NOT_SAID = -(2**63)
"""In `until_us`: no such moment."""

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
    sa.Index("risk_interval_by_begin", "begins_us"),
    sa.Index("risk_interval_by_end", "ends_us"),
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
FILE = sa.Table(
    "risk_file",
    METADATA,
    sa.Column("citizen_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("last_us", sa.BigInteger, nullable=False, index=True),
)
"""The last moment that a person's reports tell of, but for those that last."""
TALLY = sa.Table(
    "risk_tally",
    METADATA,
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("plate", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("tests", sa.BigInteger, nullable=False),
    sa.Column("cases", sa.BigInteger, nullable=False),
)
"""What is left of erased files; `day` counts Turkish days since 1970-01-01."""
WITHHELD = sa.Table("risk_withheld", METADATA, sa.Column("citizen_id", sa.BigInteger, primary_key=True))


class Row(NamedTuple):
    """A report as it is kept."""

    citizen_id: int
    kind: str
    at_us: int
    until_us: int
    detail: int


class Tally(NamedTuple):
    """What is left of erased files: counts, in which no person is."""

    plate: int
    tests: int
    cases: int


def report_row(report: Report) -> Row:
    """A report as a row."""
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


def report_of(row: Row) -> Report:
    """The report in a row."""
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


def interval_row(citizen_id: int, interval: RiskInterval) -> dict[str, Any]:
    """An interval of somebody's as a row."""
    return {
        "citizen_id": citizen_id,
        "begins_us": to_us(interval.begins_at),
        "ends_us": to_us(interval.ends_at),
        "reason": str(interval.reason),
        "regulation": interval.regulation,
    }


def interval_of(begins_us: int, ends_us: int, reason: str, regulation: str) -> RiskInterval:
    """The interval in a row."""
    return RiskInterval(
        begins_at=from_us(begins_us), ends_at=from_us(ends_us), reason=RiskReason(reason), regulation=regulation
    )


def record_of(dose_us: int | None, positive_us: int | None, negative_us: int | None) -> ClinicalRecord:
    """What three moments, each there or not, say."""
    return ClinicalRecord(
        second_dose_at=None if dose_us is None else from_us(dose_us),
        last_positive_at=None if positive_us is None else from_us(positive_us),
        last_negative_at=None if negative_us is None else from_us(negative_us),
    )
