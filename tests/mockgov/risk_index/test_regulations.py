"""Every regulation, each branch with literal dates, in Turkish time: an isolation ends with a day's midnight."""

import pytest

from mockgov.risk_index.messages import Report
from mockgov.risk_index.regulations import REGULATIONS
from tests.mockgov.risk_index.spoken import (
    CONTACT,
    POSITIVE,
    contact,
    dose,
    intensive_care,
    negative,
    positive,
    shown,
    weak_immunity,
    well,
)

SPRING_2020 = [
    ("a case, 14 days", [positive("2020-04-01")], "2020-04-01 12:00", "2020-04-16 00:00", POSITIVE),
    (
        "no test ends it early",
        [positive("2020-04-01"), negative("2020-04-11"), well("2020-04-11", "2020-04-05")],
        *("2020-04-01 12:00", "2020-04-16 00:00", POSITIVE),
    ),
    (
        "intensive care is no reason yet",
        [positive("2020-04-01"), intensive_care("2020-04-03")],
        *("2020-04-01 12:00", "2020-04-16 00:00", POSITIVE),
    ),
    ("a contact, 14 days", [contact("2020-04-01")], "2020-04-01 12:00", "2020-04-16 00:00", CONTACT),
    (
        "no test ends it early either",
        [contact("2020-04-01"), negative("2020-04-06")],
        *("2020-04-01 12:00", "2020-04-16 00:00", CONTACT),
    ),
    ("the first day", [positive("2020-03-11 00:00")], "2020-03-11 00:00", "2020-03-26 00:00", POSITIVE),
    ("the last day", [contact("2020-12-06 23:59")], "2020-12-06 23:59", "2020-12-21 00:00", CONTACT),
]

WINTER_2020 = [
    ("a case, 14 days", [positive("2020-12-07")], "2020-12-07 12:00", "2020-12-22 00:00", POSITIVE),
    ("a contact, 10 days", [contact("2020-12-07 00:00")], "2020-12-07 00:00", "2020-12-18 00:00", CONTACT),
    (
        "negative on day 5 ends it with day 7",
        [contact("2020-12-07"), negative("2020-12-12 00:00")],
        *("2020-12-07 12:00", "2020-12-15 00:00", CONTACT),
    ),
    (
        "negative on day 4 does not count",
        [contact("2020-12-07"), negative("2020-12-11 23:59")],
        *("2020-12-07 12:00", "2020-12-18 00:00", CONTACT),
    ),
    (
        "negative on day 8 ends it with day 8",
        [contact("2020-12-07"), negative("2020-12-15")],
        *("2020-12-07 12:00", "2020-12-16 00:00", CONTACT),
    ),
    ("the last day", [contact("2021-06-02")], "2021-06-02 12:00", "2021-06-13 00:00", CONTACT),
]

