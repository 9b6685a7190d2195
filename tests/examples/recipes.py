"""The requests of the examples: what is asked of each operation, by name.

An operation that is not here is asked with the good body of `tests/mockgov/counters/routes.py`. How it refuses is
worked out in `recording`, for every refusal that the OpenAPI has and no request here has met.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from mockgov.credentials.rules import Environment
from tests.examples.stage import KEP, OTHER_KEP, Stage
from tests.mockgov.counters.town import BASES, SUFFIXES
from tests.mockgov.road import Firm

NOTHING: Final = object()
APPLICATIONS: Final = "/kurumsal-entegrasyon/api/applications"
PROXY: Final = "/services/hescodeproxy/api/"
KIN: Final = "/services/familyservice/api/"
PLACE: Final = {
    "city": "Eskişehir",
    "district": "Odunpazarı",
    "explicit_address": "Atatürk Caddesi 1",
    "location": {"latitude": 39.77, "longitude": 30.52},
}
X: Final = b64encode(b"x").decode()


@dataclass(frozen=True, kw_only=True)
class Try:
    """A request; what it does not say is the operation's usual."""

    name: str
    summary: str = ""
    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = NOTHING
    raw: bytes | None = None
    kind: str = "application/json"
    headers: Mapping[str, str] | None = None
    """What opens the door; None: the usual."""
    world: str = ""
    before: Sequence[tuple[str, str, Any]] = ()
    """Method, address and body of what is sent first, and not shown."""


Recipes = Mapping[tuple[str, str], Sequence[Try]]


def recipes(stage: Stage) -> Recipes:
    """By method and path."""
    return {
        **_corporate(stage),
        **_application(stage),
        **_kin(stage),
        **_joining(stage),
        **_letters(stage),
        **_texts(stage),
        **_pki(stage),
        **_lab(stage),
        **_lab_of_joining(stage),
        **_watching(stage),
    }


def usual_path(stage: Stage, path: str) -> dict[str, Any]:
    """A value of each path parameter, by where it stands."""
    values = {
        "name": "spare",
        "snapshot": "kept",
        "citizen_id": stage.props("always-riskless").people[0],
        "username": "MAGIC-BOTH-ACCOUNTS-TEST",
        "code": stage.code("always-riskless"),
        "number": stage.mail if "/mail/" in path else stage.drawn.application.number,
        "n": 1,
        "request_number": 1,
        "front": "mobile",
        "letter_id": stage.letters[1],
        "evidence_id": 1,
        "message_id": "0000000001",
        "issuer": "qualified",
        "authority": "qualified",
        "serial": stage.serial,
        "address": KEP,
        "phone": stage.phone("always-riskless"),
        "institution_id": 1,
        "exchange_number": 1,
        "callback_id": 1,
        "delivery_id": 1,
    }
    return {name: value for name, value in values.items() if f"{{{name}}}" in path}


def _one(body: Any = NOTHING, **more: Any) -> tuple[Try]:
    return (Try(name="good", body=body, **more),)


def _corporate(stage: Stage) -> Recipes:
    """Beside the plain answer those of magic people."""

    def asked(name: str, scenario: str) -> dict[str, Any]:
        return {"hes_code": stage.code(scenario)} | (PLACE if name == "C1" else {})

    single = ("always-riskless", "always-risky", "code-expired-yesterday", "code-deleted")
    plus = ("vaccinated-and-shares", "vaccinated-and-does-not-share", "immune-by-infection", "negative-pcr")
    found: dict[tuple[str, str], Sequence[Try]] = {}
    for base in BASES.values():
        for name, suffix in SUFFIXES.items():
            people = single + (plus if name in ("C5", "C6") else ())
            tries = [Try(name=one, summary=one, body=asked(name, one)) for one in people]
            if name in ("C4", "C6"):
                many = [{"hes_code": stage.code(people[0])}] * 501
                tries = [
                    Try(name="magic-people", summary=", ".join(people), body=[asked(name, one) for one in people]),
                    Try(name="too-many", summary="501 codes (the list is shortened here)", body=many),
                ]
            found["POST", base + suffix] = tries
    return found


