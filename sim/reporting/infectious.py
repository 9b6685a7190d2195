"""Who can infect others when, and how many of them are risky at noon: one number a person, kept in the order of people.

A number has the person (from bit 35), the plate (7 bits), the first day (14 bits) and the day after the last (14 bits).
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, compiled, in_threads, shares
from sim.reporting.agenda import NOBODY, joined_keys
from sim.reporting.dossier import Column, Keys
from sim.reporting.model import NEVER, PLATES, NewInfections
from sim.reporting.standings import Board, Days
from sim.reporting.tracing import Provinces, plate_of

FEW = 2_000
"""People up to whom threads cost more than they bring."""
BLOCK = 1024
DAYS, ALL_PLATES = (1 << 14) - 1, 127
SINCE, PLATE, PERSON = 14, 28, 35


class Infectious:
    """All who can infect others or will; `threads` share them."""

    def __init__(self, board: Board, threads: int) -> None:
        self.board, self.threads = board, threads
        self.spans = self.fresh = NOBODY

    def note(self, new: NewInfections) -> None:
        """Take in the infections of a day."""
        spans, ends = np.empty(new.person.size, np.int64), (new.recovered_on, new.hospital_on, new.died_on)
        spans_of(self.board.provinces, new.person.astype(np.int32), new.infectious_on, *ends, spans)
        self.fresh = np.sort(np.concatenate([self.fresh, spans])) if self.fresh.size else spans

    def at_noon(self, day: int) -> NDArray[np.int64]:
        """How many can infect others, of those riskless (0) and those risky (1), by plate; forget who can no more."""
        count = self.threads if self.spans.size > FEW else 1
        parts, counts = shares(self.spans.size, count), np.zeros((count, 2, PLATES), np.int64)
        cuts = np.searchsorted(self.fresh, [self.spans[begin] for begin, _ in parts[1:]]).tolist()
        runs = [self.spans[begin:end] for begin, end in parts]
        more = [self.fresh[begin:end] for begin, end in pairwise([0, *cuts, self.fresh.size])]
        outs = [np.empty(one.size + other.size, np.int64) for one, other in zip(runs, more, strict=True)]
        left = in_threads(count, lambda nth: counted(self.board, runs[nth], more[nth], day, outs[nth], counts[nth]))
        self.spans, self.fresh = joined_keys([out[:rows] for out, rows in zip(outs, left, strict=True)]), NOBODY
        return np.asarray(counts.sum(axis=0))

    def state(self) -> Keys:
        """All of them, as one column."""
        return joined_keys([self.spans, self.fresh])

    def restore(self, state: Keys) -> None:
        """Go on from the state of a day's end."""
        self.spans, self.fresh = np.sort(state), NOBODY


@compiled
def spans_of(
    provinces: Provinces, person: Column, begins: Days, recovered: Days, hospital: Days, died: Days, out: Keys
) -> None:
    """Who can infect others when, as one number each: person, plate, first day and the day after the last.

    Nobody does in hospital, or dead. Days before the first one count as it.
    """
    start, guide = provinces.start, provinces.guide
    for n in range(person.size):
        one, until = np.int64(person[n]), np.int64(recovered[n])
        if hospital[n] != NEVER:
            until = min(until, np.int64(hospital[n]))
        if died[n] != NEVER:
            until = min(until, np.int64(died[n]))
        since = max(np.int64(begins[n]), np.int64(0))
        out[n] = one << PERSON | plate_of(start, guide, one) << PLATE | since << SINCE | max(until, np.int64(0))


@compiled
def counted(board: Board, spans: Keys, more: Keys, today: Whole, out: Keys, counts: NDArray[np.int64]) -> int:
    """Count who can infect others at today's noon, riskless (0) or risky (1), by plate.

    `spans` and `more` are those of `spans_of`, ascending. Into `out` goes who still can or will, ascending: the
    board is read in the order of people then, so that the waits for memory are few. How many.
    """
    noon, nth, other, left = 24 * today + 12, np.int64(0), np.int64(0), np.int64(0)
    while nth < spans.size and other < more.size:
        earlier = np.int64(spans[nth] < more[other])
        span = spans[nth] if earlier else more[other]
        nth, other = nth + earlier, other + 1 - earlier
        out[left] = span
        left += np.int64(span & DAYS > today)
    for rest in (spans[nth:], more[other:]):
        for span in rest:
            out[left] = span
            left += np.int64(span & DAYS > today)
    risky_from, risky_until, later = board.risky_from, board.risky_until, np.empty(BLOCK, np.int64)
    for first in range(0, int(left), BLOCK):
        held = np.int64(0)
        for n in range(first, min(first + BLOCK, int(left))):
            span = out[n]
            begun = np.int64(span >> SINCE & DAYS <= today)
            counts[0, span >> PLATE & ALL_PLATES] += begun
            later[held] = span
            held += begun & np.int64(noon < risky_until[span >> PERSON])
        for n in range(held):
            person, plate = later[n] >> PERSON, later[n] >> PLATE & ALL_PLATES
            risky = np.int64(risky_from[person] <= noon)
            counts[0, plate] -= risky
            counts[1, plate] += risky
    return int(left)
