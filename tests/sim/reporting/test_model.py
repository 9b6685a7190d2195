"""Chances against their parameters, and what is believed against a slow look at every hour."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockgov.risk_index.regulations import in_force
from mockgov.risk_index.rules import RiskReason, immune_at, last_negative_test, status_at, timeline, vaccinated_at
from sim.reporting import model
from sim.reporting.model import DAY_US, HOUR_US, LONG_AGO, ReportLog
from sim.reporting.parameters import Campaign, ReportingParameters
from sim.reporting.process import believed, simulate, to_messages, turning_points_us
from sim.streams import Streams
from tests.sim.reporting.made import CERTAIN, Row, contact, dose, log, outbreak, pcr, rows, town, us

PEOPLE = 40_000
DEFAULT = ReportingParameters()


def within_4_sigma(count: int, trials: int, share: float) -> bool:
    return abs(count - trials * share) <= 4 * (trials * share * (1 - share)) ** 0.5


@pytest.mark.parametrize("age", [0, 2, 5, 8, 21, 22, 50])
def test_sensitivity(age: int) -> None:
    """A sample so many days after the infection is positive with the chance given, 0 after the last of them."""
    infected = np.full(3, 10, np.int16)
    expected = DEFAULT.sensitivity[age] if age < 22 else DEFAULT.false_positive_share
    assert model.positive_chances(infected, 10 + age, DEFAULT).tolist() == [expected] * 3


@pytest.mark.parametrize("infected_on", [-1, 11])
def test_false_positives(infected_on: int) -> None:
    """Who is not infected, or not yet, is found positive only by mistake."""
    chances = model.positive_chances(np.array([infected_on], np.int16), 10, DEFAULT)
    assert chances.tolist() == [DEFAULT.false_positive_share]


def test_shares_of_tests() -> None:
    """Of many with symptoms the share given goes, on average after the mean delay."""
    symptoms = np.full(PEOPLE, 5, np.int16)
    wait = model.delay(2.0 * DAY_US, 0.5)
    days = model.symptom_samples(symptoms, wait, DEFAULT, Streams(3).stream("t"))
    went = days[days >= 0]
    assert within_4_sigma(went.size, PEOPLE, 0.6)
    assert went.min() >= 5
    # from a whole hour of a day (11.5 h on average) to midnight before the sample (half a day on average)
    assert abs((went - 5).mean() - (2.0 + 11.5 / 24 - 0.5)) < 0.05


def test_screening() -> None:
    """So many healthy people in 100,000 are sampled a day; those resting after a positive are not."""
    parameters = replace(CERTAIN, screened_per_100k_per_day=1_000.0, false_positive_share=1.0)
    place = town(*[1] * PEOPLE)
    result = simulate(place, outbreak(PEOPLE), parameters, Streams(3), date(2020, 5, 1), 2)
    days = result.moment_us // DAY_US
    assert within_4_sigma(int((days == 0).sum()), PEOPLE, 0.01)
    assert not set(result.person[days == 0].tolist()) & set(result.person[days == 1].tolist())


def test_named_shares() -> None:
    """Of the household and of the colleagues met, the shares given are named; never the case."""
    place = town(*[4] * 10_000, workplaces={n: n // 1_000 for n in range(PEOPLE)})
    cases = np.arange(0, PEOPLE, 4)
    stream = Streams(3).stream("t")
    home = model.household_contacts(place, cases, 7, 0.9, stream)
    assert within_4_sigma(home.contact.size, 30_000, 0.9)
    assert (place.household[home.contact] == place.household[cases[home.case]]).all()
    assert (home.contact != cases[home.case]).all()
    staff = model.staff_of(place)
    work = model.work_contacts(place, staff, cases, 7, DEFAULT, Streams(3).stream("w"))
    assert within_4_sigma(work.contact.size, 40_000, 0.5 * 0.999)
    assert (place.workplace[work.contact] == place.workplace[cases[work.case]]).all()
    assert np.unique(work.contact).size > 9_000  # all over the staff


def test_coverage() -> None:
    """The shares of an age group end up with one, two and three doses, in this order and not too close."""
    campaign = Campaign(begins=date(2021, 6, 1), ends=date(2021, 7, 30), first=0.9, second=0.7, third=0.2)
    parameters = replace(CERTAIN, adults=campaign)
    start = date(2021, 6, 1)
    days = model.dose_days(np.full(PEOPLE, 30, np.uint8), parameters, start, Streams(3).stream("t"))
    for row, share in enumerate((0.9, 0.7, 0.2)):
        assert within_4_sigma(int((days[row] != LONG_AGO).sum()), PEOPLE, share)
    first = days[0][days[0] != LONG_AGO]
    assert (first.min(), first.max()) == (0, 59)
    third = days[2] != LONG_AGO
    assert (days[1][third] - days[0][third] == 28).all()
    assert (days[2][third] - days[1][third] >= 150).all()


def test_boosters_have_a_first_day() -> None:
    """However early the second dose was, no booster is given before their first day."""
    early = Campaign(begins=date(2020, 1, 1), ends=date(2020, 1, 1), first=1.0, second=1.0, third=1.0)
    days = model.dose_days(
        np.full(500, 30, np.uint8), replace(CERTAIN, adults=early), date(2021, 7, 1), Streams(3).stream("t")
    )
    assert (days[2].min(), days[2].max()) == (0, 59)


@pytest.mark.parametrize(
    ("known_us", "per_hour", "expected"),
    [(0, 1, 0), (1, 1, HOUR_US), (HOUR_US, 1, HOUR_US), (1, 60, 60_000_000), (-1, 1, 0), (-HOUR_US - 1, 1, -HOUR_US)],
)
def test_uploaded(known_us: int, per_hour: int, expected: int) -> None:
    """A record leaves with the first upload that is not before it."""
    parameters = replace(CERTAIN, uploads_per_hour=per_hour)
    assert model.uploaded_us(np.array([known_us]), parameters).tolist() == [expected]


@given(
    st.sampled_from([date(2021, 6, 10), date(2021, 9, 17), date(2022, 1, 5)]),
    st.integers(1, 3),
    st.none() | st.sampled_from([0, 13, 14, 90, 91, 200]),
    st.none() | st.sampled_from([30, 90, 91, 180, 181]),
)
def test_contacts_are_asked_as_the_rules_have_it(
    day: date, number: int, dosed: int | None, diseased: int | None
) -> None:
    """On day 5 exactly if the ministry's rules make the contact risky from day 6, not at all if never, else later."""
    doses = np.full((3, 1), LONG_AGO)
    made = [contact(0, 0, us(0, 12))]
    if dosed is not None:
        doses[:number] = -dosed
        made += [dose(0, 0, us(-dosed, 9), each) for each in range(1, number + 1)]
    if diseased is not None:
        made.append(pcr(0, 0, us(-diseased, 9), positive=True))
    positives = np.array([LONG_AGO if diseased is None else -diseased])
    regulation = in_force(day)
    (asked,) = model.asked_on(regulation, 0, np.array([0]), doses, positives).tolist()
    story = log(*made, starts_on=day)
    risky_from = [
        (interval.begins_at - story.starts_at).days
        for interval in believed(story, 0).get(0, ())
        if interval.reason is RiskReason.CONTACT
    ]
    ordinary = regulation.contact.test_from_day if regulation.contact else None
    assert (asked, risky_from) in [(5, [6]), (-1, []), (ordinary, [0])]


