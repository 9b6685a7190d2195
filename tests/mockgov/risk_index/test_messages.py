"""Reports that cannot be true are refused when they are made, and the refusal names the rule."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from mockgov.risk_index.messages import (
    ClinicalReport,
    ContactReport,
    IsolationReport,
    PcrReport,
    Report,
    ReportRefused,
    VaccineReport,
    happened_at,
)

NOON = datetime(2021, 10, 4, 12, tzinfo=UTC)
NAIVE = datetime(2021, 10, 4, 12)  # noqa: DTZ001  the mistake under test
LATER = NOON + timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda: PcrReport(citizen_id=1, sampled_at=NAIVE, positive=True), "momentwithoutzone"),
        (lambda: ContactReport(citizen_id=1, last_contact_at=NAIVE), "momentwithoutzone"),
        (lambda: VaccineReport(citizen_id=1, given_at=NAIVE, dose=1), "momentwithoutzone"),
        (lambda: ClinicalReport(citizen_id=1, noted_at=NAIVE), "momentwithoutzone"),
        (lambda: ClinicalReport(citizen_id=1, noted_at=NOON, symptom_free_since=NAIVE), "momentwithoutzone"),
        (lambda: IsolationReport(citizen_id=1, begins_at=NAIVE, ends_at=NOON), "momentwithoutzone"),
        (lambda: IsolationReport(citizen_id=1, begins_at=NOON, ends_at=NAIVE), "momentwithoutzone"),
        (lambda: VaccineReport(citizen_id=1, given_at=NOON, dose=0), "unknowndose"),
        (lambda: VaccineReport(citizen_id=1, given_at=NOON, dose=6), "unknowndose"),
        (lambda: ClinicalReport(citizen_id=1, noted_at=NOON, symptom_free_since=LATER), "symptomfreeafternote"),
        (lambda: IsolationReport(citizen_id=1, begins_at=NOON, ends_at=NOON), "isolationendsbeforebegin"),
    ],
)
def test_refused(make: Callable[[], Report], key: str) -> None:
    """A report that cannot be true cannot be made, and its key says which rule it breaks."""
    with pytest.raises(ReportRefused) as refusal:
        make()
    assert refusal.value.key == key


def test_refusal_says_what_to_do() -> None:
    """A refusal tells the person what to give instead."""
    with pytest.raises(ReportRefused, match=r"^Dose 7 is unknown\. Give the number of the dose, 1 to 5\.$"):
        VaccineReport(citizen_id=1, given_at=NOON, dose=7)


def test_equal_moments_are_equal_reports() -> None:
    """The same moment in another time zone makes the same report."""
    turkish = NOON.astimezone(timezone(timedelta(hours=3)))
    assert {
        ContactReport(citizen_id=1, last_contact_at=NOON),
        ContactReport(citizen_id=1, last_contact_at=turkish),
    } == {ContactReport(citizen_id=1, last_contact_at=NOON)}


@pytest.mark.parametrize(
    "report",
    [
        PcrReport(citizen_id=1, sampled_at=NOON, positive=False),
        ContactReport(citizen_id=1, last_contact_at=NOON),
        VaccineReport(citizen_id=1, given_at=NOON, dose=1),
        ClinicalReport(citizen_id=1, noted_at=NOON),
        IsolationReport(citizen_id=1, begins_at=NOON, ends_at=LATER),
    ],
)
def test_happened_at(report: Report) -> None:
    """Every report tells of one moment; an order, of the isolation's first."""
    assert happened_at(report) == NOON
