"""What is kept how long: shelves, of which each knows its oldest piece and can erase what is older than a moment."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from mockgov.kvkk.rules import erased_before, falls_due


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One kind of thing that is kept for a number of days after it was last of use."""

    name: str
    """The table in which it stands, as in the inventory."""
    days: int
    oldest: Callable[[], datetime | None]
    """When the oldest piece was last of use; None while there is none."""
    erase: Callable[[datetime], int]
    """Erases what was last of use before a moment; how many rows."""


class Retention:
    """All shelves of one world."""

    def __init__(self, shelves: Sequence[Shelf]) -> None:
        self.shelves = shelves

    def next_due(self) -> datetime | None:
        """When something is erased next; None while there is nothing."""
        found = ((shelf.oldest(), shelf.days) for shelf in self.shelves)
        return min((falls_due(kept_at, days) for kept_at, days in found if kept_at is not None), default=None)

    def erase_due(self, now: datetime) -> Iterator[tuple[str, int]]:
        """Erase what has fallen due by now; of each shelf that something went from its name, and how many rows."""
        for shelf in self.shelves:
            kept_at = shelf.oldest()
            if kept_at is not None and falls_due(kept_at, shelf.days) <= now:
                yield shelf.name, shelf.erase(erased_before(now, shelf.days))
