"""The worlds of one server: whole or not there, apart from each other, and one server to a folder."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

import mockgov.lab.presets as under_test
from mockgov.clock import RunningClock
from mockgov.settings import Settings
from mockgov.worlds import DataInUseError, UnknownWorld, WorldRefused, Worlds

QUICK = Settings(argon2_memory_kib=8, argon2_passes=1)
TUESDAY = datetime(2021, 10, 5, 8, tzinfo=timezone(timedelta(hours=3)))


@contextmanager
def serving(data: Path | None = None, **fields: bool) -> Iterator[Worlds]:
    worlds = Worlds(settings=QUICK, data=data, **fields)
    try:
        yield worlds
    finally:
        worlds.close()


@pytest.fixture(params=["memory", "disk"])
def worlds(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Worlds]:
    with serving(None if request.param == "memory" else tmp_path / "data") as made:
        yield made


def test_making(worlds: Worlds) -> None:
    """By name, with the people asked for, at the moment asked for."""
    assert list(worlds) == []
    worlds.make("default")
    worlds.make("a-1", seed=7, people=20, changes={"start": TUESDAY, "bulk_limit": 7})
    assert list(worlds) == ["a-1", "default"]
    assert "a-1" in worlds
    assert worlds.get("a-1").registry.count() == 20
    assert worlds.get("a-1").world.now().isoformat() == "2021-10-05T05:00:00+00:00"
    assert (worlds.get("a-1").world.settings.bulk_limit, worlds.get("default").world.settings.bulk_limit) == (7, 500)
    assert (worlds.get("a-1").world.seed, worlds.get("default").world.seed) == (7, 1)


def test_worlds_never_mix(worlds: Worlds) -> None:
    """Time, people and accounts of one are not the other's."""
    one, two = worlds.make("one", seed=1, people=20), worlds.make("two", seed=2, people=20)
    assert not {c.identity for c in one.registry.citizens()} & {c.identity for c in two.registry.citizens()}
    one.advance(one.world.now() + timedelta(days=3))
    assert two.world.now() == QUICK.start
    assert {issued.password_hash for issued in one.credentials.accounts()}.isdisjoint(
        issued.password_hash for issued in two.credentials.accounts()
    )


def test_a_world_keeps_the_address_in_its_certificates(tmp_path: Path) -> None:
    """It is the server's of the day on which it was made, also in copies, and also behind another port later."""
    there, here = "http://127.0.0.1:9000", "https://hes.example:8443"
    first = Worlds(settings=QUICK.changed({"public_address": there}), data=tmp_path)
    assert first.make("a").public_address == f"{there}/w/a"
    first.close()
    second = Worlds(settings=QUICK.changed({"public_address": here}), data=tmp_path)
    kept = {name: second.fork("a", name).public_address for name in ("b", "c")} | {"a": second.get("a").public_address}
    assert kept == {name: f"{there}/w/{name}" for name in "abc"}
    assert second.make("default").public_address == here
    second.close()


def test_forking(worlds: Worlds) -> None:
    """The fork has everything and is free."""
    worlds.make("one", people=20)
    fork = worlds.fork("one", "two")
    assert fork is worlds.get("two")
    assert fork.world.name == "two"
    assert fork.registry.citizens() == worlds.get("one").registry.citizens()
    fork.codes.delete(fork.codes.of(1)[0])
    assert len(worlds.get("one").codes.of(1)) == 1


def test_dropping(worlds: Worlds) -> None:
    """What is dropped is gone, and its name is free again."""
    worlds.make("one", people=20)
    worlds.drop("one")
    assert "one" not in worlds
    with pytest.raises(UnknownWorld, match="GET /_lab/worlds lists them"):
        worlds.get("one")
    assert worlds.make("one").registry.count() == 0


def test_the_default_world_stays(worlds: Worlds) -> None:
    worlds.make("default")
    with pytest.raises(WorldRefused, match="stays as long as its server"):
        worlds.drop("default")


@pytest.mark.parametrize(
    "name", ["", "A", "-a", "a" * 41, "..", "a/b", ".lock", "a.making", "ğ", "a\n", "\x00", "1\udcff"]
)
def test_names_that_are_refused(worlds: Worlds, name: str) -> None:
    """A name is part of a path and of a folder; nothing else comes of a bad one."""
    worlds.make("one")
    with pytest.raises(WorldRefused, match="1 to 40 of a-z, 0-9 and -"):
        worlds.make(name)
    with pytest.raises(WorldRefused, match="1 to 40"):
        worlds.fork("one", name)
    with pytest.raises(UnknownWorld):
        worlds.drop(name)
    assert list(worlds) == ["one"]


def test_a_name_in_use_is_refused(worlds: Worlds) -> None:
    worlds.make("one")
    for act in (lambda: worlds.make("one"), lambda: worlds.fork("one", "one")):
        with pytest.raises(WorldRefused, match="There is a world called one already"):
            act()
    with pytest.raises(UnknownWorld):
        worlds.fork("two", "three")


