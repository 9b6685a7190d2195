"""Routes of a code's QR page."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response

from mockgov.codes.rules import INDEFINITE, Code, CodeState, UnknownCode, state_at
from mockgov.counters.context import Here
from mockgov.ministry import Ministry
from mockgov.pages.frame import Frame
from mockgov.pages.qr_image import data_uri, png, svg
from mockgov.pages.route import page_route
from mockgov.refusal import Refused
from mockgov.short_number.rules import UnknownLink
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.qr import QrPayload

BASE: Final = "/qr"


class CodeGone(Refused):
    """The code of this page has been deleted."""

    key = "codegone"


class CodeOver(Refused):
    """The code of this page has expired."""

    key = "codeover"


STATUS: Final[Mapping[type[Exception], int]] = {UnknownLink: 404, CodeGone: 410, CodeOver: 410}
FRAME: Final = Frame(Path(__file__).parent, BASE)
UNCOPIED: Final = {"cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "same-origin"}

router = APIRouter(prefix=BASE, include_in_schema=False, route_class=page_route(FRAME, "refused.html", STATUS))


@router.get("/{token}.svg")
async def drawing(token: str, ministry: Here) -> Response:
    return Response(svg(_payload(_valid(ministry, token))), media_type="image/svg+xml", headers=UNCOPIED)


@router.get("/{token}.png")
async def pixels(token: str, ministry: Here) -> Response:
    return Response(png(_payload(_valid(ministry, token))), media_type="image/png", headers=UNCOPIED)


@router.get("/{token}")
async def qr_page(token: str, request: Request, ministry: Here) -> Response:
    code = _valid(ministry, token)
    holder = ministry.registry.citizen(code.citizen_id)
    return FRAME.page(
        request,
        "qr.html",
        here=f"{BASE}/{token}",
        dashed=HesCode(code.text).dashed,
        ends=None if code.expires_at == INDEFINITE else code.expires_at,
        holder=f"{holder.masked_firstname} {holder.masked_lastname}".strip(),
        image=data_uri(_payload(code)),
    )


def _valid(ministry: Ministry, token: str) -> Code:
    """The code of a page. Raises `UnknownLink`, `CodeGone`, `CodeOver`."""
    text = ministry.short_number.code_at(token)
    try:
        code = ministry.codes.get(HesCode(text))
    except UnknownCode:
        raise CodeGone("This HES code has been deleted. Nobody can use it any more; ask 2023 for a new one.") from None
    if state_at(code, ministry.world.now()) is CodeState.EXPIRED:
        raise CodeOver("This HES code has expired. Ask 2023 for a new one.")
    return code


def _payload(code: Code) -> str:
    return QrPayload(token=code.qr_token, code=HesCode(code.text)).text
