"""A head that a connection sends again is not parsed again; nobody can tell but by the time it takes."""

import json
from collections.abc import Iterator

import pytest

from mockgov.faults import Refuse
from tests.mockgov.counters.town import LABEL, Town, basic
from tests.serving import Serving, Wire, request

CHECK = "/services/g2g/saglik/hes/check-hes-code"
NAME = f"{LABEL}-G2G-HES"


@pytest.fixture
def wire(town: Town) -> Iterator[Wire]:
    """A connection to the town's server."""
    with Serving(town.worlds) as server, server.connect() as connected:
        yield connected


def asking(town: Town, code: str, *, path: str = CHECK) -> bytes:
    """A request; for codes of ten characters the heads are the same."""
    body = json.dumps({"hes_code": code}).encode()
    return request("POST", path, body, {"authorization": basic(NAME, town.passwords[NAME])})


def status(wire: Wire, *sent: bytes) -> int:
    """What a request is answered with."""
    wire.send(*sent)
    return wire.answer().status


def test_each_body_has_its_own_answer(town: Town, wire: Wire) -> None:
    """One head, three people."""
    for holder in (town.mother, town.stranger, town.father, town.mother):
        wire.send(asking(town, town.issue(holder).text))
        shown = json.loads(wire.answer().body)["masked_identity_number"]
        assert shown == holder.identity.masked
    assert status(wire, asking(town, "A0A0000010")) == 400
    assert town.ministry.queries.count() == 5


def test_a_rotated_password_opens_no_more(town: Town, wire: Wire) -> None:
    """The very bytes that were answered a moment ago are refused."""
    asked = asking(town, town.issue().text)
    assert [status(wire, asked), status(wire, asked)] == [200, 200]
    town.ministry.credentials.rotate(NAME)
    assert status(wire, asked) == 401


def test_a_planted_fault_strikes_at_once(town: Town, wire: Wire) -> None:
    """And the connection works again when it is gone."""
    asked = asking(town, town.issue().text)
    assert [status(wire, asked), status(wire, asked)] == [200, 200]
    town.ministry.world.faults.replace((Refuse(share=1),))
    assert status(wire, asked) == 503
    town.ministry.world.faults.replace(())
    assert status(wire, asked) == 200


def test_a_dropped_world_is_gone(town: Town, wire: Wire) -> None:
    """Its path is answered 404, whatever was remembered of it."""
    town.worlds.fork("default", "second")
    asked = asking(town, town.issue().text, path=f"/w/second{CHECK}")
    assert [status(wire, asked), status(wire, asked)] == [400, 400]
    town.worlds.drop("second")
    assert status(wire, asked) == 404


@pytest.mark.parametrize("cut", [1, 30, -20, -1])
def test_the_second_may_come_in_pieces(town: Town, wire: Wire, cut: int) -> None:
    """Wherever it is cut."""
    asked = asking(town, town.issue().text)
    assert [status(wire, asked), status(wire, asked[:cut], asked[cut:]), status(wire, asked)] == [200, 200, 200]


def test_the_second_may_come_with_a_third(town: Town, wire: Wire) -> None:
    """Two requests in one packet are two."""
    asked = asking(town, town.issue().text)
    assert status(wire, asked) == 200
    wire.send(asked + asked)
    assert [wire.answer().status, wire.answer().status] == [200, 200]


def test_chunks_are_read_as_chunks_each_time(town: Town, wire: Wire) -> None:
    """A body without a content-length is parsed, even where its framing looks like the end of a head."""
    body = b'{"hes_code":\r\n\r\n"%b"}' % town.issue().text.encode()
    head = request("POST", CHECK, b"", {"authorization": basic(NAME, town.passwords[NAME])})
    head = head.replace(b"content-length: 0\r\n", b"transfer-encoding: chunked\r\n")
    chunked = head + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    assert [status(wire, chunked) for _ in range(3)] == [200, 200, 200]
