"""The OpenAPI tells the truth: what schemathesis makes of it is answered as it says, and never with a 500."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.mockgov.counters.route import Route
from tests.mockgov.counters.routes import ROUTES
from tests.mockgov.counters.town import Town

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 8
ANYTHING_FITS = {
    "/api/clarification-text",
    "/_lab/worlds",
    "/_lab/worlds/find",
    "/_lab/worlds/{name}",
    "/_lab/worlds/{name}/snapshots",
    "/_lab/worlds/{name}/snapshots/{snapshot}",
    "/_lab/worlds/{name}/restore",
    "/_lab/clock",
    "/_lab/world",
    "/_lab/codes/{code}",
    "/_lab/codes/{code}/shares",
    "/_lab/institutions",
    "/_lab/accounts",
    "/_lab/accounts/{username}/rotate",
    "/_lab/accounts/{username}/revoke",
    "/_lab/faults",
    "/_lab/faults/catalogue",
    "/_lab/journal",
    "/_lab/journal/words",
    "/_lab/callbacks",
    "/_lab/asyncapi.json",
    "/_lab/doors",
    "/_lab/magic",
    "/_lab/presets",
    "/_lab/fidelity",
    "/_lab/applications/audit",
    "/_lab/sign/broken",
    "/_lab/kep/accounts",
    "/_lab/kep/accounts/{address}",
    "/_lab/sms/fates",
    "/_lab/sms-accounts",
    "/pki/{authority}.crt",
    "/pki/chain.pem",
    "/pki/ocsp",
    "/pki/ocsp/{question}",
    "/pki/tsa",
}
"""Paths of which a method takes nothing but texts, so that nothing can be made that does not fit."""


@schemathesis.serializer(
    "application/pdf",
    "application/pkcs7-signature",
    "application/pkcs7-mime",
    "application/ocsp-request",
    "application/timestamp-query",
    "message/rfc822",
)
def as_bytes(_: object, value: object) -> bytes:
    """A body that is no JSON, as whatever bytes were thought of."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The OpenAPI as a client reads it."""
    town = Town()
    schema = town.client.get("/openapi.json").json()
    town.close()
    return schema


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    made.code = made.issue()
    made.token = made.sign_in()["id_token"]
    yield made
    made.close()


def known(town: Town, value: Any) -> Any:
    """The same body about people, codes and phones that exist, and no large towns."""
    if isinstance(value, list):
        return [known(town, one) for one in value]
    if not isinstance(value, dict):
        return value
    exist = {"hes_code": town.code.text, "citizen_id": 1, "institution_id": 1, "people": 3}
    exist |= {"phone": town.mother.phone.e164, "invitedUserPhone": town.father.phone.e164}
    return {key: exist.get(key, one) for key, one in value.items()}


def small(value: Any) -> Any:
    """The same body without large towns, which would only take long."""
    if isinstance(value, dict) and isinstance(value.get("people"), int) and value["people"] > 50:
        return value | {"people": 50}
    return value


@pytest.mark.parametrize(
    ("route", "mode"),
    [
        pytest.param(route, mode, id=f"{route.method} {route.path} {mode}")
        for route in ROUTES
        for mode in schemathesis.GenerationMode
        if mode is schemathesis.GenerationMode.POSITIVE or route.body is not None or route.path not in ANYTHING_FITS
    ],
)
def test_answers_are_as_described(
    town: Town, described: dict[str, Any], route: Route, mode: schemathesis.GenerationMode
) -> None:
    """Status, content type and body of every answer, to requests that fit the description and to others."""
    operation = schemathesis.openapi.from_dict(described)[route.path][route.method]
    fits = mode is schemathesis.GenerationMode.POSITIVE
    headers = route.headers(town)

    @settings(
        max_examples=EXAMPLES,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(mode))
    def each(case: schemathesis.Case) -> None:
        case.body = known(town, case.body) if fits else small(case.body)
        sent = requests.Request(**as_request(case, headers)).prepare()
        url = route.url(town) + (sent.url or "").partition("?")[2].join(["?", ""]) if fits else sent.url
        body = sent.body.encode() if isinstance(sent.body, str) else sent.body
        raw = [(name, value) for name, value in sent.headers.items() if name.lower() != "content-length"]
        answer = town.client.request(sent.method, url, headers=raw, content=body)
        case.validate_response(answer, checks=CHECKS)

    each()


def as_request(case: schemathesis.Case, headers: dict[str, str]) -> dict[str, Any]:
    """The arguments of a `requests.Request`, with the headers that let one in."""
    made = case.as_transport_kwargs(base_url="http://testserver", headers=headers)
    return {
        name: made[name] for name in ("method", "url", "headers", "params", "json", "data", "cookies") if name in made
    }


def test_every_refusal_is_a_problem(described: dict[str, Any]) -> None:
    """The 422 that FastAPI would promise is nowhere; every status from 400 on has the problem's schema."""
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, item in described["paths"].items():
        for method, operation in item.items():
            refusals = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
            assert "422" not in refusals, (method, path)
            kinds = [
                {kind: {"schema": part["schema"]} for kind, part in answer["content"].items()}
                for answer in refusals.values()
            ]
            assert all(kind == problem for kind in kinds), (method, path)
            assert ("413" in refusals) == ("requestBody" in operation), (method, path)
    assert "HTTPValidationError" not in described["components"]["schemas"]


def test_every_answer_has_a_shape(described: dict[str, Any]) -> None:
    """No answer is just any object: a client can be made from the description."""
    for path, item in described["paths"].items():
        for method, operation in item.items():
            (good,) = (answer for status, answer in operation["responses"].items() if status < "400")
            for content in good.get("content", {}).values():
                shape = content["schema"]
                shape = shape.get("items", shape) if shape else shape
                assert shape.get("$ref") or shape.get("type") == "string", (method, path)


ENTRANCES = (
    (r"/services/g2g/", "basic"),
    (r"/_lab/|/pki/|/api/(send-code-to-login|authenticate-with-code|clarification-text)|/kep/api/sessions", ""),
    (r"/kurumsal-entegrasyon/api/applications$", ""),
    (r"/services/kvkkservice/api/(clarification-texts|inventory)", ""),
    (r"/kurumsal-entegrasyon/", "applicationKey"),
    (r"/sms/", "smsAccount"),
    (r"/", "HTTPBearer"),
)
"""What opens the routes that begin so, the first that fits."""
SIGNING_IN = ("/api/authenticate-with-code", "/kep/api/sessions")
"""Where one needs nothing to knock, and may be turned away."""


def test_who_needs_what_to_come_in(described: dict[str, Any]) -> None:
    """Basic at the corporate counter and the SMS gateway, tokens and keys elsewhere, nothing in the lab."""
    for path, item in described["paths"].items():
        needed = next(scheme for pattern, scheme in ENTRANCES if re.match(pattern, path))
        for operation in item.values():
            assert operation.get("security", [{"": []}]) == [{needed: []}], path
            assert ("401" in operation["responses"]) == (bool(needed) or path in SIGNING_IN), path
