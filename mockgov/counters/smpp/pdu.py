"""SMPP 3.4 on the wire: headers, fields, optional parameters. No sockets, no state but the framer's."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

RESPONSE: Final = 0x8000_0000
HEADER: Final = struct.Struct(">IIII")
LONGEST: Final = 16 + 512 + 4 + 0xFFFF
"""Octets of the longest PDU that is read: every field full, and a message_payload of 64 KiB."""


class Command(IntEnum):
    """command_id (5.1.2.1)."""

    GENERIC_NACK = 0x8000_0000
    BIND_RECEIVER = 0x01
    BIND_TRANSMITTER = 0x02
    QUERY_SM = 0x03
    SUBMIT_SM = 0x04
    DELIVER_SM = 0x05
    UNBIND = 0x06
    CANCEL_SM = 0x08
    BIND_TRANSCEIVER = 0x09
    ENQUIRE_LINK = 0x15
    DELIVER_SM_RESP = RESPONSE | 0x05
    UNBIND_RESP = RESPONSE | 0x06
    ENQUIRE_LINK_RESP = RESPONSE | 0x15


class Status(IntEnum):
    """command_status (5.1.3)."""

    ROK = 0x00
    RINVMSGLEN = 0x01
    RINVCMDLEN = 0x02
    RINVCMDID = 0x03
    RINVBNDSTS = 0x04
    RALYBND = 0x05
    RINVPRTFLG = 0x06
    RINVREGDLVFLG = 0x07
    RSYSERR = 0x08
    RINVSRCADR = 0x0A
    RINVDSTADR = 0x0B
    RINVMSGID = 0x0C
    RBINDFAIL = 0x0D
    RINVPASWD = 0x0E
    RINVSYSID = 0x0F
    RCANCELFAIL = 0x11
    RMSGQFUL = 0x14
    RINVSERTYP = 0x15
    RINVESMCLASS = 0x43
    RSUBMITFAIL = 0x45
    RINVSYSTYP = 0x53
    RINVREPFLAG = 0x54
    RTHROTTLED = 0x58
    RINVSCHED = 0x61
    RINVEXPIRY = 0x62
    RINVDFTMSGID = 0x63
    RX_T_APPN = 0x64
    RX_P_APPN = 0x65
    RX_R_APPN = 0x66
    RINVOPTPARSTREAM = 0xC0
    ROPTPARNOTALLWD = 0xC1
    RINVPARLEN = 0xC2
    RMISSINGOPTPARAM = 0xC3
    RINVOPTPARAMVAL = 0xC4


class Tag(IntEnum):
    """Optional parameters that are read or written here (5.3.2)."""

    RECEIPTED_MESSAGE_ID = 0x001E
    SAR_MSG_REF_NUM = 0x020C
    SAR_TOTAL_SEGMENTS = 0x020E
    SAR_SEGMENT_SEQNUM = 0x020F
    SC_INTERFACE_VERSION = 0x0210
    NETWORK_ERROR_CODE = 0x0423
    MESSAGE_PAYLOAD = 0x0424
    MESSAGE_STATE = 0x0427


class PduError(Exception):
    """A PDU that breaks the protocol; `status` says how."""

    def __init__(self, status: Status) -> None:
        super().__init__(status.name)
        self.status = status


class FrameError(Exception):
    """A command_length that cannot be: where the next PDU begins is unknown."""

    def __init__(self, sequence: int) -> None:
        super().__init__("command_length")
        self.sequence = sequence


@dataclass(frozen=True, slots=True)
class Pdu:
    """One PDU; its body is not read yet."""

    command: int
    status: int
    sequence: int
    body: bytes

    @property
    def written(self) -> bytes:
        """Its octets."""
        return HEADER.pack(16 + len(self.body), self.command, self.status, self.sequence) + self.body


class Framer:
    """Cuts a stream of octets into PDUs."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> tuple[Sequence[Pdu], FrameError | None]:
        """The PDUs that are complete now, and what is wrong behind them; after an error nothing more is read."""
        rest = self._rest + data if self._rest else data
        found: list[Pdu] = []
        at = 0
        error: FrameError | None = None
        while len(rest) - at >= HEADER.size:
            length, command, status, sequence = HEADER.unpack_from(rest, at)
            if not HEADER.size <= length <= LONGEST:
                error = FrameError(sequence)
                break
            if len(rest) - at < length:
                break
            found.append(Pdu(command, status, sequence, rest[at + HEADER.size : at + length]))
            at += length
        self._rest = rest[at:]
        return found, error


class Fields:
    """Reads a body from its beginning on."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def text(self, most: int, status: Status = Status.RINVPARLEN) -> str:
        """A C-octet string of at most `most` octets with its NUL. Raises `PduError(status)`."""
        end = self._body.find(0, self._at, self._at + most)
        if end < 0:
            raise PduError(status)
        text = self._body[self._at : end].decode("latin-1")
        self._at = end + 1
        return text

    def octet(self) -> int:
        """One octet."""
        return self.octets(1)[0]

    def octets(self, count: int) -> bytes:
        """So many octets. Raises `PduError`."""
        read = self._body[self._at : self._at + count]
        if len(read) < count:
            raise PduError(Status.RINVCMDLEN)
        self._at += count
        return read

    def parameters(self) -> Mapping[int, bytes]:
        """The optional parameters, which are the rest. Raises `PduError`."""
        found: dict[int, bytes] = {}
        while self._at < len(self._body):
            if len(self._body) - self._at < 4:
                raise PduError(Status.RINVOPTPARSTREAM)
            tag, length = struct.unpack(">HH", self.octets(4))
            if len(self._body) - self._at < length:
                raise PduError(Status.RINVOPTPARSTREAM)
            found[tag] = self.octets(length)
        return found


def text(value: str) -> bytes:
    """A C-octet string."""
    return value.encode("latin-1", "replace").replace(b"\0", b"?") + b"\0"


def parameter(tag: Tag, value: bytes) -> bytes:
    """An optional parameter."""
    return struct.pack(">HH", tag, len(value)) + value
