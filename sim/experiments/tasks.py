"""One run of an experiment: a scenario and a seed go in, headline numbers come out, and nothing else matters.

A run's key is a digest of scenario, seed, headline and edition, so a run that is on record need not be made again: not
in the experiment that was broken off, nor in a larger one in the same folder.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import ceil, isfinite
from typing import Any, NamedTuple, TypeAlias

from sim.experiments.executors import Executor
from sim.experiments.journal import Journal, Row
from sim.scenario.question import digest

Headline: TypeAlias = Callable[[Any, int], Mapping[str, float | None]]
"""From a scenario and a seed to numbers by their names; found by import in other processes. What is None, or not
finite, has no value in that run."""
LONGEST_FAILURE = 300
"""Characters kept of why a run failed."""


class Task(NamedTuple):
    """A run to be made."""

    scenario: Any
    seed: int


class Progress(NamedTuple):
    """How far an experiment is."""

    done: int
    """Runs on record, those of earlier sessions included."""
    total: int
    seconds_left: float | None
    """At the pace so far; None as long as there is none, or without a stopwatch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """Where and how an experiment's runs are made and kept."""

    executor: Executor
    journal: Journal
    edition: str = ""
    """What else the numbers hang on, such as the program's version; runs of another edition do not count."""
    batch: int = 1
    """Runs given to a worker at once; they are on record together. More than 1 pays if a run takes under 0.1 s."""
    again: bool = False
    """Whether runs that failed are tried again."""
    progress: Callable[[Progress], None] = lambda _: None
    stopwatch: Callable[[], float] | None = None
    """Seconds from any beginning, such as `time.perf_counter`."""

    def finish(self, tasks: Iterable[Task], headline: Headline) -> list[Row]:
        """A row for each task: those on record, and the others run; a run whose worker died each time is lost."""
        planned = list(tasks)
        keys = keys_of(planned, headline, self.edition)
        rows = self.journal.rows()
        todo = {key: task for key, task in zip(keys, planned, strict=True) if self._is_missing(rows.get(key))}
        total = len(set(keys))
        done = total - len(todo)
        began, before = self.stopwatch() if self.stopwatch else 0.0, done
        self.progress(Progress(done, total, None))
        batches = _cut(list(todo.items()), self.batch)
        for place, found in self.executor.run(Work(headline), batches):
            if found is None:
                rows |= {key: Row(key, {}, LOST) for key, _ in batches[place]}
            else:
                self.journal.append(found)
                rows |= {row.key: row for row in found}
            done += len(batches[place])
            pace = (self.stopwatch() - began) / (done - before) if self.stopwatch else None
            self.progress(Progress(done, total, None if pace is None else pace * (total - done)))
        return [rows[key] for key in keys]

    def missing(self, tasks: Iterable[Task], headline: Headline) -> list[Task]:
        """The tasks that `finish` would run, equal ones once."""
        planned = list(tasks)
        rows = self.journal.rows()
        keyed = dict(zip(keys_of(planned, headline, self.edition), planned, strict=True))
        return [task for key, task in keyed.items() if self._is_missing(rows.get(key))]

    def distinct(self, tasks: Iterable[Task], headline: Headline) -> int:
        """How many runs these tasks are, equal ones once."""
        return len(set(keys_of(tasks, headline, self.edition)))

    def _is_missing(self, row: Row | None) -> bool:
        return row is None or (self.again and bool(row.failure))


LOST = "its worker was killed each time, perhaps for want of memory"
"""Why a run has no numbers that is not on record: it is tried again next time."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker does with a batch of keyed tasks."""

    headline: Headline

    def __call__(self, batch: Sequence[tuple[str, Task]]) -> list[Row]:
        """Run them one after the other; one that fails says why, and the others go on."""
        return [self.row(key, task) for key, task in batch]

    def row(self, key: str, task: Task) -> Row:
        """The numbers of one run."""
        try:
            found = self.headline(task.scenario, task.seed)
            return Row(key, {str(name): _number(value) for name, value in found.items()}, "")
        except Exception as error:  # noqa: BLE001 - whatever a point of the plan runs into is that point's result
            told = " ".join(f"{type(error).__name__}: {error}".split())
            return Row(key, {}, told[:LONGEST_FAILURE])


def keys_of(tasks: Iterable[Task], headline: Headline, edition: str = "") -> list[str]:
    """32 hexadecimal digits for each task; equal tasks have equal keys."""
    label = f"{edition}/{headline.__module__}.{headline.__qualname__}"
    digests: dict[int, str] = {}
    keys = []
    for task in tasks:
        told = digests.get(id(task.scenario)) or digests.setdefault(id(task.scenario), digest(task.scenario))
        keys.append(blake2b(f"{label}/{told}/{task.seed}".encode(), digest_size=16).hexdigest())
    return keys


def _number(value: float | None) -> float | None:
    return None if value is None or not isfinite(value) else float(value)


def _cut(tasks: list[tuple[str, Task]], size: int) -> list[list[tuple[str, Task]]]:
    return [tasks[place * size : (place + 1) * size] for place in range(ceil(len(tasks) / size))]
