"""Why somebody is risky or not: back to the report and the regulation, found by the rules themselves."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockgov.explanation.risk import why
from mockgov.risk_index.messages import (
    ClinicalReport,
    ContactReport,
    IsolationReport,
    PcrReport,
    Report,
    VaccineReport,
)
from mockgov.risk_index.regulations import REGULATIONS
from mockgov.risk_index.rules import standing_at, timeline
from mockgov.vocabulary.risk_status import RiskStatus

NOW = datetime(2021, 10, 10, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def pcr(days: float, *, positive: bool = True, variant: bool = False) -> PcrReport:
    return PcrReport(citizen_id=1, sampled_at=NOW - days * DAY, positive=positive, variant_of_concern=variant)


def contact(days: float) -> ContactReport:
    return ContactReport(citizen_id=1, last_contact_at=NOW - days * DAY)


def dose(days: float, number: int) -> VaccineReport:
    return VaccineReport(citizen_id=1, given_at=NOW - days * DAY, dose=number)


def rules(*reports: Report, at: datetime = NOW) -> list[str]:
    return [step.rule for step in why(reports, at, REGULATIONS)[1]]


def test_a_positive_test() -> None:
    """Interval, regulation with its source and term, the report."""
    status, (interval, regulation, report) = why([pcr(3)], NOW, REGULATIONS)
    assert status is RiskStatus.RISKY
    assert interval.facts["reason"] == "positive"
    assert (regulation.facts["regulation"], regulation.facts["term"], regulation.facts["days"]) == (
        "2021-09-17",
        "positive",
        14,
    )
    assert regulation.source == "Guide, update reported on 17 and 18 September 2021"
    assert report.rule == "risk.report"
    assert (report.facts["kind"], report.facts["sampled_at"]) == ("pcr", (NOW - 3 * DAY).isoformat())


@pytest.mark.parametrize(
    ("reports", "term", "days"),
    [
        ([pcr(3, variant=True)], "variant", 20),
        ([pcr(3), ClinicalReport(citizen_id=1, noted_at=NOW - 2 * DAY, intensive_care=True)], "severe", 20),
        ([contact(3)], "contact", 14),
        ([dose(90, 1), dose(60, 2), contact(8), pcr(3)], "exempted", 9),
    ],
)
def test_the_term_that_governs(reports: list[Report], term: str, days: int) -> None:
    """Variant, intensive care, contact, an exempted contact's positive test."""
    _, steps = why(reports, NOW, REGULATIONS)
    (regulation,) = (step for step in steps if step.rule == "risk.regulation")
    assert (regulation.facts["term"], regulation.facts["days"]) == (term, days)


def test_an_order_is_a_cause() -> None:
    order = IsolationReport(citizen_id=1, begins_at=NOW - DAY, ends_at=NOW + DAY)
    _, steps = why([order], NOW, REGULATIONS)
    assert steps[0].facts["reason"] == "ordered"
    assert steps[-1].facts["kind"] == "isolation"


def test_a_test_that_shortens_is_told() -> None:
    """With the end that there would be without it."""
    _, steps = why([contact(12), pcr(0.1, positive=False)], NOW, REGULATIONS)
    shaped = [step for step in steps if step.rule == "risk.shaped"]
    assert len(shaped) == 1
    assert shaped[0].facts["kind"] == "pcr"
    assert shaped[0].facts["would_end_at"] > steps[0].facts["ends_at"]


def test_two_that_would_each_do_are_both_told() -> None:
    """Where no report alone is needed, those that suffice."""
    a = IsolationReport(citizen_id=1, begins_at=NOW - DAY, ends_at=NOW + DAY)
    b = IsolationReport(citizen_id=1, begins_at=NOW - 2 * DAY, ends_at=NOW + 2 * DAY)
    assert rules(a, b).count("risk.report") == 2


def test_nothing_reported() -> None:
    status, (step,) = why([], NOW, REGULATIONS)
    assert (status, step.rule) == (RiskStatus.RISKLESS, "risk.nothing-reported")


def test_an_isolation_that_is_over() -> None:
    assert rules(pcr(30)) == ["risk.interval-over", "risk.regulation"]


def test_what_keeps_somebody_riskless() -> None:
    """Each dose or test without which the contact would count."""
    _, steps = why([dose(90, 1), dose(60, 2), contact(2)], NOW, REGULATIONS)
    shields = [step for step in steps if step.rule == "risk.protected"]
    assert [step.facts["dose"] for step in shields] == [2]


def test_reports_that_isolate_nobody() -> None:
    assert rules(pcr(3, positive=False)) == ["risk.nothing-isolates", "risk.regulation"]


MOMENTS = st.floats(0, 40).map(lambda days: round(days, 2))
REPORTS = st.one_of(
    st.builds(pcr, MOMENTS, positive=st.booleans(), variant=st.booleans()),
    st.builds(contact, MOMENTS),
    st.builds(dose, MOMENTS, st.integers(1, 3)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(REPORTS, max_size=6))
def test_every_status_has_a_chain_that_says_the_same(reports: list[Report]) -> None:
    """The status is the rules' own; a risk ends in a report, each step in both languages."""
    status, steps = why(reports, NOW, REGULATIONS)
    assert status is standing_at(timeline(reports, REGULATIONS), NOW).status
    assert steps
    assert all(step.tr and step.en and step.tr != step.en for step in steps)
    if status is RiskStatus.RISKY:
        assert {"risk.interval", "risk.regulation", "risk.report"} <= {step.rule for step in steps}
        (regulation,) = (step for step in steps if step.rule == "risk.regulation")
        assert regulation.source in {row.source for row in REGULATIONS}
