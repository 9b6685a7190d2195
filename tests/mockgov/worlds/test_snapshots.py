"""Snapshots: the way back, in memory and on disk; whole or not there; they outlive a restart, not their world."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mockgov.clock import RunningClock
from mockgov.codes.messages import IssueCode
from mockgov.codes.rules import INDEFINITE
from mockgov.faults import Misstate
from mockgov.queries.messages import Query
from mockgov.settings import Settings
from mockgov.worlds import UnknownSnapshot, UnknownWorld, WorldRefused, Worlds
from mockgov.worlds.directory import MOST_SNAPSHOTS, Snapshot

QUICK = Settings(argon2_memory_kib=8, argon2_passes=1)
MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
DAY = timedelta(days=1)


class Real:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2030, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(params=["memory", "disk"])
def worlds(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Worlds]:
    made = Worlds(settings=QUICK, data=None if request.param == "memory" else tmp_path, real_now=Real())
    made.make("default", people=20)
    yield made
    made.close()


def issue(worlds: Worlds, name: str = "default") -> str:
    return worlds.get(name).codes.issue(IssueCode(citizen_id=1, expires_at=INDEFINITE)).text


def test_going_back(worlds: Worlds) -> None:
    """Codes, questions and the clock are as they were; what came after has never been, and the way forward is open."""
    code = issue(worlds)
    kept = worlds.snapshot("default")
    later = issue(worlds)
    worlds.get("default").advance(MONDAY + 3 * DAY)
    worlds.get("default").queries.answer([Query("KURUM", "x", later)])
    back = worlds.restore("default", kept)
    assert back is worlds.get("default")
    assert back.world.now() == MONDAY
    assert [code in back.codes.find_many([code, later]), back.queries.count()] == [True, 0]
    assert issue(worlds) == later
    back.advance(MONDAY + DAY)
    assert worlds.restore("default", kept).world.now() == MONDAY


def test_names(worlds: Worlds) -> None:
    """Numbers, or what one says; listed by the world's time, with their sizes."""
    assert worlds.snapshot("default") == "1"
    worlds.get("default").advance(MONDAY + DAY)
    assert worlds.snapshot("default", "before-noon") == "before-noon"
    assert worlds.snapshot("default") == "2"
    listed = worlds.snapshots("default")
    assert [(one.snapshot, one.at) for one in listed] == [
        ("1", MONDAY),
        ("2", MONDAY + DAY),
        ("before-noon", MONDAY + DAY),
    ]
    assert all(isinstance(one, Snapshot) and one.size > 100_000 for one in listed)
    worlds.forget_snapshot("default", "1")
    assert [one.snapshot for one in worlds.snapshots("default")] == ["2", "before-noon"]


@pytest.mark.parametrize("name", ["", "A", "../x", ".x", "a" * 41, "a/b", "x.sqlite", "ğ", "\x00"])
def test_names_that_are_refused(worlds: Worlds, name: str) -> None:
    with pytest.raises(WorldRefused, match="1 to 40 of a-z, 0-9 and -"):
        worlds.snapshot("default", name)
    for act in (worlds.restore, worlds.forget_snapshot):
        with pytest.raises(UnknownSnapshot, match="/_lab/worlds/default/snapshots lists"):
            act("default", name)
    assert list(worlds.snapshots("default")) == []


def test_what_is_taken_or_not_there(worlds: Worlds) -> None:
    worlds.snapshot("default", "x")
    with pytest.raises(WorldRefused, match="There is a snapshot x of default already"):
        worlds.snapshot("default", "x")
    for act in (worlds.snapshot, worlds.snapshots):
        with pytest.raises(UnknownWorld):
            act("nowhere")
    with pytest.raises(UnknownSnapshot):
        worlds.fork("default", "copy", snapshot="y")
    assert list(worlds) == ["default"]


