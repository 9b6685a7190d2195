"""Times in bins: which bin, how wide, and percentiles out of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.results.bins import BINS, LONGEST_US, bin_of, edges, percentiles

times = st.integers(0, 1 << 40)


@pytest.mark.parametrize(
    ("time_us", "place"),
    [(-5, 0), (0, 0), (63, 63), (64, 64), (127, 127), (128, 128), (129, 128), (130, 129), (1_000_000, 954)],
)
def test_bins_are_counted_from_0(time_us: int, place: int) -> None:
    """One each up to 127, two microseconds wide from 128, and so on."""
    assert bin_of(time_us) == place


@given(times)
def test_a_time_lies_in_its_bin(time_us: int) -> None:
    """Between its edges, which are at most 1/64 apart; beyond 38 hours in the last one."""
    place = int(bin_of(time_us))
    (lower,), (upper,) = edges(np.array([place]))
    assert lower <= min(time_us, LONGEST_US) <= upper
    assert upper - lower + 1 <= max(1, lower / 64)
    assert place < BINS


def test_bins_leave_no_gap() -> None:
    lower, upper = edges(np.arange(BINS))
    assert lower[0] == 0
    assert np.array_equal(lower[1:], upper[:-1] + 1)
    assert upper[-1] == LONGEST_US


@given(st.lists(times, min_size=1, max_size=300))
def test_percentiles_are_those_of_the_times_to_a_bin(values: list[int]) -> None:
    """Nearest rank, as NumPy's inverted distribution function, and then the bin's upper edge."""
    counts = np.bincount([int(bin_of(value)) for value in values], minlength=BINS)
    exact = np.percentile(np.array(values), [50, 90, 99, 99.9], method="inverted_cdf")
    _, upper = edges(np.array([int(bin_of(int(value))) for value in exact]))
    assert percentiles(counts) == dict(zip(("p50", "p90", "p99", "p99_9"), upper.tolist(), strict=True))


def test_nothing_has_no_percentiles() -> None:
    assert percentiles(np.zeros(BINS, np.int64)) is None
