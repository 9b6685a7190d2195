"""Sweeps: a tidy table, a summary, effects against functions whose effects are known."""

import json
from datetime import date

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.experiments import sensitivity
from sim.experiments.axes import Range, read_axes
from sim.experiments.executors import Serial
from sim.experiments.intervals import interval
from sim.experiments.journal import Journal
from sim.experiments.plan import plan
from sim.experiments.sweep import sweep
from sim.experiments.tasks import Workshop
from sim.results.folder import STAMP
from sim.scenario import ScenarioError
from sim.streams import Streams
from tests.sim.experiments.toy import Toy, cases, ishigami, moody


def swept(texts, headline, design="grid", **more):
    made = plan(read_axes(texts, Toy()), design, **more)
    return sweep(Toy(), made, headline, Workshop(executor=Serial(), journal=Journal()))


def cube(*names):
    return [Range(name=f"spread.{name}", low=0, high=1) for name in names]


def test_the_table_is_tidy_and_the_summary_by_point():
    """A run a row; a point that fails has its sentence and no numbers; means and Student's intervals by hand."""
    found = swept(["spread.tests=2,3"], moody, replications=3, seed=7)
    assert found.table().to_pylist() == [
        {
            "point": point,
            "replication": replication,
            "seed": 7 + replication,
            "spread.tests": tests,
            "product": (8.0 + replication) * 2 if tests == 2 else None,
            "failure": None if tests == 2 else "RuntimeError: three tests bring bad luck",
        }
        for point, tests in enumerate((2, 3))
        for replication in range(3)
    ]
    good, bad = found.summary()
    assert (good["spread.tests"], good["n"], good["mean"], good["sd"]) == (2, 3, 18.0, 2.0)
    assert good["high"] - 18 == pytest.approx(18 - good["low"]) == pytest.approx(4.968275, rel=1e-6)  # t = 4.302653
    assert (bad["n"], bad["mean"], bad["low"]) == (0, None, None)
    assert [failure["seed"] for failure in found.failures] == [7, 8, 9]
    assert found.effects == ()


def test_an_interval_is_cut_off_at_nothing_where_no_run_is_below():
    """2 and 3: 2.5 less 12.7 times 0.5 would be -3.9; a number that may be negative keeps its interval."""
    found = swept(["spread.tests=1"], moody, replications=2)
    (line,) = found.summary()
    assert (line["mean"], line["low"]) == (2.5, 0.0)
    assert line["high"] == pytest.approx(2.5 + 12.7062 * 0.5)
    (line,) = swept(["spread.tests=1"], below, replications=2).summary()
    assert line["low"] == pytest.approx(-12.7062 * 0.5)


def below(scenario, seed):
    return {"x": moody(scenario, seed)["product"] - 2.5}


def test_few_seeds_are_told():
    """One gives no interval, a few a weak one; a design that tells no effects says so."""
    assert "one seed at each point" in swept(["spread.tests=1,2"], moody).cautions[0]
    assert "only 3 seeds" in swept(["spread.tests=1,2"], moody, replications=3).cautions[0]
    assert swept(["spread.tests=1,2"], moody, replications=5).cautions == ()
    for design, told in (("sobol", "powers of two; 12 are none"), ("saltelli", "powers of two; 12 are none")):
        assert told in swept(["spread.growth=0:1"], cases, design, points=12, replications=5).cautions[0]
        assert swept(["spread.growth=0:1"], cases, design, points=16, replications=5).cautions == ()
    assert "too few points" in swept(["spread.growth=0:1"], cases, "latin", points=4, replications=5).cautions[0]


def test_all_points_have_the_same_seeds():
    """Common random numbers: without a difference in parameters there is none in numbers."""
    found = swept(["spread.tests=1,2"], cases, replications=4)
    month = found.values("cases 2020-05")
    assert (month[0] == month[1]).all()
    assert len(set(month[0].tolist())) == 4


def test_a_wrong_point_is_told_before_anything_runs():
    """Even if it is wrong only together with the rest."""
    with pytest.raises(ScenarioError, match=r"spread.growth"):
        sweep(
            Toy(),
            plan([Range(name="spread.growth", low=0, high=5)], "latin", points=8),
            pytest.fail,
            Workshop(executor=Serial(), journal=Journal()),
        )


