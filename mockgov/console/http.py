"""Pages of the evaluation desk, under `/console/desk`."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse

from mockgov.console.case import (
    accounts_of,
    certificate_of,
    channel,
    compared,
    letter_read,
    verdict_of,
    waiting_days,
    who,
)
from mockgov.console.frame import ConsoleFrame
from mockgov.counters.application.road import NAMES, tone
from mockgov.counters.application.words import in_words
from mockgov.counters.context import Here
from mockgov.ministry import Ministry
from mockgov.onboarding.messages import DeclareFalse, Evaluate
from mockgov.onboarding.rules import TRANSITIONS, Application, Decision, LetterChannel, State, UnknownApplication
from mockgov.pages.frame import address
from mockgov.pages.guard import check_form, form_token
from mockgov.pages.language import language_of
from mockgov.pages.route import page_route
from mockgov.refusal import Refused

BASE: Final = "/console/desk"
PURPOSE: Final = "desk"
OFFICER: Final = "Değerlendirme Masası"
PAGE: Final = 50
REASONS: Final = 50
WORDS: Final = 4_000
"""Characters in all reasons of a decision, and in a statement (chosen here)."""
WAITING: Final = (State.UNDER_EVALUATION, State.LETTER_RECEIVED)
"""States in which an application waits for the desk."""
STATUS: Final[Mapping[type[Exception], int]] = {UnknownApplication: 404}
FRAME: Final = ConsoleFrame(BASE)

router = APIRouter(include_in_schema=False, route_class=page_route(FRAME, "refused.html", STATUS))


class BadDecision(Refused):
    """A decision that the desk does not know, or that gives no reason where one is owed."""

    key = "baddecision"


class Line(NamedTuple):
    """An application in the list."""

    application: Application
    waited: int | None
    """Working days in its present state; None once it is finished."""
    tone: str


@router.get(BASE)
async def desk(
    request: Request, ministry: Here, state: str = "", after: int = 0, audited: int | None = None
) -> Response:
    chosen = next((one for one in State if one.value == state), None)
    state = state if chosen or state == "" else "all"
    lines = _lines(ministry, chosen, waiting=state == "", after=max(0, min(after, 1 << 62)))
    return FRAME.page(
        request,
        "desk.html",
        lines=lines[:PAGE],
        more=lines[PAGE - 1].application.application_id if len(lines) > PAGE and state else 0,
        state=state,
        names=NAMES,
        states=list(State),
        by_rules=ministry.world.settings.evaluation == "rules",
        now=ministry.world.now(),
        audited=audited,
        officer=OFFICER,
        token=_token(ministry),
    )


@router.post(f"{BASE}/audit")
async def audit(request: Request, ministry: Here) -> Response:
    fields, _ = await _fields(request, ministry)
    found = ministry.onboarding.audit_declarations(_officer(fields))
    return RedirectResponse(address(request, BASE, language_of(request.query_params), audited=len(found)), 303)


@router.get(f"{BASE}/{{number}}")
async def case(number: str, request: Request, ministry: Here) -> Response:
    return _case(request, ministry, ministry.onboarding.by_number(number))


@router.get(f"{BASE}/{{number}}/form.pdf")
async def signed_form(number: str, ministry: Here) -> Response:
    application = ministry.onboarding.by_number(number)
    signed = ministry.onboarding.signed_form(application.application_id)
    pdf = ministry.onboarding.form_pdf(application.application_id) if signed is None else signed
    kind, ending = ("application/pdf", "pdf") if pdf.startswith(b"%PDF") else ("application/pkcs7-mime", "p7m")
    kept = {"content-disposition": f'attachment; filename="{application.number}.{ending}"', "cache-control": "no-store"}
    return Response(pdf, media_type=kind, headers=kept)


@router.post(f"{BASE}/{{number}}/evaluate")
async def evaluate(number: str, request: Request, ministry: Here) -> Response:
    application = ministry.onboarding.by_number(number)
    fields, reasons = await _fields(request, ministry)
    try:
        decision = _decision(fields)
        if len(reasons) > REASONS or sum(map(len, reasons)) > WORDS:
            raise BadDecision(f"Give {REASONS} reasons at most, {WORDS} characters in all.")
        order = Evaluate(
            application_id=application.application_id,
            decision=decision,
            reasons=() if decision is Decision.APPROVE else reasons,
            officer=_officer(fields),
        )
        ministry.onboarding.evaluate(order)
    except Refused as refused:
        return _case(request, ministry, application, refused=refused, status=400)
    return _to(request, application)


@router.post(f"{BASE}/{{number}}/declare-false")
async def declare_false(number: str, request: Request, ministry: Here) -> Response:
    application = ministry.onboarding.by_number(number)
    fields, _ = await _fields(request, ministry)
    statement = str(fields.get("statement", "")).strip()
    try:
        if not 1 <= len(statement) <= WORDS:
            raise BadDecision(f"Say what in the form is false, in {WORDS} characters at most.")
        ministry.onboarding.declare_false(
            DeclareFalse(application_id=application.application_id, statement=statement, officer=_officer(fields))
        )
    except Refused as refused:
        return _case(request, ministry, application, refused=refused, status=400)
    return _to(request, application)


def _lines(ministry: Ministry, state: State | None, *, waiting: bool, after: int) -> Sequence[Line]:
    """One more than a page of applications, those that have waited longest first where they wait for the desk."""
    onboarding = ministry.onboarding
    wanted = WAITING if waiting else (state,)
    found = [one for each in wanted for one in onboarding.applications(each, after=after, limit=PAGE + 1)]
    now = ministry.world.now()
    lines = [Line(one, waiting_days(onboarding.history(one.application_id), now), tone(one.state)) for one in found]
    return sorted(lines, key=lambda line: -(line.waited or 0)) if waiting else lines


def _case(
    request: Request,
    ministry: Ministry,
    application: Application,
    *,
    refused: Refused | None = None,
    status: int = 200,
) -> HTMLResponse:
    language = language_of(request.query_params)
    number = application.application_id
    application = ministry.onboarding.application(number)
    history = ministry.onboarding.history(number)
    onward = TRANSITIONS[application.state]
    letter = application.letter
    return FRAME.page(
        request,
        "case.html",
        status=status,
        path=f"{BASE}/{application.number}",
        application=application,
        here=f"{BASE}/{application.number}",
        names=NAMES,
        tone=tone(application.state),
        waited=waiting_days(history, ministry.world.now()),
        rows=compared(ministry, application, language),
        assessed=ministry.onboarding.assess(number),
        certificate=certificate_of(ministry, application),
        verdict=verdict_of(ministry, application),
        letter_signature=letter is not None and all(one.rule != "letter.signature" for one in letter.findings),
        by_kep=letter is not None and letter.channel is LetterChannel.KEP,
        channel="" if letter is None else channel(letter.channel, language),
        letter_read=letter_read(ministry, application),
        history=history,
        who=lambda by: who(by, language),
        accounts=accounts_of(ministry, application),
        may_decide=application.state in WAITING,
        may_revoke=State.REVOKED in onward,
        officer=OFFICER,
        refused=None if refused is None else in_words(refused, language),
        token=_token(ministry),
    )


def _decision(fields: Mapping[str, Any]) -> Decision:
    try:
        return Decision(str(fields.get("decision", "")))
    except ValueError:
        raise BadDecision("Choose to approve, to return or to refuse.") from None


def _officer(fields: Mapping[str, Any]) -> str:
    return str(fields.get("officer", "")).strip()[:200] or OFFICER


async def _fields(request: Request, ministry: Ministry) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """What a form of the desk sent, and the reasons that it gives: rules ticked, and the officer's own words by line.

    Raises `ForeignForm`.
    """
    async with request.form(max_files=0, max_fields=100) as fields:
        check_form(request.headers, fields, _token(ministry))
        own = [line.strip() for line in str(fields.get("own", "")).splitlines()]
        ticked = [str(one) for one in fields.getlist("reason")]
        return dict(fields), tuple(one for one in (*ticked, *own) if one)


def _to(request: Request, application: Application) -> RedirectResponse:
    language = language_of(request.query_params)
    return RedirectResponse(address(request, f"{BASE}/{application.number}", language), 303)


def _token(ministry: Ministry) -> str:
    return form_token(ministry.world.streams, PURPOSE)
