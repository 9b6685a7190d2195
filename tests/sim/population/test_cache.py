"""Populations on disk: found again, shared, never half-written, made again when damaged."""

import errno
import json
import os
import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from sim.population import cache, tidying
from sim.population.building import build
from sim.population.model import COLUMNS
from sim.population.parameters import PopulationParameters
from sim.streams import Streams

VILLAGE = PopulationParameters(people=1_000, provinces=("Bayburt",))


@pytest.fixture
def kept(tmp_path):
    """A village on disk: its folder."""
    cache.cached(VILLAGE, 1, tmp_path)
    return tmp_path / cache.name_of(VILLAGE, 1)


def assert_same(one, other):
    for name in COLUMNS:
        assert getattr(one, name).dtype == getattr(other, name).dtype
        assert getattr(one, name).tolist() == getattr(other, name).tolist()
    assert one.birth_date.tolist() == other.birth_date.tolist()
    assert (one.workplaces, one.second_dose_days, one.counted_on) == (
        other.workplaces,
        other.second_dose_days,
        other.counted_on,
    )


def test_what_is_kept_is_what_was_made(tmp_path):
    """The same columns from the builder, when first kept, and when found again; only the first time takes work."""
    made, told = build(VILLAGE, Streams(7)), []
    first = cache.cached(VILLAGE, 7, tmp_path, say=told.append)
    assert told == ["making 1,000 people", "keeping them on disk"]
    again = cache.cached(VILLAGE, 7, tmp_path, say=told.append)
    assert len(told) == 2
    assert_same(made, first)
    assert_same(made, again)


def test_columns_are_maps_of_files(kept):
    """Read-only, and not copied into memory."""
    people = cache.load(kept)
    assert isinstance(people.age.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        people.age[0] = 1


@pytest.mark.parametrize(
    ("parameters", "seed"),
    [
        (VILLAGE, 2),
        (replace(VILLAGE, people=1_001), 1),
        (replace(VILLAGE, vaccination=replace(VILLAGE.vaccination, second_dose_days=21)), 1),
    ],
)
def test_other_populations_have_other_names(parameters, seed):
    """By every parameter and the seed; the same ones have the same name."""
    assert cache.name_of(parameters, seed) != cache.name_of(VILLAGE, 1)
    assert cache.name_of(replace(VILLAGE), 1) == cache.name_of(VILLAGE, 1)


def test_another_recipe_has_another_name(monkeypatch):
    """Whoever changes a rule never meets an old population."""
    before = cache.name_of(VILLAGE, 1)
    monkeypatch.setattr(cache, "recipe", lambda: "another")
    assert cache.name_of(VILLAGE, 1) != before


def cut(home):
    """A file that ends too soon."""
    path = home / "age.npy"
    path.write_bytes(path.read_bytes()[:-1])


def lose(home):
    """A file that is not there."""
    (home / "member.npy").unlink()


def scribble(home):
    """A file with another header."""
    np.save(home / "age.npy", np.zeros(500, np.int16))


def tear(home):
    """Half a manifest."""
    path = home / cache.MANIFEST
    path.write_text(path.read_text()[:200])


def exchange(home):
    """Somebody else's manifest."""
    path = home / cache.MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | {"seed": 2}))


def retell(home):
    """A digest that is not the column's."""
    path = home / cache.MANIFEST
    told = json.loads(path.read_text())
    told["columns"]["age"]["digest"] = "0" * 32
    path.write_text(json.dumps(told))


@pytest.mark.parametrize("damage", [cut, lose, scribble, tear, exchange, retell])
def test_a_damaged_population_is_made_again(kept, damage):
    """And said so; afterwards it is whole."""
    damage(kept)
    told = []
    people = cache.cached(VILLAGE, 1, kept.parent, note=told.append)
    assert told[0].startswith(f"the cached population is damaged and is made again: {kept}")
    assert_same(people, build(VILLAGE, Streams(1)))
    cache.verify(kept)


def test_verify_finds_a_changed_byte(kept):
    """What no length shows, the digest does."""
    cache.verify(kept)
    path = kept / "surname.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert cache.load(kept).people == 1_000
    with pytest.raises(cache.DamagedCacheError, match=r"surname\.npy does not have the digest"):
        cache.verify(kept)


def test_a_population_is_never_half_there(tmp_path, monkeypatch):
    """A failure while writing leaves nothing behind, and the next time is like the first."""
    writing = cache._written

    def fail(path, column):
        if path.name == "member.npy":
            raise OSError("no space left on device")
        return writing(path, column)

    monkeypatch.setattr(cache, "_written", fail)
    with pytest.raises(OSError, match="no space left"):
        cache.cached(VILLAGE, 1, tmp_path)
    assert [path.suffix for path in tmp_path.iterdir()] == [".lock"]
    monkeypatch.setattr(cache, "_written", writing)
    assert cache.cached(VILLAGE, 1, tmp_path).people == 1_000


def test_what_a_killed_run_left_is_cleared_away(tmp_path):
    """A temporary folder of the same name is no population, and is not kept."""
    partial = tmp_path / f"{cache.name_of(VILLAGE, 1)}.partial"
    partial.mkdir()
    (partial / "age.npy").write_bytes(b"half")
    cache.cached(VILLAGE, 1, tmp_path)
    assert not partial.exists()


