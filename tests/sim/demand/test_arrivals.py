"""Counts and choices against the formulas that they stand for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.demand.arrivals import Crowd, among, high, low, pick, poisson, spoil
from sim.demand.parameters import DemandParameters
from sim.demand.record import Queries, gather, rank_of
from sim.streams import Streams


def words(count, purpose="test"):
    return Streams(1).stream(purpose).words(np.arange(count))


def shares(*parts):
    """The 64-bit words at these shares of all."""
    return np.array([int(part * 2**64) for part in parts], np.uint64)


def test_poisson_counts_by_hand():
    """With mean 1: none up to 0.3679, one up to 0.7358, two up to 0.9197."""
    at = shares(0.3678, 0.3680, 0.7357, 0.7359, 0.9196, 0.9198)
    assert poisson(1.0, at).tolist() == [0, 1, 1, 2, 2, 3]


def test_nothing_comes_at_no_rate():
    """Mean 0 is a count of 0, whatever chance says."""
    assert poisson(0.0, shares(0.0, 0.5, 0.999999)).tolist() == [0, 0, 0]


@given(st.floats(0.001, 200_000), st.floats(0.0001, 0.9999))
def test_poisson_counts_are_the_quantiles(mean, share):
    """The count is the distribution's quantile, by an independent implementation."""
    (count,) = poisson(mean, shares(share))
    low, high = (stats.poisson.ppf(share + gap, mean) for gap in (-1e-7, 1e-7))
    assert low <= count <= high


@pytest.mark.parametrize("mean", [0.3, 4.0, 250.0])
def test_poisson_counts_have_the_mean_and_the_variance(mean):
    """Both are the rate: 20,000 draws, within four standard errors."""
    counts = poisson(mean, words(20_000))
    assert counts.mean() == pytest.approx(mean, abs=4 * (mean / 20_000) ** 0.5)
    assert counts.var() == pytest.approx(mean, rel=0.08)


def test_a_pick_by_weight():
    """Weights 1, 0 and 3: the first quarter, nobody, the rest."""
    assert pick((1, 0, 3), high(shares(0.0, 0.2499, 0.2501, 0.9999))).tolist() == [0, 0, 2, 2]


def test_spoiled_shares():
    """A share is mistyped, the next expired, the next deleted, and the rest is good."""
    parameters = DemandParameters(qr_share=0.5, mistyped_share=0.2, expired_share=0.2, deleted_share=0.3)
    assert spoil(parameters, high(shares(0.05, 0.15, 0.45, 0.65))).tolist() == [1, 2, 3, 0]


def test_a_word_makes_two_draws():
    """Its high half and its low half, each spread evenly over the choices."""
    word = np.array([0xC000_0000_4000_0000], np.uint64)
    assert (among(4, high(word)).tolist(), among(4, low(word)).tolist()) == ([3], [1])


@given(st.integers(0, 2**32), st.integers(0, 99), st.integers(0, 99))
def test_someone_is_of_the_age_and_never_who_asks(seed, age, asker):
    """However few there are: of a hundred people one is of the age, or two and one of these asks."""
    ages = np.full(100, 5, np.uint8)
    ages[[age, asker]] = 50
    crowd = Crowd(ages, 0, 100, 50, 60)
    cell = np.arange(40)
    but = np.full(40, asker if age != asker else -1)
    found = crowd.someone(np.zeros(40, np.uint64), Streams(seed).stream("test"), (cell, cell), but)
    assert set(found.tolist()) == {age}


def column(values):
    return np.array(values, np.int64)


def queries(at_us, rank, call=None):
    nothing = column([0] * len(at_us))
    return Queries(column(at_us), column(rank), column(rank if call is None else call), *[nothing] * 5)


def test_gathered_by_time_then_rank_with_calls_numbered():
    """Ties go by rank; the queries of one call stay together and share its number."""
    day = gather([queries([5, 9], [3, 4]), queries([5, 5, 5], [1, 2, 9], call=[1, 1, 9])])
    assert day.at_us.tolist() == [5, 5, 5, 5, 9]
    assert day.call.tolist() == [0, 0, 1, 2, 3]
    assert (day.calls, day.call_start.tolist()) == (4, [0, 2, 3, 4, 5])


def test_a_day_without_queries():
    """Has no calls."""
    day = gather([queries([], [])])
    assert (day.calls, day.call_start.tolist(), day.at_us.tolist()) == (0, [0], [])


def test_ranks_put_the_source_first():
    """Whatever the digits, a later source has the larger rank."""
    assert int(rank_of(1, (255, 8), (255, 8), (2**40 - 1, 40))) + 1 == int(rank_of(2, (0, 8), (0, 8), (0, 40)))
