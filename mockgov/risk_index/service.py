"""File what is reported; say how people stand, what is known of them, and how the provinces fare."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from mockgov.bus import Tell
from mockgov.clock import MICROSECOND, Now, from_us, to_us
from mockgov.refusal import Refused
from mockgov.risk_index.messages import IsolationReport, Report, ReportRefused, ReportsFiled, happened_at
from mockgov.risk_index.regulations import IMMUNITY_DAYS, REGULATIONS, Regulation
from mockgov.risk_index.rules import (
    RISKLESS,
    ClinicalRecord,
    RiskInterval,
    Standing,
    case_moments,
    ends_at,
    is_lasting,
    looks_back_days,
    midnight,
    recent,
    timeline,
)
from mockgov.risk_index.store import RiskStore
from mockgov.vocabulary.risk_status import RiskStatus

NOTHING_KNOWN = ClinicalRecord(second_dose_at=None, last_positive_at=None, last_negative_at=None)
KEPT_DAYS = 1095
"""Days for which files are kept after the last moment that they tell of, if not said (chosen here)."""
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class ColourClass(StrEnum):
    """The ministry's colours for weekly cases per 100,000: up to 10, up to 35, up to 100, and more."""

    LOW = "blue"
    MEDIUM = "yellow"
    HIGH = "orange"
    VERY_HIGH = "red"

    @classmethod
    def of(cls, per_100k: float) -> "ColourClass":
        """The class of an incidence."""
        bounds = ((10, cls.LOW), (35, cls.MEDIUM), (100, cls.HIGH))
        return next((colour for bound, colour in bounds if per_100k <= bound), cls.VERY_HIGH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinical:
    """What a plus answer may say; None stands for a datum that the person does not share."""

    vaccinated: bool | None
    immune: bool | None
    last_negative_test_at: datetime | None
    """None also when there is none within the window."""
    shares_test_data: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that is known of one person, and what follows from it."""

    reports: tuple[Report, ...]
    timeline: tuple[RiskInterval, ...]


class Change(NamedTuple):
    """Somebody's status is another from a moment on."""

    at: datetime
    citizen_id: int
    status: RiskStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Incidence:
    """A province's week."""

    plate: int
    cases: int
    population: int
    per_100k: float
    colour: ColourClass


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalStatistics:
    """The country's figures for a day, by the day of the sample, as far as they are known by now."""

    day: date
    tests: int
    cases: int
    total_tests: int
    total_cases: int


class RiskIndex:
    """The ministry's case-tracking desk of one world."""

    def __init__(
        self,
        *,
        store: RiskStore,
        now: Now,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
        province_of: Callable[[Sequence[int]], Mapping[int, int]],
        populations: Callable[[], Mapping[int, int]],
        negative_test_hours: int = 72,
        immunity_days: int = IMMUNITY_DAYS,
        regulations: Sequence[Regulation] = REGULATIONS,
        keep_days: int = KEPT_DAYS,
        before_filing: Callable[[], None] = lambda: None,
    ) -> None:
        """`province_of` gives people's plates, `populations` the residents of each plate that has any.

        Files are kept for `keep_days` after the last moment that they tell of, or for as long as the rules look back
        twice, if that is longer. `before_filing` is called before reports change anything: whoever tells of changes by
        time tells of those up to now.
        """
        self._store = store
        self._now = now
        self._tell = tell
        self._transaction = transaction
        self._province_of = province_of
        self._populations = populations
        self._negative_test_age = timedelta(hours=negative_test_hours)
        self._immunity_age = timedelta(days=immunity_days)
        self._regulations = regulations
        self._before_filing = before_filing
        needed = looks_back_days(regulations, immunity_days=immunity_days, test_hours=negative_test_hours)
        self.keep_days = max(keep_days, 2 * needed)
        self._late = timedelta(days=self.keep_days - needed)

    @property
    def regulations(self) -> Sequence[Regulation]:
        """The rules of this world, in the order of their days."""
        return self._regulations

    def file(self, reports: Sequence[Report]) -> None:
        """Keep reports, all or none, and work out anew the timelines of the people concerned.

        Reports that are known already change nothing. Raises `ReportRefused` for a report of the future (isolations
        may be ordered ahead), and for one that comes so late that what stood beside it may have been erased.
        """
        now = self._now()
        kept_since = now - self._late
        for report in reports:
            _refuse_future(report, now)
            if happened_at(report) < kept_since:
                self._refuse_late(report, kept_since)
        with self._transaction():
            known = self._store.reports_of(list({report.citizen_id for report in reports}))
            everything = {n: set(of_person) for n, of_person in known.items()}
            fresh: list[Report] = []
            for report in reports:
                of_person = everything.setdefault(report.citizen_id, set())
                if report not in of_person:
                    of_person.add(report)
                    fresh.append(report)
            if not fresh:
                return
            concerned = dict.fromkeys(report.citizen_id for report in fresh)
            self._before_filing()
            people = tuple(concerned)
            before = self._store.isolated(people, now)
            self._store.add(fresh)
            self._store.set_timelines(
                {n: timeline(everything[n], self._regulations) for n in concerned},
                {n: case_moments(everything[n]) for n in concerned},
            )
            changed = before ^ self._store.isolated(people, now)
            self._tell(ReportsFiled(citizen_ids=people, at=now, changed=tuple(n for n in people if n in changed)))

    def share_test_data(self, citizen_id: int, *, shares: bool) -> None:
        """Let a person decide whether plus answers tell of their vaccine, immunity and tests."""
        with self._transaction():
            self._store.set_sharing(citizen_id, shares=shares)

    def status(self, citizen_id: int) -> Standing:
        """How a person stands now; nobody is unknown, and who was never reported is RISKLESS."""
        return self.standing_many([citizen_id]).get(citizen_id, RISKLESS)

    def count_risky(self) -> int:
        """How many people are RISKY now."""
        return self._store.count_risky(self._now())

    def standing_many(self, citizen_ids: Sequence[int], at: datetime | None = None) -> dict[int, Standing]:
        """Those of the people who are RISKY at a moment (now, if none is given), and why; others are missing."""
        return self._store.standing_many(citizen_ids, self._now() if at is None else at)

    def next_change(self, since: datetime) -> datetime | None:
        """The next moment at which time alone may change anybody's status, as far as is known now."""
        turn_us = self._store.next_turn_us(to_us(since))
        return None if turn_us is None else from_us(turn_us)

    def changes(self, since: datetime, until: datetime) -> Sequence[Change]:
        """Whose status time has changed after a moment and up to another, by moment and person."""
        found: list[Change] = []
        for at_us, turns in groupby(self._store.turns(to_us(since), to_us(until)), key=lambda turn: turn[0]):
            people, at = [n for _, n in turns], from_us(at_us)
            risky = self._store.isolated(people, at)
            changed = risky ^ self._store.isolated(people, at - MICROSECOND)
            found += [
                Change(at, n, RiskStatus.RISKY if n in risky else RiskStatus.RISKLESS) for n in people if n in changed
            ]
        return found

    def clinical_many(self, citizen_ids: Sequence[int], at: datetime | None = None) -> dict[int, Clinical]:
        """What a plus answer says of each of them, at a moment (now, if none is given)."""
        at = self._now() if at is None else at
        records = self._store.records_many(citizen_ids, at)
        withholding = self._store.withholding(citizen_ids)
        return {
            n: _WITHHELD if n in withholding else self._clinical(records.get(n, NOTHING_KNOWN), at) for n in citizen_ids
        }

    def history(self, citizen_id: int) -> History:
        """What is known of a person, in the order of the moments told of, and their timeline."""
        reports = self._store.reports_of([citizen_id]).get(citizen_id, ())
        return History(reports=tuple(reports), timeline=self._store.timeline_of(citizen_id))

    def incidence(self, week_start: date, provinces: Sequence[int] | None = None) -> tuple[Incidence, ...]:
        """Cases per 100,000 residents in the week from a Monday, for these plates or all that have residents.

        Refuses another day than a Monday, and a plate without residents.
        """
        if week_start.weekday() != 0:
            monday = week_start - timedelta(days=week_start.weekday())
            raise Refused(f"Weeks begin on Mondays. Give {monday.isoformat()}.", key="weekbeginsonmonday")
        populations = self._populations()
        plates = sorted(populations) if provinces is None else provinces
        empty = [plate for plate in plates if populations.get(plate, 0) < 1]
        if empty:
            raise Refused(f"Nobody lives in the provinces {empty}. Leave them out.", key="provincewithoutresidents")
        begins_at, ends_at = midnight(week_start), midnight(week_start + timedelta(days=7))
        people = self._store.cases_between(begins_at, ends_at)
        lives_in = self._province_of(people)
        cases = dict.fromkeys(plates, 0)
        for person in people:
            plate = lives_in.get(person)
            if plate in cases:
                cases[plate] += 1
        for tally in self._store.tallied(begins_at, ends_at):
            if tally.plate in cases:
                cases[tally.plate] += tally.cases
        return tuple(_incidence(plate, cases[plate], populations[plate]) for plate in plates)

    def national_statistics(self, day: date) -> NationalStatistics:
        """Tests and cases of a day in Turkey, and since the beginning."""
        begins_at, ends_at = midnight(day), midnight(day + timedelta(days=1))
        tests, cases = self._counted(begins_at, ends_at)
        total_tests, total_cases = self._counted(BEGINNING, ends_at)
        return NationalStatistics(day=day, tests=tests, cases=cases, total_tests=total_tests, total_cases=total_cases)

    def oldest_file(self) -> datetime | None:
        """The last moment that the longest untouched file tells of."""
        last_us = self._store.oldest_file_us()
        return None if last_us is None else from_us(last_us)

    def clear_files(self, before: datetime) -> int:
        """Erase the files that tell of nothing since a moment, but for doses and weak immunity; how many reports.

        Nobody is answered otherwise for it, and the statistics stay, as counts by day and province.
        """
        with self._transaction():
            people = self._store.files_before(to_us(before))
            plates = self._province_of(people)
            return self._store.clear_files({n: plates.get(n, 0) for n in people})

    def _counted(self, begins_at: datetime, ends_at: datetime) -> tuple[int, int]:
        """Tests and cases from one midnight up to another, erased files' too."""
        tallies = self._store.tallied(begins_at, ends_at)
        tests = self._store.tests_between(begins_at, ends_at) + sum(tally.tests for tally in tallies)
        return tests, len(self._store.cases_between(begins_at, ends_at)) + sum(tally.cases for tally in tallies)

    def _refuse_late(self, report: Report, kept_since: datetime) -> None:
        if not is_lasting(report) and ends_at(report) < kept_since:
            raise ReportRefused(
                f"{type(report).__name__} tells of more than {self._late.days} days ago, when files may have been "
                "erased. Report what is younger; doses and weak immunity are taken however old.",
                key="reporttoolate",
            )

    def _clinical(self, record: ClinicalRecord, at: datetime) -> Clinical:
        return Clinical(
            vaccinated=record.second_dose_at is not None,
            immune=recent(record.last_positive_at, at, self._immunity_age) is not None,
            last_negative_test_at=recent(record.last_negative_at, at, self._negative_test_age),
            shares_test_data=True,
        )


_WITHHELD = Clinical(vaccinated=None, immune=None, last_negative_test_at=None, shares_test_data=False)


def _refuse_future(report: Report, now: datetime) -> None:
    at = happened_at(report)
    if at > now and not isinstance(report, IsolationReport):
        msg = (
            f"{type(report).__name__} tells of {at.isoformat()}, but it is {now.isoformat()}. "
            "Report what has happened, or move the clock forward first."
        )
        raise ReportRefused(msg, key="reportinthefuture")


def _incidence(plate: int, cases: int, population: int) -> Incidence:
    per_100k = cases * 100_000 / population
    return Incidence(
        plate=plate, cases=cases, population=population, per_100k=per_100k, colour=ColourClass.of(per_100k)
    )
