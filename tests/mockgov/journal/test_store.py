"""The ring lets the oldest go, by number and by bytes, and numbers go on."""

from hypothesis import given
from hypothesis import strategies as st

from mockgov.journal.store import LIGHT, Ring


def said(number: int, *kept: object) -> object:
    return (number, *kept)


def numbers(ring: Ring) -> list[int]:
    return [one[0] for one in ring]  # type: ignore[index]


def test_the_latest_stay() -> None:
    ring = Ring(3, 10**9)
    for size in range(5):
        ring.put(size, said, "x")
    assert numbers(ring) == [3, 4, 5]
    assert (ring.first, ring.last) == (3, 5)
    assert ring.get(2) is None
    assert ring.get(6) is None
    assert ring.get(4) == (4, "x")
    assert [one[0] for one in ring.newest_first()] == [5, 4, 3]  # type: ignore[index]


def test_heavy_ones_make_room() -> None:
    """The last one stays, however heavy."""
    ring = Ring(100, 3 * LIGHT)
    ring.put(1, said)
    for _ in range(4):
        ring.put(LIGHT + LIGHT // 2, said)
    assert numbers(ring) == [4, 5]
    ring.put(100 * LIGHT, said)
    assert numbers(ring) == [6]


def test_nothing_is_left_after_clearing_but_the_count() -> None:
    ring = Ring(3, 10**9)
    ring.put(1, said)
    ring.clear()
    assert (numbers(ring), ring.first, ring.last) == ([], 1, 0)
    ring.put(1, said)
    assert numbers(ring) == [2]


@given(st.lists(st.integers(0, 3 * LIGHT), max_size=60), st.integers(1, 20))
def test_what_is_held_stays_within_bounds(sizes: list[int], most: int) -> None:
    """As many as allowed, no more bytes than allowed unless one alone has them, and always the latest in a row."""
    ring = Ring(most, 4 * LIGHT)
    for size in sizes:
        ring.put(size, said, size)
    kept = [one[1] for one in ring]  # type: ignore[index]
    assert kept == sizes[len(sizes) - len(kept) :]
    assert len(kept) <= most
    heavy = [size for size in kept if size > LIGHT]
    assert sum(heavy) <= 4 * LIGHT or len(heavy) == 1
