"""The service over its plain twin, with a receiver in the test itself."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.callbacks.carrying import Carrier, Envelope
from mockgov.callbacks.messages import (
    Announce,
    CallbackDelivered,
    CallbackDisabled,
    CallbackFailed,
    CallbackSubscribed,
    Subscribe,
)
from mockgov.callbacks.rules import (
    AddressNotAllowed,
    BadSubscription,
    IllegalTransition,
    Kind,
    Off,
    State,
    SubscriptionOff,
    Trouble,
    UnknownDelivery,
    UnknownSubscription,
)
from mockgov.callbacks.service import Callbacks
from mockgov.callbacks.store import InMemoryCallbacks
from mockgov.callbacks.twists import Occasion, Twist
from mockgov.streams import Streams
from tests.endpoint import verified

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
REAL = datetime(2026, 11, 23, 16, tzinfo=UTC)
SECOND = timedelta(seconds=1)
URL = "http://client.test/hook"


@dataclass
class Desk:
    """A service, the world's clock, and what the receiver got."""

    now: datetime = MONDAY
    status: Callable[[Envelope], int] = lambda _: 204
    got: list[Envelope] = field(default_factory=list)
    told: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.callbacks = Callbacks(
            store=InMemoryCallbacks(),
            now=lambda: self.now,
            tell=self.told.append,
            transaction=self.transaction,
            streams=Streams(7),
            carrier=Carrier(),
            world="tuesday",
            real_now=lambda: REAL,
        )
        self.callbacks.mount("http://client.test", self.receive)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        yield

    def receive(self, envelope: Envelope) -> int:
        self.got.append(envelope)
        return self.status(envelope)

    def subscribe(self, url: str = URL, **fields: Any) -> int:
        order = {"kinds": frozenset({Kind.ONBOARDING_STEP}), "institution_id": 1} | fields
        return self.callbacks.subscribe(Subscribe(url=url, **order)).number

    def announce(self, number: int, **fields: Any) -> int:
        order = {"kind": Kind.ONBOARDING_STEP, "at": self.now, "data": {"step": "ş"}} | fields
        return self.callbacks.announce(Announce(subscription=number, **order))[0].number

    def wait(self, **time: float) -> None:
        """Let the clock walk from one due moment to the next, as the ministry does."""
        until = self.now + timedelta(**time)
        self.callbacks.carry()
        while (due_at := self.callbacks.next_due()) is not None and due_at <= until:
            self.now = max(self.now, due_at)
            self.callbacks.run_due()
            self.callbacks.carry()
        self.now = until


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_message_arrives_signed(desk: Desk) -> None:
    """Headers and body are those of the specification; the reference library verifies them."""
    number = desk.subscribe()
    desk.announce(number)
    desk.wait()
    (envelope,) = desk.got
    said = '{"type":"onboarding.step","timestamp":"2021-10-04T05:00:00.000Z","data":{"step":"ş"}}'
    assert envelope.body.decode() == said
    assert envelope.headers["content-type"] == "application/json"
    assert envelope.headers["webhook-timestamp"] == "1633323600"
    assert envelope.headers["webhook-id"].startswith("msg_")
    assert envelope.headers["x-hes-world"] == "tuesday"
    secret = desk.callbacks.keys(desk.callbacks.subscription(number)).shared
    assert verified(secret, envelope.headers, envelope.body)["data"] == {"step": "ş"}
    assert desk.told == [
        CallbackSubscribed(number=number),
        CallbackDelivered(subscription=number, delivery=1, sms_account=None, notices=()),
    ]


def test_a_failure_is_tried_again_with_the_same_id_and_body(desk: Desk) -> None:
    """Timestamp and signature are the attempt's own."""
    desk.status = lambda _: 200 if len(desk.got) == 3 else 500
    number = desk.subscribe()
    delivery = desk.announce(number)
    desk.wait(days=4)
    assert len({(one.headers["webhook-id"], one.body) for one in desk.got}) == 1
    stamps = [int(one.headers["webhook-timestamp"]) - 1_633_323_600 for one in desk.got]
    assert stamps[0] == 0
    assert 5 <= stamps[1] <= 6
    assert 305 <= stamps[2] <= 336
    assert len({one.headers["webhook-signature"] for one in desk.got}) == 3
    found = desk.callbacks.delivery(number, delivery)
    assert (found.state, found.attempts) == (State.DELIVERED, 3)
    assert [(one.nth, one.status) for one in desk.callbacks.attempts(found)] == [(1, 500), (2, 500), (3, 200)]


