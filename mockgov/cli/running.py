"""How a command line is run: every error is one clear line and an exit status."""

import os
import sys
from typing import Any

import typer
from typer.exceptions import TyperException

from mockgov.cli.calling import CommandError

EXIT_REFUSED = 1
EXIT_BUG = 70
"""sysexits.h: an internal software error."""


def run(app: typer.Typer, arguments: list[str] | None = None) -> int:
    """Run a command line; every error is one clear line and an exit status, `--debug` shows the rest."""
    given = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in given
    color = False if os.environ.get("NO_COLOR") else None  # None: as the terminal is
    try:
        status = app([word for word in given if word != "--debug"], standalone_mode=False)
    except TyperException as error:
        message = error.format_message()
        if message:  # without words, typer has printed the help
            stop = "" if message.endswith((".", "?")) else "."
            at = getattr(error, "ctx", None)  # of the command that was called, where its name was understood
            name, example = (_name(at), "") if at is not None else _meant(app, given)
            typer.secho(f"Error: {message}{stop} Try `{name} --help`.{example}", err=True, fg="red", color=color)
        return int(error.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("Stopped.", err=True)
        return 130
    except (CommandError, ValueError, OSError) as error:
        if debug:
            raise
        typer.secho(f"Error: {error}", err=True, fg="red", color=color)
        return EXIT_REFUSED
    except Exception as error:
        if debug:
            raise
        typer.secho(
            f"Unexpected {type(error).__name__}: {error}. Run it again with --debug.", err=True, fg="red", color=color
        )
        return EXIT_BUG
    return int(status or 0)


def _name(context: Any) -> str:
    """The words that call the command of a context, if there is one: `hes compare`."""
    words = list[str]()
    while context is not None and context.parent is not None:
        words, context = [str(context.info_name), *words], context.parent
    return " ".join(["hes", *words])


def _meant(app: typer.Typer, given: list[str]) -> tuple[str, str]:
    """The words of a line that name a command, and the example in its help, for an error that does not know them."""
    words, command = ["hes"], typer.main.get_command(app)
    for word in given:
        commands = getattr(command, "commands", {})
        if word not in commands:
            break
        words, command = [*words, word], commands[word]
    example = getattr(command, "epilog", None) if len(words) > 1 else None
    return " ".join(words), f" {example}" if example else ""
