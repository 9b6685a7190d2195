"""`hes faults` and `hes replay`: misbehaviour on purpose in a running ministry."""

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from mockgov.cli.calling import URL, Address, CommandError, call

faults = typer.Typer(help="Faults on purpose: show the plan, set one, clear it.", no_args_is_help=True)
replaying = typer.Typer()

World = Annotated[str, typer.Option("--world", help="Which world; the default one if not said.")]
SHOWN = 10
"""Strikes that `show` lists."""


@faults.command("show", epilog="Example: hes faults show --world tuesday")
def show(url: Address = URL, world: World = "") -> None:
    """Show the plan in force, and the last strikes with their replay tokens."""
    plan = call(url, "GET", f"{_lab(world)}/faults")
    _show(plan)
    for one in plan["struck"][:SHOWN]:
        typer.echo(f"  {one['at']}  {one['kind']:<19} {one['channel']:<9} {one['stage']:<8} {one['token']}")


@faults.command("set", epilog="Example: hes faults set flaky-monday")
def set_plan(
    plan: Annotated[str, typer.Argument(help="A ready plan's name, or a file: TOML with [[faults]], or JSON.")],
    url: Address = URL,
    world: World = "",
) -> None:
    """Set the plan: a ready one by name, or one from a file. Counting starts over."""
    _show(call(url, "PUT", f"{_lab(world)}/faults", _read(plan)))


@faults.command("clear", epilog="Example: hes faults clear")
def clear(url: Address = URL, world: World = "") -> None:
    """Heal everything."""
    call(url, "DELETE", f"{_lab(world)}/faults")
    typer.echo("No faults.")


@faults.command("catalogue", epilog="Example: hes faults catalogue")
def catalogue(url: Address = URL) -> None:
    """List the ready plans: what happens under each, and what it teaches."""
    for one in call(url, "GET", "/_lab/faults/catalogue"):
        typer.echo(f"{one['name']:<21} {one['meaning']}")
        typer.echo(f"{'':<21} {one['teaches']}")


@replaying.command("replay", epilog="Example: hes replay hes1.1.0123456789ab.1.counter.01234567.0123 --world tuesday")
def replay(
    token: Annotated[str, typer.Argument(help="The X-HES-Fault of a struck answer.")],
    url: Address = URL,
    world: World = "",
) -> None:
    """Have the very same request struck the same way once more, the next time that it is made."""
    done = call(url, "POST", f"{_lab(world)}/faults/replay", {"token": token})
    for one in done["faults"]:
        typer.echo(f"Fault {one['number']} strikes that request again, once: {_line(one['fault'])}")
    typer.echo("Make the same request again.")


def _lab(world: str) -> str:
    return f"/w/{quote(world, safe='')}/_lab" if world else "/_lab"


def _read(plan: str) -> Any:
    """What to send: the name of a ready plan, or what a file holds."""
    path = Path(plan)
    if path.suffix not in (".toml", ".json"):
        if path.exists():
            raise CommandError(f"{plan} is neither .toml nor .json; rename it, or give a ready plan's name.")
        return {"plan": plan}
    text = path.read_text(encoding="utf-8")
    try:
        read = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except ValueError as error:
        raise CommandError(f"{plan} cannot be read: {error}.") from None
    return json.loads(json.dumps(read, default=_moment))


def _moment(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise CommandError(f"{value!r} has no place in a plan of faults.")


def _show(plan: Any) -> None:
    if not plan["faults"]:
        typer.echo("No faults.")
        return
    ready = f"  ({', '.join(plan['ready'])})" if plan["ready"] else ""
    typer.echo(f"plan {plan['digest']}{ready}")
    for number, fault in enumerate(plan["faults"], start=1):
        typer.echo(f"  {number:>2}  {_line(fault)}")


def _line(fault: Any) -> str:
    more = [f"{name}={value if not isinstance(value, list) else ','.join(value)}" for name, value in fault.items()]
    return " ".join([fault["kind"], *(part for part in more if not part.startswith("kind="))])
