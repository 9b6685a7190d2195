"""In which language a page speaks: Turkish, or English with `?lang=en`."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from mockgov.clock import TURKEY

_TURKISH: Final = ("Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran")
_ENGLISH: Final = ("January", "February", "March", "April", "May", "June")
MONTHS: Final = {
    "tr": (*_TURKISH, "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık"),
    "en": (*_ENGLISH, "July", "August", "September", "October", "November", "December"),
}


class Language(StrEnum):
    """A language that pages speak."""

    TURKISH = "tr"
    ENGLISH = "en"

    def say(self, turkish: str, english: str) -> str:
        """The one of two wordings that is in this language."""
        return turkish if self is Language.TURKISH else english

    def day(self, moment: datetime | date) -> str:
        """A Turkish calendar day: `4 Ekim 2021`."""
        day = moment.astimezone(TURKEY).date() if isinstance(moment, datetime) else moment
        return f"{day.day} {MONTHS[self][day.month - 1]} {day.year}"

    def moment(self, moment: datetime) -> str:
        """A moment by Turkish clocks: `4 Ekim 2021, 08:00`."""
        return f"{self.day(moment)}, {moment.astimezone(TURKEY):%H:%M}"

    def number(self, value: int) -> str:
        """A whole number with the language's sign between thousands: `1.250`."""
        return f"{value:,}".replace(",", "." if self is Language.TURKISH else ",")


def language_of(query: Mapping[str, str]) -> Language:
    """The language that a query string asks for; Turkish if it asks for none that there is."""
    return Language.ENGLISH if query.get("lang") == Language.ENGLISH else Language.TURKISH
