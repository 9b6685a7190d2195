"""What each call is told about its people, and what is true of them: compiled look-ups in columns."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, compiled

HOUR_US = 3_600_000_000


class Answers(NamedTuple):
    """One entry a call."""

    risky: NDArray[np.int32]
    """Codes of the call that the ministry calls risky in this hour; 0 or 1 for a single one. A spoiled one never is."""
    truth: NDArray[np.uint8]
    """Of a single call's person: 1 + days since the infection if infectious today, else 0; 0 for a bulk call."""


@compiled
def answered(
    at_us: NDArray[np.int64],
    codes: NDArray[np.uint16],
    person: NDArray[np.int32],
    spoiled: NDArray[np.uint8],
    first: NDArray[np.int64],
    listed: NDArray[np.int32],
    listed_spoiled: NDArray[np.uint8],
    risky_from: NDArray[np.int16],
    risky_until: NDArray[np.int16],
    infectious: NDArray[np.uint8],
    midnight: int,
    risky: NDArray[np.int32],
    truth: NDArray[np.uint8],
) -> None:
    """Fill `risky` and `truth`; `midnight` is the hour with which the day begins.

    A bulk call, even of one code, has its people in `listed` from `first` on, and what is wrong with their codes in
    `listed_spoiled`; a single call's `first` is -1.
    """
    for call in range(at_us.size):
        hour = midnight + at_us[call] // HOUR_US
        if first[call] < 0:
            one = person[call]
            risky[call] = np.int32(spoiled[call] == 0 and risky_from[one] <= hour < risky_until[one])
            truth[call] = infectious[one]
        else:
            count: Whole = 0
            for place in range(first[call], first[call] + codes[call]):
                one = listed[place]
                count += np.int64(listed_spoiled[place] == 0 and risky_from[one] <= hour < risky_until[one])
            risky[call] = count
            truth[call] = 0
