"""The command `hes`: the ministry's commands, and those of the country (run, list)."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mockgov.cli import COMMANDS, GROUPS, CommandError, run, wait_until_up

if TYPE_CHECKING:
    from sim.country import Country
    from sim.drive.port import MinistryPort
    from sim.provenance import Provenance
    from sim.results import Summary
    from sim.run import Outcome
    from sim.scenario import AdmissionsScenario, Scenario

FOLDERS = (Path("scenarios"), Path(__file__).resolve().parent.parent / "scenarios")
NO_SIM = (
    "The simulator's packages are missing. Install them with: pip install 'hes-sandbox[sim]' ({name} is not there)."
)


class Drive(StrEnum):
    """How a run meets its ministry."""

    HTTP = "http"
    IN_PROCESS = "in-process"
    STUB = "stub"


app = typer.Typer(
    name="hes",
    help="HES Sandbox: a mock ministry, and a country that queries it. All people are synthetic.",
    epilog="Example: hes serve. Errors are one line; add --debug to see everything.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
for commands in COMMANDS:
    app.registered_commands += commands.registered_commands
for group, commands in GROUPS.items():
    app.add_typer(commands, name=group)


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the whole traceback of an error.")] = False,  # noqa: FBT002
) -> None:
    """HES Sandbox: a mock ministry, and a country that queries it. All people are synthetic."""
    del debug  # `run` has taken it out of the words already; it stands here to be seen in the help


@app.command("run", epilog="Example: hes run monday_morning --seed 7 --drive http")
def run_scenario(
    scenario: Annotated[str, typer.Argument(help="A scenario's name (see hes list) or a .toml file.")],
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything that is drawn.")] = 1,
    drive: Annotated[
        Drive | None, typer.Option(help="A ministry of its own over HTTP (so if left out), in this process, or none.")
    ] = None,
    url: Annotated[str | None, typer.Option(help="A running ministry; a world is made there for the run.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for the run's own folder.")] = Path("runs"),
    compression: Annotated[
        float | None, typer.Option(min=0, help="Simulated seconds in a real second; 0: as fast as it goes.")
    ] = None,
) -> None:
    """Play a scenario's day against a ministry, check every answer, and write a report.

    A scenario of the onboarding road needs no ministry, and none of the options about one.
    """
    try:
        from sim.scenario import AdmissionsScenario, find, load
    except ImportError as error:
        raise CommandError(NO_SIM.format(name=error.name)) from None
    file = find(scenario, FOLDERS)
    loaded = load(file)
    if isinstance(loaded, AdmissionsScenario):
        given = {"--drive": drive, "--url": url, "--compression": compression}
        if asked := [name for name, value in given.items() if value is not None]:
            raise CommandError(
                f"{loaded.name} follows institutions on the onboarding road; it meets no ministry, so leave out "
                f"{' and '.join(asked)}."
            )
        _walk_the_road(file, loaded, seed, out)
    else:
        _play_the_day(file, loaded, seed, drive, url, compression, out)


def _play_the_day(
    file: Path,
    scenario: "Scenario",
    seed: int,
    asked: Drive | None,
    url: str | None,
    compression: float | None,
    out: Path,
) -> None:
    drive = asked or Drive.HTTP
    if url is not None and drive is not Drive.HTTP:
        raise CommandError("--url goes with --drive http; leave one of them out.")
    pace = scenario.play.compression if compression is None else compression
    if drive is not Drive.HTTP and compression is None:
        pace = 0
    outcome = _played(scenario, seed, drive, url, pace)
    summary, folder = _written(file, scenario, seed, drive, out, outcome)
    _print_summary(summary, folder)
    if summary["wrong"]:
        raise CommandError(f"{summary['wrong']} answers are wrong; the report lists the first of them.")


def _walk_the_road(file: Path, scenario: "AdmissionsScenario", seed: int, out: Path) -> None:
    """Run it, put everything into the run's folder, and show the main numbers."""
    from rich.console import Console

    from sim.report import render_road
    from sim.results import appearing, summarise_road, write
    from sim.run import admit

    with Console(stderr=True).status("the road") as status:
        outcome = admit(scenario, seed, say=status.update)
    facts = {"scenario": scenario.name, "seed": seed, **outcome.facts}
    summary = summarise_road(outcome.tables, facts, compared=outcome.compared, measured=outcome.measured)
    provenance = _provenance(file, scenario.name, seed, "none", f"hes run {scenario.name} --seed {seed}")
    folder = out / f"{scenario.name}-{seed}"
    write(folder, outcome.tables, summary, provenance)
    with appearing(folder / "report.html") as unfinished:
        unfinished.write_text(render_road(outcome.tables, summary, provenance, scenario.question), encoding="utf-8")
    _print_road(summary, folder)


