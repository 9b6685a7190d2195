"""The certificate authority's public counter, as software meets it."""

from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from asn1crypto import crl, ocsp, tsp
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as builder
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.testclient import TestClient

from mockgov.counters.certificates.http import router
from mockgov.counters.context import SCOPE_KEY
from mockgov.refusal import Refused
from mockgov.signature.rules import CertificateFlaw
from tests.mockgov.signature.desk import Desk


class Ministry:
    """As much of one as the counter asks for."""

    def __init__(self, desk: Desk) -> None:
        self.signature = desk.signature


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    api = FastAPI()
    api.include_router(router)

    @api.exception_handler(Refused)
    async def refused(_: Request, refusal: Refused) -> JSONResponse:
        return JSONResponse({"errorKey": refusal.key}, 404)

    async def front(scope: dict, receive: object, send: object) -> None:
        scope[SCOPE_KEY] = Ministry(desk)
        await api(scope, receive, send)

    with TestClient(front) as made:
        yield made


@pytest.mark.parametrize("which", ["root", "qualified", "kep", "tsa"])
def test_certificates(client: TestClient, desk: Desk, which: str) -> None:
    answer = client.get(f"/pki/{which}.crt")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pkix-cert")
    assert answer.content == desk.signature.authority_certificate(which)


def test_a_certificate_of_nobody(client: TestClient) -> None:
    """An authority that there is not has no certificate, as it has no list."""
    answer = client.get("/pki/leaf.crt")
    assert (answer.status_code, answer.json()) == (404, {"errorKey": "issuernotfound"})


def test_chain(client: TestClient) -> None:
    """All four in PEM, each issued by another of them."""
    answer = client.get("/pki/chain.pem")
    assert answer.headers["content-type"] == "application/x-pem-file"
    root, *others = x509.load_pem_x509_certificates(answer.content)
    assert len(others) == 3
    for one in (root, *others):
        one.verify_directly_issued_by(root)


def test_lists(client: TestClient, desk: Desk) -> None:
    """Each authority's own, of now; no other authority has one."""
    serial = desk.issue(CertificateFlaw.REVOKED).serial
    answer = client.get("/pki/qualified.crl")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pkix-crl")
    revoked = crl.CertificateList.load(answer.content)["tbs_cert_list"]["revoked_certificates"]
    assert [f"{one['user_certificate'].native:x}" for one in revoked] == [serial]
    for which in ("root", "kep"):
        empty = crl.CertificateList.load(client.get(f"/pki/{which}.crl").content)
        assert empty["tbs_cert_list"]["revoked_certificates"].native is None
    answer = client.get("/pki/strange.crl")
    assert (answer.status_code, answer.json()) == (404, {"errorKey": "issuernotfound"})


def test_ocsp_both_ways(client: TestClient, desk: Desk) -> None:
    """A POST and a GET of the same question have the same answer."""
    made = x509.load_der_x509_certificate(desk.issue().der)
    issuer = x509.load_der_x509_certificate(desk.signature.authority_certificate("qualified"))
    request = builder.OCSPRequestBuilder().add_certificate(made, issuer, SHA1()).build()
    question = request.public_bytes(Encoding.DER)
    answer = client.post("/pki/ocsp", content=question, headers={"content-type": "application/ocsp-request"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/ocsp-response")
    assert builder.load_der_ocsp_response(answer.content).certificate_status is builder.OCSPCertStatus.GOOD
    for text in (quote(b64encode(question), safe=""), b64encode(question).decode()):
        assert client.get(f"/pki/ocsp/{text}").content == answer.content


@pytest.mark.parametrize("path", ["%FF", "A", "x/y/z", "é", "===="])
def test_ocsp_nonsense(client: TestClient, path: str) -> None:
    """An answer all the same, in the protocol's own words."""
    answer = client.get(f"/pki/ocsp/{path}")
    assert answer.status_code == 200
    assert ocsp.OCSPResponse.load(answer.content)["response_status"].native == "malformed_request"


def test_time_stamps(client: TestClient, desk: Desk) -> None:
    """The nonce comes back, the moment is the world's."""
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"\1" * 32}
    question = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "nonce": 7, "cert_req": True}).dump()
    answer = client.post("/pki/tsa", content=question)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/timestamp-reply")
    token = tsp.TimeStampResp.load(answer.content)["time_stamp_token"]
    info = token["content"]["encap_content_info"]["content"].parsed
    assert (info["nonce"].native, info["gen_time"].native) == (7, desk.clock.now())
    assert client.post("/pki/tsa", content=b"nonsense").content[:1] == b"\x30"


def test_described(client: TestClient) -> None:
    """The OpenAPI knows what comes and goes."""
    paths = client.get("/openapi.json").json()["paths"]
    assert set(paths) == {
        f"/pki/{name}" for name in ("{authority}.crt", "chain.pem", "{issuer}.crl", "ocsp", "ocsp/{question}", "tsa")
    }
    assert list(paths["/pki/ocsp"]["post"]["requestBody"]["content"]) == ["application/ocsp-request"]
    for item in paths.values():
        for operation in item.values():
            (kind,) = operation["responses"]["200"]["content"]
            assert kind.startswith("application/")
            assert kind != "application/json"
