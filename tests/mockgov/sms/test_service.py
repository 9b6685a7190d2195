"""The gateway over its plain twin."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockgov.clock import ManualClock
from mockgov.sms.accounts import (
    BadSmsAccount,
    QueueFull,
    SenderRefused,
    SmsAccountTaken,
    Throttled,
    UnknownSmsAccount,
    WrongSmsPassword,
)
from mockgov.sms.encoding import Encoding, parts
from mockgov.sms.fates import Fate, FateKind
from mockgov.sms.messages import (
    AccountNoted,
    OpenSmsAccount,
    SendText,
    SubmitFromLine,
    SubmitText,
    TextDelivered,
    TextFailed,
    TextReceived,
    TextSent,
)
from mockgov.sms.rules import (
    BadSchedule,
    BadText,
    BadValidity,
    Message,
    MessageOver,
    NoticeKind,
    Receipts,
    State,
    StrangersNumber,
    UnknownMessage,
    UnknownNumber,
)
from mockgov.sms.service import Sms
from mockgov.sms.store import InMemoryMessages
from mockgov.streams import Streams
from mockgov.vocabulary.foreign_phone import ForeignPhone
from mockgov.vocabulary.phone import Phone

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
MINE, YOURS = Phone("5991234567"), Phone("5997654321")
UNDELIVERABLE, EXPIRED, DELAYED, REJECTED, UNROUTED = (Phone(f"599000000{n}") for n in range(1, 6))
BOTH = Receipts.FINAL | Receipts.INTERMEDIATE


class Gateway:
    """A gateway with a clock to move, the events that it told, and one account."""

    def __init__(self, **fields: Any) -> None:
        self.clock = ManualClock(MONDAY)
        self.told: list[object] = []
        self.store = InMemoryMessages()
        self.transactions = 0
        self.inside = False
        values: dict[str, Any] = {"streams": Streams(1), "is_known": lambda _: False}
        self.sms = Sms(
            store=self.store, now=self.clock.now, tell=self.told.append, transaction=self._once, **(values | fields)
        )
        self.account = self.sms.open_account(OpenSmsAccount(label="Çınar", senders=("CINAR",), number="4567"))

    def submit(self, phone: Phone = MINE, text: str = "merhaba", **fields: Any) -> Message:
        values = {"sender": "CINAR", "receipts": Receipts.FINAL}
        return self.sms.submit("CINAR", SubmitText(phone=phone, text=text, **(values | fields)))

    def advance(self, to: datetime) -> None:
        """As the ministry does: from due moment to due moment."""
        while (due_at := self.sms.next_due()) is not None and due_at <= to:
            self.clock.move_to(max(due_at, self.clock.now()))
            self.sms.run_due()
        self.clock.move_to(to)

    def receipts(self) -> list[tuple[int, str, datetime, int]]:
        return [(n.message.number, n.state.value, n.at, n.error) for n in self.sms.pending("CINAR", limit=10_000)]

    @contextmanager
    def _once(self) -> Iterator[None]:
        self.transactions += 1
        self.inside = True
        yield
        self.inside = False


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


def test_a_message_of_the_ministry_is_in_the_inbox_at_once() -> None:
    """From the short number 2023, with the world's time; newest first, each phone its own; without further wiring."""
    clock = ManualClock(MONDAY)
    told: list[object] = []
    sms = Sms(
        store=InMemoryMessages(),
        now=clock.now,
        tell=told.append,
        transaction=Gateway()._once,
        streams=Streams(1),
    )
    sms.send(SendText(phone=MINE, text="Giriş kodunuz: 012345"))
    sms.send(SendText(phone=UNDELIVERABLE, text="size"))
    clock.move_to(MONDAY + MINUTE)
    sms.send(SendText(phone=MINE, text="ikinci"))
    assert [message.text for message in sms.inbox(MINE)] == ["ikinci", "Giriş kodunuz: 012345"]
    first = sms.inbox(MINE)[1]
    assert (first.number, first.sent_at, first.sender, first.phone) == (1, MONDAY, "2023", MINE)
    assert [message.number for message in sms.inbox()] == [3, 2, 1]
    assert [message.number for message in sms.inbox(limit=1)] == [3]
    assert [event for event in told if isinstance(event, TextSent)] == [TextSent(number=n) for n in (1, 2, 3)]


