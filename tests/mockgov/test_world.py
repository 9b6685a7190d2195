"""A world: it goes on as it was left, a fork goes its own way, and a seed fixes every byte."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mockgov.clock import ManualClock, RunningClock
from mockgov.database import sqlite
from mockgov.faults import Delay, Misstate
from mockgov.faults.kinds import Channel
from mockgov.lab.seeding import seed_town
from mockgov.ministry import Ministry
from mockgov.registry.messages import RegisterCitizen
from mockgov.settings import Settings, SettingsError
from mockgov.vocabulary.person import Sex
from mockgov.world import FILE, World, WorldRefusedError, fork_world, make_world, open_world, revive_world

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
DAY = timedelta(days=1)
QUICK = Settings(argon2_memory_kib=8, argon2_passes=1)


def on_disk(folder: Path, **fields: object) -> World:
    folder.mkdir()
    return make_world(settings=QUICK, database=sqlite(folder / FILE), **fields)


def dump(world: World) -> Iterator[str]:
    """Every statement that would make the world's database anew."""
    assert world.database.raw is not None
    return world.database.raw.iterdump()


def town(seed: int, people: int = 60) -> Ministry:
    ministry = Ministry(make_world(seed=seed, settings=QUICK))
    seed_town(ministry, people)
    return ministry


def test_a_new_world_stands_at_the_start() -> None:
    """Empty, with a clock that stands."""
    world = make_world(seed=7)
    assert (world.name, world.seed, world.now(), world.clock.kind) == ("default", 7, MONDAY, "manual")
    assert Ministry(world).registry.count() == 0


def test_a_world_is_reopened_as_it_was_left(tmp_path: Path) -> None:
    """Name, seed, clock, people, codes and passwords; and it mints on from where it stopped."""
    ministry = Ministry(on_disk(tmp_path / "a", name="tuesday", seed=7))
    seed_town(ministry, 30)
    ministry.advance(MONDAY + DAY)
    people = ministry.registry.citizens()
    unbroken = fork_world(ministry.world, name="tuesday")
    ministry.close()
    again = Ministry(open_world(tmp_path / "a", settings=QUICK))
    assert (again.world.name, again.world.seed, again.world.now()) == ("tuesday", 7, MONDAY + DAY)
    assert isinstance(again.world.clock, ManualClock)
    assert again.registry.citizens() == people
    order = RegisterCitizen(
        firstname="Can", lastname="Er", sex=Sex.MALE, birth_date=datetime(1990, 1, 1, tzinfo=UTC).date(), province=6
    )
    assert again.registry.register([order]) == Ministry(unbroken).registry.register([order])
    again.close()


def test_a_running_world_runs_on_while_it_is_closed(tmp_path: Path) -> None:
    """Its clock is ahead of real time by the same amount as before."""
    world = on_disk(tmp_path / "a")
    world.run()
    ahead_us = world.clock.ahead_us
    world.close()
    again = open_world(tmp_path / "a")
    assert isinstance(again.clock, RunningClock)
    assert abs(again.clock.ahead_us - ahead_us) < 1000
    again.close()


def test_an_advance_is_kept_without_closing(tmp_path: Path) -> None:
    """A killed server's world stands where its clock was moved to."""
    ministry = Ministry(on_disk(tmp_path / "a"))
    ministry.advance(MONDAY + DAY)
    again = open_world(tmp_path / "a")
    assert again.now() == MONDAY + DAY
    again.close()
    ministry.close()


def test_a_fork_goes_its_own_way() -> None:
    """Same past, same seed, same plan of faults; then neither knows of the other."""
    ministry = town(1)
    ministry.world.faults.replace((Misstate(share=0.5),))
    fork = Ministry(fork_world(ministry.world, name="fork"))
    assert (fork.world.name, fork.world.seed, fork.world.now()) == ("fork", 1, MONDAY)
    assert fork.registry.citizens() == ministry.registry.citizens()
    assert fork.world.faults.faults == (Misstate(share=0.5),)
    code = ministry.codes.of(1)[0]
    ministry.advance(MONDAY + DAY)
    ministry.codes.delete(code)
    ministry.world.faults.replace(())
    assert fork.world.now() == MONDAY
    assert fork.codes.of(1) == [code]
    assert fork.world.faults
    fork.codes.delete(code)
    assert fork.codes.of(1) == ministry.codes.of(1) == []


def test_a_reopened_world_has_its_plan_of_faults(tmp_path: Path) -> None:
    """At once when it is set; what it has counted as it was last written down, with a fork too."""
    world = on_disk(tmp_path / "a", name="tuesday", seed=7)
    plan = (Misstate(share=0.5), Delay(milliseconds=3, since=MONDAY, institution=("KURUM",), channel=(Channel.SMPP,)))
    world.faults.replace(plan)
    again = open_world(tmp_path / "a")
    assert (again.faults.faults, again.faults.digest) == (plan, world.faults.digest)
    again.close()
    before = [world.faults.misstated("KURUM", "A1B2345610") for _ in range(5)]
    fork = fork_world(world, name="fork")
    later = [world.faults.misstated("KURUM", "A1B2345610") for _ in range(20)]
    assert [fork.faults.misstated("KURUM", "A1B2345610") for _ in range(20)] == later != before
    world.close()
    fork.close()
    reopened = open_world(tmp_path / "a")
    assert [reopened.faults.misstated("KURUM", "A1B2345610") for _ in range(20)] == later
    reopened.close()


