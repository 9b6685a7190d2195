"""A table of a run: columns as its schema says, exactly and without gaps."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import pyarrow as pa

Columns: TypeAlias = Mapping[str, Any]
"""Column name to its values: a NumPy array, a list or an Arrow array."""


class ResultError(ValueError):
    """Tables that do not fit their schema, or a folder that holds no complete run."""


def made(name: str, schema: pa.Schema, columns: Columns) -> pa.Table:
    """A table from columns, converted where nothing is lost by it.

    Raises:
        ResultError: for a column that is missing, unknown, of another length or type.
    """
    if odd := columns.keys() ^ set(schema.names):
        raise ResultError(f"{name}: columns missing or unknown: {', '.join(sorted(odd))}")
    try:
        return pa.table([pa.array(columns[field.name]).cast(field.type) for field in schema], schema=schema)
    except (pa.ArrowException, ValueError, TypeError, OverflowError) as error:
        raise ResultError(f"{name}: {error}") from error


def misfits(name: str, schema: pa.Schema, table: pa.Table) -> Iterator[str]:
    """What is wrong with a table: its columns, or gaps in them."""
    if not table.schema.equals(schema):
        yield f"{name}: the columns are {table.schema.names}, or their types, and not those of its schema"
        return
    for field in table.schema.names:
        if table[field].null_count:
            yield f"{name}: {field} has gaps; every row needs a value"
