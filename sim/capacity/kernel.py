"""The service under load in compiled loops: equal to `process` in every column, at some tens of nanoseconds a query.

First come first served by identical servers needs no events: whoever arrives can be told at once when its turn
would come, and with its patience whether it will still be there. So attempts are taken in order of arrival (fresh
queries before retries of the same microsecond, these by query), and each is settled for good:

    turn       the later of now and the earliest time at which a server falls idle
    refused    if turn > now, and no place in the waiting room is given up by now
    abandoned  if turn - now > patience; keeps its place until now + patience, that microsecond included
    served     otherwise; keeps its place until its turn, that microsecond excluded

The servers' idle times stand in a tournament of losers (D. E. Knuth, "The art of computer programming" III,
5.4.1): the earliest is known, and putting another in its place takes log2 c comparisons without a branch. Turns
never go back, so whoever waits to be served gives up its place in the order of arrival, and a ring holds these;
those who are going to hang up stand in a heap, and the retries to come in another.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.capacity.model import NEVER, CapacityRun, Order, Outcome
from sim.capacity.parameters import CapacityParameters
from sim.capacity.passage import Passage
from sim.compiled import Whole, below, compiled, inlined, key_of, sample, word
from sim.streams import Streams

BLOCK = 1024  # service times drawn at once
ROWS = 1 << 14  # attempts settled at once: their columns stay in the processor's cache
FOREVER = np.iinfo(np.int64).max
SERVED, REFUSED, ABANDONED = int(Outcome.SERVED), int(Outcome.REFUSED), int(Outcome.ABANDONED)
ATTEMPT_BITS = 16
# The places of what `settle` keeps between its calls.
QUERIES, RETRIES, TURNS_FROM, TURNS_TO, EXPIRIES, TOO_LATE = range(6)


class Attempts(NamedTuple):
    """Attempts in columns of equal length, as `CapacityRun` has them, in order of arrival."""

    query: NDArray[np.int64]
    attempt: NDArray[np.int32]
    arrived_us: NDArray[np.int64]
    started_us: NDArray[np.int64]
    departed_us: NDArray[np.int64]
    outcome: NDArray[np.uint8]

    @classmethod
    def room(cls, rows: int) -> "Attempts":
        """Columns to be filled."""
        at, counted, ended = np.dtype(np.int64), np.dtype(np.int32), np.dtype(np.uint8)
        return cls(*(np.empty(rows, kind) for kind in (at, counted, at, at, at, ended)))

    def rows(self, index: Any) -> "Attempts":
        """Some of the rows, or all in another order."""
        return Attempts(*(column[index] for column in self))


def simulate(arrivals_us: NDArray[np.int64], parameters: CapacityParameters, streams: Streams) -> CapacityRun:
    """Let queries meet the service, until the last has been answered or is lost: `process.simulate`, compiled.

    Raises:
        ValueError: if the arrivals are not whole microseconds from 0 in ascending order.
        OverflowError: if times grow beyond what a server's place in the tournament leaves of 63 bits.
    """
    line = Line(parameters, streams)
    met = joined([line.offer(arrivals_us), line.close()])
    attempts = met.rows(np.lexsort((met.attempt, met.query)))
    changed_us, inside = number_inside(attempts)
    return CapacityRun(servers=parameters.servers, **attempts._asdict(), changed_us=changed_us, inside=inside)


def pass_through(chunks: Iterable[NDArray[np.int64]], parameters: CapacityParameters, streams: Streams) -> Passage:
    """The same for any number of queries, whose arrivals come in chunks of any length; only sums are kept."""
    line, passage = Line(parameters, streams), Passage()
    for chunk in chunks:
        for attempts in line.settled(chunk):
            passage.add(*attempts[2:])
    for attempts in line.settled(None):
        passage.add(*attempts[2:])
    passage.queries = line.queries
    return passage


def waits_us(arrivals_us: NDArray[np.int64], parameters: CapacityParameters, streams: Streams) -> NDArray[np.int64]:
    """The wait of each query for its server, where none is refused or hangs up.

    Raises:
        ValueError: if the service has a limited waiting room or a time-out.
    """
    if parameters.waiting_room is not None or parameters.timeout_ms is not None:
        raise ValueError("waits_us needs patient clients and room for all; use simulate or pass_through")
    found, first = np.empty(np.size(arrivals_us), np.int64), 0
    for some in Line(parameters, streams).settled(arrivals_us):
        np.subtract(some.started_us, some.arrived_us, out=found[first : first + some.query.size])
        first += some.query.size
    return found


class Line:
    """The service as a state to which arrivals are offered in chunks; however they are cut, attempts are the same.

    Takes the streams named "capacity/…", so once per `Streams`.
    """

    def __init__(self, parameters: CapacityParameters, streams: Streams) -> None:
        self._keys = np.array([key_of(streams.stream(f"capacity/{use}")) for use in ("service", "patience", "pause")])
        patience = parameters.patience
        self._service = parameters.service.knots
        self._patience = np.zeros(0, np.int64) if patience is None else patience.knots
        pauses = [parameters.pause_us(attempt) for attempt in range(parameters.max_retries)]
        self._pauses = np.array(pauses, np.int64).reshape(-1, 2)
        self._room = FOREVER if parameters.waiting_room is None else parameters.waiting_room
        self._idle = _tournament(parameters.servers)
        self._latest = FOREVER >> max(2, self._idle.size.bit_length() - 1)
        self._state = np.zeros(6, np.int64)
        self._turns = np.empty(64, np.int64)
        self._expiries = np.empty((64, 2), np.int64)
        self._retries = np.empty((64, 2), np.int64)
        self._buffer = Attempts.room(ROWS)
        self._last_us = 0

    @property
    def queries(self) -> int:
        """How many have arrived so far."""
        return int(self._state[QUERIES])

    def offer(self, arrivals_us: NDArray[np.int64]) -> Attempts:
        """Let queries arrive, no earlier than any before; gives all attempts that are settled by it.

        A retry is settled with the first fresh query that arrives after it.
        """
        return joined(list(self._copies(arrivals_us)))

    def close(self) -> Attempts:
        """Settle the retries that are left; nobody new arrives."""
        return joined(list(self._copies(None)))

    def settled(self, arrivals_us: NDArray[np.int64] | None) -> Iterator[Attempts]:
        """The attempts of `offer`, or with None those of `close`, in pieces that the next piece writes over."""
        arrivals = self._checked(arrivals_us)
        closing, begun = arrivals_us is None, 0
        while True:
            taken, rows = settle(
                arrivals[begun:],
                closing,
                self._keys,
                self._service,
                self._patience,
                self._pauses,
                self._room,
                self._latest,
                self._idle,
                self._turns,
                self._expiries,
                self._retries,
                self._state,
                *self._buffer,
            )
            if self._state[TOO_LATE]:
                raise OverflowError(f"a query departs after {self._latest:,} us; count time from a later start")
            begun += taken
            yield self._buffer.rows(slice(rows))
            if rows < ROWS and not self._grown():
                return

    def _copies(self, arrivals_us: NDArray[np.int64] | None) -> Iterator[Attempts]:
        for attempts in self.settled(arrivals_us):
            yield joined([attempts])

    def _checked(self, arrivals_us: NDArray[np.int64] | None) -> NDArray[np.int64]:
        if arrivals_us is None:
            return np.zeros(0, np.int64)
        arrivals = np.asarray(arrivals_us)
        if arrivals.ndim != 1 or arrivals.dtype.kind not in "iu":
            raise ValueError("arrivals_us must be a column of whole microseconds; round the times first")
        arrivals = np.ascontiguousarray(arrivals, np.int64)
        if arrivals.size:
            if arrivals[0] < self._last_us or not ascends(arrivals):
                raise ValueError("arrivals_us must ascend from 0 or later; sort the queries by their arrival")
            self._last_us = int(arrivals[-1])
        return arrivals

    def _grown(self) -> bool:
        """Whether something was full; it has twice the room now."""
        state, grown = self._state, False
        if state[TURNS_TO] - state[TURNS_FROM] == self._turns.size:
            ahead = np.arange(state[TURNS_FROM], state[TURNS_TO])
            wider = np.empty(2 * self._turns.size, np.int64)
            wider[ahead % wider.size] = self._turns[ahead % self._turns.size]
            self._turns, grown = wider, True
        if state[EXPIRIES] == len(self._expiries):
            self._expiries, grown = np.concatenate([self._expiries, np.empty_like(self._expiries)]), True
        if state[RETRIES] == len(self._retries):
            self._retries, grown = np.concatenate([self._retries, np.empty_like(self._retries)]), True
        return grown


def joined(parts: list[Attempts]) -> Attempts:
    """Attempts one after the other."""
    return Attempts(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def number_inside(attempts: Attempts) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """When the number inside changed, and to what, in the order of events.

    Only whoever is served in no time at all departs before the other events of its microsecond, its own arrival
    being one of them.
    """
    stayed = attempts.rows(attempts.outcome != REFUSED)
    own = stayed.query << ATTEMPT_BITS | stayed.attempt
    came = np.where(stayed.attempt > 0, int(Order.RETRY), int(Order.ARRIVAL)) << 56 | own
    ended = np.where(stayed.outcome == SERVED, int(Order.DEPARTURE), int(Order.EXPIRY)) << 56 | own
    in_no_time = (stayed.outcome == SERVED) & (stayed.departed_us == stayed.arrived_us)
    at_us = np.concatenate([stayed.arrived_us, stayed.departed_us])
    place = np.concatenate([came, np.where(in_no_time, came, ended)])
    change = np.repeat(np.array([1, -1]), own.size)
    order = np.lexsort((-change, place, at_us))
    return at_us[order], np.cumsum(change[order])


def _tournament(servers: int) -> NDArray[np.int64]:
    """All idle from 0: losers from place 1 on, the winner at 0; a time shifted left, and its server's number.

    There are as many contestants as the next power of two; those beyond `servers` never fall idle.
    """
    size = 1 << (servers - 1).bit_length()
    contestants = [number if number < servers else FOREVER - size + number + 1 for number in range(size)]
    losers = [0] * size
    winners = [0] * size + contestants
    for node in range(size - 1, 0, -1):
        winners[node], losers[node] = sorted(winners[2 * node : 2 * node + 2])
    losers[0] = winners[1]
    return np.array(losers, np.int64)


@compiled
def settle(  # noqa: C901, PLR0912, PLR0915  one loop, whose state must stay in registers
    arrivals: NDArray[np.int64],
    closing: Any,
    keys: NDArray[np.uint64],
    service: NDArray[np.int64],
    patience: NDArray[np.int64],
    pauses: NDArray[np.int64],
    room: Whole,
    latest: Whole,
    idle: NDArray[np.int64],
    turns: NDArray[np.int64],
    expiries: NDArray[np.int64],
    retries: NDArray[np.int64],
    state: NDArray[np.int64],
    query_out: NDArray[np.int64],
    attempt_out: NDArray[np.int32],
    arrived_out: NDArray[np.int64],
    started_out: NDArray[np.int64],
    departed_out: NDArray[np.int64],
    outcome_out: NDArray[np.uint8],
) -> tuple[Whole, Whole]:
    """Settle attempts until all have been, or a column is full: how many fresh arrivals, how many attempts."""
    drawn, drawn_to = np.empty(BLOCK, np.int64), 0
    words = np.empty(BLOCK, np.uint64)
    contestants, ring = idle.size, turns.size - 1
    bits = 0
    while 1 << bits < contestants:
        bits += 1
    first, waiting_retries, expiring = state[QUERIES], state[RETRIES], state[EXPIRIES]
    turns_from, turns_to = state[TURNS_FROM], state[TURNS_TO]
    taken, rows = 0, 0
    while rows < query_out.size:
        if waiting_retries == len(retries) or expiring == len(expiries) or turns_to - turns_from == turns.size:
            break
        is_fresh = taken < arrivals.size and (waiting_retries == 0 or arrivals[taken] <= retries[0, 0])
        if is_fresh:
            now, query, attempt = arrivals[taken], first + taken, 0
            if taken >= drawn_to:
                many = min(BLOCK, arrivals.size - taken)
                for ahead in range(many):  # a loop by itself: the compiler draws eight at once
                    words[ahead] = word(keys[0], query + ahead, 0, 0)
                for ahead in range(many):
                    drawn[ahead] = sample(service, words[ahead])
                drawn_to = taken + many
            lasts = drawn[many - (drawn_to - taken)]
            taken += 1
        elif waiting_retries > 0 and (closing or taken < arrivals.size):
            now, query, attempt = retries[0, 0], retries[0, 1] >> ATTEMPT_BITS, retries[0, 1] & (1 << ATTEMPT_BITS) - 1
            waiting_retries = dropped(retries, waiting_retries)
            lasts = sample(service, word(keys[0], query, attempt, 0))
        else:
            break
        turn, outcome = max(now, idle[0] >> bits), SERVED
        if turn > now:
            if room < FOREVER:
                while turns_from < turns_to and turns[turns_from & ring] <= now:
                    turns_from += 1
                while expiring > 0 and expiries[0, 0] < now:
                    expiring = dropped(expiries, expiring)
                if turns_to - turns_from + expiring >= room:
                    outcome = REFUSED
            if outcome == SERVED and patience.size > 0:
                until = now + sample(patience, word(keys[1], query, attempt, 0))
                if turn > until:
                    outcome = ABANDONED
                    if room < FOREVER:
                        expiring = added(expiries, expiring, until, 0)
        if outcome == SERVED:
            started, departed = turn, turn + lasts
            if departed > latest:
                state[TOO_LATE] = 1
                break
            if turn > now and room < FOREVER:
                turns[turns_to & ring] = turn
                turns_to += 1
            server = idle[0] & (contestants - 1)
            node, best = contestants + server >> 1, departed << bits | server
            while node > 0:
                other = idle[node]
                idle[node] = max(best, other)
                best = min(best, other)
                node >>= 1
            idle[0] = best
        else:
            started = NEVER
            departed = now if outcome == REFUSED else until
            if attempt < len(pauses):
                shortest, longest = pauses[attempt, 0], pauses[attempt, 1]
                pause = shortest + below(longest - shortest + 1, word(keys[2], query, attempt, 0))
                again = query << ATTEMPT_BITS | attempt + 1
                waiting_retries = added(retries, waiting_retries, departed + pause, again)
        query_out[rows], attempt_out[rows], arrived_out[rows] = query, attempt, now
        started_out[rows], departed_out[rows], outcome_out[rows] = started, departed, outcome
        rows += 1
    state[QUERIES], state[RETRIES], state[EXPIRIES] = first + taken, waiting_retries, expiring
    state[TURNS_FROM], state[TURNS_TO] = turns_from, turns_to
    return taken, rows


@inlined
def added(heap: NDArray[np.int64], size: Whole, at: Whole, what: Whole) -> Whole:
    """Put a time and what it is for into a heap, earliest first, then least; gives the new size."""
    place = size
    while place > 0:
        above = place - 1 >> 1
        if heap[above, 0] < at or (heap[above, 0] == at and heap[above, 1] <= what):
            break
        heap[place, 0], heap[place, 1] = heap[above, 0], heap[above, 1]
        place = above
    heap[place, 0], heap[place, 1] = at, what
    return size + 1


@inlined
def dropped(heap: NDArray[np.int64], size: Whole) -> Whole:
    """Take the earliest out of a heap; gives the new size."""
    size -= 1
    at, what, place = heap[size, 0], heap[size, 1], 0
    while 2 * place + 1 < size:
        under = 2 * place + 1
        right = under + 1
        if right < size and (
            heap[right, 0] < heap[under, 0] or (heap[right, 0] == heap[under, 0] and heap[right, 1] < heap[under, 1])
        ):
            under = right
        if at < heap[under, 0] or (at == heap[under, 0] and what <= heap[under, 1]):
            break
        heap[place, 0], heap[place, 1] = heap[under, 0], heap[under, 1]
        place = under
    heap[place, 0], heap[place, 1] = at, what
    return size


@compiled
def ascends(column: NDArray[np.int64]) -> bool:
    """Whether no value is below the one before."""
    falls = 0
    for row in range(1, column.size):
        falls += column[row] < column[row - 1]
    return falls == 0