SUMMER_2021 = [
    ("a case, 14 days", [positive("2021-06-03")], "2021-06-03 12:00", "2021-06-18 00:00", POSITIVE),
    (
        "negative on day 10 after 3 days without symptoms",
        [positive("2021-06-03"), negative("2021-06-13"), well("2021-06-13", "2021-06-10")],
        *("2021-06-03 12:00", "2021-06-14 00:00", POSITIVE),
    ),
    (
        "the note may come after the test",
        [positive("2021-06-03"), negative("2021-06-13"), well("2021-06-17", "2021-06-10")],
        *("2021-06-03 12:00", "2021-06-14 00:00", POSITIVE),
    ),
    (
        "only 2 days without symptoms",
        [positive("2021-06-03"), negative("2021-06-13"), well("2021-06-13", "2021-06-11")],
        *("2021-06-03 12:00", "2021-06-18 00:00", POSITIVE),
    ),
    (
        "no note of it",
        [positive("2021-06-03"), negative("2021-06-13")],
        *("2021-06-03 12:00", "2021-06-18 00:00", POSITIVE),
    ),
    (
        "a note of another illness",
        [positive("2021-06-03"), negative("2021-06-13"), well("2021-06-02", "2021-05-01")],
        *("2021-06-03 12:00", "2021-06-18 00:00", POSITIVE),
    ),
    (
        "negative on day 9 does not count",
        [positive("2021-06-03"), negative("2021-06-12"), well("2021-06-12", "2021-06-05")],
        *("2021-06-03 12:00", "2021-06-18 00:00", POSITIVE),
    ),
    (
        "negative on day 12 ends it with day 12",
        [positive("2021-06-03"), negative("2021-06-15"), well("2021-06-15", "2021-06-12")],
        *("2021-06-03 12:00", "2021-06-16 00:00", POSITIVE),
    ),
    (
        "intensive care, 20 days whatever the test",
        [
            positive("2021-06-03"),
            intensive_care("2021-06-22"),
            negative("2021-06-13"),
            well("2021-06-13", "2021-06-10"),
        ],
        *("2021-06-03 12:00", "2021-06-24 00:00", POSITIVE),
    ),
    (
        "intensive care of another episode",
        [positive("2021-06-03"), intensive_care("2021-06-02")],
        *("2021-06-03 12:00", "2021-06-18 00:00", POSITIVE),
    ),
    (
        "weak immunity once noted, 20 days",
        [positive("2021-06-03"), weak_immunity("2020-01-01")],
        *("2021-06-03 12:00", "2021-06-24 00:00", POSITIVE),
    ),
    (
        "variant of concern, 20 days",
        [positive("2021-06-03", variant=True)],
        *("2021-06-03 12:00", "2021-06-24 00:00", POSITIVE),
    ),
    (
        "variant found later in the same sample",
        [positive("2021-06-03"), positive("2021-06-03", variant=True)],
        *("2021-06-03 12:00", "2021-06-24 00:00", POSITIVE),
    ),
    (
        "variant, negative on day 14",
        [positive("2021-06-03", variant=True), negative("2021-06-17")],
        *("2021-06-03 12:00", "2021-06-18 00:00", POSITIVE),
    ),
    (
        "variant, negative on day 13 does not count",
        [positive("2021-06-03", variant=True), negative("2021-06-16"), well("2021-06-16", "2021-06-05")],
        *("2021-06-03 12:00", "2021-06-24 00:00", POSITIVE),
    ),
    ("a contact, 14 days", [contact("2021-06-03")], "2021-06-03 12:00", "2021-06-18 00:00", CONTACT),
    (
        "a vaccinated contact too",
        [dose(1, "2021-02-01"), dose(2, "2021-03-01"), contact("2021-06-03")],
        *("2021-06-03 12:00", "2021-06-18 00:00", CONTACT),
    ),
    (
        "contact, negative on day 10",
        [contact("2021-06-03"), negative("2021-06-13")],
        *("2021-06-03 12:00", "2021-06-14 00:00", CONTACT),
    ),
    (
        "contact, negative on day 9 does not count",
        [contact("2021-06-03"), negative("2021-06-12")],
        *("2021-06-03 12:00", "2021-06-18 00:00", CONTACT),
    ),
]

AUTUMN_2021 = [
    ("a case, 14 days", [positive("2021-09-17")], "2021-09-17 12:00", "2021-10-02 00:00", POSITIVE),
    ("an unvaccinated contact, 14 days", [contact("2021-09-17")], "2021-09-17 12:00", "2021-10-02 00:00", CONTACT),
    (
        "one dose exempts nobody",
        [dose(1, "2021-06-01"), contact("2021-09-17")],
        *("2021-09-17 12:00", "2021-10-02 00:00", CONTACT),
    ),
    (
        "second dose 13 days ago",
        [dose(2, "2021-09-04"), contact("2021-09-17")],
        *("2021-09-17 12:00", "2021-10-02 00:00", CONTACT),
    ),
    (
        "two doses and 14 days, not tested: risky from day 6 for 9 days",
        [dose(2, "2021-09-03"), contact("2021-09-17")],
        *("2021-09-23 00:00", "2021-10-02 00:00", CONTACT),
    ),
    (
        "tested on day 4, a day too early",
        [dose(2, "2021-09-03"), contact("2021-09-17"), negative("2021-09-21")],
        *("2021-09-23 00:00", "2021-10-02 00:00", CONTACT),
    ),
    (
        "tested on day 6, a day too late",
        [dose(2, "2021-09-03"), contact("2021-09-17"), negative("2021-09-23")],
        *("2021-09-23 00:00", "2021-10-02 00:00", CONTACT),
    ),
    (
        "not tested on day 5, but negative on day 10",
        [dose(2, "2021-09-03"), contact("2021-09-17"), negative("2021-09-27")],
        *("2021-09-23 00:00", "2021-09-28 00:00", CONTACT),
    ),
    (
        "positive on day 5: a case, 9 more days to make 14",
        [dose(2, "2021-09-03"), contact("2021-09-17"), positive("2021-09-22")],
        *("2021-09-22 12:00", "2021-10-02 00:00", POSITIVE),
    ),
    (
        "positive on day 3: a case like any other",
        [dose(2, "2021-09-03"), contact("2021-09-17"), positive("2021-09-20")],
        *("2021-09-20 12:00", "2021-10-05 00:00", POSITIVE),
    ),
    (
        "positive on day 5 in intensive care",
        [dose(2, "2021-09-03"), contact("2021-09-17"), positive("2021-09-22"), intensive_care("2021-09-25")],
        *("2021-09-22 12:00", "2021-10-13 00:00", POSITIVE),
    ),
]

