"""HTTP Basic as RFC 7617 has it, and as clients of the real service send it."""

import binascii
from base64 import b64decode

CHARSETS = ("utf-8", "iso-8859-1", "iso-8859-9")
"""RFC 7617 section 2.1 prefers UTF-8; section 2 leaves the rest open. ISO-8859-9 is Turkish Latin, where İ is 0xDD."""


def read_basic(header: bytes) -> list[tuple[str, str]]:
    """Every (user name, password) that the header may mean, the likeliest first; empty for anything else."""
    scheme, _, token = header.strip().partition(b" ")
    if scheme.lower() != b"basic":
        return []
    try:
        raw = b64decode(token.strip(), validate=True)
    except (binascii.Error, ValueError):
        return []
    pairs: list[tuple[str, str]] = []
    for charset in CHARSETS:
        try:
            text = raw.decode(charset)
        except UnicodeDecodeError:
            continue
        name, colon, password = text.partition(":")
        if colon and not _has_control(text) and (name, password) not in pairs:
            pairs.append((name, password))
        if charset == "utf-8":
            break
    return pairs


def _has_control(text: str) -> bool:
    """RFC 7617 section 2: user id and password must not contain control characters."""
    return any(ord(letter) < 32 or ord(letter) == 127 for letter in text)
