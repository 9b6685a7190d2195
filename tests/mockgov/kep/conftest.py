"""Fixtures of the tests of registered e-mail."""

import pytest

from tests.mockgov.kep.post import Post


@pytest.fixture
def post() -> Post:
    """Two providers with three accounts over the plain twin."""
    return Post().open_three()
