"""Reports about one person, said shortly, and a timeline shown in Turkish time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

from mockgov.risk_index.messages import (
    ClinicalReport,
    ContactReport,
    IsolationReport,
    PcrReport,
    Report,
    VaccineReport,
)
from mockgov.risk_index.rules import RiskReason, timeline


def moment(text: str) -> datetime:
    """`2021-06-05` is its noon in Turkey; with a time, that time."""
    naive = datetime.fromisoformat(text if ":" in text else f"{text} 12:00")
    return naive.replace(tzinfo=timezone(timedelta(hours=3))).astimezone(UTC)


def positive(at: str, *, variant: bool = False) -> Report:
    return PcrReport(citizen_id=1, sampled_at=moment(at), positive=True, variant_of_concern=variant)


def negative(at: str) -> Report:
    return PcrReport(citizen_id=1, sampled_at=moment(at), positive=False)


def contact(at: str) -> Report:
    return ContactReport(citizen_id=1, last_contact_at=moment(at))


def dose(number: int, at: str) -> Report:
    return VaccineReport(citizen_id=1, given_at=moment(at), dose=number)


def well(at: str, since: str) -> Report:
    return ClinicalReport(citizen_id=1, noted_at=moment(at), symptom_free_since=moment(since))


def intensive_care(at: str) -> Report:
    return ClinicalReport(citizen_id=1, noted_at=moment(at), intensive_care=True)


def weak_immunity(at: str) -> Report:
    return ClinicalReport(citizen_id=1, noted_at=moment(at), immunosuppressed=True)


def order(begins: str, ends: str) -> Report:
    return IsolationReport(citizen_id=1, begins_at=moment(begins), ends_at=moment(ends))


def shown(reports: Sequence[Report]) -> list[tuple[str, str, str, str]]:
    """The timeline in Turkish time, to be compared with what a regulation says."""

    def turkish(at: datetime) -> str:
        return at.astimezone(timezone(timedelta(hours=3))).strftime("%Y-%m-%d %H:%M")

    return [(turkish(i.begins_at), turkish(i.ends_at), i.reason.value, i.regulation) for i in timeline(reports)]


POSITIVE, CONTACT, ORDERED = (reason.value for reason in RiskReason)
