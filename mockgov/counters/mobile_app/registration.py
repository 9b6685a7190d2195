# ruff: noqa: D103  a route says its piece in `summary`, which the OpenAPI shows
"""The first registration: who signs in with a phone says who they are, and consents. Routes chosen here."""

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel, StrictBool
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.counters.context import Here
from mockgov.counters.mobile_app.access import Newcomer
from mockgov.counters.mobile_app.account import account_of
from mockgov.counters.mobile_app.wire import AccountObject, Text
from mockgov.counters.openapi import refusals
from mockgov.kvkk.notices import Front
from mockgov.ministry import Ministry
from mockgov.registry.rules import Citizen, UnknownCitizen
from mockgov.signin.messages import Register

router = APIRouter()


class RegistrationBody(BaseModel):
    """Who registers, and to what they consent."""

    identityNumber: Text  # noqa: N815  in the wire's style
    birthDate: date  # noqa: N815  the same
    clarificationTextVersion: float  # noqa: N815  the same
    clarificationTextAccepted: StrictBool  # noqa: N815  the same


class ClarificationObject(TypedDict):
    """The text of the day."""

    version: float
    text: str


@router.get("/api/clarification-text", summary="The clarification text to which who registers consents (chosen here)")
async def clarification_text(ministry: Here) -> ClarificationObject:
    notice = ministry.kvkk.notice(Front.MOBILE)
    text = "\n\n".join(f"{section.heading_tr}: {section.tr}" for section in notice.sections)
    return {"version": notice.version, "text": text}


@router.post("/api/register", responses=refusals(401), summary="First registration after signing in (chosen here)")
async def register(body: RegistrationBody, citizen: Newcomer, ministry: Here) -> AccountObject:
    consented = (
        body.clarificationTextAccepted and body.clarificationTextVersion == ministry.kvkk.notice(Front.MOBILE).version
    )
    enrol(ministry, citizen, body.identityNumber, body.birthDate, consented=consented)
    return account_of(ministry, citizen)


def enrol(ministry: Ministry, citizen: Citizen, identity_number: str, birth_date: date, *, consented: bool) -> None:
    """Register who is signed in. Raises `RegistrationRefused`; the number that was typed is not kept."""
    try:
        meant = ministry.registry.by_identity(identity_number)
    except UnknownCitizen:
        meant = None
    fits = meant is not None and (meant.citizen_id, meant.birth_date) == (citizen.citizen_id, birth_date)
    version = ministry.kvkk.notice(Front.MOBILE).version
    ministry.signin.register(
        Register(citizen_id=citizen.citizen_id, fits=fits, consented=consented, text_version=version)
    )
