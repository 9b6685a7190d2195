"""The day's tables for the compiled twin, in the order of its minutes: staff, journeys, card holders, bulk calls."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import in_threads, key_of, shares, threshold
from sim.demand.arrivals import MINUTE_US, Chances, spoiling, thresholds
from sim.demand.daybook import holding, read_out, staff_in_order, staff_minutes, trips
from sim.demand.draws import CHANNEL_AT, PROVINCE_AT, SOURCE_AT, counts_of, label_of
from sim.demand.ground import Columns, Ground, plain
from sim.demand.holdings import WAYS, homes, moments
from sim.demand.institutions import Institutions
from sim.demand.journeys import Carriage, Event
from sim.demand.lists import SEAT, Uploads
from sim.demand.making import MakingParameters
from sim.demand.minutes import ERRAND, WORK, Cells, Keys, Planned
from sim.demand.model import Rate, Seats, card_shares, carriages, gates, rounds
from sim.demand.parameters import CALL_LIMIT, CARRIERS, CUSTOMS, ERRAND_NUMBER, Channel, DemandParameters, Errand, Role
from sim.demand.record import LISTS, MAKINGS, RUNS
from sim.demand.renewals import renewing
from sim.demand.shifts import is_private, run_gap, working

MINUTES = 1_440
Passengers = dict[int, NDArray[np.int32]]
"""Whom each carrier asks about on the evening before."""


def cells(
    found: list[Rate],
    drawn: Chances,
    day: date,
    listed: Callable[[Errand], list[NDArray[np.int32]]],
    threads: int,
) -> Cells:
    """The day's doors, and how many come through each in every minute."""
    askers, lists = _Shelf(), _Shelf()
    rows = [_row(rate, day, askers, lists, listed) for rate in found]
    whole: Any = np.array(rows, np.int64).reshape(-1, 11).T.copy()
    key = np.array([key_of(drawn.errand[rate.errand]) for rate in found], np.uint64)
    counts = np.zeros((key.size, MINUTES), np.int32)
    entities = (day.toordinal() * MINUTES + np.arange(24) * 60) * 128 + whole[0][:, None]
    stretches = shares(key.size, threads)

    def count(n: int) -> None:
        first, end = stretches[n]
        means = np.array([rate.means for rate in found[first:end]]).ravel() / 60
        out = counts[first:end].reshape(-1, 60)
        counts_of(np.repeat(key[first:end], 24), entities[first:end].ravel(), means, 60, 128, out)

    in_threads(threads, count)
    return Cells._make((key, *whole, askers.column, lists.column, counts))


class _Shelf:
    """Columns put one after another, each once."""

    def __init__(self) -> None:
        self._columns: dict[int, tuple[int, NDArray[np.int32]]] = {}
        self._end = 0

    def put(self, column: NDArray[np.int32]) -> tuple[int, int]:
        """Where a column begins, and its length."""
        if id(column) not in self._columns:
            self._columns[id(column)] = (self._end, column)
            self._end += column.size
        return self._columns[id(column)][0], column.size

    @property
    def column(self) -> NDArray[np.int32]:
        """All of them."""
        return np.concatenate([np.empty(0, np.int32), *(column for _, column in self._columns.values())])


def _row(
    rate: Rate, day: date, askers: _Shelf, lists: _Shelf, listed: Callable[[Errand], list[NDArray[np.int32]]]
) -> tuple[int, ...]:
    custom = CUSTOMS[rate.errand]
    first, size = rate.span[0], rate.span[1] - rate.span[0]
    if custom.listed:
        first, size = lists.put(listed(rate.errand)[rate.plate])
    return (
        *(rate.plate, ERRAND_NUMBER[rate.errand], int(custom.channel.on(day))),
        *(custom.youngest, custom.oldest, first, size, int(custom.listed)),
        *askers.put(rate.askers),
        rate.online,
    )


