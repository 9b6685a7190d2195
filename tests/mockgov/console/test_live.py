"""Streams of figures: shared readings, a bound, and an end with the client, the world and the server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from mockgov.console import live
from mockgov.console.live import LIVE_KEY, Live, TooManyWatchersError
from mockgov.counters.context import SCOPE_KEY
from tests.mockgov.counters.town import Town


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits a second for a reading."""
    monkeypatch.setattr(live, "TICK_S", 0.01)


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    yield made
    made.close()


def test_watchers_share_readings_and_end_with_the_last(town: Town) -> None:
    """Ten watchers, one task; when they go, it goes."""

    async def scene() -> None:
        watched = Live(lambda: town.worlds.ministries)
        with ExitStack() as stack:
            streams = [stack.enter_context(watched.watching("default")) for _ in range(10)]
            readings = [await anext(stream) for stream in streams]
            assert watched.watchers == 10
            assert len(asyncio.all_tasks()) == 2
            assert all(reading is readings[0] for reading in readings)
        assert watched.watchers == 0
        await asyncio.sleep(0.05)
        assert len(asyncio.all_tasks()) == 1
        with watched.watching("default") as stream:
            assert (await anext(stream)).stock.people == 4

    asyncio.run(scene())


def test_there_is_a_bound(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over all worlds together; who goes makes room."""
    monkeypatch.setattr(live, "WATCHERS", 2)
    town.worlds.make("other")

    async def scene() -> None:
        watched = Live(lambda: town.worlds.ministries)
        with watched.watching("default"), watched.watching("other"):
            with pytest.raises(TooManyWatchersError), watched.watching("default"):
                pass
            assert watched.watchers == 2
        with watched.watching("default"):
            assert watched.watchers == 1

    asyncio.run(scene())


async def to_the_end(stream: AsyncIterator[Any]) -> int:
    return len([reading async for reading in stream])


def test_a_stream_ends_with_its_world_and_with_the_server(town: Town) -> None:
    """Nobody waits for ever."""
    town.worlds.make("other")

    async def scene() -> None:
        watched = Live(lambda: town.worlds.ministries)
        with watched.watching("other") as other, watched.watching("default") as default:
            await anext(other)
            town.worlds.drop("other")
            await asyncio.wait_for(to_the_end(other), 5)
            await anext(default)
            watched.end()
            await asyncio.wait_for(to_the_end(default), 5)
            with pytest.raises(TooManyWatchersError), watched.watching("default"):
                pass
        assert watched.watchers == 0

    asyncio.run(scene())


def test_a_stream_is_not_for_ever(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many readings whoever still looks has to ask again; others of the world go on."""
    monkeypatch.setattr(live, "LONGEST", 3)

    async def scene() -> None:
        watched = Live(lambda: town.worlds.ministries)
        with watched.watching("default") as first:
            assert 1 <= await asyncio.wait_for(to_the_end(first), 5) <= 3
            with watched.watching("default") as second:
                await anext(second)
                assert watched.watchers == 2

    asyncio.run(scene())


def test_a_world_that_was_made_anew_is_read_anew(town: Town) -> None:
    """The same name, another ministry: what was counted of the old one is gone."""
    watched = Live(lambda: town.worlds.ministries)
    made = town.worlds.make("other", people=10)
    assert watched.read(made).stock.people == 10
    town.worlds.drop("other")
    assert watched.read(town.worlds.make("other")).stock.people == 0


def test_a_reading_that_fails_sends_watchers_away(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """With a line in the log, and not the server's end."""

    async def scene() -> None:
        watched = Live(lambda: town.worlds.ministries)
        with watched.watching("default") as stream:
            await anext(stream)
            monkeypatch.setattr(town.ministry.queries.store, "lately", None)
            await asyncio.wait_for(to_the_end(stream), 5)

    asyncio.run(scene())
    assert "The figures of world default cannot be read" in caplog.text


class Client:
    """Somebody who opens the stream over ASGI, reads, and goes when told to."""

    def __init__(self, town: Town, query: str = "") -> None:
        self.town = town
        self.query = query
        self.gone = asyncio.Event()
        self.heard = asyncio.Event()
        self.asked = False
        self.status = 0
        self.body = b""

    async def run(self) -> None:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "path": "/console/live",
            "raw_path": b"/console/live",
            "root_path": "",
            "query_string": self.query.encode(),
            "headers": [],
            "scheme": "http",
            "server": ("test", 80),
        }
        await self.town.front(scope, self.receive, self.send)

    async def receive(self) -> dict[str, Any]:
        if not self.asked:
            self.asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        self.body += message.get("body", b"")
        if b"event: minutes" in self.body:
            self.heard.set()


def test_who_goes_leaves_nothing_behind(town: Town) -> None:
    """The stream tells every part once, again only when it has changed, and ends with the connection."""

    async def scene() -> None:
        one, two = Client(town), Client(town, "lang=en")
        tasks = [asyncio.create_task(client.run()) for client in (one, two)]
        await asyncio.wait_for(asyncio.gather(one.heard.wait(), two.heard.wait()), 10)
        assert town.front.live.watchers == 2
        one.gone.set()
        await asyncio.wait_for(tasks[0], 5)
        assert town.front.live.watchers == 1
        await asyncio.sleep(0.1)
        assert two.body.count(b"event: ") == 4
        town.advance(hours=1)
        await asyncio.sleep(0.1)
        two.gone.set()
        await asyncio.wait_for(tasks[1], 5)
        assert town.front.live.watchers == 0
        await asyncio.sleep(0.05)
        assert len(asyncio.all_tasks()) == 1
        assert "Son 60 dakikada sorgu" in one.body.decode()
        assert "Queries in 60 minutes" in two.body.decode()
        assert two.body.count(b"event: figures") == 2

    asyncio.run(scene())


def test_one_too_many_is_told_when_to_come_back(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 with Retry-After, as a problem; the page itself still comes."""
    monkeypatch.setattr(live, "WATCHERS", 0)
    answer = town.client.get("/console/live")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert "Too many pages are live" in answer.json()["detail"]
    assert town.client.get("/console").status_code == 200


def test_the_front_hands_everybody_their_own_world(town: Town) -> None:
    """And the watchers of its server."""
    seen: dict[str, Any] = {}

    async def spy(scope: Any, *_: Any) -> None:
        seen.update(scope)

    town.front.api = spy
    asyncio.run(town.front({"type": "http", "path": "/console", "headers": [], "method": "GET"}, None, None))
    assert seen[LIVE_KEY] is town.front.live
    assert seen[SCOPE_KEY] is town.ministry
