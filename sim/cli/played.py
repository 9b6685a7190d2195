"""A day of the country, played against a ministry."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockgov.cli import CommandError, wait_until_up
from sim.cli.scenarios import kept_as, provenance_of
from sim.cli.terminal import bar, table

if TYPE_CHECKING:
    from sim.country import Country
    from sim.drive.port import MinistryPort
    from sim.provenance import Provenance
    from sim.results import Summary
    from sim.run import Outcome
    from sim.scenario import Scenario


class Drive(StrEnum):
    """How a run meets its ministry."""

    HTTP = "http"
    IN_PROCESS = "in-process"
    STUB = "stub"


def play_the_day(
    file: Path,
    scenario: "Scenario",
    seed: int,
    drive: Drive,
    url: str | None,
    compression: float | None,
    out: Path,
    command: str,
) -> None:
    """Make the country, play its day, put everything into the run's folder, and show the main numbers.

    `command` is what was typed.
    """
    if url is not None and drive is not Drive.HTTP:
        raise CommandError("--url goes with --drive http; leave one of them out.")
    pace = scenario.play.compression if compression is None else compression
    if drive is not Drive.HTTP and compression is None:
        pace = 0
    outcome = _played(scenario, seed, drive, url, pace)
    provenance = provenance_of(file, scenario.name, seed, drive.value, command)
    folder = out / f"{kept_as(file, scenario)}-{seed}"
    summary = _written(scenario, seed, folder, outcome, provenance)
    _print_summary(summary, folder)
    if summary["wrong"]:
        raise CommandError(f"{summary['wrong']} answers are wrong; the report lists the first of them.")


def _played(scenario: "Scenario", seed: int, drive: Drive, url: str | None, pace: float) -> "Outcome":
    """Make the country and play its day, with a progress bar."""
    from rich.progress import TimeRemainingColumn

    from sim.country import make
    from sim.nation.engines import COMPILING, are_compiled

    with bar("{task.completed:>7,}/{task.total:<7,}", TimeRemainingColumn()) as shown:
        if not are_compiled(queries=False):
            shown.console.print(COMPILING, highlight=False)
        task = shown.add_task("making the country", total=1)

        def say(what: str) -> None:
            shown.update(task, description=what)

        country = make(scenario, seed, say=say)
        shown.update(task, total=country.demand.calls)
        with _ministry_at(drive, url) as address:
            progress = lambda done, _: shown.update(task, completed=done)  # noqa: E731  a callback in its place
            return asyncio.run(_meet(country, drive, address, pace, say, progress))


def _written(scenario: "Scenario", seed: int, folder: Path, outcome: "Outcome", provenance: "Provenance") -> "Summary":
    """Summarise, and put everything into the run's folder."""
    from sim.report import render
    from sim.results import appearing, summarise, write

    facts = {"scenario": scenario.name, "seed": seed, **outcome.facts}
    summary = summarise(outcome.tables, facts, measured=outcome.measured)
    write(folder, outcome.tables, summary, provenance)
    with appearing(folder / "report.html") as unfinished:
        unfinished.write_text(render(outcome.tables, summary, provenance), encoding="utf-8")
    return summary


async def _meet(country: "Country", drive: Drive, address: str, pace: float, say: Any, progress: Any) -> "Outcome":
    from sim.drive.port import DriveError
    from sim.run import meet

    ministry = _port(drive, address)
    try:
        return await meet(country, ministry, compression=pace, say=say, progress=progress)
    except DriveError as error:
        raise CommandError(str(error)) from None
    finally:
        await ministry.close()


def _port(drive: Drive, address: str) -> "MinistryPort":
    from sim.drive.in_process import in_process
    from sim.drive.over_http import over_http
    from sim.drive.stub import StubMinistry

    if drive is Drive.HTTP:
        return over_http(address)
    return in_process() if drive is Drive.IN_PROCESS else StubMinistry()


@contextmanager
def _ministry_at(drive: Drive, url: str | None) -> Iterator[str]:
    """The address of a ministry: the one given, or one started on a free port for the run alone."""
    if drive is not Drive.HTTP or url is not None:
        yield url or ""
        return
    command = [sys.executable, "-m", "sim.cli", "serve", "--port", "0", "--people", "0", "--clock", "manual"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  our own command
        try:
            line = process.stdout.readline() if process.stdout else ""
            address = next((word.rstrip(":") for word in line.split() if word.startswith("http://")), "")
            if not address:
                raise CommandError("The ministry did not start; try `hes serve` to see why.")
            wait_until_up(address)
            yield address
        finally:
            process.terminate()


def _print_summary(summary: "Summary", folder: Path) -> None:
    from rich.console import Console

    from sim.results import headline

    title = f"{summary['scenario']}, seed {summary['seed']}"
    rows = table(title, "channel", "calls", "codes", "risky", "wrong", "p50 ms", "p99 ms")
    latency = summary["measured"]["latency_us"]
    for channel, row in summary["by_channel"].items():
        own = latency["by_channel"].get(channel) or {}
        _add_row(rows, channel, row["calls"], row["queries"], row["risky"], row["wrong"], own)
    rows.add_section()
    totals = (summary["calls"], summary["queries"], summary["risky_answers"], summary["wrong"])
    _add_row(rows, "all", *totals, latency["all"] or {})
    console = Console()
    console.print(rows)
    console.print(f"[bold]{headline(summary)}[/bold]   {summary['measured']['requests_per_second']} requests/s")
    console.print(f"Report: {folder / 'report.html'}", soft_wrap=True)


def _add_row(table: Any, name: str, calls: int, codes: int, risky: int, wrong: int, latency: dict[str, int]) -> None:
    times = [f"{latency[key] / 1000:.1f}" if latency else "" for key in ("p50", "p99")]
    table.add_row(name, f"{calls:,}", f"{codes:,}", f"{risky:,}", f"{wrong:,}", *times)
