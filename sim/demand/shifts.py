"""Those who are asked because they belong to an institution: staff at their shifts, and everybody on a list."""

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mockgov.vocabulary.institution import InstitutionKind
from sim.demand.arrivals import (
    DAY_US,
    HOUR_US,
    MINUTE_US,
    SECOND_US,
    Chances,
    Prudence,
    Use,
    among,
    high,
    low,
    pick,
    spoil,
    who_come,
)
from sim.demand.calendar import Fractions, weekday
from sim.demand.ground import KINDS, NOBODY, Ground, Town
from sim.demand.parameters import CALL_LIMIT, Channel, DemandParameters
from sim.demand.record import RUNS, STAFF, Flags, Numbers, Queries, rank_of
from sim.streams import Stream

SPREAD_US, EARLIEST_MINUTES, LATE_MINUTES = 20 * MINUTE_US, 30, 8 * 60


class Gates(NamedTuple):
    """Who asks the staff of each workplace, and how."""

    asker: NDArray[np.int32]
    """-1: nobody."""
    channel: NDArray[np.int64]


def working(parameters: DemandParameters, day: date) -> tuple[float, float]:
    """The share of private and of public employers' staff who come on a day."""
    today = weekday(day)
    return parameters.presence * parameters.private_week[today], parameters.presence * parameters.public_week[today]


def is_private(kind: NDArray[np.uint8]) -> Flags:
    """Whether a workplace is a private employer's."""
    return np.asarray(kind == KINDS.index(InstitutionKind.WORKPLACE))


def begins(parameters: DemandParameters, workplaces: NDArray[np.signedinteger], chances: Chances) -> Numbers:
    """The minute at which each workplace begins."""
    minutes, weights = zip(*parameters.shift_starts, strict=True)
    return np.array(minutes)[pick(weights, high(chances.shift_start.words(workplaces)))]


def shifts(
    town: Town,
    ground: Ground,
    gates: Gates,
    *,
    parameters: DemandParameters,
    chances: Chances,
    day: date,
    prudence: Prudence | None = None,
) -> Queries:
    """The staff at the beginning of their shifts, workplace by workplace.

    Whoever comes is asked between 30 minutes before the beginning and 10 minutes after, mostly 10 before.
    """
    people, today = np.flatnonzero(town.workplace >= 0), day.toordinal()
    people = people[np.argsort(town.workplace[people], kind="stable")]
    work = town.workplace[people]
    asker, channel = gates.asker[work], gates.channel[work]
    private = is_private(ground.workplace_kind[work])
    came, time, code = (chances.shift.words(people, today, use) for use in (Use.PRESENT, Use.ARRIVAL, Use.SPOILED))
    of_private, of_public = (_limit(share) for share in working(parameters, day))
    present = high(came) < np.where(private, of_private, of_public)
    late = private & (low(came) < _limit(parameters.late_shift_share))
    start = begins(parameters, work, chances) + late * LATE_MINUTES
    rank = rank_of(STAFF, (work.astype(np.int64), 28), (people, 28))
    queries = Queries(
        at_us=(start - EARLIEST_MINUTES) * MINUTE_US + among(SPREAD_US, high(time)) + among(SPREAD_US, low(time)),
        rank=rank,
        call=rank,
        person=people,
        asker=asker.astype(np.int64),
        channel=channel,
        spoiled=spoil(parameters, high(code)),
        province=ground.workplace_province[work].astype(np.int64),
    ).only(present & (asker != NOBODY) & ~((channel >= Channel.PERSON) & (asker == people)))
    return who_come(queries, prudence, parameters.risky_stays_from_work)


def _limit(probability: float) -> np.uint64:
    return np.uint64(round(probability * 2.0**32))


def holders(town: Town, share: Fractions, chance: Stream) -> Numbers:
    """Whoever has a personalised city card, ascending; `share` is by plate."""
    people = np.arange(town.age.size)
    words = chance.words(people >> 1)
    half = np.where(people & 1, low(words), high(words))
    limit = np.rint(share * 2.0**32).astype(np.uint64)
    return np.flatnonzero((town.age >= 6) & (half < limit[town.province]))


def run_start(hour: int, asker: int, chance: Stream, day: date) -> int:
    """When a caller's run begins: some time within an hour."""
    return hour * HOUR_US + int(among(HOUR_US, high(chance.words(asker, day.toordinal(), Use.ARRIVAL))))


def run_gap(start_us: int, calls: int, parameters: DemandParameters) -> int:
    """Microseconds from one call of a run to the next."""
    left = min(parameters.bulk_hours * HOUR_US, DAY_US - start_us)
    return min(parameters.bulk_gap_s * SECOND_US, left // max(calls, 1))


def bulk_run(
    asker: int,
    people: Numbers,
    start_us: int,
    channel: Channel,
    *,
    plate: int,
    parameters: DemandParameters,
    chance: Stream,
    day: date,
) -> Queries:
    """A caller's run over these people: calls of at most 500 codes, one after the other."""
    number = np.arange(people.size)
    rank = rank_of(RUNS, (asker, 20), (number, 36))
    call = number // CALL_LIMIT
    gap_us = run_gap(start_us, -(-people.size // CALL_LIMIT), parameters)
    words = chance.words((asker << 32) + (number >> 1), day.toordinal(), Use.SPOILED)
    return Queries(
        at_us=start_us + call * gap_us,
        rank=rank,
        call=rank[call * CALL_LIMIT],
        person=people,
        asker=np.full(people.size, asker),
        channel=np.full(people.size, channel),
        spoiled=spoil(parameters, np.where(number & 1, low(words), high(words))),
        province=np.full(people.size, plate),
    )
