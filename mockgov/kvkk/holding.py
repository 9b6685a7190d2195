"""What the inventory says of one table: whose data it has, what for, and on which ground. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Ground(StrEnum):
    """On which ground of law 6698 something is processed, as the law stood until 2024."""

    LAW = "5/2-a"
    """The laws say so expressly."""
    CONTRACT = "5/2-c"
    """A contract with the person needs it."""
    DUTY = "5/2-ç"
    """The controller's legal duty needs it."""
    CLAIM = "5/2-e"
    """A right has to be proved or defended."""
    HEALTH = "6/3"
    """Public health, by those who are bound to secrecy."""


class Whose(StrEnum):
    """Whose data it is."""

    HOLDER = "holder"
    """A citizen with codes."""
    ASKER = "asker"
    """A citizen, or an institution, who asks."""
    OFFICER = "authorised-person"
    """Who speaks for an institution, signs or writes for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One table of the database."""

    table: str
    data_tr: str
    data_en: str
    whose: tuple[Whose, ...] = (Whose.HOLDER,)
    purpose_tr: str
    purpose_en: str
    ground: Ground
    setting: str | None = None
    """The setting that says for how many days it is kept …"""
    kept: str = ""
    """… or, where none does, until when."""

    @property
    def is_erased(self) -> bool:
        """Whether the clock erases it."""
        return self.setting is not None