def test_a_message_shows_no_full_number_when_printed() -> None:
    """A log cannot leak a phone."""
    assert "1234567" not in repr(SendText(phone=MINE, text="x"))
    assert "1234567" not in repr(Gateway().submit())


@pytest.mark.parametrize("text", ["", "x" * 10_000, "ğüşiöç İIı 🏢"])
def test_any_text_may_be_sent(gateway: Gateway, text: str) -> None:
    message = gateway.sms.send(SendText(phone=MINE, text=text))
    assert message.text == gateway.sms.received(MINE)[0].text == text
    assert message.part_count == len(message.segments) == len(parts(text))


def test_what_is_told(gateway: Gateway) -> None:
    """Sent, then delivered or failed with the reason, for the ministry's messages and for accounts' alike.

    And that an account's queue has grown.
    """
    gateway.sms.send(SendText(phone=MINE, text="x"))
    for phone in (UNDELIVERABLE, REJECTED, UNROUTED):
        gateway.submit(phone)
    gateway.sms.send(SendText(phone=EXPIRED, text="x"))
    gateway.advance(MONDAY + 72 * HOUR)
    receipt = AccountNoted(account="CINAR", kind=NoticeKind.RECEIPT)
    assert gateway.told == [
        TextSent(number=1),
        TextDelivered(number=1, phone=MINE),
        TextSent(number=2),
        receipt,
        TextFailed(number=2, phone=UNDELIVERABLE, reason="undeliverable: unknown-subscriber"),
        TextSent(number=3),
        receipt,
        TextFailed(number=3, phone=REJECTED, reason="rejected: call-barred"),
        TextSent(number=4),
        receipt,
        TextFailed(number=4, phone=UNROUTED, reason="undeliverable: unknown-operator"),
        TextSent(number=5),
        TextFailed(number=5, phone=EXPIRED, reason="expired: absent-subscriber"),
    ]
    assert gateway.sms.inbox(UNDELIVERABLE) == []


def test_only_the_ministry_s_own_references_are_told(gateway: Gateway) -> None:
    """No account can name one in the ministry's place."""
    gateway.sms.send(SendText(phone=MINE, text="x", reference="onboarding/1/password"))
    for phone in (MINE, REJECTED):
        gateway.submit(phone, reference="onboarding/1/password")
    told = [(event.number, event.reference) for event in gateway.told if isinstance(event, TextDelivered | TextFailed)]
    assert told == [(1, "onboarding/1/password"), (2, ""), (3, "")]


def test_receipts_in_their_order_at_their_time(gateway: Gateway) -> None:
    """Each exactly once, at the moment at which it happened, however far the clock is moved at once."""
    gateway.submit(EXPIRED, validity=HOUR)
    gateway.submit(DELAYED, receipts=BOTH)
    gateway.submit(MINE)
    gateway.submit(MINE, schedule=5 * MINUTE)
    gateway.submit(DELAYED, validity=5 * MINUTE)
    gateway.submit(UNDELIVERABLE, receipts=Receipts.FAILURE)
    gateway.submit(MINE, receipts=Receipts.FAILURE)
    gateway.submit(MINE, receipts=Receipts.NONE)
    gateway.advance(MONDAY + 10 * HOUR)
    assert gateway.receipts() == [
        (2, "enroute", MONDAY, 27),
        (3, "delivered", MONDAY, 0),
        (6, "undeliverable", MONDAY, 1),
        (4, "delivered", MONDAY + 5 * MINUTE, 0),
        (5, "expired", MONDAY + 5 * MINUTE, 27),
        (2, "delivered", MONDAY + 10 * MINUTE, 0),
        (1, "expired", MONDAY + HOUR, 27),
    ]
    assert gateway.sms.next_due() is None


