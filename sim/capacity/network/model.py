"""The network as mathematics: the order of events, what chance holds, what a run tells, and the schedule.

Times are whole microseconds since the run's start.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.capacity.model import erlang_c, mmc_wait
from sim.capacity.network.parameters import NetworkParameters, Station
from sim.streams import LOW, Stream, Streams, philox4x32

MINUTE_US = 60_000_000
MOST_CODES = 500
SECOND_US = 1_000_000


class Outcome(IntEnum):
    """How an attempt ended for its client, and a call as its last attempt."""

    ANSWERED = 0
    REFUSED = 1  # a station's waiting room was full
    TIMED_OUT = 2  # the client hung up
    LIMITED = 3  # beyond the institution's rate limit
    SHED = 4  # a station's circuit breaker was open


class Order(IntEnum):
    """Which of several events at the same microsecond comes first: a total order, shared by both engines.

    The schedule changes, started servers begin to work, autoscaling looks, services end, fresh calls arrive,
    retries arrive, clients hang up. Within a kind by number and attempt: of the call, for the first three of
    the change or station. Clients that hang up together do so in the order in which their attempts began.
    """

    CHANGE = 2
    STARTED = 3
    LOOK = 4
    DEPARTURE = 5
    ARRIVAL = 6
    RETRY = 7
    TIMEOUT = 8

    def of(self, number: int, attempt: int = 0) -> int:
        """The place among simultaneous events: by kind, number (below 2^40) and attempt (below 2^16)."""
        return self << 56 | number << 16 | attempt


class StationColumn(IntEnum):
    """What a station notes down of a minute."""

    ARRIVALS = 0  # attempts that came to the station
    REFUSED = 1  # of them, those that found its waiting room full
    SHED = 2  # of them, those that found its breaker open
    SERVED = 3  # services that ended
    WASTED = 4  # of them, those whose client had hung up by then
    WASTED_US = 5  # server time of those
    BUSY_US = 6  # server time in use
    SERVER_US = 7  # server time there was: of servers at work or idle, not of those lost or still starting
    QUEUE_US = 8  # number waiting, integrated over time
    WAITED_US = 9  # time waited, summed over those who stopped waiting
    LONGEST_QUEUE = 10  # most waiting at once


class CallColumn(IntEnum):
    """What is noted down about calls in a minute."""

    CALLS = 0  # calls that arrived
    ATTEMPTS = 1  # attempts begun
    ANSWERED = 2  # attempts by how they ended, in the order of `Outcome`
    REFUSED = 3
    TIMED_OUT = 4
    LIMITED = 5
    SHED = 6
    LOST = 7  # calls given up
    SOJOURN_US = 8  # time inside, summed over attempts that left the service, hung up or not


class Done(NamedTuple):
    """Calls that ended, in the order of ending: a row each."""

    call: NDArray[np.int64]  # number, from 0 in the order offered
    ended_us: NDArray[np.int64]
    outcome: NDArray[np.uint8]  # of the last attempt
    attempts: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Minutes:
    """What happened in each minute from 0 to the present one: int64 columns."""

    calls: dict[str, NDArray[np.int64]]
    """By the names of `CallColumn` in small letters."""
    stations: dict[Station, dict[str, NDArray[np.int64]]]
    """By station and the names of `StationColumn` in small letters."""


def minutes(parameters: NetworkParameters, calls: NDArray[np.int64], stations: NDArray[np.int64]) -> Minutes:
    """Tables [minute, column] and [minute, station, column] as named columns."""
    return Minutes(
        calls={column.name.lower(): calls[:, column].copy() for column in CallColumn},
        stations={
            station: {column.name.lower(): stations[:, s, column].copy() for column in StationColumn}
            for s, (station, _) in enumerate(parameters.stations)
        },
    )


class Change(NamedTuple):
    """From `at_us` on, a station has lost this many servers and takes this much of the usual time."""

    at_us: int
    station: int
    lost: int
    percent: int


def changes(parameters: NetworkParameters) -> list[Change]:
    """Outages and slow times as steps, by time and station; stations are numbered as they are passed."""
    steps = []
    for number, (station, _) in enumerate(parameters.stations):
        outages = [(_us(a), _us(b), n) for name, a, b, n in parameters.outages if name == station]
        slow = [(_us(a), _us(b), n) for name, a, b, n in parameters.slow if name == station]
        for at_us in sorted({edge for start, end, _ in outages + slow for edge in (start, end)}):
            lost = sum(n for start, end, n in outages if start <= at_us < end)
            percent = max((n for start, end, n in slow if start <= at_us < end), default=100)
            steps.append(Change(at_us, number, lost, percent))
    return sorted(steps)


def wanted_servers(busy_us: int, period_us: int, target_percent: int, least: int, most: int) -> int:
    """The servers that would have been used to `target_percent` in the period past, within bounds."""
    wanted = -(-busy_us * 100 // (period_us * target_percent))
    return min(max(wanted, least), most)


def slowed(service_us: int, percent: int) -> int:
    """A service time at `percent` of its usual length, to the nearest microsecond, halves up."""
    return (service_us * percent + 50) // 100


LANE_OF_CACHE = (6, 5, 7, 5, 6)
"""By station: the lane whose word decides about a hit in its cache, by one of its halves."""
HALF_OF_CACHE = (1, 1, 1, 0, 0)
"""By station: 1 the word's high half, 0 its low half."""


