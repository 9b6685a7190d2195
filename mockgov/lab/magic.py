# ruff: noqa: D103  a route says its piece in `summary`, which the OpenAPI shows
"""Routes of the lab for magic people and institutions, and the list of presets."""

from typing import Any

from fastapi import APIRouter
from pydantic import Field
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.counters.body import Strict
from mockgov.counters.context import Here
from mockgov.counters.reading import wire_moment
from mockgov.lab.presets import PRESETS
from mockgov.lab.shown import (
    AccountShown,
    InstitutionShown,
    PersonShown,
    account_shown,
    institution_shown,
    person_shown,
)
from mockgov.lab.wire import Text
from mockgov.magic.casting import cast
from mockgov.magic.scenario import Says, Scenario
from mockgov.magic.stage import Played, played
from mockgov.magic.table import SCENARIOS, wanted
from mockgov.ministry import Ministry
from mockgov.vocabulary.kep_address import KepAddress

router = APIRouter(prefix="/_lab", tags=["Lab (the sandbox's own controls)"])


class Casting(Strict):
    """Which scenarios are to be played."""

    scenarios: list[Text] | None = Field(None, max_length=100, examples=[["always-risky", "deceased"]])
    """Names; null: all that the rules of the world's day allow."""


class SaysShown(TypedDict):
    """What a channel answers."""

    channel: str
    when: str
    status: int
    shows: dict[str, Any]


class KepShown(TypedDict):
    """A registered-mail account."""

    address: str
    password: str


class PlayedShown(TypedDict):
    """Who plays a part in this world."""

    cast_at: str
    people: list[PersonShown]
    """Whom it is about first: the person, or the institution's manager."""
    codes: list[str]
    institution: InstitutionShown | None
    accounts: list[AccountShown]
    passwords: list[str]
    """Those of the casting, in the order of the accounts: a later one stands with its account."""
    certificate: str | None
    """Serial number of the manager's."""
    kep: KepShown | None


class ScenarioShown(TypedDict):
    """A line of the table."""

    name: str
    kind: str
    """`person` or `institution`."""
    meaning: str
    meaning_tr: str
    rule: str
    rule_tr: str
    says: list[SaysShown]
    played: PlayedShown | None


class PresetShown(TypedDict):
    """A named world."""

    name: str
    meaning: str
    meaning_tr: str
    people: int
    magic: bool
    settings: dict[str, str]


@router.get("/magic", summary="Magic people and institutions: what each answers, and who plays them here")
async def magic(ministry: Here) -> list[ScenarioShown]:
    parts = played(ministry)
    return [_scenario(ministry, one, parts.get(one.name)) for one in SCENARIOS.values()]


@router.post("/magic", status_code=201, summary="Put magic people and institutions into this world")
async def put(body: Casting, ministry: Here) -> list[ScenarioShown]:
    cast(ministry, body.scenarios)
    parts = played(ministry)
    chosen = wanted(tuple(parts) if body.scenarios is None else body.scenarios)
    return [_scenario(ministry, one, parts.get(one.name)) for one in chosen]


@router.get("/presets", summary="Named worlds")
async def presets() -> list[PresetShown]:
    return [
        {
            "name": name,
            "meaning": one.en,
            "meaning_tr": one.tr,
            "people": one.people,
            "magic": one.magic,
            "settings": dict(one.settings),
        }
        for name, one in PRESETS.items()
    ]


def _scenario(ministry: Ministry, one: Scenario, part: Played | None) -> ScenarioShown:
    return {
        "name": one.name,
        "kind": "person" if one.is_person else "institution",
        "meaning": one.en,
        "meaning_tr": one.tr,
        "rule": one.rule_en,
        "rule_tr": one.rule_tr,
        "says": [_says(says) for says in one.says],
        "played": None if part is None else _played(ministry, part),
    }


def _says(says: Says) -> SaysShown:
    return {
        "channel": says.channel.value,
        "when": says.when.value,
        "status": says.status,
        "shows": {name: list(value) if isinstance(value, tuple) else value for name, value in says.shows.items()},
    }


def _played(ministry: Ministry, part: Played) -> PlayedShown:
    props = part.props
    institution = None if props.institution is None else ministry.registry.institution(props.institution)
    kep = None if props.kep is None else KepAddress.parse(props.kep)
    return {
        "cast_at": wire_moment(part.cast_at),
        "people": [person_shown(ministry, ministry.registry.citizen(number)) for number in props.people],
        "codes": list(props.codes),
        "institution": None if institution is None else institution_shown(institution),
        "accounts": [account_shown(ministry, ministry.credentials.account(name)) for name in props.accounts],
        "passwords": list(props.passwords),
        "certificate": props.serial,
        "kep": None if kep is None else {"address": kep.address, "password": ministry.kep.password(kep)},
    }
