"""The draws of `sim.streams` and `sim.tables` for compiled loops, and the threads that these loops run on.

A compiled engine asks the same questions of chance as the readable one, and gets the same answers to the last
bit: `word` is `Stream.word`, `sample` is `Table.at`, `chance` is `Stream.chance` with its threshold taken
beforehand. All of it is whole numbers: no floating point, no mathematical library, no order of summation.

    compiled(function)    Numba, without the interpreter's lock, kept on disk from one run to the next
    in_threads(n, work)   work(0) … work(n - 1), each on a thread of its own; each writes to its own cells only

Without Numba's compiler (`NUMBA_DISABLE_JIT=1`) the same functions run as plain Python, for a debugger.
"""

import fcntl
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

import numba
import numpy as np

from sim.streams import Stream
from sim.tables import CELLS, PLACE_BITS

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")
Whole: TypeAlias = Any
"""A 64-bit integer inside compiled code, signed unless it is a word of chance."""

CERTAIN = 1 << 32
"""The threshold of what happens always; 0 is that of what never does."""


def compiled(function: F) -> F:
    """Compile a loop over columns; it runs without the interpreter's lock and is kept on disk."""
    return cast("F", _kept(numba.njit(nogil=True, cache=True, error_model="numpy")(function), function))


def inlined(function: F) -> F:
    """The same for a small function: compiled loops that call it take it up whole."""
    maker = numba.njit(nogil=True, cache=True, error_model="numpy", forceinline=True)
    return cast("F", _kept(maker(function), function))


def _kept(dispatcher: Any, function: Callable[..., Any]) -> Any:
    """Let what is kept on disk hang on all sources that a loop may have taken up, and one process at a time keep it.

    By itself the compiler looks at a loop's own file alone, and two processes that compile at once may each take the
    other's code for their own.
    """
    with suppress(AttributeError):  # a compiler that keeps things otherwise, or none at all
        kept = dispatcher._cache._cache_file  # noqa: SLF001
        kept._source_stamp = _stamp(Path(function.__code__.co_filename).parent)  # noqa: SLF001
        kept.save, kept.load = (_alone(work, Path(kept._cache_path)) for work in (kept.save, kept.load))  # noqa: SLF001
    return dispatcher


def _alone(work: Callable[..., Any], folder: Path) -> Callable[..., Any]:
    """The same while no other process does it in this folder."""

    def at_work(*given: Any) -> Any:
        try:
            lock = (folder / ".compiled.lock").open("ab")
        except OSError:  # no folder yet, so nothing is kept in it; or nothing may be
            return work(*given)
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return work(*given)

    return at_work


@cache
def _stamp(package: Path) -> str:
    """A digest of a package's sources, those of the packages around it and of what all draw with."""
    home = Path(__file__).parent
    around = [package, *(folder for folder in package.parents if folder.is_relative_to(home) and folder != home)]
    shared = [home / f"{name}.py" for name in ("compiled", "streams", "tables")]
    digest = blake2b(digest_size=16)
    for path in [*shared, *(file for folder in around for file in sorted(folder.glob("*.py")))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def key_of(stream: Stream) -> np.uint64:
    """A stream as compiled loops take it."""
    return np.uint64(stream.key)


def threshold(probability: float) -> int:
    """A probability in 2^-32, rounded, as `chance` compares it; from 0 to `CERTAIN`.

    Raises:
        ValueError: if it lies outside [0, 1] or is no number.
    """
    if not 0 <= probability <= 1:
        raise ValueError(f"a probability must lie in [0, 1], and {probability!r} does not")
    return round(probability * 2.0**32)


def in_threads(count: int, work: Callable[[int], T]) -> list[T]:
    """Do `work(0)` to `work(count - 1)`, each on a thread, and give what they return in this order.

    The caller's thread does the first; the others wait for work from one call to the next, since starting them
    takes longer than a town's day. Work that calls this in turn gets threads of its own.
    """
    if count == 1:
        return [work(0)]
    if getattr(_here, "works", False):
        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(work, range(count)))

    def at_work(nth: int) -> T:
        _here.works = True
        try:
            return work(nth)
        finally:
            _here.works = False

    others = [_pool(count - 1).submit(at_work, nth) for nth in range(1, count)]
    try:
        first = at_work(0)
    finally:
        wait(others)
    return [first, *(other.result() for other in others)]


_here = threading.local()


@cache
def _pool(count: int) -> ThreadPoolExecutor:
    """Threads that wait; a forked process begins without them."""
    return ThreadPoolExecutor(count)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)


def shares(items: int, count: int) -> list[tuple[int, int]]:
    """`items` things cut into `count` runs of nearly equal length: the first and the end of each."""
    edges = [items * n // count for n in range(count + 1)]
    return list(pairwise(edges))


_LOW = np.uint64(0xFFFF_FFFF)
_HALF = np.uint64(32)
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)


@inlined
def block(key: Whole, entity: Whole, step: Whole, sub: Whole) -> tuple[Whole, Whole]:
    """Philox4x32-10, all four output words: the first two joined, which are `word`, and the last two joined."""
    whole = np.uint64(entity)
    c0, c1, c2, c3 = whole & _LOW, whole >> _HALF, np.uint64(step), np.uint64(sub)
    k0, k1 = key & _LOW, key >> _HALF
    for _ in range(10):
        left, right = c0 * _M0, c2 * _M1
        c0, c1 = (right >> _HALF) ^ c1 ^ k0, right & _LOW
        c2, c3 = (left >> _HALF) ^ c3 ^ k1, left & _LOW
        k0, k1 = (k0 + _W0) & _LOW, (k1 + _W1) & _LOW
    return c0 << _HALF | c1, c2 << _HALF | c3


@inlined
def word(key: Whole, entity: Whole, step: Whole, sub: Whole) -> Whole:
    """64 bits, uniform: `Stream.word`. `step` and `sub` from 0 to 2^32 - 1."""
    first, _ = block(key, entity, step, sub)
    return first


@inlined
def chance(limit: Whole, drawn: Whole) -> Any:
    """Whether it happens: a word against a `threshold`."""
    return np.int64(drawn >> _HALF) < np.int64(limit)


@inlined
def below(n: Whole, drawn: Whole) -> Whole:
    """A word as an integer in [0, n), n from 1 to 2^32: `Stream.below`."""
    return np.int64((drawn >> _HALF) * np.uint64(n) >> _HALF)


@inlined
def below_low(n: Whole, drawn: Whole) -> Whole:
    """The same by the word's low half: a second, independent integer from one word."""
    return np.int64((drawn & _LOW) * np.uint64(n) >> _HALF)


@inlined
def sample(knots: Any, drawn: Whole) -> Whole:
    """A word as a time in microseconds by a table's knots: `Table.at`."""
    position, place = np.int64(drawn >> np.uint64(52)), np.int64((drawn >> _HALF) & np.uint64((1 << PLACE_BITS) - 1))
    if position == CELLS - 1:
        position += np.int64((drawn >> np.uint64(20)) & np.uint64(CELLS - 1))
        place = np.int64(drawn & np.uint64((1 << PLACE_BITS) - 1))
    start, end = knots[position], knots[position + 1]
    return start + ((end - start) * place + (1 << PLACE_BITS - 1) >> PLACE_BITS)
