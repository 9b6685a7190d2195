"""What an account is told, as deliver_sm: receipts (SMPP 3.4, appendix B) and messages from handsets."""

from typing import Final

from mockgov.counters.smpp.moments import receipt_date, write_moment
from mockgov.counters.smpp.pdu import Tag, parameter, text
from mockgov.counters.smpp.submission import SEPTETS, UCS2, UDHI
from mockgov.sms.alphabet import DEFAULT
from mockgov.sms.encoding import Encoding
from mockgov.sms.rules import Direction, Message, Notice, NoticeKind, State

FINAL_RECEIPT, INTERMEDIATE = 0x04, 0x20
"""esm_class (5.2.12)."""
INTERNATIONAL, ALPHANUMERIC, UNKNOWN = (1, 1), (5, 0), (0, 1)
"""Type of number and numbering plan (5.2.5, 5.2.6)."""
Address = tuple[tuple[int, int], str]
"""Type and plan, and the number or name."""
GSM_NETWORK: Final = 3
"""Network type in network_error_code (5.3.2.31)."""
LAST_OCTET: Final = 255

MESSAGE_STATE: Final = {
    State.ACCEPTED: 1,
    State.ENROUTE: 1,
    State.DELIVERED: 2,
    State.EXPIRED: 3,
    State.DELETED: 4,
    State.UNDELIVERABLE: 5,
    State.REJECTED: 8,
}
"""message_state (5.2.28). What waits for its time is on its way: the ACCEPTED of the protocol is something else."""

STAT: Final = {
    State.ACCEPTED: "ENROUTE",
    State.ENROUTE: "ENROUTE",
    State.DELIVERED: "DELIVRD",
    State.EXPIRED: "EXPIRED",
    State.DELETED: "DELETED",
    State.UNDELIVERABLE: "UNDELIV",
    State.REJECTED: "REJECTD",
}
"""Appendix B."""
QUOTED: Final = 20
"""Characters of the message that a receipt repeats."""
PLAIN: Final = frozenset(letter for septet, letter in enumerate(DEFAULT) if " " <= letter == chr(septet))
"""Letters that are the same in GSM's alphabet and in ASCII: no reader of a receipt can mistake them."""


def body_of(notice: Notice) -> bytes:
    """The body of the deliver_sm that tells an account of it."""
    return _receipt(notice) if notice.kind is NoticeKind.RECEIPT else _incoming(notice)


def receipt_text(notice: Notice) -> str:
    """Appendix B's text."""
    message = notice.message
    delivered = int(notice.state is State.DELIVERED)
    quoted = "".join(letter if letter in PLAIN else "?" for letter in message.text[:QUOTED])
    return (
        f"id:{message.message_id} sub:001 dlvrd:{delivered:03d} submit date:{receipt_date(message.sent_at)} "
        f"done date:{receipt_date(notice.at)} stat:{STAT[notice.state]} err:{notice.error:03d} text:{quoted}"
    )


def answer_to_query(message: Message) -> bytes:
    """The body of a query_sm_resp."""
    final = message.done_at if message.state.is_final else None
    state, error = MESSAGE_STATE[message.state], min(message.error, LAST_OCTET)
    return text(message.message_id) + text(write_moment(final)) + bytes((state, error))


def _receipt(notice: Notice) -> bytes:
    message = notice.message
    parameters = parameter(Tag.RECEIPTED_MESSAGE_ID, text(message.message_id))
    parameters += parameter(Tag.MESSAGE_STATE, bytes((MESSAGE_STATE[notice.state],)))
    if notice.error:
        code = bytes((GSM_NETWORK,)) + notice.error.to_bytes(2, "big")
        parameters += parameter(Tag.NETWORK_ERROR_CODE, code)
    esm_class = FINAL_RECEIPT if notice.state.is_final else INTERMEDIATE
    said = receipt_text(notice).encode("ascii")
    recipient = (ALPHANUMERIC, message.sender)
    return _deliver_sm(message, recipient, esm_class, SEPTETS, said) + parameters


def _incoming(notice: Notice) -> bytes:
    message = notice.message
    segment = message.segments[notice.part]
    data_coding = UCS2 if segment.encoding is Encoding.UCS2 else SEPTETS
    esm_class = UDHI if segment.udh else 0
    said = segment.udh + segment.payload
    if message.direction is Direction.TO_HANDSET:  # it has arrived at a line of the account's
        sender = (UNKNOWN if message.sender.lstrip("+").isdigit() else ALPHANUMERIC, message.sender)
        return _deliver_sm(message, (INTERNATIONAL, message.phone.wire), esm_class, data_coding, said, sender)
    return _deliver_sm(message, (UNKNOWN, message.to), esm_class, data_coding, said)


def _deliver_sm(
    message: Message, to: Address, esm_class: int, data_coding: int, said: bytes, sender: Address | None = None
) -> bytes:
    (kind, plan), address = to
    sender_kind, sender_address = sender or (INTERNATIONAL, message.phone.wire)
    return b"".join(
        (
            text(message.service_type),
            bytes(sender_kind),
            text(sender_address),
            bytes((kind, plan)),
            text(address),
            bytes((esm_class, 0, 0)),
            text(""),  # schedule_delivery_time
            text(""),  # validity_period
            bytes((0, 0, data_coding, 0, len(said))),
            said,
        )
    )
