"""How counters read what clients send, and write moments."""

from datetime import datetime

from mockgov.clock import from_us
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.hes_code import compact
from mockgov.vocabulary.qr import read_scanned


def read_code(text: str, *, lenient: bool) -> str | None:
    """Ten clean characters, or None. Lenient reading takes the raw text of a QR too."""
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
    """A refused text as it may be repeated: an identity number sent by mistake is masked."""
    bare = text.strip()
    return f"********{bare[-3:]}" if len(bare) == 11 and bare.isdigit() else text


def wire_moment(moment: datetime) -> str:
    """A moment in UTC as the wire has it: `2021-08-09T11:51:30.597Z`."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def wire_us(microseconds: int) -> str:
    """The same, from microseconds since the epoch."""
    return wire_moment(from_us(microseconds))
