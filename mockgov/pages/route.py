"""Routes that answer people: what is refused becomes a page, not a problem in JSON."""

from collections.abc import Callable, Coroutine, Mapping
from types import MappingProxyType
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from mockgov.pages.frame import Frame
from mockgov.pages.guard import ForeignForm
from mockgov.refusal import Refused
from mockgov.vocabulary.errors import InvalidWord

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


Instead = Mapping[type[Exception], Callable[[Request], Response]]
"""What is answered in place of a page that says no, such as the way to sign in."""


def page_route(
    frame: Frame, template: str, status: Mapping[type[Exception], int], instead: Instead = MappingProxyType({})
) -> type[APIRoute]:
    """A route class whose refusals are drawn with `template`; `status` as in a counter's own table, else 400.

    The template is handed `refused` (a `Refused`, or None) and `code`, the HTTP status.
    """

    class PageRoute(APIRoute):
        def get_route_handler(self) -> Handler:
            plain = super().get_route_handler()

            async def handle(request: Request) -> Response:
                try:
                    return await plain(request)
                except Refused as refused:
                    if type(refused) in instead:
                        return instead[type(refused)](request)
                    code = 403 if isinstance(refused, ForeignForm) else status.get(type(refused), 400)
                    return frame.page(request, template, status=code, refused=refused, code=code)
                except (RequestValidationError, InvalidWord):
                    return frame.page(request, template, status=400, refused=None, code=400)
                except HTTPException as error:
                    return frame.page(request, template, status=error.status_code, refused=None, code=error.status_code)

            return handle

    return PageRoute
