"""Routes M1 to M10; the parts have the family, the country, and what is beyond M1 to M10."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from mockgov.clock import TURKEY
from mockgov.codes.messages import IssueCode
from mockgov.codes.rules import ends_on_day
from mockgov.counters.context import Here
from mockgov.counters.mobile_app import country, family, own_codes, registration
from mockgov.counters.mobile_app.access import CHANNEL, Newcomer, SignedIn, holder_of, read_phone
from mockgov.counters.mobile_app.account import account_of
from mockgov.counters.mobile_app.checking import checked
from mockgov.counters.mobile_app.wire import (
    AccountObject,
    CheckBody,
    EligibilityObject,
    LoginBody,
    NewCodeBody,
    OwnCodeObject,
    PhoneBody,
    ResultObject,
    SignedInObject,
    eligibility_object,
    last_day,
    own_code_object,
    result_object,
)
from mockgov.counters.openapi import refusals
from mockgov.queries.rules import Purpose
from mockgov.registry.rules import UnknownCitizen
from mockgov.signin.messages import SendLoginCode
from mockgov.signin.rules import WrongLoginCode

router = APIRouter(tags=["Mobile application (M1 to M10)"])


@router.post(
    "/api/send-code-to-login",
    status_code=201,
    response_class=Response,
    responses=refusals(404),
    summary="M1: send a login code by SMS",
)
async def send_code(body: PhoneBody, ministry: Here) -> Response:
    citizen = ministry.registry.by_phone(read_phone(body.phone))
    assert citizen.phone is not None
    ministry.signin.send_code(SendLoginCode(citizen_id=citizen.citizen_id, phone=citizen.phone))
    return Response(status_code=201)


@router.post("/api/authenticate-with-code", responses=refusals(401), summary="M2: trade the SMS code for a token")
async def authenticate(body: LoginBody, ministry: Here) -> SignedInObject:
    try:
        citizen = ministry.registry.by_phone(read_phone(body.phone))
    except UnknownCitizen as unknown:
        raise WrongLoginCode(unknown.message) from None
    got = ministry.signin.sign_in(citizen.citizen_id, body.password.strip(), remember_me=body.rememberMe)
    return {**account_of(ministry, citizen), "id_token": got.id_token, "refresh_token": got.refresh_token}


@router.get("/api/account-with-token", responses=refusals(401), summary="M3: the account of the token")
async def account(citizen: Newcomer, ministry: Here) -> AccountObject:
    return account_of(ministry, citizen)


@router.get("/services/hescodeproxy/api/hes-codes", responses=refusals(401, 403), summary="M4: list own codes")
@router.post("/services/hescodeproxy/api/hes-codes", responses=refusals(401, 403), summary="M4: list own codes")
async def list_codes(citizen: SignedIn, ministry: Here) -> list[OwnCodeObject]:
    holders = [citizen, *ministry.registry.children_of(citizen)]
    risky = ministry.risky_now([holder.citizen_id for holder in holders])
    return [
        own_code_object(code, holder, risky=holder.citizen_id in risky)
        for holder in holders
        for code in ministry.codes.of(holder.citizen_id)
    ]


@router.post(
    "/services/hescodeproxy/api/hes-codes-tr",
    responses=refusals(401, 403, 404),
    summary="M5: make a code for oneself or a child",
)
async def make_code(
    citizen: SignedIn, ministry: Here, body: Annotated[NewCodeBody | None, Body()] = None
) -> OwnCodeObject:
    body = body or NewCodeBody()
    holder = holder_of(ministry, citizen, body.child_tckn)
    code = ministry.codes.issue(
        IssueCode(
            citizen_id=holder.citizen_id,
            expires_at=ends_on_day(ministry.world.now(), last_day(body.expiration_date)),
            description=body.description or "",
            channel=CHANNEL,
        )
    )
    return own_code_object(code, holder, risky=bool(ministry.risky_now([holder.citizen_id])))


@router.post(
    "/services/hescodeproxy/api/check-hes-code", responses=refusals(401, 403, 503), summary="M6: check somebody's code"
)
async def check(body: CheckBody, citizen: SignedIn, ministry: Here) -> ResultObject:
    return result_object(await checked(body.hes_code, citizen, ministry, Purpose.PERSON, plus=False))


@router.post(
    "/services/hescodeproxy/api/check-hes-code-plus",
    responses=refusals(401, 403, 503),
    summary="M7: check a code, with eligibility",
)
async def check_plus(body: CheckBody, citizen: SignedIn, ministry: Here) -> EligibilityObject:
    answer = await checked(body.hes_code, citizen, ministry, Purpose.PERSON_PLUS, plus=True)
    return eligibility_object(answer, ministry.world.now().astimezone(TURKEY).date())


for part in (registration, own_codes, family, country):
    router.include_router(part.router)
