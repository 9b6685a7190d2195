# ruff: noqa: D103  a route's name and address say what it is
"""The fault plan: what goes wrong on purpose in this world, one more fault, one less, or none."""

from collections.abc import Mapping, Sequence
from dataclasses import fields as fields_of
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from mockgov.console.frame import BASE, FRAME, ROUTE, Form, text, to
from mockgov.console.words import in_words
from mockgov.counters.context import Here
from mockgov.faults import Delay, Fault, FaultError, Misstate, Refuse
from mockgov.ministry import Ministry
from mockgov.pages.language import language_of
from mockgov.refusal import Refused

FAULTS: Final = f"{BASE}/faults"
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "refuse": ("Reddet", "Refuse"),
    "delay": ("Geciktir", "Delay"),
    "misstate": ("Ters yanıt ver", "Answer the opposite"),
}
"""What can be added here."""
LONGEST_MS: Final = 600_000
MOST: Final = 100
"""Faults of a plan."""

router = APIRouter(include_in_schema=False, route_class=ROUTE)


class BadFault(Refused):
    """A fault that cannot be."""

    key = "badfault"


@router.get(FAULTS)
async def faults(request: Request, ministry: Here) -> Response:
    return _shown(request, ministry)


@router.post(FAULTS)
async def change(request: Request, ministry: Here, fields: Form) -> Response:
    """Add a fault, take the `nth` away, or `heal` everything."""
    try:
        _change(ministry, fields)
    except Refused as refused:
        return _shown(request, ministry, typed={name: text(fields, name) for name in fields}, refused=refused)
    return to(request, FAULTS, done=1)


def told(fault: Fault) -> Sequence[tuple[str, object]]:
    """What a fault says beside its kind: each field that is not as it would be anyway."""
    said = [(field.name, getattr(fault, field.name), field.default) for field in fields_of(fault)]
    return [(name, value) for name, value, usual in said if name != "share" and value != usual]


def _shown(
    request: Request, ministry: Ministry, *, typed: Mapping[str, str] | None = None, refused: Refused | None = None
) -> Response:
    language = language_of(request.query_params)
    return FRAME.page(
        request,
        "faults.html",
        status=200 if refused is None else 400,
        path=FAULTS,
        plan=[(type(one).__name__, one.share, told(one)) for one in ministry.world.faults.faults],
        kinds=[(name, language.say(*words)) for name, words in KINDS.items()],
        names={name.capitalize(): language.say(*words) for name, words in KINDS.items()},
        typed={"kind": "refuse", "percent": "5", "status": "503", "retry_after_s": "", "milliseconds": "500"}
        | dict(typed or {}),
        done=request.query_params.get("done", ""),
        refused=None if refused is None else in_words(refused, language),
    )


def _change(ministry: Ministry, fields: Form) -> None:
    """Change the plan. Raises `BadFault` and changes nothing."""
    plan: Any = tuple(ministry.world.faults.faults)
    try:
        if "heal" in fields:
            ministry.world.faults.replace(())
        elif "nth" in fields:
            nth = int(text(fields, "nth"))
            ministry.world.faults.replace(tuple(one for place, one in enumerate(plan) if place != nth))
        elif len(plan) >= MOST:
            raise BadFault(f"A plan has {MOST} faults at most; take one away first.")
        else:
            ministry.world.faults.replace((*plan, _fault(fields)))
    except (FaultError, ValueError) as error:
        raise BadFault(str(error) if isinstance(error, FaultError) else "Type numbers into the fields.") from None


def _fault(fields: Form) -> Fault:
    """The fault that a form describes. Raises `BadFault`, `ValueError`."""
    kind, share = text(fields, "kind"), float(text(fields, "percent").replace(",", ".")) / 100
    if kind == "delay":
        milliseconds = int(text(fields, "milliseconds"))
        if milliseconds > LONGEST_MS:
            raise BadFault(f"A delay lasts {LONGEST_MS} milliseconds at most.")
        return Delay(share=share, milliseconds=milliseconds)
    if kind == "misstate":
        return Misstate(share=share)
    if kind != "refuse":
        raise BadFault("Choose a kind of fault from the list.")
    after = text(fields, "retry_after_s")
    return Refuse(share=share, status=int(text(fields, "status")), retry_after_s=int(after) if after else None)
