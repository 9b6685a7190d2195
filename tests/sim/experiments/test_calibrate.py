"""Calibration on a small model whose parameters are known."""

import json
import tomllib
from math import exp

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.experiments import smoother
from sim.experiments.axes import Range, read_ranges
from sim.experiments.calibrate import CalibrationError, calibrate, counted, predict
from sim.experiments.changing import changed
from sim.experiments.executors import Serial
from sim.experiments.journal import Journal
from sim.experiments.observed import ERRORS, KINDS, MONTHS, Observation, observations
from sim.experiments.posterior import read
from sim.experiments.tasks import Workshop
from sim.scenario import ScenarioError
from sim.streams import Streams
from tests.sim.experiments.test_executors import Watched
from tests.sim.experiments.toy import Epidemic, Toy, cases, moody, outbreak

TRUTH = {"spread.growth": 0.35, "spread.beginning": 4.0, "spread.waves.1.1": 2.0}
RANGES = ["spread.growth=0:0.8", "spread.beginning=1:10:log", "spread.waves.1.1=0:3", "spread.tests=1:9"]


def seen(seed=77, truth=TRUTH, error=0.1):
    """What is observed of the truth: the first eight months, each with the error that is stated."""
    told = cases(changed(Toy(), truth), seed)
    wrong = smoother.noise(200, len(told), seed, Streams(9).stream("observing"))[seed]
    observed = {name: value * exp(error * z) for (name, value), z in zip(told.items(), wrong, strict=True)}
    return [Observation(name=name, value=value, error=error) for name, value in observed.items() if name[:5] == "cases"]


def fitted(executor=None, folder=None, headline=cases, observed=None, ranges=RANGES, **more):
    workshop = Workshop(executor=executor or Serial(), journal=Journal(folder))
    chosen = {"members": 60, "steps": 4, "seed": 3} | more
    return calibrate(Toy(), read_ranges(ranges, Toy()), observed or seen(), headline, workshop, **chosen)


def test_known_parameters_are_recovered():
    """Each within twice its 90 % band, which is far narrower than its range; what does not matter stays unknown."""
    found = fitted()
    lines = {line["parameter"]: line for line in found.ensemble.parameters()}
    for name, value in TRUTH.items():
        line = lines[name]
        assert abs(value - line["mean"]) < line["high"] - line["low"]
        assert line["narrowed"] > 0.6
    assert lines["spread.tests"]["narrowed"] < 0.35
    assert found.mismatches[0] > 50
    assert found.mismatches[-1] < 3
    assert found.ensemble.coverage(found.observations) >= 0.8
    assert found.failures == ()


def test_bands_hold_the_truth_about_as_often_as_they_say():
    """20 times three parameters; 90 % bands hold 54 of 60 on average, with a spread of 2 (a little wide is safe)."""
    held = 0
    for seed in range(20):
        found = fitted(observed=seen(100 + seed), seed=seed, members=50, steps=3)
        lines = {line["parameter"]: line for line in found.ensemble.parameters()}
        held += sum(lines[name]["low"] < value < lines[name]["high"] for name, value in TRUTH.items())
    assert 50 <= held <= 59


def test_twenty_parameters_of_an_epidemic_are_fitted():
    """A model far from linear, of which the detected and the dying show only products: most bands hold the truth."""
    ranges = [Range(name=f"level.{month}", low=0.08, high=0.35) for month in range(16)]
    ranges += [Range(name="beginning", low=1e-6, high=1e-4, log=True), Range(name="symptomatic", low=0.2, high=0.8)]
    ranges += [
        Range(name="detected", low=0.05, high=0.5, log=True),
        Range(name="fatal", low=0.002, high=0.03, log=True),
    ]
    place = Streams(52).stream("truth").uniform(np.arange(20))
    truth = {one.name: one.at(0.2 + 0.6 * float(at)) for one, at in zip(ranges, place, strict=True)}
    told = outbreak(changed(Epidemic(), truth), 999)
    wrong = smoother.noise(100, 48, 1, Streams(52).stream("observing"))[0]
    observed = [
        Observation(name=name, value=value * exp(0.2 * z), error=0.2)
        for (name, value), z in zip(told.items(), wrong, strict=True)
    ]
    workshop = Workshop(executor=Serial(), journal=Journal())
    found = calibrate(Epidemic(), ranges, observed, outbreak, workshop, members=80, seed=2)
    lines = {line["parameter"]: line for line in found.ensemble.parameters()}
    held = [lines[name]["low"] < value < lines[name]["high"] for name, value in truth.items()]
    assert sum(held) >= 15
    assert found.mismatches[0] > 10 * found.mismatches[-1]
    assert found.ensemble.coverage(observed) > 0.8
    assert lines["symptomatic"]["narrowed"] > 0.5
    assert lines["level.5"]["narrowed"] > 0.5


