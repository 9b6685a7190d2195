"""Who watches the figures of which world: one reading for all watchers of a world, and none where nobody watches.

A watcher is a request that stays open. It takes the latest reading whenever it has sent the one before, so that a slow
one misses readings and holds nobody up; there is a bound to their number. The readings of a world end with its last
watcher, with the world, or with the server.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from mockgov.console.figures import Figures, Reader
from mockgov.ministry import Ministry

LIVE_KEY: Final = "hes.live"
ENDLESS_KEY: Final = "hes.endless"
"""What a request's scope has where the answer never comes to its end: it is over when the client sends no more."""
TICK_S: Final = 1.0
"""Real seconds between two readings of a world that is watched."""
LONGEST: Final = 120
"""Readings after which a stream ends (chosen here): whoever still looks asks again, and who has died away is gone."""
WATCHERS: Final = 64
"""Open streams of one server at most (chosen here)."""

log = logging.getLogger("mockgov")


class TooManyWatchersError(Exception):
    """No further stream is opened now."""


class Gallery:
    """The watchers of one world."""

    def __init__(self) -> None:
        self.watchers = 0
        self.latest: Figures | None = None
        self.turn = asyncio.Event()
        """Set when the next reading is there, or none will come."""
        self.readings = 0
        self.is_over = False


class Live:
    """The watchers of a server."""

    def __init__(self, ministries: Callable[[], Mapping[str, Ministry]]) -> None:
        """`ministries` gives each world's by name, as they are when it is called."""
        self.ministries = ministries
        self._readers: dict[str, Reader] = {}
        self._galleries: dict[str, Gallery] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._has_ended = False

    @property
    def watchers(self) -> int:
        """How many streams are open."""
        return sum(gallery.watchers for gallery in self._galleries.values())

    def read(self, ministry: Ministry) -> Figures:
        """The figures of a world now."""
        known = self.ministries()
        for name in [name for name, reader in self._readers.items() if known.get(name) is not reader.ministry]:
            del self._readers[name]
        name = ministry.world.name
        if name not in self._readers:
            self._readers[name] = Reader(ministry)
        return self._readers[name].read()

    @contextmanager
    def watching(self, name: str) -> Iterator[AsyncIterator[Figures]]:
        """Readings of a world, one after the other, for as long as this is open. Raises `TooManyWatchersError`."""
        if self._has_ended or self.watchers >= WATCHERS:
            raise TooManyWatchersError
        gallery = self._galleries.get(name)
        if gallery is None:
            gallery = self._galleries[name] = Gallery()
            task = asyncio.get_running_loop().create_task(self._run(name, gallery))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        gallery.watchers += 1
        try:
            yield _readings(gallery)
        finally:
            gallery.watchers -= 1
            if not gallery.watchers:
                self._close(name, gallery)

    def end(self) -> None:
        """Let every stream come to its end: the server is going to."""
        self._has_ended = True
        for name, gallery in list(self._galleries.items()):
            self._close(name, gallery)

    async def _run(self, name: str, gallery: Gallery) -> None:
        try:
            while not gallery.is_over and (ministry := self.ministries().get(name)) is not None:
                gallery.latest = self.read(ministry)
                gallery.readings += 1
                turn, gallery.turn = gallery.turn, asyncio.Event()
                turn.set()
                await asyncio.sleep(TICK_S)
        except Exception:
            log.exception("The figures of world %s cannot be read; who watches them is sent away.", name)
        finally:
            self._close(name, gallery)

    def _close(self, name: str, gallery: Gallery) -> None:
        gallery.is_over = True
        gallery.turn.set()
        if self._galleries.get(name) is gallery:
            del self._galleries[name]


async def _readings(gallery: Gallery) -> AsyncIterator[Figures]:
    last = gallery.readings + LONGEST
    while not gallery.is_over and gallery.readings < last:
        turn = gallery.turn
        if gallery.latest is not None:
            yield gallery.latest
        await turn.wait()
