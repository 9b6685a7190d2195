"""Cut, halved, dripped and misnamed answers, byte by byte over bare sockets, whoever serves them."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mockgov.faults import Delay, Fault, Misstate, Refuse
from mockgov.faults.kinds import ClockSkew, Cut, Drip, Half, Stage, WrongType
from mockgov.server import HesServer
from tests.mockgov.counters.gate import BULK, Gate, kind
from tests.mockgov.counters.town import Town
from tests.serving import Wire

COLD = "/pki/chain.pem"
"""A route that goes through the framework."""
SERVERS = {"own": None, "uvicorn-httptools": HttpToolsProtocol, "uvicorn-h11": H11Protocol}


@pytest.fixture(params=SERVERS, scope="module")
def gate(request: pytest.FixtureRequest) -> Iterator[Gate]:
    """The product's own protocol class, and two plain ASGI servers."""
    made = Gate(Town())
    protocol = SERVERS[request.param]
    if protocol is not None:
        config = made.server.config
        made.server = HesServer(
            uvicorn.Config(config.app, http=protocol, lifespan="on", log_level="warning", date_header=False)
        )
        made._thread = threading.Thread(target=made.server.run, args=([made_socket(made)],), daemon=True)
    with made:
        yield made


def made_socket(gate: Gate) -> object:
    """The socket that the gate listens on."""
    return gate._thread._args[0][0]


@pytest.fixture(autouse=True)
def healed(gate: Gate) -> Iterator[None]:
    yield
    set_plan(gate)


def set_plan(gate: Gate, *faults: Fault) -> None:
    gate.town.ministry.world.faults.replace(faults)


def count(gate: Gate) -> int:
    return gate.town.ministry.queries.count()


def rest(wire: Wire) -> bytes:
    """Everything until the server hangs up."""
    return wire._read.read()


@pytest.mark.parametrize(("stage", "rows"), [(Stage.COUNTER, 0), (Stage.ANSWER, 1)])
def test_a_cut_connection_says_nothing(gate: Gate, stage: Stage, rows: int) -> None:
    """Not a byte; before the work nobody was asked about, after it the audit row is there."""
    set_plan(gate, Cut(stage=stage))
    before = count(gate)
    with gate.connect() as wire:
        wire.send(gate.hot())
        assert rest(wire) == b""
    assert count(gate) - before == rows
    with gate.connect() as wire:
        wire.send(gate.cold(COLD))
        assert rest(wire) == b""
    assert [one.kind for one in gate.town.ministry.world.faults.struck] == ["cut", "cut"]


def test_a_reset_connection(gate: Gate) -> None:
    """A TCP reset in place of an end, hot and cold."""
    set_plan(gate, Cut(reset=True))
    for request in (gate.hot(), gate.cold(COLD)):
        with gate.connect() as wire:
            wire.send(request)
            with pytest.raises(ConnectionResetError):
                rest(wire)


