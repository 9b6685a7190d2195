"""Who asked about a citizen, or about their children, in words that a holder understands."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from mockgov.clock import from_us
from mockgov.codes.rules import Code
from mockgov.counters.mobile_app.checking import ASKER
from mockgov.credentials.rules import Environment, UnknownAccount
from mockgov.ministry import Ministry
from mockgov.queries.messages import Asked
from mockgov.registry.rules import Citizen, UnknownInstitution

Words = tuple[str, str]
"""The same in Turkish and in English."""

PURPOSES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "visitor": ("Ziyaretçi sorgusu", "Visitor at the door"),
        "employee": ("Çalışan sorgusu", "Employee"),
        "single": ("Tekil sorgu", "Single query"),
        "single-plus": ("Aşı ve test bilgili sorgu", "Query with vaccine and test"),
        "bulk": ("Toplu sorgu", "Bulk query"),
        "bulk-plus": ("Aşı ve test bilgili toplu sorgu", "Bulk query with vaccine and test"),
        "person": ("Kişisel sorgu", "Asked by a person"),
        "person-plus": ("Aşı ve test bilgili kişisel sorgu", "Asked by a person, with vaccine and test"),
    }
)
"""Each purpose of the audit trail (wording chosen here)."""
OUTCOMES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "RISKLESS": ("Riskli Değil", "Not risky"),
        "RISKY": ("Riskli", "Risky"),
        "hescodehasbeenexpired": ("Süresi dolmuş", "Expired"),
    }
)
CITIZEN: Final = ("Uygulama veya e-Devlet kullanıcısı bir kişi", "Somebody with the application or on e-Devlet")
BY_HAND: Final = re.compile(r"institution:([0-9]{1,18})(/.*)?")
"""An institution's manager who asks without an account: by which institution's number the trail names it."""
UNKNOWN: Final = ("Bilinmeyen kurum", "Unknown institution")
TEST: Final = (" (deneme erişimi)", " (test access)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One question about a code of somebody's."""

    asked_at: datetime
    asker: Words
    purpose: str
    """The trail's own word."""
    purpose_words: Words
    code: str | None
    label: str
    """The holder's label of the code; empty where it has none or is deleted."""
    holder: Citizen
    """Whose code it was: one's own or a child's."""
    outcome: str
    outcome_words: Words


def asked_about(ministry: Ministry, citizen: Citizen, *, limit: int = 100) -> Sequence[Asking]:
    """Who asked about a citizen and the children for whom they act, newest first."""
    askers: dict[str, Words] = {}
    found = []
    for holder in (citizen, *ministry.registry.children_of(citizen)):
        labels = {code.text: code.description for code in ministry.codes.of(holder.citizen_id)}
        rows = ministry.queries.about(holder.citizen_id, limit=limit)
        found += [_asking(ministry, row, holder, labels.get(row.code or "", ""), askers) for row in rows]
    return sorted(found, key=lambda asking: asking.asked_at, reverse=True)[:limit]


def asked_with(ministry: Ministry, code: Code, holder: Citizen, *, limit: int = 100) -> Sequence[Asking]:
    """Who asked with one code of a holder's, newest first."""
    askers: dict[str, Words] = {}
    rows = ministry.queries.about(holder.citizen_id, limit=limit, code=code.text)
    return [_asking(ministry, row, holder, code.description, askers) for row in rows]


def _asking(ministry: Ministry, row: Asked, holder: Citizen, label: str, askers: dict[str, Words]) -> Asking:
    """A row in a holder's words; `askers` remembers whose words are known."""
    if row.asker not in askers:
        askers[row.asker] = asker_words(ministry, row.asker)
    return Asking(
        asked_at=from_us(row.asked_us),
        asker=askers[row.asker],
        purpose=row.purpose,
        purpose_words=PURPOSES.get(row.purpose, (row.purpose, row.purpose)),
        code=row.code,
        label=label,
        holder=holder,
        outcome=row.outcome,
        outcome_words=OUTCOMES.get(row.outcome, (row.outcome, row.outcome)),
    )


def asker_words(ministry: Ministry, asker: str) -> Words:
    """The institution behind a user name or a manager; of a person, not who it was."""
    if asker.startswith(ASKER):
        return CITIZEN
    if by_hand := BY_HAND.fullmatch(asker):
        return _named(ministry, int(by_hand[1]))
    try:
        account = ministry.credentials.account(asker)
    except UnknownAccount:
        return UNKNOWN
    turkish, english = _named(ministry, account.institution_id)
    if account.environment is Environment.TEST:
        return turkish + TEST[0], english + TEST[1]
    return turkish, english


def _named(ministry: Ministry, institution_id: int) -> Words:
    try:
        name = ministry.registry.institution(institution_id).name
    except UnknownInstitution:
        return UNKNOWN
    return name, name
