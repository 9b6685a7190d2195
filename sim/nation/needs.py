"""What a run needs, memory and time, told before it begins; a run that could not finish does not begin."""

import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sim.scenario import NationScenario

GIB = 1 << 30
BASE_BYTES = 400_000_000
"""The program with its compiled loops and its tables."""
PERSON_BYTES = 36
"""Columns of a person in all: population, epidemic and ministry."""
LOAD_BYTES = 900_000_000
LOAD_PERSON_BYTES = 8
"""A day's calls: the minutes in work, and what a day needs of each person (shifts, journeys, truth)."""

# Seconds on two processor cores of 2024; `hes run` measures its own and tells the time left while it runs.
PERSON_S = 1.5e-7
DAY_S = 0.02
PERSON_DAY_S = 6e-9
CALL_S = 4.5e-7
CALLS_A_PERSON = 1.5


RUN_DISK, DAY_DISK, LOAD_DISK = 4_000_000, 40_000, 8_000_000
"""Bytes on disk of a run, of each of its days, and of each with queries; their parts and what they are joined to."""
CALL_DISK = 30
"""Bytes of a call in a trace, likewise."""
PERSON_DISK = 35
"""Bytes of a person in a checkpoint: the last one, and the one being written."""
CHECKPOINT_DAYS = 30
"""A shorter run leaves no checkpoint."""


class NeedsError(RuntimeError):
    """A run that could not finish; the message says why, and what would help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a run is going to need, roughly."""

    bytes: int
    seconds: float
    disk: int = 0
    """Bytes of the run's folder, at most and while it is being filled; the population's cache looks after itself."""

    def __str__(self) -> str:
        """In words."""
        return f"{self.bytes / GIB:.1f} GiB and {spoken(self.seconds)}"


def needs_of(scenario: NationScenario, *, runs: int = 1, trace: bool = False) -> Needs:
    """What so many runs of a scenario are going to need, one after the other: by people, days and days with load."""
    people, loads = scenario.population.people, len(scenario.nation.load)
    size = BASE_BYTES + people * PERSON_BYTES + (LOAD_BYTES + people * LOAD_PERSON_BYTES) * (loads > 0)
    days = scenario.days * (DAY_S + people * PERSON_DAY_S)
    queries = loads * people * CALLS_A_PERSON * CALL_S
    disk = RUN_DISK + scenario.days * DAY_DISK + loads * LOAD_DISK
    disk += round(loads * people * CALLS_A_PERSON * CALL_DISK) * trace
    disk = runs * disk + people * PERSON_DISK * (scenario.days > CHECKPOINT_DAYS)
    return Needs(bytes=size, seconds=runs * (people * PERSON_S + days + queries), disk=disk)


def require(needs: Needs, *, free_bytes: int, hours: float, folder: Path | None = None) -> None:
    """Refuse a run that would not fit into so much memory or onto the folder's disk, or not be done in so many hours.

    Raises:
        NeedsError: with what it needs, what there is, and what to change.
    """
    problems = []
    if needs.bytes > free_bytes:
        problems.append(
            f"it needs about {needs.bytes / GIB:.1f} GiB of memory and {free_bytes / GIB:.1f} GiB are free; set "
            "population.people lower, or name a few population.provinces"
        )
    if needs.seconds > hours * 3600:
        problems.append(
            f"it needs about {spoken(needs.seconds)} and may take {spoken(hours * 3600)}; set nation.days or "
            "population.people lower, name fewer days in nation.load, or allow more with --hours"
        )
    if folder is not None and (free := free_disk(folder)) < needs.disk:
        problems.append(
            f"it needs about {needs.disk / 1e9:.2f} GB in {folder}, where {free / 1e9:.2f} GB are free; make room, "
            "choose a folder on another disk with --out, or leave --trace out"
        )
    if problems:
        raise NeedsError("The run could not finish: " + "; ".join(problems) + ".")


def spoken(seconds: float) -> str:
    """A time in the unit that fits."""
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.1f} {unit}"
    return f"{max(seconds, 1):.0f} s"


def free_disk(folder: Path) -> int:
    """Bytes that are free on the disk of a folder, or of the one in which it is going to be made."""
    return shutil.disk_usage(next(path for path in (folder, *folder.absolute().parents) if path.exists())).free


def free_bytes() -> int:
    """Memory that a program may still take: what the system has, within the limits of its control groups and its own.

    Its own are those of `ulimit -v` and `-d`. 0 if a limit is passed already.
    """
    return max(0, min(_limits(), default=1 << 62))


def _limits() -> Iterator[int]:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        yield from (int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except OSError:
        yield os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    yield from _own_limits(Path("/proc/self/statm"))
    yield from _group_limits(Path("/proc/self/cgroup"), Path("/sys/fs/cgroup"))


def _own_limits(statm: Path) -> Iterator[int]:
    """What is left of the process's own limits on addresses and on data."""
    page = os.sysconf("SC_PAGE_SIZE")
    for which, column in ((resource.RLIMIT_AS, 0), (resource.RLIMIT_DATA, 5)):
        limit, _ = resource.getrlimit(which)
        if limit != resource.RLIM_INFINITY:
            with suppress(OSError, ValueError, IndexError):
                yield limit - int(statm.read_text(encoding="ascii").split()[column]) * page


def _group_limits(groups: Path, root: Path) -> Iterator[int]:
    """What is left of the limits of the control groups that hold the process, and of those around them."""
    try:
        lines = [line.split(":", 2) for line in groups.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return
    for _, controllers, path in (line for line in lines if len(line) == 3):
        if not controllers:  # version 2: one tree for all
            home, files = root, ("memory.max", "memory.current")
        elif "memory" in controllers.split(","):
            home, files = root / "memory", ("memory.limit_in_bytes", "memory.usage_in_bytes")
        else:
            continue
        folder = home / path.lstrip("/")
        for one in (folder, *folder.parents):  # within a container, the path may be the host's: then `home` itself
            if one.is_relative_to(home):
                with suppress(OSError, ValueError):  # no limit is the word "max"
                    yield int((one / files[0]).read_text()) - int((one / files[1]).read_text())
