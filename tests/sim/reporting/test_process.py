"""Days of testing and tracing without chance, with every record that must reach the ministry."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from mockgov.risk_index.messages import ContactReport, PcrReport, VaccineReport
from mockgov.risk_index.rules import midnight
from sim.reporting.model import ReportLog
from sim.reporting.parameters import ReportingParameters
from sim.reporting.process import simulate, to_messages
from sim.streams import Streams
from tests.sim.reporting.made import (
    CERTAIN,
    EVERYBODY,
    Outbreak,
    Row,
    Town,
    contact,
    dose,
    outbreak,
    pcr,
    rows,
    town,
    us,
)

JUNE = date(2021, 6, 10)
OCTOBER = date(2021, 10, 4)
WINTER = date(2022, 1, 10)


def run(
    place: Town,
    epidemic: Outbreak,
    parameters: ReportingParameters = CERTAIN,
    *,
    starts_on: date = JUNE,
    days: int = 30,
    seed: int = 1,
) -> ReportLog:
    return simulate(place, epidemic, parameters, Streams(seed), starts_on, days)


CASE_ON_DAY_4 = pcr(us(5, 1), 0, us(4, 9), positive=True)


def test_a_case_and_the_household() -> None:
    """Symptoms on day 3, a sample a day later, its result 16 h later; contacts 10.5 h after that, tested on day 10."""
    log = run(town(3, 2), outbreak(5, p0=(0, 3)))
    assert rows(log) == [
        CASE_ON_DAY_4,
        contact(us(5, 12), 1, us(4, 9)),  # 11:30, with the next upload
        contact(us(5, 12), 2, us(4, 9)),
        pcr(us(15, 1), 1, us(14, 9), positive=False),
        pcr(us(15, 1), 2, us(14, 9), positive=False),
    ]


def test_an_infected_contact_is_a_case_too() -> None:
    """A contact without symptoms is found by the test that the rules ask for, and names the household again."""
    log = run(town(2), outbreak(2, p0=(0, 3), p1=(4, -1)))
    assert rows(log) == [
        CASE_ON_DAY_4,
        contact(us(5, 12), 1, us(4, 9)),
        pcr(us(15, 1), 1, us(14, 9), positive=True),
        contact(us(15, 12), 0, us(14, 9)),  # who was positive on day 4 and gives no other sample for 30 days
    ]


def test_who_does_not_go_is_not_known() -> None:
    """Without tests because of symptoms, nothing is ever reported."""
    assert rows(run(town(2), outbreak(2, p0=(0, 3)), replace(CERTAIN, symptomatic_tested_share=0.0))) == []


def test_a_sample_may_come_too_early_or_too_late() -> None:
    """What the test can find depends on the days since the infection."""
    only_day_4 = replace(CERTAIN, sensitivity=(0.0, 0.0, 0.0, 0.0, 1.0))
    log = run(town(1, 1, 1), outbreak(3, p0=(0, 3), p1=(1, 3), p2=(0, 4)), only_day_4)
    assert rows(log) == [
        CASE_ON_DAY_4,
        pcr(us(5, 1), 1, us(4, 9), positive=False),
        pcr(us(6, 1), 2, us(5, 9), positive=False),
    ]


def test_colleagues_of_the_day_before() -> None:
    """Colleagues are those of the same workplace; their last contact was on the day before the sample."""
    place = town(1, 1, 1, 1, workplaces={0: 1, 1: 0, 2: 1})
    log = run(place, outbreak(4, p0=(0, 3)), replace(CERTAIN, work_contacts=20, work_named_share=1.0))
    named = set(rows(log)) - {CASE_ON_DAY_4}
    assert named == {contact(us(5, 12), 2, us(3, 9)), pcr(us(14, 1), 2, us(13, 9), positive=False)}


@pytest.mark.parametrize(
    ("starts_on", "vaccinated", "test_on"),
    [
        (date(2020, 5, 1), False, None),  # no test shortens anything
        (date(2020, 12, 10), False, 9),
        (JUNE, False, 14),
        (OCTOBER, False, 14),
        (OCTOBER, True, 9),
        (WINTER, False, 9),
        (WINTER, True, None),  # a booster: no quarantine, no test
    ],
)
def test_contacts_go_on_the_day_that_the_rules_say(starts_on: date, vaccinated: bool, test_on: int | None) -> None:
    """A contact of day 4 is tested 5 or 10 days later, or not at all, by the regulation of that day."""
    boosted = replace(EVERYBODY, begins=date(2021, 5, 1), ends=date(2021, 5, 1))
    parameters = replace(CERTAIN, adults=boosted, third_dose_days=200) if vaccinated else CERTAIN
    log = run(town(2), outbreak(2, p0=(0, 3)), parameters, starts_on=starts_on)
    samples = [row for row in rows(log) if row[0] == 0 and row[2] == 1]
    assert samples == ([] if test_on is None else [pcr(us(test_on + 1, 1), 1, us(test_on, 9), positive=False)])


def test_contacts_cannot_go_before_they_are_told() -> None:
    """Where tracing takes longer than the rules' day, the sample follows on the day after it."""
    late = replace(CERTAIN, tracing_mean_hours=200.0)
    log = run(town(2), outbreak(2, p0=(0, 3)), late, starts_on=WINTER)
    assert rows(log)[1:] == [contact(us(13, 9), 1, us(4, 9)), pcr(us(15, 1), 1, us(14, 9), positive=False)]