def test_a_fork_of_a_fork_and_its_source_may_go(tmp_path: Path) -> None:
    """A copy stands alone, in memory or on disk."""
    first = town(1)
    (tmp_path / "b").mkdir()
    second = fork_world(first.world, name="b", database=sqlite(tmp_path / "b" / FILE))
    first.close()
    third = fork_world(second, name="c")
    second.close()
    assert Ministry(third).registry.count() == 60
    assert [third.name, open_world(tmp_path / "b").name] == ["c", "b"]


def test_the_same_seed_makes_the_same_bytes() -> None:
    """Two towns of one seed have the same database, statement by statement; another seed's differs."""
    assert list(dump(town(1).world)) == list(dump(town(1).world))
    assert list(dump(town(1).world)) != list(dump(town(2).world))


def test_a_running_world_of_the_same_seed_has_the_same_people() -> None:
    """The clock's kind changes no name, code or password of a town that was seeded before it ran."""
    running = make_world(seed=1, settings=QUICK)
    ministry = Ministry(running)
    seed_town(ministry, 60)
    running.run()
    facts = ('INSERT INTO "world"', "INSERT INTO world")
    kept = [line for line in dump(running) if not line.startswith(facts)]
    assert kept == [line for line in dump(town(1).world) if not line.startswith(facts)]


def test_forking_a_town_is_quick() -> None:
    """Milliseconds, not seconds: a fork is a copy of pages."""
    ministry = town(1, 1000)
    begin = datetime.now(UTC)
    fork_world(ministry.world, name="fork")
    assert datetime.now(UTC) - begin < timedelta(seconds=1)


def test_a_world_of_another_version_is_refused(tmp_path: Path) -> None:
    """It is never half-read, and stays as it is."""
    on_disk(tmp_path / "a").close()
    file = sqlite3.connect(tmp_path / "a" / FILE)
    file.execute("UPDATE world SET value = ? WHERE name = 'format'", (json.dumps(99),))
    file.commit()
    file.close()
    with pytest.raises(WorldRefusedError, match=r"another version \(format 99, here 4\). Make a new one"):
        open_world(tmp_path / "a")


def test_a_file_that_is_no_world_is_refused(tmp_path: Path) -> None:
    """Whatever lies there."""
    for name, content in (("text", b"hello" * 1000), ("empty", b"")):
        (tmp_path / name).mkdir()
        (tmp_path / name / FILE).write_bytes(content)
        with pytest.raises(WorldRefusedError, match=r"is no world|another version"):
            open_world(tmp_path / name)


class Real:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2030, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_a_clock_is_started_and_stopped() -> None:
    """From where it stands, at the factor asked for; it stands where it is stopped."""
    real = Real()
    world = make_world(settings=QUICK, real_now=real)
    assert world.factor == 0
    world.run(60)
    assert world.factor == 60
    real.now += timedelta(minutes=2)
    world.stand()
    real.now += DAY
    assert (world.factor, world.clock.kind, world.now()) == (0, "manual", MONDAY + timedelta(hours=2))
    world.run()
    real.now += timedelta(minutes=2)
    assert (world.factor, world.now()) == (1, MONDAY + timedelta(hours=2, minutes=2))


@pytest.mark.parametrize("factor", [1, 60, 0.5])
def test_a_running_world_is_reopened_at_its_factor(tmp_path: Path, factor: float) -> None:
    """It has run on meanwhile; a copy goes on from when it was copied."""
    real = Real()
    world = on_disk(tmp_path / "a", real_now=real)
    world.run(factor)
    real.now += timedelta(minutes=10)
    copy = sqlite()
    world.keep_clock()
    world.database.copy_to(copy)
    world.close()
    real.now += timedelta(minutes=10)
    again = open_world(tmp_path / "a", real_now=real)
    assert (again.factor, again.now()) == (factor, MONDAY + timedelta(minutes=20) * factor)
    revived = revive_world(copy, name="copy", settings=QUICK, real_now=real)
    assert (revived.factor, revived.now()) == (factor, MONDAY + timedelta(minutes=10) * factor)
    real.now += timedelta(minutes=1)
    assert revived.now() == MONDAY + timedelta(minutes=11) * factor
    again.close()


def test_a_world_of_an_earlier_server_has_no_factor_yet(tmp_path: Path) -> None:
    """It says only how far it is ahead, and runs with real time."""
    real = Real()
    world = on_disk(tmp_path / "a", real_now=real)
    world.run()
    world.database.raw.execute("DELETE FROM world WHERE name IN ('factor', 'from_us', 'since_us')")
    world.close()
    real.now += DAY
    again = open_world(tmp_path / "a", real_now=real)
    assert (again.factor, again.now()) == (1, MONDAY + DAY)
    again.close()


def test_another_moment_for_a_while() -> None:
    """Whatever the clock says, and also when that fails; then the clock is as before."""
    world = make_world()
    clock = world.clock
    with world.at(MONDAY - DAY):
        assert world.now() == MONDAY - DAY
    with pytest.raises(KeyError), world.at(MONDAY - DAY):
        raise KeyError
    assert world.clock is clock


def test_a_fork_may_differ_in_settings() -> None:
    """They are its own from then on; impossible ones make no fork."""
    world = make_world(settings=QUICK, changes={"token_days": "9"})
    fork = fork_world(world, name="b", changes={"bulk_limit": 7})
    assert (fork.settings.bulk_limit, world.settings.bulk_limit) == (7, 500)
    assert fork_world(fork, name="c").settings.bulk_limit == 7
    with pytest.raises(SettingsError, match="bulk_limit"):
        fork_world(world, name="d", changes={"bulk_limit": 0})
