"""One contract, kept by the plain twin and by SQL on SQLite (memory, file) and PostgreSQL."""

from datetime import UTC, datetime, timedelta

import pytest

from mockgov.clock import to_us
from mockgov.database import Database
from mockgov.risk_index.messages import (
    ClinicalReport,
    ContactReport,
    IsolationReport,
    PcrReport,
    Report,
    VaccineReport,
)
from mockgov.risk_index.rules import ClinicalRecord, RiskInterval, RiskReason, Standing, case_moments, timeline
from mockgov.risk_index.store import InMemoryRiskStore, RiskStore, SqlRiskStore
from mockgov.vocabulary.risk_status import RiskStatus

NOON = datetime(2021, 10, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)

EVERY_KIND: list[Report] = [
    VaccineReport(citizen_id=7, given_at=NOON - 90 * DAY, dose=1),
    VaccineReport(citizen_id=7, given_at=NOON - 60 * DAY, dose=2),
    ContactReport(citizen_id=7, last_contact_at=NOON - 9 * DAY),
    PcrReport(citizen_id=7, sampled_at=NOON - 8 * DAY, positive=False),
    PcrReport(citizen_id=7, sampled_at=NOON - 7 * DAY, positive=True),
    PcrReport(citizen_id=7, sampled_at=NOON - 7 * DAY, positive=True, variant_of_concern=True),
    ClinicalReport(citizen_id=7, noted_at=NOON - 6 * DAY, intensive_care=True),
    ClinicalReport(citizen_id=7, noted_at=NOON - 5 * DAY, immunosuppressed=True),
    ClinicalReport(citizen_id=7, noted_at=NOON - 4 * DAY, symptom_free_since=NOON - 5 * DAY + MICROSECOND),
    IsolationReport(citizen_id=7, begins_at=NOON + MICROSECOND, ends_at=NOON + 30 * DAY),
]


def interval(
    begins_at: datetime, ends_at: datetime, reason: RiskReason = RiskReason.CONTACT, regulation: str = "2021-09-17"
) -> RiskInterval:
    return RiskInterval(begins_at=begins_at, ends_at=ends_at, reason=reason, regulation=regulation)


