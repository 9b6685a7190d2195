"""What comes next, compiled: a wheel of buckets for services that end soon, a heap for everything else.

Both are exact: they give what comes first by microsecond and place in `Order`, whatever the width of a bucket.
A wheel has one list for each span of 2^shift microseconds; the next one with anything in it is found by bits.
"""

from typing import Any

import numpy as np

from sim.capacity.network.layout import (
    BUCKETS,
    FAR,
    KEY,
    NEAR,
    NEAR_US,
    NEXT,
    NO_TIME,
    NONE,
    SHIFT,
    SINCE,
)
from sim.capacity.network.memory import Memory
from sim.compiled import Whole, inlined

_ONE, _ALL = np.uint64(1), np.uint64(0xFFFF_FFFF_FFFF_FFFF)
_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_POSITION = np.zeros(64, np.int64)
for _bit in range(64):
    _POSITION[(0x03F79D71B4CB0A89 << _bit & 0xFFFF_FFFF_FFFF_FFFF) >> 58] = _bit
_POSITION.flags.writeable = False


@inlined
def lowest_bit(word: Whole) -> Whole:
    """The place of the lowest bit that is set, by multiplication with a de Bruijn sequence."""
    return _POSITION[np.int64(((word & (~word + _ONE)) * _DE_BRUIJN) >> np.uint64(58))]


@inlined
def near_push(m: Memory, slot: Whole, at_us: Whole) -> None:
    """A service that ends within the wheel's turn from now; `SINCE` of the slot is `at_us` already."""
    bucket = (at_us >> m.rules[SHIFT]) & (BUCKETS - 1)
    m.slots[slot + NEXT] = m.wheel[bucket]
    m.wheel[bucket] = slot
    m.bits[bucket >> 6] |= _ONE << np.uint64(bucket & 63)
    first_us = m.cells[NEAR_US]
    if at_us < first_us or (at_us == first_us and m.slots[slot + KEY] < m.slots[m.cells[NEAR] + KEY]):
        m.cells[NEAR], m.cells[NEAR_US] = slot, at_us


@inlined
def near_pop(m: Memory) -> Whole:
    """Take the service that ends first, and look for the one after."""
    slot = m.cells[NEAR]
    bucket = (m.cells[NEAR_US] >> m.rules[SHIFT]) & (BUCKETS - 1)
    before = m.wheel[bucket]
    if before == slot:
        m.wheel[bucket] = m.slots[slot + NEXT]
    else:
        while m.slots[before + NEXT] != slot:
            before = m.slots[before + NEXT]
        m.slots[before + NEXT] = m.slots[slot + NEXT]
    if m.wheel[bucket] == NONE:
        m.bits[bucket >> 6] &= ~(_ONE << np.uint64(bucket & 63))
        place = bucket >> 6
        word = m.bits[place] & (_ALL << np.uint64(bucket & 63))
        for _ in range(BUCKETS >> 6):
            if word:
                break
            place = (place + 1) & ((BUCKETS >> 6) - 1)
            word = m.bits[place]
        if not word:
            m.cells[NEAR], m.cells[NEAR_US] = NONE, NO_TIME
            return slot
        bucket = (place << 6) + lowest_bit(word)
    first = m.wheel[bucket]
    first_us = m.slots[first + SINCE]
    other = m.slots[first + NEXT]
    while other != NONE:
        other_us = m.slots[other + SINCE]
        if other_us < first_us or (other_us == first_us and m.slots[other + KEY] < m.slots[first + KEY]):
            first, first_us = other, other_us
        other = m.slots[other + NEXT]
    m.cells[NEAR], m.cells[NEAR_US] = first, first_us
    return slot


@inlined
def comes_before(m: Memory, place: Whole, at_us: Whole, order: Whole) -> Any:
    """Whether what is at a place of the heap comes before something else."""
    return m.far[place] < at_us or (m.far[place] == at_us and m.far[place + 1] < order)


@inlined
def far_set(m: Memory, place: Whole, at_us: Whole, order: Whole, payload: Whole) -> None:
    """Put something at a place of the heap."""
    m.far[place], m.far[place + 1], m.far[place + 2] = at_us, order, payload


@inlined
def far_push(m: Memory, at_us: Whole, order: Whole, payload: Whole) -> None:
    """Anything at its microsecond and place."""
    hole = m.cells[FAR]
    m.cells[FAR] = hole + 1
    while hole > 0:
        parent = (hole - 1) >> 1
        if comes_before(m, 3 * parent, at_us, order):
            break
        far_set(m, 3 * hole, m.far[3 * parent], m.far[3 * parent + 1], m.far[3 * parent + 2])
        hole = parent
    far_set(m, 3 * hole, at_us, order, payload)


@inlined
def far_pop(m: Memory) -> None:
    """Forget the first."""
    size = m.cells[FAR] - 1
    m.cells[FAR] = size
    at_us, order, payload = m.far[3 * size], m.far[3 * size + 1], m.far[3 * size + 2]
    hole, child = 0, 1
    while child < size:
        if child + 1 < size and comes_before(m, 3 * child + 3, m.far[3 * child], m.far[3 * child + 1]):
            child += 1
        if not comes_before(m, 3 * child, at_us, order):
            break
        far_set(m, 3 * hole, m.far[3 * child], m.far[3 * child + 1], m.far[3 * child + 2])
        hole, child = child, 2 * child + 1
    far_set(m, 3 * hole, at_us, order, payload)
