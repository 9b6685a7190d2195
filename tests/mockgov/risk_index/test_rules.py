"""What the plus answers and the statistics take from reports, with literal moments."""

from datetime import UTC, datetime, timedelta

import pytest

from mockgov.risk_index.messages import PcrReport, Report, VaccineReport
from mockgov.risk_index.rules import (
    RISKLESS,
    ClinicalRecord,
    case_moments,
    immune_at,
    last_negative_test,
    record_at,
    standing_at,
    timeline,
    vaccinated_at,
)
from mockgov.vocabulary.risk_status import RiskStatus

NOON = datetime(2021, 10, 4, 12, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def dose(number: int, at: datetime) -> Report:
    return VaccineReport(citizen_id=1, given_at=at, dose=number)


def pcr(at: datetime, *, positive: bool) -> Report:
    return PcrReport(citizen_id=1, sampled_at=at, positive=positive)


@pytest.mark.parametrize(
    ("reports", "vaccinated"),
    [
        ([], False),
        ([dose(1, NOON)], False),
        ([dose(1, NOON), dose(2, NOON)], True),
        ([dose(1, NOON), dose(2, NOON + MICROSECOND)], False),
        ([dose(2, NOON)], True),  # the first dose was given abroad
        ([dose(3, NOON)], True),
    ],
)
def test_vaccinated_at(reports: list[Report], vaccinated: bool) -> None:
    """Vaccinated means: the second dose, or a later one, has been given."""
    assert vaccinated_at(reports, NOON) is vaccinated


@pytest.mark.parametrize(
    ("sampled_at", "positive", "immune"),
    [
        (NOON, True, True),
        (NOON - timedelta(days=180) + MICROSECOND, True, True),
        (NOON - timedelta(days=180), True, False),
        (NOON + MICROSECOND, True, False),
        (NOON, False, False),
    ],
)
def test_immune_at(sampled_at: datetime, positive: bool, immune: bool) -> None:
    """Immune means: a positive sample less than 180 days old."""
    assert immune_at([pcr(sampled_at, positive=positive)], NOON) is immune


def test_immunity_is_a_setting() -> None:
    """Another number of days may be asked for."""
    reports = [pcr(NOON - timedelta(days=89), positive=True)]
    assert immune_at(reports, NOON, days=90)
    assert not immune_at(reports, NOON, days=89)


@pytest.mark.parametrize(
    ("hours", "expected"), [(72, NOON - timedelta(hours=49)), (50, NOON - timedelta(hours=49)), (49, None), (48, None)]
)
def test_last_negative_test(hours: int, expected: datetime | None) -> None:
    """The youngest negative sample, if it is younger than the window; positives and the future don't matter."""
    reports = [
        pcr(NOON - timedelta(hours=60), positive=False),
        pcr(NOON - timedelta(hours=49), positive=False),
        pcr(NOON - timedelta(hours=1), positive=True),
        pcr(NOON + MICROSECOND, positive=False),
    ]
    assert last_negative_test(reports, NOON, hours) == expected


def test_record_at() -> None:
    """A record has the earliest completing dose and the latest test of each result."""
    reports = [
        dose(3, NOON - timedelta(days=1)),
        dose(2, NOON - timedelta(days=90)),
        pcr(NOON - timedelta(days=3), positive=True),
        pcr(NOON - timedelta(days=2), positive=True),
        pcr(NOON, positive=False),
    ]
    assert record_at(reports, NOON) == ClinicalRecord(
        second_dose_at=NOON - timedelta(days=90),
        last_positive_at=NOON - timedelta(days=2),
        last_negative_at=NOON,
    )


def test_standing_at() -> None:
    """A standing carries the isolation that it comes from; without one it is RISKLESS."""
    intervals = timeline([pcr(NOON, positive=True)])
    standing = standing_at(intervals, NOON)
    assert (standing.status, standing.interval) == (RiskStatus.RISKY, intervals[0])
    assert standing_at(intervals, NOON - MICROSECOND) == RISKLESS


def test_case_moments() -> None:
    """A positive sample within 90 days of a case belongs to it, isolated or not; later it is a new case."""
    days = [0, 14, 90, 91, 181, 182]
    reports = [pcr(NOON + timedelta(days=day), positive=True) for day in reversed(days)]
    assert case_moments([*reports, pcr(NOON - timedelta(days=9), positive=False)]) == (
        NOON,
        NOON + timedelta(days=91),
        NOON + timedelta(days=182),
    )
