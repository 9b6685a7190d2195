"""`hes world`: the worlds of a running ministry."""

from typing import Annotated, Any, Final
from urllib.parse import quote

import typer

from mockgov.cli.calling import URL, Address, CommandError, call

world = typer.Typer(
    help="Worlds of a running ministry: make, list, fork, keep, put back, compare, find, drop, seed.",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(help="A world.")]
Changes = Annotated[list[str] | None, typer.Option("--set", help="A setting of its own, as name=value; repeat it.")]
WAYS: Final = "phone=…, token=…, mail=…, hes_code=…, username=… password=…, kep_address=… password=…"
"""By what a world is found."""
CLUES: Final = frozenset({"phone", "token", "mail", "hes_code", "username", "kep_address", "password"})
SHOWN: Final = 5
"""Of each kind, so many that differ are named."""


@world.command("list", epilog="Example: hes world list")
def list_worlds(url: Address = URL) -> None:
    """List the worlds of a running ministry."""
    for one in call(url, "GET", "/_lab/worlds"):
        typer.echo(_line(one))


@world.command(
    "make", epilog="Example: hes world make tuesday --seed 7 --people 500 --magic --set idle_lifetime_s=3600"
)
def make_world(
    name: Annotated[str, typer.Argument(help="Its name: a-z, 0-9 and -.")],
    url: Address = URL,
    seed: Annotated[int, typer.Option(min=0, help="Its seed.")] = 1,
    people: Annotated[int, typer.Option(min=0, help="People to seed it with.")] = 0,
    preset: Annotated[str | None, typer.Option(help="What it is filled with, such as empty or town.")] = None,
    magic: Annotated[bool, typer.Option("--magic", help="Put every magic person and institution into it.")] = False,  # noqa: FBT002
    changes: Changes = None,
) -> None:
    """Make a world; it answers under /w/NAME/ at once."""
    body: dict[str, Any] = {"name": name, "seed": seed, "people": people, "settings": _settings(changes)}
    if magic:
        body["magic"] = True
    if preset is not None:
        body["preset"] = preset
    typer.echo(_line(call(url, "POST", "/_lab/worlds", body)))


@world.command("seed", epilog="Example: hes world seed tuesday --people 500")
def seed_world(
    name: Annotated[str, typer.Argument(help="An empty world.")],
    url: Address = URL,
    people: Annotated[int, typer.Option(min=1, help="People to seed it with.")] = 1000,
) -> None:
    """Fill an empty world with a ready town."""
    typer.echo(_line(call(url, "POST", f"/w/{_path(name)}/_lab/world/seed", {"people": people})))


@world.command("fork", epilog="Example: hes world fork tuesday what-if --set bulk_limit=100")
def fork_world(
    name: Name,
    to: Annotated[str, typer.Argument(help="The copy's name.")],
    url: Address = URL,
    snapshot: Annotated[str | None, typer.Option(help="Begin from this snapshot of the world's.")] = None,
    changes: Changes = None,
) -> None:
    """Copy a world; from then on each goes its own way."""
    body: dict[str, Any] = {"to": to, "settings": _settings(changes)}
    if snapshot is not None:
        body["snapshot"] = snapshot
    typer.echo(_line(call(url, "POST", f"/_lab/worlds/{_path(name)}/fork", body)))


@world.command("snapshot", epilog="Example: hes world snapshot tuesday before-the-upload")
def keep_world(
    name: Name,
    snapshot: Annotated[str | None, typer.Argument(help="What to call it; the next number, if not said.")] = None,
    url: Address = URL,
    show: Annotated[bool, typer.Option("--list", help="Only list the snapshots that there are.")] = False,  # noqa: FBT002
) -> None:
    """Keep a world as it is now, to go back to."""
    place = f"/_lab/worlds/{_path(name)}/snapshots"
    if show:
        kept = call(url, "GET", place)
    else:
        kept = [call(url, "POST", place, {} if snapshot is None else {"snapshot": snapshot})]
    for one in kept:
        typer.echo(f"{one['snapshot']:<16} {one['at']}  {one['bytes'] / 1e6:.1f} MB")


