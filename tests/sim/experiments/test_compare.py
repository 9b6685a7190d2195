"""Comparisons in pairs."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.experiments.changing import changed
from sim.experiments.compare import compare, paired
from sim.experiments.executors import Serial
from sim.experiments.journal import Journal, Row
from sim.experiments.tasks import Workshop
from tests.sim.experiments.toy import Toy, cases, moody

SHOP = Workshop(executor=Serial(), journal=Journal())


def rows(first, second, name="x"):
    return [(Row("a", {name: a}, ""), Row("b", {name: b}, "")) for a, b in zip(first, second, strict=True)]


def of(first, second):
    return paired(rows(first, second), seeds=tuple(range(len(first))), names=("A", "B"))


def test_identical_scenarios_differ_by_exactly_nothing():
    """Zero, with an interval of zero."""
    found = compare(Toy(), Toy(), cases, SHOP, seeds=range(6))
    assert len(found.differences) == 16
    for one in found.differences:
        assert (one.difference, one.low, one.high, one.p) == (0, 0, 0, 1)
        assert one.correlation == pytest.approx(1)
        assert one.reduction is None
        assert one.verdict == "equal"
    assert found.cautions == ()


def test_a_pair_shares_its_luck():
    """5 % more growth shows through noise that is larger: the pairs are correlated, and many runs are saved."""
    base = changed(Toy(), {"spread.noise": 0.3})
    found = compare(base, changed(base, {"spread.growth": 0.21}), cases, SHOP, seeds=range(8))
    one = next(one for one in found.differences if one.number == "cases 2020-10")
    assert one.verdict == "higher"
    assert one.share == pytest.approx(np.exp(0.07) - 1)
    assert one.correlation > 0.999
    assert one.reduction > 100
    first, second = ([dict(cases(s, seed))["cases 2020-10"] for seed in range(8)] for s in (base, base))
    assert stats.ttest_ind(first, np.multiply(second, np.exp(0.07))).pvalue > 0.2  # unpaired, nothing would show


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=3, max_size=30))
def test_the_numbers_are_scipys(pairs):
    """Means, paired t test and its interval; the variances' identity."""
    first, second = np.array(pairs).T
    (one,) = of(first, second).differences
    if np.std(second - first) < 1e-3 or min(np.std(first), np.std(second)) < 1e-3:
        return
    oracle = stats.ttest_rel(second, first)
    assert one.p == pytest.approx(oracle.pvalue, rel=1e-6)
    assert (one.low, one.high) == tuple(pytest.approx(end) for end in oracle.confidence_interval())
    assert (one.verdict == "not told apart") == (one.p > 0.05)
    assert (one.correlation is None) == (one.reduction is None) == (len(pairs) < 5)
    if len(pairs) < 5:
        return
    assert one.correlation == pytest.approx(stats.pearsonr(first, second).statistic)
    independent = np.var(first, ddof=1) + np.var(second, ddof=1)
    covariance = one.correlation * np.sqrt(np.var(first, ddof=1) * np.var(second, ddof=1))
    assert one.reduction == pytest.approx(independent / (independent - 2 * covariance), rel=1e-4)


def test_pairs_that_are_not_correlated_are_told():
    """In a sentence; and so are few pairs."""
    (caution,) = of([1, 2, 3, 4, 5, 6], [6, 4, 5, 5, 4, 6]).cautions
    assert caution.startswith("The pairs show no correlation for: x. Common random numbers may bring nothing there")
    assert of([1, 2, 3, 4, 5, 6], [1, 4, 2, 5, 5, 6]).cautions == ()
    assert "only 2 pairs" in of([1, 2], [2, 4]).cautions[0]


def test_one_pair_gives_a_difference_and_no_certainty():
    """Whatever it is."""
    (one,) = of([1], [3]).differences
    assert (one.difference, one.low, one.verdict) == (2, None, "too few seeds")


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ([0] * 6, [0] * 6, "not told apart"),  # nothing happened that could have differed
        ([3, 4, 5, 6, 7], [3, 4, 5, 6, 7], "equal"),
        ([3, 4, 5, 6], [3, 4, 5, 6], "too few seeds"),
        ([0, 1, 2], [3, 4, 5], "too few seeds"),  # the same difference in three pairs may be luck
        ([0, 1, 2, 3, 4], [3, 4, 5, 6, 7], "higher"),
        ([1, 2, 3, 4], [11, 13, 12, 14], "higher"),  # by a wide t interval
        ([1, 2, 3, 4], [3, 1, 2, 4], "not told apart"),
    ],
)
def test_a_verdict_claims_no_more_than_the_pairs_tell(first, second, verdict):
    """Where all differ by the same there is no p either."""
    found = of(first, second)
    (one,) = found.differences
    assert one.verdict == verdict
    assert (one.p is None) == (one.difference != 0 and one.low == one.high)
    assert any("there was none of: x" in caution for caution in found.cautions) == (not any([*first, *second]))


def test_failures_and_gaps_are_told():
    """A pair counts if both runs have the number."""
    found = compare(
        changed(Toy(), {"spread.tests": 2}), changed(Toy(), {"spread.tests": 3}), moody, SHOP, seeds=range(5)
    )
    assert found.differences == ()
    assert found.cautions[0] == "B failed with seed 0: RuntimeError: three tests bring bad luck"
    assert found.cautions[-1] == "product has a value in both runs of 0 of 5 pairs."
    found = paired(rows([1, None, 2, 3, 4], [2, 3, None, 4.1, 5.2]), seeds=tuple(range(5)), names=("A", "B"))
    assert found.differences[0].pairs == 3
    assert found.rows()[0]["verdict"] == "higher"


def test_a_comparison_is_kept_with_its_provenance(tmp_path):
    """As a table and as JSON, cautions included."""
    found = compare(Toy(), changed(Toy(), {"spread.growth": 0.3}), cases, SHOP, seeds=[1, 2], scale="For all.")
    found.write(tmp_path, {"version": "1"})
    assert pq.read_table(tmp_path / "comparison.parquet").to_pylist() == found.rows()
    told = json.loads((tmp_path / "comparison.json").read_text())
    assert told["numbers"] == found.rows()
    assert told["scale"] == "For all."
    assert told["cautions"] == list(found.cautions) != []


def test_seeds_are_needed_once_each():
    """Or an interval would be too narrow."""
    for seeds in ([], [1, 1]):
        with pytest.raises(ValueError, match="seeds, each once"):
            compare(Toy(), Toy(), cases, SHOP, seeds=seeds)
