"""The risk index against a slow model that was written from the regulations' text, and knows no intervals.

The model lives a person's life day by day. In the course of a day samples and contacts happen to them; at midnight
it is decided whether an isolation closes. It shares nothing with the rules but the reports.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mockgov.clock import ManualClock
from mockgov.database import sqlite
from mockgov.risk_index.messages import (
    ClinicalReport,
    ContactReport,
    IsolationReport,
    PcrReport,
    Report,
    ReportRefused,
    VaccineReport,
)
from mockgov.risk_index.rules import immune_at, last_negative_test, timeline, vaccinated_at
from mockgov.risk_index.service import RiskIndex
from mockgov.risk_index.store import InMemoryRiskStore, SqlRiskStore

DAY, HOUR, MICROSECOND = timedelta(days=1), timedelta(hours=1), timedelta(microseconds=1)
TURKISH = timezone(timedelta(hours=3))


def day_of(at: datetime) -> date:
    return at.astimezone(TURKISH).date()


def days(since: datetime, until: datetime) -> int:
    return (day_of(until) - day_of(since)).days


@dataclass
class Case:
    """Somebody isolated because of a positive sample."""

    since: datetime
    kind: str


@dataclass
class Quarantine:
    """Somebody who was in contact; `exempt` ones are watched until day 5 before they become risky."""

    since: datetime
    exempt: bool


class Life:
    """One person's reports, all known, and the days as they pass."""

    def __init__(self, reports: Sequence[Report]) -> None:
        self.tests = sorted((r for r in reports if isinstance(r, PcrReport)), key=lambda r: r.sampled_at)
        self.contacts = sorted(r.last_contact_at for r in reports if isinstance(r, ContactReport))
        self.doses = [r for r in reports if isinstance(r, VaccineReport)]
        self.notes = [r for r in reports if isinstance(r, ClinicalReport)]
        self.orders = [r for r in reports if isinstance(r, IsolationReport)]
        self.case: Case | None = None
        self.quarantines: list[Quarantine] = []

    def reason_at(self, at: datetime) -> str | None:
        """Why this person is isolated at a moment; None if not."""
        moments = [*(test.sampled_at for test in self.tests), *self.contacts]
        past = sorted({moment for moment in moments if moment <= at})
        if past:
            day = day_of(past[0])
            while day <= day_of(at):
                for moment in past:
                    if day_of(moment) == day:
                        self.live_through(moment)
                if day < day_of(at):
                    self.close(day)
                day += DAY
        if self.case is not None:
            return "positive"
        if any(not quarantine.exempt for quarantine in self.quarantines):
            return "contact"
        return "ordered" if any(order.begins_at <= at < order.ends_at for order in self.orders) else None

    def live_through(self, moment: datetime) -> None:
        """Samples come before contacts of the same moment."""
        positives = [test for test in self.tests if test.sampled_at == moment and test.positive]
        today = day_of(moment)
        if positives and self.case is None and date(2020, 3, 11) <= today < date(2022, 3, 2):
            variant = any(test.variant_of_concern for test in positives)
            self.case = Case(since=moment, kind=self.kind_of_case(moment, variant=variant))
            self.quarantines = []
        if moment in self.contacts and self.case is None and date(2020, 3, 11) <= today < date(2022, 3, 2):
            if today >= date(2022, 1, 5):
                if not self.protected(moment, dose=3, dose_days=range(91), disease_days=90):
                    self.quarantines.append(Quarantine(since=moment, exempt=False))
            elif today >= date(2021, 9, 17):
                exempt = self.protected(moment, dose=2, dose_days=range(14, 9999), disease_days=180)
                self.quarantines.append(Quarantine(since=moment, exempt=exempt))
            else:
                self.quarantines.append(Quarantine(since=moment, exempt=False))

    def kind_of_case(self, moment: datetime, *, variant: bool) -> str:
        today = day_of(moment)
        if today < date(2021, 6, 3):
            return "14"
        if any(
            day_of(each.noted_at) <= today + 20 * DAY
            and (each.immunosuppressed or (each.intensive_care and each.noted_at >= moment))
            for each in self.notes
        ):
            return "20"
        if today >= date(2022, 1, 5):
            return "7 or 5"
        if variant:
            return "20 or 14"
        due = any(quarantine.exempt and days(quarantine.since, moment) == 5 for quarantine in self.quarantines)
        return "9" if due and today >= date(2021, 9, 17) else "14 or 10"

    def protected(self, contact: datetime, *, dose: int, dose_days: range, disease_days: int) -> bool:
        vaccine = any(
            given.dose >= dose and given.given_at <= contact and days(given.given_at, contact) in dose_days
            for given in self.doses
        )
        disease = any(
            test.positive and test.sampled_at < contact and days(test.sampled_at, contact) <= disease_days
            for test in self.tests
        )
        return vaccine or disease

    def close(self, day: date) -> None:
        """Midnight at the end of `day`: whose isolation is over?"""
        if self.case is not None and self.case_is_over(self.case, day):
            self.case = None
        left = []
        for quarantine in self.quarantines:
            age = (day - day_of(quarantine.since)).days
            if quarantine.exempt and age == 5:
                if self.negatives_on(quarantine.since, range(5, 6), age):
                    continue
                quarantine.exempt = False
            if quarantine.exempt or not self.quarantine_is_over(quarantine, age):
                left.append(quarantine)
        self.quarantines = left

    def case_is_over(self, case: Case, day: date) -> bool:
        age = (day - day_of(case.since)).days
        if age == int(case.kind.split(" or ", maxsplit=1)[0]):
            return True
        if case.kind == "7 or 5":
            return bool(self.negatives_on(case.since, range(5, 7), age))
        if case.kind == "20 or 14":
            return bool(self.negatives_on(case.since, range(14, 20), age))
        return case.kind == "14 or 10" and any(
            each.symptom_free_since is not None
            and each.noted_at >= case.since
            and day_of(each.noted_at) <= day_of(case.since) + 14 * DAY
            and days(each.symptom_free_since, test.sampled_at) >= 3
            for each in self.notes
            for test in self.negatives_on(case.since, range(10, 14), age)
        )

    def quarantine_is_over(self, quarantine: Quarantine, age: int) -> bool:
        first = day_of(quarantine.since)
        if first >= date(2022, 1, 5):
            return age == 7 or bool(self.negatives_on(quarantine.since, range(5, 7), age))
        if first >= date(2021, 6, 3):
            return age == 14 or bool(self.negatives_on(quarantine.since, range(10, 14), age))
        if first >= date(2020, 12, 7):
            return age == 10 or (age >= 7 and bool(self.negatives_on(quarantine.since, range(5, 10), age)))
        return age == 14

    def negatives_on(self, since: datetime, on_days: range, up_to: int) -> list[PcrReport]:
        """Negative samples on these days after `since`, none later than day `up_to`."""
        return [
            t
            for t in self.tests
            if not t.positive
            and days(since, t.sampled_at) in on_days[: up_to + 1]
            and days(since, t.sampled_at) <= up_to
        ]


