"""How a message lives, what fates do to it, and what accounts may."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.refusal import Refused
from mockgov.sms.accounts import (
    BadSmsAccount,
    Throttled,
    check_number,
    check_senders,
    system_id_of,
    take,
)
from mockgov.sms.encoding import Encoding, Place, Segment, header, parts
from mockgov.sms.fates import MAGIC, MEANINGS, Fate, FateKind, UnknownFate, befall, magic_fate, read_fate
from mockgov.sms.handset import assemble
from mockgov.sms.rules import (
    TRANSITIONS,
    BadText,
    Message,
    MessageOver,
    Receipts,
    State,
    UnknownMessage,
    cut,
    marked,
    move,
    read_message_id,
)
from mockgov.vocabulary.phone import Phone

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MINE = Phone("5991234567")
FINAL = {State.DELIVERED, State.UNDELIVERABLE, State.EXPIRED, State.REJECTED, State.DELETED}


def enroute(**fields: object) -> Message:
    values: dict[str, object] = {
        "number": 1,
        "sent_at": MONDAY,
        "sender": "CINAR",
        "phone": MINE,
        "text": "x",
        "state": State.ENROUTE,
        "scheduled_at": MONDAY,
        "expires_at": MONDAY + HOUR,
        "due_at": MONDAY,
    }
    return Message(**(values | fields))  # type: ignore[arg-type]


def test_every_move_is_in_the_table() -> None:
    """Nothing comes after an end; what the table does not have is refused and changes nothing."""
    for state in State:
        for to in State:
            if to in TRANSITIONS[state]:
                moved = move(enroute(state=state), to, MONDAY, error=1)
                assert (moved.state, moved.done_at is not None) == (to, to in FINAL)
            else:
                with pytest.raises(MessageOver):
                    move(enroute(state=state), to, MONDAY)
    assert {state for state in State if state.is_final} == FINAL


@pytest.mark.parametrize(
    ("kind", "ends"),
    [
        (FateKind.DELIVERED, (State.DELIVERED, 0, timedelta())),
        (FateKind.UNDELIVERABLE, (State.UNDELIVERABLE, 1, timedelta())),
        (FateKind.REJECTED, (State.REJECTED, 13, timedelta())),
        (FateKind.UNKNOWN_OPERATOR, (State.UNDELIVERABLE, 900, timedelta())),
        (FateKind.EXPIRED, (State.EXPIRED, 27, HOUR)),
        (FateKind.DELAYED, (State.DELIVERED, 0, 10 * MINUTE)),
        (FateKind.PHONE_OFF, (State.EXPIRED, 27, HOUR)),
        (FateKind.MEMORY_FULL, (State.EXPIRED, 32, HOUR)),
    ],
)
def test_every_fate_to_its_end(kind: FateKind, ends: tuple[State, int, timedelta]) -> None:
    """State, error, and how long after it set out."""
    message = lived(enroute(), Fate(kind=kind))
    assert (message.state, message.error, message.done_at) == (ends[0], ends[1], MONDAY + ends[2])


def lived(message: Message, fate: Fate) -> Message:
    """A message carried to its end; what is due never goes back in time."""
    for _ in range(5):
        if message.due_at is None:
            return message
        due_at = message.due_at
        message = befall(message, fate, MINUTE)
        assert message.due_at is None or message.due_at >= due_at
    raise AssertionError(message.state)


def test_a_fate_that_passes() -> None:
    """The phone is off for 20 minutes: delivered when it is on; for longer than the validity: expired."""
    for kind in (FateKind.PHONE_OFF, FateKind.MEMORY_FULL):
        assert lived(enroute(), Fate(kind=kind, until=MONDAY + 20 * MINUTE)).done_at == MONDAY + 20 * MINUTE
        assert lived(enroute(), Fate(kind=kind, until=MONDAY + 2 * HOUR)).state is State.EXPIRED
        assert lived(enroute(), Fate(kind=kind, until=MONDAY)).done_at == MONDAY


def test_transit_and_validity() -> None:
    """A message is a while on its way; if its validity ends before it arrives, or just then, it never does."""
    accepted = enroute(state=State.ACCEPTED)
    assert lived(accepted, Fate(kind=FateKind.DELIVERED)).done_at == MONDAY + MINUTE
    for late in (timedelta(seconds=1), MINUTE):
        over = lived(replace(accepted, expires_at=MONDAY + late), Fate(kind=FateKind.DELIVERED))
        assert (over.state, over.done_at) == (State.EXPIRED, MONDAY + late)


def test_magic_numbers() -> None:
    """Five endings under 599, which no network has; every fate says what it means."""
    found = {digits: magic_fate(Phone(f"599123{digits}")) for digits in ("0001", "0002", "0003", "0004", "0005")}
    assert {digits: fate.kind.value for digits, fate in found.items() if fate} == {
        "0001": "undeliverable",
        "0002": "expired",
        "0003": "delayed",
        "0004": "rejected",
        "0005": "unknown-operator",
    }
    assert magic_fate(Phone("5991230006")) is None
    assert magic_fate(Phone("5321230001")) is None
    assert MEANINGS.keys() == set(FateKind)
    assert set(MAGIC.values()) <= set(FateKind)


def test_unknown_fates_are_refused_by_name() -> None:
    """The refusal lists what there is."""
    assert read_fate("phone-off", MONDAY) == Fate(kind=FateKind.PHONE_OFF, until=MONDAY)
    with pytest.raises(UnknownFate, match=r"Choose one of delivered, undeliverable, .*memory-full"):
        read_fate("lost")
    with pytest.raises(UnknownFate, match="`until` belongs to phone-off and memory-full"):
        read_fate("rejected", MONDAY)


@pytest.mark.parametrize(
    ("receipts", "wanted"),
    [
        (Receipts.NONE, set()),
        (Receipts.FINAL, FINAL),
        (Receipts.FAILURE, FINAL - {State.DELIVERED}),
        (Receipts.INTERMEDIATE, {State.ENROUTE, State.ACCEPTED}),
    ],
)
def test_which_receipts_are_wanted(receipts: Receipts, wanted: set[State]) -> None:
    assert {state for state in State if receipts.wants(state)} == wanted


def test_throttling() -> None:
    """Two a second: two at once, the third half a second later, and as many again after a pause."""
    busy = take(take(0, 0, 2), 0, 2)
    with pytest.raises(Throttled) as refusal:
        take(busy, 0, 2)
    assert refusal.value.wait_us == 500_000
    with pytest.raises(Throttled):
        take(busy, 499_999, 2)
    busy = take(busy, 500_000, 2)
    with pytest.raises(Throttled):
        take(busy, 500_000, 2)
    assert take(take(busy, 10_000_000, 2), 10_000_000, 2) == 11_000_000


@given(st.integers(1, 10_000), st.lists(st.integers(0, 300_000), max_size=200))
def test_no_second_has_more_than_its_share_twice(per_second: int, gaps_us: list[int]) -> None:
    """In any second at most a burst and a second's share get through, and a second after a pause always one does."""
    now_us = busy_us = 0
    through: list[int] = []
    for gap_us in gaps_us:
        now_us += gap_us
        try:
            busy_us = take(busy_us, now_us, per_second)
        except Throttled as refusal:
            take(busy_us, now_us + refusal.wait_us, per_second)
        else:
            through.append(now_us)
    for begin in through:
        assert sum(begin <= at < begin + 1_000_000 for at in through) <= 2 * per_second + 1


