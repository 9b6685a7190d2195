"""Lab routes of the plan of faults: see it, set it, heal everything, strike a request once more."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Request
from pydantic import StringConstraints
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.clock import to_us
from mockgov.counters.body import Strict
from mockgov.counters.context import Here
from mockgov.counters.corporate.wire import OPERATIONS
from mockgov.counters.kep_soap.contract import OPERATIONS as SOAP_OPERATIONS
from mockgov.counters.misbehaving import is_spared
from mockgov.counters.reading import wire_us
from mockgov.credentials.rules import LIVE_BASE, TEST_BASE
from mockgov.faults.aim import names_of
from mockgov.faults.catalogue import CATALOGUE, ready
from mockgov.faults.kinds import Fault
from mockgov.faults.plan import FaultPlan
from mockgov.faults.written import FaultError, Known, plain, read_faults
from mockgov.lab.fault_schema import plan_schema
from mockgov.ministry import Ministry

VERBS: Final = ("RCPT", "DATA", "submit_sm", "query_sm", "cancel_sm", "enquire_link", "unbind")
"""What a plan can aim at at the doors of SMTP and SMPP."""
EXAMPLES: Final[Mapping[str, Any]] = {
    "a list": {"value": [{"kind": "refuse", "share": 0.05, "status": 503, "retry_after_s": 1}]},
    "a ready plan": {"value": {"plan": "flaky-monday"}},
    "aimed": {
        "value": {
            "faults": [
                {"kind": "cut", "share": 0.1, "route": "check-hes-code*", "institution": "KURUM"},
                {"kind": "refuse", "status": 503, "on_s": 60, "off_s": 540, "tell_end": True},
            ]
        }
    },
}

router = APIRouter(prefix="/_lab/faults", tags=["Lab (the sandbox's own controls)"])


class StruckShown(TypedDict):
    """A strike."""

    at: str
    kind: str
    channel: str
    stage: str
    token: str


class PlanShown(TypedDict):
    """The plan in force."""

    digest: str
    """Twelve hexadecimal digits that name a plan by what is in it."""
    ready: list[str]
    """Names of ready plans that are just this one."""
    faults: list[dict[str, Any]]
    struck: list[StruckShown]
    """The last strikes, the newest first: also those of which no answer tells, because the connection was cut."""


class ReadyShown(TypedDict):
    """A ready plan."""

    name: str
    meaning: str
    teaches: str
    faults: list[dict[str, Any]]


class Replay(Strict):
    """A strike that is to be done again."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=4000)]
    """The whole X-HES-Fault of an answer."""


class AgainShown(TypedDict):
    """A fault that will strike once more."""

    number: int
    """Its place in the plan."""
    fault: dict[str, Any]


class ReplayShown(TypedDict):
    """What will strike."""

    token: str
    faults: list[AgainShown]


@router.get("", summary="The plan of faults, and what it has struck last")
async def faults(ministry: Here) -> PlanShown:
    """The faults, the digest that tokens name, and the last strikes."""
    return plan_shown(ministry.world.faults)


@router.put(
    "",
    openapi_extra={"requestBody": {"content": {"application/json": {"schema": plan_schema()}}}},
    summary="Take another plan: a list of faults, or a ready plan by name; an empty list heals everything",
)
async def set_faults(
    body: Annotated[Any, Body(openapi_examples=EXAMPLES)], request: Request, ministry: Here
) -> PlanShown:
    """Whole or not at all; everything that is wrong with it is told at once. Counting starts over."""
    known = Known(routes=list(_routes(request)), institutions=None)
    told = _told(body, known)
    if any("*" not in name for fault in told for name in fault.institution):
        known = Known(routes=known.routes, institutions=set(_institutions(ministry)))
    ministry.world.faults.replace(told, known)
    return plan_shown(ministry.world.faults)


@router.delete("", summary="Heal everything")
async def heal(ministry: Here) -> PlanShown:
    """From the next request on nothing is struck."""
    ministry.world.faults.replace(())
    return plan_shown(ministry.world.faults)


@router.get("/catalogue", summary="Ready plans by name: what happens under each, and what it teaches")
async def catalogue() -> list[ReadyShown]:
    """All of them."""
    return [
        {"name": name, "meaning": one.meaning, "teaches": one.teaches, "faults": [plain(fault) for fault in one.faults]}
        for name, one in CATALOGUE.items()
    ]


@router.post("/replay", summary="Strike the very request of an X-HES-Fault once more, the next time that it is made")
async def replay(body: Replay, ministry: Here) -> ReplayShown:
    """The same asker, the same question: struck by the same fault in the same way."""
    struck = ministry.world.faults.replay(body.token)
    again: list[AgainShown] = [{"number": number, "fault": plain(fault)} for number, fault in struck]
    return {"token": body.token.strip(), "faults": again}


def plan_shown(plan: FaultPlan) -> PlanShown:
    """A plan as JSON has it."""
    return {
        "digest": plan.digest,
        "ready": [name for name, one in CATALOGUE.items() if one.faults == plan.faults],
        "faults": [plain(fault) for fault in plan.faults],
        "struck": [
            {
                "at": wire_us(to_us(one.at)),
                "kind": one.kind,
                "channel": one.channel,
                "stage": one.stage,
                "token": one.token,
            }
            for one in reversed(plan.struck)
        ],
    }


def _told(body: object, known: Known) -> tuple[Fault, ...]:
    """The faults that a body means. Raises `FaultError`."""
    if not isinstance(body, dict):
        return read_faults(body, known)
    strange = [
        f"a plan has `plan`, `faults` or both, not {name[:60]!r}" for name in body if name not in ("plan", "faults")
    ]
    if not body or strange:
        raise FaultError(
            strange or ["give a list of faults, or an object with `plan` (a ready plan's name) or `faults`"]
        )
    name = body.get("plan", "")
    if not isinstance(name, str):
        raise FaultError(["`plan` is the name of a ready plan; GET /_lab/faults/catalogue lists them"])
    return (*(ready(name) if "plan" in body else ()), *read_faults(body.get("faults", []), known))


def _routes(request: Request) -> Iterator[str]:
    """Everything that a plan can aim at: paths, and verbs of other protocols."""
    for base in (LIVE_BASE, TEST_BASE):
        yield from (base + operation.suffix for operation in OPERATIONS)
    yield from VERBS
    yield from SOAP_OPERATIONS
    yield from (path for path in paths(request.app.routes) if not is_spared(path))


def paths(routes: Any) -> Iterator[str]:
    """The templates of routes, those of routers that are included too."""
    for route in routes:
        yield from paths(getattr(getattr(route, "original_router", None), "routes", ()))
        path = getattr(route, "path", None)
        if isinstance(path, str):
            yield path


def _institutions(ministry: Ministry) -> Iterator[str]:
    """Everybody whom a plan can name."""
    for institution in ministry.registry.institutions():
        yield institution.label
    for account in ministry.credentials.accounts():
        yield from names_of(account.username)
    for sender in ministry.sms.accounts():
        yield sender.system_id
    for box in ministry.kep.accounts():
        yield box.address.address