def staff(
    town: Columns,
    land: Ground,
    seated: Seats,
    parameters: DemandParameters,
    drawn: Chances,
    day: date,
    threads: int,
) -> Planned:
    """Who is asked at the gates of workplaces, as `shifts` draws it."""
    asking = gates(seated, day)
    asker, channel = asking.asker.astype(np.int32), asking.channel.astype(np.uint8)
    minutes, weights = zip(*parameters.shift_starts, strict=True)
    of_private, of_public = working(parameters, day)
    starts = (np.array(minutes, np.int64), thresholds(weights))
    limits = (threshold(of_private), threshold(of_public), threshold(parameters.late_shift_share))
    keys = (key_of(drawn.shift), key_of(drawn.shift_start))
    columns = (town.place_start, town.member, asker, channel, is_private(land.workplace_kind))
    ordinal, ends = day.toordinal(), town.place_start[: town.workplaces + 1]
    minute_of = np.empty(int(ends[-1]), np.uint16)
    counts = np.zeros((threads, MINUTES), np.int64)
    cuts = np.searchsorted(ends, [int(ends[-1]) * n // threads for n in range(threads + 1)])
    stretches = [(int(cuts[n]), int(cuts[n + 1])) for n in range(threads)]
    stretches[-1] = (stretches[-1][0], town.workplaces)
    in_threads(
        threads,
        lambda n: staff_minutes(keys, limits, starts, columns, ordinal, stretches[n], minute_of, counts[n]),
    )
    start = np.concatenate([[0], np.cumsum(counts.sum(axis=0))])
    seats = start[:-1] + np.cumsum(counts, axis=0) - counts
    size = int(start[-1])
    at, label = np.empty(size, np.uint32), np.empty(size, np.uint32)
    who, person = np.empty(size, np.int32), np.empty(size, np.int32)
    gate = (town.place_start, town.member, asker, channel, land.workplace_province)
    spoil, out = spoiling(parameters), (at, label, who, person)
    in_threads(
        threads,
        lambda n: staff_in_order(keys[0], ordinal, spoil, gate, minute_of, stretches[n], seats[n], out),
    )
    return Planned(start, *out, np.full(size, WORK, np.uint8))


class Listed(NamedTuple):
    """Lists of people, one after another."""

    people: NDArray[np.int32]
    start: NDArray[np.int64]
    """Where each begins, and the end of the last."""


def cards(town: Columns, parameters: DemandParameters, drawn: Chances, threads: int) -> Listed:
    """Whoever has a personalised city card."""
    province_start = np.asarray(town.province_start)
    limits = [threshold(share) for share in card_shares(parameters).tolist()]
    key = key_of(drawn.card)

    def holders(plate: int, n: int) -> NDArray[np.int32]:
        first, end = shares(int(province_start[plate + 1] - province_start[plate]), threads)[n]
        stretch = (int(province_start[plate]) + first, int(province_start[plate]) + end)
        found = np.empty(stretch[1] - stretch[0] + 1, np.int32)
        return found[: holding(key, town.age, np.uint64(limits[plate]), stretch, found)].copy()

    parts = in_threads(threads, lambda n: [holders(plate, n) for plate in range(province_start.size - 1)])
    by_plate = [part for of_plate in zip(*parts, strict=True) for part in of_plate]
    ends = np.cumsum([0, *(part.size for part in by_plate)])[::threads]
    return Listed(plain(np.concatenate(by_plate)), ends)


def journeys(
    town: Columns,
    land: Ground,
    table: Institutions,
    parameters: DemandParameters,
    drawn: Chances,
    day: date,
) -> tuple[Planned, Passengers]:
    """What is asked at bookings and check-in, and whom the carriers ask about in the evening."""
    at_us, labels, askers, persons, leave = [], [], [], [], []
    passengers: Passengers = {}
    starts = {one.asker: one.start_us for one in rounds(table, parameters, drawn, day)}
    ways = tuple(carriages(town.age, land, table, parameters, drawn, day, None))
    for event in (Event.CHECK_IN, Event.BOOKING):  # in the order of their sources
        for carriage in ways:
            leads = carriage.leads
            ahead = leads if event is Event.BOOKING else np.zeros_like(leads)
            out, _ = _trips(carriage, ahead, town, land, event)
            at_us.append(out[event])
            persons.append(out[2])
            askers.append(out[3])
            labels.append(out[4])
            leave.append(np.full(out[2].size, ERRAND if event is Event.CHECK_IN else 0, np.uint8))
    for carriage in ways:
        tomorrow = np.ones_like(carriage.leads)
        (booked_us, _, travellers, carriers, _), lead = _trips(carriage, tomorrow, town, land, Event.BOOKING)
        for carrier in carriage.askers.tolist():
            theirs = (carriers == carrier) & ((lead > 1) | (booked_us < starts[carrier]))
            passengers[carrier] = travellers[theirs]
    columns = [
        np.concatenate([np.empty(0, kind), *parts])
        for kind, parts in (
            (np.int64, at_us),
            (np.uint32, labels),
            (np.int32, askers),
            (np.int32, persons),
            (np.uint8, leave),
        )
    ]
    return _by_minute(*columns), passengers


def _trips(
    carriage: Carriage, ahead: NDArray[np.int64], town: Columns, land: Ground, event: Event
) -> tuple[tuple[NDArray[Any], ...], NDArray[np.int64]]:
    parameters, day = carriage.parameters, carriage.day
    cell, hour, lead, means = carriage.cells(ahead, carriage.leads)
    counts = np.zeros((cell.size, 1), np.int32)
    key = key_of(carriage.chance)
    counts_of(np.full(cell.size, key), cell, means, 1, 0, counts)
    total = int(counts.sum())
    out = (
        *(np.empty(total, np.int64), np.empty(total, np.int64)),
        *(np.empty(total, np.int32), np.empty(total, np.int32)),
        np.empty(total, np.uint32),
    )
    channel = CUSTOMS[carriage.errand].channel.on(day) if event is Event.CHECK_IN else Channel.SINGLE
    crowd = carriage.crowd
    trips(
        key,
        (cell, hour, counts[:, 0]),
        (town.age, crowd.first, crowd.end - crowd.first, crowd.youngest, crowd.oldest),
        carriage.askers,
        thresholds(parameters.booking_hours),
        spoiling(parameters),
        parameters.check_in_minutes,
        land.province_start,
        (int(channel), event.source(carriage.errand), int(event)),
        out,
    )
    return out, np.repeat(lead, counts[:, 0])


def _labels(channel: NDArray[np.int64] | int, source: int, province: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """`label_of` for columns."""
    return channel << int(CHANNEL_AT) | source << int(SOURCE_AT) | province.astype(np.int64) << int(PROVINCE_AT)


def _by_minute(
    at_us: NDArray[np.int64],
    label: NDArray[np.uint32],
    asker: NDArray[np.int32],
    person: NDArray[np.int32],
    leave: NDArray[np.uint8],
) -> Planned:
    minute = at_us // MINUTE_US
    order = np.argsort(minute.astype(np.int16), kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(minute, minlength=MINUTES))])
    at = (at_us % MINUTE_US).astype(np.uint32)
    return Planned(start, at[order], label[order], asker[order], person[order], leave[order])


class Bulk(NamedTuple):
    """The bulk calls of a day, and the lists that they are read from."""

    calls: Planned
    seat: NDArray[np.int32]
    """By which chance is keyed: the asker, or that of a list raised by `SEAT`."""
    number: NDArray[np.int64]
    """Of the call's first code in its run."""
    where: NDArray[np.int64]
    """Its place in the list."""
    codes: NDArray[np.int64]
    which: NDArray[np.uint8]
    """The list: 0 members of places, 1 holders of cards, 2 passengers."""
    lists: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]

    def read(self, calls: NDArray[np.int32], drawn: Chances, keys: Keys) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
        """The people of these calls, and what is wrong with their codes."""
        chosen: Any = tuple(column[calls] for column in self[1:6])
        total = int(self.codes[calls].sum())
        out = (np.empty(total, np.int32), np.empty(total, np.uint8))
        read_out(key_of(drawn.run), keys.ordinal, keys.spoiling, self.lists, chosen, out)
        return out