@world.command("restore", epilog="Example: hes world restore tuesday before-the-upload")
def restore_world(
    name: Name, snapshot: Annotated[str, typer.Argument(help="One of its snapshots.")], url: Address = URL
) -> None:
    """Put a world back to a snapshot, its clock too."""
    typer.echo(_line(call(url, "POST", f"/_lab/worlds/{_path(name)}/restore", {"snapshot": snapshot})))


@world.command("diff", epilog="Example: hes world diff tuesday @before-the-upload")
def compare_worlds(
    name: Name,
    against: Annotated[str, typer.Argument(help="Another world, @SNAPSHOT of this one, or WORLD@SNAPSHOT.")],
    url: Address = URL,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Of each kind, so many are named.")] = SHOWN,
) -> None:
    """Say in what two worlds differ: by table, and which citizens, codes, accounts and messages."""
    query = f"against={quote(against, safe='')}&limit={limit}"
    for line in _told(call(url, "GET", f"/_lab/worlds/{_path(name)}/diff?{query}")):
        typer.echo(line)


@world.command("find", epilog="Example: hes world find phone=+905990000000")
def find_world(
    clues: Annotated[list[str], typer.Argument(help=WAYS)],
    url: Address = URL,
) -> None:
    """Name the worlds in which something was made."""
    pairs = _pairs(clues)
    if strange := [name for name in pairs if name not in CLUES]:
        raise CommandError(f"No world is found by {', '.join(strange)}. Write one of: {WAYS}.")
    found = call(url, "POST", "/_lab/worlds/find", pairs)
    if not found:
        raise CommandError("No world of this ministry knows it.")
    for name in found:
        typer.echo(name)


@world.command("drop", epilog="Example: hes world drop tuesday")
def drop_world(
    name: Name,
    url: Address = URL,
    snapshot: Annotated[str | None, typer.Option(help="Drop only this snapshot of the world's.")] = None,
) -> None:
    """Drop a world and everything in it."""
    within = "" if snapshot is None else f"/snapshots/{_path(snapshot)}"
    call(url, "DELETE", f"/_lab/worlds/{_path(name)}{within}")
    typer.echo(f"{name} is gone." if snapshot is None else f"{snapshot} of {name} is gone.")


def _told(found: Any) -> list[str]:
    """A difference in lines."""
    sides = f"{found['world']} at {found['now']}, against {found['against']} at {found['against_now']}"
    if found["same"]:
        return [f"{sides}: no difference."]
    lines = [f"{sides}:"]
    for kind, one in found["meaning"].items():
        named = "; ".join(
            f"{each['which']} ({each['how'].replace('_', ' ')}: {', '.join(each['fields'])})"
            for each in one["differing"]
        )
        more = "" if one["count"] == len(one["differing"]) else f"; and {one['count'] - len(one['differing'])} more"
        lines.append(f"  {one['count']} {kind}: {named}{more}")
    lines += [
        f"  {one['table']}: {one['only_here']} rows only here, {one['only_there']} only there, {one['changed']} changed"
        for one in found["tables"]
    ]
    return lines


def _settings(changes: list[str] | None) -> dict[str, str]:
    return _pairs(changes or [])


def _pairs(given: list[str]) -> dict[str, str]:
    """Names and values of words such as `name=value`. Raises `CommandError`."""
    pairs = dict(word.partition("=")[::2] for word in given)
    if len(pairs) < len(given) or any("=" not in word for word in given):
        raise CommandError("Write each as name=value, and each name once.")
    return pairs


def _path(name: str) -> str:
    return quote(name, safe="")


def _line(one: Any) -> str:
    return (
        f"{one['name']:<16} seed {one['seed']:<6} {one['people']:>7} people  {one['queries']:>9} queries  "
        f"{one['now']}  ({one['clock']})"
    )
