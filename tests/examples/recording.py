"""Sends every example's request to the prepared world, and writes down what it answers.

Long texts are cut, long lists shortened; bytes are told by their number. What is left of an answer still fits the
schema. A refusal that no recipe has met is provoked as its status says.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from tests.examples.recipes import NOTHING, Recipes, Try, recipes, usual_path
from tests.examples.stage import Stage
from tests.mockgov.counters.routes import ROUTES
from tests.mockgov.counters.routes_of_joining import VKN

LONG_TEXT: Final = 400
LONG_LIST: Final = 12
KEPT: Final = 3
REFUSED: Final = {
    400: "A request that cannot be read",
    401: "Nobody is signed in",
    403: "A newcomer, who has to register first",
    404: "Something that is not in this world",
    413: "A body over the limit",
    503: "The trail cannot be kept, so nothing is answered",
}
NOWHERE: Final = {
    "citizen_id": 4_000_000,
    "letter_id": 4_000_000,
    "evidence_id": 4_000_000,
    "institution_id": 4_000_000,
    "exchange_number": 4_000_000,
    "callback_id": 4_000_000,
    "delivery_id": 4_000_000,
    "request_number": 4_000_000,
    "message_id": "0004000000",
    "username": "NOBODY",
    "name": "nowhere",
    "snapshot": "nowhere",
    "code": "A0A0000010",
    "serial": "00",
    "address": "nobody@hs02.kep.tr",
    "issuer": "nobody",
    "authority": "nobody",
    "front": "nobody",
    "n": 99,
}
WRONG: Final = {
    "code": "x",
    "number": "x" * 41,
    "phone": "x",
    "address": "x",
    "message_id": "x",
    "serial": "x" * 65,
    "issuer": "x" * 41,
    "authority": "x" * 41,
}
"""Path parameters that cannot be read; whatever is a number cannot be 0."""
UNMET: Final = frozenset(
    {
        ("POST", "/sms/api/messages", 503),
        ("GET", "/_lab/worlds/{name}/snapshots", 400),
        ("DELETE", "/_lab/worlds/{name}/snapshots/{snapshot}", 400),
    }
)
"""Refusals without an example: a queue of 100,000 messages; names that may be a living person's number."""

Operation = tuple[str, str]
Example = dict[str, Any]


def record(schema: Mapping[str, Any]) -> dict[str, list[Example]]:
    """The examples of every operation of the OpenAPI, by `METHOD path`."""
    stage = Stage()
    try:
        curated = {**_fallback(), **recipes(stage)}
        return {
            f"{method.upper()} {path}": list(_operation(stage, (method.upper(), path), described, curated))
            for path, methods in sorted(schema["paths"].items())
            for method, described in sorted(methods.items())
        }
    finally:
        stage.close()


def _fallback() -> Recipes:
    """One try with the good body of the routes' table."""
    return {
        (route.method, route.path): [Try(name="good", body=NOTHING if route.body is None else route.body)]
        for route in ROUTES
        if not route.raw
    }


def _operation(stage: Stage, operation: Operation, described: Mapping[str, Any], curated: Recipes) -> Iterator[Example]:
    stage.fresh()
    wanted = {int(status) for status in described["responses"]}
    tries = list(curated[operation])
    met: set[int] = set()
    for one in tries:
        example = _sent(stage, operation, one)
        assert example["status"] in wanted, (operation, example)
        met.add(example["status"])
        yield example
    stage.fresh()
    good = next(one for one in tries if one.name == "good" or one is tries[0])
    for status in sorted(wanted - met):
        if (*operation, status) in UNMET:
            continue
        for example in _provoked(stage, operation, described, good, status):
            assert example["status"] == status, (operation, status, example)
            yield example


def _provoked(
    stage: Stage, operation: Operation, described: Mapping[str, Any], good: Try, status: int
) -> Iterator[Example]:
    """The request that is refused with a status, made from a good one."""
    summary = REFUSED.get(status, "")
    changes: dict[str, Any] = {"name": f"refused-{status}", "summary": summary}
    if status == 413:
        changes |= {"body": NOTHING, "raw": b" " * (stage.limit_of(operation[1]) + 1)}
    elif status == 401:
        changes["headers"] = {}
        if operation[1].endswith(("/sessions", "/authenticate-with-code")):
            changes |= {"body": good.body | {"password": "000000"}, "summary": "A password that opens nothing"}
    elif status == 403:
        changes |= {"headers": {"authorization": f"Bearer {stage.unregistered}"}, "world": "/w/narrow"}
    elif status == 400:
        changes |= _unreadable(described, good)
    elif status == 404:
        changes |= _missing(operation, good)
    elif status == 503:
        stage.stop_writing()
    else:
        raise AssertionError(f"Nothing provokes {status} of {operation}; write a recipe.")
    yield _sent(stage, operation, Try(**{**vars(good), **changes}))


