"""The routes of the SOAP counter. Its contract is the WSDL, not the OpenAPI."""

from functools import partial
from typing import Final

from fastapi import APIRouter, HTTPException, Request, Response

from mockgov.counters.context import Here
from mockgov.counters.kep_session import Sessions
from mockgov.counters.scope import ASKER, SPOKEN
from mockgov.ministry import Ministry
from mockgov.refusal import SCOPE_KEY as REFUSAL
from mockgov.registry.rules import UnknownCitizen
from mockgov.sms.messages import SendText

PATH: Final = "/kep/soap"
REAL_PATH: Final = "/KepEYazismaV1.1/KepEYazismaCOREWSDL.php"
"""Where the real service has it, on its host; a client that is only pointed at another host finds it here."""

router = APIRouter(include_in_schema=False)


@router.get(PATH)
@router.get(REAL_PATH)
async def describe(request: Request) -> Response:
    from mockgov.counters.kep_soap.wsdl import wsdl  # noqa: PLC0415  wanted by few

    if not any(name.lower() == "wsdl" for name in request.query_params):
        raise HTTPException(404, f"POST SOAP 1.1 envelopes to {PATH}; its WSDL is at {PATH}?wsdl")
    location = str(request.url.replace(query="", fragment=""))
    return Response(wsdl(location), media_type="text/xml")


@router.post(PATH)
@router.post(REAL_PATH)
async def call(request: Request, ministry: Here) -> Response:
    from mockgov.counters.kep_soap.desk import Desk  # noqa: PLC0415  brings lxml; wanted by few
    from mockgov.counters.kep_soap.exchange import answer  # noqa: PLC0415  the same
    from mockgov.counters.kep_soap.signing_in import SigningIn  # noqa: PLC0415  the same

    signing_in = SigningIn(
        kep=ministry.kep,
        sessions=Sessions(streams=ministry.world.streams, now=ministry.own_clock),
        verify=ministry.signature.verify_cades,
        enveloped=ministry.signature.enveloped,
        text=partial(_text, ministry),
    )
    desk = Desk(kep=ministry.kep, signing_in=signing_in, faults=ministry.world.faults)
    answered = answer(
        desk,
        await request.body(),
        content_type=request.headers.get("content-type", ""),
        accept=request.headers.get("accept", ""),
    )
    request.scope[SPOKEN] = "kep_soap", answered.operation or "unreadable"
    request.scope[REFUSAL] = answered.refusal
    request.scope[ASKER] = signing_in.known
    headers = {"MIME-Version": "1.0"} if answered.content_type.startswith("multipart") else {}
    return Response(answered.body, answered.status, headers | dict(desk.headers), answered.content_type)


def _text(ministry: Ministry, identity_number: str, text: str) -> bool:
    """Send an SMS to a person; whether there is such a person with a phone."""
    try:
        citizen = ministry.registry.by_identity(identity_number)
    except UnknownCitizen:
        return False
    if citizen.phone is None:
        return False
    ministry.sms.send(SendText(phone=citizen.phone, text=text))
    return True
