"""How sparing an institution is with people's data: what it asked for against what it needed. Pure.

Each question weighs nothing, or what was not needed of it, at most 1 in all:

    REPEAT           1     the same code again within 24 hours: the answer was there already
    NOT_A_CODE       1     a text that is no HES code, such as an identity number sent unmasked
    PLUS             1/2   vaccine, disease and test asked on a day on which no rule asks for them
    NO_PURPOSE       1/4   the plain operation C3, where C1 and C2 would have said why

    score = 100 x (1 - sum of the weights / questions), rounded half up; 100 where nothing was asked

The days on which vaccine and test are asked for are those of the obligation `TESTED`
(`mockgov.vocabulary.obligation`). Weights, window and formula are chosen here; the principle is that of law 6698,
article 4: relevant to the purpose, limited and proportionate.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mockgov.clock import TURKEY, from_us
from mockgov.queries.messages import Asked
from mockgov.queries.rules import Purpose
from mockgov.vocabulary.obligation import Obligation

WINDOW_US: Final = 24 * 3_600_000_000
"""How long an answer should have been remembered."""
QUARTERS: Final = 4


class Excess(StrEnum):
    """What was not needed of a question."""

    REPEAT = "repeat"
    NOT_A_CODE = "not-a-code"
    PLUS = "plus-without-need"
    NO_PURPOSE = "no-purpose"


WEIGHTS: Final = {Excess.REPEAT: 4, Excess.NOT_A_CODE: 4, Excess.PLUS: 2, Excess.NO_PURPOSE: 1}
"""In quarters of a question."""
PLUS: Final = (Purpose.SINGLE_PLUS, Purpose.BULK_PLUS, Purpose.PERSON_PLUS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What an institution's questions come to."""

    score: int
    """0 to 100."""
    questions: int
    codes: int
    """Different codes that were asked about."""
    excess: dict[Excess, int]
    """Questions with each kind of excess."""


def score(rows: Iterable[Asked]) -> Score:
    """The score of rows of the trail, in any order."""
    last: dict[str, int] = {}
    found: Counter[Excess] = Counter()
    questions = quarters = 0
    for row in sorted(rows, key=lambda one: one.asked_us):
        questions += 1
        excess = list(_excess(row, last))
        found.update(excess)
        quarters += min(QUARTERS, sum(WEIGHTS[one] for one in excess))
    whole = QUARTERS * questions
    points = 100 if not questions else (200 * (whole - quarters) + whole) // (2 * whole)
    return Score(score=points, questions=questions, codes=len(last), excess={one: found[one] for one in Excess})


def _excess(row: Asked, last: dict[str, int]) -> Iterable[Excess]:
    if row.code is None:
        yield Excess.NOT_A_CODE
    else:
        before = last.get(row.code)
        if before is not None and row.asked_us - before < WINDOW_US:
            yield Excess.REPEAT
        last[row.code] = row.asked_us
    if row.purpose in PLUS and not Obligation.TESTED.holds_on(from_us(row.asked_us).astimezone(TURKEY).date()):
        yield Excess.PLUS
    if row.purpose == Purpose.SINGLE:
        yield Excess.NO_PURPOSE
