# ruff: noqa: D103  a route says its piece in `summary`, which the OpenAPI shows
"""The first registration: who signs in with a phone says who they are, and consents. Routes chosen here."""

from datetime import date
from typing import Final

from fastapi import APIRouter
from pydantic import BaseModel, StrictBool
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.counters.context import Here
from mockgov.counters.mobile_app.access import Newcomer
from mockgov.counters.mobile_app.account import account_of
from mockgov.counters.mobile_app.wire import TEXT_VERSION, AccountObject, Text
from mockgov.counters.openapi import refusals
from mockgov.ministry import Ministry
from mockgov.registry.rules import Citizen, UnknownCitizen
from mockgov.signin.messages import Register

router = APIRouter()

CLARIFICATION: Final = (
    "Bu uygulama bir deneme ortamıdır; bütün kişiler ve numaralar uydurmadır, hukuki geçerliliği yoktur. Kimlik "
    "numaranız, doğum tarihiniz, telefonunuz ve sağlık durumunuz, HES kodu üretilmesi ve kodun sorulması amacıyla "
    "işlenir (6698 sayılı Kanun, madde 6 ve 10). Kodunuzu soran kurum yalnızca maskelenmiş adınızı ve risk durumunuzu "
    "görür. Kodunuzu kimin, ne zaman, hangi amaçla sorduğunu görebilir, kodunuzu kısaltabilir veya silebilirsiniz."
)
CLARIFICATION_IN_ENGLISH: Final = (
    "This application is a sandbox; all people and numbers are made up, and nothing has legal force. Your identity "
    "number, birth date, phone and health status are processed in order to make HES codes and to answer who asks "
    "about them (law 6698, articles 6 and 10). An institution that asks about your code sees your masked name and your "
    "risk status only. You can see who asked, when and for what purpose, and shorten or delete your code."
)


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
async def clarification_text() -> ClarificationObject:
    return {"version": TEXT_VERSION, "text": CLARIFICATION}


@router.post("/api/register", responses=refusals(401), summary="First registration after signing in (chosen here)")
async def register(body: RegistrationBody, citizen: Newcomer, ministry: Here) -> AccountObject:
    consented = body.clarificationTextAccepted and body.clarificationTextVersion == TEXT_VERSION
    enrol(ministry, citizen, body.identityNumber, body.birthDate, consented=consented)
    return account_of(ministry, citizen)


def enrol(ministry: Ministry, citizen: Citizen, identity_number: str, birth_date: date, *, consented: bool) -> None:
    """Register who is signed in. Raises `RegistrationRefused`; the number that was typed is not kept."""
    try:
        meant = ministry.registry.by_identity(identity_number)
    except UnknownCitizen:
        meant = None
    fits = meant is not None and (meant.citizen_id, meant.birth_date) == (citizen.citizen_id, birth_date)
    ministry.signin.register(
        Register(citizen_id=citizen.citizen_id, fits=fits, consented=consented, text_version=TEXT_VERSION)
    )
