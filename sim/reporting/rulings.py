"""The rules' answers to histories: each distinct history is put to the ministry's own rules once, then remembered."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mockgov.risk_index.messages import ContactReport, PcrReport, Report
from mockgov.risk_index.regulations import Regulation
from sim.compiled import below, in_threads, shares, word
from sim.reporting import model
from sim.reporting.dossier import CONTACT, MANY, POSITIVE, Column, Keys, Table, moment_of, person_of
from sim.reporting.histories import (
    UNKNOWN,
    Doses,
    Rulebook,
    Tree,
    asked_about,
    gathered,
    planted,
    replanted,
    stood,
)
from sim.reporting.model import Town
from sim.reporting.standings import Answers, unanswered

FEW = 2_000
"""Up to so many people it is not worth a second thread."""


class Rulings:
    """All that the rules have been asked so far. What it remembers changes no result: it can be forgotten."""

    def __init__(  # the collaborators of one desk
        self,
        town: Town,
        book: Rulebook,
        rules: tuple[Regulation, ...],
        starts_on: date,
        *,
        threads: int,
    ) -> None:
        self.book, self.rules, self.threads = book, rules, threads
        self.town, self.starts_on, self.starts_at = town, starts_on, model.first_midnight(starts_on)
        self.doses = Doses(np.asarray(town.flags), np.asarray(town.first_dose), np.asarray(town.third_dose))
        self.tree = planted(1 << 16)
        self.answers = Answers(np.full(1 << 15, -1, np.int64), np.zeros(1 << 16, np.int64))
        self.written = 0
        self.questions = 0
        """How often the rules were asked."""

    @property
    def keeps_days(self) -> int:
        """Days for which contacts and negatives matter, at most."""
        return 2 * self.book.longest + self.book.test_days + 1

    def stand(self, last: Column, table: Table, people: Column, hour: int) -> Column:
        """The number of each person's history at an hour; each of them has an answer, or is `NOTHING`."""
        numbers = self.numbers_of_people(last, table, people, hour)
        self.settle_standing(last, table, people, numbers, self.open(numbers), hour)
        return numbers

    def open(self, numbers: Column) -> list[int]:
        """Places of the histories without an answer, one for each such history."""
        places = np.empty(numbers.size, np.int64)
        return [int(place) for place in places[: unanswered(numbers, self.answers, places)]]

    def settle_standing(
        self, last: Column, table: Table, people: Column, numbers: Column, places: list[int], hour: int
    ) -> None:
        """Put the histories at these places to the rules: how somebody stands from an hour on."""
        for place in places:
            person = int(people[place])
            known = [*self.records(last, table, person, hour), *self.doses_of(person, hour)]
            answer = [
                day
                for spell in model.spells(known, hour, self.starts_at, self.rules)
                for day in (
                    -1 if spell.begins == hour else self.days_on(spell.begins, hour),
                    self.days_on(spell.until, hour),
                )
            ]
            self.write(int(numbers[place]), [len(answer) // 2, *answer])

    def settle_asking(self, last: Column, table: Table, contacts: Keys, numbers: Column, places: list[int]) -> None:
        """Put the histories at these places to the rules: when a contact that is filed is asked for a sample."""
        for place in places:
            key = int(contacts[place])
            person, moment = int(person_of(key)), int(moment_of(key))
            records = self.records(last, table, person, key >> 41)
            at = self.starts_at + timedelta(hours=moment)
            positives = [r for r in records if isinstance(r, PcrReport) and r.positive and r.sampled_at <= at]
            contact = ContactReport(citizen_id=person + 1, last_contact_at=at)
            asked = model.asked(contact, [*self.doses_of(person, moment), *positives], self.rules)
            self.write(int(numbers[place]), [0] if asked is None else [1, asked.after, asked.within])

    def numbers_of_people(self, last: Column, table: Table, people: Column, hour: int) -> Column:
        """The number of each person's history at an hour."""
        book, doses = self.book, self.doses
        return self.numbered(
            people, lambda those, grow, out: stood(last, table, self.tree, book, doses, those, hour, grow, out)
        )

    def numbers_of_contacts(self, last: Column, table: Table, contacts: Keys) -> Column:
        """The number of the history for each contact that is filed."""
        book, doses = self.book, self.doses
        return self.numbered(
            contacts, lambda those, grow, out: asked_about(last, table, self.tree, book, doses, those, grow, out)
        )

    def numbered(self, items: NDArray[Any], look: Callable[[NDArray[Any], int, Column], None]) -> Column:
        """The number of each item's history: looked up in threads, then put into the tree where it is missing."""
        numbers = np.full(items.size, UNKNOWN, np.int32)
        count = self.threads if items.size > FEW else 1
        parts = shares(items.size, count)
        in_threads(count, lambda nth: look(items[slice(*parts[nth])], 0, numbers[slice(*parts[nth])]))
        while (missing := np.flatnonzero(numbers == UNKNOWN)).size:
            found = np.full(missing.size, UNKNOWN, np.int32)
            look(items[missing], 1, found)
            numbers[missing] = found
            self.make_room()
        return numbers

    @staticmethod
    def days_on(hour: int, now: int) -> int:
        """Days from today to the midnight with which a spell ends, or begins later."""
        days, rest = divmod(hour, 24)
        assert rest == 0, "isolations that have not begun begin, and all end, at midnight"
        return days - now // 24

    def records(self, last: Column, table: Table, person: int, hour: int) -> list[Report]:
        """Somebody's records filed by an hour as reports."""
        found = np.empty(MANY, np.int64)
        count = int(gathered(last, table, person, hour, found))
        return [report_of(person, value >> 2, value & 3, self.starts_at) for value in found[:count].tolist()]

    def doses_of(self, person: int, hour: int) -> list[Report]:
        """Somebody's doses by an hour as reports."""
        days = model.dose_days(self.town, person, self.starts_on)
        book = self.book
        words = [np.uint64(word(book.appointment, person, 0, dose)) for dose in range(1, len(days) + 1)]
        hours = [book.opening_hour + int(below(book.hours_open, drawn)) for drawn in words]
        return model.dose_reports(days, hours, person, self.starts_at, hour)

    def write(self, number: int, answer: list[int]) -> None:
        """Remember an answer."""
        self.questions += 1
        at, spells = self.answers
        if self.written + len(answer) > spells.size:
            self.answers = Answers(at, _longer(spells, 0))
        self.answers.spells[self.written : self.written + len(answer)] = answer
        self.answers.at[number] = self.written
        self.written += len(answer)

    def make_room(self) -> None:
        """Let the tree grow before it is half full, and the answers with it."""
        size = int(self.tree.size[0])
        if 2 * size >= self.tree.keys.size:
            larger = planted(2 * self.tree.keys.size)
            replanted(self.tree, larger.keys, larger.numbers)
            self.tree = Tree(larger.keys, larger.numbers, self.tree.size)
        while size >= self.answers.at.size:
            self.answers = Answers(_longer(self.answers.at, -1), self.answers.spells)


def _longer(column: NDArray[np.int64], filled_with: int) -> NDArray[np.int64]:
    return np.concatenate([column, np.full(column.size, filled_with, np.int64)])


def report_of(person: int, moment: int, what: int, starts_at: datetime) -> Report:
    """One record, a case, negative or contact of a person's at an hour, as the ministry's rules take it."""
    at = starts_at + timedelta(hours=moment)
    if what == CONTACT:
        return ContactReport(citizen_id=person + 1, last_contact_at=at)
    return PcrReport(citizen_id=person + 1, sampled_at=at, positive=what == POSITIVE)
