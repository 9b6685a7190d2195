"""`hes world`: the worlds of a running ministry."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from mockgov.cli.calling import URL, Address, call

world = typer.Typer(help="Worlds of a running ministry: make, list, drop, seed.", no_args_is_help=True)


@world.command("list", epilog="Example: hes world list")
def list_worlds(url: Address = URL) -> None:
    """List the worlds of a running ministry."""
    for one in call(url, "GET", "/_lab/worlds"):
        typer.echo(_line(one))


@world.command("make", epilog="Example: hes world make tuesday --seed 7 --people 500")
def make_world(
    name: Annotated[str, typer.Argument(help="Its name: a-z, 0-9 and -.")],
    url: Address = URL,
    seed: Annotated[int, typer.Option(min=0, help="Its seed.")] = 1,
    people: Annotated[int, typer.Option(min=0, help="People to seed it with.")] = 0,
) -> None:
    """Make a world; it answers under /w/NAME/ at once."""
    made = call(url, "POST", "/_lab/worlds", {"name": name, "seed": seed, "people": people})
    typer.echo(_line(made))


@world.command("seed", epilog="Example: hes world seed tuesday --people 500")
def seed_world(
    name: Annotated[str, typer.Argument(help="An empty world.")],
    url: Address = URL,
    people: Annotated[int, typer.Option(min=1, help="People to seed it with.")] = 1000,
) -> None:
    """Fill an empty world with a ready town."""
    typer.echo(_line(call(url, "POST", f"/w/{quote(name, safe='')}/_lab/world/seed", {"people": people})))


@world.command("drop", epilog="Example: hes world drop tuesday")
def drop_world(name: Annotated[str, typer.Argument(help="A world.")], url: Address = URL) -> None:
    """Drop a world and everything in it."""
    call(url, "DELETE", f"/_lab/worlds/{quote(name, safe='')}")
    typer.echo(f"{name} is gone.")


def _line(one: Any) -> str:
    return (
        f"{one['name']:<16} seed {one['seed']:<6} {one['people']:>7} people  {one['queries']:>9} queries  "
        f"{one['now']}  ({one['clock']})"
    )
