"""What a new world is filled with, by name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from mockgov.lab.seeding import seed_town
from mockgov.ministry import Ministry
from mockgov.worlds.refusals import WorldRefused

Preset = Callable[[Ministry, int], None]
"""Fills an empty world with so many people, all or nothing."""

EMPTY, TOWN = "empty", "town"
TOWNSPEOPLE: Final = 1000
"""The people of a town if nothing is said."""


def _town(ministry: Ministry, people: int) -> None:
    seed_town(ministry, people or TOWNSPEOPLE)


def _nobody(_: Ministry, people: int) -> None:
    if people:
        raise WorldRefused("An empty world has no people; leave them out, or choose another preset.")


PRESETS: Final[Mapping[str, Preset]] = MappingProxyType({EMPTY: _nobody, TOWN: _town})


def preset_of(name: str | None, people: int) -> Preset:
    """The preset of a name; without one a town if there are to be people. Raises `WorldRefused`."""
    chosen = name or (TOWN if people else EMPTY)
    if chosen not in PRESETS:
        raise WorldRefused(f"There is no such preset; choose among {', '.join(sorted(PRESETS))}.")
    return PRESETS[chosen]
