"""The single values of an ASN.1 structure (DER or BER): what stands in signatures, certificates, time-stamps.

Read as one row of bytes, the end of one value and the tag of the next would make a number that is in neither: the tags
of a sequence and a set are the digits 0 and 1.
"""

from typing import Final, NamedTuple

DEEPEST: Final = 64
"""Structures within one another; a signature with certificates, time-stamp and answers has about twenty."""
SEQUENCE: Final = 0x30
"""The first byte of every such structure."""
_END, _BIT_STRING, _OCTET_STRING = 0, 3, 4
_WIDE: Final = {28: "utf-32-be", 30: "utf-16-be"}
"""Kinds of string with more bytes a character."""


class Value(NamedTuple):
    """One value's tag, and where its content stands."""

    tag: int
    """Its number among ASN.1's own ones; -1 if its meaning depends on where it stands."""
    is_constructed: bool
    begin: int
    stop: int
    """Where the content ends; -1 if that is marked by two zeros instead of told (BER)."""


def values(raw: bytes) -> list[bytes] | None:
    """The values in it, strings as UTF-8, in their order; None if this is no such structure as a whole."""
    return _values(raw, 0)


def _values(raw: bytes, depth: int) -> list[bytes] | None:
    if not raw or raw[0] != SEQUENCE:
        return None
    found: list[bytes] = []
    try:
        _walk(raw, 0, len(raw), depth, found)
    except (IndexError, ValueError):
        return None
    return found


def _walk(raw: bytes, at: int, stop: int, depth: int, found: list[bytes]) -> int:
    """Put the values from `at` to `stop` to those found, or, if that is -1, up to the end mark; where they end."""
    if depth > DEEPEST:
        raise ValueError("deeper than any signature is")
    while at != stop:
        value = _value(raw, at, stop if stop >= 0 else len(raw))
        if stop < 0 and value.tag == _END:
            return value.stop
        if not value.is_constructed:
            _take(raw[value.begin : value.stop], value.tag, depth, found)
            at = value.stop
        elif value.tag == _OCTET_STRING:
            pieces: list[bytes] = []
            at = _walk(raw, value.begin, value.stop, depth + 1, pieces)
            _enclosed(b"".join(pieces), depth, found)
        else:
            at = _walk(raw, value.begin, value.stop, depth + 1, found)
    return at


def _value(raw: bytes, at: int, limit: int) -> Value:
    """What begins there (X.690, 8.1).

    Raises `IndexError` or `ValueError` if nothing does that ends within the limit.
    """
    first = raw[at]
    at += 1
    if first & 0x1F == 0x1F:
        while raw[at] & 0x80:
            at += 1
        at += 1
    length = raw[at]
    at += 1
    tag = first & 0x1F if first < 0x40 else -1
    is_constructed = bool(first & 0x20)
    if length == 0x80 and is_constructed:
        return Value(tag, is_constructed, at, -1)
    if length & 0x80:
        size = length & 0x7F
        length = int.from_bytes(raw[at : at + size], "big")
        at += size
    if at + length > limit:
        raise ValueError("ends behind what encloses it")
    return Value(tag, is_constructed, at, at + length)


def _take(content: bytes, tag: int, depth: int, found: list[bytes]) -> None:
    if tag == _OCTET_STRING:
        _enclosed(content, depth, found)
    elif tag == _BIT_STRING:
        _enclosed(content[1:], depth, found)
    else:
        found.append(content.decode(_WIDE[tag], "replace").encode() if tag in _WIDE else content)


def _enclosed(content: bytes, depth: int, found: list[bytes]) -> None:
    """What a string of bytes holds: a structure of its own, or itself."""
    inner = _values(content, depth + 1)
    found.extend([content] if inner is None else inner)
