"""Who is told of what: a whole ministry, and an integrator's endpoint in the test itself."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from mockgov.callbacks.carrying import Envelope
from mockgov.callbacks.messages import Subscribe
from mockgov.callbacks.rules import Kind, State
from mockgov.groups.messages import MakeGroup
from mockgov.ministry import Ministry
from mockgov.queries.messages import Query
from mockgov.risk_index.messages import IsolationReport, PcrReport
from mockgov.sms.encoding import parts
from mockgov.sms.messages import OpenSmsAccount, SubmitText
from mockgov.sms.rules import Receipts
from mockgov.vocabulary.phone import Phone
from mockgov.world import fork_world
from tests.mockgov.counters.town import LABEL, Town
from tests.mockgov.road import firm, quick_ministry

DAY = timedelta(days=1)
URL = "http://client.test/hook"
SHOP, KURUM = 1, 2


class Told:
    """A town whose first institution is called back."""

    def __init__(self) -> None:
        self.town = Town()
        self.ministry = self.town.ministry
        self.got: list[tuple[str, dict[str, Any]]] = []
        self.ministry.callbacks.mount("http://client.test", self.receive)

    def receive(self, envelope: Envelope) -> int:
        said = json.loads(envelope.body)
        self.got.append((said["type"], said["data"]))
        return 204

    def subscribe(self, *kinds: Kind, institution_id: int | None = SHOP, sms_account: str | None = None) -> int:
        order = Subscribe(
            url=URL,
            kinds=frozenset(kinds),
            institution_id=institution_id,
            sms_account=sms_account,
            notice=self.ministry.informing.last_notice(sms_account),
        )
        return self.ministry.callbacks.subscribe(order).number

    def ask(self, code: str, asker: str = f"{LABEL}-G2G-HES") -> None:
        self.ministry.queries.answer([Query(asker, "single", code)])

    def report(self, *citizen_ids: int) -> None:
        at = self.ministry.world.now() - timedelta(hours=1)
        self.ministry.risk_index.file([PcrReport(citizen_id=n, sampled_at=at, positive=True) for n in citizen_ids])

    def risks(self) -> Sequence[tuple[str, str]]:
        """Code and status of each call since the last time."""
        self.town.advance(seconds=0)
        told = [(data["hes_code"], data["current_health_status"]) for kind, data in self.got if kind == "risk.changed"]
        self.got.clear()
        return told


@pytest.fixture
def told() -> Iterator[Told]:
    made = Told()
    yield made
    made.town.close()


def test_a_report_changes_a_risk(told: Told) -> None:
    """Code, masked number and status are told, and no name; at the moment of the report, and of the isolation's end."""
    told.subscribe(Kind.RISK_CHANGED)
    code = told.town.issue(days=30).text
    told.ask(code)
    told.report(told.town.mother.citizen_id)
    told.town.advance(days=20)
    number = f"********{told.town.mother.identity.digits[-3:]}"
    assert told.got == [
        ("risk.changed", {"hes_code": code, "masked_identity_number": number, "current_health_status": "RISKY"}),
        ("risk.changed", {"hes_code": code, "masked_identity_number": number, "current_health_status": "RISKLESS"}),
    ]
    begun, ended = told.ministry.callbacks.deliveries(1)
    assert [one.at.isoformat() for one in (begun, ended)] == ["2021-10-04T05:00:00+00:00", "2021-10-18T21:00:00+00:00"]
    assert [told.ministry.callbacks.attempts(one)[0].at for one in (begun, ended)] == [begun.at, ended.at]


def test_nobody_hears_of_codes_that_they_do_not_know(told: Told) -> None:
    """Neither of codes never asked about, nor of those that others asked about, citizens too, nor of wrong ones."""
    told.subscribe(Kind.RISK_CHANGED)
    code = told.town.issue().text
    told.town.issue(told.town.stranger)
    told.ask(code, "KURUM-G2G-HES")
    told.ask(code, "citizen:2")
    told.ask("A0A0000010")
    told.report(told.town.mother.citizen_id, told.town.stranger.citizen_id)
    assert told.risks() == []


