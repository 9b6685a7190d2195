"""A world that nobody uses for its lifetime goes by itself; real time is handed in, so that no test waits."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mockgov.settings import Settings
from mockgov.worlds import UnknownWorld, Worlds
from mockgov.worlds.idleness import Idleness

SECOND = timedelta(seconds=1)


class Real:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2030, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def real() -> Real:
    return Real()


@pytest.fixture(params=["memory", "disk"])
def worlds(request: pytest.FixtureRequest, tmp_path: Path, real: Real) -> Iterator[Worlds]:
    settings = Settings(argon2_memory_kib=8, argon2_passes=1)
    made = Worlds(settings=settings, data=None if request.param == "memory" else tmp_path, real_now=real)
    made.make("default", changes={"idle_lifetime_s": 60})
    made.make("short", changes={"idle_lifetime_s": 60})
    made.make("long", changes={"idle_lifetime_s": 3600})
    made.make("for-ever")
    yield made
    made.close()


def test_what_is_idle_goes(worlds: Worlds, real: Real) -> None:
    """After its own lifetime to the second; the default world stays, and so does what has no lifetime."""
    assert list(worlds.expire()) == []
    real.now += 59 * SECOND
    assert list(worlds.expire()) == []
    real.now += SECOND
    assert list(worlds.expire()) == ["short"]
    real.now += 3539 * SECOND
    assert list(worlds.expire()) == []
    real.now += SECOND
    assert list(worlds.expire()) == ["long"]
    real.now += 10**7 * SECOND
    assert list(worlds.expire()) == []
    assert list(worlds) == ["default", "for-ever"]


def test_use_keeps_it(worlds: Worlds, real: Real) -> None:
    """Whoever gets its ministry uses it; whoever only looks at the list does not. Its own time has no say in it."""
    for _ in range(5):
        real.now += 59 * SECOND
        worlds.get("short").advance(worlds.get("short").world.now() + timedelta(days=9))
        assert list(worlds.expire()) == []
    real.now += 60 * SECOND
    assert "short" in worlds
    assert worlds.ministries["short"].registry.count() == 0
    assert list(worlds.expire()) == ["short"]


def test_an_old_use_counts_from_when_it_was_seen(real: Real) -> None:
    """A world that is there for the first time begins to be idle then; one that has gone is forgotten."""
    idleness = Idleness(real)
    assert idleness.over({"a": 10}) == []
    real.now += 20 * SECOND
    idleness.touch("a")
    assert idleness.over({"a": 10, "b": 10}) == []
    real.now += 10 * SECOND
    assert idleness.over({"a": 10, "b": 11}) == ["a"]
    assert idleness.over({"b": 10}) == ["b"]
    assert idleness.over({"a": 10}) == []


def test_a_restart_begins_anew(tmp_path: Path, real: Real) -> None:
    """Nobody could use it while there was no server."""
    for _ in range(2):
        worlds = Worlds(data=tmp_path, real_now=real)
        if "a" not in worlds:
            worlds.make("a", changes={"idle_lifetime_s": 60})
        real.now += 10**6 * SECOND
        assert list(worlds.expire()) == []
        worlds.close()
    worlds = Worlds(data=tmp_path, real_now=real)
    worlds.expire()
    real.now += 60 * SECOND
    assert list(worlds.expire()) == ["a"]
    assert not (tmp_path / "a").exists()
    worlds.close()


def test_a_name_that_is_no_worlds_is_not_remembered(worlds: Worlds) -> None:
    for _ in range(3):
        with pytest.raises(UnknownWorld):
            worlds.get("nowhere")
    assert "nowhere" not in worlds._idleness._used


def test_a_fork_may_have_a_lifetime_of_its_own(worlds: Worlds, real: Real) -> None:
    worlds.fork("for-ever", "brief", changes={"idle_lifetime_s": 1})
    worlds.expire()
    real.now += SECOND
    assert list(worlds.expire()) == ["brief"]
