"""What passes through the SMPP door, over real sockets: texts, receipts, refusals; the client is smpplib."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockgov.counters.smpp.pdu import Command, Status
from mockgov.sms.encoding import Encoding, parts
from mockgov.sms.fates import Fate, FateKind
from mockgov.sms.messages import OpenSmsAccount, SubmitText
from mockgov.sms.rules import Receipts
from tests.mockgov.counters.esme import Esme
from tests.mockgov.counters.smpp_gate import DELAYED, EXPIRED, MINE, TO, Gate, gate_of
from tests.mockgov.counters.test_smpp_pdu import submit_sm

LONG = "Hayat Eve Sığar: şüpheli değil, İĞŞğışçÇöü €[] 👍 ж "


@pytest.fixture
def gate() -> Iterator[Gate]:
    with gate_of() as opened:
        yield opened


def text_of(gate: Gate) -> list[str]:
    return gate.run(lambda: [shown.text for shown in gate.sms.received(MINE)])


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_a_message_and_its_receipt(loop: str) -> None:
    """Appendix B's text, and the parameters that say the same, on either event loop."""
    with gate_of(loop=loop) as gate, gate.esme() as esme:
        sent = esme.send(TO, b"Merhaba d\x07nya, nas@l?")
        esme.wait_for(1)
        (receipt,) = esme.delivered
        assert text_of(gate) == ["Merhaba dìnya, nas¡l?"]
    assert sent == (0, "0000000001")
    assert receipt.short_message == (
        b"id:0000000001 sub:001 dlvrd:001 submit date:2110040800 done date:2110040800 stat:DELIVRD err:000 "
        b"text:Merhaba d?nya, nas?l"
    )
    assert (receipt.source_addr, receipt.destination_addr) == (TO.encode(), b"CINAR")
    assert (receipt.esm_class, receipt.receipted_message_id, receipt.message_state) == (4, b"0000000001", 2)


def test_one_queue_for_both_roads(gate: Gate) -> None:
    """Receipts of what went in by another road come here too, and what is acknowledged here waits nowhere."""
    order = SubmitText(sender="CINAR", phone=MINE, text="x", receipts=Receipts.FINAL)
    gate.run(lambda: [gate.sms.submit("CINAR", order) for _ in range(3)])
    assert gate.pending() == [1, 2, 3]
    gate.run(lambda: gate.sms.acknowledge("CINAR", [2]))
    with gate.esme() as esme:
        esme.wait_for(2)
        gate.run(lambda: gate.sms.submit("CINAR", order))
        esme.wait_for(3)
        assert esme.is_quiet()
        assert [pdu.receipted_message_id[-1:] for pdu in esme.delivered] == [b"1", b"3", b"4"]
    assert gate.pending() == []


def test_refusals_have_their_statuses() -> None:
    """Sender, recipient, queue, throttle, validity, schedule, length."""
    with gate_of(queue_limit=3, per_second=4) as gate, gate.esme() as esme:
        esme.acknowledges = False
        for fields, status in (
            ({"source_addr": "KURUM"}, Status.RINVSRCADR),
            ({"source_addr": "905991234567", "source_addr_ton": 1}, Status.RINVSRCADR),
            ({"validity_period": "000000000000000R"}, Status.RINVEXPIRY),
            ({"schedule_delivery_time": "200101000000000+"}, Status.RINVSCHED),
            ({"short_message": b"", "message_payload": b"x" * 40_000}, Status.RINVMSGLEN),
        ):
            assert esme.send(TO, **fields).status == status
        assert esme.send("902125550000").status == Status.RINVDSTADR
        assert esme.send("905321234567").status == Status.RINVDSTADR
        assert gate.journal() == []
        assert [esme.send(TO).status for _ in range(4)] == [0, 0, 0, Status.RMSGQFUL]
        esme.wait_for(3)
        esme.acknowledge()
        assert [esme.send(TO).status for _ in range(2)] == [0, Status.RTHROTTLED]
        gate.advance(timedelta(seconds=1))
        assert esme.send(TO).status == 0
        esme.acknowledge()
        assert [number for number, _ in gate.journal()] == [1, 2, 3, 4, 5]


