"""`hes serve`: start a ministry."""

import gc
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from enum import StrEnum
from pathlib import Path
from socket import socket
from typing import Annotated, Any

import typer

from mockgov.cli.calling import CommandError

LAST_PORT = 65_535
PUBLIC = "HES_PUBLIC_ADDRESS"
"""Says where the server can be reached, when that is not where it listens."""

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
    smtp_port: Annotated[
        int | None, typer.Option(min=0, max=LAST_PORT, help="Port for mail; one above, if not said.")
    ] = None,
    kep_port: Annotated[
        int | None, typer.Option(min=0, max=LAST_PORT, help="Port for registered mail; two above.")
    ] = None,
    smpp_port: Annotated[int | None, typer.Option(min=0, max=LAST_PORT, help="Port for SMPP; three above.")] = None,
    magic: Annotated[bool, typer.Option("--magic", help="Put every magic person and institution into it.")] = False,  # noqa: FBT002
    clock: Annotated[ClockKind, typer.Option(help="Whether time runs or waits for /_lab/clock.")] = ClockKind.RUNNING,
) -> None:
    """Start a ministry with a ready world and print three requests that work as they stand."""
    gc.disable()  # all that is made from here on stays; the server turns the collector on again
    from mockgov.app import create_app
    from mockgov.counters.doors import all_doors
    from mockgov.magic.casting import cast
    from mockgov.server import bind
    from mockgov.server import serve as serve_front
    from mockgov.settings import Settings
    from mockgov.world import DEFAULT
    from mockgov.worlds import Worlds

    settings = Settings.from_environment(_own(os.environ))
    beside = {"smtp": smtp_port, "kep": kep_port, "smpp": smpp_port}
    with ExitStack() as stack:
        listening = stack.enter_context(_bound(bind, host, port, "--port"))
        first = listening.getsockname()[1] if port else 0
        doors = [
            stack.enter_context(_bound(bind, host, _beside(first, nth) if at is None else at, f"--{name}-port"))
            for nth, (name, at) in enumerate(beside.items(), start=1)
        ]
        named = f"[{host}]" if ":" in host else host
        address = f"http://{named}:{listening.getsockname()[1]}"
        running = clock is ClockKind.RUNNING
        if PUBLIC not in os.environ:
            reached = address.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")
            settings = settings.changed({"public_address": reached})
        links = settings.public_address
        worlds = stack.enter_context(closing(Worlds(settings=settings, data=data, running=running, address=links)))
        if DEFAULT not in worlds:
            worlds.make(DEFAULT, seed=1 if seed is None else seed, people=people)
        ministry = worlds.get(DEFAULT)
        if magic:
            cast(ministry)
        kept = ministry.world.seed
        if seed not in (None, kept):
            raise CommandError(f"{data} holds a default world of seed {kept}; leave --seed out or move it.")
        greeting = _greeting(ministry, address, named, doors)
        front = create_app(worlds, list(zip(all_doors(), doors, strict=True)))
        serve_front(front, listening, ready=lambda: typer.echo(greeting))
    typer.echo("Stopped.")


def _own(environment: Any) -> dict[str, str]:
    """The settings among the environment's variables; the command's own are not settings."""
    ours = {"HES_URL", "HES_USER", "HES_PASSWORD"}
    return {name: value for name, value in environment.items() if name.startswith("HES_") and name not in ours}


def _bound(bind: Callable[[str, int], socket], host: str, port: int, option: str) -> socket:
    try:
        return bind(host, port)
    except (OSError, OverflowError) as error:
        raise CommandError(
            f"Cannot listen on {host}:{port} ({error}). Choose another with --host and {option}."
        ) from None


def _beside(first: int, nth: int) -> int:
    """The port of the nth door; a free one beside a free one, or where there are none above."""
    return first + nth if first and first + nth <= LAST_PORT else 0


def _greeting(ministry: Any, address: str, host: str, doors: Sequence[socket]) -> str:
    from mockgov.lab.examples import examples

    name = ministry.world.name
    now = ministry.world.now().isoformat(timespec="seconds")
    people = f"{ministry.registry.count()} people"
    lines = [
        f"HES Sandbox at {address}: world {name}, seed {ministry.world.seed}, {people}, {now}.",
        "Mail {}   Registered mail {}   SMPP {}".format(*(f"{host}:{door.getsockname()[1]}" for door in doors)),
        f"Routes: {address}/docs   Controls: {address}/_lab/world   All people are synthetic. Ctrl-C stops.",
    ]
    return "\n".join([*lines, "", *examples(ministry, address)])
