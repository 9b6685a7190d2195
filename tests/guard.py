"""Watches the product while it runs: nobody reads the wall clock or draws at random but who is allowed to.

`with guard:` looks at every call of a C function, in every thread that starts meanwhile. One that reads a clock or
draws from the machine's chance, and was called from `mockgov` or `sim`, directly or through a library, raises on the
spot, and stands in `guard.found` even if somebody swallows what was raised.
"""

import datetime as dt
import os
import random
import sys
import threading
import time
from collections.abc import Mapping
from types import FrameType
from typing import Any, Self

from tests.house.product import ROOT

WALL_CLOCK = (
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "time.ctime",
    "time.clock_gettime",
    "email.utils.localtime",
    "email.utils.make_msgid",
)
CHANCE = (
    "random",
    "secrets",
    "uuid.uuid1",
    "uuid.uuid4",
    "os.urandom",
    "os.getrandom",
    "numpy.random",
)
STOPWATCH = ("time.perf_counter", "time.perf_counter_ns", "time.monotonic", "time.monotonic_ns", "time.process_time")

ALLOWED: Mapping[str, tuple[tuple[str, ...], str]] = {
    "mockgov/clock.py": (
        ("datetime.datetime.now",),
        "the one place that reads it; all else is handed a Now",
    ),
    "mockgov/cli": (STOPWATCH, "a command tells its user how long something took, and waits for a server"),
    "sim/cli": (STOPWATCH, "a command tells its user how long something took"),
    "sim/drive": (STOPWATCH, "load on a real ministry is paced, and its answers are timed, in real time"),
    "sim/run.py": (STOPWATCH, "a run tells how long it took, beside its results and never in them"),
    "sim/nation/recorded.py": (STOPWATCH, "checkpoints are written every so many real seconds"),
}
"""Files or folders that may, what they may, and why."""

THROUGH: Mapping[str, str] = {
    "asyncio": "the event loop's own timers",
    "concurrent": "waiting for a thread",
    "threading": "waiting for a thread",
    "queue": "waiting for a thread",
    "logging": "a log line tells real time",
    "sqlalchemy": "how old a connection is",
    "uvicorn": "the server's own timers",
    "anyio": "the framework's own timers",
    "importlib": "loading a module looks at its file",
    "_frozen_importlib": "loading a module looks at its file",
    "_frozen_importlib_external": "loading a module looks at its file",
    "tempfile": "the name of a file that is gone at once",
    "warnings": "a warning that is shown once",
}
"""Libraries that may read or draw on the product's behalf: nothing of it reaches a world."""

_EXACT: Mapping[Any, str] = {
    time.time: "time.time",
    time.time_ns: "time.time_ns",
    time.clock_gettime: "time.clock_gettime",
    os.urandom: "os.urandom",
}
_STOPWATCHES: Mapping[Any, str] = {
    time.perf_counter: "time.perf_counter",
    time.perf_counter_ns: "time.perf_counter_ns",
    time.monotonic: "time.monotonic",
    time.monotonic_ns: "time.monotonic_ns",
    time.process_time: "time.process_time",
}
_MOMENTS = frozenset({"now", "utcnow", "today"})
_DRAWS = frozenset({"random", "getrandbits", "seed"})
BUILDINGS = ("mockgov", "sim")


class UnkeyedError(AssertionError):
    """The product read the wall clock, or drew from no stream; the message says where."""


class Guard:
    """Watches from `with` on to its end."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def __enter__(self) -> Self:
        threading.setprofile(self._watch)
        sys.setprofile(self._watch)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)
        threading.setprofile(None)

    def _watch(self, frame: FrameType, event: str, called: Any) -> None:
        if event != "c_call":
            return
        name = _EXACT.get(called) or _STOPWATCHES.get(called) or _bound(called)
        if name is None:
            return
        place = _caller(frame, direct=name in STOPWATCH)
        if place is None or any(place.startswith(file) and name in names for file, (names, _) in ALLOWED.items()):
            return
        self.found.append(f"{place} came to {name}")
        raise UnkeyedError(f"{place} came to {name}. Ask the world's clock, or draw from one of its streams.")


def _bound(called: Any) -> str | None:
    """The name of a class's own reading of the clock, or of a generator's draw."""
    whose, name = getattr(called, "__self__", None), getattr(called, "__name__", "")
    if name in _MOMENTS and isinstance(whose, type) and issubclass(whose, dt.date):
        return f"datetime.{'datetime' if issubclass(whose, dt.datetime) else 'date'}.{name}"
    if name in _DRAWS and isinstance(whose, random.Random):
        return f"random.{name}"
    return None


def _caller(frame: FrameType | None, *, direct: bool) -> str | None:
    """Where in the product a call comes from, if nothing on the way there may make it."""
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        top = module.partition(".")[0]
        if top in BUILDINGS:
            file = frame.f_code.co_filename.removeprefix(f"{ROOT}/")
            return f"{file}:{frame.f_lineno} ({module})"
        if direct or top in THROUGH:
            return None
        frame = frame.f_back
    return None
