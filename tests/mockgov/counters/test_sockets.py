"""The server's own protocol over real sockets: order, bodies in pieces, old clients, rude clients, the end."""

import json
import socket
import threading
import time
from pathlib import Path

import pytest

from mockgov.faults import Delay
from tests.mockgov.counters.gate import BULK, CHECK, Gate, kind
from tests.mockgov.counters.town import Town, basic
from tests.serving import Wire, request


def test_hot_and_cold_on_one_connection(gate: Gate) -> None:
    """Hot after cold and cold after hot, each answered in its turn."""
    with gate.connect() as wire:
        for sent, expected in ((gate.hot(), "RISKLESS"), (gate.cold(), "default")) * 3:
            wire.send(sent)
            answer = wire.answer()
            assert (answer.status, kind(answer)) == (200, expected)


def test_an_answer_is_the_same_hot_and_cold(gate: Gate) -> None:
    """Whichever way a request takes: status, content type, body."""
    bodies: list[object] = [{"hes_code": gate.codes[0]}, {"hes_code": "A1B2345617"}, b"{", b""]
    with gate.connect() as wire:
        for body in bodies:
            wire.send(gate.hot(body))
            hot = wire.answer()
            wire.send(gate.hot(body, expect="100-continue"))
            cold = wire.answer()
            cold = wire.answer() if cold.status == 100 else cold
            names = ("content-type", "content-length", "access-control-allow-origin")
            assert (hot.status, hot.body) == (cold.status, cold.body)
            assert [hot.headers[name] for name in names] == [cold.headers[name] for name in names]
            assert "date" not in hot.headers
            assert "server" not in hot.headers


@pytest.mark.parametrize(
    "order",
    ["hhhhhhhh", "hchchchc", "cccchhhh", "hhhhcccc", "chcchhcc", "hbhcbhbc"],
)
def test_pipelined_requests_are_answered_in_order(gate: Gate, order: str) -> None:
    """Singles, bulks and ordinary requests in one packet; every answer in its place."""
    codes = iter(range(10**6))
    sent, expected = b"", []
    for letter in order:
        if letter == "c":
            sent += gate.cold()
            expected.append("default")
        elif letter == "b":
            sent += gate.hot([{"hes_code": gate.codes[0]}], BULK)
            expected.append("['success_map', 'unsuccess_map']")
        else:
            sent += gate.hot({"hes_code": f"Z9Z9{next(codes):04d}19"})
            expected.append("['entityName', 'errorKey', 'message', 'params', 'status', 'title', 'type']")
    with gate.connect() as wire:
        wire.send(sent)
        assert [kind(wire.answer()) for _ in order] == expected
        wire.send(gate.hot())
        assert kind(wire.answer()) == "RISKLESS"


def test_a_slow_request_holds_back_those_behind_it(gate: Gate) -> None:
    """A wrong password is hashed while the next requests are ready: they wait, in order, on this connection only."""
    wrong = gate.hot(authorization=basic("X", "Y"))
    with gate.connect() as warm:
        warm.send(gate.hot())
        warm.answer()
    with gate.connect() as wire, gate.connect() as other:
        wire.send(wrong + gate.hot() + gate.cold() + wrong + gate.hot())
        other.send(gate.hot())
        assert kind(other.answer()) == "RISKLESS"
        assert [wire.answer().status for _ in range(5)] == [401, 200, 200, 401, 200]


def test_a_thousand_pipelined_requests(gate: Gate) -> None:
    """More than the connection reads ahead; a client that writes first and reads later gets every answer."""
    before = gate.town.ministry.queries.count()
    with gate.connect() as wire:
        writing = threading.Thread(target=wire.send, args=(gate.hot() * 1000 + gate.cold(),))
        writing.start()
        assert [wire.answer().status for _ in range(1000)] == [200] * 1000
        assert kind(wire.answer()) == "default"
        writing.join()
    assert gate.town.ministry.queries.count() == before + 1000


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_a_request_in_pieces(gate: Gate, cut: int) -> None:
    """Wherever the network cuts it: in the request line, a header, between, in the body."""
    whole = gate.hot()
    at = len(whole) * cut // 40
    with gate.connect() as wire:
        wire.send(whole[:at], whole[at:])
        assert kind(wire.answer()) == "RISKLESS"


