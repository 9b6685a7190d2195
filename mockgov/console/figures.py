"""The figures of a world's day, read little by little so that nobody waits for them.

Questions are counted from the audit trail: of each reading only the rows that have come since the one before, and never
more than a bound. What costs a scan is read again after a while only, the rarer the more people there are.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mockgov.callbacks.rules import Off, Subscription
from mockgov.clock import from_us, to_us
from mockgov.ministry import Ministry
from mockgov.onboarding.rules import State
from mockgov.queries.rules import Channel, Outcome

MINUTES: Final = 60
"""How far back the charts go."""
MINUTE_US: Final = 60_000_000
MOST_ROWS: Final = 30_000
"""Rows of the trail that one reading looks at (chosen here): some tens of milliseconds."""
SLOW_EVERY: Final = 10
PEOPLE_A_READING: Final = 20_000
"""What costs a scan is read at each tenth reading, and one later for each so many people (chosen here)."""
MOST_WAITING: Final = 1_000
"""Applications that are counted at most."""
MOST_CODES: Final = 1_000_000
"""Codes that are counted at most."""
OUTCOMES: Final = tuple(Outcome)
CHANNELS: Final = tuple(Channel)


@dataclass(frozen=True, slots=True)
class Minute:
    """The questions of one minute."""

    at: datetime
    outcomes: tuple[int, ...]
    """In the order of `OUTCOMES`."""
    channels: tuple[int, ...]
    """In the order of `CHANNELS`."""

    @property
    def questions(self) -> int:
        """All of them."""
        return sum(self.outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What there is of each; what costs a scan to count."""

    people: int
    institutions: int
    codes: int
    risky: int
    waiting: int
    """Applications that wait for the evaluation desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A world at a moment, in numbers."""

    now: datetime
    minutes: Sequence[Minute]
    """The last `MINUTES`, oldest first; the last is under way."""
    is_whole: bool
    """Whether no question of these minutes was left out because there were too many to count."""
    stock: Stock
    due: Sequence[tuple[str, datetime]]
    """What happens next by itself: each service that waits for something, and for when."""
    callbacks: Sequence[Subscription]
    """Those at which nothing arrives, disabled for that or not yet."""

    @property
    def questions(self) -> int:
        """All questions of these minutes."""
        return sum(minute.questions for minute in self.minutes)

    def by_outcome(self) -> Sequence[int]:
        """Questions by outcome, in the order of `OUTCOMES`."""
        return [sum(one) for one in zip(*(minute.outcomes for minute in self.minutes), strict=True)]

    def by_channel(self) -> Sequence[int]:
        """Questions by channel, in the order of `CHANNELS`."""
        return [sum(one) for one in zip(*(minute.channels for minute in self.minutes), strict=True)]


class Reader:
    """Reads one ministry's figures, again and again."""

    def __init__(self, ministry: Ministry) -> None:
        self.ministry = ministry
        self._after = 0
        self._counted: Counter[tuple[int, str, str]] = Counter()
        self._whole_from = 0
        """The minute from which on nothing is missing among those that are shown."""
        self._stock: Stock | None = None
        self._readings = 0

    def read(self) -> Figures:
        """The figures of this moment."""
        ministry = self.ministry
        now = ministry.world.now()
        this = to_us(now) // MINUTE_US
        first = this - MINUTES + 1
        self._count(first)
        minutes = [self._minute(minute) for minute in range(first, this + 1)]
        if self._stock is None or self._readings >= SLOW_EVERY + self._stock.people // PEOPLE_A_READING:
            self._stock, self._readings = self._counts(), 0
        self._readings += 1
        silent = [one for one in ministry.callbacks.subscriptions() if one.failing_since and one.off is not Off.BY_HAND]
        return Figures(
            now=now,
            minutes=minutes,
            is_whole=this >= self._whole_from,
            stock=self._stock,
            due=ministry.due(),
            callbacks=silent,
        )

    def _count(self, first: int) -> None:
        """Count what has been asked since the last time, and forget what is older than the first minute shown."""
        lately = self.ministry.queries.lately(self._after, most=MOST_ROWS)
        self._after = lately.after
        if not lately.is_whole and (not lately.counted or lately.counted[0].minute >= first):
            self._whole_from = first + 2 * MINUTES - 1
        for minute, channel, outcome, questions in lately.counted:
            self._counted[minute, channel, outcome] += questions
        for key in [key for key in self._counted if key[0] < first]:
            del self._counted[key]

    def _minute(self, minute: int) -> Minute:
        at, counted = from_us(minute * MINUTE_US), self._counted
        return Minute(
            at,
            tuple(sum(counted[minute, channel, outcome] for channel in CHANNELS) for outcome in OUTCOMES),
            tuple(sum(counted[minute, channel, outcome] for outcome in OUTCOMES) for channel in CHANNELS),
        )

    def _counts(self) -> Stock:
        ministry = self.ministry
        states = (State.LETTER_RECEIVED, State.UNDER_EVALUATION)
        return Stock(
            people=ministry.registry.count(),
            institutions=len(ministry.registry.institutions()),
            codes=ministry.codes.count_valid(most=MOST_CODES),
            risky=ministry.risk_index.count_risky(),
            waiting=sum(len(ministry.onboarding.applications(state, limit=MOST_WAITING)) for state in states),
        )
