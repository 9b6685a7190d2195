"""A page for an address of the console that leads nowhere, for whoever reads pages."""

from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse

from mockgov.console.frame import BASE, FRAME
from mockgov.counters.scope import SCOPE_KEY

HERE: Final = (BASE, "/telefon")


def missing(request: Request) -> HTMLResponse | None:
    """The page, if a browser asks for one below the console; None for everybody else."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    is_ours = any(path == one or path.startswith(f"{one}/") for one in HERE)
    if not is_ours or "text/html" not in request.headers.get("accept", "") or SCOPE_KEY not in request.scope:
        return None
    return FRAME.page(request, "missing.html", status=404, place="")
