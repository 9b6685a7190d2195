"""How reports become a person's status under the regulations: one pure function, `timeline`.

The law of this file: a timeline is a function of the *set* of a person's reports. In which order they come, how
often and when changes nothing; a report that comes late changes the past too.

Days are those of the Turkish calendar. The day of a positive sample, or of the last contact, is day 0; an isolation
of n days begins with the sample or contact and ends with day n, at midnight. A negative PCR shortens it to the
midnight after the sample.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from mockgov.clock import TURKEY
from mockgov.risk_index.messages import (
    ClinicalReport,
    ContactReport,
    IsolationReport,
    PcrReport,
    Report,
    VaccineReport,
    happened_at,
)
from mockgov.risk_index.regulations import (
    IMMUNITY_DAYS,
    REGULATIONS,
    Exemption,
    Regulation,
    Term,
    in_force,
)
from mockgov.vocabulary.risk_status import RiskStatus

EPISODE_DAYS = 90
"""A positive PCR later than this after a case is a new case (the usual definition of a reinfection)."""


class RiskReason(StrEnum):
    """Why somebody is isolated; of reasons that coincide, the one that stands first here is given."""

    POSITIVE = "positive"
    CONTACT = "contact"
    ORDERED = "ordered"


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskInterval:
    """A time for which a person is RISKY: from `begins_at` up to, but without, `ends_at`."""

    begins_at: datetime
    ends_at: datetime
    reason: RiskReason
    regulation: str
    """Name of the regulation that governs it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A person's status at a moment, and the isolation that it comes from."""

    status: RiskStatus
    interval: RiskInterval | None = None


