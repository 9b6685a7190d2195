"""What the kinds of institution are called, and what the rules of eligibility say to each of them."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from mockgov.onboarding.eligibility import LEAST_STAFF, judge_staff
from mockgov.onboarding.form import KINDS
from mockgov.pages.language import Language
from mockgov.vocabulary.institution import InstitutionKind

ENGLISH: Final[Mapping[InstitutionKind, str]] = {
    InstitutionKind.MINISTRY: "Ministry (central organisation)",
    InstitutionKind.PUBLIC_BODY: "Public body",
    InstitutionKind.WORKPLACE: "Workplace",
    InstitutionKind.GOVERNORSHIP: "Governorship",
    InstitutionKind.PROVINCIAL_HEALTH_DIRECTORATE: "Provincial health directorate",
    InstitutionKind.PROVINCIAL_ORGANISATION: "Ministry's provincial office or affiliate",
    InstitutionKind.SCHOOL: "School",
}
NAMES: Final[Mapping[InstitutionKind, tuple[str, str]]] = {
    kind: (turkish, ENGLISH[kind]) for kind, turkish in KINDS.items()
}
"""The kinds as the form calls them, and in English."""


class Kind(NamedTuple):
    """A kind of institution as the first page lists it."""

    name: str
    may: bool
    least: int
    """Staff from which it may apply."""
    instead: str
    """What the rules tell a kind that may not."""


def kinds(language: Language) -> Sequence[Kind]:
    """All kinds, in the order of the rules."""
    return [_kind(kind, language) for kind in InstitutionKind]


def options(language: Language) -> Sequence[tuple[str, str, str]]:
    """The choices of the form: value, name, and a hint for those whom the rules send elsewhere or ask for staff."""
    return [(kind.value, one.name, _hint(one, language)) for kind in InstitutionKind if (one := _kind(kind, language))]


def _kind(kind: InstitutionKind, language: Language) -> Kind:
    ministry = language.say("Bağlı olduğunuz bakanlığın", "your ministry")
    found = () if kind in LEAST_STAFF else judge_staff(kind, 0, parent=ministry)
    return Kind(
        name=language.say(*NAMES[kind]),
        may=not found,
        least=LEAST_STAFF.get(kind, 0),
        instead=" ".join(language.say(one.tr, one.en) for one in found),
    )


def _hint(kind: Kind, language: Language) -> str:
    if not kind.may:
        return kind.instead
    least = language.number(kind.least)
    return language.say(f"En az {least} çalışan.", f"At least {least} staff.") if kind.least else ""
