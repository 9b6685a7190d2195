"""What a line and a part are. Pure."""

from dataclasses import dataclass
from datetime import datetime

from mockgov.refusal import Refused


class UnknownDeed(Refused):
    """No deed has that name."""

    key = "unknowndeed"


class LineInThePast(Refused):
    """A line that should have happened already."""

    key = "lineinthepast"


class PartTaken(Refused):
    """Somebody plays this part already."""

    key = "parttaken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something that is to happen."""

    number: int
    due_at: datetime
    deed: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A scenario, and who plays it."""

    scenario: str
    cast_at: datetime
    props: str


def check_moment(due_at: datetime, now: datetime) -> None:
    """Raises `LineInThePast`."""
    if due_at < now:
        msg = f"{due_at.isoformat()} is past; it is {now.isoformat()}. Let it happen at once, or choose a later moment."
        raise LineInThePast(msg)
