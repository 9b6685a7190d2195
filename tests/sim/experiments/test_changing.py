"""Changing a scenario by dotted names."""

import tomllib
from dataclasses import replace
from datetime import date

import pytest

from sim.experiments.changing import changed, changed_all, is_whole, toml, value_of
from sim.scenario import AdmissionsScenario, Scenario, ScenarioError, digest
from tests.sim.experiments.toy import Rule, Spread, Toy


def test_a_parameter_is_changed_by_its_name_and_nothing_else():
    """Numbers, whole numbers for real ones, choices by their value, fields of the scenario itself."""
    made = changed(Toy(), {"spread.growth": 1, "spread.rule": "strict", "days": 3})
    assert made == Toy(spread=Spread(growth=1.0, rule=Rule.STRICT), days=3)
    assert isinstance(made.spread.growth, float)


def test_entries_of_lists_are_named_by_their_place():
    """Two entries of one list do not undo one another."""
    made = changed(Toy(), {"spread.waves.1.1": 2.5, "spread.waves.0.0": date(2020, 7, 1)})
    assert made.spread.waves == ((date(2020, 7, 1), 0.8), (date(2020, 11, 1), 2.5))


def test_no_change_is_the_same_scenario():
    """Nor is one that sets what was set."""
    assert changed(Toy(), {}) == Toy() == changed(Toy(), {"spread.growth": 0.2, "spread.waves.0.1": 0.8})


def test_everything_wrong_is_told_at_once():
    """Unknown names with the nearest, types, ranges, places."""
    with pytest.raises(ScenarioError) as caught:
        changed(
            Toy(),
            {
                "spread.grwth": 1,
                "spread.noise": 7,
                "spread.tests": 2.5,
                "spread.waves.2.1": 1,
                "spread.waves.x": 1,
                "spread.rule": "severe",
                "days.first": 1,
                "where": 2,
            },
        )
    told = [problem.text for problem in caught.value.problems]
    assert told == sorted(
        [
            'days = {"first": 1} must be a whole number',
            "spread.grwth is unknown; did you mean growth?",
            "spread.noise = 7.0 is outside 0 to 1",
            'spread.rule = "severe" must be one of strict, lax',
            "spread.tests = 2.5 must be a whole number",
            "spread.waves.2.1 names entry 2 of a list of 2, whose entries are counted from 0",
            "spread.waves.x names entry x of a list of 2, whose entries are counted from 0",
            "where is unknown; known are name, spread, days, folder",
        ]
    )


def test_many_changes_tell_each_mistake_once():
    """However many points share it."""
    with pytest.raises(ScenarioError) as caught:
        changed_all(Toy(), [{"spread.growth": 0.1, "wrong": 1}, {"spread.growth": 3, "wrong": 1}])
    assert len(caught.value.problems) == 2


def test_a_real_scenario_is_changed_too():
    """With its own objections, and another digest."""
    scenario = AdmissionsScenario(name="road", question="How long?", date=date(2020, 8, 31))
    made = changed(scenario, {"admissions.form.mean_minutes": 60, "admissions.surge.desk": "support"})
    assert made.admissions.form.mean_minutes == 60
    assert digest(made) != digest(scenario) == digest(replace(made, admissions=scenario.admissions))
    with pytest.raises(ScenarioError, match=r"admissions.weeks_afer is unknown; did you mean weeks_after"):
        changed(scenario, {"admissions.weeks_afer": 3})


def test_settings_of_the_ministry_are_changed_where_there_is_one():
    """Checked by its own rules; elsewhere they are unknown."""
    day = Scenario(name="day", question="Right?", date=date(2021, 10, 4), ministry={"negative_test_hours": 24})
    assert changed(day, {"ministry.immunity_days": 90}).ministry == {"negative_test_hours": 24, "immunity_days": 90}
    with pytest.raises(ScenarioError, match=r"ministry.imunity_days is unknown; did you mean immunity_days"):
        changed(day, {"ministry.imunity_days": 90})
    with pytest.raises(ScenarioError, match=r"ministry is unknown"):
        changed(Toy(), {"ministry.immunity_days": 90})


def test_values_and_kinds_are_found_by_name():
    """Through lists and mappings, in terms of TOML."""
    assert value_of(Toy(), "spread.waves.1.1") == 1.2
    assert value_of(Toy(), "spread.rule") == "lax"
    assert is_whole(Toy(), "spread.tests")
    assert not is_whole(Toy(), "spread.growth")
    assert not is_whole(Toy(), "spread.waves.1.1")
    assert not is_whole(Toy(), "spread.nothing.at.all")
    with pytest.raises(ScenarioError, match=r"spread.grow is unknown"):
        value_of(Toy(), "spread.grow")


def test_a_fragment_of_toml_sets_what_it_says():
    """Read back and applied, it gives the scenario that it came from; a list's entry brings the list along."""
    made = changed(Toy(), {"spread.waves.1.1": 2.5, "spread.growth": 1e-5, "days": 3, "folder": 'a"b'})
    text = toml(made, ["spread.growth", "spread.waves.1.1", "spread.waves.0.1", "days", "folder"])
    table = tomllib.loads(text)
    flat = {"days": table["days"], "folder": table["folder"]}
    flat |= {f"spread.{name}": value for name, value in table["spread"].items()}
    assert set(flat) == {"days", "folder", "spread.growth", "spread.waves"}
    assert changed(Toy(), flat) == made