def _application(stage: Stage) -> Recipes:
    mine, risky = {"hes_code": stage.code("always-riskless")}, {"hes_code": stage.code("always-risky")}
    phone = stage.phone("always-riskless")
    deceased = Try(name="deceased", summary="deceased", body={"phone": stage.phone("deceased")})
    return {
        ("POST", "/api/send-code-to-login"): (*_one({"phone": phone}), deceased),
        ("POST", "/api/authenticate-with-code"): (
            Try(name="wrong-code", summary="A code that was not sent", body={"phone": phone, "password": "000000"}),
            Try(
                name="good",
                body={"phone": phone, "password": stage.login_code, "rememberMe": True},
            ),
        ),
        ("POST", "/api/register"): _one(
            {
                "identityNumber": stage.person("always-risky").identity.digits,
                "birthDate": stage.person("always-risky").birth_date.isoformat(),
                "clarificationTextVersion": stage.clarification_version,
                "clarificationTextAccepted": True,
            },
            world="/w/narrow",
            headers={"authorization": f"Bearer {stage.registering}"},
        ),
        ("POST", f"{PROXY}hes-codes-tr"): (
            *_one({"description": "İş yeri", "expiration_date": "2021-12-31"}),
            Try(name="without-end", summary="An indefinite code", body={}),
        ),
        ("POST", f"{PROXY}check-hes-code"): (*_one(mine), Try(name="always-risky", summary="always-risky", body=risky)),
        ("POST", f"{PROXY}check-hes-code-plus"): (
            Try(name="good", summary="vaccinated-and-shares", body={"hes_code": stage.code("vaccinated-and-shares")}),
            Try(name="always-risky", summary="always-risky", body=risky),
        ),
        ("POST", f"{PROXY}share-hes-code"): _one(mine | {"label": "Çınar Lojistik"}),
        ("POST", f"{PROXY}hes-code-shares"): _one(mine),
        ("POST", f"{PROXY}shorten-hes-code"): _one(mine | {"expiration_date": "2021-12-31"}),
        ("POST", f"{PROXY}delete-hes-code"): _one(mine),
        ("POST", "/services/kvkkservice/api/who-asked"): _one({}),
        ("POST", "/services/kvkkservice/api/requests"): _one({"right": "recipients", "text": "Kimler sordu?"}),
    }


def _kin(stage: Stage) -> Recipes:
    def leave(number: int) -> dict[str, Any]:
        return {"memberId": number, "healthInfoAllowed": True, "locationInfoAllowed": False}

    invited = {
        "invitedUserPhone": stage.phone("longest-name"),
        "ownerHealthInfoAllowed": True,
        "ownerLocationInfoAllowed": False,
        "relationName": "Amca",
    }
    return {
        ("POST", f"{KIN}add-family-member"): _one(invited),
        ("POST", f"{KIN}accept-family-invitation"): (*_one(leave(stage.received)), _over(leave(stage.ended))),
        ("POST", f"{KIN}refuse-family-invitation"): (
            *_one({"memberId": stage.received}),
            _over({"memberId": stage.ended}),
        ),
        ("POST", f"{KIN}update-family-permissions"): (*_one(leave(stage.sent)), _over(leave(stage.ended))),
        ("POST", f"{KIN}remove-family-member"): (*_one({"memberId": stage.sent}), _over({"memberId": stage.ended})),
    }


def _over(body: Any) -> Try:
    return Try(name="over", summary="A membership that has ended", body=body)


def _form(one: Firm) -> dict[str, Any]:
    form = one.form()
    person = form.person
    return {
        "vkn": form.vkn.digits,
        "institution_name": form.institution_name,
        "kind": form.kind.value,
        "province": form.province,
        "declared_staff": form.declared_staff,
        "branches": [],
        "parent": "",
        "kep_address": str(form.kep_address.address) if form.kep_address else None,
        "person": {
            "identity_number": person.identity_number,
            "firstname": person.firstname,
            "lastname": person.lastname,
            "title": person.title,
            "email": person.email.address,
            "phone": person.phone.e164,
        },
        "purpose": form.purpose,
    }


