"""What a submit_sm, query_sm or cancel_sm asks for, and which status a refusal is answered with."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from mockgov.counters.smpp.moments import read_moment
from mockgov.counters.smpp.pdu import Fields, PduError, Status, Tag
from mockgov.refusal import Refused, Unminted
from mockgov.sms.accounts import QueueFull, SenderRefused, Throttled, UnknownSmsAccount, WrongSmsPassword
from mockgov.sms.encoding import Encoding, EncodingError, Place, Segment, header, join, one_part, read_header
from mockgov.sms.messages import SubmitFromLine, SubmitText
from mockgov.sms.rules import (
    BadSchedule,
    BadText,
    BadValidity,
    MessageOver,
    Receipts,
    StrangersNumber,
    UnknownMessage,
    UnknownNumber,
)
from mockgov.vocabulary.foreign_phone import read_line
from mockgov.vocabulary.phone import InvalidPhone, Phone

Submission = SubmitText | SubmitFromLine
STATUS: Final[Mapping[type[Refused], Status]] = {
    SenderRefused: Status.RINVSRCADR,
    StrangersNumber: Status.RINVDSTADR,
    QueueFull: Status.RMSGQFUL,
    Throttled: Status.RTHROTTLED,
    BadText: Status.RINVMSGLEN,
    UnknownNumber: Status.RINVDSTADR,
    BadValidity: Status.RINVEXPIRY,
    BadSchedule: Status.RINVSCHED,
    UnknownMessage: Status.RINVMSGID,
    MessageOver: Status.RCANCELFAIL,
    UnknownSmsAccount: Status.RINVSYSID,
    WrongSmsPassword: Status.RINVPASWD,
    Unminted: Status.RSUBMITFAIL,
}
"""Status of each refusal; any other is a system error."""

UDHI: Final = 0x40
TRANSACTION_MODE: Final = 0x02
MOST_SHORT: Final = 254
"""Octets of short_message (5.2.22)."""

SEPTETS, IA5, LATIN1, UCS2 = 0, 1, 3, 8
"""data_coding; the SMSC's default alphabet is GSM's, one septet an octet (chosen here, as most do)."""
_CHARSETS: Final = {IA5: "ascii", LATIN1: "latin-1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which message, or messages, a query_sm or cancel_sm means."""

    message_id: str
    sender: str
    recipient: str = ""
    service_type: str = ""


def status_of(refusal: Refused) -> Status:
    """The status that a refusal is answered with."""
    return STATUS.get(type(refusal), Status.RSYSERR)


def submitted(body: bytes) -> Submission | Status:
    """What a submit_sm submits, or the status that refuses it."""
    try:
        return read_submission(body)
    except PduError as error:
        return error.status


def read_submission(body: bytes) -> SubmitText | SubmitFromLine:
    """The message that a submit_sm submits; from a line if its source is one and it goes to no mobile number.

    Raises `PduError`.
    """
    fields = Fields(body)
    service_type = fields.text(6, Status.RINVSERTYP)
    sender = _address(fields, Status.RINVSRCADR)
    recipient = _address(fields, Status.RINVDSTADR)
    line = _line(sender, recipient)
    phone = _phone(recipient) if line is None else line
    esm_class = fields.octet()
    if esm_class & 0x3C or esm_class & 0x03 == TRANSACTION_MODE:
        raise PduError(Status.RINVESMCLASS)
    fields.octet()  # protocol_id means nothing to a handset of here
    if fields.octet() > 3:
        raise PduError(Status.RINVPRTFLG)
    schedule = _moment(fields.text(17, Status.RINVSCHED), Status.RINVSCHED)
    validity = _moment(fields.text(17, Status.RINVEXPIRY), Status.RINVEXPIRY)
    receipts = _receipts(fields.octet())
    replaces = fields.octet()
    if replaces > 1:
        raise PduError(Status.RINVREPFLAG)
    data_coding = fields.octet()
    if fields.octet():
        raise PduError(Status.RINVDFTMSGID)
    length = fields.octet()
    if length > MOST_SHORT:
        raise PduError(Status.RINVMSGLEN)
    message = fields.octets(length)
    parameters = fields.parameters()
    payload = parameters.get(Tag.MESSAGE_PAYLOAD)
    if payload is not None and message:
        raise PduError(Status.ROPTPARNOTALLWD)
    said, segment = _said(payload or message, data_coding, _sar(parameters), has_header=bool(esm_class & UDHI))
    if line is not None:
        return SubmitFromLine(line=line, to=recipient, text=said, segment=segment, schedule=schedule)
    return SubmitText(
        sender=sender,
        phone=phone,
        text=said,
        segment=segment,
        receipts=receipts,
        schedule=schedule,
        validity=validity,
        service_type=service_type,
        replace=bool(replaces),
    )


