"""Many messages, slow and dying clients: nothing is lost or doubled; the clients are two independent libraries."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import smpp34
from smpplib import consts, exceptions

from mockgov.counters.smpp.pdu import Command, Pdu, Status
from tests.doors import PATIENCE_S
from tests.mockgov.counters.esme import Esme
from tests.mockgov.counters.smpp_gate import TO, Gate, gate_of
from tests.mockgov.counters.test_smpp_pdu import submit_sm


@pytest.fixture
def gate() -> Iterator[Gate]:
    with gate_of() as opened:
        yield opened


@pytest.mark.slow
def test_five_thousand_messages_and_receipts(tmp_path: Path, record_property: Any) -> None:
    """Through a window of 50, on disk: each is taken once, receipted once, in order, and nothing waits afterwards."""
    recipients = [f"905991{number:06d}" for number in range(5000, 10_000)]
    with gate_of(tmp_path) as gate, gate.esme() as esme:
        began = time.perf_counter()
        sent = esme.send_all(recipients, window=50)
        esme.wait_for(5000)
        rate = 5000 / (time.perf_counter() - began)
        assert esme.is_quiet()
        assert {answer.status for answer in sent} == {0}
        assert [pdu.receipted_message_id.decode() for pdu in esme.delivered] == [answer.message_id for answer in sent]
        assert gate.journal() == [(n, to.removeprefix("90")) for n, to in enumerate(recipients, start=1)]
        assert gate.pending() == []
    record_property("messages_per_second", round(rate))
    assert rate > 200


def test_a_slow_client_loses_nothing() -> None:
    """Who acknowledges nothing has at most a window in flight; bit by bit everything comes, once, in order."""
    with gate_of(window=10) as gate, gate.esme() as esme:
        esme.acknowledges = False
        sent = esme.send_all([TO] * 300, window=100)
        assert esme.is_quiet()
        assert len(esme.delivered) == 10
        while len(esme.delivered) < 300:
            before = len(esme.delivered)
            esme.acknowledge(3)
            esme.wait_for(min(300, before + 3))
            assert len(esme.unacknowledged) <= 10
        esme.acknowledge()
        assert esme.is_quiet()
        assert [pdu.receipted_message_id.decode() for pdu in esme.delivered] == [answer.message_id for answer in sent]
        assert gate.pending() == []


@pytest.mark.slow
def test_a_client_that_does_not_read_makes_nobody_buffer() -> None:
    """The server stops reading from it; when it reads at last, everything is there, and others are served meanwhile."""
    one = Pdu(Command.SUBMIT_SM, 0, 1, submit_sm(sender=b"X")).written
    with gate_of(small_buffers=True) as gate, gate.raw() as raw:
        for buffer in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            raw.socket.setsockopt(socket.SOL_SOCKET, buffer, 4096)
        raw.bind(gate, Command.BIND_TRANSMITTER)
        raw.socket.settimeout(1)
        flood, sent = one * 200_000, 0
        with suppress(TimeoutError):
            while sent < len(flood):
                sent += raw.socket.send(flood[sent : sent + 65536])
        assert len(one) < sent < len(flood)
        buffered = gate.run(lambda: [session._transport.get_write_buffer_size() for session in gate.door._sessions])
        assert 0 < max(buffered) < 1 << 18
        with gate.esme() as other:
            assert other.send(TO).status == 0
        raw.socket.settimeout(PATIENCE_S)
        assert {raw.read().status for _ in range(sent // len(one))} == {Status.RINVSRCADR}


@pytest.mark.parametrize("acknowledged", [0, 7, 30])
def test_a_client_that_dies_mid_window(tmp_path: Path, acknowledged: int) -> None:
    """What was answered is in the journal once, what was not answered is there whole or not at all.

    Over the reconnection every receipt comes and is acknowledged once.
    """
    recipients = [f"905991{number:06d}" for number in range(5000, 5200)]
    with gate_of(tmp_path, window=30) as gate:
        esme = gate.esme()
        esme.acknowledges = False
        answered = [esme.send(to).message_id for to in recipients[:80]]
        esme.wait_for(30)
        esme.acknowledge(acknowledged)
        for to in recipients[80:]:
            esme.submit(to)
        esme.die()
        until = time.monotonic() + PATIENCE_S
        while gate.run(lambda: len(gate.door._sessions)):  # what the dead client had sent is still being read
            assert time.monotonic() < until, "the dead client's session did not end"
            time.sleep(0.005)
        seen = {pdu.receipted_message_id.decode() for pdu in list(esme.delivered)[:acknowledged]}
        with gate.esme() as again:
            journal = gate.journal()
            again.wait_for(len(journal) - acknowledged)
            assert again.is_quiet()
            receipts = [pdu.receipted_message_id.decode() for pdu in again.delivered]
        ids = [f"{number:010d}" for number, _ in journal]
        assert ids[:80] == answered
        assert [f"90{phone}" for _, phone in journal] == recipients[: len(journal)]
        assert sorted([*seen, *receipts]) == ids
        assert gate.pending() == []


def test_receivers_share_and_inherit(gate: Gate) -> None:
    """Two receivers get each receipt once between them; what one of them dies with goes to the other."""
    with gate.esme(bind="receiver") as stays, gate.esme(bind="transmitter") as sender:
        dies = gate.esme(bind="receiver")
        dies.acknowledges = False
        sent = sender.send_all([TO] * 60)
        dies.wait_for(30)
        stays.wait_for(30)
        dies.die()
        stays.wait_for(60)
        assert stays.is_quiet()
        found = sorted(pdu.receipted_message_id.decode() for pdu in stays.delivered)
        assert found == [answer.message_id for answer in sent]


def test_a_receipt_refused_for_the_moment_comes_again(gate: Gate) -> None:
    """And one refused for good is taken as read."""
    with gate.raw() as raw:
        raw.bind(gate)
        raw.ask(Command.SUBMIT_SM, submit_sm(registered=1))
        first = raw.read()
        raw.send(Command.DELIVER_SM_RESP, b"\0", sequence=first.sequence, status=Status.RX_T_APPN)
        again = raw.read()
        assert (again.body, again.sequence == first.sequence) == (first.body, False)
        raw.send(Command.DELIVER_SM_RESP, b"\0", sequence=again.sequence, status=Status.RX_P_APPN)
        assert raw.ask(Command.ENQUIRE_LINK)[1] is Status.ROK
    assert gate.pending() == []


def test_a_second_client_library(gate: Gate) -> None:
    """smpp34's own ESME: bind, submit, receipts with their parameters, in its threads' own order, unbind."""

    async def walk() -> tuple[list[str], list[str]]:
        client = smpp34.Client(gate.opened.host, gate.opened.port, "CINAR", gate.sms.password("CINAR"), window_size=20)
        bound = await client.connect()
        answers = [
            await bound.submit_sm(TO, b"merhaba", source_addr="CINAR", source_addr_ton=5, registered_delivery=1)
            for _ in range(40)
        ]
        receipts = []
        for _ in answers:
            event = await asyncio.wait_for(bound.next(), PATIENCE_S)
            assert isinstance(event, smpp34.DeliverSmEvent)
            tlvs = {tlv.tag: tlv for tlv in event.tlvs}
            receipts.append(tlvs[smpp34.TLV_RECEIPTED_MESSAGE_ID].as_string())
        await bound.unbind()
        await client.stop()
        return [answer.message_id for answer in answers], receipts

    sent, receipted = asyncio.run(walk())
    assert sorted(receipted) == sent == [f"{number:010d}" for number in range(1, 41)]
    assert gate.pending() == []


def test_a_bind_with_a_wrong_password_by_both_libraries(gate: Gate) -> None:
    with pytest.raises(exceptions.PDUError) as refusal:
        Esme(gate.opened, "CINAR", "wrong")
    assert refusal.value.args[1] == consts.SMPP_ESME_RINVPASWD

    async def walk() -> None:
        await smpp34.Client(gate.opened.host, gate.opened.port, "CINAR", "wrong", connect_timeout_ms=300).connect()

    with pytest.raises(smpp34.SmppError):
        asyncio.run(walk())
