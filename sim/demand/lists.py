"""Small workplaces that upload their staff as one list at e-Devlet in the morning."""

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mockgov.vocabulary.obligation import Obligation
from sim.demand.arrivals import HOUR_US, Use, among, high, low, pick, spoil
from sim.demand.calendar import weekday
from sim.demand.ground import NOBODY, Ground, Town
from sim.demand.parameters import Channel, DemandParameters
from sim.demand.record import LISTS, Numbers, Queries, rank_of
from sim.demand.shifts import is_private
from sim.streams import Stream

STAFF_BELOW = 500
"""From so many staff on, a workplace is to integrate; e-Devlet takes no list of it (facts, section 6)."""
SEAT = 1 << 30
"""What a person's number is raised by where chance is keyed by who asks, so that no institution has the same key."""


class Uploads(NamedTuple):
    """The lists of a day by who uploads them, ascending."""

    workplace: Numbers
    asker: Numbers
    at_us: Numbers


def uploads(
    land: Ground, uploader: NDArray[np.int32], parameters: DemandParameters, chance: Stream, day: date
) -> Uploads:
    """Which workplaces upload a list on a day, and when: those that work on it. `uploader` is who does so, or -1."""
    workplace = np.flatnonzero(uploader != NOBODY) if Obligation.STAFF.holds_on(day) else np.empty(0, np.int64)
    asker = uploader[workplace].astype(np.int64)
    order = np.argsort(asker)
    workplace, asker = workplace[order], asker[order]
    today = weekday(day)
    private = is_private(land.workplace_kind[workplace])
    share = np.where(private, parameters.private_week[today], parameters.public_week[today])
    limit = np.rint(share * 2.0**32).astype(np.uint64)
    works = high(chance.words(SEAT + asker, day.toordinal(), Use.PRESENT)) < limit
    workplace, asker = workplace[works], asker[works]
    drawn = chance.words(SEAT + asker, day.toordinal(), Use.ARRIVAL)
    at_us = pick(parameters.list_hours, high(drawn)) * HOUR_US + among(HOUR_US, low(drawn))
    return Uploads(workplace, asker, at_us)


def listed(
    town: Town, land: Ground, found: Uploads, parameters: DemandParameters, chance: Stream, day: date
) -> Queries:
    """What is asked with these lists: everybody of the staff, in one call."""
    order = np.argsort(town.workplace, kind="stable")
    of = town.workplace[order]
    start, end = (np.searchsorted(of, found.workplace, side=side) for side in ("left", "right"))
    size = end - start
    nth = np.repeat(np.arange(size.size), size)
    number = np.arange(nth.size) - np.repeat(np.cumsum(size) - size, size)
    asker = found.asker[nth]
    words = chance.words((SEAT + asker << 32) + (number >> 1), day.toordinal(), Use.SPOILED)
    return Queries(
        at_us=found.at_us[nth],
        rank=rank_of(LISTS, (asker, 28), (number, 28)),
        call=rank_of(LISTS, (asker, 28), (0, 28)),
        person=order[np.repeat(start, size) + number],
        asker=asker,
        channel=np.full(nth.size, Channel.EDEVLET_BULK),
        spoiled=spoil(parameters, np.where(number & 1, low(words), high(words))),
        province=land.workplace_province[found.workplace[nth]].astype(np.int64),
    )
