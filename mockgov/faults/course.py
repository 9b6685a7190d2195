"""What strikes make of a request at one stage, in words that every door can carry out.

A door waits, refuses, or hangs up at the counter; of an answer it sends what `pieces` says, and hangs up where that is
less than the whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mockgov.faults.delays import delay_ms
from mockgov.faults.kinds import Cut, Delay, Drip, Fault, Half, Refuse, Stage, WrongType
from mockgov.vocabulary.chance import Draw


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """One fault upon one logical request."""

    fault: Fault
    stage: Stage
    token: str
    draw: Draw = field(repr=False, compare=False)
    """What else is to be drawn of it."""
    left_s: int | None = None
    """Seconds until the burst or the window ends, rounded up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What happens at one stage. The first refusal or cut decides; delays before it have passed by then."""

    wait_ms: int = 0
    refusal: Refuse | None = None
    retry_after_s: int | None = None
    is_cut: bool = False
    resets: bool = False
    """Whether the connection ends with a reset."""
    content_type: str | None = None
    fraction: float = 1.0
    """Part of the body that is sent."""
    chunk_bytes: int = 0
    """Bytes that leave at a time; 0: all."""
    every_ms: int = 0

    @property
    def hangs_up(self) -> bool:
        """Whether the connection is closed before the answer is complete."""
        return self.is_cut or self.fraction < 1

    @property
    def is_crooked(self) -> bool:
        """Whether the answer leaves otherwise than in one piece and whole."""
        return self.hangs_up or self.chunk_bytes > 0

    def pieces(self, body: bytes) -> Iterator[tuple[int, bytes]]:
        """What leaves of a body: each time how many milliseconds to wait, then what to send."""
        if self.is_cut:
            return
        sent = body[: int(len(body) * self.fraction)] if self.fraction < 1 else body
        step = self.chunk_bytes or max(1, len(sent))
        for at in range(0, len(sent), step):
            yield (self.every_ms if at else 0), sent[at : at + step]


ORDINARY = Course()


def course_of(strikes: Sequence[Strike]) -> Course:
    """What the strikes of one stage come to, in the plan's order."""
    if not strikes:
        return ORDINARY
    wait_ms, chunk_bytes, every_ms = 0, 0, 0
    fraction, content_type = 1.0, None
    for strike in strikes:
        fault = strike.fault
        if isinstance(fault, Delay):
            wait_ms += delay_ms(fault, strike.draw)
        elif isinstance(fault, Refuse):
            told = strike.left_s if fault.tell_end else fault.retry_after_s
            return Course(wait_ms=wait_ms, refusal=fault, retry_after_s=told)
        elif isinstance(fault, Cut):
            return Course(wait_ms=wait_ms, is_cut=True, resets=fault.reset)
        elif isinstance(fault, Half):
            fraction = min(fraction, fault.fraction)
        elif isinstance(fault, Drip):
            chunk_bytes, every_ms = fault.chunk_bytes, fault.every_ms
        elif isinstance(fault, WrongType):
            content_type = fault.content_type
    return Course(
        wait_ms=wait_ms, content_type=content_type, fraction=fraction, chunk_bytes=chunk_bytes, every_ms=every_ms
    )
