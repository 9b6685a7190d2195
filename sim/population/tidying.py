"""Which populations on disk go when they are too many: those of other recipes first, then the least recently used.

A process holds the manifest of each population that it uses, and whoever makes one its lock; neither is dropped.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple

MANIFEST = "manifest.json"
_held: dict[Path, int] = {}
"""The manifests that this process holds; the system lets go of them when it ends."""


class Kept(NamedTuple):
    """A population on disk, in the order in which they go."""

    is_current: bool
    used_at: float
    home: Path
    bytes: int


def hold(home: Path) -> None:
    """Keep a population from being dropped while this process lives, and note that it was used now."""
    file = os.open(home / MANIFEST, os.O_RDONLY)
    fcntl.flock(file, fcntl.LOCK_SH)
    with suppress(OSError):  # somebody else's, or on a disk that cannot be written
        os.utime(home / MANIFEST)
    if (earlier := _held.pop(home, None)) is not None:
        os.close(earlier)
    _held[home] = file


def drop(folder: Path, *, keep: str, within: int, recipe: str) -> str:
    """Drop populations until those in `folder` take at most `within` bytes; what was dropped, in words, or nothing.

    The one named `keep` stays, and whatever is being used or made.
    """
    populations = sorted(_populations(folder, keep, recipe))
    total, dropped, freed = sum(one.bytes for one in populations), 0, 0
    for one in populations:
        if total - freed <= within:
            break
        if _dropped(one.home):
            dropped, freed = dropped + 1, freed + one.bytes
    what = f"{dropped} population{'s' * (dropped != 1)} that no run uses"
    return f"dropped {what} from {folder}, {freed / 1e9:.2f} GB" if dropped else ""


def _populations(folder: Path, keep: str, recipe: str) -> Iterator[Kept]:
    for home in folder.iterdir():
        name = home.name.removesuffix(".partial")
        if not home.is_dir() or name == keep or not _is_name(name):
            continue
        with suppress(OSError):  # dropped by another process meanwhile
            files = [file.stat() for file in home.iterdir()]
            used_at = max((file.st_mtime for file in files), default=0.0)
            is_current = home.name == name and _recipe_of(home) == recipe
            yield Kept(is_current, used_at, home, sum(file.st_size for file in files))


def _is_name(name: str) -> bool:
    return len(name) == 32 and set(name) <= set("0123456789abcdef")


def _recipe_of(home: Path) -> str:
    try:
        return str(json.loads((home / MANIFEST).read_text(encoding="utf-8"))["recipe"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _dropped(home: Path) -> bool:
    """Drop a population unless a process holds it."""
    with ExitStack() as holding:
        for path in (home.with_name(f"{home.name.removesuffix('.partial')}.lock"), home / MANIFEST):
            try:
                file = os.open(path, os.O_RDONLY)
            except FileNotFoundError:
                continue
            except OSError:
                return False
            holding.callback(os.close, file)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return False
        gone = home.with_name(f"{home.name}.partial") if home.suffix != ".partial" else home
        with suppress(OSError):
            home.rename(gone)  # so that nobody finds half a population
        shutil.rmtree(gone, ignore_errors=True)
        return not gone.exists() and not home.exists()
