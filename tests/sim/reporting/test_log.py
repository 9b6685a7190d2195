"""The log: its order, what is believed of it, and its turning points against a slow look at every hour."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from mockgov.risk_index.rules import RiskReason, immune_at, last_negative_test, status_at, timeline, vaccinated_at
from sim.reporting.log import HOUR_US, ReportLog, believed, to_messages, turning_points_us
from tests.sim.reporting.made import Row, contact, dose, log, pcr, us


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
