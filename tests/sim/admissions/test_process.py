"""The road by hand: exact moments across a weekend and a holiday, every way to be returned, and what never happens."""

from dataclasses import replace
from datetime import date

import pytest

from mockgov.onboarding.rules import LetterChannel
from mockgov.vocabulary.institution import InstitutionKind
from sim.admissions.model import NEVER, Outcome, Task
from sim.admissions.parameters import (
    AdmissionsParameters,
    Applications,
    DeskName,
    DeskParameters,
    Flaw,
    Surge,
)
from sim.admissions.process import simulate
from sim.admissions.record import AdmissionsRun, Journey, desk_days, littles_law
from sim.streams import Streams
from tests.sim.admissions.road import CERTAIN, always, institution, told, walked

STEPS = ("signed", "sent", "registered", "decided", "test_access", "completed", "live", "confirmed")
SMALL = AdmissionsParameters(
    applications=Applications(
        ministry=(2, 1),
        public_body=(10, 20, 5),
        workplace=(40, 60, 40, 20),
        governorship=(6, 6),
        provincial_health_directorate=(6, 6),
        provincial_organisation=(4, 4),
        school=(3, 3),
    ),
    evaluation=DeskParameters(clerks=2),
)


def moments(journey: Journey) -> dict[str, str]:
    return {step: told(getattr(journey, f"{step}_us")) for step in STEPS if getattr(journey, f"{step}_us") != NEVER}


def only(run: AdmissionsRun) -> Journey:
    (journey,) = run.journeys
    return journey


def pieces(run: AdmissionsRun, desk: DeskName) -> list[tuple[int, Task, str, str, str]]:
    (record,) = [record for record in run.desks if record.name is desk]
    return [
        (piece.institution, piece.task, told(piece.arrived_us), told(piece.started_us), told(piece.done_us))
        for piece in record.pieces
    ]


# One institution, by hand


def test_one_institution_by_kep():
    """From a Friday afternoon, over a weekend, the eve's free afternoon and 29 October, to its confirmation."""
    journey = only(walked([institution("2020-10-23 16:00")]))
    assert moments(journey) == {
        "signed": "2020-10-26 09:00",  # 90 minutes on Friday, 30 on Monday
        "sent": "2020-10-28 09:00",  # two working days
        "registered": "2020-10-28 09:36",  # 30 minutes of KEP, 6 at the desk
        "decided": "2020-10-28 10:36",
        "test_access": "2020-10-28 11:01",
        "completed": "2020-11-12 16:01",  # 89 minutes before noon, none until Friday 30, then 4,711
        "live": "2020-11-12 17:11",  # 40 for the check, 30 for the access
        "confirmed": "2020-11-12 17:26",
    }
    assert (journey.outcome, journey.letters, journey.notices) == (Outcome.CONFIRMED, 1, 1)


def test_one_institution_on_paper():
    """Three working days of post around the holiday, and a slower registration."""
    journey = only(walked([institution("2020-10-23 16:00", channel=LetterChannel.WET)]))
    assert told(journey.registered_us) == "2020-11-03 14:15"
    assert told(journey.decided_us) == "2020-11-03 15:15"


def test_without_an_e_signature_it_takes_four_days_more():
    run = walked([institution("2020-10-19 08:30")], replace(CERTAIN, signature_at_hand=0.0))
    assert told(only(run).signed_us) == "2020-10-23 10:30"


def test_a_clerk_puts_work_down_at_closing_and_takes_it_up_in_the_morning():
    """A letter that comes to the desk at 17:20 on a Friday with an hour of work in it is done at 09:20 on Monday."""
    run = walked([institution("2020-10-21 14:44")])
    assert pieces(run, DeskName.EVALUATION) == [
        (0, Task.EVALUATE, "2020-10-23 17:20", "2020-10-23 17:20", "2020-10-26 09:20")
    ]


