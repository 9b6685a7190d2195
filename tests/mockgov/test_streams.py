"""The world's chance: a draw depends on what it is for, and on nothing else."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.streams import Streams

FIRST_TEN = [191, 923, 983, 529, 794, 527, 925, 654, 715, 209]
FIRST_SECRET = "1186809353d3450f"
PARTS = st.one_of(st.integers(), st.text(max_size=5))


def drawn(streams: Streams, purpose: str, *key: int | str, count: int = 3, n: int = 1000) -> list[int]:
    draw = streams.draw(purpose, *key)
    return [draw(n) for _ in range(count)]


def test_the_first_draws_of_seed_1() -> None:
    """These very numbers, on every machine and in every version; else old worlds would change."""
    assert drawn(Streams(1), "code", 1, 0, 0, count=10) == FIRST_TEN
    assert Streams(1).secret("signin.jwt", size=8).hex() == FIRST_SECRET


@given(st.integers(0, 2**63), st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=20))
def test_order_and_company_change_nothing(seed: int, asked: list[tuple[str, int]]) -> None:
    """Whoever draws before, between or after, each entity's numbers stay the same."""
    together = Streams(seed)
    alone = {key: drawn(Streams(seed), *key) for key in asked}
    for key in asked:
        assert drawn(together, *key) == alone[key]
    interleaved = {key: together.draw(*key) for key in asked}
    got = {key: [] for key in asked}
    for _ in range(3):
        for key, draw in interleaved.items():
            got[key].append(draw(1000))
    assert got == alone


@given(st.lists(PARTS, max_size=4), st.lists(PARTS, max_size=4))
def test_other_keys_give_other_numbers(one: list[int | str], other: list[int | str]) -> None:
    """No two keys are mistaken for each other, however their parts are cut or typed."""
    same = [(type(part), part) for part in one] == [(type(part), part) for part in other]
    streams = Streams(1)
    assert (drawn(streams, "p", *one, n=2**32) == drawn(streams, "p", *other, n=2**32)) is same
    assert (streams.secret("p", *one) == streams.secret("p", *other)) is same


def test_seed_and_purpose_matter() -> None:
    base = drawn(Streams(1), "code", 1, n=2**32)
    assert base != drawn(Streams(2), "code", 1, n=2**32)
    assert base != drawn(Streams(1), "phone", 1, n=2**32)


@given(st.integers(0, 2**64), st.integers(1, 2**32))
def test_a_draw_lies_below_its_bound(seed: int, n: int) -> None:
    draw = Streams(seed).draw("p")
    assert all(0 <= draw(n) < n for _ in range(20))


def test_draws_are_even() -> None:
    """Ten thousand draws of ten: each number about a thousand times (six standard deviations allowed)."""
    counts = Counter(drawn(Streams(1), "dice", count=10_000, n=10))
    assert set(counts) == set(range(10))
    assert all(abs(count - 1000) < 180 for count in counts.values())


@pytest.mark.parametrize("size", [1, 16, 64])
def test_secrets_have_the_size_asked_for(size: int) -> None:
    assert len(Streams(1).secret("p", size=size)) == size
