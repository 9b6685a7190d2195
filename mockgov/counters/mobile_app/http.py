"""Routes M1 to M10."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from mockgov.codes.messages import IssueCode
from mockgov.codes.rules import ends_on_day
from mockgov.counters.context import Here
from mockgov.counters.mobile_app.wire import (
    AccountObject,
    CheckBody,
    EligibilityObject,
    FamilyBody,
    LoginBody,
    MemberObject,
    NewCodeBody,
    OwnCodeObject,
    PhoneBody,
    ResultObject,
    SignedInObject,
    StatisticsObject,
    account_object,
    eligibility_object,
    last_day,
    own_code_object,
    result_object,
)
from mockgov.counters.openapi import refusals
from mockgov.counters.reading import read_code
from mockgov.family.messages import InviteMember
from mockgov.ministry import Ministry
from mockgov.queries.messages import Answer, Query
from mockgov.queries.rules import CodeProblem, Purpose
from mockgov.refusal import Unavailable
from mockgov.registry.rules import Citizen, UnknownCitizen, may_act_for
from mockgov.signin.messages import SendLoginCode
from mockgov.signin.rules import BadToken, WrongLoginCode
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.phone import Phone

router = APIRouter(tags=["Mobile application (M1 to M10)"])
CHANNEL = "hes-mobile"
NO_TOKEN = "Send `Authorization: Bearer <id_token>`, with the token that authenticate-with-code gave."  # noqa: S105


async def signed_in(
    sent: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False, bearerFormat="JWT"))],
    ministry: Here,
) -> Citizen:
    """The citizen whose token the request carries. Raises `BadToken`."""
    if sent is None:
        raise BadToken(NO_TOKEN)
    return ministry.registry.citizen(ministry.signin.bearer(sent.credentials.strip()))


SignedIn = Annotated[Citizen, Depends(signed_in)]


@router.post(
    "/api/send-code-to-login",
    status_code=201,
    response_class=Response,
    responses=refusals(404),
    summary="M1: send a login code by SMS",
)
async def send_code(body: PhoneBody, ministry: Here) -> Response:
    citizen = ministry.registry.by_phone(_phone(body.phone))
    assert citizen.phone is not None
    ministry.signin.send_code(SendLoginCode(citizen_id=citizen.citizen_id, phone=citizen.phone))
    return Response(status_code=201)


@router.post("/api/authenticate-with-code", responses=refusals(401), summary="M2: trade the SMS code for a token")
async def authenticate(body: LoginBody, ministry: Here) -> SignedInObject:
    try:
        citizen = ministry.registry.by_phone(_phone(body.phone))
    except UnknownCitizen as unknown:
        raise WrongLoginCode(unknown.message) from None
    got = ministry.signin.sign_in(citizen.citizen_id, body.password.strip(), remember_me=body.rememberMe)
    return {**_account(ministry, citizen), "id_token": got.id_token, "refresh_token": got.refresh_token}


@router.get("/api/account-with-token", responses=refusals(401), summary="M3: the account of the token")
async def account(citizen: SignedIn, ministry: Here) -> AccountObject:
    return _account(ministry, citizen)


@router.get("/services/hescodeproxy/api/hes-codes", responses=refusals(401), summary="M4: list own codes")
@router.post("/services/hescodeproxy/api/hes-codes", responses=refusals(401), summary="M4: list own codes")
async def own_codes(citizen: SignedIn, ministry: Here) -> list[OwnCodeObject]:
    holders = [citizen, *ministry.registry.children_of(citizen)]
    risky = ministry.risky_now([holder.citizen_id for holder in holders])
    return [
        own_code_object(code, holder, risky=holder.citizen_id in risky)
        for holder in holders
        for code in ministry.codes.of(holder.citizen_id)
    ]


@router.post(
    "/services/hescodeproxy/api/hes-codes-tr",
    responses=refusals(401, 404),
    summary="M5: make a code for oneself or a child",
)
async def make_code(
    citizen: SignedIn, ministry: Here, body: Annotated[NewCodeBody | None, Body()] = None
) -> OwnCodeObject:
    body = body or NewCodeBody()
    holder = _holder(ministry, citizen, body.child_tckn)
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
    "/services/hescodeproxy/api/check-hes-code", responses=refusals(401, 503), summary="M6: check somebody's code"
)
async def check(body: CheckBody, citizen: SignedIn, ministry: Here) -> ResultObject:
    return result_object(await _checked(body, citizen, ministry, Purpose.PERSON, plus=False))


@router.post(
    "/services/hescodeproxy/api/check-hes-code-plus",
    responses=refusals(401, 503),
    summary="M7: check a code, with eligibility",
)
async def check_plus(body: CheckBody, citizen: SignedIn, ministry: Here) -> EligibilityObject:
    return eligibility_object(await _checked(body, citizen, ministry, Purpose.PERSON_PLUS, plus=True))


@router.post(
    "/services/familyservice/api/add-family-member",
    responses=refusals(401, 404),
    status_code=201,
    summary="M8: invite a family member",
)
async def add_family_member(body: FamilyBody, citizen: SignedIn, ministry: Here) -> MemberObject:
    member = ministry.registry.by_phone(_phone(body.invitedUserPhone))
    made = ministry.families.invite(
        InviteMember(
            owner_id=citizen.citizen_id,
            member_id=member.citizen_id,
            relation=body.relationName,
            health_allowed=body.ownerHealthInfoAllowed,
            location_allowed=body.ownerLocationInfoAllowed,
        )
    )
    return _member(made.relation, member, health=made.health_allowed, location=made.location_allowed)


@router.get(
    "/services/familyservice/api/account-family-members", responses=refusals(401), summary="M9: whom one has invited"
)
async def family_members(citizen: SignedIn, ministry: Here) -> list[MemberObject]:
    return [
        _member(
            made.relation,
            ministry.registry.citizen(made.member_id),
            health=made.health_allowed,
            location=made.location_allowed,
        )
        for made in ministry.families.members_of(citizen.citizen_id)
    ]


@router.get(
    "/services/statisticservice/api/latest-generic-statistics",
    responses=refusals(401),
    summary="M10: the national daily figures",
)
async def statistics(citizen: SignedIn, ministry: Here) -> StatisticsObject:  # noqa: ARG001  any signed-in citizen
    figures = ministry.national_statistics()
    return {
        "date": figures.day.isoformat(),
        "dailyTests": figures.tests,
        "dailyCases": figures.cases,
        "totalTests": figures.total_tests,
        "totalCases": figures.total_cases,
    }


async def _checked(body: CheckBody, citizen: Citizen, ministry: Ministry, purpose: Purpose, *, plus: bool) -> Answer:
    code = read_code(body.hes_code, lenient=ministry.world.settings.lenient_codes)
    query = Query(f"citizen:{citizen.citizen_id}", purpose, code, plus)
    try:
        answer = (await ministry.batch.ask([query]))[0]
    except Exception as error:
        raise Unavailable("The question could not be kept, and is not answered; ask again later.") from error
    if answer.error is not None:
        raise CodeProblem(answer.error, expires_us=answer.expires_us or None)
    return answer


def _phone(text: str) -> Phone:
    """The phone, or the refusal of an unknown one: what is no phone number is nobody's."""
    try:
        return Phone.parse(text)
    except InvalidWord as word:
        raise UnknownCitizen(str(word)) from None


def _account(ministry: Ministry, citizen: Citizen) -> AccountObject:
    isolation = ministry.isolation_of(citizen.citizen_id)
    return account_object(citizen, ministry.signin.user(citizen.citizen_id), isolation, ministry.world.now())


def _holder(ministry: Ministry, citizen: Citizen, child_tckn: str | None) -> Citizen:
    if not child_tckn:
        return citizen
    child = ministry.registry.by_identity(child_tckn)
    if not may_act_for(citizen, child, ministry.world.now()):
        raise UnknownCitizen("You may make codes for yourself and your own children under 18 only.")
    return child


def _member(relation: str, member: Citizen, *, health: bool, location: bool) -> MemberObject:
    return {
        "relationName": relation,
        "invitedUserPhone": member.phone.e164 if member.phone else "",
        "masked_firstname": member.masked_firstname,
        "masked_lastname": member.masked_lastname,
        "ownerHealthInfoAllowed": health,
        "ownerLocationInfoAllowed": location,
    }
