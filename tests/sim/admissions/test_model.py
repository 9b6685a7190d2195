"""The wave, and what chance makes of an institution."""

from collections import Counter
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from mockgov.onboarding.eligibility import judge_staff
from mockgov.onboarding.rules import LetterChannel
from mockgov.vocabulary.institution import InstitutionKind
from sim.admissions.model import (
    DAY_US,
    ONE,
    WEEK_US,
    Chance,
    Hours,
    Institution,
    Order,
    Weeks,
    below,
    happens,
    refusal,
    wave,
)
from sim.admissions.parameters import AdmissionsParameters, Applications, Flaw
from sim.streams import RepeatedStreamError, Streams
from tests.sim.admissions.road import institution

FIRST = date(2020, 10, 5)
HOURS = Hours.of_offices(FIRST, 400)
MANY = AdmissionsParameters(
    applications=Applications(workplace=(500, 0, 1500, 1000), public_body=(300, 300), governorship=(30, 0, 51))
)


def applicants(parameters: AdmissionsParameters = MANY, seed: int = 1) -> list[Institution]:
    return wave(parameters, HOURS, Streams(seed))


def of(kind: InstitutionKind, found: list[Institution]) -> list[Institution]:
    return [who for who in found if who.kind is kind]


def share(values: list[bool]) -> float:
    return sum(values) / len(values)


# The wave


def test_they_begin_in_order_and_in_office_hours():
    found = applicants()
    assert [who.number for who in found] == list(range(len(found)))
    assert [who.begins_us for who in found] == sorted(who.begins_us for who in found)
    assert all(HOURS.is_open(who.begins_us) for who in found)


