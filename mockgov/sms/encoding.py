"""Texts in segments: the encoding that a text needs, its user data headers, its parts. Pure.

A segment has 140 octets of user data (3GPP TS 23.040, clause 9.2.3.24): 160 septets, or 70 UCS-2 units. A user data
header takes its octets from them, and septets begin at the next septet boundary behind it, so that `(140 - header)
* 8 // 7` septets are left. The header's elements are the concatenation (0x00 with an 8-bit reference, 0x08 with a
16-bit one) and the national tables (0x24 single shift, 0x25 locking shift).
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mockgov.sms.alphabet import DEFAULT, DEFAULT_EXTENSION, TURKISH_LOCKING, TURKISH_SINGLE, Alphabet

OCTETS: Final = 140
"""User data of one segment."""
MOST_PARTS: Final = 255
"""What one octet can count."""

CONCATENATED, CONCATENATED_LONG, SINGLE_SHIFT, LOCKING_SHIFT = 0x00, 0x08, 0x24, 0x25
TURKISH: Final = 1
"""National language identifier (3GPP TS 23.038, clause 6.2.1.2.4)."""


class EncodingError(ValueError):
    """What no segment can carry, or none can mean; the message says why."""


class Encoding(StrEnum):
    """How a text is written, the simplest first."""

    GSM7 = "gsm-7"
    GSM7_SINGLE = "gsm-7-tr-single"
    GSM7_LOCKING = "gsm-7-tr-locking"
    GSM7_BOTH = "gsm-7-tr-both"
    UCS2 = "ucs-2"

    @property
    def alphabet(self) -> Alphabet | None:
        """The 7-bit alphabet; None for UCS-2."""
        return _ALPHABETS.get(self)

    @property
    def elements(self) -> bytes:
        """The header elements that name the national tables."""
        return _SHIFTS[self]


_ALPHABETS: Final = {
    Encoding.GSM7: Alphabet(DEFAULT, DEFAULT_EXTENSION),
    Encoding.GSM7_SINGLE: Alphabet(DEFAULT, TURKISH_SINGLE),
    Encoding.GSM7_LOCKING: Alphabet(TURKISH_LOCKING, DEFAULT_EXTENSION),
    Encoding.GSM7_BOTH: Alphabet(TURKISH_LOCKING, TURKISH_SINGLE),
}
_SINGLE, _LOCKING = bytes((SINGLE_SHIFT, 1, TURKISH)), bytes((LOCKING_SHIFT, 1, TURKISH))
_SHIFTS: Final = {
    Encoding.GSM7: b"",
    Encoding.GSM7_SINGLE: _SINGLE,
    Encoding.GSM7_LOCKING: _LOCKING,
    Encoding.GSM7_BOTH: _SINGLE + _LOCKING,
    Encoding.UCS2: b"",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a segment stands in its text."""

    reference: int
    total: int
    nth: int
    """From 1 on."""

    def __post_init__(self) -> None:
        if not 1 <= self.nth <= self.total <= MOST_PARTS:
            raise EncodingError(f"A segment is number 1 to {MOST_PARTS} of its text, and not behind the last.")

    @property
    def element(self) -> bytes:
        """The header element that says so, with an 8-bit reference."""
        return bytes((CONCATENATED, 3, self.reference & 0xFF, self.total, self.nth))


