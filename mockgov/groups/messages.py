"""Commands that the group desk takes, and the events that it tells."""

from collections.abc import Sequence
from dataclasses import dataclass

from mockgov.groups.rules import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeGroup:
    """Make an empty group for an institution."""

    institution_id: int
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRun:
    """Keep what a query of a whole group has brought."""

    group_id: int
    asked_by: int
    """`citizen_id` of the manager."""
    outcomes: Sequence[Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMade:
    """A group exists."""

    group_id: int
    institution_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDropped:
    """A group is gone, with its codes and runs."""

    group_id: int
    institution_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupQueried:
    """A whole group was asked about."""

    group_id: int
    run_id: int
