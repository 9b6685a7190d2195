"""The codec of the SMPP door against an independent one, and against octets that mean nothing."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from smpplib import consts, smpp
from smpplib.client import Client

from mockgov.counters.smpp.moments import read_moment, receipt_date, write_moment
from mockgov.counters.smpp.pdu import (
    LONGEST,
    Command,
    Fields,
    FrameError,
    Framer,
    Pdu,
    PduError,
    Status,
    Tag,
    parameter,
    text,
)
from mockgov.counters.smpp.submission import read_submission
from mockgov.sms.encoding import Encoding, Place, Segment, parts
from mockgov.sms.rules import Receipts
from mockgov.vocabulary.phone import Phone

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
CLIENT = Client("nowhere", 1, allow_unknown_opt_params=True)
"""What the library counts sequence numbers by; it is never connected."""


def submit_sm(
    message: bytes = b"merhaba",
    *,
    service_type: bytes = b"",
    sender: bytes = b"CINAR",
    to: bytes = b"905991234567",
    esm_class: int = 0,
    priority: int = 0,
    schedule: bytes = b"",
    validity: bytes = b"",
    registered: int = 0,
    replace: int = 0,
    data_coding: int = 0,
    canned: int = 0,
    parameters: bytes = b"",
) -> bytes:
    """The body of a submit_sm, field by field (SMPP 3.4, 4.4.1)."""
    return b"".join(
        (
            service_type + b"\0\5\0" + sender + b"\0\1\1" + to + b"\0",
            bytes((esm_class, 0, priority)),
            schedule + b"\0" + validity + b"\0",
            bytes((registered, replace, data_coding, canned, len(message))),
            message,
            parameters,
        )
    )


def test_constants_are_those_of_an_independent_library() -> None:
    """Every status and every tag, by its name."""
    for status in Status:
        assert getattr(consts, f"SMPP_ESME_{status.name}") == status.value
    for tag in Tag:
        assert consts.OPTIONAL_PARAMS[tag.name.lower()] == tag.value


def test_a_pdu_is_read_by_an_independent_library() -> None:
    body = submit_sm(registered=1, esm_class=0x40, parameters=parameter(Tag.MESSAGE_STATE, b"\2"))
    read = smpp.parse_pdu(Pdu(Command.DELIVER_SM, 0, 7, body).written, client=CLIENT, allow_unknown_opt_params=True)
    assert (read.command, read.sequence, read.source_addr, read.destination_addr) == (
        "deliver_sm",
        7,
        b"CINAR",
        b"905991234567",
    )
    assert (read.short_message, read.message_state) == (b"merhaba", 2)


def test_a_pdu_of_an_independent_library_is_read() -> None:
    """Every field that the gateway acts on."""
    sent = smpp.make_pdu(
        "submit_sm",
        client=CLIENT,
        service_type="CMT",
        source_addr_ton=5,
        source_addr="CINAR",
        dest_addr_ton=1,
        dest_addr_npi=1,
        destination_addr="905991234567",
        schedule_delivery_time="211004120000012+",
        validity_period="000001020304000R",
        registered_delivery=17,
        replace_if_present_flag=1,
        short_message=b"merhaba",
    )
    ((pdu,), error) = Framer().feed(sent.generate())
    assert (error, pdu.command) == (None, Command.SUBMIT_SM)
    order = read_submission(pdu.body)
    assert order.sender == "CINAR"
    assert order.phone == Phone("5991234567")
    assert order.text == "merhaba"
    assert order.segment == Segment(Encoding.GSM7, b"", b"merhaba")
    assert order.receipts == Receipts.FINAL | Receipts.INTERMEDIATE
    assert order.schedule == datetime(2021, 10, 4, 9, tzinfo=UTC)
    assert order.validity == timedelta(days=1, hours=2, minutes=3, seconds=4)
    assert order.service_type == "CMT"
    assert order.replace


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"service_type": b"TOOLONG"}, Status.RINVSERTYP),
        ({"sender": b"x" * 21}, Status.RINVSRCADR),
        ({"to": b"x" * 21}, Status.RINVDSTADR),
        ({"to": b""}, Status.RINVDSTADR),
        ({"to": b"902125550000"}, Status.RINVDSTADR),
        ({"esm_class": 0x04}, Status.RINVESMCLASS),
        ({"esm_class": 0x02}, Status.RINVESMCLASS),
        ({"priority": 4}, Status.RINVPRTFLG),
        ({"schedule": b"x"}, Status.RINVSCHED),
        ({"schedule": b"2" * 17}, Status.RINVSCHED),
        ({"validity": b"211399000000000+"}, Status.RINVEXPIRY),
        ({"registered": 3}, Status.RINVREGDLVFLG),
        ({"replace": 2}, Status.RINVREPFLAG),
        ({"canned": 1}, Status.RINVDFTMSGID),
        ({"message": b"x" * 255}, Status.RINVMSGLEN),
        ({"data_coding": 4}, Status.RSUBMITFAIL),
        ({"message": b"\x80"}, Status.RSUBMITFAIL),
        ({"message": b"\x80", "data_coding": 1}, Status.RSUBMITFAIL),
        ({"message": b"abc", "data_coding": 8}, Status.RINVMSGLEN),
        ({"message": b"", "esm_class": 0x40}, Status.RINVMSGLEN),
        ({"message": b"\x05\x00\x03", "esm_class": 0x40}, Status.RINVMSGLEN),
        ({"message": b"\x03\x24\x01\x02x", "esm_class": 0x40}, Status.RINVMSGLEN),
        ({"message": b"\x05\x00\x03\x01\x02\x01" + b"x" * 154, "esm_class": 0x40}, Status.RINVMSGLEN),
        ({"parameters": b"\x04\x24"}, Status.RINVOPTPARSTREAM),
        ({"parameters": b"\x04\x24\x00\x09x"}, Status.RINVOPTPARSTREAM),
        ({"parameters": parameter(Tag.MESSAGE_PAYLOAD, b"x")}, Status.ROPTPARNOTALLWD),
        ({"parameters": parameter(Tag.SAR_TOTAL_SEGMENTS, b"\2")}, Status.RMISSINGOPTPARAM),
    ],
)
def test_what_is_wrong_has_its_status(changes: dict[str, object], status: Status) -> None:
    with pytest.raises(PduError) as refusal:
        read_submission(submit_sm(**changes))
    assert refusal.value.status is status


def sar(reference: bytes, total: bytes, nth: bytes) -> bytes:
    tags = (Tag.SAR_MSG_REF_NUM, Tag.SAR_TOTAL_SEGMENTS, Tag.SAR_SEGMENT_SEQNUM)
    return b"".join(parameter(tag, value) for tag, value in zip(tags, (reference, total, nth), strict=True))


def test_sar_parameters_become_a_header() -> None:
    """As a concatenation with the reference's low octet, beside national tables; wrong ones are refused."""
    order = read_submission(submit_sm(parameters=sar(b"\x12\x34", b"\x02", b"\x01")))
    assert order.segment == Segment(Encoding.GSM7, bytes.fromhex("05 00 03 34 02 01"), b"merhaba")
    shifted = submit_sm(b"\x03\x25\x01\x01\x0c", esm_class=0x40, parameters=sar(b"\0\1", b"\2", b"\2"))
    order = read_submission(shifted)
    assert order.segment == Segment(Encoding.GSM7_LOCKING, bytes.fromhex("08 00 03 01 02 02 25 01 01"), b"\x0c")
    assert order.text == "ğ"
    assert read_submission(submit_sm(parameters=sar(b"\0\1", b"\1", b"\1"))).segment.place is None
    for wrong, status in (
        (sar(b"\1", b"\2", b"\1"), Status.RINVPARLEN),
        (sar(b"\0\1", b"\2", b"\3"), Status.RINVOPTPARAMVAL),
        (sar(b"\0\1", b"\0", b"\0"), Status.RINVOPTPARAMVAL),
    ):
        with pytest.raises(PduError) as refusal:
            read_submission(submit_sm(parameters=wrong))
        assert refusal.value.status is status
    both = submit_sm(b"\x05\x00\x03\x01\x02\x01x", esm_class=0x40, parameters=sar(b"\0\1", b"\2", b"\1"))
    with pytest.raises(PduError) as refusal:
        read_submission(both)
    assert refusal.value.status is Status.RINVOPTPARAMVAL


