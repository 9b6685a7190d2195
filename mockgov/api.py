"""The framework's half of the front door: which routes there are, and what each refusal becomes on the wire."""

import logging
from typing import Any, Final

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import ResourceClosedError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse

from mockgov.callbacks.rules import IllegalTransition as CallbackIllegalTransition
from mockgov.callbacks.rules import SubscriptionOff, UnknownDelivery, UnknownSubscription
from mockgov.clock import ClockRefusedError
from mockgov.codes.rules import UnknownCode
from mockgov.conformance.catalogue import NothingRehearsed
from mockgov.console.handset import router as console_handset
from mockgov.console.http import router as console
from mockgov.console.missing import missing
from mockgov.console.routes import router as console_pages
from mockgov.counters.application.access import BadApplicationKey
from mockgov.counters.application.http import router as application
from mockgov.counters.application.wire import problem_fields
from mockgov.counters.certificates.http import router as certificates
from mockgov.counters.corporate import openapi as corporate_openapi
from mockgov.counters.edevlet.http import router as edevlet
from mockgov.counters.kep_http.http import router as kep_http
from mockgov.counters.kep_session import BadSession
from mockgov.counters.kep_soap.http import router as kep_soap
from mockgov.counters.kvkk.http import router as kvkk
from mockgov.counters.limits import TooLarge, too_large
from mockgov.counters.mobile_app.http import router as mobile_app
from mockgov.counters.openapi import put_right
from mockgov.counters.problem import CONSTRAINT, problem
from mockgov.counters.qr.http import router as qr
from mockgov.counters.reading import wire_us
from mockgov.counters.screening import as_json, screened
from mockgov.counters.sms_http.http import router as sms_http
from mockgov.counters.web_app.http import router as web_app
from mockgov.credentials.rules import AccountTaken, UnknownAccount
from mockgov.family.rules import IllegalTransition as FamilyIllegalTransition
from mockgov.family.rules import UnknownMembership
from mockgov.faults import FaultError
from mockgov.journal.rules import UnknownExchange
from mockgov.kep.rules import (
    BadKepCredentials,
    KepAccountTaken,
    UnknownEvidence,
    UnknownKepAccount,
    UnknownLetter,
)
from mockgov.kep.rules import IllegalTransition as KepIllegalTransition
from mockgov.kvkk.rules import UnknownRequest
from mockgov.lab.applications import router as lab_applications
from mockgov.lab.asyncapi import router as lab_asyncapi
from mockgov.lab.callbacks import router as lab_callbacks
from mockgov.lab.clock import router as lab_clock
from mockgov.lab.conformance import router as lab_conformance
from mockgov.lab.documented import documented
from mockgov.lab.doors import router as lab_doors
from mockgov.lab.edevlet import router as lab_edevlet
from mockgov.lab.explain import router as lab_explain
from mockgov.lab.faults import router as lab_faults
from mockgov.lab.fidelity import router as lab_fidelity
from mockgov.lab.handsets import router as lab_handsets
from mockgov.lab.http import router as lab
from mockgov.lab.journal import router as lab_journal
from mockgov.lab.kep import router as lab_kep
from mockgov.lab.magic import router as lab_magic
from mockgov.lab.mail import router as lab_mail
from mockgov.lab.minimisation import router as lab_minimisation
from mockgov.lab.packages import router as lab_packages
from mockgov.lab.people import router as lab_people
from mockgov.lab.routes_page import page
from mockgov.lab.signing import router as lab_signing
from mockgov.lab.worlds import router as lab_worlds
from mockgov.mail.rules import UnknownMail
from mockgov.onboarding.rules import UnknownApplication
from mockgov.queries.rules import CodeProblem
from mockgov.refusal import SCOPE_KEY as REFUSAL
from mockgov.refusal import Refused, Unavailable
from mockgov.registry.rules import UnknownCitizen, UnknownInstitution
from mockgov.short_number.rules import UnknownLink
from mockgov.signature.rules import UnknownCertificate, UnknownIssuer
from mockgov.signin.rules import BadToken, NotRegistered, WrongLoginCode
from mockgov.sms.accounts import SmsAccountTaken, UnknownSmsAccount
from mockgov.sms.rules import UnknownMessage
from mockgov.vocabulary.errors import InvalidWord
from mockgov.worlds import AmbiguousWorld, UnknownSnapshot, UnknownWorld, WorldRefused

ROUTERS: Final[tuple[APIRouter, ...]] = (
    mobile_app,
    web_app,
    kvkk,
    application,
    edevlet,
    console,
    console_handset,
    console_pages,
    qr,
    kep_http,
    kep_soap,
    sms_http,
    certificates,
    lab_people,
    lab_worlds,
    lab_clock,
    lab_journal,
    lab_explain,
    lab_conformance,
    lab_minimisation,
    lab,
    lab_doors,
    lab_faults,
    lab_edevlet,
    lab_applications,
    lab_signing,
    lab_kep,
    lab_packages,
    lab_mail,
    lab_handsets,
    lab_magic,
    lab_fidelity,
    lab_callbacks,
    lab_asyncapi,
)
"""Every counter's routes and the lab's; the corporate counter's hot ones stand apart."""

