"""The compiled event loop: what comes first of services that end, calls, clients that hang up, and all else."""

from typing import Any

import numpy as np

from sim.capacity.network.calendar import comes_before, far_pop, far_push, near_pop
from sim.capacity.network.clients import (
    draw_services,
    end_call,
    fail,
    give,
    is_within_limit,
    listen,
    listen_no_more,
    take,
)
from sim.capacity.network.layout import (
    ANSWERED,
    ASKER,
    AT_WORK,
    ATTEMPTS,
    BEGAN,
    BUDGET_MOST,
    BUDGET_PERCENT,
    BUSY,
    BUSY_CLOCK,
    BUSY_LOOKED,
    CALLS,
    CLOCK,
    COVERS_WAIT,
    CURSOR,
    DELAY_US,
    DROPS,
    FAR,
    FINISHED,
    FIRST,
    FLAGS,
    FREE,
    GENERATION,
    GONE,
    KEY,
    LEAST,
    LOST_SERVERS,
    MINUTE,
    MINUTE_END,
    MORE_MINUTES,
    MORE_SLOTS,
    MOST,
    N_POST,
    NEAR,
    NEAR_US,
    NO_TIME,
    NONE,
    OFFERED,
    PERCENT,
    PERIOD_US,
    POST,
    ROWS,
    SERVERS,
    SERVING,
    SOJOURN_US,
    STARTING,
    STATIONS,
    TARGET,
    TIMED_HEAD,
    TIMEOUT_US,
    USED,
    WAITING,
)
from sim.capacity.network.memory import Memory, columns
from sim.capacity.network.model import Order, Outcome
from sim.capacity.network.serving import (
    DEPARTURE,
    enter,
    has_failed,
    knock,
    leave_queue,
    release,
    set_servers,
)
from sim.capacity.network.table import next_minute
from sim.compiled import Whole, compiled, inlined

_CHANGE, _STARTED, _LOOK, _DEPARTURE, _ARRIVAL_KIND, _RETRY_KIND, _TIMEOUT_KIND = map(int, Order)
_ARRIVAL, _TIMEOUT = _ARRIVAL_KIND << 56, _TIMEOUT_KIND << 56
_TIMED_OUT, _LIMITED = int(Outcome.TIMED_OUT), int(Outcome.LIMITED)
_NUMBER = (1 << 40) - 1


@inlined
def look(m: Memory, s: Whole, now: Whole) -> None:
    """`process.look_after`, once."""
    busy_us = m.posts[s + BUSY_CLOCK] + m.posts[s + BUSY] * now
    share = m.rules[PERIOD_US] * m.rules[TARGET]
    wanted = ((busy_us - m.posts[s + BUSY_LOOKED]) * 100 + share - 1) // share
    wanted = min(max(wanted, m.posts[s + LEAST]), m.posts[s + MOST])
    m.posts[s + BUSY_LOOKED] = busy_us
    there = m.posts[s + AT_WORK] + m.posts[s + STARTING]
    if wanted > there:
        m.posts[s + STARTING] += wanted - there
        far_push(m, now + m.rules[DELAY_US], _STARTED << 56 | s << 16, wanted - there)
    elif wanted < there:
        idle = max(np.int64(0), min(there - wanted, m.posts[s + AT_WORK] - m.posts[s + BUSY]))
        set_servers(m, s, m.posts[s + SERVERS] - idle, m.posts[s + LOST_SERVERS], now)
    far_push(m, now + m.rules[PERIOD_US], _LOOK << 56 | s << 16, 0)


@inlined
def change(m: Memory, number: Whole, now: Whole) -> None:
    """`process.keep_schedule`, once; the last of the changes has a station of `NONE` after it."""
    s = m.changes[4 * number + 1]
    m.posts[s + PERCENT] = m.changes[4 * number + 3]
    if m.changes[4 * number + 5] != NONE:
        far_push(m, m.changes[4 * number + 4], _CHANGE << 56 | (number + 1) << 16, number + 1)
    set_servers(m, s, m.posts[s + SERVERS], m.changes[4 * number + 2], now)


@inlined
def depart(m: Memory, slot: Whole, now: Whole) -> None:
    """A service ends, and the attempt goes on to the next station, or leaves."""
    s = m.slots[slot + POST]
    release(m, s, slot, now)
    is_gone = m.slots[slot + FLAGS] & GONE != 0
    outcome = np.int64(NONE)
    if is_gone and m.rules[DROPS]:
        outcome = np.int64(_TIMED_OUT)
    elif s + N_POST == m.rules[STATIONS] * N_POST:
        outcome = np.int64(0)
    else:
        outcome = np.int64(knock(m, s + N_POST, now))
        if outcome == NONE:
            enter(m, s + N_POST, slot, now)
            return
    m.counts[SOJOURN_US] += now - m.slots[slot + BEGAN]
    listen_no_more(m, slot)
    if is_gone:
        give(m, slot)
    elif outcome == 0:
        m.counts[ANSWERED] += 1
        end_call(m, m.slots[slot + KEY], outcome, now)
        give(m, slot)
    else:
        fail(m, slot, outcome, now)


