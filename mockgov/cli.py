"""The ministry's half of the command `hes`: serve, world, check. `sim.cli` adds the other half."""

import gc
import json
import os
import sys
import time
from base64 import b64encode
from contextlib import closing
from enum import StrEnum
from http.client import HTTPException
from pathlib import Path
from typing import Annotated, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

import typer
from typer.exceptions import TyperException

URL = "http://127.0.0.1:8080"
TIMEOUT_S = 30
EXIT_REFUSED = 1
EXIT_BUG = 70
"""sysexits.h: an internal software error."""

serving = typer.Typer(no_args_is_help=True)
world = typer.Typer(help="Worlds of a running ministry: make, list, drop, seed.", no_args_is_help=True)

Address = Annotated[str, typer.Option("--url", envvar="HES_URL", help="Where the ministry is.", show_default=True)]


class ClockKind(StrEnum):
    """How time passes in a served world."""

    RUNNING = "running"
    MANUAL = "manual"


class Door(StrEnum):
    """Which environment a check goes to."""

    LIVE = "live"
    TEST = "test"


class CommandError(Exception):
    """Something that the person at the keyboard can mend; one clear line."""


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


@serving.command(epilog="Example: hes check A1B2-3456-17 --url http://127.0.0.1:8080 --plus")
def check(
    code: Annotated[str, typer.Argument(help="A HES code, with or without dashes.")],
    url: Address = URL,
    user: Annotated[str | None, typer.Option(envvar="HES_USER", help="User name; else the first account.")] = None,
    password: Annotated[str | None, typer.Option(envvar="HES_PASSWORD", help="Its password.")] = None,
    environment: Annotated[Door, typer.Option(help="Which door to knock at.")] = Door.LIVE,
    plus: Annotated[bool, typer.Option("--plus", help="Ask vaccine, immunity and test too.")] = False,  # noqa: FBT002
) -> None:
    """Ask a running ministry about a code, as an institution would."""
    if (user is None) != (password is None):
        raise CommandError("Give --user and --password together, or neither.")
    if user is None or password is None:
        user, password = _first_account(url, environment)
    base = "/services/g2g/saglik/hes/" if environment is Door.LIVE else "/services/g2g/test/saglik/hes/"
    basic = b64encode(f"{user}:{password}".encode()).decode()
    path = base + ("check-hes-code-plus" if plus else "check-hes-code")
    typer.echo(json.dumps(_call(url, "POST", path, {"hes_code": code}, basic=basic), ensure_ascii=False, indent=2))


@world.command("list", epilog="Example: hes world list")
def list_worlds(url: Address = URL) -> None:
    """List the worlds of a running ministry."""
    for one in _call(url, "GET", "/_lab/worlds"):
        typer.echo(_line(one))


@world.command("make", epilog="Example: hes world make tuesday --seed 7 --people 500")
def make_world(
    name: Annotated[str, typer.Argument(help="Its name: a-z, 0-9 and -.")],
    url: Address = URL,
    seed: Annotated[int, typer.Option(min=0, help="Its seed.")] = 1,
    people: Annotated[int, typer.Option(min=0, help="People to seed it with.")] = 0,
) -> None:
    """Make a world; it answers under /w/NAME/ at once."""
    made = _call(url, "POST", "/_lab/worlds", {"name": name, "seed": seed, "people": people})
    typer.echo(_line(made))


@world.command("seed", epilog="Example: hes world seed tuesday --people 500")
def seed_world(
    name: Annotated[str, typer.Argument(help="An empty world.")],
    url: Address = URL,
    people: Annotated[int, typer.Option(min=1, help="People to seed it with.")] = 1000,
) -> None:
    """Fill an empty world with a ready town."""
    typer.echo(_line(_call(url, "POST", f"/w/{quote(name, safe='')}/_lab/world/seed", {"people": people})))


@world.command("drop", epilog="Example: hes world drop tuesday")
def drop_world(name: Annotated[str, typer.Argument(help="A world.")], url: Address = URL) -> None:
    """Drop a world and everything in it."""
    _call(url, "DELETE", f"/_lab/worlds/{quote(name, safe='')}")
    typer.echo(f"{name} is gone.")


def run(app: typer.Typer, arguments: list[str] | None = None) -> int:
    """Run a command line; every error is one clear line and an exit status, `--debug` shows the rest."""
    given = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in given
    try:
        status = app([word for word in given if word != "--debug"], standalone_mode=False)
    except TyperException as error:
        message = error.format_message()
        if message:  # without words, typer has printed the help
            stop = "" if message.endswith((".", "?")) else "."
            typer.secho(f"Error: {message}{stop} Try `hes --help`.", err=True, fg="red")
        return int(error.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("Stopped.", err=True)
        return 130
    except (CommandError, ValueError, OSError) as error:
        if debug:
            raise
        typer.secho(f"Error: {error}", err=True, fg="red")
        return EXIT_REFUSED
    except Exception as error:
        if debug:
            raise
        typer.secho(f"Unexpected {type(error).__name__}: {error}. Run it again with --debug.", err=True, fg="red")
        return EXIT_BUG
    return int(status or 0)


def wait_until_up(url: str, *, timeout_s: float = 20) -> None:
    """Return when the ministry answers. Raises `CommandError`."""
    end = time.monotonic() + timeout_s
    while True:
        try:
            _call(url, "GET", "/_lab/world")
        except CommandError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


def _call(url: str, method: str, path: str, body: Any = None, *, basic: str | None = None) -> Any:
    if not url.startswith(("http://", "https://")):
        raise CommandError(f"{url} is no web address; write something like {URL}.")
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if basic is not None:
        headers["Authorization"] = f"Basic {basic}"
    data = None if body is None else json.dumps(body).encode()
    request = Request(url.rstrip("/") + path, data, headers, method=method)  # noqa: S310  checked above
    try:
        with _opener(url).open(request, timeout=TIMEOUT_S) as answer:
            text = answer.read()
    except HTTPError as error:
        raise CommandError(_problem(error.code, error.read())) from None
    except (URLError, OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise CommandError(f"No ministry answers at {url} ({reason}). Start one with `hes serve`.") from None
    try:
        return json.loads(text) if text else None
    except ValueError:
        raise CommandError(f"What answers at {url} is no ministry: it did not send JSON.") from None


def _opener(url: str) -> OpenerDirector:
    """The way to a ministry: past any proxy where it is on this machine."""
    here = urlsplit(url).hostname in ("127.0.0.1", "::1", "localhost")
    return build_opener(ProxyHandler({})) if here else build_opener()


def _problem(status: int, text: bytes) -> str:
    try:
        problem = json.loads(text)
        parts = [problem["title"], problem.get("detail"), f"[{problem['errorKey']}, HTTP {status}]"]
        return " ".join(part for part in parts if part)
    except (ValueError, KeyError, TypeError):
        return f"HTTP {status}: what answers there is no ministry."


def _first_account(url: str, environment: Door) -> tuple[str, str]:
    accounts = _call(url, "GET", "/_lab/accounts")
    for account in accounts:
        if account["environment"] == environment.value and account["password"]:
            return account["username"], account["password"]
    raise CommandError(f"This world has no open {environment.value} account; provision one under /_lab/accounts.")


def _line(one: Any) -> str:
    return (
        f"{one['name']:<16} seed {one['seed']:<6} {one['people']:>7} people  {one['queries']:>9} queries  "
        f"{one['now']}  ({one['clock']})"
    )


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
