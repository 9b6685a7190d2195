"""Callbacks come twice, late or with a wrong clock because a plan of faults says so."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from mockgov.callbacks.carrying import Envelope
from mockgov.callbacks.messages import Announce, Subscribe
from mockgov.callbacks.rules import Kind
from mockgov.faults.kinds import Channel, Disorder, Duplicate, Fault
from tests.mockgov.counters.town import LABEL, Town

URL = "http://client.test/hook"


class Called:
    """A town with an endpoint that is told of steps."""

    def __init__(self) -> None:
        self.town = Town()
        self.ministry = self.town.ministry
        self.got: list[tuple[float, str, bytes]] = []
        """Seconds since the beginning, `webhook-id` and body of each delivery."""
        self.begun = self.ministry.world.now()
        self.ministry.callbacks.mount("http://client.test", self.receive)
        order = Subscribe(url=URL, kinds=frozenset({Kind.ONBOARDING_STEP}), institution_id=1)
        self.number = self.ministry.callbacks.subscribe(order).number

    def receive(self, envelope: Envelope) -> int:
        at = (self.ministry.world.now() - self.begun).total_seconds()
        self.got.append((at, envelope.headers["webhook-id"], envelope.body))
        return 204

    def announce(self, *steps: str) -> Sequence[tuple[float, str, bytes]]:
        """What has arrived after ten minutes, the clock at its beginning again each time."""
        self.begun = self.ministry.world.now()
        self.got.clear()
        for step in steps:
            at = self.begun
            order = Announce(subscription=self.number, kind=Kind.ONBOARDING_STEP, at=at, data={"step": step})
            self.ministry.callbacks.announce(order)
        self.town.advance(minutes=10)
        return list(self.got)

    def plan(self, *faults: Fault) -> None:
        self.ministry.world.faults.replace(faults)


@pytest.fixture
def called() -> Iterator[Called]:
    made = Called()
    yield made
    made.town.close()


def test_a_doubled_callback(called: Called) -> None:
    """The same message with the same id, a second later; healed, it comes once again."""
    called.plan(Duplicate(channel=(Channel.CALLBACK,)))
    (first, name, body), (second, again, repeated) = called.announce("returned")
    assert (first, second) == (0.0, 1.0)
    assert (name, body) == (again, repeated)
    called.plan()
    assert len(called.announce("returned")) == 1


def test_a_late_callback(called: Called) -> None:
    """After so many seconds of the world's time; what came about later overtakes it."""
    called.plan(Disorder(hold_s=90, channel=(Channel.CALLBACK,)))
    assert [at for at, _, _ in called.announce("returned")] == [90.0]
    called.plan(Disorder(hold_s=90, share=0.5))
    got = called.announce(*map(str, range(20)))
    assert {at for at, _, _ in got} == {0.0, 90.0}
    assert len(got) == 20


def test_what_is_struck_is_told_by_what_is_said(called: Called) -> None:
    """Not by the order in which it came about: another order, the same ones late."""
    called.plan(Disorder(hold_s=90, share=0.5))
    order = Announce(subscription=called.number, kind=Kind.ONBOARDING_STEP, at=called.begun, data={})
    for steps in (range(20), reversed(range(20))):
        for step in steps:
            called.ministry.callbacks.announce(
                Announce(subscription=order.subscription, kind=order.kind, at=order.at, data={"step": step})
            )
    called.town.advance(minutes=10)
    late = [body for at, _, body in called.got if at >= 90]
    assert sorted(late) == sorted(2 * list(set(late)))
    assert 0 < len(late) < 40


@pytest.mark.parametrize(("institution", "comes"), [((LABEL,), 2), (("KURUM",), 1)])
def test_a_plan_aims_at_who_is_called(called: Called, institution: tuple[str, ...], comes: int) -> None:
    """By the institution's label."""
    called.plan(Duplicate(institution=institution))
    assert len(called.announce("returned")) == comes


def test_a_strike_is_told_and_replayed(called: Called) -> None:
    """Its token strikes the same message once more, when the share is no longer met."""
    called.plan(Duplicate())
    called.announce("returned")
    (struck,) = called.ministry.world.faults.struck
    assert (struck.kind, struck.channel) == ("duplicate", Channel.CALLBACK)
    assert struck.token.startswith("hes1.")
    assert called.ministry.world.now() - called.begun == timedelta(minutes=10)
