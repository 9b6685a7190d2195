"""The lab route that says how sparing an institution is with people's data."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.clock import to_us
from mockgov.counters.context import Here
from mockgov.counters.openapi import refusals
from mockgov.explanation.minimisation import WEIGHTS, Excess, score
from mockgov.ministry import Ministry
from mockgov.queries.messages import Asked
from mockgov.registry.rules import Institution, speaks_for

MOST: Final = 10_000
"""The latest questions of each user that are looked at."""
FORMULA: Final = "score = 100 * (1 - sum of weights / questions); a question weighs at most 1"
ADVICE: Final = {
    Excess.REPEAT: (
        "Aynı kodu 24 saat içinde yeniden sormayın; yanıtı o günlük saklayın.",
        "Do not ask about a code again within 24 hours; remember the answer for the day.",
    ),
    Excess.NOT_A_CODE: (
        "Yalnız HES kodu gönderin; biçimi göndermeden önce denetleyin.",
        "Send HES codes only; check the form before sending.",
    ),
    Excess.PLUS: (
        "Aşı ve test bilgisini, bir kural istemiyorsa sormayın; C1 ile C4 yeter.",
        "Do not ask for vaccine and test where no rule does; C1 to C4 will do.",
    ),
    Excess.NO_PURPOSE: (
        "Amacı belirten işlemi kullanın: ziyaretçi için C1, çalışan için C2.",
        "Use the operation that says why: C1 for a visitor, C2 for an employee.",
    ),
}

router = APIRouter(prefix="/_lab", tags=["Lab: journal and explanation"])


class ExcessShown(TypedDict):
    """A kind of excess."""

    kind: str
    questions: int
    weight: float
    tr: str
    en: str


class MinimisationShown(TypedDict):
    """An institution's score."""

    institution_id: int
    label: str
    score: int
    questions: int
    codes: int
    days: int
    excess: list[ExcessShown]
    formula: str


@router.get(
    "/institutions/{institution_id}/minimisation",
    responses=refusals(404),
    summary="What an institution asked for against what it needed: 100 is nothing too much",
)
async def minimisation(
    institution_id: Annotated[int, Path(ge=1, lt=1 << 62)],
    ministry: Here,
    days: Annotated[int, Query(ge=1, le=3650)] = 30,
) -> MinimisationShown:
    """Look at the trail of the last days, of every user of the institution's."""
    institution = ministry.registry.institution(institution_id)
    found = score(_rows(ministry, institution, days))
    return {
        "institution_id": institution_id,
        "label": institution.label,
        "score": found.score,
        "questions": found.questions,
        "codes": found.codes,
        "days": days,
        "excess": [
            {
                "kind": kind.value,
                "questions": count,
                "weight": WEIGHTS[kind] / 4,
                "tr": ADVICE[kind][0],
                "en": ADVICE[kind][1],
            }
            for kind, count in found.excess.items()
        ],
        "formula": FORMULA,
    }


def _rows(ministry: Ministry, institution: Institution, days: int) -> Iterator[Asked]:
    since_us = to_us(ministry.world.now() - timedelta(days=days))
    number = institution.institution_id
    users = [one.username for one in ministry.credentials.accounts_of(number)]
    users += [f"institution:{number}/citizen:{one}" for one in institution.staff if speaks_for(one, institution)]
    for user in users:
        yield from (row for row in ministry.queries.by(user, limit=MOST) if row.asked_us >= since_us)
