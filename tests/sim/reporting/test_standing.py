"""The live columns against the ministry's own rules on everybody's full history, at every hour."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockgov.clock import ManualClock
from mockgov.database import sqlite
from mockgov.risk_index.rules import case_moments, status_at
from mockgov.risk_index.service import RiskIndex
from mockgov.risk_index.store import SqlRiskStore
from mockgov.vocabulary.risk_status import RiskStatus
from sim.reporting.kernel import CompiledDesk
from sim.reporting.log import HOUR_US, believed, to_messages
from sim.reporting.parameters import ReportingParameters
from sim.streams import Streams
from tests.sim.reporting.made import Town, random_epidemic, random_town, risky_by_the_rules

CHANGES = [date(2020, 12, 7), date(2021, 6, 3), date(2021, 9, 17), date(2022, 1, 5), date(2022, 3, 2)]
MANY_TESTS = ReportingParameters(
    screened=((date(2020, 3, 11), 3_000.0),), false_positive_share=0.05, tracing_capacity=2_000.0
)


def seen_by_hour(desk: CompiledDesk, day: int, people: int) -> np.ndarray:
    """Who is risky in each hour of the day that a desk has done, by its columns and gaps."""
    hours = np.arange(24 * day, 24 * day + 24)[:, None]
    risky = (desk.standing.risky_from <= hours) & (hours < desk.standing.risky_until)
    for person, begins, until in desk.gaps.tolist():
        assert risky[begins - 24 * day : until - 24 * day, person].all()
        risky[begins - 24 * day : until - 24 * day, person] = False
    assert risky.shape == (24, people)
    return risky


@settings(max_examples=12, deadline=None)
@given(
    st.integers(0, 2**32),
    st.integers(2, 60),
    st.sampled_from(CHANGES),
    st.integers(0, 40),
    st.sampled_from([MANY_TESTS, ReportingParameters(tested=((date(2020, 3, 11), 1.0),), laboratory_mean_hours=48.0)]),
)
def test_the_standing_is_right_at_every_hour(
    seed: int, people: int, change: date, before: int, parameters: ReportingParameters
) -> None:
    """For every person and hour, as the rules have it of all that is filed up to then, through a change of them."""
    starts_on, days = change - timedelta(days=before), 60
    chance = Streams(seed).stream("made")
    town = random_town(chance, people, vaccinated=(starts_on - timedelta(days=220), starts_on + timedelta(days=20)))
    outbreak = random_epidemic(chance, people, days, 0.6)
    desk = CompiledDesk(town, parameters, Streams(seed), starts_on, days, keep_log=True)
    seen = []
    for day in range(days):
        counts = desk.day(day, outbreak.infected_on(day), outbreak.new(day))
        columns = (desk.standing.risky_from <= 24 * day + 12) & (24 * day + 12 < desk.standing.risky_until)
        assert int(counts["risky"].sum()) == int(columns.sum())
        seen.append(seen_by_hour(desk, day, people))
    risky, log = np.concatenate(seen), desk.log()
    for person in range(people):
        assert risky[:, person].tolist() == risky_by_the_rules(log, person, range(24 * days))


def played_for_long() -> tuple[Town, CompiledDesk, dict[str, int]]:
    """A town of 600 in its second autumn."""
    chance = Streams(11).stream("made")
    town = random_town(chance, 600, vaccinated=(date(2021, 2, 1), date(2021, 8, 1)))
    outbreak = random_epidemic(chance, 600, 90, 0.7)
    desk = CompiledDesk(town, MANY_TESTS, Streams(11), date(2021, 7, 20), 90, keep_log=True)
    totals: dict[str, int] = {}
    for day in range(90):
        for name, counts in desk.day(day, outbreak.infected_on(day), outbreak.new(day)).items():
            totals[name] = totals.get(name, 0) + int(counts.sum())
    return town, desk, totals


def test_the_ministry_believes_the_same() -> None:
    """A town's log, fed batch by batch to the ministry's own risk index, across a change of the rules."""
    town, desk, _ = played_for_long()
    log, people = desk.log(), town.people
    messages = to_messages(log, np.arange(1, people + 1))
    clock, database = ManualClock(log.starts_at), sqlite()
    index = RiskIndex(
        store=SqlRiskStore(database),
        now=clock.now,
        tell=lambda _event: None,
        transaction=database.transaction,
        province_of=lambda asked: dict.fromkeys(asked, 69),
        populations=lambda: {69: people},
    )
    everybody, filed, seen = range(1, people + 1), 0, set()
    for hour in range(24 * 57, 24 * 64, 6):  # rules change with day 59
        clock.move_to(log.starts_at + timedelta(hours=hour))
        known = int(np.searchsorted(log.filed_us, hour * HOUR_US, side="right"))
        index.file(messages[filed:known])
        filed = known
        risky = {n - 1 for n in index.standing_many(everybody)}
        timelines = believed(log, hour * HOUR_US)
        assert risky == {n for n, line in timelines.items() if status_at(line, clock.now()) is RiskStatus.RISKY}
        seen |= {interval.regulation for line in timelines.values() for interval in line}
        assert len(risky) > 20
    assert {"2021-06-03", "2021-09-17"} <= seen
    database.close()


def test_cases_are_counted_as_the_ministry_does() -> None:
    """Cases are the first positives of the ministry's episodes; what is counted is what is filed."""
    _, desk, totals = played_for_long()
    log = desk.log()
    messages = to_messages(log, np.arange(1, 601))
    by_person = {
        person: [m for m, p in zip(messages, log.person.tolist(), strict=True) if p == person] for person in range(600)
    }
    assert totals["cases"] == sum(len(case_moments(reports)) for reports in by_person.values()) > 100
    assert totals["cases"] < totals["positives"] == int(log.positive.sum())
    assert totals["contacts"] == int((log.kind == 1).sum())


@pytest.mark.parametrize("hour", [0, 12])
def test_gaps_are_rare(hour: int) -> None:
    """One spell a person tells nearly all of a day: gaps are a matter of a few in a thousand of the risky."""
    chance = Streams(2).stream("made")
    town = random_town(chance, 3_000)
    outbreak = random_epidemic(chance, 3_000, 40, 0.7)
    desk = CompiledDesk(town, MANY_TESTS, Streams(2), date(2020, 12, 10), 40)
    gaps = risky = 0
    for day in range(40):
        desk.day(day, outbreak.infected_on(day), outbreak.new(day))
        at = 24 * day + hour
        gaps += sum(begins <= at < until for _, begins, until in desk.gaps.tolist())
        risky += int(((desk.standing.risky_from <= at) & (at < desk.standing.risky_until)).sum())
    assert risky > 10_000
    assert gaps < risky / 500
