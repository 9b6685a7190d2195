"""The onboarding road as a story, told by SimPy: prepare, write, wait, be returned, integrate, go live.

This is the specification: whatever else computes the same must agree with it in every moment.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from heapq import heappop, heappush

import numpy as np
import simpy
from simpy.events import EventPriority

from mockgov.onboarding.rules import LetterChannel
from sim.admissions.model import (
    BEYOND_DAYS,
    DAY_US,
    MOST_LETTERS,
    MOST_QUESTIONS,
    NEVER,
    Chance,
    Hours,
    Institution,
    Order,
    Outcome,
    Task,
    refusal,
    wave,
)
from sim.admissions.parameters import AdmissionsParameters, DeskName
from sim.admissions.record import AdmissionsRun, DeskRecord, Journey, Piece
from sim.streams import Streams

Story = Generator[simpy.Event, object, None]


def simulate(parameters: AdmissionsParameters, first: date, streams: Streams) -> AdmissionsRun:
    """Let institutions walk the road from the midnight that begins `first`, until the run's end.

    Takes the streams named "admissions/…", so once per `Streams`.
    """
    days = 7 * (parameters.applications.weeks + parameters.weeks_after)
    hours = Hours.of_offices(first, days + BEYOND_DAYS)
    applicants = wave(parameters, hours, streams)
    return walk(applicants, parameters, Chance(parameters, streams, applicants), first, hours, days * DAY_US)


def walk(
    applicants: list[Institution],
    parameters: AdmissionsParameters,
    chance: Chance,
    first: date,
    hours: Hours,
    ends_us: int,
) -> AdmissionsRun:
    """The same with applicants and office hours that are given."""
    env = simpy.Environment()
    desks = {
        name: Desk(env=env, hours=hours, clerks=staff_of(parameters, name, first), number=number)
        for number, name in enumerate(DeskName)
    }
    road = Onboarding(env=env, hours=hours, chance=chance, desks=desks)
    for desk in desks.values():
        env.process(keep_open(desk))
    journeys = [Journey(who=who) for who in applicants]
    for journey in journeys:
        env.process(onboard(road, journey))
    env.run(until=ends_us)
    return AdmissionsRun(
        first=first,
        ends_us=ends_us,
        hours=hours,
        journeys=tuple(journeys),
        desks=tuple(desk.record(name) for name, desk in desks.items()),
    )


def staff_of(parameters: AdmissionsParameters, name: DeskName, first: date) -> Callable[[int], int]:
    """Clerks at a desk by day of the run."""
    return cache(lambda day: parameters.on_duty(name, first + timedelta(days=day)))


class Moment(simpy.Event):
    """A point on the clock with its place among simultaneous events.

    SimPy's own events (a process starts, a turn is granted) have the priorities 0 and 1, below any place that
    `Order` gives: what follows from an event is settled before the next event of the same microsecond.
    """

    def __init__(self, env: simpy.Environment, at_us: int, place: int) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, EventPriority(place), at_us - int(env.now))


# The ministry


@dataclass(slots=True, kw_only=True)
class Desk:
    """A desk of the ministry: its clerks, its queue, its office hours, and the record of it all."""

    env: simpy.Environment
    hours: Hours
    clerks: Callable[[int], int]
    """Clerks on duty, by day from 0."""
    number: int = 0
    busy: int = 0
    queue: list[tuple[bool, int, int, simpy.Event]] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    inside: list[tuple[int, int]] = field(default_factory=list)

    def line_up(self, number: int, *, is_urgent: bool) -> simpy.Event:
        """Wait for a turn: the urgent first, then in the order of arrival."""
        turn = self.env.event()
        heappush(self.queue, (not is_urgent, len(self.pieces), number, turn))
        self.call()
        return turn

    def call(self) -> None:
        """Let clerks who are free take the next pieces, if the office is open."""
        now = int(self.env.now)
        while self.queue and self.hours.is_open(now) and self.busy < self.clerks(now // DAY_US):
            *_, turn = heappop(self.queue)
            self.busy += 1
            turn.succeed()

    def done(self) -> None:
        """A clerk has put down a finished piece."""
        self.busy -= 1
        self.call()

    def count_inside(self) -> None:
        """Note how many pieces are here now, as clerks and queue have it."""
        self.inside.append((int(self.env.now), self.busy + len(self.queue)))

    def record(self, name: DeskName) -> DeskRecord:
        """The record as columns."""
        changes = np.array(self.inside, np.int64).reshape(-1, 2)
        return DeskRecord(
            name=name, pieces=tuple(self.pieces), changed_us=changes[:, 0].copy(), inside=changes[:, 1].copy()
        )


def keep_open(desk: Desk) -> Story:
    """An office's days: whenever it opens, its clerks turn to those who wait."""
    for opens_us in desk.hours.opens:
        yield Moment(desk.env, opens_us, Order.OPENING.of(desk.number))
        desk.call()


def handle(desk: Desk, number: int, task: Task, length_us: int, *, is_urgent: bool = False) -> Story:
    """A piece of work at a desk: it waits for a clerk, who works on it in office hours until it is done."""
    env, place = desk.env, len(desk.pieces)
    piece = Piece(number, task, length_us, arrived_us=int(env.now), started_us=NEVER, done_us=NEVER)
    turn = desk.line_up(number, is_urgent=is_urgent)
    desk.pieces.append(piece)
    desk.count_inside()
    yield turn
    piece = piece._replace(started_us=int(env.now))
    desk.pieces[place] = piece
    yield Moment(env, desk.hours.after(piece.started_us, length_us), Order.WORK_DONE.of(number))
    desk.pieces[place] = piece._replace(done_us=int(env.now))
    desk.done()
    desk.count_inside()


