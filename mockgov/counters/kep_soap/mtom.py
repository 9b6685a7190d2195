"""MTOM: an envelope and its binary contents as the parts of one multipart/related message (W3C, 2005; RFC 2387)."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from hashlib import blake2b
from typing import Final

MOST_PARTS: Final = 64
"""No message has more parts than that (chosen here)."""
MULTIPART: Final = "multipart/related"
XOP: Final = "application/xop+xml"
ROOT_ID: Final = "0.root@kep.sandbox.invalid"


class BadMultipart(ValueError):  # noqa: N818  the sender's fault, told in an answer
    """A body that is no multipart/related message; the text says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request as it came: the envelope, its character set if one is named, and what it refers to by content id."""

    envelope: bytes
    charset: str | None
    parts: Mapping[str, bytes]
    is_mtom: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One binary content of an answer."""

    content_id: str
    content_type: str
    data: bytes


def read(body: bytes, content_type: str) -> Sent:
    """A request's body by its Content-Type: an envelope alone, or one with parts. Raises `BadMultipart`."""
    head = Message()
    head["content-type"] = content_type
    if head.get_content_type() != MULTIPART:
        return Sent(envelope=body, charset=_parameter(head, "charset"), parts={}, is_mtom=False)
    boundary = _parameter(head, "boundary")
    if not boundary:
        raise BadMultipart("Name the boundary in the Content-Type of the multipart/related body.")
    parts = [_part(piece) for piece in _pieces(body, boundary)]
    start = (_parameter(head, "start") or "").strip("<> ")
    root = next((part for part in parts if _id(part[0]) == start), parts[0]) if start else parts[0]
    return Sent(
        envelope=root[1],
        charset=_parameter(root[0], "charset"),
        parts={_id(part_head): data for part_head, data in parts if part_head is not root[0]},
        is_mtom=True,
    )


def write(envelope: bytes, parts: Sequence[Part]) -> tuple[bytes, str]:
    """The body of an MTOM answer and its Content-Type; equal contents give equal bytes."""
    digest = blake2b(envelope, digest_size=16, person=b"hes-mtom")
    for part in parts:
        digest.update(part.data)
    boundary = f"MIMEBoundary_{digest.hexdigest()}"
    root = Part(content_id=ROOT_ID, content_type=f'{XOP}; charset=UTF-8; type="text/xml"', data=envelope)
    written = [
        b"--%s\r\nContent-Type: %s\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <%s>\r\n\r\n%s\r\n"
        % (boundary.encode(), part.content_type.encode(), part.content_id.encode(), part.data)
        for part in (root, *parts)
    ]
    content_type = f'{MULTIPART}; boundary="{boundary}"; type="{XOP}"; start="<{ROOT_ID}>"; start-info="text/xml"'
    return b"".join([*written, b"--%s--\r\n" % boundary.encode()]), content_type


def _pieces(body: bytes, boundary: str) -> Sequence[bytes]:
    delimiter = b"\r\n--" + boundary.encode("latin-1", "replace")
    _, *pieces = (b"\r\n" + body).split(delimiter, MOST_PARTS + 2)
    if len(pieces) > MOST_PARTS + 1:
        raise BadMultipart(f"A message has at most {MOST_PARTS} parts.")
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise BadMultipart("The multipart body does not end with its boundary, or has no part.")
    return pieces[:-1]


def _part(piece: bytes) -> tuple[Message, bytes]:
    padding, _, rest = piece.partition(b"\r\n")
    head, empty_line, content = (b"\r\n" + rest).partition(b"\r\n\r\n")
    if padding.strip() or not empty_line:
        raise BadMultipart(
            "Between its boundaries a part has headers, an empty line and its content; lines end with CRLF."
        )
    parsed = BytesHeaderParser().parsebytes(head.lstrip(b"\r\n"))
    encoding = str(parsed.get("content-transfer-encoding", "binary")).strip().lower()
    if encoding == "base64":
        try:
            return parsed, base64.b64decode(b"".join(content.split()), validate=True)
        except binascii.Error:
            raise BadMultipart("A part is not in base64 although it says so.") from None
    if encoding not in {"binary", "8bit", "7bit"}:
        raise BadMultipart("Send parts as binary, 8bit, 7bit or base64.")
    return parsed, content


def _id(head: Message) -> str:
    return str(head.get("content-id", "")).strip("<> \t")


def _parameter(head: Message, name: str) -> str | None:
    value = head.get_param(name)
    return value if isinstance(value, str) and value.isascii() else None
