"""The compiled twin of the day of queries, for a whole country: a stretch of minutes at a time.

    DayOfCalls(town, parameters, streams, day)    what is settled before the day begins
    .calls(8 * 60, 9 * 60, standing, day_number)  the calls from 8 to 9

The draws are those of `arrivals`, `journeys`, `shifts`, `lists` and `holdings`, so that a day agrees with `model.plan`
in every column, in stretches of any length and with any number of threads.
"""

from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import in_threads, key_of, shares, threshold
from sim.demand.arrivals import spoiling
from sim.demand.calendar import Fractions
from sim.demand.calls import Calls
from sim.demand.draws import CHANNEL_AT, CHANNELS, MOST
from sim.demand.expectation import Expected, of_day
from sim.demand.ground import Nation, plain
from sim.demand.institutions import Institutions
from sim.demand.lists import uploads
from sim.demand.minutes import Cells, Keys, Planned, Watch, fill, marked
from sim.demand.model import Rate, rates
from sim.demand.parameters import DemandParameters, Errand
from sim.demand.record import LISTS, RUNS, Standing
from sim.demand.settled import Bulk, cells, journeys, made, runs, staff
from sim.demand.settlement import Settlement
from sim.streams import Streams

MINUTES = 1_440
EMPTY_STANDING = plain(np.zeros(1, np.int16))


class TooManyCallsError(ValueError):
    """A minute has more calls than the engine can number."""


