"""Tables: literal knots and checksums, columns against plain numbers, moments against theory."""

import decimal
from fractions import Fraction
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import tables
from sim.streams import Streams

WORDS = Streams(1).stream("test/words").words(np.arange(1_000_000))

EACH_KIND = [
    tables.deterministic(20_000),
    tables.exponential(50_000),
    tables.uniform(10_000, 90_000),
    tables.lognormal(80_000, 1.0),
    tables.empirical([(0, 8_000), (0.5, 20_000), (0.99, 90_000), (1, 400_000)]),
]
kinds = pytest.mark.parametrize("table", EACH_KIND, ids=lambda table: table.name)


@pytest.mark.parametrize(
    ("table", "checksum"),
    [
        (tables.exponential(50_000), "65f4d8cfd085555000949b6e6550fb96"),
        (tables.uniform(0, 6), "3488d1ad56ad4aadc77078acb2b015af"),
        (tables.lognormal(1_000_000, 4.0), "0dd8fd0f07888df461c2865d9f4bfc4b"),
        (tables.lognormal(80_000, 0.25), "cef0d8210ff9b8f8fac68134d5b97dcc"),
    ],
    ids=lambda value: getattr(value, "name", "checksum"),
)
def test_knots_are_the_same_on_every_machine(table, checksum):
    """The checksum is a literal: logarithms that differ in a last bit must not reach a knot."""
    assert table.checksum == checksum


def test_the_callers_decimal_context_has_no_say():
    """Somebody's global precision or rounding does not reach a knot."""
    with decimal.localcontext(prec=5, rounding=decimal.ROUND_UP):
        assert tables.exponential(50_000).checksum == tables.exponential(50_000).checksum == EACH_KIND[1].checksum
        assert tables.lognormal(80_000, 1.0).checksum == EACH_KIND[3].checksum


def test_another_mathematical_library_has_no_say(monkeypatch):
    """A start for the normal quantiles that is 1e-14 off leads to the same 20 digits."""

    class Sloppy(NormalDist):
        def inv_cdf(self, p):
            return super().inv_cdf(p) * (1 + 1e-14)

    expected = tables._unit_normal()
    monkeypatch.setattr(tables, "NormalDist", Sloppy)
    assert tables._unit_normal.__wrapped__() == expected


def test_quantiles_of_the_exponential():
    """The median is mean ln 2, the 4095/4096 share mean ln 4096, the last knot mean ln 4096^2: to 0.01 %."""
    table = tables.exponential(100_000)
    assert table.knots[[2048, 4095, 8190]].tolist() == pytest.approx([69_315, 831_777, 1_663_553], rel=1e-4)


def test_quantiles_of_the_lognormal():
    """Half of the times are below mean / sqrt(1 + cv2); 97.725 % below that times exp(2 sigma)."""
    table = tables.lognormal(1_000_000, 1.0)
    assert int(table.knots[2048]) == pytest.approx(707_107, rel=1e-4)
    two_sigma = round(0.977249868 * 4096)
    sigma = 0.8325546112
    assert float(table.knots[two_sigma]) == pytest.approx(707_107 * np.exp(2 * sigma), rel=2e-3)


@kinds
def test_columns_equal_plain_numbers(table):
    """`sample` on a column is `at` on each word, in the body and in the tail."""
    tail = (np.arange(500, dtype=np.uint64) << np.uint64(23)) | np.uint64(0xFFF << 52)
    words = np.concatenate([WORDS[:500], tail])
    assert table.sample(words).tolist() == [table.at(int(word)) for word in words]


@settings(deadline=None)
@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_a_larger_word_is_never_a_shorter_time(one, other):
    """A table is an inverse distribution function; only within the tail do other bits of the word decide."""
    low, high = sorted((one, other))
    assert EACH_KIND[3].at(low) <= EACH_KIND[3].at(high) or low >> 52 == 4095


@kinds
def test_the_mean_is_right_to_a_thousandth(table):
    """Drawn once in each cell's middle, the tail in proportion, the mean is the table's to 0.1 %."""
    middle = np.uint64(1 << 51)
    body = (np.arange(4095, dtype=np.uint64) << np.uint64(52)) + middle
    tail = (np.arange(4096, dtype=np.uint64) << np.uint64(20)) + np.uint64(0xFFF << 52) + np.uint64(1 << 19)
    mean_us = (4096 * int(table.sample(body).sum()) + int(table.sample(tail).sum())) / 4096**2
    assert mean_us == pytest.approx(float(table.mean_us), rel=1e-3)