def test_a_clock_that_runs_by_itself_comes_late_and_keeps_the_order(gateway: Gateway) -> None:
    """What fell due meanwhile has its own moments, and comes before what is sent now."""
    gateway.submit(DELAYED)
    gateway.submit(MINE, schedule=MINUTE)
    gateway.clock.move_to(MONDAY + HOUR)
    gateway.submit(MINE)
    assert gateway.receipts() == [
        (2, "delivered", MONDAY + MINUTE, 0),
        (1, "delivered", MONDAY + 10 * MINUTE, 0),
        (3, "delivered", MONDAY + HOUR, 0),
    ]


def test_more_than_the_store_gives_at_once(gateway: Gateway) -> None:
    """1,300 messages due at 26 moments, many at the same: each once, by moment, then by number."""
    order = SubmitText(sender="CINAR", phone=MINE, text="x", receipts=BOTH)
    orders = [
        replace(order, phone=DELAYED if n % 7 == 0 else MINE, schedule=(n * 11 % 26) * MINUTE) for n in range(1300)
    ]
    gateway.sms.submit_many("CINAR", orders)
    gateway.clock.move_to(MONDAY + HOUR)
    gateway.sms.run_due()
    due = {n + 1: MONDAY + orders[n].schedule for n in range(1300)}
    late = {n: at + 10 * MINUTE for n, at in due.items() if (n - 1) % 7 == 0}
    expected = [(at, n, "enroute" if n in late else "delivered") for n, at in due.items()]
    expected += [(at, n, "delivered") for n, at in late.items()]
    assert [(at, n, state) for n, state, at, _ in gateway.receipts()] == sorted(expected)


def test_transit() -> None:
    """A message is on its way for so many milliseconds of the world's time."""
    gateway = Gateway(transit_ms=250)
    message = gateway.submit()
    assert (message.state, gateway.sms.inbox(MINE)) == (State.ENROUTE, [])
    gateway.advance(MONDAY + timedelta(milliseconds=249))
    assert gateway.receipts() == []
    gateway.advance(MONDAY + SECOND)
    assert gateway.receipts() == [(1, "delivered", MONDAY + timedelta(milliseconds=250), 0)]


def test_magic_numbers_are_nobody_s(gateway: Gateway) -> None:
    """A citizen's number takes messages whatever its digits, and so does every number if nobody says whose it is."""
    assert gateway.submit(UNDELIVERABLE).state is State.UNDELIVERABLE
    assert Gateway(is_known=lambda phone: phone == UNDELIVERABLE).submit(UNDELIVERABLE).state is State.DELIVERED
    assert Gateway(is_known=None).submit(UNDELIVERABLE).state is State.DELIVERED


def test_scripted_fates(gateway: Gateway) -> None:
    """They come before magic; what waits is tried again when the phone is there; None gives the number back its own."""
    assert gateway.sms.script(MINE, Fate(kind=FateKind.PHONE_OFF)).kind is FateKind.PHONE_OFF
    gateway.submit(receipts=BOTH)
    gateway.submit(YOURS)
    gateway.advance(MONDAY + HOUR)
    gateway.sms.script(MINE, Fate(kind=FateKind.DELIVERED))
    gateway.sms.script(REJECTED, Fate(kind=FateKind.DELIVERED))
    assert gateway.submit(REJECTED).state is State.DELIVERED
    assert gateway.sms.script(REJECTED, None) == gateway.sms.fate(REJECTED) == Fate(kind=FateKind.REJECTED)
    assert gateway.submit(REJECTED).state is State.REJECTED
    assert gateway.receipts() == [
        (1, "enroute", MONDAY, 27),
        (2, "delivered", MONDAY, 0),
        (1, "delivered", MONDAY + HOUR, 0),
        (3, "delivered", MONDAY + HOUR, 0),
        (4, "rejected", MONDAY + HOUR, 13),
    ]


def test_a_full_memory_until_a_moment(gateway: Gateway) -> None:
    gateway.sms.script(MINE, Fate(kind=FateKind.MEMORY_FULL, until=MONDAY + MINUTE))
    gateway.submit(receipts=BOTH)
    gateway.advance(MONDAY + HOUR)
    assert gateway.receipts() == [(1, "enroute", MONDAY, 32), (1, "delivered", MONDAY + MINUTE, 0)]


