"""The ministry's knowledge as it grows, person by person: one SimPy process with a step an hour.

The steps of a day, in this order:

1. in the morning, standings that a spell has left behind move on to the person's next spell;
2. who was infected yesterday and will have symptoms is given the day of the sample, if there is to be one;
3. teams take up cases that have waited, the first filed being the first, province by province; some are given up;
4. whoever gives a sample today is settled: for symptoms, as a contact, or drawn without a reason in the disease; not
   the dead, nor those who were found positive lately, and nobody twice; none of the drawn who are risky. Each sample
   and its result go to the hour of their upload;
5. hour by hour, the uploads: what is filed is known, and who is concerned stands as the rules say from that hour on.
   Then contacts filed in that hour are asked for a sample on a later day, and positives filed in it go to the teams,
   by person, as long as there is a team free today. What they find out is filed in a later hour.
"""

from collections import defaultdict
from collections.abc import Generator, Iterable
from datetime import date, timedelta
from itertools import groupby

import numpy as np
import simpy
from numpy.typing import NDArray

from mockgov.risk_index.messages import ContactReport, PcrReport, Report
from mockgov.risk_index.rules import case_moments
from sim.reporting import model
from sim.reporting.log import (
    ReportKind,
    ReportLog,
    believed,
    log_of,
    to_messages,
    turning_points_us,
)
from sim.reporting.memory import Case, Gap, Infection, Record, recall, remembered
from sim.reporting.model import COUNTS, EARLIER, EVE, LATEST, NEVER, PLATES, NewInfections, Spell, Standing, Town
from sim.reporting.parameters import ReportingParameters
from sim.streams import Streams

__all__ = ["Desk", "ReportLog", "believed", "to_messages", "turning_points_us"]


