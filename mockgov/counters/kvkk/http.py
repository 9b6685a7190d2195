"""Routes of the data controller's counter."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from mockgov.counters.context import Here
from mockgov.counters.kvkk.wire import (
    AskedBody,
    AskedPage,
    HoldingObject,
    NoticeLine,
    NoticeObject,
    RequestBody,
    RequestObject,
    asked_object,
    holding_object,
    notice_line,
    notice_object,
    request_object,
)
from mockgov.counters.openapi import refusals
from mockgov.kvkk.messages import Lodge
from mockgov.kvkk.notices import Front
from mockgov.ministry import Ministry
from mockgov.pages.language import Language
from mockgov.registry.rules import Citizen, UnknownCitizen, may_act_for
from mockgov.signin.rules import BadToken

router = APIRouter(prefix="/services/kvkkservice/api", tags=["KVKK (rights under law 6698)"])
Lang = Annotated[Language, Query(alias="lang")]
Number = Annotated[int, Path(ge=1, lt=1 << 62)]


async def signed_in(
    sent: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False, bearerFormat="JWT"))],
    ministry: Here,
) -> Citizen:
    """The citizen whose token of the mobile application the request carries. Raises `BadToken`."""
    if sent is None:
        raise BadToken("Send `Authorization: Bearer <id_token>`, with the token of the mobile application.")
    return ministry.registry.citizen(ministry.signin.bearer(sent.credentials.strip()))


SignedIn = Annotated[Citizen, Depends(signed_in)]


@router.get("/clarification-texts", summary="The notices of all fronts, as they stand today")
async def notices(ministry: Here, lang: Lang = Language.TURKISH) -> list[NoticeLine]:
    return [notice_line(ministry.kvkk.notice(front), lang) for front in Front]


@router.get("/clarification-texts/{front}", summary="The notice of one front (aydınlatma metni)")
async def notice(front: Front, ministry: Here, lang: Lang = Language.TURKISH) -> NoticeObject:
    return notice_object(ministry.kvkk.notice(front), lang)


@router.get("/inventory", summary="What is held of people, what for, on which ground, how long")
async def inventory(ministry: Here, lang: Lang = Language.TURKISH) -> list[HoldingObject]:
    kvkk = ministry.kvkk
    return [holding_object(holding, kvkk.period_days(holding), lang) for holding in kvkk.inventory()]


@router.post("/who-asked", responses=refusals(401, 404), summary="Who asked about oneself or a child, newest first")
async def who_asked(
    citizen: SignedIn,
    ministry: Here,
    body: AskedBody,
    lang: Lang = Language.TURKISH,
) -> AskedPage:
    about = _about(ministry, citizen, body.child_tckn)
    rows, before = ministry.queries.trail_about(about.citizen_id, limit=body.limit, before=body.before)
    return {"rows": [asked_object(ministry, row, lang) for row in rows], "before": before}


@router.post(
    "/requests", status_code=201, responses=refusals(401, 404), summary="Apply to the data controller (article 13)"
)
async def lodge(body: RequestBody, citizen: SignedIn, ministry: Here, lang: Lang = Language.TURKISH) -> RequestObject:
    about = _about(ministry, citizen, body.child_tckn)
    order = Lodge(citizen_id=about.citizen_id, lodged_by=citizen.citizen_id, right=body.right, text=body.text)
    return request_object(ministry.kvkk.lodge(order), lang)


@router.get("/requests", responses=refusals(401), summary="One's applications and their answers, newest first")
async def requests(citizen: SignedIn, ministry: Here, lang: Lang = Language.TURKISH) -> list[RequestObject]:
    return [request_object(one, lang) for one in ministry.kvkk.requests_of(citizen.citizen_id)]


@router.get("/requests/{request_number}", responses=refusals(401, 404), summary="One application and its answer")
async def request(
    request_number: Number, citizen: SignedIn, ministry: Here, lang: Lang = Language.TURKISH
) -> RequestObject:
    return request_object(ministry.kvkk.request(request_number, lodged_by=citizen.citizen_id), lang)


def _about(ministry: Ministry, citizen: Citizen, child_tckn: str | None) -> Citizen:
    """The citizen, or a child for whom they may act. Raises `UnknownCitizen`."""
    if not child_tckn:
        return citizen
    child = ministry.registry.by_identity(child_tckn)
    if not may_act_for(citizen, child, ministry.world.now()):
        raise UnknownCitizen("You may ask for yourself and your own children under 18 only.")
    return child
