"""What is asked on a day: some of its queries while they are being gathered, and the whole of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

BOOKINGS, STAFF, RUNS, LISTS, MAKINGS = 19, 20, 21, 22, 23
"""Sources of calls beside the errands, which are numbered from 0. A booking is no door: nobody stands there; nor does
anybody where a list is uploaded (`LISTS`) or a code is made (`MAKINGS`)."""
RANK_BITS = 56


class Standing(NamedTuple):
    """Whom the ministry holds risky: at hour h of the scenario those with risky_from <= h < risky_until."""

    risky_from: NDArray[np.int16]
    risky_until: NDArray[np.int16]


class Queries(NamedTuple):
    """Some of the day's queries, as columns."""

    at_us: Numbers
    rank: Numbers
    """The query's own number, from `rank_of`: its source first. Orders simultaneous ones."""
    call: Numbers
    """Rank of its call's first query."""
    person: Numbers
    asker: Numbers
    channel: Numbers
    spoiled: Numbers
    province: Numbers

    def only(self, chosen: Flags | Numbers) -> "Queries":
        """These rows, in this order."""
        return Queries(*(column[chosen] for column in self))

    def in_order(self) -> "Queries":
        """By time, ties by rank."""
        return self.only(np.lexsort((self.rank, self.at_us)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A day's queries, by time; ties in a fixed order, the queries of one call together. Read-only columns."""

    at_us: Numbers
    """Microseconds since local midnight, Turkish time."""
    person: NDArray[np.int32]
    """Whom it is about: an index into the population."""
    asker: NDArray[np.int32]
    """Who asks: an index into the callers; from the PERSON channels on one into the population."""
    channel: NDArray[np.uint8]
    """A `Channel`."""
    call: Numbers
    """Number of the request, 0, 1, 2, … in this order; the queries of a bulk call share it and its time."""
    spoiled: NDArray[np.uint8]
    """A `Spoiled`."""
    province: NDArray[np.uint8]
    """Plate of the door; of the home of who travels or has a code made; of the caller's seat in bulk runs and lists."""
    source: NDArray[np.uint8]
    """Why it is asked: an errand's number in `tuple(Errand)`, `BOOKINGS`, `STAFF`, `RUNS`, `LISTS`; or `MAKINGS`."""

    def __post_init__(self) -> None:
        """Freeze the columns too."""
        for name in self.__slots__:
            getattr(self, name).setflags(write=False)

    @property
    def calls(self) -> int:
        """Number of requests."""
        return int(self.call[-1]) + 1 if self.call.size else 0

    @property
    def call_start(self) -> Numbers:
        """Index of each call's first query, and the number of queries at the end: calls + 1 entries."""
        return np.searchsorted(self.call, np.arange(self.calls + 1))


def gather(parts: Iterable[Queries]) -> Demand:
    """All of them as the day's demand: by time, the calls numbered."""
    return settle(Queries(*(np.concatenate(column) for column in zip(*parts, strict=True))).in_order())


def settle(queries: Queries) -> Demand:
    """Queries in their order as a demand: the calls numbered, the columns as narrow as they may be."""
    return Demand(
        at_us=queries.at_us,
        person=queries.person.astype(np.int32),
        asker=queries.asker.astype(np.int32),
        channel=queries.channel.astype(np.uint8),
        call=np.cumsum(np.diff(queries.call, prepend=queries.call[:1]) != 0),
        spoiled=queries.spoiled.astype(np.uint8),
        province=queries.province.astype(np.uint8),
        source=(queries.rank >> RANK_BITS).astype(np.uint8),
    )


def rank_of(source: int, *digits: tuple[Numbers | int, int]) -> Numbers:
    """A whole number from a source, below 64, and further numbers, each with its bits: 56 of them in all."""
    rank = np.asarray(source, np.int64)
    for digit, bits in digits:
        rank = rank << bits | digit
    return rank
