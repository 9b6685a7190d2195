"""One's own codes and those of one's children: make, list, look at, share, shorten, delete."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from fastapi import Request, Response

from mockgov.clock import TURKEY
from mockgov.codes.messages import IssueCode
from mockgov.codes.rules import INDEFINITE, BadDuration, BadLabel, Code, CodeState, UnknownCode, ends_on_day, state_at
from mockgov.counters.context import Here
from mockgov.counters.edevlet.access import Visitor, check_token, page_token, visitor_if_any, visitor_of
from mockgov.counters.edevlet.room import CODES, closed, page, page_router, to
from mockgov.counters.edevlet.words import notice
from mockgov.counters.mobile_app.askers import asked_with
from mockgov.ministry import Ministry
from mockgov.pages.language import language_of
from mockgov.pages.qr_image import inline
from mockgov.refusal import Refused
from mockgov.registry.rules import Citizen, UnknownCitizen
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.qr import QrPayload

CHANNEL: Final = "hes-edevlet"
"""The channel that stands with a code made here (facts section 1)."""
INDEFINITELY: Final = "suresiz"
FORMATS: Final = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")
"""A day as browsers send it, and as people write it where the browser has no calendar."""

router = page_router()


class Line(NamedTuple):
    """A code in the list."""

    code: Code
    holder: Citizen
    state: CodeState

    @property
    def dashed(self) -> str:
        """As people read it."""
        return HesCode(self.code.text).dashed

    @property
    def indefinite(self) -> bool:
        """Whether it has no end."""
        return self.code.expires_at >= INDEFINITE

    @property
    def qr(self) -> str:
        """What its QR image says."""
        return QrPayload(token=self.code.qr_token, code=HesCode(self.code.text)).text


@router.get(CODES)
async def show(request: Request, ministry: Here, yeni: str = "", i: str = "", s: str = "") -> Response:
    """The list of codes, `?yeni=kod` the form for a new one, `?i=d&s=<n>` one code."""
    visitor = visitor_if_any(request, ministry)
    if visitor is None:
        return closed(request, ministry, CODES)
    if yeni == "kod":
        return _form(request, ministry, visitor)
    if i == "d":
        return _code(request, ministry, visitor, _at(_lines(ministry, visitor), s))
    said = notice(request.query_params.get("bilgi", ""), language_of(request.query_params))
    lines = _lines(ministry, visitor)
    return page(request, ministry, "codes.html", visitor, CODES, lines=lines, said=said, me=visitor.citizen)


@router.post(CODES)
async def act(request: Request, ministry: Here, yeni: str = "", i: str = "") -> Response:
    """Make a code, or share, shorten or delete one."""
    visitor = visitor_of(request, ministry)
    async with request.form(max_files=0, max_fields=20) as sent:
        fields = check_token(request, sent, page_token(ministry, visitor, CODES))
    if yeni == "kod":
        return _made(request, ministry, visitor, fields)
    line = _mine(_lines(ministry, visitor), str(fields.get("hes_kodu", "")))
    try:
        done = _changed(ministry, line, i, fields)
    except Refused as refused:
        return _code(request, ministry, visitor, line, refused=refused, status=400)
    if done == "silindi":
        return to(request, CODES, bilgi=done)
    place = [one.code.text for one in _lines(ministry, visitor)].index(line.code.text)
    return to(request, CODES, i="d", s=place, bilgi=done)


def _made(request: Request, ministry: Ministry, visitor: Visitor, fields: dict[str, Any]) -> Response:
    """Make the code that the form asks for, or show the form again with what is wrong."""
    try:
        holder = _holder(ministry, visitor, str(fields.get("kime", "")))
        order = IssueCode(
            citizen_id=holder.citizen_id,
            expires_at=_end(ministry.world.now(), fields),
            description=str(fields.get("aciklama", "")).strip(),
            channel=CHANNEL,
        )
        ministry.codes.issue(order)
    except Refused as refused:
        return _form(request, ministry, visitor, fields, refused=refused, status=400)
    return to(request, CODES, bilgi="uretildi")


def _changed(ministry: Ministry, line: Line, how: str, fields: dict[str, Any]) -> str:
    """Share, shorten or delete; the word for what was done."""
    if how == "paylas":
        label = str(fields.get("kurum", "")).strip()
        if not label:
            raise BadLabel("Name the institution that has the code.")
        ministry.codes.share(line.code, label)
        return "paylasildi"
    if how == "kisalt":
        ministry.codes.shorten(line.code, _end(ministry.world.now(), fields))
        return "kisaltildi"
    if how == "sil":
        ministry.codes.delete(line.code)
        return "silindi"
    raise UnknownCode("There is nothing of this kind to be done with a code. Choose on the code's page.")


def _lines(ministry: Ministry, visitor: Visitor) -> Sequence[Line]:
    """One's own codes, then the children's, each in the order of making."""
    now = ministry.world.now()
    return [
        Line(code, holder, state_at(code, now))
        for holder in _holders(ministry, visitor)
        for code in ministry.codes.of(holder.citizen_id)
    ]


def _holders(ministry: Ministry, visitor: Visitor) -> Sequence[Citizen]:
    return [visitor.citizen, *ministry.registry.children_of(visitor.citizen)]


def _holder(ministry: Ministry, visitor: Visitor, place: str) -> Citizen:
    """For whom: 0 for oneself, then the children. Raises `UnknownCitizen`."""
    holders = _holders(ministry, visitor)
    if not (place.isascii() and place.isdigit() and len(place) < 4 and int(place) < len(holders)):
        raise UnknownCitizen("You may make codes for yourself and your own children under 18 only.")
    return holders[int(place)]


def _at(lines: Sequence[Line], place: str) -> Line:
    """The code at a place of the list, from 0. Raises `UnknownCode`."""
    if not (place.isascii() and place.isdigit() and len(place) < 10 and int(place) < len(lines)):
        raise UnknownCode("There is no such code of yours. Go back to the list and choose one.")
    return lines[int(place)]


def _mine(lines: Sequence[Line], text: str) -> Line:
    """The code that is written so, if it is in the list. Raises `UnknownCode`, as for one that is not there."""
    try:
        wanted = HesCode.parse(text).text
    except InvalidWord:
        wanted = ""
    found = next((line for line in lines if line.code.text == wanted), None)
    if found is None:
        raise UnknownCode("There is no such code of yours. Go back to the list and choose one.")
    return found


def _end(now: datetime, fields: dict[str, Any]) -> datetime:
    """The end that a form asks for. Raises `BadDuration`."""
    if fields.get("sure") == INDEFINITELY:
        return INDEFINITE
    text = str(fields.get("bitis", "")).strip()
    for form in FORMATS:
        try:
            return ends_on_day(now, datetime.strptime(text, form).date())  # noqa: DTZ007  a day, no moment
        except ValueError:
            continue
    raise BadDuration("Choose the last day, or a code without end.")


def _form(
    request: Request,
    ministry: Ministry,
    visitor: Visitor,
    fields: dict[str, Any] | None = None,
    *,
    refused: Refused | None = None,
    status: int = 200,
) -> Response:
    typed = {name: str((fields or {}).get(name, "")) for name in ("kime", "sure", "bitis", "aciklama")}
    return page(
        request,
        ministry,
        "new_code.html",
        visitor,
        CODES,
        status=status,
        holders=_holders(ministry, visitor),
        typed=typed,
        refused=refused,
        today=_today(ministry),
    )


def _code(
    request: Request,
    ministry: Ministry,
    visitor: Visitor,
    line: Line,
    *,
    refused: Refused | None = None,
    status: int = 200,
) -> Response:
    language = language_of(request.query_params)
    title = language.say("HES kodunun QR görüntüsü", "QR image of the HES code")
    return page(
        request,
        ministry,
        "code.html",
        visitor,
        CODES,
        status=status,
        line=line,
        shares=ministry.codes.shares_of(line.code),
        said="" if refused else notice(request.query_params.get("bilgi", ""), language),
        refused=refused,
        today=_today(ministry),
        mine=line.holder.citizen_id == visitor.citizen.citizen_id,
        qr=inline(line.qr, title) if line.state is CodeState.ACTIVE else None,
        asked=asked_with(ministry, line.code, line.holder),
    )


def _today(ministry: Ministry) -> date:
    return ministry.world.now().astimezone(TURKEY).date()
