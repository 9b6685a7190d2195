"""The bus: who hears of what. `ministry.py` hands it the one table {event type: [reactions]}.

Reactions run at once, in the table's order, inside the command's own transaction: either everything that
follows from a command happens or nothing does. An event that the table does not name is a mistake in the
composition and fails loudly.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Tell = Callable[[object], None]
"""Tells the ministry that something has happened."""

Reactions = Mapping[type, Sequence[Callable[[Any], None]]]
"""What happens upon which event."""


class Bus:
    """Passes each event to its reactions."""

    def __init__(self, reactions: Reactions | None = None) -> None:
        self._reactions: Reactions = reactions or {}

    def take(self, reactions: Reactions) -> None:
        """Take the table, once everybody who stands in it has been built."""
        self._reactions = reactions

    def tell(self, event: object) -> None:
        """Run every reaction to `event`; an exception in one of them undoes the command."""
        try:
            reactions = self._reactions[type(event)]
        except KeyError:
            msg = f"{type(event).__name__} is not in the ministry's table of reactions; add it, even with no reaction."
            raise LookupError(msg) from None
        for react in reactions:
            react(event)