@pytest.mark.parametrize(
    ("label", "system_id"),
    [
        ("ÇINAR-LOJİSTİK", "CINAR-LOJISTIK"),
        ("Şişli Belediyesi A.Ş.", "SISLI-BELEDIYES"),
        ("ığüöş", "IGUOS"),
        ("a" * 14 + " b", "A" * 14),
    ],
)
def test_system_ids(label: str, system_id: str) -> None:
    assert system_id_of(label) == system_id


def test_accounts_that_cannot_be() -> None:
    """No letters, numeric senders, odd letters, numbers that are none."""
    for call in (
        lambda: system_id_of("★"),
        *(lambda sender=sender: check_senders((sender,)) for sender in ("0599", "2023", "ab", "a" * 12, "ğüş", "a\nb")),
        *(lambda number=number: check_number(number) for number in ("", "123", "0123", "5991234567", "85012", "x")),
    ):
        with pytest.raises(BadSmsAccount):
            call()
    check_senders(("CINAR", "A.S. 1881", "x-y"))
    check_number("4567")
    check_number("8501234567")


def test_message_ids() -> None:
    """Ten digits; anything else is nobody's."""
    assert enroute(number=42).message_id == "0000000042"
    assert read_message_id("0000000042") == 42
    for text in ("", "x", "-1", "٣", "9" * 19):
        with pytest.raises(UnknownMessage):
            read_message_id(text)


def test_the_operator_s_code_stands_behind_the_last_segment() -> None:
    """Where there is no room for it, the client is told to leave some."""
    alone = Segment(Encoding.GSM7, b"", b"a" * 155)
    assert marked(alone, "B001").text == "a" * 155 + " B001"
    assert marked(alone, None) is alone
    with pytest.raises(BadText, match="Leave room for 5 more characters"):
        marked(replace(alone, payload=b"a" * 156), "B001")
    first, last = (Segment(Encoding.GSM7, header(Place(1, 2, nth).element), b"a" * 10) for nth in (1, 2))
    assert marked(first, "B001") is first
    assert marked(last, "B001").text == "a" * 10 + " B001"
    wide = parts("ж", Encoding.UCS2)[0]
    assert marked(wide, "B001").text == "ж B001"


def test_texts_that_cannot_be_sent() -> None:
    for text in ("a\x00", "\ud800", "ж" * (67 * 255 + 1)):
        with pytest.raises(BadText):
            cut(text)


def test_segments_are_put_together_as_they_arrive() -> None:
    """In any order, two texts of one reference apart, what is missing counted."""
    texts = ["ğ" * 200, "b" * 200]
    segments = [part for text in texts for part in parts(text, reference=5)]
    order = [1, 0, 3, 2]
    arrived = [
        enroute(number=n, segment=segments[at], state=State.DELIVERED, done_at=MONDAY + n * MINUTE, text="")
        for n, at in enumerate(order, start=1)
    ]
    alone = enroute(number=9, text="tek", state=State.DELIVERED, done_at=MONDAY + MINUTE)
    first, second, third = assemble([alone, *reversed(arrived)])
    assert (first.text, first.numbers, first.missing, first.at) == (texts[0], (2, 1), 0, MONDAY + 2 * MINUTE)
    assert (second.text, second.numbers, second.missing) == ("tek", (9,), 0)
    assert (third.text, third.numbers) == (texts[1], (4, 3))
    assert [one.missing for one in assemble(arrived[:1])] == [1]


def test_refusals_name_their_rule() -> None:
    """Every refusal of the gateway has a stable key of its own."""
    keys = [one.key for one in Refused.__subclasses__() if one.__module__.startswith("mockgov.sms.")]
    assert len(set(keys)) == len(keys) > 10
