"""Whether bytes are DER: the one encoding of a value, so that no byte can change without changing what is said.

X.690 section 10 and 11: definite lengths in the fewest bytes, whole numbers and identifiers in the fewest bytes,
booleans 00 or FF, no unused bits that are set, sets in order.
"""

from itertools import pairwise
from typing import Final

DEEPEST: Final = 40
BOOLEAN, INTEGER, BIT_STRING, NULL, OBJECT, SEQUENCE, SET = 1, 2, 3, 5, 6, 0x30, 0x31
CONSTRUCTED: Final = 0x20
UNIVERSAL_STRINGS: Final = frozenset({0x24, 0x23, 0x2C, 0x33, 0x34, 0x36, 0x3E, 0x38, 0x37})
"""Strings in pieces, which only BER allows."""


def is_der(data: bytes) -> bool:
    """Whether the bytes are one value in DER and nothing else."""
    return _value(data, 0, len(data), DEEPEST) == len(data)


def _value(data: bytes, at: int, end: int, deep: int) -> int:
    """Where the value that begins at `at` ends; -1 if it is none in DER."""
    head = _head(data, at, end)
    if head is None or deep == 0:
        return -1
    start, stop = head
    tag = data[at]
    if tag & CONSTRUCTED:
        return stop if tag not in UNIVERSAL_STRINGS and _inside(data, start, stop, deep, in_set=tag == SET) else -1
    return stop if _primitive(tag, data[start:stop]) else -1


def _inside(data: bytes, start: int, stop: int, deep: int, *, in_set: bool) -> bool:
    before = b""
    while start < stop:
        after = _value(data, start, stop, deep - 1)
        if after < 0:
            return False
        if in_set:
            if data[start:after] <= before:
                return False
            before = data[start:after]
        start = after
    return True


def _head(data: bytes, at: int, end: int) -> tuple[int, int] | None:
    """Where the contents begin and end; high tag numbers, which nothing here uses, are none."""
    if end - at < 2 or data[at] & 0x1F == 0x1F or data[at] == 0:
        return None
    length, start = data[at + 1], at + 2
    if length >= 0x80:
        size = length & 0x7F
        start += size
        if not 1 <= size <= 4 or start > end or data[at + 2] == 0:
            return None
        length = int.from_bytes(data[at + 2 : start], "big")
        if length < 0x80:
            return None
    return (start, start + length) if start + length <= end else None


def _primitive(tag: int, contents: bytes) -> bool:
    if tag == BOOLEAN:
        return contents in {b"\0", b"\xff"}
    if tag == INTEGER:
        two = contents[:2]
        return bool(contents) and not (len(two) == 2 and (two[0], two[1] >> 7) in {(0, 0), (0xFF, 1)})
    if tag == BIT_STRING:
        return _bits(contents)
    if tag == NULL:
        return not contents
    if tag == OBJECT:
        return bool(contents) and contents[-1] < 0x80 and not _padded(contents)
    return tag not in {SEQUENCE & ~CONSTRUCTED, SET & ~CONSTRUCTED}


def _bits(contents: bytes) -> bool:
    if not contents or contents[0] > 7 or (len(contents) == 1 and contents[0]):
        return False
    return not contents[-1] & (1 << contents[0]) - 1


def _padded(contents: bytes) -> bool:
    """Whether an arc of the identifier begins with a needless byte."""
    return contents[0] == 0x80 or any(byte == 0x80 and before < 0x80 for before, byte in pairwise(contents))
