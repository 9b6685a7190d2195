"""Routes of the SMS gateway's HTTP counter."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials
from fastapi.security.http import HTTPBase

from mockgov.counters.context import Here
from mockgov.counters.corporate.basic import read_basic
from mockgov.counters.openapi import PROBLEM, refusals
from mockgov.counters.problem import CONSTRAINT, problem
from mockgov.counters.scope import ASKER
from mockgov.counters.sms_http.wire import (
    Acknowledged,
    CountShown,
    IncomingShown,
    NewMessage,
    NewMessages,
    ReceiptShown,
    ResultShown,
    ResultsShown,
    StateShown,
    TakenShown,
    failure_shown,
    incoming_shown,
    receipt_shown,
    result_shown,
    state_shown,
    taken_shown,
)
from mockgov.refusal import Refused
from mockgov.sms.accounts import QueueFull, SmsAccount, Throttled, UnknownSmsAccount, WrongSmsPassword
from mockgov.sms.rules import BadText, MessageOver, NoticeKind, UnknownMessage, read_message_id
from mockgov.vocabulary.phone import InvalidPhone


class BadSmsCredentials(Refused):
    """Nobody has this name and password; which of the two is wrong is not told."""

    key = "badcredentials"


STATUS: Final[Mapping[type[Refused], int]] = {
    BadSmsCredentials: 401,
    UnknownMessage: 404,
    MessageOver: 409,
    Throttled: 429,
    QueueFull: 503,
}
"""Status of each refusal; any other is 400."""
CHALLENGE: Final = {"www-authenticate": 'Basic realm="SMS", charset="UTF-8"'}
TOO_FAST: Final[dict[int | str, dict[str, Any]]] = {
    429: {"description": "Too many in too short a time; see `Retry-After`", "content": dict(PROBLEM)}
}
OVER: Final[dict[int | str, dict[str, Any]]] = {
    409: {"description": "It has come to its end", "content": dict(PROBLEM)}
}


class CounterRoute(APIRoute):
    """A route whose refusals become problems by this counter's own table."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler that catches them."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except Refused as refusal:
                return _refused(refusal)

        return answer


router = APIRouter(prefix="/sms/api", tags=["SMS gateway (HTTP)"], route_class=CounterRoute)


async def signed_in(
    sent: Annotated[
        HTTPAuthorizationCredentials | None,
        Depends(HTTPBase(scheme="basic", scheme_name="smsAccount", auto_error=False)),
    ],
    ministry: Here,
    request: Request,
) -> SmsAccount:
    """The account whose pair the request carries. Raises `BadSmsCredentials`."""
    header = b"" if sent is None else f"{sent.scheme} {sent.credentials}".encode("latin-1", "replace")
    for system_id, password in read_basic(header):
        try:
            account = ministry.sms.sign_in(system_id, password)
        except (UnknownSmsAccount, WrongSmsPassword):
            continue
        request.scope[ASKER] = account.system_id
        return account
    raise BadSmsCredentials("Send HTTP Basic with the system_id and password of an account of the SMS gateway.")


Caller = Annotated[SmsAccount, Depends(signed_in)]
MessageId = Annotated[str, Path(pattern=r"^[0-9]{10,18}$", description="As the gateway answered")]
Limit = Annotated[int, Query(ge=1, le=1000)]


@router.post("/messages", status_code=202, responses={**refusals(400, 401, 503), **TOO_FAST}, summary="Send a message")
async def send(body: NewMessage, caller: Caller, ministry: Here) -> TakenShown:
    return taken_shown(ministry.sms.submit(caller.system_id, body.order()))


@router.post(
    "/messages/bulk",
    status_code=202,
    responses=refusals(400, 401),
    summary="Send up to 1,000 messages; one that cannot be taken does not stop the others",
)
async def send_many(body: NewMessages, caller: Caller, ministry: Here) -> ResultsShown:
    results: list[ResultShown | None] = []
    orders = []
    for one in body.messages:
        try:
            orders.append(one.order())
            results.append(None)
        except InvalidPhone as error:
            results.append(failure_shown(CONSTRAINT, str(error)))
        except BadText as refusal:
            results.append(failure_shown(refusal.key, refusal.message))
    taken = iter(ministry.sms.submit_many(caller.system_id, orders))
    return {"results": [_result(next(taken)) if result is None else result for result in results]}


@router.get("/messages/{message_id}", responses=refusals(401, 404), summary="Where a message stands")
async def state(message_id: MessageId, caller: Caller, ministry: Here) -> StateShown:
    return state_shown(ministry.sms.message(caller.system_id, read_message_id(message_id)))


@router.delete(
    "/messages/{message_id}", responses={**refusals(401, 404), **OVER}, summary="Take a message back that waits"
)
async def cancel(message_id: MessageId, caller: Caller, ministry: Here) -> StateShown:
    return state_shown(ministry.sms.cancel(caller.system_id, read_message_id(message_id)))


@router.get("/receipts", responses=refusals(401), summary="Receipts that are not acknowledged yet, oldest first")
async def receipts(caller: Caller, ministry: Here, limit: Limit = 100) -> list[ReceiptShown]:
    pending = ministry.sms.pending(caller.system_id, limit=limit, kind=NoticeKind.RECEIPT)
    return [receipt_shown(notice) for notice in pending]


@router.get(
    "/incoming", responses=refusals(401), summary="Messages to the account's number and to its lines, oldest first"
)
async def incoming(caller: Caller, ministry: Here) -> list[IncomingShown]:
    return incoming_shown(ministry.sms.pending(caller.system_id, limit=1000, kind=NoticeKind.INCOMING))


@router.post("/receipts/ack", responses=refusals(401), summary="Acknowledge receipts and incoming messages")
async def acknowledge(body: Acknowledged, caller: Caller, ministry: Here) -> CountShown:
    return {"acknowledged": ministry.sms.acknowledge(caller.system_id, body.receipt_ids)}


def _result(result: Any) -> ResultShown:
    return failure_shown(result.key, result.message) if isinstance(result, Refused) else result_shown(result)


def _refused(refusal: Refused) -> Response:
    status = STATUS.get(type(refusal), 400)
    headers: dict[str, str] = {}
    if status == 401:
        headers |= CHALLENGE
    if isinstance(refusal, Throttled):
        headers["retry-after"] = str(-(-refusal.wait_us // 1_000_000))
    body = problem(status, refusal.key, refusal.message, entity="message")
    return Response(body, status, headers, media_type="application/problem+json")
