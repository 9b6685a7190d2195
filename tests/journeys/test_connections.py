"""What a connection promises whatever way bytes come: every request is answered as if it were alone, in order."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.journeys.callers import BASES, Institution, expect, register
from tests.serving import Answer, Wire, request

CITIZEN = {"firstname": "Ayşe", "lastname": "Öz", "sex": "FEMALE", "birth_date": "1990-01-01", "province": 26}
KINDS = ("one", "two", "spaced", "unknown", "nonsense", "bulk", "chunked", "stranger", "wrong-method", "lab", "nowhere")


class Kiosk:
    """An institution's software of the homely kind, with two people's codes."""

    def __init__(self, client: httpx2.Client) -> None:
        self.client = client
        self.prefix = client.base_url.path.rstrip("/")
        people = register(client, CITIZEN, CITIZEN | {"firstname": "Can", "sex": "MALE"})
        orders = [{"citizen_id": person["citizen_id"]} for person in people]
        self.one, self.two = (code["hes_code"] for code in expect(client.post("/_lab/codes", json=orders), 201))
        self.firm = Institution(client, "KURUM")
        self.requests = self._requests()
        self.alone = {kind: self._asked_alone(whole) for kind, whole in self.requests.items()}

    def connect(self) -> Wire:
        """A connection without an HTTP client in between."""
        return Wire(self.client.base_url.port or 80)

    def single(self, code: str, *, pair: Sequence[str] | None = None) -> bytes:
        """A request about one code."""
        return self._post("check-hes-code", f'{{"hes_code": "{code}"}}', pair)

    def _requests(self) -> Mapping[str, bytes]:
        single = self.single(self.one)
        head, _, body = single.partition(b"\r\n\r\n")
        length = b"content-length: %d" % len(body)
        chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:5], body[5:], b""))
        return {
            "one": single,
            "two": self.single(self.two),
            "spaced": self.single(f"{self.two[:4]}-{self.two[4:]}"),
            "unknown": self.single("A0A0000010"),
            "nonsense": self._post("check-hes-code", '{"hes_code": 12345678901}'),
            "bulk": self._post("check-hes-codes", f'[{{"hes_code": "{self.one}"}}, {{"hes_code": "{self.two}"}}]'),
            "chunked": head.replace(length, b"transfer-encoding: chunked") + b"\r\n\r\n" + chunks,
            "stranger": self.single(self.one, pair=("NOBODY-G2G-HES", "x")),
            "wrong-method": single.replace(b"POST", b"GET", 1),
            "lab": request("GET", f"{self.prefix}/_lab/codes/{self.one}"),
            "nowhere": request("GET", f"{self.prefix}/nowhere"),
        }

    def _post(self, suffix: str, body: str, pair: Sequence[str] | None = None) -> bytes:
        basic = b64encode(":".join(pair or self.firm.pairs["live"]).encode()).decode()
        path = f"{self.prefix}{BASES['live']}{suffix}"
        return request("POST", path, body.encode(), {"authorization": f"Basic {basic}"})

    def _asked_alone(self, whole: bytes) -> Answer:
        with self.connect() as wire:
            wire.send(whole)
            return wire.answer()


@pytest.fixture
def kiosk(client: httpx2.Client) -> Kiosk:
    return Kiosk(client)


def test_each_kind_of_request_alone(kiosk: Kiosk) -> None:
    """What the property below compares with: eleven requests, among them refusals of all sorts."""
    assert {kind: answer.status for kind, answer in kiosk.alone.items()} == {
        "one": 200,
        "two": 200,
        "spaced": 200,
        "unknown": 400,
        "nonsense": 400,
        "bulk": 200,
        "chunked": 200,
        "stranger": 401,
        "wrong-method": 405,
        "lab": 200,
        "nowhere": 404,
    }
    assert kiosk.alone["one"] == kiosk.alone["chunked"]
    assert kiosk.alone["two"] == kiosk.alone["spaced"]
    assert kiosk.alone["one"].body != kiosk.alone["two"].body


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=12),
    cuts=st.lists(st.integers(0, 4000), max_size=8),
    patient=st.booleans(),
)
@example(kinds=["one", "two", "one", "unknown", "lab", "one"], cuts=[], patient=True)
@example(kinds=["stranger", "one", "lab", "two", "wrong-method", "bulk"], cuts=[], patient=False)
@example(kinds=["one"] * 100, cuts=[], patient=False)
def test_requests_are_answered_in_order_however_they_come(
    kiosk: Kiosk, kinds: list[str], cuts: list[int], patient: bool
) -> None:
    """Pipelined, cut anywhere, or one after the other on one connection: the answers are those of the lone requests."""
    with kiosk.connect() as wire:
        if patient:
            heard = []
            for kind in kinds:
                wire.send(kiosk.requests[kind])
                heard.append(wire.answer())
        else:
            stream = b"".join(kiosk.requests[kind] for kind in kinds)
            edges = sorted({0, len(stream), *(cut % len(stream) for cut in cuts)})
            for begin, end in pairwise(edges):
                wire.send(stream[begin:end])
            heard = [wire.answer() for _ in kinds]
    assert heard == [kiosk.alone[kind] for kind in kinds]


def test_a_connection_has_no_privileges(kiosk: Kiosk) -> None:
    """However often a pair has been let in on a connection, from the very next request on it counts what is so now."""
    with kiosk.connect() as wire:

        def status(code: str, **fields: Any) -> int:
            wire.send(kiosk.single(code, **fields))
            return wire.answer().status

        assert [status(kiosk.one) for _ in range(3)] == [200, 200, 200]
        old = kiosk.firm.pairs["live"]
        new = expect(kiosk.client.post(f"/_lab/accounts/{old[0]}/rotate"))
        assert status(kiosk.one) == 401
        assert [status(kiosk.one, pair=(old[0], new["password"])) for _ in range(3)] == [200, 200, 200]
        expect(kiosk.client.put("/_lab/faults", json=[{"kind": "refuse", "share": 1, "status": 503}]))
        assert status(kiosk.one, pair=(old[0], new["password"])) == 503
        expect(kiosk.client.put("/_lab/faults", json=[]))
        assert status(kiosk.one, pair=(old[0], new["password"])) == 200
        expect(kiosk.client.post(f"/_lab/accounts/{old[0]}/revoke"))
        assert status(kiosk.one, pair=(old[0], new["password"])) == 401


def test_too_large_a_body_is_refused_and_the_next_request_served(kiosk: Kiosk) -> None:
    """Over 1 MiB: 413, on the hot routes and on the others."""
    huge = '{"hes_code": "' + "A" * 1_100_000 + '"}'
    for path in (f"{BASES['live']}check-hes-code", "/_lab/codes"):
        refused = kiosk.client.post(path, content=huge, auth=kiosk.firm.pairs["live"])
        assert expect(refused, 413)["errorKey"] == "payloadtoolarge"
    assert kiosk.firm.status(kiosk.one) == "RISKLESS"


def test_a_client_that_leaves_early_hurts_nobody(kiosk: Kiosk) -> None:
    """Connections broken off in the middle of a request or before its answer leave the server as it was."""
    whole = kiosk.requests["bulk"]
    for told in (whole[:20], whole[:-5], whole, whole * 30):
        with kiosk.connect() as wire:
            wire.send(told)
    assert kiosk.firm.status(kiosk.one) == "RISKLESS"