def test_questions_cut_the_integration_into_equal_parts():
    """Eight questions at most, each answered before the work goes on."""
    run = walked([institution("2020-10-19 08:30")], replace(CERTAIN, another_question=1.0))
    support = pieces(run, DeskName.SUPPORT)
    assert [task for _, task, *_ in support] == [Task.ANSWER] * 8 + [Task.CHECK]
    assert only(run).questions == 8
    # the test access is there on Wednesday at 13:31; 4,800 minutes in nine parts are 533 1/3 each
    assert support[0][2:] == ("2020-10-22 14:24", "2020-10-22 14:24", "2020-10-22 15:14")
    passed_us = run.hours.elapsed(only(run).completed_us) - run.hours.elapsed(only(run).test_access_us)
    assert passed_us == (4_800 + 8 * 50) * 60_000_000  # nothing is lost in cutting


# Queues


def test_the_second_in_the_queue_waits_for_the_first():
    """Two letters at the same desk, one clerk: the later one has its turn when the earlier is done."""
    run = walked([institution("2020-10-19 08:30"), institution("2020-10-19 08:40", 1)])
    assert [piece[2:] for piece in pieces(run, DeskName.EVALUATION)] == [
        ("2020-10-21 11:06", "2020-10-21 11:06", "2020-10-21 12:06"),
        ("2020-10-21 11:16", "2020-10-21 12:06", "2020-10-21 14:06"),  # 24 minutes, lunch, 36 minutes
    ]


def test_the_urgent_come_first_but_displace_nobody():
    """Three wait while one is worked on; the governorship, last to come, is next."""
    governor = institution("2020-10-19 08:50", 3, kind=InstitutionKind.GOVERNORSHIP, is_urgent=True)
    others = [institution(f"2020-10-19 08:{30 + 10 * n}", n) for n in range(2)]
    run = walked([*others, governor])
    assert [(who, started) for who, _, _, started, _ in pieces(run, DeskName.EVALUATION)] == [
        (0, "2020-10-21 11:06"),
        (1, "2020-10-21 14:06"),
        (3, "2020-10-21 12:06"),
    ]


def test_overnight_nobody_is_taken_and_in_the_morning_the_urgent_come_first():
    """At opening the desk looks at all who came in the meantime, not at who came first."""
    others = [institution("2020-10-19 08:30", 0), institution("2020-10-21 13:00", 1)]
    governor = institution("2020-10-21 13:01", 2, is_urgent=True)
    slow = replace(
        CERTAIN,
        form=replace(CERTAIN.form, mean_minutes=0),
        evaluation=DeskParameters(clerks=0, later=((date(2020, 10, 24), 1),)),
    )
    run = walked([*others, governor], slow)
    assert [(who, started) for who, _, _, started, _ in pieces(run, DeskName.EVALUATION)] == [
        (0, "2020-10-26 09:30"),
        (1, "2020-10-26 10:30"),
        (2, "2020-10-26 08:30"),
    ]


def test_a_clerk_who_is_no_longer_counted_finishes_the_piece():
    """Two at work on Friday evening, one clerk from Monday on: both pieces go on, and only then one counts."""
    friday = [institution(f"2020-10-21 14:{44 + 5 * n}", n) for n in range(3)]
    fewer = DeskParameters(clerks=2, later=((date(2020, 10, 24), 1),))
    run = walked(friday, replace(CERTAIN, evaluation=fewer, letters=DeskParameters(clerks=3)))
    assert [piece[3:] for piece in pieces(run, DeskName.EVALUATION)] == [
        ("2020-10-23 17:20", "2020-10-26 09:20"),
        ("2020-10-23 17:25", "2020-10-26 09:25"),
        ("2020-10-26 09:25", "2020-10-26 10:25"),
    ]


def test_a_surge_team_takes_the_backlog():
    """Lent for a week: with it, three are evaluated side by side."""
    three = [institution("2020-10-19 08:30", n) for n in range(3)]
    surge = Surge(clerks=2, begins=date(2020, 10, 19), weeks=1)
    run = walked(three, replace(CERTAIN, surge=surge, letters=DeskParameters(clerks=3)))
    assert [started for *_, started, _ in pieces(run, DeskName.EVALUATION)] == ["2020-10-21 11:06"] * 3


# Returned, refused, given up


