# ruff: noqa: D103  a route's name and address say what it is
"""Check somebody's code: typed, pasted, or seen by the camera (M6, M7)."""

from typing import Final

from fastapi import APIRouter, Request, Response

from mockgov.clock import from_us
from mockgov.counters.context import Here
from mockgov.counters.mobile_app.checking import checked
from mockgov.counters.mobile_app.country import today
from mockgov.counters.mobile_app.wire import EligibilityObject, ResultObject, eligibility_object, result_object
from mockgov.counters.web_app.session import BASE, ROUTE, Form, Holder, page, status_of, text
from mockgov.ministry import Ministry
from mockgov.queries.messages import Answer
from mockgov.queries.rules import Purpose
from mockgov.refusal import Refused, Unavailable
from mockgov.registry.rules import Citizen

router = APIRouter(route_class=ROUTE)
CHECK: Final = f"{BASE}/kontrol"


@router.get(CHECK)
async def blank(request: Request, citizen: Holder, ministry: Here) -> Response:
    return _shown(request, ministry, citizen)


@router.post(CHECK)
async def ask(request: Request, citizen: Holder, fields: Form, ministry: Here) -> Response:
    typed, plus = text(fields, "code"), "plus" in fields
    purpose = Purpose.PERSON_PLUS if plus else Purpose.PERSON
    try:
        answer = await checked(typed, citizen, ministry, purpose, plus=plus)
    except Refused as refused:
        return _shown(request, ministry, citizen, typed, plus=plus, refused=refused, status=status_of(refused))
    except Unavailable as error:
        unkept = Refused(str(error), key="unavailable")
        return _shown(request, ministry, citizen, typed, plus=plus, refused=unkept, status=503)
    return _shown(request, ministry, citizen, plus=plus, answer=answer)


def _shown(
    request: Request,
    ministry: Ministry,
    citizen: Citizen,
    typed: str = "",
    *,
    plus: bool = False,
    answer: Answer | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> Response:
    told: ResultObject | EligibilityObject | None = None
    if answer is not None:
        told = eligibility_object(answer, today(ministry)) if plus else result_object(answer)
    return page(
        request,
        ministry,
        citizen,
        "check.html",
        here="/kontrol",
        typed=typed,
        plus=plus,
        result=told,
        ends=None if answer is None else from_us(answer.expires_us),
        refused=refused,
        status=status,
    )
