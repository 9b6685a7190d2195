"""Columns as bare memory, for compiled loops that call many small functions.

Numba counts the references to every array that a function is given, at every call, with locked instructions:
two dozen calls with ten arrays each cost microseconds. A pointer is a number. Whoever makes one keeps the array
alive as long as the loop runs, and no place is checked: a negative one is a fault, not the end of the column.
"""

from typing import Any, NamedTuple

from numba import config, types
from numba.core.imputils import impl_ret_untracked
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from sim.compiled import inlined

_array: Any = make_array
_result: Any = impl_ret_untracked
_column: Any = types.CPointer


def _plain(array: Any) -> Any:
    return array.reshape(-1)


@intrinsic
def _pointer(typing_context: Any, array: Any) -> Any:  # noqa: ARG001
    def lowered(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = _array(signature.args[0])(context, builder, arguments[0]).data
        return _result(context, builder, signature.return_type, data)

    return _column(array.dtype)(array), lowered


pointer: Any = _plain if getattr(config, "DISABLE_JIT", 0) else _pointer
"""All of a contiguous array, row after row, as one column."""


class Memory(NamedTuple):
    """All that the compiled network has: arrays outside the loop, the same as columns inside; see `layout`."""

    cells: Any
    slots: Any
    posts: Any
    wheel: Any
    bits: Any
    far: Any
    rules: Any
    words: Any
    knots: Any
    pauses: Any
    changes: Any
    askers: Any
    counts: Any
    at_us: Any
    asker: Any
    codes: Any
    done: Any
    call_rows: Any
    station_rows: Any


@inlined
def columns(arrays: Memory) -> Memory:
    """The arrays as columns."""
    return Memory(
        pointer(arrays.cells),
        pointer(arrays.slots),
        pointer(arrays.posts),
        pointer(arrays.wheel),
        pointer(arrays.bits),
        pointer(arrays.far),
        pointer(arrays.rules),
        pointer(arrays.words),
        pointer(arrays.knots),
        pointer(arrays.pauses),
        pointer(arrays.changes),
        pointer(arrays.askers),
        pointer(arrays.counts),
        pointer(arrays.at_us),
        pointer(arrays.asker),
        pointer(arrays.codes),
        pointer(arrays.done),
        pointer(arrays.call_rows),
        pointer(arrays.station_rows),
    )