def test_a_calibration_is_the_same_again_and_goes_on_where_it_was(tmp_path):
    """Broken off in the second step, it runs only the rest, to the same end; another seed has another ensemble."""
    whole = fitted(Watched(), members=20)
    with pytest.raises(KeyboardInterrupt):
        fitted(Watched(after=33), tmp_path, members=20)
    rest = Watched()
    assert fitted(rest, tmp_path, members=20) == whole
    assert rest.asked == 100 - 33
    assert fitted(members=20, seed=4).ensemble.members != whole.ensemble.members


def test_the_ensemble_comes_back_from_its_file(tmp_path):
    """Members, seeds, numbers and ranges."""
    found = fitted(members=10, steps=1).ensemble
    found.write(tmp_path / "posterior.parquet", {"seed": 3})
    assert read(tmp_path / "posterior.parquet") == found
    assert isinstance(found.members[0][3], int)


def test_a_calibration_is_kept(tmp_path):
    """Prior, posterior, the fragment, the months, and the rest as JSON."""
    found = fitted(members=10, steps=1)
    found.write(tmp_path, Toy(), {"seed": 3})
    assert read(tmp_path / "prior.parquet") == found.before
    assert (tmp_path / "fitted.toml").read_text() == found.fitted(Toy(), {"seed": 3})
    assert pq.read_table(tmp_path / "fitted.parquet").to_pylist() == found.ensemble.beside(found.observations)
    assert json.loads((tmp_path / "calibration.json").read_text())["parameters"] == found.rows()


def test_the_fragment_sets_the_means():
    """Applied to the scenario, it is the scenario at the means."""
    found = fitted(members=20).ensemble
    table = tomllib.loads(found.toml(Toy()))
    made = changed(Toy(), {f"spread.{name}": value for name, value in table["spread"].items()})
    assert made == changed(Toy(), found.means())
    assert made.spread.waves[0] == Toy().spread.waves[0]


def test_a_prediction_goes_beyond_the_fit():
    """The same members run longer; month by month, covered or not."""
    found = fitted()
    later = changed(Toy(), {**TRUTH, "days": 5})
    beyond = [Observation(name=name, value=value, error=0.1) for name, value in cases(later, 5).items()]
    beyond = [one for one in beyond if one.kind == "cases"]
    ahead = predict(found.ensemble, changed(Toy(), {"days": 5}), cases, Workshop(executor=Serial(), journal=Journal()))
    lines = ahead.beside(beyond)
    assert [line["month"] for line in lines][-2:] == ["2020-11", "2020-12"]
    assert len(found.ensemble.beside(beyond)) == len(lines) - 2
    for line in lines:
        assert line["wide_low"] < line["low"] < line["median"] < line["high"] < line["wide_high"]
    assert sum(line["covered"] for line in lines) >= 8
    wrong = [Observation(name=one.name, value=3 * one.value, error=0.1) for one in beyond]
    assert ahead.coverage(wrong) == 0
    assert ahead.coverage([Observation(name="deaths 1999-01", value=1, error=1)]) is None


def test_members_that_fail_are_left_out():
    """They are told; if over half do, so is that, and so is a number that nobody has."""
    observed = [Observation(name="product", value=12, error=0.2)]
    found = fitted(headline=moody, observed=observed, ranges=["spread.tests=1:9"], members=30)
    assert found.failures[0].endswith("three tests bring bad luck")
    assert len(found.ensemble.seeds) + len(found.failures) == 30
    assert len(found.ensemble.seeds) == len(found.ensemble.numbers) >= 15
    with pytest.raises(CalibrationError, match=r"of 30 members only 0 can be used; .* no number called deaths 2020-03"):
        fitted(observed=observations(["deaths"]), members=30)
    with pytest.raises(CalibrationError, match="2 members are under 8, no step, no parameter"):
        fitted(ranges=[], members=2, steps=0)


