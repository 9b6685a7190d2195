"""How long a delay is: each law from whole draws, the same to the millisecond on every machine.

Logarithms and exponentials are those of decimal arithmetic with 28 digits, which are rounded correctly everywhere; a
machine's own are not.
"""

from decimal import Context, Decimal
from typing import Final

from mockgov.faults.kinds import MOST_MS, Delay, Law
from mockgov.vocabulary.chance import Draw

PARTS: Final = 1 << 32
"""A draw is one of so many whole numbers, so that no rounding differs between machines."""
Z_95: Final = Decimal("1.6448536269514722")
"""Standard deviations from the median of a normal distribution to the value that a twentieth exceeds."""
EXACT: Final = Context(prec=28)


def delay_ms(fault: Delay, draw: Draw) -> int:
    """How long a delay is, in milliseconds; never longer than `MOST_MS`."""
    if fault.law == Law.UNIFORM:
        least, most = fault.least_ms or 0, fault.most_ms or 0
        return least + draw(most - least + 1)
    if fault.law == Law.EXPONENTIAL:
        return _whole(EXACT.multiply(Decimal(fault.mean_ms or 0), -_uniform(draw).ln(EXACT)))
    if fault.law == Law.LOGNORMAL:
        median = Decimal(fault.median_ms or 1)
        spread = EXACT.divide(EXACT.divide(Decimal(fault.p95_ms or 1), median).ln(EXACT), Z_95)
        return _whole(EXACT.multiply(median, EXACT.multiply(spread, _normal(draw)).exp(EXACT)))
    return fault.milliseconds or 0


def _uniform(draw: Draw) -> Decimal:
    """Between 0 and 1, neither of them."""
    return EXACT.divide(Decimal(2 * draw(PARTS) + 1), Decimal(2 * PARTS))


def _normal(draw: Draw) -> Decimal:
    """A standard normal number, by Marsaglia's polar method."""
    while True:
        u, v = (EXACT.subtract(2 * _uniform(draw), Decimal(1)) for _ in range(2))
        square = EXACT.add(EXACT.multiply(u, u), EXACT.multiply(v, v))
        if 0 < square < 1:
            return EXACT.multiply(u, EXACT.divide(-2 * square.ln(EXACT), square).sqrt(EXACT))


def _whole(milliseconds: Decimal) -> int:
    return min(int(milliseconds), MOST_MS)