def test_scheduling_and_validity(gateway: Gateway) -> None:
    """As moments or as spans; what is scheduled waits, and what cannot be is refused and leaves nothing."""
    later = gateway.submit(schedule=MONDAY + HOUR, validity=MONDAY + HOUR + SECOND)
    assert (later.state, later.scheduled_at, later.expires_at) == (
        State.ACCEPTED,
        MONDAY + HOUR,
        MONDAY + HOUR + SECOND,
    )
    assert gateway.submit(phone=EXPIRED).expires_at == MONDAY + timedelta(hours=72)
    for fields, refusal in (
        ({"schedule": MONDAY - SECOND}, BadSchedule),
        ({"schedule": timedelta(days=367)}, BadSchedule),
        ({"validity": MONDAY}, BadValidity),
        ({"validity": timedelta()}, BadValidity),
        ({"validity": timedelta(days=36_500)}, BadValidity),
        ({"schedule": HOUR, "validity": HOUR}, BadValidity),
        ({"text": "\ud800"}, BadText),
        ({"sender": "KURUM"}, SenderRefused),
        ({"sender": "2023"}, SenderRefused),
        ({"sender": "+905991234567"}, SenderRefused),
    ):
        with pytest.raises(refusal):
            gateway.submit(**fields)
    assert gateway.store.get(3) is None
    gateway.advance(MONDAY + 2 * HOUR)
    assert gateway.sms.message("CINAR", later.number).done_at == MONDAY + HOUR


def test_many_at_once(gateway: Gateway) -> None:
    """One transaction; each has its own answer, and a bad one stops nobody."""
    before = gateway.transactions
    good = SubmitText(sender="CINAR", phone=MINE, text="x", receipts=Receipts.FINAL)
    results = gateway.sms.submit_many("CINAR", [good, replace(good, sender="X"), good, replace(good, text="\x00")])
    assert gateway.transactions == before + 1
    assert [getattr(result, "number", type(result)) for result in results] == [1, SenderRefused, 2, BadText]
    assert gateway.sms.submit_many("CINAR", []) == []
    with pytest.raises(UnknownSmsAccount):
        gateway.sms.submit_many("YOK", [good])


def test_throttling_by_the_world_s_clock() -> None:
    """Three a second: the fourth waits for the clock; other accounts do not feel it, and refused messages are free."""
    gateway = Gateway(per_second=3)
    gateway.sms.open_account(OpenSmsAccount(label="öteki", senders=("OTEKI",)))
    for _ in range(9):
        with pytest.raises(SenderRefused):
            gateway.submit(sender="X")
    for _ in range(3):
        gateway.submit()
    with pytest.raises(Throttled) as refusal:
        gateway.submit()
    assert refusal.value.wait_us == 333_332
    gateway.sms.submit("OTEKI", SubmitText(sender="OTEKI", phone=MINE, text="x"))
    gateway.clock.move_to(MONDAY + timedelta(microseconds=333_332))
    gateway.submit()
    results = gateway.sms.submit_many("CINAR", [SubmitText(sender="CINAR", phone=MINE, text="x")] * 2)
    assert [type(result) for result in results] == [Throttled, Throttled]


def test_a_full_queue() -> None:
    """Messages and unacknowledged receipts count; room comes back with acknowledgements."""
    gateway = Gateway(queue_limit=3)
    for phone in (MINE, EXPIRED, MINE):
        gateway.submit(phone)
    with pytest.raises(QueueFull):
        gateway.submit()
    gateway.sms.acknowledge("CINAR", [1])
    gateway.submit()
    with pytest.raises(QueueFull):
        gateway.submit()


