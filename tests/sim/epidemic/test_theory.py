"""Chance against theory: fixed seeds, so no test can fail by chance; the bounds are those of the formula."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.epidemic.model import Epidemic, generation_interval, growth_factor, reproduction_number
from sim.epidemic.parameters import EpidemicParameters
from sim.epidemic.process import simulate
from sim.population.model import build
from sim.population.parameters import PopulationParameters
from sim.streams import Streams

MIXING = {  # one homogeneous layer with many weak contacts, everybody as infectious as the next
    "household_transmission": 0.0,
    "work_transmission": 0.0,
    "school_transmission": 0.0,
    "community_transmission": 0.005,
    "travel_share": 0.0,
    "asymptomatic_share": 0.0,
    "imported_per_100k_per_day": 0.0,
    "immune_share": 0.0,
}
SHORT = {  # one day latent, two days infectious: generations pass quickly
    "incubation_mean_days": 1.0,
    "incubation_stages": 1,
    "presymptomatic_days": 0,
    "infectious_mean_days": 2.0,
    "infectious_stages": 2,
}


def crowd(people, household=None):
    nobody = np.full(people, -1, np.int32)
    return SimpleNamespace(
        province=np.ones(people, np.uint8),
        household=np.arange(people, dtype=np.int32) if household is None else household,
        workplace=nobody,
        school=nobody,
    )


@pytest.mark.parametrize(("contacts", "size"), [(120, 0.313698), (200, 0.796812), (300, 0.940480)])
def test_final_size_of_homogeneous_mixing(contacts, size):
    """The root of z = 1 - exp(-R0 z) (Kermack and McKendrick), corrected for the few first infections."""
    people, first = 30_000, 0.002
    parameters = EpidemicParameters(**MIXING | SHORT, community_contacts=contacts, initial_infected_share=first)
    assert reproduction_number(crowd(people), parameters) == pytest.approx(contacts / 100, rel=2e-3)
    epidemic = simulate(crowd(people), parameters, Streams(1), 200)
    assert epidemic.infectious[-1] == epidemic.exposed[-1] == 0
    expected = final_size(contacts / 100, first)
    assert expected == pytest.approx(size, abs=0.02)
    assert (epidemic.infected_on >= 0).mean() == pytest.approx(expected, abs=0.02)


def final_size(reproduction, first):
    """The root of z = 1 - (1 - first) exp(-R0 z), by iteration."""
    z = 1.0
    for _ in range(200):
        z = 1 - (1 - first) * np.exp(-reproduction * z)
    return z


def test_early_growth_is_euler_and_lotka_s():
    """With the default course and R0 2.4 infections grow by the root of 1 = R sum g(t) f^-t a day."""
    parameters = EpidemicParameters(**MIXING, community_contacts=60, initial_infected_share=0.001)
    people = crowd(60_000)
    reproduction = reproduction_number(people, parameters)
    assert reproduction == pytest.approx(2.4, rel=2e-3)
    epidemic = simulate(people, parameters, Streams(1), 40)
    cases = np.bincount(epidemic.infected_on[epidemic.infected_on >= 0], minlength=40)
    weeks = cases[15:22].sum(), cases[22:29].sum()
    left = epidemic.susceptible[22] / 60_000  # a few per cent are infected by then
    expected = growth_factor(reproduction * left, generation_interval(parameters))
    assert (weeks[1] / weeks[0]) ** (1 / 7) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(("others", "new_cases"), [(3, 1.316556), (5, 3.0848319384)])
def test_households_are_reed_and_frost_s(others, new_cases):
    """One infectious for a day among three or five others at p = 0.3: the exact mean of the chain binomial."""
    households, size = 6_000, others + 1
    people = crowd(households * size, np.repeat(np.arange(households, dtype=np.int32), size))
    record = Epidemic.begin(people=households * size, days=10)
    record.infected_on[::size], record.infectious_on[::size], record.recovered_on[::size] = 0, 0, 1
    record.symptoms_on[::size] = 0
    one_day = {"infectious_mean_days": 1.0, "infectious_stages": 1}
    parameters = EpidemicParameters(
        **MIXING
        | SHORT
        | one_day
        | {"household_transmission": 0.3, "community_transmission": 0.0, "initial_infected_share": 0.0}
    )
    epidemic = simulate(people, parameters, Streams(1), 10, into=record)
    infected = (epidemic.infected_on >= 0).sum() - households
    assert infected / households == pytest.approx(new_cases, abs=0.06)


def test_first_infections_and_imports_come_at_their_rates():
    """Of 50,000 people 1 % on day 0, then 100 in 100,000 susceptible a day."""
    parameters = EpidemicParameters(
        **MIXING | {"community_transmission": 0.0, "initial_infected_share": 0.01, "imported_per_100k_per_day": 100.0}
    )
    epidemic = simulate(crowd(50_000), parameters, Streams(1), 21)
    cases = np.bincount(epidemic.infected_on[epidemic.infected_on >= 0], minlength=21)
    assert cases[0] == pytest.approx(550, abs=70)
    assert cases[1:].mean() == pytest.approx(49, abs=5)


def test_infection_without_symptoms_is_less_infectious_by_its_factor():
    """Half without symptoms and half as infectious: the epidemic of three quarters of the contacts."""
    half = EpidemicParameters(
        **MIXING | SHORT | {"asymptomatic_share": 0.5}, community_contacts=200, initial_infected_share=0.002
    )
    epidemic = simulate(crowd(30_000), half, Streams(1), 200)
    assert (epidemic.infected_on >= 0).mean() == pytest.approx(final_size(1.5, 0.002), abs=0.02)


def test_the_default_town_grows_slowly():
    """As the parameters promise, R is about 1.3 in the default town."""
    people = build(PopulationParameters(), Streams(1))
    assert reproduction_number(people, EpidemicParameters()) == pytest.approx(1.33, abs=0.03)
