"""`hes compare` and `hes sweep`: a scenario's numbers beside those of others."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mockgov.cli import CommandError
from sim.cli.scenarios import NO_SIM, STOPPED, found, provenance_of

if TYPE_CHECKING:
    from sim.experiments.tasks import Workshop

experimenting = typer.Typer()
SHOWN = 40
"""Rows that a terminal is shown; files and page have all."""
NOTES = 10
"""Cautions that it is shown."""
WIDEST = 1_000
"""Letters in a table's line; a number is never cut, the terminal breaks the line instead."""


class Runner(StrEnum):
    """Where the runs of an experiment are made."""

    SERIAL = "serial"
    PROCESSES = "processes"
    DASK = "dask"


class Design(StrEnum):
    """How the points of a sweep are chosen."""

    GRID = "grid"
    LATIN = "latin"
    SOBOL = "sobol"
    SALTELLI = "saltelli"


Seed = Annotated[int, typer.Option(min=0, help="The first seed; replications take those that follow.")]
By = Annotated[Runner, typer.Option("--executor", help="Where the runs are made.")]
Workers = Annotated[int, typer.Option(min=1, max=1_000, help="Processes that make runs.")]
Scheduler = Annotated[
    str | None, typer.Option(help="A Dask scheduler's address, such as tcp://10.0.0.1:8786; implies dask.")
]
Again = Annotated[bool, typer.Option("--again", help="Try runs that failed before once more.")]


@experimenting.command("compare", epilog="Example: hes compare isolation_14 isolation_7 --seeds 10")
def compare_two(
    first: Annotated[str, typer.Argument(help="A scenario's name or file.")],
    second: Annotated[str, typer.Argument(help="The scenario to hold against it.")],
    seeds: Annotated[int, typer.Option(min=2, max=10_000, help="Pairs of runs, each with a seed of its own.")] = 10,
    seed: Seed = 1,
    by: By = Runner.PROCESSES,
    workers: Workers = 2,
    scheduler: Scheduler = None,
    out: Annotated[Path, typer.Option(help="Folder for the comparison's own folder.")] = Path("runs"),
) -> None:
    """Run two scenarios with the same seeds and tell each number's difference, with its confidence interval.

    With the same seed both have the same chance wherever they do not differ, so few pairs tell small differences.
    """
    (file, one), (_, other) = found(first), found(second)
    if type(one) is not type(other):
        raise CommandError(f"{one.name} and {other.name} are scenarios of different kinds; compare two of one kind.")
    with loaded():
        from sim.experiments.compare import compare
        from sim.experiments.page import render_comparison
        from sim.run import headlines
    folder = out / f"compare-{one.name}-{other.name}"
    command = f"hes compare {one.name} {other.name} --seeds {seeds} --seed {seed}"
    provenance = provenance_of(file, one.name, seed, "none", command)
    with workshop(folder, by, workers, scheduler, provenance.edition) as at_work:
        numbers = range(seed, seed + seeds)
        result = compare(one, other, headlines, at_work, seeds=numbers, names=(one.name, other.name))
    result.write(folder, provenance.identity)
    keep_page(folder, render_comparison(result, provenance, f"{one.name} or {other.name}?"))
    show(result.rows(), ("number", "first", "second", "difference", "low", "high", "reduction", "verdict"))
    for caution in result.cautions[:NOTES]:
        typer.echo(f"Note: {caution}")
    if len(result.cautions) > NOTES:
        typer.echo(f"… and {len(result.cautions) - NOTES} more notes, in the report.")
    typer.echo(f"Report: {folder / 'report.html'}")
    if not result.differences:
        raise CommandError("There is no number to compare; the report tells why.")


