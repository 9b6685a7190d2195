"""The country followed for days or months."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from mockgov.cli import CommandError
from sim.cli.obstacles import require_place
from sim.cli.scenarios import STOPPED, kept_as, provenance_of
from sim.cli.terminal import bar, table

if TYPE_CHECKING:
    from sim.results import Summary
    from sim.scenario import NationScenario


def follow_the_country(
    file: Path,
    scenario: "NationScenario",
    seed: int,
    out: Path,
    command: str,
    *,
    threads: int | None,
    trace: bool,
    fresh: bool,
    hours: float,
    seeds: int,
) -> None:
    """Say what the run needs, run it, put everything into its folder, and show the main numbers.

    `command` is what was typed.
    With several seeds each has a folder of its own, and the report of the first shows what the others make of it.
    """
    from sim.nation.needs import NeedsError, free_bytes, needs_of, require
    from sim.nation.recorded import CACHED_FROM, Means
    from sim.report.nation_page import render_nation
    from sim.results import appearing
    from sim.results.nation import read_nation

    needs = needs_of(scenario, runs=seeds, trace=trace)
    typer.echo(f"{scenario.population.people:,} people, {scenario.days} days: about {needs}.", err=True)
    if scenario.population.people >= CACHED_FROM:
        require_place(cache(), "HES_CACHE")
    try:
        require(needs, free_bytes=free_bytes(), hours=hours, folder=out)
    except NeedsError as error:
        raise CommandError(str(error)) from None
    results = []
    for one in range(seed, seed + seeds):
        folder = out / f"{kept_as(file, scenario)}-{one}"
        means = Means(folder=folder, cache=cache(), threads=threads or os.cpu_count() or 1, trace=trace, fresh=fresh)
        provenance = provenance_of(file, scenario.name, one, "none", command)
        _recorded(scenario, one, provenance, means)
        results.append(read_nation(folder))
    first = results[0]
    page = render_nation(first, first.summary, first.provenance, scenario.question, bands=results[1:])
    with appearing(first.folder / "report.html") as unfinished:
        unfinished.write_text(page, encoding="utf-8")
    _print(first.summary, first.folder)


def cache() -> Path:
    """Where populations are kept: `HES_CACHE`, or the user's cache."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("HES_CACHE") or base / "hes-sandbox")


def _recorded(scenario: "NationScenario", seed: int, provenance: Any, means: Any) -> "Summary":
    """The run, with a bar that tells how long it will take."""
    from rich.progress import TimeElapsedColumn, TimeRemainingColumn

    from sim.nation.checkpoint import CheckpointError
    from sim.nation.recorded import record
    from sim.population.cache import DiskFullError
    from sim.results import ResultError

    try:
        with bar("{task.percentage:>3.0f} %", TimeElapsedColumn(), "left", TimeRemainingColumn()) as shown:
            task = shown.add_task("population", total=1)
            return record(
                scenario,
                seed,
                provenance,
                means,
                say=lambda what: shown.update(task, description=what),
                note=lambda line: shown.console.print(line, highlight=False, markup=False, soft_wrap=True),
                progress=lambda done, total: shown.update(task, completed=done, total=total),
            )
    except (CheckpointError, ResultError, DiskFullError) as error:
        raise CommandError(f"{error}") from None
    except KeyboardInterrupt:
        typer.echo("Stopped. The same command goes on from the last checkpoint, if there is one.", err=True)
        raise typer.Exit(STOPPED) from None


def _print(summary: "Summary", folder: Path) -> None:
    from rich.console import Console

    from sim.results.nation_summary import headline_of, unit_of

    rows = table(f"{summary['scenario']}, seed {summary['seed']}", "what", "number", "unit")
    for name, value in headline_of(summary).items():
        number = f"{value:,.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
        rows.add_row(name, number, unit_of(name))
    console = Console()
    console.print(rows)
    console.print(f"Report: {folder / 'report.html'}", soft_wrap=True)
