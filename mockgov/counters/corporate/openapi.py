"""The corporate service in the OpenAPI: derived from the very types that the desk decodes and encodes."""

from typing import Any

import msgspec

from mockgov.counters.corporate.wire import (
    OPERATIONS,
    Bulk,
    BulkPlus,
    Operation,
    Single,
    SinglePlus,
)
from mockgov.counters.openapi import refusal
from mockgov.counters.problem import Problem
from mockgov.credentials.rules import LIVE_BASE, TEST_BASE

REF = "#/components/schemas/{name}"
ANSWERS = {(False, False): Single, (False, True): SinglePlus, (True, False): Bulk, (True, True): BulkPlus}
TAGS = {LIVE_BASE: "Corporate, live (C1 to C6)", TEST_BASE: "Corporate, test (C1 to C6)"}
REFUSALS = (400, 401, 413, 503)


def merged(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with the corporate paths in it; the same object comes back changed, and again unchanged."""
    if LIVE_BASE + OPERATIONS[0].suffix in schema["paths"]:
        return schema
    types = [*{repr(operation.body): operation.body for operation in OPERATIONS}.values(), *ANSWERS.values()]
    schemas, components = msgspec.json.schema_components([*types, Problem], ref_template=REF)
    bodies = dict(zip([repr(kind) for kind in types], schemas, strict=False))
    parts = schema.setdefault("components", {})
    parts.setdefault("schemas", {}).update(components)
    parts.setdefault("securitySchemes", {})["basic"] = {"type": "http", "scheme": "basic"}
    for base, tag in TAGS.items():
        for operation in OPERATIONS:
            schema["paths"][base + operation.suffix] = {"post": _post(operation, tag, bodies)}
    return schema


def _post(operation: Operation, tag: str, bodies: dict[str, Any]) -> dict[str, Any]:
    answer = ANSWERS[operation.bulk, operation.plus]
    responses: dict[str, Any] = {"200": _response("The answer", bodies[repr(answer)])}
    responses |= {str(status): refusal(status) for status in REFUSALS}
    body = bodies[repr(operation.body)]
    if operation.bulk:
        body = {**body, "maxItems": 500}
    return {
        "tags": [tag],
        "summary": f"{operation.name}: {operation.summary}",
        "security": [{"basic": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": responses,
    }


def _response(meaning: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": meaning, "content": {"application/json": {"schema": schema}}}