def test_a_full_disk_is_told_before_anything_is_made(tmp_path, monkeypatch):
    """With how much is needed, how much there is, and what to do."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    told = []
    with pytest.raises(cache.DiskFullError, match=r"needs 2\.01 GB in .*, where 0\.00 GB are free; make room"):
        cache.cached(PopulationParameters(people=83_614_362), 1, tmp_path, say=told.append)
    assert told == []


def test_a_disk_that_fills_meanwhile_is_told_likewise(tmp_path, monkeypatch):
    """By the same words; nothing is left of it."""

    def fail(path, _):
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(cache, "_written", fail)
    with pytest.raises(cache.DiskFullError, match=r"make room, choose another folder for the cache with HES_CACHE"):
        cache.cached(VILLAGE, 1, tmp_path)
    assert [path.suffix for path in tmp_path.iterdir()] == [".lock"]


# How many are kept


def kept_seeds(folder):
    """The seeds of the villages on disk."""
    manifests = folder.glob(f"*/{cache.MANIFEST}")
    return sorted(json.loads(path.read_text(encoding="utf-8"))["seed"] for path in manifests)


def age(folder, seed, days):
    """Make a village's files so many days older, and let go of it as its process would by ending."""
    home = folder / cache.name_of(VILLAGE, seed)
    for file in home.iterdir():
        os.utime(file, (1.6e9 - days * 86_400,) * 2)
    if (held := tidying._held.pop(home, None)) is not None:
        os.close(held)


@pytest.fixture
def three(tmp_path, monkeypatch):
    """Villages of the seeds 1, 2 and 3, the second one used least recently; there is room for about three."""
    for seed, days in ((1, 5), (2, 9), (3, 1)):
        cache.cached(VILLAGE, seed, tmp_path)
        age(tmp_path, seed, days)
    size = sum(file.stat().st_size for file in tmp_path.glob("*/*"))
    monkeypatch.setattr(cache, "MOST_BYTES", size + VILLAGE.people * cache.BYTES_PER_PERSON + cache.SMALL - 1)
    return tmp_path


def test_the_least_recently_used_goes_when_they_are_too_many(three):
    """It is said in one line; what is found again is not made, and nothing is dropped for it."""
    told = []
    cache.cached(VILLAGE, 1, three, note=told.append)
    assert (told, kept_seeds(three)) == ([], [1, 2, 3])
    cache.cached(VILLAGE, 4, three, note=told.append)
    assert kept_seeds(three) == [1, 3, 4]
    (line,) = told
    assert line.startswith(f"dropped 1 population that no run uses from {three}, 0.0")


def test_to_use_one_is_to_keep_it(three):
    """A village that was found again is no longer the oldest."""
    cache.cached(VILLAGE, 2, three)
    held = tidying._held.pop(three / cache.name_of(VILLAGE, 2))
    os.close(held)
    cache.cached(VILLAGE, 4, three)
    assert kept_seeds(three) == [2, 3, 4]


def test_those_of_another_recipe_go_first(three, monkeypatch):
    """However recently they were used: no run of this version can use them."""
    monkeypatch.setattr(cache, "recipe", lambda: "another")
    monkeypatch.setattr(cache, "MOST_BYTES", 10**9)
    cache.cached(VILLAGE, 5, three)
    age(three, 5, 0)
    strange = cache.name_of(VILLAGE, 5)
    monkeypatch.undo()
    others = [file for file in three.glob("*/*") if file.parent.name != strange]
    monkeypatch.setattr(cache, "MOST_BYTES", sum(file.stat().st_size for file in others))
    monkeypatch.setattr(cache, "SMALL", 0)
    monkeypatch.setattr(cache, "BYTES_PER_PERSON", 0)
    (three / f"{'0' * 32}.partial").mkdir()
    (three / f"{'0' * 32}.partial" / "age.npy").write_bytes(b"half of one, and a killed run's")
    cache.cached(VILLAGE, 4, three)
    assert kept_seeds(three) == [1, 2, 3, 4]
    assert not list(three.glob("*.partial"))


def test_what_a_run_uses_or_makes_stays(three):
    """The oldest is held by a run, the next one is being made: the third goes."""
    cache.cached(VILLAGE, 2, three)
    for file in (three / cache.name_of(VILLAGE, 2)).iterdir():
        os.utime(file, (1.0, 1.0))
    with cache._alone(three / f"{cache.name_of(VILLAGE, 1)}.lock"):
        cache.cached(VILLAGE, 4, three)
    assert kept_seeds(three) == [1, 2, 4]
    assert len(cache.load(three / cache.name_of(VILLAGE, 2)).age) == 1_000


def test_other_files_in_the_folder_are_left_alone(three, monkeypatch):
    """Whatever else a person keeps there."""
    (three / "mine").mkdir()
    (three / "mine" / "file").write_bytes(bytes(100))
    monkeypatch.setattr(cache, "MOST_BYTES", 0)
    cache.cached(VILLAGE, 4, three)
    assert kept_seeds(three) == [4]
    assert (three / "mine" / "file").exists()
