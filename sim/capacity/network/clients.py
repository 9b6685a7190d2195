"""Clients, compiled: how they are let in, listen, hang up, pause and ask again; `process` and `breaker.Askers`."""

from typing import Any

import numpy as np

from sim.capacity.network.calendar import far_push
from sim.capacity.network.layout import (
    ANSWERED,
    ASKER,
    BUDGET_PERCENT,
    BURST,
    CACHE_LANE,
    CACHE_SHIFT,
    DONE,
    FLAGS,
    FREE,
    HAS_FOURTH_BLOCK,
    HIT_LIMIT,
    KEY,
    KEY_PAUSE,
    KEY_SERVICE,
    KNOTS,
    LANE,
    LOST,
    MAX_RETRIES,
    N_POST,
    NEXT,
    NONE,
    PER_CODE,
    RATE,
    SERVICE,
    STATIONS,
    TIMED,
    TIMED_HEAD,
    TIMED_NEXT,
    TIMED_PREVIOUS,
    TIMED_TAIL,
    USED,
)
from sim.capacity.network.memory import Memory
from sim.capacity.network.model import SECOND_US, Order
from sim.compiled import Whole, block, inlined, word
from sim.tables import CELLS, PLACE_BITS

_RETRY = int(Order.RETRY) << 56
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFF_FFFF)
_PLACES = np.uint64((1 << PLACE_BITS) - 1)


@inlined
def take(m: Memory) -> Whole:
    """A slot from the free list."""
    slot = m.cells[FREE]
    m.cells[FREE] = m.slots[slot + NEXT]
    m.cells[USED] += 1
    return slot


@inlined
def give(m: Memory, slot: Whole) -> None:
    """A slot back to the free list."""
    m.slots[slot + NEXT] = m.cells[FREE]
    m.cells[FREE] = slot
    m.cells[USED] -= 1


@inlined
def listen(m: Memory, slot: Whole) -> None:
    """The client waits for an answer: the last of those whose time-outs run."""
    tail = m.cells[TIMED_TAIL]
    m.slots[slot + TIMED_PREVIOUS], m.slots[slot + TIMED_NEXT] = tail, NONE
    if tail == NONE:
        m.cells[TIMED_HEAD] = slot
    else:
        m.slots[tail + TIMED_NEXT] = slot
    m.cells[TIMED_TAIL] = slot
    m.slots[slot + FLAGS] |= TIMED


@inlined
def listen_no_more(m: Memory, slot: Whole) -> None:
    """The client's time-out has run out, or need not run any more."""
    if not m.slots[slot + FLAGS] & TIMED:
        return
    before, after = m.slots[slot + TIMED_PREVIOUS], m.slots[slot + TIMED_NEXT]
    if before == NONE:
        m.cells[TIMED_HEAD] = after
    else:
        m.slots[before + TIMED_NEXT] = after
    if after == NONE:
        m.cells[TIMED_TAIL] = before
    else:
        m.slots[after + TIMED_PREVIOUS] = before
    m.slots[slot + FLAGS] &= ~TIMED


@inlined
def time_of(m: Memory, table: Whole, drawn: Whole) -> Whole:
    """`sim.compiled.sample` by the table whose knots begin there."""
    position, place = np.int64(drawn >> np.uint64(52)), np.int64((drawn >> _HALF) & _PLACES)
    if position == CELLS - 1:
        position += np.int64((drawn >> np.uint64(20)) & np.uint64(CELLS - 1))
        place = np.int64(drawn & _PLACES)
    start, end = m.knots[table + position], m.knots[table + position + 1]
    return start + ((end - start) * place + (1 << PLACE_BITS - 1) >> PLACE_BITS)


@inlined
def draw_services(m: Memory, slot: Whole) -> None:
    """`Draws.services_us`."""
    call, attempt, codes = m.slots[slot + KEY] >> 16, m.slots[slot + KEY] & 0xFFFF, m.slots[slot + ASKER] & 0xFFFF
    key = m.words[KEY_SERVICE]
    m.words[0], m.words[1] = block(key, call, attempt, 0)
    m.words[2], m.words[3] = block(key, call, attempt, 1)
    m.words[4], m.words[5] = block(key, call, attempt, 2)
    if m.rules[HAS_FOURTH_BLOCK]:
        m.words[6], m.words[7] = block(key, call, attempt, 3)
    for number in range(m.rules[STATIONS]):
        s = number * N_POST
        half = np.int64((m.words[m.posts[s + CACHE_LANE]] >> np.uint64(m.posts[s + CACHE_SHIFT])) & _LOW)
        table = m.posts[s + KNOTS] + np.int64(half < m.posts[s + HIT_LIMIT]) * (2 * CELLS)
        service_us = time_of(m, table, m.words[m.posts[s + LANE]])
        m.slots[slot + SERVICE + number] = service_us + (codes - 1) * m.posts[s + PER_CODE]


@inlined
def is_within_limit(m: Memory, asker: Whole, now: Whole) -> Any:
    """`Askers.is_within_limit`; askers are counted from 1 here, and 0 is nobody."""
    rate = m.rules[RATE]
    if rate == 0 or asker == 0:
        return True
    reached = max(m.askers[2 * asker], now * rate) + SECOND_US
    if reached - now * rate > m.rules[BURST]:
        return False
    m.askers[2 * asker] = reached
    return True


@inlined
def may_retry(m: Memory, asker: Whole) -> Any:
    """`Askers.may_retry`."""
    if m.rules[BUDGET_PERCENT] < 0:
        return True
    if m.askers[2 * asker + 1] < 100:
        return False
    m.askers[2 * asker + 1] -= 100
    return True


@inlined
def end_call(m: Memory, key: Whole, outcome: Whole, now: Whole) -> None:
    """A row of `Done`."""
    n = m.cells[DONE]
    m.done[4 * n], m.done[4 * n + 1] = key >> 16, now
    m.done[4 * n + 2], m.done[4 * n + 3] = outcome, (key & 0xFFFF) + 1
    m.cells[DONE] = n + 1
    m.counts[LOST] += np.int64(outcome != 0)


@inlined
def fail(m: Memory, slot: Whole, outcome: Whole, now: Whole) -> None:
    """An attempt has failed; the slot is the client's alone. It pauses and will ask again, or the call is lost."""
    key = m.slots[slot + KEY]
    attempt = key & 0xFFFF
    m.counts[ANSWERED + outcome] += 1
    if attempt < m.rules[MAX_RETRIES] and may_retry(m, (m.slots[slot + ASKER] >> 16) + 1):
        shortest, longest = m.pauses[2 * attempt], m.pauses[2 * attempt + 1]
        drawn = word(m.words[KEY_PAUSE], key >> 16, attempt, 0) >> _HALF
        pause_us = shortest + np.int64(drawn * np.uint64(longest - shortest + 1) >> _HALF)
        m.slots[slot + KEY] = key + 1
        far_push(m, now + pause_us, _RETRY | (key + 1), slot)
    else:
        end_call(m, key, outcome, now)
        give(m, slot)
