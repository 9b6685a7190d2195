"""Who makes the runs: whatever dies, every run is there once and right."""

import json
import os
import signal
import socket
import subprocess
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import pytest

from sim.experiments.executors import Dask, Executor, ExecutorError, Processes, Serial, executor
from sim.experiments.journal import Journal, JournalError
from sim.experiments.tasks import LOST, Progress, Task, Workshop
from tests.sim.experiments.toy import Spread, Toy, cases, moody, mortal, slow


def tasks(tests, folder="", seeds=range(3)):
    return [Task(Toy(spread=Spread(tests=count), folder=str(folder)), seed) for count in tests for seed in seeds]


def products(rows):
    return [row.numbers.get("product") for row in rows]


class Watched(Serial):
    """The serial executor, counting what it was asked to do; it may break off."""

    def __init__(self, after: int = 10**9) -> None:
        self.asked, self.after = 0, after

    def run(self, work, batches):
        for place, rows in super().run(work, batches):
            if self.asked == self.after:
                raise KeyboardInterrupt
            self.asked += 1
            yield place, rows


def shop(executor: Executor, folder=None, **more) -> Workshop:
    return Workshop(executor=executor, journal=Journal(folder), **more)


@contextmanager
def dask(workers=2):
    """A cluster on this machine, and its client."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with executor("dask", workers=workers) as found:
            assert isinstance(found, Dask)
            yield found


def test_rows_come_in_the_order_of_the_tasks():
    """With the numbers, or the sentence why there are none; others go on."""
    rows = shop(Serial()).finish(tasks([2, 3, 4]), moody)
    assert products(rows) == [2, 4, 6, None, None, None, 4, 8, 12]
    assert {row.failure for row in rows} == {"", "RuntimeError: three tests bring bad luck"}


def test_what_is_on_record_is_not_run_again(tmp_path):
    """Broken off by ctrl-C after four runs, the experiment goes on with the fifth; a larger one runs what is new."""
    with pytest.raises(KeyboardInterrupt):
        shop(Watched(after=4), tmp_path).finish(tasks([1, 2, 3]), moody)
    assert len(Journal(tmp_path).rows()) == 4
    for planned, asked in (([1, 2, 3], 5), ([1, 2, 3], 0), ([2, 3, 4, 1], 3)):
        watched = Watched()
        rows = shop(watched, tmp_path).finish(tasks(planned), moody)
        assert watched.asked == asked
        assert rows == shop(Serial()).finish(tasks(planned), moody)


def test_what_is_missing_is_known_before(tmp_path):
    """Equal tasks once; more seeds than before need the new ones alone."""
    work = shop(Serial(), tmp_path)
    assert work.missing(tasks([1, 1, 2], seeds=range(2)), moody) == tasks([1, 2], seeds=range(2))
    work.finish(tasks([1, 2], seeds=range(2)), moody)
    assert work.missing(tasks([1, 2], seeds=range(3)), moody) == tasks([1, 2], seeds=[2])


def test_failures_are_tried_again_only_on_request(tmp_path):
    """A failure is a result as well."""
    shop(Serial(), tmp_path).finish(tasks([3]), moody)
    for again, asked in ((False, 0), (True, 3)):
        watched = Watched()
        shop(watched, tmp_path, again=again).finish(tasks([3]), moody)
        assert watched.asked == asked


def test_another_headline_is_another_run(tmp_path):
    """Rows are kept by scenario, seed, headline and edition."""
    assert products(shop(Serial(), tmp_path).finish(tasks([2]), moody)) == [2, 4, 6]
    for headline, edition in ((cases, ""), (moody, "2.0")):
        watched = Watched()
        shop(watched, tmp_path, edition=edition).finish(tasks([2]), headline)
        assert watched.asked == 3


def test_equal_tasks_are_run_once():
    """And all of them have the row."""
    watched = Watched()
    assert products(shop(watched).finish(tasks([2, 2]), moody)) == [2, 4, 6, 2, 4, 6]
    assert watched.asked == 3


def test_a_line_that_was_being_written_is_cut_off(tmp_path):
    """What is on record before it stays; what is damaged elsewhere is told."""
    shop(Serial(), tmp_path).finish(tasks([2]), moody)
    file = tmp_path / "runs.jsonl"
    whole = file.read_bytes()
    for torn in (1, 20, len(whole.splitlines()[-1])):
        file.write_bytes(whole[:-torn])
        assert len(Journal(tmp_path).rows()) == 2
        watched = Watched()
        assert products(shop(watched, tmp_path).finish(tasks([2]), moody)) == [2, 4, 6]
        assert watched.asked == 1
        assert sorted(map(json.loads, file.read_text().splitlines()), key=str) == sorted(
            map(json.loads, whole.decode().splitlines()), key=str
        )
    file.write_bytes(b"{\n" + whole)
    with pytest.raises(JournalError, match=r"line 1 is damaged"):
        Journal(tmp_path)


def test_progress_counts_what_is_on_record_and_tells_the_time_left(tmp_path):
    """By the pace of this session alone."""
    shop(Serial(), tmp_path).finish(tasks([2]), moody)
    told: list[Progress] = []
    ticks = iter(range(0, 100, 10))
    shop(Serial(), tmp_path, progress=told.append, stopwatch=lambda: next(ticks)).finish(tasks([2, 4]), moody)
    assert told == [(3, 6, None), (4, 6, 20.0), (5, 6, 10.0), (6, 6, 0.0)]


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_batches_change_nothing(tmp_path, batch):
    """Nor do two processes: the rows are the same."""
    with executor("processes", workers=2) as processes:
        rows = shop(processes, tmp_path, batch=batch).finish(tasks([2, 3, 4]), moody)
    assert rows == shop(Serial()).finish(tasks([2, 3, 4]), moody)
    assert len((tmp_path / "runs.jsonl").read_text().splitlines()) == 9


def test_a_process_that_is_killed_loses_nothing(tmp_path):
    """The run that died is made again; one that kills its process each time is lost alone, and tried next time."""
    (tmp_path / "marks").mkdir()
    planned = tasks([1, 2, 5, 6], tmp_path / "marks", seeds=[0])
    with executor("processes", workers=2) as processes:
        rows = shop(processes, tmp_path).finish(planned, mortal)
    assert products(rows) == [1, 2, None, 6]
    assert [row.failure for row in rows] == ["", "", LOST, ""]
    assert len(Journal(tmp_path).rows()) == 3
    watched = Watched()
    shop(watched, tmp_path).finish(tasks([1, 2, 6], tmp_path / "marks", seeds=[0]), mortal)
    assert watched.asked == 0


def test_workers_are_at_least_one():
    """None cannot do anything."""
    with pytest.raises(ValueError, match=r"0 workers"):
        Processes(0)


def test_a_scheduler_that_does_not_answer_is_told():
    """In a sentence."""
    with (
        warnings.catch_warnings(),
        pytest.raises(ExecutorError, match=r"no Dask scheduler answers at tcp://127.0.0.1:9"),
        executor("dask", scheduler="tcp://127.0.0.1:9", patience=0.5),
    ):
        pass


@pytest.mark.slow
def test_a_dask_worker_that_is_killed_loses_nothing(tmp_path):
    """`kill -9` in the middle: every row is there once and right, in memory and on disk."""
    (tmp_path / "pids").mkdir()
    planned = tasks([1, 2, 3, 4], tmp_path / "pids", seeds=range(8))
    killed = []

    def kill_one() -> None:
        deadline = monotonic() + 60
        while monotonic() < deadline and not (pids := list((tmp_path / "pids").glob("*.pid"))):
            sleep(0.02)
        sleep(0.4)
        killed.append(int(pids[0].stem))
        os.kill(killed[0], signal.SIGKILL)

    with dask() as cluster:
        killer = Thread(target=kill_one)
        killer.start()
        rows = shop(cluster, tmp_path).finish(planned, slow)
        killer.join()
    assert len(killed) == 1
    assert products(rows) == products(shop(Serial()).finish(planned, moody))
    written = [json.loads(line)["key"] for line in (tmp_path / "runs.jsonl").read_text().splitlines()]
    assert sorted(written) == sorted(row.key for row in rows)


@pytest.mark.slow
def test_a_cluster_without_any_worker_is_told(tmp_path):
    """In a sentence with what to do, and not waited for; what was finished stays."""
    distributed = pytest.importorskip("distributed")
    shop(Serial(), tmp_path).finish(tasks([1]), moody)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with (
            distributed.LocalCluster(n_workers=0, dashboard_address=None) as cluster,
            executor("dask", scheduler=cluster.scheduler_address, lonely_s=0.4) as nobody,
            pytest.raises(ExecutorError, match=r"no worker for 0 s; start workers for it .* only the rest is run"),
        ):
            shop(nobody, tmp_path).finish(tasks([1, 2]), moody)
    assert len(Journal(tmp_path).rows()) == 3


SWEEP = """
from pathlib import Path
from sim.experiments.executors import executor
from sim.experiments.journal import Journal
from sim.experiments.tasks import Workshop
from tests.sim.experiments.test_executors import tasks
from tests.sim.experiments.toy import slow
import sys
if __name__ == "__main__":
    folder = Path(sys.argv[1])
    with executor("processes", workers=2) as processes:
        Workshop(executor=processes, journal=Journal(folder)).finish(tasks([1, 2, 4], folder / "pids", range(8)), slow)
