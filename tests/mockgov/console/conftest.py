"""Every test of the console has a town of its own."""

from collections.abc import Iterator

import pytest

from tests.mockgov.console.house import Visitor
from tests.mockgov.counters.town import Town


@pytest.fixture
def town() -> Iterator[Town]:
    """Four people, two institutions; Monday 2021-10-04, 08:00 in Turkey."""
    made = Town()
    yield made
    made.close()


@pytest.fixture
def visitor(town: Town) -> Visitor:
    """Somebody who opens the console of that town."""
    return Visitor(town)
