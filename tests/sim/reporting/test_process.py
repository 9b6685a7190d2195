"""Days of testing and tracing without chance, with every record that must reach the ministry, by either engine."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from mockgov.risk_index.messages import ContactReport, PcrReport, VaccineReport
from mockgov.risk_index.rules import midnight
from sim.reporting.log import ReportLog, to_messages
from sim.reporting.model import NEVER
from sim.reporting.parameters import ReportingParameters
from sim.streams import Streams
from tests.sim.reporting.made import (
    CERTAIN,
    ENGINES,
    AnyDesk,
    Counts,
    Course,
    Epidemic,
    Infections,
    Town,
    contact,
    dose,
    epidemic,
    pcr,
    played,
    rows,
    town,
    us,
)

SPRING, DECEMBER, JUNE = date(2020, 5, 1), date(2020, 12, 10), date(2021, 6, 10)
OCTOBER, WINTER = date(2021, 10, 4), date(2022, 1, 10)
CASE_ON_DAY_4 = pcr(us(5, 1), 0, us(4, 9), positive=True)

pytestmark = pytest.mark.parametrize("engine", ENGINES)


def opened(
    engine: type[AnyDesk],
    place: Town,
    parameters: ReportingParameters = CERTAIN,
    *,
    starts_on: date = JUNE,
    days: int = 30,
    seed: int = 1,
) -> AnyDesk:
    return engine(place, parameters, Streams(seed), starts_on, days, keep_log=True)


def run(
    engine: type[AnyDesk],
    place: Town,
    outbreak: Epidemic,
    parameters: ReportingParameters = CERTAIN,
    *,
    starts_on: date = JUNE,
    days: int = 30,
) -> ReportLog:
    desk = opened(engine, place, parameters, starts_on=starts_on, days=days)
    played(desk, outbreak, range(days))
    return desk.log()


def totals(counts: list[Counts], name: str) -> dict[int, int]:
    """What was counted on which day, all provinces together."""
    return {day: int(each[name].sum()) for day, each in enumerate(counts) if each[name].any()}


def spell(desk: AnyDesk, person: int) -> tuple[int, int]:
    """The hours in which somebody is risky."""
    return int(desk.standing.risky_from[person]), int(desk.standing.risky_until[person])


def test_a_case_and_the_household(engine: type[AnyDesk]) -> None:
    """Symptoms on day 3, a sample a day later, its result 16 h later; contacts 10.5 h after that, tested on day 10."""
    log = run(engine, town(3, 2), epidemic(5, p0=(0, 3)))
    assert rows(log) == [
        CASE_ON_DAY_4,
        contact(us(5, 12), 1, us(4, 9)),  # 11:30, with the next upload
        contact(us(5, 12), 2, us(4, 9)),
        pcr(us(15, 1), 1, us(14, 9), positive=False),
        pcr(us(15, 1), 2, us(14, 9), positive=False),
    ]


def test_the_standing(engine: type[AnyDesk]) -> None:
    """A case is risky from the upload to the end of day 14; so is a contact, whose negative of day 10 ends it there."""
    desk, outbreak = opened(engine, town(2)), epidemic(2, p0=(0, 3))
    played(desk, outbreak, range(5))
    assert [spell(desk, person) for person in (0, 1)] == [(0, 0), (0, 0)]
    played(desk, outbreak, range(5, 6))
    until = 24 * (4 + 15)
    assert [spell(desk, person) for person in (0, 1)] == [(5 * 24 + 1, until), (5 * 24 + 12, until)]
    played(desk, outbreak, range(6, 16))
    assert [spell(desk, person) for person in (0, 1)] == [(5 * 24 + 1, until), (5 * 24 + 12, 15 * 24 + 1)]


def test_who_is_in_hospital_infects_nobody(engine: type[AnyDesk]) -> None:
    """Those infectious at noon are counted from the first day on which they infect others to hospital or death."""
    desk = opened(engine, town(1, 1, 1, plates={6: 1, 34: 1, 81: 1}))
    courses = {"p0": Course(0, hospital_on=7), "p1": Course(0, died_on=5), "p2": Course(0)}
    counts = played(desk, epidemic(3, **courses), range(14))
    found = {plate: [int(each["infectious_riskless"][plate]) for each in counts] for plate in (6, 34, 81)}
    assert found[6] == [0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    assert found[34] == [0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    assert found[81] == [0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]


def test_what_is_counted(engine: type[AnyDesk]) -> None:
    """Samples are counted when taken, results and contacts when filed, and the risky at noon, by plate."""
    place = town(3, 2, plates={6: 3, 34: 2})
    desk = opened(engine, place)
    counts = played(desk, epidemic(5, p0=(0, 3)), range(30))
    assert totals(counts, "samples") == {4: 1, 14: 2}
    assert totals(counts, "patients") == {4: 1}
    assert totals(counts, "positives") == totals(counts, "cases") == {5: 1}
    assert totals(counts, "contacts_named") == totals(counts, "contacts") == {5: 2}
    assert totals(counts, "risky") == {**dict.fromkeys(range(5, 15), 3), **dict.fromkeys(range(15, 19), 1)}
    assert totals(counts, "infectious_riskless") == {2: 1, 3: 1, 4: 1}
    assert totals(counts, "infectious_risky") == dict.fromkeys(range(5, 12), 1)
    assert all(int(each[name][6]) == int(each[name].sum()) for each in counts for name in each)
    found = np.flatnonzero(desk.hours_to_risky)
    assert found.tolist() == [5 * 24 + 1 - 12]  # from noon of the day of infection


def test_an_infected_contact_is_a_case_too(engine: type[AnyDesk]) -> None:
    """A contact without symptoms is found by the test that the rules ask for, and names the household again."""
    log = run(engine, town(2), epidemic(2, p0=(0, 3), p1=(4, NEVER)))
    assert rows(log) == [
        CASE_ON_DAY_4,
        contact(us(5, 12), 1, us(4, 9)),
        pcr(us(15, 1), 1, us(14, 9), positive=True),
        contact(us(15, 12), 0, us(14, 9)),  # who was positive on day 4 and gives no other sample for 30 days
    ]


def test_patients_are_found_because_of_symptoms(engine: type[AnyDesk]) -> None:
    """On the day of the sample: not a contact who is found, nor somebody with symptoms whose sample is negative."""
    desk = opened(engine, town(2, 1), replace(CERTAIN, sensitivity=(0.0,) * 4 + (1.0,) * 36))
    counts = played(desk, epidemic(3, p0=(0, 3), p1=(4, NEVER), p2=(0, 2)), range(30))
    assert totals(counts, "samples") == {3: 1, 4: 1, 14: 1}
    assert totals(counts, "patients") == {4: 1}
    assert sum(totals(counts, "cases").values()) == 2


def test_who_does_not_go_is_not_known(engine: type[AnyDesk]) -> None:
    """Without tests because of symptoms, nothing is ever reported; a share holds from its date on."""
    nobody = replace(CERTAIN, tested=((date(2020, 1, 1), 1.0), (JUNE, 0.0)))
    assert rows(run(engine, town(2), epidemic(2, p0=(0, 3)), nobody)) == []
    from_day_3 = replace(CERTAIN, tested=((date(2020, 1, 1), 0.0), (date(2021, 6, 13), 1.0)))
    log = run(engine, town(1, 1), epidemic(2, p0=(0, 3), p1=(0, 2)), from_day_3)
    assert rows(log) == [CASE_ON_DAY_4]


def test_the_dead_are_not_tested(engine: type[AnyDesk]) -> None:
    """Who dies before the sample gives none; who dies after it is still a case."""
    outbreak = epidemic(2, p0=Course(0, 3, died_on=5), p1=Course(0, 3, died_on=4))
    log = run(engine, town(1, 1), outbreak)
    assert rows(log) == [CASE_ON_DAY_4]


def test_a_sample_may_come_too_early_or_too_late(engine: type[AnyDesk]) -> None:
    """What the test can find depends on the days since the infection."""
    only_day_4 = replace(CERTAIN, sensitivity=(0.0, 0.0, 0.0, 0.0, 1.0))
    log = run(engine, town(1, 1, 1), epidemic(3, p0=(0, 3), p1=(1, 3), p2=(0, 4)), only_day_4)
    assert rows(log) == [
        CASE_ON_DAY_4,
        pcr(us(5, 1), 1, us(4, 9), positive=False),
        pcr(us(6, 1), 2, us(5, 9), positive=False),
    ]


def test_colleagues_of_the_day_before(engine: type[AnyDesk]) -> None:
    """Colleagues are of the same place, met on the day before the sample, and named once each."""
    place = town(1, 1, 1, 1, places={0: 1, 1: 0, 2: 1})
    met = replace(CERTAIN, work_contacts=20, work_named_share=1.0)
    assert rows(run(engine, place, epidemic(4, p0=(0, 3)), met)) == [
        CASE_ON_DAY_4,
        contact(us(5, 12), 2, us(3, 9)),
        pcr(us(14, 1), 2, us(13, 9), positive=False),
    ]


@pytest.mark.parametrize(
    ("starts_on", "vaccinated", "test_on"),
    [
        (SPRING, False, None),  # no test shortens anything
        (DECEMBER, False, 9),
        (JUNE, False, 14),
        (OCTOBER, False, 14),
        (OCTOBER, True, 9),
        (WINTER, False, 9),
        (WINTER, True, None),  # a booster: no quarantine, no test
    ],
)
def test_contacts_go_on_the_day_that_the_rules_say(
    engine: type[AnyDesk], starts_on: date, vaccinated: bool, test_on: int | None
) -> None:
    """A contact of day 4 is tested 5 or 10 days later, or not at all, by the regulation of that day."""
    doses = [date(2021, 5, 1), date(2021, 5, 29), date(2021, 12, 15)][: 2 if starts_on < WINTER else 3]
    place = town(2, doses={1: doses} if vaccinated else {})
    log = run(engine, place, epidemic(2, p0=(0, 3)), starts_on=starts_on)
    samples = [row for row in rows(log) if row[0] == 0 and row[2] == 1]
    assert samples == ([] if test_on is None else [pcr(us(test_on + 1, 1), 1, us(test_on, 9), positive=False)])


def test_contacts_cannot_go_before_they_are_told(engine: type[AnyDesk]) -> None:
    """Where tracing takes longer than the rules' day, the sample follows on the day after it, if it can still count."""
    late = replace(CERTAIN, tracing_mean_hours=119.5)
    told = contact(us(10, 1), 1, us(4, 9))
    log = run(engine, town(2), epidemic(2, p0=(0, 3)), late, starts_on=DECEMBER)
    assert rows(log)[1:] == [told, pcr(us(12, 1), 1, us(11, 9), positive=False)]
    log = run(engine, town(2), epidemic(2, p0=(0, 3)), late, starts_on=WINTER)
    assert rows(log)[1:] == [told]  # day 11 is the seventh: too late to end anything