def test_each_week_has_about_as_many_as_expected():
    """Within four standard deviations of a Poisson number; a week with none has none."""
    weeks = Counter(who.begins_us // WEEK_US for who in of(InstitutionKind.WORKPLACE, applicants()))
    for week, expected in enumerate((500, 0, 1500, 1000)):
        assert abs(weeks[week] - expected) <= 4 * expected**0.5


def test_numbers_spread_as_a_poisson_process_does():
    """Over seeds, the variance of a week's number is its mean; of a kind that is counted, the sum never varies."""
    parameters = AdmissionsParameters(applications=Applications(school=(40,), ministry=(10, 7)))
    seeds = [applicants(parameters, seed) for seed in range(200)]
    schools = [len(of(InstitutionKind.SCHOOL, found)) for found in seeds]
    assert np.mean(schools) == pytest.approx(40, abs=4 * (40 / 200) ** 0.5)
    assert np.var(schools) == pytest.approx(40, rel=0.4)
    assert {len(of(InstitutionKind.MINISTRY, found)) for found in seeds} == {17}
    assert (
        0.5 < share([who.begins_us < WEEK_US for found in seeds for who in of(InstitutionKind.MINISTRY, found)]) < 0.68
    )


def test_a_counted_kind_is_all_there():
    """81 governorships, whatever the seed: there are no more."""
    assert [len(of(InstitutionKind.GOVERNORSHIP, applicants(seed=seed))) for seed in range(5)] == [81] * 5


def test_later_weeks_change_nothing_before_them():
    """And other kinds change nothing at all: chance is keyed by kind and place among the kind."""
    weeks = replace(MANY.applications, workplace=(500, 0, 1500, 9), public_body=())
    before = [who for who in of(InstitutionKind.WORKPLACE, applicants()) if who.begins_us < 3 * WEEK_US]
    after = of(InstitutionKind.WORKPLACE, applicants(replace(MANY, applications=weeks)))[: len(before)]
    assert [replace(who, number=0) for who in before] == [replace(who, number=0) for who in after]


def test_places_follow_office_time():
    """Half of a week's number is half of its office time: of five working days, Wednesday at 13:30."""
    weeks = Weeks((2, 1), HOURS)
    assert weeks.moment(0) == 8.5 * 3_600_000_000
    assert weeks.moment(ONE) == 2 * DAY_US + 12.5 * 3_600_000_000
    assert weeks.moment(2 * ONE) == WEEK_US + 8.5 * 3_600_000_000


def test_a_week_without_office_time_has_no_applications():
    """Whatever is expected of it. No week of the calendar is like that, so it is made up."""
    closed = Hours([(WEEK_US + 10, WEEK_US + 20)])
    weeks = Weeks((5, 3), closed)
    assert {weeks.moment(at) // WEEK_US for at in weeks.poisson(0, Streams(1).stream("gap"))} <= {1}
    assert len(weeks.counted(0, Streams(1).stream("place"))) == 3


def test_nobody_applies():
    assert applicants(AdmissionsParameters()) == []


# What institutions are like


def test_shares_are_as_set():
    """KEP by kind, small ones, branches, and those that forget them: within four standard errors."""
    workplaces, bodies = (of(kind, applicants()) for kind in (InstitutionKind.WORKPLACE, InstitutionKind.PUBLIC_BODY))
    small = [who.staff + who.branch_staff < 500 for who in workplaces]
    large = [who for who in workplaces if who.staff + who.branch_staff >= 500]
    branched = [who for who in large if who.branch_staff]
    for given, wanted in (
        ([who.channel is LetterChannel.KEP for who in workplaces], 0.75),
        ([who.channel is LetterChannel.KEP for who in bodies], 0.95),
        (small, 0.18),
        ([who.staff < 500 for who in bodies], 0.15),
        ([bool(who.branch_staff) for who in large], 0.12),
        ([who.declares_branches for who in branched], 0.5),
    ):
        assert abs(share(given) - wanted) <= 4 * (wanted * (1 - wanted) / len(given)) ** 0.5
    assert all(who.staff < 500 for who in branched)
    assert {who.is_urgent for who in of(InstitutionKind.GOVERNORSHIP, applicants())} == {True}
    assert {who.is_urgent for who in workplaces} == {False}


def test_labels_are_unique():
    found = applicants()
    assert len({who.label for who in found}) == len(found)
    assert "GOVERNORSHIP-0081" in {who.label for who in found}


@pytest.mark.parametrize("kind", InstitutionKind)
@pytest.mark.parametrize("staff", [0, 499, 500])
def test_who_is_refused_is_the_ministrys_business(kind, staff):
    findings = judge_staff(kind, staff)
    assert refusal(kind, staff) == (findings[0].rule if findings else "")


def test_flaws_come_with_their_shares_and_less_often_again():
    """Of 4,000 first letters, and of as many second ones."""
    parameters = AdmissionsParameters()
    who = [institution("2020-10-19 08:30", number) for number in range(4000)]
    chance = Chance(parameters, Streams(1), who)
    for letter, scale in ((0, 1.0), (1, parameters.again)):
        found = Counter(chance.flaw(one, letter) for one in who)
        for flaw in Flaw:
            wanted = parameters.defect(flaw).share * scale
            assert abs(found[flaw] / 4000 - wanted) <= 4 * (wanted / 4000) ** 0.5


def test_chance_is_what_it_is_whenever_it_is_asked():
    """The same question has the same answer; institutions and steps have their own."""
    one, other = institution("2020-10-19 08:30", 1), institution("2020-10-19 08:30", 2)
    chance, again = (Chance(AdmissionsParameters(), Streams(7), who) for who in ([one, other], [other, one]))
    assert chance.us("integration", other) == again.us("integration", other)
    assert len({chance.us("answering", who, step) for who in (one, other) for step in (0, 1)}) == 4
    assert again.us("integration", one) != again.us("integration", other)


def test_chance_is_handed_out_once():
    """Two roads with the same streams would share their chance unknowingly."""
    streams = Streams(1)
    Chance(AdmissionsParameters(), streams, [])
    with pytest.raises(RepeatedStreamError):
        Chance(AdmissionsParameters(), streams, [])


def test_words_of_chance():
    """Nothing never happens, all always does; integers stay below their bound."""
    highest = 2**64 - 1
    assert [happens(0, 0.0), happens(highest, 1.0), happens(2**63, 0.5), happens(2**63 - 1, 0.5)] == [
        False,
        True,
        False,
        True,
    ]
    assert [below(0, 10), below(highest, 10), below(2**63, 10)] == [0, 9, 5]


def test_the_order_of_simultaneous_events():
    """A clerk is free before the office opens to others, and before anybody new arrives; then by number."""
    places = [Order.WORK_DONE.of(9), Order.OPENING.of(0), Order.STEP.of(1), Order.STEP.of(2)]
    assert places == sorted(places)
