"""What can be set about the onboarding road, and what is refused."""

from dataclasses import fields
from datetime import date

import pytest

from mockgov.onboarding import consistency
from mockgov.settings import Settings
from mockgov.vocabulary.institution import InstitutionKind
from sim.admissions.parameters import (
    AdmissionsParameters,
    Applications,
    Days,
    Defect,
    DeskName,
    DeskParameters,
    Flaw,
    Minutes,
    Surge,
)


def test_every_kind_has_its_weeks():
    """By the kind's own name, so that none is forgotten when one is added."""
    assert [field.name for field in fields(Applications)] == [kind.value.lower() for kind in InstitutionKind]
    weeks = Applications(school=(1.0, 2.5), workplace=(3.0,))
    assert [weeks.of(InstitutionKind.SCHOOL), weeks.of(InstitutionKind.MINISTRY), weeks.weeks] == [(1.0, 2.5), (), 2]
    assert Applications().weeks == 0


def test_letters_are_returned_by_the_ministrys_own_rules():
    """Each reason is a rule of the ministry's, and one that can be put right."""
    assert all(consistency.RULES[flaw.value].correctable for flaw in Flaw)


def test_what_the_ministry_has_set_is_not_said_twice():
    assert AdmissionsParameters().post.mean_days == Settings().wet_letter_days == 3


def test_lengths_are_in_office_time():
    """In whole milliseconds; a working day has eight hours."""
    assert float(Minutes(mean_minutes=90).table.mean_us) == pytest.approx(5_400_000, rel=1e-3)
    assert float(Days(mean_days=2).table.mean_us) == pytest.approx(57_600_000, rel=1e-3)
    assert Days(mean_days=2, cv2=0.7).table.cv2 == pytest.approx(0.7, rel=0.02)
    assert set(Days(mean_days=1, cv2=0).table.knots.tolist()) == {28_800_000}
    assert set(Minutes(mean_minutes=0).table.knots.tolist()) == {0}


def test_a_staff_calendar():
    """From each day on, so many; a surge team on top, at its desk and in its weeks."""
    desk = DeskParameters(clerks=3, later=((date(2020, 10, 5), 5), (date(2020, 12, 1), 4)))
    assert [desk.on(date(2020, month, day)) for month, day in ((10, 4), (10, 5), (11, 30), (12, 1))] == [3, 5, 5, 4]
    surge = Surge(clerks=2, desk=DeskName.ACCESS, begins=date(2020, 10, 5), weeks=1)
    ministry = AdmissionsParameters(access=desk, surge=surge)
    days = [date(2020, 10, day) for day in (4, 5, 11, 12)]
    assert [ministry.on_duty(DeskName.ACCESS, day) for day in days] == [3, 7, 7, 5]
    assert [ministry.on_duty(DeskName.SUPPORT, day) for day in days] == [5, 5, 5, 5]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (
            lambda: Minutes(mean_minutes=-1, cv2=5),
            "mean_minutes = -1 is outside 0 to 28,800; cv2 = 5 is outside 0 to 4",
        ),
        (lambda: Days(mean_days=float("nan")), "mean_days = nan is outside 0 to 60"),
        (lambda: Applications(school=(1.0, -1.0)), "school = [1.0, -1.0] must be at most 104 numbers from 0 to 5,000"),
        (lambda: Applications(school=(0.0,) * 105), "must be at most 104 numbers"),
        (lambda: DeskParameters(clerks=-1), "clerks = -1 is outside 0 to 1,000"),
        (
            lambda: DeskParameters(clerks=1, later=((date(2021, 1, 2), 1), (date(2021, 1, 1), -1))),
            "later: its days must ascend; later: clerks must lie between 0 and 1,000",
        ),
        (lambda: Minutes(mean_minutes=0.00003, cv2=4), "mean_minutes = 3e-05 is too short for its spread"),
        (lambda: Days(mean_days=1e-7, cv2=4), "mean_days = 1e-07 is too short for its spread"),
        (lambda: Surge(weeks=105), "weeks = 105 is outside 0 to 104"),
        (lambda: Defect(share=1.5, correction=Days(mean_days=1)), "share = 1.5 is outside 0 to 1"),
        (
            lambda: AdmissionsParameters(kep_public=2.0, incomplete=0.95, weeks_after=0),
            "kep_public = 2.0 is outside 0 to 1; incomplete = 0.95 is outside 0 to 0.9; weeks_after = 0 is outside",
        ),
        (
            lambda: AdmissionsParameters(no_statement=Defect(share=0.95, correction=Days(mean_days=1))),
            "their shares together are over 1",
        ),
    ],
)
def test_what_cannot_be_is_refused_all_at_once(wrong, words):
    with pytest.raises(ValueError, match=r"outside|must|over|short") as caught:
        wrong()
    assert words in str(caught.value)
