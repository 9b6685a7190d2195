"""Populations kept on disk: made once, then mapped into memory, where several runs share one copy.

    folder/<name>/manifest.json     what it is, and of each column its type, length and digest
    folder/<name>/<column>.npy      one file a column, in NumPy's own format

The name is a digest of the parameters, the seed and the recipe: the sources of this part and of the tables and the
chance that it draws on. Whoever changes a rule gets another name, never an old population. A population is written
under a temporary name and renamed when it is whole; one that is damaged is made again. All together stay within
`MOST_BYTES`: what no run uses is dropped (`sim.population.tidying`) before a new one is made.
"""

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

from mockgov.vocabulary import institution, names, province
from sim import compiled, streams
from sim.population import tidying
from sim.population.building import build
from sim.population.model import COLUMNS, Population
from sim.population.parameters import PopulationParameters
from sim.streams import Streams

Say = Callable[[str], None]
MANIFEST = "manifest.json"
BYTES_PER_PERSON = 24
SMALL = 4 << 20  # bytes for what does not grow with the people
PIECE = 1 << 24  # bytes read at once
MOST_BYTES = 8_000_000_000
"""What all populations may take on disk together, the one in use apart. Chosen here: four of the whole country."""


class DamagedCacheError(ValueError):
    """A population on disk that is not what its manifest says; the message says what is wrong with it."""


class DiskFullError(OSError):
    """A disk without room for the population."""

    def __init__(self, folder: Path, needed: int, free: int) -> None:
        super().__init__(
            f"the population needs {needed / 1e9:.2f} GB in {folder}, where {free / 1e9:.2f} GB are free; "
            "make room, choose another folder for the cache with HES_CACHE, or take fewer people"
        )


def cached(
    parameters: PopulationParameters,
    seed: int,
    folder: Path,
    *,
    threads: int = 1,
    say: Say = lambda _: None,
    note: Say = lambda _: None,
) -> Population:
    """The population of `parameters` and `seed`, from `folder` if it is there, else made and kept there.

    Its columns are read-only maps of files. A second run that asks for the same population meanwhile waits for it.
    `say` is told what is being done, `note` what is worth a line of its own.

    Raises:
        DiskFullError: if there is no room for it; nothing has been made then.
        ValueError: what `building.build` refuses.
    """
    home = folder / name_of(parameters, seed)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder / f"{home.name}.lock"):
        if home.exists():
            try:
                return _in_use(home)
            except DamagedCacheError as damage:
                note(f"the cached population is damaged and is made again: {damage}")
                shutil.rmtree(home)
        needed = parameters.people * BYTES_PER_PERSON + SMALL
        if dropped := tidying.drop(folder, keep=home.name, within=MOST_BYTES - needed, recipe=recipe()):
            note(dropped)
        _require_room(folder, needed)
        say(f"making {parameters.people:,} people")
        population = build(parameters, Streams(seed), threads=threads)
        say("keeping them on disk")
        try:
            _write(population, parameters, seed, home)
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
                raise
            raise DiskFullError(folder, needed, shutil.disk_usage(folder).free) from error
        return _in_use(home)


def _in_use(home: Path) -> Population:
    """The population, held as long as this process lives."""
    population = load(home)
    tidying.hold(home)
    return population


def name_of(parameters: PopulationParameters, seed: int) -> str:
    """The folder of a population: 32 hexadecimal digits."""
    told = json.dumps(_described(parameters, seed), sort_keys=True)
    return blake2b(told.encode(), digest_size=16).hexdigest()


def load(home: Path) -> Population:
    """Map a population that is on disk; its files' lengths and types are checked, not their contents.

    Raises:
        DamagedCacheError: if a file is missing, or is not what the manifest says.
    """
    manifest = _manifest(home)
    columns: dict[str, Any] = {name: _mapped(home / f"{name}.npy", manifest["columns"][name]) for name in COLUMNS}
    told = manifest["population"]
    return Population(**columns, **(told | {"counted_on": date.fromisoformat(told["counted_on"])}))


