"""The lab route that says why."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.counters.context import Here
from mockgov.counters.openapi import refusals
from mockgov.explanation.chain import Explanation
from mockgov.explanation.explaining import Explaining

router = APIRouter(prefix="/_lab", tags=["Lab: journal and explanation"])
Number = Annotated[int | None, Query(ge=1, lt=1 << 62)]


class StepShown(TypedDict):
    """One cause."""

    rule: str
    tr: str
    en: str
    facts: dict[str, Any]
    source: str


class CheckShown(TypedDict):
    """Something that was looked at."""

    rule: str
    passed: bool
    tr: str
    en: str


class NearestShown(TypedDict):
    """The nearest request that would have passed."""

    tr: str
    en: str
    method: str
    path: str
    body: Any


class ExplanationShown(TypedDict):
    """Why something was answered."""

    verdict: str
    tr: str
    en: str
    chain: list[StepShown]
    checks: list[CheckShown]
    nearest: NearestShown | None


@router.get(
    "/explain",
    responses=refusals(404),
    summary="Why: the chain of causes behind an exchange, a code's refusal, or how a citizen stands",
)
async def explain(
    ministry: Here,
    exchange: Number = None,
    code: Annotated[str | None, Query(max_length=100, pattern=r"^[^\x00]*$")] = None,
    citizen: Number = None,
) -> ExplanationShown:
    """Name an exchange of the journal, a code, or a citizen; a code beside an exchange picks one out of many."""
    return explanation_shown(Explaining(ministry).explain(exchange=exchange, code=code, citizen=citizen))


def explanation_shown(told: Explanation) -> ExplanationShown:
    """An explanation as the lab answers it."""
    nearest = told.nearest
    return {
        "verdict": told.verdict,
        "tr": told.tr,
        "en": told.en,
        "chain": [
            {"rule": one.rule, "tr": one.tr, "en": one.en, "facts": one.facts, "source": one.source}
            for one in told.chain
        ],
        "checks": [{"rule": one.rule, "passed": one.passed, "tr": one.tr, "en": one.en} for one in told.checks],
        "nearest": None
        if nearest is None
        else {
            "tr": nearest.tr,
            "en": nearest.en,
            "method": nearest.method,
            "path": nearest.path,
            "body": nearest.body,
        },
    }