def test_accounts(gateway: Gateway) -> None:
    """A pair that opens nothing else; the same seed mints the same password; names and numbers are taken once."""
    password = gateway.sms.password("CINAR")
    assert gateway.sms.sign_in("CINAR", password) == gateway.account
    assert (len(password), Gateway().sms.password("CINAR")) == (8, password)
    assert Gateway(streams=Streams(2)).sms.password("CINAR") != password
    for name, word, refusal in (
        ("CINAR", "", WrongSmsPassword),
        ("CINAR", password + "\ud800", WrongSmsPassword),
        ("cinar", password, UnknownSmsAccount),
    ):
        with pytest.raises(refusal):
            gateway.sms.sign_in(name, word)
    for order, refused in (
        (OpenSmsAccount(label="CINAR", senders=()), SmsAccountTaken),
        (OpenSmsAccount(label="B", senders=(), number="4567"), SmsAccountTaken),
        (OpenSmsAccount(label="B", senders=(), number="2023"), SmsAccountTaken),
        (OpenSmsAccount(label="B", senders=("0599",)), BadSmsAccount),
        (OpenSmsAccount(label="B", senders=(), number="1"), BadSmsAccount),
    ):
        with pytest.raises(refused):
            gateway.sms.open_account(order)
    assert gateway.sms.accounts() == [gateway.account]


def test_cancelling(gateway: Gateway) -> None:
    """What waits can be taken back, and is receipted as deleted; what is over, or another's, cannot."""
    gateway.sms.open_account(OpenSmsAccount(label="öteki", senders=("OTEKI",)))
    waiting, over = gateway.submit(EXPIRED), gateway.submit()
    for account, number, refusal in (
        ("CINAR", over.number, MessageOver),
        ("OTEKI", waiting.number, UnknownMessage),
        ("CINAR", 99, UnknownMessage),
    ):
        with pytest.raises(refusal):
            gateway.sms.cancel(account, number)
    assert gateway.sms.cancel("CINAR", waiting.number).state is State.DELETED
    with pytest.raises(MessageOver):
        gateway.sms.cancel("CINAR", waiting.number)
    assert gateway.receipts()[1:] == [(1, "deleted", MONDAY, 0)]
    kept = gateway.submit(EXPIRED, service_type="WAP")
    gone = [gateway.submit(EXPIRED), gateway.submit(EXPIRED)]
    cancelled = gateway.sms.cancel_all("CINAR", sender="CINAR", phone=EXPIRED, service_type="")
    assert [message.number for message in cancelled] == [kept.number, *(message.number for message in gone)]
    assert gateway.sms.cancel_all("CINAR", sender="CINAR", phone=EXPIRED, service_type="") == []


def test_replacing(gateway: Gateway) -> None:
    """A waiting message with the same sender, phone and service type says something else under its number."""
    first = gateway.submit(EXPIRED, "birinci")
    again = gateway.submit(EXPIRED, "ikinci", replace=True, validity=HOUR)
    assert (again.number, again.text, again.state) == (first.number, "ikinci", State.ENROUTE)
    other = gateway.submit(EXPIRED, "üçüncü", replace=True, service_type="WAP")
    assert other.number == 2
    batch = SubmitText(sender="CINAR", phone=EXPIRED, text="x", schedule=HOUR, service_type="A")
    made = gateway.sms.submit_many("CINAR", [batch, replace(batch, text="y", replace=True)])
    assert [getattr(one, "text", None) for one in made] == ["x", "y"]
    assert [getattr(one, "number", None) for one in made] == [3, 3]
    gateway.advance(MONDAY + 100 * HOUR)
    assert gateway.receipts() == [(1, "expired", MONDAY + HOUR, 27), (2, "expired", MONDAY + 72 * HOUR, 27)]
    assert gateway.store.get(3).text == "y"


def test_messages_from_handsets(gateway: Gateway) -> None:
    """To 2023: the ministry hears of it; to an account's number: into its queue, a notice a segment; else refused."""
    gateway.sms.from_handset(MINE, "2023", "HES 12345")
    assert gateway.told == [TextReceived(phone=MINE, to="2023", text="HES 12345")]
    long = gateway.sms.from_handset(MINE, "4567", "ş" * 200)
    notices = gateway.sms.pending("CINAR")
    assert [(n.kind, n.message.number, n.part) for n in notices] == [
        (NoticeKind.INCOMING, 2, 0),
        (NoticeKind.INCOMING, 2, 1),
    ]
    assert "".join(segment.text for segment in long.segments) == "ş" * 200
    with pytest.raises(UnknownNumber):
        gateway.sms.from_handset(MINE, "4568", "x")
    with pytest.raises(UnknownMessage):
        gateway.sms.message("CINAR", long.number)
    assert [message.to for message in gateway.sms.sent_from(MINE)] == ["4567", "2023"]
    assert gateway.sms.inbox(MINE) == []
    assert "1234567" not in repr(long)


