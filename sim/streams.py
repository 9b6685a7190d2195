"""Chance that can be looked up: every random number is a function of what it is for.

A draw is named by five things: the scenario's seed, a purpose ("epidemic/transmission"), an entity (a person,
a query), a step (a day, an attempt) and a sub (the draws of one step, numbered). No generator has a state, so
the order of asking, the number of threads and the size of a batch change nothing, and two scenarios with one
seed differ only where they differ (common random numbers).

The generator is Philox4x32-10, counter-based and with published test vectors: J. K. Salmon, M. A. Moraes,
R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11, doi 10.1145/2063384.2063405.

    key     = 64 bits of BLAKE2b(seed, purpose)
    counter = entity's low 32 bits, entity's high 32 bits, step, sub
    word    = first output word << 32 | second output word

`philox4x32` and `Stream.word` are the arithmetic in plain Python, written to be read; `Stream.words` is the
same on whole columns, and the tests hold the two equal. Nothing here calls a mathematical library: integers
are multiplied, shifted and compared, no more, so the numbers are the same on every machine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Integers: TypeAlias = int | np.integer[Any] | NDArray[np.integer[Any]]
Reals: TypeAlias = float | NDArray[np.floating[Any]]

MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)  # Salmon et al. 2011
WEYL = (0x9E3779B9, 0xBB67AE85)  # golden ratio - 1 and sqrt(3) - 1, as fractions of 2^32
ROUNDS = 10
LOW = 0xFFFF_FFFF
BLOCK = 4096  # elements worked on at once, so that the scratch columns stay in the processor's cache


class RepeatedStreamError(ValueError):
    """A purpose was asked for twice: two parts of the model would have shared their chance unknowingly."""

    def __init__(self, purpose: str) -> None:
        super().__init__(
            f"the stream {purpose!r} has been taken already; pass the Stream on to whoever needs it, "
            "or name the second purpose differently"
        )


def philox4x32(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Encrypt four 32-bit words under two: Philox4x32 with ten rounds, one number at a time."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(ROUNDS):
        left, right = c0 * MULTIPLIERS[0], c2 * MULTIPLIERS[1]
        c0, c1, c2, c3 = (right >> 32) ^ c1 ^ k0, right & LOW, (left >> 32) ^ c3 ^ k1, left & LOW
        k0, k1 = (k0 + WEYL[0]) & LOW, (k1 + WEYL[1]) & LOW
    return c0, c1, c2, c3


class Streams:
    """All the chance of one run: a seed from which each purpose gets a stream of its own.

    `seed` is any integer from 0. Two `Streams` with the same seed give the same numbers.
    """

    def __init__(self, seed: int, *, place: str = "") -> None:
        if seed < 0:
            raise ValueError(f"the seed {seed} is negative; take an integer from 0")
        self.seed = seed
        self._place = place
        self._taken: set[str] = set()

    def within(self, place: str) -> "Streams":
        """Other chance for the same purposes: those of one day, say, where each day begins to count anew."""
        return Streams(self.seed, place=f"{self._place}{place}/")

    def stream(self, purpose: str) -> "Stream":
        """Hand out the stream for `purpose`, once; name it by part and use, such as "capacity/service".

        Raises:
            RepeatedStreamError: if this purpose was handed out before.
        """
        if purpose in self._taken:
            raise RepeatedStreamError(purpose)
        self._taken.add(purpose)
        digest = blake2b(f"{self.seed}/{self._place}{purpose}".encode(), digest_size=8).digest()
        return Stream(purpose=purpose, key=int.from_bytes(digest, "little"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """The draws for one purpose. Holds no position: the same question always has the same answer.

    In every method `entity` is any 64-bit integer, `step` and `sub` lie in [0, 2^32); each is a number or an
    array, broadcast against one another, and the answer has their common shape.
    """

    purpose: str
    key: int

    def word(self, entity: int, step: int = 0, sub: int = 0) -> int:
        """One 64-bit word, in plain Python: the oracle of `words`, and quicker for a single number."""
        first, second, _, _ = self.block(entity, step, sub)
        return first << 32 | second

    def block(self, entity: int, step: int = 0, sub: int = 0) -> tuple[int, int, int, int]:
        """All four words of 32 bits, the first two of which are `word`."""
        if not (0 <= step <= LOW and 0 <= sub <= LOW):
            raise ValueError(f"step {step} and sub {sub} must lie in [0, 2^32)")
        whole = int(entity)  # a NumPy integer would overflow in what follows
        counter = (whole & LOW, whole >> 32 & LOW, int(step), int(sub))
        return philox4x32(counter, (self.key & LOW, self.key >> 32))

    def words(self, entity: Integers, step: Integers = 0, sub: Integers = 0) -> NDArray[np.uint64]:
        """64-bit words, uniform over all values.

        Raises:
            ValueError: if a step or sub needs more than 32 bits, or the shapes do not broadcast.
            TypeError: if something other than integers is given.
        """
        columns = [_integers(column) for column in (entity, step, sub)]
        shape = np.broadcast_shapes(*(column.shape for column in columns))
        for name, column in zip(("step", "sub"), columns[1:], strict=True):
            if column.size and not (column.min() >= 0 and column.max() <= LOW):
                raise ValueError(f"{name} must lie in [0, 2^32); put larger numbers into the entity")
        flat = [_flat(column, shape) for column in columns]
        out = np.empty(int(np.prod(shape)), np.uint64)
        for start in range(0, out.size, BLOCK):
            entities, steps, subs = (column if column.size == 1 else column[start : start + BLOCK] for column in flat)
            out[start : start + BLOCK] = _philox_columns(entities, steps, subs, self.key)
        return out.reshape(shape)

    def uniform(self, entity: Integers, step: Integers = 0, sub: Integers = 0) -> NDArray[np.float64]:
        """Fractions in [0, 1), multiples of 2^-53."""
        top = (self.words(entity, step, sub) >> np.uint64(11)).astype(np.float64)
        return np.multiply(top, 2.0**-53, dtype=np.float64)

    def chance(self, p: Reals, entity: Integers, step: Integers = 0, sub: Integers = 0) -> NDArray[np.bool_]:
        """Whether it happens, each with probability `p`: a number or array in [0, 1], rounded to 2^-32.

        Raises:
            ValueError: if a probability lies outside [0, 1] or is no number.
        """
        probability = np.asarray(p, np.float64)
        if not np.all((probability >= 0) & (probability <= 1)):
            raise ValueError(f"{self.purpose}: a probability must lie in [0, 1]")
        threshold = np.rint(probability * 2.0**32).astype(np.uint64)
        return np.asarray((self.words(entity, step, sub) >> np.uint64(32)) < threshold)

    def below(self, n: Integers, entity: Integers, step: Integers = 0, sub: Integers = 0) -> NDArray[np.int64]:
        """Integers in [0, n), `n` from 1 to 2^32; each value's share is right to a part in 2^32 / n.

        Raises:
            ValueError: if an `n` lies outside [1, 2^32].
        """
        bound = _integers(n)
        if bound.size and not (bound.min() >= 1 and bound.max() <= LOW + 1):
            raise ValueError(f"{self.purpose}: the number of choices must lie in [1, 2^32]")
        top = self.words(entity, step, sub) >> np.uint64(32)
        return np.asarray((top * bound.astype(np.uint64)) >> np.uint64(32)).astype(np.int64)

    def draw(self, entity: int, step: int = 0) -> Callable[[int], int]:
        """A source of chance for minting one thing: each call `draw(n)` gives an integer in [0, n).

        It walks through sub = 0, 1, 2, … and takes a 64-bit word each time, or as many as leave 31 bits to
        spare, so that each value's share is right to a part in 2^31 whatever `n` is.
        """
        subs = count()

        def draw(n: int, /) -> int:
            if n < 1:
                raise ValueError(f"{self.purpose}: cannot choose among {n} things")
            choices, value, bits = int(n), 0, 0
            while bits < choices.bit_length() + 31:
                value, bits = value << 64 | self.word(entity, step, next(subs)), bits + 64
            return value * choices >> bits

        return draw


def _philox_columns(
    entity: NDArray[np.uint64], step: NDArray[np.uint64], sub: NDArray[np.uint64], key: int
) -> NDArray[np.uint64]:
    """`philox4x32` on columns of one block, and the first two output words joined."""
    low, half = np.uint64(LOW), np.uint64(32)
    multiplier0, multiplier1 = (np.uint64(multiplier) for multiplier in MULTIPLIERS)
    c0, c1, c2, c3 = entity & low, entity >> half, step, sub
    k0, k1 = key & LOW, key >> 32
    for _ in range(ROUNDS):
        left, right = c0 * multiplier0, c2 * multiplier1
        c0, c1 = (right >> half) ^ c1 ^ np.uint64(k0), right & low
        c2, c3 = (left >> half) ^ c3 ^ np.uint64(k1), left & low
        k0, k1 = (k0 + WEYL[0]) & LOW, (k1 + WEYL[1]) & LOW
    return c0 << half | c1


def _integers(values: Integers) -> NDArray[np.integer[Any]]:
    column = np.asarray(values)
    if column.dtype.kind not in "iu":
        raise TypeError(f"a draw is named by integers, not by {column.dtype}")
    return column


def _flat(column: NDArray[np.integer[Any]], shape: tuple[int, ...]) -> NDArray[np.uint64]:
    """One dimension, 64 bits (negative entities as two's complement); a single value stays single."""
    wide = column.astype(np.uint64)
    return wide.reshape(1) if wide.size == 1 else np.broadcast_to(wide, shape).reshape(-1)
