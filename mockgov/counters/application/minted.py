"""What this world has minted, for the form: an example to start from, and which typed numbers may be shown again.

A number that the world has not minted may be a real person's: it is never sent back, not even to who typed it.
"""

from mockgov.counters.application.form import Texts
from mockgov.ministry import Ministry
from mockgov.onboarding.eligibility import judge_staff
from mockgov.refusal import Refused
from mockgov.registry.rules import Citizen, Institution
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.phone import Phone

PEOPLE_LOOKED_AT = 200


def example(ministry: Ministry) -> Texts:
    """A form about an institution that may apply now and one of the world's people; no more than the world has."""
    person = next((one for one in ministry.registry.citizens(limit=PEOPLE_LOOKED_AT) if one.phone), None)
    institution = _applicant(ministry)
    values = Texts(
        title="Bilgi İşlem Müdürü",
        email="yetkili@kurum.example",
        purpose="İş yerine girişte çalışan ve ziyaretçilerin HES kodlarının kontrol edilmesi.",
    )
    if person is not None and person.phone is not None:
        values.update(
            identity_number=person.identity.digits,
            firstname=person.firstname,
            lastname=person.lastname,
            phone=person.phone.e164,
        )
    if institution is not None:
        values.update(
            vkn=institution.vkn.digits,
            institution_name=institution.name,
            kind=institution.kind.value,
            province=str(institution.province),
            declared_staff=str(institution.staff_count),
            kep_address=_kep_address(ministry, institution),
        )
    return values


def _kep_address(ministry: Ministry, institution: Institution) -> str:
    """The institution's registered address; none for one that writes on paper."""
    accounts = ministry.kep.accounts()
    found = (one.address.address for one in accounts if one.institution_id == institution.institution_id)
    return next(found, "")


def repeated(ministry: Ministry, values: Texts) -> Texts:
    """What was typed, without numbers that are nobody's in this world."""
    kept = Texts(values)
    if kept["identity_number"] and _by_identity(ministry, kept["identity_number"]) is None:
        del kept["identity_number"]
    if kept["phone"] and not _has_phone(ministry, kept["phone"]):
        del kept["phone"]
    return kept


def _applicant(ministry: Ministry) -> Institution | None:
    """The first institution that the rules let in and that has neither an account nor an application."""
    taken = {one.institution_id for one in ministry.credentials.accounts()}
    taken |= {one.institution_id for one in ministry.onboarding.applications(limit=1000)}
    known = (one for one in ministry.registry.institutions() if one.institution_id not in taken)
    return next((one for one in known if not judge_staff(one.kind, one.staff_count)), None)


def _by_identity(ministry: Ministry, text: str) -> Citizen | None:
    try:
        return ministry.registry.by_identity(text)
    except Refused:
        return None


def _has_phone(ministry: Ministry, text: str) -> bool:
    try:
        return bool(ministry.registry.by_phone(Phone.parse(text)))
    except (Refused, InvalidWord):
        return False