def test_rest_after_a_positive() -> None:
    """After a positive sample no other is given for 30 days; on the 31st it may be."""
    always = replace(CERTAIN, screened_per_100k_per_day=100_000.0, false_positive_share=1.0)
    result = simulate(town(1), outbreak(1), always, Streams(1), date(2020, 5, 1), 64)
    assert (result.moment_us // DAY_US).tolist() == [0, 31, 62]


def test_the_last_moment_of_a_log() -> None:
    """What is filed at the midnight after the last day belongs to the day after."""
    assert len(log(contact(us(9) - 1, 0, 0), contact(us(9), 1, 0), days=9)) == 1


def test_believed() -> None:
    """Before the upload nothing is believed; after it, the isolation since the sample; later reports change it."""
    story = log(
        contact(us(1, 12), 4, us(0, 9)),
        pcr(us(3, 1), 4, us(2, 9), positive=True),
        pcr(us(3, 1), 2, us(2, 9), positive=False),
        dose(0, 3, us(-30, 9), 2),
    )
    assert believed(story, us(1, 12) - 1) == {}
    (quarantine,) = believed(story, us(1, 12))[4]
    assert (quarantine.reason, quarantine.begins_at) == (RiskReason.CONTACT, story.starts_at + timedelta(hours=9))
    later = believed(story, us(3, 1))
    assert [interval.reason for interval in later[4]] == [RiskReason.CONTACT, RiskReason.POSITIVE]
    assert set(later) == {4}


def test_turning_points_of_an_exempted_contact() -> None:
    """Nothing turns when the contact is filed; day 6 does, the filing of a case, its end, and the test's window."""
    story = log(
        dose(0, 0, us(-60, 9), 2),
        contact(us(1, 12), 0, us(0, 9)),
        pcr(us(1, 20), 1, us(1, 9), positive=False),
        pcr(us(8, 12), 0, us(7, 9), positive=True),
    )
    assert turning_points_us(story, us(0), us(40)).tolist() == [
        us(1, 20),  # the test of person 1
        us(4, 9),  # is 72 hours old
        us(6),  # day 6, not tested on day 5
        us(8, 12),  # a case: immune
        us(22),  # the end of its day 14
    ]
    assert turning_points_us(story, us(1, 20), us(6)).tolist() == [us(4, 9)]
    assert turning_points_us(story, us(0), us(40), negative_test_hours=48).tolist()[1] == us(3, 9)
    assert turning_points_us(log(), 0, us(9)).tolist() == []


hours = st.integers(-40 * 24, 39 * 24).map(lambda hour: hour * HOUR_US)


@st.composite
def stories(draw: st.DrawFn) -> ReportLog:
    """Some reports about three people, each filed on a full hour after its moment."""
    made: list[Row] = []
    for _ in range(draw(st.integers(0, 9))):
        moment, person = draw(hours), draw(st.integers(0, 2))
        filed = max(0, moment + draw(st.integers(0, 60)) * HOUR_US)
        kind = draw(st.sampled_from(["pcr", "pcr", "contact", "contact", "dose"]))
        if kind == "pcr":
            made.append(pcr(filed, person, moment, positive=draw(st.booleans())))
        elif kind == "contact":
            made.append(contact(filed, person, moment))
        else:
            made.append(dose(filed, person, moment, draw(st.integers(1, 3))))
    starts_on = draw(st.sampled_from([date(2020, 12, 1), date(2021, 9, 10), date(2022, 1, 3)]))
    return log(*made, starts_on=starts_on, days=40)


def answers(story: ReportLog, at_us: int) -> list[tuple[object, ...]]:
    """What must be answered about everybody, the slow way."""
    at = story.starts_at + timedelta(microseconds=at_us)
    messages = to_messages(story, range(3))
    told = []
    for person in range(3):
        known = [
            report
            for report, filed in zip(messages, story.filed_us.tolist(), strict=True)
            if filed <= at_us and report.citizen_id == person
        ]
        told.append(
            (
                status_at(timeline(known), at),
                vaccinated_at(known, at),
                immune_at(known, at),
                last_negative_test(known, at, 72),
            )
        )
    return told


@settings(max_examples=60)
@given(stories(), st.integers(0, 35), st.integers(1, 5))
def test_turning_points_are_where_an_answer_changes(story: ReportLog, first_day: int, days: int) -> None:
    """Of all full hours within the span, exactly those after which somebody's answer is another."""
    begin, end = us(first_day), us(first_day + days)
    moments = range(begin, end, HOUR_US)
    told = [answers(story, at_us) for at_us in moments]
    changes = [at for at, before, after in zip(moments[1:], told, told[1:], strict=False) if before != after]
    assert turning_points_us(story, begin, end).tolist() == changes


def test_records_are_in_order_of_their_filing() -> None:
    """A log is sorted by the moment of filing, and no record is filed before it happened."""
    epidemic = outbreak(3_000, **{f"p{n}": (n % 20, n % 20 + 5) for n in range(0, 3_000, 3)})
    place = town(*[3] * 1_000, workplaces={n: n % 50 for n in range(0, 3_000, 2)})
    result = simulate(place, epidemic, DEFAULT, Streams(5), date(2021, 10, 4), 30)
    assert len(rows(result)) > 2_000
    assert (np.diff(result.filed_us) >= 0).all()
    assert (result.moment_us <= result.filed_us).all()
    assert (result.filed_us % HOUR_US == 0).all()
    assert (result.moment_us % HOUR_US == 0).all()
