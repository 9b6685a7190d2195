"""The journal has what really left: the refusal of a fault and not the answer behind it, halves, and cuts."""

import smtplib
from collections.abc import Iterator, Sequence

import pytest

from mockgov.counters.misbehaving import ConnectionCut
from mockgov.counters.smpp.pdu import Command, Status
from mockgov.counters.smtp.mail import SmtpDoor
from mockgov.faults import Delay, Fault, Misstate, Refuse
from mockgov.faults.kinds import Cut, Half, Stage, WrongType
from mockgov.journal.messages import CUT, Exchange, Search
from mockgov.settings import Settings
from mockgov.worlds import Worlds
from tests.doors import Opened
from tests.mockgov.counters.smpp_gate import Gate, gate_of
from tests.mockgov.counters.test_smpp_pdu import submit_sm
from tests.mockgov.counters.test_smtp import MINISTRY, SENDER, composed
from tests.mockgov.counters.town import LABEL, Town

COLD = "/pki/chain.pem"


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    yield made
    made.close()


def noted(town: Town, *faults: Fault, ask: str) -> Exchange:
    """The one exchange that a hot or a cold question leaves under a plan."""
    journal = town.ministry.journal
    code = town.issue().text
    town.ask("C2", {"hes_code": code})
    before = journal.last
    town.ministry.world.faults.replace(faults)
    try:
        if ask == "hot":
            town.ask("C2", {"hes_code": code})
        else:
            town.client.get(COLD)
    except ConnectionCut:
        pass
    assert journal.last == before + 1
    return journal.exchange(journal.last)


@pytest.mark.parametrize("ask", ["hot", "cold"])
class TestHttp:
    @pytest.mark.parametrize("stage", [Stage.COUNTER, Stage.ANSWER])
    def test_a_refusal(self, town: Town, ask: str, stage: Stage) -> None:
        """With its status, key, header and token, and the route that was meant."""
        one = noted(town, Refuse(status=429, stage=stage, retry_after_s=7), ask=ask)
        assert (one.status, one.refusal) == (429, "toomanyrequests")
        assert one.fault.startswith("hes1.1.")
        assert ("retry-after", "7") in one.response.head
        assert "RISKLESS" not in one.response.body
        assert one.operation == ("C2" if ask == "hot" else COLD)

    @pytest.mark.parametrize("stage", [Stage.COUNTER, Stage.ANSWER])
    def test_a_cut(self, town: Town, ask: str, stage: Stage) -> None:
        """No status, no head, no body; the token that the client never got."""
        one = noted(town, Cut(stage=stage), ask=ask)
        assert (one.status, one.refusal, one.response.head, one.response.body) == (CUT, "cut", (), "")
        assert one.fault.startswith("hes1.1.")
        assert town.ministry.journal.search(Search(refusal="cut")) == [one]

    def test_half(self, town: Town, ask: str) -> None:
        """As much of the body as left; the status of the whole."""
        whole = noted(town, ask=ask)
        one = noted(town, Half(fraction=0.5), ask=ask)
        assert one.status == 200
        assert one.response.size == whole.response.size // 2
        assert one.fault.startswith("hes1.1.")
        assert whole.fault == ""

    def test_a_delay_and_a_wrong_type(self, town: Town, ask: str) -> None:
        """Everything that struck is named."""
        one = noted(town, Delay(milliseconds=1), WrongType(content_type="text/html"), ask=ask)
        assert one.status == 200
        assert [token[:7] for token in one.fault.split(", ")] == ["hes1.1.", "hes1.1."]
        assert [value for name, value in one.response.head if name == "content-type"] == ["text/html"]


def test_a_misstatement(town: Town) -> None:
    """The wrong answer, with the token."""
    one = noted(town, Misstate(), ask="hot")
    assert '"RISKY"' in one.response.body
    assert one.fault.startswith("hes1.1.")


