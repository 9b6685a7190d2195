"""The world's clock: the only file of the product that reads the wall clock.

Everything else is handed a `Now`, a function that returns an aware datetime in UTC. Moments are stored and
compared as integer microseconds since 1970-01-01T00:00Z (`to_us`, `from_us`), which neither drift nor round.
Turkey has kept UTC+3 all year since 2016-09-07 (Council of Ministers decree 2016/9154), so `TURKEY` is fixed.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

Now = Callable[[], datetime]
"""Returns the world's time, aware, in UTC."""

TURKEY = timezone(timedelta(hours=3), "TRT")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST = datetime(2200, 1, 1, tzinfo=UTC)
"""No clock goes further: long after the last code has expired, long before dates run out (chosen here)."""
MICROSECOND = timedelta(microseconds=1)
SLOWEST, FASTEST = 0.001, 100_000.0
"""Between these a clock runs, in seconds of the world's time a real second (chosen here)."""


class ClockRefusedError(ValueError):
    """A clock was asked for what it cannot do; the message says what to do instead."""


class Clock(Protocol):
    """Tells the world's time, and can be moved forward."""

    kind: str
    """`manual` or `running`: how the clock is written into a world's file."""

    def now(self) -> datetime:
        """The world's time, aware, in UTC."""
        ...

    def move_to(self, moment: datetime) -> None:
        """Jump forward to an aware moment up to `LAST`. Raises `ClockRefusedError` for any other."""
        ...

    def catch_up_to(self, moment: datetime) -> None:
        """Jump forward to `moment`, or stay where that is past already."""
        ...


class ManualClock:
    """Stands still until it is moved."""

    kind = "manual"

    def __init__(self, start: datetime) -> None:
        self._now = _aware(start)

    def now(self) -> datetime:
        """The moment at which the clock stands."""
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Jump forward to `moment`."""
        self._now = forward(self._now, moment)

    def catch_up_to(self, moment: datetime) -> None:
        """Jump forward to `moment`, or stay."""
        self._now = max(self._now, moment)


class RunningClock:
    """Runs with real time, or a factor faster, from a moment of the world's own; goes on from where it is moved to."""

    kind = "running"

    def __init__(self, start: datetime, *, factor: float = 1.0, real_now: Now | None = None) -> None:
        """Raises `ClockRefusedError` for an impossible start or factor."""
        if not SLOWEST <= factor <= FASTEST:
            raise ClockRefusedError(f"A clock runs {SLOWEST} to {FASTEST:.0f} times as fast as real time.")
        self.factor = factor
        self._real_now = real_now or wall_clock
        self._since = self._real_now()
        self._from = _aware(start)

    @classmethod
    def ahead_by(cls, microseconds: int, *, real_now: Now | None = None) -> "RunningClock":
        """A clock that runs so far ahead of real time: one that was written down, going on."""
        real = real_now or wall_clock
        return cls(real() + timedelta(microseconds=microseconds), real_now=real)

    @classmethod
    def going_on(cls, kept: tuple[int, int], *, factor: float, real_now: Now | None = None) -> "RunningClock":
        """The same for a clock with a factor, of which `kept` was written down."""
        clock = cls(from_us(kept[0]), factor=factor, real_now=real_now)
        clock._since = from_us(kept[1])
        return clock

    @property
    def ahead_us(self) -> int:
        """How far it runs ahead of real time, in microseconds; negative when behind."""
        return (self._from - self._since) // MICROSECOND

    @property
    def kept(self) -> tuple[int, int]:
        """A moment of its own and the real moment of then, in microseconds."""
        return to_us(self._from), to_us(self._since)

    def now(self) -> datetime:
        """Real time, shifted and stretched into the world's own; at the end of all clocks it stands."""
        passed = self._real_now() - self._since
        if self.factor != 1:
            passed = min(passed, (LAST - self._from) / self.factor) * self.factor
        return min(self._from + passed, LAST)

    def move_to(self, moment: datetime) -> None:
        """Jump forward to `moment` and run on from there."""
        now = self.now()
        self._jump(forward(now, moment) - now)

    def catch_up_to(self, moment: datetime) -> None:
        """Jump forward to `moment` and run on from there, or just run on."""
        self._jump(max(timedelta(0), moment - self.now()))

    def _jump(self, by: timedelta) -> None:
        self._from = min(self._from + by, LAST)


def wall_clock() -> datetime:
    """Real time. Only a composition root may hand this to anything."""
    return datetime.now(UTC)


def to_us(moment: datetime) -> int:
    """Microseconds since the epoch of an aware moment."""
    return (moment - EPOCH) // MICROSECOND


def from_us(microseconds: int) -> datetime:
    """The moment (UTC) that lies so many microseconds after the epoch."""
    return EPOCH + timedelta(microseconds=microseconds)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        msg = f"{moment.isoformat()} has no time zone. Give one, such as {moment.isoformat()}+03:00."
        raise ClockRefusedError(msg)
    if not EPOCH <= moment <= LAST:
        msg = f"{moment.isoformat()} is out of reach. Choose a moment from {EPOCH.year} to {LAST.year}."
        raise ClockRefusedError(msg)
    return moment.astimezone(UTC)


def forward(now: datetime, moment: datetime) -> datetime:
    """`moment` in UTC, if a clock that stands at `now` may go there. Raises `ClockRefusedError`."""
    moment = _aware(moment)
    if moment < now:
        msg = (
            f"The clock stands at {now.isoformat()} and only runs forward; {moment.isoformat()} is past. "
            "Fork or restore a snapshot of the world to go back."
        )
        raise ClockRefusedError(msg)
    return moment
