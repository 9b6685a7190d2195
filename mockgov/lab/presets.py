"""Named worlds: what is put into a new one, and what its settings are.

Whoever makes a world hands the settings on before it is made (`PRESETS[name].settings`), and `apply` afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from mockgov.lab.seeding import seed_town
from mockgov.magic.casting import cast
from mockgov.ministry import Ministry
from mockgov.refusal import Refused

PEOPLE: Final = 1_000
"""Of a preset's town, if nobody says otherwise."""


class UnknownPreset(Refused):
    """No preset has that name."""

    key = "unknownpreset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A named world."""

    tr: str
    en: str
    people: int = 0
    """Of its ready town."""
    magic: bool = False
    """Whether every magic person and institution is in it that the rules of its day allow."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Settings that it is made with, unless others are asked for."""


def _era(day: str, tr: str, en: str) -> Preset:
    """A town with magic people that begins at 08:00 on a Turkish day."""
    settings = MappingProxyType({"start": f"{day}T08:00:00+03:00"})
    return Preset(tr=tr, en=en, people=PEOPLE, magic=True, settings=settings)


PRESETS: Final[Mapping[str, Preset]] = MappingProxyType(
    {
        "empty": Preset(tr="Kimsenin olmadığı dünya", en="A world in which nobody is"),
        "town": Preset(tr="Hazır kasaba", en="The ready town", people=PEOPLE),
        "magic": Preset(
            tr="Yalnızca sihirli kişi ve kurumlar", en="Magic people and institutions, and nobody else", magic=True
        ),
        "spring-2020": _era("2020-04-06", "2020 baharı: ilk kurallar, 14 gün", "Spring 2020: the first rules, 14 days"),
        "winter-2020": _era("2020-12-14", "2020 kışı: temaslıya 10 gün", "Winter 2020: ten days for contacts"),
        "autumn": _era(
            "2021-10-04", "2021 sonbaharı: aşılı temaslı muaf", "Autumn 2021: vaccinated contacts are exempt"
        ),
        "january-2022": _era("2022-01-10", "2022 ocağı: yedi gün", "January 2022: seven days"),
        "spring-2022": _era(
            "2022-03-14", "2022 baharı: hiçbir kurum sormaz", "Spring 2022: no institution may ask any more"
        ),
    }
)
"""All presets; `town` and `empty` are today's two ways to make a world."""


def preset(name: str) -> Preset:
    """The preset of that name. Raises `UnknownPreset` with the nearest one."""
    if name not in PRESETS:
        near = get_close_matches(name, PRESETS, n=1, cutoff=0.5)
        meant = f" Did you mean {near[0]}?" if near else ""
        raise UnknownPreset(f"There is no preset of this name.{meant} Choose one of {', '.join(PRESETS)}.")
    return PRESETS[name]


def preset_for(name: str | None, people: int) -> tuple[str, Preset]:
    """The preset that is asked for; without a name a town if there are to be people. Raises `UnknownPreset`."""
    chosen = name or ("town" if people else "empty")
    if chosen == "empty" and people:
        raise UnknownPreset("An empty world has no people; leave them out, or choose another preset.")
    return chosen, preset(chosen)


def apply(ministry: Ministry, name: str, *, people: int | None = None) -> None:
    """Fill an empty world as a preset says, all or nothing; `people` where the town is to have another size.

    Raises `UnknownPreset`.
    """
    chosen = preset(name)
    with ministry.world.database.transaction():
        if people or (people is None and chosen.people):
            seed_town(ministry, people or chosen.people)
        if chosen.magic:
            cast(ministry)
