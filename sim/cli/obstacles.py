"""What can stand in a run's way: folders, disks and memory, each told with what to do."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mockgov.cli import CommandError

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
SHUT = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
NO_FOLDER = frozenset({errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENAMETOOLONG, errno.ENOENT})
AGAIN = "The same command goes on from the last checkpoint, if there is one."


def require_place(folder: Path, option: str = "--out") -> None:
    """Refuse a folder that cannot be made or written, before anything is run.

    Raises:
        CommandError: with what is in the way, and what to do.
    """
    around = next((path for path in (folder, *folder.absolute().parents) if os.path.lexists(path)), folder)
    if not around.is_dir():
        raise CommandError(f"{around} is no folder, so {folder} cannot be one; choose another with {option}.")
    if not os.access(around, os.W_OK | os.X_OK):
        raise CommandError(f"Nothing can be written in {around}; choose another folder with {option}.")


@contextmanager
def told(folder: Path, *, goes_on: bool = False) -> Iterator[None]:
    """Tell what stood in the way of a run that writes into `folder`, and whether it goes on when it is run again.

    Raises:
        CommandError: with what to do.
    """
    again = f" {AGAIN}" if goes_on else ""
    try:
        yield
    except MemoryError:
        raise CommandError(
            "The memory was used up. Set population.people lower, name a few population.provinces, or close other "
            f"programs.{again}"
        ) from None
    except OSError as error:
        if (message := _sentence(error, folder, again)) is None:
            raise
        raise CommandError(message) from None


def _sentence(error: OSError, folder: Path, again: str) -> str | None:
    """What to do about an error of the system's; None for one that is about something else."""
    place = Path(str(error.filename)) if error.filename else folder
    if error.errno == errno.ENOMEM:
        return f"The system has no more memory to give. Set population.people lower, or close other programs.{again}"
    if error.errno in FULL:
        free = shutil.disk_usage(next(path for path in (folder, *folder.absolute().parents) if path.exists())).free
        return (
            f"The disk of {folder} is full: {free / 1e9:.2f} GB are free. Make room, or choose a folder on another "
            f"disk with --out.{again}"
        )
    if error.errno in SHUT:
        return f"Nothing can be written at {place}: {error.strerror}. Choose another folder, with --out or HES_CACHE."
    if error.errno in NO_FOLDER and error.filename:
        return f"{place} is in the way: {error.strerror}. Choose another folder, with --out or HES_CACHE."
    return None
