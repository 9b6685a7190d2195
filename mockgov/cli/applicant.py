"""The institution that `hes onboard` makes up: what it is, what it types into the form, who writes its letter."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from mockgov.cli.integrator import Institution, Integrator
from mockgov.onboarding.rules import AccessForm, AuthorisedPerson
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.vkn import Vkn

STAFF: Final = 640
PROVINCE: Final = 6
TITLE: Final = "Bilgi İşlem Müdürü"
KINDS: Final = {
    "school": InstitutionKind.SCHOOL,
    "provincial": InstitutionKind.PROVINCIAL_ORGANISATION,
}
"""Kinds that are sent to somebody else's access, by the mishap that tries them."""


@dataclass(slots=True)
class Applicant:
    """An institution with an authorised person, a registered address, and somebody's code to ask about."""

    integrator: Integrator
    broken: str | None = None
    wet: bool = False
    changes: Mapping[str, Any] = field(default_factory=dict)
    """What is typed otherwise than usual."""
    who: Institution = field(init=False)
    code: str = field(default="", init=False)

    def make_up(self) -> Iterator[str]:
        """Make up the institution, its person, its registered address, and somebody's code to ask about."""
        ask = self.integrator.lab
        kind = KINDS.get(self.broken or "", InstitutionKind.WORKPLACE)
        nth = len(ask("GET", "/institutions")) + 1
        label = f"ORNEK-{nth}"
        name = f"Örnek Kurum {nth} (sandbox)"
        founded = ask("POST", "/institutions", self._entry(kind, name, label))
        person = {
            "firstname": "Deniz",
            "lastname": "Işıklı",
            "sex": "FEMALE",
            "birth_date": "1984-03-12",
            "province": PROVINCE,
        }
        (made,) = ask("POST", "/people", [person])
        account = f"ornek{nth}"
        opened = ask(
            "POST",
            "/kep/accounts",
            {"institution_id": founded["institution_id"], "name": name, "account": account, "provider": "hs02"},
        )
        box = "deniz.isikli" + ("+bounce" if self.broken == "mail-bounces" else "")
        self.who = Institution(
            institution_id=founded["institution_id"],
            vkn=founded["vkn"],
            label=label,
            name=name,
            kind=kind.value,
            province=PROVINCE,
            citizen_id=made["citizen_id"],
            identity_number=made["identity_number"],
            firstname=made["firstname"],
            lastname=made["lastname"],
            phone=made["phone"],
            email=f"{box}@{account}.example",
            kep_address=opened["address"],
            kep_password=opened["password"],
        )
        if self.broken == "wrong-tckn":
            self.other_person()
        (issued,) = ask("POST", "/codes", [{"citizen_id": made["citizen_id"]}])
        self.code = issued["hes_code"]
        yield f"{name}, tax number {self.who.vkn}, {self.who.kep_address}"
        yield f"authorised person: {made['firstname']} {made['lastname']}, identity number {made['identity_number']}"
        yield f"{self.who.email}, {made['phone']}; somebody's code to ask about: {self.code}"

    def _entry(self, kind: InstitutionKind, name: str, label: str) -> dict[str, Any]:
        staff = {"false-declaration": 120, "staff-under-500": 499}.get(self.broken or "", STAFF)
        return {"kind": kind.value, "name": name, "label": label, "province": PROVINCE, "staff_count": staff}

    def typed(self) -> dict[str, Any]:
        """What is typed into the form."""
        who = self.who
        branches = [self._branch_of_another()] if self.broken == "branch-of-another" else []
        return {
            "vkn": who.vkn,
            "institution_name": who.name,
            "kind": who.kind,
            "province": who.province,
            "declared_staff": 499 if self.broken == "staff-under-500" else STAFF,
            "branches": branches,
            "parent": "Örnek Bakanlığı" if self.broken in KINDS else "",
            "kep_address": None if self.wet else who.kep_address,
            "person": {
                "identity_number": who.identity_number,
                "firstname": who.firstname,
                "lastname": who.lastname,
                "title": TITLE,
                "email": who.email,
                "phone": who.phone,
            },
            "purpose": "Çalışanların günlük, ziyaretçilerin girişte sorgulanması",
            **self.changes,
        }

    def _branch_of_another(self) -> dict[str, Any]:
        """A place of work under a tax number that is not the institution's."""
        entry = self._entry(InstitutionKind.WORKPLACE, "Başka Şube (sandbox)", f"BASKA-{self.who.institution_id}")
        founded = self.integrator.lab("POST", "/institutions", entry)
        return {"name": "Başka Şube", "vkn": founded["vkn"], "staff": 300}

    def sender(self) -> Institution:
        """Whose KEP account sends the letter."""
        if self.broken != "letter-from-another":
            return self.who
        made = self.integrator.lab(
            "POST", "/kep/accounts", {"name": "Başka Kurum", "account": f"baska{self.who.institution_id}"}
        )
        return replace(self.who, kep_address=made["address"], kep_password=made["password"])

    def form(self) -> AccessForm:
        """What the letter is about, as the form has it."""
        return AccessForm(
            vkn=Vkn(self.who.vkn),
            institution_name=self.who.name,
            kind=InstitutionKind(self.who.kind),
            province=self.who.province,
            declared_staff=STAFF,
            person=self._person(self.who.identity_number, self.who.firstname, self.who.lastname),
            purpose="-",
        )

    def other_person(self) -> AuthorisedPerson:
        """Somebody who has signed nothing."""
        person = {
            "firstname": "Ada",
            "lastname": "Yanlış",
            "sex": "MALE",
            "birth_date": "1980-01-01",
            "province": PROVINCE,
        }
        (made,) = self.integrator.lab("POST", "/people", [person])
        return self._person(made["identity_number"], made["firstname"], made["lastname"])

    def _person(self, identity_number: str, firstname: str, lastname: str) -> AuthorisedPerson:
        return AuthorisedPerson(
            identity_number=identity_number,
            firstname=firstname,
            lastname=lastname,
            title=TITLE,
            email=EmailAddress.parse(self.who.email),
            phone=Phone.parse(self.who.phone),
        )