@pytest.mark.parametrize("people", [-1, 200_001])
def test_impossible_numbers_of_people(worlds: Worlds, people: int) -> None:
    with pytest.raises(WorldRefused, match="0 to 200000 people"):
        worlds.make("one", people=people)
    assert list(worlds) == []


def test_a_making_that_fails_leaves_nothing(worlds: Worlds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No world, no folder; a retry works."""

    def fails(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(under_test, "seed_town", fails)
        with pytest.raises(OSError, match="no space left"):
            worlds.make("one", people=20)
    assert list(worlds) == []
    assert [path.name for path in tmp_path.glob("data/*") if path.is_dir()] == []
    assert worlds.make("one", people=20).registry.count() == 20


def test_a_server_finds_its_worlds_again(tmp_path: Path) -> None:
    """All of them, each with its own clock."""
    with serving(tmp_path) as worlds:
        worlds.make("still", people=20)
        worlds.make("going", running=True)
        worlds.get("still").advance(QUICK.start + timedelta(hours=1))
        worlds.fork("still", "copy")
    with serving(tmp_path) as worlds:
        assert list(worlds) == ["copy", "going", "still"]
        assert worlds.get("copy").world.now() == QUICK.start + timedelta(hours=1)
        assert worlds.get("copy").registry.count() == 20
        assert isinstance(worlds.get("going").world.clock, RunningClock)


def test_a_worlds_own_settings_are_kept_with_it(tmp_path: Path) -> None:
    """In a fork and after a restart too; what it does not say itself its server says."""
    with serving(tmp_path) as worlds:
        worlds.make("one", changes={"bulk_limit": "7"})
        worlds.fork("one", "two")
    with serving(tmp_path) as worlds:
        assert [worlds.get(name).world.settings for name in worlds] == [QUICK.changed({"bulk_limit": 7})] * 2


def test_impossible_settings_make_no_world(worlds: Worlds) -> None:
    for changes in ({"bulk_limit": 0}, {"bulk_limits": 1}, {"token_days": "many"}):
        with pytest.raises(WorldRefused, match=r"bulk_limit|token_days"):
            worlds.make("one", changes=changes)
    assert list(worlds) == []


def test_a_server_whose_clocks_run() -> None:
    """New worlds run unless told otherwise."""
    with serving(running=True) as worlds:
        assert worlds.make("a").world.clock.kind == "running"
        assert worlds.make("b", running=False).world.clock.kind == "manual"


def test_two_servers_on_one_folder_are_refused(tmp_path: Path) -> None:
    """The second says what to do; when the first is gone, another may come."""
    with serving(tmp_path) as worlds:
        worlds.make("one")
        with pytest.raises(DataInUseError, match="Stop it, or give another --data folder"):
            Worlds(settings=QUICK, data=tmp_path)
        assert worlds.get("one").registry.count() == 0
    with serving(tmp_path) as worlds:
        assert list(worlds) == ["one"]


def test_what_a_killed_server_left_half_done_is_cleared_away(tmp_path: Path) -> None:
    """A world half made or half dropped is not there, and its name is free."""
    for name in (".one.making", ".two.dropped"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "ministry.sqlite").write_bytes(b"half")
    with serving(tmp_path) as worlds:
        assert list(worlds) == []
        assert sorted(path.name for path in tmp_path.iterdir()) == [".lock"]
        worlds.make("one")
        worlds.make("two")


def test_a_strangers_folder_is_left_alone(tmp_path: Path) -> None:
    """It is no world, and a world does not overwrite it."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"meow")
    with serving(tmp_path) as worlds:
        assert list(worlds) == []
        with pytest.raises(WorldRefused, match="has a photos that is no world"):
            worlds.make("photos")
    assert (tmp_path / "photos" / "cat.jpg").read_bytes() == b"meow"


def test_an_unreadable_world_stops_the_server_and_frees_the_folder(tmp_path: Path) -> None:
    """The error names the file; when it is moved away, the server starts."""
    with serving(tmp_path) as worlds:
        worlds.make("good")
    (tmp_path / "zbad").mkdir()
    bad = tmp_path / "zbad" / "ministry.sqlite"
    bad.write_bytes(b"no database" * 1000)
    with pytest.raises(ValueError, match=r"zbad/ministry\.sqlite is no world"):
        Worlds(settings=QUICK, data=tmp_path)
    bad.unlink()
    with serving(tmp_path) as worlds:
        assert list(worlds) == ["good"]


def test_closing_twice_changes_nothing(tmp_path: Path) -> None:
    worlds = Worlds(settings=QUICK, data=tmp_path)
    worlds.make("one")
    worlds.close()
    worlds.close()


@pytest.mark.parametrize(
    "start", [datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), datetime(9999, 12, 31, 23, tzinfo=UTC)]
)
def test_impossible_beginnings(worlds: Worlds, start: datetime) -> None:
    with pytest.raises(WorldRefused, match="A world begins in one of the years"):
        worlds.make("one", changes={"start": start.isoformat()})
    assert list(worlds) == []
