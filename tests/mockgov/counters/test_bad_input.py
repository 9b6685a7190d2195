"""Bad input on every route: a 4xx problem, never a 500, and nothing is stored."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from mockgov.app import LETTER_LIMIT, LETTER_PATHS
from tests.mockgov.counters.route import Route
from tests.mockgov.counters.routes import APPLICATION, CORPORATE, LAB, ROUTES
from tests.mockgov.counters.test_basic import ODD_HEADERS
from tests.mockgov.counters.town import Town

EACH = pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
WITH_BODY = pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.body is not None], ids=lambda route: f"{route.method} {route.path}"
)
PROBLEM_FIELDS = {"entityName", "errorKey", "type", "title", "status", "message", "params"}
OPTIONAL_BODY = "/services/hescodeproxy/api/hes-codes-tr"
MAY_BE_LEFT_OUT = (OPTIONAL_BODY, "/_lab/worlds/{name}/snapshots")

DEEP = 100_000
UNREADABLE = {
    "cut off": b'{"hes_code": "A1B2',
    "an open list": b"[",
    "no JSON": b"hes_code=A1B2345617",
    "two values": b"{} {}",
    "a comma too many": b"[1,]",
    "single quotes": b"{'a': 1}",
    "invalid UTF-8": b'{"hes_code": "\xff\xfe"}',
    "an overlong NUL": b'{"hes_code": "\xc0\x80"}',
    "a surrogate in UTF-8's form": b'"\xed\xa0\x80"',
    "a raw NUL": b'{"hes_code": "A\x00"}',
    "nothing but NULs": b"\x00" * 100,
    "a number": b"7",
    "a huge number": b"9" * 5000,
    "a number out of range": b"1e999",
    "no number": b"NaN",
    "a text": b'"A1B2345617"',
    "true": b"true",
    "a list in a list": b"[[]]",
    "a list of null": b"[null]",
    "a list of numbers": b"[7, 7]",
    "deep lists": b"[" * DEEP,
    "deep lists that end": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP,
    "deep objects that end": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "a surrogate as a name": b'{"\\ud800": 1, "\\udfff": 2}',
}
"""Bodies that no route takes."""

NEVER = {
    "a lone surrogate": '"\\ud800"',
    "NUL": '"\\u0000"',
    "an object": '{"\\ud800": {"a": 1}}',
    "a list": "[[1]]",
    "a number out of range": "1e999",
    "a huge number": "9" * 5000,
    "deep lists": "[" * DEEP + "]" * DEEP,
    "a number beyond 64 bits": "1" + "0" * 30,
    "a small number beyond 64 bits": "-1" + "0" * 30,
    "a long text": '"' + "x" * 10_000 + '"',
}
"""Values that no field takes."""

SOMETIMES = [
    '"2021-13-32T25:61:61Z"',
    "null",
    "true",
    "0",
    "-1",
    "1.5",
    '""',
    '"x"',
    "[]",
    "{}",
    '"1"',
    '"9999-12-31T23:59:59.999999-12:00"',
]
SOMETIMES += ['"0001-01-01T00:00:00+14:00"', '"0001-01-01"', '"9999-12-31"', "1e308", "9007199254740993", '"ı"']
"""Values that one field takes and another does not."""


LONG = ("hes_code", "text", "document_base64", "signature_base64")
"""Fields of which a long text is one like any other: what is no code is answered as an unknown code."""
ANSWERS = ("hescodenotfound", "hescodehasbeenexpired")
"""Refusals that answer a question, and so have their audit row."""


def made() -> Iterator[Town]:
    town = Town()
    town.code = town.issue()
    town.token = town.sign_in()["id_token"]
    yield town
    town.close()


@pytest.fixture(name="town")
def own() -> Iterator[Town]:
    """For what may leave something behind."""
    yield from made()


@pytest.fixture(scope="module")
def calm() -> Iterator[Town]:
    """For many tests of which none may leave anything behind."""
    yield from made()


class Watch:
    """Sends to one route, and sees to it that a refusal is a problem and leaves no trace."""

    def __init__(self, town: Town, route: Route) -> None:
        self.town = town
        self.route = route
        self.url = route.url(town)
        self.headers = {"content-type": "application/json"} | route.headers(town)

    def send(self, body: bytes, **headers: str) -> Any:
        before = self.trace()
        raw = [(name.encode(), value.encode("latin-1")) for name, value in (self.headers | headers).items()]
        answer = self.town.client.request(self.route.method, self.url, content=body, headers=raw)
        assert answer.status_code < 500, (self.route, body[:100], answer.text)
        if answer.status_code >= 400:
            check_problem(answer)
            if answer.json()["errorKey"] != "hescodenotfound":  # a question that was answered leaves its row
                assert self.trace() == before, (self.route, body[:100])
        return answer

    def refused(self, body: bytes, **headers: str) -> Any:
        answer = self.send(body, **headers)
        assert 400 <= answer.status_code < 500, (self.route, body[:100], answer.text)
        return answer

    def trace(self) -> object:
        world = self.town.ministry.world
        return self.town.counts(), list(self.town.worlds), world.now(), world.faults.faults


def check_problem(answer: Any) -> None:
    """A problem of the gateway's form, whose status is the answer's."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert set(body) - {"detail", "expiration_date", "findings"} == PROBLEM_FIELDS
    assert body["status"] == answer.status_code
    assert body["title"]


