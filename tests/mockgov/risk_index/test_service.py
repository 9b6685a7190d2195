"""The desk as the rest of the ministry meets it: filing, standing, plus answers, statistics, refusals."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from mockgov.clock import ManualClock
from mockgov.database import Database, sqlite
from mockgov.refusal import Refused
from mockgov.risk_index.messages import (
    ContactReport,
    IsolationReport,
    PcrReport,
    Report,
    ReportRefused,
    ReportsFiled,
    VaccineReport,
)
from mockgov.risk_index.rules import RISKLESS, RiskReason
from mockgov.risk_index.service import Clinical, ColourClass, Incidence, NationalStatistics, RiskIndex
from mockgov.risk_index.store import SqlRiskStore
from mockgov.vocabulary.risk_status import RiskStatus

MONDAY = datetime(2021, 10, 4, 12, tzinfo=UTC)  # 15:00 in Turkey
DAY = timedelta(days=1)


class Desk:
    """A risk index with a clock to move and the events that it told."""

    def __init__(self, database: Database, **settings: int) -> None:
        self.clock = ManualClock(MONDAY)
        self.told: list[object] = []
        self.database = database
        self.index = RiskIndex(
            store=SqlRiskStore(database),
            now=self.clock.now,
            tell=self.told.append,
            transaction=database.transaction,
            province_of=self.province_of,
            populations=lambda: {6: 2_000, 34: 10_000, 69: 300},
            **settings,
        )

    @staticmethod
    def province_of(citizen_ids: Sequence[int]) -> Mapping[int, int]:
        """People up to 99 live in Ankara, up to 199 in İstanbul, the others nowhere."""
        return {n: 6 if n < 100 else 34 for n in citizen_ids if n < 200}


@pytest.fixture
def desk(database: Database) -> Desk:
    """A desk on each database."""
    return Desk(database)


def case(citizen_id: int, at: datetime = MONDAY) -> Report:
    return PcrReport(citizen_id=citizen_id, sampled_at=at, positive=True)


def test_a_positive_test_makes_risky_until_day_14_ends(desk: Desk) -> None:
    """RISKLESS before the report, RISKY after it, RISKLESS again with the midnight that the rule says."""
    assert desk.index.status(1) == RISKLESS
    desk.index.file([case(1)])
    standing = desk.index.status(1)
    assert standing.status is RiskStatus.RISKY
    assert standing.interval is not None
    assert standing.interval.reason is RiskReason.POSITIVE
    assert standing.interval.ends_at == datetime(2021, 10, 18, 21, tzinfo=UTC)
    desk.clock.move_to(datetime(2021, 10, 18, 20, 59, 59, tzinfo=UTC))
    assert desk.index.status(1) == standing
    desk.clock.move_to(datetime(2021, 10, 18, 21, tzinfo=UTC))
    assert desk.index.status(1) == RISKLESS


def test_standing_many_names_the_risky_alone(desk: Desk) -> None:
    """A bulk look-up gives the risky; at another moment, those who were risky then."""
    desk.index.file([case(1, MONDAY - DAY), case(3)])
    assert set(desk.index.standing_many([1, 2, 3])) == {1, 3}
    assert set(desk.index.standing_many([1, 2, 3], MONDAY - DAY)) == {1}


def test_filing_tells_whom_it_concerns(desk: Desk) -> None:
    """An event names the people about whom something new is known; what is known already tells nothing."""
    desk.index.file([case(2), case(1), case(2)])
    desk.index.file([case(1)])
    desk.index.file([])
    desk.index.file([case(1), case(5)])
    assert desk.told == [
        ReportsFiled(citizen_ids=(2, 1), at=MONDAY, changed=(2, 1)),
        ReportsFiled(citizen_ids=(5,), at=MONDAY, changed=(5,)),
    ]


def test_a_late_report_rewrites_the_past(desk: Desk) -> None:
    """The second dose, reported late, makes the contact's first five days riskless after all."""
    desk.index.file([ContactReport(citizen_id=1, last_contact_at=MONDAY)])
    desk.clock.move_to(MONDAY + 2 * DAY)
    assert desk.index.status(1).status is RiskStatus.RISKY
    desk.index.file([VaccineReport(citizen_id=1, given_at=MONDAY - 14 * DAY, dose=2)])
    assert desk.index.status(1) == RISKLESS
    history = desk.index.history(1)
    assert [type(report) for report in history.reports] == [VaccineReport, ContactReport]
    assert [interval.begins_at for interval in history.timeline] == [datetime(2021, 10, 9, 21, tzinfo=UTC)]


