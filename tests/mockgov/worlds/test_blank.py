"""A world that begins with copied tables is the one that would have created them itself."""

from pathlib import Path

import pytest

from mockgov.database import Database, postgres, sqlite
from mockgov.lab.seeding import seed_town
from mockgov.ministry import Ministry
from mockgov.settings import Settings
from mockgov.world import make_world
from mockgov.worlds import Worlds
from mockgov.worlds.blank import Blank

QUICK = Settings(argon2_memory_kib=8, argon2_passes=1)


def statements(database: Database) -> list[str]:
    """What would make the database anew; in whatever order the tables were created."""
    raw = database.raw
    assert raw is not None
    return sorted(raw.iterdump())


@pytest.mark.parametrize("on_disk", [True, False])
def test_the_same_world(tmp_path: Path, *, on_disk: bool) -> None:
    """Every table, index and row, first world of its server or not."""
    alone = Ministry(make_world(name="b", seed=7, settings=QUICK))
    seed_town(alone, 30)
    worlds = Worlds(settings=QUICK, data=tmp_path if on_disk else None)
    for name, people in (("a", 10), ("b", 30)):
        worlds.make(name, seed=7, people=people)
    assert statements(worlds.get("b").world.database) == statements(alone.world.database)
    worlds.close()


def test_nothing_is_left_in_the_tables() -> None:
    """Neither rows nor counts of rows."""
    blank, database = Blank(), sqlite()
    blank.fill(database)
    raw = database.raw
    tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert len(tables) > 40
    assert [name for name in tables if raw.execute(f"SELECT count(*) FROM {name}").fetchone() != (0,)] == []
    blank.close()
    blank.close()


def test_another_engine_is_left_alone(postgres_url: str) -> None:
    database = postgres(postgres_url, schema="w_blank")
    Blank().fill(database)
    found = database.connection.exec_driver_sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'w_blank'")
    assert found.scalar() == 0
    database.connection.exec_driver_sql("DROP SCHEMA w_blank CASCADE")
    database.close()
