"""The ministry's knowledge in compiled loops: the twin of `process`, record for record, for a nation.

A day's work grows with who is tested and with their contacts. Per person there are eight bytes: the standing, and the
newest row in the table of records.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mockgov.risk_index.rules import EPISODE_DAYS
from sim.compiled import in_threads, key_of, shares, threshold
from sim.reporting import model
from sim.reporting.dossier import (
    CONTACT,
    FIELDS,
    POSITIVE,
    Column,
    Keys,
    append,
    bury,
    compact,
    found_cases,
    moment_of,
    person_of,
)
from sim.reporting.log import ReportKind, ReportLog, log_of
from sim.reporting.model import COUNTS, EARLIER, EVE, LATEST, NEVER, PLATES, NewInfections, Standing, Town
from sim.reporting.parameters import ReportingParameters
from sim.reporting.rulings import FEW, Rulings, rulebook
from sim.reporting.samples import Laboratory, drawn, riskless, taken, will_go
from sim.reporting.standings import Board, found_after, infectious, stand, will_be_tested
from sim.reporting.tracing import Places, Teams, by_plate, named, taken_up
from sim.streams import Streams

BEYOND = 40
"""Days after the last one that some columns by day have, for isolations and symptoms that lie there."""
NOBODY = np.empty(0, np.int64)
Agenda = defaultdict[int, list[Column]]
"""People by the day on which it is their turn."""
Counts = dict[str, NDArray[np.int64]]


class CompiledDesk:
    """Testing and tracing of a town or a nation, and what the ministry makes of it: see `process.Desk`."""

    def __init__(
        self,
        town: Town,
        parameters: ReportingParameters,
        streams: Streams,
        starts_on: date,
        days: int,
        *,
        threads: int = 1,
        keep_log: bool = False,
    ) -> None:
        self.town, self.parameters, self.starts_on, self.days = town, parameters, starts_on, days
        self.threads, self.keep_log, self.today = threads, keep_log, -1
        names = ("symptoms", "appointment", "result", "screening", "household", "work", "willing")
        of = {name: streams.stream(f"reporting/{name}") for name in names}
        self.appointment = of["appointment"]
        self.symptoms_key, self.screening_key, self.willing_key = (
            key_of(of[name]) for name in ("symptoms", "screening", "willing")
        )
        rules = model.regulations(parameters)
        book = rulebook(town, parameters, rules, self.appointment, starts_on, days)
        self.rulings = Rulings(town, book, rules, self.appointment, starts_on, threads=threads)
        delays = model.delays(parameters)
        self.sample_delay = delays.sample.knots
        known = range(-EARLIER, days + BEYOND)
        self.tested = np.array([threshold(model.dated(parameters.tested, starts_on, day)) for day in known], np.int64)
        chances = (*parameters.sensitivity, parameters.false_positive_share)
        self.laboratory = Laboratory(
            opening_hour=parameters.opening_hour,
            hours_open=parameters.hours_open,
            every=parameters.upload_every_hours,
            rest_days=parameters.positive_rest_days,
            sensitivity=np.array([threshold(chance) for chance in chances], np.int64),
            delay=delays.laboratory.knots,
            appointment=key_of(of["appointment"]),
            result=key_of(of["result"]),
        )
        self.teams = Teams(
            household_share=threshold(parameters.household_named_share),
            work_contacts=parameters.work_contacts,
            work_share=threshold(parameters.work_named_share),
            every=parameters.upload_every_hours,
            delay=delays.tracing.knots,
            household=key_of(of["household"]),
            work=key_of(of["work"]),
            result=key_of(of["result"]),
        )
        self.places = Places(
            np.asarray(town.home), np.asarray(town.place), np.asarray(town.place_start), np.asarray(town.member)
        )
        self.people = town.home.size
        self.standing = Standing(np.zeros(self.people, np.int16), np.zeros(self.people, np.int16))
        noons = np.zeros((days + BEYOND, PLATES), np.int64)
        self.board = Board(*self.standing, noons, town.province_start.astype(np.int64))
        self.last = np.zeros(self.people, np.int32)
        self.table, self.rows = np.zeros((1 << 8, FIELDS), np.int32), 0
        self.mail: defaultdict[int, list[Keys]] = defaultdict(list)
        self.ill: Agenda = defaultdict(list)
        self.asked: Agenda = defaultdict(list)
        self.again: Agenda = defaultdict(list)
        self.dying: Agenda = defaultdict(list)
        self.waiting = NOBODY
        self.infections, self.infected = np.zeros((1 << 10, 3), np.int32), 0
        self.risky = np.zeros(PLATES, np.int64)
        self.hours_to_risky = np.zeros(LATEST + 1, np.int64)
        self.kept: list[Keys] = []
        self.gaps = np.empty((0, 3), np.int64)
        """Person and hours: riskless then, though the standing, one spell a person, says risky."""

    def begin(self, initial: NewInfections) -> None:
        """Take in those infected before day 0, before it: whoever has not given a sample by then may do so later."""
        self.note(EVE, initial)

    def day(self, day: int, infected_on: NDArray[np.int16], new: NewInfections) -> Counts:
        """A day's counts by plate, by the names in `COUNTS`; `standing` is right at each of its hours, but for `gaps`.

        `infected_on` has each person's last infection, `new` those of today.
        """
        self.today, self.infected_on = day, np.asarray(infected_on)
        self.gaps = np.empty((0, 3), np.int64)
        self.counts = {name: np.zeros(PLATES, np.int64) for name in COUNTS}
        self.note(day, new)
        returning = _distinct(_joined(self.again.pop(day, [])))
        self.stand(returning, 24 * day, turning=True)
        self.team_up(day)
        self.sample(day)
        for hour in range(24 * day, 24 * day + 24):
            if hour in self.mail:
                self.upload(hour)
        self.look(day)
        return self.counts

    def count(self, name: str, people: Column) -> None:
        """Count people by plate."""
        by_plate(self.board.province_start, people, self.counts[name])

    def note(self, day: int, new: NewInfections) -> None:
        """What the epidemic tells of those infected today."""
        person, symptoms_on = new.person.astype(np.int32), new.symptoms_on
        ends = [np.where(column == NEVER, 32_000, column) for column in (new.recovered_on, new.died_on)]
        self.infections = _room(self.infections, self.infected, person.size)
        rows = self.infections[self.infected : self.infected + person.size]
        rows[:, 0], rows[:, 1], rows[:, 2] = person, new.infectious_on, np.minimum(*ends)
        self.infected += person.size
        dies = new.died_on != NEVER
        _by_day(self.dying, person[dies], new.died_on[dies])
        on = will_go(person, symptoms_on, day, self.tested, self.sample_delay, self.symptoms_key)
        _by_day(self.ill, person[on != NEVER], on[on != NEVER])
        for died_on in [each for each in self.dying if each <= day]:
            for people in self.dying.pop(died_on):
                bury(self.last, people)

    # Samples

    def sample(self, day: int) -> None:
        """Take the day's samples, and let the laboratory find out."""
        per_100k = model.dated(self.parameters.screened, self.starts_on, day)
        number, rest = model.share_of_people(per_100k, self.people)
        screened = drawn(number, rest, self.people, day, self.screening_key)
        opening = 24 * day + self.parameters.opening_hour
        screened = screened[riskless(screened, *self.standing, opening)]
        ill = _joined(self.ill.pop(day, []))
        people = _distinct(_joined([ill, *self.asked.pop(day, []), screened]))
        found = np.empty(people.size, np.int64)
        count = self.threads if people.size > FEW else 1
        parts = shares(people.size, count)

        def work(nth: int) -> None:
            begin, end = parts[nth]
            these, out = people[begin:end], found[begin:end]
            taken(self.last, self.table, these, day, self.infected_on, self.laboratory, out)

        in_threads(count, work)
        records = found[found != 0]
        self.count("samples", _people(records))
        self.count("patients", _shared(_people(records[records & 3 == POSITIVE]), _distinct(ill)))
        self.file_later(records)

    def file_later(self, records: Keys) -> None:
        """Send records off, each to the hour of its upload."""
        if not records.size:
            return
        self.make_room(records.size)
        self.rows = append(self.last, self.table, self.rows, records)
        if self.keep_log:
            self.kept.append(records)
        self.post(np.sort(records))

    def post(self, records: Keys) -> None:
        """Sort records into the hours of their upload."""
        hours = records >> 41
        starts = np.flatnonzero(np.diff(hours, prepend=-1))
        for begin, end in zip(starts.tolist(), [*starts[1:].tolist(), hours.size], strict=True):
            self.mail[int(hours[begin])].append(records[begin:end])

    def make_room(self, rows: int) -> None:
        """Forget what cannot matter any more when the table is full, and let it grow if that is not enough."""
        if self.rows + rows <= self.table.shape[0]:
            return
        book, parameters, now = self.rulings.book, self.parameters, 24 * self.today
        others = self.rulings.keeps_days
        disease = int(book.disease_limits[-1]) if book.disease_limits.size else 0
        positives = 1 + max(others + disease, EPISODE_DAYS, parameters.positive_rest_days)
        self.rows = compact(self.last, self.table, self.rows, now - 1, now - 24 * positives, now - 24 * others)
        if 4 * (self.rows + rows) > 3 * self.table.shape[0]:
            self.table = _room(self.table, self.rows, self.rows + 2 * rows)

    # Uploads

    def upload(self, hour: int) -> None:
        """File what has arrived by an hour."""
        filed = np.sort(np.concatenate(self.mail.pop(hour)))
        what = filed & 3
        people = _people(filed)
        self.stand(_distinct(people), hour, turning=False)
        positives, contacts = filed[what == POSITIVE], filed[what == CONTACT]
        self.count("positives", _people(positives))
        self.count("contacts", _people(contacts))
        cases = positives[found_cases(self.last, self.table, positives, EPISODE_DAYS)]
        self.count("cases", _people(cases))
        found_after(self.board, cases, self.infected_on, len(self.parameters.sensitivity), self.hours_to_risky)
        numbers = self.rulings.ask(self.last, self.table, contacts)
        share = threshold(self.parameters.contact_tested_share)
        _post(self.asked, will_be_tested(contacts, numbers, self.rulings.answers, share, self.willing_key))
        self.take_up(positives)

    def stand(self, people: Column, hour: int, *, turning: bool) -> None:
        """Let people stand as the rules say from an hour on."""
        numbers = self.rulings.stand(self.last, self.table, people, hour)
        again, gaps = np.empty(people.size, np.int64), np.empty((people.size, 3), np.int32)
        returns, breaks = stand(self.board, self.rulings.answers, people, numbers, hour, turning, again, gaps)
        _post(self.again, again[:returns])
        if breaks:
            rows = np.concatenate([self.gaps, gaps[:breaks]])
            self.gaps = rows[np.lexsort(rows.T[::-1])]

    # Tracing

    def team_up(self, day: int) -> None:
        """In the morning: count the teams, give up cases that have waited too long, take up others."""
        per_100k, people = self.parameters.tracing_capacity, model.people_of_plates(self.town).tolist()
        self.free = np.array([model.taken_up(per_100k, number, day) for number in people], np.int64)
        waits = day - (self.waiting >> 41) // 24 <= self.parameters.tracing_gives_up_days
        self.count("untraced", _people(self.waiting[~waits]))
        self.waiting = self.waiting[waits]
        self.take_up(NOBODY)

    def take_up(self, cases: Keys) -> None:
        """Let the first cases of each province be traced as long as a team of it is free; the others wait."""
        fresh = cases if cases.size else self.waiting
        if not fresh.size:
            return
        taken_ones = taken_up(self.board.province_start, fresh, self.free)
        left = fresh[~taken_ones]
        self.waiting = np.concatenate([self.waiting, left]) if cases.size else left
        contacts = named(fresh[taken_ones], self.today, self.places, self.teams)
        self.count("contacts_named", _people(contacts))
        self.file_later(contacts)

    # What is told of it

    def look(self, day: int) -> None:
        """Count who is risky at noon, and who infects others then."""
        self.risky += self.board.noons[day]
        self.counts["risky"] += self.risky
        count = self.threads if self.infected > FEW else 1
        parts, counts = shares(self.infected, count), np.zeros((count, 2, PLATES), np.int64)
        left = in_threads(
            count, lambda nth: infectious(self.board, self.infections[slice(*parts[nth])], day, counts[nth])
        )
        for (begin, _), rows in zip(parts[1:], left[1:], strict=True):
            self.infections[left[0] : left[0] + rows] = self.infections[begin : begin + rows]
            left[0] += rows
        self.infected = int(left[0])
        self.counts["infectious_riskless"], self.counts["infectious_risky"] = counts.sum(axis=0)
        self.count("backlog", _people(self.waiting))

    def log(self) -> ReportLog:
        """What the ministry has learnt by the end of the last day; only with `keep_log`."""
        if not self.keep_log:
            raise ValueError("no log was kept; ask for it with keep_log=True")
        keys = _joined_keys(self.kept)
        kind = np.where(keys & 3 == CONTACT, ReportKind.CONTACT, ReportKind.PCR)
        columns = (keys >> 41, person_of(keys), moment_of(keys), kind, (keys & 3 == POSITIVE).astype(np.int64))
        given = model.vaccinations(self.town, self.parameters, self.appointment, self.starts_on)
        return log_of([*model.filed(*columns), *given], self.starts_on, self.today + 1, self.rulings.rules)

    def state(self) -> dict[str, NDArray[np.generic]]:
        """All that a later day hangs on, as columns, at the end of a day; they are the live ones, not copies."""
        return {
            "day": np.array([self.today]),
            "risky_from": self.standing.risky_from,
            "risky_until": self.standing.risky_until,
            "last": self.last,
            "table": self.table[: self.rows],
            "mail": _joined_keys([keys for parts in self.mail.values() for keys in parts]),
            **{name: _dated(days) for name, days in self._agendas().items()},
            "waiting": self.waiting,
            "infections": self.infections[: self.infected],
            "risky": self.risky,
            "noons": self.board.noons,
            "hours_to_risky": self.hours_to_risky,
            "gaps": self.gaps,
            "kept": _joined_keys(self.kept),
        }

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go on where another desk of the same town, parameters and seed was asked for its state."""
        self.today = int(state["day"][0])
        columns = {**self.standing._asdict(), "last": self.last, "noons": self.board.noons, "risky": self.risky}
        for name, column in {**columns, "hours_to_risky": self.hours_to_risky}.items():
            column[:] = state[name]
        self.table, self.rows = state["table"].astype(np.int32), len(state["table"])
        self.infections, self.infected = state["infections"].astype(np.int32), len(state["infections"])
        self.waiting, self.gaps, self.kept = state["waiting"].copy(), state["gaps"].copy(), [state["kept"].copy()]
        self.mail.clear()
        if state["mail"].size:
            self.post(np.sort(state["mail"]))
        for name, days in self._agendas().items():
            days.clear()
            _post(days, state[name])

    def _agendas(self) -> dict[str, Agenda]:
        return {"ill": self.ill, "asked": self.asked, "again": self.again, "dying": self.dying}


def _people(keys: Keys) -> Column:
    return (keys >> 14 & ((1 << 27) - 1)).astype(np.int32)


def _distinct(people: Column) -> Column:
    """Each of them once, ascending; a hundred times faster than `np.unique`, which hashes."""
    ordered: Column = np.sort(people)
    return np.asarray(ordered[np.diff(ordered, prepend=-1) != 0], np.int32)


def _shared(one: Column, other: Column) -> Column:
    """Who is in both, each having everybody once."""
    return np.asarray(np.intersect1d(one, other, assume_unique=True), np.int32)


def _joined(columns: list[Column]) -> Column:
    return np.concatenate(columns) if columns else np.empty(0, np.int32)


def _joined_keys(columns: list[Keys]) -> Keys:
    return np.concatenate(columns) if columns else NOBODY


def _dated(days: Agenda) -> Keys:
    return _joined_keys([day << 32 | people.astype(np.int64) for day, parts in days.items() for people in parts])


def _post(days: Agenda, dated: Keys) -> None:
    """Sort people into days, given as day << 32 | person."""
    _by_day(days, (dated & 0x7FFF_FFFF).astype(np.int32), dated >> 32)


def _by_day(days: Agenda, people: Column, on: NDArray[np.integer]) -> None:
    """Sort people into days."""
    if not on.size:
        return
    days_on = on.astype(np.int16)  # sorted by its digits, much faster than larger numbers
    order = np.argsort(days_on, kind="stable")
    starts = np.flatnonzero(np.diff(days_on[order], prepend=NEVER))
    for day, those in zip(days_on[order[starts]].tolist(), np.split(people[order], starts[1:]), strict=True):
        days[day].append(those)


def _room(table: NDArray[np.int32], rows: int, more: int) -> NDArray[np.int32]:
    """The table with room for so many more rows."""
    if rows + more <= table.shape[0]:
        return table
    larger = np.zeros((max(rows + more, table.shape[0] * 3 // 2), table.shape[1]), np.int32)
    larger[:rows] = table[:rows]
    return larger