@kinds
def test_a_million_draws_agree_with_the_mean(table):
    """The sample's mean is the table's within four standard errors."""
    times = table.sample(WORDS)
    assert abs(times.mean() - float(table.mean_us)) <= 4 * float(times.std()) / 1000


@pytest.mark.parametrize(
    ("table", "mean_us", "cv2"),
    [
        (tables.deterministic(20_000), 20_000, 0.0),
        (tables.exponential(50_000), 50_000, 1.0),
        (tables.exponential(10), 10, 1.0),
        (tables.uniform(0, 100_000), 50_000, 1 / 3),
        (tables.lognormal(1_000_000, 0.25), 1_000_000, 0.25),
        (tables.lognormal(1_000_000, 4.0), 1_000_000, 4.0),
        (tables.empirical([(0, 0), (0.5, 100), (1, 300)]), 125, None),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_moments_are_the_theorys(table, mean_us, cv2):
    """The mean to 0.1 %, the squared coefficient of variation to 0.3 %, from the knots alone."""
    assert float(table.mean_us) == pytest.approx(mean_us, rel=1e-3)
    if cv2 is not None:
        assert table.cv2 == pytest.approx(cv2, rel=3e-3, abs=1e-6)


@settings(deadline=None)
@given(st.integers(0, 10**9))
def test_a_deterministic_time_is_always_the_same(us):
    """No word changes it."""
    table = tables.deterministic(us)
    assert {table.at(0), table.at(2**63), table.at(2**64 - 1)} == {us}
    assert table.mean_us == Fraction(us)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_uniform_time_stays_between_its_bounds(low, width):
    """Both bounds can occur and nothing beyond them."""
    table = tables.uniform(low, low + width)
    times = table.sample(WORDS[:2000])
    assert times.min() >= low
    assert times.max() <= low + width
    assert (table.at(0), table.at(2**64 - 1)) == (low, low + width)


def test_small_ties_are_possible():
    """A spread of a few microseconds gives whole microseconds, the ends half as often as the rest."""
    counts = np.bincount(tables.uniform(0, 6).sample(WORDS)) / 1e6
    assert counts.tolist() == pytest.approx([1 / 12, *[1 / 6] * 5, 1 / 12], abs=2e-3)


def test_percentiles_go_in_and_come_out():
    """Half of the measured answers took at most 20 ms, 99 % at most 90 ms; so do the drawn ones."""
    times = EACH_KIND[4].sample(WORDS)
    assert (times <= 20_000).mean() == pytest.approx(0.5, abs=2e-3)
    assert (times <= 90_000).mean() == pytest.approx(0.99, abs=1e-3)
    assert times.min() >= 8_000
    assert times.max() <= 400_000


def test_the_exponentials_tail_has_no_memory():
    """Beyond a long wait the mean of what is left is the mean again, to 2 %."""
    tail = (np.arange(100_000, dtype=np.uint64) * np.uint64(42_949)) | np.uint64(0xFFF << 52)
    table = tables.exponential(50_000)
    assert table.sample(tail).mean() - float(table.knots[4095]) == pytest.approx(50_000, rel=0.02)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: tables.deterministic(-1), "must not be negative"),
        (lambda: tables.exponential(0), "mean_us must be above 0"),
        (lambda: tables.exponential(1), "over 0.1 % off; choose a mean of at least 10 us"),
        (lambda: tables.uniform(9, 3), "nor fall"),
        (lambda: tables.lognormal(1000, 0.0), "cv2 must be above 0"),
        (lambda: tables.lognormal(10**13, 4.0), "over 50 days apart"),
        (lambda: tables.empirical([]), "ascend from 0 to 1"),
        (lambda: tables.empirical([(0, 5), (0.9, 7)]), "ascend from 0 to 1"),
        (lambda: tables.empirical([(0, 5), (0.5, 7), (0.5, 8), (1, 9)]), "ascend from 0 to 1"),
        (lambda: tables.empirical([(0, 5), (1, 3)]), "nor fall"),
    ],
)
def test_a_distribution_that_makes_no_sense_is_refused(make, complaint):
    """The error says which rule was broken."""
    with pytest.raises(ValueError, match=complaint):
        make()