def _joining(stage: Stage) -> Recipes:
    def of(one: Firm) -> dict[str, Any]:
        return {"path": {"number": one.application.number}, "headers": {"x-application-key": stage.key(one)}}

    drawn, tested = of(stage.drawn), of(stage.tested)
    person = stage.tested.application.form.person
    contact = {"identity_number": person.identity_number, "email": "yeni@firma.example"}
    signed = stage.ministry.signature.sign_pades(
        stage.drawn.certificate, stage.ministry.onboarding.form_pdf(stage.drawn.application_id)
    )
    letter = {"sender": "Çınar 1 A.Ş.", "reference": "E-1", "text": stage.drawn.letter_text()}
    one = f"{APPLICATIONS}/{{number}}"
    return {
        ("POST", APPLICATIONS): _one(_form(stage.newcomer)),
        ("GET", one): _one(**drawn),
        ("PUT", one): _one(_form(stage.drawn) | {"purpose": "Girişte sorgu"}, **drawn),
        ("GET", f"{one}/form.pdf"): _one(**drawn),
        ("PUT", f"{one}/signed-form"): _one(raw=signed, kind="application/pdf", **drawn),
        ("POST", f"{one}/wet-letter"): _one(letter, **of(stage.live)),
        ("POST", f"{one}/contact"): _one(contact, **tested),
        ("POST", f"{one}/resend"): _one({"part": "test"}, **tested),
    }


def _letters(stage: Stage) -> Recipes:
    sent, waiting, confirmed = ({"letter_id": number} for number in stage.letters)
    of = "/kep/api/letters/{letter_id}"
    password = stage.ministry.kep.password(stage.kep_address)
    evidence = stage.ministry.kep.evidence_of(stage.letters[0])[0].evidence_id
    never = Try(name="not-downloaded", summary="A letter whose receipt is confirmed already", path=confirmed)
    return {
        ("POST", "/kep/api/sessions"): _one({"address": KEP, "password": password}),
        ("POST", "/kep/api/letters"): _one(raw=stage.letter(KEP, OTHER_KEP, 9), kind="message/rfc822"),
        ("GET", "/kep/api/letters"): _one(query={"box": "inbox", "limit": 2}),
        ("GET", of): _one(path=sent),
        ("DELETE", of): _one(path=waiting),
        ("GET", f"{of}/message"): (
            *_one(path=waiting),
            Try(name="fate", summary="An account that never opens its mail", path=stage.shut[1], headers=stage.shut[0]),
        ),
        ("POST", f"{of}/receipt"): (
            Try(name="confirmed-before", summary=never.summary, path=confirmed, body={"accepted": True}),
            Try(name="good", path=stage.downloaded, body={"accepted": True}),
        ),
        ("GET", f"{of}/evidence"): _one(path=sent),
        ("GET", "/kep/api/evidence/{evidence_id}"): _one(path={"evidence_id": evidence}),
        ("GET", "/kep/api/directory"): _one(query={"q": "sihirli"}),
    }


def _texts(stage: Stage) -> Recipes:
    text = {"from": "KURUM", "to": stage.phone("always-riskless"), "text": "HES kodunuzu yenileyiniz."}
    off = text | {"to": stage.phone("phone-off"), "reference": "randevu-17"}
    narrow = stage.narrow_account
    fast = {"world": "/w/narrow", "headers": narrow, "body": text}
    return {
        ("POST", "/sms/api/messages"): (
            *_one(text),
            Try(name="phone-off", summary="phone-off", body=off),
            Try(name="first", summary="The only message of this second", **fast),
            Try(name="too-fast", summary="A second message within a second, where one is allowed", **fast),
        ),
        ("POST", "/sms/api/messages/bulk"): _one({"messages": [text, off]}),
        ("GET", "/sms/api/messages/{message_id}"): (
            *_one(path={"message_id": stage.message_ids[0]}),
            Try(name="phone-off", summary="phone-off", path={"message_id": stage.message_ids[1]}),
        ),
        ("DELETE", "/sms/api/messages/{message_id}"): (
            *_one(path={"message_id": stage.message_ids[1]}),
            Try(name="over", summary="A message that has arrived", path={"message_id": stage.message_ids[0]}),
        ),
        ("GET", "/sms/api/receipts"): _one(query={"limit": 2}),
        ("POST", "/sms/api/receipts/ack"): _one({"receipt_ids": [1]}),
    }


