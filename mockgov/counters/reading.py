"""How counters read what clients send, and write moments."""

import re
from datetime import UTC, datetime

from mockgov.clock import from_us
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.hes_code import compact
from mockgov.vocabulary.likeness import hidden, likenesses
from mockgov.vocabulary.qr import read_scanned

_SEPARATORS = re.compile(r"[\s.-]")


def read_code(text: str, *, lenient: bool) -> str | None:
    """Ten clean characters, or None. Lenient reading takes the raw text of a QR too, and whatever a scanner types."""
    try:
        return compact(text)
    except InvalidWord:
        if not lenient:
            return None
    try:
        return read_scanned(text).text
    except InvalidWord:
        return None


def shown(text: str) -> str:
    """A refused text as it may be repeated: what may be somebody's number, sent by mistake, is masked."""
    digits = _SEPARATORS.sub("", text)
    if len(digits) == 11 and digits.isdigit():
        return f"********{digits[-3:]}"
    return hidden(text, likenesses(text))


def wire_moment(moment: datetime) -> str:
    """A moment in UTC as the wire has it: `2021-08-09T11:51:30.597Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def wire_us(microseconds: int) -> str:
    """The same, from microseconds since the epoch."""
    return wire_moment(from_us(microseconds))
