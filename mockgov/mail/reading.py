"""Reads messages of any bytes, and never raises: what cannot be read is left out, and said."""

import quopri
import re
from binascii import a2b_base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import MessageError
from email.message import Message as Parsed
from email.parser import BytesParser
from email.policy import Compat32
from html import unescape
from typing import Final

from mockgov.mail.rules import Attachment

HEAD_LIMIT: Final = 256 * 1024
PARTS_LIMIT: Final = 2000
WORK_LIMIT: Final = 4_000_000
"""Bytes of headers, lines that may begin a part, and lines times boundaries that the parser compares, beyond which a
message is not taken apart, for it would keep everybody waiting (chosen here)."""
SUBJECT_LENGTH: Final = 500
UNNAMED: Final = "unnamed"

_UNREADABLE = (ArithmeticError, AttributeError, LookupError, MessageError, RuntimeError, TypeError, ValueError)
"""What the standard library's parser has been seen to raise at broken messages, and what is like it."""
_CHARSET = re.compile(
    r"utf-?(8|16|32)|(us-)?ascii|iso[-_]8859[-_]\d{1,2}|windows-\d{3,4}|cp\d{3,4}|latin-?\d{1,2}|koi8-[ru]|gb\d+|big5",
    re.IGNORECASE,
)
_WORD = re.compile(r"=\?([^?\s*]+)(?:\*[^?\s]*)?\?([BbQq])\?([^?]*)\?=")
"""An encoded word (RFC 2047), with the language that RFC 2231 lets it name."""
_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<(br|/p|/div|/tr|/h\d|/li)\b[^>]*>", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style|head)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_NO_TEXT = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What stands in a message."""

    subject: str = ""
    text: str = field(default="", repr=False)
    """The first plain text; else the first HTML without its tags."""
    attachments: tuple[Attachment, ...] = ()
    is_automatic: bool = False
    """Whether a machine has written it (RFC 3834)."""
    is_readable: bool = True
    """Whether it could be taken apart; the text of one that could not is the whole message."""


class _AsSent(Compat32):
    """Hands out headers with the letters that stand in them, whatever they were encoded in."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        """The header's text."""
        del name
        return _guessed(value.encode("utf-8", "surrogateescape"))


def read_message(raw: bytes) -> Content:
    """Takes a message apart, whatever its bytes are."""
    head = re.split(rb"\r?\n\r?\n", raw[: HEAD_LIMIT + 4], maxsplit=1)[0]
    work = raw.count(b"\n") * raw.lower().count(b"boundary")
    if len(head) > HEAD_LIMIT or raw.count(b"\n--") > PARTS_LIMIT or work > WORK_LIMIT:
        return _unread(raw)
    try:
        return _content(BytesParser(policy=_AsSent()).parsebytes(raw))
    except _UNREADABLE:
        return _unread(raw)


def _unread(raw: bytes) -> Content:
    return Content(text=_clean(_guessed(raw)), is_readable=False)


def _content(parsed: Parsed) -> Content:
    leaves = list(_leaves(parsed))
    texts = [leaf for leaf in leaves if not _is_file(leaf)]
    plain = next((leaf for leaf in texts if leaf.get_content_type() == "text/plain" or _is_broken(leaf)), None)
    html = next((leaf for leaf in texts if leaf.get_content_type() == "text/html"), None)
    body = html if plain is None else plain
    text = "" if body is None else _decoded(_bytes(body), body.get_content_charset())
    text = _untagged(text) if body is html else text
    others = [leaf for leaf in leaves if leaf is not body]
    automatic = parsed.get("Auto-Submitted", "no").partition(";")[0].strip().lower()
    precedence = parsed.get("Precedence", "").strip().lower()
    return Content(
        subject=_header(parsed.get("Subject", ""))[:SUBJECT_LENGTH],
        text=_clean(text),
        attachments=tuple(_attachment(leaf, nth) for nth, leaf in enumerate(others, start=1)),
        is_automatic=automatic not in {"no", ""} or precedence in {"bulk", "junk"},
    )


def _leaves(parsed: Parsed) -> Iterator[Parsed]:
    """The parts that contain no others; a message in the message is one part."""
    waiting: list[Parsed] = [parsed]
    while waiting:
        part = waiting.pop()
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting.extend(inner for inner in reversed(payload) if isinstance(inner, Parsed))
        else:
            yield part


def _is_broken(part: Parsed) -> bool:
    """Whether it should have parts and has none."""
    return part.get_content_maintype() == "multipart"


def _is_file(part: Parsed) -> bool:
    return part.get_content_disposition() == "attachment" or part.get_filename() is not None


def _attachment(part: Parsed, nth: int) -> Attachment:
    name = _header(part.get_filename() or "").replace("/", "_").replace("\\", "_").strip()
    return Attachment(
        name=name[:SUBJECT_LENGTH] or f"{UNNAMED}-{nth}",
        content_type=_CONTROL.sub("", part.get_content_type()),
        data=_bytes(part),
    )


def _bytes(part: Parsed) -> bytes:
    """A part's bytes as they were before they were encoded for the way."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return b"\r\n".join(_flat(inner) for inner in payload if isinstance(inner, Parsed))
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""


def _flat(part: Parsed) -> bytes:
    try:
        return part.as_bytes()
    except _UNREADABLE:
        return b""


def _decoded(data: bytes, charset: str | None) -> str:
    if charset is None or not _CHARSET.fullmatch(charset):
        return _guessed(data)
    try:
        return data.decode(charset, "replace")
    except (LookupError, ValueError):
        return _guessed(data)


def _guessed(data: bytes) -> str:
    """UTF-8 if it is, else what Turkish Windows writes."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1254", "replace")


def _header(text: str) -> str:
    """A header's text on one line, encoded words read; those that stand side by side may share a character."""
    parts: list[str] = []
    data, charset, end = b"", "", 0
    for word in _WORD.finditer(text):
        between = text[end : word.start()]
        if (between.strip() or not data) or word[1].lower() != charset:
            parts.append(_decoded(data, charset))
            parts.append(between if between.strip() or not data else "")
            data = b""
        data, charset, end = data + _word(word), word[1].lower(), word.end()
    parts += [_decoded(data, charset), text[end:]]
    return _CONTROL.sub(" ", "".join(parts)).strip()


def _word(word: re.Match[str]) -> bytes:
    try:
        data = word[3].encode("ascii")
        return a2b_base64(data + b"==") if word[2] in "Bb" else quopri.decodestring(data, header=True)
    except ValueError:
        return word[0].encode()


def _untagged(html: str) -> str:
    return unescape(_TAG.sub("", _BREAK.sub("\n", _UNSEEN.sub("", html)))).strip()


def _clean(text: str) -> str:
    return _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
