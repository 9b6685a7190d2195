# ruff: noqa: D103  a route's name and address say what it is
"""Family and children."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from mockgov.counters.context import Here
from mockgov.counters.mobile_app.access import read_phone
from mockgov.counters.mobile_app.family import health_seen
from mockgov.counters.web_app.session import BASE, ROUTE, Form, Holder, page, status_of, text, to
from mockgov.family.messages import AcceptInvitation, GiveLeave, InviteMember
from mockgov.family.rules import Membership, UnknownMembership
from mockgov.ministry import Ministry
from mockgov.refusal import Refused
from mockgov.registry.rules import Citizen

router = APIRouter(route_class=ROUTE)
FAMILY: Final = f"{BASE}/aile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A family tie as one of its two sides sees it."""

    made: Membership
    other: Citizen
    is_owner: bool
    health: str | None
    """`RISKLESS`, `RISKY`, or None where the other does not allow it."""
    shows: bool
    """Whether the other sees one's own."""


@router.get(FAMILY)
async def family(request: Request, citizen: Holder, ministry: Here) -> Response:
    return _family(request, ministry, citizen)


@router.post(f"{FAMILY}/davet")
async def invite(request: Request, citizen: Holder, fields: Form, ministry: Here) -> Response:
    def do() -> None:
        member = ministry.registry.by_phone(read_phone(text(fields, "phone")))
        ministry.families.invite(
            InviteMember(
                owner_id=citizen.citizen_id,
                member_id=member.citizen_id,
                relation=text(fields, "relation"),
                health_allowed="health" in fields,
                location_allowed=False,
            )
        )

    return _change(request, ministry, citizen, do, "davet", text(fields, "phone"), text(fields, "relation"))


@router.post(f"{FAMILY}/kabul")
async def accept(request: Request, citizen: Holder, fields: Form, ministry: Here) -> Response:
    def do() -> None:
        order = AcceptInvitation(
            number=_number(fields),
            citizen_id=citizen.citizen_id,
            health_allowed="health" in fields,
            location_allowed=False,
        )
        ministry.families.accept(order)

    return _change(request, ministry, citizen, do, "kabul")


@router.post(f"{FAMILY}/ret")
async def refuse(request: Request, citizen: Holder, fields: Form, ministry: Here) -> Response:
    return _change(
        request, ministry, citizen, lambda: ministry.families.refuse(_number(fields), citizen.citizen_id), "ret"
    )


@router.post(f"{FAMILY}/izin")
async def leave(request: Request, citizen: Holder, fields: Form, ministry: Here) -> Response:
    def do() -> None:
        order = GiveLeave(
            number=_number(fields),
            citizen_id=citizen.citizen_id,
            health_allowed="health" in fields,
            location_allowed=False,
        )
        ministry.families.give_leave(order)

    return _change(request, ministry, citizen, do, "izin")


@router.post(f"{FAMILY}/bitir")
async def end(request: Request, citizen: Holder, fields: Form, ministry: Here) -> Response:
    return _change(
        request, ministry, citizen, lambda: ministry.families.end(_number(fields), citizen.citizen_id), "bitti"
    )


def _family(
    request: Request,
    ministry: Ministry,
    citizen: Citizen,
    refused: Refused | None = None,
    phone: str = "",
    relation: str = "",
) -> Response:
    children = ministry.registry.children_of(citizen)
    return page(
        request,
        ministry,
        citizen,
        "family.html",
        here="/aile",
        ties=_ties(ministry, citizen, ministry.families.members_of(citizen.citizen_id)),
        invitations=_ties(ministry, citizen, ministry.families.invitations_to(citizen.citizen_id)),
        children=children,
        risky=ministry.risky_now([child.citizen_id for child in children]),
        phone=phone,
        relation=relation,
        refused=refused,
        status=200 if refused is None else status_of(refused),
    )


def _change(
    request: Request,
    ministry: Ministry,
    citizen: Citizen,
    do: Callable[[], object],
    done: str,
    phone: str = "",
    relation: str = "",
) -> Response:
    """Do something with the family, and show it."""
    try:
        do()
    except Refused as refused:
        return _family(request, ministry, citizen, refused, phone, relation)
    return to(request, FAMILY, tamam=done)


def _ties(ministry: Ministry, citizen: Citizen, found: Sequence[Membership]) -> list[Tie]:
    return [
        Tie(
            made=made,
            other=ministry.registry.citizen(made.other(citizen.citizen_id)),
            is_owner=made.owner_id == citizen.citizen_id,
            health=health_seen(ministry, citizen, made),
            shows=made.health_allowed if made.owner_id == citizen.citizen_id else made.member_health_allowed,
        )
        for made in found
    ]


def _number(fields: FormData) -> int:
    written = text(fields, "number", 18)
    if not (written.isascii() and written.isdigit()):
        raise UnknownMembership("There is no such invitation among yours; read the list of your family again.")
    return int(written)
