# ruff: noqa: D103  a route's name and address say what it is
"""The journal: every exchange, looked through by protocol, asker, code, status and words, and one by one."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response

from mockgov.console import exchanges
from mockgov.console.frame import BASE, FRAME, ROUTE
from mockgov.counters.context import Here
from mockgov.refusal import Refused

JOURNAL: Final = f"{BASE}/journal"
SHOWN: Final = 50
WORDS: Final = ("protocol", "operation", "asker", "code", "refusal", "text")
"""What can be looked for as text."""

Number = Annotated[int, Path(ge=1, lt=1 << 62)]
router = APIRouter(include_in_schema=False, route_class=ROUTE)


class NoJournal(Refused):
    """This world keeps no journal."""

    key = "nojournal"


@router.get(JOURNAL)
async def journal(
    request: Request, ministry: Here, before: Annotated[int | None, Query(ge=1, lt=1 << 62)] = None
) -> Response:
    book = exchanges.journal_of(ministry)
    asked = _asked(request.query_params)
    wanted: dict[str, str | int] = {name: value for name, value in asked.items() if value and name != "status"}
    if asked["status"].isascii() and asked["status"].isdigit():
        wanted["status"] = int(asked["status"])
    found = [] if book is None else list(book.search(wanted, limit=SHOWN + 1, before=before))
    return FRAME.page(
        request,
        "journal.html",
        is_kept=book is not None,
        found=found[:SHOWN],
        more=found[SHOWN - 1].number if len(found) > SHOWN else None,
        asked=asked,
        given={name: value for name, value in asked.items() if value},
    )


@router.get(f"{JOURNAL}/{{number}}")
async def exchange(number: Number, request: Request, ministry: Here) -> Response:
    book = exchanges.journal_of(ministry)
    if book is None:
        raise NoJournal("This world keeps no journal; make one whose setting journal_size is not 0.")
    return FRAME.page(request, "exchange.html", one=book.exchange(number))


def _asked(query: Mapping[str, str]) -> dict[str, str]:
    return {name: query.get(name, "").replace("\x00", "").strip()[:200] for name in (*WORDS, "status")}