@inlined
def hang_up(m: Memory, slot: Whole, now: Whole) -> None:
    """A client's time-out has run out. If the attempt goes on for nobody, the client takes another slot."""
    listen_no_more(m, slot)
    s, flags = m.slots[slot + POST], m.slots[slot + FLAGS]
    if m.rules[COVERS_WAIT] and flags & SERVING:
        return
    has_failed(m, s, m.slots[slot + GENERATION], now)
    client = slot
    if m.rules[DROPS] and flags & WAITING:
        leave_queue(m, s, slot, now)
        m.counts[SOJOURN_US] += now - m.slots[slot + BEGAN]
    else:
        client = take(m)
        m.slots[client + KEY], m.slots[client + ASKER] = m.slots[slot + KEY], m.slots[slot + ASKER]
        m.slots[slot + FLAGS], m.slots[slot + GENERATION] = flags | GONE, NONE
    fail(m, client, _TIMED_OUT, now)


@inlined
def arrive(m: Memory) -> Whole:
    """The next call turns up: its slot."""
    cursor, slot = m.cells[CURSOR], take(m)
    m.cells[CURSOR] = cursor + 1
    m.slots[slot + KEY] = (m.cells[FIRST] + cursor) << 16
    m.slots[slot + ASKER] = m.asker[cursor] << 16 | m.codes[cursor]
    m.counts[CALLS] += 1
    if m.rules[BUDGET_PERCENT] >= 0:
        budget = 2 * (m.asker[cursor] + 1) + 1
        m.askers[budget] = min(m.rules[BUDGET_MOST], m.askers[budget] + m.rules[BUDGET_PERCENT])
    return slot


@inlined
def ask(m: Memory, slot: Whole, now: Whole) -> None:
    """An attempt begins."""
    m.counts[ATTEMPTS] += 1
    outcome = np.int64(_LIMITED)
    if is_within_limit(m, (m.slots[slot + ASKER] >> 16) + 1, now):
        outcome = np.int64(knock(m, 0, now))
    if outcome != NONE:
        fail(m, slot, outcome, now)
        return
    m.slots[slot + BEGAN], m.slots[slot + FLAGS] = now, 0
    draw_services(m, slot)
    enter(m, 0, slot, now)
    if m.rules[TIMEOUT_US] > 0:
        listen(m, slot)


@inlined
def minutes_pass(m: Memory, now: Whole) -> Any:
    """Close the minutes that are over; whether there were rows enough."""
    while now >= m.cells[MINUTE_END]:
        if m.cells[MINUTE] + 1 >= m.cells[ROWS]:
            return False
        next_minute(m)
    return True


@compiled
def run(arrays: Memory, until_us: Whole) -> Whole:  # noqa: C901, PLR0912
    """Let happen what happens before `until_us`, or with `NO_TIME` until nobody is inside; says why it stops."""
    m = columns(arrays)
    timeout_us = m.rules[TIMEOUT_US]
    while True:
        cursor = m.cells[CURSOR]
        has_call = cursor < m.cells[OFFERED]
        if until_us == NO_TIME and m.cells[USED] == 0 and not has_call:
            return FINISHED
        now, place = m.cells[NEAR_US], DEPARTURE
        if has_call and m.at_us[cursor] < now:
            now, place = m.at_us[cursor], _ARRIVAL | (m.cells[FIRST] + cursor) << 16
        listener = m.cells[TIMED_HEAD]
        if listener != NONE and m.slots[listener + BEGAN] + timeout_us < now:
            now, place = m.slots[listener + BEGAN] + timeout_us, _TIMEOUT
        if place == DEPARTURE and m.cells[NEAR] != NONE:
            place |= m.slots[m.cells[NEAR] + KEY]
        is_far = m.cells[FAR] > 0 and comes_before(m, 0, now, place)
        if is_far:
            now, place = m.far[0], m.far[1]
        if now >= until_us:
            if until_us != NO_TIME:
                if not minutes_pass(m, until_us):
                    return MORE_MINUTES
                m.cells[CLOCK] = max(m.cells[CLOCK], until_us)
            return FINISHED
        if m.cells[FREE] == NONE:
            return MORE_SLOTS
        if now >= m.cells[MINUTE_END] and not minutes_pass(m, now):
            return MORE_MINUTES
        m.cells[CLOCK] = now
        kind, number, payload = place >> 56, (place >> 16) & _NUMBER, np.int64(NONE)
        if is_far:
            payload = m.far[2]
            far_pop(m)
        if kind == _DEPARTURE:
            depart(m, payload if is_far else near_pop(m), now)
        elif kind >= _ARRIVAL_KIND and kind < _TIMEOUT_KIND:
            ask(m, payload if is_far else arrive(m), now)
        elif kind == _TIMEOUT_KIND:
            hang_up(m, listener, now)
        elif kind == _LOOK:
            look(m, number, now)
        elif kind == _STARTED:
            m.posts[number + STARTING] -= payload
            set_servers(m, number, m.posts[number + SERVERS] + payload, m.posts[number + LOST_SERVERS], now)
        else:
            change(m, number, now)