def test_the_last_failure_is_told(desk: Desk) -> None:
    """After ten attempts nothing more is due."""
    desk.status = lambda _: 500
    number = desk.subscribe()
    desk.announce(number)
    desk.wait(days=4)
    assert len(desk.got) == 10
    assert desk.callbacks.next_due() is None
    assert desk.told[-1] == CallbackFailed(subscription=number, delivery=1)


def test_410_disables_and_what_waits_has_failed(desk: Desk) -> None:
    """What was due at the same moment counts as not tried; nothing more is sent or promised."""
    number = desk.subscribe()
    first, second = desk.announce(number), desk.announce(number)
    desk.callbacks.twister = lambda _: Twist(late=timedelta(hours=1))
    later = desk.announce(number)
    desk.status = lambda _: 410
    desk.wait(days=4)
    assert len(desk.got) == 1
    assert desk.callbacks.subscription(number).off is Off.GONE
    assert [one.state for one in desk.callbacks.deliveries(number)] == [State.FAILED] * 3
    attempts = [
        [(one.status, one.trouble) for one in desk.callbacks.attempts(desk.callbacks.delivery(number, sent))]
        for sent in (first, second, later)
    ]
    assert attempts == [[(410, None)], [(None, Trouble.NOT_TRIED)], []]
    assert CallbackDisabled(number=number, why=Off.GONE) in desk.told
    assert not desk.callbacks.wanting(Kind.ONBOARDING_STEP)
    with pytest.raises(SubscriptionOff, match=r"disabled \(gone\)"):
        desk.callbacks.ping(number)


def test_enabled_again_it_is_told_of_what_happens_from_then_on(desk: Desk) -> None:
    number = desk.subscribe()
    assert desk.callbacks.disable(number).off is Off.BY_HAND
    assert desk.callbacks.disable(number, Off.GONE).off is Off.BY_HAND
    desk.now += SECOND
    enabled = desk.callbacks.enable(number, notice=7)
    assert (enabled.off, enabled.seen_at, enabled.notice) == (None, desk.now, 7)
    assert desk.callbacks.enable(number, notice=9) == enabled
    assert [one.number for one in desk.callbacks.wanting(Kind.ONBOARDING_STEP)] == [number]


def test_a_delivery_can_be_sent_again_by_hand(desk: Desk) -> None:
    """Under the same id, and once."""
    number = desk.subscribe()
    delivery = desk.announce(number)
    desk.wait()
    desk.status = lambda _: 500
    desk.now += timedelta(days=10)
    desk.callbacks.replay(number, delivery)
    desk.wait(days=10)
    assert [one.headers["webhook-id"] for one in desk.got] == [desk.got[0].headers["webhook-id"]] * 2
    assert desk.callbacks.delivery(number, delivery).state is State.FAILED


def test_whose_delivery_it_is_matters(desk: Desk) -> None:
    one, other = desk.subscribe(), desk.subscribe()
    delivery = desk.announce(one)
    for wrong in ((other, delivery), (one, delivery + 1)):
        with pytest.raises(UnknownDelivery):
            desk.callbacks.replay(*wrong)
    with pytest.raises(UnknownSubscription):
        desk.callbacks.delivery(9, delivery)
    with pytest.raises(UnknownSubscription):
        desk.callbacks.drop(9)


def test_what_is_under_way_is_not_taken_twice(desk: Desk) -> None:
    """Until it comes back; and cannot be replayed meanwhile."""
    number = desk.subscribe()
    delivery = desk.announce(number)
    (envelope,) = desk.callbacks.take()
    assert desk.callbacks.take() == ()
    with pytest.raises(IllegalTransition):
        desk.callbacks.replay(number, delivery)
    desk.callbacks.release([envelope.delivery])
    assert [one.delivery for one in desk.callbacks.take()] == [delivery]


def test_after_a_crash_what_was_under_way_is_sent_again(desk: Desk) -> None:
    """At least once: another service over the same store takes it."""
    desk.announce(desk.subscribe())
    desk.callbacks.take()
    reborn = Desk()
    reborn.callbacks._store = desk.callbacks._store
    reborn.wait()
    assert len(reborn.got) == 1


