"""Lab routes of the journal: search, export, assert, sum up."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import AwareDatetime, Field, StrictBool
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.counters.body import Strict
from mockgov.counters.context import Here
from mockgov.counters.openapi import refusals
from mockgov.counters.reading import wire_moment
from mockgov.journal.asserting import bounds
from mockgov.journal.har import har
from mockgov.journal.messages import Exchange, Finding, Part, Search
from mockgov.lab.journal_words import check, known
from mockgov.lab.wire import Moment, Text, Whole

router = APIRouter(prefix="/_lab/journal", tags=["Lab: journal and explanation"])
Number = Annotated[int, Path(ge=1, lt=1 << 62)]
Limit = Annotated[int, Query(ge=1, le=10_000)]
After = Annotated[int, Query(ge=0, lt=1 << 62)]
Word = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")]
MOST: Final = 10_000


class PartShown(TypedDict):
    """A request or an answer."""

    head: list[list[str]]
    body: str
    size: int


class LineShown(TypedDict):
    """An exchange in a list."""

    number: int
    at: str
    protocol: str
    operation: str
    method: str
    path: str
    asker: str
    subjects: list[str]
    purpose: str
    status: int
    refusal: str
    cause: str
    fault: str


class ExchangeShown(LineShown):
    """An exchange with what was said."""

    request: PartShown
    response: PartShown


class DifferenceShown(TypedDict):
    """Where an exchange is not what was meant."""

    field: str
    wanted: str
    was: str


class MissShown(TypedDict):
    """An exchange that is nearly what was meant."""

    exchange: LineShown
    differs: list[DifferenceShown]


class FindingShown(TypedDict):
    """What came of an assertion."""

    holds: bool
    count: int
    wanted: str
    matches: list[LineShown]
    nearest: list[MissShown]
    tr: str
    en: str


class RootShown(TypedDict):
    """What the transcript comes to."""

    root: str
    exchanges: int
    lab: int
    first: int
    last: int
    complete: bool


class WordsShown(TypedDict):
    """What each field of a search can be."""

    protocol: list[str]
    operation: list[str]
    purpose: list[str]
    refusal: list[str]


class HarShown(TypedDict):
    """A HAR 1.2 file."""

    log: dict[str, Any]


class Meant(Strict):
    """Which exchanges are meant; what is left out is any."""

    protocol: Text | None = None
    operation: Text | None = None
    method: Text | None = None
    asker: Text | None = None
    code: Text | None = None
    purpose: Text | None = None
    status: Whole | None = Field(None, ge=0, le=1 << 32)
    refusal: Text | None = None
    fault: Text | None = None
    since: Moment | None = None
    until: Moment | None = None
    text: Text | None = None


class Assertion(Strict):
    """How often something was asked; at least once, if nothing is said."""

    where: Meant = Field(default_factory=lambda: Meant.model_validate({}))
    exactly: Whole | None = Field(None, ge=0, le=1 << 32)
    at_least: Whole | None = Field(None, ge=0, le=1 << 32)
    at_most: Whole | None = Field(None, ge=0, le=1 << 32)
    never: StrictBool = False
    after: Whole = Field(0, ge=0, lt=1 << 62)
    """Only exchanges with a greater number count."""


async def meant(  # noqa: D103  FastAPI's way to read many query parameters
    request: Request,
    ministry: Here,
    protocol: Word = None,
    operation: Word = None,
    method: Word = None,
    asker: Word = None,
    code: Word = None,
    purpose: Word = None,
    status: Annotated[int | None, Query(ge=0, le=1 << 32)] = None,
    refusal: Word = None,
    fault: Word = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    text: Word = None,
) -> Search:
    search = Search(
        protocol=protocol,
        operation=operation,
        method=method,
        asker=asker,
        code=code,
        purpose=purpose,
        status=status,
        refusal=refusal,
        fault=fault,
        since=since,
        until=until,
        text=text,
    )
    check(search, ministry.journal, lambda: known(request.app.routes))
    return search


Wanted = Annotated[Search, Depends(meant)]


@router.get("", summary="Exchanges, newest first: by protocol, operation, asker, code, status, refusal, time, text")
async def journal(
    wanted: Wanted, ministry: Here, limit: Limit = 100, before: Annotated[int | None, Query(ge=1, lt=1 << 62)] = None
) -> list[LineShown]:
    """Page on with `before`: the number of the last exchange that was shown."""
    return [line_shown(one) for one in ministry.journal.search(wanted, limit=limit, before=before)]


@router.get(".har", summary="The same exchanges as a HAR 1.2 file, oldest first")
async def as_har(wanted: Wanted, ministry: Here, request: Request, limit: Limit = MOST) -> HarShown:
    """Save it, and open it in a browser's tools."""
    found = ministry.journal.search(wanted, limit=limit)
    base = str(request.base_url).rstrip("/")
    log: dict[str, Any] = har(reversed(found), base)["log"]
    return {"log": log}


