"""A door (SMTP, SMPP) on a free port, opened in a background thread's event loop, for ordinary blocking clients."""

import asyncio
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, Self, TypeVar

import uvloop

from mockgov.counters.door import Directory, Door

PATIENCE_S = 30
LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
T = TypeVar("T")


class Twins(dict[str, Any]):
    """A directory of twins of ministries; it knows no world that it does not have, as the real one."""

    def get(self, name: str) -> Any:  # type: ignore[override]  # a directory has no default
        return self[name]

    def whose(self, knows: object) -> str:
        """Twins have made nobody; who names no world is of the default one."""
        del knows
        return "default"


class Opened:
    """`with Opened(door, worlds) as opened:` has the door open at `opened.host`, `opened.port` until the block ends.

    The worlds belong to the loop's thread meanwhile: reach them by `opened.run(lambda: ministry.advance(...))`.
    When the block ends the door is closed, and must have left no task, connection or unhandled exception behind.
    """

    def __init__(self, door: Door, worlds: Directory, *, loop: str = "uvloop") -> None:
        self.door = door
        self.worlds = worlds
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.host, self.port = self._listening.getsockname()
        self.unhandled: list[Mapping[str, Any]] = []
        self.left: list[str] = []
        """Tasks that the closed door has left behind."""
        self._factory = LOOPS[loop]
        self._begun: Future[asyncio.AbstractEventLoop] = Future()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.loop = self._begun.result(PATIENCE_S)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def address(self) -> tuple[str, int]:
        return self.host, self.port

    def run(self, call: Callable[[], T]) -> T:
        """Call something on the loop's thread, and have its answer or exception here."""

        async def called() -> T:
            return call()

        return asyncio.run_coroutine_threadsafe(called(), self.loop).result(PATIENCE_S)

    def close(self) -> None:
        """Close the door, once; a second call does nothing."""
        if not self._thread.is_alive():
            return
        self.loop.call_soon_threadsafe(self._over.set)
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "the door did not close"
        assert self.left == [], "the closed door left tasks behind"
        assert self.unhandled == [], "nobody handled these exceptions"

    def _live(self) -> None:
        with asyncio.Runner(loop_factory=self._factory) as runner:
            runner.run(self._keep_open())

    async def _keep_open(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: self.unhandled.append(context))
        try:
            await self.door.open(self._listening, self.worlds)
        except BaseException as error:  # noqa: BLE001  raised again where the block begins
            self._listening.close()
            self._begun.set_exception(error)
            return
        self._begun.set_result(loop)
        await self._over.wait()
        await self.door.close()
        mine = asyncio.current_task()
        self.left = [repr(task) for task in asyncio.all_tasks() if task is not mine]
