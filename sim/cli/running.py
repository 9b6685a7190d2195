"""`hes run`: a scenario, of whatever kind it is."""

from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Annotated

import typer

from mockgov.cli import CommandError
from sim.cli.country import follow_the_country
from sim.cli.obstacles import require_place, told
from sim.cli.played import Drive, play_the_day
from sim.cli.road import walk_the_road
from sim.cli.scenarios import command_line, found

LONGEST_HOURS = 12.0

running = typer.Typer()


@running.command("run", epilog="Example: hes run monday_morning --seed 7 --drive http")
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
    threads: Annotated[int | None, typer.Option(min=1, max=64, help="Threads; no result hangs on them.")] = None,
    trace: Annotated[bool, typer.Option("--trace", help="Keep a row for each call, too.")] = False,  # noqa: FBT002
    fresh: Annotated[bool, typer.Option("--fresh", help="Do not go on from a checkpoint.")] = False,  # noqa: FBT002
    hours: Annotated[float | None, typer.Option(min=0, help="Refuse a run that would take longer.")] = None,
    seeds: Annotated[int, typer.Option(min=1, max=1_000, help="Seeds from --seed on; the report shows bands.")] = 1,
) -> None:
    """Run a scenario and write a report.

    A day is played against a ministry, and every answer checked. The onboarding road and the country meet no ministry,
    and take none of the options about one; the last five are the country's.
    """
    file, loaded = found(scenario)
    from sim.scenario import AdmissionsScenario, Scenario

    drive = Drive.HTTP if drive is None and isinstance(loaded, Scenario) else drive
    met: dict[str, object] = {"--drive": drive, "--url": url, "--compression": compression}
    followed: dict[str, object] = {"--threads": threads, "--hours": hours}
    followed |= {"--trace": trace or None, "--fresh": fresh or None, "--seeds": seeds if seeds > 1 else None}
    others = {"--seed": seed, **met, **followed, "--out": None if out == Path("runs") else out}
    command = command_line(["hes", "run", scenario], {name[2:]: value for name, value in others.items()})
    _require_numbers(hours, compression)
    require_place(out)
    if isinstance(loaded, Scenario):
        _leave_out(f"{loaded.name} is a day played against a ministry", followed)
        with told(out):
            play_the_day(file, loaded, seed, drive or Drive.HTTP, url, compression, out, command)
    elif isinstance(loaded, AdmissionsScenario):
        _leave_out(f"{loaded.name} follows institutions on the onboarding road; it meets no ministry", met | followed)
        with told(out):
            walk_the_road(file, loaded, seed, out, command)
    else:
        _leave_out(f"{loaded.name} follows the country; it meets no ministry", met)
        with told(out, goes_on=True):
            follow_the_country(
                file,
                loaded,
                seed,
                out,
                command,
                threads=threads,
                trace=trace,
                fresh=fresh,
                hours=LONGEST_HOURS if hours is None else hours,
                seeds=seeds,
            )


def _require_numbers(hours: float | None, compression: float | None) -> None:
    if hours is not None and not hours > 0:
        raise CommandError(f"--hours {hours:g} allows nothing; give more, or leave it out for {LONGEST_HOURS:g}.")
    if compression is not None and not isfinite(compression):
        raise CommandError(f"--compression {compression:g} is no pace; give a number, or 0 for as fast as it goes.")


def _leave_out(why: str, options: Mapping[str, object]) -> None:
    if asked := [name for name, value in options.items() if value is not None]:
        raise CommandError(f"{why}, so leave out {' and '.join(asked)}.")
