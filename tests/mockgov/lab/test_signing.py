"""The lab's routes for certificates and signatures: as a test or `hes sign` uses them."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.testclient import TestClient

from mockgov.counters.context import SCOPE_KEY
from mockgov.lab.signing import router
from mockgov.ministry import Ministry
from mockgov.refusal import Refused
from mockgov.registry.messages import RegisterCitizen
from mockgov.registry.rules import UnknownCitizen
from mockgov.vocabulary.person import Sex
from mockgov.world import make_world
from tests.mockgov.signature.desk import ENTITY, small_pdf

DOCUMENT = "İşte belge.".encode()
FORMATS = {"cades": DOCUMENT, "cades-enveloping": DOCUMENT, "pades": small_pdf(), "smime": ENTITY}


class Lab:
    """Two people and the routes."""

    def __init__(self) -> None:
        self.ministry = Ministry(make_world())
        people = [
            RegisterCitizen(firstname=name, lastname="Işık", sex=Sex.FEMALE, birth_date=date(1980, 1, 1), province=6)
            for name in ("Ayşe", "Şule")
        ]
        self.mother, self.other = self.ministry.registry.register(people)
        self.api = FastAPI()
        self.api.include_router(router)
        self.api.add_exception_handler(Refused, self.refused)
        self.client = TestClient(self.front)

    async def front(self, scope: dict, receive: object, send: object) -> None:
        scope[SCOPE_KEY] = self.ministry
        await self.api(scope, receive, send)

    async def refused(self, _: Request, refusal: Any) -> JSONResponse:
        return JSONResponse({"errorKey": refusal.key}, 400)

    def post(self, path: str, body: object, status: int = 200) -> Any:
        answer = self.client.post(f"/_lab/{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def sign(self, form: str = "cades", status: int = 200, **more: object) -> Any:
        body = {"document_base64": b64encode(FORMATS[form]).decode(), "format": form} | more
        return self.post("sign", body, status)

    def verify(self, signed: Any, form: str = "cades", document: bytes | None = DOCUMENT) -> Any:
        beside = {"document_base64": b64encode(document).decode()} if document is not None else {}
        return self.post("verify", {"signature_base64": signed["signature_base64"], "format": form} | beside)


@pytest.fixture
def lab() -> Iterator[Lab]:
    made = Lab()
    yield made
    made.ministry.close()


def test_certificates(lab: Lab) -> None:
    """Issued with key and password, listed, revoked for a reason."""
    made = lab.post("certificates", {"citizen_id": 1}, 201)
    assert (made["name"], made["flaw"], made["password"]) == ("AYŞE IŞIK", None, "sandbox")
    assert made["identity_number"] == made["subject_number"] == lab.mother.identity.digits
    assert (made["not_before"], made["not_after"]) == ("2021-10-04T05:00:00.000Z", "2022-10-04T05:00:00.000Z")
    packed = pkcs12.load_pkcs12(b64decode(made["pkcs12_base64"]), made["password"].encode())
    assert packed.cert.certificate == x509.load_pem_x509_certificate(made["pem"].encode())
    listed = lab.client.get("/_lab/certificates", params={"citizen_id": 1}).json()
    assert listed == [{key: value for key, value in made.items() if key not in {"pkcs12_base64", "password"}}]
    revoked = lab.post(f"certificates/{made['serial']}/revoke", {"reason": "superseded"})
    assert (revoked["revoked_at"], revoked["reason"]) == ("2021-10-04T05:00:00.000Z", "superseded")
    assert lab.post(f"certificates/{made['serial']}/revoke", {"reason": "unspecified"}, 400) == {
        "errorKey": "illegaltransition"
    }
    assert lab.post("certificates/00/revoke", {"reason": "unspecified"}, 400) == {"errorKey": "certificatenotfound"}
    assert lab.post("certificates", {"citizen_id": 9}, 400) == {"errorKey": UnknownCitizen.key}


@pytest.mark.parametrize("form", FORMATS)
def test_signing_and_checking(lab: Lab, form: str) -> None:
    """A good certificate is used again; the verdict names the person."""
    first, again = (lab.sign(form, citizen_id=1) for _ in range(2))
    assert first == again
    assert first["format"] == form
    said = lab.verify(first, form, DOCUMENT if form == "cades" else None)
    assert said == {
        "counts": True,
        "flaw": None,
        "detail": "The signature is good.",
        "identity_number": lab.mother.identity.digits,
        "name": "AYŞE IŞIK",
        "serial": first["serial"],
        "signed_at": "2021-10-04T05:00:00.000Z",
    }


@pytest.mark.parametrize("form", FORMATS)
def test_every_way_to_be_wrong(lab: Lab, form: str) -> None:
    """As the table says, in every format."""
    table = lab.client.get("/_lab/sign/broken").json()
    assert len(table) == 7
    for one in table:
        signed = lab.sign(form, citizen_id=1, broken=one["name"])
        said = lab.verify(signed, form, DOCUMENT if form == "cades" else None)
        assert (said["flaw"], said["counts"]) == (one["verdict"], one["verdict"] is None), one
        if one["name"] == "wrong-tckn":
            assert said["identity_number"] == lab.other.identity.digits


def test_by_serial(lab: Lab) -> None:
    made = lab.post("certificates", {"citizen_id": 2, "flaw": "expired"}, 201)
    signed = lab.sign(serial=made["serial"].upper())
    assert signed["serial"] == made["serial"]
    assert lab.verify(signed)["flaw"] == "expired"
    assert lab.verify(lab.sign(serial=made["serial"], broken="tampered"))["flaw"] == "tampered"


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({}, "badsigner"),
        ({"citizen_id": 1, "serial": "00"}, "badsigner"),
        ({"serial": "00", "broken": "expired"}, "badsigner"),
        ({"serial": "00"}, "certificatenotfound"),
        ({"citizen_id": 1, "broken": "otherwise"}, "unknownbreakage"),
        ({"citizen_id": 1, "document_base64": "ğ"}, "baddocument"),
        ({"citizen_id": 1, "document_base64": "A"}, "baddocument"),
        ({"citizen_id": 1, "format": "pades"}, "notsignable"),
        ({"citizen_id": 1, "format": "smime"}, "notsignable"),
        ({"citizen_id": 1, "document_base64": "", "broken": "tampered"}, "notsignable"),
    ],
)
def test_mistakes(lab: Lab, more: dict[str, object], key: str) -> None:
    """Each is refused by name, and leaves no certificate behind that was not asked for."""
    assert lab.sign(status=400, **more) == {"errorKey": key}
