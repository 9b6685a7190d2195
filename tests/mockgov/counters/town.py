"""A tiny town at the counters: four people whose every datum is known, two institutions, and ways to knock."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from mockgov.app import create_app
from mockgov.codes.messages import IssueCode
from mockgov.codes.rules import INDEFINITE, Code
from mockgov.credentials.messages import ProvisionAccount
from mockgov.credentials.rules import Environment
from mockgov.registry.messages import RegisterCitizen, RegisterInstitution
from mockgov.registry.rules import Citizen
from mockgov.risk_index.messages import PcrReport, VaccineReport
from mockgov.settings import Settings
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.person import Sex
from mockgov.worlds import Worlds

QUICK = Settings(argon2_memory_kib=8, argon2_passes=1)
MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
DAY = timedelta(days=1)
LIVE, TEST = Environment.LIVE, Environment.TEST
BASES = {LIVE: "/services/g2g/saglik/hes/", TEST: "/services/g2g/test/saglik/hes/"}
SUFFIXES = {
    "C1": "check-visitor-hes-code",
    "C2": "check-employee-hes-code",
    "C3": "check-hes-code",
    "C4": "check-hes-codes",
    "C5": "check-hes-code-plus",
    "C6": "check-hes-codes-plus",
}
PLACE = {"city": "Eskişehir", "district": "Odunpazarı", "explicit_address": "Meydan 1"}
LABEL = "ÇINAR-LOJİSTİK"


def basic(username: str, password: str, charset: str = "utf-8") -> str:
    """An Authorization header."""
    return "Basic " + b64encode(f"{username}:{password}".encode(charset)).decode()


class Town:
    """A world with known people behind a test client."""

    def __init__(self, settings: Settings = QUICK, data: Path | None = None) -> None:
        self.worlds = Worlds(settings=settings, data=data)
        self.ministry = self.worlds.make("default")
        self.mother, self.father, self.child, self.stranger = self._people()
        self._reports()
        self.passwords: dict[str, str] = {}
        for label in (LABEL, "KURUM"):
            self._institution(label)
        self.front = create_app(self.worlds)
        self._client: TestClient | None = None

    @cached_property
    def joined(self) -> Any:
        """An institution that is joining, made when a route first asks for it."""
        from tests.mockgov.counters.joined import Joined  # noqa: PLC0415  it is about towns

        return Joined(self)

    @property
    def client(self) -> TestClient:
        """A client of the front in this process; its server lives from the first use on."""
        if self._client is None:
            self._client = TestClient(self.front).__enter__()
        return self._client

    def issue(self, holder: Citizen | None = None, *, days: int | None = 7) -> Code:
        """A new code, of the mother if nobody is named, for 7 days if nothing is said."""
        now = self.ministry.world.now()
        ends = INDEFINITE if days is None else now + days * DAY
        return self.ministry.codes.issue(IssueCode(citizen_id=(holder or self.mother).citizen_id, expires_at=ends))

    def advance(self, **time: float) -> None:
        self.ministry.advance(self.ministry.world.now() + timedelta(**time))

    def ask(
        self,
        operation: str,
        body: object,
        *,
        environment: Environment = LIVE,
        username: str | None = None,
        password: str | None = None,
        authorization: str | None = None,
        world: str = "",
    ) -> Any:
        """POST to C1 to C6 as the logistics firm, or as somebody else; bytes are sent as they are."""
        username = username or LABEL + ("-G2G-HES" if environment is LIVE else "-TEST")
        if password is None:
            password = self.passwords.get(username, "")
        headers = {"content-type": "application/json"}
        headers["authorization"] = basic(username, password) if authorization is None else authorization
        path = world + BASES[environment] + SUFFIXES[operation]
        if isinstance(body, bytes):
            return self.client.post(path, content=body, headers=headers)
        return self.client.post(path, json=body, headers=headers)

    def body_of(self, operation: str, codes: Sequence[str]) -> object:
        """What the operation takes: one code, or a list of them."""
        if operation in ("C4", "C6"):
            return [{"hes_code": code} for code in codes]
        return {"hes_code": codes[0]} | (PLACE if operation == "C1" else {})

    def sign_in(self, citizen: Citizen | None = None, *, remember_me: bool = True) -> dict[str, Any]:
        """What M2 answers to a citizen, the mother if nobody is named."""
        phone = (citizen or self.mother).phone.e164
        assert self.client.post("/api/send-code-to-login", json={"phone": phone}).status_code == 201
        password = self.login_code()
        body = {"phone": phone, "password": password, "rememberMe": remember_me}
        answer = self.client.post("/api/authenticate-with-code", json=body)
        assert answer.status_code == 200
        return dict(answer.json())

    def login_code(self) -> str:
        """The code in the newest message."""
        text = self.ministry.sms.inbox(limit=1)[0].text
        return "".join(letter for letter in text if letter.isdigit())

    def bearer(self, citizen: Citizen | None = None) -> dict[str, str]:
        """The header of a signed-in citizen."""
        return {"authorization": f"Bearer {self.sign_in(citizen)['id_token']}"}

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        raw = self.ministry.world.database.raw
        assert raw is not None
        names = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}

    def close(self) -> None:
        if self._client is not None:
            self._client.__exit__(None, None, None)
        self.worlds.close()

    def _people(self) -> Sequence[Citizen]:
        def person(firstname: str, lastname: str, sex: Sex, birth: date, **fields: Any) -> RegisterCitizen:
            return RegisterCitizen(
                firstname=firstname, lastname=lastname, sex=sex, birth_date=birth, province=26, **fields
            )

        return self.ministry.registry.register(
            [
                person("Ayşe Nur", "Yılmaz", Sex.FEMALE, date(1980, 2, 29)),
                person("Ali", "Yılmaz", Sex.MALE, date(1979, 12, 31)),
                person("Can", "Yılmaz", Sex.MALE, date(2010, 6, 1), has_phone=False, parents=(-1, -2)),
                person("Şule", "Öz", Sex.FEMALE, date(1990, 1, 1), foreign=True),
            ]
        )

    def _reports(self) -> None:
        mother, father = self.mother.citizen_id, self.father.citizen_id
        negative = datetime(2021, 10, 3, 11, 51, 30, 597_000, tzinfo=UTC)
        self.ministry.risk_index.file(
            [
                VaccineReport(citizen_id=mother, given_at=MONDAY - 90 * DAY, dose=1),
                VaccineReport(citizen_id=mother, given_at=MONDAY - 60 * DAY, dose=2),
                PcrReport(citizen_id=mother, sampled_at=negative, positive=False),
                PcrReport(citizen_id=father, sampled_at=MONDAY - 3 * DAY, positive=True),
            ]
        )
        self.ministry.risk_index.share_test_data(self.stranger.citizen_id, shares=False)

    def _institution(self, label: str) -> None:
        made = self.ministry.registry.found(
            RegisterInstitution(
                kind=InstitutionKind.WORKPLACE,
                name=f"{label} A.Ş. (sandbox)",
                label=label,
                province=26,
                staff_count=640,
            )
        )
        orders = [
            ProvisionAccount(institution_id=made.institution_id, label=label, environment=environment)
            for environment in Environment
        ]
        for issued in self.ministry.credentials.provision_many(orders):
            self.passwords[issued.account.username] = issued.password
