"""Chance against theory: fixed seeds, so no test can fail by chance; the bounds are those of the formula."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sim.epidemic import theory
from sim.epidemic.biology import Illness
from sim.epidemic.calendar import ONE
from sim.epidemic.distributions import gamma_classes
from sim.epidemic.kernel import CompiledSpread
from sim.epidemic.model import NEVER, household_table
from sim.epidemic.parameters import EpidemicParameters
from sim.population.building import build
from sim.population.parameters import PopulationParameters
from sim.streams import Streams
from tests.sim.epidemic.made import CALM, HARMLESS, MONDAY, crowd, nobody_risky, silent, town

SHORT = {  # one day latent, two days infectious: generations pass quickly
    "incubation_mean_days": 1.0,
    "incubation_stages": 1,
    "presymptomatic_days": 0,
    "infectious_mean_days": 2.0,
    "infectious_stages": 2,
}
MIXING = {"community_contacts": 100, "initial_days": 1}
"""One homogeneous layer with many weak contacts."""


def spread(people, parameters, days, seed=1, until_over=False):
    """Infections on each day; those before day 0 in the first place."""
    run = CompiledSpread(people, parameters, Streams(seed), MONDAY, days)
    standing = nobody_risky(people.age.size)
    cases = [run.initial.person.size]
    for day in range(days):
        cases.append(run.day(day, standing).person.size)
        if until_over and day > 60 and not run.totals()["infectious"].any() and not run.totals()["exposed"].any():
            break
    return run, np.array(cases)


# Formulas


def test_the_household_attack_rate_is_the_source_s():
    """By default an infected person infects 16.6 % of the household (Madewell et al. 2020), 30 % being silent."""
    parameters = EpidemicParameters()
    daily = household_table(parameters)[[0, 16]] / ONE
    attack = theory.attack_chances(daily, parameters)
    assert 0.7 * attack[0] + 0.3 * attack[1] == pytest.approx(0.166, abs=0.002)


def test_generation_interval_of_a_fixed_course():
    """Infected for three days, then infectious for four: infections on days 3, 4, 5 and 6 alike."""
    parameters = silent(incubation_mean_days=5, incubation_stages=5, infectious_mean_days=4, infectious_stages=4)
    assert theory.generation_interval(parameters)[:8].tolist() == [0, 0, 0, 0.25, 0.25, 0.25, 0.25, 0]


def test_generation_interval_of_people_who_stay_at_home_when_ill():
    """From the day of the symptoms on half of the contacts: 1, 1, 1/2, 1/2."""
    ill = replace(CALM, ill_at_home_share=0.5)
    parameters = silent(
        incubation_mean_days=5, incubation_stages=5, infectious_mean_days=4, infectious_stages=4, measures=ill
    )
    assert theory.generation_interval(parameters)[3:7] == pytest.approx([1 / 3, 1 / 3, 1 / 6, 1 / 6])
    assert theory.infectious_days(parameters) == (3.0, 2.0)


@pytest.mark.parametrize(("reproduction", "factor"), [(16.0, 2.0), (1.0, 1.0), (0.0625, 0.5)])
def test_growth_with_a_fixed_generation_of_four_days(reproduction, factor):
    """R is the fourth power of the daily growth."""
    interval = np.array([0.0, 0.0, 0.0, 0.0, 1.0])
    assert theory.growth_factor(reproduction, interval) == pytest.approx(factor, rel=1e-9)


@pytest.mark.parametrize(("others", "mean"), [(1, 0.3), (3, 1.316556), (5, 3.0848319384)])
def test_reed_and_frost_s_chain(others, mean):
    """Mean number of further cases at a chance of 0.3, as published tables of the chain binomial have it."""
    distribution = theory.reed_frost(others, 0.3)
    assert distribution.sum() == pytest.approx(1.0)
    assert (distribution * np.arange(others + 1)).sum() == pytest.approx(mean, abs=1e-6)
    assert sum(theory.household_generations(others, 0.3)) == pytest.approx(mean, abs=1e-6)


@pytest.mark.parametrize(("reproduction", "size"), [(1.2, 0.313698), (1.5, 0.582812), (2.0, 0.796812), (3.0, 0.940480)])
def test_final_sizes(reproduction, size):
    """Known roots of z = 1 - exp(-R z)."""
    assert theory.final_size(reproduction) == pytest.approx(size, abs=1e-5)


# Reproduction numbers


def test_reproduction_number_of_a_homogeneous_town():
    """Contacts times transmission times infectious days: 100 x 0.002 x 8 = 1.6, less those immune."""
    large = crowd(20_000)
    chosen = {"community_transmission": 0.002} | MIXING
    assert theory.reproduction_number(large, silent(**chosen), MONDAY) == pytest.approx(1.6, rel=1e-3)
    immune = silent(**chosen, past_infected_share=0.25, past_from_days=60)
    assert theory.reproduction_number(large, immune, MONDAY) == pytest.approx(1.2, rel=1e-3)
    half = replace(HARMLESS, asymptomatic=(0.5,) * 9)
    assert theory.reproduction_number(large, silent(**chosen, illness=half), MONDAY) == pytest.approx(1.2, rel=1e-3)


def test_susceptibility_by_age_is_squared_in_no_layer_but_counted_once():
    """Half of the people half as susceptible: an infected person infects three quarters as many."""
    ages = crowd(20_000, age=np.tile(np.array([5, 30], np.uint8), 10_000))
    chosen = silent(community_transmission=0.002, **MIXING, illness=_children())
    assert theory.reproduction_number(ages, chosen, MONDAY) == pytest.approx(1.2, rel=1e-3)


def _children():
    return Illness(susceptibility=(0.5,) + (1.0,) * 8, asymptomatic=(0.0,) * 9, hospital=(0.0,) * 9, death=(0.0,) * 9)


@pytest.mark.parametrize("people", [crowd(100), crowd(1_000, 2), crowd(1_000, 4)])
def test_nothing_reproduces_within_households_alone(people):
    """Whatever happens at home, it comes to an end there."""
    for chance in (0.0, 0.3, 1.0):
        assert theory.reproduction_number(people, silent(household_transmission=chance), MONDAY) == 0.0


def test_couples_double_what_meets_outside():
    """Everybody infects the partner for certain, and one other person in R0 = 0.75 outside: x^2 = 0.75 x + 0.75."""
    chosen = silent(household_transmission=1.0, community_transmission=0.75 / 800, **MIXING)
    expected = (0.75 + (0.75**2 + 4 * 0.75) ** 0.5) / 2
    assert theory.reproduction_number(crowd(20_000, 2), chosen, MONDAY) == pytest.approx(expected, rel=2e-3)


def test_a_workplace_s_reproduction_number():
    """Workplaces of 11 with 10 contacts at 0.01 over 8 days: 0.8; of 6, where only five others are there: 0.4."""
    for size, expected in ((11, 0.8), (6, 0.4)):
        places = town(*[1] * 660, work=tuple(tuple(range(first, first + size)) for first in range(0, 660, size)))
        chosen = silent(work_transmission=0.01, work_contacts=10)
        assert theory.reproduction_number(places, chosen, MONDAY) == pytest.approx(expected, rel=1e-3)


def test_the_default_town_grows_slowly():
    """Without an epidemic R0 is 2.8; in March 2021 it is 1.4 and 2.1, of both variants and before anybody isolates."""
    people = build(PopulationParameters(), Streams(1))
    numbers = [
        theory.reproduction_number(people, EpidemicParameters(), date(2021, 3, 1), on=7, variant=variant)
        for variant in (0, 1)
    ]
    assert numbers == pytest.approx([1.45, 2.15], abs=0.1)
    before = theory.reproduction_number(
        people, replace(EpidemicParameters(), past_infected_share=0.0), date(2020, 2, 3)
    )
    assert before == pytest.approx(2.8, abs=0.1)


def test_isolation_of_half_of_the_ill_slows_the_default_town():
    """As the parameters promise: about 1.2 in March 2021 if half of those with symptoms come to be held risky."""
    people = build(PopulationParameters(people=150_000), Streams(1))
    run = CompiledSpread(people, EpidemicParameters(), Streams(1), date(2021, 3, 1), 42)
    standing, told = nobody_risky(150_000), Streams(1).stream("told")
    weeks = np.zeros(6)
    for day in range(42):
        new = run.day(day, standing)
        weeks[day // 7] += new.person.size
        ill = new.person[(new.symptoms_on != NEVER) & told.chance(0.5, new.person, day)]
        standing.risky_from[ill] = (run.infected_on[ill] + 7) * 24
        standing.risky_until[ill] = (run.infected_on[ill] + 17) * 24
    weekly = (weeks[5] / weeks[1]) ** (1 / 4)
    interval = theory.generation_interval(EpidemicParameters())
    reproduction = 1 / (interval * weekly ** (-np.arange(interval.size) / 7)).sum()
    assert 1.1 < reproduction < 1.35


# Runs


@pytest.mark.parametrize(("transmission", "size"), [(0.006, 0.313698), (0.01, 0.796812), (0.015, 0.940480)])
def test_final_size_of_homogeneous_mixing(transmission, size):
    """The root of z = 1 - exp(-R0 z) (Kermack and McKendrick), corrected for the few first infections."""
    people, first = crowd(60_000), 0.002
    parameters = silent(**MIXING | SHORT, community_transmission=transmission, initial_infected_share=first)
    reproduction = theory.reproduction_number(people, parameters, MONDAY)
    assert reproduction == pytest.approx(transmission * 200, rel=2e-3)
    run, _ = spread(people, parameters, 250, until_over=True)
    assert run.totals()["infectious"].sum() == run.totals()["exposed"].sum() == 0
    expected = theory.final_size(reproduction, first)
    assert expected == pytest.approx(size, abs=0.02)
    assert (run.infected_on != NEVER).mean() == pytest.approx(expected, abs=0.015)


def test_final_size_does_not_hang_on_who_infects_many():
    """Unequal infectiousness makes chance larger, not the epidemic; half without symptoms take a quarter of R off."""
    half = replace(HARMLESS, asymptomatic=(0.5,) * 9)
    chosen = MIXING | SHORT | {"community_transmission": 0.01, "initial_infected_share": 0.01}
    run, _ = spread(crowd(60_000), silent(**chosen, dispersion=0.3, illness=half), 250, until_over=True)
    assert (run.infected_on != NEVER).mean() == pytest.approx(theory.final_size(1.5, 0.01), abs=0.02)


def test_early_growth_is_euler_and_lotka_s():
    """With the default course and R0 2.4 infections grow by the root of 1 = R sum g(t) f^-t a day."""
    people = crowd(200_000)
    parameters = silent(community_transmission=0.003, community_contacts=100, initial_infected_share=0.0005)
    reproduction = theory.reproduction_number(people, parameters, MONDAY)
    assert reproduction == pytest.approx(2.4, rel=2e-3)
    _, cases = spread(people, parameters, 40)
    weeks = cases[15:22].sum(), cases[22:29].sum()
    left = 1 - cases[:22].sum() / 200_000  # a few per cent are infected by then
    expected = theory.growth_factor(reproduction * left, theory.generation_interval(parameters))
    assert (weeks[1] / weeks[0]) ** (1 / 7) == pytest.approx(expected, abs=0.008)


def test_growth_with_households_is_that_of_all_generations():
    """Households of four: the ratio of generations counted along chains of infection is the reproduction number."""
    people = crowd(400_000, 4)
    chosen = {"community_transmission": 0.006, "household_transmission": 0.2, "initial_infected_share": 0.0004}
    parameters = silent(**MIXING | SHORT | chosen)
    run = CompiledSpread(people, parameters, Streams(2), MONDAY, 14)
    generation = np.full(400_000, -1)
    generation[run.initial.person] = 0
    for day in range(14):
        new = run.day(day, nobody_risky(400_000))
        generation[new.person] = generation[new.infector] + 1
    counts = np.bincount(generation[generation >= 0])
    expected = theory.reproduction_number(people, parameters, MONDAY)
    assert counts[4] / counts[3] == pytest.approx(expected, rel=0.06)


@pytest.mark.parametrize(("others", "new_cases"), [(3, 1.316556), (5, 3.0848319384)])
def test_households_are_reed_and_frost_s(others, new_cases):
    """One infectious for a day among three or five others at p = 0.3: mean and spread of the chain binomial."""
    size = others + 1
    people = crowd(24_000 * size, size)
    one_day = {"infectious_mean_days": 1.0, "infectious_stages": 1}
    parameters = silent(**SHORT | one_day | {"household_transmission": 0.3, "initial_infected_share": 0.02 / size})
    parameters = replace(parameters, initial_days=1)
    run, _ = spread(people, parameters, 12)
    household = np.arange(people.age.size) // size
    first = np.bincount(household[run.initial.person], minlength=24_000)
    ever = np.bincount(household[run.infected_on != NEVER], minlength=24_000)
    alone = first == 1
    further = ever[alone] - 1
    assert alone.sum() > 400
    assert further.mean() == pytest.approx(new_cases, abs=0.25)
    expected = theory.reed_frost(others, 0.3)
    shares = np.bincount(further, minlength=size) / alone.sum()
    assert np.abs(np.cumsum(shares) - np.cumsum(expected)).max() < 1.63 / alone.sum() ** 0.5  # Kolmogorov, 1 %


def test_secondary_cases_are_as_unequal_as_gamma_and_poisson_together():
    """Infected by each of 6,000: mean R, and variance R + R^2 (var of classes), for an exact infectious time."""
    people = crowd(600_000)
    chosen = {"community_transmission": 0.01, "initial_infected_share": 0.01, "dispersion": 0.4}
    run = CompiledSpread(people, silent(**MIXING | SHORT | chosen), Streams(1), MONDAY, 3)
    caused = np.zeros(600_000)
    for day in range(2):
        new = run.day(day, nobody_risky(600_000))
        np.add.at(caused, new.infector[np.isin(new.infector, run.initial.person)], 1)
    caused = caused[run.initial.person]
    classes = np.array([float(mean) for mean in gamma_classes(0.4)])
    assert caused.mean() == pytest.approx(2.0, rel=0.06)
    assert caused.var() == pytest.approx(2.0 + 4.0 * classes.var(), rel=0.12)


def test_first_infections_and_imports_come_at_their_rates():
    """Of 200,000 people 1 % before day 0, then 100 in 100,000 a day, less the immune."""
    parameters = silent(initial_infected_share=0.01, imported_per_100k_per_day=100.0)
    _, cases = spread(crowd(200_000), parameters, 21)
    assert cases[0] == pytest.approx(2_000, abs=130)
    assert cases[1:].mean() == pytest.approx(196, abs=9)


@pytest.mark.parametrize(("number", "first", "size"), [(1.0, 0.0, 0.0), (0.5, 0.0, 0.0), (1.0001, 0.0, 0.00019998)])
def test_a_final_size_at_the_edge_is_exact(number, first, size):
    """Where fixed-point iteration hardly moves, the root is found all the same."""
    assert theory.final_size(number, first) == pytest.approx(size, rel=1e-3, abs=1e-12)


def test_a_growth_beyond_all_bounds_is_refused():
    """Rather than the bound given as the answer."""
    with pytest.raises(ValueError, match="more than 1,024 a day"):
        theory.growth_factor(1e9, np.array([0.0, 1.0]))


def test_a_reproduction_number_that_is_not_steady_is_refused():
    """Rather than that of the last generation given as the answer."""
    chosen = silent(household_transmission=1.0, community_transmission=0.75 / 800, **MIXING)
    matrix = theory.next_generation(crowd(2_000, 2), chosen, MONDAY)
    with pytest.raises(ArithmeticError, match="not steady after 3 generations"):
        matrix.reproduction(steps=3)


def test_protection_by_doses_wanes_through_the_whole_table_of_the_rules():
    """220 weeks after the dose, less is left than after 205: the same table that a run reads."""
    people = crowd(2_000, flags=np.full(2_000, 1 << 4, np.uint8), first_dose=np.full(2_000, 1, np.int16))
    immunity = replace(silent().immunity, doses=((0.9,),) * 3, doses_half_life_days=1_000.0)
    chosen = silent(community_transmission=0.002, immunity=immunity, **MIXING)
    numbers = [theory.reproduction_number(people, chosen, date(2020, 1, 1), on=7 * weeks) for weeks in (205, 220)]
    assert numbers[0] < numbers[1]
