"""What a letter says and carries: its head, its text, its attachments, and an e-Yazışma package if there is one.

Reading is tolerant of charsets and of sloppy mail programs, and never fails with anything but `UnreadableLetter` or
`BadPackage`. Signatures are unwrapped, not checked: S/MIME multipart/signed and opaque signed-data (RFC 8551).
"""

import io
import re
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from mockgov.kep.content import PACKAGE_TYPE, Attachment, clean_line, clean_text, is_package
from mockgov.refusal import Refused

if TYPE_CHECKING:
    from mockgov.kep.eyp import EypPackage

__all__ = [
    "PACKAGE_TYPE",
    "Attachment",
    "Head",
    "LetterContent",
    "UnreadableLetter",
    "UnreadablePdf",
    "clean_line",
    "clean_text",
    "is_package",
    "pdf_text",
    "read_content",
    "read_head",
    "read_letter",
]

MAX_PARTS = 1_000
MAX_FIELD = 65_536
"""Characters in one header field (chosen here, as are the two below and the one above)."""
MAX_HTML = 1_000_000
"""Characters of a page that are still searched for words."""
MAX_WRAPPINGS = 5
"""Signatures within signatures that are still unwrapped."""

PARSER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MessageError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What parsers of the standard library and of CMS, zip and PDF have been seen to raise for hostile input."""


_BLANK = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(r"\r?\n(?=[ \t])")
"""Where a field goes on in the next line; the blank there is part of its text (RFC 5322, section 2.2.3)."""


class UnreadableLetter(Refused):
    """What was deposited is no message."""

    key = "kepletterunreadable"


class UnreadablePdf(Refused):
    """What was attached is no PDF."""

    key = "pdfunreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a message's head says, decoded."""

    senders: tuple[str, ...]
    """Addresses of all From fields; empty strings for what is none."""
    recipients: tuple[str, ...]
    """Addresses of To, Cc and Bcc, in this order, each once."""
    subject: str
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterContent:
    """A letter, unwrapped."""

    subject: str
    text: str
    attachments: tuple[Attachment, ...]
    eyp: "EypPackage | None" = None
    """The first attachment that is an e-Yazışma package; signatures not checked."""

    @property
    def files(self) -> tuple[Attachment, ...]:
        """All files, the package opened: the letter in it, what is attached to that, then what came beside it."""
        if self.eyp is None:
            return self.attachments
        beside = (one for one in self.attachments if not is_package(one))
        return (self.eyp.letter, *self.eyp.attachments, *beside)


def read_head(raw: bytes) -> Head:
    """A message's head. Raises `UnreadableLetter`."""
    try:
        return _head(_parse(_BLANK.split(raw, maxsplit=1)[0]))
    except PARSER_ERRORS as error:
        raise UnreadableLetter("The message's head cannot be read; send an RFC 5322 message.") from error


def read_content(raw: bytes) -> LetterContent:
    """A letter's subject, text and attachments; a package stays an attachment. Raises `UnreadableLetter`."""
    try:
        message = _parse(raw)
        return _content(_head(message).subject, _unwrapped(message))
    except PARSER_ERRORS as error:
        raise UnreadableLetter("The message cannot be read; send an RFC 5322 message.") from error


def read_letter(raw: bytes) -> LetterContent:
    """The same, its package read too. Raises `UnreadableLetter`, and `BadPackage` for a package that is none."""
    content = read_content(raw)
    package = next((one for one in content.attachments if is_package(one)), None)
    if package is None:
        return content
    from mockgov.kep.eyp import read_package  # noqa: PLC0415  heavy; wanted by few

    return LetterContent(
        subject=content.subject,
        text=content.text,
        attachments=content.attachments,
        eyp=read_package(package.data),
    )