"""


@pytest.mark.slow
def test_a_sweep_that_is_killed_goes_on(tmp_path):
    """`kill -9` to the program itself, in the middle: what was finished is not run again."""
    (tmp_path / "pids").mkdir()
    program = subprocess.Popen([sys.executable, "-c", SWEEP, str(tmp_path)], start_new_session=True)
    journal = tmp_path / "runs.jsonl"
    deadline = monotonic() + 60
    while monotonic() < deadline and not (journal.is_file() and journal.read_bytes().count(b"\n") >= 4):
        sleep(0.02)
    os.killpg(program.pid, signal.SIGKILL)
    program.wait()
    before = len(Journal(tmp_path).rows())
    assert 4 <= before < 24
    watched = Watched()
    planned = tasks([1, 2, 4], tmp_path / "pids", range(8))
    rows = shop(watched, tmp_path).finish(planned, slow)
    assert watched.asked == 24 - before
    assert products(rows) == products(shop(Serial()).finish(planned, moody))


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="tells the living from the dead by /proc")
def test_workers_end_with_the_program_that_began_them(tmp_path):
    """`kill -9` to the program alone: none of its processes stays behind with its memory."""
    (tmp_path / "pids").mkdir()
    program = subprocess.Popen([sys.executable, "-c", SWEEP, str(tmp_path)], start_new_session=True)
    deadline = monotonic() + 60
    while monotonic() < deadline and len(list((tmp_path / "pids").glob("*.pid"))) < 2:
        sleep(0.02)
    workers = [int(path.stem) for path in (tmp_path / "pids").glob("*.pid")]
    assert len(workers) == 2
    os.kill(program.pid, signal.SIGKILL)
    program.wait()
    deadline = monotonic() + 20
    while monotonic() < deadline and any(map(lives, workers)):
        sleep(0.05)
    assert not any(map(lives, workers))


def lives(pid: int) -> bool:
    """Whether a process does anything any more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow
def test_a_scheduler_that_is_killed_loses_nothing(tmp_path):
    """A cluster by its address; its scheduler gets `kill -9`: a sentence, and what was finished is not run again."""
    (tmp_path / "pids").mkdir()
    address = f"tcp://127.0.0.1:{free_port()}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    port = address.rpartition(":")[2]
    scheduler = subprocess.Popen([*DASK, "scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"], **quiet)
    worker = subprocess.Popen([*DASK, "worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny"], **quiet)
    planned = tasks([1, 2, 4], tmp_path / "pids", range(8))

    def kill() -> None:
        deadline = monotonic() + 60
        journal = tmp_path / "runs.jsonl"
        while monotonic() < deadline and journal.read_bytes().count(b"\n") < 4:
            sleep(0.02)
        os.kill(scheduler.pid, signal.SIGKILL)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with executor("dask", scheduler=address, patience=30) as cluster:
                work = shop(cluster, tmp_path)
                killer = Thread(target=kill)
                killer.start()
                with pytest.raises(ExecutorError, match=r"the scheduler is gone"):
                    work.finish(planned, slow)
                killer.join()
    finally:
        for process in (scheduler, worker):
            process.kill()
            process.wait()
    before = len(Journal(tmp_path).rows())
    assert 4 <= before < 24
    watched = Watched()
    rows = shop(watched, tmp_path).finish(planned, slow)
    assert watched.asked == 24 - before
    assert products(rows) == products(shop(Serial()).finish(planned, moody))


DASK = [sys.executable, "-m", "dask"]


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