def test_watchers_are_called_after_the_command(gateway: Gateway) -> None:
    """Once a command, only the account's own, and no more after unwatching."""
    gateway.sms.open_account(OpenSmsAccount(label="öteki", senders=("OTEKI",), number="8501112233"))
    called: list[tuple[str, bool, int]] = []

    def watch(account: str) -> Any:
        return gateway.sms.watch(
            account, lambda: called.append((account, gateway.inside, len(gateway.sms.pending(account))))
        )

    unwatch = watch("CINAR")
    watch("OTEKI")
    gateway.sms.submit_many("CINAR", [SubmitText(sender="CINAR", phone=MINE, text="x", receipts=Receipts.FINAL)] * 3)
    gateway.submit(DELAYED)
    assert called == [("CINAR", False, 3)]
    gateway.clock.move_to(MONDAY + HOUR)
    gateway.sms.run_due()
    gateway.sms.run_due()
    assert called[1:] == [("CINAR", False, 4)]
    unwatch()
    unwatch()
    gateway.submit()
    gateway.sms.from_handset(MINE, "8501112233", "x")
    assert called[2:] == [("OTEKI", False, 1)]


def test_a_text_that_the_client_has_cut_itself(gateway: Gateway) -> None:
    """Its segments are messages of their own; the handset shows one text, byte for byte."""
    text = "Şüpheli değil 👍 " * 12
    segments = parts(text, reference=77)
    for segment in segments:
        message = gateway.submit(text="", segment=segment)
        assert (message.segments, message.part_count) == ((segment,), 1)
    (shown,) = gateway.sms.received(MINE)
    assert (shown.text, shown.segments, shown.missing) == (text, tuple(segments), 0)


def test_the_operator_s_code() -> None:
    """Behind every text of an account, of whole ones and of a last segment; never behind the ministry's own."""
    gateway = Gateway(operator_code="B001")
    assert gateway.submit(text="a" * 155).part_count == 1
    assert gateway.submit(text="a" * 156).part_count == 2
    for segment in parts("b" * 161, reference=3):
        gateway.submit(text="", segment=segment)
    (alone,) = parts("c" * 160)
    assert gateway.submit(text="c" * 160, segment=alone).part_count == 2
    gateway.sms.send(SendText(phone=MINE, text="d"))
    assert [shown.text for shown in gateway.sms.received(MINE)] == [
        "a" * 155 + " B001",
        "a" * 156 + " B001",
        "b" * 161 + " B001",
        "c" * 160 + " B001",
        "d",
    ]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([MINE, UNDELIVERABLE, EXPIRED, DELAYED, REJECTED, UNROUTED]),
            st.integers(0, 30),
            st.integers(1, 40),
            st.integers(0, 20),
        ),
        max_size=25,
    )
)
@settings(max_examples=60)
def test_each_message_ends_once_and_in_order(orders: Sequence[tuple[Phone, int, int, int]]) -> None:
    """Whatever is sent when: one receipt for each, never before it was sent, none later than its end, all in order."""
    gateway = Gateway(transit_ms=1500)
    sent: dict[int, Message] = {}
    for phone, delay, lasts, pause in orders:
        gateway.advance(gateway.clock.now() + pause * MINUTE)
        message = gateway.submit(phone, schedule=delay * MINUTE, validity=(delay + lasts) * MINUTE)
        sent[message.number] = message
    gateway.advance(gateway.clock.now() + 90 * MINUTE)
    receipts = gateway.receipts()
    assert sorted(number for number, *_ in receipts) == sorted(sent)
    assert [at for _, _, at, _ in receipts] == sorted(at for _, _, at, _ in receipts)
    for number, state, at, _ in receipts:
        assert sent[number].scheduled_at <= at <= sent[number].expires_at
        assert (state == "expired") == (at == sent[number].expires_at)
        now = gateway.sms.message("CINAR", number)
        assert (now.state.value, now.done_at) == (state, at)
    assert gateway.sms.next_due() is None