def test_a_report_of_the_future_is_refused_and_nothing_is_kept(desk: Desk) -> None:
    """One impossible report refuses the whole filing, and the refusal says what to do."""
    with pytest.raises(ReportRefused, match="Report what has happened, or move the clock forward first") as refusal:
        desk.index.file([case(1), case(2, MONDAY + timedelta(microseconds=1))])
    assert refusal.value.key == "reportinthefuture"
    assert desk.index.history(1).reports == ()
    assert desk.told == []


def test_isolation_may_be_ordered_ahead(desk: Desk) -> None:
    """Quarantine after travel can be ordered before the traveller lands."""
    order = IsolationReport(citizen_id=1, begins_at=MONDAY + DAY, ends_at=MONDAY + 8 * DAY)
    desk.index.file([order])
    assert desk.index.status(1) == RISKLESS
    desk.clock.move_to(MONDAY + DAY)
    assert desk.index.status(1).interval is not None


def test_filing_is_undone_with_the_command_around_it(desk: Desk) -> None:
    """A reaction that fails takes the reports with it."""

    def fail(_event: object) -> None:
        raise RuntimeError

    index = RiskIndex(
        store=SqlRiskStore(desk.database),
        now=desk.clock.now,
        tell=fail,
        transaction=desk.database.transaction,
        province_of=desk.province_of,
        populations=dict,
    )
    with pytest.raises(RuntimeError):
        index.file([case(1)])
    assert desk.index.history(1).reports == ()
    assert desk.index.status(1) == RISKLESS


def test_clinical_many(desk: Desk) -> None:
    """A plus answer for everybody asked about, also those of whom nothing is known."""
    desk.index.file(
        [
            VaccineReport(citizen_id=1, given_at=MONDAY - 90 * DAY, dose=2),
            case(1, MONDAY - 179 * DAY),
            PcrReport(citizen_id=1, sampled_at=MONDAY - 2 * DAY, positive=False),
        ]
    )
    assert desk.index.clinical_many([1, 2]) == {
        1: Clinical(vaccinated=True, immune=True, last_negative_test_at=MONDAY - 2 * DAY, shares_test_data=True),
        2: Clinical(vaccinated=False, immune=False, last_negative_test_at=None, shares_test_data=True),
    }
    assert desk.index.clinical_many([1], MONDAY + DAY)[1] == Clinical(
        vaccinated=True, immune=False, last_negative_test_at=None, shares_test_data=True
    )


def test_windows_are_settings() -> None:
    """The windows of the negative test and of immunity are the ministry's settings."""
    desk = Desk(sqlite(), negative_test_hours=48, immunity_days=90)
    desk.index.file([case(1, MONDAY - 90 * DAY), PcrReport(citizen_id=1, sampled_at=MONDAY - 2 * DAY, positive=False)])
    answer = desk.index.clinical_many([1])[1]
    assert (answer.immune, answer.last_negative_test_at) == (False, None)


def test_who_does_not_share_tells_nothing(desk: Desk) -> None:
    """Vaccine, immunity and test are None for a person who does not share them; the status remains."""
    desk.index.file([case(1)])
    desk.index.share_test_data(1, shares=False)
    hidden = Clinical(vaccinated=None, immune=None, last_negative_test_at=None, shares_test_data=False)
    assert desk.index.clinical_many([1])[1] == hidden
    assert desk.index.status(1).status is RiskStatus.RISKY
    desk.index.share_test_data(1, shares=True)
    assert desk.index.clinical_many([1])[1].immune is True


