"""What the product says of itself is so: settings, maps, scenarios, commands, targets, the first request."""

import ast
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from pathlib import Path

import pytest
import typer

from mockgov.settings import Settings
from sim.cli import app
from tests.house.product import ROOT, read, rooms, tracked
from tests.journeys.served import Served, serving

CODE = re.compile(r"`([^`]+)`")


def section(name: str) -> str:
    """A part of the README, by its heading."""
    return read("README.md").partition(f"\n## {name}\n")[2].partition("\n## ")[0]


def cells(text: str) -> Iterator[Sequence[str]]:
    """The cells of each row of the tables in a text, without heads."""
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith(("|---", "| mockgov/", "| setting", "| file", "| real")):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def test_every_setting_stands_in_the_readme() -> None:
    """With its default and what it means, in the order of the class, and no other."""
    settings = Settings()
    values = {field.name: getattr(settings, field.name) for field in fields(Settings)}
    table = list(cells(section("Settings")))
    assert [(name, default) for name, default, _ in table] == [
        (f"`{name}`", f"`{value.isoformat() if isinstance(value, datetime) else value}`")
        for name, value in values.items()
    ]
    assert all(meaning for _, _, meaning in table)


def test_every_room_stands_on_the_map() -> None:
    """Packages and modules of both buildings, but for a few that need no telling; and everything on it exists."""
    table = list(cells(section("The map")))
    for building, column, untold in (("mockgov", 0, {"database", "refusal"}), ("sim", 2, {"provenance"})):
        named = [name for row in table for name in CODE.findall(row[column])]
        assert len(set(named)) == len(named)
        assert rooms(ROOT / building) - {"__init__"} - set(named) <= untold
        assert set(named) <= rooms(ROOT / building)


@pytest.mark.parametrize("package", sorted(path.parent.relative_to(ROOT) for path in ROOT.glob("sim/**/__init__.py")))
def test_every_package_of_the_country_names_its_rooms(package: Path) -> None:
    """In its docstring, so that a reader knows where to look."""
    docstring = ast.get_docstring(ast.parse(read(f"{package}/__init__.py"))) or ""
    assert rooms(ROOT / package) - {"__init__", "__main__"} - set(CODE.findall(docstring)) == set()


def test_every_scenario_stands_in_its_readme() -> None:
    """With its question; every file named there exists, and each has its golden headline numbers beside it."""
    files = sorted(path.name for path in (ROOT / "scenarios").glob("*.toml"))
    table = list(cells(read("scenarios/README.md")))
    assert sorted(CODE.findall(file)[0] for file, _ in table) == files
    assert all("?" in question for _, question in table)
    assert all((ROOT / "scenarios" / file).with_suffix(".expected.json").is_file() for file in files)


def commands(group: typer.core.TyperGroup, path: str = "hes") -> Iterator[tuple[str, typer.core.TyperCommand]]:
    """Every command with the words that call it."""
    for name, command in group.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            if command.invoke_without_command:
                yield f"{path} {name}", command
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


COMMANDS = dict(commands(typer.main.get_command(app)))


def test_the_commands() -> None:
    """All of them."""
    assert sorted(COMMANDS) == [
        "hes calibrate",
        "hes callbacks add",
        "hes callbacks deliveries",
        "hes callbacks disable",
        "hes callbacks enable",
        "hes callbacks list",
        "hes callbacks ping",
        "hes callbacks remove",
        "hes callbacks replay",
        "hes callbacks rotate",
        "hes check",
        "hes clock",
        "hes compare",
        "hes conform",
        "hes explain",
        "hes faults catalogue",
        "hes faults clear",
        "hes faults set",
        "hes faults show",
        "hes journal",
        "hes journal assert",
        "hes journal har",
        "hes journal root",
        "hes journal show",
        "hes list",
        "hes magic",
        "hes onboard",
        "hes person",
        "hes replay",
        "hes run",
        "hes serve",
        "hes sign",
        "hes sweep",
        "hes verify",
        "hes world diff",
        "hes world drop",
        "hes world find",
        "hes world fork",
        "hes world list",
        "hes world make",
        "hes world restore",
        "hes world seed",
        "hes world snapshot",
    ]


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_has_an_example(words: str) -> None:
    """In the epilog of its help, with options that it has."""
    epilog = COMMANDS[words].epilog or ""
    assert epilog.startswith(f"Example: {words}")
    assert_is_a_command(epilog.removeprefix("Example: "))


