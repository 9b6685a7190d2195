"""Who plays which part in a world, as the script keeps it."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from mockgov.ministry import Ministry


class Props(msgspec.Struct, frozen=True, kw_only=True):
    """What a part has: numbers by which everything else is found."""

    people: tuple[int, ...] = ()
    """`citizen_id`s; whom the scenario is about first, then a parent."""
    codes: tuple[str, ...] = ()
    institution: int | None = None
    accounts: tuple[str, ...] = ()
    passwords: tuple[str, ...] = ()
    """Those of the casting, in the order of the accounts."""
    serial: str | None = None
    kep: str | None = None


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """A part that is played."""

    cast_at: datetime
    props: Props


def played(ministry: Ministry) -> Mapping[str, Played]:
    """The parts of a world, by scenario."""
    return {
        name: Played(cast_at=part.cast_at, props=msgspec.json.decode(part.props, type=Props))
        for name, part in ministry.script.parts().items()
    }