class DayOfCalls:
    """All calls of a day, made when they are asked for.

    `threads` changes nothing but the time it takes. Takes the streams named "demand/…", so once per `Streams`;
    `on` gives another day of the same country.
    """

    def __init__(
        self, town: Nation, parameters: DemandParameters, streams: Streams, day: date, *, threads: int = 1
    ) -> None:
        self._settle(Settlement(town, parameters, streams, threads), day)

    def _settle(self, settlement: Settlement, day: date) -> None:
        self.settlement, self.day = settlement, day
        town, parameters, drawn, threads = (
            *(settlement.town, settlement.parameters, settlement.drawn),
            settlement.threads,
        )
        land, table, seated = settlement.land, settlement.table, settlement.seated
        self.rates: list[Rate] = list(rates(land, table, seated, parameters, day))
        self._cells: Cells = cells(self.rates, drawn, day, settlement.listed, threads)
        self._staff: Planned = staff(town, land, seated, parameters, drawn, day, threads)
        self._journeys, passengers = journeys(town, land, table, parameters, drawn, day)
        lists = uploads(land, seated.uploader, parameters, drawn.run, day)
        province = land.workplace_province
        self._bulk: Bulk = runs(town, table, parameters, drawn, day, settlement.holders, passengers, lists, province)
        self._made: Planned = made(town, land, parameters.making, drawn, day, threads)
        self._keys = Keys(day.toordinal(), spoiling(parameters))
        self._watch: Watch | None = None
        self._watched: tuple[Standing, int] | None = None
        self.most_calls: NDArray[np.int64] = self._cells.counts.sum(axis=0, dtype=np.int64) + sum(
            np.diff(part.start) for part in (self._staff, self._journeys, self._bulk.calls, self._made)
        )
        """Calls in each minute of the day if nobody stays away."""
        if self.most_calls.max(initial=0) >= MOST:
            raise TooManyCallsError(
                f"{self.most_calls.max():,} calls in a minute are more than {MOST - 1:,}; choose lower rates"
            )

    def on(self, day: date) -> "DayOfCalls":
        """Another day of the same country, without building again what does not change."""
        other = object.__new__(DayOfCalls)
        other._settle(self.settlement, day)
        return other

    @property
    def institutions(self) -> Institutions:
        """Who asks with an account; `asker` in institutions' channels is an index into it."""
        return self.settlement.table

    def name(self, institution: int) -> str:
        """An institution's name."""
        return self.institutions.name(institution, self.settlement.names)

    @property
    def expected(self) -> Expected:
        """The day's calls to be expected if nobody stays away."""
        settled = self.settlement
        (hours, channels), codes = _known(self._bulk.calls), int(self._bulk.codes.sum())
        bulk, makes = (hours, channels, codes), _known(self._made)
        return of_day(
            self.rates,
            settled.land,
            settled.table,
            settled.seated,
            settled.parameters,
            settled.drawn,
            self.day,
            bulk,
            makes,
        )

    def rate(self, errand: Errand) -> Fractions:
        """Expected visits on an errand in each minute of the day; a Poisson process has them, constant in each hour."""
        hours = np.zeros(24)
        for rate in self.rates:
            if rate.errand is errand:
                hours += rate.means
        return np.repeat(hours / 60, 60)

    @property
    def nbytes(self) -> int:
        """Bytes of the day's own tables, the population and the standing left out."""
        parts = (self._cells, self._staff, self._journeys, self._bulk.calls, self._made)
        columns = (*(column for part in parts for column in part), *self._bulk[1:-1], *self._bulk.lists)
        given = {id(column) for column in self.settlement.town}
        own = sum(column.nbytes for column in columns if id(column) not in given)
        return own + (self._watch.marks.nbytes if self._watch else 0)

    def calls(
        self, minute_from: int, minute_until: int, standing: Standing | None = None, day_number: int = 0
    ) -> Calls:
        """The calls of these minutes of the day, in order: by time, then as `model.plan` has them.

        People who are risky by the standing (`day_number` days after its first hour), and know better, stay
        away. The standing may not change while the same day is asked for.
        """
        watch = self._watching(standing, day_number)
        most = self.most_calls[minute_from:minute_until]
        before = np.concatenate([[0], np.cumsum(most)])
        total = int(before[-1])
        kinds = (np.int64, np.uint8, np.uint8, np.uint8, np.int32, np.int32, np.uint8, np.uint16, np.int64)
        columns: list[NDArray[Any]] = [np.empty(total, kind) for kind in kinds]
        threads = self.settlement.threads if total > 10_000 * self.settlement.threads else 1
        edges = [int(np.searchsorted(before, total * n // threads)) for n in range(threads)] + [most.size]

        def work(n: int) -> int:
            first, end = edges[n], edges[n + 1]
            if first >= end:
                return 0
            seats = slice(int(before[first]), int(before[end]))
            out = tuple(column[seats] for column in columns)
            stretch = (minute_from + first, minute_from + end)
            busiest = int(most[first:end].max())
            parts = (self._cells, self._journeys, self._staff, self._bulk.calls, self._made)
            return int(fill(stretch, busiest, *parts, watch, self._keys, out))

        counts = in_threads(threads, work)
        written = counts[0]
        for n in range(1, threads):
            start = int(before[edges[n]])
            if start != written:
                for column in columns:
                    column[written : written + counts[n]] = column[start : start + counts[n]]
            written += counts[n]
        begun = self._bulk.calls.start
        in_bulk = bool(begun[minute_until] > begun[minute_from])
        return self._with_lists([column[:written] for column in columns], in_bulk=in_bulk)

    def _with_lists(self, columns: list[NDArray[Any]], *, in_bulk: bool) -> Calls:
        at_us, channel, source, province, asker, person, spoiled, codes, first = columns
        bulk = np.flatnonzero((source == RUNS) | (source == LISTS)) if in_bulk else np.empty(0, np.int64)
        number = person[bulk]
        codes[bulk] = self._bulk.codes[number]
        first[bulk] = np.cumsum(self._bulk.codes[number]) - self._bulk.codes[number]
        person[bulk] = -1
        lists = self._bulk.read(number, self.settlement.drawn, self._keys)
        return Calls(at_us, channel, source, province, asker, codes, person, first, spoiled, *lists)

    def _watching(self, standing: Standing | None, day_number: int) -> Watch:
        parameters, town = self.settlement.parameters, self.settlement.town
        if self._watch is not None and _same(self._watched, standing, day_number):
            return self._watch
        limits = (threshold(parameters.risky_stays_away), threshold(parameters.risky_stays_from_work))
        key = key_of(self.settlement.drawn.stay)
        if standing is None:
            self._watched = None
            self._watch = Watch(plain(town.age.copy()), EMPTY_STANDING, EMPTY_STANDING, 0, key, *limits)
            return self._watch
        risky_from, risky_until = plain(standing.risky_from), plain(standing.risky_until)
        marks = np.empty(town.age.size, np.uint8)
        hours = (day_number * 24, day_number * 24 + 24)
        stretches = shares(marks.size, self.settlement.threads)
        in_threads(
            self.settlement.threads,
            lambda n: marked(town.age, risky_from, risky_until, hours, marks, stretches[n]),
        )
        self._watched = (standing, day_number)
        self._watch = Watch(plain(marks), risky_from, risky_until, hours[0], key, *limits)
        return self._watch


def _known(calls: Planned) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Hours and channels of calls that are known beforehand."""
    hours = np.repeat(np.arange(MINUTES) // 60, np.diff(calls.start))
    return hours, (calls.label >> CHANNEL_AT & CHANNELS).astype(np.int64)


def _same(known: tuple[Standing, int] | None, standing: Standing | None, day_number: int) -> bool:
    if known is None or standing is None:
        return known is None and standing is None
    then, day = known
    return day == day_number and then.risky_from is standing.risky_from and then.risky_until is standing.risky_until