def pdf_text(data: bytes) -> str:
    """The text of a PDF, page by page. Raises `UnreadablePdf`."""
    from pypdf import PdfReader  # noqa: PLC0415  heavy; wanted by few
    from pypdf.errors import PyPdfError  # noqa: PLC0415  the same

    try:
        return clean_text("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))
    except (*PARSER_ERRORS, PyPdfError, OSError) as error:
        raise UnreadablePdf("The attachment is no PDF that can be read; attach it again.") from error


def _parse(raw: bytes) -> "Message[str, str]":
    message = _entity(raw)
    if not message.keys():
        raise ValueError("no header fields")
    return message


def _entity(raw: bytes) -> "Message[str, str]":
    if raw.count(b"\n--") > 4 * MAX_PARTS:
        raise ValueError("more boundaries than a letter has parts")
    return BytesParser().parsebytes(raw)


def _head(message: "Message[str, str]") -> Head:
    fields: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        if len(str(value)) > MAX_FIELD:
            raise ValueError("a field of a book's length")
        fields.setdefault(name.lower(), []).append(_unescaped(str(value)))
    recipients = [*fields.get("to", []), *fields.get("cc", []), *fields.get("bcc", [])]
    return Head(
        senders=tuple(address for _, address in getaddresses(fields.get("from", []))),
        recipients=tuple(dict.fromkeys(address.lower() for _, address in getaddresses(recipients))),
        subject=clean_line(_decoded(" ".join(fields.get("subject", [])[:1])))[:998],
        message_id=clean_line(" ".join(fields.get("message-id", [])[:1]))[:998],
    )


def _unescaped(value: str) -> str:
    """A field as it was sent, where it was UTF-8 in the open (RFC 6532) or in Latin-5."""
    data = value.encode("utf-8", "surrogateescape")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("iso-8859-9")


def _decoded(value: str) -> str:
    """A field's text, encoded words (RFC 2047) decoded as far as they can be."""
    try:
        parts = decode_header(_FOLD.sub("", value))
    except PARSER_ERRORS:
        return value
    return "".join(part if isinstance(part, str) else _text(part, charset) for part, charset in parts)


def _text(data: bytes, charset: str | None) -> str:
    """Bytes as text: as they say, else UTF-8, else Latin-5, which takes everything."""
    for name in (charset, "utf-8"):
        try:
            return data.decode(name or "utf-8")
        except (LookupError, ValueError):
            continue
    return data.decode("iso-8859-9")


def _unwrapped(message: "Message[str, str]") -> "Message[str, str]":
    for _ in range(MAX_WRAPPINGS):
        kind = message.get_content_type()
        payload = message.get_payload()
        if kind == "multipart/signed" and isinstance(payload, list) and payload:
            message = _part(payload[0])
        elif kind in {"application/pkcs7-mime", "application/x-pkcs7-mime"}:
            message = _entity(_enveloped(_bytes(message)))
        else:
            return message
    raise ValueError("too many signatures in one another")


def _enveloped(der: bytes) -> bytes:
    """What a CMS signed-data carries."""
    from asn1crypto import cms  # noqa: PLC0415  heavy; wanted by few

    content = cms.ContentInfo.load(der)["content"]["encap_content_info"]["content"].native
    if not isinstance(content, bytes):
        raise TypeError("no content in the signature")
    return content


def _content(subject: str, message: "Message[str, str]") -> LetterContent:
    plain: list[str] = []
    html: list[str] = []
    attachments: list[Attachment] = []
    for nth, part in enumerate(_leaves(message)):
        if nth == MAX_PARTS:
            raise ValueError("too many parts")
        kind = part.get_content_type()
        name = _name(part)
        inline = part.get_content_disposition() != "attachment" and not name
        if kind in {"text/plain", "text/html"} and inline:
            (plain if kind == "text/plain" else html).append(_text(_bytes(part), part.get_content_charset()))
        else:
            attachments.append(Attachment(name=name or f"ek-{nth + 1}", content_type=kind, data=_bytes(part)))
    text = "\n".join(plain) if plain else "\n".join(_stripped(one) for one in html)
    return LetterContent(subject=subject, text=clean_text(text), attachments=tuple(attachments))


def _leaves(message: "Message[str, str]") -> "list[Message[str, str]]":
    """The parts that are not made of parts, in order; a message within counts as one."""
    waiting, leaves = [message], []
    while waiting:
        part = waiting.pop()
        payload = part.get_payload()
        if isinstance(payload, list) and part.get_content_maintype() != "message":
            waiting.extend(_part(one) for one in reversed(payload))
        else:
            leaves.append(part)
    return leaves


def _part(part: object) -> "Message[str, str]":
    if not isinstance(part, Message):
        raise TypeError("a part that is none")
    return part


def _bytes(part: "Message[str, str]") -> bytes:
    payload = part.get_payload()
    if isinstance(payload, list):
        return b"".join(_part(one).as_bytes() for one in payload)
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _name(part: "Message[str, str]") -> str:
    name = part.get_filename() or ""
    return clean_line(_decoded(_unescaped(name))).replace("\\", "/").rpartition("/")[2][:255]


class _Words(HTMLParser):
    """Collects a page's words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        """A piece of text between tags."""
        self.found.append(data)


def _stripped(html: str) -> str:
    words = _Words()
    words.feed(html[:MAX_HTML])
    words.close()
    return "".join(words.found)
