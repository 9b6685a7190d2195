"""A station at work, compiled: `station.Post` and `breaker.Breaker` over columns."""

from typing import Any

import numpy as np

from sim.capacity.network.calendar import far_push, near_push
from sim.capacity.network.layout import (
    ARRIVALS,
    AT_WORK,
    BREAKER,
    BREAKER_OPEN,
    BREAKER_WINDOW,
    BUCKETS,
    BUSY,
    BUSY_CLOCK,
    CLOSED,
    FAILURES,
    FLAGS,
    GEN,
    GENERATION,
    GONE,
    HALF_OPEN,
    HEAD,
    KEY,
    LONGEST,
    LOST_SERVERS,
    NEXT,
    NONE,
    OPEN,
    PERCENT,
    PLACE,
    POST,
    PREVIOUS,
    PROBES,
    PROBES_LEFT,
    PROBES_SERVED,
    QUEUE_CLOCK,
    QUEUED,
    REFUSED,
    ROOM,
    SERVED,
    SERVER_US,
    SERVERS,
    SERVERS_SINCE,
    SERVING,
    SHED,
    SHIFT,
    SINCE,
    TAIL,
    TURN,
    UNTIL,
    WAITED_US,
    WAITING,
    WASTED,
    WASTED_US,
    WINDOW,
)
from sim.capacity.network.memory import Memory
from sim.capacity.network.model import Order, Outcome
from sim.compiled import Whole, inlined

DEPARTURE = int(Order.DEPARTURE) << 56
_REFUSED, _SHED = int(Outcome.REFUSED), int(Outcome.SHED)


@inlined
def count_servers(m: Memory, s: Whole, now: Whole) -> None:
    """Integrate the servers at work up to now; called before their number changes."""
    m.posts[s + SERVER_US] += m.posts[s + AT_WORK] * (now - m.posts[s + SERVERS_SINCE])
    m.posts[s + SERVERS_SINCE] = now


@inlined
def begin(m: Memory, s: Whole, slot: Whole, now: Whole) -> None:
    """A server takes an attempt."""
    service_us = m.slots[slot + m.posts[s + PLACE]]
    if m.posts[s + PERCENT] != 100:
        service_us = (service_us * m.posts[s + PERCENT] + 50) // 100
        m.slots[slot + m.posts[s + PLACE]] = service_us
    end_us = now + service_us
    m.slots[slot + SINCE] = end_us
    m.slots[slot + FLAGS] |= SERVING
    m.posts[s + BUSY] += 1
    m.posts[s + BUSY_CLOCK] -= now
    shift = m.rules[SHIFT]
    if (end_us >> shift) - (now >> shift) < BUCKETS:
        near_push(m, slot, end_us)
    else:
        far_push(m, end_us, DEPARTURE | m.slots[slot + KEY], slot)


@inlined
def leave_queue(m: Memory, s: Whole, slot: Whole, now: Whole) -> None:
    """A waiting attempt waits no longer."""
    before, after = m.slots[slot + PREVIOUS], m.slots[slot + NEXT]
    if before == NONE:
        m.posts[s + HEAD] = after
    else:
        m.slots[before + NEXT] = after
    if after == NONE:
        m.posts[s + TAIL] = before
    else:
        m.slots[after + PREVIOUS] = before
    m.posts[s + QUEUED] -= 1
    m.posts[s + QUEUE_CLOCK] += now
    m.posts[s + WAITED_US] += now - m.slots[slot + SINCE]
    m.slots[slot + FLAGS] &= ~WAITING


@inlined
def call_next(m: Memory, s: Whole, now: Whole) -> None:
    """Give free servers to those who have waited longest."""
    while m.posts[s + QUEUED] > 0 and m.posts[s + BUSY] < m.posts[s + AT_WORK]:
        slot = m.posts[s + HEAD]
        leave_queue(m, s, slot, now)
        begin(m, s, slot, now)


@inlined
def set_servers(m: Memory, s: Whole, servers: Whole, lost: Whole, now: Whole) -> None:
    """Servers come or go; whoever waits may take them."""
    count_servers(m, s, now)
    m.posts[s + SERVERS], m.posts[s + LOST_SERVERS] = servers, lost
    m.posts[s + AT_WORK] = max(np.int64(0), servers - lost)
    call_next(m, s, now)


