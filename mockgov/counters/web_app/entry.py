# ruff: noqa: D103  a route's name and address say what it is
"""The way in and out: phone, code from the SMS, the first registration, signing out."""

from datetime import date
from typing import Final

from fastapi import APIRouter, Request, Response

from mockgov.counters.context import Here
from mockgov.counters.mobile_app.access import read_phone
from mockgov.counters.mobile_app.registration import enrol
from mockgov.counters.web_app.session import (
    BASE,
    COOKIE,
    ROUTE,
    Form,
    Newcomer,
    page,
    read_form,
    text,
    to,
    token_of,
)
from mockgov.kvkk.notices import Front
from mockgov.ministry import Ministry
from mockgov.refusal import Refused
from mockgov.registry.rules import UnknownCitizen
from mockgov.signin.messages import SendLoginCode
from mockgov.signin.rules import RegistrationRefused, WrongLoginCode
from mockgov.vocabulary.phone import Phone

router = APIRouter(route_class=ROUTE)
HANDSET: Final = "/telefon/{phone}"
"""Where the sandbox shows what a phone has received."""
UNREADABLE: Final = date.min
"""A birth date that nobody has."""


@router.post(f"{BASE}/giris")
async def send_code(request: Request, ministry: Here) -> Response:
    fields = await read_form(request, token_of(ministry, None))
    typed = text(fields, "phone")
    try:
        citizen = ministry.registry.by_phone(read_phone(typed))
    except UnknownCitizen as refused:
        return page(
            request, ministry, None, "sign_in.html", here="", phone=typed, refused=refused, status=404, wrong="phone"
        )
    assert citizen.phone is not None
    ministry.signin.send_code(SendLoginCode(citizen_id=citizen.citizen_id, phone=citizen.phone))
    return _code_page(request, ministry, citizen.phone)


@router.post(f"{BASE}/dogrula")
async def enter(request: Request, ministry: Here) -> Response:
    fields = await read_form(request, token_of(ministry, None))
    phone = read_phone(text(fields, "phone"))
    citizen = ministry.registry.by_phone(phone)
    remember = "remember" in fields
    try:
        got = ministry.signin.sign_in(citizen.citizen_id, text(fields, "password"), remember_me=remember)
    except WrongLoginCode as refused:
        return _code_page(request, ministry, phone, refused)
    answer = to(request, BASE)
    days = ministry.world.settings.token_days
    answer.set_cookie(
        COOKIE,
        got.id_token,
        max_age=days * 86_400 if remember else None,
        path=_path(request),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return answer


@router.get(f"{BASE}/kayit")
async def registration(request: Request, citizen: Newcomer, ministry: Here) -> Response:
    if ministry.signin.is_registered(citizen.citizen_id):
        return to(request, BASE)
    return page(
        request,
        ministry,
        citizen,
        "registration.html",
        here="/kayit",
        notice=ministry.kvkk.notice(Front.MOBILE),
    )


@router.post(f"{BASE}/kayit")
async def register(request: Request, citizen: Newcomer, fields: Form, ministry: Here) -> Response:
    try:
        born = date.fromisoformat(text(fields, "birth_date"))
    except ValueError:
        born = UNREADABLE
    try:
        number, consented = text(fields, "identity_number"), "consent" in fields
        enrol(ministry, citizen, number, born, consented=consented)
    except RegistrationRefused as refused:
        return page(
            request,
            ministry,
            citizen,
            "registration.html",
            here="/kayit",
            refused=refused,
            status=400,
            notice=ministry.kvkk.notice(Front.MOBILE),
        )
    return to(request, BASE)


@router.post(f"{BASE}/cikis")
async def leave(request: Request, citizen: Newcomer, fields: Form) -> Response:  # noqa: ARG001  the form's token counts
    answer = to(request, BASE)
    answer.delete_cookie(COOKIE, path=_path(request), httponly=True, samesite="strict")
    return answer


def _code_page(request: Request, ministry: Ministry, phone: Phone, refused: Refused | None = None) -> Response:
    return page(
        request,
        ministry,
        None,
        "code.html",
        here="",
        phone=phone,
        handset=HANDSET.format(phone=phone.wire),
        digits=ministry.world.settings.login_code_digits,
        minutes=ministry.world.settings.login_code_minutes,
        refused=refused,
        status=200 if refused is None else 401,
    )


def _path(request: Request) -> str:
    """The cookie goes to this world's application only."""
    return str(request.scope.get("root_path", "")) + BASE
