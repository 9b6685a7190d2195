"""Which ministry a request is for: the front puts it into the ASGI scope, routes take it from here."""

from typing import Annotated, cast

from fastapi import Depends, Request

from mockgov.counters.scope import ASKER, SCOPE_KEY
from mockgov.ministry import Ministry


async def ministry_of(request: Request) -> Ministry:
    """The ministry of the world that the path or the default named."""
    return cast("Ministry", request.scope[SCOPE_KEY])


def known_as_citizen(request: Request, citizen_id: int) -> int:
    """Leave word for the journal that a citizen asks; gives the number back."""
    request.scope[ASKER] = f"citizen:{citizen_id}"
    return citizen_id


Here = Annotated[Ministry, Depends(ministry_of)]
"""A route's parameter: the ministry it is to use."""