def test_a_code_in_a_group_is_known(told: Told) -> None:
    told.subscribe(Kind.RISK_CHANGED)
    held, others = told.town.issue(), told.town.issue(told.town.stranger)
    for institution_id, code in ((SHOP, held), (KURUM, others)):
        group = told.ministry.groups.make(MakeGroup(institution_id=institution_id, name="x"))
        told.ministry.groups.add(group, [code.text])
    told.report(told.town.mother.citizen_id, told.town.stranger.citizen_id)
    assert told.risks() == [(held.text, "RISKY")]


def test_a_code_that_was_given_is_known(told: Told) -> None:
    """By the holder's own note."""
    told.subscribe(Kind.RISK_CHANGED)
    given, others = told.town.issue(), told.town.issue(told.town.stranger)
    told.ministry.codes.share(given, LABEL)
    told.ministry.codes.share(others, "KURUM")
    told.report(told.town.mother.citizen_id, told.town.stranger.citizen_id)
    assert told.risks() == [(given.text, "RISKY")]


def test_what_a_manager_asked_at_edevlet_is_known(told: Told) -> None:
    """For this institution, and not for the eleventh."""
    told.subscribe(Kind.RISK_CHANGED)
    mine, others = told.town.issue(), told.town.issue(told.town.stranger)
    told.ask(mine.text, f"institution:{SHOP}/citizen:2")
    told.ask(others.text, f"institution:{SHOP}1/citizen:2")
    told.report(told.town.mother.citizen_id, told.town.stranger.citizen_id)
    assert told.risks() == [(mine.text, "RISKY")]


def test_only_valid_codes_are_told(told: Told) -> None:
    """Neither expired nor deleted ones; each valid one once, however often it was asked about."""
    told.subscribe(Kind.RISK_CHANGED)
    expired, deleted, valid = (told.town.issue(days=days) for days in (1, 30, 30))
    for code in (expired, deleted, valid, valid):
        told.ask(code.text)
    told.town.advance(days=2)
    told.ministry.codes.delete(deleted)
    told.report(told.town.mother.citizen_id)
    assert told.risks() == [(valid.text, "RISKY")]


def test_what_changes_nothing_is_not_told(told: Told) -> None:
    """A second report of somebody who is risky already, and one that ends before now."""
    told.subscribe(Kind.RISK_CHANGED)
    code = told.town.issue(told.town.father).text
    told.ask(code)
    told.report(told.town.father.citizen_id)
    assert told.risks() == []


def test_an_isolation_ordered_ahead_is_told_when_it_begins(told: Told) -> None:
    told.subscribe(Kind.RISK_CHANGED)
    code = told.town.issue(days=30).text
    told.ask(code)
    now, n = told.ministry.world.now(), told.town.mother.citizen_id
    order = IsolationReport(citizen_id=n, begins_at=now + DAY, ends_at=now + 3 * DAY)
    told.ministry.risk_index.file([order])
    assert told.risks() == []
    told.town.advance(days=1)
    assert told.risks() == [(code, "RISKY")]
    told.town.advance(days=5)
    assert told.risks() == [(code, "RISKLESS")]


def test_a_late_report_is_told_once(told: Told) -> None:
    """Of a moment since which the clock has moved on: by the report, and not again by time."""
    told.subscribe(Kind.RISK_CHANGED)
    code = told.town.issue(days=30).text
    told.ask(code)
    told.town.advance(hours=6)
    at = told.ministry.world.now() - timedelta(hours=3)
    told.ministry.risk_index.file([PcrReport(citizen_id=told.town.mother.citizen_id, sampled_at=at, positive=True)])
    assert told.risks() == [(code, "RISKY")]
    told.town.advance(hours=6)
    assert told.risks() == []


def test_a_new_subscription_hears_of_what_comes(told: Told) -> None:
    """What was asked before counts; what changed before is not told."""
    code = told.town.issue(days=30).text
    told.ask(code)
    told.report(told.town.mother.citizen_id)
    told.town.advance(days=1)
    told.subscribe(Kind.RISK_CHANGED)
    assert told.risks() == []
    told.town.advance(days=20)
    assert told.risks() == [(code, "RISKLESS")]


