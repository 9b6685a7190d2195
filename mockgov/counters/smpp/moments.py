"""Moments and spans as SMPP 3.4 writes them (7.1.1), and the dates of receipts (appendix B)."""

import re
from datetime import UTC, datetime, timedelta, timezone

from mockgov.clock import TURKEY

_WRITTEN = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9])([0-9]{2})([+R-])")
CENTURY = 2000
"""To which the two digits of a year belong (chosen here)."""


def read_moment(written: str) -> datetime | timedelta | None:
    """`YYMMDDhhmmsstnnp`: a moment, a span from now (p is R), or None where nothing stands. Raises ValueError.

    A span's years have 365 days and its months 30 (chosen here).
    """
    if not written:
        return None
    match = _WRITTEN.fullmatch(written)
    if match is None:
        raise ValueError("not YYMMDDhhmmsstnnp")
    year, month, day, hour, minute, second, tenth, quarters = map(int, match.groups()[:8])
    if match[9] == "R":
        return timedelta(days=365 * year + 30 * month + day, hours=hour, minutes=minute, seconds=second)
    if quarters > 48:
        raise ValueError("a zone is at most twelve hours off")
    ahead = timedelta(minutes=15 * quarters) * (1 if match[9] == "+" else -1)
    return datetime(CENTURY + year, month, day, hour, minute, second, tenth * 100_000, timezone(ahead)).astimezone(UTC)


def write_moment(moment: datetime | None) -> str:
    """The same of a moment, in UTC; nothing for None."""
    if moment is None:
        return ""
    utc = moment.astimezone(UTC)
    return f"{utc:%y%m%d%H%M%S}{utc.microsecond // 100_000}00+"


def receipt_date(moment: datetime) -> str:
    """`YYMMDDhhmm` in Turkey's time, the gateway's own."""
    return f"{moment.astimezone(TURKEY):%y%m%d%H%M}"