def test_these_are_all_the_routes(calm: Town) -> None:
    """Whoever adds a route adds it here, and it is tried with all of this."""
    paths = calm.client.get("/openapi.json").json()["paths"]
    described = {
        (method.upper(), path): operation for path, item in paths.items() for method, operation in item.items()
    }
    assert set(described) == {(route.method, route.path) for route in ROUTES}
    with_body = {key for key, operation in described.items() if "requestBody" in operation}
    assert with_body == {(route.method, route.path) for route in ROUTES if route.body is not None or route.raw}


@WITH_BODY
def test_the_good_body_is_good(town: Town, route: Route) -> None:
    """The bodies that the others are spoilt from are well formed: refused for what they say, if at all."""
    answer = Watch(town, route).send(json.dumps(route.body).encode())
    assert answer.status_code < 400 or answer.json()["errorKey"] != "constraintviolation"


@WITH_BODY
def test_bodies_that_cannot_be_read(calm: Town, route: Route) -> None:
    """Malformed, of a wrong type, too deep, not UTF-8."""
    watch = Watch(calm, route)
    for name, body in UNREADABLE.items():
        if (name, route.path) == ("a surrogate as a name", OPTIONAL_BODY):
            continue  # an unknown field like any other, and every other is optional
        answer = watch.refused(body)
        assert answer.status_code == 400, name
        assert answer.json()["errorKey"] != "hescodenotfound", name
    empty = b"{}" if isinstance(route.body, list) else b"[]"
    for body in () if route.path in MAY_BE_LEFT_OUT else (b"", b"null", empty):
        assert watch.refused(body).status_code == 400


@WITH_BODY
def test_fields_that_cannot_be_read(town: Town, route: Route) -> None:
    """Each field in turn with a value that no field takes; with others, no answer is a 500."""
    watch = Watch(town, route)
    whole = route.body[0] if isinstance(route.body, list) else route.body

    def spoilt(name: str, value: str) -> bytes:
        fields = ", ".join(f"{json.dumps(key)}: {value if key == name else json.dumps(whole[key])}" for key in whole)
        return f"[{{{fields}}}]".encode() if isinstance(route.body, list) else f"{{{fields}}}".encode()

    for name in whole:
        for value in NEVER.values():
            if "xxx" in value and name in LONG:
                continue
            watch.refused(spoilt(name, value))
        for value in SOMETIMES:
            watch.send(spoilt(name, value))
        if name not in route.optional:
            watch.refused(spoilt(name, "null"))


@WITH_BODY
def test_types_are_not_guessed(calm: Town, route: Route) -> None:
    """A number written as a text, a text as a number and a truth as a number are mistakes, and told as such."""
    watch = Watch(calm, route)
    whole = route.body[0] if isinstance(route.body, list) else route.body
    for name, value in whole.items():
        if isinstance(value, bool):
            wrong: list[object] = ["true", 1, 0]
        elif isinstance(value, int | float):
            wrong = [str(value), True]
        elif isinstance(value, str):
            wrong = [7, True]
        else:
            continue
        for other in wrong:
            if name == "expiration_date" and other == 7:
                continue  # Jackson reads numbers as moments; this one lies in 1970 and is refused for that
            body = whole | {name: other}
            watch.refused(json.dumps([body] if isinstance(route.body, list) else body).encode())