def _unreadable(described: Mapping[str, Any], good: Try) -> dict[str, Any]:
    """A body of another kind, else a parameter that cannot be."""
    if good.body is not NOTHING:
        return {"body": "?"}
    if good.raw is not None:
        return {"raw": b"?"}
    names = {(one["in"], one["name"]): one["schema"] for one in described.get("parameters", ())}
    query = {name: _impossible(one) for (place, name), one in names.items() if place == "query"}
    if query:
        return {"query": query}
    paths = [name for place, name in names if place == "path"]
    return {"path": {**good.path, **{name: WRONG.get(name, 0) for name in paths[-1:]}}}


def _impossible(schema: Mapping[str, Any]) -> Any:
    return "x" * 201 if schema.get("type") == "string" and "enum" not in schema else "-1"


def _missing(operation: Operation, good: Try) -> dict[str, Any]:
    """The same of something that is not there: the last parameter of the path, else whatever the body names."""
    if isinstance(good.body, dict) and "vkn" in good.body:
        return {"body": good.body | {"vkn": VKN}}
    names = [name for name in (*NOWHERE, "number") if f"{{{name}}}" in operation[1]]
    if names:
        last = max(names, key=lambda name: operation[1].index(f"{{{name}}}"))
        gone = {"number": 4_000_000 if "/mail/" in operation[1] else "ETF-1999-000001"} | NOWHERE
        return {"path": {**good.path, last: gone[last]}}
    if good.query:
        return {"query": {**good.query, "citizen_id": NOWHERE["citizen_id"]}}
    return {"body": _elsewhere(good.body)}


def _elsewhere(body: Any) -> Any:
    if isinstance(body, list):
        return [_elsewhere(one) for one in body]
    gone = {
        "citizen_id": 4_000_000,
        "institution_id": 4_000_000,
        "hes_code": "A0A0000010",
        "memberId": 4_000_000,
        "phone": "+905990000000",
        "invitedUserPhone": "+905990000000",
        "vkn": "1234567890",
        "serial": "00",
        "child_tckn": "10000000146",
    }
    if not set(body) & set(gone):
        return (
            body | {"child_tckn": gone["child_tckn"]} if "account" not in body else body | {"institution_id": 4_000_000}
        )
    return {name: gone.get(name, value) for name, value in body.items()}


def _sent(stage: Stage, operation: Operation, one: Try) -> Example:
    """The request and its answer, as they are written down."""
    method, path = operation
    values = {**usual_path(stage, path), **one.path}
    url = path
    for name, value in values.items():
        url = url.replace(f"{{{name}}}", quote(str(value), safe="%+@"))
    headers = dict(stage.usual_headers(path) if one.headers is None else one.headers)
    sent: dict[str, Any] = {}
    if one.raw is not None:
        sent["content"] = one.raw
        headers["content-type"] = one.kind
    elif one.body is not NOTHING:
        sent["json"] = one.body
    stage.ask_first(one.before)
    answer = stage.client.request(method, one.world + url, params=dict(one.query), headers=headers, **sent)
    example: Example = {"name": one.name, "summary": one.summary or "As one would ask"}
    if values:
        example["path"] = values
    if one.query:
        example["query"] = dict(one.query)
    if headers:
        example["headers"] = headers
    if one.world:
        example["world"] = one.world
    if one.raw is not None:
        example["body_bytes"], example["kind"] = len(one.raw), one.kind
    elif one.body is not NOTHING:
        example["body"] = shortened(one.body)
    return example | {"status": answer.status_code} | _answered(answer)


def _answered(answer: Any) -> Example:
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if not answer.content:
        return {}
    if kind.endswith("json"):
        return {"answer_kind": kind, "answer": shortened(answer.json())}
    if kind.startswith(("text/", "message/")) or kind.endswith(("xml", "pem-file")):
        return {"answer_kind": kind, "answer": shortened(answer.text)}
    return {"answer_kind": kind, "answer_bytes": len(answer.content)}


def shortened(value: Any) -> Any:
    """Long texts cut, long lists shortened."""
    if isinstance(value, str):
        return value if len(value) <= LONG_TEXT else f"{value[:60]}… ({len(value)} characters)"
    if isinstance(value, list):
        return [shortened(one) for one in (value if len(value) <= LONG_LIST else value[:KEPT])]
    if isinstance(value, dict):
        return {name: shortened(one) for name, one in value.items()}
    return value


def written(examples: Mapping[str, Sequence[Example]]) -> str:
    """The file's text: one example a line."""
    parts = []
    for operation, of_it in examples.items():
        lines = ",\n".join(f"  {json.dumps(one, ensure_ascii=False, sort_keys=True)}" for one in of_it)
        parts.append(f"{json.dumps(operation)}: [\n{lines}\n]")
    return "{\n" + ",\n".join(parts) + "\n}\n"
