# ruff: noqa: D103  a route says its piece in `summary`, which the OpenAPI shows
"""What a holder does with codes beyond M4 and M5: share, shorten, delete, see who asked. Routes chosen here."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, StrictBool
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.codes.rules import Code, UnknownCode, ends_on_day
from mockgov.codes.service import NO_SUCH_CODE
from mockgov.counters.context import Here
from mockgov.counters.mobile_app.access import SignedIn
from mockgov.counters.mobile_app.askers import Asking, asked_about
from mockgov.counters.mobile_app.wire import CheckBody, OwnCodeObject, Text, last_day, own_code_object
from mockgov.counters.openapi import refusals
from mockgov.counters.reading import wire_moment
from mockgov.ministry import Ministry
from mockgov.registry.rules import Citizen
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.hes_code import HesCode

router = APIRouter()
PROXY = "/services/hescodeproxy/api"


class ShareBody(CheckBody):
    """With whom a code is shared: an institution, by a label of the holder's."""

    label: Text


class ShorteningBody(CheckBody):
    """A code's new last day, or last moment."""

    expiration_date: datetime | date


class SharingBody(BaseModel):
    """Whether vaccine, disease and test are told."""

    allowed: StrictBool


class SharingObject(TypedDict):
    """The same, as it stands."""

    allowed: bool


class ShareObject(TypedDict):
    """A note of the holder's."""

    hes_code: str
    label: str
    shared_date: str


class AskingObject(TypedDict):
    """One question about a code of the holder's or of a child's."""

    query_date: str
    institution: str
    purpose: str
    purpose_text: str
    hes_code: str | None
    description: str
    masked_firstname: str
    masked_lastname: str
    result: str


@router.post(
    f"{PROXY}/share-hes-code",
    status_code=201,
    responses=refusals(401, 403, 404),
    summary="Note that an institution has a code, under a label (chosen here)",
)
async def share(body: ShareBody, citizen: SignedIn, ministry: Here) -> ShareObject:
    code = owned(ministry, citizen, body.hes_code)
    made = ministry.codes.share(code, body.label)
    return {"hes_code": made.text, "label": made.label, "shared_date": wire_moment(made.shared_at)}


@router.post(
    f"{PROXY}/hes-code-shares", responses=refusals(401, 403, 404), summary="With whom a code was shared (chosen here)"
)
async def shares(body: CheckBody, citizen: SignedIn, ministry: Here) -> list[ShareObject]:
    code = owned(ministry, citizen, body.hes_code)
    return [
        {"hes_code": one.text, "label": one.label, "shared_date": wire_moment(one.shared_at)}
        for one in ministry.codes.shares_of(code)
    ]


@router.post(
    f"{PROXY}/shorten-hes-code", responses=refusals(401, 403, 404), summary="Let a code end early (chosen here)"
)
async def shorten(body: ShorteningBody, citizen: SignedIn, ministry: Here) -> OwnCodeObject:
    code = owned(ministry, citizen, body.hes_code)
    shortened = ministry.codes.shorten(code, new_end(ministry, body.expiration_date))
    holder = ministry.registry.citizen(shortened.citizen_id)
    return own_code_object(shortened, holder, risky=bool(ministry.risky_now([holder.citizen_id])))


@router.post(
    f"{PROXY}/delete-hes-code",
    status_code=204,
    response_class=Response,
    responses=refusals(401, 403, 404),
    summary="Delete a code; whoever asks from now on does not find it (chosen here)",
)
async def delete(body: CheckBody, citizen: SignedIn, ministry: Here) -> Response:
    ministry.codes.delete(owned(ministry, citizen, body.hes_code))
    return Response(status_code=204)


@router.get(
    f"{PROXY}/hes-code-queries",
    responses=refusals(401, 403),
    summary="Who asked about one's codes and the children's, newest first (chosen here)",
)
async def queries(
    citizen: SignedIn, ministry: Here, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> list[AskingObject]:
    return [_asking_object(one) for one in asked_about(ministry, citizen, limit=limit)]


@router.get(
    f"{PROXY}/health-data-sharing",
    responses=refusals(401, 403),
    summary="Whether plus answers tell of one's vaccine, disease and test (chosen here)",
)
async def sharing(citizen: SignedIn, ministry: Here) -> SharingObject:
    return {"allowed": shares_health_data(ministry, citizen)}


@router.post(
    f"{PROXY}/health-data-sharing",
    responses=refusals(401, 403),
    summary="Decide whether plus answers tell of one's vaccine, disease and test (chosen here)",
)
async def decide_sharing(body: SharingBody, citizen: SignedIn, ministry: Here) -> SharingObject:
    ministry.risk_index.share_test_data(citizen.citizen_id, shares=body.allowed)
    return {"allowed": body.allowed}


def shares_health_data(ministry: Ministry, citizen: Citizen) -> bool:
    """Whether plus answers tell of a citizen's vaccine, disease and test."""
    return ministry.risk_index.clinical_many([citizen.citizen_id])[citizen.citizen_id].shares_test_data


def owned(ministry: Ministry, citizen: Citizen, text: str) -> Code:
    """A code of the citizen's or of a child's. Raises `UnknownCode` for anybody else's."""
    try:
        code = HesCode.parse(text)
    except InvalidWord:
        raise UnknownCode(NO_SUCH_CODE) from None
    return ministry.codes.owned(code, holders(ministry, citizen))


def holders(ministry: Ministry, citizen: Citizen) -> Sequence[int]:
    """For whom a citizen sees and changes codes."""
    return [citizen.citizen_id, *(child.citizen_id for child in ministry.registry.children_of(citizen))]


def new_end(ministry: Ministry, wanted: date | datetime) -> datetime:
    """A zoned moment as it is; else the end of the Turkish day. Raises `BadDuration`."""
    if isinstance(wanted, datetime) and wanted.tzinfo is not None:
        return wanted
    return ends_on_day(ministry.world.now(), last_day(wanted))


def _asking_object(asking: Asking) -> AskingObject:
    return {
        "query_date": wire_moment(asking.asked_at),
        "institution": asking.asker[0],
        "purpose": asking.purpose,
        "purpose_text": asking.purpose_words[0],
        "hes_code": asking.code,
        "description": asking.label,
        "masked_firstname": asking.holder.masked_firstname,
        "masked_lastname": asking.holder.masked_lastname,
        "result": asking.outcome,
    }
