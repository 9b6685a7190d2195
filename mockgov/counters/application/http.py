"""Pages of *Kurumsal Entegrasyon*: what it is, the form, an application on its way. `router` has the JSON, too."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile
from starlette.responses import HTMLResponse, RedirectResponse

from mockgov.counters.application import api
from mockgov.counters.application.access import BadApplicationKey, follow_up_key, opened
from mockgov.counters.application.contact import (
    Corrected,
    may_correct,
    part_of,
    read_correction,
    send_again,
    sent,
)
from mockgov.counters.application.form import Filled, Texts, branch_count, read_form, typed, values_of
from mockgov.counters.application.kinds import kinds, options
from mockgov.counters.application.minted import example, repeated
from mockgov.counters.application.road import NAMES, onward, steps
from mockgov.counters.application.shown import SEVEN_STEPS, certificates, facts, inboxes, letter_of
from mockgov.counters.application.signing import sign_for
from mockgov.counters.application.wire import LETTER_LENGTH
from mockgov.counters.application.words import beside_fields, findings_of, in_words
from mockgov.counters.context import Here
from mockgov.ministry import Ministry
from mockgov.onboarding.drawing import NAME_LENGTH
from mockgov.onboarding.messages import DrawForm, PostLetter, RedrawForm, SubmitForm
from mockgov.onboarding.rules import SOURCE, TRANSITIONS, AccessForm, Application, State
from mockgov.pages.frame import Frame, address
from mockgov.pages.guard import check_form, form_token
from mockgov.pages.language import language_of
from mockgov.pages.route import page_route
from mockgov.pages.upload import check_whole
from mockgov.refusal import Refused
from mockgov.vocabulary.province import PROVINCES

BASE: Final = "/kurumsal-entegrasyon"
FORM: Final = f"{BASE}/basvuru"
PURPOSE: Final = "application"
STATUS: Final[Mapping[type[Exception], int]] = {BadApplicationKey: 404}


class BadLetter(Refused):
    """A letter without words, without end, or without a number of its own."""

    key = "badletter"


FRAME: Final = Frame(Path(__file__).parent, BASE)

pages = APIRouter(include_in_schema=False, route_class=page_route(FRAME, "refused.html", STATUS))


@pages.get(BASE)
async def start(request: Request) -> Response:
    return _start(request)


@pages.get(f"{BASE}/izle")
async def follow(request: Request, ministry: Here, number: str = "", key: str = "") -> Response:
    try:
        application = opened(ministry, number.strip(), key.strip())
    except BadApplicationKey:
        return _start(request, number=number.strip(), status=404)
    return _to(request, application, key.strip())


@pages.get(FORM)
async def blank(request: Request, ministry: Here) -> Response:
    values = example(ministry) if "example" in request.query_params else Texts()
    return _form(request, ministry, Filled(values=values, wrong={}, form=None), 1)


@pages.post(FORM)
async def draw(request: Request, ministry: Here) -> Response:
    return await _written(request, ministry, None)


@pages.get(f"{FORM}/{{number}}")
async def shown(number: str, request: Request, ministry: Here, key: str = "") -> Response:
    return _application(request, ministry, opened(ministry, number, key))


@pages.get(f"{FORM}/{{number}}/form.pdf")
async def form_pdf(number: str, ministry: Here, key: str = "") -> Response:
    application = opened(ministry, number, key)
    pdf = ministry.onboarding.form_pdf(application.application_id)
    kept = {"content-disposition": f'attachment; filename="{application.number}.pdf"', "cache-control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=kept)


@pages.get(f"{FORM}/{{number}}/duzelt")
async def rewrite(number: str, request: Request, ministry: Here, key: str = "") -> Response:
    application = opened(ministry, number, key)
    filled = Filled(values=values_of(application.form), wrong={}, form=None)
    return _form(request, ministry, filled, max(1, len(application.form.branches)), application)


@pages.post(f"{FORM}/{{number}}/duzelt")
async def redraw(number: str, request: Request, ministry: Here, key: str = "") -> Response:
    return await _written(request, ministry, opened(ministry, number, key))


@pages.post(f"{FORM}/{{number}}/imzali-form")
async def upload(number: str, request: Request, ministry: Here, key: str = "") -> Response:
    application = opened(ministry, number, key)
    await check_whole(request)
    async with request.form(max_files=1, max_fields=5) as fields:
        check_form(request.headers, fields, _token(ministry))
        sent = fields.get("signed")
        signed = await sent.read() if isinstance(sent, UploadFile) else b""
    return _submitted(request, ministry, application, key, signed)


@pages.post(f"{FORM}/{{number}}/deneme-imzasi")
async def sign(number: str, request: Request, ministry: Here, key: str = "") -> Response:
    application = opened(ministry, number, key)
    fields = await _fields(request, ministry)
    try:
        signed = sign_for(ministry, application, str(fields.get("certificate", "")))
    except Refused as refused:
        return _application(request, ministry, application, refused=refused, status=400)
    return _submitted(request, ministry, application, key, signed)


@pages.post(f"{FORM}/{{number}}/islak-imzali-yazi")
async def post_letter(number: str, request: Request, ministry: Here, key: str = "") -> Response:
    application = opened(ministry, number, key)
    fields = await _fields(request, ministry)
    text, reference = str(fields.get("letter", "")).strip(), str(fields.get("reference", "")).strip()
    try:
        if not (1 <= len(text) <= LETTER_LENGTH and 1 <= len(reference) <= NAME_LENGTH):
            raise BadLetter(f"Give the letter's text, {LETTER_LENGTH} characters at most, and its number.")
        ministry.onboarding.post_letter(
            PostLetter(sender=application.form.institution_name, reference=reference, text=text)
        )
    except Refused as refused:
        return _application(request, ministry, application, refused=refused, letter=text, status=400)
    return _to(request, application, key, posted=1)


@pages.post(f"{FORM}/{{number}}/iletisim")
async def correct_contact(number: str, request: Request, ministry: Here, key: str = "") -> Response:
    application = opened(ministry, number, key)
    read = read_correction(await _fields(request, ministry), application)
    if read.order is None:
        return _application(request, ministry, application, contact=read, status=400)
    try:
        ministry.onboarding.correct_contact(read.order)
    except Refused as refused:
        return _application(request, ministry, application, refused=refused, contact=read, status=400)
    return _to(request, application, key, corrected=1)


@pages.post(f"{FORM}/{{number}}/yeniden-gonder")
async def resend(number: str, request: Request, ministry: Here, key: str = "") -> Response:
    application = opened(ministry, number, key)
    fields = await _fields(request, ministry)
    try:
        send_again(ministry, application, part_of(str(fields.get("part", ""))))
    except Refused as refused:
        return _application(request, ministry, application, refused=refused, status=400)
    return _to(request, application, key, resent=1)


async def _written(request: Request, ministry: Ministry, application: Application | None) -> Response:
    """Draw up the form that was filled in, or show it again with what is wrong."""
    fields = await _fields(request, ministry)
    branches = branch_count(fields)
    values = typed(fields)
    if "more" in fields:
        return _form(request, ministry, Filled(values=values, wrong={}, form=None), branches, application)
    filled = read_form(values, branches)
    if filled.form is None:
        return _form(request, ministry, filled, branches, application, status=400)
    try:
        made = _draw(ministry, filled.form, application)
    except Refused as refused:
        filled = Filled(values=values, wrong=beside_fields(findings_of(refused)), form=None)
        return _form(request, ministry, filled, branches, application, refused=refused, status=400)
    if application is not None:
        return _to(request, made, follow_up_key(ministry, made))
    return _to(request, made, follow_up_key(ministry, made), fresh=1)


def _draw(ministry: Ministry, form: AccessForm, application: Application | None) -> Application:
    if application is None:
        return ministry.onboarding.draw(DrawForm(form=form))
    return ministry.onboarding.redraw(RedrawForm(application_id=application.application_id, form=form))


def _submitted(request: Request, ministry: Ministry, application: Application, key: str, signed: bytes) -> Response:
    try:
        ministry.onboarding.submit(SubmitForm(application_id=application.application_id, signed=signed))
    except Refused as refused:
        return _application(request, ministry, application, refused=refused, status=400)
    return _to(request, application, key)


def _start(request: Request, *, number: str = "", status: int = 200) -> HTMLResponse:
    language = language_of(request.query_params)
    return FRAME.page(
        request,
        "start.html",
        status=status,
        kinds=kinds(language),
        source=SOURCE,
        road=[(language.say(*name), language.say(*words)) for name, words in SEVEN_STEPS],
        not_found=status != 200,
        number_typed=number,
    )


def _form(
    request: Request,
    ministry: Ministry,
    filled: Filled,
    branches: int,
    application: Application | None = None,
    *,
    refused: Refused | None = None,
    status: int = 200,
) -> HTMLResponse:
    language = language_of(request.query_params)
    key = "" if application is None else follow_up_key(ministry, application)
    return FRAME.page(
        request,
        "form.html",
        status=status,
        path=FORM if application is None else f"{FORM}/{application.number}/duzelt",
        application=application,
        key=key,
        values=repeated(ministry, filled.values),
        wrong=Texts({name: language.say(*words) for name, words in filled.wrong.items()}),
        refused=None if refused is None else in_words(refused, language),
        kinds=options(language),
        provinces=[(str(one.plate), one.name) for one in sorted(PROVINCES, key=lambda one: one.plate)],
        branches=branches,
        without_institution="example" in request.query_params and not filled.values["vkn"],
        token=_token(ministry),
    )


def _application(
    request: Request,
    ministry: Ministry,
    application: Application,
    *,
    refused: Refused | None = None,
    letter: str = "",
    contact: Corrected | None = None,
    status: int = 200,
) -> HTMLResponse:
    language = language_of(request.query_params)
    application = ministry.onboarding.application(application.application_id)
    ahead = TRANSITIONS[application.state]
    wrong = {} if contact is None else {name: language.say(*words) for name, words in contact.wrong.items()}
    return FRAME.page(
        request,
        "application.html",
        status=status,
        path=f"{FORM}/{application.number}",
        application=application,
        key=follow_up_key(ministry, application),
        here=f"{FORM}/{application.number}",
        fresh="fresh" in request.query_params,
        posted="posted" in request.query_params and application.state is State.SUBMITTED,
        post_days=ministry.world.settings.wet_letter_days,
        refused=None if refused is None else in_words(refused, language),
        state_words=NAMES[application.state],
        next_words=onward(application),
        may_submit=State.SUBMITTED in ahead,
        may_redraw=State.DRAWN in ahead,
        may_write=State.LETTER_RECEIVED in ahead,
        corrected="corrected" in request.query_params and may_correct(application),
        resent="resent" in request.query_params and may_correct(application),
        sent=sent(application),
        may_correct=may_correct(application),
        contact=Texts() if contact is None else repeated(ministry, contact.values),
        contact_wrong=Texts(wrong),
        certificates=certificates(language),
        letter=letter or letter_of(application),
        letter_reference=f"{application.number}/1",
        facts=facts(application, language),
        steps=steps(application, ministry.onboarding.history(application.application_id)),
        inboxes=inboxes(application, language, request.scope.get("root_path", "")),
        token=_token(ministry),
    )


def _to(request: Request, application: Application, key: str, **query: int) -> RedirectResponse:
    """See Other: the application's page, so that loading it again sends nothing twice."""
    language = language_of(request.query_params)
    return RedirectResponse(address(request, f"{FORM}/{application.number}", language, key=key, **query), 303)


async def _fields(request: Request, ministry: Ministry) -> Mapping[str, Any]:
    """What a form of these pages sent. Raises `ForeignForm`."""
    async with request.form(max_files=0, max_fields=400) as fields:
        check_form(request.headers, fields, _token(ministry))
        return dict(fields)


def _token(ministry: Ministry) -> str:
    return form_token(ministry.world.streams, PURPOSE)


router = APIRouter()
router.include_router(pages)
router.include_router(api.router)
