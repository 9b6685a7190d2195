"""Where the compiled network keeps what: columns of its arrays, all int64 unless said otherwise.

Compiled, each array is one long column (`memory`); a slot or a station is the place at which its row begins there,
so that slots[slot + KEY] is the slot's key.

    cells [N_CELLS]            clock, counters, heads of lists
    slots [n, 16]              attempts inside and calls that pause; a free list runs through the unused ones
    posts [station, N_POST]    stations: what is set, what is there, what this minute has seen
    words [10] uint64          scratch for an attempt's words of chance, and the two streams' keys
    wheel [BUCKETS]            services that end soon, a list for each bucket of time, and `bits` uint64, which
                               say where there are any
    far [n, 3]                 a binary heap of everything else to come: microsecond, place in `Order`, payload
    rules [N_RULES]            what is set for all stations
"""

from sim.capacity.network.model import CallColumn, StationColumn

NONE = -1

(
    CLOCK, FREE, USED, NEAR, NEAR_US, FAR, DONE, TIMED_HEAD, TIMED_TAIL, MINUTE, MINUTE_END, CURSOR, FIRST, OFFERED,
    ROWS, N_CELLS,
) = range(16)  # fmt: skip
"""`FREE` the first slot of the free list, `USED` slots not on it; `NEAR` the slot of the next service to end in the
wheel; `FAR` and `DONE` rows in use; `TIMED_HEAD` the attempt that began first of those whose client listens; `CURSOR`
the place of the next call among those offered, `FIRST` the number of the first of these, `OFFERED` how many they are;
`ROWS` minutes that fit."""

KEY, POST, FLAGS, GENERATION, NEXT, PREVIOUS, SINCE, BEGAN, ASKER, TIMED_NEXT, TIMED_PREVIOUS, SERVICE = range(12)
"""A slot, two cache lines: call << 16 | attempt; station; what it is doing; generation of the station's breaker; its
neighbours in a queue, a bucket or the free list; since when it waits or until when it is served; when the attempt
began; asker << 16 | codes; its neighbours among the attempts with a client; from `SERVICE` on the service time at
each station."""
SLOT_WIDTH = 16

WAITING, SERVING, GONE, TIMED = 1, 2, 4, 8

(
    SERVERS, LOST_SERVERS, PERCENT, BUSY, QUEUED, HEAD, TAIL, STARTING, ROOM, PER_CODE, HIT_LIMIT, PLACE, KNOTS, LANE,
    CACHE_LANE, CACHE_SHIFT, LEAST, MOST, AT_WORK,
    TURN, UNTIL, GEN, WINDOW, FAILURES, PROBES_LEFT, PROBES_SERVED,
    BUSY_CLOCK, QUEUE_CLOCK, BUSY_LOOKED, BUSY_TOLD, QUEUE_TOLD, SERVERS_SINCE, COUNTS,
) = range(33)  # fmt: skip
"""A station. A clock is the sum of the moments at which something ended less those at which something began, so that
clock + number * now is the number integrated over time. `AT_WORK` is `SERVERS` less
`LOST_SERVERS`, or none; `PLACE` is that of its service time in a slot, `KNOTS` where
its tables begin. From `COUNTS` on, the `StationColumn`s of this minute."""
N_STATION = len(StationColumn)
N_POST = 48  # COUNTS + N_STATION, rounded up to whole cache lines
N_CALL = len(CallColumn)
assert COUNTS + N_STATION <= N_POST
ARRIVALS, REFUSED, SHED, SERVED, WASTED, WASTED_US, BUSY_US, SERVER_US, QUEUE_US, WAITED_US, LONGEST = (
    COUNTS + column for column in map(int, StationColumn)
)
CALLS, ATTEMPTS, ANSWERED, _, _, LIMITED, _, LOST, SOJOURN_US = map(int, CallColumn)

CLOSED, OPEN, HALF_OPEN = 0, 1, 2

(
    TIMEOUT_US, COVERS_WAIT, DROPS, MAX_RETRIES, RATE, BURST, BUDGET_PERCENT, BUDGET_MOST, BREAKER, BREAKER_WINDOW,
    BREAKER_OPEN, PROBES, PERIOD_US, TARGET, DELAY_US, SHIFT, HAS_FOURTH_BLOCK, STATIONS,
    N_RULES,
) = range(19)  # fmt: skip

BUCKETS = 1 << 15
NO_TIME = 1 << 62

FINISHED, MORE_SLOTS, MORE_MINUTES = 0, 1, 2
"""Why the loop returned: nothing left to do before the time given; or it needs a longer array first."""

KEY_SERVICE, KEY_PAUSE = 8, 9