def test_what_was_erased_while_it_was_under_way_leaves_nothing(desk: Desk) -> None:
    number = desk.subscribe()
    desk.announce(number, citizen_id=7)
    desk.status = lambda _: 200 if desk.callbacks.forget(7) else 500
    desk.wait()
    assert (len(desk.got), desk.callbacks.deliveries(number)) == (1, [])


def test_a_subscription_dropped_by_its_receiver_is_gone(desk: Desk) -> None:
    """In the middle of a callback."""
    number = desk.subscribe()
    desk.announce(number)

    def dropping(_: Envelope) -> int:
        desk.callbacks.drop(number)
        return 200

    desk.status = dropping
    desk.wait()
    assert desk.callbacks.subscriptions() == []


def test_a_receiver_that_fails_is_a_server_that_fails(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: Envelope) -> int:
        raise ValueError("x")

    desk.status = broken
    number = desk.subscribe()
    desk.announce(number)
    desk.wait()
    (attempt,) = desk.callbacks.attempts(desk.callbacks.deliveries(number)[0])
    assert attempt.status == 500
    assert "counts as a 500" in caplog.text


def test_a_receiver_may_be_a_coroutine(desk: Desk) -> None:
    async def slowly(envelope: Envelope) -> int:
        await asyncio.sleep(0)
        return desk.receive(envelope)

    desk.callbacks.mount("http://other.test", slowly)
    number = desk.subscribe("http://OTHER.test/x")
    desk.announce(number)
    desk.wait()
    assert desk.callbacks.deliveries(number)[0].state is State.DELIVERED


def test_without_a_way_out_only_receivers_of_this_process_are_called(desk: Desk) -> None:
    with pytest.raises(AddressNotAllowed, match="mount a receiver"):
        desk.subscribe("http://127.0.0.1:9000/")
    with pytest.raises(BadSubscription):
        desk.subscribe("no address")


def test_a_hundred_subscriptions_are_enough(desk: Desk) -> None:
    for _ in range(100):
        desk.subscribe()
    with pytest.raises(BadSubscription, match="at most 100"):
        desk.subscribe()


def test_new_keys_sign_with_the_old_for_a_day(desk: Desk) -> None:
    """Two signatures of each scheme, then one; either secret verifies while there are two."""
    number = desk.subscribe()
    old = desk.callbacks.keys(desk.callbacks.subscription(number)).shared
    new = desk.callbacks.keys(desk.callbacks.rotate(number)).shared
    assert old != new
    for hours in (24, 0):
        desk.announce(number)
        desk.wait(hours=hours)
    both, one = desk.got
    assert [len(envelope.headers["webhook-signature"].split()) for envelope in (both, one)] == [4, 2]
    assert verified(old, both.headers, both.body) == verified(new, both.headers, both.body)
    assert verified(new, one.headers, one.body)


def test_timestamps_can_be_real_time(desk: Desk) -> None:
    """For receivers whose library compares them with its own clock."""
    desk.announce(desk.subscribe(real_time=True))
    desk.wait()
    assert desk.got[0].headers["webhook-timestamp"] == str(int(REAL.timestamp()))


def test_a_twist_makes_a_message_late_doubled_and_wrong(desk: Desk) -> None:
    """The first is overtaken; copies have the same id; a forged signature does not verify."""
    number = desk.subscribe()
    twists = {0: Twist(late=10 * SECOND), 2: Twist(copies=3), 3: Twist(forged=True), 4: Twist(skew_s=-3600)}
    desk.callbacks.twister = lambda occasion: twists.get(occasion.nth, Twist())
    for nth in range(5):
        desk.announce(number, data={"nth": nth})
    desk.wait(minutes=1)
    secret = desk.callbacks.keys(desk.callbacks.subscription(number)).shared
    order = [one.body.partition(b'"nth":')[2][:1].decode() for one in desk.got]
    assert order == ["1", "2", "3", "4", "2", "2", "0"]
    assert len({desk.got[at].headers["webhook-id"] for at in (1, 4, 5)}) == 1
    assert [one.copy for one in desk.callbacks.deliveries(number)] == [0, 0, 0, 1, 2, 0, 0]
    with pytest.raises(Exception, match="No matching signature"):
        verified(secret, desk.got[2].headers, desk.got[2].body)
    assert int(desk.got[3].headers["webhook-timestamp"]) == 1_633_323_600 - 3600
    assert verified(secret, desk.got[3].headers, desk.got[3].body)


