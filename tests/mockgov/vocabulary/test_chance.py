"""What a mint draws from."""

from hypothesis import given
from hypothesis import strategies as st

from mockgov.vocabulary.chance import digits, pick
from tests.strategies import draws


@given(draws(), st.integers(0, 20))
def test_digits_are_as_many_as_asked_for(draw, count):
    """Leading zeros count."""
    drawn = digits(draw, count)
    assert len(drawn) == count
    assert set(drawn) <= set("0123456789")


def test_digits_are_put_together_from_small_draws():
    """No draw asks for more than ten thousand, so a 32-bit source is even enough."""
    asked = []

    def draw(n: int) -> int:
        asked.append(n)
        return n - 1

    assert digits(draw, 9) == "999999999"
    assert asked == [10_000, 10_000, 10]


def test_pick_takes_the_drawn_one():
    """The lowest draw is the first choice, the highest the last."""
    assert pick(lambda _: 0, "ABC") == "A"
    assert pick(lambda n: n - 1, "ABC") == "C"
