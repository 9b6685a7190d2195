"""Everything readable in a letter."""

import io
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from typing import Final

from mockgov.onboarding.reading import pdf_text
from mockgov.tripwire.structures import values
from mockgov.vocabulary.likeness import may_tell

DEEPEST: Final = 4
"""How deep letters within letters and archives within archives are looked into (chosen here)."""
WRITTEN_HEADS: Final = ("subject", "from", "to", "cc", "reply-to", "comments", "keywords")
"""Fields of a message's head that people write; in others digits stand beside one another by chance."""
MEMBER_LIMIT: Final = 8 << 20
"""Bytes of an archive's member that are looked through."""
_ENTITY: Final = (b"content-", b"mime-version:", b"from:", b"subject:")
"""How the letter within a signature that encloses it begins."""

Read = Iterator[tuple[str, bool]]
"""Something readable, and whether it is meant to be read by people."""


def texts(raw: bytes) -> Read:
    """Everything readable in a message, decoded."""
    yield from _message(raw, 0)


def _message(raw: bytes, depth: int) -> Read:
    try:
        message = message_from_bytes(raw, policy=compat32)
    except (ValueError, LookupError, RecursionError):
        yield raw.decode("utf-8", "replace"), True
        return
    yield from _parts(message, depth)


def _parts(message: Message, depth: int) -> Read:
    for name, value in message.items():
        yield f"{name}: {_header(value)}", name.lower() in WRITTEN_HEADS
    content = message.get_payload()
    if message.is_multipart():
        for part in content if isinstance(content, list) else ():
            if depth < DEEPEST and isinstance(part, Message):
                yield from _parts(part, depth + 1)
        return
    body = message.get_payload(decode=True)
    if isinstance(body, bytes):
        yield from _contents(body, depth, is_text=message.get_content_maintype() == "text")


def _contents(body: bytes, depth: int, *, is_text: bool) -> Read:
    """The texts in an attachment: in itself, in an archive's members, a PDF's pages, a signature's values."""
    if body[:4] == b"PK\x03\x04" and depth < DEEPEST:
        yield from _members(body, depth)
        return
    if not is_text and depth < DEEPEST and (single := values(body)) is not None:
        for value in single:
            if value[:16].lower().startswith(_ENTITY):
                yield from _message(value, depth + 1)
            elif may_tell(value):
                yield value.decode("utf-8", "replace"), False
        return
    if body[:5] == b"%PDF-":
        yield pdf_text(body), False
    if may_tell(body):
        yield body.decode("utf-8", "replace"), is_text


def _members(body: bytes, depth: int) -> Read:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for member in archive.infolist():
                if member.file_size <= MEMBER_LIMIT:
                    yield member.filename, True
                    yield from _contents(archive.read(member), depth + 1, is_text=False)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError, EOFError, LookupError):
        return


def _header(value: object) -> str:
    try:
        return str(make_header(decode_header(str(value))))
    except (HeaderParseError, LookupError, ValueError):
        return str(value)
