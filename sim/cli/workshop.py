"""Where an experiment's runs are made: the options that say so, and what is asked before they begin."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mockgov.cli import CommandError
from sim.cli.obstacles import require_place, told
from sim.cli.outlook import outlook, require_numbers
from sim.cli.scenarios import STOPPED

if TYPE_CHECKING:
    from sim.experiments.tasks import Headline, Task, Workshop

WORKERS = 2
"""Processes unless told otherwise."""
LONGEST_HOURS = 12.0
OUT = Path("runs")
Ask = Callable[["Workshop"], None]
"""What is asked of a workshop before anything is run; it raises `CommandError`."""


class Runner(StrEnum):
    """Where the runs of an experiment are made."""

    SERIAL = "serial"
    PROCESSES = "processes"
    DASK = "dask"


By = Annotated[
    Runner | None, typer.Option("--executor", help="Where the runs are made; in processes unless told otherwise.")
]
Workers = Annotated[
    int | None, typer.Option(min=1, max=1_000, help=f"Processes that make runs; {WORKERS} unless told otherwise.")
]
Scheduler = Annotated[
    str | None, typer.Option(help="A Dask scheduler's address, such as tcp://10.0.0.1:8786; implies dask.")
]
Again = Annotated[bool, typer.Option("--again", help="Try runs that failed before once more.")]
Hours = Annotated[float, typer.Option(min=0, help="Refuse what would take longer.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """Who makes the runs, and within which time.

    Raises:
        CommandError: on construction, if an option would have no effect.
    """

    by: Runner | None
    workers: int | None
    scheduler: str | None
    hours: float
    again: bool
    out: Path

    def __post_init__(self) -> None:
        """Refuse options that do not go together."""
        if self.scheduler is not None and self.by not in {None, Runner.DASK}:
            raise CommandError(f"--scheduler goes with --executor dask, not {self.by}; leave one of them out.")
        if self.workers is not None and (self.scheduler is not None or self.by is Runner.SERIAL):
            who = "a scheduler has its own workers" if self.scheduler else "--executor serial makes one run at a time"
            raise CommandError(f"--workers has no effect here: {who}; leave it out.")

    @property
    def at_once(self) -> int:
        """How many runs are made at a time on this machine."""
        return 1 if self.by is Runner.SERIAL else self.workers or WORKERS

    @property
    def options(self) -> dict[str, Any]:
        """Those that were given, for the command that does it again."""
        out = None if self.out == OUT else str(self.out)
        hours = None if self.hours == LONGEST_HOURS else f"{self.hours:g}"
        by = None if self.by is None else self.by.value
        given = {"executor": by, "workers": self.workers, "scheduler": self.scheduler}
        return {**given, "hours": hours, "again": self.again, "out": out}

    def ask(self, tasks: "Sequence[Task]", headline: "Headline", numbers: Sequence[str] = ()) -> Ask:
        """Say before anything runs how long it takes, and refuse what could not finish, or has no such numbers."""

        def asked(at_work: "Workshop") -> None:
            missing, planned = at_work.missing(tasks, headline), at_work.distinct(tasks, headline)
            elsewhere = self.scheduler is not None
            typer.echo(outlook(missing, planned, self.at_once, hours=self.hours, elsewhere=elsewhere), err=True)
            require_numbers(numbers, [task.scenario for task in tasks], tasks[0].seed)

        return asked

    @contextmanager
    def at_work(self, folder: Path, edition: str, ask: Ask) -> "Iterator[Workshop]":
        """A workshop of these hands."""
        by = self.by or Runner.PROCESSES
        with workshop(
            folder, by, self.workers or WORKERS, self.scheduler, edition, again=self.again, ask=ask
        ) as at_work:
            yield at_work


@contextmanager
def workshop(
    folder: Path,
    by: Runner | None,
    workers: int | None,
    scheduler: str | None,
    edition: str,
    *,
    again: bool = False,
    ask: Ask = lambda _: None,
) -> "Iterator[Workshop]":
    """Where an experiment's runs are made and kept, with a bar; one process at a time is at a folder.

    Raises `CommandError`.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from sim.experiments.executors import ExecutorError, Serial, executor
    from sim.experiments.journal import Journal, JournalError
    from sim.experiments.tasks import Workshop
    from sim.nation.recorded import alone
    from sim.results import ResultError

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("left"))
    kind: Any = (Runner.DASK if scheduler else by or Runner.PROCESSES).value
    require_place(folder)
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        with alone(folder):
            journal = Journal(folder)
            ask(Workshop(executor=Serial(), journal=journal, edition=edition, again=again))
            with (
                executor(kind, workers=workers or WORKERS, scheduler=scheduler) as machine,
                Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar,
            ):
                task = bar.add_task("runs", total=None)
                yield Workshop(
                    executor=machine,
                    journal=journal,
                    edition=edition,
                    again=again,
                    progress=lambda told: bar.update(task, completed=told.done, total=told.total),
                    stopwatch=perf_counter,
                )
    except (ExecutorError, JournalError, ResultError) as error:
        raise CommandError(str(error)) from None
    except KeyboardInterrupt:
        typer.echo("Stopped. What has been run is on record: the same command makes what is missing.", err=True)
        raise typer.Exit(STOPPED) from None
