"""A village whose day can be read, and a town whose shares can be counted."""

import pytest

from tests.sim.demand.made import Settled, settle


@pytest.fixture(scope="module")
def village() -> Settled:
    return settle(1_000, (69,))


@pytest.fixture(scope="module")
def town() -> Settled:
    return settle(24_000, (26,))


@pytest.fixture(scope="module")
def country() -> Settled:
    return settle(20_000)
