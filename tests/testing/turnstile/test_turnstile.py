"""The turnstile's own suite: a few examples that a reader can follow, and a machine that looks for the rest."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

import httpx2 as httpx
import pytest
from hypothesis import settings

from mockgov.faults import Refuse
from mockgov.testing.asking import Connection, Promise, Seen, Told
from mockgov.testing.machine import IntegrationMachine
from tests.testing.turnstile.client import Passage, Turnstile, Why


@pytest.fixture
def turnstile(world, ministry_url, ministry_transport, clock) -> Iterator[Turnstile]:
    """A turnstile of a firm whose user name only UTF-8 can write."""
    with httpx.Client(base_url=ministry_url, transport=ministry_transport, trust_env=False) as client:
        yield Turnstile(client, lambda: world.pair("ÇINAR-LOJİSTİK").auth, now=clock.now, sleep=clock.sleep)


def test_it_opens_for_the_riskless_only(turnstile, world) -> None:
    well, ill = world.register("Ayşe", "Yılmaz"), world.register("İpek", "Öz")
    world.positive(ill)
    assert turnstile.check(world.code(well).dashed).opens
    assert turnstile.check(world.code(ill).dashed) == Passage(Why.RISKY, "İP**** ÖZ****", world.clock.now() + 7 * DAY)


def test_it_stays_shut_once_a_code_has_ended(turnstile, world, clock) -> None:
    code = world.code(days=1)
    clock.advance(hours=23, minutes=59)
    assert turnstile.check(code.text).opens
    clock.advance(minutes=1)
    assert turnstile.check(code.text).why is Why.EXPIRED


@pytest.mark.hes(seed=3, start="2021-03-01T08:00:00+03:00")
def test_it_waits_as_long_as_it_is_told_and_then_gives_up(turnstile, world, clock) -> None:
    world.plan(Refuse(share=1.0, status=503, retry_after_s=30))
    assert turnstile.check(world.code().text).why is Why.UNAVAILABLE
    assert clock.now() - clock.start == timedelta(seconds=90)


class Machine(IntegrationMachine):
    promise = Promise(
        staleness=Turnstile.keep, attempts=4, operations=frozenset({"check-employee-hes-code", "check-hes-codes"})
    )
    client = Turnstile

    def connect(self, to: Connection) -> None:
        http = httpx.Client(base_url=to.url, transport=to.transport, trust_env=False)
        self.turnstile = self.client(http, lambda: to.credential().auth, now=to.now, sleep=to.sleep)

    def ask(self, text: str) -> Seen:
        return seen(self.turnstile.check(text))

    def ask_many(self, texts: Sequence[str]) -> Mapping[str, Seen]:
        return {text: seen(passage) for text, passage in self.turnstile.check_all(texts).items()}


def seen(passage: Passage) -> Seen:
    return Seen(told=Told(passage.why), name=passage.name, expires_at=passage.until)


DAY = timedelta(days=1)
TestTurnstile = Machine.TestCase
TestTurnstile.settings = settings(max_examples=30, stateful_step_count=12, deadline=None)
