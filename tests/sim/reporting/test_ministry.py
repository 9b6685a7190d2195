"""The ministry's own risk index, fed batch by batch, says at every moment what is believed here."""

from datetime import date, timedelta

import numpy as np

from mockgov.clock import ManualClock
from mockgov.database import sqlite
from mockgov.risk_index.rules import status_at
from mockgov.risk_index.service import RiskIndex
from mockgov.risk_index.store import SqlRiskStore
from mockgov.vocabulary.risk_status import RiskStatus
from sim.epidemic.parameters import EpidemicParameters
from sim.epidemic.process import simulate as spread
from sim.population.model import build
from sim.population.parameters import PopulationParameters
from sim.reporting.model import DAY_US, HOUR_US
from sim.reporting.parameters import ReportingParameters
from sim.reporting.process import believed, simulate, to_messages
from sim.streams import Streams

PEOPLE, DAYS = 1_500, 40


def test_the_ministry_believes_the_same() -> None:
    """A town's log across a change of the rules: the same people are risky, every six hours of a week."""
    streams = Streams(11)
    population = build(PopulationParameters(people=PEOPLE, provinces=("Bayburt",)), streams)
    epidemic = spread(population, EpidemicParameters(initial_infected_share=0.05), streams, DAYS)
    log = simulate(population, epidemic, ReportingParameters(), streams, date(2021, 8, 20), DAYS)
    messages = to_messages(log, np.arange(1, PEOPLE + 1))
    clock, database = ManualClock(log.starts_at), sqlite()
    index = RiskIndex(
        store=SqlRiskStore(database),
        now=clock.now,
        tell=lambda _event: None,
        transaction=database.transaction,
        province_of=lambda people: dict.fromkeys(people, 69),
        populations=lambda: {69: PEOPLE},
    )
    everybody, seen = range(1, PEOPLE + 1), set()
    filed = 0
    for at_us in range(26 * DAY_US, 33 * DAY_US, 6 * HOUR_US):  # rules change with day 28
        clock.move_to(log.starts_at + timedelta(microseconds=at_us))
        known = int(np.searchsorted(log.filed_us, at_us, side="right"))
        index.file(messages[filed:known])
        filed = known
        risky = {n - 1 for n in index.standing_many(everybody)}
        timelines = believed(log, at_us)
        assert risky == {n for n, line in timelines.items() if status_at(line, clock.now()) is RiskStatus.RISKY}
        seen |= {interval.regulation for line in timelines.values() for interval in line}
        assert len(risky) > 20
    assert {"2021-06-03", "2021-09-17"} <= seen
    database.close()
