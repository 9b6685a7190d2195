"""A run's folder: its tables, its summary and its provenance, of one run or of none."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from sim.provenance import Provenance
from sim.results.table import ResultError

Summary: TypeAlias = dict[str, Any]
Scalars: TypeAlias = Mapping[str, str | int | float | bool | None]
STAMP = b"hes_sandbox"
"""The key under which a table's metadata hold the provenance's identity, as JSON."""


class Named(Protocol):
    """The tables of a run, of either kind."""

    @property
    def named(self) -> Mapping[str, pa.Table]:
        """Each by the name of its file."""


def write(folder: Path, tables: Named, summary: Summary, provenance: Provenance) -> None:
    """Put a run into `folder`, made if need be; a run that was there is replaced.

    Each file appears whole or not at all, and provenance.json last: a run that is killed meanwhile leaves a
    folder that `read` refuses, never one that mixes two runs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    seal = folder / "provenance.json"
    seal.unlink(missing_ok=True)
    stamp = {STAMP: json.dumps(provenance.identity, sort_keys=True).encode()}
    for name, table in tables.named.items():
        with appearing(folder / f"{name}.parquet") as unfinished:
            pq.write_table(table.replace_schema_metadata(stamp), unfinished, compression="zstd")
    for path, content in ((folder / "summary.json", summary), (seal, provenance.record)):
        with appearing(path) as unfinished:
            unfinished.write_bytes(encode(content))


def unpacked(folder: Path, names: Iterable[str]) -> tuple[dict[str, pa.Table], Summary, Provenance]:
    """What `write` put into a folder.

    Raises:
        ResultError: if there is no complete run, or the tables belong to another run than provenance.json.
    """
    seal = folder / "provenance.json"
    if not seal.is_file():
        raise ResultError(f"{folder} holds no complete run: {seal.name}, written last, is missing; run it again")
    provenance = Provenance.from_record(json.loads(seal.read_bytes()))
    files = {name: folder / f"{name}.parquet" for name in names}
    if missing := [name for name, file in files.items() if not file.is_file()]:
        raise ResultError(f"{folder} is of another kind of run: it has no {', '.join(missing)}")
    tables = {name: pq.read_table(file) for name, file in files.items()}
    for name, table in tables.items():
        if json.loads((table.schema.metadata or {}).get(STAMP, b"null")) != provenance.identity:
            raise ResultError(f"{files[name]} is from another run than {seal.name}; run it again")
    return tables, json.loads((folder / "summary.json").read_bytes()), provenance


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """Write a file that appears under its name only when it is whole and on disk; until then, under another."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        yield unfinished
        with unfinished.open("rb+") as written:
            os.fsync(written.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def encode(content: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys and a final newline: equal content, equal bytes."""
    return (json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode()


def told_apart(facts: Scalars) -> dict[str, Any]:
    """The head of a summary: scenario, seed, and the other facts.

    Raises:
        ResultError: if `scenario` or `seed` is missing, or `real_seconds` is among the facts.
    """
    if missing := {"scenario", "seed"} - facts.keys():
        raise ResultError(f"the facts lack {', '.join(sorted(missing))}")
    if "real_seconds" in facts:
        raise ResultError("real_seconds depends on the machine; pass it in `measured`")
    others = {name: value for name, value in facts.items() if name not in {"scenario", "seed"}}
    return {"scenario": facts["scenario"], "seed": facts["seed"], "facts": others}
