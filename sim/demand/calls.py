"""The day's calls as the compiled twin makes them: columns, a stretch of minutes at a time."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Calls(NamedTuple):
    """Calls by time, simultaneous ones by source and within it in a fixed order; one entry a call."""

    at_us: NDArray[np.int64]
    """Microseconds since local midnight, Turkish time."""
    channel: NDArray[np.uint8]
    """A `Channel`."""
    source: NDArray[np.uint8]
    """Why it is asked: an errand's number in `tuple(Errand)`, `BOOKINGS`, `STAFF`, `RUNS`, `LISTS`; or `MAKINGS`."""
    province: NDArray[np.uint8]
    """Plate of the door; of the home of who travels or has a code made; of the caller's seat in bulk runs and lists."""
    asker: NDArray[np.int32]
    """Index of the institution; from the PERSON channels on of the person who asks, or makes a code."""
    codes: NDArray[np.uint16]
    """Codes in the call: 1, and up to 500 in bulk."""
    person: NDArray[np.int32]
    """Whom a single call is about, or a code is made for; -1 in bulk."""
    first: NDArray[np.int64]
    """In bulk: where the call's people begin in `bulk_person`; -1 for a single call."""
    spoiled: NDArray[np.uint8]
    """A `Spoiled`, of a single call's code."""
    bulk_person: NDArray[np.int32]
    """The people of the bulk calls, call after call."""
    bulk_spoiled: NDArray[np.uint8]
    """A `Spoiled` for each of them."""

    @property
    def queries(self) -> int:
        """Codes that are asked about, in single calls and in bulk."""
        return int(self.codes.sum())


def joined(parts: list[Calls]) -> Calls:
    """Stretches of a day, one after the other, as one."""
    before = np.cumsum([0, *(part.bulk_person.size for part in parts)])[:-1].tolist()
    moved = [
        part._replace(first=np.where(part.first < 0, -1, part.first + shift))
        for part, shift in zip(parts, before, strict=True)
    ]
    return Calls(*(np.concatenate(column) for column in zip(*moved, strict=True)))
