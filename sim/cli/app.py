"""All commands of `hes` together, and how a command line ends."""

import os
import sys
from typing import Annotated

import typer

from mockgov.cli import COMMANDS, GROUPS, run
from sim.cli.calibrating import calibrating
from sim.cli.experimenting import experimenting
from sim.cli.running import running
from sim.cli.scenarios import listing
from sim.cli.verifying import verifying

app = typer.Typer(
    name="hes",
    help="HES Sandbox: a mock ministry, and a country that queries it. All people are synthetic.",
    epilog="Example: hes serve. Errors are one line; add --debug to see everything.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"color": False} if os.environ.get("NO_COLOR") else None,
)
for commands in (*COMMANDS, running, listing, experimenting, calibrating, verifying):
    app.registered_commands += commands.registered_commands
for group, commands in GROUPS.items():
    app.add_typer(commands, name=group)


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the whole traceback of an error.")] = False,  # noqa: FBT002
) -> None:
    """HES Sandbox: a mock ministry, and a country that queries it. All people are synthetic."""
    del debug  # `run` has taken it out of the words already; it stands here to be seen in the help


def main() -> None:
    """Run the command line and end with its status."""
    if os.environ.get("NO_COLOR"):
        os.environ["TERM"] = "dumb"  # else bold letters and moving bars stay; see https://no-color.org
    sys.exit(run(app))
