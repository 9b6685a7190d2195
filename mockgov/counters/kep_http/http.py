"""Routes of the JSON counter."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from mockgov.counters.context import Here
from mockgov.counters.kep_http.wire import (
    Box,
    EvidenceObject,
    HolderObject,
    LetterObject,
    QuotaObject,
    ReceiptBody,
    SessionBody,
    SessionObject,
    SubmissionObject,
    evidence_object,
    holder_object,
    letter_object,
    quota_object,
    session_object,
    submission_object,
)
from mockgov.counters.kep_session import NO_SESSION, BadSession, Sessions
from mockgov.counters.kep_telling import evidence_told
from mockgov.counters.openapi import refusals
from mockgov.counters.scope import ASKER
from mockgov.kep.messages import DepositLetter
from mockgov.kep.rules import BadKepCredentials, UnknownKepAccount
from mockgov.ministry import Ministry
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.kep_address import KepAddress

router = APIRouter(prefix="/kep/api", tags=["Registered e-mail (KEP), JSON"])

MESSAGE_TYPE: Final = "message/rfc822"
RAW_TYPE: Final = "application/octet-stream"
XML_TYPE: Final = "application/xml"
LARGEST_ID: Final = (1 << 63) - 1
MOST: Final = 500
"""Entries of one page (chosen here)."""

RAW_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "A whole RFC 5322 message, signed as S/MIME",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in (MESSAGE_TYPE, RAW_TYPE)},
    }
}


class MessageResponse(Response):
    """A letter as it was deposited."""

    media_type = MESSAGE_TYPE


class XmlResponse(Response):
    """Evidence as it was signed."""

    media_type = XML_TYPE


def _sessions(ministry: Ministry) -> Sessions:
    return Sessions(streams=ministry.world.streams, now=ministry.own_clock)


async def signed_in(
    sent: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))],
    ministry: Here,
    request: Request,
) -> KepAddress:
    """The account whose session the request carries, as long as it is open. Raises `BadSession`."""
    if sent is None:
        raise BadSession(NO_SESSION)
    try:
        address = ministry.kep.account(_sessions(ministry).holder(sent.credentials)).address
    except UnknownKepAccount as closed:
        raise BadSession(closed.message) from None
    request.scope[ASKER] = address.address
    return address


Holder = Annotated[KepAddress, Depends(signed_in)]
LetterId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Limit = Annotated[int, Query(ge=1, le=MOST)]
Offset = Annotated[int, Query(ge=0, le=LARGEST_ID)]


@router.post("/sessions", status_code=201, responses=refusals(401), summary="Sign in")
async def sign_in(body: SessionBody, ministry: Here) -> SessionObject:
    try:
        address = KepAddress.parse(body.address)
    except InvalidWord as word:
        raise BadKepCredentials(str(word)) from None
    address = ministry.kep.sign_in(address, body.password)
    return session_object(_sessions(ministry).open(address), address)


@router.post(
    "/letters", status_code=201, responses=refusals(401), openapi_extra=RAW_BODY, summary="Deposit a signed letter"
)
async def deposit(request: Request, holder: Holder, ministry: Here) -> SubmissionObject:
    message = await request.body()
    return submission_object(ministry.kep.deposit(DepositLetter(sender=holder, message=message)))


@router.get("/letters", responses=refusals(401), summary="The letters of a box, the newest first")
async def letters(
    holder: Holder, ministry: Here, box: Box = Box.INBOX, limit: Limit = 100, offset: Offset = 0
) -> list[LetterObject]:
    listed = ministry.kep.inbox if box is Box.INBOX else ministry.kep.sent
    return [letter_object(mailed) for mailed in listed(holder, limit=limit, offset=offset)]


@router.get("/letters/{letter_id}", responses=refusals(401, 404), summary="One letter, sent or received")
async def letter(letter_id: LetterId, holder: Holder, ministry: Here) -> LetterObject:
    return letter_object(ministry.kep.letter(letter_id, of=holder))


@router.get(
    "/letters/{letter_id}/message",
    response_class=MessageResponse,
    responses=refusals(401, 404, 409),
    summary="A letter's bytes; a recipient's first download makes evidence",
)
async def download(letter_id: LetterId, holder: Holder, ministry: Here) -> MessageResponse:
    mailed = ministry.kep.letter(letter_id, of=holder)
    if any(delivery.recipient == holder and delivery.in_mailbox for delivery in mailed.deliveries):
        return MessageResponse(ministry.kep.download(holder, letter_id))
    return MessageResponse(ministry.kep.raw(letter_id, of=holder))


@router.post(
    "/letters/{letter_id}/receipt", responses=refusals(401, 404, 409), summary="Confirm the receipt, or reject"
)
async def receipt(letter_id: LetterId, body: ReceiptBody, holder: Holder, ministry: Here) -> LetterObject:
    answer = ministry.kep.accept if body.accepted else ministry.kep.reject
    answer(holder, letter_id)
    return letter_object(ministry.kep.letter(letter_id, of=holder))


@router.delete(
    "/letters/{letter_id}",
    status_code=204,
    response_class=Response,
    responses=refusals(401, 404),
    summary="Take a letter out of its box",
)
async def delete(letter_id: LetterId, holder: Holder, ministry: Here) -> Response:
    ministry.kep.delete(holder, letter_id)
    return Response(status_code=204)


@router.get("/letters/{letter_id}/evidence", responses=refusals(401, 404), summary="The evidence of a letter, by time")
async def evidence_of(letter_id: LetterId, holder: Holder, ministry: Here, response: Response) -> list[EvidenceObject]:
    found, headers = evidence_told(ministry.kep, ministry.world.faults, letter_id, holder)
    response.headers.update(headers)
    return [evidence_object(evidence) for evidence in found]


@router.get(
    "/evidence/{evidence_id}",
    response_class=XmlResponse,
    responses=refusals(401, 404),
    summary="A piece of evidence, signed",
)
async def evidence(evidence_id: LetterId, holder: Holder, ministry: Here) -> XmlResponse:
    return XmlResponse(ministry.kep.evidence(evidence_id, of=holder))


@router.get("/quota", responses=refusals(401), summary="Room and credit")
async def quota(holder: Holder, ministry: Here) -> QuotaObject:
    return quota_object(ministry.kep.quota(holder))


@router.get("/directory", responses=refusals(401), summary="Accounts whose name or address holds a text")
async def directory(
    holder: Holder,  # noqa: ARG001  any account may look
    ministry: Here,
    q: Annotated[str, Query(max_length=200)] = "",
) -> list[HolderObject]:
    return [holder_object(account) for account in ministry.kep.directory(q)]
