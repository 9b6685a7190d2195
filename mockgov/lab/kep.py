"""Lab routes of registered e-mail: accounts with their passwords and fates, and all letters."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field, StrictBool
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.counters.body import Strict
from mockgov.counters.context import Here
from mockgov.counters.openapi import refusals
from mockgov.counters.reading import wire_moment
from mockgov.kep.messages import AdjustKepAccount, OpenKepAccount
from mockgov.kep.rules import CREDIT, PROVIDERS, Account, Delivery, Mailed, served_at
from mockgov.lab.wire import Row, Text, Whole
from mockgov.ministry import Ministry
from mockgov.vocabulary.kep_address import KepAddress

router = APIRouter(prefix="/_lab/kep", tags=["Lab (the sandbox's own controls)"])

Number = Annotated[int, Path(ge=1, lt=1 << 62)]
Limit = Annotated[int, Query(ge=1, le=10_000)]
After = Annotated[int, Query(ge=0, lt=1 << 62)]


class NewKepAccount(Strict):
    """An account to be opened with one of the two providers."""

    institution_id: Row | None = None
    name: Text
    account: Text
    provider: Annotated[str, Field(examples=list(PROVIDERS))] = "hs02"
    quota_kib: Whole | None = Field(None, ge=0, lt=1 << 40)
    credit: Whole = Field(CREDIT, ge=0, lt=1 << 40)
    fate: Text | None = None
    """`mailbox-full`, `relay-fails`, `never-downloads` and so on; the refusal of an unknown one lists them all."""
    wants_packages: StrictBool = False
    """Whether it sends back every letter that is no e-Yazışma package."""


class KepAccountChange(Strict):
    """What is to be other than before; a fate of "" is taken away."""

    quota_kib: Whole | None = Field(None, ge=0, lt=1 << 40)
    credit: Whole | None = Field(None, ge=0, lt=1 << 40)
    fate: str | None = None
    wants_packages: StrictBool | None = None


class KepAccountShown(TypedDict):
    """An account with its password, which only a sandbox would show."""

    address: str
    name: str
    institution_id: int | None
    password: str
    quota_kib: int
    used_kib: int
    credit: int
    fate: str | None
    wants_packages: bool


class KepDeliveryShown(TypedDict):
    """The way of a letter to one recipient."""

    recipient: str
    state: str
    reason: str | None
    delivered_at: str | None
    downloaded_at: str | None
    served_at: str | None


class KepLetterShown(TypedDict):
    """A letter with all its ways."""

    letter_id: int
    sender: str
    subject: str
    submitted_at: str
    accepted: bool
    reason: str | None
    detail: str
    deliveries: list[KepDeliveryShown]


@router.get("/accounts", summary="Registered e-mail accounts with their passwords")
async def accounts(ministry: Here) -> list[KepAccountShown]:
    """Open ones, by address."""
    return [_account(ministry, one) for one in ministry.kep.accounts() if one.closed_at is None]


@router.post("/accounts", status_code=201, responses=refusals(404, 409), summary="Open a registered e-mail account")
async def open_account(body: NewKepAccount, ministry: Here) -> KepAccountShown:
    """Of an institution, or of anybody."""
    if body.institution_id is not None:
        ministry.registry.institution(body.institution_id)
    opened = ministry.kep.open_account(OpenKepAccount(**body.model_dump()))
    return _account(ministry, ministry.kep.account(opened.address))


@router.patch(
    "/accounts/{address}", responses=refusals(404), summary="Change an account's quota, credit, fate or policy"
)
async def adjust(address: str, body: KepAccountChange, ministry: Here) -> KepAccountShown:
    """Whatever is not named stays."""
    changed = ministry.kep.adjust(AdjustKepAccount(address=KepAddress.parse(address), **body.model_dump()))
    return _account(ministry, changed)


@router.delete("/accounts/{address}", status_code=204, responses=refusals(404), summary="Close an account for good")
async def close(address: str, ministry: Here) -> None:
    """It opens, takes and deposits nothing any more."""
    ministry.kep.close_account(KepAddress.parse(address))


@router.get("/letters", summary="All registered letters, by number")
async def letters(ministry: Here, after: After = 0, limit: Limit = 100) -> list[KepLetterShown]:
    """Accepted and refused ones."""
    found = ministry.kep.letters(after=after, limit=limit)
    return [_letter(ministry.kep.letter(one.letter_id)) for one in found]


@router.get("/letters/{letter_id}", responses=refusals(404), summary="One registered letter and its ways")
async def letter(letter_id: Number, ministry: Here) -> KepLetterShown:
    """As nobody but a sandbox sees it."""
    return _letter(ministry.kep.letter(letter_id))


@router.get(
    "/letters/{letter_id}/raw",
    response_class=Response,
    responses={
        200: {"description": "The message", "content": {"message/rfc822": {"schema": {"type": "string"}}}},
        **refusals(404),
    },
    summary="A registered letter's bytes; leaves no mark",
)
async def raw(letter_id: Number, ministry: Here) -> Response:
    """As it was deposited."""
    return Response(ministry.kep.raw(letter_id), media_type="message/rfc822")


def _account(ministry: Ministry, account: Account) -> KepAccountShown:
    quota = ministry.kep.quota(account.address)
    return {
        "address": account.address.address,
        "name": account.name,
        "institution_id": account.institution_id,
        "password": ministry.kep.password(account.address),
        "quota_kib": quota.limit_kib,
        "used_kib": quota.used_kib,
        "credit": quota.credit,
        "fate": None if account.fate is None else account.fate.value,
        "wants_packages": account.wants_packages,
    }


def _letter(mailed: Mailed) -> KepLetterShown:
    letter = mailed.letter
    return {
        "letter_id": letter.letter_id,
        "sender": letter.sender.address,
        "subject": letter.subject,
        "submitted_at": wire_moment(letter.submitted_at),
        "accepted": letter.accepted,
        "reason": None if letter.reason is None else letter.reason.value,
        "detail": letter.detail,
        "deliveries": [_delivery(one) for one in mailed.deliveries],
    }


def _delivery(one: Delivery) -> KepDeliveryShown:
    return {
        "recipient": one.recipient.address,
        "state": one.state.value,
        "reason": None if one.reason is None else one.reason.value,
        "delivered_at": _moment(one.delivered_at),
        "downloaded_at": _moment(one.downloaded_at),
        "served_at": None if one.delivered_at is None else wire_moment(served_at(one.delivered_at)),
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else wire_moment(moment)
