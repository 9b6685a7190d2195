"""The OpenAPI told truly: which refusals a route has, and that each is a problem.

A route names its own in `responses=refusals(...)`; that a request cannot be read (400) or is too large (413) is
worked out from its parameters and body, in place of the 422 that FastAPI writes down and this product never sends.
"""

from collections.abc import Mapping
from typing import Any, Final

from mockgov.counters.problem import Problem

PROBLEM: Final[Mapping[str, Any]] = {
    "application/problem+json": {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}
}
NEVER_UNREADABLE: Final = "/pki/ocsp/"
"""Where whatever is asked is answered in the protocol's own words."""
MEANINGS: Final = {
    400: "A rule refuses it, or the request cannot be read",
    401: "Nobody is signed in, or what was sent opens nothing",
    403: "Whoever is signed in may not, or not yet",
    404: "It is not in this world",
    409: "It is there already",
    413: "The body is over the limit",
    503: "The service cannot answer just now; asking again may help",
}


def refusal(status: int) -> dict[str, Any]:
    """The answer of a refusal, as the OpenAPI describes it."""
    return {"description": MEANINGS[status], "content": dict(PROBLEM)}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route's `responses` says of its refusals."""
    return {status: refusal(status) for status in statuses}


def put_right(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with this product's refusals in it; the same object comes back changed, and again unchanged."""
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            responses = operation["responses"]
            if responses.pop("422", None) is not None and not path.startswith(NEVER_UNREADABLE):
                responses.setdefault("400", refusal(400))
            if "requestBody" in operation:
                responses.setdefault("413", refusal(413))
    for unused in ("HTTPValidationError", "ValidationError"):
        schema["components"]["schemas"].pop(unused, None)
    return schema
