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
from sim.reporting import model, uploads
from sim.reporting.agenda import (
    NOBODY,
    Agenda,
    among,
    dated,
    distinct,
    joined,
    joined_keys,
    people_of,
    put_by_day,
    put_down,
    with_room,
)
from sim.reporting.dossier import (
    CONTACT,
    FIELDS,
    POSITIVE,
    Column,
    Keys,
    append,
    bury,
    compact,
    moment_of,
    person_of,
)
from sim.reporting.infectious import Infectious
from sim.reporting.log import ReportKind, ReportLog, log_of
from sim.reporting.model import COUNTS, EARLIER, EVE, LATEST, NEVER, PLATES, NewInfections, Standing, Town
from sim.reporting.parameters import ReportingParameters
from sim.reporting.rulebook import rulebook
from sim.reporting.rulings import FEW, Rulings
from sim.reporting.samples import Laboratory, drawn, riskless, taken, will_go
from sim.reporting.standings import Board, stand
from sim.reporting.tracing import CONTACTS_OF_HOUSEHOLD, Places, Teams, by_plate, named, provinces, taken_up
from sim.reporting.uploads import COUNTED, Customs, Desktop, Known
from sim.streams import Streams

BEYOND = 40
"""Days after the last one that some columns by day have, for isolations and symptoms that lie there."""
MANY = 1 << 62
LEAST = 256
"""Rows with which the table of records begins. Memory for far more is only asked for, and taken when it is needed."""
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
        self.symptoms_key, self.screening_key = key_of(of["symptoms"]), key_of(of["screening"])
        self.customs = Customs(
            many=FEW if threads > 1 else MANY,
            episode_days=EPISODE_DAYS,
            infected_days=len(parameters.sensitivity),
            tested_share=threshold(parameters.contact_tested_share),
            willing=key_of(of["willing"]),
        )
        rules = model.regulations(parameters)
        book = rulebook(town, parameters, rules, self.appointment, starts_on, days)
        self.rulings = Rulings(town, book, rules, starts_on, threads=threads)
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
        self.most_named = CONTACTS_OF_HOUSEHOLD + parameters.work_contacts
        self.people = town.home.size
        # full(), not zeros(): the memory is taken here, in order, and not by the first days, here and there
        self.standing = Standing(np.full(self.people, 0, np.int16), np.full(self.people, 0, np.int16))
        noons = np.zeros((days + BEYOND, PLATES), np.int64)
        self.board = Board(*self.standing, noons, provinces(town.province_start))
        self.last = np.full(self.people, 0, np.int32)
        self.table, self.rows, self.limit = np.zeros((self.people + LEAST, FIELDS), np.int32), 0, LEAST
        self.mail: defaultdict[int, list[Keys]] = defaultdict(list)
        self.ill: Agenda = defaultdict(list)
        self.asked: Agenda = defaultdict(list)
        self.again: Agenda = defaultdict(list)
        self.dying: Agenda = defaultdict(list)
        self.waiting = NOBODY
        self.infectious = Infectious(self.board, threads)
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
        returning = distinct(joined(self.again.pop(day, [])))
        self.turn(returning, 24 * day)
        self.team_up(day)
        self.sample(day)
        self.upload(day)
        self.look(day)
        return self.counts

    def count(self, name: str, keys: Keys) -> None:
        """Count the people of records by plate."""
        by_plate(self.board.provinces, keys, self.counts[name])

    def note(self, day: int, new: NewInfections) -> None:
        """What the epidemic tells of those infected today."""
        person, symptoms_on = new.person.astype(np.int32), new.symptoms_on
        self.infectious.note(new)
        dies = new.died_on != NEVER
        put_by_day(self.dying, person[dies], new.died_on[dies])
        parts = shares(person.size, self.threads if person.size > FEW else 1)

        def goes(nth: int) -> NDArray[Any]:
            some = slice(*parts[nth])
            return will_go(person[some], symptoms_on[some], day, self.tested, self.sample_delay, self.symptoms_key)

        on = np.concatenate(in_threads(len(parts), goes))
        put_by_day(self.ill, person[on != NEVER], on[on != NEVER])
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
        ill = distinct(joined(self.ill.pop(day, [])))
        people = distinct(joined([ill, *self.asked.pop(day, []), screened]))
        found = np.empty(people.size, np.int64)
        count = self.threads if people.size > FEW else 1
        parts = shares(people.size, count)

        def work(nth: int) -> None:
            begin, end = parts[nth]
            these, out = people[begin:end], found[begin:end]
            taken(self.last, self.table, these, day, self.infected_on, self.laboratory, out)

        in_threads(count, work)
        records = found[found != 0]
        self.count("samples", records)
        positives = records[records & 3 == POSITIVE]
        self.count("patients", positives[among(ill, people_of(positives))])
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
        """Sort sorted records into the days of their upload."""
        day, begin = int(records[0] >> 41) // 24, 0
        while begin < records.size:
            end = int(np.searchsorted(records, 24 * (day + 1) << 41))
            if end > begin:
                self.mail[day].append(records[begin:end])
            day, begin = day + 1, end

    def make_room(self, rows: int) -> None:
        """Forget what cannot matter any more when the table is full, and let it grow if that is not enough."""
        if self.rows + rows <= self.limit:
            return
        book, parameters, now = self.rulings.book, self.parameters, 24 * self.today
        others = self.rulings.keeps_days
        disease = int(book.disease_limits[-1]) if book.disease_limits.size else 0
        positives = 1 + max(others + disease, EPISODE_DAYS, parameters.positive_rest_days)
        self.rows = compact(self.last, self.table, self.rows, now - 1, now - 24 * positives, now - 24 * others)
        if 2 * (self.rows + rows) > self.limit:
            self.limit = max(self.rows * 2, self.limit * 3 // 2) + 2 * rows
            self.table = with_room(self.table, self.rows, self.limit - self.rows)

    # Uploads

    def upload(self, day: int) -> None:
        """File what arrives in the hours of a day."""
        mail = np.sort(joined_keys(self.mail.pop(day, [])))
        desktop = uploads.desktop_of(24 * day, mail, self.free, self.most_named, self.rows)
        at, rulings = desktop.at, self.rulings
        customs, places = self.customs, self.places
        while True:
            known = Known(
                self.last, self.table[: self.limit], self.infected_on, rulings.doses, places, self.hours_to_risky
            )
            what = uploads.upload(
                24 * day + 24,
                desktop,
                known,
                rulings.tree,
                rulings.book,
                rulings.answers,
                self.board,
                self.teams,
                customs,
            )
            if what == uploads.DONE:
                break
            items, hour, opened = (
                int(at[uploads.ITEMS]),
                int(at[uploads.HOUR]),
                desktop.open[: at[uploads.OPEN]].tolist(),
            )
            stands = at[uploads.STEP] in (uploads.LOOKS, uploads.STANDS)
            people, contacts, numbers = desktop.people[:items], desktop.contacts[:items], desktop.numbers[:items]
            if what == uploads.MANY and stands:
                numbers[:] = rulings.numbers_of_people(self.last, self.table, people, hour)
            elif what == uploads.MANY:
                numbers[:] = rulings.numbers_of_contacts(self.last, self.table, contacts)
            elif what == uploads.GROW:
                rulings.make_room()
            elif what == uploads.ROOM:
                self.rows = int(at[uploads.ROWS])
                self.make_room(int(at[uploads.NAMED] - at[uploads.KEPT]))
                at[uploads.ROWS] = self.rows
            elif stands:
                rulings.settle_standing(self.last, self.table, people, numbers, opened, hour)
            else:
                rulings.settle_asking(self.last, self.table, contacts, numbers, opened)
        self.clear(day, desktop)

    def clear(self, day: int, desktop: Desktop) -> None:
        """Put away what the day's uploads have left behind."""
        lists: tuple[Any, ...] = (desktop.named, desktop.waiting, desktop.again, desktop.asked, desktop.gaps)
        ends = desktop.at[[uploads.NAMED, uploads.WAITING, uploads.AGAIN, uploads.ASKED, uploads.GAPS]].tolist()
        contacts, waiting, again, asked, gaps = (each[:end].copy() for each, end in zip(lists, ends, strict=True))
        self.rows = int(desktop.at[uploads.ROWS])
        for name, counts in zip(COUNTED, desktop.counts, strict=True):
            self.counts[name] += counts
        if self.keep_log:
            self.kept.append(contacts)
        later = np.sort(contacts[contacts >> 41 >= 24 * day + 24])
        if later.size:
            self.post(later)
        self.waiting = np.concatenate([self.waiting, waiting])
        put_down(self.again, again)
        put_down(self.asked, asked)
        self.break_off(gaps)

    def turn(self, people: Column, hour: int) -> None:
        """In the morning: let people whose spell is over stand as the rules say from an hour on."""
        numbers = self.rulings.stand(self.last, self.table, people, hour)
        again, gaps = np.empty(people.size, np.int64), np.empty((people.size, 3), np.int32)
        returns, breaks = stand(self.board, self.rulings.answers, people, numbers, hour, 1, again, gaps)
        put_down(self.again, again[:returns])
        self.break_off(gaps[:breaks])

    def break_off(self, gaps: NDArray[Any]) -> None:
        """Note gaps in today's spells."""
        if gaps.size:
            rows = np.concatenate([self.gaps, gaps])
            self.gaps = rows[np.lexsort(rows.T[::-1])]

    # Tracing

    def team_up(self, day: int) -> None:
        """In the morning: count the teams, give up cases that have waited too long, take up others."""
        per_100k, people = self.parameters.tracing_capacity, model.people_of_plates(self.town).tolist()
        self.free = np.array([model.taken_up(per_100k, number, day) for number in people], np.int64)
        waits = day - (self.waiting >> 41) // 24 <= self.parameters.tracing_gives_up_days
        self.count("untraced", self.waiting[~waits])
        self.waiting = self.waiting[waits]
        if not self.waiting.size:
            return
        finds = taken_up(self.board.provinces, self.waiting, self.free)
        cases, self.waiting = self.waiting[finds], self.waiting[~finds]
        contacts = np.empty(cases.size * self.most_named, np.int64)
        contacts = contacts[: named(cases, day, self.places, self.teams, contacts, 0)].copy()
        self.count("contacts_named", contacts)
        self.file_later(contacts)

    # What is told of it

    def look(self, day: int) -> None:
        """Count who is risky at noon, and who infects others then."""
        self.risky += self.board.noons[day]
        self.counts["risky"] += self.risky
        self.counts["infectious_riskless"], self.counts["infectious_risky"] = self.infectious.at_noon(day)
        self.count("backlog", self.waiting)

    def log(self) -> ReportLog:
        """What the ministry has learnt by the end of the last day; only with `keep_log`."""
        if not self.keep_log:
            raise ValueError("no log was kept; ask for it with keep_log=True")
        keys = joined_keys(self.kept)
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
            "mail": joined_keys([keys for parts in self.mail.values() for keys in parts]),
            **{name: dated(days) for name, days in self._agendas().items()},
            "waiting": self.waiting,
            "infectious": self.infectious.state(),
            "risky": self.risky,
            "noons": self.board.noons,
            "hours_to_risky": self.hours_to_risky,
            "gaps": self.gaps,
            "kept": joined_keys(self.kept),
        }

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go on where another desk of the same town, parameters and seed was asked for its state."""
        self.today = int(state["day"][0])
        columns = {**self.standing._asdict(), "last": self.last, "noons": self.board.noons, "risky": self.risky}
        for name, column in {**columns, "hours_to_risky": self.hours_to_risky}.items():
            column[:] = state[name]
        self.rows = self.limit = len(state["table"])
        self.table = with_room(self.table, 0, self.rows)
        self.table[: self.rows] = state["table"]
        self.infectious.restore(state["infectious"])
        self.waiting, self.gaps, self.kept = state["waiting"].copy(), state["gaps"].copy(), [state["kept"].copy()]
        self.mail.clear()
        if state["mail"].size:
            self.post(np.sort(state["mail"]))
        for name, days in self._agendas().items():
            days.clear()
            put_down(days, state[name])

    def _agendas(self) -> dict[str, Agenda]:
        return {"ill": self.ill, "asked": self.asked, "again": self.again, "dying": self.dying}