@dataclass(frozen=True, slots=True)
class Segment:
    """What one short message carries."""

    encoding: Encoding
    udh: bytes
    """The user data header with its length octet; empty for none."""
    payload: bytes
    """Unpacked septets, one an octet, or UTF-16 big-endian."""

    @property
    def place(self) -> Place | None:
        """Its place in a longer text; None if it is a text by itself."""
        return read_header(self.udh)[0]

    @property
    def text(self) -> str:
        """What it says by itself."""
        return join([self])

    @property
    def octets(self) -> int:
        """Octets of user data on the air: header, fill bits and packed septets, or header and UCS-2."""
        if self.encoding is Encoding.UCS2:
            return len(self.udh) + len(self.payload)
        header = -(-len(self.udh) * 8 // 7)
        return -(-(header + len(self.payload)) * 7 // 8) if self.payload else len(self.udh)

    @property
    def fits(self) -> bool:
        """Whether the air takes it."""
        return len(self.payload) <= room(self.encoding, len(self.udh))


def room(encoding: Encoding, header: int) -> int:
    """Septets (UCS-2: octets) that a segment has beside a header of so many octets."""
    left = max(0, OCTETS - header)
    return left // 2 * 2 if encoding is Encoding.UCS2 else left * 8 // 7


def header(elements: bytes) -> bytes:
    """A user data header of these elements; nothing for none."""
    return bytes((len(elements),)) + elements if elements else b""


def read_header(udh: bytes) -> tuple[Place | None, Encoding]:
    """A segment's place, and the 7-bit encoding that its header names. Raises `EncodingError`."""
    place: Place | None = None
    languages = {SINGLE_SHIFT: 0, LOCKING_SHIFT: 0}
    for element, value in _elements(udh):
        if element == CONCATENATED and len(value) == 3:
            place = Place(value[0], value[1], value[2])
        elif element == CONCATENATED_LONG and len(value) == 4:
            place = Place(int.from_bytes(value[:2], "big"), value[2], value[3])
        elif element in languages and len(value) == 1:
            languages[element] = value[0]
        elif element in (CONCATENATED, CONCATENATED_LONG, *languages):
            raise EncodingError("An element of the user data header has the wrong length.")
    try:
        return place, _NAMED[languages[SINGLE_SHIFT], languages[LOCKING_SHIFT]]
    except KeyError:
        raise EncodingError("Of the national tables only the Turkish ones are known here.") from None


_NAMED: Final = {
    (0, 0): Encoding.GSM7,
    (TURKISH, 0): Encoding.GSM7_SINGLE,
    (0, TURKISH): Encoding.GSM7_LOCKING,
    (TURKISH, TURKISH): Encoding.GSM7_BOTH,
}


def parts(text: str, encoding: Encoding | None = None, *, reference: int = 0) -> Sequence[Segment]:
    """The segments of a text, in the cheapest encoding if none is given.

    The cheapest has the fewest parts, then the fewest octets, then is the simplest. Raises `EncodingError` for a text
    that the encoding cannot say, and for one of more than 255 parts.
    """
    if encoding is not None:
        return _parts(text, encoding, reference)
    if "€" not in text and _ALPHABETS[Encoding.GSM7].has(text):
        return _parts(text, Encoding.GSM7, reference)  # only the euro sign may be cheaper elsewhere
    found: list[Sequence[Segment]] = []
    for one in Encoding:
        if one.alphabet is None or one.alphabet.has(text):
            with suppress(EncodingError):
                found.append(_parts(text, one, reference))
    if not found:
        raise EncodingError(f"A text has whole Unicode characters and at most {MOST_PARTS} parts. Shorten it.")
    return min(found, key=lambda segments: (len(segments), sum(segment.octets for segment in segments)))


def one_part(text: str, place: Place) -> Segment:
    """The segment of a text that its sender has cut already. Raises `EncodingError` if it is too long for one."""
    for encoding in Encoding:
        if encoding.alphabet is None or encoding.alphabet.has(text):
            payload = b"".join(_units(text, encoding))
            segment = Segment(encoding, header(place.element + encoding.elements), payload)
            if segment.fits:
                return segment
    raise EncodingError("The segment is longer than the air takes.")


def join(segments: Sequence[Segment]) -> str:
    """The text of segments in the order of their places; a half of something stands as U+FFFD."""
    texts: list[str] = []
    payload = b""
    for nth, segment in enumerate(segments):
        payload += segment.payload
        if nth + 1 == len(segments) or segments[nth + 1].encoding is not segment.encoding:
            texts.append(_said(payload, segment.encoding))
            payload = b""
    return "".join(texts)


def _parts(text: str, encoding: Encoding, reference: int) -> Sequence[Segment]:
    units = _units(text, encoding)
    alone = header(encoding.elements)
    if sum(map(len, units)) <= room(encoding, len(alone)):
        return (Segment(encoding, alone, b"".join(units)),)
    payloads = list(_cut(units, room(encoding, len(alone or b"\0") + len(Place(0, 1, 1).element))))
    if len(payloads) > MOST_PARTS:
        raise EncodingError(f"A text has at most {MOST_PARTS} parts; this one would have {len(payloads)}. Shorten it.")
    return tuple(
        Segment(encoding, header(Place(reference, len(payloads), nth).element + encoding.elements), payload)
        for nth, payload in enumerate(payloads, start=1)
    )


def _cut(units: Sequence[bytes], most: int) -> Iterator[bytes]:
    """As few pieces as possible, none longer than `most`, no unit divided."""
    piece = bytearray()
    for unit in units:
        if len(piece) + len(unit) > most:
            yield bytes(piece)
            piece.clear()
        piece += unit
    yield bytes(piece)


def _units(text: str, encoding: Encoding) -> Sequence[bytes]:
    """What must not be divided: one or two septets, or one or two UCS-2 units, for each letter."""
    try:
        if encoding.alphabet is None:
            return [letter.encode("utf-16-be") for letter in text]
        return encoding.alphabet.septets(text)
    except (KeyError, UnicodeEncodeError):
        raise EncodingError(f"{encoding} cannot say this text.") from None


def _said(payload: bytes, encoding: Encoding) -> str:
    alphabet = encoding.alphabet
    return payload.decode("utf-16-be", "replace") if alphabet is None else alphabet.read(payload)


def _elements(udh: bytes) -> Iterator[tuple[int, bytes]]:
    if udh and len(udh) != udh[0] + 1:
        raise EncodingError("The user data header is not as long as it says.")
    at = 1
    while at < len(udh):
        if at + 2 > len(udh) or at + 2 + udh[at + 1] > len(udh):
            raise EncodingError("An element of the user data header is cut off.")
        yield udh[at], udh[at + 2 : at + 2 + udh[at + 1]]
        at += 2 + udh[at + 1]
