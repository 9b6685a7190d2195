"""How a text is read: words, their Turkish letters, and the three syntaxes of facts, section 5. Pure.

    HES <identity number> <last 4 of the card's serial, or birth year> [<days>]
    HES <nationality> <passport's number> <birth year> <surname> [<days>]

Days are a number or `süresiz`. Words are compared without case and without the marks that a phone may lack: i, ı, İ and
I are one letter here, and so are ü and u.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import category, normalize

from mockgov.short_number.rules import YEAR_DAYS, Mistake

KEYWORD: Final = "HES"
INDEFINITE: Final = "SURESIZ"
MOST_DIGITS: Final = 9
"""Digits of days that are worth counting; more are too many days in any case."""
TELLING: Final = 5
"""From so many characters on, a word with a digit in it may be somebody's number."""
TELLING_TOGETHER: Final = 9
"""From so many digits on, words may be somebody's number together."""

_LETTERS = str.maketrans({"ı": "I", "ß": "SS", "Æ": "AE", "æ": "AE", "Ø": "O", "ø": "O", "Ł": "L", "ł": "L"})
_ELEVEN, _FOUR, _DAYS = re.compile(r"[0-9]{11}"), re.compile(r"[0-9]{4}"), re.compile(r"[0-9]+")
_NATIONALITY, _PASSPORT = re.compile(r"[A-Z]{3}"), re.compile(r"(?=.*[0-9])[A-Z0-9]{5,9}")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ByNumber:
    """Asked with an identity number."""

    number: str
    proof: str
    """Four digits: of the card's serial, or of the birth year."""
    days: int | None
    """None for a code without end."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ByPassport:
    """Asked with a passport."""

    nationality: str
    number: str
    birth_year: str
    surname: str
    """Folded, words parted by single blanks."""
    days: int | None


def read(text: str, *, most_days: int) -> ByNumber | ByPassport | Mistake:
    """What a text asks for, or what is wrong with it."""
    words = words_of(text)
    if not words or fold(words[0]) != KEYWORD:
        return Mistake.NOT_HES
    if len(words) == 1:
        return Mistake.INCOMPLETE
    if _ELEVEN.fullmatch(words[1]):
        return _by_number(words, most_days)
    if _NATIONALITY.fullmatch(fold(words[1])):
        return _by_passport(words, most_days)
    return Mistake.BAD_NUMBER


def words_of(text: str) -> Sequence[str]:
    """The words, whatever blanks part them; letters of other widths as ordinary ones, invisible characters gone."""
    plain = normalize("NFKC", text)
    return "".join(letter for letter in plain if category(letter) != "Cf").split()


def fold(word: str) -> str:
    """A word in capitals without marks: `Çiğdem`, `CIGDEM` and `çığdem` are one."""
    marked = normalize("NFKD", word.translate(_LETTERS))
    return "".join(letter for letter in marked if category(letter) not in ("Mn", "Cf")).upper()


def fold_name(name: str) -> str:
    """A surname as it is compared: folded, a hyphen like a blank, no apostrophes."""
    bare = re.sub(r"['’‘`´]", "", name)
    return " ".join(fold(re.sub(r"[-‐‑–—]", " ", bare)).split())


def kept(text: str, is_known: Callable[[str, str], bool]) -> str:
    """The text as it may be kept: what may be a number of somebody's who is unknown here becomes asterisks.

    `is_known` is handed the word before and a word, both folded. Behind the word after the first such number everything
    goes, since a name may stand there.
    """
    parts = re.split(r"(\s+)", text)
    words = [fold(word) for word in parts[::2]]
    digits = [sum(letter.isdigit() for letter in word) for word in words]
    known = [
        count > 0 and len(word) >= TELLING and is_known(before, word)
        for before, word, count in zip(["", *words], words, digits, strict=False)
    ]
    strange = sum(count for count, fine in zip(digits, known, strict=True) if not fine) >= TELLING_TOGETHER
    hidden = [
        not fine and count > 0 and (strange or len(word) >= TELLING)
        for word, count, fine in zip(words, digits, known, strict=True)
    ]
    first = hidden.index(True) if True in hidden else len(words)
    for nth, gone in enumerate(hidden):
        if gone or nth > first + 1:
            parts[2 * nth] = "*" * len(parts[2 * nth])
    return "".join(parts)


def _by_number(words: Sequence[str], most_days: int) -> ByNumber | Mistake:
    if len(words) == 2:
        return Mistake.INCOMPLETE
    if not _FOUR.fullmatch(words[2]):
        return Mistake.BAD_PROOF
    if len(words) > 4:
        return Mistake.TOO_MUCH
    days = _days(words[3], most_days) if len(words) == 4 else YEAR_DAYS
    return days if isinstance(days, Mistake) else ByNumber(number=words[1], proof=words[2], days=days)


def _by_passport(words: Sequence[str], most_days: int) -> ByPassport | Mistake:
    _, nationality, number, year, *rest = [*words, "", ""][: max(4, len(words))]
    says_days = bool(rest) and _are_days(rest[-1])
    surname = rest[:-1] if says_days else rest
    days = _days(rest[-1], most_days) if says_days else YEAR_DAYS
    wrong = (
        (not year, Mistake.INCOMPLETE),
        (not _PASSPORT.fullmatch(fold(number)), Mistake.BAD_PASSPORT),
        (not _FOUR.fullmatch(year), Mistake.BAD_YEAR),
        (not surname, Mistake.INCOMPLETE),
        (any(letter.isdigit() for word in surname for letter in word), Mistake.TOO_MUCH),
    )
    mistake = next((mistake for is_so, mistake in wrong if is_so), None)
    if mistake is not None:
        return mistake
    if isinstance(days, Mistake):
        return days
    return ByPassport(
        nationality=fold(nationality),
        number=fold(number),
        birth_year=year,
        surname=fold_name(" ".join(surname)),
        days=days,
    )


def _are_days(word: str) -> bool:
    return fold(word) == INDEFINITE or any(letter.isdigit() for letter in word)


def _days(word: str, most_days: int) -> int | Mistake | None:
    if fold(word) == INDEFINITE:
        return None
    if not _DAYS.fullmatch(word):
        return Mistake.BAD_DAYS
    days = word.lstrip("0")
    if not days:
        return Mistake.BAD_DAYS
    if len(days) > MOST_DIGITS or int(days) > most_days:
        return Mistake.TOO_LONG
    return int(days)