def test_data_codings() -> None:
    """ASCII and Latin-1 are texts for the gateway to encode; what is too long for one segment is a text too."""
    latin = read_submission(submit_sm("çöü".encode("latin-1"), data_coding=3))
    assert (latin.text, latin.segment) == ("çöü", None)
    assert read_submission(submit_sm(b"a@b", data_coding=1)).text == "a@b"
    part = b"\x05\x00\x03\x07\x02\x01"
    cut = read_submission(submit_sm(part + "é".encode("latin-1"), data_coding=3, esm_class=0x40))
    assert cut.segment == Segment(Encoding.GSM7, part, b"\x05")
    assert cut.segment.place == Place(7, 2, 1)
    long = read_submission(submit_sm(b"x" * 161))
    assert (long.text, long.segment) == ("x" * 161, None)
    payload = submit_sm(b"", data_coding=8, parameters=parameter(Tag.MESSAGE_PAYLOAD, "ж".encode("utf-16-be") * 500))
    assert read_submission(payload).text == "ж" * 500


@given(st.text("abcçğıöşü €[]İĞŞжあ👍", max_size=500), st.integers(0, 255))
def test_every_segment_is_read_as_it_was_written(said: str, reference: int) -> None:
    """Byte for byte, whichever encoding the text needs."""
    for segment in parts(said, reference=reference):
        coding = 8 if segment.encoding is Encoding.UCS2 else 0
        body = submit_sm(segment.udh + segment.payload, esm_class=0x40 if segment.udh else 0, data_coding=coding)
        order = read_submission(body)
        assert (order.segment, order.text) == (segment, segment.text)


