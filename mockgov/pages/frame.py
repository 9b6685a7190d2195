"""Draws a page: a template of the caller's in the shared frame, with the style sheet inside."""

from base64 import b64encode
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse

from mockgov.pages.language import Language, language_of
from mockgov.refusal import SCOPE_KEY, Refused
from mockgov.vocabulary.likeness import likenesses

if TYPE_CHECKING:
    from jinja2 import Environment

HERE: Final = Path(__file__).parent
POLICY: Final = {
    "default-src": "'none'",
    "style-src": "'none'",
    "img-src": "data:",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
"""What a page may load and do, and who may show it in a frame."""
STAMP: Final = "SANDBOX — hukuki geçerliliği yoktur"
STAMP_IN_ENGLISH: Final = "SANDBOX — no legal force"


class Frame:
    """The pages of one counter."""

    def __init__(
        self, folder: Path, home: str, *, style: str = "", policy: Mapping[str, str] | None = None, **headers: str
    ) -> None:
        """`folder` has the templates, each extending `base.html` of this package; `home` is the first page's path.

        `style` names a sheet in the folder that is added to the shared one; `policy` allows more than pages usually
        need, by directives of the content security policy; `headers` go out with every page, `_` standing for `-`.
        """
        self._folder = folder
        self._home = home
        self._own_style = style
        self._policy = POLICY | dict(policy or {})
        self._own_headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def page(
        self, request: Request, template: str, *, status: int = 200, path: str | None = None, **words: Any
    ) -> HTMLResponse:
        """The page that a template makes of `words`, in the language that the request asks for.

        `path` is where the page can be read again, for one that answers a form that was sent.

        A template has beside them: `say(tr, en)`, `at(path, **query)` for an address in the request's world and
        language, `day`, `moment` and `number` for writing, and `language`.
        """
        if isinstance(refused := words.get("refused"), Refused):
            request.scope[SCOPE_KEY] = refused.key
        language = language_of(request.query_params)
        html = self._environment.get_template(template).render(
            **words,
            language=language,
            say=language.say,
            day=language.day,
            moment=language.moment,
            number=language.number,
            at=_addresses(request, language),
            other_language=_in_other_language(request, language, path or self._readable(request)),
            stamp=STAMP,
            stamp_in_english=STAMP_IN_ENGLISH,
            style=self._style,
        )
        return HTMLResponse(html, status, self._headers)

    def _readable(self, request: Request) -> str:
        """The path of the request if it can be read again, else the first page's."""
        path = str(request.scope["path"]).removeprefix(request.scope.get("root_path", ""))
        return path if request.method == "GET" and not _tells(request, path) else self._home

    @cached_property
    def _environment(self) -> "Environment":
        from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415  heavy; wanted by few

        return Environment(
            loader=FileSystemLoader([self._folder, HERE]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @cached_property
    def _style(self) -> str:
        shared = (HERE / "style.css").read_text(encoding="utf-8")
        return shared + (self._folder / self._own_style).read_text(encoding="utf-8") if self._own_style else shared

    @cached_property
    def _headers(self) -> dict[str, str]:
        """No style but this one, no frame around it, no copy kept, no address told to others; usually no script."""
        digest = b64encode(sha256(self._style.encode()).digest()).decode()
        directives = self._policy | {"style-src": f"'sha256-{digest}'"}
        return self._own_headers | {
            "content-security-policy": "; ".join(f"{name} {allows}" for name, allows in directives.items()),
            "cache-control": "no-store",
            "referrer-policy": "same-origin",
            "x-content-type-options": "nosniff",
        }


def address(request: Request, path: str, language: Language, **query: str | int) -> str:
    """A path in the request's world, with a query string, in a language."""
    given = {name: str(value) for name, value in query.items()}
    if language is not Language.TURKISH:
        given["lang"] = language
    world: str = request.scope.get("root_path", "")
    return world + path + (f"?{urlencode(given)}" if given else "")


def _addresses(request: Request, language: Language) -> Any:
    def at(path: str, **query: str | int) -> str:
        return address(request, path, language, **query)

    return at


def _tells(request: Request, text: str) -> bool:
    """Whether a part of an address may have a living person's number, and is not repeated."""
    ministry = request.scope.get("hes.ministry")  # as `mockgov.counters.context` has it
    found = likenesses(text) if ministry is None else ministry.tripwire.strange(text)
    return next(found, None) is not None


def _in_other_language(request: Request, language: Language, path: str) -> str:
    """A page in the other language."""
    other = Language.TURKISH if language is Language.ENGLISH else Language.ENGLISH
    query = {
        name: value
        for name, value in request.query_params.items()
        if name != "lang" and not _tells(request, f"{name} {value}")
    }
    return address(request, path, other, **query)