def test_texts_arrive_byte_for_byte(gate: Gate) -> None:
    """In every encoding, alone and in parts, cut by the client (UDH, SAR) or by the gateway (payload)."""
    ways: list[str] = []
    with gate.esme() as esme:
        for encoding, said in (
            (Encoding.GSM7, "Merhaba [dünya] €" * 20),
            (Encoding.GSM7_LOCKING, "Şüpheli değil ığİĞ €" * 20),
            (Encoding.GSM7_SINGLE, "Şüpheli değil è" * 20),
            (Encoding.GSM7_BOTH, "ıçĞ[ç]" * 60),
            (Encoding.UCS2, LONG * 5),
        ):
            coding = 8 if encoding is Encoding.UCS2 else 0
            for segment in parts(said, encoding, reference=9):
                esme.send(TO, segment.udh + segment.payload, esm_class=0x40, data_coding=coding)
            ways.append(said)
        esme.send(TO, b"", message_payload=(LONG * 9).encode("utf-16-be"), data_coding=8)
        esme.send(TO, "çüö".encode("latin-1"), data_coding=3)
        esme.send(TO, b"plain @", data_coding=1)
        for nth, word in enumerate((b"bir ", b"iki"), start=1):
            esme.send(TO, word, sar_msg_ref_num=700, sar_total_segments=2, sar_segment_seqnum=nth)
        esme.wait_for(1)
    assert text_of(gate) == [*ways, LONG * 9, "çüö", "plain @", "bir iki"]


@given(st.lists(st.text("abcçğıöşüÇĞİÖŞÜ €^{}[]~\\|@ж漢👍🏢", max_size=320), min_size=1, max_size=6))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_turkish_texts_go_there_and_back(gate: Gate, texts: list[str]) -> None:
    """To a handset as the cheapest encoding says, and from it to the account as deliver_sm, byte for byte."""
    before = len(text_of(gate))
    with gate.esme() as esme:
        for said in texts:
            for segment in parts(said, reference=len(said) % 256):
                coding = 8 if segment.encoding is Encoding.UCS2 else 0
                esm_class = 0x40 if segment.udh else 0
                esme.send(
                    TO, segment.udh + segment.payload, esm_class=esm_class, data_coding=coding, registered_delivery=0
                )
            shown = text_of(gate)
            assert (len(shown), shown[-1]) == (before + 1, said)
            before += 1
            gate.run(lambda said=said: gate.sms.from_handset(MINE, "4567", said))
            expected = parts(said, reference=gate.run(lambda: gate.sms.sent_from(MINE)[0].number) % 256)
            esme.delivered.clear()
            esme.wait_for(len(expected))
            assert [
                (pdu.short_message or b"", pdu.data_coding, pdu.esm_class, pdu.source_addr, pdu.destination_addr)
                for pdu in esme.delivered
            ] == [
                (
                    one.udh + one.payload,
                    8 if one.encoding is Encoding.UCS2 else 0,
                    0x40 if one.udh else 0,
                    TO.encode(),
                    b"4567",
                )
                for one in expected
            ]


def test_receipts_in_order_at_a_manual_clock(gate: Gate) -> None:
    """Due in the order of the world's time, not of submission; an intermediate one where the first try fails."""
    with gate.esme() as esme:
        esme.send(EXPIRED, validity_period="000000010000000R")
        esme.send(DELAYED, registered_delivery=17)
        esme.send(TO)
        esme.send(TO, schedule_delivery_time="000000000500000R")
        esme.send(TO, registered_delivery=2)
        esme.send(TO, registered_delivery=0)
        esme.wait_for(2)
        assert esme.is_quiet()
        gate.advance(timedelta(minutes=9))
        esme.wait_for(3)
        assert esme.is_quiet()
        gate.advance(timedelta(hours=2))
        esme.wait_for(5)
        assert esme.is_quiet()
        found = [re.search(rb"id:0*(\d+) .* done date:(\d+) stat:(\w+) err:(\d+)", one) for one in esme.receipts]
        assert [match.groups() for match in found if match] == [
            (b"2", b"2110040800", b"ENROUTE", b"027"),
            (b"3", b"2110040800", b"DELIVRD", b"000"),
            (b"4", b"2110040805", b"DELIVRD", b"000"),
            (b"2", b"2110040810", b"DELIVRD", b"000"),
            (b"1", b"2110040900", b"EXPIRED", b"027"),
        ]
        assert [(pdu.esm_class, pdu.message_state) for pdu in esme.delivered] == [(0x20, 1), *[(4, 2)] * 3, (4, 3)]
        assert esme.delivered[0].network_error_code == b"\x03\x00\x1b"


