"""Values written in DER (X.690), as far as signatures need them."""

from datetime import UTC, datetime
from typing import Final

NULL: Final = b"\x05\x00"


def value(tag: int, contents: bytes) -> bytes:
    """A value of a tag below 31, with its length in the fewest bytes."""
    length = len(contents)
    if length < 0x80:
        return bytes((tag, length)) + contents
    size = (length.bit_length() + 7) // 8
    return bytes((tag, 0x80 | size)) + length.to_bytes(size, "big") + contents


def sequence(*parts: bytes) -> bytes:
    """SEQUENCE."""
    return value(0x30, b"".join(parts))


def set_of(*parts: bytes) -> bytes:
    """SET OF: in order of the encodings."""
    return value(0x31, b"".join(sorted(parts)))


def tagged(number: int, contents: bytes) -> bytes:
    """A constructed context-specific tag: explicit around a value, implicit around its contents."""
    return value(0xA0 | number, contents)


def octets(contents: bytes) -> bytes:
    """OCTET STRING."""
    return value(0x04, contents)


def integer(number: int) -> bytes:
    """INTEGER, not negative."""
    return value(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    """OBJECT IDENTIFIER."""
    first, second, *others = (int(arc) for arc in dotted.split("."))
    return value(0x06, b"".join(map(_arc, (first * 40 + second, *others))))


def moment(at: datetime) -> bytes:
    """Time of X.509 and CMS in whole seconds: UTCTime before 2050, GeneralizedTime from then on (RFC 5280)."""
    utc = at.astimezone(UTC)
    if utc.year < 2050:
        return value(0x17, utc.strftime("%y%m%d%H%M%SZ").encode())
    return value(0x18, utc.strftime("%Y%m%d%H%M%SZ").encode())


def precise(at: datetime) -> bytes:
    """GeneralizedTime with the microseconds, without trailing zeros."""
    text = at.astimezone(UTC).strftime("%Y%m%d%H%M%S.%f").rstrip("0").rstrip(".")
    return value(0x18, f"{text}Z".encode())


def contents_of(encoded: bytes) -> bytes:
    """What is inside one value, which must be in DER."""
    return encoded[_head(encoded, 0) :]


def parts_of(encoded: bytes, tag: int = 0x30) -> list[bytes]:
    """The values inside a constructed one, which must be in DER. Raises ValueError for another tag."""
    if encoded[:1] != bytes([tag]):
        raise ValueError(f"not the tag {tag:#x}")
    found, at = [], _head(encoded, 0)
    while at < len(encoded):
        start = _head(encoded, at)
        length = encoded[at + 1] if start - at == 2 else int.from_bytes(encoded[at + 2 : start], "big")
        found.append(encoded[at : start + length])
        at = start + length
    return found


def _head(encoded: bytes, at: int) -> int:
    """Where the contents of the value at `at` begin."""
    return at + 2 + (encoded[at + 1] & 0x7F if encoded[at + 1] & 0x80 else 0)


def _arc(number: int) -> bytes:
    digits = [number & 0x7F]
    while number := number >> 7:
        digits.append(0x80 | number & 0x7F)
    return bytes(reversed(digits))