@pytest.mark.parametrize("flaw", Flaw)
def test_a_returned_letter_comes_again(flaw):
    """A day to put it right, half an hour of KEP, registered and evaluated again, in half the time; then approved."""
    run = walked([institution("2020-10-19 08:30")], always(flaw))
    journey = only(run)
    assert (journey.returns, journey.letters, journey.outcome) == ([flaw], 2, Outcome.CONFIRMED)
    assert [piece[2:] for piece in pieces(run, DeskName.EVALUATION)] == [
        ("2020-10-21 11:06", "2020-10-21 11:06", "2020-10-21 12:06"),
        ("2020-10-22 13:42", "2020-10-22 13:42", "2020-10-22 14:12"),
    ]


def test_who_has_had_enough_gives_up():
    run = walked([institution("2020-10-19 08:30")], always(Flaw.WRONG_SIGNER, gives_up=1.0))
    journey = only(run)
    assert (journey.outcome, journey.letters, told(journey.ended_us)) == (Outcome.GAVE_UP, 1, "2020-10-21 12:06")
    assert journey.live_us == NEVER


def test_a_letter_that_is_never_right_is_not_sent_for_ever():
    run = walked([institution("2020-10-19 08:30")], always(Flaw.NO_STATEMENT, again=1.0))
    assert (only(run).outcome, only(run).letters) == (Outcome.GAVE_UP, 12)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"staff": 499}, "eligibility.staff"),
        ({"staff": 400, "branch_staff": 99}, "eligibility.staff"),
        ({"kind": InstitutionKind.PUBLIC_BODY, "staff": 499}, "eligibility.staff"),
        ({"kind": InstitutionKind.SCHOOL}, "eligibility.school"),
        ({"kind": InstitutionKind.PROVINCIAL_ORGANISATION}, "eligibility.provincial"),
    ],
)
def test_the_ministrys_rules_refuse(changes, rule):
    """For good: no letter more, no access of any kind."""
    journey = only(walked([institution("2020-10-19 08:30", **changes)]))
    assert (journey.outcome, journey.rule, journey.letters) == (Outcome.REFUSED, rule, 1)
    assert [journey.test_access_us, journey.live_us] == [NEVER, NEVER]
    assert told(journey.decided_us) == told(journey.ended_us) == "2020-10-21 12:06"


@pytest.mark.parametrize("changes", [{"staff": 500}, {"staff": 300, "branch_staff": 200}])
def test_five_hundred_are_enough_with_the_branches(changes):
    journey = only(walked([institution("2020-10-19 08:30", **changes)]))
    assert (journey.outcome, journey.refusals) == (Outcome.CONFIRMED, 0)


def test_who_forgot_the_branches_applies_anew():
    """The refusal ends the application; a new form and a new letter with all branches lead to live access."""
    who = institution("2020-10-19 08:30", staff=300, branch_staff=200, declares_branches=False)
    journey = only(walked([who]))
    assert (journey.outcome, journey.refusals, journey.letters) == (Outcome.CONFIRMED, 1, 2)
    assert told(journey.decided_us) == "2020-10-23 16:12"  # two hours and two days more, and 66 minutes on the way


def test_a_notice_that_is_turned_down_is_sent_again():
    """Another day of work each time; the notice that counts is the last one."""
    run = walked([institution("2020-10-19 08:30")], replace(CERTAIN, incomplete=0.5))
    journey = only(run)
    checks = [piece for piece in pieces(run, DeskName.SUPPORT) if piece[1] is Task.CHECK]
    assert journey.notices == len(checks) >= 1
    assert told(journey.completed_us) == checks[-1][2]


# What holds in every run


@pytest.fixture(scope="module")
def run() -> AdmissionsRun:
    return simulate(SMALL, date(2020, 10, 5), Streams(3))


def test_who_may_not_integrate_never_goes_live(run):
    """Nor even into the test environment; and whoever is live was approved, tested and reported completion."""
    assert {journey.outcome for journey in run.journeys} == {Outcome.REFUSED, Outcome.CONFIRMED, Outcome.GAVE_UP}
    for journey in run.journeys:
        who = journey.who
        total = who.staff + who.branch_staff
        barred = who.kind in {InstitutionKind.SCHOOL, InstitutionKind.PROVINCIAL_ORGANISATION} or (
            who.kind in {InstitutionKind.WORKPLACE, InstitutionKind.PUBLIC_BODY} and total < 500
        )
        assert (journey.outcome is Outcome.REFUSED) <= barred
        if barred:
            assert journey.live_us == journey.test_access_us == NEVER
        if journey.live_us != NEVER:
            steps = [who.begins_us, *(getattr(journey, f"{step}_us") for step in STEPS)]
            assert steps == sorted(steps)


