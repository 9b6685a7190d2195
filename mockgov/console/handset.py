# ruff: noqa: D103  a route of a page needs no telling beside its template
"""Pages of this world's phones, under `/telefon`."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse

from mockgov.clock import ManualClock
from mockgov.console.frame import ConsoleFrame
from mockgov.counters.context import Here
from mockgov.ministry import Ministry
from mockgov.pages.frame import address
from mockgov.pages.guard import check_form, form_token
from mockgov.pages.language import language_of
from mockgov.pages.route import page_route
from mockgov.refusal import Refused
from mockgov.sms.rules import SHORT_NUMBER, BadText, StrangersNumber, UnknownNumber
from mockgov.vocabulary.foreign_phone import ForeignPhone, read_line
from mockgov.vocabulary.phone import Phone

BASE: Final = "/telefon"
PURPOSE: Final = "handset"
SHOWN: Final = 100
"""Texts of each direction on a phone's page."""
LISTED: Final = 20
"""People whose phones the first page names."""
LONGEST: Final = 1_600
"""Characters that the form takes (chosen here)."""
STEP: Final = timedelta(seconds=30)
"""How far the button moves a clock that stands still."""
STATUS: Final[Mapping[type[Exception], int]] = {StrangersNumber: 404}
FRAME: Final = ConsoleFrame(BASE)
WORDS: Final[Mapping[type[Exception], str]] = {
    UnknownNumber: "Bu telefondan bu numaraya ulaşılmıyor. Bakanlığın numarası 2023, yurt dışından {abroad}.",
    BadText: "Bu metin gönderilemez. Boş veya çok uzun olmayan bir metin yazın.",
}

router = APIRouter(prefix=BASE, include_in_schema=False, route_class=page_route(FRAME, "handset_refused.html", STATUS))


class Piece(NamedTuple):
    """A stretch of a text: a QR page's address in this world, or words."""

    words: str
    path: str = ""


class Bubble(NamedTuple):
    """A text on the screen."""

    own: bool
    """Whether the phone has sent it."""
    other: str
    """From whom it came, or to whom it went."""
    at: datetime
    pieces: Sequence[Piece]
    missing: int
    """Segments that have not arrived."""


@router.get("")
async def phones(request: Request, ministry: Here, number: str = "") -> Response:
    if number:
        return _to(request, read_line(number))
    known = [one for one in ministry.registry.citizens(limit=5 * LISTED) if one.phone is not None][:LISTED]
    return FRAME.page(request, "handsets.html", people=known, path=BASE)


@router.get("/{number}")
async def handset(number: str, request: Request, ministry: Here) -> Response:
    return _page(request, ministry, _phone(ministry, number))


@router.post("/{number}")
async def write(number: str, request: Request, ministry: Here) -> Response:
    phone = _phone(ministry, number)
    fields = await _fields(request, ministry)
    to, text = str(fields.get("to", "")).strip(), str(fields.get("text", "")).replace("\r\n", "\n")
    try:
        ministry.sms.from_handset(phone, to, _checked(text))
    except (UnknownNumber, BadText) as refused:
        return _page(request, ministry, phone, to=to, text=text, refused=refused, status=400)
    return _to(request, phone)


@router.post("/{number}/saat")
async def wait(number: str, request: Request, ministry: Here) -> Response:
    phone = _phone(ministry, number)
    await _fields(request, ministry)
    if isinstance(ministry.world.clock, ManualClock):
        await ministry.advancing(STEP)
    return _to(request, phone)


def _page(
    request: Request,
    ministry: Ministry,
    phone: Phone,
    *,
    to: str = "",
    text: str = "",
    refused: Refused | None = None,
    status: int = 200,
) -> HTMLResponse:
    language = language_of(request.query_params)
    abroad = ministry.world.settings.short_number_abroad
    words = "" if refused is None else language.say(WORDS[type(refused)].format(abroad=abroad), refused.message)
    return FRAME.page(
        request,
        "handset.html",
        status=status,
        path=f"{BASE}/{phone.wire}",
        here=f"{BASE}/{phone.wire}",
        phone=phone.e164,
        bubbles=_bubbles(ministry, phone),
        to=to or (abroad if isinstance(phone, ForeignPhone) else SHORT_NUMBER),
        text=text,
        refused=words,
        wrong="to" if isinstance(refused, UnknownNumber) else "text",
        now=ministry.world.now(),
        stands=isinstance(ministry.world.clock, ManualClock),
        step=int(STEP.total_seconds()),
        longest=LONGEST,
        token=_token(ministry),
    )


def _checked(text: str) -> str:
    """What was typed. Raises `BadText`."""
    if not text.strip() or len(text) > LONGEST:
        raise BadText(f"Write a text of 1 to {LONGEST} characters.")
    return text


def _bubbles(ministry: Ministry, phone: Phone) -> Sequence[Bubble]:
    """What stands on the screen, newest first."""
    received = [
        Bubble(False, one.sender, one.at, _pieces(ministry, one.text), one.missing)
        for one in ministry.sms.received(phone, limit=SHOWN)
    ]
    sent = [
        Bubble(True, one.to, one.sent_at, [Piece(one.text)], 0)
        for one in reversed(ministry.sms.sent_from(phone, limit=SHOWN))
    ]
    return sorted([*sent, *received], key=lambda bubble: bubble.at)[::-1]


def _pieces(ministry: Ministry, text: str) -> Sequence[Piece]:
    """A text with the addresses of QR pages set apart."""
    parts = re.split(rf"({re.escape(ministry.address)}/qr/[a-z0-9]+)", text)
    return [Piece(part, part.removeprefix(ministry.address) if nth % 2 else "") for nth, part in enumerate(parts)]


def _phone(ministry: Ministry, number: str) -> Phone:
    """A phone that may be acted with here. Raises `StrangersNumber`, `InvalidPhone`."""
    phone = read_line(number)
    ministry.sms.check_line(phone)
    return phone


async def _fields(request: Request, ministry: Ministry) -> Mapping[str, Any]:
    """What the form sent. Raises `ForeignForm`."""
    async with request.form(max_files=0, max_fields=10) as fields:
        check_form(request.headers, fields, _token(ministry))
        return dict(fields)


def _to(request: Request, phone: Phone) -> RedirectResponse:
    return RedirectResponse(address(request, f"{BASE}/{phone.wire}", language_of(request.query_params)), 303)


def _token(ministry: Ministry) -> str:
    return form_token(ministry.world.streams, PURPOSE)
