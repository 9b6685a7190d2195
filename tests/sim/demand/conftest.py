"""A village whose day can be read, and a town whose shares can be counted."""

from dataclasses import dataclass

import pytest

from sim.demand.callers import Callers, callers
from sim.demand.parameters import DemandParameters
from sim.population.model import Population, build
from sim.population.parameters import PopulationParameters
from sim.streams import Streams


@dataclass(frozen=True, kw_only=True)
class Settled:
    """People and the institutions that ask about them."""

    people: Population
    callers: Callers


def settle(people, provinces, seed=1, **settings) -> Settled:
    streams = Streams(seed)
    town = build(PopulationParameters(people=people, provinces=provinces), streams)
    return Settled(people=town, callers=callers(town, DemandParameters(**settings), streams))


@pytest.fixture(scope="module")
def village() -> Settled:
    return settle(1_000, ("Bayburt",))


@pytest.fixture(scope="module")
def town() -> Settled:
    return settle(24_000, ("Eskişehir",))


@pytest.fixture(scope="module")
def country() -> Settled:
    return settle(20_000, ())
