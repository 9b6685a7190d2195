from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.epidemic import model
from sim.epidemic.model import Layer
from sim.epidemic.parameters import EpidemicParameters
from sim.streams import Streams

ALONE = {  # everything off that a test does not switch on
    "household_transmission": 0.0,
    "work_transmission": 0.0,
    "school_transmission": 0.0,
    "community_transmission": 0.0,
    "travel_share": 0.0,
    "asymptomatic_share": 0.0,
    "initial_infected_share": 0.0,
    "imported_per_100k_per_day": 0.0,
    "immune_share": 0.0,
}


def town(people, **columns):
    """Everybody alone in one province, but for the columns given."""
    nobody = np.full(people, -1, np.int32)
    alone = {
        "province": np.full(people, 14, np.uint8),
        "household": np.arange(people, dtype=np.int32),
        "workplace": nobody,
        "school": nobody,
    }
    return SimpleNamespace(**(alone | columns))


# Stays


def test_a_stay_of_as_many_days_as_stages_is_exact():
    """Three stages with a mean of three days: three days, always."""
    assert model.stay_chances(3.0, 3).tolist() == [0.0, 0.0, 0.0, 1.0]


def test_a_stay_in_one_stage_is_geometric():
    """With a mean of two days the chances halve from day to day."""
    assert model.stay_chances(2.0, 1)[:5].tolist() == [0.0, 0.5, 0.25, 0.125, 0.0625]


def test_a_stay_in_two_stages():
    """A negative binomial, worked out by hand: t - 1 ways, half a chance each day."""
    assert model.stay_chances(4.0, 2)[:6].tolist() == [0.0, 0.0, 1 / 4, 2 / 8, 3 / 16, 4 / 32]


@given(st.integers(1, 12), st.floats(0.0, 20.0))
def test_stays_have_the_promised_mean_and_variance(stages, longer):
    """Chances add up to 1; mean and variance are as the parameters' docstring says."""
    mean = stages + longer
    chances = model.stay_chances(mean, stages)
    days = np.arange(chances.size)
    assert chances.sum() == pytest.approx(1.0)
    assert (chances * days).sum() == pytest.approx(mean, abs=1e-4)
    assert (chances * days**2).sum() - mean**2 == pytest.approx(mean**2 / stages - mean, abs=1e-2)


def test_days_are_drawn_by_the_top_of_the_word():
    """Half of all words give one day, the next quarter two."""
    words = np.array([0, 2**63 - 1, 2**63, 3 * 2**62 - 1, 3 * 2**62], np.uint64)
    assert model.draw_days(np.array([0.0, 0.5, 0.25, 0.25]), words).tolist() == [1, 1, 2, 2, 3]


def test_a_fixed_course():
    """Infectious two days before the symptoms of day five, recovered after eight infectious days."""
    parameters = EpidemicParameters(
        incubation_mean_days=5, incubation_stages=5, infectious_mean_days=8, infectious_stages=8, asymptomatic_share=0
    )
    course = model.natural_history(parameters, Streams(1).stream("any"))
    assert [days.tolist() for days in course(np.arange(2))] == [[3, 3], [5, 5], [11, 11]]


def test_a_course_hangs_on_the_person_alone():
    """Asked for together, apart or in another order, everybody's course is the same."""
    course = model.natural_history(EpidemicParameters(), Streams(1).stream("any"))
    together = np.array(course(np.arange(50)))
    apart = np.hstack([np.array(course(np.array([person]))) for person in range(49, -1, -1)])
    assert together.tolist() == apart[:, ::-1].tolist()


def test_courses_have_the_stated_means():
    """Of 20,000 infections 30 % stay without symptoms; the others' come after 5.5 days on average."""
    latent, symptoms, recovery = model.natural_history(EpidemicParameters(), Streams(1).stream("any"))(
        np.arange(20_000)
    )
    assert (symptoms == -1).mean() == pytest.approx(0.3, abs=0.01)
    assert symptoms[symptoms >= 0].mean() == pytest.approx(5.5, abs=0.06)
    assert (recovery - latent).mean() == pytest.approx(8.0, abs=0.08)
    assert latent.min() == 1


# Chances


@pytest.mark.parametrize(("base", "exponent", "result"), [(0.5, 0, 1.0), (0.5, 3, 0.125), (0.0, 0, 1.0), (0.0, 2, 0.0)])
def test_powers(base, exponent, result):
    """By squaring, with 0 to the power of 0 as 1."""
    assert model.power(np.array([base]), exponent).tolist() == [result]


@given(st.floats(0, 1), st.integers(0, 1_000))
def test_powers_are_those_of_the_library(base, exponent):
    """Up to rounding."""
    assert model.power(np.array(base), exponent) == pytest.approx(base**exponent, rel=1e-12, abs=1e-300)


def test_household_chances():
    """Two ill members at a half each, one without symptoms at a quarter: 1 - 1/2 1/2 3/4."""
    chance = model.household_chances(0.5, np.array([0, 1, 2]), np.array([0, 0, 1]), 0.5)
    assert chance.tolist() == [0.0, 0.5, 0.8125]


def test_mixing_chances():
    """Three contacts, half of them infectious, each passing it on half the time: 1 - (3/4)^3."""
    assert model.mixing_chances(0.5, 3, np.array([0.0, 0.5, 1.0])).tolist() == [0.0, 37 / 64, 7 / 8]


