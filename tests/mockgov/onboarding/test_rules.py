"""The life of an application as a table, and the small pure functions beside it."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from mockgov.onboarding import consistency, drawing, eligibility
from mockgov.onboarding.rules import (
    OVER,
    TRANSITIONS,
    WITH_ACCESS,
    WITH_LIVE_ACCESS,
    Application,
    Decision,
    Finding,
    IllegalTransition,
    State,
    application_number,
    application_numbers,
    decision_on,
    move,
    running_number,
    same_name,
)
from tests.mockgov.onboarding.office import Office

LEGAL = {
    ("drawn", "drawn"),
    ("drawn", "submitted"),
    ("submitted", "letter-received"),
    ("letter-received", "under-evaluation"),
    ("under-evaluation", "returned"),
    ("under-evaluation", "refused"),
    ("under-evaluation", "approved-for-test"),
    ("returned", "drawn"),
    ("returned", "submitted"),
    ("returned", "letter-received"),
    ("approved-for-test", "testing"),
    ("approved-for-test", "revoked"),
    ("testing", "completion-reported"),
    ("testing", "revoked"),
    ("completion-reported", "live"),
    ("completion-reported", "revoked"),
    ("live", "confirmed"),
    ("live", "revoked"),
    ("confirmed", "revoked"),
}


@pytest.fixture(scope="module")
def drawn() -> Application:
    return Office().draw()


@pytest.mark.parametrize(("begin", "to"), list(product(State, State)))
def test_every_move(drawn: Application, begin: State, to: State) -> None:
    """Nineteen moves are legal; any other raises and says where the application stands."""
    application = replace(drawn, state=begin)
    if (begin.value, to.value) in LEGAL:
        assert move(application, to).state is to
    else:
        with pytest.raises(IllegalTransition) as refused:
            move(application, to)
        assert f"ETF-2021-000001 is {begin.value}" in refused.value.message
    assert application.state is begin


def test_a_move_forgets_what_was_due() -> None:
    application = Office().draw()
    due = datetime(2021, 10, 5, tzinfo=UTC)
    assert move(application, State.SUBMITTED, due_at=due).due_at == due
    assert move(move(application, State.DRAWN, due_at=due), State.SUBMITTED).due_at is None


def test_groups_of_states() -> None:
    assert {state.value for state in WITH_ACCESS} == {
        "approved-for-test",
        "testing",
        "completion-reported",
        "live",
        "confirmed",
    }
    assert {state.value for state in WITH_LIVE_ACCESS} == {"live", "confirmed"}
    assert {state.value for state in OVER} == {"refused", "revoked"}
    assert set(TRANSITIONS) == set(State)


def test_application_numbers() -> None:
    """The year is that of the Turkish calendar, also in the last hours of December in UTC."""
    assert application_number(datetime(2021, 12, 31, 20, 59, tzinfo=UTC), 7) == "ETF-2021-000007"
    assert application_number(datetime(2021, 12, 31, 21, tzinfo=UTC), 1_234_567) == "ETF-2022-1234567"
    assert running_number("ETF-2021-000007") == 7


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("ETF-2021-000001 sayılı başvurumuz", ("ETF-2021-000001",)),
        ("başvuru etf 2021/000001, ETF-2021-000002; ETF-2021-000001", ("ETF-2021-000001", "ETF-2021-000002")),
        ("Re: ETF–2021–000001", ("ETF-2021-000001",)),
        ("XETF-2021-000001", ()),
        ("ETF-21-000001, ETF-2021-01, ETF-2021-0000000001", ()),
        ("", ()),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, numbers: tuple[str, ...]) -> None:
    assert application_numbers(text) == numbers


def test_what_the_rules_decide() -> None:
    """Anything final refuses; what can be put right is returned; nothing approves."""
    soft = Finding(rule="a", source="s", tr="t", en="e")
    hard = Finding(rule="b", source="s", tr="t", en="e", correctable=False)
    assert decision_on(()) is Decision.APPROVE
    assert decision_on((soft, soft)) is Decision.RETURN
    assert decision_on((soft, hard)) is Decision.REFUSE


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("IŞIK", "ışık", True),
        ("İLKAY  ÇINAR", "ilkay çınar", True),
        ("ISIL", "isil", False),
        ("AYŞE", "AYSE", False),
    ],
)
def test_names_are_compared_in_turkish_case(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same


def test_identity_numbers_are_not_printed() -> None:
    application = Office().draw()
    assert application.form.person.identity_number not in repr(application)


def test_rules_and_eligibility_load_nothing_heavy() -> None:
    """The simulator uses them a million times without a server."""
    code = (
        "import sys, mockgov.onboarding.rules, mockgov.onboarding.eligibility;"
        "print([m for m in ('reportlab', 'pypdf', 'sqlalchemy', 'msgspec', 'fastapi') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_the_service_loads_no_paper_at_start() -> None:
    """A server starts without the PDF libraries."""
    code = (
        "import sys, mockgov.onboarding.service, mockgov.onboarding.letters, mockgov.onboarding.words;"
        "print([m for m in ('reportlab', 'pypdf') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_every_rule_has_its_source_and_both_languages() -> None:
    """Three tables, no key twice, and each in both languages."""
    tables = (consistency.RULES, drawing.RULES, eligibility.RULES)
    keys = [key for table in tables for key in table]
    assert len(keys) == len(set(keys)) == 36
    for rule in (rule for table in tables for rule in table.values()):
        assert rule.source
        assert rule.tr
        assert rule.en
        assert (rule.tr == rule.en) == (rule.tr == "{reason}")


def test_history_is_told_in_order() -> None:
    """Each step leaves moment, state, who took it."""
    office = Office()
    application = office.live()
    told = [
        (entry.moment - office.service.history(1)[0].moment, entry.state.value, entry.by)
        for entry in office.service.history(application.application_id)
    ]
    nothing, week = timedelta(0), timedelta(days=7)
    assert told == [
        (nothing, "drawn", "applicant"),
        (nothing, "submitted", "applicant"),
        (nothing, "letter-received", "applicant"),
        (nothing, "under-evaluation", "ministry"),
        (week, "approved-for-test", "rules"),
        (week, "testing", "ministry"),
        (week, "completion-reported", "applicant"),
        (timedelta(days=9), "live", "ministry"),
    ]