def _pki(stage: Stage) -> Recipes:
    signature = stage.ministry.signature
    made = x509.load_der_x509_certificate(signature.certificate(stage.serial).der)
    issuer = x509.load_der_x509_certificate(signature.authority_certificate("qualified"))
    question = ocsp.OCSPRequestBuilder().add_certificate(made, issuer, SHA1()).build().public_bytes(Encoding.DER)
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"\1" * 32}
    stamp = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "nonce": 7, "cert_req": True}).dump()
    return {
        ("POST", "/pki/ocsp"): _one(raw=question, kind="application/ocsp-request"),
        ("GET", "/pki/ocsp/{question}"): _one(path={"question": quote(b64encode(question).decode(), safe="")}),
        ("POST", "/pki/tsa"): _one(raw=stamp, kind="application/timestamp-query"),
    }


def _revoked(summary: str) -> Try:
    return Try(name="account-revoked", summary=summary, path={"username": "MAGIC-ACCOUNT-REVOKED-G2G-HES"})


def _lab(stage: Stage) -> Recipes:
    me = stage.props("always-riskless").people[0]
    phone, mine = stage.phone("always-riskless"), stage.code("always-riskless")
    at = stage.ministry.world.now()
    person = {
        "firstname": "Ayşe",
        "lastname": "Yılmaz",
        "sex": "FEMALE",
        "birth_date": "1980-02-29",
        "province": 26,
        "parents": [],
    }
    text = stage.request_text("always-riskless")
    third = Try(
        name="two-codes-by-sms",
        summary="two-codes-by-sms: taken, and refused by SMS",
        path={"citizen_id": stage.props("two-codes-by-sms").people[0]},
        body={"text": stage.request_text("two-codes-by-sms")},
    )
    institution = {
        "kind": "WORKPLACE",
        "name": "Yeni A.Ş. (sandbox)",
        "label": "YENI",
        "province": 26,
        "staff_count": 640,
        "staff": [me],
    }
    schools = stage.props("school").institution
    return {
        ("POST", "/_lab/worlds"): (
            *_one(
                {"name": "tuesday", "seed": 7, "people": 20, "clock": "manual", "magic": ["always-risky", "deceased"]}
            ),
            Try(
                name="unknown-scenario",
                summary="A scenario that is not there",
                body={"name": "x", "magic": ["deceasd"]},
            ),
        ),
        ("POST", "/_lab/worlds/{name}/fork"): _one({"to": "wednesday", "snapshot": "kept"}),
        ("POST", "/_lab/worlds/find"): _one({"phone": phone}),
        ("POST", "/_lab/worlds/{name}/snapshots"): _one({"snapshot": "before"}),
        ("POST", "/_lab/worlds/{name}/restore"): _one({"snapshot": "kept"}),
        ("GET", "/_lab/worlds/{name}/diff"): _one(query={"against": "@kept"}),
        ("DELETE", "/_lab/worlds/{name}"): (
            *_one(),
            Try(name="default", summary="The default world stays", path={"name": "default"}),
        ),
        ("POST", "/_lab/accounts/{username}/rotate"): (*_one(), _revoked("A revoked account gets no new password")),
        ("POST", "/_lab/accounts/{username}/revoke"): (*_one(), _revoked("An account that is revoked already")),
        ("POST", "/_lab/world/seed"): _one({"people": 20}, world="/w/empty"),
        ("POST", "/_lab/clock"): (
            *_one({"advance_s": 3600}),
            Try(name="backwards", summary="A moment that is past", body={"to": "2020-01-01T00:00:00Z"}),
        ),
        ("GET", "/_lab/people"): _one(query={"limit": 2}),
        ("GET", "/_lab/people/find"): _one(query={"name": "sevgi", "risk": "RISKY"}),
        ("POST", "/_lab/people"): _one([person]),
        ("PUT", "/_lab/people/{citizen_id}/sharing"): _one(query={"shares": "false"}),
        ("GET", "/_lab/people/{citizen_id}/card"): (
            *_one(query={"unmask": "true"}),
            *(
                Try(name=name, summary=name, path={"citizen_id": stage.props(name).people[0]})
                for name in ("always-risky", "child-in-a-family", "foreigner")
            ),
        ),
        ("POST", "/_lab/people/{citizen_id}/sms"): (*_one({"text": text}), third),
        ("POST", "/_lab/codes"): _one([{"citizen_id": me, "days": 7, "description": "Okul"}]),
        ("POST", "/_lab/codes/{code}/shorten"): _one({"expires_at": "2021-12-31T20:59:59Z"}),
        ("POST", "/_lab/codes/{code}/shares"): _one({"label": "Çınar Lojistik"}),
        ("POST", "/_lab/reports"): _one(
            [
                {"kind": "pcr", "citizen_id": me, "at": at.isoformat(), "positive": True},
                {"kind": "vaccine", "citizen_id": me, "at": "2021-06-01T09:00:00+03:00", "dose": 1},
            ]
        ),
        ("POST", "/_lab/institutions"): _one(institution),
        ("POST", "/_lab/accounts"): (
            *_one([{"institution_id": schools, "environment": "test"}]),
            Try(
                name="taken",
                summary="An account that is there already",
                body=[{"institution_id": stage.props("both-accounts").institution, "environment": "test"}],
            ),
        ),
        ("GET", "/_lab/queries"): _one(query={"asker": "CINAR-2-TEST", "limit": 2}),
        ("GET", "/_lab/sms"): _one(query={"phone": phone, "limit": 2}),
        ("PUT", "/_lab/faults"): _one([{"kind": "refuse", "share": 0.05, "status": 503, "retry_after_s": 2}]),
        ("POST", "/_lab/magic"): (
            *_one({"scenarios": ["always-risky", "account-locked"]}),
            Try(name="unknown-scenario", summary="A name that is not there", body={"scenarios": ["deceasd"]}),
        ),
        ("GET", "/_lab/codes/{code}/shares"): _one(path={"code": mine}),
    }


