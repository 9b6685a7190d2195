"""A ministry with two institutions and a few people, behind a client: what the tests of applications stand on."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from html import unescape
from typing import Any

from starlette.testclient import TestClient

from mockgov.app import create_app
from mockgov.onboarding.rules import Application
from mockgov.registry.messages import RegisterCitizen, RegisterInstitution
from mockgov.registry.rules import Citizen, Institution
from mockgov.settings import Settings
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.person import Sex
from mockgov.worlds import Worlds

PAGES = "/kurumsal-entegrasyon"
API = f"{PAGES}/api/applications"
DESK = "/console/desk"
QUICK = {"argon2_memory_kib": 8, "argon2_passes": 1}


class Office:
    """A world whose people and institutions are known; Monday 2021-10-04, 08:00 in Turkey."""

    def __init__(self, **settings: Any) -> None:
        self.worlds = Worlds(settings=Settings(**QUICK | settings))
        self.ministry = self.worlds.make("default")
        self.person, self.other = self.ministry.registry.register([_person("Işıl", "Çağ"), _person("Ali", "Öz")])
        self.institution = self.found("Çınar Lojistik A.Ş.", InstitutionKind.WORKPLACE, 640)
        self.small = self.found("Küçük Bakkal Ltd.", InstitutionKind.WORKPLACE, 12)
        self.front = create_app(self.worlds)
        self.client = TestClient(self.front, follow_redirects=False).__enter__()

    def close(self) -> None:
        self.client.__exit__(None, None, None)
        self.worlds.close()

    def found(self, name: str, kind: InstitutionKind, staff: int) -> Institution:
        label = re.sub(r"[^A-ZÇĞİÖŞÜ0-9]+", "-", name.upper()).strip("-")
        order = RegisterInstitution(kind=kind, name=name, label=label, province=26, staff_count=staff)
        return self.ministry.registry.found(order)

    def advance(self, **time: float) -> None:
        self.ministry.advance(self.ministry.world.now() + timedelta(**time))

    # As a machine applies

    def body(self, institution: Institution | None = None, person: Citizen | None = None, **changes: Any) -> Any:
        """A good form as JSON."""
        made, who = institution or self.institution, person or self.person
        assert who.phone is not None
        return {
            "vkn": made.vkn.digits,
            "institution_name": made.name,
            "kind": made.kind.value,
            "province": made.province,
            "declared_staff": made.staff_count,
            "kep_address": "cinar@hs01.kep.tr",
            "person": {
                "identity_number": who.identity.digits,
                "firstname": who.firstname,
                "lastname": who.lastname,
                "title": "Müdür",
                "email": "isil@cinar.example",
                "phone": who.phone.e164,
            },
            "purpose": "Girişte kontrol",
        } | changes

    def draw(self, institution: Institution | None = None, **changes: Any) -> "Applicant":
        """Draw up a form by JSON."""
        answer = self.client.post(API, json=self.body(institution, **changes))
        assert answer.status_code == 201, answer.text
        return Applicant(self, answer.json())

    # As a person fills in a page

    def fields(self, institution: Institution | None = None, **changes: str) -> dict[str, str]:
        """A good form as the page's fields, with its token."""
        body = self.body(institution)
        person = body.pop("person")
        return (
            {name: str(value) for name, value in (body | person).items()}
            | {"form_token": self.token(f"{PAGES}/basvuru"), "branches": "1"}
            | changes
        )

    def token(self, path: str) -> str:
        """The token of a page's forms."""
        return re.findall(r'name="form_token" value="([0-9a-f]+)"', self.client.get(path).text)[0]


class Applicant:
    """Who has drawn up a form, and holds its number and key."""

    def __init__(self, office: Office, opened: Mapping[str, str]) -> None:
        self.office = office
        self.opened = opened
        self.number = opened["number"]
        self.headers = {"X-Application-Key": opened["key"]}
        self.page = f"{PAGES}/basvuru/{self.number}"
        self.query = f"?key={opened['key']}"

    @property
    def application(self) -> Application:
        return self.office.ministry.onboarding.by_number(self.number)

    def get(self, path: str = "") -> Any:
        return self.office.client.get(f"{API}/{self.number}{path}", headers=self.headers)

    def sign(self, certificate: str = "") -> Any:
        """Press the page's button for a test certificate."""
        fields = {"form_token": self.office.token(self.page + self.query), "certificate": certificate}
        return self.office.client.post(f"{self.page}/deneme-imzasi{self.query}", data=fields)

    def write(self, text: str | None = None) -> Any:
        """Put a letter on paper into the post."""
        person = self.application.form.person
        says = (
            f"{self.number} sayılı başvuru için {person.identity_number} T.C. kimlik numaralı {person.name}, "
            "kurumumuzca yetkilendirilmiştir."
        )
        body = {"sender": "Çınar Lojistik A.Ş.", "reference": "2021/17", "text": says if text is None else text}
        return self.office.client.post(f"{API}/{self.number}/wet-letter", headers=self.headers, json=body)

    def to_desk(self) -> None:
        """Signed, and the letter on the officer's table."""
        assert self.sign().status_code == 303
        assert self.write().status_code == 202
        self.office.advance(days=7)


def shown(answer: Any) -> str:
    """What a page says, tags and entities away."""
    return " ".join(unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", answer.text, flags=re.DOTALL)).split())


def _person(firstname: str, lastname: str) -> RegisterCitizen:
    return RegisterCitizen(
        firstname=firstname, lastname=lastname, sex=Sex.FEMALE, birth_date=date(1980, 1, 1), province=26
    )
