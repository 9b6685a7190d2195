"""What in a text may be somebody's number: an identity number, a mobile phone, a passport.

Whether a number is a made-up one of some world is not known here; see `mockgov.tripwire`. Digits of any script count
(a full-width １ is a 1), and so do numbers that are written in groups. A phone abroad is known by its plus. A number in
the middle of a long machine-made word (a digest, a token) is taken for a part of that, and dates and times of day are
no part of a number.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final, NamedTuple
from unicodedata import decimal

from mockgov.vocabulary.tckn import check_digits

LONG_WORD: Final = 24
"""Letters and digits from which on a word of hexadecimal digits, or of mixed letters, is a machine's."""
LONGEST_WORD: Final = 256
"""Characters on either side that are looked at: enough to tell a word, and a bound for one that is a whole file."""
_STATES = (
    "AFG ALB ARE ARG ARM AUS AUT AZE BEL BGD BGR BHR BIH BLR BRA CAN CHE CHL CHN COL CYP CZE DEU DNK DZA EGY ESP "
    "EST FIN FRA GBR GEO GHA GRC HRV HUN IDN IND IRL IRN IRQ ISL ISR ITA JOR JPN KAZ KEN KGZ KOR KWT LBN LBY LTU "
    "LUX LVA MAR MDA MEX MKD MNE MYS NGA NLD NOR NZL OMN PAK PHL POL PRT PSE QAT ROU RUS SAU SDN SEN SGP SOM SRB "
    "SVK SVN SWE SYR THA TJK TKM TUN TUR UKR USA UZB VNM XKX YEM ZAF"
)
LONGEST: Final = 15
"""Digits of a phone number at most (E.164)."""
SHORTEST_ABROAD: Final = 9
COUNTRIES: Final = frozenset(_STATES.split())
"""States whose letters before a number make a passport of it (ISO 3166-1 alpha-3; a choice)."""

_MOMENT = re.compile(
    r"(?<!\d)(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:[0-2]\d|3[01])(?!\d)"
    r"|(?<!\d)(?:[0-2]?\d|3[01])[./](?:0?[1-9]|1[0-2])[./](?:19|20)\d\d(?!\d)"
    r"|(?<!\d)\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:[+-]\d\d:?\d\d)?(?!\d)"
)
_DECIMAL = re.compile(r"\d{1,3}[.,]\d{5,}")
_NUMBERS = re.compile(r"(?<!\d)(?<!\d[.,])\+?\d(?:[ \u00a0.()/‐-―-]{0,2}\d){8,}")
_GROUP = re.compile(r"\d+")
_PASSPORT = re.compile(
    r"(?<![A-Za-z0-9])([A-Za-z]{3})[ \t\u00a0]*((?=(?:[A-Za-z]*\d){5})[A-Za-z0-9]{5,9})(?![A-Za-z0-9])"
)
_BARE_PASSPORT = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z]\d{8}|[A-Z]{2}\d{7})(?![A-Za-z0-9])")
_MOBILE = re.compile(r"(?:0090|90|0)?(5\d{9})")
_MAY_TELL = re.compile(
    rb"(?:[\d\x80-\xff][ .()/-]{0,2}){8}|\\u|[A-Za-z]{1,2}\d{6}"
    rb"|[A-Za-z]{3}[ \t\xc2\xa0]*(?=(?:[A-Za-z]*\d){5})[A-Za-z0-9]{5}"
)


class Kind(StrEnum):
    """What it may be."""

    IDENTITY = "identity number"
    PHONE = "phone number"
    PASSPORT = "passport"


class Likeness(NamedTuple):
    """A part of a text that may be somebody's number."""

    kind: Kind
    begin: int
    end: int
    value: str
    """The number alone: digits, `+` and digits of a phone abroad, or a passport's nationality, a blank and number."""
    certain: bool
    """Whether it has all that such a number must have; else it only looks like one."""


def may_tell(raw: bytes) -> bool:
    """Whether bytes are worth a look at all: False is certain, True a suspicion. Quick."""
    return _MAY_TELL.search(raw) is not None