RISKLESS = Standing(status=RiskStatus.RISKLESS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalRecord:
    """What the plus answers are made of, as known of a person up to a moment."""

    second_dose_at: datetime | None
    last_positive_at: datetime | None
    last_negative_at: datetime | None


def timeline(reports: Iterable[Report], regulations: Sequence[Regulation] = REGULATIONS) -> tuple[RiskInterval, ...]:
    """When a person was, is and will be RISKY, as far as these reports of theirs tell: disjoint, sorted.

    Becoming a case ends a quarantine as a contact, and contacts while being a case count for nothing. An order
    stands under any regulation. `regulations` come in the order of their days.
    """
    known = _Known(reports, regulations)
    cases: list[RiskInterval] = []
    for positive in known.positives:
        if not (cases and _inside(positive.at, cases)):
            cases += _case(positive, known, cases)
    isolations = [*cases, *_contacts(known, cases)]
    for order in known.orders:
        name = known.regulation(_day(order.begins_at)).name
        isolations.append(_interval(order.begins_at, order.ends_at, RiskReason.ORDERED, name))
    return tuple(isolations) if len(isolations) < 2 else _disjoint(isolations)


def standing_at(intervals: Iterable[RiskInterval], at: datetime) -> Standing:
    """How a person with this timeline stands at a moment."""
    for interval in intervals:
        if interval.begins_at <= at < interval.ends_at:
            return Standing(status=RiskStatus.RISKY, interval=interval)
    return RISKLESS


def status_at(intervals: Iterable[RiskInterval], at: datetime) -> RiskStatus:
    """The one word of it that goes on the wire."""
    return standing_at(intervals, at).status


def case_moments(reports: Iterable[Report]) -> tuple[datetime, ...]:
    """The first positive sample of each episode: what the statistics count as a case."""
    firsts: list[datetime] = []
    for sampled_at in sorted(r.sampled_at for r in reports if isinstance(r, PcrReport) and r.positive):
        if not firsts or _day(sampled_at) - _day(firsts[-1]) > EPISODE_DAYS:
            firsts.append(sampled_at)
    return tuple(firsts)


def record_at(reports: Iterable[Report], at: datetime) -> ClinicalRecord:
    """The doses and tests up to a moment, in short."""
    doses: list[datetime] = []
    positives: list[datetime] = []
    negatives: list[datetime] = []
    for report in reports:
        if isinstance(report, VaccineReport) and report.dose >= 2 and report.given_at <= at:
            doses.append(report.given_at)
        elif isinstance(report, PcrReport) and report.sampled_at <= at:
            (positives if report.positive else negatives).append(report.sampled_at)
    return ClinicalRecord(
        second_dose_at=min(doses, default=None),
        last_positive_at=max(positives, default=None),
        last_negative_at=max(negatives, default=None),
    )


def is_lasting(report: Report) -> bool:
    """Whether a report counts for good: a dose, or a note on a weak immune system."""
    return isinstance(report, VaccineReport) or (isinstance(report, ClinicalReport) and report.immunosuppressed)


def ends_at(report: Report) -> datetime:
    """The last moment that a report tells of."""
    return report.ends_at if isinstance(report, IsolationReport) else happened_at(report)


def looks_back_days(
    regulations: Sequence[Regulation] = REGULATIONS, *, immunity_days: int = IMMUNITY_DAYS, test_hours: int = 72
) -> int:
    """Days after which a report that does not last changes nothing of what is said of anybody or of later reports."""
    spans = [EPISODE_DAYS, immunity_days, test_hours // 24 + 1]
    for row in regulations:
        terms = (row.positive, row.severe, row.variant, row.exempted, row.contact)
        spans += [term.days for term in terms if term is not None]
        spans += [row.exemption.disease_days] if row.exemption is not None else []
    return max(spans) + 1


def vaccinated_at(reports: Iterable[Report], at: datetime) -> bool:
    """Whether the second dose, or a later one, had been given."""
    return record_at(reports, at).second_dose_at is not None


def immune_at(reports: Iterable[Report], at: datetime, days: int = IMMUNITY_DAYS) -> bool:
    """Whether a positive sample is less than `days` old."""
    return recent(record_at(reports, at).last_positive_at, at, timedelta(days=days)) is not None


def last_negative_test(reports: Iterable[Report], at: datetime, hours: int) -> datetime | None:
    """The moment of the last negative sample, if it is less than `hours` old."""
    return recent(record_at(reports, at).last_negative_at, at, timedelta(hours=hours))


def recent(moment: datetime | None, at: datetime, age: timedelta) -> datetime | None:
    """The moment, if it is younger than `age`."""
    return moment if moment is not None and at - moment < age else None


def midnight(day: date) -> datetime:
    """The moment (UTC) with which a day begins in Turkey."""
    return datetime.combine(day, time.min, TURKEY).astimezone(UTC)


class _Moment(NamedTuple):
    """A moment, and the number of its day in Turkey, which is asked for often."""

    at: datetime
    day: int


class _Positive(NamedTuple):
    """A positive sample."""

    at: datetime
    plain: bool
    """No variant of concern."""
    day: int


class _Dose(NamedTuple):
    """A dose given."""

    at: datetime
    day: int
    number: int


class _Known:
    """One person's reports, each kind in the order of time, and the rules they meet."""

    def __init__(self, reports: Iterable[Report], regulations: Sequence[Regulation]) -> None:
        self._regulations = regulations
        self.positives: list[_Positive] = []
        self.negatives: list[_Moment] = []
        self.contacts: list[_Moment] = []
        self.doses: list[_Dose] = []
        self.notes: list[ClinicalReport] = []
        self.orders: list[IsolationReport] = []
        for report in reports:
            match report:
                case PcrReport(sampled_at=at) if report.positive:
                    self.positives.append(_Positive(at, not report.variant_of_concern, _day(at)))
                case PcrReport(sampled_at=at):
                    self.negatives.append(_Moment(at, _day(at)))
                case ContactReport(last_contact_at=at):
                    self.contacts.append(_Moment(at, _day(at)))
                case VaccineReport(given_at=at, dose=dose):
                    self.doses.append(_Dose(at, _day(at), dose))
                case ClinicalReport():
                    self.notes.append(report)
                case IsolationReport():
                    self.orders.append(report)
        self.positives.sort()
        self.negatives.sort()
        self.contacts.sort()

    def regulation(self, day: int) -> Regulation:
        """The one in force on a day."""
        return in_force(date.fromordinal(day), self._regulations)


def _case(positive: _Positive, known: _Known, earlier: list[RiskInterval]) -> Iterator[RiskInterval]:
    """The isolation that a positive sample begins, if there is one."""
    regulation, day = known.regulation(positive.day), positive.day
    if (
        regulation.severe
        and known.notes
        and _is_severe(known, positive.at, _midnight_after(day + regulation.severe.days))
    ):
        term: Term | None = regulation.severe
    elif regulation.variant and not positive.plain:
        term = regulation.variant
    elif regulation.exempted and any(_test_due(c, day, known) for c in known.contacts if not _inside(c.at, earlier)):
        term = regulation.exempted
    else:
        term = regulation.positive
    if term is not None:
        yield _interval(positive.at, _end(term, positive.at, day, known), RiskReason.POSITIVE, regulation.name)


def _is_severe(known: _Known, begins_at: datetime, until: datetime) -> bool:
    """Intensive care counts within the episode; a weak immune system stays once it is noted."""
    return any(
        note.noted_at < until and (note.immunosuppressed or (note.intensive_care and note.noted_at >= begins_at))
        for note in known.notes
    )


def _test_due(contact: _Moment, day: int, known: _Known) -> bool:
    """Whether a day is the one on which this contact, being exempted, was to be tested."""
    exemption = known.regulation(contact.day).exemption
    return exemption is not None and day - contact.day == exemption.test_day and _is_exempt(exemption, contact, known)


def _contacts(known: _Known, cases: list[RiskInterval]) -> Iterator[RiskInterval]:
    """The quarantines of a person who had contact with cases."""
    for contact in known.contacts:
        at, day = contact
        regulation = known.regulation(day)
        if regulation.contact is None or _inside(at, cases):
            continue
        begins_at, exemption = at, regulation.exemption
        if exemption is not None and _is_exempt(exemption, contact, known):
            test_day = exemption.test_day
            if test_day is None or any(negative.day - day == test_day for negative in known.negatives):
                continue
            begins_at = _midnight_after(day + test_day)
        ends_at = _end(regulation.contact, at, day, known)
        for case in cases:
            if at < case.begins_at < ends_at:
                ends_at = case.begins_at
        if begins_at < ends_at:
            yield _interval(begins_at, ends_at, RiskReason.CONTACT, regulation.name)


def _is_exempt(exemption: Exemption, contact: _Moment, known: _Known) -> bool:
    at, day = contact
    lasts = exemption.dose_lasts_days
    for given_at, given_day, number in known.doses:
        days = day - given_day
        in_time = given_at <= at and exemption.dose_after_days <= days and (lasts is None or days <= lasts)
        if in_time and number >= exemption.doses:
            return True
    return any(positive.at < at and day - positive.day <= exemption.disease_days for positive in known.positives)


def _end(term: Term, begins_at: datetime, begins_on: int, known: _Known) -> datetime:
    """The midnight with which an isolation ends, by the first negative sample that counts or in full."""
    full = _midnight_after(begins_on + term.days)
    if term.test_from_day is None:
        return full
    for negative in known.negatives:
        day = negative.day - begins_on
        in_time = term.test_from_day <= day < term.days
        if in_time and (not term.symptom_free_days or _recovered(term, begins_at, negative.day, full, known)):
            return _midnight_after(begins_on + max(day, term.ends_from_day))
    return full


def _recovered(term: Term, begins_at: datetime, sampled_on: int, full: datetime, known: _Known) -> bool:
    return any(
        note.symptom_free_since is not None
        and begins_at <= note.noted_at < full
        and sampled_on - _day(note.symptom_free_since) >= term.symptom_free_days
        for note in known.notes
    )


def _disjoint(isolations: list[RiskInterval]) -> tuple[RiskInterval, ...]:
    """Overlaps of one reason and regulation become one; others go by reason, then to the newer regulation."""
    newest_first = sorted(isolations, key=lambda isolation: isolation.begins_at, reverse=True)
    kept: list[RiskInterval] = []
    for reason in RiskReason:
        of_reason = [isolation for isolation in newest_first if isolation.reason is reason]
        for _, group in groupby(of_reason, key=lambda isolation: isolation.regulation):
            for united in _unite([*group]):
                kept += _without(united, kept)
    return tuple(sorted(kept, key=lambda interval: interval.begins_at))


def _unite(newest_first: list[RiskInterval]) -> list[RiskInterval]:
    united: list[RiskInterval] = []
    for each in reversed(newest_first):
        if united and each.begins_at < united[-1].ends_at:
            if each.ends_at > united[-1].ends_at:
                united[-1] = _cut(united[-1], united[-1].begins_at, each.ends_at)
        else:
            united.append(each)
    return united


def _without(interval: RiskInterval, taken: list[RiskInterval]) -> list[RiskInterval]:
    """What is left of an interval between those that go before it."""
    if not taken:
        return [interval]
    spans = [(interval.begins_at, interval.ends_at)]
    for other in taken:
        cut = [(begin, min(end, other.begins_at)) for begin, end in spans]
        cut += [(max(begin, other.ends_at), end) for begin, end in spans]
        spans = [(begin, end) for begin, end in cut if begin < end]
    return [_cut(interval, begin, end) for begin, end in spans]


def _inside(moment: datetime, intervals: list[RiskInterval]) -> bool:
    for interval in intervals:  # noqa: SIM110 - asked of every contact: half the time of any()
        if interval.begins_at <= moment < interval.ends_at:
            return True
    return False


def _interval(begins_at: datetime, ends_at: datetime, reason: RiskReason, regulation: str) -> RiskInterval:
    return RiskInterval(begins_at=begins_at, ends_at=ends_at, reason=reason, regulation=regulation)


def _cut(interval: RiskInterval, begins_at: datetime, ends_at: datetime) -> RiskInterval:
    return _interval(begins_at, ends_at, interval.reason, interval.regulation)


def _day(moment: datetime) -> int:
    """The number of a moment's day in Turkey."""
    return moment.astimezone(TURKEY).toordinal()


@lru_cache(maxsize=1024)
def _midnight_after(day: int) -> datetime:
    """The midnight with which a day ends, by its number."""
    return midnight(date.fromordinal(day + 1))
