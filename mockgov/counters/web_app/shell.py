# ruff: noqa: D103  a route's name and address say what it is
"""The shell that a phone keeps: manifest, icons, script, service worker, and the page for when there is no network.

No page of a person's is among them.
"""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response

from mockgov.counters.context import Here
from mockgov.counters.web_app.session import BASE, ROUTE, page
from mockgov.pages.frame import HERE as SHARED
from mockgov.pages.language import Language, language_of

router = APIRouter(route_class=ROUTE)
FOLDER: Final = Path(__file__).parent
ICONS: Final = ("icon.svg", "icon-maskable.svg")
THEME: Final = "#0a5c54"
GROUND: Final = "#f3f5f4"
VERSION_MARK: Final = "SHELL_VERSION"
NO_SNIFFING: Final = {"x-content-type-options": "nosniff", "cache-control": "no-cache"}


@router.get(f"{BASE}/manifest.webmanifest")
async def manifest(request: Request) -> Response:
    language = language_of(request.query_params)
    query = "" if language is Language.TURKISH else f"?lang={language}"
    told = {
        "id": "../uygulama",
        "name": language.say("Hayat Eve Sığar (deneme ortamı)", "Hayat Eve Sığar (sandbox)"),
        "short_name": "HES Sandbox",
        "description": language.say(
            "HES kodu uygulamasının deneme ortamındaki sayfası; hukuki geçerliliği yoktur.",
            "The sandbox's page in place of the HES application; no legal force.",
        ),
        "lang": language.value,
        "start_url": f"../uygulama{query}",
        "scope": "../uygulama",
        "display": "standalone",
        "theme_color": THEME,
        "background_color": GROUND,
        "icons": [
            {"src": "icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
            {"src": "icon-maskable.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "maskable"},
        ],
    }
    body = json.dumps(told, ensure_ascii=False)
    return Response(body, media_type="application/manifest+json", headers=NO_SNIFFING)


@router.get(f"{BASE}/icon.svg")
async def icon() -> Response:
    return Response(_file("icon.svg"), media_type="image/svg+xml", headers=NO_SNIFFING)


@router.get(f"{BASE}/icon-maskable.svg")
async def maskable() -> Response:
    return Response(_file("icon-maskable.svg"), media_type="image/svg+xml", headers=NO_SNIFFING)


@router.get(f"{BASE}/app.js")
async def script() -> Response:
    return Response(_file("app.js"), media_type="text/javascript", headers=NO_SNIFFING)


@router.get(f"{BASE}/worker.js")
async def worker(request: Request) -> Response:
    """Its scope is the application of this world, whose first page has no slash at its end."""
    scope = str(request.scope.get("root_path", "")) + BASE
    policy = "default-src 'none'; connect-src 'self'"
    headers = NO_SNIFFING | {"service-worker-allowed": scope, "content-security-policy": policy}
    return Response(_file("worker.js").replace(VERSION_MARK, _version()), media_type="text/javascript", headers=headers)


@router.get(f"{BASE}/cevrimdisi")
async def offline(request: Request, ministry: Here) -> Response:
    return page(request, ministry, None, "offline.html", here="/cevrimdisi")


@cache
def _file(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


@cache
def _version() -> str:
    """Another one whenever anything of the shell is another."""
    names = (*ICONS, "app.js", "worker.js", "app.css", "app.html", "offline.html")
    whole = "".join(_file(name) for name in names) + (SHARED / "style.css").read_text(encoding="utf-8")
    return sha256(whole.encode()).hexdigest()[:12]
