"""Who makes the runs: this process, processes beside it, or Dask on this machine or a cluster.

All yield each batch once, with its place and its rows, in the order in which they end. None of them loses a batch
whose worker is killed: it is given to another. A batch that kills its workers each time yields None.
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait as ready
from threading import Thread
from time import sleep
from typing import Any, Literal, Protocol, TypeAlias

from sim.experiments.journal import Row

Kind: TypeAlias = Literal["serial", "processes", "dask"]
Work: TypeAlias = Callable[[Any], list[Row]]
Finished: TypeAlias = tuple[int, list[Row] | None]
DEATHS = 3
"""How many workers a batch may take with it before it is given up."""
LONELY_S = 120.0
"""Seconds without any worker after which a cluster is given up. Chosen here: a cluster may take a while to begin."""
ASK_S = 5.0
"""Seconds at most between two questions to its scheduler who is there."""
LOOK_S = 0.02
"""Seconds between two looks at what has ended there."""


class ExecutorError(RuntimeError):
    """There is nobody left to make runs; those on record stay."""


class Executor(Protocol):
    """Makes runs."""

    def run(self, work: Work, batches: Sequence[Any]) -> Iterator[Finished]:
        """Do the work on every batch; raises `ExecutorError` if that becomes impossible."""


class Serial:
    """One batch after the other, here."""

    def run(self, work: Work, batches: Sequence[Any]) -> Iterator[Finished]:
        """Do the work on every batch."""
        for place, batch in enumerate(batches):
            yield place, work(batch)


class Processes:
    """Processes on this machine, started afresh (spawn) and kept until `close`."""

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise ValueError(f"{workers} workers are none")
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def run(self, work: Work, batches: Sequence[Any]) -> Iterator[Finished]:
        """Do the work on every batch.

        Who killed a worker is not told, and all others of its pool die with it. So the batches that were in work are
        suspects: they are done one at a time, which finds out the one that does it.
        """
        waiting, suspects = deque(range(len(batches))), deque[int]()
        deaths = dict.fromkeys(waiting, 0)
        running: dict[Future[list[Row]], int] = {}
        while waiting or suspects or running:
            alone = bool(suspects)
            queue, most = (suspects, 1) if alone else (waiting, self._workers)
            while queue and len(running) < most:
                place = queue.popleft()
                running[self._submit(work, batches[place])] = place
            done = wait(running, return_when=FIRST_COMPLETED).done
            if any(isinstance(future.exception(), BrokenProcessPool) for future in done):
                done = wait(running).done  # all of this pool
                self.close()
            for future in done:
                place = running.pop(future)
                if not isinstance(future.exception(), BrokenProcessPool):
                    yield place, future.result()
                    continue
                deaths[place] += alone
                if deaths[place] < DEATHS:
                    suspects.append(place)
                else:
                    yield place, None

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _submit(self, work: Work, batch: Any) -> "Future[list[Row]]":
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._workers, get_context("spawn"), initializer=_end_quietly)
        try:
            return self._pool.submit(work, batch)
        except BrokenProcessPool as broken:  # it broke since: the batch is told so like the others
            future: Future[list[Row]] = Future()
            future.set_exception(broken)
            return future


class Dask:
    """A cluster's scheduler, through its client."""

    def __init__(self, client: Any, *, lonely_s: float = LONELY_S) -> None:
        self._client, self._lonely_s = client, lonely_s

    def run(self, work: Work, batches: Sequence[Any]) -> Iterator[Finished]:
        """Do the work on every batch; Dask itself gives a killed worker's batches to others."""
        distributed = import_module("distributed")
        places = {self._client.submit(work, batch, pure=False): place for place, batch in enumerate(batches)}
        try:
            for future in self._ended(distributed.as_completed(list(places))):
                place = places.pop(future)
                if future.status == "cancelled":
                    raise ExecutorError("the scheduler is gone; what is on record stays: start again to go on")
                error = future.exception()
                if error is not None and not isinstance(error, distributed.KilledWorker):
                    raise ExecutorError(
                        f"a worker cannot do its work, though it may lack what is installed here: {error}"
                    )
                yield place, None if error is not None else future.result()
        finally:
            if places and self._client.status == "running":
                self._client.cancel(list(places))

    def _ended(self, waiting: Any) -> Iterator[Any]:
        """Futures as they end; raises `ExecutorError` if nobody has been there for long who could end them."""
        lonely_s = unasked_s = 0.0
        while not waiting.is_empty():
            if waiting.has_ready():
                yield from waiting.next_batch(block=False)
                lonely_s = unasked_s = 0.0
                continue
            sleep(LOOK_S)
            unasked_s += LOOK_S
            if unasked_s < min(ASK_S, self._lonely_s / 4):
                continue
            is_lonely = self._client.status == "running" and not self._client.scheduler_info(n_workers=1)["workers"]
            lonely_s, unasked_s = (lonely_s + unasked_s) * is_lonely, 0.0
            if lonely_s >= self._lonely_s:
                raise ExecutorError(
                    f"the scheduler has had no worker for {self._lonely_s:.0f} s; start workers for it (dask worker "
                    "ADDRESS) and give the same command again: what is on record stays, and only the rest is run"
                )


@contextmanager
def executor(
    kind: Kind, *, workers: int = 2, scheduler: str | None = None, patience: float = 10, lonely_s: float = LONELY_S
) -> Iterator[Executor]:
    """Somebody to make runs, as long as the context lasts.

    `scheduler` is the address of a Dask cluster, such as tcp://10.0.0.1:8786; without one, `dask` starts `workers`
    processes on this machine. `patience` is how many seconds its answer may take, `lonely_s` how many it may be without
    any worker.

    Raises:
        ExecutorError: if Dask is not installed, or nobody answers at the address.
    """
    if kind == "serial":
        yield Serial()
    elif kind == "processes":
        processes = Processes(workers)
        try:
            yield processes
        finally:
            processes.close()
    else:
        with _dask_client(workers, scheduler, patience) as client:
            yield Dask(client, lonely_s=lonely_s)


@contextmanager
def _dask_client(workers: int, scheduler: str | None, patience: float) -> Iterator[Any]:
    try:
        distributed: Any = import_module("distributed")  # an extra, and slow to load
    except ImportError as missing:
        raise ExecutorError("Dask is not installed: pip install 'hes-sandbox[sweep]'") from missing
    if scheduler is None:
        with (
            distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
            distributed.Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = distributed.Client(scheduler, timeout=patience)
    except OSError as silent:
        raise ExecutorError(f"no Dask scheduler answers at {scheduler}") from silent
    with client:
        yield client


def _end_quietly() -> None:
    """Let ctrl-C end a worker at once, without a traceback from each; and let none outlive what began it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if (parent := parent_process()) is not None:
        Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    """Wait for the end of the process that began this one, and end: it may have been killed without a word."""
    ready([sentinel])
    os._exit(1)
