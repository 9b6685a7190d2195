"""How a delivery lives, by literal values."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.callbacks.rules import (
    PAUSES,
    BadSubscription,
    Delivery,
    IllegalTransition,
    Kind,
    Outcome,
    State,
    Trouble,
    after,
    again,
    check_kinds,
    given_up,
    taken,
)

AT = datetime(2021, 10, 4, 5, tzinfo=UTC)
WAITING = Delivery(number=1, subscription=1, kind=Kind.PING, at=AT, body=b"{}", nth=0, due_at=AT)


def least(_: int) -> int:
    return 0


def most(n: int) -> int:
    return n - 1


def test_the_schedule_is_the_specifications() -> None:
    """Ten attempts; without jitter at 0:00:00, 0:00:05, 0:05:05 and so on up to 75:35:05."""
    delivery, hours = WAITING, []
    while delivery.due_at is not None:
        hours.append(str(delivery.due_at - AT))
        delivery = after(taken(delivery, delivery.due_at), Outcome(status=500), least, off=False)
    assert hours == [
        "0:00:00",
        "0:00:05",
        "0:05:05",
        "0:35:05",
        "2:35:05",
        "7:35:05",
        "17:35:05",
        "1 day, 7:35:05",
        "2 days, 3:35:05",
        "3 days, 3:35:05",
    ]
    assert (delivery.state, delivery.tried, delivery.attempts) == (State.FAILED, 10, 10)


def test_jitter_lengthens_a_pause_by_less_than_a_tenth() -> None:
    """Five seconds become up to 5.499999."""
    tried = after(taken(WAITING, AT), Outcome(trouble=Trouble.REFUSED), most, off=False)
    assert tried.due_at == AT + timedelta(seconds=5, microseconds=499_999)


@pytest.mark.parametrize("status", [200, 202, 204, 299])
def test_any_2xx_is_a_success(status: int) -> None:
    done = after(taken(WAITING, AT), Outcome(status=status), least, off=False)
    assert (done.state, done.due_at, done.taken_at, done.done_at) == (State.DELIVERED, None, None, AT)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 404, 409, 429, 500, 502, 503, 504])
def test_everything_else_is_a_failure(status: int) -> None:
    """Also a redirect, which nobody follows."""
    assert after(taken(WAITING, AT), Outcome(status=status), least, off=False).state is State.WAITING


@pytest.mark.parametrize(
    ("status", "asked", "seconds"),
    [(429, 120, 120), (503, 120, 120), (503, 1, 5), (503, 10**9, 86_400), (500, 120, 5), (200, 120, None)],
)
def test_retry_after_counts_where_it_means_something(status: int, asked: int, seconds: int | None) -> None:
    """With 429 and 503, a day at most; a wish to be asked sooner is none."""
    told = after(taken(WAITING, AT), Outcome(status=status, retry_after_s=asked), least, off=False)
    assert told.due_at == (None if seconds is None else AT + timedelta(seconds=seconds))


def test_nothing_is_tried_again_for_a_subscription_that_is_off() -> None:
    failed = after(taken(WAITING, AT), Outcome(status=410), least, off=True)
    assert (failed.state, failed.due_at, failed.done_at) == (State.FAILED, None, AT)
    assert given_up(WAITING, AT).state is State.FAILED


def test_a_success_counts_for_a_subscription_that_is_off_too() -> None:
    """It was under way when that was disabled."""
    assert after(taken(WAITING, AT), Outcome(status=200), least, off=True).state is State.DELIVERED


def test_by_hand_what_waits_comes_now_and_keeps_its_schedule() -> None:
    waiting = after(taken(WAITING, AT), Outcome(status=500), least, off=False)
    renewed = again(waiting, AT + timedelta(seconds=1))
    assert (renewed.due_at, renewed.tried) == (AT + timedelta(seconds=1), 1)


@pytest.mark.parametrize("status", [200, 410])
def test_by_hand_what_has_ended_is_tried_once(status: int) -> None:
    """If it fails again, it has failed; the attempts are counted on."""
    ended = after(taken(WAITING, AT), Outcome(status=status), least, off=status == 410)
    failed = after(taken(again(ended, AT), AT), Outcome(status=500), least, off=False)
    assert (failed.state, failed.attempts) == (State.FAILED, 2)


def test_what_is_under_way_cannot_be_sent_again() -> None:
    with pytest.raises(IllegalTransition, match="on its way already"):
        again(taken(WAITING, AT), AT)
    with pytest.raises(IllegalTransition):
        taken(replace(WAITING, state=State.DELIVERED), AT)


@given(st.lists(st.sampled_from([200, 302, 404, 410, 429, 503, None]), min_size=1, max_size=30), st.data())
def test_attempts_never_go_back_in_time_and_end(statuses: list[int | None], data: st.DataObject) -> None:
    """Whatever endpoint and jitter do, at most ten attempts, each after the one before."""
    delivery, moments = WAITING, []
    for status in statuses:
        if delivery.due_at is None:
            break
        moments.append(delivery.due_at)
        outcome = Outcome(status=status, trouble=Trouble.BROKEN if status is None else None, retry_after_s=7)
        draw = data.draw(st.sampled_from([least, most]))
        delivery = after(taken(delivery, delivery.due_at), outcome, draw, off=False)
    assert moments == sorted(set(moments))
    assert len(moments) <= len(PAUSES) + 1
    assert (delivery.due_at is None) is (delivery.state in (State.DELIVERED, State.FAILED))


@pytest.mark.parametrize(
    ("kinds", "institution", "account", "asks_for"),
    [
        ((), 1, "X", "at least one event"),
        ((Kind.PING,), 1, "X", "at least one event"),
        ((Kind.RISK_CHANGED,), None, "X", "institution_id"),
        ((Kind.KEP_RECEIPT,), None, "X", "institution_id"),
        ((Kind.SMS_RECEIPT,), 1, None, "sms_account"),
        ((Kind.SMS_RECEIVED, Kind.RISK_CHANGED), 1, None, "sms_account"),
    ],
)
def test_events_are_somebodys(
    kinds: tuple[Kind, ...], institution: int | None, account: str | None, asks_for: str
) -> None:
    with pytest.raises(BadSubscription, match=asks_for):
        check_kinds(frozenset(kinds), institution, account)