def test_teams_are_few(engine: type[AnyDesk]) -> None:
    """With a team for one case a day, the second case is traced a day later, and the fourth not at all."""
    one_a_day = replace(CERTAIN, tracing_capacity=12_500.0, tracing_gives_up_days=2)
    outbreak = epidemic(8, p0=(0, 3), p2=(0, 3), p4=(0, 3), p6=(0, 3))
    desk = opened(engine, town(2, 2, 2, 2), one_a_day, days=20)
    counts = played(desk, outbreak, range(20))
    assert [row for row in rows(desk.log()) if row[0] == 1] == [
        contact(us(5, 12), 1, us(4, 9)),
        contact(us(6, 12), 3, us(4, 9)),
        contact(us(7, 12), 5, us(4, 9)),
    ]
    assert totals(counts, "backlog") == {5: 3, 6: 2, 7: 1}
    assert totals(counts, "untraced") == {8: 1}


def test_teams_belong_to_a_province(engine: type[AnyDesk]) -> None:
    """A case waits for a team of its own province, though another province has one that is free."""
    one_a_day = replace(CERTAIN, tracing_capacity=25_000.0)
    outbreak = epidemic(8, p0=(0, 3), p2=(0, 3), p6=(0, 3))
    log = run(engine, town(2, 2, 2, 2, plates={6: 4, 34: 4}), outbreak, one_a_day, days=10)
    assert [(row[1], row[2]) for row in rows(log) if row[0] == 1] == [(us(5, 12), 1), (us(5, 12), 7), (us(6, 12), 3)]