def test_there_is_an_end_to_them(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockgov.worlds.directory.MOST_SNAPSHOTS", 2)
    assert MOST_SNAPSHOTS == 100
    worlds.snapshot("default")
    worlds.snapshot("default")
    with pytest.raises(WorldRefused, match="at most 2 snapshots; drop one"):
        worlds.snapshot("default")


def test_a_fork_of_a_snapshot(worlds: Worlds) -> None:
    """Begins there, and has no snapshots of its own."""
    kept = worlds.snapshot("default")
    code = issue(worlds)
    worlds.get("default").advance(MONDAY + DAY)
    fork = worlds.fork("default", "fork", snapshot=kept)
    assert (fork.world.name, fork.world.now()) == ("fork", MONDAY)
    assert code not in fork.codes.find_many([code])
    assert list(worlds.snapshots("fork")) == []
    assert worlds.restore("default", kept).world.name == "default"


def test_a_dropped_worlds_snapshots_are_gone(worlds: Worlds) -> None:
    """A world made anew under its name has none."""
    worlds.make("a")
    worlds.snapshot("a")
    worlds.drop("a")
    worlds.make("a")
    assert list(worlds.snapshots("a")) == []


@pytest.mark.parametrize("act", ["restore", "drop"])
def test_whoever_has_asked_already_is_answered(worlds: Worlds, act: str) -> None:
    """By the world as it was, while the disk still writes what others have asked, and before it is looked up."""
    worlds.fork("default", "busy")
    kept, code = worlds.snapshot("busy"), issue(worlds, "busy")

    async def asking() -> list[object]:
        batch = worlds.get("busy").batch
        early = asyncio.create_task(batch.ask([Query("KURUM", "x", code)]))
        await asyncio.sleep(0)
        late = [asyncio.create_task(batch.ask([Query("KURUM", "x", code)])) for _ in range(3)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        late += [asyncio.create_task(batch.ask([Query("KURUM", "x", code)]))]
        await asyncio.sleep(0)
        getattr(worlds, act)("busy", *([kept] if act == "restore" else []))
        return await asyncio.gather(early, *late, return_exceptions=True)

    answers = asyncio.run(asking())
    assert [answer[0].code for answer in answers if isinstance(answer, Sequence)] == [code] * 5, answers


def test_the_plan_of_faults_goes_back_too(worlds: Worlds) -> None:
    """With what it has counted: whoever begins again from a snapshot meets the same faults again."""
    worlds.get("default").world.faults.replace((Misstate(share=0.5),))
    kept = worlds.snapshot("default")
    worlds.get("default").world.faults.replace(())
    assert worlds.restore("default", kept).world.faults.faults == (Misstate(share=0.5),)
    assert worlds.fork("default", "later", snapshot=kept).world.faults.faults == (Misstate(share=0.5),)


def test_a_running_clock_goes_back_too(worlds: Worlds) -> None:
    """And runs on from there, at its factor."""
    real = worlds._real_now
    ministry = worlds.get("default")
    ministry.run(60)
    real.now += timedelta(minutes=1)
    kept = worlds.snapshot("default")
    real.now += timedelta(hours=1)
    assert ministry.world.now() == MONDAY + timedelta(hours=61)
    back = worlds.restore("default", kept).world
    assert isinstance(back.clock, RunningClock)
    assert back.now() == MONDAY + timedelta(hours=1)
    real.now += timedelta(minutes=1)
    assert back.now() == MONDAY + timedelta(hours=2)


def test_they_outlive_a_restart(tmp_path: Path) -> None:
    worlds = Worlds(settings=QUICK, data=tmp_path)
    worlds.make("default", people=20)
    code = issue(worlds)
    worlds.snapshot("default", "kept")
    worlds.get("default").codes.delete(worlds.get("default").codes.of(1)[-1])
    worlds.close()
    worlds = Worlds(settings=QUICK, data=tmp_path)
    assert [one.snapshot for one in worlds.snapshots("default")] == ["kept"]
    assert code not in worlds.get("default").codes.find_many([code])
    assert code in worlds.restore("default", "kept").codes.find_many([code])
    worlds.close()
    worlds = Worlds(settings=QUICK, data=tmp_path)
    assert code in worlds.get("default").codes.find_many([code])
    worlds.close()


def test_half_made_ones_are_cleared_away(tmp_path: Path) -> None:
    """A killed server's copies, wherever it was; whole ones stay."""
    worlds = Worlds(settings=QUICK, data=tmp_path)
    worlds.make("default")
    worlds.snapshot("default", "kept")
    worlds.close()
    (tmp_path / "default" / "snapshots" / ".half.making").write_bytes(b"half")
    (tmp_path / ".default.making").write_bytes(b"half")
    (tmp_path / ".fork.making").mkdir()
    (tmp_path / ".fork.making" / "ministry.sqlite").write_bytes(b"half")
    worlds = Worlds(settings=QUICK, data=tmp_path)
    assert [one.snapshot for one in worlds.snapshots("default")] == ["kept"]
    worlds.close()
    assert sorted(path.name for path in tmp_path.rglob("*")) == [
        ".lock",
        "default",
        "kept.sqlite",
        "ministry.sqlite",
        "snapshots",
    ]


def test_a_server_killed_between_copy_and_name(tmp_path: Path) -> None:
    """A fork that has its folder and not yet its name in it is whole: it is called as its folder."""
    worlds = Worlds(settings=QUICK, data=tmp_path)
    worlds.make("default", people=20)
    worlds.close()
    shutil.copytree(tmp_path / "default", tmp_path / "fork")
    worlds = Worlds(settings=QUICK, data=tmp_path)
    assert [worlds.get(name).world.name for name in worlds] == ["default", "fork"]
    assert worlds.get("fork").registry.count() == 20
    worlds.close()


@pytest.mark.parametrize("act", ["fork", "snapshot", "restore"])
def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str) -> None:
    """Nothing half made is left, and everything goes on."""
    worlds = Worlds(settings=QUICK, data=tmp_path)
    worlds.make("default", people=20)
    worlds.snapshot("default", "kept")
    before = sorted(path.name for path in tmp_path.rglob("*"))

    def fails(source: Path, target: Path) -> None:
        Path(target).write_bytes(Path(source).read_bytes()[:1000])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("mockgov.database.shutil.copyfile", fails)
        with pytest.raises(OSError, match="No space left"):
            getattr(worlds, act)("default", *{"fork": ("copy",), "snapshot": ("x",), "restore": ("kept",)}[act])
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
    assert worlds.get("default").registry.count() == 20
    issue(worlds)
    worlds.close()


def test_a_snapshot_of_another_version_is_refused(tmp_path: Path) -> None:
    """The world stays as it is; neither put back nor forked."""
    worlds = Worlds(settings=QUICK, data=tmp_path)
    worlds.make("default", people=20)
    worlds.snapshot("default", "kept")
    file = sqlite3.connect(tmp_path / "default" / "snapshots" / "kept.sqlite")
    file.execute("UPDATE world SET value = ? WHERE name = 'format'", (json.dumps(99),))
    file.commit()
    file.close()
    for act in (lambda: worlds.restore("default", "kept"), lambda: worlds.fork("default", "b", snapshot="kept")):
        with pytest.raises(WorldRefused, match="another version"):
            act()
    assert list(worlds) == ["default"]
    assert worlds.get("default").registry.count() == 20
    worlds.close()


def test_a_file_that_somebody_else_reads_is_not_copied(tmp_path: Path) -> None:
    """The refusal says what to do; when that is done, it works."""
    worlds = Worlds(settings=QUICK, data=tmp_path)
    worlds.make("default", people=20)
    worlds.snapshot("default", "before")
    worlds.get("default").world.database.raw.execute("PRAGMA busy_timeout=10")
    reader = sqlite3.connect(tmp_path / "default" / "ministry.sqlite")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM citizen").fetchone()
    issue(worlds)
    for act in (lambda: worlds.snapshot("default"), lambda: worlds.restore("default", "before")):
        with pytest.raises(WorldRefused, match=r"Another program reads .*Close it, and try again"):
            act()
    assert worlds.get("default").registry.count() == 20
    reader.close()
    assert worlds.snapshot("default") == "1"
    worlds.close()