@WITH_BODY
def test_missing_and_unknown_fields(town: Town, route: Route) -> None:
    """Without a field the body is read by its default or refused; the lab refuses fields that it does not know."""
    watch = Watch(town, route)
    whole = route.body[0] if isinstance(route.body, list) else route.body
    for name in whole:
        less = {key: value for key, value in whole.items() if key != name}
        watch.send(json.dumps([less] if isinstance(route.body, list) else less).encode())
    if route in LAB:
        more = whole | {"unknown": 1}
        watch.refused(json.dumps([more] if isinstance(route.body, list) else more).encode())


@WITH_BODY
def test_10_megabytes(calm: Town, route: Route) -> None:
    """413, whatever stands in it."""
    watch = Watch(calm, route)
    if route.path.startswith(LETTER_PATHS):
        bodies = (b" " * (LETTER_LIMIT + 1),)
    else:
        bodies = (b" " * 10_000_000, b"[" + b'{"hes_code":"A1B2345617"},' * 400_000 + b"{}]", b"\xff" * 10_000_000)
    for body in bodies:
        answer = watch.refused(body)
        assert (answer.status_code, answer.json()["errorKey"]) == (413, "payloadtoolarge")


@pytest.mark.parametrize("route", [route for route in CORPORATE if isinstance(route.body, list)], ids=lambda r: r.path)
def test_501_codes(calm: Town, route: Route) -> None:
    answer = Watch(calm, route).refused(json.dumps(route.body * 501).encode())
    assert (answer.status_code, answer.json()["errorKey"]) == (400, "toomanyhescodes")


@WITH_BODY
def test_another_content_type(calm: Town, route: Route) -> None:
    """Refused, but by the corporate counter, which reads the body and not its label."""
    watch = Watch(calm, route)
    for label in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "a\tb", "é"):
        send = watch.send if route in CORPORATE else watch.refused
        send(json.dumps(route.body).encode(), **{"content-type": label})
        if route.path not in MAY_BE_LEFT_OUT:
            watch.refused(b"", **{"content-type": label})


@pytest.mark.parametrize("route", CORPORATE, ids=lambda route: route.path)
def test_odd_basic_credentials(calm: Town, route: Route) -> None:
    """Invalid UTF-8, NULs, surrogates, garbage: 401."""
    watch = Watch(calm, route)
    for header in ODD_HEADERS:
        assert watch.refused(json.dumps(route.body).encode(), authorization=header).status_code == 401


@pytest.mark.parametrize(
    "route", [r for r in APPLICATION if not re.search("login|with-code|clarification", r.path)], ids=lambda r: r.path
)
def test_odd_tokens(calm: Town, route: Route) -> None:
    """Whatever stands for a token: 401."""
    watch = Watch(calm, route)
    body = b"" if route.body is None else json.dumps(route.body).encode()
    for token in ("", "x", "a.b.c", "\xff\xfe", "." * 1000, "eyJhbGciOiJub25lIn0.e30.", calm.token[:-2], "W1tb" * 9000):
        assert watch.refused(body, authorization=f"Bearer {token}").status_code == 401


@EACH
def test_a_body_where_none_is_read(town: Town, route: Route) -> None:
    """Is not in the way."""
    if route.body is None and not route.raw:
        watch = Watch(town, route)
        for body in (b"\xff\x00", b"[" * DEEP, b" " * 2_000_000):
            watch.send(body)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *[("GET", f"/_lab/people/{n}") for n in ("0", "-1", "x", "1.5", "9" * 30, "9" * 5000, "%00", "%ff", "999")],
        *[("GET", f"/_lab/people/{n}/askers") for n in ("0", "x", "9" * 30)],
        ("PUT", "/_lab/people/1/sharing"),
        ("PUT", "/_lab/people/1/sharing?shares=perhaps"),
        ("PUT", "/_lab/people/999/sharing?shares=true"),
        *[("GET", f"/_lab/people?{q}") for q in ("limit=0", "limit=10001", "limit=x", "after=-1", f"after={'9' * 30}")],
        *[(m, f"/_lab/codes/{c}") for m in ("GET", "DELETE") for c in ("x", "%00", "%ff", "A1B2345617", "x" * 9000)],
        *[("GET", f"/_lab/codes/{c}/shares") for c in ("x", "A1B2345617")],
        *[("POST", f"/_lab/accounts/{n}/{act}") for n in ("x", "%00", "%ff", "ğ") for act in ("rotate", "revoke")],
        *[("DELETE", f"/_lab/worlds/{n}") for n in ("default", "x", "%00", "%ff", "..", "x" * 9000)],
        *[("GET", f"/_lab/sms?phone={p}") for p in ("", "x", "%00", "%ff", "%2B15551234567", "9" * 9000)],
        *[("GET", f"/_lab/{q}") for q in ("queries", "queries?asker=%00", "queries?asker=x&limit=0")],
        *[
            ("GET", f"/_lab/incidence?week_start={day}")
            for day in ("x", "2021-10-05", "0001-01-01", "9999-12-27", "2021-13-01", "1e9", "9" * 50)
        ],
    ],
)
def test_odd_paths_and_queries(calm: Town, method: str, path: str) -> None:
    """Parameters out of range, of a wrong kind, of nobody: 4xx."""
    before = calm.counts()
    answer = calm.client.request(method, path)
    assert 400 <= answer.status_code < 500, answer.text
    check_problem(answer)
    assert calm.counts() == before


