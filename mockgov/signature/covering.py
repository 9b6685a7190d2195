"""The signature of a PDF that covers the whole file but itself (ISO 32000-2, 12.8.1), found without a PDF library.

A file has as many signatures as it had revisions signed; the one that counts is the one after which nothing was
appended. What a reader could take for something else is refused: more than one file's end, digits of two cases.
"""

import re
from dataclasses import dataclass
from typing import Final

from mockgov.signature.reading import Flawed
from mockgov.vocabulary.signed import Flaw

BYTE_RANGE: Final = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
SUB_FILTER: Final = re.compile(rb"/SubFilter\s*/ETSI\.CAdES\.detached\b")
ONE_CASE: Final = re.compile(rb"[0-9a-f]+|[0-9A-F]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Covering:
    """A signature and what it covers."""

    signature: bytes
    covered: bytes


def covering(pdf: bytes) -> Covering:
    """The signature that covers the whole file. Raises `Flawed`."""
    if not pdf[:1024].lstrip().startswith(b"%PDF-"):
        raise Flawed(Flaw.UNREADABLE, "This is no PDF.")
    ranges = [tuple(int(number) for number in found) for found in BYTE_RANGE.findall(pdf)]
    if not ranges:
        raise Flawed(Flaw.MISSING, "The PDF is not signed.")
    whole = [one for one in ranges if _covers(one, len(pdf))]
    if len(whole) != 1:
        raise Flawed(Flaw.TAMPERED, "No signature covers the whole file; something was changed or appended.")
    _, start, end, _ = whole[0]
    covered = pdf[:start] + pdf[end:]
    if pdf[start : start + 1] != b"<" or pdf[end - 1 : end] != b">" or not SUB_FILTER.search(covered):
        raise Flawed(Flaw.UNREADABLE, "The signature of the PDF is none of PAdES (ETSI.CAdES.detached).")
    return Covering(signature=_unpadded(pdf[start + 1 : end - 1]), covered=covered)


def _covers(numbers: tuple[int, ...], size: int) -> bool:
    first, start, end, rest = numbers
    return first == 0 and 0 < start < end - 1 < end + rest == size


def _unpadded(digits: bytes) -> bytes:
    """The CMS, of which the first bytes say how long it is; behind it are zeros only."""
    if len(digits) % 2 or not ONE_CASE.fullmatch(digits):
        raise Flawed(Flaw.UNREADABLE, "The signature in the PDF is not written in hexadecimal digits of one case.")
    padded = bytes.fromhex(digits.decode())
    long = padded[1] & 0x7F if len(padded) > 5 and padded[1] & 0x80 else 0
    size = 2 + long + int.from_bytes(padded[2 : 2 + long], "big")
    if not 1 <= long <= 4 or size > len(padded) or padded[size:].strip(b"\0"):
        raise Flawed(Flaw.UNREADABLE, "The signature in the PDF is no CMS with zeros behind it.")
    return padded[:size]
