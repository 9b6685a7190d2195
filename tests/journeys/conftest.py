"""A real server for the journeys of this worker, and a world of its own for each."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import httpx2
import pytest

from tests.journeys.callers import expect
from tests.journeys.served import Served, serving

NUMBERS = count(1)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server keeps its worlds."""
    return tmp_path_factory.mktemp("journeys") / "data"


@pytest.fixture(scope="session")
def served(folder: Path) -> Iterator[Served]:
    """A server on disk with a small town in its default world, whose clock stands still."""
    with serving(people=60, data=folder) as made:
        yield made


@pytest.fixture
def world(served: Served) -> Iterator[str]:
    """The name of an empty world, at 08:00 on Monday, 4 October 2021; it is gone after the test."""
    name = f"journey-{next(NUMBERS)}"
    with served.client() as lab:
        expect(lab.post("/_lab/worlds", json={"name": name, "seed": 7}), 201)
        yield name
        assert lab.delete(f"/_lab/worlds/{name}").status_code == 204


@pytest.fixture
def client(served: Served, world: str) -> Iterator[httpx2.Client]:
    """Somebody who talks to that world."""
    with served.client(world) as made:
        yield made
