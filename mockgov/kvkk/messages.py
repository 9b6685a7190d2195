"""Commands that the data controller takes, and the events that it tells."""

from dataclasses import dataclass
from typing import Final

from mockgov.kvkk.rules import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Lodge:
    """Apply to the data controller."""

    citizen_id: int
    """Whose data it is about."""
    lodged_by: int
    """The same, or a parent."""
    right: Right
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLodged:
    """Somebody has applied."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAnswered:
    """Somebody has been answered."""

    number: int
    reference: str
    lodged_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderErased:
    """What could go of somebody has gone."""

    citizen_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DataErased:
    """What had been kept long enough has gone."""

    what: str
    rows: int


EVENTS: Final = (RequestLodged, RequestAnswered, HolderErased, DataErased)
"""All events of the data controller."""