def test_a_twister_is_asked_with_what_names_a_message() -> None:
    """The same in every run: subscription, kind, which of its messages, and what it says."""
    desk, asked = Desk(), list[Occasion]()
    desk.callbacks.twister = lambda occasion: asked.append(occasion) or Twist()  # type: ignore[func-returns-value]
    one, other = desk.subscribe(), desk.subscribe()
    for number in (one, other, one):
        desk.announce(number)
    desk.wait()
    names = [(occasion.subscription, occasion.kind, occasion.nth) for occasion in asked]
    assert names == [(1, "onboarding.step", 0), (2, "onboarding.step", 0), (1, "onboarding.step", 1)]
    assert {occasion.about for occasion in asked} == {envelope.body.decode() for envelope in desk.got}


def test_nobody_comes_before_its_time() -> None:
    for wrong in ({"late": -SECOND}, {"apart": -SECOND}, {"copies": 0}, {"copies": 101}):
        with pytest.raises(ValueError, match="comes later, not earlier"):
            Twist(**wrong)


statuses = st.lists(st.sampled_from([200, 302, 404, 429, 500]), min_size=1, max_size=40)


@given(statuses, st.integers(1, 5))
def test_equal_worlds_tell_equal_things(answers: list[int], messages: int) -> None:
    """Requests with headers, attempts and moments: the same in both."""

    def story() -> tuple[object, object]:
        desk = Desk()
        desk.status = lambda _: answers[len(desk.got) % len(answers)]
        number = desk.subscribe()
        for _ in range(messages):
            desk.announce(number)
            desk.wait(seconds=3)
        desk.wait(days=4)
        deliveries = desk.callbacks.deliveries(number)
        return desk.got, [(one, desk.callbacks.attempts(one)) for one in deliveries]

    assert story() == story()


def test_an_old_story_goes(desk: Desk) -> None:
    """What ended before a moment is erased; what waits is not."""
    number = desk.subscribe()
    desk.announce(number)
    desk.wait()
    desk.status = lambda _: 500
    desk.now += SECOND
    waiting = desk.announce(number)
    desk.wait()
    assert desk.callbacks.oldest_done() == MONDAY
    assert desk.callbacks.drop_done(desk.now + timedelta(days=9)) == 1
    assert [one.number for one in desk.callbacks.deliveries(number)] == [waiting]


def test_a_closed_world_sends_and_keeps_nothing(desk: Desk) -> None:
    desk.announce(desk.subscribe())
    desk.status = lambda _: desk.callbacks.close() or 204  # type: ignore[func-returns-value]
    desk.wait()
    assert len(desk.got) == 1
    assert desk.callbacks.take() == ()


def test_an_address_at_which_nothing_arrives_for_days_is_disabled(desk: Desk) -> None:
    """Five days after the first failure, by the next one; what waits has failed, and enabling begins anew."""
    desk.status = lambda _: 500
    number = desk.subscribe()
    desk.announce(number)
    desk.wait(days=4.9)
    assert desk.callbacks.subscription(number).off is None
    assert desk.callbacks.subscription(number).failing_since == MONDAY
    desk.announce(number)
    desk.wait(days=1)
    assert desk.callbacks.subscription(number).off is Off.FAILING
    assert CallbackDisabled(number=number, why=Off.FAILING) in desk.told
    assert desk.callbacks.next_due() is None
    assert desk.callbacks.enable(number, notice=0).failing_since is None
    desk.announce(number)
    desk.wait(days=1)
    assert desk.callbacks.subscription(number).off is None


def test_one_arrival_is_enough(desk: Desk) -> None:
    """An address that fails again and again, but not always, stays."""
    desk.status = lambda _: 500 if len(desk.got) % 5 else 204
    number = desk.subscribe()
    for _ in range(10):
        desk.announce(number)
        desk.wait(days=2)
    assert desk.callbacks.subscription(number).off is None
    desk.status = lambda _: 204
    desk.announce(number)
    desk.wait(hours=1)
    assert desk.callbacks.subscription(number).failing_since is None