def test_encodings_are_noted(gateway: Gateway) -> None:
    """What the air carries is what the journal says."""
    for text, encoding in (("abc", Encoding.GSM7), ("değil mi?", Encoding.GSM7_LOCKING), ("ж", Encoding.UCS2)):
        assert gateway.submit(text=text).encoding is encoding


@pytest.mark.parametrize(
    ("phone", "fields", "taken"),
    [
        (MINE, {}, True),
        (UNDELIVERABLE, {}, True),
        (Phone("5321234567"), {}, False),
        (Phone("5601234567"), {}, False),
        (Phone("5321234567"), {"is_known": None}, False),
        (Phone("5321234567"), {"is_known": lambda phone: phone.subscriber == "5321234567"}, True),
        (Phone("5321234568"), {"is_known": lambda phone: phone.subscriber == "5321234567"}, False),
        (Phone("5601234567"), {"own_prefix": "560"}, True),
        (UNDELIVERABLE, {"own_prefix": "560"}, True),
        (Phone("5321234567"), {"own_prefix": "560"}, False),
    ],
)
def test_a_real_person_s_number_is_kept_nowhere(phone: Phone, fields: dict[str, Any], taken: bool) -> None:
    """Neither as a message's, nor as a sender's, nor with a fate; the world's own and its people's are."""
    gateway = Gateway(**fields)

    def tried(call: Callable[[], object]) -> bool:
        try:
            call()
        except StrangersNumber:
            return False
        return True

    assert tried(lambda: gateway.submit(phone)) is taken
    assert tried(lambda: gateway.sms.from_handset(phone, "2023", "x")) is taken
    assert tried(lambda: gateway.sms.script(phone, Fate(kind=FateKind.REJECTED))) is taken
    assert (gateway.sms.sent_from(phone) != []) is taken
    assert (gateway.store.fates([phone]) != {}) is taken
    assert (gateway.store.get(1) is not None) is taken


def test_a_stranger_s_number_costs_the_others_nothing(gateway: Gateway) -> None:
    """In a bulk the others are taken, and it uses up nothing of the throttle."""
    orders = [SubmitText(sender="CINAR", phone=phone, text="x") for phone in (MINE, Phone("5321234567"), YOURS)]
    first, refused, last = gateway.sms.submit_many("CINAR", orders)
    assert isinstance(refused, StrangersNumber)
    assert [message.phone for message in (first, last) if isinstance(message, Message)] == [MINE, YOURS]


ABROAD, NUMBER = ForeignPhone("+9991234567890"), "+903120002023"


@pytest.mark.parametrize("written", [NUMBER, "903120002023", "00903120002023", "0312 000 20 23", "+90 (312) 000-2023"])
def test_lines_abroad_reach_the_number_for_them(written: str) -> None:
    """However it is written; a line of this country reaches it too, and 2023 is not reached from abroad."""
    gateway = Gateway(abroad=NUMBER)
    for phone in (ABROAD, MINE):
        gateway.sms.from_handset(phone, written, "HES")
    assert gateway.told[-2:] == [TextReceived(phone=phone, to=NUMBER, text="HES") for phone in (ABROAD, MINE)]
    assert [message.to for message in gateway.sms.sent_from(ABROAD)] == [NUMBER]
    with pytest.raises(UnknownNumber, match=r"send the text to \+903120002023"):
        gateway.sms.from_handset(ABROAD, "2023", "HES")


def test_a_reply_comes_from_its_number_after_a_while() -> None:
    """From another of the ministry's numbers, to a line abroad, when its time has come."""
    gateway = Gateway()
    gateway.sms.send(SendText(phone=ABROAD, text="kod", sender=NUMBER, after=8 * SECOND))
    gateway.advance(MONDAY + 7 * SECOND)
    assert gateway.sms.received(ABROAD) == []
    gateway.advance(MONDAY + 8 * SECOND)
    (shown,) = gateway.sms.received(ABROAD)
    assert (shown.sender, shown.text, shown.at) == (NUMBER, "kod", MONDAY + 8 * SECOND)