def reason_at(reports: Sequence[Report], at: datetime) -> str | None:
    """What the model says."""
    return Life(reports).reason_at(at)


FIRST_DAYS = [date(2020, 3, 11), date(2020, 12, 7), date(2021, 6, 3), date(2021, 9, 17), date(2022, 1, 5)]
LAST_DAY = date(2022, 3, 2)


def turkish(day: date, hours: int) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=TURKISH).astimezone(UTC) + hours * HOUR


@st.composite
def reports_about(draw: st.DrawFn, *, citizen_id: int, first: date, last: date) -> Report:
    """A report of something between two days, some hours apart, so that moments often coincide."""
    n, span = citizen_id, (last - first).days
    at = turkish(first + draw(st.integers(0, span)) * DAY, draw(st.sampled_from([0, 9, 12, 23])))
    kind = draw(st.sampled_from(["pcr", "pcr", "pcr", "contact", "contact", "dose", "note", "order"]))
    if kind == "pcr":
        positive, variant = draw(st.booleans()), draw(st.integers(0, 3)) == 0
        return PcrReport(citizen_id=n, sampled_at=at, positive=positive, variant_of_concern=positive and variant)
    if kind == "contact":
        return ContactReport(citizen_id=n, last_contact_at=at)
    if kind == "dose":
        return VaccineReport(citizen_id=n, given_at=at - draw(st.integers(0, 95)) * DAY, dose=draw(st.integers(1, 4)))
    if kind == "note":
        since = draw(st.none() | st.integers(0, 9).map(lambda back: at - back * DAY))
        care, weak = draw(st.sampled_from([(False, False), (False, False), (True, False), (False, True)]))
        return ClinicalReport(
            citizen_id=n, noted_at=at, intensive_care=care, immunosuppressed=weak, symptom_free_since=since
        )
    return IsolationReport(citizen_id=n, begins_at=at, ends_at=at + draw(st.integers(1, 400)) * HOUR)


@st.composite
def lives(draw: st.DrawFn) -> list[Report]:
    """Up to a dozen reports about one person within days or weeks around a change of the rules."""
    middle = draw(st.sampled_from([*FIRST_DAYS, LAST_DAY]))
    before, after = draw(st.sampled_from([(20, 22), (0, 15), (0, 7), (10, 5)]))
    about = reports_about(citizen_id=1, first=middle - before * DAY, last=middle + after * DAY)
    return draw(st.lists(about, max_size=12))


@settings(max_examples=1_000)
@given(lives(), st.lists(st.integers(-30 * 24, 60 * 24), min_size=1, max_size=8))
def test_timeline_is_what_the_days_say(reports: list[Report], hours: list[int]) -> None:
    """At its boundaries, a microsecond before them, and anywhere else, a timeline agrees with the model."""
    intervals = timeline(reports)
    edges = [edge for interval in intervals for edge in (interval.begins_at, interval.ends_at)]
    start = min((edge for edge in edges), default=turkish(FIRST_DAYS[0], 0))
    for at in [*edges, *(edge - MICROSECOND for edge in edges), *(start + hour * HOUR for hour in hours)]:
        found = [interval.reason.value for interval in intervals if interval.begins_at <= at < interval.ends_at]
        note(f"{at}: {found}")
        assert found == ([expected] if (expected := reason_at(reports, at)) else [])