def test_doses(engine: type[AnyDesk]) -> None:
    """Doses given before the first day are known from the beginning, later ones with the next upload."""
    place = town(1, doses={0: [date(2021, 6, 1), date(2021, 6, 29), date(2021, 11, 26)]})
    log = run(engine, place, epidemic(1), starts_on=date(2021, 6, 20), days=160)
    assert rows(log) == [
        dose(0, 0, us(-19, 9), 1),
        dose(us(9, 9), 0, us(9, 9), 2),
        dose(us(159, 9), 0, us(159, 9), 3),
    ]


def test_records_of_a_later_day_are_left_out(engine: type[AnyDesk]) -> None:
    """The ministry knows at the end of the last day what has arrived by then, and no more."""
    long, short = (rows(run(engine, town(3), epidemic(3, p0=(0, 3)), days=days)) for days in (30, 5))
    assert short == []
    assert rows(run(engine, town(3), epidemic(3, p0=(0, 3)), days=6)) == long[:3]


def test_uploads_are_at_even_hours(engine: type[AnyDesk]) -> None:
    """With an upload every six hours, records arrive at 0, 6, 12 and 18 o'clock."""
    log = run(engine, town(3), epidemic(3, p0=(0, 3)), replace(CERTAIN, upload_every_hours=6))
    assert [filed for _, filed, *_ in rows(log)][:2] == [us(5, 6), us(5, 18)]


