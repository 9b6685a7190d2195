"""The formulas that epidemics are held against, by themselves: worked cases, other ways to the same number."""

from itertools import product
from math import log

import numpy as np
import pytest

from sim.verification.growth import doubling_days, growth, infectiousness, kinds, matrix
from sim.verification.outbreaks import Outbreak, final_size, outbreak_sizes, stay
from sim.verification.towns import PlainCountry


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


WAYS = {
    "at_work": 1.5 / 7,
    "on_the_way": 0.5 / 7,
    "in_district": 0.4 / 7,
    "in_province": 0.4 / 7,
    "in_country": 0.4 / 7,
}


def test_the_matrix_of_who_infects_whom():
    """Each column adds up to what somebody of that kind infects in a day; a colleague, only colleagues at work."""
    town = PlainCountry(people=1000, workers=300, pupils=100, far=200)
    outbreak = Outbreak(town=town, days=1, initially=0.0, at_school=0.7, **WAYS)
    found = matrix(outbreak, kinds(town), {}, school=True)
    assert kinds(town).tolist() == [300, 100, 200, 200, 200]
    assert found.sum(axis=0) == pytest.approx([3.2 / 7, 1.7 / 7 + 0.7, 1.2 / 7, 1.2 / 7, 1.2 / 7])
    assert found[0, 0] == pytest.approx((1.5 + 0.5 * 0.75 + 0.4 / 2 + 0.4 * 3 / 8 + 0.4 * 0.3) / 7)
    assert found[4, 3] == pytest.approx(0.4 * 0.2 / 7)
    assert matrix(outbreak, kinds(town), {}, school=False)[1, 1] == pytest.approx(found[1, 1] - 0.7)


def test_the_country_has_the_groups_of_the_matrix():
    """Districts, provinces and places begin where the kinds of people do."""
    town = PlainCountry(people=1000, workers=300, pupils=100, far=200)
    assert town.district_start.tolist() == [0, 600, 800, 1000]
    assert town.province_start[[34, 35, 36]].tolist() == [0, 800, 1000]
    assert (np.diff(town.province_start) >= 0).all()
    assert town.place_start.tolist() == [0, 300, 400]
    assert town.place[[0, 299, 300, 399, 400]].tolist() == [0, 0, 1, 1, -1]


def test_the_doubling_time_of_a_finite_town_tends_to_the_matrix():
    """With hardly anybody infected, the recursion over days doubles as Euler's and Lotka's equation says."""
    town = PlainCountry(people=1000, workers=300, pupils=100, far=200)
    outbreak = Outbreak(town=town, days=170, initially=1e-14, within=14, **WAYS)
    radius = float(np.abs(np.linalg.eigvals(matrix(outbreak, kinds(town), {}, school=True))).max())
    assert doubling_days(outbreak, {}) == pytest.approx(log(2) / log(growth(radius, infectiousness({}))), rel=1e-4)
