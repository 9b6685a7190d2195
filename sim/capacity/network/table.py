"""The minutes' rows, compiled: what stations and calls have noted down, minute after minute."""

from sim.capacity.network.layout import (
    BUSY,
    BUSY_CLOCK,
    BUSY_TOLD,
    BUSY_US,
    CLOCK,
    COUNTS,
    LONGEST,
    MINUTE,
    MINUTE_END,
    N_CALL,
    N_POST,
    N_STATION,
    QUEUE_CLOCK,
    QUEUE_TOLD,
    QUEUE_US,
    QUEUED,
    STATIONS,
)
from sim.capacity.network.memory import Memory, columns
from sim.capacity.network.model import MINUTE_US
from sim.capacity.network.serving import count_servers
from sim.compiled import Whole, compiled, inlined


@inlined
def fill(m: Memory, now: Whole) -> None:
    """The present minute's rows, up to now."""
    minute, stations = m.cells[MINUTE], m.rules[STATIONS]
    for n in range(N_CALL):
        m.call_rows[minute * N_CALL + n] = m.counts[n]
    for number in range(stations):
        s = number * N_POST
        count_servers(m, s, now)
        m.posts[s + BUSY_US] = m.posts[s + BUSY_CLOCK] + m.posts[s + BUSY] * now - m.posts[s + BUSY_TOLD]
        m.posts[s + QUEUE_US] = m.posts[s + QUEUE_CLOCK] + m.posts[s + QUEUED] * now - m.posts[s + QUEUE_TOLD]
        for n in range(N_STATION):
            m.station_rows[(minute * stations + number) * N_STATION + n] = m.posts[s + COUNTS + n]


@compiled
def tell(arrays: Memory) -> None:
    """Write down the present minute as it stands; telling it again later is no harm."""
    m = columns(arrays)
    fill(m, m.cells[CLOCK])


@inlined
def next_minute(m: Memory) -> None:
    """The minute is over."""
    fill(m, m.cells[MINUTE_END])
    for n in range(N_CALL):
        m.counts[n] = 0
    for number in range(m.rules[STATIONS]):
        s = number * N_POST
        m.posts[s + BUSY_TOLD] += m.posts[s + BUSY_US]
        m.posts[s + QUEUE_TOLD] += m.posts[s + QUEUE_US]
        for n in range(N_STATION):
            m.posts[s + COUNTS + n] = 0
        m.posts[s + LONGEST] = m.posts[s + QUEUED]
    m.cells[MINUTE] += 1
    m.cells[MINUTE_END] += MINUTE_US
