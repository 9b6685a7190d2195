"""The stream over a socket: it begins at once, and is over with the connection, however that ends."""

import time
from collections.abc import Callable, Iterator

import pytest

from mockgov.settings import Settings
from mockgov.worlds import Worlds
from tests.mockgov.road import QUICK
from tests.serving import PATIENCE_S, Serving, Wire, request


@pytest.fixture(scope="module")
def served() -> Iterator[Serving]:
    """A server with a small town."""
    worlds = Worlds(settings=Settings(**QUICK))
    worlds.make("default", people=5)
    with Serving(worlds) as made:
        yield made


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def watchers(served: Serving) -> int:
    return int(served.server.config.app.live.watchers)


def open_stream(served: Serving) -> Wire:
    """A connection on which the figures have come."""
    wire = served.connect()
    wire.send(request("GET", "/console/live"))
    heard = b""
    while b"event: minutes" not in heard:
        heard += wire.socket.recv(65_536)
    assert b"text/event-stream" in heard
    assert b"cache-control: no-cache" in heard.lower()
    return wire


def test_a_client_that_goes_is_noticed_at_once(served: Serving) -> None:
    """By an end in order, by half an end, and in the midst of many; others are served meanwhile."""
    wires = [open_stream(served) for _ in range(3)]
    assert watchers(served) == 3
    with served.connect() as other:
        other.send(request("GET", "/_lab/world"))
        assert other.answer().status == 200
    began = time.monotonic()
    wires[0].__exit__(None, None, None)
    wires[1].half_close()
    until(lambda: watchers(served) == 1)
    assert time.monotonic() - began < 5
    wires[2].__exit__(None, None, None)
    until(lambda: watchers(served) == 0)
    wires[1].__exit__(None, None, None)