def test_a_request_byte_by_byte(gate: Gate) -> None:
    with gate.connect() as wire:
        for byte in gate.hot():
            wire.send(bytes([byte]))
        assert kind(wire.answer()) == "RISKLESS"


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_chunked_body(gate: Gate, size: int) -> None:
    """Without a content-length, in chunks of any size, with a trailer."""
    body = json.dumps({"hes_code": gate.codes[0]}).encode()
    chunks = b"".join(
        b"%x\r\n%b\r\n" % (len(body[i : i + size]), body[i : i + size]) for i in range(0, len(body), size)
    )
    head = f"POST {CHECK} HTTP/1.1\r\nhost: x\r\nauthorization: {gate.basic['authorization']}\r\n"
    sent = head.encode() + b"transfer-encoding: chunked\r\n\r\n" + chunks + b"0\r\nx-trailer: y\r\n\r\n"
    with gate.connect() as wire:
        wire.send(sent + gate.cold() + sent)
        assert [kind(wire.answer()) for _ in range(3)] == ["RISKLESS", "default", "RISKLESS"]


def test_expect_100_continue(gate: Gate) -> None:
    """The client is told to go on, then answered; the connection stays."""
    whole = gate.hot(expect="100-continue")
    head, _, body = whole.partition(b"\r\n\r\n")
    with gate.connect() as wire:
        wire.send(head + b"\r\n\r\n")
        assert wire.answer().status == 100
        wire.send(body)
        assert kind(wire.answer()) == "RISKLESS"
        wire.send(gate.hot())
        assert kind(wire.answer()) == "RISKLESS"


def test_expect_100_continue_behind_a_hot_request(gate: Gate) -> None:
    """It is told to go on when its turn has come."""
    head, _, body = gate.hot(expect="100-continue").partition(b"\r\n\r\n")
    with gate.connect() as wire:
        wire.send(gate.hot() + head + b"\r\n\r\n")
        assert [wire.answer().status, wire.answer().status] == [200, 100]
        wire.send(body)
        assert kind(wire.answer()) == "RISKLESS"


def test_http_1_0(gate: Gate) -> None:
    """Answered, and the connection ends; with keep-alive asked for, answered all the same."""
    raw = json.dumps({"hes_code": gate.codes[0]}).encode()
    for more in ({}, {"connection": "keep-alive"}):
        with gate.connect() as wire:
            wire.send(request("POST", CHECK, raw, gate.basic | more, version="1.0"))
            assert kind(wire.answer()) == "RISKLESS"
            assert more or wire.at_end()


def test_connection_close(gate: Gate) -> None:
    """The answer says so too, and the connection ends."""
    with gate.connect() as wire:
        wire.send(gate.hot() + gate.hot(connection="close"))
        assert "connection" not in wire.answer().headers
        last = wire.answer()
        assert (kind(last), last.headers["connection"]) == ("RISKLESS", "close")
        assert wire.at_end()


@pytest.mark.parametrize("way", ["hot", "cold", "both"])
def test_a_half_closed_client_gets_its_answers(gate: Gate, way: str) -> None:
    """Who says that nothing more will come is still answered; then the connection ends."""
    sent = {"hot": gate.hot() * 3, "cold": gate.cold() * 3, "both": gate.hot() + gate.cold() + gate.hot()}[way]
    for _ in range(2):  # the first time the password is hashed
        with gate.connect() as wire:
            wire.send(sent)
            wire.half_close()
            assert [wire.answer().status for _ in range(3)] == [200] * 3
            assert wire.at_end()


def test_a_client_that_hangs_up(gate: Gate) -> None:
    """In the middle of a request or before its answer: nobody else notices."""
    for sent in (gate.hot()[:-5], gate.hot()[:60], gate.hot() * 20, gate.cold()[:-2], gate.cold() * 5):
        wire = gate.connect()
        wire.send(sent)
        wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        wire.__exit__()
    with gate.connect() as wire:
        wire.send(gate.hot())
        assert kind(wire.answer()) == "RISKLESS"