def test_the_readmes_commands_exist() -> None:
    """Every `hes ...` in the README is a command with options that it has."""
    found = [line for line in shell_lines(read("README.md")) if line.startswith("hes ")]
    found += [text for text in inline(read("README.md")) if text.startswith("hes ")]
    assert len(found) >= 8
    for line in found:
        assert_is_a_command(line)


def assert_is_a_command(line: str) -> None:
    words = shlex.split(line, comments=True)
    path = next((" ".join(words[:n]) for n in (3, 2) if " ".join(words[:n]) in COMMANDS), None)
    assert path, line
    known = {name for parameter in COMMANDS[path].params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known, line


def inline(text: str) -> Sequence[str]:
    """What stands between backticks in the running text."""
    return CODE.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def shell_lines(text: str) -> Iterator[str]:
    """The lines of the fenced shell blocks in a text, continued ones joined."""
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        yield from re.sub(r" *\\\n *", " ", block).splitlines()


def test_every_make_target_in_the_readme_exists() -> None:
    """And every target of the Makefile explains itself to `make`."""
    text = read("README.md")
    told = [*shell_lines(text), *inline(text)]
    named = {target for line in told for target in re.findall(r"^make ([a-z-]+)", line)}
    targets = dict(re.findall(r"^([a-z-]+):[^=\n]*?(?:## (.+))?$", read("Makefile"), re.MULTILINE))
    assert {"run", "test", "setup", "bench", "imports"} <= named
    assert named - set(targets) == set()
    assert all(targets.values())


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """The server of the README's first ten lines."""
    with serving(people=1000) as made:
        yield made


def test_the_readmes_first_request_is_what_the_server_prints(served: Served) -> None:
    """Line for line, but for where the line is broken; and its answer is the one shown."""
    printed = [line.replace(served.address, "http://127.0.0.1:8080") for line in served.examples()]
    shown = [line for line in shell_lines(read("README.md")) if line.startswith("curl")]
    assert shown == printed[:1]
    user, code = re.findall(r"-u '([^']+)'.*\"hes_code\": \"(\w{10})\"", shown[0])[0]
    with served.client() as client:
        path = "/services/g2g/saglik/hes/check-hes-code"
        answer = client.post(path, json={"hes_code": code}, auth=tuple(user.split(":")))
    assert f"```json\n{answer.text}\n```" in section("Ten lines to a first answer")
    assert f"`hes check {code} --plus`" in read("README.md")


PLACES = tuple(f"/{folder}/" for folder in ("root", "home", "work", "Users"))
INDEXES = ("pypi" + ".org", "python" + "hosted.org", "index" + "-url")
NOT_OURS = re.compile(
    rf"(?<![\w.\-}}>])({'|'.join(map(re.escape, PLACES))})\w|{'|'.join(map(re.escape, INDEXES))}", re.IGNORECASE
)


@pytest.mark.parametrize("text", ["see /ro" + "ot/x", "'/home/" + "me'", "--extra-index" + "-url x", "PyPI" + ".org"])
def test_what_is_not_ours_is_recognised(text: str) -> None:
    """What the next test looks for."""
    assert NOT_OURS.search(text)


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    """No absolute path of somebody's, and no index to install from."""
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}" for path in tracked() for match in NOT_OURS.finditer(text_of(path))
    ]
    assert found == []


def text_of(path: Path) -> str:
    """The text of a file; empty for what is none."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
