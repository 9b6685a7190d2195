"""When a world has been idle for too long: the one place beside the running clock that asks for real time."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from mockgov.clock import Now


class Idleness:
    """Remembers when each world was last used."""

    def __init__(self, real_now: Now) -> None:
        self._real_now = real_now
        self._used: set[str] = set()
        """Since it was last looked; so the real clock is read once for many uses."""
        self._last: dict[str, datetime] = {}
        self.touch = self._used.add
        """Notes, by name, that a world is used."""

    def over(self, lifetimes: Mapping[str, int]) -> list[str]:
        """The worlds that have been idle for their lifetimes, in real seconds; 0 for ever. Uses count from here."""
        now = self._real_now()
        self._last = {name: now if name in self._used else self._last.get(name, now) for name in lifetimes}
        self._used.clear()
        return [
            name
            for name, seconds in lifetimes.items()
            if seconds and now - self._last[name] >= timedelta(seconds=seconds)
        ]
