# ruff: noqa: D103  a route's name and address say what it is
"""Institutions: their accounts, applications, registered mail and latest questions."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response

from mockgov.clock import from_us
from mockgov.console.frame import BASE, FRAME, ROUTE, Form, text, to
from mockgov.console.words import in_words
from mockgov.counters.application.kinds import NAMES as KINDS
from mockgov.counters.application.road import NAMES as STATES
from mockgov.counters.application.road import tone
from mockgov.counters.context import Here
from mockgov.counters.mobile_app.askers import OUTCOMES, PURPOSES
from mockgov.credentials.messages import ProvisionAccount
from mockgov.credentials.rules import Account, AccountState, Environment, UnknownAccount
from mockgov.ministry import Ministry
from mockgov.pages.language import language_of
from mockgov.queries.rules import NOT_FOUND
from mockgov.refusal import Refused
from mockgov.registry.rules import Institution
from mockgov.vocabulary.province import province_of

INSTITUTIONS: Final = f"{BASE}/institutions"
ASKED: Final = 20
"""Questions of each account that a page lists."""
LISTED: Final = 500
"""Institutions on one page."""

Number = Annotated[int, Path(ge=1, lt=1 << 62)]
router = APIRouter(include_in_schema=False, route_class=ROUTE)


@router.get(INSTITUTIONS)
async def institutions(request: Request, ministry: Here, after: int = 0) -> Response:
    known = [one for one in ministry.registry.institutions() if one.institution_id > after]
    shown = known[:LISTED]
    return FRAME.page(
        request,
        "institutions.html",
        institutions=[(one, _latest(ministry, one)) for one in shown],
        more=shown[-1].institution_id if len(known) > len(shown) else 0,
        kinds=KINDS,
        states=STATES,
        tone=tone,
        province_of=lambda plate: province_of(plate).name,
    )


@router.get(f"{INSTITUTIONS}/{{institution_id}}")
async def institution(institution_id: Number, request: Request, ministry: Here, unmask: bool = False) -> Response:  # noqa: FBT001, FBT002  a query parameter
    return _shown(request, ministry, ministry.registry.institution(institution_id), unmask=unmask)


@router.post(f"{INSTITUTIONS}/{{institution_id}}/accounts")
async def act(institution_id: Number, request: Request, ministry: Here, fields: Form) -> Response:
    """Provision an account, give it a new password, or close it."""
    one = ministry.registry.institution(institution_id)
    try:
        done = _acted(ministry, one, text(fields, "act"), text(fields, "account"))
    except Refused as refused:
        return _shown(request, ministry, one, refused=refused)
    return to(request, f"{INSTITUTIONS}/{institution_id}", done=done)


def _shown(
    request: Request,
    ministry: Ministry,
    one: Institution,
    *,
    unmask: bool = False,
    refused: Refused | None = None,
) -> Response:
    language = language_of(request.query_params)
    accounts = ministry.credentials.accounts_of(one.institution_id)
    questions = [
        (row.asker, from_us(row.asked_us), PURPOSES.get(row.purpose, (row.purpose,) * 2), row.outcome)
        for account in accounts
        for row in ministry.queries.by(account.username, limit=ASKED)
    ]
    return FRAME.page(
        request,
        "institution.html",
        status=200 if refused is None else 400,
        path=f"{INSTITUTIONS}/{one.institution_id}",
        here=f"{INSTITUTIONS}/{one.institution_id}",
        one=one,
        kind=language.say(*KINDS[one.kind]),
        province=province_of(one.province).name,
        head=None if one.headquarters is None else ministry.registry.institution(one.headquarters),
        accounts=[(account, _password(ministry, account) if unmask else None) for account in accounts],
        unmasked=unmask,
        missing=[each for each in Environment if each not in {account.environment for account in accounts}],
        applications=[
            each for each in ministry.onboarding.applications_of(one.vkn) if each.institution_id == one.institution_id
        ],
        mailboxes=[each for each in ministry.kep.accounts() if each.institution_id == one.institution_id],
        questions=sorted(questions, key=lambda question: question[1], reverse=True)[:ASKED],
        answers={**OUTCOMES, NOT_FOUND: ("Bulunamadı", "Not found")},
        states=STATES,
        tone=tone,
        done=request.query_params.get("done", ""),
        refused=None if refused is None else in_words(refused, language),
    )


def _acted(ministry: Ministry, one: Institution, what: str, name: str) -> str:
    """Do something with an account of the institution's; what was done. Raises whatever refuses it."""
    if what in {each.value for each in Environment}:
        order = ProvisionAccount(institution_id=one.institution_id, label=one.label, environment=Environment(what))
        ministry.credentials.provision(order)
        return "provisioned"
    if name not in {each.username for each in ministry.credentials.accounts_of(one.institution_id)}:
        raise UnknownAccount("The institution has no such account; choose one from its page.")
    if what == "rotate":
        ministry.credentials.rotate(name)
        return "rotated"
    ministry.credentials.revoke(name)
    return "revoked"


def _password(ministry: Ministry, account: Account) -> str | None:
    if account.state is not AccountState.ACTIVE:
        return None
    return ministry.credentials.password(account.username, account.rotation)


def _latest(ministry: Ministry, one: Institution) -> object:
    """The institution's newest application, or None."""
    own = [each for each in ministry.onboarding.applications_of(one.vkn) if each.institution_id == one.institution_id]
    return own[-1] if own else None
