"""Who comes to the counters: a citizen with the application, an institution with its two accounts."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2

BASES = {"live": "/services/g2g/saglik/hes/", "test": "/services/g2g/test/saglik/hes/"}
OPERATIONS = {
    "C1": "check-visitor-hes-code",
    "C2": "check-employee-hes-code",
    "C3": "check-hes-code",
    "C4": "check-hes-codes",
    "C5": "check-hes-code-plus",
    "C6": "check-hes-codes-plus",
}
BULK = frozenset({"C4", "C6"})
PLACE = {
    "city": "Eskişehir",
    "district": "Odunpazarı",
    "explicit_address": "Atatürk Caddesi 1",
    "location": {"latitude": 39.77, "longitude": 30.52},
}


def register(client: httpx2.Client, *people: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    """Enter people into the world's registry."""
    return expect(client.post("/_lab/people", json=list(people)), 201)


def expect(answer: httpx2.Response, status: int = 200) -> Any:
    """The JSON of an answer that must have this status."""
    assert answer.status_code == status, f"{answer.request.url}: {answer.status_code} {answer.text}"
    return answer.json() if answer.content else None


def move_clock(client: httpx2.Client, to: str) -> None:
    """Let the world's clock stand at a moment."""
    expect(client.post("/_lab/clock", json={"to": to}))


class Handset:
    """A citizen with the application on the phone."""

    def __init__(self, client: httpx2.Client, person: Mapping[str, Any]) -> None:
        self.client = client
        self.person = person
        self.token = ""

    @property
    def bearer(self) -> dict[str, str]:
        """The header of the signed-in citizen."""
        return {"authorization": f"Bearer {self.token}"}

    def ask_for_login_code(self) -> str:
        """M1; the code as it stands in the newest message on this phone."""
        expect(self.client.post("/api/send-code-to-login", json={"phone": f"+{self.person['phone']}"}), 201)
        newest = expect(self.client.get("/_lab/sms", params={"phone": self.person["phone"], "limit": 1}))
        return re.findall(r"\d{6}", newest[0]["text"])[0]

    def enter(self, login_code: str, *, remember_me: bool = True) -> httpx2.Response:
        """M2."""
        body = {"phone": f"+{self.person['phone']}", "password": login_code, "rememberMe": remember_me}
        return self.client.post("/api/authenticate-with-code", json=body)

    def sign_in(self, *, remember_me: bool = True) -> dict[str, Any]:
        """M1, a look at the phone, M2; what M2 answered."""
        answer = expect(self.enter(self.ask_for_login_code(), remember_me=remember_me))
        self.token = answer["id_token"]
        return dict(answer)

    def account(self) -> httpx2.Response:
        """M3."""
        return self.client.get("/api/account-with-token", headers=self.bearer)

    def codes(self) -> Sequence[dict[str, Any]]:
        """M4."""
        return expect(self.client.post("/services/hescodeproxy/api/hes-codes", headers=self.bearer))

    def make_code(self, **fields: str) -> dict[str, Any]:
        """M5."""
        answer = self.client.post("/services/hescodeproxy/api/hes-codes-tr", json=fields, headers=self.bearer)
        return expect(answer)

    def check(self, code: str) -> httpx2.Response:
        """M6."""
        body = {"hes_code": code}
        return self.client.post("/services/hescodeproxy/api/check-hes-code", json=body, headers=self.bearer)

    def askers(self) -> Sequence[dict[str, Any]]:
        """Who asked about this citizen, newest first."""
        return expect(self.client.get(f"/_lab/people/{self.person['citizen_id']}/askers"))


class Institution:
    """An institution with a live and a test account."""

    def __init__(self, client: httpx2.Client, label: str) -> None:
        self.client = client
        entry = {"kind": "WORKPLACE", "name": f"{label} A.Ş. (sandbox)", "label": label}
        entry |= {"province": 26, "staff_count": 640}
        made = expect(client.post("/_lab/institutions", json=entry), 201)
        orders = [{"institution_id": made["institution_id"], "environment": door} for door in BASES]
        accounts = expect(client.post("/_lab/accounts", json=orders), 201)
        self.pairs = {one["environment"]: (one["username"], one["password"]) for one in accounts}

    def ask(self, operation: str, *codes: str, door: str = "live", pair: tuple[str, str] | None = None) -> Any:
        """One of C1 to C6 about a code, or about many."""
        body: Any = {"hes_code": codes[0]} | (PLACE if operation == "C1" else {})
        if operation in BULK:
            body = [{"hes_code": code} for code in codes]
        return self.client.post(BASES[door] + OPERATIONS[operation], json=body, auth=pair or self.pairs[door])

    def status(self, code: str) -> str:
        """What a door keeper wants to know."""
        return str(expect(self.ask("C3", code))["current_health_status"])