@given(lives(), st.randoms(use_true_random=False), st.integers(0, 12))
def test_timeline_is_a_function_of_the_set(reports: list[Report], shuffler: Any, repeats: int) -> None:
    """Neither order nor repetition changes a timeline; it is sorted and disjoint."""
    intervals = timeline(reports)
    again = [*reports, *reports[:repeats]]
    shuffler.shuffle(again)
    assert timeline(again) == intervals
    assert all(first.ends_at <= second.begins_at for first, second in pairwise(intervals))
    assert all(interval.begins_at < interval.ends_at for interval in intervals)


PEOPLE = (1, 2, 3)


class RiskIndexMachine(RuleBasedStateMachine):
    """The desk over SQLite, the desk over the plain twin, and a list of reports."""

    @initialize(middle=st.sampled_from([*FIRST_DAYS, LAST_DAY]), hours=st.integers(0, 23))
    def open(self, middle: date, hours: int) -> None:
        self.first = middle - 20 * DAY
        self.clock = ManualClock(turkish(middle, hours))
        self.known: list[Report] = []
        self.told: list[object] = []
        database = sqlite()
        self.close_database = database.close
        common = {
            "now": self.clock.now,
            "tell": self.told.append,
            "transaction": database.transaction,
            "province_of": lambda people: dict.fromkeys(people, 6),
            "populations": lambda: {6: 100_000},
        }
        self.desks = [RiskIndex(store=store, **common) for store in (SqlRiskStore(database), InMemoryRiskStore())]

    def teardown(self) -> None:
        if hasattr(self, "close_database"):
            self.close_database()

    @rule(data=st.data(), count=st.integers(1, 5))
    def file(self, data: st.DataObject, count: int) -> None:
        """Something of the last weeks becomes known, or is refused because it lies ahead."""
        now = self.clock.now()
        about = st.sampled_from(PEOPLE).flatmap(
            lambda n: reports_about(citizen_id=n, first=self.first, last=day_of(now))
        )
        batch = data.draw(st.lists(about, min_size=count, max_size=count))
        moments = [
            getattr(report, name)
            for report in batch
            for name in ("sampled_at", "last_contact_at", "given_at", "noted_at")
            if hasattr(report, name)
        ]
        if any(moment > now for moment in moments):
            for desk in self.desks:
                with pytest.raises(ReportRefused):
                    desk.file(batch)
            return
        for desk in self.desks:
            desk.file(batch)
        self.known += batch

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def file_again(self, data: st.DataObject) -> None:
        """What is known already changes nothing and is not told."""
        told = len(self.told)
        again = data.draw(st.lists(st.sampled_from(self.known), min_size=1, max_size=5))
        for desk in self.desks:
            desk.file(again)
        assert len(self.told) == told

    @rule(hours=st.sampled_from([1, 5, 12, 24, 24, 72, 240]))
    def wait(self, hours: int) -> None:
        self.clock.move_to(self.clock.now() + hours * HOUR)

    @rule(n=st.sampled_from(PEOPLE), hours=st.integers(-500, 500))
    def ask_of_another_moment(self, n: int, hours: int) -> None:
        at = self.clock.now() + hours * HOUR
        for desk in self.desks:
            assert self.answers(desk, at).get(n) == reason_at(self.reports_of(n), at)

    @invariant()
    def standings_agree(self) -> None:
        at = self.clock.now()
        expected = {n: reason for n in PEOPLE if (reason := reason_at(self.reports_of(n), at))}
        for desk in self.desks:
            assert self.answers(desk, at) == expected
            assert {n for n in PEOPLE if desk.status(n).status == "RISKY"} == set(expected)

    @invariant()
    def clinical_answers_agree(self) -> None:
        at = self.clock.now()
        for desk in self.desks:
            for n, answer in desk.clinical_many(PEOPLE).items():
                reports = self.reports_of(n)
                assert answer.vaccinated is vaccinated_at(reports, at)
                assert answer.immune is immune_at(reports, at)
                assert answer.last_negative_test_at == last_negative_test(reports, at, 72)

    @invariant()
    def nothing_is_lost(self) -> None:
        for n in PEOPLE:
            first, second = (desk.history(n) for desk in self.desks)
            assert first == second
            assert set(first.reports) == set(self.reports_of(n))
            assert len(first.reports) == len(set(first.reports))

    def reports_of(self, n: int) -> list[Report]:
        return [report for report in self.known if report.citizen_id == n]

    @staticmethod
    def answers(desk: RiskIndex, at: datetime) -> dict[int, str]:
        standings = desk.standing_many(PEOPLE, at)
        return {n: standing.interval.reason.value for n, standing in standings.items() if standing.interval}


TestRiskIndexMachine = RiskIndexMachine.TestCase
TestRiskIndexMachine.settings = settings(max_examples=40, stateful_step_count=25)
