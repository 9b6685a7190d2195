"""A test's hand on its world's clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from mockgov.clock import TURKEY
from mockgov.ministry import Ministry


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
        """Move on by a timedelta, or by `days=`, `hours=`, `minutes=`, `seconds=`; where the clock stands then."""
        return self.to(self.now() + (by or timedelta()) + timedelta(**parts))

    def to(self, moment: datetime) -> datetime:
        """Move on to an aware moment. Raises `ClockRefusedError` for an earlier one."""
        self._run(lambda: self._ministry.advance(moment))
        return self.now()

    def sleep(self, seconds: float) -> None:
        """What a client may be handed as its `sleep`: the world's time passes, the test's does not."""
        self.advance(seconds=seconds)

    @property
    def turkish(self) -> datetime:
        """The same moment as clocks in Turkey show it."""
        return self.now().astimezone(TURKEY)