def test_every_moment_of_work_is_in_office_hours(run):
    """Work begins while the office is open, and lasts its own length of office time."""
    for desk in run.desks:
        for piece in desk.pieces:
            assert run.hours.is_open(piece.started_us)
            assert run.hours.elapsed(piece.done_us) - run.hours.elapsed(piece.started_us) == piece.length_us


def test_littles_law_to_the_microsecond(run):
    for desk in run.desks:
        law = littles_law(desk)
        assert law.inside_integral == law.sojourn_sum > 0


def test_days_add_up(run):
    """What came is what left; busy time is the pieces' own; nobody waits longer than the longest."""
    for desk in run.desks:
        days = desk_days(run, desk, SMALL)
        assert days["arrived"].sum() == days["done"].sum() == days["begun"].sum() == len(desk.pieces)
        assert days["busy_us"].sum() == sum(piece.length_us for piece in desk.pieces)
        assert days["backlog"][-1] == 0
        assert (days["busy_us"] <= days["clerks"] * days["open_us"]).all()
        assert days["waited_us"].sum() >= days["longest_wait_us"].max()


def test_same_seed_same_story(run):
    """And another seed another one."""
    again, other = (simulate(SMALL, date(2020, 10, 5), Streams(seed)) for seed in (3, 4))
    assert again.journeys == run.journeys
    assert [desk.pieces for desk in again.desks] == [desk.pieces for desk in run.desks]
    assert other.journeys != run.journeys


def test_a_run_ends_when_it_is_told_to():
    """Who is not done is under way, and a piece that waits has not started."""
    run = simulate(replace(SMALL, weeks_after=1, evaluation=DeskParameters(clerks=0)), date(2020, 10, 5), Streams(3))
    assert {journey.outcome for journey in run.journeys} == {Outcome.UNDER_WAY}
    assert run.days == 35
    (evaluation,) = [desk for desk in run.desks if desk.name is DeskName.EVALUATION]
    assert {piece.started_us for piece in evaluation.pieces} == {NEVER}
    days = desk_days(run, evaluation, replace(SMALL, evaluation=DeskParameters(clerks=0)))
    assert (days["backlog"][-1], days["busy_us"].sum()) == (len(evaluation.pieces), 0)
    with pytest.raises(ValueError, match="closed horizon"):
        littles_law(evaluation)


def test_a_piece_that_is_not_done_at_the_end_was_worked_on():
    """The clerk's time counts until the end of the run: 84 minutes on Wednesday, all of Thursday."""
    long = replace(CERTAIN, evaluating=replace(CERTAIN.evaluating, mean_minutes=2_000))
    run = walked([institution("2020-10-19 13:00")], long, days=4)
    (evaluation,) = [desk for desk in run.desks if desk.name is DeskName.EVALUATION]
    assert pieces(run, DeskName.EVALUATION)[0][3] == "2020-10-21 16:06"
    days = desk_days(run, evaluation, long)
    assert (days["busy_us"] // 60_000_000).tolist() == [0, 0, 84, 480]
    assert (days["backlog"].tolist(), days["done"].tolist()) == ([0, 0, 1, 1], [0, 0, 0, 0])


def test_one_clerk_more_leaves_everything_else_alone(run):
    """Common random numbers: the same institutions with the same flaws, questions and lengths of work."""
    more = simulate(replace(SMALL, evaluation=DeskParameters(clerks=3)), date(2020, 10, 5), Streams(3))
    assert [journey.who for journey in more.journeys] == [journey.who for journey in run.journeys]
    for one, other in zip(run.journeys, more.journeys, strict=True):
        assert (one.returns, one.questions, one.notices) == (other.returns, other.questions, other.notices)
        assert (one.signed_us, one.sent_us) == (other.signed_us, other.sent_us)
    works = [
        sorted((piece.institution, piece.task, piece.length_us) for desk in each.desks for piece in desk.pieces)
        for each in (run, more)
    ]
    assert works[0] == works[1]
