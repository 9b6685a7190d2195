"""Erasing files changes no answer: a desk that clears them beside one that never does."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from mockgov.clock import TURKEY, ManualClock
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
from mockgov.risk_index.regulations import IMMUNITY_DAYS
from mockgov.risk_index.rules import looks_back_days, midnight
from mockgov.risk_index.service import RiskIndex
from mockgov.risk_index.store import SqlRiskStore

MARCH_2020 = datetime(2020, 3, 16, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PEOPLE = (1, 2, 3)
NEVER = 9_000


class Desks:
    """The two desks, and the clock that both have."""

    def __init__(self) -> None:
        self.clock = ManualClock(MARCH_2020)
        self.databases = [sqlite(), sqlite()]
        self.clearing, self.keeping = (
            self.desk(database, keep) for database, keep in zip(self.databases, (1, NEVER), strict=True)
        )

    def desk(self, database: Any, keep_days: int) -> RiskIndex:
        return RiskIndex(
            store=SqlRiskStore(database),
            now=self.clock.now,
            tell=lambda _: None,
            transaction=database.transaction,
            province_of=lambda people: {n: 6 + n for n in people},
            populations=lambda: {6 + n: 1000 for n in PEOPLE},
            keep_days=keep_days,
        )

    def clear(self) -> int:
        """What the ministry's retention does when a file's time is over."""
        return self.clearing.clear_files(self.clock.now() - self.clearing.keep_days * DAY)

    def answers(self, desk: RiskIndex) -> Sequence[object]:
        """All that is ever said to anybody, of now and of some weeks before."""
        today = self.clock.now().astimezone(TURKEY).date()
        monday = today - timedelta(days=today.weekday())
        return [
            {n: desk.status(n) for n in PEOPLE},
            desk.clinical_many(PEOPLE),
            [desk.national_statistics(today - back * timedelta(days=100)) for back in range(8)],
            [desk.incidence(monday - weeks * timedelta(days=7)) for weeks in range(0, 120, 9)],
        ]


def reports(now: datetime, late: timedelta) -> st.SearchStrategy[Report]:
    """A report that may be filed now, of the last days or as late as it is taken."""
    ago = st.sampled_from([timedelta(), DAY, 3 * DAY, 14 * DAY, 100 * DAY, late - DAY, late])
    at = st.builds(
        lambda back, hours: now - back + timedelta(hours=min(hours, back // timedelta(hours=1))),
        ago,
        st.integers(0, 30),
    )
    n = st.sampled_from(PEOPLE)
    return st.one_of(
        st.builds(PcrReport, citizen_id=n, sampled_at=at, positive=st.booleans(), variant_of_concern=st.booleans()),
        st.builds(ContactReport, citizen_id=n, last_contact_at=at),
        st.builds(VaccineReport, citizen_id=n, given_at=at, dose=st.integers(1, 3)),
        st.builds(
            ClinicalReport, citizen_id=n, noted_at=at, intensive_care=st.booleans(), immunosuppressed=st.booleans()
        ),
        st.builds(
            lambda citizen_id, at, days: IsolationReport(citizen_id=citizen_id, begins_at=at, ends_at=at + days * DAY),
            n,
            at,
            st.sampled_from([1, 14, 400]),
        ),
    )


@settings(max_examples=40)
@given(st.data())
def test_erasing_changes_no_answer(data: st.DataObject) -> None:
    """Whatever is reported, however late it is taken, and whenever files are cleared."""
    desks = Desks()
    late = timedelta(days=desks.clearing.keep_days - looks_back_days())
    cleared = 0
    for _ in range(data.draw(st.integers(2, 8))):
        some = data.draw(st.lists(reports(desks.clock.now(), late), max_size=4))
        desks.clearing.file(some)
        desks.keeping.file(some)
        assert desks.answers(desks.clearing) == desks.answers(desks.keeping)
        desks.clock.move_to(desks.clock.now() + data.draw(st.sampled_from([1, 5, 90, 181, 363, 500])) * DAY)
        cleared += desks.clear()
        assert desks.answers(desks.clearing) == desks.answers(desks.keeping)
    event(f"cleared {cleared > 0}")
    for database in desks.databases:
        database.close()


def test_what_is_too_old_is_not_taken() -> None:
    """What stood beside it may have been erased; doses and weak immunity are taken however old."""
    desks = Desks()
    desks.clock.move_to(MARCH_2020 + 900 * DAY)
    desk, now = desks.clearing, desks.clock.now()
    late = timedelta(days=desk.keep_days - looks_back_days())
    desk.file([PcrReport(citizen_id=1, sampled_at=now - late, positive=True)])
    with pytest.raises(ReportRefused, match="doses") as refused:
        desk.file([PcrReport(citizen_id=1, sampled_at=now - late - timedelta(microseconds=1), positive=True)])
    assert refused.value.key == "reporttoolate"
    desk.file([VaccineReport(citizen_id=1, given_at=now - 2000 * DAY, dose=2)])
    desk.file([ClinicalReport(citizen_id=1, noted_at=now - 2000 * DAY, immunosuppressed=True)])
    desk.file([IsolationReport(citizen_id=1, begins_at=now - 2000 * DAY, ends_at=now + DAY)])
    assert len(desk.history(1).reports) == 4


def test_how_far_the_rules_look_back() -> None:
    """Half a year of immunity is the longest; settings that look further keep files longer."""
    assert looks_back_days() == IMMUNITY_DAYS + 1
    assert looks_back_days(immunity_days=400) == 401
    assert looks_back_days(test_hours=24 * 300) == 302
    desks = Desks()
    assert desks.clearing.keep_days == 2 * 181
    assert midnight(MARCH_2020.date()) < MARCH_2020
