"""The report for people: one page by itself, in Turkish or English."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from mockgov.conformance.catalogue import LEVEL_WORDS, Level, Outcome, Verdict, reached
from mockgov.conformance.statement import Circumstances

HERE: Final = Path(__file__).parent
OUTCOMES: Final = {
    Outcome.PASSED: ("geçti", "passed"),
    Outcome.FAILED: ("kaldı", "failed"),
    Outcome.MISSING: ("eksik", "missing"),
}


def drawn(where: Circumstances, verdicts: Sequence[Verdict], *, turkish: bool) -> bytes:
    """The page, in UTF-8."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415  heavy; wanted by few

    pages = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    at = 0 if turkish else 1
    counts = {one: sum(verdict.told.outcome is one for verdict in verdicts) for one in Outcome}
    return (
        pages.get_template("page.html")
        .render(
            language="tr" if turkish else "en",
            at=at,
            where=where,
            verdicts=verdicts,
            level=reached(verdicts),
            level_words=LEVEL_WORDS,
            levels=[one for one in Level if one],
            counts=counts,
            outcomes=OUTCOMES,
        )
        .encode()
    )