def verify(home: Path) -> None:
    """Read a whole population on disk and compare every column with its digest.

    Raises:
        DamagedCacheError: naming the first file that is missing or differs.
    """
    manifest = _manifest(home)
    for name in COLUMNS:
        path, told = home / f"{name}.npy", manifest["columns"][name]
        _mapped(path, told)
        if digest_of(path) != told["digest"]:
            raise DamagedCacheError(f"{path} does not have the digest in {MANIFEST}")


def digest_of(path: Path) -> str:
    """32 hexadecimal digits over a file's bytes."""
    digest = blake2b(digest_size=16)
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


@cache
def recipe() -> str:
    """32 hexadecimal digits over the sources that a population hangs on."""
    digest = blake2b(digest_size=16)
    own = sorted(Path(__file__).parent.glob("*.py"))
    for path in [*own, *(Path(str(module.__file__)) for module in (compiled, streams, institution, names, province))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _described(parameters: PopulationParameters, seed: int) -> dict[str, Any]:
    return {"recipe": recipe(), "seed": seed, "parameters": json.loads(json.dumps(asdict(parameters), default=str))}


def _write(population: Population, parameters: PopulationParameters, seed: int, home: Path) -> None:
    """Write all columns and the manifest under a temporary name, and rename the whole."""
    partial = home.with_name(f"{home.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)  # of a run that was killed
    partial.mkdir()
    try:
        columns: dict[str, Any] = {
            name: _written(partial / f"{name}.npy", getattr(population, name)) for name in COLUMNS
        }
        whole = blake2b("".join(column["digest"] for column in columns.values()).encode(), digest_size=16)
        manifest = {
            "what": f"a made-up population of {population.people:,} people",
            **_described(parameters, seed),
            "population": {
                "workplaces": population.workplaces,
                "second_dose_days": population.second_dose_days,
                "counted_on": population.counted_on.isoformat(),
                "birth_key": population.birth_key,
            },
            "columns": columns,
            "digest": whole.hexdigest(),
        }
        with (partial / MANIFEST).open("w", encoding="utf-8") as file:
            json.dump(manifest, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(home)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _written(path: Path, column: np.ndarray[Any, Any]) -> dict[str, Any]:
    with path.open("wb") as file:
        npy.write_array(file, column, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    told = {"type": column.dtype.str, "length": column.size, "bytes": path.stat().st_size, "digest": digest_of(path)}
    return dict(told)


def _mapped(path: Path, told: dict[str, Any]) -> np.ndarray[Any, Any]:
    try:
        size = path.stat().st_size
        column = np.load(path, mmap_mode="r" if told["length"] else None, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise DamagedCacheError(f"{path} cannot be read: {error}") from error
    if (size, column.dtype.str, column.shape) != (told["bytes"], told["type"], (told["length"],)):
        raise DamagedCacheError(f"{path} has not the length and type in {MANIFEST}")
    return np.asarray(column)


def _manifest(home: Path) -> dict[str, Any]:
    """The manifest, if it is whole and about this folder's population."""
    try:
        manifest = json.loads((home / MANIFEST).read_text(encoding="utf-8"))
        described = {key: manifest[key] for key in ("recipe", "seed", "parameters")}
        digests = [manifest["columns"][name]["digest"] for name in COLUMNS]
        whole, _ = manifest["digest"], manifest["population"]["counted_on"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedCacheError(f"{home / MANIFEST} cannot be read: {error!r}") from error
    name = blake2b(json.dumps(described, sort_keys=True).encode(), digest_size=16).hexdigest()
    if name != home.name or whole != blake2b("".join(digests).encode(), digest_size=16).hexdigest():
        raise DamagedCacheError(f"{home / MANIFEST} is not about this population")
    return dict(manifest)


def _require_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DiskFullError(folder, needed, free)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold a lock among processes; the system lets go of it when a process ends, however it ends."""
    with lock.open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
