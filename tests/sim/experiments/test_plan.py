"""Axes, designs and plans."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import qmc

from sim.experiments import designs
from sim.experiments.axes import Range, Values, read_axes, read_ranges
from sim.experiments.plan import plan
from sim.scenario import ScenarioError
from sim.streams import Streams
from tests.sim.experiments.toy import Toy

DESIGNS = {"latin": designs.latin, "sobol": designs.sobol, "saltelli": designs.saltelli}


def places(design: str, dimensions: int, n: int, seed: int = 1) -> np.ndarray:
    return DESIGNS[design](dimensions, n, Streams(seed).stream("test"))


def test_axes_are_read_from_text():
    """Values as TOML has them, texts without quotation marks, ranges with whole numbers where the field has them."""
    assert read_axes(
        ["spread.rule=strict,lax", "spread.growth=0.1, 0.2", "spread.tests=1:5", "spread.noise=0.01:1:log"], Toy()
    ) == (
        Values(name="spread.rule", values=("strict", "lax")),
        Values(name="spread.growth", values=(0.1, 0.2)),
        Range(name="spread.tests", low=1, high=5, whole=True),
        Range(name="spread.noise", low=0.01, high=1, log=True),
    )
    waves = "spread.waves=[[2020-06-01, 0.5], [2020-11-01, 1]],[[2020-06-01, 2]]"
    (axis,) = read_axes([waves], Toy())
    assert axis.ends == ([[date(2020, 6, 1), 0.5], [date(2020, 11, 1), 1]], [[date(2020, 6, 1), 2]])


def test_everything_wrong_with_axes_is_told_at_once():
    """Texts that are none, ends out of range, unknown and repeated names."""
    texts = ["spread.growth", "spread.noise=0.1:7", "spread.tests=1:2.5", "days=2,3", "days=4", "grwth=1"]
    texts += ["spread.beginning=3:1", "spread.beginning=1:2:linear", "spread.growth=-1:1:log", "spread.rule=lax,lax"]
    with pytest.raises(ScenarioError) as caught:
        read_axes(texts, Toy())
    told = "\n".join(problem.text for problem in caught.value.problems)
    for words in (
        "'spread.growth' varies nothing",
        "spread.noise = 7.0 is outside 0 to 1",
        "spread.tests is a whole number",
        "days is varied twice",
        "grwth is unknown; known are name, spread",
        "from a lower to a higher",
        "low:high or low:high:log, not 1:2:linear",
        "a logarithmic range begins above 0",
        "spread.rule: lax is listed twice",
    ):
        assert words in told
    with pytest.raises(ScenarioError, match="days: give a range"):
        read_ranges(["days=1,2"], Toy())


@given(st.floats(0, 1), st.booleans(), st.booleans())
def test_a_range_keeps_its_ends(place, is_log, whole):
    """Nothing falls outside; a value's place is where it was taken, to the digits that are kept."""
    axis = Range(name="x", low=2, high=50, log=is_log, whole=whole)
    value = axis.at(place)
    assert 2 <= value <= 50
    assert isinstance(value, int if whole else float)
    if not whole:
        assert axis.place(value) == pytest.approx(place, abs=1e-5)


def test_whole_numbers_are_equally_likely():
    """The ends too, which plain rounding would halve."""
    axis = Range(name="x", low=1, high=4, whole=True)
    drawn = [axis.at((place + 0.5) / 4000) for place in range(4000)]
    assert [drawn.count(value) for value in (1, 2, 3, 4)] == [1000] * 4


@given(st.integers(1, 6), st.integers(1, 70), st.integers(0, 99))
def test_a_latin_hypercube_has_one_point_in_each_cell(dimensions, n, seed):
    """In every dimension."""
    drawn = places("latin", dimensions, n, seed)
    assert (np.sort((drawn * n).astype(int), axis=0) == np.arange(n)[:, None]).all()


