"""How commands name a scenario's results, and the command line that plays them again."""

import shutil
from pathlib import Path

import pytest

from sim.cli.scenarios import command_line, kept_as
from sim.scenario import load

HOUSE = Path(__file__).parents[2] / "scenarios" / "autumn_wave.toml"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A scenario of the house, copied under its own name."""
    return Path(shutil.copy(HOUSE, tmp_path / HOUSE.name))


def test_a_scenario_of_the_house_is_kept_under_its_name(copied: Path) -> None:
    """Also as a copy that says the same, comments apart."""
    copied.write_text(copied.read_text("utf-8") + "# a comment\n", encoding="utf-8")
    assert kept_as(HOUSE, load(HOUSE)) == kept_as(copied, load(copied)) == "autumn_wave"


def test_a_changed_copy_does_not_take_its_folder(copied: Path) -> None:
    """Each change has a folder of its own; a name of one's own stays as it is."""
    names = set()
    for days in (10, 11):
        text = HOUSE.read_text("utf-8").replace("days = 122", f"days = {days}")
        copied.write_text(text, encoding="utf-8")
        names.add(kept_as(copied, load(copied)))
    assert len(names) == 2
    assert all(name.startswith("autumn_wave-") and len(name) == len("autumn_wave-") + 8 for name in names)
    own = copied.rename(copied.with_name("own.toml"))
    assert kept_as(own, load(own)) == "own"


def test_the_command_line_is_the_whole_one() -> None:
    """Options with values, flags that were given, words in quotation marks where a shell needs them."""
    options = {"seed": 7, "trace": True, "fresh": None, "url": None, "out": Path("my runs")}
    told = command_line(["hes", "run", "a b.toml"], options)
    assert told == "hes run 'a b.toml' --seed 7 --trace --out 'my runs'"
    assert command_line(["hes", "run", "x"], {"seed": 0}) == "hes run x --seed 0"
