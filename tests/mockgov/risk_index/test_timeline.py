"""How the isolations of one person go together, with literal dates in Turkish time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mockgov.risk_index.rules import midnight, status_at, timeline
from mockgov.vocabulary.risk_status import RiskStatus
from tests.mockgov.risk_index.spoken import (
    CONTACT,
    ORDERED,
    POSITIVE,
    contact,
    moment,
    negative,
    order,
    positive,
    shown,
)


@pytest.mark.parametrize(
    ("first", "later", "expected"),
    [
        ("2021-06-01", "2021-11-28", []),  # 180 days; it ran to 2021-06-11
        ("2021-06-01", "2021-11-29", [("2021-11-29 12:00", "2021-12-14 00:00", CONTACT, "2021-09-17")]),
        ("2021-10-10", "2022-01-08", []),  # 90 days
        ("2021-10-10", "2022-01-09", [("2022-01-09 12:00", "2022-01-17 00:00", CONTACT, "2022-01-05")]),
    ],
)
def test_disease_overcome_exempts(first: str, later: str, expected: list[tuple[str, str, str, str]]) -> None:
    """A disease protects a contact for 180 days in 2021 (if tested on day 5), for 90 in 2022."""
    day_5 = (moment(later) + timedelta(days=5)).strftime("%Y-%m-%d")
    tested = [negative(day_5)] if not expected else []
    assert shown([positive(first), contact(later), *tested])[1:] == expected


def test_becoming_a_case_ends_the_quarantine() -> None:
    """A contact who tests positive is a case from the sample on, and no contact after it."""
    assert shown([contact("2020-04-01"), positive("2020-04-05"), contact("2020-04-18")]) == [
        ("2020-04-01 12:00", "2020-04-05 12:00", CONTACT, "2020-03-11"),
        ("2020-04-05 12:00", "2020-04-20 00:00", POSITIVE, "2020-03-11"),
    ]


def test_contact_after_the_isolation_counts_again() -> None:
    """The midnight that ends a case's isolation also ends its protection from quarantine."""
    assert shown([positive("2020-04-01"), contact("2020-04-16 00:00")]) == [
        ("2020-04-01 12:00", "2020-04-16 00:00", POSITIVE, "2020-03-11"),
        ("2020-04-16 00:00", "2020-05-01 00:00", CONTACT, "2020-03-11"),
    ]


def test_positive_again_within_the_isolation() -> None:
    """A second positive sample does not prolong the isolation; one after its end begins another."""
    assert shown([positive("2020-04-01"), positive("2020-04-15"), positive("2020-04-17")]) == [
        ("2020-04-01 12:00", "2020-04-16 00:00", POSITIVE, "2020-03-11"),
        ("2020-04-17 12:00", "2020-05-02 00:00", POSITIVE, "2020-03-11"),
    ]


def test_only_an_exempted_contact_has_nine_days() -> None:
    """Who was in quarantine from the first day is, when positive on day 5, a case like any other."""
    assert shown([contact("2021-09-17"), positive("2021-09-22")]) == [
        ("2021-09-17 12:00", "2021-09-22 12:00", CONTACT, "2021-09-17"),
        ("2021-09-22 12:00", "2021-10-07 00:00", POSITIVE, "2021-09-17"),
    ]


def test_a_contact_while_isolated_asks_for_no_test() -> None:
    """A contact that counts for nothing cannot make a later case shorter either."""
    assert shown([positive("2021-09-17"), contact("2021-10-01"), positive("2021-10-06")]) == [
        ("2021-09-17 12:00", "2021-10-02 00:00", POSITIVE, "2021-09-17"),
        ("2021-10-06 12:00", "2021-10-21 00:00", POSITIVE, "2021-09-17"),
    ]


def test_contacts_in_a_row_are_one_quarantine() -> None:
    """A new contact prolongs the quarantine."""
    assert shown([contact("2020-04-01"), contact("2020-04-08")]) == [
        ("2020-04-01 12:00", "2020-04-23 00:00", CONTACT, "2020-03-11")
    ]


def test_the_regulation_of_the_first_day_governs() -> None:
    """A quarantine begun under the old rules ends by them; a new contact falls under the new ones."""
    assert shown([contact("2020-12-06"), contact("2020-12-07")]) == [
        ("2020-12-06 12:00", "2020-12-07 12:00", CONTACT, "2020-03-11"),
        ("2020-12-07 12:00", "2020-12-18 00:00", CONTACT, "2020-12-07"),
        ("2020-12-18 00:00", "2020-12-21 00:00", CONTACT, "2020-03-11"),
    ]


def test_an_order_stands_beneath_the_disease() -> None:
    """An authority's order isolates for as long as it says; where a case overlaps, that is the reason given."""
    assert shown([order("2021-07-01 08:00", "2021-07-31 20:00"), positive("2021-07-10")]) == [
        ("2021-07-01 08:00", "2021-07-10 12:00", ORDERED, "2021-06-03"),
        ("2021-07-10 12:00", "2021-07-25 00:00", POSITIVE, "2021-06-03"),
        ("2021-07-25 00:00", "2021-07-31 20:00", ORDERED, "2021-06-03"),
    ]


@pytest.mark.parametrize(("begins", "name"), [("2020-02-01", "none"), ("2022-03-10", "2022-03-02")])
def test_an_order_needs_no_regulation(begins: str, name: str) -> None:
    """Orders stand before the first rule and after the last."""
    assert shown([order(begins, "2022-04-01 12:00")]) == [(f"{begins} 12:00", "2022-04-01 12:00", ORDERED, name)]


def test_status_at() -> None:
    """The first moment of an interval is risky, the last is not."""
    intervals = timeline([positive("2021-06-03")])
    assert status_at(intervals, moment("2021-06-03 11:59")) is RiskStatus.RISKLESS
    assert status_at(intervals, moment("2021-06-03 12:00")) is RiskStatus.RISKY
    assert status_at(intervals, moment("2021-06-17 23:59")) is RiskStatus.RISKY
    assert status_at(intervals, moment("2021-06-18 00:00")) is RiskStatus.RISKLESS


def test_midnight() -> None:
    """A Turkish day begins at 21:00 UTC of the day before."""
    assert midnight(date(2021, 10, 4)) == datetime(2021, 10, 3, 21, tzinfo=UTC)
