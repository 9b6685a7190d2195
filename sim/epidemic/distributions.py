"""Stays, numbers of contacts and people's infectiousness, as integer tables that are the same on every machine.

Probabilities are cumulated and rounded once to 2^-32; a draw is the number of thresholds that do not exceed 32 bits
of chance. Exponentials and logarithms are `decimal`'s, which rounds correctly everywhere.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Fractions = NDArray[np.float64]

EXACT = Context(prec=40, rounding=ROUND_HALF_EVEN)
CERTAIN = 1 << 32
LEAST = Decimal(2) ** -33
"""What is rarer than this is left out of a table."""

CLASSES = 16
"""Equally likely classes of infectiousness."""

LONGEST_STAY = 200
"""Days; what is left of a stay's distribution then goes to the last day."""

PI = Decimal("3.141592653589793238462643383279502884197169")


def stay_chances(mean_days: float, stages: int) -> Fractions:
    """Chance of a stay of 0, 1, 2, … days in so many stages, each left on any day with chance stages / mean.

    The number of days is negative binomial: P(t) = C(t-1, k-1) p^k (1-p)^(t-k), p = k / mean, t >= k. Cut off
    where less than 2^-33 is left, or at `LONGEST_STAY`, and the rest given to the last day.
    """
    leave = stages / mean_days
    first = 1.0
    for _ in range(stages):
        first *= leave
    chances = [0.0] * stages + [first]
    while (rest := 1.0 - sum(chances)) > 2.0**-33 and leave < 1 and len(chances) <= LONGEST_STAY:
        days = len(chances) - 1
        chances.append(chances[-1] * (1 - leave) * days / (days + 1 - stages))
    chances[-1] += rest
    return np.array(chances)


def stay_thresholds(mean_days: float, stages: int) -> Numbers:
    """The days of a stay by `days_of`: one threshold for each day that may be exceeded."""
    total, thresholds = 0.0, []
    for chance in stay_chances(mean_days, stages).tolist()[:-1]:
        total += chance
        thresholds.append(min(round(total * CERTAIN), CERTAIN))
    return np.array(thresholds, np.int64)


def number_of(thresholds: Numbers, bits: int) -> int:
    """How many thresholds, ascending, do not exceed 32 bits of chance: a stay's days, a number of contacts."""
    return int(np.searchsorted(thresholds, bits, side="right"))


@lru_cache(maxsize=4096)
def poisson_thresholds(mean: Decimal) -> tuple[int, ...]:
    """The number of events, `mean` on average and independent of one another, by `number_of`."""
    with localcontext(EXACT):
        chance = total = (-mean).exp()
        thresholds, events = [], 0
        while 1 - total > LEAST:
            thresholds.append(int((total * CERTAIN).to_integral_value()))
            events += 1
            chance = chance * mean / events
            total += chance
        return tuple(thresholds)


@lru_cache(maxsize=8)
def gamma_classes(shape: float) -> tuple[Decimal, ...]:
    """The means of `CLASSES` equally likely slices of a gamma distribution of mean 1; all 1 if `shape` is 0."""
    if shape == 0:
        return (Decimal(1),) * CLASSES
    with localcontext(EXACT):
        k = Decimal(shape)
        scale = (-_log_gamma(k + 1)).exp()
        edges = [Decimal(0)]
        edges += [_quantile(k, scale, Decimal(cell) / CLASSES) for cell in range(1, CLASSES)]
        below = [_gamma_share(k, scale, edge) - _gamma_density(k, scale, edge) for edge in edges] + [Decimal(1)]
        means = [round(CLASSES * (high - low), 15) for low, high in pairwise(below)]
        means[-1] += CLASSES - sum(means)
        return tuple(means)


def cosine(turn: Decimal) -> Decimal:
    """The cosine of a share of a full turn, by its series."""
    with localcontext(EXACT):
        angle = 2 * PI * (turn % 1)
        term = total = Decimal(1)
        n = 0
        while abs(term) > Decimal("1e-30"):
            n += 2
            term *= -angle * angle / (n * (n - 1))
            total += term
        return total


def halving(protection: float, half_life_days: float, weeks: int) -> list[Decimal]:
    """A protection week by week from the first on, halved every so many days."""
    with localcontext(EXACT):
        weekly = (Decimal(2).ln() * -7 / Decimal(half_life_days)).exp()
        left, course = Decimal(protection), []
        for _ in range(weeks):
            course.append(left)
            left *= weekly
        return course


def _gamma_density(k: Decimal, scale: Decimal, x: Decimal) -> Decimal:
    """x^k exp(-x) / Gamma(k + 1); `scale` is 1 / Gamma(k + 1)."""
    return (k * x.ln() - x).exp() * scale if x else Decimal(0)


def _gamma_share(k: Decimal, scale: Decimal, x: Decimal) -> Decimal:
    """The share of a gamma distribution of shape k below x: Abramowitz and Stegun 6.5.29, as a rising series."""
    if not x:
        return Decimal(0)
    term = total = Decimal(1)
    n = 0
    while term > total * Decimal("1e-30"):
        n += 1
        term *= x / (k + n)
        total += term
    return total * _gamma_density(k, scale, x)


def _quantile(k: Decimal, scale: Decimal, share: Decimal) -> Decimal:
    """Where the share below is `share`, by bisection of the logarithm."""
    low, high = Decimal(-80) / min(k, Decimal(1)), Decimal(7)
    for _ in range(70):
        middle = (low + high) / 2
        low, high = (middle, high) if _gamma_share(k, scale, middle.exp()) < share else (low, middle)
    return ((low + high) / 2).exp()


def _log_gamma(z: Decimal) -> Decimal:
    """The logarithm of the gamma function by Stirling's series, Abramowitz and Stegun 6.1.40, far enough out."""
    product = Decimal(1)
    while z < 40:
        product *= z
        z += 1
    series = sum(
        Decimal(numerator) / denominator / z**power
        for numerator, denominator, power in ((1, 12, 1), (-1, 360, 3), (1, 1260, 5), (-1, 1680, 7), (1, 1188, 9))
    )
    return (z - Decimal("0.5")) * z.ln() - z + (2 * PI).ln() / 2 + series - product.ln()
