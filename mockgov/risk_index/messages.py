"""What is reported to the risk index, and the event that it tells.

A report is a fact about one person that somebody had to find out first: it comes hours or days after the moment
that it tells of. A report that cannot be true is refused when it is made.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from mockgov.refusal import Refused

DOSES = range(1, 6)
"""Numbers that a dose may have; the fifth was offered in spring 2022."""


class ReportRefused(Refused):
    """A report that cannot be true; `key` names the rule."""

    key = "reportrefused"


@dataclass(frozen=True, slots=True, kw_only=True)
class PcrReport:
    """A laboratory's result. A variant that is found later is a second report of the same sample."""

    citizen_id: int
    sampled_at: datetime
    positive: bool
    variant_of_concern: bool = False

    def __post_init__(self) -> None:
        _require_zone(self.sampled_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReport:
    """A tracing team's record: close contact with a case, the last time at this moment."""

    citizen_id: int
    last_contact_at: datetime

    def __post_init__(self) -> None:
        _require_zone(self.last_contact_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class VaccineReport:
    """A dose given: 1, 2, or a booster from 3."""

    citizen_id: int
    given_at: datetime
    dose: int

    def __post_init__(self) -> None:
        _require_zone(self.given_at)
        if self.dose not in DOSES:
            msg = f"Dose {self.dose} is unknown. Give the number of the dose, {DOSES[0]} to {DOSES[-1]}."
            raise ReportRefused(msg, key="unknowndose")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalReport:
    """A physician's note on a patient."""

    citizen_id: int
    noted_at: datetime
    intensive_care: bool = False
    immunosuppressed: bool = False
    symptom_free_since: datetime | None = None

    def __post_init__(self) -> None:
        _require_zone(self.noted_at)
        if self.symptom_free_since is not None:
            _require_zone(self.symptom_free_since)
            if self.symptom_free_since > self.noted_at:
                msg = "A note cannot know of later days. Give a symptom_free_since that is no later than noted_at."
                raise ReportRefused(msg, key="symptomfreeafternote")


@dataclass(frozen=True, slots=True, kw_only=True)
class IsolationReport:
    """An isolation that an authority orders, such as quarantine after travel; of any length, also ahead of time."""

    citizen_id: int
    begins_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        _require_zone(self.begins_at)
        _require_zone(self.ends_at)
        if self.begins_at >= self.ends_at:
            msg = "The isolation ends before it begins. Give an ends_at after begins_at."
            raise ReportRefused(msg, key="isolationendsbeforebegin")


Report: TypeAlias = PcrReport | ContactReport | VaccineReport | ClinicalReport | IsolationReport


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsFiled:
    """Something new is known of these people: their status, now or later, may be another than before."""

    citizen_ids: tuple[int, ...]
    at: datetime
    changed: tuple[int, ...] = ()
    """Those of them whose status now is another than a moment before."""


def happened_at(report: Report) -> datetime:
    """The moment that a report tells of."""
    if isinstance(report, PcrReport):
        return report.sampled_at
    if isinstance(report, ContactReport):
        return report.last_contact_at
    if isinstance(report, VaccineReport):
        return report.given_at
    if isinstance(report, ClinicalReport):
        return report.noted_at
    return report.begins_at


def _require_zone(moment: datetime) -> None:
    if moment.tzinfo is None:
        msg = f"{moment.isoformat()} has no time zone. Give one, such as {moment.isoformat()}+00:00."
        raise ReportRefused(msg, key="momentwithoutzone")
