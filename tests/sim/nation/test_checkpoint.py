"""A checkpoint is whole or is not there, and is one run's."""

import errno
from pathlib import Path

import numpy as np
import pytest

from sim.nation import checkpoint

IDENTITY = {"scenario": "abc", "seed": 7}


def state(value: int) -> dict[str, np.ndarray]:
    return {"epidemic.infected_on": np.full(5, value, np.int16), "next_day": np.array([value])}


def test_what_is_saved_is_found_again(tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "checkpoint", state(3), IDENTITY)
    found = checkpoint.load(tmp_path / "checkpoint", IDENTITY)
    assert found is not None
    assert {name: (column.dtype, column.tolist()) for name, column in found.items()} == {
        "epidemic.infected_on": (np.int16, [3] * 5),
        "next_day": (np.int64, [3]),
    }


def test_a_later_one_takes_its_place_and_leaves_nothing_else(tmp_path: Path) -> None:
    for day in (3, 4):
        checkpoint.save(tmp_path / "checkpoint", state(day), IDENTITY)
    found = checkpoint.load(tmp_path / "checkpoint", IDENTITY)
    assert found is not None
    assert found["next_day"].tolist() == [4]
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint"]


def test_another_runs_is_none(tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "checkpoint", state(3), IDENTITY)
    assert checkpoint.load(tmp_path / "checkpoint", IDENTITY | {"seed": 8}) is None


def test_one_that_is_missing_or_damaged_is_none(tmp_path: Path) -> None:
    assert checkpoint.load(tmp_path / "checkpoint", IDENTITY) is None
    checkpoint.save(tmp_path / "checkpoint", state(3), IDENTITY)
    (tmp_path / "checkpoint" / "next_day.npy").write_bytes(b"half")
    assert checkpoint.load(tmp_path / "checkpoint", IDENTITY) is None


def test_killed_while_a_new_one_takes_its_place(tmp_path: Path) -> None:
    """Between the two renamings the old one is found under its other name."""
    checkpoint.save(tmp_path / "checkpoint", state(3), IDENTITY)
    (tmp_path / "checkpoint").rename(tmp_path / ".checkpoint.old")
    found = checkpoint.load(tmp_path / "checkpoint", IDENTITY)
    assert found is not None
    assert found["next_day"].tolist() == [3]


def test_killed_while_it_was_written(tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "checkpoint", state(3), IDENTITY)
    (tmp_path / ".checkpoint.unfinished").mkdir()
    (tmp_path / ".checkpoint.unfinished" / "next_day.npy").write_bytes(b"half")
    found = checkpoint.load(tmp_path / "checkpoint", IDENTITY)
    assert found is not None
    checkpoint.save(tmp_path / "checkpoint", state(4), IDENTITY)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint"]


def test_a_full_disk_is_told_and_the_old_one_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint.save(tmp_path / "checkpoint", state(3), IDENTITY)
    monkeypatch.setattr(checkpoint, "MARGIN", 1e18)
    with pytest.raises(checkpoint.CheckpointError, match=r"make room, or run with --out on another disk"):
        checkpoint.save(tmp_path / "checkpoint", state(4), IDENTITY)
    found = checkpoint.load(tmp_path / "checkpoint", IDENTITY)
    assert found is not None
    assert found["next_day"].tolist() == [3]


def test_a_disk_that_fails_is_told_and_the_old_one_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others may fill it after the room was looked at."""
    checkpoint.save(tmp_path / "checkpoint", state(3), IDENTITY)

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(np, "save", fail)
        with pytest.raises(checkpoint.CheckpointError, match=r"No space left on device; make room, or run with --out"):
            checkpoint.save(tmp_path / "checkpoint", state(4), IDENTITY)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint"]
    found = checkpoint.load(tmp_path / "checkpoint", IDENTITY)
    assert found is not None
    assert found["next_day"].tolist() == [3]


def test_discarded(tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "checkpoint", state(3), IDENTITY)
    checkpoint.discard(tmp_path / "checkpoint")
    assert list(tmp_path.iterdir()) == []