@inlined
def has_failed(m: Memory, s: Whole, generation: Whole, now: Whole) -> None:
    """`Breaker.has_failed`."""
    if m.rules[BREAKER] == 0 or generation != m.posts[s + GEN]:
        return
    if now // m.rules[BREAKER_WINDOW] != m.posts[s + WINDOW]:
        m.posts[s + WINDOW], m.posts[s + FAILURES] = now // m.rules[BREAKER_WINDOW], 0
    m.posts[s + FAILURES] += 1
    if m.posts[s + TURN] == HALF_OPEN or m.posts[s + FAILURES] >= m.rules[BREAKER]:
        m.posts[s + TURN], m.posts[s + UNTIL], m.posts[s + FAILURES] = OPEN, now + m.rules[BREAKER_OPEN], 0
        m.posts[s + GEN] += 1


@inlined
def lets_in(m: Memory, s: Whole, now: Whole) -> Any:
    """`Breaker.lets_in`."""
    if m.posts[s + TURN] == CLOSED:
        return True
    if m.posts[s + TURN] == OPEN:
        if now < m.posts[s + UNTIL]:
            return False
        m.posts[s + TURN], m.posts[s + PROBES_LEFT], m.posts[s + PROBES_SERVED] = HALF_OPEN, m.rules[PROBES], 0
        m.posts[s + GEN] += 1
    if m.posts[s + PROBES_LEFT] == 0:
        return False
    m.posts[s + PROBES_LEFT] -= 1
    return True


@inlined
def knock(m: Memory, s: Whole, now: Whole) -> Whole:
    """An attempt comes to a station: `NONE`, or the outcome if it is not let in."""
    m.posts[s + ARRIVALS] += 1
    if not lets_in(m, s, now):
        m.posts[s + SHED] += 1
        return _SHED
    if m.posts[s + BUSY] >= m.posts[s + AT_WORK] and m.posts[s + QUEUED] >= m.posts[s + ROOM]:
        m.posts[s + REFUSED] += 1
        has_failed(m, s, m.posts[s + GEN], now)
        return _REFUSED
    return NONE


@inlined
def enter(m: Memory, s: Whole, slot: Whole, now: Whole) -> None:
    """It was let in: to a server, or to the queue."""
    m.slots[slot + POST], m.slots[slot + GENERATION] = s, m.posts[s + GEN]
    if m.posts[s + BUSY] < m.posts[s + AT_WORK]:
        begin(m, s, slot, now)
        return
    tail = m.posts[s + TAIL]
    m.slots[slot + PREVIOUS], m.slots[slot + NEXT], m.slots[slot + SINCE] = tail, NONE, now
    if tail == NONE:
        m.posts[s + HEAD] = slot
    else:
        m.slots[tail + NEXT] = slot
    m.posts[s + TAIL] = slot
    m.slots[slot + FLAGS] |= WAITING
    m.posts[s + QUEUED] += 1
    m.posts[s + QUEUE_CLOCK] -= now
    m.posts[s + LONGEST] = max(m.posts[s + LONGEST], m.posts[s + QUEUED])


@inlined
def release(m: Memory, s: Whole, slot: Whole, now: Whole) -> None:
    """A service ends: its server takes the next attempt, if it is still there."""
    m.posts[s + BUSY] -= 1
    m.posts[s + BUSY_CLOCK] += now
    m.posts[s + SERVED] += 1
    flags = m.slots[slot + FLAGS]
    m.slots[slot + FLAGS] = flags & ~SERVING
    if flags & GONE:
        m.posts[s + WASTED] += 1
        m.posts[s + WASTED_US] += m.slots[slot + m.posts[s + PLACE]]
    if m.posts[s + TURN] == HALF_OPEN and m.slots[slot + GENERATION] == m.posts[s + GEN]:
        m.posts[s + PROBES_SERVED] += 1
        if m.posts[s + PROBES_SERVED] == m.rules[PROBES]:
            m.posts[s + TURN], m.posts[s + FAILURES] = CLOSED, 0
            m.posts[s + GEN] += 1
    call_next(m, s, now)