def test_files_have_their_provenance(tmp_path):
    """In each Parquet file and in sweep.json; dates and choices are columns, too."""
    texts = ["spread.waves.0.0=2020-06-01,2020-07-01", "spread.rule=lax,strict", "spread.growth=0.1,0.2"]
    found = swept(texts, cases)
    found.write(tmp_path, {"version": "1", "seed": 1})
    table = pq.read_table(tmp_path / "sweep.parquet")
    assert table.replace_schema_metadata(None).equals(found.table())
    assert set(table["spread.waves.0.0"].to_pylist()) == {date(2020, 6, 1), date(2020, 7, 1)}
    for name in ("sweep", "points", "effects"):
        assert json.loads(pq.read_schema(tmp_path / f"{name}.parquet").metadata[STAMP]) == {"version": "1", "seed": 1}
    assert json.loads((tmp_path / "sweep.json").read_text())["runs"] == 8
    assert pq.read_table(tmp_path / "points.parquet").num_rows == 8 * 16


def test_variance_shares_are_those_of_ishigami_and_homma():
    """For a = 7, b = 0.1: S = 0.3139, 0.4424, 0; T = 0.5576, 0.4424, 0.2437; the bands hold them."""
    made = plan(cube("growth", "beginning", "noise"), "saltelli", points=1024)
    found = sweep(Toy(), made, ishigami, Workshop(executor=Serial(), journal=Journal()))
    exact = {"first": (0.3139, 0.4424, 0.0), "total": (0.5576, 0.4424, 0.2437)}
    told = [effect for effect in found.effects if effect.number == "y"]
    assert len(told) == 6
    for measure, shares in exact.items():
        for effect, share in zip([one for one in told if one.measure == measure], shares, strict=True):
            assert effect.value == pytest.approx(share, abs=0.02)
            assert effect.low - 0.02 <= share <= effect.high + 0.02
            assert effect.low < effect.value < effect.high < effect.low + 0.3
    assert {effect.value for effect in found.effects if effect.number == "drawn by"} == {0.0}


@given(st.integers(5, 60), st.integers(1, 4), st.integers(0, 1000))
def test_spearman_is_scipys(n, parameters, seed):
    """With ties."""
    drawn = Streams(seed).stream("x").below(9, np.arange(n)[:, None], np.arange(parameters + 1)[None, :]).astype(float)
    found = sensitivity.rank_correlations(drawn[:, :-1], drawn[:, -1])
    for column, (spearman, _) in enumerate(found):
        if len(set(drawn[:, column])) > 1 < len(set(drawn[:, -1])):
            assert spearman[0] == pytest.approx(stats.spearmanr(drawn[:, column], drawn[:, -1]).statistic)
        else:
            assert spearman[0] == 0


def test_partial_rank_correlation_is_that_of_the_inverse_matrix():
    """r_jy.rest = -P_jy / sqrt(P_jj P_yy), P the inverse of the ranks' correlations: another way to the same."""
    drawn = Streams(3).stream("x").uniform(np.arange(80)[:, None], np.arange(4)[None, :])
    drawn[:, 3] += 2 * drawn[:, 0] - drawn[:, 1]
    inverse = np.linalg.inv(np.corrcoef(np.apply_along_axis(stats.rankdata, 0, drawn).T))
    for column, (_, partial) in enumerate(sensitivity.rank_correlations(drawn[:, :3], drawn[:, 3])):
        assert partial[0] == pytest.approx(-inverse[column, 3] / np.sqrt(inverse[column, column] * inverse[3, 3]))
        assert partial[1] < partial[0] < partial[2]


def test_rank_correlations_find_what_matters():
    """Growth up, nothing else; monotone and bent is as good as straight."""
    found = swept(["spread.growth=0:1", "spread.tests=1:9", "spread.rule=lax,strict"], cases, "latin", points=60)
    told = {(one.parameter, one.measure): one for one in found.effects if one.number == "cases 2020-10"}
    assert told["spread.growth", "spearman"].value > 0.95
    assert told["spread.growth", "prcc"].value > 0.95
    for name in ("spread.tests", "spread.rule"):
        assert told[name, "prcc"].low < 0 < told[name, "prcc"].high


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_intervals_are_scipys(values):
    """Student's t, by an independent way."""
    found = interval(values)
    if found.sd > 1e-6 * max(map(abs, values)):  # else what is left is rounding
        low, high = stats.t.interval(0.95, len(values) - 1, loc=np.mean(values), scale=stats.sem(values))
        assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))
        assert found.p == pytest.approx(stats.ttest_1samp(values, 0).pvalue, rel=1e-6, abs=1e-300)
    elif len(set(values)) == 1:
        assert found.mean == pytest.approx(values[0])
        assert found.low <= found.mean <= found.high
