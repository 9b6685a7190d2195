"""The frame of the console: one navigation, which world this is, and the guard of its forms."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple, cast

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse

from mockgov.codes.rules import UnknownCode
from mockgov.console.scripts import HTMX, LIVE, SSE
from mockgov.counters.context import Here
from mockgov.counters.scope import SCOPE_KEY
from mockgov.credentials.rules import UnknownAccount
from mockgov.kep.rules import UnknownEvidence, UnknownKepAccount, UnknownLetter
from mockgov.mail.rules import UnknownMail
from mockgov.ministry import Ministry
from mockgov.pages.frame import Frame, address
from mockgov.pages.guard import check_form, form_token
from mockgov.pages.language import Language, language_of
from mockgov.pages.route import page_route
from mockgov.registry.rules import UnknownCitizen, UnknownInstitution

BASE: Final = "/console"
PURPOSE: Final = "console"
SCRIPTS: Final = {"script-src": "'self'", "connect-src": "'self'"}
"""What the policy of a page with scripts allows beside the usual."""


class Place(NamedTuple):
    """An entry of the navigation."""

    path: str
    turkish: str
    english: str


PLACES: Final = (
    Place(BASE, "Bugün", "Today"),
    Place(f"{BASE}/people", "Kişiler", "People"),
    Place(f"{BASE}/check", "Kod kontrolü", "Check a code"),
    Place("/telefon", "Telefonlar", "Phones"),
    Place(f"{BASE}/mail", "E-posta", "Mail"),
    Place(f"{BASE}/kep", "KEP", "KEP"),
    Place(f"{BASE}/institutions", "Kurumlar", "Institutions"),
    Place(f"{BASE}/desk", "Değerlendirme", "Evaluation"),
    Place(f"{BASE}/clock", "Saat", "Clock"),
    Place(f"{BASE}/faults", "Arızalar", "Faults"),
    Place(f"{BASE}/journal", "Günlük", "Journal"),
    Place(f"{BASE}/worlds", "Dünyalar", "Worlds"),
)
STATUS: Final[Mapping[type[Exception], int]] = {
    UnknownCitizen: 404,
    UnknownInstitution: 404,
    UnknownAccount: 404,
    UnknownCode: 404,
    UnknownMail: 404,
    UnknownKepAccount: 404,
    UnknownLetter: 404,
    UnknownEvidence: 404,
}


class ConsoleFrame(Frame):
    """Pages with the console's navigation; `console.html` is what their templates extend."""

    def __init__(self, home: str, *, policy: Mapping[str, str] | None = None) -> None:
        """`home` is the path that a form's refusal leads back to."""
        super().__init__(Path(__file__).parent, home, style="console.css", policy=policy)

    def page(
        self, request: Request, template: str, *, status: int = 200, path: str | None = None, **words: Any
    ) -> HTMLResponse:
        """The page, with what the navigation says; see `Frame.page`."""
        ministry = cast("Ministry", request.scope[SCOPE_KEY])
        known = {
            "places": PLACES,
            "place": place_of(path or self._readable(request)),
            "world": ministry.world.name,
            "now": ministry.world.now(),
            "token": token_of(ministry),
            "htmx": request.scope.get("root_path", "") + HTMX,
            "live": request.scope.get("root_path", "") + LIVE,
            "sse": request.scope.get("root_path", "") + SSE,
        }
        return super().page(request, template, status=status, path=path, **(known | words))

    def part(self, template: str, language: Language, **words: Any) -> str:
        """A part of a page by itself: HTML without links."""
        return self._environment.get_template(template).render(
            **words,
            language=language,
            say=language.say,
            day=language.day,
            moment=language.moment,
            number=language.number,
        )


FRAME: Final = ConsoleFrame(BASE, policy=SCRIPTS)
ROUTE: Final = page_route(FRAME, "not_done.html", STATUS)


def place_of(path: str) -> str:
    """The path of the entry that a page belongs to; empty for none."""
    fits = [place.path for place in PLACES if path == place.path or path.startswith(f"{place.path}/")]
    return max(fits, key=len, default="")


def token_of(ministry: Ministry) -> str:
    """What the forms of the console carry."""
    return form_token(ministry.world.streams, PURPOSE)


async def form_of(request: Request, ministry: Here) -> FormData:
    """What a form of the console sent. Raises `ForeignForm`."""
    async with request.form(max_files=0, max_fields=50) as fields:
        check_form(request.headers, fields, token_of(ministry))
        return fields


Form = Annotated[FormData, Depends(form_of)]


def text(fields: FormData, name: str, length: int = 300) -> str:
    """A field of a form, without blanks around it, cut to a length."""
    value = fields.get(name)
    return value.strip()[:length] if isinstance(value, str) else ""


def to(request: Request, path: str, **query: str | int) -> RedirectResponse:
    """On to a page of this world, in the language of this one, by GET."""
    return RedirectResponse(address(request, path, language_of(request.query_params), **query), 303)