def test_each_institution_has_its_own(told: Told) -> None:
    """One that subscribes later, about what it asked earlier, too."""
    code = told.town.issue(days=30).text
    told.ask(code)
    told.ask(code, "KURUM-G2G-HES")
    told.subscribe(Kind.RISK_CHANGED)
    told.report(told.town.mother.citizen_id)
    assert told.risks() == [(code, "RISKY")]
    other = told.subscribe(Kind.RISK_CHANGED, institution_id=KURUM)
    told.town.advance(days=20)
    assert [one.subscription for one in told.ministry.callbacks.deliveries(other)] == [other]
    assert told.risks() == [(code, "RISKLESS")] * 2


def test_erasure_takes_what_was_told_along(told: Told) -> None:
    """And the person is no longer told of."""
    number = told.subscribe(Kind.RISK_CHANGED)
    code = told.town.issue(days=30)
    told.ask(code.text)
    told.report(told.town.mother.citizen_id)
    assert told.risks() == [(code.text, "RISKY")]
    assert told.ministry.kvkk._desks.held(told.town.mother.citizen_id)["callback_delivery"] == 1
    gone = told.ministry.kvkk.erase_holder(told.town.mother.citizen_id)
    assert gone["callback_delivery"] == 1
    assert told.ministry.callbacks.deliveries(number) == []
    told.town.advance(days=20)
    assert told.risks() == []


def test_what_was_told_goes_after_thirty_days(told: Told) -> None:
    number = told.subscribe(Kind.RISK_CHANGED)
    told.ministry.callbacks.ping(number)
    told.town.advance(days=30)
    assert [one.state for one in told.ministry.callbacks.deliveries(number)] == [State.DELIVERED]
    told.town.advance(days=1)
    assert told.ministry.callbacks.deliveries(number) == []


def sms_account(ministry: Ministry) -> str:
    order = OpenSmsAccount(label="Kapı", senders=("KAPI",), number="3456", lines=(Phone("5990000077"),))
    return ministry.sms.open_account(order).system_id


def text(ministry: Ministry, account: str, phone: str, **fields: Any) -> str:
    order = SubmitText(sender="KAPI", phone=Phone(phone), text="x", receipts=Receipts.FINAL, **fields)
    return ministry.sms.submit(account, order).message_id


def test_receipts_of_text_messages(told: Told) -> None:
    """The same fields as by the gateway's other ways; a 2xx takes them off the queue."""
    account = sms_account(told.ministry)
    text(told.ministry, account, "5991110009")
    told.subscribe(Kind.SMS_RECEIPT, institution_id=None, sms_account=account)
    message_id = text(told.ministry, account, "5991110001", reference="r-1")
    told.town.advance(seconds=0)
    assert told.got == [
        (
            "sms.receipt",
            {
                "sms_account": "KAPI",
                "message_id": message_id,
                "reference": "r-1",
                "state": "undeliverable",
                "error": 1,
                "at": "2021-10-04T05:00:00.000Z",
            },
        )
    ]
    assert [notice.message.message_id for notice in told.ministry.sms.pending(account)] == ["0000000001"]


def test_a_receipt_that_nobody_took_stays_in_the_queue(told: Told) -> None:
    account = sms_account(told.ministry)
    number = told.subscribe(Kind.SMS_RECEIPT, institution_id=None, sms_account=account)
    told.ministry.callbacks.mount("http://client.test", lambda _: 500)
    text(told.ministry, account, "5991110009")
    told.town.advance(hours=1)
    assert len(told.ministry.sms.pending(account)) == 1
    assert [one.state for one in told.ministry.callbacks.deliveries(number)] == [State.WAITING]


