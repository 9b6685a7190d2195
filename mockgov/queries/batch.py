"""The batch: what turns many single questions into few look-ups and few waits for the disk.

Questions that arrive in one turn of the event loop are looked up together. Their rows are appended and committed
as soon as no earlier commit is under way; while one is, what arrives is looked up and waits its turn. There is no
timer: load makes batches larger and the cost of a question smaller, and a lone question waits for nobody.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from mockgov.queries.messages import Answer, Asked, Query
from mockgov.queries.service import Queries

Done = Callable[[Sequence[Answer] | None, BaseException | None], None]
"""Called once, on the loop, with the answers (durable by then) or with what went wrong."""


class Batch:
    """Collects the questions of one world on one event loop."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries
        self._arrived: list[tuple[Sequence[Query], Done]] = []
        self._ready: list[tuple[Sequence[Answer], Done]] = []
        self._rows: list[Asked] = []
        self._committing = False
        self._scheduled = False
        self._worker = ThreadPoolExecutor(1, "audit-commit") if queries.store.off_loop else None

    def submit(self, queries: Sequence[Query], done: Done) -> None:
        """Ask; `done` is called when the answers may leave. Call it on the loop's thread."""
        self._arrived.append((queries, done))
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._look_up)

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
        """Wait for the commit under way, then end the worker thread."""
        if self._worker is not None:
            self._worker.shutdown()

    def _look_up(self) -> None:
        self._scheduled = False
        arrived, self._arrived = self._arrived, []
        questions = [query for queries, _ in arrived for query in queries]
        try:
            answers, rows = self._queries.look_up(questions)
        except Exception as error:  # noqa: BLE001  every asker must hear of it
            for _, done in arrived:
                done(None, error)
            return
        at = 0
        for queries, done in arrived:
            self._ready.append((answers[at : at + len(queries)], done))
            at += len(queries)
        self._rows.extend(rows)
        if not self._committing:
            self._write()

    def _write(self) -> None:
        ready, self._ready = self._ready, []
        rows, self._rows = self._rows, []
        try:
            self._queries.store.append(rows)
            if self._worker is None:
                self._queries.store.commit()
        except Exception as error:  # noqa: BLE001  every asker must hear of it
            _deliver(ready, error)
            return
        if self._worker is None:
            _deliver(ready, None)
            return
        self._committing = True
        loop = asyncio.get_running_loop()
        commit = self._worker.submit(self._queries.store.commit)
        commit.add_done_callback(lambda result: loop.call_soon_threadsafe(self._committed, ready, result))

    def _committed(self, ready: list[tuple[Sequence[Answer], Done]], result: "Future[None]") -> None:
        self._committing = False
        if self._ready:
            self._write()
        _deliver(ready, result.exception())


def _deliver(ready: list[tuple[Sequence[Answer], Done]], error: BaseException | None) -> None:
    for answers, done in ready:
        if error is None:
            done(answers, None)
        else:
            done(None, error)