def test_half_an_answer(gate: Gate) -> None:
    """Head and content-length of the whole, a part of the body, then the end; the work is done."""
    before = count(gate)
    for request in (gate.hot(), gate.cold(COLD)):
        set_plan(gate)
        with gate.connect() as wire:
            wire.send(request)
            whole = wire.answer().body
        set_plan(gate, Half(fraction=0.25))
        with gate.connect() as wire:
            wire.send(request)
            head, _, body = rest(wire).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"\r\ncontent-length: %d" % len(whole) in head
        assert b"\r\nx-hes-fault: hes1.1." in head
        assert body == whole[: len(whole) // 4]
    assert count(gate) - before == 2


def test_a_dripped_answer(gate: Gate) -> None:
    """The whole answer in small pieces, with the waits between them; the connection goes on."""
    for request in (gate.hot(), gate.cold(COLD)):
        set_plan(gate)
        with gate.connect() as wire:
            wire.send(request)
            whole = wire.answer().body
        set_plan(gate, Drip(chunk_bytes=-(-len(whole) // 4), every_ms=40))
        with gate.connect() as wire:
            wire.send(request)
            begin = time.monotonic()
            first = wire.socket.recv(4096)
            assert not first.endswith(whole)
            seen = first
            while not seen.endswith(whole):
                seen += wire.socket.recv(4096)
            assert 0.11 <= time.monotonic() - begin < 5
            set_plan(gate)
            wire.send(gate.hot())
            assert kind(wire.answer()) == "RISKLESS"


def test_a_misnamed_answer(gate: Gate) -> None:
    """Another content type, once; the body is what it was."""
    set_plan(gate, WrongType(content_type="text/html; charset=utf-8"))
    with gate.connect() as wire:
        for request in (gate.hot(), gate.hot({"hes_code": "A0A0000010"}), gate.cold(COLD)):
            wire.send(request)
            answer = wire.answer()
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            assert answer.headers["x-hes-fault"].startswith("hes1.1.")
            assert len(answer.body) > 50


def test_a_late_answer_is_given_after_the_work(gate: Gate) -> None:
    """The row is there long before the answer is."""
    set_plan(gate, Delay(milliseconds=400, stage=Stage.ANSWER))
    before = count(gate)
    with gate.connect() as wire:
        begin = time.monotonic()
        wire.send(gate.hot())
        while count(gate) == before:
            assert time.monotonic() - begin < 0.4
            time.sleep(0.01)
        assert kind(wire.answer()) == "RISKLESS"
        assert time.monotonic() - begin >= 0.4


def test_refusals_before_and_after_the_work(gate: Gate) -> None:
    """429 with Retry-After at either counter; a refusal of what has been done leaves its row."""
    before = count(gate)
    for stage, rows in ((Stage.COUNTER, 0), (Stage.ANSWER, 1)):
        set_plan(gate, Refuse(status=429, retry_after_s=7, stage=stage))
        with gate.connect() as wire:
            for request in (gate.hot(), gate.cold(COLD)):
                wire.send(request)
                answer = wire.answer()
                assert (answer.status, answer.headers["retry-after"]) == (429, "7")
                assert answer.headers["content-type"] == "application/problem+json"
                assert json.loads(answer.body)["errorKey"] == "toomanyrequests"
                assert answer.headers["x-hes-fault"].count("hes1.") == 1
        assert count(gate) - before == rows


def test_a_wrong_clock_is_told(gate: Gate) -> None:
    """`Date` says what the service's clock says: seven minutes more than the world's."""
    set_plan(gate, ClockSkew(seconds=420))
    with gate.connect() as wire:
        for request in (gate.hot(), gate.cold(COLD)):
            wire.send(request)
            assert wire.answer().headers["date"] == "Mon, 04 Oct 2021 05:07:00 GMT"


def test_misstated_codes_are_named(gate: Gate) -> None:
    """One token for each code of a bulk answer that was turned round."""
    set_plan(gate, Misstate())
    with gate.connect() as wire:
        wire.send(gate.hot([{"hes_code": code} for code in gate.codes], path=BULK))
        answer = wire.answer()
    assert answer.headers["x-hes-fault"].count("hes1.1.") == 3
    assert {one["current_health_status"] for one in json.loads(answer.body)["success_map"].values()} == {"RISKY"}


def test_the_sandboxs_own_routes_are_spared(gate: Gate) -> None:
    """Or nobody could heal anything."""
    set_plan(gate, Cut())
    with gate.connect() as wire:
        for path in ("/_lab/world", "/_lab/faults", "/docs", "/openapi.json"):
            wire.send(gate.cold(path))
            assert wire.answer().status == 200


def test_pipelined_answers_keep_their_order_around_a_struck_one(gate: Gate) -> None:
    """Before a dripped answer others have left, behind it they wait; behind a cut there is nothing."""
    slow = {"hes_code": gate.codes[1]}
    set_plan(gate, Drip(route=("check-hes-codes",), chunk_bytes=200, every_ms=30))
    with gate.connect() as wire:
        wire.send(gate.hot() + gate.hot([slow], path=BULK) + gate.hot() + gate.cold() + gate.hot())
        kinds = [kind(wire.answer()) for _ in range(5)]
    assert kinds == ["RISKLESS", "['success_map', 'unsuccess_map']", "RISKLESS", "default", "RISKLESS"]
    set_plan(gate, Cut(route=("check-hes-codes",)))
    with gate.connect() as wire:
        wire.send(gate.hot() + gate.hot([slow], path=BULK) + gate.hot())
        assert kind(wire.answer()) == "RISKLESS"
        assert rest(wire) == b""


def test_a_client_that_leaves_a_drip_leaves_nothing_behind(gate: Gate) -> None:
    """The server goes on for the others."""
    set_plan(gate, Drip(chunk_bytes=1, every_ms=5, route=("check-hes-code",)))
    for request in (gate.hot(), gate.cold(COLD)):
        wire = gate.connect()
        wire.send(request)
        wire.socket.recv(10)
        wire.__exit__()
    set_plan(gate)
    time.sleep(0.05)
    with gate.connect() as other:
        other.send(gate.hot())
        assert kind(other.answer()) == "RISKLESS"


def test_in_process_a_cut_is_a_broken_connection() -> None:
    """Whoever calls the application without a socket gets the exception that a socket would have given."""
    town = Town()
    messages: list[dict[str, object]] = []

    async def call() -> None:
        scope = {"type": "http", "method": "GET", "path": COLD, "headers": [], "query_string": b""}

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, object]) -> None:
            messages.append(message)

        await town.front(scope, receive, send)

    for fault, sent in ((Cut(), 0), (Half(), 2)):
        town.ministry.world.faults.replace((fault,))
        messages.clear()
        with pytest.raises(ConnectionResetError, match="planted fault"):
            asyncio.run(call())
        assert len(messages) == sent
    town.close()