# The institution


@dataclass(frozen=True, slots=True, kw_only=True)
class Onboarding:
    """The road: office hours, chance, and the ministry's desks."""

    env: simpy.Environment
    hours: Hours
    chance: Chance
    desks: dict[DeskName, Desk]

    @property
    def now_us(self) -> int:
        """The present moment."""
        return int(self.env.now)

    def busy_for(self, who: Institution, length_us: int) -> simpy.Event:
        """An institution's own step, in office time."""
        return Moment(self.env, self.hours.after(self.now_us, length_us), Order.STEP.of(who.number))

    def handled(self, who: Institution, name: DeskName, task: Task, length_us: int) -> Story:
        """A piece of work for an institution at a desk."""
        return handle(self.desks[name], who.number, task, length_us, is_urgent=who.is_urgent)


def onboard(road: Onboarding, journey: Journey) -> Story:
    """An institution's whole way."""
    who = journey.who
    yield Moment(road.env, who.begins_us, Order.STEP.of(who.number))
    yield from fill_in(road, journey)
    yield from apply(road, journey)
    if journey.outcome is not Outcome.UNDER_WAY:
        return
    yield from integrate(road, journey)
    yield from road.handled(who, DeskName.ACCESS, Task.LIVE_ACCESS, road.chance.us("live_access", who))
    journey.live_us, journey.outcome = road.now_us, Outcome.LIVE
    yield from road.handled(who, DeskName.LETTERS, Task.CONFIRM, road.chance.us("confirming", who))
    journey.confirmed_us, journey.outcome = road.now_us, Outcome.CONFIRMED


def fill_in(road: Onboarding, journey: Journey) -> Story:
    """The named person fills in the form, gets an e-signature if there is none yet, and signs."""
    who, chance = journey.who, road.chance
    yield road.busy_for(who, chance.us("form", who))
    if not chance.happens("signature_at_hand", who):
        yield road.busy_for(who, chance.us("signature", who))
    journey.signed_us = road.now_us


def apply(road: Onboarding, journey: Journey) -> Story:
    """Letter after letter, until one is approved, the rules refuse, or the institution gives up.

    A refusal ends an application; whoever may integrate with all branches counted makes a new one that names them.
    """
    who, chance = journey.who, road.chance
    total = who.staff + who.branch_staff
    declared = total if who.declares_branches else who.staff
    preparing_us = chance.us("letter", who)
    for letter in range(MOST_LETTERS):
        yield road.busy_for(who, preparing_us)
        yield from send(road, journey, letter)
        rule = refusal(who.kind, declared)
        if rule:
            journey.rule, journey.refusals = rule, journey.refusals + 1
            if refusal(who.kind, total):
                end(road, journey, Outcome.REFUSED)
                return
            declared, preparing_us = total, chance.us("form", who, letter + 1) + chance.us("letter", who, letter + 1)
            continue
        flaw = chance.flaw(who, letter)
        if flaw is None:
            journey.decided_us = road.now_us
            return
        journey.returns.append(flaw)
        if chance.happens("gives_up", who, letter):
            break
        preparing_us = chance.correction_us(flaw, who, letter)
    end(road, journey, Outcome.GAVE_UP)


def send(road: Onboarding, journey: Journey, letter: int) -> Story:
    """A letter travels, is registered, and is evaluated."""
    who, chance = journey.who, road.chance
    journey.letters += 1
    if letter == 0:
        journey.sent_us = road.now_us
    by_kep = who.channel is LetterChannel.KEP
    yield road.busy_for(who, chance.us("kep" if by_kep else "post", who, letter))
    length_us = chance.us("registering_kep" if by_kep else "registering_wet", who, letter)
    yield from road.handled(who, DeskName.LETTERS, Task.REGISTER, length_us)
    journey.registered_us = road.now_us
    length_us = chance.us("evaluating_again" if letter else "evaluating", who, letter)
    yield from road.handled(who, DeskName.EVALUATION, Task.EVALUATE, length_us)


def end(road: Onboarding, journey: Journey, outcome: Outcome) -> None:
    """The way is over before it is finished."""
    journey.outcome, journey.ended_us = outcome, road.now_us
    if outcome is Outcome.REFUSED:
        journey.decided_us = road.now_us


def integrate(road: Onboarding, journey: Journey) -> Story:
    """The test integration: work in equal parts with a question after each, then notices until one is accepted."""
    who, chance = journey.who, road.chance
    yield from road.handled(who, DeskName.ACCESS, Task.TEST_ACCESS, chance.us("test_access", who))
    journey.test_access_us = road.now_us
    questions = 0
    while questions < MOST_QUESTIONS and chance.happens("another_question", who, questions):
        questions += 1
    work_us = chance.us("integration", who)
    for question in range(questions):
        yield road.busy_for(who, work_us // (questions + 1))
        journey.questions += 1
        yield from road.handled(who, DeskName.SUPPORT, Task.ANSWER, chance.us("answering", who, question))
    yield road.busy_for(who, work_us - questions * (work_us // (questions + 1)))
    while True:
        notice, sent_us = journey.notices, road.now_us
        journey.notices += 1
        yield from road.handled(who, DeskName.SUPPORT, Task.CHECK, chance.us("checking", who, notice))
        if not chance.happens("incomplete", who, notice):
            journey.completed_us = sent_us
            return
        yield road.busy_for(who, chance.us("rework", who, notice))