STATUS: Final[dict[type[Exception], int]] = {
    UnknownCitizen: 404,
    UnknownInstitution: 404,
    UnknownAccount: 404,
    UnknownCode: 404,
    UnknownWorld: 404,
    UnknownSnapshot: 404,
    AmbiguousWorld: 421,
    AccountTaken: 409,
    BadToken: 401,
    WrongLoginCode: 401,
    NotRegistered: 403,
    UnknownMembership: 404,
    FamilyIllegalTransition: 409,
    CodeProblem: 400,
    BadApplicationKey: 401,
    UnknownApplication: 404,
    BadKepCredentials: 401,
    UnknownKepAccount: 404,
    KepAccountTaken: 409,
    UnknownLetter: 404,
    UnknownEvidence: 404,
    KepIllegalTransition: 409,
    BadSession: 401,
    UnknownMail: 404,
    UnknownMessage: 404,
    UnknownLink: 404,
    SmsAccountTaken: 409,
    UnknownCertificate: 404,
    UnknownIssuer: 404,
    UnknownRequest: 404,
    UnknownSubscription: 404,
    UnknownDelivery: 404,
    SubscriptionOff: 409,
    CallbackIllegalTransition: 409,
    UnknownSmsAccount: 404,
    UnknownExchange: 404,
    NothingRehearsed: 404,
}
"""Status of each refusal; any other is 400."""

BY_TOKEN: Final = (BadToken, WrongLoginCode, BadSession, BadKepCredentials)
"""Refusals of those who sign in for a bearer's token (RFC 6750)."""

log = logging.getLogger("mockgov")


def make_api() -> FastAPI:
    """The FastAPI application: every route but the hot ones, every refusal a problem."""
    api = FastAPI(
        title="HES Sandbox",
        description="A sandbox of the HES services of 2020-2022. All people are synthetic; nothing has legal force.",
        version="1",
        dependencies=[Depends(screened)],
        docs_url=None,
        redoc_url=None,
    )
    for router in ROUTERS:
        api.include_router(router, dependencies=[Depends(as_json)] if router.prefix.startswith("/_lab") else None)
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(Unavailable, _unavailable)
    api.add_exception_handler(InvalidWord, _invalid)
    api.add_exception_handler(ClockRefusedError, _invalid)
    api.add_exception_handler(ResourceClosedError, _gone)
    api.add_exception_handler(FaultError, _invalid)
    api.add_exception_handler(RequestValidationError, _unreadable)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(TooLarge, _too_large)
    plain = api.openapi

    def with_corporate() -> dict[str, Any]:
        return documented(corporate_openapi.merged(put_right(plain())))

    @api.get("/", include_in_schema=False)
    async def front_page() -> RedirectResponse:
        return RedirectResponse("docs")  # relative: a world's own path stays before it

    @api.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(page(api.openapi()))

    api.openapi = with_corporate  # type: ignore[method-assign]  # the documented way to extend a schema
    return api


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refused)
    request.scope[REFUSAL] = refusal.key
    status = STATUS.get(type(refusal), 400)
    extra: dict[str, Any] = problem_fields(refusal)
    if isinstance(refusal, CodeProblem) and refusal.expires_us is not None:
        extra["expiration_date"] = wire_us(refusal.expires_us)
    headers = {"www-authenticate": "Bearer"} if isinstance(refusal, BY_TOKEN) else None
    return _problem(status, problem(status, refusal.key, refusal.message, **extra), headers)


async def _unavailable(_: Request, error: Exception) -> Response:
    assert isinstance(error, Unavailable)
    log.error("unavailable", exc_info=error)
    title = "Servis şu anda yanıt veremiyor."
    return _problem(error.status, problem(error.status, "unavailable", title, detail=str(error)))


async def _invalid(_: Request, word: Exception) -> Response:
    return _problem(400, problem(400, CONSTRAINT, str(word), entity="request"))


async def _gone(request: Request, error: Exception) -> Response:
    """Something was awaited, and the world's database closed meanwhile."""
    del error
    text = "The world was dropped or put back while this was being done; look at what there is, and ask again."
    return await _refused(request, WorldRefused(text))


async def _unreadable(_: Request, error: Exception) -> Response:
    """Name the fields that are wrong, never what stood in them."""
    assert isinstance(error, RequestValidationError)
    wrong = "; ".join(f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors())
    detail = f"{wrong}. The request is described in /openapi.json."
    return _problem(400, problem(400, CONSTRAINT, "İstek okunamadı.", detail=detail, entity="request"))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404 and (found := missing(request)) is not None:
        return found
    title = {404: "Bulunamadı.", 405: "Bu yöntem desteklenmez."}.get(error.status_code, "İstek okunamadı.")
    detail = f"{error.detail}. The routes are listed under /docs."
    body = problem(error.status_code, f"http{error.status_code}", title, detail=detail, entity="request")
    return _problem(error.status_code, body, dict(error.headers or {}))


async def _too_large(_: Request, error: Exception) -> Response:
    assert isinstance(error, TooLarge)
    return _problem(413, too_large(error.limit))


def _problem(status: int, body: bytes, headers: dict[str, str] | None = None) -> Response:
    return Response(body, status, headers, media_type="application/problem+json")