def test_incidence(desk: Desk) -> None:
    """First positives of a Turkish week, Monday to Sunday, per 100,000 residents of each province."""
    desk.clock.move_to(MONDAY + 9 * DAY)
    monday = datetime(2021, 10, 3, 21, tzinfo=UTC)  # 00:00 in Turkey
    desk.index.file(
        [
            case(1, monday),
            case(1, monday + 3 * DAY),  # the same episode
            case(2, monday - timedelta(microseconds=1)),  # the week before
            case(101, monday + 7 * DAY - timedelta(microseconds=1)),
            case(102, monday + 2 * DAY),
            case(103, monday + 7 * DAY),  # the week after
            case(500, monday),  # lives nowhere
        ]
    )
    assert desk.index.incidence(date(2021, 10, 4)) == (
        Incidence(plate=6, cases=1, population=2_000, per_100k=50.0, colour=ColourClass.HIGH),
        Incidence(plate=34, cases=2, population=10_000, per_100k=20.0, colour=ColourClass.MEDIUM),
        Incidence(plate=69, cases=0, population=300, per_100k=0.0, colour=ColourClass.LOW),
    )
    assert [row.plate for row in desk.index.incidence(date(2021, 10, 4), [34])] == [34]


@pytest.mark.parametrize(
    ("per_100k", "colour"),
    [
        (0.0, "blue"),
        (10.0, "blue"),
        (10.01, "yellow"),
        (35.0, "yellow"),
        (35.01, "orange"),
        (100.0, "orange"),
        (100.01, "red"),
    ],
)
def test_colour_classes(per_100k: float, colour: str) -> None:
    """The ministry's map: 10, 35 and 100 are the last of their colours."""
    assert ColourClass.of(per_100k).value == colour


@pytest.mark.parametrize(
    ("week", "plates", "key", "says"),
    [
        (date(2021, 10, 6), None, "weekbeginsonmonday", r"Weeks begin on Mondays\. Give 2021-10-04\."),
        (date(2021, 10, 4), [6, 1], "provincewithoutresidents", r"Nobody lives in the provinces \[1\]\."),
    ],
)
def test_incidence_refuses(desk: Desk, week: date, plates: list[int] | None, key: str, says: str) -> None:
    """A week begins on a Monday, and a rate needs residents."""
    with pytest.raises(Refused, match=says) as refusal:
        desk.index.incidence(week, plates)
    assert refusal.value.key == key


def test_national_statistics(desk: Desk) -> None:
    """Tests and cases by the Turkish day of the sample, and their totals up to that day."""
    desk.index.file(
        [
            case(1, MONDAY - DAY),
            case(1),  # the same episode: a test, no case
            case(2),
            PcrReport(citizen_id=3, sampled_at=MONDAY, positive=False),
            ContactReport(citizen_id=4, last_contact_at=MONDAY),
        ]
    )
    assert desk.index.national_statistics(date(2021, 10, 4)) == NationalStatistics(
        day=date(2021, 10, 4), tests=3, cases=1, total_tests=4, total_cases=2
    )
    assert desk.index.national_statistics(date(2021, 10, 3)).total_tests == 1


def test_10_000_reports_in_under_two_seconds() -> None:
    """A bulk filing into SQLite takes a fraction of a second, 2 s at most."""
    desk = Desk(sqlite())
    reports = [case(n, MONDAY - n * timedelta(seconds=60)) for n in range(10_000)]
    begins = time.perf_counter()
    desk.index.file(reports)
    assert time.perf_counter() - begins < 2
    assert len(desk.index.standing_many(range(10_000))) == 10_000


def test_what_time_changes(desk: Desk) -> None:
    """Everybody whose isolation begins or ends, at that moment; none whose one isolation follows upon another."""
    begins_at, turns_at, ends_at = MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2), MONDAY + timedelta(hours=3)
    order = IsolationReport(citizen_id=1, begins_at=begins_at, ends_at=ends_at)
    early = IsolationReport(citizen_id=2, begins_at=begins_at, ends_at=turns_at)
    desk.index.file([order, early])
    assert desk.index.next_change(MONDAY) == begins_at
    assert [(at, n, status.value) for at, n, status in desk.index.changes(MONDAY, ends_at)] == [
        (begins_at, 1, "RISKY"),
        (begins_at, 2, "RISKY"),
        (turns_at, 2, "RISKLESS"),
        (ends_at, 1, "RISKLESS"),
    ]
    assert list(desk.index.changes(ends_at, ends_at + timedelta(days=9))) == []
    assert desk.index.next_change(ends_at) is None
