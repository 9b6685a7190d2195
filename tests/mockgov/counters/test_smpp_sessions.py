"""Sessions at the SMPP door: binding, states, silence, mistakes, the end."""

import asyncio
import socket
import struct
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockgov.counters.smpp.door import MOST_BOUND
from mockgov.counters.smpp.pdu import Command, Pdu, Status, Tag, parameter
from tests.doors import PATIENCE_S
from tests.mockgov.counters.esme import Esme
from tests.mockgov.counters.smpp_gate import TO, Gate, bind, gate_of
from tests.mockgov.counters.test_smpp_pdu import submit_sm


@pytest.fixture
def gate() -> Iterator[Gate]:
    with gate_of() as opened:
        yield opened


@pytest.mark.parametrize(
    ("system_id", "password", "status"),
    [
        ("YOK", None, Status.RINVSYSID),
        ("CINAR", "", Status.RINVPASWD),
        ("CINAR", "wrong", Status.RINVPASWD),
        ("C" * 16, "", Status.RINVSYSID),
        ("CINAR", "p" * 9, Status.RINVPASWD),
    ],
)
def test_binds_that_are_refused(gate: Gate, system_id: str, password: str | None, status: Status) -> None:
    """And the connection may try again."""
    with gate.raw() as raw:
        right = gate.sms.password("CINAR")
        answer = raw.ask(Command.BIND_TRANSMITTER, bind(right if password is None else password, system_id))
        assert answer == (0x8000_0002, status, 1)
        raw.bind(gate)


def test_binding_states(gate: Gate) -> None:
    """Nothing but a bind before a bind; no second one; receivers do not submit, transmitters get nothing."""
    with gate.raw() as raw:
        for command in (Command.SUBMIT_SM, Command.QUERY_SM, Command.CANCEL_SM, Command.UNBIND):
            if command is not Command.UNBIND:
                assert raw.ask(command, submit_sm())[1] is Status.RINVBNDSTS
        assert raw.ask(Command.ENQUIRE_LINK)[1] is Status.ROK
        raw.bind(gate, Command.BIND_RECEIVER)
        assert raw.ask(Command.BIND_RECEIVER, bind("x"))[1] is Status.RALYBND
        for command in (Command.SUBMIT_SM, Command.QUERY_SM, Command.CANCEL_SM, Command.DELIVER_SM):
            assert raw.ask(command, submit_sm())[1] is Status.RINVBNDSTS
        with gate.esme(bind="transmitter") as sender:
            sender.send(TO)
            assert sender.is_quiet()
        assert raw.read().command == Command.DELIVER_SM
        assert raw.ask(Command.UNBIND) == (0x8000_0006, Status.ROK, 1)
        assert raw.is_closed()


def test_an_account_has_so_many_sessions(gate: Gate) -> None:
    sessions = [gate.raw() for _ in range(MOST_BOUND + 1)]
    for raw in sessions[:-1]:
        raw.bind(gate)
    refused = sessions[-1].ask(Command.BIND_RECEIVER, bind(gate.sms.password("CINAR")))
    assert refused[1] is Status.RBINDFAIL
    for raw in sessions:
        raw.socket.close()


def test_the_world_is_the_system_type_s(gate: Gate) -> None:
    """What cannot be a world's name is the default world's; each has passwords and a journal of its own."""
    east = gate.run(lambda: gate.found("east"))
    password = east.sms.password("CINAR")
    with Esme(gate.opened, "CINAR", password, system_type="east") as esme:
        esme.send(TO)
    with gate.esme(system_type="VMA") as esme:
        esme.send(TO)
        esme.send(TO)
    assert gate.run(lambda: (len(east.sms.inbox()), len(gate.sms.inbox()))) == (1, 2)


@pytest.mark.parametrize(
    ("system_type", "status"),
    [
        ("", Status.ROK),
        ("default", Status.ROK),
        ("SMPP", Status.ROK),
        ("VMA", Status.ROK),
        ("Default", Status.ROK),
        ("my smpp", Status.ROK),
        ("-east", Status.ROK),
        ("east", Status.RINVSYSTYP),
        ("smpp", Status.RINVSYSTYP),
        ("2-east-of-it", Status.RINVSYSTYP),
        ("a" * 12, Status.RINVSYSTYP),
    ],
)
def test_what_is_meant_as_a_world_s_name_is_one(gate: Gate, system_type: str, status: Status) -> None:
    """Empty, `default` and clients' habits lead to the default world; the name of a world that is not there nowhere."""
    with gate.raw() as raw:
        answer = raw.ask(Command.BIND_TRANSCEIVER, bind(gate.sms.password("CINAR"), system_type=system_type))
    assert answer[1] is status


def test_a_dropped_world_hangs_up(gate: Gate) -> None:
    """Its clients are disconnected, with nothing raised, and others served on."""
    east = gate.run(lambda: gate.found("east"))
    password = east.sms.password("CINAR")
    with gate.raw() as raw:
        assert raw.ask(Command.BIND_TRANSCEIVER, bind(password, system_type="east"))[1] is Status.ROK
        gate.run(lambda: gate.worlds.drop("east"))
        raw.send(Command.SUBMIT_SM, submit_sm(registered=1))
        assert raw.is_closed()
    with gate.esme() as esme:
        assert esme.send(TO).status == 0


