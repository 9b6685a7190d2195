"""Where a run can go on from: all columns at the end of a day, on disk, whole or not at all."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MARGIN = 1.1
"""Room that must be free on the disk, as a multiple of what is written."""


class CheckpointError(RuntimeError):
    """A checkpoint that cannot be written; the message says what to do."""


def save(folder: Path, state: Mapping[str, NDArray[Any]], identity: Mapping[str, Any]) -> None:
    """Put a state into `folder`, in place of the one that is there; `identity` says of which run it is.

    It is written beside it and takes its name when it is whole, so a run that is killed meanwhile keeps the old one.

    Raises:
        CheckpointError: if the disk has too little room, or fails.
    """
    unfinished, old = folder.with_name(f".{folder.name}.unfinished"), folder.with_name(f".{folder.name}.old")
    _remove(unfinished, old)
    unfinished.mkdir(parents=True)
    needed = round(MARGIN * sum(column.nbytes for column in state.values()))
    if (free := shutil.disk_usage(unfinished).free) < needed:
        _remove(unfinished)
        raise CheckpointError(
            f"{folder} needs {needed / 1e9:.1f} GB for a checkpoint and the disk has {free / 1e9:.1f} GB; "
            "make room, or run with --out on another disk"
        )
    try:
        for name, column in state.items():
            np.save(unfinished / f"{name}.npy", column, allow_pickle=False)
        (unfinished / "identity.json").write_text(json.dumps({**identity, "columns": sorted(state)}), encoding="utf-8")
    except OSError as error:  # others fill the disk, too
        _remove(unfinished)
        raise CheckpointError(
            f"{folder} needs {needed / 1e9:.1f} GB for a checkpoint, which could not be written: "
            f"{error.strerror or error}; make room, or run with --out on another disk"
        ) from error
    if folder.exists():
        folder.rename(old)
    unfinished.rename(folder)
    _remove(old)


def load(folder: Path, identity: Mapping[str, Any]) -> dict[str, NDArray[Any]] | None:
    """The state in `folder`; None if there is none, or only another run's."""
    if not folder.exists() and (old := folder.with_name(f".{folder.name}.old")).exists():
        old.rename(folder)  # killed between the two renamings
    try:
        told = json.loads((folder / "identity.json").read_text(encoding="utf-8"))
        names = told.pop("columns")
        if told != dict(identity):
            return None
        return {name: np.load(folder / f"{name}.npy", allow_pickle=False) for name in names}
    except (OSError, ValueError, KeyError, EOFError):
        return None


def discard(folder: Path) -> None:
    """Take a checkpoint away, once its run is complete."""
    _remove(folder, folder.with_name(f".{folder.name}.unfinished"), folder.with_name(f".{folder.name}.old"))


def _remove(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