@pytest.mark.parametrize("seed", [0, 1, 7])
def test_shifted_sobol_points_are_still_a_net(seed):
    """256 points in two dimensions: one in each box of area 1/256, whatever its shape."""
    drawn = places("sobol", 2, 256, seed)
    for rows in range(9):
        across, down = 2**rows, 2 ** (8 - rows)
        boxes = (drawn[:, 0] * across).astype(int) * down + (drawn[:, 1] * down).astype(int)
        assert len(set(boxes.tolist())) == 256


@pytest.mark.parametrize("design", ["latin", "sobol"])
def test_designs_are_more_even_than_chance(design):
    """By the centred discrepancy, against independent points."""
    loose = Streams(1).stream("loose").uniform(np.arange(128)[:, None], np.arange(4)[None, :])
    assert qmc.discrepancy(places(design, 4, 128)) < 0.7 * qmc.discrepancy(loose)


@pytest.mark.parametrize("design", ["latin", "sobol", "saltelli"])
def test_a_seed_fixes_a_design(design):
    """The same for ever, and another for another seed."""
    assert (places(design, 3, 16) == places(design, 3, 16)).all()
    assert (places(design, 3, 16) != places(design, 3, 16, seed=2)).any()
    assert np.round(places("latin", 2, 2), 6).tolist() == LATIN


LATIN = [[0.046529, 0.480766], [0.859054, 0.722073]]


def test_saltelli_points_are_a_b_and_mixtures():
    """Block 2 + j is A but for column j, which is that of B."""
    drawn = places("saltelli", 3, 8).reshape(5, 8, 3)
    for column in range(3):
        expected = drawn[0].copy()
        expected[:, column] = drawn[1][:, column]
        assert (drawn[2 + column] == expected).all()


def test_a_grid_is_every_combination():
    """In the order in which axes and values were named."""
    made = plan(read_axes(["spread.tests=1,2", "spread.rule=lax,strict"], Toy()), replications=3, seed=5)
    assert made.points == ((1, "lax"), (1, "strict"), (2, "lax"), (2, "strict"))
    assert made.names == ("spread.tests", "spread.rule")
    assert made.tasks == 12
    assert made.rows()[2] == {"point": 2, "spread.tests": 2, "spread.rule": "lax"}
    assert [scenario.spread.tests for scenario in made.scenarios(Toy())] == [1, 1, 2, 2]


def test_sampled_plans_keep_types():
    """Whole numbers whole, choices among their values, real numbers to six digits."""
    axes = read_axes(["spread.tests=1:9", "spread.rule=lax,strict", "spread.noise=0.001:1:log"], Toy())
    for design in ("latin", "sobol", "saltelli"):
        made = plan(axes, design, points=32)
        assert len(made.points) == (160 if design == "saltelli" else 32)
        assert len(made.scenarios(Toy())) == len(made.points)
        tests, rules, noises = zip(*made.points, strict=True)
        assert set(rules) == {"lax", "strict"}
        assert set(tests) == set(range(1, 10))
        assert all(float(f"{noise:.6g}") == noise for noise in noises)
        assert np.median(noises) == pytest.approx(0.0316, rel=0.4)


def test_what_does_not_fit_together_is_refused_whole():
    """All of it at once, before anything runs."""
    with pytest.raises(ScenarioError) as caught:
        plan(read_axes(["spread.tests=1:9"], Toy()), "grid", points=0, replications=0, seed=-1)
    assert len(caught.value.problems) == 4
    for design in ("latin", "sobol", "saltelli"):
        with pytest.raises(ScenarioError, match=r"spread.tests: nothing but listed values.*leave the design out"):
            plan(read_axes(["spread.tests=1,9"], Toy()), design)
    with pytest.raises(ScenarioError, match="nothing is varied"):
        plan(())
    with pytest.raises(ScenarioError, match="2,000,000 runs are over 1,000,000"):
        plan(read_axes(["spread.noise=0:1"], Toy()), "latin", points=20_000, replications=100)
