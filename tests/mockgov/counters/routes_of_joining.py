"""The routes on which an institution joins, each with a good body; see `routes`."""

from typing import Any

from tests.mockgov.counters.route import Route

API = "/kurumsal-entegrasyon/api/applications"
VKN = "1807348069"
FORM: dict[str, Any] = {
    "vkn": VKN,
    "institution_name": "Yeni A.Ş.",
    "kind": "WORKPLACE",
    "province": 26,
    "declared_staff": 640,
    "branches": [{"name": "Şube", "vkn": VKN, "staff": 3}],
    "parent": "",
    "kep_address": "yeni@hs02.kep.tr",
    "person": {
        "identity_number": "10000000146",
        "firstname": "Ayşe",
        "lastname": "Öz",
        "title": "Müdür",
        "email": "ayse@yeni.example",
        "phone": "+905990000000",
    },
    "purpose": "x",
}
TEXT = {"from": "YENI", "to": "+905990000000", "text": "x", "validity_s": 60, "delay_s": 1, "reference": "x"}

APPLICATIONS = [
    Route("POST", API, FORM, ("kep_address",)),
    Route("GET", f"{API}/{{number}}"),
    Route("PUT", f"{API}/{{number}}", FORM, ("kep_address",)),
    Route("GET", f"{API}/{{number}}/form.pdf"),
    Route("PUT", f"{API}/{{number}}/signed-form", raw="application/pdf"),
    Route("POST", f"{API}/{{number}}/wet-letter", {"sender": "x", "reference": "x", "text": "x"}),
    Route(
        "POST",
        f"{API}/{{number}}/contact",
        {"identity_number": "10000000146", "email": "ayse@yeni.example", "phone": "+905990000000"},
        ("email", "phone"),
    ),
    Route("POST", f"{API}/{{number}}/resend", {"part": "test"}),
]
REGISTERED_MAIL = [
    Route("POST", "/kep/api/sessions", {"address": "x@hs02.kep.tr", "password": "x"}),
    Route("POST", "/kep/api/letters", raw="message/rfc822"),
    Route("GET", "/kep/api/letters"),
    Route("GET", "/kep/api/letters/{letter_id}"),
    Route("DELETE", "/kep/api/letters/{letter_id}"),
    Route("GET", "/kep/api/letters/{letter_id}/message"),
    Route("POST", "/kep/api/letters/{letter_id}/receipt", {"accepted": True}),
    Route("GET", "/kep/api/letters/{letter_id}/evidence"),
    Route("GET", "/kep/api/evidence/{evidence_id}"),
    Route("GET", "/kep/api/quota"),
    Route("GET", "/kep/api/directory"),
]
TEXTS = [
    Route("POST", "/sms/api/messages", TEXT, ("validity_s", "delay_s")),
    Route("POST", "/sms/api/messages/bulk", {"messages": [TEXT]}),
    Route("GET", "/sms/api/messages/{message_id}"),
    Route("DELETE", "/sms/api/messages/{message_id}"),
    Route("GET", "/sms/api/receipts"),
    Route("GET", "/sms/api/incoming"),
    Route("POST", "/sms/api/receipts/ack", {"receipt_ids": [1]}),
]
CERTIFICATES = [
    Route("GET", "/pki/{authority}.crt"),
    Route("GET", "/pki/chain.pem"),
    Route("GET", "/pki/{issuer}.crl"),
    Route("POST", "/pki/ocsp", raw="application/ocsp-request"),
    Route("GET", "/pki/ocsp/{question}"),
    Route("POST", "/pki/tsa", raw="application/timestamp-query"),
]
LAB_OF_JOINING = [
    Route("GET", "/_lab/doors"),
    Route("GET", "/_lab/applications"),
    Route("POST", "/_lab/applications/audit"),
    Route("GET", "/_lab/applications/{number}"),
    Route(
        "POST",
        "/_lab/applications/{number}/evaluate",
        {"decision": "return", "reasons": ["letter.form"], "officer": "x"},
    ),
    Route("POST", "/_lab/applications/{number}/declare-false", {"statement": "x", "officer": "x"}),
    Route("POST", "/_lab/applications/{number}/resend-test-details"),
    Route("POST", "/_lab/applications/{number}/resend-user-name"),
    Route("POST", "/_lab/applications/{number}/resend-password"),
    Route("POST", "/_lab/certificates", {"citizen_id": 1, "flaw": "expired"}, ("flaw",)),
    Route("GET", "/_lab/certificates"),
    Route("POST", "/_lab/certificates/{serial}/revoke", {"reason": "superseded"}),
    Route(
        "POST",
        "/_lab/sign",
        {"document_base64": "eA==", "format": "cades", "citizen_id": 1, "serial": "1f", "broken": "tampered"},
        ("citizen_id", "serial", "broken"),
    ),
    Route("GET", "/_lab/sign/broken"),
    Route(
        "POST",
        "/_lab/verify",
        {"signature_base64": "eA==", "format": "cades", "document_base64": "eA=="},
        ("document_base64",),
    ),
    Route("GET", "/_lab/kep/accounts"),
    Route(
        "POST",
        "/_lab/kep/accounts",
        {
            "institution_id": 1,
            "name": "x",
            "account": "x",
            "provider": "hs02",
            "quota_kib": 1,
            "credit": 1,
            "fate": "downloads",
            "wants_packages": True,
        },
        ("institution_id", "quota_kib", "fate"),
    ),
    Route(
        "PATCH",
        "/_lab/kep/accounts/{address}",
        {"quota_kib": 1, "credit": 1, "fate": "", "wants_packages": True},
        ("quota_kib", "credit", "fate", "wants_packages"),
    ),
    Route("DELETE", "/_lab/kep/accounts/{address}"),
    Route("GET", "/_lab/kep/letters"),
    Route("GET", "/_lab/kep/letters/{letter_id}"),
    Route("GET", "/_lab/kep/letters/{letter_id}/raw"),
    Route(
        "POST",
        "/_lab/kep/packages",
        {
            "institution_id": 1,
            "citizen_id": 1,
            "document_number": "x",
            "subject": "x",
            "title": "x",
            "letter_base64": "eA==",
            "attachments": [{"name": "x.txt", "content_type": "text/plain", "data_base64": "eA=="}],
        },
    ),
    Route("GET", "/_lab/mail"),
    Route("GET", "/_lab/mail/{number}"),
    Route("GET", "/_lab/mail/{number}/raw"),
    Route("GET", "/_lab/mail/{number}/attachments/{n}"),
    Route("GET", "/_lab/handsets/{phone}"),
    Route("POST", "/_lab/handsets/{phone}/send", {"to": "2023", "text": "x"}),
    Route(
        "PUT", "/_lab/handsets/{phone}/fate", {"fate": "phone-off", "until": "2021-10-05T00:00:00Z"}, ("fate", "until")
    ),
    Route("GET", "/_lab/callbacks"),
    Route(
        "POST",
        "/_lab/callbacks",
        {
            "url": "http://127.0.0.1:9/",
            "events": ["risk.changed"],
            "institution_id": 1,
            "sms_account": "X",
            "timestamps": "real",
        },
        ("institution_id", "sms_account"),
    ),
    Route("GET", "/_lab/callbacks/{callback_id}"),
    Route("DELETE", "/_lab/callbacks/{callback_id}"),
    Route("POST", "/_lab/callbacks/{callback_id}/disable"),
    Route("POST", "/_lab/callbacks/{callback_id}/enable"),
    Route("POST", "/_lab/callbacks/{callback_id}/rotate"),
    Route("POST", "/_lab/callbacks/{callback_id}/ping"),
    Route("GET", "/_lab/callbacks/{callback_id}/deliveries"),
    Route("GET", "/_lab/callbacks/{callback_id}/deliveries/{delivery_id}"),
    Route("POST", "/_lab/callbacks/{callback_id}/deliveries/{delivery_id}/replay"),
    Route("GET", "/_lab/asyncapi.json"),
    Route("GET", "/_lab/sms/fates"),
    Route("GET", "/_lab/sms-accounts"),
    Route(
        "POST",
        "/_lab/sms-accounts",
        {"label": "X", "senders": ["X"], "number": "5001", "lines": ["905991112233"]},
        ("number",),
    ),
]