def read_query(body: bytes) -> Asked:
    """Which message a query_sm asks about. Raises `PduError`."""
    fields = Fields(body)
    return Asked(message_id=fields.text(65, Status.RINVMSGID), sender=_address(fields, Status.RINVSRCADR))


def read_cancellation(body: bytes) -> Asked:
    """What a cancel_sm takes back. Raises `PduError`."""
    fields = Fields(body)
    service_type = fields.text(6, Status.RINVSERTYP)
    message_id = fields.text(65, Status.RINVMSGID)
    sender = _address(fields, Status.RINVSRCADR)
    recipient = _address(fields, Status.RINVDSTADR)
    return Asked(message_id=message_id, sender=sender, recipient=recipient, service_type=service_type)


def read_phone(address: str) -> Phone:
    """A destination. Raises `PduError`."""
    return _phone(address)


def _said(octets: bytes, data_coding: int, sar: Place | None, *, has_header: bool) -> tuple[str, Segment | None]:
    """The text, and the segment as it came if it is one. Raises `PduError`."""
    udh, payload = _divided(octets) if has_header else (b"", octets)
    try:
        place, encoding = read_header(udh)
        if place is not None and sar is not None:
            raise PduError(Status.RINVOPTPARAMVAL)
        if data_coding in _CHARSETS:
            place = place or sar
            text = _decoded(payload, _CHARSETS[data_coding])
            return text, None if place is None else one_part(text, place)
        if data_coding == UCS2:
            encoding = Encoding.UCS2
        elif data_coding != SEPTETS or not payload.isascii():
            raise PduError(Status.RSUBMITFAIL)
        if encoding is Encoding.UCS2 and len(payload) % 2:
            raise PduError(Status.RINVMSGLEN)
        segment = Segment(encoding, udh if sar is None else header(sar.element + udh[1:]), payload)
    except EncodingError:
        raise PduError(Status.RINVMSGLEN) from None
    text = join([segment])
    if segment.fits:
        return text, segment
    if segment.place is not None:
        raise PduError(Status.RINVMSGLEN)
    return text, None


def _divided(octets: bytes) -> tuple[bytes, bytes]:
    """User data header and what is behind it."""
    length = octets[0] + 1 if octets else 0
    if not octets or len(octets) < length:
        raise PduError(Status.RINVMSGLEN)
    return (octets[:length], octets[length:]) if length > 1 else (b"", octets[1:])


def _decoded(octets: bytes, charset: str) -> str:
    try:
        return octets.decode(charset)
    except UnicodeDecodeError:
        raise PduError(Status.RSUBMITFAIL) from None


def _sar(parameters: Mapping[int, bytes]) -> Place | None:
    """The place that the SAR parameters give. Raises `PduError`."""
    values = [parameters.get(tag) for tag in (Tag.SAR_MSG_REF_NUM, Tag.SAR_TOTAL_SEGMENTS, Tag.SAR_SEGMENT_SEQNUM)]
    if all(value is None for value in values):
        return None
    reference, total, nth = values
    if reference is None or total is None or nth is None:
        raise PduError(Status.RMISSINGOPTPARAM)
    if (len(reference), len(total), len(nth)) != (2, 1, 1):
        raise PduError(Status.RINVPARLEN)
    try:
        place = Place(int.from_bytes(reference, "big"), total[0], nth[0])
    except EncodingError:
        raise PduError(Status.RINVOPTPARAMVAL) from None
    return None if place.total == 1 else replace(place, reference=place.reference & 0xFF)


def _receipts(registered_delivery: int) -> Receipts:
    if registered_delivery & 3 == 3:
        raise PduError(Status.RINVREGDLVFLG)
    return Receipts(registered_delivery & (Receipts.FINAL | Receipts.FAILURE | Receipts.INTERMEDIATE))


def _moment(written: str, status: Status) -> datetime | timedelta | None:
    try:
        return read_moment(written)
    except (ValueError, OverflowError):
        raise PduError(status) from None


def _address(fields: Fields, status: Status) -> str:
    fields.octets(2)  # type and plan of the number say nothing that the address does not
    return fields.text(21, status)


def _line(sender: str, recipient: str) -> Phone | None:
    """The line that sends, if the source is one and the destination is no mobile number."""
    try:
        Phone.parse(recipient)
    except InvalidPhone:
        with suppress(InvalidPhone):
            return read_line(sender)
    return None


def _phone(address: str) -> Phone:
    try:
        return Phone.parse(address)
    except InvalidPhone:
        raise PduError(Status.RINVDSTADR) from None