WINTER_2022 = [
    ("a case, 7 days", [positive("2022-01-05")], "2022-01-05 12:00", "2022-01-13 00:00", POSITIVE),
    (
        "negative on day 5",
        [positive("2022-01-05"), negative("2022-01-10")],
        *("2022-01-05 12:00", "2022-01-11 00:00", POSITIVE),
    ),
    (
        "negative on day 4 does not count",
        [positive("2022-01-05"), negative("2022-01-09")],
        *("2022-01-05 12:00", "2022-01-13 00:00", POSITIVE),
    ),
    (
        "a variant like any other",
        [positive("2022-01-05", variant=True)],
        *("2022-01-05 12:00", "2022-01-13 00:00", POSITIVE),
    ),
    (
        "intensive care, 20 days",
        [positive("2022-01-05"), intensive_care("2022-01-07")],
        *("2022-01-05 12:00", "2022-01-26 00:00", POSITIVE),
    ),
    ("a contact, 7 days", [contact("2022-01-05")], "2022-01-05 12:00", "2022-01-13 00:00", CONTACT),
    (
        "contact, negative on day 5",
        [contact("2022-01-05"), negative("2022-01-10")],
        *("2022-01-05 12:00", "2022-01-11 00:00", CONTACT),
    ),
    (
        "two doses do not exempt any more",
        [dose(2, "2021-06-01"), contact("2022-01-05")],
        *("2022-01-05 12:00", "2022-01-13 00:00", CONTACT),
    ),
    (
        "a booster 91 days ago",
        [dose(3, "2021-10-06"), contact("2022-01-05")],
        *("2022-01-05 12:00", "2022-01-13 00:00", CONTACT),
    ),
    (
        "a booster after the contact",
        [contact("2022-01-05"), dose(3, "2022-01-05 13:00")],
        *("2022-01-05 12:00", "2022-01-13 00:00", CONTACT),
    ),
    (
        "begun on the last day, it runs to its end",
        [positive("2022-03-01")],
        *("2022-03-01 12:00", "2022-03-09 00:00", POSITIVE),
    ),
]

ROWS = [
    pytest.param(name, *row[1:], id=f"{name}: {row[0]}")
    for name, rows in (
        ("2020-03-11", SPRING_2020),
        ("2020-12-07", WINTER_2020),
        ("2021-06-03", SUMMER_2021),
        ("2021-09-17", AUTUMN_2021),
        ("2022-01-05", WINTER_2022),
    )
    for row in rows
]


@pytest.mark.parametrize(("regulation", "reports", "begins", "ends", "reason"), ROWS)
def test_regulation(regulation: str, reports: list[Report], begins: str, ends: str, reason: str) -> None:
    """One isolation, from the day to the midnight that the regulation of its beginning says."""
    assert shown(reports) == [(begins, ends, reason, regulation)]


@pytest.mark.parametrize(
    "reports",
    [
        pytest.param([], id="nothing reported"),
        pytest.param([negative("2021-06-05"), dose(1, "2021-06-05"), well("2021-06-05", "2021-06-01")], id="no risk"),
        pytest.param([positive("2020-03-10 23:59")], id="before the first regulation: a case"),
        pytest.param([contact("2020-03-10 23:59")], id="before the first regulation: a contact"),
        pytest.param(
            [dose(2, "2021-09-03"), contact("2021-09-17"), negative("2021-09-22")], id="2021-09-17: negative on day 5"
        ),
        pytest.param([dose(3, "2021-10-07"), contact("2022-01-05")], id="2022-01-05: a booster 90 days ago"),
        pytest.param([dose(3, "2022-01-05 11:00"), contact("2022-01-05")], id="2022-01-05: a booster an hour ago"),
        pytest.param([positive("2022-03-02 00:00")], id="2022-03-02: a case"),
        pytest.param([contact("2022-03-02 00:00")], id="2022-03-02: a contact"),
    ],
)
def test_nobody_is_risky(reports: list[Report]) -> None:
    """Where the rules know of no isolation, there is none."""
    assert shown(reports) == []


def test_regulations_are_in_order() -> None:
    """There are six, each with a name of its own, a later day than the one before, and a source."""
    days = [regulation.in_force_from for regulation in REGULATIONS]
    assert [day.isoformat() for day in days] == [regulation.name for regulation in REGULATIONS]
    assert days == sorted(set(days))
    assert len(days) == 6
    assert all(regulation.source for regulation in REGULATIONS)
