"""`hes clock`: the clock of a world of a running ministry."""

import re
from typing import Annotated, Any, Final
from urllib.parse import quote

import typer

from mockgov.cli.calling import URL, Address, CommandError, call
from mockgov.clock import FASTEST, SLOWEST

clock = typer.Typer()

SPAN: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d|w)")
SECONDS: Final = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


@clock.command("clock", epilog="Example: hes clock --advance 2d --world tuesday")
def move_clock(
    url: Address = URL,
    world: Annotated[str | None, typer.Option(help="A world; the default one, if not said.")] = None,
    advance: Annotated[str | None, typer.Option(help="How far on: 90s, 15m, 36h, 2d, 1w, 1d12h.")] = None,
    to: Annotated[str | None, typer.Option(help="To which moment: 2021-10-05T08:00:00+03:00.")] = None,
    factor: Annotated[float | None, typer.Option(help="Let it run, so many times as fast as real time.")] = None,
    run: Annotated[bool, typer.Option("--run", help="Let it run with real time.")] = False,  # noqa: FBT002
    stop: Annotated[bool, typer.Option("--stop", help="Let it stand.")] = False,  # noqa: FBT002
) -> None:
    """Read a world's clock, or move, start or stop it; what falls due has happened when this returns."""
    wanted: dict[str, Any] = {}
    if advance is not None:
        wanted["advance_s"] = seconds(advance)
    if to is not None:
        wanted["to"] = to
    if factor is not None and not SLOWEST <= factor <= FASTEST:
        raise CommandError(
            f"--factor is a number from {SLOWEST:g} to {FASTEST:g}, not {factor:g}. --stop lets it stand."
        )
    if factor is not None:
        wanted["factor"] = factor
    if run or stop:
        wanted["run"] = run
    if (run and stop) or len(wanted) - (run and factor is not None) > 1:
        raise CommandError("Say one thing: --advance, --to, --factor, --run or --stop.")
    path = ("" if world is None else f"/w/{quote(world, safe='')}") + "/_lab/clock"
    shown = call(url, "POST", path, wanted) if wanted else call(url, "GET", path)
    how = f"running x{shown['factor']:g}" if shown["clock"] == "running" else "standing"
    due = f"next due {shown['next_due']}" if shown["next_due"] else "nothing due"
    typer.echo(f"{shown['world']:<16} {shown['now']}  {how}, {due}")


def seconds(text: str) -> float:
    """The seconds of a span such as `2d` or `1d12h`. Raises `CommandError`."""
    if not text or SPAN.sub("", text):
        raise CommandError(f"{text!r} is no span of time; write something like 90s, 15m, 36h, 2d, 1w or 1d12h.")
    return float(sum(float(number) * SECONDS[unit] for number, unit in SPAN.findall(text)))
