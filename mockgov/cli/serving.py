"""`hes serve`: start a ministry."""

import gc
import os
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from mockgov.cli.calling import CommandError

serving = typer.Typer()


class ClockKind(StrEnum):
    """How time passes in a served world."""

    RUNNING = "running"
    MANUAL = "manual"


@serving.command(epilog="Example: hes serve --port 8080 --people 1000 --data ./data")
def serve(
    host: Annotated[str, typer.Option(help="Address to bind; loopback unless you say otherwise.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8080,
    data: Annotated[Path | None, typer.Option(help="Folder that keeps the worlds; none: memory.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of the default world; 1 if it is new.")] = None,
    people: Annotated[int, typer.Option(min=0, max=200_000, help="People of the default world.")] = 1000,
    clock: Annotated[ClockKind, typer.Option(help="Whether time runs or waits for /_lab/clock.")] = ClockKind.RUNNING,
) -> None:
    """Start a ministry with a ready world and print three requests that work as they stand."""
    gc.disable()  # all that is made from here on stays; the server turns the collector on again
    from mockgov.app import create_app
    from mockgov.server import bind
    from mockgov.server import serve as serve_front
    from mockgov.settings import Settings
    from mockgov.worlds import DEFAULT, Worlds

    settings = Settings.from_environment(_own(os.environ))
    try:
        listening = bind(host, port)
    except (OSError, OverflowError) as error:
        raise CommandError(
            f"Cannot listen on {host}:{port} ({error}). Choose another with --host and --port."
        ) from None
    with listening, closing(Worlds(settings=settings, data=data, running=clock is ClockKind.RUNNING)) as worlds:
        if DEFAULT not in worlds:
            worlds.make(DEFAULT, seed=1 if seed is None else seed, people=people)
        ministry = worlds.get(DEFAULT)
        kept = ministry.world.seed
        if seed not in (None, kept):
            raise CommandError(f"{data} holds a default world of seed {kept}; leave --seed out or move it.")
        named = f"[{host}]" if ":" in host else host
        greeting = _greeting(ministry, f"http://{named}:{listening.getsockname()[1]}")
        serve_front(create_app(worlds), listening, ready=lambda: typer.echo(greeting))
    typer.echo("Stopped.")


def _own(environment: Any) -> dict[str, str]:
    """The settings among the environment's variables; the command's own are not settings."""
    ours = {"HES_URL", "HES_USER", "HES_PASSWORD"}
    return {name: value for name, value in environment.items() if name.startswith("HES_") and name not in ours}


def _greeting(ministry: Any, address: str) -> str:
    from mockgov.lab.examples import examples

    name = ministry.world.name
    now = ministry.world.now().isoformat(timespec="seconds")
    people = f"{ministry.registry.count()} people"
    lines = [
        f"HES Sandbox at {address}: world {name}, seed {ministry.world.seed}, {people}, {now}.",
        f"Routes: {address}/docs   Controls: {address}/_lab/world   All people are synthetic. Ctrl-C stops.",
    ]
    return "\n".join([*lines, "", *examples(ministry, address)])
