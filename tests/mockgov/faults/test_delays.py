"""Delays: literal draws first, then what each law promises, and the same numbers on every machine."""

from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.faults import Delay
from mockgov.faults.delays import PARTS, delay_ms
from mockgov.faults.kinds import MOST_MS, Law
from mockgov.streams import Streams
from mockgov.vocabulary.chance import Draw

EXPONENTIAL = Delay(law=Law.EXPONENTIAL, mean_ms=200)
LOGNORMAL = Delay(law=Law.LOGNORMAL, median_ms=150, p95_ms=900)


def drawn(*parts: int) -> Draw:
    """A draw of which every answer is known: so many of 2^32 parts, then again from the first."""
    given_parts = cycle(parts)
    return lambda n: next(given_parts) * n // PARTS


def many(fault: Delay, count: int = 4000) -> list[int]:
    streams = Streams(1)
    return sorted(delay_ms(fault, streams.draw("delay", n)) for n in range(count))


@pytest.mark.parametrize(
    ("fault", "parts", "milliseconds"),
    [
        (Delay(milliseconds=70), (0,), 70),
        (Delay(milliseconds=0), (0,), 0),
        (Delay(law=Law.UNIFORM, least_ms=10, most_ms=19), (0,), 10),
        (Delay(law=Law.UNIFORM, least_ms=10, most_ms=19), (PARTS // 2,), 15),
        (Delay(law=Law.UNIFORM, least_ms=10, most_ms=19), (PARTS - 1,), 19),
        (EXPONENTIAL, (PARTS // 2,), 138),  # 200 ln 2 = 138.6
        (EXPONENTIAL, (0,), 4574),  # 200 ln 2^33
        (EXPONENTIAL, (PARTS - 1,), 0),
        (LOGNORMAL, (PARTS // 2, PARTS // 4), 150),  # u is next to nothing: next to the median
        (LOGNORMAL, (PARTS * 3 // 4, PARTS // 2), 920),  # u = 1/2, s = 1/4: 150 exp(1.6651 · 1.0893)
        (LOGNORMAL, (0, 0, PARTS * 3 // 4, PARTS // 2), 920),  # a point outside the circle is drawn again
    ],
)
def test_known_draws(fault: Delay, parts: tuple[int, ...], milliseconds: int) -> None:
    assert delay_ms(fault, drawn(*parts)) == milliseconds


def test_the_laws_promises() -> None:
    """Means and quantiles of four thousand, within about four standard errors."""
    uniform = many(Delay(law=Law.UNIFORM, least_ms=100, most_ms=300))
    assert (uniform[0], uniform[-1]) == (100, 300)
    assert abs(sum(uniform) / 4000 - 200) < 4
    exponential = many(EXPONENTIAL)
    assert abs(sum(exponential) / 4000 - 199.5) < 13
    lognormal = many(LOGNORMAL)
    assert abs(lognormal[2000] - 150) < 13
    assert abs(lognormal[3800] - 900) < 120


def test_a_keyed_stream_gives_these_very_delays() -> None:
    """To the millisecond, on whichever machine."""
    streams = Streams(7)
    laws = (Delay(law=Law.UNIFORM, least_ms=0, most_ms=1000), EXPONENTIAL, LOGNORMAL)
    delays = [[delay_ms(fault, streams.draw("d", n)) for n in range(4)] for fault in laws]
    assert delays == [
        [617, 739, 614, 548],
        [96, 60, 97, 120],
        [196, 321, 214, 203],
    ]


@given(st.integers(0, MOST_MS), st.integers(0, 2**40))
def test_no_delay_is_longer_than_ten_minutes(mean: int, key: int) -> None:
    """Nor shorter than none."""
    delay = delay_ms(Delay(law=Law.EXPONENTIAL, mean_ms=mean), Streams(1).draw("d", key))
    assert 0 <= delay <= MOST_MS