def test_texts_of_handsets_come_whole(told: Told) -> None:
    """In three parts on the air and in the queue, in one call; only to its own account."""
    account = sms_account(told.ministry)
    other = told.ministry.sms.open_account(OpenSmsAccount(label="Diğer", senders=(), number="3457")).system_id
    told.subscribe(Kind.SMS_RECEIVED, Kind.SMS_RECEIPT, institution_id=None, sms_account=account)
    phone, long = told.town.mother.phone, "ş" * 320
    assert len(parts(long)) == 3
    told.ministry.sms.from_handset(phone, "3456", long)
    told.ministry.sms.from_handset(phone, "3457", "x")
    told.town.advance(seconds=0)
    assert [(kind, data["sender"], data["to"], data["text"]) for kind, data in told.got] == [
        ("sms.received", phone.wire, "3456", long)
    ]
    assert (list(told.ministry.sms.pending(account)), len(told.ministry.sms.pending(other))) == ([], 1)
    assert told.ministry.kvkk.erase_holder(told.town.mother.citizen_id)["callback_delivery"] == 1


def test_what_arrives_at_an_own_line_comes_too(told: Told) -> None:
    account = sms_account(told.ministry)
    told.subscribe(Kind.SMS_RECEIVED, institution_id=None, sms_account=account)
    text(told.ministry, account, "5990000077")
    told.town.advance(seconds=0)
    assert [(data["sender"], data["to"]) for _, data in told.got] == [("KAPI", "905990000077")]


def test_the_whole_road_is_told() -> None:
    """Every step to the institution's own endpoint, with the letter's evidence and the ministry's answer."""
    ministry = quick_ministry()
    joining, other = firm(ministry), firm(ministry, 2)
    got: list[dict[str, Any]] = []
    ministry.callbacks.mount("http://client.test", lambda one: got.append(json.loads(one.body)) or 204)  # type: ignore[func-returns-value]
    kinds = frozenset({Kind.ONBOARDING_STEP, Kind.KEP_RECEIPT, Kind.KEP_RECEIVED})
    mine = joining.institution.institution_id
    ministry.callbacks.subscribe(Subscribe(url=URL, kinds=kinds, institution_id=mine))
    other.to_letter()
    joining.to_confirmed()
    steps = [(one["data"]["step"], one["data"]["state"]) for one in got if one["type"] == "onboarding.step"]
    assert steps == [
        ("form-drawn", "drawn"),
        ("form-submitted", "submitted"),
        ("letter-received", "letter-received"),
        ("evaluation-begun", "under-evaluation"),
        ("approved-for-test", "approved-for-test"),
        ("testing-begun", "testing"),
        ("completion-reported", "completion-reported"),
        ("live-access-granted", "live"),
        ("confirmation-due", "live"),
        ("confirmed", "confirmed"),
    ]
    assert {one["data"]["institution_id"] for one in got if one["type"] == "onboarding.step"} == {mine}
    evidence = [one["data"] for one in got if one["type"] == "kep.receipt"]
    assert [(one["evidence_type"], one["positive"]) for one in evidence] == [
        ("SubmissionAcceptanceRejection", True),
        ("RelayREMMDAcceptanceRejection", True),
        ("DeliveryNonDeliveryToRecipient", True),
        ("DownloadNonDownloadByRecipient", True),
    ]
    assert {one["kep_address"] for one in evidence} == {joining.address.address}
    assert [ministry.kep.evidence_row(one["evidence_id"]).letter_id for one in evidence] == [
        one["letter_id"] for one in evidence
    ]
    (letter,) = (one["data"] for one in got if one["type"] == "kep.received")
    assert (letter["kep_address"], letter["sender"]) == (joining.address.address, "sb@hs01.kep.tr")
    ministry.close()


def test_a_returned_application_names_its_rules() -> None:
    ministry = quick_ministry()
    joining = firm(ministry)
    got: list[dict[str, Any]] = []
    ministry.callbacks.mount("http://client.test", lambda one: got.append(json.loads(one.body)["data"]) or 204)  # type: ignore[func-returns-value]
    order = Subscribe(
        url=URL, kinds=frozenset({Kind.ONBOARDING_STEP}), institution_id=joining.institution.institution_id
    )
    ministry.callbacks.subscribe(order)
    joining.draw()
    joining.submit()
    joining.deposit(joining.letter_text())
    joining.wait(8 * DAY)
    assert (got[-1]["step"], got[-1]["rules"]) == ("returned", joining.rules)
    assert joining.rules
    ministry.close()