def test_answers_in_the_order_of_the_requests(gate: Gate) -> None:
    """Also where good, bad and other PDUs come mixed, in one packet."""
    with gate.raw() as raw:
        raw.bind(gate)
        mixed = [
            (Command.SUBMIT_SM, submit_sm()),
            (Command.SUBMIT_SM, submit_sm(priority=9)),
            (Command.ENQUIRE_LINK, b""),
            (0x0103, b"data_sm"),
            (Command.SUBMIT_SM, submit_sm(sender=b"X")),
            (Command.SUBMIT_SM, submit_sm()),
            (Command.SUBMIT_SM, b""),
        ]
        raw.socket.sendall(b"".join(Pdu(c, 0, nth, body).written for nth, (c, body) in enumerate(mixed, start=11)))
        answers = [raw.read() for _ in mixed]
    assert [(answer.command, answer.status, answer.sequence) for answer in answers] == [
        (0x8000_0004, Status.ROK, 11),
        (0x8000_0004, Status.RINVPRTFLG, 12),
        (0x8000_0015, Status.ROK, 13),
        (Command.GENERIC_NACK, Status.RINVCMDID, 14),
        (0x8000_0004, Status.RINVSRCADR, 15),
        (0x8000_0004, Status.ROK, 16),
        (0x8000_0004, Status.RINVSERTYP, 17),
    ]


def test_a_length_that_cannot_be_ends_the_connection(gate: Gate) -> None:
    """What came before is answered; then a generic_nack, and the server hangs up."""
    with gate.raw() as raw:
        raw.bind(gate)
        raw.socket.sendall(Pdu(Command.SUBMIT_SM, 0, 5, submit_sm()).written + struct.pack(">IIII", 7, 4, 0, 6))
        assert [(raw.read().command, raw.read().status)] == [(0x8000_0004, Status.RINVCMDLEN)]
        assert raw.is_closed()
    assert len(gate.journal()) == 1


def test_enquire_link_both_ways() -> None:
    """A silent client is asked; one that answers stays, any other is hung up on; so is one that does not bind."""
    with gate_of(idle_s=0.2, answer_s=0.3, bind_s=0.4) as gate, gate.raw() as raw, gate.raw() as unbound:
        raw.bind(gate)
        for _ in range(3):
            asked = raw.read()
            assert asked.command == Command.ENQUIRE_LINK
            raw.send(Command.ENQUIRE_LINK_RESP, sequence=asked.sequence)
        assert raw.ask(Command.ENQUIRE_LINK, sequence=9) == (0x8000_0015, Status.ROK, 9)
        assert raw.read().command == Command.ENQUIRE_LINK
        began = time.monotonic()
        assert raw.is_closed()
        assert 0.1 < time.monotonic() - began < 5
        assert unbound.is_closed()


def test_a_failing_journal_is_a_system_error(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is half-written, and the client may try again."""

    def fails(*_: object) -> None:
        raise OSError("disk full")

    with gate.esme() as esme:
        store = gate.sms._store
        monkeypatch.setattr(store, "note", fails)
        assert [esme.send(TO).status for _ in range(2)] == [Status.RSYSERR] * 2
        monkeypatch.undo()
        assert gate.journal() == []
        assert esme.send(TO).status == 0
        esme.wait_for(1)


def test_closing_the_door_unbinds_its_clients(gate: Gate) -> None:
    """In order; one that does not answer is hung up on."""
    with gate.raw() as polite, gate.raw() as rude, gate.raw() as unbound:
        polite.bind(gate)
        rude.bind(gate)
        closing = [asyncio.run_coroutine_threadsafe(gate.door.close(), gate.opened.loop)]
        asked = polite.read()
        assert asked.command == Command.UNBIND
        polite.send(Command.UNBIND_RESP, sequence=asked.sequence)
        assert polite.is_closed()
        assert unbound.is_closed()
        assert rude.read().command == Command.UNBIND
        assert rude.is_closed()
        closing[0].result(PATIENCE_S)
        with pytest.raises(OSError, match=r".*"):
            socket.create_connection(gate.opened.address, timeout=1).close()


@given(st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mutated_pdus_never_crash_the_server(gate: Gate, data: st.DataObject) -> None:
    """Whatever comes, others are served, and no exception is left unhandled."""
    good = b"".join(
        [
            Pdu(Command.BIND_TRANSCEIVER, 0, 1, bind(gate.sms.password("CINAR"))).written,
            Pdu(
                Command.SUBMIT_SM, 0, 2, submit_sm(registered=1, parameters=parameter(Tag.MESSAGE_STATE, b"\1"))
            ).written,
            Pdu(Command.QUERY_SM, 0, 3, b"1\0\5\0CINAR\0").written,
            Pdu(Command.CANCEL_SM, 0, 4, b"\0" + b"1\0\5\0CINAR\0\1\1\0").written,
            Pdu(Command.DELIVER_SM_RESP, 0, 1, b"\0").written,
            Pdu(Command.UNBIND, 0, 5, b"").written,
        ]
    )
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(good) - 1))
        good = good[:at] + data.draw(st.binary(max_size=4)) + good[at + data.draw(st.integers(0, 4)) :]
    with gate.raw() as raw:
        raw.socket.sendall(good)
        raw.socket.shutdown(socket.SHUT_WR)
        try:
            while raw.socket.recv(65536):
                pass
        except ConnectionResetError:
            pass
    with gate.raw() as raw:
        assert raw.ask(Command.ENQUIRE_LINK)[1] is Status.ROK
    assert gate.opened.unhandled == []