@given(st.binary(max_size=80))
@settings(max_examples=300)
def test_any_body_is_read_or_refused(body: bytes) -> None:
    with suppress(PduError):
        read_submission(body)


@given(st.data())
@settings(max_examples=300)
def test_a_mutated_body_is_read_or_refused(data: st.DataObject) -> None:
    good = submit_sm(
        b"\x05\x00\x03\x07\x02\x01merhaba",
        esm_class=0x40,
        parameters=parameter(Tag.MESSAGE_PAYLOAD, b"x"),
        registered=1,
    )
    at = data.draw(st.integers(0, len(good) - 1))
    changed = good[:at] + data.draw(st.binary(max_size=3)) + good[at + data.draw(st.integers(0, 3)) :]
    with suppress(PduError):
        read_submission(changed)


@given(st.lists(st.tuples(st.integers(0, 0xFFFF_FFFF), st.binary(max_size=40)), max_size=8), st.data())
def test_frames_however_they_arrive(written: list[tuple[int, bytes]], data: st.DataObject) -> None:
    """Cut anywhere, the stream gives the same PDUs."""
    pdus = [Pdu(command, 0, nth, body) for nth, (command, body) in enumerate(written)]
    stream = b"".join(pdu.written for pdu in pdus)
    framer, found = Framer(), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        some, error = framer.feed(stream[:size])
        assert error is None
        found += some
        stream = stream[size:]
    assert found == pdus


@pytest.mark.parametrize("length", [0, 15, LONGEST + 1, 0xFFFF_FFFF])
def test_a_length_that_cannot_be(length: int) -> None:
    """What came before is read; behind it nothing can be."""
    good = Pdu(Command.ENQUIRE_LINK, 0, 1, b"")
    found, error = Framer().feed(good.written + length.to_bytes(4, "big") + bytes.fromhex("00000015 00000000 00000009"))
    assert found == [good]
    assert isinstance(error, FrameError)
    assert error.sequence == 9


def test_fields_end_where_they_end() -> None:
    fields = Fields(b"ab\0\1")
    assert (fields.text(3), fields.octet()) == ("ab", 1)
    with pytest.raises(PduError):
        fields.octet()
    with pytest.raises(PduError) as refusal:
        Fields(b"abc\0").text(3, Status.RINVSYSID)
    assert refusal.value.status is Status.RINVSYSID
    assert text("ab\0ğ") == b"ab??\0"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", None),
        ("211004080000000+", datetime(2021, 10, 4, 8, tzinfo=UTC)),
        ("211004080000012+", datetime(2021, 10, 4, 5, tzinfo=UTC)),
        ("211004080000504-", datetime(2021, 10, 4, 9, 0, 0, 500_000, tzinfo=UTC)),
        ("000000001000000R", timedelta(minutes=10)),
        ("010203040506000R", timedelta(days=365 + 60 + 3, hours=4, minutes=5, seconds=6)),
    ],
)
def test_moments_are_read(written: str, meant: object) -> None:
    assert read_moment(written) == meant


@pytest.mark.parametrize(
    "written", ["x", "211004080000000", "211004080000000*", "213004080000000+", "211004080000049+", "²11004080000000+"]
)
def test_moments_that_are_none(written: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_moment(written)


def test_moments_are_written() -> None:
    """In UTC with a tenth of a second; a receipt's in Turkey's time."""
    assert write_moment(MONDAY + timedelta(milliseconds=250)) == "211004050000200+"
    assert write_moment(None) == ""
    assert receipt_date(MONDAY) == "2110040800"
    assert read_moment(write_moment(MONDAY)) == MONDAY