def test_whatever_follows_from_a_callback_happens_before_the_clock_has_moved(told: Told) -> None:
    """A receiver that acts upon what it is told sees the world at that moment, and is told of what it does."""
    account = sms_account(told.ministry)
    told.subscribe(Kind.RISK_CHANGED)
    told.subscribe(Kind.SMS_RECEIPT, institution_id=None, sms_account=account)
    code = told.town.issue(days=30).text
    told.ask(code)
    seen: list[str] = []

    def acting(envelope: Envelope) -> int:
        told.receive(envelope)
        seen.append(told.ministry.world.now().isoformat())
        if b"RISKLESS" in envelope.body:
            text(told.ministry, account, "5991110009")
        return 204

    told.ministry.callbacks.mount("http://client.test", acting)
    told.report(told.town.mother.citizen_id)
    told.town.advance(days=20)
    assert [kind for kind, _ in told.got] == ["risk.changed", "risk.changed", "sms.receipt"]
    assert seen[1:] == ["2021-10-18T21:00:00+00:00"] * 2


def test_a_receiver_that_always_answers_back_does_not_stop_the_clock(told: Told) -> None:
    """What it goes on to bring about at one moment is left for later."""
    account = sms_account(told.ministry)
    told.subscribe(Kind.SMS_RECEIPT, institution_id=None, sms_account=account)

    def insatiable(_: Envelope) -> int:
        text(told.ministry, account, "5991110009")
        return 204

    told.ministry.callbacks.mount("http://client.test", insatiable)
    carried = told.ministry.callbacks.take
    rounds = iter(range(300))
    told.ministry.callbacks.take = lambda: carried() if next(rounds, None) is not None else ()  # type: ignore[method-assign]
    text(told.ministry, account, "5991110009")
    told.town.advance(days=1)
    assert told.ministry.world.now().isoformat() == "2021-10-05T05:00:00+00:00"


def test_a_fork_calls_back_as_its_own_world(told: Told) -> None:
    """Same subscription, same keys; the header names the world."""
    number = told.subscribe(Kind.RISK_CHANGED)
    fork = Ministry(fork_world(told.ministry.world, name="fork"))
    worlds: list[str] = []
    fork.callbacks.mount("http://client.test", lambda one: worlds.append(one.headers["x-hes-world"]) or 204)  # type: ignore[func-returns-value]
    fork.callbacks.ping(number)
    fork.advance(fork.world.now())
    assert (worlds, told.got) == (["fork"], [])
    fork.close()


def test_equal_worlds_call_back_equally() -> None:
    """Every request and every attempt of a story with failures, to the byte."""

    def story() -> object:
        told, sent = Told(), list[Envelope]()
        told.ministry.callbacks.mount("http://client.test", lambda one: sent.append(one) or 200 + 300 * (len(sent) % 2))  # type: ignore[func-returns-value]
        number = told.subscribe(Kind.RISK_CHANGED)
        for holder in (told.town.mother, told.town.stranger, told.town.father):
            told.ask(told.town.issue(holder, days=30).text)
        told.report(told.town.mother.citizen_id, told.town.stranger.citizen_id)
        told.town.advance(days=21)
        attempts = [told.ministry.callbacks.attempts(one) for one in told.ministry.callbacks.deliveries(number)]
        told.town.close()
        return sent, attempts

    assert story() == story()


def test_a_world_without_subscriptions_keeps_nothing_of_it(told: Told) -> None:
    """Not a row, whatever happens."""
    told.ask(told.town.issue().text)
    told.report(told.town.mother.citizen_id)
    text(told.ministry, sms_account(told.ministry), "5991110009")
    told.town.advance(days=20)
    counts = told.town.counts()
    assert [counts[name] for name in ("callback", "callback_delivery", "callback_attempt")] == [0, 0, 0]
