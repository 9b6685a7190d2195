"""`hes check`: ask about one code."""

import json
from base64 import b64encode
from enum import StrEnum
from typing import Annotated

import typer

from mockgov.cli.calling import URL, Address, CommandError, call

checking = typer.Typer()


class Door(StrEnum):
    """Which environment a check goes to."""

    LIVE = "live"
    TEST = "test"


@checking.command(epilog="Example: hes check A1B2-3456-17 --url http://127.0.0.1:8080 --plus")
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
    typer.echo(json.dumps(call(url, "POST", path, {"hes_code": code}, basic=basic), ensure_ascii=False, indent=2))


def _first_account(url: str, environment: Door) -> tuple[str, str]:
    accounts = call(url, "GET", "/_lab/accounts")
    for account in accounts:
        if account["environment"] == environment.value and account["password"]:
            return account["username"], account["password"]
    raise CommandError(f"This world has no open {environment.value} account; provision one under /_lab/accounts.")
