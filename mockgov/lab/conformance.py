"""Lab routes of the go-live rehearsal."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Final, Literal
from urllib.parse import unquote

from fastapi import APIRouter, Query
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.clock import TURKEY, ManualClock
from mockgov.conformance.catalogue import LEVEL_WORDS, NothingRehearsed, Verdict, reached
from mockgov.conformance.judging import judge
from mockgov.conformance.page import drawn
from mockgov.conformance.statement import Circumstances, sealed, stated
from mockgov.counters.context import Here
from mockgov.counters.corporate.openapi import merged
from mockgov.counters.openapi import refusals
from mockgov.credentials.rules import UnknownAccount
from mockgov.journal.messages import Exchange, Search
from mockgov.ministry import Ministry
from mockgov.registry.rules import UnknownInstitution
from mockgov.risk_index.regulations import in_force

router = APIRouter(prefix="/_lab/conformance", tags=["Lab: journal and explanation"])
Asker = Annotated[str, Query(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
After = Annotated[int, Query(ge=0, lt=1 << 62)]
MOST: Final = 100_000
CORPORATE: Final = frozenset({"C1", "C2", "C3", "C4", "C5", "C6"})


class BehaviourShown(TypedDict):
    """A required behaviour and what the journal tells of it."""

    key: str
    level: int
    outcome: str
    exchanges: list[int]
    title_tr: str
    title_en: str
    why_tr: str
    why_en: str
    situation_tr: str
    situation_en: str


class RehearsalShown(TypedDict):
    """How far an integration has come."""

    asker: str
    level: int
    level_tr: str
    level_en: str
    behaviours: list[BehaviourShown]


class ReportShown(TypedDict):
    """A signed report and its page, to be written into files as they are."""

    report: str
    page: str


@dataclass(frozen=True, slots=True)
class _Rehearsal:
    exchanges: Sequence[Exchange]
    verdicts: Sequence[Verdict]


@router.get(
    "",
    responses=refusals(404),
    summary="What an integration has shown so far: each required behaviour passed, failed or missing",
)
async def conformance(asker: Asker, ministry: Here, after: After = 0) -> RehearsalShown:
    """`asker` is a user name or an institution's label; `after` leaves earlier exchanges out."""
    return _shown(asker, _rehearsal(ministry, asker, after).verdicts)


@router.post("/report", responses=refusals(404), summary="The same as a report, signed by the world's authority")
async def report(asker: Asker, ministry: Here, after: After = 0, language: Literal["tr", "en"] = "tr") -> ReportShown:
    """Check it without a network by `hes conform --verify`."""
    rehearsal = _rehearsal(ministry, asker, after)
    with ministry.world.at(ministry.world.now()):  # what is stated and the seal's time-stamp are of one moment
        where = _circumstances(ministry, asker, after)
        page = drawn(where, rehearsal.verdicts, turkish=language == "tr")
        file = sealed(stated(where, rehearsal.verdicts, page), ministry.signature.seal)
    return {"report": file.decode(), "page": page.decode()}


def _rehearsal(ministry: Ministry, asker: str, after: int) -> _Rehearsal:
    found = ministry.journal.search(Search(asker=asker), limit=MOST)
    exchanges = [one for one in reversed(found) if one.operation in CORPORATE and one.number > after]
    if not exchanges:
        raise NothingRehearsed(
            "The journal has nothing that this asker asked of the corporate service. Name a user name or a label "
            "(GET /_lab/accounts), ask with it, and keep journal_size above 0."
        )
    stands = isinstance(ministry.world.clock, ManualClock)
    return _Rehearsal(exchanges, judge(exchanges, stands=stands, rotations=_rotations(ministry, asker)))


def _rotations(ministry: Ministry, asker: str) -> Sequence[int]:
    """The exchanges by which the asker's passwords were renewed, in the lab."""
    changes = ministry.journal.search(Search(protocol="lab", text="/rotate"), limit=MOST)
    theirs = (one for one in changes if unquote(one.path).startswith(f"/_lab/accounts/{asker}"))
    return [one.number for one in theirs if one.status < 400]


def _circumstances(ministry: Ministry, asker: str, after: int) -> Circumstances:
    world = ministry.world
    now = world.now()
    return Circumstances(
        world=world.name,
        seed=world.seed,
        founded=world.settings.start,
        keys=world.settings.signature_keys,
        address=ministry.public_address,
        founded_at=ministry.founded_at,
        now=now,
        regulation=in_force(now.astimezone(TURKEY).date()).name,
        spec_digest=sha256(_specification()).hexdigest(),
        asker=asker,
        institution=_institution(ministry, asker),
        transcript=ministry.journal.root(after=after)._asdict(),
    )


def _specification() -> bytes:
    return json.dumps(merged({"paths": {}}), ensure_ascii=False, sort_keys=True).encode()


def _institution(ministry: Ministry, asker: str) -> str:
    try:
        return ministry.registry.institution(ministry.credentials.account(asker).institution_id).name
    except (UnknownAccount, UnknownInstitution):
        return next((one.name for one in ministry.registry.institutions() if one.label == asker), "")


def _shown(asker: str, verdicts: Sequence[Verdict]) -> RehearsalShown:
    level = reached(verdicts)
    return {
        "asker": asker,
        "level": int(level),
        "level_tr": LEVEL_WORDS[level][0],
        "level_en": LEVEL_WORDS[level][1],
        "behaviours": [_behaviour(one) for one in verdicts],
    }


def _behaviour(one: Verdict) -> BehaviourShown:
    title, why, situation = one.behaviour.title, one.told.words, one.behaviour.situation
    return {
        "key": one.behaviour.key,
        "level": int(one.behaviour.level),
        "outcome": one.told.outcome.value,
        "exchanges": list(one.told.exchanges),
        "title_tr": title.tr,
        "title_en": title.en,
        "why_tr": why.tr,
        "why_en": why.en,
        "situation_tr": situation.tr,
        "situation_en": situation.en,
    }
