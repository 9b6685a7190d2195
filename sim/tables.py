"""How long things take, as integer tables: a word of chance in, microseconds out, the same on every machine.

A table holds the inverse of a distribution function at evenly spaced shares, with straight lines between the
knots. 4096 cells cover all shares; the last of them, where the long times live, is cut into 4096 again:

    cell  = the word's bits 63-52, place = bits 51-32; in the last cell, part = bits 31-20, place = bits 19-0
    time  = knot + ((next knot - knot) * place + 2^19 >> 20)

Drawing therefore needs no logarithm. Logarithms from a mathematical library differ in their last bit between
processors, and a simulation differs with them. The knots are evaluated by `decimal`, rounded once to whole
microseconds, and carry a checksum for tests to pin.

Straight lines lie above a convex curve, so a shape is stretched until their mean is right (by some 0.01 %).
What whole microseconds then do to it, a table measures when it is built, and refuses to exist beyond 0.1 %.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import pairwise
from math import fsum
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

CELLS = 4096
WHOLE = CELLS * CELLS  # shares are counted in parts of this; one part is the tail's last cell
PLACE_BITS = 20
TOLERANCE = Fraction(1, 1000)
LONGEST_CELL_US = 1 << 63 - PLACE_BITS - 1  # 50 days; keeps the interpolation within 64 bits
EXACT = Context(prec=40, rounding=ROUND_HALF_EVEN)  # while evaluating knots


class InexactTableError(ValueError):
    """The distribution cannot be told in whole microseconds well enough."""

    def __init__(self, name: str, mean_us: float, wanted_us: float) -> None:
        super().__init__(
            f"{name}: its table's mean would be {mean_us:.6g} us instead of {wanted_us:.6g} us, over 0.1 % "
            "off; choose a mean of at least 10 us, less spread, or a deterministic time"
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """A distribution of times, from `deterministic`, `exponential`, `uniform`, `lognormal` or `empirical`.

    `knots` are non-decreasing microseconds, int64, 2 * CELLS of them: the shares 0, 1/4096 … 4095/4096, then
    the tail's 4096 steps up to its end.
    """

    name: str
    knots: NDArray[np.int64]

    def sample(self, words: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Times in microseconds, one for each word of `Stream.words`, in the same shape."""
        word = np.asarray(words, np.uint64)
        cell = (word >> np.uint64(52)).astype(np.int64)
        in_tail = cell == CELLS - 1
        tail_cell = ((word >> np.uint64(20)) & np.uint64(CELLS - 1)).astype(np.int64)
        position = np.where(in_tail, cell + tail_cell, cell)
        place = np.where(in_tail, word, word >> np.uint64(32)) & np.uint64((1 << PLACE_BITS) - 1)
        start = self.knots[position]
        rise = (self.knots[position + 1] - start) * place.astype(np.int64)
        return np.asarray(start + (rise + (1 << PLACE_BITS - 1) >> PLACE_BITS))

    def at(self, word: int) -> int:
        """One time in microseconds, in plain Python: the oracle of `sample`."""
        position, place = word >> 52, word >> 32
        if position == CELLS - 1:
            position, place = position + (word >> 20) % CELLS, word
        start, end = int(self.knots[position]), int(self.knots[position + 1])
        return start + ((end - start) * (place % (1 << PLACE_BITS)) + (1 << PLACE_BITS - 1) >> PLACE_BITS)

    @property
    def mean_us(self) -> Fraction:
        """The table's own mean, exact but for the rounding of single times, which favours neither side."""
        twice = self.knots[:-1] + self.knots[1:]
        body, tail = sum(twice[: CELLS - 1].tolist()), sum(twice[CELLS - 1 :].tolist())
        return Fraction(CELLS * body + tail, 2 * WHOLE)

    @property
    def cv2(self) -> float:
        """The table's own squared coefficient of variation: variance over squared mean, no unit."""
        start, end = self.knots[:-1].astype(np.float64), self.knots[1:].astype(np.float64)
        squares = (start * start + start * end + end * end) / 3
        second = (CELLS * fsum(squares[: CELLS - 1]) + fsum(squares[CELLS - 1 :])) / WHOLE
        mean = float(self.mean_us)
        return second / (mean * mean) - 1 if mean else 0.0

    @property
    def checksum(self) -> str:
        """32 hexadecimal digits over the knots: equal tables have equal checksums, on any machine."""
        return blake2b(self.knots.astype("<i8").tobytes(), digest_size=16).hexdigest()


def deterministic(us: int) -> Table:
    """Always `us` microseconds, from 0."""
    return _table(f"deterministic({us} us)", [us] * (2 * CELLS), mean=Fraction(us))


def exponential(mean_us: int) -> Table:
    """Without memory: what is left to wait never depends on how long one has waited. Mean in microseconds."""
    name = f"exponential(mean {mean_us} us)"
    _require_positive(name, mean_us=mean_us)
    return _scaled(name, _unit_exponential(), mean_us)


def uniform(low_us: int, high_us: int) -> Table:
    """Any time between two, equally likely; both bounds may occur, in microseconds from 0."""
    knots = [low_us + round(Fraction((high_us - low_us) * (WHOLE - left), WHOLE)) for left in _shares_left()]
    mean = Fraction(low_us + high_us, 2)
    return _table(f"uniform({low_us} to {high_us} us)", [*knots, high_us], mean=mean)