@pytest.mark.parametrize("path", [CHECK, BULK, "/api/send-code-to-login", "/_lab/codes"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_of_10_megabytes(gate: Gate, path: str, *, chunked: bool) -> None:
    """413 and a problem, hot and cold; the connection goes on, or ends, but never answers for the wrong request."""
    body = b"[" + b" " * 10_000_000 + b"]"
    head = f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    head += f"authorization: {gate.basic['authorization']}\r\n"
    if chunked:
        pieces = [body[i : i + 100_000] for i in range(0, len(body), 100_000)]
        sent = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
        head += "transfer-encoding: chunked\r\n\r\n"
    else:
        sent = body
        head += f"content-length: {len(body)}\r\n\r\n"
    with gate.connect() as wire:
        writing = threading.Thread(target=wire.send, args=(head.encode() + sent + gate.hot(),))
        writing.start()
        answer = wire.answer()
        assert (answer.status, json.loads(answer.body)["errorKey"]) == (413, "payloadtoolarge")
        assert kind(wire.answer()) == "RISKLESS"
        writing.join()


@pytest.mark.parametrize(
    "rude",
    [
        b"hello\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST " + CHECK.encode() + b" HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"POST " + CHECK.encode() + b" HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello",
        b"POST " + CHECK.encode() + b" HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
        b"GET /\x00 HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\na b: c\r\n\r\n",
    ],
)
def test_what_is_no_http_is_a_400(gate: Gate, rude: bytes) -> None:
    """The connection ends; answers that were under way come first, and in their order."""
    for before in (b"", gate.hot() * 2):
        with gate.connect() as wire:
            wire.send(before + rude)
            answers = [wire.answer() for _ in range(3 if before else 1)]
            assert [answer.status for answer in answers] == ([200, 200, 400] if before else [400])
            assert json.loads(answers[-1].body)["errorKey"] == "badrequest"
            assert wire.at_end()
    with gate.connect() as wire:
        wire.send(gate.hot())
        assert kind(wire.answer()) == "RISKLESS"


def test_odd_but_good_requests(gate: Gate) -> None:
    """A query string, a full URL's host, headers in any case and twice, an upgrade nobody knows, blank lines before."""
    with gate.connect() as wire:
        wire.send(gate.hot(path=CHECK + "?a=b&c"))
        wire.send(b"\r\n\r\n" + gate.hot().replace(b"authorization", b"AuThOrIzAtIoN"))
        wire.send(gate.hot(**{"x-a": "1" * 8000}))
        wire.send(request("POST", CHECK, b'{"hes_code":"' + gate.codes[0].encode() + b'"}', gate.basic | {"x": ""}))
        assert [kind(wire.answer()) for _ in range(4)] == ["RISKLESS"] * 4


def test_another_world_over_a_socket(gate: Gate) -> None:
    """Hot under /w/…; a world that is not there is a 404, and the connection stays."""
    if "other" not in gate.town.worlds:
        gate.town.worlds.make("other", seed=2)
    with gate.connect() as wire:
        wire.send(gate.hot(path="/w/default" + CHECK) + gate.hot(path="/w/other" + CHECK))
        wire.send(gate.hot(path="/w/nowhere" + CHECK) + gate.hot())
        assert [wire.answer().status for _ in range(4)] == [200, 401, 404, 200]


def test_many_connections_at_once(gate: Gate) -> None:
    """Fifty clients, two hundred questions each, all right, all kept."""
    wrong: list[object] = []
    before = gate.town.ministry.queries.count()

    def client(nth: int) -> None:
        code = gate.codes[nth % 3]
        with gate.connect() as wire:
            for _ in range(20):
                wire.send(gate.hot({"hes_code": code}) * 10)
                wrong.extend(a for a in (wire.answer() for _ in range(10)) if (a.status, kind(a)) != (200, "RISKLESS"))

    clients = [threading.Thread(target=client, args=(nth,)) for nth in range(50)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    assert wrong == []
    assert gate.town.ministry.queries.count() == before + 10_000


def test_a_stopping_server_answers_what_is_under_way(own_gate: Gate) -> None:
    """Requests that were asked before the stop are answered, hot and cold; idle connections end."""
    own_gate.town.ministry.world.faults.replace((Delay(share=1, milliseconds=300),))
    with own_gate.connect() as idle, own_gate.connect() as busy, own_gate.connect() as closing:
        idle.send(own_gate.cold())
        assert idle.answer().status == 200
        busy.send(own_gate.hot())
        closing.send(own_gate.hot(connection="close"))
        time.sleep(0.1)
        own_gate.stop()
        assert [kind(busy.answer()), kind(closing.answer())] == ["RISKLESS"] * 2
        assert [wire.at_end() for wire in (idle, busy, closing)] == [True] * 3
    own_gate._thread.join(10)
    with pytest.raises(OSError, match=r"refused|reset"):
        Wire(own_gate.port)


def test_a_server_can_be_left_alone_and_stopped(own_gate: Gate) -> None:
    """Connections that say nothing do not hold it."""
    with own_gate.connect(), own_gate.connect() as half:
        half.send(own_gate.hot()[:40])
        begin = time.monotonic()
        own_gate.stop()
        own_gate._thread.join(10)
        assert time.monotonic() - begin < 5


def test_who_connects_before_the_server_serves_waits(tmp_path: Path) -> None:
    """The socket listens from `bind` on; nobody is refused while the server starts."""
    serving = Gate(Town(data=tmp_path))
    with serving.connect() as early:
        early.send(serving.cold())
        with serving:
            assert kind(early.answer()) == "default"
