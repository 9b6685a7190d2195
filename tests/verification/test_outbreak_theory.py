"""The formulas that epidemics are held against, by themselves: worked cases, other ways to the same number."""

from itertools import product
from math import log

import numpy as np
import pytest

from sim.verification.outbreaks import (
    Outbreak,
    _doubling_days,
    final_size,
    growth,
    infectiousness,
    outbreak_sizes,
    stay,
)
from sim.verification.towns import PlainTown


@pytest.mark.parametrize(("number", "exact"), [(1.2, 0.313698), (1.5, 0.582812), (2.5, 0.892645), (5, 0.993023)])
def test_final_sizes(number, exact):
    """The share s = 1 - exp(-R s), from nobody infected at first."""
    assert final_size(number, 0.0) == pytest.approx(exact, abs=5e-7)


def test_a_stay_has_its_mean_and_spread():
    """Mean, and mean² / stages - mean for the variance, as the epidemic's parameters say."""
    chances, days = stay(7.0, 2), np.arange(400)
    assert chances.sum() == pytest.approx(1)
    assert (chances * days).sum() == pytest.approx(7)
    assert (chances * days**2).sum() - 49 == pytest.approx(49 / 2 - 7)


@pytest.mark.parametrize(("others", "mean_new"), [(3, 1.316556), (5, 3.0848319384)])
def test_reed_and_frost_in_a_household(others, mean_new):
    """With a certain infectious time, one index and p = 0.3 for each pair: mean new cases."""
    chances = outbreak_sizes(others, np.array([0.7**k for k in range(others + 1)]))
    assert sum(chances) == pytest.approx(1)
    assert sum(size * chance for size, chance in enumerate(chances)) == pytest.approx(mean_new, abs=1e-9)


def test_each_size_of_an_outbreak_by_enumeration():
    """Three others: all 64 graphs of who would infect whom."""
    chances = outbreak_sizes(3, np.array([0.7**k for k in range(4)]))
    assert chances == pytest.approx(enumerated(3, 0.7), abs=1e-12)


def enumerated(others: int, escape: float) -> list[float]:
    """Going through all graphs: the outbreak is all that the index reaches."""
    people = range(others + 1)
    pairs = [(a, b) for a in people for b in people if a < b]
    chances = [0.0] * (others + 1)
    for there in product([False, True], repeat=len(pairs)):
        chance = np.prod([1 - escape if edge else escape for edge in there])
        reached = {0}
        for _ in people:
            edges = [pair for pair, edge in zip(pairs, there, strict=True) if edge]
            reached |= {b for a, b in edges if a in reached} | {a for a, b in edges if b in reached}
        chances[len(reached) - 1] += float(chance)
    return chances


def test_growth_of_one_infectious_day_is_its_number():
    """Infectious for exactly the day after: f = R."""
    assert growth(1.7, np.array([0.0, 1.0])) == pytest.approx(1.7)


def test_the_doubling_time_of_a_finite_town_tends_to_the_matrix():
    """With hardly anybody infected, the recursion over days doubles as Euler's and Lotka's equation says."""
    town = PlainTown(people=1000, workers=400)
    outbreak = Outbreak(town=town, days=150, initially=1e-12, within=14, of_anybody=1.2 / 7, at_work=1.5 / 7)
    matrix = np.array([[1.5 + 1.2 * 0.4, 1.2 * 0.4], [1.2 * 0.6, 1.2 * 0.6]]) / 7
    radius = float(np.abs(np.linalg.eigvals(matrix)).max())
    assert _doubling_days(outbreak, {}) == pytest.approx(log(2) / log(growth(radius, infectiousness(7.0))), rel=1e-4)
