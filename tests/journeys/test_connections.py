"""What a connection promises whatever way bytes come: every request is answered as if it were alone, in order."""

import socket
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

import httpx2
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.journeys.callers import BASES, Institution, expect, register
from tests.journeys.served import PATIENCE_S

CITIZEN = {"firstname": "Ayşe", "lastname": "Öz", "sex": "FEMALE", "birth_date": "1990-01-01", "province": 26}
KINDS = ("one", "two", "spaced", "unknown", "nonsense", "bulk", "chunked", "stranger", "wrong-method", "lab", "nowhere")
Answer = tuple[int, bytes]


class Line:
    """A connection to the server, without an HTTP client in between."""

    def __init__(self, client: httpx2.Client) -> None:
        base = client.base_url
        self._socket = socket.create_connection((base.host, base.port or 80), PATIENCE_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answers: BinaryIO = self._socket.makefile("rb")

    def say(self, data: bytes) -> None:
        self._socket.sendall(data)

    def hear(self) -> Answer:
        """The next answer: status and body."""
        status, length = int(self._answers.readline().split()[1]), 0
        while (field := self._answers.readline()) != b"\r\n":
            name, _, value = field.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return status, self._answers.read(length)

    def close(self) -> None:
        self._answers.close()
        self._socket.close()


@contextmanager
def line_to(client: httpx2.Client) -> Iterator[Line]:
    line = Line(client)
    try:
        yield line
    finally:
        line.close()


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
        self.alone = {kind: self._asked_alone(request) for kind, request in self.requests.items()}

    def single(self, code: str, *, pair: Sequence[str] | None = None) -> bytes:
        """A request about one code."""
        return self._post("check-hes-code", f'{{"hes_code": "{code}"}}', pair)

    def _requests(self) -> Mapping[str, bytes]:
        single = self.single(self.one)
        bulk = f'[{{"hes_code": "{self.one}"}}, {{"hes_code": "{self.two}"}}]'
        head, _, body = single.partition(b"\r\n\r\n")
        chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:5], body[5:])) + b"0\r\n\r\n"
        head = head.rpartition(b"\r\n")[0]
        return {
            "one": single,
            "two": self.single(self.two),
            "spaced": self.single(f"{self.two[:4]}-{self.two[4:]}"),
            "unknown": self.single("A0A0000010"),
            "nonsense": self._post("check-hes-code", '{"hes_code": 12345678901}'),
            "bulk": self._post("check-hes-codes", bulk),
            "chunked": head + b"\r\ntransfer-encoding: chunked\r\n\r\n" + chunks,
            "stranger": self.single(self.one, pair=("NOBODY-G2G-HES", "x")),
            "wrong-method": single.replace(b"POST", b"GET", 1),
            "lab": f"GET {self.prefix}/_lab/codes/{self.one} HTTP/1.1\r\nhost: hes\r\n\r\n".encode(),
            "nowhere": f"GET {self.prefix}/nowhere HTTP/1.1\r\nhost: hes\r\n\r\n".encode(),
        }

    def _post(self, suffix: str, body: str, pair: Sequence[str] | None = None) -> bytes:
        basic = b64encode(":".join(pair or self.firm.pairs["live"]).encode()).decode()
        return (
            f"POST {self.prefix}{BASES['live']}{suffix} HTTP/1.1\r\nhost: hes\r\nauthorization: Basic {basic}\r\n"
            f"content-length: {len(body)}\r\n\r\n{body}"
        ).encode()

    def _asked_alone(self, request: bytes) -> Answer:
        with line_to(self.client) as line:
            line.say(request)
            return line.hear()


@pytest.fixture
def kiosk(client: httpx2.Client) -> Kiosk:
    return Kiosk(client)


def test_each_kind_of_request_alone(kiosk: Kiosk) -> None:
    """What the property below compares with: eleven requests, among them refusals of all sorts."""
    assert {kind: status for kind, (status, _) in kiosk.alone.items()} == {
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
    assert kiosk.alone["one"] == kiosk.alone["chunked"] != kiosk.alone["two"] == kiosk.alone["spaced"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
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
    with line_to(kiosk.client) as line:
        if patient:
            heard = []
            for kind in kinds:
                line.say(kiosk.requests[kind])
                heard.append(line.hear())
        else:
            stream = b"".join(kiosk.requests[kind] for kind in kinds)
            edges = sorted({0, len(stream), *(cut % len(stream) for cut in cuts)})
            for begin, end in zip(edges, edges[1:], strict=False):
                line.say(stream[begin:end])
            heard = [line.hear() for _ in kinds]
    assert heard == [kiosk.alone[kind] for kind in kinds]


def test_a_connection_has_no_privileges(kiosk: Kiosk) -> None:
    """However often a pair has been let in on a connection, from the very next request on it counts what is so now."""
    with line_to(kiosk.client) as line:

        def status(code: str, **fields: Any) -> int:
            line.say(kiosk.single(code, **fields))
            return line.hear()[0]

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
        with line_to(kiosk.client) as line:
            line.say(told)
    assert kiosk.firm.status(kiosk.one) == "RISKLESS"
