"""Asks about a whole group, and makes the two tables of it: problem rows only."""

from collections.abc import Sequence
from typing import Final

from mockgov.clock import TURKEY, from_us
from mockgov.counters.edevlet.access import Visitor, asker_of
from mockgov.counters.edevlet.export import Table, workbook
from mockgov.counters.edevlet.room import Busy
from mockgov.groups.messages import RecordRun
from mockgov.groups.rules import Group, Kind, Outcome, Run
from mockgov.ministry import Ministry
from mockgov.pages.language import Language
from mockgov.queries.messages import Answer, Query
from mockgov.queries.rules import EXPIRED, Purpose
from mockgov.registry.rules import Institution
from mockgov.vocabulary.hes_code import HesCode

STRETCH: Final = 500
"""Codes that are asked about at once, so that others have their turn between (as in a bulk call)."""
INVALID: Final = (
    "Geçersiz HES Kodu Listesi (Süresi dolmuş, Silinmiş)",
    "Invalid HES codes (expired, deleted)",
)
RISKY: Final = ("Riskli HES Kodu Listesi (Pozitif, Temaslı)", "Risky HES codes (positive, contact)")
"""The two tables' names (facts section 3)."""


async def asked_about(ministry: Ministry, visitor: Visitor, institution: Institution, group: Group) -> Run:
    """Ask about every code of a group, and keep the run. Raises `Busy`, and keeps none then."""
    asker = asker_of(institution, visitor)
    codes = ministry.groups.codes(group)
    outcomes: list[Outcome] = []
    try:
        for at in range(0, len(codes), STRETCH):
            queries = [Query(asker, Purpose.BULK, code) for code in codes[at : at + STRETCH]]
            outcomes.extend(map(_outcome, await ministry.batch.ask(queries)))
    except Exception as error:
        raise Busy("The question could not be kept, and is not answered; ask again later.") from error
    order = RecordRun(group_id=group.group_id, asked_by=visitor.citizen.citizen_id, outcomes=outcomes)
    return ministry.groups.record(order)


def tables_of(problems: Sequence[Outcome], language: Language, *, empty: bool = False) -> list[Table]:
    """The invalid and the risky rows; a table without rows only if `empty` ones are wanted, too."""
    invalid = [one for one in problems if one.kind != Kind.RISKY]
    risky = [one for one in problems if one.kind == Kind.RISKY]
    tables = [
        Table(
            language.say("Geçersiz", "Invalid"),
            language.say(*INVALID),
            (
                language.say("HES Kodu", "HES code"),
                language.say("Durum", "State"),
                language.say("Geçerlilik Zamanı", "Valid until"),
            ),
            [(HesCode(one.code).dashed, _state(one, language), _end(one)) for one in invalid],
        ),
        Table(
            language.say("Riskli", "Risky"),
            language.say(*RISKY),
            (
                language.say("HES Kodu", "HES code"),
                language.say("T.C. Kimlik Numarası", "Identity number"),
                language.say("Açıklama", "Remark"),
            ),
            [(HesCode(one.code).dashed, one.identity_number, language.say("Riskli", "Risky")) for one in risky],
        ),
    ]
    return [table for table in tables if table.rows or empty]


def written(tables: Sequence[Table], run: Run) -> bytes:
    """The tables of a run as a workbook."""
    return workbook(tables, made_at=run.asked_at)


def _outcome(answer: Answer) -> Outcome:
    if answer.error is not None:
        kind = Kind.EXPIRED if answer.error == EXPIRED else Kind.NOT_FOUND
        return Outcome(answer.code, kind, "", answer.expires_us)
    kind = Kind.RISKY if answer.risky else Kind.RISKLESS
    return Outcome(answer.code, kind, answer.identity_number, answer.expires_us)


def _state(one: Outcome, language: Language) -> str:
    if one.kind == Kind.EXPIRED:
        return language.say("Süresi dolmuş", "Expired")
    return language.say("Silinmiş", "Deleted")


def _end(one: Outcome) -> str:
    return f"{from_us(one.expires_us).astimezone(TURKEY):%d/%m/%Y %H:%M}" if one.expires_us else "-"