def test_what_is_asked_over_and_over_is_noted_once_each(town: Town) -> None:
    """Of a share, those that are struck, and the others without a token."""
    code = town.issue().text
    town.ministry.world.faults.replace((Refuse(share=0.5),))
    told = [town.ask("C2", {"hes_code": code}).status_code for _ in range(20)]
    kept = town.ministry.journal.search(Search(asker=LABEL))
    assert [one.status for one in reversed(kept)] == told
    assert {200, 503} == set(told)
    assert {one.status for one in kept if one.fault} == {503}


def test_the_stream_of_the_console_is_not_noted(town: Town) -> None:
    """Neither it nor what it carries: it has no end."""
    journal = town.ministry.journal
    before = journal.last
    town.client.get("/console")
    assert journal.last == before


# Mail


@pytest.fixture
def opened() -> Iterator[Opened]:
    worlds = Worlds(settings=Settings(argon2_memory_kib=8, argon2_passes=1))
    worlds.make("default")
    with Opened(SmtpDoor(), worlds) as made:
        yield made
    worlds.close()


def mailed(opened: Opened, *faults: Fault) -> Sequence[Exchange]:
    """What the journal has of a mail under a plan, oldest first."""
    ministry = opened.worlds.get("default")
    opened.run(lambda: ministry.world.faults.replace(faults))
    try:
        with smtplib.SMTP(opened.host, opened.port, timeout=20) as client:
            client.sendmail(SENDER, MINISTRY, composed().as_bytes())
    except smtplib.SMTPException:
        pass
    return opened.run(lambda: list(reversed(ministry.journal.search(Search(protocol="smtp")))))


@pytest.mark.parametrize("stage", [Stage.COUNTER, Stage.ANSWER])
def test_a_mail_that_is_put_off(opened: Opened, stage: Stage) -> None:
    (one,) = mailed(opened, Refuse(status=429, stage=stage, route=("DATA",)))
    assert (one.operation, one.status, one.refusal) == ("DATA", 451, "4.7.1")
    assert one.fault.startswith("hes1.1.")


@pytest.mark.parametrize("stage", [Stage.COUNTER, Stage.ANSWER])
def test_a_mail_whose_connection_is_cut(opened: Opened, stage: Stage) -> None:
    (one,) = mailed(opened, Cut(stage=stage, route=("DATA",)))
    assert (one.operation, one.status, one.refusal, one.response.body) == ("DATA", CUT, "cut", "")
    assert one.fault.startswith("hes1.1.")


# Text messages


@pytest.fixture
def gate() -> Iterator[Gate]:
    with gate_of() as made:
        yield made


def submitted(gate: Gate, fault: Fault) -> Exchange:
    """The one exchange that a submit_sm leaves under a fault."""
    gate.run(lambda: gate.ministry.world.faults.replace((fault,)))
    with gate.raw() as raw:
        raw.bind(gate)
        raw.send(Command.SUBMIT_SM, submit_sm())
        if isinstance(fault, Cut):
            assert raw.is_closed()
        else:
            raw.read()
    (one,) = gate.run(lambda: gate.ministry.journal.search(Search(operation="submit_sm")))
    assert one.fault.startswith("hes1.1.")
    return one


@pytest.mark.parametrize("stage", [Stage.COUNTER, Stage.ANSWER])
def test_a_text_message_that_is_refused(gate: Gate, stage: Stage) -> None:
    """With the status that left, whatever has become of the message."""
    one = submitted(gate, Refuse(status=429, stage=stage, route=("submit_sm",)))
    assert (one.status, one.refusal, one.response.body) == (Status.RTHROTTLED, "rthrottled", "RTHROTTLED")


@pytest.mark.parametrize("stage", [Stage.COUNTER, Stage.ANSWER])
def test_a_text_message_whose_connection_is_cut(gate: Gate, stage: Stage) -> None:
    one = submitted(gate, Cut(stage=stage, route=("submit_sm",)))
    assert (one.status, one.refusal, one.response.body) == (CUT, "cut", "")


def test_a_text_message_that_is_taken_late(gate: Gate) -> None:
    one = submitted(gate, Delay(milliseconds=1, route=("submit_sm",)))
    assert (one.status, one.refusal) == (Status.ROK, "")
