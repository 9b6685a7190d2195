"""Every test of the counters has a town of its own."""

from collections.abc import Iterator

import pytest

from tests.mockgov.counters.town import Town


@pytest.fixture
def town() -> Iterator[Town]:
    """Four people, two institutions; Monday 2021-10-04, 08:00 in Turkey."""
    made = Town()
    yield made
    made.close()
