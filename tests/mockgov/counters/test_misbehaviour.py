"""Planted faults and a broken disk, as an institution meets them."""

import json
from base64 import urlsafe_b64decode
from datetime import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from mockgov.faults import Delay, Misstate, Refuse
from mockgov.faults.kinds import ClockSkew, Cut, ExpiredCertificate
from tests.mockgov.counters.test_corporate import riskless
from tests.mockgov.counters.town import LABEL, MONDAY, Town


def test_a_planted_misstatement_shows(town: Town) -> None:
    """What an oracle must catch: the status is turned round, in the answer and nowhere else."""
    codes = [town.issue().text, town.issue(town.father).text]
    town.ministry.world.faults.replace((Misstate(share=1),))
    answer = town.ask("C4", town.body_of("C4", codes)).json()["success_map"]
    assert [answer[code]["current_health_status"] for code in codes] == ["RISKY", "RISKLESS"]
    assert [row.outcome for row in town.ministry.queries.by(f"{LABEL}-G2G-HES")] == ["RISKY", "RISKLESS"]
    town.ministry.world.faults.replace(())
    assert town.ask("C3", {"hes_code": codes[0]}).json() == riskless(town)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 511])
def test_a_planted_refusal(town: Town, status: int) -> None:
    """The status of the plan, problem JSON, Retry-After; nobody was asked about."""
    town.ministry.world.faults.replace((Refuse(share=1, status=status, retry_after_s=7),))
    answer = town.ask("C3", {"hes_code": town.issue().text})
    assert (answer.status_code, answer.headers["retry-after"]) == (status, "7")
    key = "toomanyrequests" if status == 429 else "unavailable"
    assert (answer.json()["errorKey"], answer.json()["status"]) == (key, status)
    assert ("çok fazla istek" in answer.json()["title"]) is (status == 429)
    assert town.ministry.queries.count() == 0


def test_a_planted_delay(town: Town) -> None:
    """The answer leaves so much later, and is right."""
    town.ministry.world.faults.replace((Delay(share=1, milliseconds=50),))
    code = town.issue().text
    begin = datetime.now(MONDAY.tzinfo)
    assert town.ask("C3", {"hes_code": code}).json() == riskless(town)
    assert (datetime.now(MONDAY.tzinfo) - begin).total_seconds() >= 0.05


def test_tokens_of_a_wrong_clock(town: Town) -> None:
    """What a slow clock issues ends early, and a fast one finds a good token over; the world's time is untouched."""
    faults = town.ministry.world.faults

    def ends() -> int:
        claims = town.sign_in()["id_token"].split(".")[1]
        return int(json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["exp"])

    right = ends()
    faults.replace((ClockSkew(seconds=-600, route=("/api/*",)),))
    assert ends() == right - 600
    faults.replace(())
    head = {"authorization": f"Bearer {town.sign_in(remember_me=False)['id_token']}"}
    assert town.client.get("/api/account-with-token", headers=head).status_code == 200
    faults.replace((ClockSkew(seconds=30 * 86_400),))
    refused = town.client.get("/api/account-with-token", headers=head)
    assert (refused.status_code, refused.headers["date"]) == (401, "Wed, 03 Nov 2021 05:00:00 GMT")
    assert town.ministry.world.now() == MONDAY


def test_an_ocsp_answer_of_an_expired_responder(town: Town) -> None:
    """Its certificate ended the day before the world began; without the fault it is good for years."""
    asked = _ocsp_request(town)
    ends = []
    for plan in ((ExpiredCertificate(),), ()):
        town.ministry.world.faults.replace(plan)
        answer = town.client.post("/pki/ocsp", content=asked, headers={"content-type": "application/ocsp-request"})
        (responder,) = ocsp.load_der_ocsp_response(answer.content).certificates
        ends.append(responder.not_valid_after_utc)
    assert ends[0] == MONDAY.replace(day=3)
    assert ends[1] > MONDAY.replace(year=2030)


def _ocsp_request(town: Town) -> bytes:
    """A question about the certificate of the world's authority for persons."""
    certificates = [
        x509.load_der_x509_certificate(town.client.get(f"/pki/{one}.crt").content) for one in ("qualified", "root")
    ]
    builder = ocsp.OCSPRequestBuilder().add_certificate(*certificates, hashes.SHA1())
    return builder.build().public_bytes(Encoding.DER)


def test_a_plan_that_does_not_strike_changes_no_byte(town: Town) -> None:
    """Whoever is not struck gets what they would have got, headers and all."""
    head = {"authorization": f"Bearer {town.sign_in()['id_token']}"}
    asked = [("GET", "/pki/chain.pem", {}), ("GET", "/api/account-with-token", head), ("GET", "/nowhere", {})]
    before = [town.client.request(method, path, headers=headers) for method, path, headers in asked]
    town.ministry.world.faults.replace((Cut(share=0), Refuse(institution=("NOBODY*",))))
    after = [town.client.request(method, path, headers=headers) for method, path, headers in asked]
    assert [(one.status_code, one.headers, one.content) for one in before] == [
        (one.status_code, one.headers, one.content) for one in after
    ]
    assert len(town.ministry.world.faults.struck) == 0


def test_a_body_over_the_limit_is_refused_as_ever(town: Town) -> None:
    """With faults about, too."""
    town.ministry.world.faults.replace((Delay(milliseconds=1),))
    answer = town.client.post("/api/send-code-to-login", content=b"x" * 3_000_000)
    assert (answer.status_code, answer.json()["errorKey"]) == (413, "payloadtoolarge")


def test_a_client_is_known_by_who_it_is(town: Town) -> None:
    """A citizen's own requests are struck by person: another token of the same person is the same asker."""
    faults = town.ministry.world.faults
    tokens = [town.sign_in()["id_token"] for _ in range(2)]
    faults.replace((Refuse(share=0),))
    for token in tokens:
        town.client.get("/api/account-with-token", headers={"authorization": f"Bearer {token}"})
    assert sorted(faults.counts.values()) == [2]
    town.client.get("/api/account-with-token", headers={"authorization": "Bearer forged"})
    town.client.get("/api/account-with-token", headers={"authorization": "Nonsense"})
    assert sorted(faults.counts.values()) == [2, 2]


def test_a_trail_that_cannot_be_kept_is_a_503_and_no_answer(town: Town) -> None:
    """Nothing is told about anybody without its audit row; when the disk is mended, all is well."""
    code = town.issue().text
    assert town.ask("C3", {"hes_code": code}).status_code == 200
    town.ministry.world.database.raw.execute("PRAGMA query_only = ON")
    answer = town.ask("C3", {"hes_code": code})
    assert (answer.status_code, answer.json()["errorKey"]) == (503, "unavailable")
    assert "YI****" not in answer.text
    town.ministry.world.database.raw.execute("PRAGMA query_only = OFF")
    assert town.ask("C3", {"hes_code": code}).json() == riskless(town)
    assert town.ministry.queries.count() == 2
