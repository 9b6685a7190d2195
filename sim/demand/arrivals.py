"""When they come, and who: counts, moments and persons, each draw keyed by what it is for.

A visit is keyed by its errand, day, minute, province and number there, a journey by the hour of its departure,
the days since its booking and its number there, a worker's shift by the worker and the day. Nothing hangs on
which minutes are asked for together, nor on a machine's `exp` or `log`. A word of 64 bits makes two draws.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from math import fsum, isqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.demand.calendar import Fractions
from sim.demand.ground import NOBODY
from sim.demand.parameters import CUSTOMS, ERRAND_NUMBER, Channel, DemandParameters, Errand, Spoiled
from sim.demand.record import Flags, Numbers, Queries, Standing, rank_of
from sim.streams import Stream, Streams

Words = NDArray[np.uint64]

SECOND_US, MINUTE_US, HOUR_US, DAY_US = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000
HOURS = np.arange(24)
SPARE_TRIES = 8
"""Words that may be spent on finding somebody of the age; then the next one in the register comes."""


class Use(IntEnum):
    """What a word decides, in its high half and in its low one: the `sub` of its key."""

    COUNT = 0
    """How many come; nothing."""
    ARRIVAL = 1
    """The time; the person, at the first try."""
    ASKING = 2
    """Who asks; what is wrong with the code. Of a journey: the carrier; how early the check-in is."""
    BOOKING = 3
    """The hour; the time within it."""
    PRESENT = 4
    """Whether one comes to work; whether to the late shift."""
    SPOILED = 5
    """What is wrong with the code: at the booking and at check-in; of an even number in a list, and of the next."""
    AGAIN = 8
    """The person, at the next two tries; so the following words up to 15."""


class Chances(NamedTuple):
    """The streams of a day's demand."""

    errand: dict[Errand, Stream]
    counter: Stream
    staff_check: Stream
    shift: Stream
    shift_start: Stream
    run: Stream
    card: Stream
    stay: Stream
    edevlet: Stream
    making: Stream


def chances(streams: Streams) -> Chances:
    """Take the streams named "demand/…" but for the callers', so once per `Streams`."""
    errands = {errand: streams.stream(f"demand/{errand}") for errand in CUSTOMS}
    return Chances(errands, *(streams.stream(f"demand/{name}") for name in Chances._fields[1:]))


def high(words: Words) -> Words:
    """A word's first draw, 32 bits."""
    return words >> np.uint64(32)


def low(words: Words) -> Words:
    """A word's second draw, 32 bits."""
    return words & np.uint64(0xFFFF_FFFF)


def among(choices: int, halves: Words) -> Numbers:
    """32 bits of chance as integers in [0, choices)."""
    return np.asarray(halves * np.uint64(choices) >> np.uint64(32)).astype(np.int64)


def thresholds(weights: Sequence[float] | Fractions) -> Words:
    """Where one of these weights ends and the next one begins, in 2^-32 of their sum."""
    steps = np.cumsum(np.asarray(weights, np.float64))
    return np.asarray(np.rint(steps[:-1] / steps[-1] * 2.0**32).astype(np.uint64))


def pick(weights: Sequence[float] | Fractions, halves: Words) -> Numbers:
    """Indices of these weights, in proportion to them: one for each 32 bits."""
    return np.asarray(np.searchsorted(thresholds(weights), halves, side="right"))


def poisson(mean: float, words: Words) -> Numbers:
    """Poisson counts with this mean, by the inverse of the distribution: one for each 64-bit word.

    The chances are multiplied up and down from the mode, P(k+1) = P(k) mean / (k+1), and made to add up to 1;
    less than 2^-40 is left out.
    """
    if not mean > 0:
        return np.zeros(words.size, np.int64)
    mode = int(mean)
    reach = 40 + 9 * isqrt(mode)
    lowest = max(0, mode - reach)
    down = np.cumprod(np.arange(mode, lowest, -1) / mean)[::-1]
    up = np.cumprod(mean / np.arange(mode + 1, mode + reach + 1))
    return lowest + pick(np.concatenate([down, np.ones(1), up]), high(words))


def spoiling(parameters: DemandParameters) -> Words:
    """The thresholds of a code that is mistyped, expired, deleted; beyond them it is good."""
    shares = parameters.spoiled_shares
    return thresholds((*shares, max(0.0, 1 - fsum(shares))))


def spoil(parameters: DemandParameters, halves: Words) -> Numbers:
    """What is wrong with each code that is shown: a `Spoiled` for each 32 bits."""
    return (np.searchsorted(spoiling(parameters), halves, side="right") + 1) % len(Spoiled)


