"""Texts that come in pieces, one message each: looked at as the whole that a handset will show. Pure but for memory."""

from collections.abc import Callable, Hashable
from itertools import groupby
from typing import Final

from mockgov.sms.encoding import Segment, join

MOST: Final = 1_000
"""Texts that are remembered; one more, and the one that has rested longest is looked at anew."""


class Pieces:
    """Remembers the latest texts of which more pieces may come."""

    def __init__(self) -> None:
        self._texts: dict[Hashable, dict[int, Segment]] = {}

    def check(self, whose: Hashable, segment: Segment, screen: Callable[[str], None]) -> None:
        """Have one more piece screened beside its neighbours; it is remembered if nothing is raised."""
        place = segment.place
        if place is None or place.total == 1:
            return
        key = whose, place.reference, place.total
        known = self._texts.get(key, {})
        text = {} if place.nth in known else dict(known)  # one that is there already begins a new text
        text[place.nth] = segment
        runs = groupby(enumerate(sorted(text)), key=lambda numbered: numbered[1] - numbered[0])
        screen("\n".join(join([text[nth] for _, nth in run]) for _, run in runs))
        self._texts.pop(key, None)
        if len(self._texts) >= MOST:
            del self._texts[next(iter(self._texts))]
        self._texts[key] = text
