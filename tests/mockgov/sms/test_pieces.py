"""Texts in pieces: whatever they say together is looked at, in whatever order they come."""

from collections.abc import Sequence

import pytest

from mockgov.sms.encoding import Encoding, Place, Segment, header
from mockgov.sms.pieces import MOST, Pieces


def piece(text: str, nth: int, total: int = 3, reference: int = 7) -> Segment:
    return Segment(Encoding.GSM7, header(Place(reference, total, nth).element), text.encode())


def looked_at(*pieces: Segment, whose: Sequence[str] = ()) -> list[str]:
    seen: list[str] = []
    known = Pieces()
    for nth, one in enumerate(pieces):
        known.check(whose[nth] if whose else "A", one, seen.append)
    return seen


def test_neighbours_are_joined_in_their_order() -> None:
    """Only neighbours; where one is missing the text is broken."""
    assert looked_at(piece("b", 2), piece("a", 1), piece("c", 3)) == ["b", "ab", "abc"]
    assert looked_at(piece("c", 3), piece("a", 1), piece("b", 2)) == ["c", "a\nc", "abc"]


def test_other_texts_are_not_joined() -> None:
    """Another's, of another reference or count, or one of which the piece is there already."""
    assert looked_at(piece("a", 1), piece("b", 2), whose=["A", "B"]) == ["a", "b"]
    assert looked_at(piece("a", 1), piece("b", 2, reference=8), piece("c", 2, total=2)) == ["a", "b", "c"]
    assert looked_at(piece("a", 1), piece("b", 1), piece("c", 2)) == ["a", "b", "bc"]
    assert looked_at(Segment(Encoding.GSM7, b"", b"a"), piece("b", 1, total=1)) == []


def test_a_refused_piece_is_forgotten() -> None:
    """The text goes on without it."""
    known, seen = Pieces(), []
    known.check("A", piece("a", 1), seen.append)
    with pytest.raises(ZeroDivisionError):
        known.check("A", piece("b", 2), lambda _: 1 / 0)
    known.check("A", piece("x", 2), seen.append)
    assert seen == ["a", "ax"]


def test_memory_is_bounded() -> None:
    """The text that began longest ago is forgotten first; one that goes on is not."""
    known, seen = Pieces(), []
    for nth in range(MOST + 1):
        known.check(f"{nth}", piece("a", 1), seen.append)
    known.check("0", piece("b", 2), seen.append)
    known.check(f"{MOST}", piece("b", 2), seen.append)
    assert seen[-2:] == ["b", "ab"]
