# ruff: noqa: D103  a route's name and address say what it is
"""Check a code in the name of an institution, and see what the sandbox knows of it."""

from typing import Final

from fastapi import APIRouter, Request, Response

from mockgov.clock import from_us
from mockgov.codes.rules import Code, UnknownCode
from mockgov.console.frame import BASE, FRAME, ROUTE, Form, text
from mockgov.console.words import in_words
from mockgov.counters.context import Here
from mockgov.counters.reading import read_code
from mockgov.credentials.rules import AccountState
from mockgov.ministry import Ministry
from mockgov.pages.language import language_of
from mockgov.queries.messages import Answer, Query
from mockgov.queries.rules import ERROR_TITLES, NOT_FOUND, Purpose
from mockgov.refusal import Refused
from mockgov.vocabulary.hes_code import HesCode

CHECK: Final = f"{BASE}/check"
router = APIRouter(include_in_schema=False, route_class=ROUTE)


class NoSuchAccount(Refused):
    """Somebody asks in the name of an account that cannot ask."""

    key = "nosuchaccount"


@router.get(CHECK)
async def blank(request: Request, ministry: Here, code: str = "") -> Response:
    return _shown(request, ministry, typed=read_code(code, lenient=True) or "")


@router.post(CHECK)
async def ask(request: Request, ministry: Here, fields: Form) -> Response:
    """A text that is no code is neither shown again nor kept: it may be somebody's number."""
    code, asker, plus = read_code(text(fields, "code"), lenient=True), text(fields, "asker"), "plus" in fields
    try:
        if asker not in _askers(ministry):
            raise NoSuchAccount("Choose from the list who is to ask; an account that is open.")
        if code is None:
            raise UnknownCode(ERROR_TITLES[NOT_FOUND])
        purpose = Purpose.SINGLE_PLUS if plus else Purpose.SINGLE
        try:
            (answer,) = await ministry.batch.ask([Query(asker, purpose, code, plus)])
        except Exception:  # noqa: BLE001  whatever keeps the trail from being written
            refused = Refused("The question could not be kept, and is not answered; ask again.", key="unavailable")
            return _shown(request, ministry, typed=code, asker=asker, plus=plus, refused=refused, status=503)
    except Refused as refused:
        return _shown(request, ministry, typed=code or "", asker=asker, plus=plus, refused=refused, status=400)
    return _shown(request, ministry, typed=code, asker=asker, plus=plus, answer=answer)


def _shown(
    request: Request,
    ministry: Ministry,
    *,
    typed: str = "",
    asker: str = "",
    plus: bool = False,
    answer: Answer | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> Response:
    language = language_of(request.query_params)
    clinical = None if answer is None else answer.clinical
    negative = None if clinical is None or clinical.last_negative_us is None else from_us(clinical.last_negative_us)
    return FRAME.page(
        request,
        "check.html",
        status=status,
        path=CHECK,
        typed=typed,
        asker=asker,
        askers=_askers(ministry),
        plus=plus,
        answer=answer,
        ends=from_us(answer.expires_us) if answer is not None and answer.expires_us else None,
        clinical=clinical,
        negative=negative,
        code=_known(ministry, typed),
        refused=None if refused is None else in_words(refused, language),
    )


def _askers(ministry: Ministry) -> list[str]:
    return [one.username for one in ministry.credentials.accounts() if one.state is AccountState.ACTIVE]


def _known(ministry: Ministry, typed: str) -> Code | None:
    """What the sandbox knows of a code; None for one that is not there."""
    try:
        return ministry.codes.get(HesCode(typed)) if typed else None
    except UnknownCode:
        return None
