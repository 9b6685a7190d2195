"""What all pages of the counter share: the frame, how a refusal is shown, how a page is drawn for who is signed in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse

from mockgov.codes.rules import UnknownCode
from mockgov.counters.edevlet.access import NotManager, Visitor, page_token
from mockgov.counters.edevlet.words import TOO_LARGE, UNREADABLE, told
from mockgov.edevlet.rules import NoSession
from mockgov.groups.rules import UnknownGroup, UnknownMember
from mockgov.ministry import Ministry
from mockgov.pages.frame import Frame, address
from mockgov.pages.language import Language, language_of
from mockgov.pages.route import page_route
from mockgov.refusal import Refused
from mockgov.registry.rules import UnknownCitizen

HOME: Final = "/e-devlet"
SIGN_IN: Final = "/Giris/gir"
QUERY: Final = "/saglik-bakanligi-hes-kodu-sorgulama"
CODES: Final = "/saglik-bakanligi-hes-kodu-uretme-ve-listeleme"
GROUPS: Final = "/saglik-bakanligi-toplu-hes-kodu-sorgulama"
SERVICES: Final[Mapping[str, tuple[str, str]]] = {
    QUERY: ("HES Kodu Sorgulama", "HES code query"),
    CODES: ("HES Kodu Üretme ve Listeleme", "Making and listing HES codes"),
    GROUPS: ("Toplu HES Kodu Sorgulama", "Bulk HES code query"),
}
"""Path and name of each service."""


class Busy(Refused):
    """The query desk cannot answer just now."""

    key = "busy"


STATUS: Final[Mapping[type[Exception], int]] = {
    NoSession: 403,
    NotManager: 403,
    UnknownCode: 404,
    UnknownGroup: 404,
    UnknownMember: 404,
    UnknownCitizen: 404,
    Busy: 503,
}


class TellingFrame(Frame):
    """The frame of these pages: a template finds in `told` what is refused, in the page's language."""

    def page(
        self, request: Request, template: str, *, status: int = 200, path: str | None = None, **words: Any
    ) -> HTMLResponse:
        """As every frame; with `told`, empty where nothing is refused."""
        words["told"] = _told(words.get("refused"), status, language_of(request.query_params))
        return super().page(request, template, status=status, path=path, **words)


FRAME: Final = TellingFrame(Path(__file__).parent, HOME)


def page_router() -> APIRouter:
    """A router of pages whose refusals are pages, too."""
    return APIRouter(include_in_schema=False, route_class=page_route(FRAME, "refused.html", STATUS))


def page(
    request: Request,
    ministry: Ministry,
    template: str,
    visitor: Visitor | None,
    service: str,
    **words: Any,
) -> HTMLResponse:
    """A page of a service, with the token that its forms carry."""
    token = "" if visitor is None else page_token(ministry, visitor, service)
    return FRAME.page(
        request,
        template,
        path=words.pop("path", service),
        status=words.pop("status", 200),
        visitor=visitor,
        service=service,
        service_name=SERVICES.get(service, ("", "")),
        token=token,
        **words,
    )


def _told(refused: Refused | None, code: int, language: Language) -> str:
    if refused is not None:
        return told(refused, language)
    if code == 413:
        return language.say(*TOO_LARGE)
    return language.say(*UNREADABLE) if code >= 400 else ""


def closed(request: Request, ministry: Ministry, service: str) -> HTMLResponse:
    """What a service shows to somebody who is not signed in."""
    return page(request, ministry, "closed.html", None, service)


def to(request: Request, path: str, status: int = 302, **query: str | int) -> RedirectResponse:
    """Send the browser to a page of this world, in the language at hand."""
    return RedirectResponse(address(request, path, language_of(request.query_params), **query), status)
