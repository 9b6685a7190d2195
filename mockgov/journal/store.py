"""Where exchanges are kept: a ring in memory, which lets the oldest go. There is no other: a journal is not durable."""

from collections import deque
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, Final

from mockgov.journal.messages import Exchange

Word = Callable[..., Exchange]
"""Puts a kept exchange into words, given its number and what was kept of it."""
Kept = tuple[Any, ...]
"""Its number, its `Word`, and what that is given."""
LIGHT: Final = 4096
"""Bytes of bodies up to which an exchange is not weighed."""


class Ring:
    """The latest exchanges, as far as so many and so many bytes allow."""

    __slots__ = ("_heavy", "_held", "_kept", "append", "most_bytes", "next_number")

    def __init__(self, most: int, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._kept: deque[Kept] = deque(maxlen=most)
        self._heavy: deque[tuple[int, int]] = deque()
        """Number and bytes of each exchange that was weighed."""
        self._held = 0
        self.append: Callable[[Kept], None] = self._kept.append
        """Keeps a light exchange, as it is; it begins with `next_number()`."""
        self.next_number: Callable[[], int] = count(1).__next__

    def put(self, size: int, *kept: Any) -> None:
        """Keep an exchange with bodies of so many bytes."""
        number = self.next_number()
        self.append((number, *kept))
        if size <= LIGHT:
            return
        self._heavy.append((number, size))
        self._held += size
        while self._heavy[0][0] < self.first:
            self._held -= self._heavy.popleft()[1]
        while self._held > self.most_bytes and len(self._heavy) > 1:
            gone, bytes_gone = self._heavy.popleft()
            self._held -= bytes_gone
            while self._kept[0][0] <= gone:
                self._kept.popleft()

    @property
    def first(self) -> int:
        """The number of the oldest that is kept; 1 where none is."""
        return self._kept[0][0] if self._kept else 1

    @property
    def last(self) -> int:
        """The number of the latest that is kept; 0 where none is."""
        return self._kept[-1][0] if self._kept else 0

    def get(self, number: int) -> Exchange | None:
        """The exchange of a number, in words, if it is still kept."""
        if not self._kept or not self.first <= number <= self.last:
            return None
        return _worded(self._kept[number - self.first])

    def __iter__(self) -> Iterator[Exchange]:
        """All that are kept, in words, oldest first."""
        return map(_worded, tuple(self._kept))

    def newest_first(self) -> Iterator[Exchange]:
        """The same, the latest first."""
        return map(_worded, reversed(tuple(self._kept)))

    def clear(self) -> None:
        """Let everything go; numbers go on."""
        self._kept.clear()
        self._heavy.clear()
        self._held = 0


def _worded(kept: Kept) -> Exchange:
    word: Word = kept[1]
    return word(kept[0], *kept[2:])
