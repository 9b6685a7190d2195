"""Who is signed in on the web page: the token of M2 in a cookie, and what every page of a citizen's has."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import Depends, Request, Response
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse

from mockgov.codes.rules import UnknownCode
from mockgov.counters.context import Here, known_as_citizen
from mockgov.counters.web_app.words import in_words
from mockgov.family.rules import IllegalTransition, UnknownMembership
from mockgov.ministry import Ministry
from mockgov.pages.frame import Frame, address
from mockgov.pages.guard import check_form, form_token
from mockgov.pages.language import language_of
from mockgov.pages.route import page_route
from mockgov.refusal import Refused
from mockgov.registry.rules import Citizen
from mockgov.signin.rules import BadToken, NotRegistered

BASE: Final = "/uygulama"
COOKIE: Final = "hes_app"
PURPOSE: Final = "web-app"
FRAME: Final = Frame(
    Path(__file__).parent,
    BASE,
    style="app.css",
    policy={
        "img-src": "'self' data:",
        "script-src": "'self'",
        "connect-src": "'self'",
        "worker-src": "'self'",
        "manifest-src": "'self'",
    },
    permissions_policy="camera=(self), microphone=(), geolocation=()",
)
STATUS: Final[Mapping[type[Exception], int]] = {UnknownCode: 404, UnknownMembership: 404, IllegalTransition: 409}


def to_sign_in(request: Request) -> Response:
    """The way to the first page, for whoever is not signed in."""
    return to(request, BASE)


def to_registration(request: Request) -> Response:
    """The way to the registration, for whoever has not registered."""
    return to(request, f"{BASE}/kayit")


ROUTE: Final = page_route(FRAME, "refused.html", STATUS, {BadToken: to_sign_in, NotRegistered: to_registration})


async def newcomer(request: Request, ministry: Here) -> Citizen:
    """The citizen of the cookie. Raises `BadToken`."""
    citizen_id = ministry.signin.bearer(request.cookies.get(COOKIE, ""))
    return ministry.registry.citizen(known_as_citizen(request, citizen_id))


Newcomer = Annotated[Citizen, Depends(newcomer)]


async def holder(citizen: Newcomer, ministry: Here) -> Citizen:
    """The citizen of the cookie, who has registered. Raises `BadToken`, `NotRegistered`."""
    ministry.signin.require_registered(citizen.citizen_id)
    return citizen


Holder = Annotated[Citizen, Depends(holder)]


async def form_of(request: Request, citizen: Newcomer, ministry: Here) -> FormData:
    """What a form of this citizen's sent. Raises `ForeignForm`."""
    return await read_form(request, token_of(ministry, citizen))


Form = Annotated[FormData, Depends(form_of)]


async def read_form(request: Request, token: str) -> FormData:
    """What a form with this token sent. Raises `ForeignForm`."""
    async with request.form(max_files=0, max_fields=20) as fields:
        check_form(request.headers, fields, token)
        return fields


def token_of(ministry: Ministry, citizen: Citizen | None) -> str:
    """What the forms of a citizen carry, or of nobody yet."""
    whose = "" if citizen is None else f"-{ministry.signin.user(citizen.citizen_id).user_id}"
    return form_token(ministry.world.streams, PURPOSE + whose)


def page(
    request: Request,
    ministry: Ministry,
    citizen: Citizen | None,
    template: str,
    *,
    here: str,
    refused: Refused | None = None,
    status: int = 200,
    **words: Any,
) -> HTMLResponse:
    """A page of a citizen's, or of nobody yet; `here` is the part after the base at which it can be read again."""
    language = language_of(request.query_params)
    return FRAME.page(
        request,
        template,
        status=status,
        path=BASE + here,
        base=BASE,
        here=here,
        citizen=citizen,
        token=token_of(ministry, citizen),
        refused=None if refused is None else in_words(refused, language),
        done=request.query_params.get("tamam", ""),
        now=ministry.world.now(),
        **words,
    )


def status_of(refused: Refused) -> int:
    """The HTTP status of a page that shows a refusal beside its form."""
    return STATUS.get(type(refused), 400)


def to(request: Request, path: str, **query: str | int) -> RedirectResponse:
    """On to a page, in the language of this one, by GET."""
    return RedirectResponse(address(request, path, language_of(request.query_params), **query), 303)


def text(fields: FormData, name: str, length: int = 300) -> str:
    """A field of a form, without blanks around it, cut to a length."""
    value = fields.get(name)
    return value.strip()[:length] if isinstance(value, str) else ""