def test_query_and_cancel(gate: Gate) -> None:
    """State, end and error of one's own message; what waits can be taken back, one or all to a phone."""
    with gate.raw() as raw:
        raw.bind(gate, Command.BIND_TRANSMITTER)
        for to in (TO, EXPIRED, EXPIRED, EXPIRED):
            raw.ask(Command.SUBMIT_SM, submit_sm(to=to.encode()))

        def query(message_id: bytes, sender: bytes = b"CINAR") -> tuple[Status, bytes]:
            raw.send(Command.QUERY_SM, message_id + b"\0\5\0" + sender + b"\0", sequence=7)
            answer = raw.read()
            assert (answer.command, answer.sequence) == (0x8000_0003, 7)
            return Status(answer.status), answer.body

        def cancel(message_id: bytes, sender: bytes = b"CINAR", to: bytes = b"") -> Status:
            body = b"\0" + message_id + b"\0\5\0" + sender + b"\0\1\1" + to + b"\0"
            return raw.ask(Command.CANCEL_SM, body)[1]

        assert query(b"0000000001") == (Status.ROK, b"0000000001\x00211004050000000+\0\x02\x00")
        assert query(b"2", b"") == (Status.ROK, b"0000000002\0\0\x01\x1b")
        assert query(b"99") == query(b"x") == (Status.RINVMSGID, b"")
        assert query(b"1", b"KURUM") == (Status.RINVSRCADR, b"")
        assert cancel(b"1") is Status.RCANCELFAIL
        assert cancel(b"99") is Status.RINVMSGID
        assert cancel(b"2", b"KURUM") is Status.RINVSRCADR
        assert cancel(b"2") is Status.ROK
        assert query(b"2")[1][-2:] == b"\x04\x00"
        assert cancel(b"", to=EXPIRED.encode()) is Status.ROK
        assert [query(number)[1][-2] for number in (b"3", b"4")] == [4, 4]
        assert cancel(b"", to=EXPIRED.encode()) is Status.RCANCELFAIL
        assert cancel(b"", to=b"x") is Status.RINVDSTADR


def test_replacing(gate: Gate) -> None:
    """replace_if_present changes the waiting message and answers its message_id."""
    gate.run(lambda: gate.sms.script(MINE, Fate(kind=FateKind.PHONE_OFF)))
    with gate.esme() as esme:
        first = esme.send(TO, b"bir")
        assert esme.send(TO, b"iki", replace_if_present_flag=1) == first
        gate.run(lambda: gate.sms.script(MINE, None))
        esme.wait_for(1)
    assert text_of(gate) == ["iki"]


def test_a_text_from_an_own_line(gate: Gate) -> None:
    """To 2023: the ministry answers, and the answer comes as deliver_sm; to nobody, or from another's line: refused."""
    gate.run(lambda: gate.sms.open_account(OpenSmsAccount(label="MODEM", senders=(), lines=(MINE,))))
    line = {"source_addr_ton": 1, "source_addr": TO, "dest_addr_ton": 0}
    with Esme(gate.opened, "MODEM", gate.sms.password("MODEM")) as esme:
        assert esme.send("2023", b"merhaba", **line).status == Status.ROK
        assert esme.send("2024", b"merhaba", **line).status == Status.RINVDSTADR
        assert esme.send("2023", b"merhaba", **line | {"source_addr": DELAYED}).status == Status.RINVSRCADR
        gate.advance(timedelta(seconds=8))
        answer = gate.run(lambda: gate.sms.received(MINE))[0]
        esme.wait_for(len(answer.segments))
        first = esme.delivered[0]
    assert answer.text.startswith("Mesajınız anlaşılamadı.")
    assert (first.source_addr, first.destination_addr) == (b"2023", TO.encode())
    assert (first.source_addr_ton, first.dest_addr_ton, first.dest_addr_npi) == (0, 1, 1)
    heard = b"".join(pdu.short_message[pdu.short_message[0] + 1 :] for pdu in esme.delivered)
    assert heard == b"".join(segment.payload for segment in answer.segments)
    assert {pdu.esm_class for pdu in esme.delivered} == {0x40}
