# ruff: noqa: D103  a route says its piece in `summary`, which the OpenAPI shows
"""The family: M8, M9, the answer to an invitation, its end, and the children. All but M8 and M9 chosen here."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StrictBool
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.counters.context import Here
from mockgov.counters.mobile_app.access import SignedIn, read_phone
from mockgov.counters.mobile_app.wire import Text
from mockgov.counters.openapi import refusals
from mockgov.family.messages import AcceptInvitation, GiveLeave, InviteMember
from mockgov.family.rules import Membership
from mockgov.ministry import Ministry
from mockgov.registry.rules import Citizen

router = APIRouter()
FAMILY = "/services/familyservice/api"
Number = Annotated[int, Field(ge=1, lt=1 << 62, strict=True)]


class FamilyBody(BaseModel):
    """M8."""

    invitedUserPhone: Text  # noqa: N815  the wire's name
    ownerHealthInfoAllowed: StrictBool  # noqa: N815  the wire's name
    ownerLocationInfoAllowed: StrictBool  # noqa: N815  the wire's name
    relationName: Text  # noqa: N815  the wire's name


class NumberBody(BaseModel):
    """Which tie is meant, by the number that M9 or the list of invitations tells."""

    memberId: Number  # noqa: N815  in the wire's style


class LeaveBody(NumberBody):
    """What the other one may see of oneself."""

    healthInfoAllowed: StrictBool  # noqa: N815  in the wire's style
    locationInfoAllowed: StrictBool  # noqa: N815  in the wire's style


class MemberObject(TypedDict):
    """M8, M9: somebody of the family, or invited into it."""

    memberId: int
    relationName: str
    invitedUserPhone: str
    masked_firstname: str
    masked_lastname: str
    ownerHealthInfoAllowed: bool
    ownerLocationInfoAllowed: bool
    isOwner: bool
    status: str
    healthStatus: str | None


class InvitationObject(TypedDict):
    """An invitation that waits for an answer."""

    memberId: int
    relationName: str
    masked_firstname: str
    masked_lastname: str
    ownerHealthInfoAllowed: bool
    ownerLocationInfoAllowed: bool


class ChildObject(TypedDict):
    """A child under 18, for whom codes can be made."""

    child_tckn: str
    firstname: str
    lastname: str
    dob: str
    healthStatus: str


@router.post(
    f"{FAMILY}/add-family-member",
    responses=refusals(401, 403, 404),
    status_code=201,
    summary="M8: invite somebody",
)
async def add_family_member(body: FamilyBody, citizen: SignedIn, ministry: Here) -> MemberObject:
    member = ministry.registry.by_phone(read_phone(body.invitedUserPhone))
    made = ministry.families.invite(
        InviteMember(
            owner_id=citizen.citizen_id,
            member_id=member.citizen_id,
            relation=body.relationName,
            health_allowed=body.ownerHealthInfoAllowed,
            location_allowed=body.ownerLocationInfoAllowed,
        )
    )
    return member_object(ministry, citizen, made)


@router.get(f"{FAMILY}/account-family-members", responses=refusals(401, 403), summary="M9: one's family")
async def family_members(citizen: SignedIn, ministry: Here) -> list[MemberObject]:
    return [member_object(ministry, citizen, made) for made in ministry.families.members_of(citizen.citizen_id)]


@router.get(
    f"{FAMILY}/family-invitations",
    responses=refusals(401, 403),
    summary="Invitations to answer (chosen here)",
)
async def invitations(citizen: SignedIn, ministry: Here) -> list[InvitationObject]:
    return [invitation_object(ministry, made) for made in ministry.families.invitations_to(citizen.citizen_id)]


@router.post(
    f"{FAMILY}/accept-family-invitation",
    responses=refusals(401, 403, 404, 409),
    summary="Accept an invitation, and say what the other may see (chosen here)",
)
async def accept(body: LeaveBody, citizen: SignedIn, ministry: Here) -> MemberObject:
    made = ministry.families.accept(
        AcceptInvitation(
            number=body.memberId,
            citizen_id=citizen.citizen_id,
            health_allowed=body.healthInfoAllowed,
            location_allowed=body.locationInfoAllowed,
        )
    )
    return member_object(ministry, citizen, made)


@router.post(
    f"{FAMILY}/refuse-family-invitation",
    responses=refusals(401, 403, 404, 409),
    summary="Refuse an invitation (chosen here)",
)
async def refuse(body: NumberBody, citizen: SignedIn, ministry: Here) -> MemberObject:
    return member_object(ministry, citizen, ministry.families.refuse(body.memberId, citizen.citizen_id))


@router.post(
    f"{FAMILY}/update-family-permissions",
    responses=refusals(401, 403, 404, 409),
    summary="Change what a family member may see of oneself (chosen here)",
)
async def permissions(body: LeaveBody, citizen: SignedIn, ministry: Here) -> MemberObject:
    made = ministry.families.give_leave(
        GiveLeave(
            number=body.memberId,
            citizen_id=citizen.citizen_id,
            health_allowed=body.healthInfoAllowed,
            location_allowed=body.locationInfoAllowed,
        )
    )
    return member_object(ministry, citizen, made)


@router.post(
    f"{FAMILY}/remove-family-member",
    responses=refusals(401, 403, 404, 409),
    summary="Withdraw an invitation, or end a family tie; either side may (chosen here)",
)
async def remove(body: NumberBody, citizen: SignedIn, ministry: Here) -> MemberObject:
    return member_object(ministry, citizen, ministry.families.end(body.memberId, citizen.citizen_id))


@router.get(
    f"{FAMILY}/children",
    responses=refusals(401, 403),
    summary="One's children, for M5's child_tckn (chosen here)",
)
async def children(citizen: SignedIn, ministry: Here) -> list[ChildObject]:
    found = ministry.registry.children_of(citizen)
    risky = ministry.risky_now([child.citizen_id for child in found])
    return [
        {
            "child_tckn": child.identity.digits,
            "firstname": child.firstname,
            "lastname": child.lastname,
            "dob": child.birth_date.isoformat(),
            "healthStatus": "RISKY" if child.citizen_id in risky else "RISKLESS",
        }
        for child in found
    ]


def member_object(ministry: Ministry, citizen: Citizen, made: Membership) -> MemberObject:
    """A tie as one of its two sides sees it: the other one's name, and their health if they allow it."""
    other = ministry.registry.citizen(made.other(citizen.citizen_id))
    invited = ministry.registry.citizen(made.member_id)
    is_owner = made.owner_id == citizen.citizen_id
    return {
        "memberId": made.number,
        "relationName": made.relation,
        "invitedUserPhone": invited.phone.e164 if invited.phone else "",
        "masked_firstname": other.masked_firstname,
        "masked_lastname": other.masked_lastname,
        "ownerHealthInfoAllowed": made.health_allowed,
        "ownerLocationInfoAllowed": made.location_allowed,
        "isOwner": is_owner,
        "status": made.state.value,
        "healthStatus": health_seen(ministry, citizen, made),
    }


def health_seen(ministry: Ministry, citizen: Citizen, made: Membership) -> str | None:
    """The other's status as far as they allow it; None where they do not."""
    if not made.health_seen_by(citizen.citizen_id):
        return None
    return "RISKY" if ministry.risky_now([made.other(citizen.citizen_id)]) else "RISKLESS"


def invitation_object(ministry: Ministry, made: Membership) -> InvitationObject:
    """An invitation as the invited sees it."""
    owner = ministry.registry.citizen(made.owner_id)
    return {
        "memberId": made.number,
        "relationName": made.relation,
        "masked_firstname": owner.masked_firstname,
        "masked_lastname": owner.masked_lastname,
        "ownerHealthInfoAllowed": made.health_allowed,
        "ownerLocationInfoAllowed": made.location_allowed,
    }