def test_members_that_the_scenario_refuses_are_left_out():
    """Its objection is told; no run is made of them."""
    ranges = [Range(name="spread.growth", low=0, high=1.2)]
    workshop = Workshop(executor=Serial(), journal=Journal())
    found = calibrate(Toy(), ranges, seen(), cases, workshop, members=30, steps=1)
    assert len(found.failures) == 5
    assert "spread.growth = 1." in found.failures[0]
    assert "is outside -1 to 1" in found.failures[0]


def test_a_range_that_the_scenario_refuses_is_told_before_anything_runs():
    """By the scenario's own words."""
    with pytest.raises(ScenarioError, match=r"spread.growth = 5.0 is outside -1 to 1"):
        fitted(ranges=["spread.growth=0:5"], headline=pytest.fail)


def test_the_observed_table_is_the_published_one():
    """Checksums by column, and rows at random: 27 months, gaps where nothing was published."""
    assert [row.month for row in MONTHS] == [f"{y}-{m:02}" for y in (2020, 2021, 2022) for m in range(1, 13)][2:29]
    sums = {kind: sum(getattr(row, kind) or 0 for row in MONTHS) for kind in KINDS}
    assert sums == SUMS
    assert MONTHS[13] == ("2021-04", 75_744, 1_503_409, 8_683_942, 8_594)
    assert [row.month for row in MONTHS if row.cases is None] == [f"2020-{month:02}" for month in range(3, 11)]
    assert next(row.month for row in MONTHS if row.patients is None) == "2021-08"


def test_a_fit_takes_complete_totals_of_its_window():
    """With the errors of their kind; patients only where all positives are not known."""
    chosen = observations(["cases", "patients"], "2020-10", "2021-08")
    assert next(one.month for one in chosen if one.kind == "cases") == "2020-12"
    assert [one.month for one in chosen if one.kind == "patients"] == ["2020-10", "2020-11"]
    assert len(observations(["cases", "patients"], "2020-10", "2021-08", all_of_them=True)) == len(chosen) + 9
    assert {one.error for one in chosen} == {ERRORS["cases"], ERRORS["patients"]}
    with pytest.raises(ValueError, match="nothing was observed of 'births'"):
        observations(["births"])
    with pytest.raises(ValueError, match="above 0"):
        Observation(name="x", value=0, error=1)


SUMS = {"patients": 856_305, "cases": 13_790_679, "tests": 163_196_821, "deaths": 98_966}


def test_a_range_needs_no_reader():
    """Ranges made by hand do as well."""
    found = calibrate(
        Toy(),
        [Range(name="spread.growth", low=0, high=0.8)],
        seen(truth={"spread.growth": 0.5}),
        cases,
        Workshop(executor=Serial(), journal=Journal()),
        members=20,
    )
    assert found.ensemble.means()["spread.growth"] == pytest.approx(0.5, abs=0.03)
    assert np.array(found.ensemble.members).shape == (20, 1)


def test_progress_is_told_over_all_steps():
    """So the time left is that to the end of the calibration, prediction included, not to the end of a step."""
    told = []
    clock = iter(range(10_000))
    workshop = Workshop(
        executor=Serial(), journal=Journal(), progress=told.append, stopwatch=lambda: float(next(clock))
    )
    found = calibrate(
        Toy(), read_ranges(RANGES, Toy()), seen(), cases, workshop, members=10, steps=2, seed=3, to_follow=10
    )
    predict(found.ensemble, changed(Toy(), {"days": 5}), cases, counted(workshop, 30, 40))
    assert {one.total for one in told} == {40}
    assert sorted({one.done for one in told}) == list(range(41))
    assert [one.done for one in told] == sorted(one.done for one in told)
    assert next(one.seconds_left for one in told if one.done == 1) == 39.0
    assert told[-1].seconds_left is None