def runs(
    town: Columns,
    table: Institutions,
    parameters: DemandParameters,
    drawn: Chances,
    day: date,
    holders: Listed,
    passengers: Passengers,
    lists: Uploads,
    province: NDArray[np.uint8],
) -> Bulk:
    """The bulk calls of a day as `bulk_run` and `listed` have them; `province` is the workplaces'."""
    travellers = np.concatenate([np.empty(0, np.int32), *passengers.values()])
    ends = np.cumsum([0, *(people.size for people in passengers.values())])
    carriers = list(passengers)
    rows: list[tuple[NDArray[np.int64], ...]] = []
    for asker, role, start_us, channel in rounds(table, parameters, drawn, day):
        if role in CARRIERS and asker not in passengers:  # there is nobody who may travel
            continue
        starts: NDArray[np.signedinteger] = town.place_start
        n, of = int(table.workplace[asker]), 0
        if role is Role.CITY_CARD:
            starts, n, of = holders.start, int(table.province[asker]), 1
        elif role in CARRIERS:
            starts, n, of = ends, carriers.index(asker), 2
        first, end = int(starts[n]), int(starts[n + 1])
        number = np.arange(0, end - first, CALL_LIMIT)
        gap_us = run_gap(start_us, number.size, parameters)
        label = int(label_of(int(channel), RUNS, int(table.province[asker])))
        same = np.ones_like(number)
        rows.append(
            (
                start_us + gap_us * np.arange(number.size),
                same * asker,
                same * asker,
                number,
                first + number,
                np.minimum(end - first - number, CALL_LIMIT),
                same * of,
                same * label,
            )
        )
    start = town.place_start[lists.workplace].astype(np.int64)
    none = np.zeros(start.size, np.int64)
    rows.append(
        (
            *(lists.at_us, lists.asker, SEAT + lists.asker, none, start),
            *(town.place_start[lists.workplace + 1] - start, none),
            _labels(Channel.EDEVLET_BULK, LISTS, province[lists.workplace]),
        )
    )
    empty = tuple(np.empty(0, np.int64) for _ in range(8))
    at_us, asker_of, seat, number, where, codes, which, label_of_call = (
        np.concatenate(column) for column in zip(empty, *rows, strict=True)
    )
    calls = _by_minute(
        at_us,
        label_of_call.astype(np.uint32),
        asker_of.astype(np.int32),
        np.arange(at_us.size, dtype=np.int32),
        np.zeros(at_us.size, np.uint8),
    )
    seats, which_column = seat.astype(np.int32), which.astype(np.uint8)
    return Bulk(calls, seats, number, where, codes, which_column, (town.member, holders.people, plain(travellers)))


def made(town: Columns, land: Ground, parameters: MakingParameters, drawn: Chances, day: date, threads: int) -> Planned:
    """The codes that are made on a day, as `makings` has them."""
    people, way, maker = renewing(town, parameters, drawn.making, day, threads)
    channel = np.array([int(one) for one in WAYS])[way]
    return _by_minute(
        moments(people, way, parameters, drawn.making, day),
        _labels(channel, MAKINGS, homes(people, land.province_start)).astype(np.uint32),
        maker.astype(np.int32),
        people.astype(np.int32),
        np.zeros(people.size, np.uint8),
    )
