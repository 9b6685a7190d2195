"""One measurement: a process of its own, which does one thing and tells in JSON what it took."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

PEERS = Path(__file__).with_name("peers.py")
QUIET = {"STARSIM_INSTALL_FONTS": "0", "COVASIM_VERBOSE": "0", "STARSIM_VERBOSE": "0", "TQDM_DISABLE": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a process measured of itself after it had warmed up."""

    setup_s: float
    run_s: float
    peak_bytes: int
    """Most memory that it held at once (resident set size)."""
    grown_bytes: int
    """The same without what it held before, when code was loaded and compiled."""
    result: float
    """What came out: the infected, or a mean wait. Tells whether the models compared did comparable work."""
    version: str = ""
    days_s: Sequence[float] = ()
    """Seconds of each day, where days were timed."""
    digest: str = ""
    """Over what came out: equal results have equal ones."""


class FailedRunError(RuntimeError):
    """A process ended with an error; its last line says which."""


def peer(python: Path, name: str, *arguments: object) -> Run:
    """A peer in its own environment."""
    return _run([python, PEERS, name.removesuffix("3"), *map(str, arguments)])


def ours(name: str, *arguments: object) -> Run:
    """What `tests.bench_sim.ours` knows by this name, in this environment."""
    return _run([sys.executable, "-m", "tests.bench_sim.ours", name, *map(str, arguments)])


def command(*arguments: object) -> Run:
    """Any command of this project, from its start to its end, by the system's account."""
    begun = time.perf_counter()
    process = subprocess.Popen(list(map(str, arguments)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    told = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    if code := os.waitstatus_to_exitcode(status):
        raise FailedRunError(f"{' '.join(map(str, arguments))} ended with {code}: {told.strip()[-300:]}")
    peak = used.ru_maxrss * 1024
    return Run(setup_s=0, run_s=time.perf_counter() - begun, peak_bytes=peak, grown_bytes=peak, result=0)


def attempt(say: Callable[[str], None], name: str, run: Callable[[], Run]) -> Run | None:
    """A run, or None and a sentence if it failed."""
    try:
        return run()
    except FailedRunError as error:
        say(f"{name} FAILED and is left out: {error}")
        return None


def _run(arguments: Sequence[object]) -> Run:
    done = subprocess.run(
        list(map(str, arguments)), check=False, capture_output=True, text=True, env=os.environ | QUIET
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        told = (done.stderr.strip() or "it said nothing").splitlines()[-1]
        raise FailedRunError(f"{' '.join(map(str, arguments[1:]))}: {told}")
    return Run(**json.loads(lines[-1]))
