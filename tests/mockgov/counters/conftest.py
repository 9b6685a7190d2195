"""Every test of the counters has a town of its own; those over sockets share a server where they can."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mockgov.counters.gate import Gate
from tests.mockgov.counters.town import Town


@pytest.fixture
def town() -> Iterator[Town]:
    """Four people, two institutions; Monday 2021-10-04, 08:00 in Turkey."""
    made = Town()
    yield made
    made.close()


@pytest.fixture(params=["memory", "disk"], scope="module")
def gate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """One server for many tests; none of them leaves anything behind that another would notice."""
    with Gate(Town(data=None if request.param == "memory" else tmp_path_factory.mktemp("data"))) as served:
        yield served


@pytest.fixture(params=["memory", "disk"])
def own_gate(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Gate]:
    """A server to be stopped, or made to misbehave."""
    with Gate(Town(data=None if request.param == "memory" else tmp_path)) as served:
        yield served
