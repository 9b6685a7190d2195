"""The counter for machines: an application as JSON, its form as PDF, the signed form as it is."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response, Security
from fastapi.security import APIKeyHeader

from mockgov.counters.application.access import follow_up_key, opened
from mockgov.counters.application.contact import correction, send_again
from mockgov.counters.application.wire import (
    ApplicationBody,
    ApplicationObject,
    ContactBody,
    LetterBody,
    OpenedObject,
    PostedObject,
    ResendBody,
    application_object,
)
from mockgov.counters.context import Here
from mockgov.counters.openapi import refusals
from mockgov.counters.reading import wire_moment
from mockgov.ministry import Ministry
from mockgov.onboarding.messages import DrawForm, PostLetter, RedrawForm, SubmitForm
from mockgov.onboarding.rules import Application

BASE: Final = "/kurumsal-entegrasyon/api/applications"
PAGES: Final = "/kurumsal-entegrasyon/basvuru"
HEADER: Final = "X-Application-Key"
BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
PDF: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The form, ready to be signed", "content": {"application/pdf": BINARY}}
}
SIGNED: Final = {
    "requestBody": {
        "required": True,
        "description": "The form's PDF with a PAdES signature, or a CAdES signature (CMS in DER) of it.",
        "content": {
            "application/pdf": BINARY,
            "application/pkcs7-signature": BINARY,
            "application/pkcs7-mime": BINARY,
        },
    }
}

router = APIRouter(prefix=BASE, tags=["Institutional integration (applications)"])
key_header = APIKeyHeader(name=HEADER, scheme_name="applicationKey", auto_error=False)


Number = Annotated[str, Path(max_length=40, examples=["ETF-2021-000001"])]
Key = Annotated[str | None, Security(key_header)]


@router.post("", status_code=201, summary="Step 1: draw up the form; opens an application")
async def draw(body: ApplicationBody, ministry: Here, request: Request) -> OpenedObject:
    """Give the number, and the key that opens the application from now on."""
    application = ministry.onboarding.draw(DrawForm(form=body.form()))
    key = follow_up_key(ministry, application)
    world = request.scope.get("root_path", "")
    return {
        "number": application.number,
        "key": key,
        "state": application.state.value,
        "form_url": _form_url(request, application),
        "page_url": f"{world}{PAGES}/{application.number}?key={key}",
    }


@router.get("/{number}", responses=refusals(401), summary="Where an application stands, and why")
async def shown(number: Number, key: Key, ministry: Here, request: Request) -> ApplicationObject:
    """Tell the state, what to do next, findings with their rule and source, and the history."""
    return _shown(ministry, opened(ministry, number, key or ""), request)


@router.put("/{number}", responses=refusals(401), summary="Write the form anew, before it is signed or after a return")
async def redraw(
    body: ApplicationBody, number: Number, key: Key, ministry: Here, request: Request
) -> ApplicationObject:
    """Put another form in the place of the one that was drawn; it is to be signed again."""
    application = opened(ministry, number, key or "")
    order = RedrawForm(application_id=application.application_id, form=body.form())
    return _shown(ministry, ministry.onboarding.redraw(order), request)


@router.get(
    "/{number}/form.pdf",
    response_class=Response,
    responses={**PDF, **refusals(401)},
    summary="The form as a PDF, the very bytes to be signed",
)
async def form_pdf(number: Number, key: Key, ministry: Here) -> Response:
    """Draw nothing anew: the same application gives the same bytes."""
    application = opened(ministry, number, key or "")
    return Response(ministry.onboarding.form_pdf(application.application_id), media_type="application/pdf")


@router.put(
    "/{number}/signed-form",
    responses=refusals(401),
    openapi_extra=SIGNED,
    summary="Step 1: hand in the signed form (PAdES, or CAdES detached or enveloping)",
)
async def submit(number: Number, key: Key, ministry: Here, request: Request) -> ApplicationObject:
    """Check the signature at once; what is refused is not kept, and the problem has `findings`."""
    application = opened(ministry, number, key or "")
    signed = await request.body()
    order = SubmitForm(application_id=application.application_id, signed=signed)
    return _shown(ministry, ministry.onboarding.submit(order), request)


@router.post(
    "/{number}/wet-letter",
    status_code=202,
    responses=refusals(401),
    summary="Step 2 on paper: put a letter with a wet signature into the post",
)
async def post_letter(body: LetterBody, number: Number, key: Key, ministry: Here) -> PostedObject:
    """Let it arrive some working days later; it is read then, and names the application by its number."""
    application = opened(ministry, number, key or "")
    posted = ministry.onboarding.post_letter(PostLetter(sender=body.sender, reference=body.reference, text=body.text))
    return {
        "number": application.number,
        "state": ministry.onboarding.application(application.application_id).state.value,
        "arrives_at": wire_moment(posted.arrives_at),
    }


@router.post(
    "/{number}/contact",
    responses=refusals(401),
    summary="Correct the authorised person's e-mail address or phone, once approved",
)
async def correct_contact(
    body: ContactBody, number: Number, key: Key, ministry: Here, request: Request
) -> ApplicationObject:
    """Write elsewhere from now on; what did not arrive is sent again only when asked for.

    Refused with 400: `notauthorisedperson` for another identity number than the form's, `contactmissing` if neither
    address nor phone is given, `form.phone-unknown` for a phone of nobody in this world, `illegaltransition` before
    the application is approved.
    """
    application = opened(ministry, number, key or "")
    order = correction(application, body.identity_number, email=body.email, phone=body.phone)
    return _shown(ministry, ministry.onboarding.correct_contact(order), request)


@router.post(
    "/{number}/resend",
    responses=refusals(401),
    summary="Have the test details, the live user name or the live password sent again",
)
async def resend(body: ResendBody, number: Number, key: Key, ministry: Here, request: Request) -> ApplicationObject:
    """Send it to the contact as it is now. Test details and live password come with a new password; the old one ends.

    Refused with 400 `illegaltransition` while the part is not this step's: `test` before the tests are finished,
    `user-name` and `password` once live.
    """
    application = opened(ministry, number, key or "")
    return _shown(ministry, send_again(ministry, application, body.part), request)


def _shown(ministry: Ministry, application: Application, request: Request) -> ApplicationObject:
    history = ministry.onboarding.history(application.application_id)
    return application_object(application, history, _form_url(request, application))


def _form_url(request: Request, application: Application) -> str:
    return f"{request.scope.get('root_path', '')}{BASE}/{application.number}/form.pdf"
