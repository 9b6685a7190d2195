"""What a citizen and an institution are, and who may speak for whom. Pure."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from mockgov.clock import TURKEY
from mockgov.refusal import Refused
from mockgov.vocabulary.id_card import IdCardSerial
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.masking import mask_firstname, mask_lastname
from mockgov.vocabulary.passport import Passport
from mockgov.vocabulary.person import Sex
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.tckn import Tckn
from mockgov.vocabulary.vkn import Vkn
from mockgov.vocabulary.ykn import Ykn

ADULT_AGE = 18
"""Civil Code 4721, article 11; facts section 3: codes for oneself or children under 18."""

_LABEL = re.compile(r"[^\s:/\x00-\x1f\x7f-\x9f]{1,60}")
"""A label becomes part of a user name (RFC 7617: no colon, no control character) and of a path in the lab."""


class UnknownCitizen(Refused):
    """No citizen of this world is meant. The number that was asked for is never repeated."""

    key = "citizennotfound"


class UnknownInstitution(Refused):
    """No institution of this world is meant."""

    key = "institutionnotfound"


class NotRegistrable(Refused):
    """A new entry would break a rule of the register."""

    key = "notregistrable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """One synthetic person."""

    citizen_id: int
    """The registry's own number, from 1."""
    identity: Tckn | Ykn
    firstname: str
    """Upper-case Turkish, as on an ID card."""
    lastname: str
    sex: Sex
    birth_date: date
    province: int
    """Plate of the province of residence, 1 to 81."""
    phone: Phone | None
    """None for those without a line of their own."""
    id_card: IdCardSerial
    parents: tuple[int, ...] = ()
    """`citizen_id` of up to two parents."""
    blue_card: bool = False
    """Whether the card is a blue one (*mavi kart*), of somebody who gave up citizenship."""
    passport: Passport | None = None
    """A foreigner's."""

    @property
    def masked_firstname(self) -> str:
        """As an answer shows it."""
        return mask_firstname(self.firstname)

    @property
    def masked_lastname(self) -> str:
        """As an answer shows it, with its trailing blank."""
        return mask_lastname(self.lastname)


class MaskedName(NamedTuple):
    """What an institution may see of a person. A plain tuple: tens of thousands a second pass."""

    identity_number: str
    firstname: str
    lastname: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """A body that may ask about codes."""

    institution_id: int
    vkn: Vkn
    kind: InstitutionKind
    name: str
    label: str
    """The short upper-case label that user names are built on; may contain Turkish letters and `-`."""
    province: int
    staff_count: int
    staff: tuple[int, ...] = field(default=())
    """`citizen_id` of the staff known by name; may be fewer than `staff_count`."""
    headquarters: int | None = None
    """`institution_id` whose branch it is, with the same tax number; None for a head office."""


def checked_label(text: str) -> str:
    """The label as it is kept. Raises `NotRegistrable` where no user name could be built on it."""
    if not _LABEL.fullmatch(text):
        raise NotRegistrable("A label has 1 to 60 characters, and no blank, colon, slash or control character.")
    return text


def age_on(birth_date: date, day: date) -> int:
    """Completed years of life on `day`."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def is_minor(citizen: Citizen, at: datetime) -> bool:
    """Whether the citizen is under 18 on the Turkish calendar day of `at`."""
    return age_on(citizen.birth_date, at.astimezone(TURKEY).date()) < ADULT_AGE


def may_act_for(adult: Citizen, child: Citizen, at: datetime) -> bool:
    """Whether `adult` may make and see codes for `child`: a parent, while the child is under 18."""
    return adult.citizen_id in child.parents and is_minor(child, at)


def speaks_for(citizen_id: int, institution: Institution) -> bool:
    """Whether a citizen is an institution's manager: the first of its staff that are known by name (chosen here)."""
    return institution.staff[:1] == (citizen_id,)