@experimenting.command(
    "sweep", epilog="Example: hes sweep laboratory_delay --vary reporting.laboratory_mean_hours=6,12,24,48"
)
def sweep_one(
    scenario: Annotated[str, typer.Argument(help="A scenario's name or file.")],
    vary: Annotated[
        list[str],
        typer.Option(help="name=1,2,3 or name=low:high[:log], by a dotted name; give one for each parameter."),
    ],
    design: Annotated[Design, typer.Option(help="grid: all combinations; the others draw points in ranges.")] = (
        Design.GRID
    ),
    points: Annotated[int, typer.Option(min=2, max=100_000, help="Points, but for a grid.")] = 64,
    replications: Annotated[int, typer.Option(min=1, max=10_000, help="Seeds at each point, the same at all.")] = 3,
    seed: Seed = 1,
    by: By = Runner.PROCESSES,
    workers: Workers = 2,
    scheduler: Scheduler = None,
    number: Annotated[list[str] | None, typer.Option(help="A number to show; repeat it. All are kept.")] = None,
    again: Again = False,  # noqa: FBT002
    plan_only: Annotated[bool, typer.Option("--plan", help="Show the points and run nothing.")] = False,  # noqa: FBT002
    out: Annotated[Path, typer.Option(help="Folder for the sweep's own folder.")] = Path("runs"),
) -> None:
    """Run a scenario at many points of its parameters. Begun again in the same folder, it makes what is missing."""
    file, base = found(scenario)
    with loaded():
        from sim.experiments.axes import read_axes
        from sim.experiments.page import render_sweep
        from sim.experiments.plan import plan
        from sim.experiments.sweep import sweep
        from sim.run import headlines
    try:
        planned = plan(read_axes(vary, base), design.value, points=points, replications=replications, seed=seed)
    except ValueError as error:
        raise CommandError(str(error)) from None
    if plan_only:
        show(planned.rows(), None)
        return
    folder = out / f"sweep-{base.name}"
    command = f"hes sweep {base.name} " + " ".join(f"--vary {axis}" for axis in vary)
    provenance = provenance_of(file, base.name, seed, "none", command)
    with workshop(folder, by, workers, scheduler, provenance.edition, again=again) as at_work:
        swept = sweep(base, planned, headlines, at_work)
    swept.write(folder, provenance.identity)
    chosen = [name for name in number or swept.numbers if name in swept.numbers]
    keep_page(folder, render_sweep(swept, provenance, base.question, chosen if number else ()))
    show(swept.summary(chosen), None)
    for failure in swept.failures[:NOTES]:
        typer.echo("Failed: " + ", ".join(f"{name} {value}" for name, value in failure.items()))
    if len(swept.failures) > NOTES:
        typer.echo(f"… and {len(swept.failures) - NOTES} more that failed, in the folder.")
    typer.echo(f"Report: {folder / 'report.html'}")
    if not swept.numbers:
        raise CommandError("All runs failed.")
    if unknown := [name for name in number or () if name not in swept.numbers]:
        near = get_close_matches(unknown[0], swept.numbers, n=1) or [f"one of {', '.join(swept.numbers)}"]
        raise CommandError(f"There is no number {unknown[0]!r}; did you mean {near[0]}?")


@contextmanager
def loaded() -> Iterator[None]:
    """Imports of what an installation may lack. Raises `CommandError`."""
    try:
        yield
    except ImportError as error:
        raise CommandError(NO_SIM.format(extras="sim,sweep", name=error.name)) from None


@contextmanager
def workshop(
    folder: Path, by: Runner, workers: int, scheduler: str | None, edition: str, *, again: bool = False
) -> "Iterator[Workshop]":
    """Where an experiment's runs are made and kept, with a bar. Raises `CommandError`."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from sim.experiments.executors import ExecutorError, executor
    from sim.experiments.journal import Journal, JournalError
    from sim.experiments.tasks import Workshop

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("left"))
    kind: Any = (Runner.DASK if scheduler else by).value
    try:
        with (
            executor(kind, workers=workers, scheduler=scheduler) as machine,
            Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar,
        ):
            task = bar.add_task("runs", total=None)
            yield Workshop(
                executor=machine,
                journal=Journal(folder),
                edition=edition,
                again=again,
                progress=lambda told: bar.update(task, completed=told.done, total=told.total),
                stopwatch=perf_counter,
            )
    except (ExecutorError, JournalError) as error:
        raise CommandError(str(error)) from None
    except KeyboardInterrupt:
        typer.echo("Stopped. What has been run is on record: the same command makes what is missing.", err=True)
        raise typer.Exit(STOPPED) from None


def keep_page(folder: Path, page: str) -> None:
    """Put a page into a folder, whole or not at all."""
    from sim.results import appearing

    with appearing(folder / "report.html") as unfinished:
        unfinished.write_text(page, encoding="utf-8")


def show(rows: Sequence[Any], columns: Sequence[str] | None) -> None:
    """Rows as a table on the terminal, the first of them if they are many."""
    from rich.console import Console
    from rich.table import Table

    if not rows:
        typer.echo("There is nothing to show.")
        return
    names = columns or list(rows[0])
    table = Table()
    for name in names:
        said = name if "." in name else name.replace("_", " ")
        is_text = isinstance(rows[0][name], str)
        table.add_column(said, justify="left" if is_text else "right", no_wrap=True)
    for row in rows[:SHOWN]:
        table.add_row(*(_cell(row[name]) for name in names))
    widest = Console(width=WIDEST).measure(table).maximum
    Console(width=max(Console().width, widest)).print(table, soft_wrap=True)
    if len(rows) > SHOWN:
        typer.echo(f"… and {len(rows) - SHOWN} more, in the folder.")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.4g}"
    return str(value)