def test_isolations_of_a_scenario(engine: type[AnyDesk]) -> None:
    """A scenario may put other lengths in the regulations' place, of cases and of contacts."""
    desk = opened(engine, town(2), replace(CERTAIN, isolation_days=7, quarantine_days=10), starts_on=SPRING)
    played(desk, epidemic(2, p0=(0, 3)), range(6))
    assert [spell(desk, person)[1] for person in (0, 1)] == [24 * (4 + 8), 24 * (4 + 11)]


def test_messages(engine: type[AnyDesk]) -> None:
    """Records become reports row by row, under the registry's numbers, at the moments in UTC."""
    doses = {person: [date(2021, 6, 1), date(2021, 6, 29)] for person in (0, 1)}
    log = run(engine, town(2, doses=doses), epidemic(2, p0=(0, 3)), starts_on=OCTOBER, days=6)
    begin = midnight(OCTOBER)
    messages = to_messages(log, [71, 72])
    assert len(messages) == len(log)
    assert [type(each) for each in messages].count(VaccineReport) == 4
    sampled = begin.replace(day=8, hour=6)  # 9:00 in Turkey
    assert PcrReport(citizen_id=71, sampled_at=sampled, positive=True) in messages
    assert ContactReport(citizen_id=72, last_contact_at=sampled) in messages


def test_a_log_is_kept_on_demand_and_cannot_be_changed(engine: type[AnyDesk]) -> None:
    """Without keep_log there is none; its columns are read-only."""
    log = run(engine, town(2), epidemic(2, p0=(0, 3)))
    with pytest.raises(ValueError, match="read-only"):
        log.person[0] = 1
    with pytest.raises(ValueError, match="keep_log"):
        engine(town(2), CERTAIN, Streams(1), JUNE, 3).log()


def test_infections_of_the_eve(engine: type[AnyDesk]) -> None:
    """Of those infected before the first day, some give a sample in the scenario; what was before it is not known."""
    before = epidemic(3, p0=Course(-2, 3), p1=Course(-8, -3), p2=Course(-6, -1, recovered_on=2))
    desk = opened(engine, town(1, 1, 1), days=20)
    desk.begin(Infections(*(np.concatenate(columns) for columns in zip(*map(before.new, (-8, -6, -2)), strict=True))))
    counts = [desk.day(day, before.infected_on(day), before.new(day)) for day in range(20)]
    log = desk.log()
    assert rows(log) == [pcr(us(1, 1), 2, us(0, 9), positive=True), CASE_ON_DAY_4]
    assert totals(counts, "infectious_riskless") == {0: 3, 1: 2, 2: 2, 3: 2, 4: 1}


def test_rest_after_a_positive(engine: type[AnyDesk]) -> None:
    """After a positive sample no other is given for 30 days; a later one is a case only 91 days after the last case."""
    always = replace(CERTAIN, screened=((SPRING, 100_000.0),), false_positive_share=1.0)
    desk = opened(engine, town(1), always, starts_on=SPRING, days=100)
    counts = played(desk, epidemic(1), range(100))
    assert (desk.log().moment_us // us(1)).tolist() == [0, 31, 62, 93]
    assert totals(counts, "positives") == {1: 1, 32: 1, 63: 1, 94: 1}
    assert totals(counts, "cases") == {1: 1, 94: 1}


def test_the_risky_are_not_screened(engine: type[AnyDesk]) -> None:
    """Who is drawn for a test without a reason gives none while risky: a contact, here, for 14 days."""
    always = replace(CERTAIN, screened=((SPRING, 100_000.0),))
    desk = opened(engine, town(2), always, starts_on=SPRING, days=34)
    played(desk, epidemic(2, p0=Course(4)), range(34))
    samples = {person: [row for row in rows(desk.log()) if row[0] == 0 and row[2] == person] for person in (0, 1)}
    (case,) = (row[3] // us(1) for row in samples[0] if row[4])
    negatives = {row[3] // us(1) for row in samples[1]}
    assert not negatives & {*range(case + 2, case + 15)}
    assert len(negatives & {*range(case + 2)}) > 2
    assert len(negatives & {*range(case + 15, 34)}) > 2
