# ruff: noqa: D103  a route's name and address say what it is
"""Registered mail as its holders see it: accounts, inboxes, letters with their ways, and evidence as signed XML."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response

from mockgov.console.case import unnumbered
from mockgov.console.frame import BASE, FRAME, ROUTE, Form, text, to
from mockgov.console.mail import kept
from mockgov.console.words import KEP_STATES, evidence_words, in_words
from mockgov.counters.context import Here
from mockgov.kep.content import Attachment
from mockgov.kep.grounds import TEXTS
from mockgov.kep.rules import PROVIDERS, TAKEN, IllegalTransition, Mailed, UnknownLetter
from mockgov.ministry import Ministry
from mockgov.pages.language import language_of
from mockgov.refusal import Refused
from mockgov.vocabulary.kep_address import KepAddress

KEP: Final = f"{BASE}/kep"
SHOWN: Final = 100

Number = Annotated[int, Path(ge=1, lt=1 << 62)]
router = APIRouter(include_in_schema=False, route_class=ROUTE)


@router.get(KEP)
async def accounts(request: Request, ministry: Here) -> Response:
    opened = [one for one in ministry.kep.accounts() if one.closed_at is None]
    return FRAME.page(
        request,
        "kep_accounts.html",
        accounts=[(one, ministry.kep.quota(one.address)) for one in opened],
        providers=PROVIDERS,
    )


@router.get(f"{KEP}/{{address}}")
async def inbox(address: str, request: Request, ministry: Here, box: str = "inbox") -> Response:
    whose = KepAddress.parse(address)
    sent = box == "sent"
    return FRAME.page(
        request,
        "kep_inbox.html",
        account=ministry.kep.account(whose),
        quota=ministry.kep.quota(whose),
        here=f"{KEP}/{whose.address}",
        letters=ministry.kep.sent(whose, limit=SHOWN) if sent else ministry.kep.inbox(whose, limit=SHOWN),
        sent=sent,
        states=KEP_STATES,
        taken=TAKEN,
        shown=unnumbered,
    )


@router.get(f"{KEP}/{{address}}/{{letter_id}}")
async def letter(address: str, letter_id: Number, request: Request, ministry: Here) -> Response:
    return _letter(request, ministry, KepAddress.parse(address), letter_id)


@router.post(f"{KEP}/{{address}}/{{letter_id}}")
async def act(address: str, letter_id: Number, request: Request, ministry: Here, fields: Form) -> Response:
    """Open a letter as its recipient, confirm its receipt, or reject it: each leaves evidence."""
    whose, what = KepAddress.parse(address), text(fields, "act")
    try:
        _act(ministry, whose, letter_id, what)
    except IllegalTransition as refused:
        return _letter(request, ministry, whose, letter_id, refused=refused)
    return to(request, f"{KEP}/{whose.address}/{letter_id}")


@router.get(f"{KEP}/{{address}}/{{letter_id}}/raw")
async def raw(address: str, letter_id: Number, ministry: Here) -> Response:
    return kept(ministry.kep.raw(letter_id, of=KepAddress.parse(address)), "message/rfc822", f"{letter_id}.eml")


@router.get(f"{KEP}/{{address}}/{{letter_id}}/files/{{nth}}")
async def attached(address: str, letter_id: Number, nth: Number, ministry: Here) -> Response:
    """A file of a letter that the account has; its bytes, to be kept and not shown."""
    ministry.kep.raw(letter_id, of=KepAddress.parse(address))
    files = ministry.kep.content(letter_id).files
    if nth > len(files):
        raise UnknownLetter(f"This letter has {len(files)} files, numbered from 1 on.")
    return kept(files[nth - 1].data, "application/octet-stream", files[nth - 1].name)


@router.get(f"{KEP}/{{address}}/evidence/{{evidence_id}}")
async def evidence(address: str, evidence_id: Number, ministry: Here) -> Response:
    xml = ministry.kep.evidence(evidence_id, of=KepAddress.parse(address))
    return kept(xml, "application/xml", f"delil-{evidence_id}.xml")


def _act(ministry: Ministry, whose: KepAddress, letter_id: int, what: str) -> None:
    """Do as a recipient. Raises `UnknownLetter`, `IllegalTransition`."""
    if what == "open":
        ministry.kep.retrieve(whose, letter_id)
    elif what == "accept":
        ministry.kep.accept(whose, letter_id)
    elif what == "reject":
        ministry.kep.reject(whose, letter_id)
    else:
        raise IllegalTransition("A recipient opens a letter, confirms its receipt, or rejects it. Choose one.")


def _letter(
    request: Request, ministry: Ministry, whose: KepAddress, letter_id: int, *, refused: Refused | None = None
) -> Response:
    language = language_of(request.query_params)
    mailed = ministry.kep.letter(letter_id, of=whose)
    is_sender = mailed.letter.sender == whose
    own = None if is_sender else next(one for one in mailed.deliveries if one.recipient == whose)
    is_open = is_sender or (own is not None and own.state in TAKEN)
    rows = ministry.kep.evidence_of(letter_id, of=whose)
    return FRAME.page(
        request,
        "kep_letter.html",
        status=200 if refused is None else 400,
        path=f"{KEP}/{whose.address}/{letter_id}",
        here=f"{KEP}/{whose.address}/{letter_id}",
        account=ministry.kep.account(whose),
        mailed=mailed,
        own=own,
        is_open=is_open,
        content=_content(ministry, mailed) if is_open else None,
        shown=unnumbered,
        states=KEP_STATES,
        reasons=TEXTS,
        evidence=[(row, evidence_words(row, language)) for row in rows],
        refused=None if refused is None else in_words(refused, language),
    )


def _content(ministry: Ministry, mailed: Mailed) -> tuple[str, list[Attachment]] | None:
    """Text and files of a letter; None for one that cannot be read."""
    try:
        content: Any = ministry.kep.content(mailed.letter.letter_id)
    except Refused:
        return None
    return content.text, list(content.files)
