# ruff: noqa: D103  a route's name and address say what it is
"""My code, a new one, the list: share, shorten, delete."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from fastapi import APIRouter, Request, Response
from markupsafe import Markup
from starlette.datastructures import FormData

from mockgov.codes.messages import IssueCode
from mockgov.codes.rules import INDEFINITE, Code, CodeState, Share, ends_after_days, ends_on_day, state_at
from mockgov.counters.context import Here
from mockgov.counters.mobile_app.access import CHANNEL
from mockgov.counters.mobile_app.account import account_of
from mockgov.counters.mobile_app.own_codes import owned
from mockgov.counters.web_app.session import (
    BASE,
    COOKIE,
    ROUTE,
    Form,
    Holder,
    holder,
    newcomer,
    page,
    status_of,
    text,
    to,
)
from mockgov.ministry import Ministry
from mockgov.pages.language import language_of
from mockgov.pages.qr_image import inline
from mockgov.refusal import Refused
from mockgov.registry.rules import Citizen
from mockgov.signin.rules import BadToken
from mockgov.vocabulary.hes_code import HesCode

router = APIRouter(route_class=ROUTE)
NEW: Final = f"{BASE}/yeni-kod"
LIST: Final = f"{BASE}/kodlar"
DURATIONS: Final = MappingProxyType(
    {
        "1": ("1 gün", "1 day"),
        "7": ("1 hafta", "1 week"),
        "30": ("30 gün", "30 days"),
        "365": ("1 yıl", "1 year"),
        "indefinite": ("Süresiz", "Without end"),
        "day": ("Seçtiğim günün sonuna kadar", "To the end of a day that I choose"),
    }
)


class EmptyLabel(Refused):
    """A code is shared with somebody: say with whom."""

    key = "emptylabel"


class BadDate(Refused):
    """No day was chosen."""

    key = "baddate"


class NotYourChild(Refused):
    """A code for somebody for whom the citizen may not act."""

    key = "notyourchild"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A code as its holder sees it."""

    code: Code
    holder: Citizen
    shares: Sequence[Share]
    risky: bool
    qr: Markup | None

    @property
    def dashed(self) -> str:
        """As people read it."""
        return HesCode(self.code.text).dashed

    @property
    def indefinite(self) -> bool:
        """Whether it has no end."""
        return self.code.expires_at == INDEFINITE


@router.get(BASE)
async def home(request: Request, ministry: Here) -> Response:
    if COOKIE not in request.cookies:
        return page(request, ministry, None, "sign_in.html", here="", phone="", wrong="")
    try:
        citizen = await holder(await newcomer(request, ministry), ministry)
    except BadToken:
        return page(request, ministry, None, "sign_in.html", here="", phone="", wrong="")
    own = [one for one in shown(request, ministry, citizen, (citizen,)) if one.qr is not None]
    account = account_of(ministry, citizen)
    newest = own[-1] if own else None
    return page(request, ministry, citizen, "home.html", here="", newest=newest, count=len(own), account=account)


@router.get(NEW)
async def blank(request: Request, citizen: Holder, ministry: Here) -> Response:
    return _new(request, ministry, citizen)


@router.post(NEW)
async def make(request: Request, citizen: Holder, fields: Form, ministry: Here) -> Response:
    typed = {name: text(fields, name) for name in ("whose", "description", "duration", "last_day")}
    try:
        whose = _whose(ministry, citizen, typed["whose"])
        ends = _end(ministry, typed["duration"], typed["last_day"])
        order = IssueCode(
            citizen_id=whose.citizen_id, expires_at=ends, description=typed["description"], channel=CHANNEL
        )
        ministry.codes.issue(order)
    except Refused as refused:
        return _new(request, ministry, citizen, typed, refused)
    return to(request, LIST, tamam="kod")


@router.get(LIST)
async def listed(request: Request, citizen: Holder, ministry: Here) -> Response:
    return _list(request, ministry, citizen)


