"""Tables of experiments on disk: Parquet with their provenance, each file whole or not at all."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from sim.results.folder import STAMP, Scalars, appearing, encode

Line: TypeAlias = dict[str, Any]
"""A row of a table to be shown or kept."""


def tidy(lines: Sequence[Line]) -> pa.Table:
    """Lines as a table; what a line lacks is null."""
    names = dict.fromkeys(name for line in lines for name in line)
    return pa.table({name: column([line.get(name) for line in lines]) for name in names})


def column(values: Sequence[Any]) -> pa.Array:
    """Values as a column; lists and mixtures as JSON."""
    try:
        return pa.array(values)
    except pa.ArrowException:
        return pa.array([json.dumps(value, default=str) for value in values])


def put_table(path: Path, table: pa.Table, identity: Scalars, **metadata: str) -> None:
    """Write a table with the identity of its provenance, and other metadata by name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {STAMP: json.dumps(dict(identity), sort_keys=True).encode()}
    told |= {name.encode(): value.encode() for name, value in metadata.items()}
    with appearing(path) as unfinished:
        pq.write_table(table.replace_schema_metadata(told), unfinished, compression="zstd")


def put_text(path: Path, text: str) -> None:
    """Write a text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with appearing(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")


def put_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write numbers and words as JSON."""
    put_text(path, encode(content).decode())
