"""What the journal's page needs of a journal. `journal_of` is the one place where it is joined to the world's."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from mockgov.journal.messages import Exchange, Search
from mockgov.journal.service import Journal
from mockgov.ministry import Ministry


class Book(Protocol):
    """A journal that can be looked through."""

    def search(self, wanted: Mapping[str, str | int], *, limit: int, before: int | None) -> Sequence[Exchange]:
        """Exchanges that are meant, the latest first; `before` a number to read on.

        `wanted` has some of `protocol`, `operation`, `asker`, `code`, `refusal`, `text`, and `status` as a number.
        """
        ...

    def exchange(self, number: int) -> Exchange:
        """One exchange. Raises a `Refused` for a number that is not there."""
        ...


class OwnBook:
    """A world's own journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def search(self, wanted: Mapping[str, str | int], *, limit: int, before: int | None) -> Sequence[Exchange]:
        """As in `Book`."""
        meant: dict[str, Any] = dict(wanted)
        return self._journal.search(Search(**meant), limit=limit, before=before)

    def exchange(self, number: int) -> Exchange:
        """As in `Book`. Raises `UnknownExchange`."""
        return self._journal.exchange(number)


def journal_of(ministry: Ministry) -> Book | None:
    """The world's journal; None where it keeps none."""
    return OwnBook(ministry.journal) if ministry.journal.is_on else None
