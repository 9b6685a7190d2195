"""How reports become a person's status under the regulations: one pure function, `timeline`.

The law of this file: a timeline is a function of the *set* of a person's reports. In which order they come, how
often and when changes nothing; a report that comes late changes the past too.

Days are those of the Turkish calendar. The day of a positive sample, or of the last contact, is day 0; an isolation
of n days begins with the sample or contact and ends with day n, at midnight. A negative PCR shortens it to the
midnight after the sample.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby

from mockgov.clock import TURKEY
from mockgov.risk_index.messages import (
    ClinicalReport,
    ContactReport,
    IsolationReport,
    PcrReport,
    Report,
    VaccineReport,
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
        if not _inside(positive.sampled_at, cases):
            cases += _case(positive, known, cases)
    isolations = [*cases, *_contacts(known, cases)]
    for order in known.orders:
        name = known.regulation(order.begins_at).name
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


class _Known:
    """One person's reports, each kind in the order of time, and the rules they meet."""

    def __init__(self, reports: Iterable[Report], regulations: Sequence[Regulation]) -> None:
        self._regulations = regulations
        self.positives: list[PcrReport] = []
        self.negatives: list[datetime] = []
        self.contacts: list[datetime] = []
        self.doses: list[VaccineReport] = []
        self.notes: list[ClinicalReport] = []
        self.orders: list[IsolationReport] = []
        for report in reports:
            match report:
                case PcrReport():
                    self.positives.append(report) if report.positive else self.negatives.append(report.sampled_at)
                case ContactReport():
                    self.contacts.append(report.last_contact_at)
                case VaccineReport():
                    self.doses.append(report)
                case ClinicalReport():
                    self.notes.append(report)
                case IsolationReport():
                    self.orders.append(report)
        self.positives.sort(key=lambda positive: (positive.sampled_at, not positive.variant_of_concern))
        self.negatives.sort()
        self.contacts.sort()

    def regulation(self, at: datetime) -> Regulation:
        """The one in force on the day of a moment."""
        return in_force(at.astimezone(TURKEY).date(), self._regulations)


def _case(positive: PcrReport, known: _Known, earlier: list[RiskInterval]) -> Iterator[RiskInterval]:
    """The isolation that a positive sample begins, if there is one."""
    regulation, at = known.regulation(positive.sampled_at), positive.sampled_at
    if regulation.severe and _is_severe(known, at, _close(at, regulation.severe.days)):
        term: Term | None = regulation.severe
    elif regulation.variant and positive.variant_of_concern:
        term = regulation.variant
    elif regulation.exempted and any(_test_due(c, at, known) for c in known.contacts if not _inside(c, earlier)):
        term = regulation.exempted
    else:
        term = regulation.positive
    if term is not None:
        yield _interval(at, _end(term, at, known), RiskReason.POSITIVE, regulation.name)


def _is_severe(known: _Known, begins_at: datetime, until: datetime) -> bool:
    """Intensive care counts within the episode; a weak immune system stays once it is noted."""
    return any(
        note.noted_at < until and (note.immunosuppressed or (note.intensive_care and note.noted_at >= begins_at))
        for note in known.notes
    )


def _test_due(contact: datetime, at: datetime, known: _Known) -> bool:
    """Whether the day of `at` is the one on which this contact, being exempted, was to be tested."""
    exemption = known.regulation(contact).exemption
    return (
        exemption is not None
        and _day(at) - _day(contact) == exemption.test_day
        and _is_exempt(exemption, contact, known)
    )


def _contacts(known: _Known, cases: list[RiskInterval]) -> Iterator[RiskInterval]:
    """The quarantines of a person who had contact with cases."""
    for contact in known.contacts:
        regulation = known.regulation(contact)
        if regulation.contact is None or _inside(contact, cases):
            continue
        begins_at, exemption = contact, regulation.exemption
        if exemption is not None and _is_exempt(exemption, contact, known):
            test_day = exemption.test_day
            if test_day is None or any(_day(at) - _day(contact) == test_day for at in known.negatives):
                continue
            begins_at = _close(contact, test_day)
        becoming_a_case = (case.begins_at for case in cases if case.begins_at > contact)
        ends_at = min([_end(regulation.contact, contact, known), *becoming_a_case])
        if begins_at < ends_at:
            yield _interval(begins_at, ends_at, RiskReason.CONTACT, regulation.name)


def _is_exempt(exemption: Exemption, contact: datetime, known: _Known) -> bool:
    day, lasts = _day(contact), exemption.dose_lasts_days
    for given in known.doses:
        days = day - _day(given.given_at)
        in_time = given.given_at <= contact and exemption.dose_after_days <= days and (lasts is None or days <= lasts)
        if in_time and given.dose >= exemption.doses:
            return True
    return any(
        positive.sampled_at < contact and day - _day(positive.sampled_at) <= exemption.disease_days
        for positive in known.positives
    )


def _end(term: Term, begins_at: datetime, known: _Known) -> datetime:
    """The midnight with which an isolation ends, by the first negative sample that counts or in full."""
    full = _close(begins_at, term.days)
    if term.test_from_day is None:
        return full
    for sampled_at in known.negatives:
        day = _day(sampled_at) - _day(begins_at)
        in_time = term.test_from_day <= day < term.days
        if in_time and (not term.symptom_free_days or _recovered(term, begins_at, sampled_at, full, known)):
            return _close(begins_at, max(day, term.ends_from_day))
    return full


def _recovered(term: Term, begins_at: datetime, sampled_at: datetime, full: datetime, known: _Known) -> bool:
    return any(
        note.symptom_free_since is not None
        and begins_at <= note.noted_at < full
        and _day(sampled_at) - _day(note.symptom_free_since) >= term.symptom_free_days
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
            united[-1] = replace(united[-1], ends_at=max(united[-1].ends_at, each.ends_at))
        else:
            united.append(each)
    return united


def _without(interval: RiskInterval, taken: list[RiskInterval]) -> list[RiskInterval]:
    """What is left of an interval between those that go before it."""
    spans = [(interval.begins_at, interval.ends_at)]
    for other in taken:
        cut = [(begin, min(end, other.begins_at)) for begin, end in spans]
        cut += [(max(begin, other.ends_at), end) for begin, end in spans]
        spans = [(begin, end) for begin, end in cut if begin < end]
    return [replace(interval, begins_at=begin, ends_at=end) for begin, end in spans]


def _inside(moment: datetime, intervals: list[RiskInterval]) -> bool:
    return any(interval.begins_at <= moment < interval.ends_at for interval in intervals)


def _interval(begins_at: datetime, ends_at: datetime, reason: RiskReason, regulation: str) -> RiskInterval:
    return RiskInterval(begins_at=begins_at, ends_at=ends_at, reason=reason, regulation=regulation)


def _day(moment: datetime) -> int:
    """The number of a moment's day in Turkey."""
    return moment.astimezone(TURKEY).toordinal()


def _close(begins_at: datetime, day: int) -> datetime:
    """The midnight with which the so-manieth day of an isolation ends."""
    return midnight(date.fromordinal(_day(begins_at) + day + 1))
