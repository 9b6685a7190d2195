"""Which scenarios there are, and how a command finds the one it is told."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from mockgov.cli import CommandError

if TYPE_CHECKING:
    from sim.provenance import Provenance
    from sim.scenario import AnyScenario

FOLDERS = (Path("scenarios"), Path(__file__).resolve().parents[2] / "scenarios")
NO_SIM = (
    "The simulator's packages are missing ({name} is not there). Install them with: pip install 'hes-sandbox[{extras}]'"
)
STOPPED = 130
"""The exit status of a command that somebody ended by ctrl-C."""

listing = typer.Typer()


@listing.command("list", epilog="Example: hes list")
def list_all() -> None:
    """List the scenarios and the question that each answers."""
    try:
        from sim.scenario import ScenarioError, list_scenarios, load
    except ImportError as error:
        raise CommandError(NO_SIM.format(extras="sim", name=error.name)) from None
    for path in list_scenarios([folder for folder in FOLDERS if folder.is_dir()]):
        try:
            typer.echo(f"{path.stem:<24} {load(path).question}")
        except ScenarioError as error:
            typer.echo(f"{path.stem:<24} cannot be run: {str(error).splitlines()[0].rstrip(':')}", err=True)


def found(scenario: str) -> "tuple[Path, AnyScenario]":
    """A scenario by its name or file. Raises `CommandError` or `ScenarioError`, which say what to do."""
    try:
        from sim.scenario import find, load
    except ImportError as error:
        raise CommandError(NO_SIM.format(extras="sim", name=error.name)) from None
    file = find(scenario, FOLDERS)
    return file, load(file)


def kept_as(file: Path, scenario: "AnyScenario") -> str:
    """The name under which a scenario's results are kept: its own.

    A file with the name of one of the house's that says something else has digits of its digest behind it, so neither
    takes the other's folder.
    """
    from sim.scenario import ScenarioError, digest, load

    house = next((path for folder in reversed(FOLDERS) if (path := folder / f"{scenario.name}.toml").is_file()), file)
    try:
        same = house.samefile(file) or digest(load(house)) == digest(scenario)
    except ScenarioError:
        same = False
    return scenario.name if same else f"{scenario.name}-{digest(scenario)[:8]}"


def command_line(words: Sequence[str], options: Mapping[str, Any]) -> str:
    """The command that does the same again: each option that has a value, a list's once for each."""
    told = list(words)
    for name, value in options.items():
        if value is True:
            told.append(f"--{name}")
        elif isinstance(value, list):
            told += [word for each in value for word in (f"--{name}", str(each))]
        elif value is not None and value is not False:
            told += [f"--{name}", str(value)]
    return shlex.join(told)


def provenance_of(file: Path, name: str, seed: int, drive: str, command: str) -> "Provenance":
    """Where the results of a command come from."""
    from mockgov.clock import wall_clock
    from sim.provenance import describe

    content = file.read_bytes()
    return describe(scenario=name, content=content, seed=seed, drive=drive, made_at=wall_clock(), command=command)