@router.post(f"{LIST}/paylas")
async def share(request: Request, citizen: Holder, fields: Form, ministry: Here) -> Response:
    def do(code: Code) -> None:
        label = text(fields, "label")
        if not label:
            raise EmptyLabel("Type the institution's name.")
        ministry.codes.share(code, label)

    return _change(request, ministry, citizen, fields, do, "paylasim")


@router.post(f"{LIST}/kisalt")
async def shorten(request: Request, citizen: Holder, fields: Form, ministry: Here) -> Response:
    def do(code: Code) -> None:
        ministry.codes.shorten(code, ends_on_day(ministry.world.now(), _day(text(fields, "last_day"))))

    return _change(request, ministry, citizen, fields, do, "kisaltma")


@router.post(f"{LIST}/sil")
async def delete(request: Request, citizen: Holder, fields: Form, ministry: Here) -> Response:
    return _change(request, ministry, citizen, fields, ministry.codes.delete, "silme")


def shown(request: Request, ministry: Ministry, citizen: Citizen, holders: Sequence[Citizen]) -> list[Shown]:
    """Codes in the order of making; an expired one has no image."""
    now, language = ministry.world.now(), language_of(request.query_params)
    risky = ministry.risky_now([one.citizen_id for one in holders])
    found = []
    for whose in holders:
        for code in ministry.codes.of(whose.citizen_id):
            active = state_at(code, now) is CodeState.ACTIVE
            title = language.say("HES kodunun QR görüntüsü", "QR image of the HES code")
            found.append(
                Shown(
                    code=code,
                    holder=whose,
                    shares=ministry.codes.shares_of(code) if active else (),
                    risky=whose.citizen_id in risky,
                    qr=inline(f"{code.qr_token}|{code.text}", title) if active else None,
                )
            )
    assert all(one.holder == citizen or citizen.citizen_id in one.holder.parents for one in found)
    return found


def _list(
    request: Request, ministry: Ministry, citizen: Citizen, refused: Refused | None = None, about: str = ""
) -> Response:
    holders = (citizen, *ministry.registry.children_of(citizen))
    codes = shown(request, ministry, citizen, holders)
    status = 200 if refused is None else status_of(refused)
    active = [one for one in reversed(codes) if one.qr is not None]
    expired = [one for one in reversed(codes) if one.qr is None]
    return page(
        request,
        ministry,
        citizen,
        "codes.html",
        here="/kodlar",
        active=active,
        expired=expired,
        about=about,
        refused=refused,
        status=status,
    )


def _new(
    request: Request,
    ministry: Ministry,
    citizen: Citizen,
    typed: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> Response:
    typed = typed or {"whose": "", "description": "", "duration": "7", "last_day": ""}
    return page(
        request,
        ministry,
        citizen,
        "new_code.html",
        here="/yeni-kod",
        children=ministry.registry.children_of(citizen),
        durations=DURATIONS,
        typed=typed,
        refused=refused,
        status=200 if refused is None else status_of(refused),
    )


def _change(
    request: Request,
    ministry: Ministry,
    citizen: Citizen,
    fields: FormData,
    do: Callable[[Code], object],
    done: str,
) -> Response:
    """Do something with one of the citizen's codes, and show the list."""
    about = text(fields, "code")
    try:
        do(owned(ministry, citizen, about))
    except Refused as refused:
        return _list(request, ministry, citizen, refused, about)
    return to(request, LIST, tamam=done)


def _whose(ministry: Ministry, citizen: Citizen, number: str) -> Citizen:
    """The citizen, or the child with this number. Raises `NotYourChild`."""
    if number in ("", str(citizen.citizen_id)):
        return citizen
    for child in ministry.registry.children_of(citizen):
        if str(child.citizen_id) == number:
            return child
    raise NotYourChild("You may make codes for yourself and your own children under 18 only.")


def _end(ministry: Ministry, duration: str, last_day: str) -> datetime:
    """The end of a new code. Raises `BadDuration`, `BadDate`."""
    if duration not in DURATIONS:
        raise BadDate("Choose how long the code is to live.")
    if duration == "day":
        return ends_on_day(ministry.world.now(), _day(last_day))
    return ends_after_days(ministry.world.now(), None if duration == "indefinite" else int(duration))


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise BadDate("Choose a day.") from None