@app.command("list", epilog="Example: hes list")
def list_all() -> None:
    """List the scenarios and the question that each answers."""
    try:
        from sim.scenario import list_scenarios, load
    except ImportError as error:
        raise CommandError(NO_SIM.format(name=error.name)) from None
    for path in list_scenarios([folder for folder in FOLDERS if folder.is_dir()]):
        typer.echo(f"{path.stem:<24} {load(path).question}")


def _played(scenario: "Scenario", seed: int, drive: Drive, url: str | None, pace: float) -> "Outcome":
    """Make the country and play its day, with a progress bar."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from sim.country import make

    columns = (TextColumn("{task.description:<28}"), BarColumn(), TextColumn("{task.completed:>7,}/{task.total:<7,}"))
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("making the country", total=1)

        def say(what: str) -> None:
            bar.update(task, description=what)

        country = make(scenario, seed, say=say)
        bar.update(task, total=country.demand.calls)
        with _ministry_at(drive, url) as address:
            progress = lambda done, _: bar.update(task, completed=done)  # noqa: E731  a callback in its place
            return asyncio.run(_meet(country, drive, address, pace, say, progress))


def _written(
    file: Path, scenario: "Scenario", seed: int, drive: Drive, out: Path, outcome: "Outcome"
) -> "tuple[Summary, Path]":
    """Summarise, and put everything into the run's folder."""
    from sim.report import render
    from sim.results import appearing, summarise, write

    facts = {"scenario": scenario.name, "seed": seed, **outcome.facts}
    summary = summarise(outcome.tables, facts, measured=outcome.measured)
    command = f"hes run {scenario.name} --seed {seed} --drive {drive.value}"
    provenance = _provenance(file, scenario.name, seed, drive.value, command)
    folder = out / f"{scenario.name}-{seed}"
    write(folder, outcome.tables, summary, provenance)
    with appearing(folder / "report.html") as unfinished:
        unfinished.write_text(render(outcome.tables, summary, provenance), encoding="utf-8")
    return summary, folder


def _provenance(file: Path, name: str, seed: int, drive: str, command: str) -> "Provenance":
    from mockgov.clock import wall_clock
    from sim.provenance import describe

    content = file.read_bytes()
    return describe(scenario=name, content=content, seed=seed, drive=drive, made_at=wall_clock(), command=command)


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
    from rich.table import Table

    from sim.results import headline

    table = Table(title=f"{summary['scenario']}, seed {summary['seed']}", title_style="bold")
    for name in ("channel", "calls", "codes", "risky", "wrong", "p50 ms", "p99 ms"):
        table.add_column(name, justify="left" if name == "channel" else "right")
    latency = summary["measured"]["latency_us"]
    for channel, row in summary["by_channel"].items():
        own = latency["by_channel"].get(channel) or {}
        _add_row(table, channel, row["calls"], row["queries"], row["risky"], row["wrong"], own)
    table.add_section()
    totals = (summary["calls"], summary["queries"], summary["risky_answers"], summary["wrong"])
    _add_row(table, "all", *totals, latency["all"] or {})
    console = Console()
    console.print(table)
    console.print(f"[bold]{headline(summary)}[/bold]   {summary['measured']['requests_per_second']} requests/s")
    console.print(f"Report: {folder / 'report.html'}", soft_wrap=True)


def _print_road(summary: "Summary", folder: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{summary['scenario']}, seed {summary['seed']}", title_style="bold")
    for name in ("kind", "begun", "returned", "refused", "live", "half, days", "90 %"):
        table.add_column(name, justify="left" if name == "kind" else "right", no_wrap=name != "kind")
    everybody = {"begun": summary["institutions"], **summary["until_live"]}
    everybody["returned"], everybody["refused"] = (
        sum(row[name] for row in summary["by_kind"].values()) for name in ("returned", "refused")
    )
    for kind, row in [*summary["by_kind"].items(), ("all", everybody)]:
        days = [f"{row['days'][point]:.1f}" if row["live"] else "" for point in ("p50", "p90")]
        counts = [f"{row[name]:,}" for name in ("begun", "returned", "refused", "live")]
        if kind == "all":
            table.add_section()
        table.add_row(kind.lower().replace("_", " "), *counts, *days)
    console = Console()
    console.print(table)
    if desk := summary["desks"].get(summary["bottleneck"]):
        console.print(
            f"[bold]The bottleneck is {summary['bottleneck']}[/bold]: {desk['backlog_peak']:,} waiting or in work on "
            f"{desk['backlog_peak_date']}."
        )
    console.print(f"Report: {folder / 'report.html'}", soft_wrap=True)


def _add_row(table: Any, name: str, calls: int, codes: int, risky: int, wrong: int, latency: dict[str, int]) -> None:
    times = [f"{latency[key] / 1000:.1f}" if latency else "" for key in ("p50", "p99")]
    table.add_row(name, f"{calls:,}", f"{codes:,}", f"{risky:,}", f"{wrong:,}", *times)


def main() -> None:
    """Run the command line and end with its status."""
    sys.exit(run(app))


if __name__ == "__main__":
    main()
