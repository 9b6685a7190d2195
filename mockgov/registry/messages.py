"""Commands that the registry takes, and the events that it tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.person import Sex


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCitizen:
    """Enter a new synthetic person; the registry mints the identity number, ID card and phone number."""

    firstname: str
    lastname: str
    sex: Sex
    birth_date: date
    province: int
    """Plate, 1 to 81."""
    has_phone: bool = True
    foreign: bool = False
    """Whether the identity number is a foreigner's (YKN)."""
    temporary: bool = False
    """Whether a foreigner's number is one for a time (97, 98)."""
    nationality: str | None = None
    """Three letters, for a foreigner's passport; drawn if not said."""
    blue_card: bool = False
    """Whether somebody who is no citizen any more holds a blue card (*mavi kart*) in the place of an identity card."""
    parents: Sequence[int] = ()
    """`citizen_id`s of parents; a negative number -k means the k-th citizen of the same call."""
    minted_as: str = ""
    """What the numbers are drawn for, if not for the registry's own number: whoever is registered as it has the same
    identity number, card, passport and phone in every world of the seed, whoever else lives there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterInstitution:
    """Enter an institution; the registry mints the tax number, or gives a branch its head office's."""

    kind: InstitutionKind
    name: str
    label: str
    province: int
    staff_count: int
    staff: Sequence[int] = ()
    headquarters: int | None = None
    """`institution_id` of the head office, for a branch."""
    minted_as: str = ""
    """What the tax number is drawn for, as for citizens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizensRegistered:
    """New people exist."""

    citizen_ids: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenDied:
    """A death has been entered."""

    citizen_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionRegistered:
    """A new institution exists."""

    institution_id: int
