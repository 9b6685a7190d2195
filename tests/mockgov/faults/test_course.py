"""What strikes come to: the first refusal or cut decides, and what leaves of a body is told piece by piece."""

from hypothesis import given
from hypothesis import strategies as st

from mockgov.faults.course import ORDINARY, Course, Strike, course_of
from mockgov.faults.kinds import Cut, Delay, Drip, Fault, Half, Refuse, Stage, WrongType

BODY = b"0123456789"


def course(*faults: Fault, left_s: int | None = None) -> Course:
    return course_of(
        [Strike(fault=one, stage=Stage.ANSWER, token="t", draw=lambda _: 0, left_s=left_s) for one in faults]
    )


def test_nothing_strikes() -> None:
    assert course() is ORDINARY
    assert list(ORDINARY.pieces(BODY)) == [(0, BODY)]
    assert not ORDINARY.is_crooked
    assert list(ORDINARY.pieces(b"")) == []


def test_the_order_of_the_plan_decides() -> None:
    """Delays before a refusal have passed, those behind it have not; what comes first is what happens."""
    first, second = Delay(milliseconds=5), Delay(milliseconds=7)
    refuse, cut = Refuse(retry_after_s=3), Cut(reset=True)
    assert course(first, refuse, second, cut) == Course(wait_ms=5, refusal=refuse, retry_after_s=3)
    assert course(first, second, cut, refuse) == Course(wait_ms=12, is_cut=True, resets=True)
    assert course(first, WrongType(content_type="text/plain")) == Course(wait_ms=5, content_type="text/plain")


def test_retry_after_can_tell_the_end_of_a_burst() -> None:
    refuse = Refuse(tell_end=True, on_s=9, off_s=9)
    assert course(refuse, left_s=4).retry_after_s == 4


def test_pieces() -> None:
    """Cut: nothing; halved: a part and no more; dripped: everything, a wait before each piece but the first."""
    assert list(course(Cut()).pieces(BODY)) == []
    assert list(course(Half(fraction=0.3)).pieces(BODY)) == [(0, b"012")]
    assert list(course(Half(fraction=0)).pieces(BODY)) == []
    assert list(course(Drip(chunk_bytes=4, every_ms=9)).pieces(BODY)) == [(0, b"0123"), (9, b"4567"), (9, b"89")]
    both = course(Drip(chunk_bytes=4, every_ms=9), Half(fraction=0.5), Half(fraction=0.9))
    assert list(both.pieces(BODY)) == [(0, b"0123"), (9, b"4")]
    assert [one.hangs_up for one in (course(Cut()), course(Half()), course(Drip()), both)] == [True, True, False, True]


@given(st.binary(max_size=300), st.integers(1, 50), st.floats(0, 1, exclude_max=True))
def test_what_is_dripped_is_the_body(body: bytes, chunk: int, fraction: float) -> None:
    """Whole, or its beginning; no piece is empty or larger than said."""
    whole = [piece for _, piece in course(Drip(chunk_bytes=chunk)).pieces(body)]
    assert b"".join(whole) == body
    assert all(1 <= len(piece) <= chunk for piece in whole)
    part = b"".join(piece for _, piece in course(Half(fraction=fraction), Drip(chunk_bytes=chunk)).pieces(body))
    assert body.startswith(part)
    assert len(part) == int(len(body) * fraction)
