"""The lab's routes for the clock of a world: read it, set it, move it on, let it run, stop it."""

from datetime import timedelta
from typing import Final

from fastapi import APIRouter
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.counters.context import Here
from mockgov.counters.reading import wire_moment
from mockgov.lab.wire import ClockMove
from mockgov.ministry import Ministry
from mockgov.refusal import Refused

FAR: Final = timedelta(days=365 * 80)
BACK: Final = "`POST /_lab/worlds/{name}/restore` goes back to a snapshot."

router = APIRouter(prefix="/_lab", tags=["Lab (the sandbox's own controls)"])


class ClockShown(TypedDict):
    """A world's clock."""

    world: str
    now: str
    clock: str
    """`manual` while it stands, `running` while it does."""
    factor: float
    """Seconds of the world's time in a real second; 0 while it stands."""
    next_due: str | None
    """When something happens next by itself: a letter, a message, an answer, an erasure."""


@router.get("/clock", summary="This world's clock")
async def clock(ministry: Here) -> ClockShown:
    """As it stands; what it will do next, if anything."""
    return _shown(ministry)


@router.post("/clock", summary="Move, start or stop this world's clock; what falls due has happened when this returns")
async def move_clock(body: ClockMove, ministry: Here) -> ClockShown:
    """Give one of `to`, `advance_s`, `run`; `factor` alone lets it run, too.

    Whatever falls due on the way happens in its order, each at its own time. The clock only goes forward.
    """
    runs = body.run is not None or body.factor is not None
    if (body.to is not None) + (body.advance_s is not None) + runs != 1 or (body.run is False and body.factor):
        raise Refused(f"Give one of `to`, `advance_s`, `run` or `factor`. {BACK}", key="clockrefused")
    if body.run is False:
        ministry.stand()
    elif runs:
        ministry.run(body.factor or 1.0)
    else:
        now = ministry.world.now()
        to = body.to if body.to is not None else now + timedelta(seconds=body.advance_s or 0)
        if to - now > FAR:
            raise Refused("A world's clock moves at most 80 years at a time.", key="clockrefused")
        await ministry.advancing(to if body.to is not None else to - now)
    return _shown(ministry)


def _shown(ministry: Ministry) -> ClockShown:
    next_due = ministry.next_due()
    return {
        "world": ministry.world.name,
        "now": wire_moment(ministry.world.now()),
        "clock": ministry.world.clock.kind,
        "factor": ministry.world.factor,
        "next_due": None if next_due is None else wire_moment(next_due),
    }