def likenesses(text: str, *, grouped: bool = True) -> Iterator[Likeness]:
    """Every part of a text that may be somebody's number; passports first, then in order.

    Not `grouped`, only numbers without anything between their digits: for what is no text.
    """
    passports: list[tuple[int, int]] = []
    for found in _passports(text):
        passports.append((found.begin, found.end))
        yield found
    taken: list[tuple[int, int]] | None = None
    for match in _NUMBERS.finditer(text):
        if _DECIMAL.fullmatch(match[0]):
            continue
        for like in _numbers(text, match, grouped=grouped):
            if taken is None:  # looking for moments costs more than all else
                taken = sorted([*passports, *(moment.span() for moment in _MOMENT.finditer(text))])
            if not _is_over(taken, like):
                yield like


def _is_over(taken: Sequence[tuple[int, int]], like: Likeness) -> bool:
    """Whether it shares a character with one of these parts, which are in order and short."""
    first, last = bisect_left(taken, (like.begin - LONGEST_WORD, 0)), bisect_left(taken, (like.end, 0))
    return any(end > like.begin for _, end in taken[first:last])


def hidden(text: str, parts: Iterator[Likeness]) -> str:
    """The text with these parts as asterisks, but for their last three characters, or two of a phone's."""
    for part in sorted(parts, key=lambda one: one.begin, reverse=True):
        shown = 3 if part.kind is Kind.IDENTITY else 2
        whole = part.value
        text = text[: part.begin] + "*" * 8 + whole[-shown:] + text[part.end :]
    return text


def _passports(text: str) -> Iterator[Likeness]:
    named: list[int] = []
    for match in _PASSPORT.finditer(text):
        state = match[1].upper()
        if state in COUNTRIES:
            named.append(match.start(2))
            yield Likeness(Kind.PASSPORT, match.start(), match.end(), f"{state} {match[2].upper()}", certain=True)
    for match in _BARE_PASSPORT.finditer(text):
        if match.start() not in named:
            yield Likeness(Kind.PASSPORT, match.start(), match.end(), match[0], certain=True)


def _numbers(text: str, match: re.Match[str], *, grouped: bool) -> Iterator[Likeness]:
    """The numbers in a row of groups of digits: of each group, the shortest one that begins there."""
    groups = list(_GROUP.finditer(text, match.start(), match.end()))
    nth = 0
    while nth < len(groups):
        digits = ""
        plus = groups[nth].start() > match.start() and text[groups[nth].start() - 1] == "+"
        begin = groups[nth].start() - plus
        for last in range(nth, len(groups) if grouped else nth + 1):
            digits += "".join(str(decimal(digit)) for digit in groups[last][0])
            if len(digits) > LONGEST:
                break
            end = groups[last].end()
            like = _number(digits, begin, end, plus=plus, whole=last == nth)
            if like is not None and not _in_machine_word(text, begin, end):
                yield like
                nth = last
                break
        nth += 1


def _number(digits: str, begin: int, end: int, *, plus: bool, whole: bool) -> Likeness | None:
    mobile = _MOBILE.fullmatch(digits)
    if mobile is not None:
        return Likeness(Kind.PHONE, begin, end, mobile[1], certain=True)
    if plus and whole and len(digits) >= SHORTEST_ABROAD:
        return Likeness(Kind.PHONE, begin, end, f"+{digits}", certain=True)
    if len(digits) == 11 and digits[0] != "0":
        certain = digits[9:] == check_digits(digits[:9])
        return Likeness(Kind.IDENTITY, begin, end, digits, certain=certain) if certain or whole else None
    return None


def _in_machine_word(text: str, begin: int, end: int) -> bool:
    """Whether the number stands in a digest, token or the like: in a word, or in one with its dashes."""
    return any(_is_machine_word(_word_around(text, begin, end, joined)) for joined in ("", "_-"))


def _word_around(text: str, begin: int, end: int, joined: str) -> str:
    """The word in ASCII that a part of a text belongs to; it may be `joined` by such characters."""
    lowest, highest = max(0, begin - LONGEST_WORD), min(len(text), end + LONGEST_WORD)
    while begin > lowest and text[begin - 1].isascii() and (text[begin - 1].isalnum() or text[begin - 1] in joined):
        begin -= 1
    while end < highest and text[end].isascii() and (text[end].isalnum() or text[end] in joined):
        end += 1
    return text[begin:end]


def _is_machine_word(word: str) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    if len(word) < LONG_WORD or not letters or not word.isascii():
        return False
    is_hex = all(letter in "abcdefABCDEF" for letter in letters)
    return is_hex or (any(map(str.islower, letters)) and any(map(str.isupper, letters)))
