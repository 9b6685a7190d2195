"""The JSON counter of registered e-mail, over a real server."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mockgov.kep.messages import OpenedKepAccount
from tests.mockgov.counters.kep_house import MIB, House

ROUTES = {
    ("POST", "/kep/api/sessions"),
    ("POST", "/kep/api/letters"),
    ("GET", "/kep/api/letters"),
    ("GET", "/kep/api/letters/{letter_id}"),
    ("GET", "/kep/api/letters/{letter_id}/message"),
    ("POST", "/kep/api/letters/{letter_id}/receipt"),
    ("DELETE", "/kep/api/letters/{letter_id}"),
    ("GET", "/kep/api/letters/{letter_id}/evidence"),
    ("GET", "/kep/api/evidence/{evidence_id}"),
    ("GET", "/kep/api/quota"),
    ("GET", "/kep/api/directory"),
}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


class Person(NamedTuple):
    """Somebody with an account and a session."""

    house: House
    opened: OpenedKepAccount
    headers: dict[str, str]

    @property
    def address(self) -> str:
        return self.opened.address.address

    def ask(self, method: str, path: str, **sent: Any) -> httpx2.Response:
        return self.house.http.request(method, f"/kep/api{path}", headers=self.headers, **sent)

    def get(self, path: str, **params: Any) -> Any:
        got = self.ask("GET", path, params=params)
        assert got.status_code == 200
        return got.json()

    def send(self, *recipients: "Person", **letter: Any) -> dict[str, Any]:
        """Deposit a letter."""
        raw = self.house.letter(self.opened, *(one.opened for one in recipients), **letter)
        got = self.ask("POST", "/letters", content=raw)
        assert got.status_code == 201
        return dict(got.json())


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """One server; each test opens accounts of its own."""
    with House() as served:
        yield served


def person(house: House, name: str = "Çınar Lojistik A.Ş. (sandbox)", **order: Any) -> Person:
    opened = house.account(name, **order)
    body = {"address": opened.address.address, "password": opened.password}
    got = house.http.post("/kep/api/sessions", json=body)
    assert got.status_code == 201
    return Person(house, opened, {"authorization": f"Bearer {got.json()['token']}"})


@pytest.fixture
def ayse(house: House) -> Person:
    return person(house, "Ayşe Yılmaz")


@pytest.fixture
def firma(house: House) -> Person:
    return person(house)


class TestSessions:
    def test_session(self, house: House) -> None:
        """Address and password give a token for half an hour; case of the address does not matter."""
        opened = house.account()
        body = {"address": f" {opened.address.address.upper()}", "password": opened.password}
        got = house.http.post("/kep/api/sessions", json=body)
        assert got.status_code == 201
        assert got.json()["address"] == opened.address.address
        until = house.ministry.world.now().timestamp() + 1_800
        assert got.json()["expires_at"].endswith("Z")
        assert house.http.get("/kep/api/quota").status_code == 401
        headers = {"authorization": f"Bearer {got.json()['token']}"}
        assert house.http.get("/kep/api/quota", headers=headers).status_code == 200
        house.advance(seconds=until - house.ministry.world.now().timestamp())
        late = house.http.get("/kep/api/quota", headers=headers)
        assert (late.status_code, late.json()["errorKey"]) == (401, "unauthorized")
        assert late.headers["www-authenticate"] == "Bearer"

    @pytest.mark.parametrize("change", [{"password": "yanlış"}, {"address": "yok@hs01.kep.tr"}, {"address": "kim"}])
    def test_refused(self, house: House, change: dict[str, str]) -> None:
        """What opens nothing is 401, whatever is wrong with it."""
        opened = house.account()
        body = {"address": opened.address.address, "password": opened.password} | change
        got = house.http.post("/kep/api/sessions", json=body)
        assert (got.status_code, got.json()["errorKey"]) == (401, "kepbadcredentials")

    @pytest.mark.parametrize("body", [b"", b"[]", b'{"address": 1, "password": null}', b'{"address":"\\u0000"}'])
    def test_unreadable(self, house: House, body: bytes) -> None:
        got = house.http.post("/kep/api/sessions", content=body, headers={"content-type": "application/json"})
        assert (got.status_code, got.json()["errorKey"]) == (400, "constraintviolation")

    @pytest.mark.parametrize(
        "value", ["Bearer", "Bearer x", "Basic eDp5", "Bearer a.b.c", "Bearer ş.ş".encode().decode("latin-1")]
    )
    def test_no_session(self, house: House, value: str) -> None:
        got = house.http.get("/kep/api/quota", headers=[(b"authorization", value.encode("latin-1"))])
        assert (got.status_code, got.json()["errorKey"]) == (401, "unauthorized")

    def test_another_world(self, house: House, ayse: Person) -> None:
        """A session does not open what is not there: the other world has no such account."""
        got = house.http.get("/w/other/kep/api/quota", headers=ayse.headers)
        assert got.status_code == 401

    def test_closed_account(self, house: House, ayse: Person) -> None:
        """A session ends with its account."""
        house.ministry.kep.close_account(ayse.opened.address)
        assert ayse.ask("GET", "/quota").status_code == 401


class TestLetters:
    def test_road(self, ayse: Person, firma: Person) -> None:
        """Deposit, inbox, download, receipt, evidence, deletion."""
        raw = ayse.house.letter(ayse.opened, firma.opened, subject="İzin talebi")
        sent = ayse.ask("POST", "/letters", content=raw).json()
        number = sent["letter_id"]
        assert (sent["accepted"], sent["subject"], sent["sender"]) == (True, "İzin talebi", ayse.address)
        assert [(one["recipient"], one["state"]) for one in sent["deliveries"]] == [(firma.address, "delivered")]
        (found,) = firma.get("/letters")
        assert (found["letter_id"], found["size"]) == (number, len(raw))
        assert firma.get("/letters", box="sent") == []
        got = firma.ask("GET", f"/letters/{number}/message")
        assert (got.content, got.headers["content-type"]) == (raw, "message/rfc822")
        taken = firma.ask("POST", f"/letters/{number}/receipt", json={"accepted": True})
        assert (taken.status_code, taken.json()["deliveries"][0]["state"]) == (200, "accepted")
        assert ayse.get(f"/letters/{number}")["deliveries"][0]["state"] == "accepted"
        evidence = ayse.get(f"/letters/{number}/evidence")
        assert [one["delil_tur_id"] for one in evidence] == [10, 40, 50, 70]
        assert evidence[0]["evidence_id"] == sent["evidence_ids"][0]
        for one in (ayse, firma):
            assert one.ask("DELETE", f"/letters/{number}").status_code == 204
            assert one.ask("GET", f"/letters/{number}").status_code == 404
            assert one.ask("DELETE", f"/letters/{number}").status_code == 404
        assert len(ayse.get(f"/letters/{number}/evidence")) == 4

    def test_evidence(self, ayse: Person, firma: Person) -> None:
        """Evidence is the bytes that the provider signed; nobody else's is shown."""
        (number,) = ayse.send(firma)["evidence_ids"]
        got = ayse.ask("GET", f"/evidence/{number}")
        assert got.headers["content-type"] == "application/xml"
        assert got.content == ayse.house.ministry.kep.evidence(number)
        third = person(ayse.house)
        refused = third.ask("GET", f"/evidence/{number}")
        assert (refused.status_code, refused.json()["errorKey"]) == (404, "kepevidencenotfound")

    def test_rejected_by_the_recipient(self, ayse: Person, firma: Person) -> None:
        number = ayse.send(firma)["letter_id"]
        assert firma.ask("POST", f"/letters/{number}/receipt", json={"accepted": False}).status_code == 409
        firma.ask("GET", f"/letters/{number}/message")
        got = firma.ask("POST", f"/letters/{number}/receipt", json={"accepted": False}).json()
        assert got["deliveries"][0]["state"] == "rejected"

    def test_reading_ones_own(self, ayse: Person, firma: Person) -> None:
        """A sender's reading leaves no mark."""
        number = ayse.send(firma)["letter_id"]
        assert ayse.ask("GET", f"/letters/{number}/message").status_code == 200
        assert [one["delil_tur_id"] for one in ayse.get(f"/letters/{number}/evidence")] == [10, 40]

    @pytest.mark.parametrize("signed", [True, False])
    def test_refused_by_the_provider(self, ayse: Person, signed: bool) -> None:
        """A refused letter is there, with its reason in two languages and its evidence."""
        got = ayse.send(signed=signed) if signed else ayse.send(ayse, signed=False)
        assert got["accepted"] is False
        assert got["reason"] == ("no-recipient" if signed else "unsigned")
        assert got["reason_tr"]
        assert got["reason_en"]
        assert [one["delil_tur_id"] for one in ayse.get(f"/letters/{got['letter_id']}/evidence")] == [11]

    @pytest.mark.parametrize("body", [b"", b"\x00\xff", b"From: x\r\n\r\n", b"{}"])
    def test_garbage(self, ayse: Person, body: bytes) -> None:
        """Whatever is deposited gets evidence."""
        got = ayse.ask("POST", "/letters", content=body)
        assert (got.status_code, got.json()["accepted"]) == (201, False)

    def test_huge(self, ayse: Person) -> None:
        assert ayse.ask("POST", "/letters", content=b" " * (36 * MIB + 1)).status_code == 413

    def test_somebody_elses(self, ayse: Person, firma: Person, house: House) -> None:
        """Other people's letters are not there."""
        number = ayse.send(firma)["letter_id"]
        third = person(house)
        for method, path, sent in (
            ("GET", "", {}),
            ("GET", "/message", {}),
            ("GET", "/evidence", {}),
            ("DELETE", "", {}),
            ("POST", "/receipt", {"json": {"accepted": True}}),
        ):
            got = third.ask(method, f"/letters/{number}{path}", **sent)
            assert (got.status_code, got.json()["errorKey"]) == (404, "kepletternotfound")

    def test_several_recipients(self, ayse: Person, firma: Person, house: House) -> None:
        """The sender sees everybody's way, a recipient their own."""
        uzak = person(house, provider="hs02")
        sent = ayse.send(firma, uzak)
        assert [one["state"] for one in sent["deliveries"]] == ["delivered", "submitted"]
        house.advance(minutes=5)
        (found,) = uzak.get("/letters")
        assert [one["recipient"] for one in found["deliveries"]] == [uzak.address]

    def test_pages(self, ayse: Person, firma: Person) -> None:
        """Newest first, a page at a time."""
        numbers = [ayse.send(firma)["letter_id"] for _ in range(3)]
        assert [one["letter_id"] for one in ayse.get("/letters", box="sent", limit=2)] == [numbers[2], numbers[1]]
        assert [one["letter_id"] for one in ayse.get("/letters", box="sent", limit=2, offset=2)] == [numbers[0]]

    @pytest.mark.parametrize(
        "path", ["/letters/0", "/letters/x", f"/letters/{1 << 63}", "/letters?box=çöp", "/letters?limit=0"]
    )
    def test_bad_parameter(self, ayse: Person, path: str) -> None:
        assert ayse.ask("GET", path).status_code == 400