def _lab_of_joining(stage: Stage) -> Recipes:
    me = stage.props("always-riskless").people[0]
    signed = b64encode(stage.ministry.signature.sign_cades(stage.serial, b"x", detached=True)).decode()
    revoked = str(stage.props("certificate-revoked").serial)
    broken = b64encode(stage.ministry.signature.sign_cades(revoked, b"x", detached=True)).decode()
    tested, live = ({"number": one.application.number} for one in (stage.tested, stage.live))
    kep = {"name": "Yeni A.Ş.", "account": "yeni", "provider": "hs02"}
    account = {"label": "YENI", "senders": ["YENI"]}
    return {
        ("GET", "/_lab/applications"): _one(query={"limit": 2}),
        ("GET", "/_lab/applications/{number}"): _one(path=live),
        ("POST", "/_lab/applications/{number}/evaluate"): _one(
            {"decision": "refuse", "reasons": ["eligibility.staff"]}, path=stage.waiting
        ),
        ("POST", "/_lab/applications/{number}/declare-false"): _one(
            {"statement": "Çalışan sayısı 640 değil, 40."}, path=live
        ),
        ("POST", "/_lab/applications/{number}/resend-test-details"): _one(path=tested),
        ("POST", "/_lab/applications/{number}/resend-user-name"): _one(path=live),
        ("POST", "/_lab/applications/{number}/resend-password"): _one(path=live),
        ("POST", "/_lab/certificates"): (
            *_one({"citizen_id": me}),
            Try(name="expired", summary="One that has expired", body={"citizen_id": me, "flaw": "expired"}),
        ),
        ("GET", "/_lab/certificates"): _one(query={"citizen_id": stage.props("certificate-revoked").people[0]}),
        ("POST", "/_lab/certificates/{serial}/revoke"): _one({"reason": "superseded"}),
        ("POST", "/_lab/sign"): _one({"document_base64": X, "format": "cades", "serial": stage.serial}),
        ("POST", "/_lab/verify"): (
            *_one({"signature_base64": signed, "format": "cades", "document_base64": X}),
            Try(
                name="certificate-revoked",
                summary="certificate-revoked",
                body={"signature_base64": broken, "format": "cades", "document_base64": X},
            ),
        ),
        ("POST", "/_lab/kep/accounts"): (
            *_one(kep),
            Try(name="taken", summary="An address that is in use", body=kep | {"account": "magic-both-accounts"}),
        ),
        ("PATCH", "/_lab/kep/accounts/{address}"): _one({"fate": "mailbox-full"}),
        ("GET", "/_lab/kep/letters"): _one(query={"limit": 2}),
        ("POST", "/_lab/kep/packages"): _one(
            {
                "institution_id": stage.props("both-accounts").institution,
                "citizen_id": stage.props("both-accounts").people[0],
                "document_number": "E-1",
                "subject": "Başvuru",
                "letter_base64": b64encode(b"%PDF-1.4\n%%EOF\n").decode(),
            }
        ),
        ("GET", "/_lab/mail"): _one(query={"address": "yetkili@kurum.example", "limit": 2}),
        ("GET", "/_lab/handsets/{phone}"): _one(query={"limit": 2}),
        ("POST", "/_lab/handsets/{phone}/send"): _one({"to": "2023", "text": stage.request_text("always-riskless")}),
        ("PUT", "/_lab/handsets/{phone}/fate"): _one({"fate": "phone-off", "until": "2021-12-31T20:59:59Z"}),
        ("POST", "/_lab/sms-accounts"): (
            *_one(account | {"number": "5001"}),
            Try(name="taken", summary="A label that is taken", body=account | {"label": "KURUM"}),
        ),
    }