def lognormal(mean_us: int, cv2: float) -> Table:
    """A time whose logarithm is normal: many short ones, few very long ones.

    `mean_us` is the mean of the time itself in microseconds, `cv2` > 0 its squared coefficient of variation.
    """
    name = f"lognormal(mean {mean_us} us, cv2 {cv2:g})"
    _require_positive(name, mean_us=mean_us, cv2=cv2)
    return _scaled(name, _unit_lognormal(cv2), mean_us)


def empirical(points: Sequence[tuple[float, int]]) -> Table:
    """Measured times, by their percentiles: `[(0, 8_000), (0.5, 20_000), (0.99, 90_000), (1, 200_000)]`.

    Each point is a share of all times, ascending from 0 to 1, and the microseconds that this share stays
    within; between points times are spread evenly.
    """
    shares, times = [Fraction(str(share)) for share, _ in points], [us for _, us in points]
    name = f"empirical({len(points)} points)"
    if not shares or shares[0] != 0 or shares[-1] != 1 or sorted(set(shares)) != shares:
        raise ValueError(f"{name}: shares must ascend from 0 to 1; they are {[share for share, _ in points]}")
    pieces = list(zip(shares, shares[1:], times, times[1:], strict=False))
    mean = sum(((s1 - s0) * (t0 + t1) / 2 for s0, s1, t0, t1 in pieces), Fraction(0))
    knots = []
    for left in _shares_left():
        share = Fraction(WHOLE - left, WHOLE)
        s0, s1, t0, t1 = pieces[bisect_right(shares, share) - 1]
        knots.append(round(t0 + (t1 - t0) * (share - s0) / (s1 - s0)))
    return _table(name, [*knots, times[-1]], mean=mean)


def _scaled(name: str, shape: Sequence[Decimal], mean_us: int) -> Table:
    """Straight lines between the points of `shape`, stretched so that their mean is `mean_us`."""
    with localcontext(EXACT):
        twice = [low + high for low, high in pairwise(shape)]
        body, tail = sum(twice[: CELLS - 1], Decimal(0)), sum(twice[CELLS - 1 :], Decimal(0))
        stretch = mean_us / ((CELLS * body + tail) / (2 * WHOLE))
        knots = [int((stretch * point).to_integral_value()) for point in shape]
    return _table(name, knots, mean=Fraction(mean_us))


def _table(name: str, knots: Sequence[int], *, mean: Fraction) -> Table:
    if knots[0] < 0 or any(low > high for low, high in pairwise(knots)):
        raise ValueError(f"{name}: times must not be negative, nor fall as their share rises")
    if any(high - low >= LONGEST_CELL_US for low, high in pairwise(knots)):
        raise ValueError(f"{name}: two neighbouring knots are over 50 days apart; choose less spread")
    column = np.array(knots, np.int64)
    column.flags.writeable = False
    table = Table(name=name, knots=column)
    if abs(table.mean_us - mean) > mean * TOLERANCE:
        raise InexactTableError(name, float(table.mean_us), float(mean))
    return table


def _require_positive(name: str, **values: float) -> None:
    for field, value in values.items():
        if not value > 0:
            raise ValueError(f"{name}: {field} must be above 0; a time without spread is deterministic()")


def _shares_left() -> list[int]:
    """The share of times above each knot but the end, in parts of WHOLE: 1, 4095/4096 … 1/4096, the tail."""
    return [CELLS * k for k in range(CELLS, 0, -1)] + list(range(CELLS - 1, 0, -1))


# Mathematical constants, costly enough (0.1 to 0.4 s) to be evaluated once, and only if they are needed.


@cache
def _unit_exponential() -> tuple[Decimal, ...]:
    """-ln of each share left, and an end at which the last cell's mean is right: one beyond its start."""
    with localcontext(EXACT):
        body = [(Decimal(CELLS) / k).ln() for k in range(CELLS, 0, -1)]
        return (*body, *(body[-1] + unit for unit in body[1:]), 2 * body[-1] + 2)


@cache
def _unit_normal() -> tuple[Decimal, ...]:
    """The standard normal's quantile at each share left but the first, whose quantile is minus infinity.

    The start comes from the machine's own mathematics and is good to about 1e-15; one step of Newton's method
    squares that error, which leaves nothing of the machine within 20 digits.
    """
    with localcontext(EXACT):
        quantiles = []
        for left in _shares_left()[1:]:
            start = Decimal(-NormalDist().inv_cdf(left / WHOLE))
            step = (_normal_survival(start) - Decimal(left) / WHOLE) / _normal_density(start)
            quantiles.append(round(start + step, 20))
        return tuple(quantiles)


@lru_cache(maxsize=8)
def _unit_lognormal(cv2: float) -> tuple[Decimal, ...]:
    """exp(sigma z) at each share left, and an end at which the last cell's mean is right."""
    with localcontext(EXACT):
        variance = (1 + Decimal(cv2)).ln()
        sigma, normal = variance.sqrt(), _unit_normal()
        shape = [(sigma * z).exp() for z in normal]
        beyond = (variance / 2).exp() * _normal_survival(normal[-1] - sigma) * WHOLE
        return (Decimal(0), *shape, 2 * beyond - shape[-1])


def _normal_density(z: Decimal) -> Decimal:
    two_pi = Decimal("6.283185307179586476925286766559005768394339")
    return (-z * z / 2).exp() / two_pi.sqrt()


def _normal_survival(z: Decimal) -> Decimal:
    """1 - Phi(z) by Phi(z) = 1/2 + phi(z) (z + z^3/3 + z^5/15 + ...), Abramowitz and Stegun 26.2.11."""
    term = total = z
    odd = 1
    while abs(term) > Decimal("1e-36"):
        odd += 2
        term *= z * z / odd
        total += term
    return Decimal("0.5") - _normal_density(z) * total