class TestAccount:
    def test_quota(self, ayse: Person, firma: Person) -> None:
        assert ayse.get("/quota") == {"limit_kib": 10_240, "used_kib": 0, "free_bytes": 10_240 * 1_024, "credit": 1_000}
        size = ayse.send(firma)["size"]
        assert ayse.get("/quota") == {
            "limit_kib": 10_240,
            "used_kib": -(-size // 1_024),
            "free_bytes": 10_240 * 1_024 - size,
            "credit": 999,
        }

    def test_directory(self, ayse: Person, house: House) -> None:
        isik = house.account("İğdır Işık Ltd. (sandbox)")
        assert ayse.get("/directory", q="iğdır IŞIK") == [
            {"address": isik.address.address, "name": "İğdır Işık Ltd. (sandbox)"}
        ]


class TestOpenapi:
    def test_routes(self, house: House) -> None:
        """Every route is described, and no other."""
        paths = house.http.get("/openapi.json").json()["paths"]
        told = {
            (method.upper(), path) for path, methods in paths.items() for method in methods if path.startswith("/kep/")
        }
        assert told == ROUTES

    def test_letter_body(self, house: House) -> None:
        """A letter is a raw message, not JSON."""
        deposit = house.http.get("/openapi.json").json()["paths"]["/kep/api/letters"]["post"]
        assert list(deposit["requestBody"]["content"]) == ["message/rfc822", "application/octet-stream"]
        assert set(deposit["responses"]) == {"201", "401", "413"}

    @pytest.mark.parametrize("mode", schemathesis.GenerationMode)
    @pytest.mark.parametrize(("method", "path"), sorted(ROUTES))
    def test_true(self, house: House, method: str, path: str, mode: schemathesis.GenerationMode) -> None:
        """What schemathesis makes of the description is answered as it says, and never with a 500."""
        asker = person(house)
        sent = asker.send(asker)
        known = {"letter_id": sent["letter_id"], "evidence_id": sent["evidence_ids"][0]}
        schema = schemathesis.openapi.from_dict(house.http.get("/openapi.json").json())
        operation = schema[path][method]

        @settings(
            max_examples=8,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @given(case=operation.as_strategy(mode), real=st.booleans())
        def check(case: Any, real: bool) -> None:
            if real:
                case.path_parameters = {name: known[name] for name in case.path_parameters or {}}
            case.call_and_validate(base_url=house.url, headers=asker.headers, checks=CHECKS)

        check()
