# ruff: noqa: D103  a route's name and address say what it is
"""The worlds of this server, and the way from one into another."""

from typing import Any, Final, NamedTuple

from fastapi import APIRouter, Request, Response

from mockgov.clock import RunningClock
from mockgov.console.frame import BASE, FRAME, ROUTE
from mockgov.console.today import Watchers
from mockgov.counters.context import Here
from mockgov.ministry import Ministry
from mockgov.pages.language import Language, language_of
from mockgov.world import DEFAULT

WORLDS: Final = f"{BASE}/worlds"
router = APIRouter(include_in_schema=False, route_class=ROUTE)


class Line(NamedTuple):
    """A world in the list."""

    ministry: Ministry
    address: str
    """Of its console."""
    people: int
    runs: bool


@router.get(WORLDS)
async def worlds(request: Request, ministry: Here, live: Watchers) -> Response:
    language = language_of(request.query_params)
    root = str(request.scope.get("root_path", "")).removesuffix(f"/w/{ministry.world.name}")
    lines = [_line(one, root, language) for _, one in sorted(live.ministries().items())]
    return FRAME.page(request, "worlds.html", lines=lines)


def _line(ministry: Ministry, root: str, language: Language) -> Line:
    name = ministry.world.name
    prefix = "" if name == DEFAULT else f"/w/{name}"
    query = "" if language is Language.TURKISH else f"?lang={language}"
    clock: Any = ministry.world.clock
    return Line(ministry, f"{root}{prefix}{BASE}{query}", ministry.registry.count(), isinstance(clock, RunningClock))
