"""A scenario as the text of its file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiments.changing import changed, value_of
from sim.experiments.scenario_text import scenario_text
from sim.scenario import NationScenario, load, parse
from tests.sim.experiments.toy import Rule, Spread, Toy

SCENARIOS = Path(__file__).parents[3] / "scenarios"
OF_THE_COUNTRY = [path for path in sorted(SCENARIOS.glob("*.toml")) if isinstance(load(path), NationScenario)]


def test_what_differs_is_told_with_its_remarks() -> None:
    """Remarks stand at the end of an entry's line, or above a key, which is told though it has its default."""
    toy = Toy(name="mine", spread=Spread(rule=Rule.STRICT))
    remarks = {"spread.waves.1.1": "fitted", "spread.growth": "fitted as well"}
    assert scenario_text(toy, "First.\nSecond.", remarks) == (
        "# First.\n#\n# Second.\n\n"
        "[spread]\n"
        "# growth: fitted as well\n"
        "growth = 0.2\n"
        'rule = "strict"\n'
        "waves = [\n"
        "  [2020-06-01, 0.8],\n"
        "  [2020-11-01, 1.2],  # fitted\n"
        "]\n"
    )


def test_a_long_list_has_a_line_for_each_entry() -> None:
    """Ranges of a calibration, which nobody reads in one line."""
    country = load(SCENARIOS / "calibration.toml")
    assert '\n  "reporting.tested.3.1=0.1:0.95",\n' in scenario_text(country)


@pytest.mark.parametrize("path", OF_THE_COUNTRY, ids=lambda path: path.stem)
def test_every_scenario_of_the_country_comes_back_from_its_text(path: Path) -> None:
    """With a comment and without; all that is in the file, tables in tables included."""
    country = load(path)
    assert parse(scenario_text(country), name=path.stem) == country
    assert parse(scenario_text(country, "Some words."), name=path.stem) == country


@given(
    share=st.floats(0, 1),
    level=st.floats(0, 1),
    question=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1),
)
def test_whatever_is_set_comes_back(share: float, level: float, question: str) -> None:
    """Numbers to the last bit, letters of any kind."""
    country = load(SCENARIOS / "calibration.toml")
    changes = {"epidemic.past_infected_share": share, "epidemic.measures.waves.3.1": level, "question": question}
    made = changed(country, changes)
    back = parse(scenario_text(made, remarks={"epidemic.past_infected_share": "so"}), name=country.name)
    assert back == made
    assert value_of(back, "epidemic.measures.waves.3.1") == level