def lanes(stream: Stream, call: int, attempt: int) -> list[int]:
    """The eight words of an attempt: 0 to 4 are the service times by station, 5 to 7 decide about caches.

    Two come out of each Philox block: block b = lane / 2 has the counter (call, attempt, b).
    """
    words = []
    for block in range(4):
        counter = (call & LOW, call >> 32, attempt, block)
        w0, w1, w2, w3 = philox4x32(counter, (stream.key & LOW, stream.key >> 32))
        words += [w0 << 32 | w1, w2 << 32 | w3]
    return words


class Draws(NamedTuple):
    """What chance holds for an attempt, keyed by (call, attempt)."""

    services_us: Callable[[int, int, int], list[int]]
    """Of (call, attempt, codes): the service time at each station that there is, before any slowness."""
    pause_us: Callable[[int, int], int]
    """Of (call, attempt): the pause after its failure."""


def draws(parameters: NetworkParameters, streams: Streams) -> Draws:
    """The draws of one run; takes the streams named "capacity/network/…", so once per `Streams`."""
    service, pause = streams.stream("capacity/network/service"), streams.stream("capacity/network/pause")
    order = list(Station)
    rooms = [(order.index(name), room, room.service, room.hit) for name, room in parameters.stations]
    pauses = [parameters.pause_us(attempt) for attempt in range(parameters.max_retries + 1)]

    def services_us(call: int, attempt: int, codes: int) -> list[int]:
        words = lanes(service, call, attempt)
        times = []
        for lane, room, miss, hit in rooms:
            half = words[LANE_OF_CACHE[lane]] >> 32 * HALF_OF_CACHE[lane] & LOW
            table = hit if half < round(room.hit_rate * 2.0**32) else miss
            times.append(table.at(words[lane]) + (codes - 1) * room.per_code_us)
        return times

    def pause_us(call: int, attempt: int) -> int:
        shortest, longest = pauses[attempt]
        return shortest + ((pause.word(call, attempt) >> 32) * (longest - shortest + 1) >> 32)

    return Draws(services_us, pause_us)


class StationTheory(NamedTuple):
    """A station of exponential servers without limits, in the long run."""

    station: Station
    utilisation: float
    share_waiting: float
    """Erlang C."""
    wait_s: float
    inside: float
    """Mean number waiting or in service."""


def jackson(parameters: NetworkParameters, calls_per_s: float) -> list[StationTheory]:
    """What to expect of stations in tandem with Poisson calls of one code, exponential services and no limits.

    What leaves an M/M/c station is a Poisson stream again (Burke 1956), so each is one, and the numbers inside at
    a moment are independent (Jackson 1957).

    Raises:
        ValueError: if a station would be overloaded.
    """
    rows = []
    for station, room in parameters.stations:
        mean_s = room.mean_us / SECOND_US
        offered = calls_per_s * mean_s
        wait_s = mmc_wait(calls_per_s, 1 / mean_s, room.servers)
        waiting = erlang_c(room.servers, offered)
        rows.append(StationTheory(station, offered / room.servers, waiting, wait_s, offered + calls_per_s * wait_s))
    return rows


def mmc_states(servers: int, offered: float, most: int) -> list[float]:
    """The chances that 0 to `most` are inside an M/M/c station in the long run.

    Weights are multiplied up from the empty station, and what lies beyond `most` is a geometric series.
    """
    weights = [1.0]
    for inside in range(1, max(most, servers) + 1):
        weights.append(weights[-1] * offered / min(inside, servers))
    ratio = offered / servers
    total = sum(weights) + weights[-1] * ratio / (1 - ratio)
    return [weight / total for weight in weights[: most + 1]]


def jackson_state(parameters: NetworkParameters, calls_per_s: float, inside: Sequence[int]) -> float:
    """The chance that just so many are inside at each station: the product of the stations' own."""
    chance = 1.0
    for (_, room), here in zip(parameters.stations, inside, strict=True):
        chance *= mmc_states(room.servers, calls_per_s * room.mean_us / SECOND_US, here)[here]
    return chance


def checked(
    at_us: NDArray[np.int64], asker: NDArray[np.int64], codes: NDArray[np.int64], earliest_us: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The columns of an offer as int64.

    Raises:
        ValueError: if they are not columns of whole numbers of one length, if times do not ascend from
            `earliest_us`, an asker lies outside [-1, 2^31), or a call has not 1 to 500 codes.
    """
    columns = [np.asarray(column) for column in (at_us, asker, codes)]
    if any(column.ndim != 1 or column.dtype.kind not in "iu" for column in columns):
        raise ValueError("at_us, asker and codes must be columns of whole numbers; round the times first")
    at, who, number = (column.astype(np.int64, copy=False) for column in columns)
    if not at.size == who.size == number.size:
        raise ValueError("at_us, asker and codes must be equally long: a row each for every call")
    if at.size and (at[0] < earliest_us or np.any(np.diff(at) < 0)):
        raise ValueError(f"at_us must ascend from {earliest_us} or later; sort the calls, and offer none too late")
    if who.size and not (who.min() >= -1 and who.max() < 1 << 31):
        raise ValueError("asker must lie between -1 (nobody's institution) and 2^31 - 1")
    if number.size and not (number.min() >= 1 and number.max() <= MOST_CODES):
        raise ValueError(f"codes must lie between 1 and {MOST_CODES}")
    return at, who, number


def _us(seconds: float) -> int:
    return round(seconds * SECOND_US)