def test_infectors_come_from_the_group_in_proportion():
    """In group 7 person 11 counts four times as much as person 12; in group 9 there is only person 10."""
    sources, groups, weights = np.array([10, 11, 12]), np.array([9, 7, 7]), np.array([1024, 1024, 256])
    words = (2 * np.arange(10, dtype=np.uint64) + np.uint64(1)) * np.uint64(2**64 // 20)
    picked = model.pick_infectors(np.full(10, 7), sources, groups, weights, words)
    assert picked.tolist() == [11] * 8 + [12] * 2
    assert model.pick_infectors(np.full(10, 9), sources, groups, weights, words).tolist() == [10] * 10


def test_who_cannot_infect_is_never_the_infector():
    """A weight of zero is passed over, first or last."""
    sources, groups, weights = np.array([3, 4, 5]), np.zeros(3, np.int64), np.array([0, 1024, 0])
    words = np.array([0, 2**64 - 1], np.uint64)
    assert model.pick_infectors(np.zeros(2, np.int64), sources, groups, weights, words).tolist() == [4, 4]


def test_layers_without_transmission_or_members_are_left_out():
    """Nobody is at school here, and work is switched off."""
    parameters = EpidemicParameters(work_transmission=0.0)
    names = [meeting.name for meeting in model.meetings(town(3), parameters)]
    assert names == ["household", "community", "travel"]


# Reproduction


def test_reproduction_number_of_a_homogeneous_town():
    """Contacts times transmission times infectious days: 10 x 0.02 x 8 = 1.6, less those immune."""
    mixing = ALONE | {"community_transmission": 0.02, "community_contacts": 10}
    large = town(50_000)
    assert model.reproduction_number(large, EpidemicParameters(**mixing)) == pytest.approx(1.6, rel=1e-3)
    some_immune = EpidemicParameters(**mixing | {"immune_share": 0.25})
    assert model.reproduction_number(large, some_immune) == pytest.approx(1.2, rel=1e-3)


def test_infections_without_symptoms_count_in_part():
    """Half of the infected being half as infectious takes a quarter off."""
    mixing = ALONE | {"community_transmission": 0.02, "community_contacts": 10, "asymptomatic_share": 0.5}
    assert model.reproduction_number(town(50_000), EpidemicParameters(**mixing)) == pytest.approx(1.2, rel=1e-3)


def test_in_pairs_nobody_is_left_to_infect():
    """Couples who meet nobody else: the partner is the infector, so R is 0."""
    pairs = town(1_000, household=np.repeat(np.arange(500, dtype=np.int32), 2))
    assert model.reproduction_number(pairs, EpidemicParameters(**ALONE | {"household_transmission": 1.0})) == 0.0


def test_in_households_of_four_two_are_left():
    """With certain transmission, all but the infector and oneself."""
    fours = town(1_000, household=np.repeat(np.arange(250, dtype=np.int32), 4))
    assert model.reproduction_number(fours, EpidemicParameters(**ALONE | {"household_transmission": 1.0})) == 2.0


def test_without_transmission_nothing_reproduces():
    """Zero, not an error."""
    assert model.reproduction_number(town(100), EpidemicParameters(**ALONE)) == 0.0


def test_the_household_attack_rate_is_the_source_s():
    """By default an infected person infects 16.6 % of the household (Madewell et al. 2020)."""
    parameters = EpidemicParameters()
    attack = model.attack_chances(np.array([parameters.household_transmission]), parameters)
    assert attack[0] == pytest.approx(0.166, abs=0.002)


def test_generation_interval_of_a_fixed_course():
    """Infected for three days, then infectious for four: transmissions on days 3, 4, 5 and 6 alike."""
    parameters = EpidemicParameters(
        incubation_mean_days=5, incubation_stages=5, infectious_mean_days=4, infectious_stages=4
    )
    assert model.generation_interval(parameters)[:8].tolist() == [0, 0, 0, 0.25, 0.25, 0.25, 0.25, 0]


@pytest.mark.parametrize(("reproduction", "factor"), [(16.0, 2.0), (1.0, 1.0), (0.0625, 0.5)])
def test_growth_with_a_fixed_generation_of_four_days(reproduction, factor):
    """R is the fourth power of the daily growth."""
    interval = np.array([0.0, 0.0, 0.0, 0.0, 1.0])
    assert model.growth_factor(reproduction, interval) == pytest.approx(factor, rel=1e-9)


# The record


def test_a_record_begins_with_everybody_susceptible():
    """No days, no infectors, no totals yet."""
    record = model.Epidemic.begin(people=2, days=3)
    assert record.can_catch().tolist() == [True, True]
    assert record.can_pass_on(0).tolist() == [False, False]
    assert record.infected_on.dtype == np.int16
    assert record.infector.tolist() == [-1, -1]
    assert record.susceptible.tolist() == [0, 0, 0]


def test_layers_stand_in_the_order_in_which_they_count():
    """Household before work before school before community before imports."""
    assert [layer.name for layer in sorted(Layer)] == ["HOUSEHOLD", "WORK", "SCHOOL", "COMMUNITY", "IMPORT"]