@pytest.mark.parametrize(
    "settings",
    [
        {"login_code_minutes": 10**30},
        {"token_days": 10**9},
        {"lock_minutes": "9" * 5000},
        {"argon2_memory_kib": 10**9},
        {"argon2_passes": 10**9},
        {"body_limit_bytes": 0},
        {"start": "0001-01-01T00:00:00+14:00"},
        {"start": "2021-10-04"},
        {"cors_origin": "*\n"},
        {"unknown": 1},
        {"\x00": 1},
        {"bulk_limit": "many"},
    ],
)
def test_settings_that_no_world_can_have(calm: Town, settings: dict[str, object]) -> None:
    """Are refused when the world is made, not when somebody first meets them."""
    body = json.dumps({"name": "x", "people": 3, "settings": settings}).encode()
    route = next(route for route in LAB if (route.method, route.path) == ("POST", "/_lab/worlds"))
    assert Watch(calm, route).refused(body).json()["errorKey"] == "worldrefused"


def test_the_longest_settings_work(town: Town) -> None:
    """A world with every duration at its longest signs people in and locks doors."""
    settings = dict.fromkeys(["login_code_minutes", "token_days", "short_token_hours", "lock_minutes"], 10_000)
    settings |= {
        "immunity_days": 10_000,
        "negative_test_hours": 10_000,
        "argon2_memory_kib": 8,
        "lock_after_failures": 1,
    }
    body = {"name": "x", "people": 30, "settings": settings, "start": "2060-01-01T00:00:00Z"}
    assert town.client.post("/_lab/worlds", json=body).status_code == 201
    phone = next(p["phone"] for p in town.client.get("/w/x/_lab/people").json() if p["phone"])
    assert town.client.post("/w/x/api/send-code-to-login", json={"phone": phone}).status_code == 201
    password = "".join(filter(str.isdigit, town.client.get("/w/x/_lab/sms").json()[0]["text"]))
    account = {"phone": phone, "password": password, "rememberMe": True}
    token = town.client.post("/w/x/api/authenticate-with-code", json=account).json()["id_token"]
    for method, path in (("GET", "account-with-token"), ("POST", "../services/hescodeproxy/api/hes-codes-tr")):
        answer = town.client.request(method, f"/w/x/api/{path}", headers={"authorization": f"Bearer {token}"})
        assert answer.status_code in (200, 400)
    assert town.ask("C3", b"{}", world="/w/x", password="wrong").status_code == 401


def test_a_clock_cannot_be_moved_out_of_time(town: Town) -> None:
    """However often and far: at the end of its centuries the clock says no, and every route still answers."""
    for _ in range(5):
        answer = town.client.post("/_lab/clock", json={"advance_s": 80 * 365 * 86_400})
        assert answer.status_code in (200, 400)
    check_problem(answer)
    town.client.post("/_lab/clock", json={"to": "2199-12-31T23:59:59Z"})
    for route in ROUTES:
        if route.method == "GET":
            answer = town.client.get(route.url(town), headers=route.headers(town))
            assert answer.status_code < 500
    for path in ("/_lab/codes", "/_lab/people", "/_lab/reports"):
        route = next(r for r in LAB if (r.method, r.path) == ("POST", path))
        assert town.client.post(path, json=route.body).status_code < 500