def test_the_journal_keeps_of_a_text_to_the_ministry_what_it_may() -> None:
    """The ministry is told all of it; what goes to an account stays as it is."""
    gateway = Gateway(kept=lambda text: text.replace("45678901234", "***********"))
    gateway.sms.from_handset(MINE, "2023", "HES 45678901234")
    gateway.sms.from_handset(MINE, "4567", "HES 45678901234")
    incoming = AccountNoted(account="CINAR", kind=NoticeKind.INCOMING)
    assert gateway.told == [TextReceived(phone=MINE, to="2023", text="HES 45678901234"), incoming]
    assert [message.text for message in gateway.sms.sent_from(MINE)] == ["HES 45678901234", "HES ***********"]


def modem(gateway: Gateway) -> Sms:
    """The gateway with a second account, in whose modem two cards are."""
    gateway.sms.open_account(OpenSmsAccount(label="Modem", senders=(), lines=(MINE, ABROAD)))
    return gateway.sms


def from_line(line: Phone = MINE, to: str = "2023", text: str = "HES", **fields: Any) -> SubmitFromLine:
    return SubmitFromLine(line=line, to=to, text=text, **fields)


def test_an_account_sends_from_its_lines(gateway: Gateway) -> None:
    """As the handset would, to the ministry and to other accounts' numbers; one refusal does not stop the others."""
    sms = modem(gateway)
    assert sms.lines("MODEM") == [ABROAD, MINE]
    orders = [from_line(), from_line(to="9999"), from_line(to="4567", text="merhaba")]
    taken = sms.submit_many("MODEM", orders)
    assert [type(one) for one in taken] == [Message, UnknownNumber, Message]
    incoming = AccountNoted(account="CINAR", kind=NoticeKind.INCOMING)
    assert gateway.told == [TextReceived(phone=MINE, to="2023", text="HES"), incoming]
    assert [notice.message.text for notice in sms.pending("CINAR", kind=NoticeKind.INCOMING)] == ["merhaba"]
    assert [message.to for message in sms.sent_from(MINE)] == ["4567", "2023"]


def test_what_a_line_may_not(gateway: Gateway) -> None:
    """Another's line, a delay, a piece of a text; a line belongs to one account, and never to a real person."""
    sms = modem(gateway)
    piece = parts("x" * 161, reference=1)[0]
    for system_id, order, refusal in (
        ("CINAR", from_line(), SenderRefused),
        ("MODEM", from_line(YOURS), SenderRefused),
        ("MODEM", from_line(schedule=MINUTE), BadSchedule),
        ("MODEM", from_line(segment=piece), BadText),
    ):
        with pytest.raises(refusal):
            sms.submit(system_id, order)
    assert sms.sent_from(MINE) == []
    with pytest.raises(SmsAccountTaken):
        sms.open_account(OpenSmsAccount(label="Zweites", senders=(), lines=(MINE,)))
    with pytest.raises(StrangersNumber):
        sms.open_account(OpenSmsAccount(label="Fremd", senders=(), lines=(Phone("5321234567"),)))
    assert [account.system_id for account in sms.accounts()] == ["CINAR", "MODEM"]


def test_what_arrives_at_a_line_its_account_has(gateway: Gateway) -> None:
    """From the ministry and from other accounts, part by part, when it arrives and not before."""
    sms = modem(gateway)
    sms.send(SendText(phone=MINE, text="ж" * 71, after=MINUTE))
    gateway.submit(MINE, "merhaba")
    sms.send(SendText(phone=YOURS, text="başkasına"))
    assert [(n.message.sender, n.message.text) for n in sms.pending("MODEM")] == [("CINAR", "merhaba")]
    gateway.advance(MONDAY + MINUTE)
    late = sms.pending("MODEM")[1:]
    assert [(n.kind, n.message.sender, n.at, n.part) for n in late] == [
        (NoticeKind.INCOMING, "2023", MONDAY + MINUTE, 0),
        (NoticeKind.INCOMING, "2023", MONDAY + MINUTE, 1),
    ]
    assert sms.pending("CINAR", kind=NoticeKind.INCOMING) == []
