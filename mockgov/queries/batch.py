"""The batch: what turns many single questions into few look-ups and few waits for the disk.

Questions that arrive in one turn of the event loop are looked up together, their rows are appended together, and
one commit makes them durable. While it waits for the disk, on a worker thread, the loop reads what comes next; what
has arrived when the answers have been handed out makes the next batch. There is no timer: load makes batches larger
and the cost of a question smaller, and a lone question waits for nobody.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from mockgov.queries.messages import Answer, Query
from mockgov.queries.service import Queries

Done = Callable[[Sequence[Answer] | None, BaseException | None], None]
"""Called once, on the loop, with the answers (durable by then) or with what went wrong."""

Asking = tuple[Sequence[Query], Done]


class Batch:
    """Collects the questions of one world on one event loop."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries
        self._arrived: list[Asking] = []
        self._scheduled = False
        """Whether a batch will begin without being asked to: soon, or when the commit under way has ended."""
        self._worker = ThreadPoolExecutor(1, "audit-commit") if queries.store.off_loop else None
        self.is_closed = False
        """Whether the world was put back or dropped, and nobody is answered any more."""

    def submit(self, queries: Sequence[Query], done: Done) -> None:
        """Ask; `done` is called when the answers may leave. Call it on the loop's thread."""
        self._arrived.append((queries, done))
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._begin)

    async def ask(self, queries: Sequence[Query]) -> Sequence[Answer]:
        """Ask and wait for the answers."""
        future: asyncio.Future[Sequence[Answer]] = asyncio.get_running_loop().create_future()

        def done(answers: Sequence[Answer] | None, error: BaseException | None) -> None:
            if future.done():
                return
            if error is not None or answers is None:
                future.set_exception(error or RuntimeError("no answer"))
            else:
                future.set_result(answers)

        self.submit(queries, done)
        return await future

    def close(self) -> None:
        """Wait for the commit under way, end the worker thread, and answer whoever has asked by now."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.shutdown()
        self._begin()
        self.is_closed = True

    def _begin(self) -> None:
        """Look up and append what has arrived, and have it committed."""
        arrived, self._arrived = self._arrived, []
        self._scheduled = bool(arrived) and self._worker is not None
        if not arrived:
            return
        try:
            answers, rows = self._queries.look_up([query for queries, _ in arrived for query in queries])
            self._queries.store.append(rows)
            if self._worker is not None:
                self._worker.submit(self._commit, asyncio.get_running_loop(), arrived, answers)
                return
            self._queries.store.commit()
        except Exception as error:  # noqa: BLE001  every asker must hear of it
            self._scheduled = False
            _deliver(arrived, None, error)
        else:
            _deliver(arrived, answers, None)

    def _commit(self, loop: asyncio.AbstractEventLoop, arrived: list[Asking], answers: Sequence[Answer]) -> None:
        """On the worker thread: wait for the disk."""
        failure: Exception | None = None
        try:
            self._queries.store.commit()
        except Exception as error:  # noqa: BLE001  every asker must hear of it
            failure = error
        with suppress(RuntimeError):  # the loop has ended, and nobody waits any more
            loop.call_soon_threadsafe(self._committed, arrived, answers, failure)

    def _committed(self, arrived: list[Asking], answers: Sequence[Answer], failure: Exception | None) -> None:
        """Answer; begin the next batch one turn of the loop later, so that who asks again at once is in it."""
        asyncio.get_running_loop().call_soon(self._begin)
        _deliver(arrived, answers, failure)


def _deliver(arrived: list[Asking], answers: Sequence[Answer] | None, error: Exception | None) -> None:
    if error is not None or answers is None:
        for _, done in arrived:
            done(None, error)
        return
    at = 0
    for queries, done in arrived:
        end = at + len(queries)
        done(answers[at:end], None)
        at = end
