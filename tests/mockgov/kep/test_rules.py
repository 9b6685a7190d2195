"""The life of a letter with one recipient, deadlines, and quota."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.clock import TURKEY
from mockgov.kep.evidence_types import KINDS, UPON, EvidenceType, event_code, evidence_text
from mockgov.kep.grounds import TEXTS, Reason, english, turkish
from mockgov.kep.rules import (
    ARRIVED,
    TAKEN,
    TRANSITIONS,
    Delivery,
    Fate,
    IllegalTransition,
    Quota,
    State,
    UnknownFate,
    UnknownProvider,
    check_provider,
    fate,
    kept_until,
    move,
    served_at,
)
from tests.mockgov.kep.post import MINISTRY, MONDAY

DELIVERY = Delivery(letter_id=1, nth=1, recipient=MINISTRY, state=State.SUBMITTED, changed_at=MONDAY)


def test_the_table_names_every_state_and_leads_nowhere_else() -> None:
    assert set(TRANSITIONS) == set(State)
    assert set().union(*TRANSITIONS.values()) == set(State) - {State.REFUSED, State.SUBMITTED}


def test_a_letter_ends_in_one_of_six_ways() -> None:
    ends = {state.value for state, further in TRANSITIONS.items() if not further}
    assert ends == {"refused", "relay-refused", "relay-failed", "not-delivered", "accepted", "rejected"}


def test_what_has_arrived_was_delivered_first() -> None:
    """No way leads into the mailbox but delivery, and none out of it."""
    for state, further in TRANSITIONS.items():
        assert further & ARRIVED <= ({State.DELIVERED} if state not in ARRIVED else ARRIVED)
        assert state not in ARRIVED or further <= ARRIVED
    assert TAKEN < ARRIVED


@given(st.sampled_from(State), st.sampled_from(State))
def test_a_move_is_legal_or_changes_nothing(begin: State, end: State) -> None:
    standing = replace(DELIVERY, state=begin, due_at=MONDAY)
    later = MONDAY + timedelta(hours=1)
    if end in TRANSITIONS[begin]:
        moved = move(standing, end, later)
        assert (moved.state, moved.changed_at, moved.due_at) == (end, later, None)
    else:
        with pytest.raises(IllegalTransition) as refused:
            move(standing, end, later)
        assert refused.value.key == "kepillegaltransition"


def test_every_state_has_its_evidence_and_every_reason_its_texts() -> None:
    assert set(UPON) == set(State)
    assert set(UPON.values()) == set(KINDS) - {(EvidenceType.RETRIEVAL, False)}
    assert set(TEXTS) == set(Reason)
    for reason in Reason:
        assert turkish(reason).endswith(".")
        assert english(reason).endswith(".")


def test_numbers_and_codes_of_evidence_are_the_published_ones() -> None:
    """PTT's `DelilTurId`, and the event codes of the standard's annex, printed without slashes."""
    assert [kind.number for kind in KINDS.values()] == [10, 11, 20, 21, 31, 40, 41, 50, 51, 60, 61, 70, 71]
    assert event_code(EvidenceType.SUBMISSION, positive=True) == "http:uri.etsi.org/02640/Event#Acceptance"
    assert event_code(EvidenceType.RELAY_FAILURE, positive=False) == "http:uri.etsi.org/02640/Event#DeliveryExpiration"
    assert event_code(EvidenceType.DELIVERY, positive=False) == "http:uri.etsi.org/02640/Event#NonDelivery"


def test_evidence_has_a_turkish_name() -> None:
    text = evidence_text(EvidenceType.DELIVERY, positive=True)
    assert text == "İletinin alıcının KEP hesabına teslim edildiğine dair delil"
    assert len({kind.turkish for kind in KINDS.values()}) == 13


@pytest.mark.parametrize(
    ("delivered", "served"),
    [
        (datetime(2021, 12, 11, 9, tzinfo=TURKEY), datetime(2021, 12, 17, tzinfo=TURKEY)),
        (datetime(2021, 12, 11, 0, 0, tzinfo=TURKEY), datetime(2021, 12, 17, tzinfo=TURKEY)),
        (datetime(2021, 12, 11, 23, 59, 59, tzinfo=TURKEY), datetime(2021, 12, 17, tzinfo=TURKEY)),
        (datetime(2021, 12, 11, 21, 0, tzinfo=UTC), datetime(2021, 12, 18, tzinfo=TURKEY)),
        (datetime(2020, 2, 26, 12, tzinfo=TURKEY), datetime(2020, 3, 3, tzinfo=TURKEY)),
    ],
)
def test_served_at_the_end_of_the_fifth_day_after(delivered: datetime, served: datetime) -> None:
    """Arrived on 11 December: served when the 16th ends; Turkish days, no matter which zone the moment is in."""
    assert served_at(delivered) == served
    assert replace(DELIVERY, delivered_at=delivered).served_at == served
    assert DELIVERY.served_at is None


def test_evidence_is_kept_for_twenty_years() -> None:
    assert kept_until(datetime(2021, 10, 4, 6, 0, 0, 5, tzinfo=UTC)) == datetime(2041, 10, 4, 6, 0, 0, 5, tzinfo=UTC)
    assert kept_until(datetime(2080, 2, 29, tzinfo=UTC)) == datetime(2100, 2, 28, tzinfo=UTC)


@given(st.integers(0, 10**9), st.integers(0, 10**12))
def test_room_is_what_is_left_and_never_less_than_none(limit_kib: int, used: int) -> None:
    quota = Quota(limit_kib=limit_kib, used_bytes=used, credit=0)
    assert quota.free_bytes == max(0, limit_kib * 1024 - used)
    assert (quota.used_kib - 1) * 1024 < max(used, 1) <= max(quota.used_kib, 1) * 1024


def test_a_begun_kibibyte_counts() -> None:
    assert [Quota(limit_kib=1, used_bytes=n, credit=0).used_kib for n in (0, 1, 1024, 1025)] == [0, 1, 1, 2]


def test_unknown_names_are_refused_loudly() -> None:
    """A refusal lists what there is."""
    assert fate("mailbox-full") is Fate.MAILBOX_FULL
    assert fate(None) is None
    with pytest.raises(UnknownFate, match="mailbox-full, relay-fails, relay-refused, never-downloads"):
        fate("mailbox_full")
    check_provider("hs02")
    with pytest.raises(UnknownProvider, match="hs01 and hs02"):
        check_provider("hs03")
