# ruff: noqa: D103  a route's name and address say what it is
"""The world's clock: read it, set it, advance it, let it run or stand."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from fastapi import APIRouter, Request, Response

from mockgov.clock import TURKEY, ClockRefusedError, ManualClock, RunningClock
from mockgov.console.frame import BASE, FRAME, ROUTE, Form, text, to
from mockgov.console.today import SERVICES
from mockgov.console.words import in_words
from mockgov.counters.context import Here
from mockgov.ministry import Ministry
from mockgov.pages.language import language_of
from mockgov.refusal import Refused

CLOCK: Final = f"{BASE}/clock"
FAR: Final = timedelta(days=365 * 80)
"""The clock moves no further at a time."""
STEPS: Final = (
    (60, "1 dakika", "1 minute"),
    (600, "10 dakika", "10 minutes"),
    (3_600, "1 saat", "1 hour"),
    (86_400, "1 gün", "1 day"),
    (604_800, "1 hafta", "1 week"),
)
"""Seconds that a button moves the clock, and what it says."""
UNITS: Final = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}
FACTORS: Final[Sequence[float]] = ()
"""How many times as fast as real time a clock may be let run beside once; none while clocks know no other."""

router = APIRouter(include_in_schema=False, route_class=ROUTE)


class ClockRefused(Refused):
    """A move that the clock cannot make."""

    key = "clockrefused"


@router.get(CLOCK)
async def clock(request: Request, ministry: Here) -> Response:
    return _shown(request, ministry)


@router.post(CLOCK)
async def move(request: Request, ministry: Here, fields: Form) -> Response:
    """One of: `step` seconds on, `amount` of a `unit` on, `to` a moment by Turkish clocks, to what is `next`, `run`."""
    try:
        await _moved(ministry, fields)
    except Refused as refused:
        return _shown(request, ministry, refused=refused)
    return to(request, CLOCK, done=1)


def _shown(request: Request, ministry: Ministry, *, refused: Refused | None = None) -> Response:
    language = language_of(request.query_params)
    now = ministry.world.now()
    return FRAME.page(
        request,
        "clock.html",
        status=200 if refused is None else 400,
        path=CLOCK,
        runs=isinstance(ministry.world.clock, RunningClock),
        steps=[(seconds, language.say(turkish, english)) for seconds, turkish, english in STEPS],
        local=f"{now.astimezone(TURKEY):%Y-%m-%dT%H:%M}",
        exact=f"{now.astimezone(TURKEY):%H:%M:%S}",
        factors=FACTORS,
        due=[(language.say(*SERVICES.get(name, (name, name))), moment) for name, moment in ministry.due()],
        done=request.query_params.get("done", ""),
        refused=None if refused is None else in_words(refused, language),
    )


async def _moved(ministry: Ministry, fields: Form) -> None:
    """Do what a form asks of the clock. Raises `ClockRefused`."""
    now = ministry.world.now()
    try:
        if "run" in fields:
            _let_run(ministry, text(fields, "run"))
        elif "next" in fields:
            await ministry.advancing(min((moment for _, moment in ministry.due()), default=now))
        elif "to" in fields:
            await _advance(ministry, now, datetime.fromisoformat(text(fields, "to")).replace(tzinfo=TURKEY))
        else:
            await _advance(ministry, now, now + _span(fields))
    except ClockRefusedError as error:
        raise ClockRefused(str(error)) from None
    except (ValueError, OverflowError):
        raise ClockRefused(
            "Give a moment such as 2021-10-05T08:00, or a number of seconds or days, 0 or more."
        ) from None


def _span(fields: Form) -> timedelta:
    """How far a form wants the clock to go on."""
    if step := text(fields, "step"):
        return timedelta(seconds=int(step))
    seconds = float(text(fields, "amount").replace(",", ".")) * UNITS.get(text(fields, "unit"), 1)
    if not math.isfinite(seconds):
        raise ValueError("no number")
    return timedelta(seconds=seconds)


async def _advance(ministry: Ministry, now: datetime, moment: datetime) -> None:
    if moment - now > FAR:
        raise ClockRefused("A world's clock moves at most 80 years at a time.")
    await ministry.advancing(moment)


def _let_run(ministry: Ministry, how: str) -> None:
    """Let the clock stand, or run as fast as real time."""
    if how != "no":
        ministry.world.run()
        return
    ministry.settle()
    ministry.world.clock = ManualClock(ministry.world.now())
    with ministry.world.database.transaction():
        ministry.world.keep_clock()
