"""Lab routes that tell where the doors beside HTTP are."""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Request
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.counters.scope import DOORS_KEY

router = APIRouter(prefix="/_lab", tags=["Lab (the sandbox's own controls)"])


class DoorShown(TypedDict):
    """A listener beside HTTP."""

    name: str
    host: str
    port: int


async def doors_of(request: Request) -> Any:
    """The server's doors: name, host, port."""
    return cast("Any", request.scope.get(DOORS_KEY, ()))


@router.get("/doors", summary="Where mail, registered mail and SMPP are taken in: name, host and port of each listener")
async def doors(doors: Annotated[Any, Depends(doors_of)]) -> list[DoorShown]:
    """One line for each door that is open; none where the ministry runs without them."""
    return [{"name": name, "host": host, "port": port} for name, host, port in doors]