def test_doses() -> None:
    """Doses given before the first day are known from the beginning, later ones with the next upload."""
    first_of_june = replace(CERTAIN, adults=EVERYBODY)
    log = run(town(1), outbreak(1), first_of_june, starts_on=date(2021, 6, 20), days=200)
    assert rows(log) == [
        dose(0, 0, us(-19, 9), 1),  # 1 June
        dose(us(9, 9), 0, us(9, 9), 2),  # 29 June
        dose(us(159, 9), 0, us(159, 9), 3),  # 26 November
    ]


def test_nobody_under_12_is_vaccinated() -> None:
    """Each age group has its campaign; children have none."""
    everywhere = replace(CERTAIN, elderly=EVERYBODY, older=EVERYBODY, adults=EVERYBODY, adolescents=EVERYBODY)
    place = replace(town(*[1] * 6), age=np.array([11, 12, 17, 18, 64, 65], np.uint8))
    log = run(place, outbreak(6), everywhere, starts_on=OCTOBER, days=1)
    assert sorted(set(log.person.tolist())) == [1, 2, 3, 4, 5]


def test_records_of_a_later_day_are_left_out() -> None:
    """The ministry knows at the end of the last day what has arrived by then, and no more."""
    long, short = (rows(run(town(3), outbreak(3, p0=(0, 3)), days=days)) for days in (30, 5))
    assert short == []
    assert rows(run(town(3), outbreak(3, p0=(0, 3)), days=6)) == long[:3]


def test_uploads_are_at_even_moments() -> None:
    """With four uploads an hour, records arrive on the quarters."""
    log = run(town(3), outbreak(3, p0=(0, 3)), replace(CERTAIN, uploads_per_hour=4, laboratory_mean_hours=16.1))
    assert [filed for _, filed, *_ in rows(log)][:2] == [us(5, 1.25), us(5, 11.75)]


def test_messages() -> None:
    """Records become reports row by row, under the registry's numbers, at the moments in UTC."""
    log = run(town(2), outbreak(2, p0=(0, 3)), replace(CERTAIN, adults=EVERYBODY), starts_on=OCTOBER, days=6)
    begin = midnight(OCTOBER)
    messages = to_messages(log, [71, 72])
    assert len(messages) == len(log)
    assert [type(each) for each in messages].count(VaccineReport) == 4
    sampled = begin.replace(day=8, hour=6)  # 9:00 in Turkey
    assert PcrReport(citizen_id=71, sampled_at=sampled, positive=True) in messages
    assert ContactReport(citizen_id=72, last_contact_at=sampled) in messages


def test_the_log_cannot_be_changed() -> None:
    """Columns are read-only."""
    log = run(town(2), outbreak(2, p0=(0, 3)))
    with pytest.raises(ValueError, match="read-only"):
        log.person[0] = 1


def test_same_seed_same_log() -> None:
    """The default parameters give the same log for the same seed, and another for another."""
    epidemic = outbreak(300, **{f"p{n}": (n % 20, n % 20 + 5) for n in range(0, 300, 3)})
    logs: list[list[Row]] = [
        rows(run(town(*[3] * 100), epidemic, ReportingParameters(), starts_on=OCTOBER, seed=seed)) for seed in (1, 1, 2)
    ]
    assert logs[0] == logs[1] != logs[2]
