"""Signing in and out, the first page, and choosing a password."""

from typing import Final

from fastapi import Request, Response

from mockgov.counters.context import Here
from mockgov.counters.edevlet.access import check_token, let_in, let_out, page_token, visitor_if_any, visitor_of
from mockgov.counters.edevlet.room import HOME, SERVICES, SIGN_IN, page, page_router, to
from mockgov.edevlet.rules import BadPassword, SignInLocked, WrongPassword
from mockgov.ministry import Ministry
from mockgov.pages.guard import form_token
from mockgov.refusal import Refused
from mockgov.registry.rules import UnknownCitizen

SIGN_OUT: Final = "/Giris/cikis"
PASSWORD: Final = "/e-devlet/sifre"  # noqa: S105  a path
PURPOSE: Final = "edevlet"
ACTION: Final = "giris"

router = page_router()


@router.get(HOME)
async def home(request: Request, ministry: Here) -> Response:
    """What there is here."""
    visitor = visitor_if_any(request, ministry)
    changed = "sifre" in request.query_params and visitor is not None
    return page(request, ministry, "home.html", visitor, HOME, services=SERVICES, changed=changed)


@router.get("/Giris")
@router.get("/Giris/")
@router.get(SIGN_IN)
async def door(request: Request, ministry: Here, devam: str = "") -> Response:
    """The sign-in page; who is signed in goes on at once."""
    if visitor_if_any(request, ministry) is not None:
        return to(request, _next(devam))
    return _door(request, ministry, devam)


@router.post("/Giris")
@router.post("/Giris/")
@router.post(SIGN_IN)
async def sign_in(request: Request, ministry: Here) -> Response:
    """302 and a cookie, or the same page with what is wrong."""
    async with request.form(max_files=0, max_fields=20) as sent:
        fields = check_token(request, sent, _door_token(ministry), field="currentPageToken")
    devam = str(fields.get("devam", ""))
    if fields.get("actionName") != ACTION:
        return _door(request, ministry, devam, status=400)
    identity, password = str(fields.get("tridField", "")), str(fields.get("egpField", ""))
    try:
        token = ministry.edevlet.sign_in(_citizen_id(ministry, identity), password)
    except (WrongPassword, SignInLocked) as refused:
        return _door(request, ministry, devam, refused=refused)
    answer = to(request, _next(devam))
    let_in(request, answer, token)
    return answer


@router.post(SIGN_OUT)
async def sign_out(request: Request, ministry: Here) -> Response:
    """End the session."""
    visitor = visitor_of(request, ministry)
    async with request.form(max_files=0, max_fields=5) as sent:
        check_token(request, sent, page_token(ministry, visitor, SIGN_OUT))
    ministry.edevlet.sign_out(visitor.session)
    answer = to(request, SIGN_IN)
    let_out(request, answer)
    return answer


@router.get(SIGN_OUT)
async def leaving(request: Request, ministry: Here) -> Response:
    """Ask before the session ends: a link alone ends none."""
    visitor = visitor_if_any(request, ministry)
    if visitor is None:
        return to(request, SIGN_IN)
    return page(request, ministry, "leaving.html", visitor, SIGN_OUT)


@router.get(PASSWORD)
async def password_form(request: Request, ministry: Here) -> Response:
    """Where one chooses a password."""
    return page(request, ministry, "password.html", visitor_of(request, ministry), PASSWORD, refused=None)


@router.post(PASSWORD)
async def change_password(request: Request, ministry: Here) -> Response:
    """Take the new password."""
    visitor = visitor_of(request, ministry)
    async with request.form(max_files=0, max_fields=10) as sent:
        fields = check_token(request, sent, page_token(ministry, visitor, PASSWORD))
    old, new, again = (str(fields.get(name, "")) for name in ("eskiSifre", "yeniSifre", "yeniSifreTekrar"))
    try:
        ministry.edevlet.change_password(visitor.session, old, _same(new, again))
    except (BadPassword, WrongPassword, SignInLocked) as refused:
        return page(request, ministry, "password.html", visitor, PASSWORD, refused=refused, status=400)
    return to(request, HOME, sifre=1)


def _door(
    request: Request, ministry: Ministry, devam: str, *, refused: Refused | None = None, status: int = 200
) -> Response:
    """The sign-in page; what was typed does not come back."""
    return page(
        request,
        ministry,
        "door.html",
        None,
        SIGN_IN,
        status=status,
        door_token=_door_token(ministry),
        action=ACTION,
        devam=devam if devam in SERVICES else "",
        refused=refused,
    )


def _citizen_id(ministry: Ministry, identity: str) -> int:
    """Whose number it is. Raises `WrongPassword` for nobody's, as for a wrong password."""
    try:
        return ministry.registry.by_identity(identity).citizen_id
    except UnknownCitizen:
        raise WrongPassword("Identity number and password do not fit. Check both, and try again.") from None


def _same(new: str, again: str) -> str:
    if new != again:
        raise BadPassword("The two new passwords differ. Type the same one twice.")
    return new


def _next(devam: str) -> str:
    return devam if devam in SERVICES else HOME


def _door_token(ministry: Ministry) -> str:
    return form_token(ministry.world.streams, PURPOSE)