@router.get("/root", summary="One digest over all exchanges but the lab's, the same whoever was served first")
async def root(ministry: Here, after: After = 0) -> RootShown:
    """Leave earlier exchanges out with `after`.

    `exchanges` are those that the digest is made of. What the sandbox itself was told to do (protocol `lab`) is no part
    of it and stands under `lab`; the list and assertions have both.
    """
    told = ministry.journal.root(after=after)
    return {
        "root": told.root,
        "exchanges": told.exchanges,
        "lab": told.lab,
        "first": told.first,
        "last": told.last,
        "complete": told.complete,
    }


@router.get("/words", summary="All words by which exchanges are searched: protocols, operations, purposes, refusals")
async def words(request: Request) -> WordsShown:
    """A path that a template takes, or what the journal has beyond these, can be searched for as well."""
    lists = known(request.app.routes)
    return {
        "protocol": lists["protocol"],
        "operation": lists["operation"],
        "purpose": lists["purpose"],
        "refusal": lists["refusal"],
    }


@router.post("/assert", summary="Was it asked exactly so often, at least, never? With what came nearest")
async def assert_asked(body: Assertion, ministry: Here, request: Request) -> FindingShown:
    """Answer 200 whether it holds or not; a word that no exchange can have is refused."""
    fewest, most = bounds(exactly=body.exactly, at_least=body.at_least, at_most=body.at_most, never=body.never)
    search = Search(**body.where.model_dump())
    check(search, ministry.journal, lambda: known(request.app.routes))
    finding = ministry.journal.finding(search, fewest=fewest, most=most, after=body.after)
    return finding_shown(finding, fewest, most)


@router.delete("", status_code=204, summary="Forget all exchanges; numbers go on")
async def clear(ministry: Here) -> None:
    """Begin a new chapter."""
    ministry.journal.clear()


@router.get("/{exchange_number}", responses=refusals(404), summary="One exchange, with heads and bodies")
async def exchange(exchange_number: Number, ministry: Here) -> ExchangeShown:
    """Secrets, and numbers that this world has not minted, are asterisks."""
    return exchange_shown(ministry.journal.exchange(exchange_number))


def line_shown(exchange: Exchange) -> LineShown:
    """An exchange in a list."""
    return {
        "number": exchange.number,
        "at": wire_moment(exchange.at),
        "protocol": exchange.protocol,
        "operation": exchange.operation,
        "method": exchange.method,
        "path": exchange.path,
        "asker": exchange.asker,
        "subjects": list(exchange.subjects),
        "purpose": exchange.purpose,
        "status": exchange.status,
        "refusal": exchange.refusal,
        "cause": exchange.cause,
        "fault": exchange.fault,
    }


def exchange_shown(exchange: Exchange) -> ExchangeShown:
    """An exchange with what was said."""
    return {**line_shown(exchange), "request": _part(exchange.request), "response": _part(exchange.response)}


def finding_shown(finding: Finding, fewest: int, most: int | None) -> FindingShown:
    """What came of an assertion, in words too."""
    wanted_tr, wanted_en = _bounds(fewest, most)
    verdict_tr, verdict_en = ("sağlandı", "holds") if finding.holds else ("sağlanmadı", "does not hold")
    return {
        "holds": finding.holds,
        "count": finding.count,
        "wanted": wanted_en,
        "matches": [line_shown(one) for one in finding.matches],
        "nearest": [
            {
                "exchange": line_shown(miss.exchange),
                "differs": [{"field": one.field, "wanted": one.wanted, "was": one.was} for one in miss.differences],
            }
            for miss in finding.nearest
        ],
        "tr": f"{finding.count} eşleşme; beklenen {wanted_tr}: {verdict_tr}.",
        "en": f"{finding.count} of them, where {wanted_en} was expected: it {verdict_en}.",
    }


def _bounds(fewest: int, most: int | None) -> tuple[str, str]:
    if most is None:
        return f"en az {fewest}", f"at least {fewest}"
    if fewest == most:
        return (f"tam {most}", f"exactly {most}") if most else ("hiç", "none")
    return f"{fewest} ile {most} arası", f"{fewest} to {most}"


def _part(part: Part) -> PartShown:
    heads: Sequence[tuple[str, str]] = part.head
    return {"head": [[name, value] for name, value in heads], "body": part.body, "size": part.size}