class Desk:
    """Testing and tracing of a town, and what the ministry makes of it.

    Takes the streams named "reporting/…", so once per `Streams`. `days` and `threads` change nothing here.
    """

    def __init__(
        self,
        town: Town,
        parameters: ReportingParameters,
        streams: Streams,
        starts_on: date,
        days: int,  # noqa: ARG002
        *,
        threads: int = 1,  # noqa: ARG002
        keep_log: bool = False,
    ) -> None:
        self.town, self.parameters, self.starts_on, self.keep_log = town, parameters, starts_on, keep_log
        self.starts_at, self.rules = model.first_midnight(starts_on), model.regulations(parameters)
        self.symptoms, self.appointment, self.result, self.screening, self.household, self.work, self.willing = (
            streams.stream(f"reporting/{name}")
            for name in ("symptoms", "appointment", "result", "screening", "household", "work", "willing")
        )
        self.delays = model.delays(parameters)
        people = town.home.size
        self.standing = Standing(np.zeros(people, np.int16), np.zeros(people, np.int16))
        self.hours_to_risky = np.zeros(LATEST + 1, np.int64)
        self.gaps: list[Gap] = []
        self.dossiers: defaultdict[int, list[Record]] = defaultdict(list)
        self.spells: dict[int, list[Spell]] = {}
        self.mail: defaultdict[int, list[Record]] = defaultdict(list)
        self.ill: defaultdict[int, set[int]] = defaultdict(set)
        self.asked: defaultdict[int, set[int]] = defaultdict(set)
        self.waiting: list[Case] = []
        self.dies: dict[int, int] = {}
        self.infections: list[Infection] = []
        self.open(0)

    def open(self, day: int) -> None:
        """Be ready for a day."""
        self.today = day - 1
        self.env = simpy.Environment(24 * day)
        self.env.process(work(self.env, self))

    def begin(self, initial: NewInfections) -> None:
        """Take in those infected before day 0, before it: whoever has not given a sample by then may do so later."""
        self.note(EVE, initial)

    def day(self, day: int, infected_on: NDArray[np.int16], new: NewInfections) -> dict[str, NDArray[np.int64]]:
        """A day's counts by plate, by the names in `COUNTS`; `standing` is right at each of its hours, but for `gaps`.

        `infected_on` has each person's last infection, `new` those of today.
        """
        self.today, self.infected_on, self.gaps = day, infected_on, []
        self.counts = {name: np.zeros(PLATES, np.int64) for name in COUNTS}
        self.note(day, new)
        self.env.run(until=24 * (day + 1))
        self.look(24 * day + 12)
        return self.counts

    def count(self, name: str, people: Iterable[int]) -> None:
        """Count people by plate."""
        plates = np.searchsorted(self.town.province_start, [*people], side="right") - 1
        self.counts[name] += np.bincount(plates, minlength=PLATES)

    def note(self, day: int, new: NewInfections) -> None:
        """What the epidemic tells of those infected today."""
        columns = (new.person, new.infectious_on, new.symptoms_on, new.recovered_on, new.hospital_on, new.died_on)
        for person, infectious_on, symptoms_on, recovered_on, hospital_on, died_on in zip(
            *(c.tolist() for c in columns), strict=True
        ):
            over = min(on for on in (recovered_on, hospital_on, died_on) if on != NEVER)
            self.infections.append(Infection(person, infectious_on, over))
            if died_on != NEVER:
                self.dies[person] = died_on
            if symptoms_on == NEVER:
                continue
            share = model.dated(self.parameters.tested, self.starts_on, max(symptoms_on, -EARLIER))
            step, sub = (0, 3) if day == EVE else (day, 0)
            if self.symptoms.chance(share, person, step, sub):
                began = 24 * symptoms_on + int(self.symptoms.below(24, person, step, sub + 1))
                wait = model.hours_taken(self.delays.sample, self.symptoms.word(person, step, sub + 2))
                on = (began + wait) // 24
                if on >= 0 or day != EVE:
                    self.ill[max(on, day)].add(person)

    def file_later(self, hour: int, person: int, moment: int, kind: ReportKind, *, positive: bool = False) -> None:
        """Send a record off with the first upload at or after an hour."""
        record = Record(model.uploaded(hour, self.parameters), person, moment, kind, positive)
        self.mail[record.filed].append(record)
        self.dossiers[person].append(record)

    # Samples

    def tested_today(self, day: int) -> list[int]:
        """Who gives a sample, by person."""
        screened = set(self.screened(day))
        risky_from, risky_until = self.standing
        opening = 24 * day + self.parameters.opening_hour
        chosen = {person for person in screened if not risky_from[person] <= opening < risky_until[person]}
        people = self.ill.pop(day, set()) | self.asked.pop(day, set()) | chosen
        return sorted(p for p in people if self.dies.get(p, day + 1) > day and not self.rests(p, day))

    def screened(self, day: int) -> Iterable[int]:
        """People drawn without a reason in the disease; some may be drawn twice."""
        people = self.town.home.size
        number, rest = model.share_of_people(model.dated(self.parameters.screened, self.starts_on, day), people)
        number += (self.screening.word(0, day) >> 32) < rest
        return (int(self.screening.below(people, nth, day, 1)) for nth in range(number))

    def rests(self, person: int, day: int) -> bool:
        """Whether somebody was found positive lately, known or not."""
        positives = (each.moment // 24 for each in self.dossiers.get(person, ()) if each.positive)
        return any(day - sampled <= self.parameters.positive_rest_days for sampled in positives)

    def sample(self, person: int, day: int) -> bool:
        """Take a sample, and let the laboratory find out; whether it will be positive."""
        parameters = self.parameters
        hour = 24 * day + parameters.opening_hour + int(self.appointment.below(parameters.hours_open, person, day))
        age = day - int(self.infected_on[person])
        chance = (
            parameters.sensitivity[age] if 0 <= age < len(parameters.sensitivity) else parameters.false_positive_share
        )
        positive = bool(self.result.chance(chance, person, day))
        known = hour + model.hours_taken(self.delays.laboratory, self.result.word(person, day, 1))
        self.file_later(known, person, hour, ReportKind.PCR, positive=positive)
        return positive

    # Uploads

    def upload(self, hour: int) -> None:
        """File what has arrived by an hour."""
        if hour not in self.mail:
            return
        filed = sorted(self.mail.pop(hour))
        for person, records in groupby(filed, key=lambda record: record.person):
            self.learn(person, hour, [*records])
        positives = [record for record in filed if record.positive]
        self.count("positives", (record.person for record in positives))
        self.count("contacts", (record.person for record in filed if record.kind is ReportKind.CONTACT))
        self.take_up([Case(hour, record.person, record.moment) for record in positives], hour)

    def learn(self, person: int, hour: int, records: list[Record]) -> None:
        """Somebody stands otherwise from now on, and may be a case, or a contact who is asked for a sample."""
        self.stand(person, hour, model.spells(self.known(person, hour), hour, self.starts_at, self.rules))
        for record in records:
            if record.kind is ReportKind.CONTACT:
                self.ask(record)
            elif record.positive and self.is_case(record):
                self.count("cases", [person])
                since = int(self.standing.risky_from[person])
                age = record.moment // 24 - int(self.infected_on[person])
                if since <= hour < self.standing.risky_until[person] and 0 <= age < len(self.parameters.sensitivity):
                    noon = 24 * int(self.infected_on[person]) + 12
                    self.hours_to_risky[min(max(since - noon, 0), LATEST)] += 1

    def known(self, person: int, hour: int) -> list[Report]:
        """All that is filed of a person by an hour."""
        records = (record for record in self.dossiers[person] if record.filed <= hour)
        return [*self.doses(person, hour), *map(self.report, records)]

    def report(self, record: Record) -> Report:
        """A record as the ministry's message."""
        at = self.starts_at + timedelta(hours=record.moment)
        if record.kind is ReportKind.CONTACT:
            return ContactReport(citizen_id=record.person + 1, last_contact_at=at)
        return PcrReport(citizen_id=record.person + 1, sampled_at=at, positive=record.positive)

    def doses(self, person: int, hour: int) -> list[Report]:
        """The doses given to a person by an hour."""
        days = model.dose_days(self.town, person, self.starts_on)
        hours = [self.dose_hour(person, dose) for dose in range(1, len(days) + 1)]
        return model.dose_reports(days, hours, person, self.starts_at, hour)

    def dose_hour(self, person: int, dose: int) -> int:
        """The hour of the day at which a dose is given."""
        return self.parameters.opening_hour + int(self.appointment.below(self.parameters.hours_open, person, 0, dose))

    def is_case(self, positive: Record) -> bool:
        """Whether it is the first positive of an episode."""
        found = (self.report(record) for record in self.dossiers[positive.person] if record.filed <= positive.filed)
        return self.starts_at + timedelta(hours=positive.moment) in case_moments(found)

    def stand(self, person: int, hour: int, coming: list[Spell]) -> None:
        """Let the standing of a person be as it was before an hour, and from it on as these spells say."""
        begins = 24 * self.today
        past = [Spell(spell.begins, min(spell.until, hour)) for spell in self.spells.get(person, ())]
        whole = [spell for spell in past if spell.begins < spell.until > begins]
        if whole and coming and whole[-1].until == coming[0].begins:
            coming = [Spell(whole.pop().begins, coming[0].until), *coming[1:]]
        self.spells[person] = [*whole, *coming]
        self.show(person)

    def show(self, person: int) -> None:
        """Put the spell of today, or else the next one, into the columns; a gap between two of today is noted."""
        risky_from, risky_until = self.standing
        if not (spells := self.spells[person]):
            if risky_until[person] > 24 * self.today:
                risky_from[person] = risky_until[person] = 0
            return
        begins, until = spells[0]
        gaps = [gap for gap in self.gaps if gap.person != person]
        for spell in spells[1:]:
            if spell.begins >= 24 * (self.today + 1):
                break
            gaps.append(Gap(person, until, spell.begins))
            until = spell.until
        self.gaps = gaps
        risky_from[person], risky_until[person] = begins, until

    def turn_over(self, day: int) -> None:
        """In the morning: forget spells that are over, and yesterday's gaps; show the next spell if that is due."""
        risky_from, risky_until = self.standing
        for person, spells in [*self.spells.items()]:
            left = [spell for spell in spells if spell.until > 24 * day]
            if not left:
                del self.spells[person]
            elif risky_until[person] > 24 * day:
                self.spells[person] = [Spell(int(risky_from[person]), left[0].until), *left[1:]]
            else:
                self.spells[person] = left
                self.show(person)

    def ask(self, contact: Record) -> None:
        """Let a contact who is told of it give a sample on the day that the rules say, or on the day after."""
        records = (r for r in self.dossiers[contact.person] if r.filed <= contact.filed and r.moment <= contact.moment)
        positives = [self.report(record) for record in records if record.positive]
        message = self.report(contact)
        assert isinstance(message, ContactReport)
        asked = model.asked(message, [*self.doses(contact.person, contact.moment), *positives], self.rules)
        if asked is None:
            return
        told_on, contact_day, person = contact.filed // 24, contact.moment // 24, contact.person
        on = max(contact_day + asked.after, told_on + 1)
        share, lag = self.parameters.contact_tested_share, contact.filed - contact.moment
        if on - contact_day < asked.within and self.willing.chance(share, person, told_on, lag):
            self.asked[on].add(person)

    # Tracing

    def team_up(self, day: int) -> None:
        """In the morning: count the teams, give up cases that have waited too long, take up others."""
        per_100k, people = self.parameters.tracing_capacity, model.people_of_plates(self.town).tolist()
        self.free = [model.taken_up(per_100k, number, day) for number in people]
        since = 24 * (day - self.parameters.tracing_gives_up_days)
        self.count("untraced", (case.person for case in self.waiting if case.filed < since))
        self.waiting = [case for case in self.waiting if case.filed >= since]
        self.take_up([], 24 * day)

    def take_up(self, cases: list[Case], hour: int) -> None:
        """Let the first cases of each province be traced as long as a team of it is free; the others wait."""
        left = []
        for case in sorted([*self.waiting, *cases]):
            plate = int(np.searchsorted(self.town.province_start, case.person, side="right")) - 1
            if self.free[plate] > 0:
                self.free[plate] -= 1
                self.trace(case, case.filed + 24 * (hour // 24 - case.filed // 24))
            else:
                left.append(case)
        self.waiting = left

    def trace(self, case: Case, hour: int) -> None:
        """A team that begins at an hour finds a case's contacts; their records arrive together."""
        named = [(contact, case.sampled) for contact in self.family(case)]
        named += [(contact, case.sampled - 24) for contact in self.colleagues(case)]
        self.count("contacts_named", (contact for contact, _ in named))
        word = self.result.word(case.person, case.sampled // 24, 2)
        arrives = hour + model.hours_taken(self.delays.tracing, word)
        for person, last in named:
            self.file_later(arrives, person, last, ReportKind.CONTACT)

    def family(self, case: Case) -> list[int]:
        """Those of the case's household who are named; the last contact was at the sample."""
        place, size = divmod(int(self.town.home[case.person]), 16)
        first, share = case.person - place, self.parameters.household_named_share
        named = self.household.chance(share, case.person, case.sampled // 24, np.arange(size))
        return [first + nth for nth in range(size) if nth != place and named[nth]]

    def colleagues(self, case: Case) -> list[int]:
        """Colleagues or fellow pupils who are named, each once; the last contact was on the day before the sample."""
        place, day = int(self.town.place[case.person]), case.sampled // 24
        if place < 0:
            return []
        begins, ends = self.town.place_start[place : place + 2].tolist()
        named: list[int] = []
        for nth in range(self.parameters.work_contacts):
            met = int(self.town.member[begins + int(self.work.below(ends - begins, case.person, day, 2 * nth))])
            new = met != case.person and met not in named
            if new and self.work.chance(self.parameters.work_named_share, case.person, day, 2 * nth + 1):
                named.append(met)
        return named

    # What is told of it

    def look(self, noon: int) -> None:
        """Count who is risky at noon, and who infects others then."""
        risky = (self.standing.risky_from <= noon) & (noon < self.standing.risky_until)
        self.count("risky", np.flatnonzero(risky).tolist())
        day = noon // 24
        self.infections = [infection for infection in self.infections if infection.until > day]
        now = [infection.person for infection in self.infections if infection.begins <= day]
        self.count("infectious_risky", (person for person in now if risky[person]))
        self.count("infectious_riskless", (person for person in now if not risky[person]))
        self.count("backlog", (case.person for case in self.waiting))

    def log(self) -> ReportLog:
        """What the ministry has learnt by the end of the last day; only with `keep_log`."""
        if not self.keep_log:
            raise ValueError("no log was kept; ask for it with keep_log=True")
        records = [record for dossier in self.dossiers.values() for record in dossier]
        columns = np.array(records, np.int64).reshape(-1, len(Record._fields)).T
        given = model.vaccinations(self.town, self.parameters, self.appointment, self.starts_on)
        return log_of([*model.filed(*columns), *given], self.starts_on, self.today + 1, self.rules)

    def state(self) -> dict[str, NDArray[np.int64]]:
        """All that a later day hangs on, as columns, at the end of a day."""
        return remembered(self)

    def restore(self, state: dict[str, NDArray[np.int64]]) -> None:
        """Go on where another desk of the same town, parameters and seed was asked for its state."""
        recall(self, state)


def work(env: simpy.Environment, desk: Desk) -> Generator[simpy.Event, None, None]:
    """The process itself, for an environment that other processes share; its clock counts hours."""
    while True:
        day, hour = divmod(int(env.now), 24)
        if hour == 0:
            desk.turn_over(day)
            desk.team_up(day)
            ill = desk.ill[day]
            people = desk.tested_today(day)
            desk.count("samples", people)
            positive = [person for person in people if desk.sample(person, day)]
            desk.count("patients", ill.intersection(positive))
        desk.upload(int(env.now))
        yield env.timeout(1)
