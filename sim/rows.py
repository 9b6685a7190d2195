"""What a run becomes.

A played day: a row for each code asked, for each day of the epidemic, for each minute of the queue. The onboarding
road: a row for each applicant, and for each day and desk.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from mockgov.clock import TURKEY
from mockgov.risk_index.messages import PcrReport, Report
from sim.admissions.parameters import AdmissionsParameters
from sim.admissions.record import AdmissionsRun, Journey, desk_days
from sim.capacity import model as capacity_model
from sim.capacity.process import simulate as serve
from sim.country import Country
from sim.day import DAY_US, MINUTE_US
from sim.demand.parameters import Channel, Spoiled
from sim.drive.oracle import Oracle, verdict, wrong_fields
from sim.drive.play import Played, Step, is_made
from sim.drive.port import TIME_OUT, Call, IssuedCode, Reply, Residents, Told
from sim.results.road import INSTITUTIONS, STEPS

ABSENT = "time-out"
CODE = re.compile("[A-Z][0-9][A-Z][0-9]{5}1[0-9]")
"""A code as the ministry mints it."""


def check(
    country: Country, oracle: Oracle, steps: Sequence[Step], played: Sequence[Sequence[Played]]
) -> dict[str, Any]:
    """A row for each code asked: what it should have been, what it was, and where they differ."""
    demand = country.demand
    rows: dict[str, list[Any]] = {name: [] for name in ("expected", "answered", "wrong_fields", "latency_us", "status")}
    query = 0
    for step, answers in zip(steps, played, strict=True):
        oracle.learn(step.filed)
        for nth, place in step.collects:
            if is_made(played[nth][place].reply):
                _hold(oracle, steps[nth].calls[place].call, steps[nth].at, played[nth][place].reply)
        for due, (reply, latency_us) in zip(step.calls, answers, strict=True):
            for nth in range(len(due.call.codes) or 1):
                told = reply.told[nth] if nth < len(reply.told) else None
                if due.call.channel.makes:
                    expected = _made(oracle, due.call, step.at, told)
                else:
                    spoiled = Spoiled(int(demand.spoiled[query]))
                    expected = oracle.expected(int(demand.person[query]), due.call.channel, spoiled, step.at)
                proper = told is not None and reply.status in (200, 400)
                rows["expected"].append(verdict(expected))
                rows["answered"].append(verdict(told) if told and proper else _failure(reply.status))
                rows["wrong_fields"].append(",".join(wrong_fields(expected, told)) if told and proper else "answer")
                rows["latency_us"].append(latency_us)
                rows["status"].append(reply.status)
                query += 1
    asker = [
        f"citizen:{asker + 1}" if Channel(channel).by_person else country.callers.label[asker]
        for asker, channel in zip(demand.asker.tolist(), demand.channel.tolist(), strict=True)
    ]
    channels = [channel.name.lower().replace("_", "-") for channel in Channel]
    return {
        "at_us": demand.at_us,
        "channel": [channels[n] for n in demand.channel.tolist()],
        "asker": asker,
        "person": demand.person,
        "call": demand.call,
        **rows,
    }


def epidemic_rows(country: Country, known: Sequence[Report]) -> dict[str, Any]:
    """The epidemic by day, with what the ministry knew of it at each day's end."""
    epidemic, days = country.epidemic, country.scenario.warm_up_days + 1
    dates = [country.begins_at.date() + timedelta(days=day) for day in range(days)]
    exposed, infectious, ever = (epidemic[name] for name in ("exposed", "infectious", "ever_infected"))
    positives = [r for r in known if isinstance(r, PcrReport) and r.positive]
    first: dict[int, datetime] = {}
    for one in sorted(positives, key=lambda r: r.sampled_at):
        first.setdefault(one.citizen_id, one.sampled_at)
    cases = np.zeros(days, np.int64)
    for moment in first.values():
        day = (moment.astimezone(TURKEY).date() - dates[0]).days
        if 0 <= day < days:
            cases[day] += 1
    oracle = Oracle((), Residents(identity=(), code=(), expired={}, deleted={}))
    oracle.learn(known)
    return {
        "day": np.arange(days),
        "date": dates,
        "susceptible": country.population.people - ever,
        "exposed": exposed,
        "infectious": infectious,
        "recovered": ever - exposed - infectious,
        "new_infections": epidemic["new_infections"],
        "reported_cases": cases,
        "believed_risky": [
            oracle.count_risky(country.begins_at + timedelta(days=day, hours=12)) for day in range(days)
        ],
    }


def capacity(country: Country) -> dict[str, Any]:
    """The same calls through the queue model, by minute."""
    demand = country.demand
    arrivals = demand.at_us[demand.call_start[:-1]]
    return capacity_model.by_minute(serve(arrivals, country.scenario.capacity, country.streams), DAY_US // MINUTE_US)


def _made(oracle: Oracle, call: Call, at: datetime, told: Told | None) -> Told:
    """What must be said of a code that is made: some code of the form, and its end where that is told at all."""
    text = (told or {}).get("hes_code")
    fits = isinstance(text, str) and CODE.fullmatch(text)
    ends = {"expiration_date": oracle.end_of(call, at)} if told and "expiration_date" in told else {}
    return {"hes_code": text if fits else "a code of ten characters", **ends}


def _hold(oracle: Oracle, call: Call, at: datetime, reply: Reply) -> None:
    oracle.hold(call.person, IssuedCode(reply.told[0]["hes_code"], oracle.end_of(call, at)))


def _failure(status: int) -> str:
    return ABSENT if status == TIME_OUT else str(status)


# The onboarding road


def institution_rows(run: AdmissionsRun) -> dict[str, list[Any]]:
    """A row for each applicant: what it is, when it took each step, how it ended."""
    rows = [_institution(run, journey) for journey in run.journeys]
    return {name: [row[name] for row in rows] for name in INSTITUTIONS.names}


def _institution(run: AdmissionsRun, journey: Journey) -> dict[str, Any]:
    who = journey.who
    begun = run.day_of(who.begins_us)
    return {
        "institution": who.label,
        "kind": who.kind.value,
        "channel": who.channel.value,
        "staff": who.staff,
        "branch_staff": who.branch_staff,
        "week": begun - timedelta(days=begun.weekday()),
        "begun_us": who.begins_us,
        **{f"{step}_us": getattr(journey, f"{step}_us") for step in (*STEPS, "ended")},
        "outcome": journey.outcome.value,
        "letters": journey.letters,
        "returns": ",".join(flaw.value for flaw in journey.returns),
        "refusals": journey.refusals,
        "rule": journey.rule,
        "questions": journey.questions,
        "notices": journey.notices,
    }


def desk_rows(run: AdmissionsRun, parameters: AdmissionsParameters) -> dict[str, Any]:
    """A row for each calendar day and desk, day by day."""
    desks = [(desk.name.value, desk_days(run, desk, parameters)) for desk in run.desks]
    days = range(run.days)
    together = {name: np.stack([columns[name] for _, columns in desks], axis=1).reshape(-1) for name in desks[0][1]}
    at_work = together["clerks"] * together["open_us"]
    return {
        "day": np.repeat(np.arange(run.days), len(desks)),
        "date": [run.first + timedelta(days=day) for day in days for _ in desks],
        "desk": [name for _ in days for name, _ in desks],
        **together,
        "utilisation": together["busy_us"] / np.where(at_work == 0, 1, at_work) * (at_work != 0),
    }
