"""Scenario files: which there are, and what stands in them."""

import tomllib
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from sim.scenario.lines import line_numbers
from sim.scenario.question import AnyScenario
from sim.scenario.reading import Reader, ScenarioError


def list_scenarios(folders: Sequence[Path]) -> tuple[Path, ...]:
    """The scenario files of these folders by name; of two with one name that of the earlier folder."""
    known: dict[str, Path] = {}
    for folder in folders:
        for path in folder.glob("*.toml"):
            known.setdefault(path.stem, path)
    return tuple(known[name] for name in sorted(known))


def find(name_or_path: str, folders: Sequence[Path]) -> Path:
    """The file that is meant by a scenario's name or by a path to it.

    Raises:
        ScenarioError: if there is none; it names the nearest, or all.
    """
    by_name = {path.stem: path for path in list_scenarios(folders)}
    if name_or_path in by_name:
        return by_name[name_or_path]
    path = Path(name_or_path)
    try:
        is_file, is_folder, is_there = path.is_file(), path.is_dir(), path.exists()
    except OSError as error:  # a name as no file system has it, or a folder that nobody may look into
        raise ScenarioError(f"{_short(name_or_path)} cannot be looked for: {error.strerror}") from None
    if is_folder:
        raise ScenarioError(f"{name_or_path!r} is a folder; {_within(path)}")
    if is_there and not (is_file and path.suffix == ".toml"):
        raise ScenarioError(f"{name_or_path!r} is no scenario file, whose name ends in .toml; {_within(path.parent)}")
    if is_there:
        return path
    near = _nearest(path.stem, list(by_name))
    advice = f"did you mean {near}?" if near else f"known are {', '.join(by_name) or 'none'}"
    if len(path.parts) > 1 or path.suffix == ".toml":
        advice = _within(path.parent, path) if path.parent.is_dir() else f"there is not even a folder {path.parent}"
        raise ScenarioError(f"there is no file {_short(name_or_path)}; {advice}")
    raise ScenarioError(f"there is no scenario {_short(name_or_path)}; {advice}")


def _within(folder: Path, missed: Path | None = None) -> str:
    """Which scenario files a folder has, or which of them was probably meant."""
    files = [str(path) for path in list_scenarios([folder])]
    if missed is not None and (near := _nearest(str(missed), files)):
        return f"did you mean {near}?"
    few = ", ".join(files[:5]) + (", …" if len(files) > 5 else "")
    return f"scenario files there are {few}" if files else "there are no scenario files; see hes list"


def _nearest(name: str, names: Sequence[str]) -> str | None:
    """The one of these names that was probably meant, capital letters apart."""
    by_letters = {one.casefold(): one for one in names}
    near = get_close_matches(name.casefold(), by_letters, n=1)
    return by_letters[near[0]] if near else None


def _short(name: str) -> str:
    """A name as it was typed, cut short."""
    return repr(name if len(name) <= 80 else f"{name[:77]}...")


def load(path: Path) -> AnyScenario:
    """Read a scenario's file.

    Raises:
        ScenarioError: if it cannot be read, with everything that is wrong in it.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ScenarioError(f"{path} cannot be read: {error.strerror or error}") from error
    if b"\0" in content:
        raise ScenarioError(f"{path} is no text; a scenario file is TOML in UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ScenarioError(f"{path} is not in UTF-8, on line {line}; save it in UTF-8") from error
    return parse(text, name=path.stem)


def parse(text: str, *, name: str) -> AnyScenario:
    """Read a scenario from the text of its file, under this name.

    Raises:
        ScenarioError: with everything that is wrong in it.
    """
    try:
        table = tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, or a number with thousands of digits
        raise ScenarioError(f"{name}.toml is no TOML: {error}") from error
    except RecursionError:
        raise ScenarioError(f"{name}.toml has brackets in brackets, hundreds deep; no scenario needs that") from None
    reader = Reader(lines=line_numbers(text))
    scenario = reader.scenario(table, name)
    if scenario is None or reader.problems:
        count = len(reader.problems)
        raise ScenarioError(f"{name}.toml has {count} mistake{'s' * (count != 1)}:", reader.problems)
    return scenario
