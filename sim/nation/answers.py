"""What each call is told about its people, and what is true of them: compiled look-ups in columns."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, compiled

HOUR_US = 3_600_000_000


class Answers(NamedTuple):
    """One entry a call."""

    risky: NDArray[np.int32]
    """People of the call whom the ministry calls risky in this hour; 0 or 1 for a single one."""
    truth: NDArray[np.uint8]
    """Of a single call's person: 1 + days since the infection if infectious today, else 0; 0 for a bulk call."""


@compiled
def answered(
    at_us: NDArray[np.int64],
    codes: NDArray[np.uint16],
    person: NDArray[np.int32],
    first: NDArray[np.int64],
    listed: NDArray[np.int32],
    risky_from: NDArray[np.int16],
    risky_until: NDArray[np.int16],
    infectious: NDArray[np.uint8],
    midnight: int,
    risky: NDArray[np.int32],
    truth: NDArray[np.uint8],
) -> None:
    """Fill `risky` and `truth`. `midnight` is the hour with which the day begins, `listed` the people of bulk calls."""
    for call in range(at_us.size):
        hour = midnight + at_us[call] // HOUR_US
        if codes[call] == 1:
            one = person[call]
            risky[call] = np.int32(risky_from[one] <= hour < risky_until[one])
            truth[call] = infectious[one]
        else:
            count: Whole = 0
            for place in range(first[call], first[call] + codes[call]):
                one = listed[place]
                count += np.int64(risky_from[one] <= hour < risky_until[one])
            risky[call] = count
            truth[call] = 0
