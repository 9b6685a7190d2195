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
    if path.is_file():
        return path
    near = get_close_matches(path.stem, by_name, n=1)
    advice = f"did you mean {near[0]}?" if near else f"known are {', '.join(by_name) or 'none'}"
    raise ScenarioError(f"there is no scenario {name_or_path!r}; {advice}")


def load(path: Path) -> AnyScenario:
    """Read a scenario's file.

    Raises:
        ScenarioError: if it cannot be read, with everything that is wrong in it.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path} cannot be read: {error}") from error
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
    reader = Reader(lines=line_numbers(text))
    scenario = reader.scenario(table, name)
    if scenario is None or reader.problems:
        count = len(reader.problems)
        raise ScenarioError(f"{name}.toml has {count} mistake{'s' * (count != 1)}:", reader.problems)
    return scenario