class Crowd(NamedTuple):
    """Who may come: people of these ages among a stretch of the register, all equally likely."""

    ages: NDArray[np.uint8]
    """Of everybody."""
    first: int
    end: int
    youngest: int
    oldest: int
    listed: Numbers | None = None
    """All of them, where they are few: then one try is enough."""

    def listing(self) -> "Crowd":
        """The same people, from a list of them."""
        return self._replace(listed=self.first + np.flatnonzero(self.has(np.arange(self.first, self.end), -1)))

    def someone(self, halves: Words, chance: Stream, key: tuple[Numbers, Numbers], but: Numbers) -> Numbers:
        """One of them for each 32 bits, tried again until the age fits and it is not who asks."""
        if self.listed is not None:
            return self.listed[among(self.listed.size, halves)]
        size = self.end - self.first
        person = self.first + among(size, halves)
        cell, number = key
        for word in range(SPARE_TRIES):
            for half in (high, low):
                again = np.flatnonzero(~self.has(person, but))
                if not again.size:
                    return person
                drawn = half(chance.words(cell[again], number[again], Use.AGAIN + word))
                person[again] = self.first + among(size, drawn)
        while (again := np.flatnonzero(~self.has(person, but))).size:
            person[again] = self.first + (person[again] + 1 - self.first) % size
        return person

    def has(self, person: Numbers, but: Numbers | int) -> Flags:
        """Whether these are of the age, and none of those."""
        age = self.ages[person]
        return np.asarray((age >= self.youngest) & (age <= self.oldest) & (person != but))


class Prudence(NamedTuple):
    """Who stays at home on a day because the code is risky: known to the ministry, and so to its holder."""

    standing: Standing
    first_hour: int
    """Of the day, counted from the scenario's first."""
    day: date
    chance: Stream

    def stays(self, person: Numbers, at_us: Numbers, share: float) -> Flags:
        """Whether somebody stays away who would have been asked then."""
        hour = self.first_hour + at_us // HOUR_US
        risky = (self.standing.risky_from[person] <= hour) & (hour < self.standing.risky_until[person])
        return np.asarray(risky & self.chance.chance(share, person, self.day.toordinal()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The doors of one province that an errand leads through."""

    errand: Errand
    plate: int
    day: date
    channel: Channel
    means: Fractions
    """Expected visits in each hour of the day."""
    askers: NDArray[np.int32]
    """Who may ask; an entry that stands here twice asks twice as often."""
    online: int
    """Place of the first of the askers who asks at e-Devlet."""
    crowd: Crowd
    parameters: DemandParameters
    chance: Stream
    prudence: Prudence | None = None

    @property
    def source(self) -> int:
        """The errand's number among the sources."""
        return ERRAND_NUMBER[self.errand]

    def visits(self, hours: Numbers) -> Queries:
        """The visits in these hours, minute by minute: Poisson counts, spread evenly within the minute."""
        minutes = (hours[:, None] * 60 + np.arange(60)).ravel()
        cells = (self.day.toordinal() * 1_440 + minutes) * 128 + self.plate
        words = self.chance.words(cells, 0, Use.COUNT).reshape(-1, 60)
        counts = np.array([poisson(self.means[h] / 60, drawn) for h, drawn in zip(hours, words, strict=True)], np.int64)
        cell, visit = numbered(cells, counts.ravel())
        minute = np.repeat(minutes, counts.ravel())
        arrival, asking = (self.chance.words(cell, visit, use) for use in (Use.ARRIVAL, Use.ASKING))
        nth = among(self.askers.size, high(asking))
        asker = self.askers[nth].astype(np.int64)
        but = asker if self.channel.by_person else np.full(asker.size, NOBODY)
        rank = rank_of(self.source, (self.plate, 8), (minute, 12), (visit, 36))
        queries = Queries(
            at_us=minute * MINUTE_US + among(MINUTE_US, high(arrival)),
            rank=rank,
            call=rank,
            person=self.crowd.someone(low(arrival), self.chance, (cell, visit), but),
            asker=asker,
            channel=np.where(nth < self.online, self.channel, Channel.EDEVLET),
            spoiled=spoil(self.parameters, low(asking)),
            province=np.full(rank.size, self.plate),
        )
        return who_come(queries, self.prudence, self.parameters.risky_stays_away)


def who_come(queries: Queries, prudence: Prudence | None, share: float) -> Queries:
    """Those of whom it is asked, without who stays away."""
    return queries if prudence is None else queries.only(~prudence.stays(queries.person, queries.at_us, share))


def numbered(cells: Numbers, counts: Numbers) -> tuple[Numbers, Numbers]:
    """One entry an arrival: its cell, and its number within the cell."""
    first = np.cumsum(counts) - counts
    return np.repeat(cells, counts), np.arange(int(counts.sum())) - np.repeat(first, counts)
