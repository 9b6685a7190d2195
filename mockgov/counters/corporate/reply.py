"""How an answer of the corporate desk leaves."""

from typing import Protocol

from mockgov.faults.course import ORDINARY, Course

Headers = tuple[tuple[bytes, bytes], ...]


class Reply(Protocol):
    """Called once with status, JSON body and further headers; with a course too where a fault spoils the answer."""

    def __call__(self, status: int, body: bytes, headers: Headers, course: Course = ORDINARY, /) -> None:
        """Let the answer leave."""
        ...
