"""A test's hand on its world's clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from mockgov.clock import TURKEY
from mockgov.ministry import Ministry

WANTED: Final = "clock.to takes an aware datetime, or ISO text with its zone such as '2021-10-05T08:00:00+03:00'"


class Hands:
    """The clock of one world; whatever falls due has happened when a move returns."""

    def __init__(self, ministry: Ministry, run: Callable[[Callable[[], Any]], Any]) -> None:
        self._ministry = ministry
        self._run = run
        self.start = self.now()

    def now(self) -> datetime:
        """The world's time, aware, in UTC: hand it to a client as its clock."""
        return self._ministry.world.now()

    def advance(self, by: timedelta | None = None, **parts: float) -> datetime:
        """Move on by a timedelta, or by `days=`, `hours=`, `minutes=`, `seconds=`; where the clock stands then.

        Raises TypeError for anything else.
        """
        if by is not None and not isinstance(by, timedelta):
            raise TypeError(f"clock.advance takes a timedelta, or days=, hours=, minutes=, seconds=; not {_shown(by)}.")
        return self.to(self.now() + (by or timedelta()) + timedelta(**parts))

    def to(self, moment: datetime | str) -> datetime:
        """Move on to a moment: an aware datetime, or ISO text with its zone, such as `2021-10-05T08:00:00+03:00`.

        Raises `ClockRefusedError` for an earlier one, TypeError and ValueError for what is no such moment.
        """
        aware = _moment(moment)
        self._run(lambda: self._ministry.advance(aware))
        return self.now()

    def sleep(self, seconds: float) -> None:
        """What a client may be handed as its `sleep`: the world's time passes, the test's does not."""
        self.advance(seconds=seconds)

    @property
    def turkish(self) -> datetime:
        """The same moment as clocks in Turkey show it."""
        return self.now().astimezone(TURKEY)


def _moment(told: object) -> datetime:
    if not isinstance(told, datetime | str):
        raise TypeError(f"{WANTED}; not {_shown(told)}.")
    try:
        moment = datetime.fromisoformat(told) if isinstance(told, str) else told
    except ValueError:
        raise ValueError(f"{WANTED}; {_shown(told)} cannot be read.") from None
    if moment.tzinfo is None:
        raise ValueError(f"{WANTED}; {_shown(told)} has no zone.")
    return moment


def _shown(told: object) -> str:
    return f"{told!r:.60}"