def _watching(stage: Stage) -> Recipes:
    """The journal after a question of an institution's, what is told from it, and callbacks; a plan's own token."""
    check = BASES[Environment.TEST] + SUFFIXES["C2"]
    asked = (("POST", check, {"hes_code": stage.code("always-risky")}),)
    plan = [{"kind": "refuse", "status": 503, "route": check}]
    planned = ("PUT", "/_lab/faults", plan)
    token = stage.token_of(planned, asked[0])
    asker = {"asker": "MAGIC-BOTH-ACCOUNTS-TEST"}
    nobody = Try(name="refused-404", summary="Nobody has asked by this name", query={"asker": "NOBODY"})
    off = {"callback_id": 2, "delivery_id": 2}
    return {
        **{
            ("GET", f"/_lab/journal{end}"): _one(before=asked)
            for end in ("", ".har", "/root", "/words", "/{exchange_number}")
        },
        ("POST", "/_lab/journal/assert"): _one({"where": {"operation": "C2"}, "exactly": 1}, before=asked),
        ("GET", "/_lab/explain"): (
            *_one(query={"exchange": 1}, before=asked),
            Try(name="refused-404", summary="Nobody of this number", query={"citizen": 4_000_000}),
        ),
        ("GET", "/_lab/conformance"): (*_one(query=asker, before=asked), nobody),
        ("POST", "/_lab/conformance/report"): (*_one(query=asker, before=asked), nobody),
        ("POST", "/_lab/faults/replay"): _one({"token": token}, before=(planned,)),
        ("POST", "/_lab/callbacks"): _one(
            {"url": "http://127.0.0.1:9/", "events": ["risk.changed", "onboarding.step"], "institution_id": 1}
        ),
        ("POST", "/_lab/callbacks/{callback_id}/ping"): (
            *_one(),
            Try(name="disabled", summary="A callback that is off", path={"callback_id": 2}),
        ),
        ("POST", "/_lab/callbacks/{callback_id}/deliveries/{delivery_id}/replay"): (
            *_one(),
            Try(name="disabled", summary="A callback that is off", path=off),
        ),
    }
