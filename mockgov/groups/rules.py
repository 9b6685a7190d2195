"""What a group of codes is, and what is kept of asking about it. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from mockgov.refusal import Refused

NAME_LENGTH: Final = 100
DESCRIPTION_LENGTH: Final = 500
"""Characters (chosen here)."""
GROUPS_LIMIT: Final = 100
CODES_LIMIT: Final = 10_000
"""Groups of an institution, codes of a group (chosen here)."""


class UnknownGroup(Refused):
    """No group of the institutions that somebody manages."""

    key = "groupnotfound"


class BadGroup(Refused):
    """A name or description that cannot be kept."""

    key = "badgroup"


class GroupFull(Refused):
    """One group, or one code, too many."""

    key = "groupfull"


class UnknownMember(Refused):
    """A code that is not in the group."""

    key = "codenotingroup"


class Kind(StrEnum):
    """What a group's query found of a code."""

    RISKLESS = "riskless"
    RISKY = "risky"
    EXPIRED = "expired"
    NOT_FOUND = "not-found"


class Outcome(NamedTuple):
    """What was answered about one code of a group."""

    code: str
    kind: str
    """A `Kind`."""
    identity_number: str = ""
    """Masked; empty where the code told of nobody."""
    expires_us: int = 0
    """End of the code in microseconds since the epoch; 0 where there is none."""


class Added(NamedTuple):
    """What adding codes came to."""

    added: int
    there_already: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A named list of codes."""

    group_id: int
    institution_id: int
    name: str
    description: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A query of a whole group."""

    run_id: int
    group_id: int
    asked_by: int
    asked_at: datetime
    riskless: int
    risky: int
    expired: int
    not_found: int

    @property
    def invalid(self) -> int:
        """Codes that no longer tell of anybody."""
        return self.expired + self.not_found

    @property
    def asked(self) -> int:
        """All codes that were asked about."""
        return self.riskless + self.risky + self.invalid


def checked_name(text: str) -> str:
    """The name as it is kept. Raises `BadGroup`."""
    name = " ".join(text.split())
    if not 1 <= len(name) <= NAME_LENGTH or "\x00" in name:
        raise BadGroup(f"A group's name has 1 to {NAME_LENGTH} characters; change it.")
    return name


def checked_description(text: str) -> str:
    """The description as it is kept. Raises `BadGroup`."""
    description = text.strip()
    if len(description) > DESCRIPTION_LENGTH or "\x00" in description:
        raise BadGroup(f"A group's description has at most {DESCRIPTION_LENGTH} characters; shorten it.")
    return description


def counted(outcomes: Sequence[Outcome]) -> dict[Kind, int]:
    """How many codes came to what."""
    found = Counter(outcome.kind for outcome in outcomes)
    return {kind: found[kind] for kind in Kind}


def problems(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The rows that are shown: all but the riskless."""
    return [outcome for outcome in outcomes if outcome.kind != Kind.RISKLESS]