class StoreContract:
    """What every store promises."""

    def test_reports_come_back_as_they_were(self, store: RiskStore) -> None:
        """Every field of every kind survives, to the microsecond, in the order of the moments."""
        store.add(EVERY_KIND[::-1])
        assert set(store.reports_of([7])[7]) == set(EVERY_KIND)
        assert store.reports_of([7])[7] == EVERY_KIND

    def test_risky_people_are_counted(self, store: RiskStore) -> None:
        """From the first moment of an isolation up to, but without, its last."""
        store.set_timelines(
            {
                7: (interval(NOON, NOON + DAY), interval(NOON + 2 * DAY, NOON + 3 * DAY)),
                8: (interval(NOON, NOON + HOUR),),
            },
            {7: (), 8: ()},
        )
        moments = (NOON - MICROSECOND, NOON, NOON + HOUR, NOON + DAY, NOON + 2 * DAY)
        assert [store.count_risky(at) for at in moments] == [0, 2, 1, 0, 1]

    def test_clearing_a_file(self, store: RiskStore) -> None:
        """What lasts stays; tests and cases become counts by Turkish day and province; the person stands free."""
        store.add(EVERY_KIND)
        store.add([PcrReport(citizen_id=8, sampled_at=NOON - 7 * DAY, positive=False)])
        store.add([VaccineReport(citizen_id=9, given_at=NOON - 900 * DAY, dose=2)])
        store.set_timelines({7: timeline(EVERY_KIND), 8: ()}, {7: case_moments(EVERY_KIND), 8: ()})
        assert store.oldest_file_us() == to_us(NOON - 7 * DAY)
        assert store.files_before(to_us(NOON + 30 * DAY)) == [8]
        assert store.files_before(to_us(NOON + 30 * DAY) + 1) == [7, 8]
        assert store.clear_files({7: 26, 8: 26}) == len(EVERY_KIND) - 3 + 1
        assert store.reports_of([7])[7] == [EVERY_KIND[0], EVERY_KIND[1], EVERY_KIND[7]]
        assert not any(store.reports_of([8]).values())
        assert (store.timeline_of(7), store.oldest_file_us()) == ((), None)
        assert store.cases_between(NOON - 99 * DAY, NOON) == []
        midnight = (NOON - 7 * DAY).replace(hour=21) - DAY
        assert [sum(t) for t in zip(*store.tallied(midnight, midnight + DAY), strict=True)][1:] == [2, 1]
        assert [sum(t) for t in zip(*store.tallied(midnight - DAY, midnight), strict=True)][1:] == [1, 0]
        assert store.tallied(midnight + DAY, midnight + 9 * DAY) == []
        again = PcrReport(citizen_id=8, sampled_at=NOON - 7 * DAY + HOUR, positive=True)
        store.add([again])
        store.set_timelines({8: ()}, {8: (again.sampled_at,)})
        store.clear_files({8: 26})
        assert [sum(t) for t in zip(*store.tallied(midnight, midnight + DAY), strict=True)][1:] == [3, 2]

    def test_reports_belong_to_a_person(self, store: RiskStore) -> None:
        """Only the people asked for are given, each with their own."""
        mine = PcrReport(citizen_id=1, sampled_at=NOON, positive=True)
        yours = PcrReport(citizen_id=2, sampled_at=NOON, positive=True)
        store.add([mine, yours, ContactReport(citizen_id=3, last_contact_at=NOON)])
        assert {n: list(reports) for n, reports in store.reports_of([2, 1, 9]).items() if reports} == {
            1: [mine],
            2: [yours],
        }

    def test_nothing_to_add(self, store: RiskStore) -> None:
        """No reports, no people: nothing happens."""
        store.add([])
        store.set_timelines({}, {})
        assert not any(store.reports_of([1]).values())
        assert store.standing_many([], NOON) == {}

    def test_standing(self, store: RiskStore) -> None:
        """Risky from an interval's first moment on, no more at its end; who is not risky is missing."""
        first, second = interval(NOON - DAY, NOON), interval(NOON, NOON + DAY, RiskReason.POSITIVE)
        store.set_timelines({1: (first, second), 2: (first,), 3: (), 4: (interval(NOON + HOUR, NOON + DAY),)}, {})
        risky = RiskStatus.RISKY
        assert store.standing_many([1, 2, 3, 4, 5, 1], NOON) == {1: Standing(status=risky, interval=second)}
        assert store.standing_many([1, 2], NOON - MICROSECOND) == {
            1: Standing(status=risky, interval=first),
            2: Standing(status=risky, interval=first),
        }
        assert store.standing_many([1], NOON + DAY) == {}

    def test_who_is_isolated(self, store: RiskStore) -> None:
        """From the begin up to, but without, the end; only whom one asks about."""
        store.set_timelines({7: (interval(NOON, NOON + DAY),), 8: (interval(NOON, NOON + DAY),)}, {})
        assert store.isolated([7, 9], NOON) == store.isolated([7], NOON + DAY - MICROSECOND) == {7}
        assert store.isolated([7, 8], NOON + DAY) == store.isolated([], NOON) == frozenset()

    def test_turns(self, store: RiskStore) -> None:
        """Begins and ends after one moment and up to another, in order; the next of all."""
        assert store.next_turn_us(0) is None
        store.set_timelines(
            {7: (interval(NOON, NOON + DAY), interval(NOON + DAY, NOON + 2 * DAY)), 8: (interval(NOON, NOON + DAY),)},
            {},
        )
        begin, middle, end = (to_us(NOON + days * DAY) for days in range(3))
        assert list(store.turns(begin - 1, end)) == [(begin, 7), (begin, 8), (middle, 7), (middle, 8), (end, 7)]
        assert list(store.turns(begin, middle)) == [(middle, 7), (middle, 8)]
        assert [store.next_turn_us(at_us) for at_us in (begin - 1, begin, middle, end)] == [begin, middle, end, None]

    def test_timelines_are_replaced(self, store: RiskStore) -> None:
        """A new timeline takes the place of the old one, of that person alone; an empty one too."""
        old, new = interval(NOON, NOON + DAY), interval(NOON + HOUR, NOON + DAY)
        store.set_timelines({1: (old,), 2: (old,), 3: (old,)}, {})
        store.set_timelines({1: (new,), 2: ()}, {})
        assert [store.timeline_of(n) for n in (1, 2, 3, 4)] == [(new,), (), (old,), ()]

    def test_timeline_in_order(self, store: RiskStore) -> None:
        """A timeline of the rules comes back equal."""
        made = timeline(EVERY_KIND)
        assert len(made) == 2
        store.set_timelines({7: made}, {7: case_moments(EVERY_KIND)})
        assert store.timeline_of(7) == made

    def test_records(self, store: RiskStore) -> None:
        """Doses and tests up to the moment asked for, and no later."""
        store.add(EVERY_KIND)
        asked = NOON - 7 * DAY
        assert store.records_many([7, 8], NOON)[7] == ClinicalRecord(
            second_dose_at=NOON - 60 * DAY, last_positive_at=asked, last_negative_at=NOON - 8 * DAY
        )
        assert store.records_many([7, 7], asked - MICROSECOND)[7] == ClinicalRecord(
            second_dose_at=NOON - 60 * DAY, last_positive_at=None, last_negative_at=NOON - 8 * DAY
        )

    def test_first_dose_is_not_enough(self, store: RiskStore) -> None:
        """A record names the first dose that completes: the second or a later one."""
        store.add([VaccineReport(citizen_id=1, given_at=NOON - n * DAY, dose=dose) for n, dose in ((9, 1), (3, 3))])
        assert store.records_many([1], NOON)[1].second_dose_at == NOON - 3 * DAY

    def test_cases(self, store: RiskStore) -> None:
        """Cases are counted in the half-open time asked for, one entry each."""
        reports = {n: PcrReport(citizen_id=n, sampled_at=NOON + n * HOUR, positive=True) for n in range(4)}
        store.add(list(reports.values()))
        store.set_timelines(dict.fromkeys(reports, ()), {n: case_moments([report]) for n, report in reports.items()})
        assert sorted(store.cases_between(NOON + HOUR, NOON + 3 * HOUR)) == [1, 2]

    def test_tests(self, store: RiskStore) -> None:
        """A sample is one test, even if its variant was reported afterwards; contacts and doses are none."""
        store.add(EVERY_KIND)
        assert store.tests_between(NOON - 30 * DAY, NOON) == 2
        assert store.tests_between(NOON - 8 * DAY, NOON - 7 * DAY) == 1

    def test_sharing(self, store: RiskStore) -> None:
        """Everybody shares until they say otherwise, and again when they say so."""
        store.set_sharing(1, shares=False)
        store.set_sharing(2, shares=False)
        store.set_sharing(1, shares=False)
        store.set_sharing(2, shares=True)
        store.set_sharing(3, shares=True)
        assert store.withholding([1, 2, 3, 4]) == {1}
        assert store.withholding([]) == frozenset()


class TestInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> RiskStore:
        return InMemoryRiskStore()


class TestSql(StoreContract):
    @pytest.fixture
    def store(self, database: Database) -> RiskStore:
        return SqlRiskStore(database)

    def test_survives_a_new_store(self, database: Database, store: RiskStore) -> None:
        """What one store has kept another on the same database finds."""
        store.add(EVERY_KIND)
        store.set_timelines({7: timeline(EVERY_KIND)}, {})
        again = SqlRiskStore(database)
        assert again.reports_of([7])[7] == EVERY_KIND
        assert again.timeline_of(7) == timeline(EVERY_KIND)

    def test_40_000_people_at_once(self, store: RiskStore) -> None:
        """Any number of people may be asked about in one call."""
        store.set_timelines({39_999: (interval(NOON, NOON + DAY),)}, {})
        assert list(store.standing_many(range(40_000), NOON)) == [39_999]
        assert not any(store.reports_of(range(40_000)).values())
