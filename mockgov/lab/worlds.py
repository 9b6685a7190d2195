"""The lab's routes for the worlds of a server: make, fork, keep, put back, compare, find, drop."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.counters import callers
from mockgov.counters.callers import Knows
from mockgov.counters.openapi import refusals
from mockgov.counters.reading import wire_moment
from mockgov.credentials.rules import Environment
from mockgov.lab.http import AllWorlds
from mockgov.lab.shown import WorldShown, world_shown
from mockgov.lab.wire import Clue, Fork, Keep, NewWorld, PutBack
from mockgov.ministry import Ministry
from mockgov.refusal import Refused
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.qr import read_scanned

Most = Annotated[int, Query(ge=1, le=10_000, description="Of each kind, so many are named at most")]
WHAT: Final = "A user name with its password, a token, a phone, a mail address, a KEP address with its password, a code"

router = APIRouter(prefix="/_lab/worlds", tags=["Lab (the sandbox's own controls)"])


class SnapshotShown(TypedDict):
    """A snapshot; `at` is the world's time then."""

    snapshot: str
    at: str
    bytes: int


class TableShown(TypedDict):
    """How many rows of a table differ; `here` is the world that was asked about."""

    table: str
    only_here: int
    only_there: int
    changed: int


class SubjectShown(TypedDict):
    """One that differs: `how` is `only_here`, `only_there` or `changed`; `fields` are tables and columns."""

    which: str
    how: str
    fields: list[str]


class SubjectsShown(TypedDict):
    """All of a kind that differ, as many as were asked for, and how many there are."""

    count: int
    differing: list[SubjectShown]


class DifferenceShown(TypedDict):
    """In what two worlds differ; name, settings and clock count for nothing."""

    world: str
    against: str
    same: bool
    now: str
    against_now: str
    tables: list[TableShown]
    meaning: dict[str, SubjectsShown]
    """By kind: citizens, codes, accounts, messages, queries, applications and more."""


@router.get("", summary="The worlds of this server")
async def worlds(worlds: AllWorlds) -> list[WorldShown]:
    """Looking at a world here does not count as using it."""
    return [world_shown(worlds.ministries[name]) for name in worlds]


@router.post("", status_code=201, summary="Make a world, with a seeded town if people are asked for")
async def make_world(body: NewWorld, worlds: AllWorlds) -> WorldShown:
    """It answers under `/w/<name>/` at once."""
    running = None if body.clock is None else body.clock == "running"
    changes = body.settings | ({} if body.start is None else {"start": body.start.isoformat()})
    made = worlds.make(
        body.name,
        seed=body.seed,
        people=body.people,
        preset=body.preset,
        running=running,
        changes=changes,
        magic=body.magic,
    )
    return world_shown(made)


@router.post("/find", summary="The worlds in which something was made, or is known")
async def find_world(body: Clue, worlds: AllWorlds) -> list[str]:
    """By name; the same look-up leads callers of paths without a world's name to theirs."""
    knows = _knowing(body)
    return [name for name in worlds if knows(worlds.ministries[name])]


@router.post("/{name}/fork", status_code=201, responses=refusals(404), summary="Copy a world, or one of its snapshots")
async def fork_world(name: str, body: Fork, worlds: AllWorlds) -> WorldShown:
    """Same past, same seed, its own future."""
    return world_shown(worlds.fork(name, body.to, snapshot=body.snapshot, changes=body.settings))


@router.get("/{name}/snapshots", responses=refusals(404), summary="A world's snapshots, by its time then")
async def snapshots(name: str, worlds: AllWorlds) -> list[SnapshotShown]:
    """They stay until they, or the world, are dropped."""
    return [_snapshot_shown(one) for one in worlds.snapshots(name)]


@router.post("/{name}/snapshots", status_code=201, responses=refusals(404), summary="Keep a world as it is now")
async def keep(name: str, worlds: AllWorlds, body: Keep | None = None) -> SnapshotShown:
    """To go back to, to fork from, to compare with."""
    kept = worlds.snapshot(name, None if body is None else body.snapshot)
    return next(_snapshot_shown(one) for one in worlds.snapshots(name) if one.snapshot == kept)


@router.delete(
    "/{name}/snapshots/{snapshot}", status_code=204, responses=refusals(404), summary="Drop a snapshot of a world's"
)
async def forget(name: str, snapshot: str, worlds: AllWorlds) -> None:
    """The world stays."""
    worlds.forget_snapshot(name, snapshot)


@router.post("/{name}/restore", responses=refusals(404), summary="Put a world back to a snapshot, its clock too")
async def restore(name: str, body: PutBack, worlds: AllWorlds) -> WorldShown:
    """The way back in time, for the plan of faults too. The snapshot stays; the journal begins anew."""
    return world_shown(worlds.restore(name, body.snapshot))


@router.get("/{name}/diff", responses=refusals(404), summary="In what a world differs from another, or from a snapshot")
async def diff(name: str, against: str, worlds: AllWorlds, limit: Most = 100) -> DifferenceShown:
    """`against` is a world, `@snapshot` of this one, or `world@snapshot` of another."""
    return _difference_shown(worlds.difference(name, against), limit)


@router.delete("/{name}", status_code=204, responses=refusals(404), summary="Drop a world and all that is in it")
async def drop_world(name: str, worlds: AllWorlds) -> None:
    """With its snapshots."""
    worlds.drop(name)


def _knowing(clue: Clue) -> Knows:
    """Raises `Refused` for none, or more than one."""
    given = {name for name, value in clue.model_dump().items() if value is not None} - {"password"}
    if len(given) != 1 or (clue.password is not None) != bool(given & {"username", "kep_address"}):
        raise Refused(f"Give one thing: {WHAT}.", key="badclue")
    password = clue.password or ""
    if clue.username is not None:
        name = clue.username
        return lambda ministry: _is_pair(ministry, name, password)
    if clue.kep_address is not None:
        return callers.kep_password(clue.kep_address, password)
    if clue.token is not None:
        text = clue.token
        return lambda ministry: callers.token(text)(ministry) or callers.kep_session(text)(ministry)
    if clue.phone is not None:
        return callers.phone(clue.phone)
    if clue.mail is not None:
        return callers.correspondent(EmailAddress.parse(clue.mail))
    return callers.code(read_scanned(clue.hes_code or ""))


def _is_pair(ministry: Ministry, name: str, password: str) -> bool:
    corporate = any(ministry.credentials.is_pair(name, password, environment) for environment in Environment)
    return corporate or callers.sms_pair(name, password)(ministry)


def _snapshot_shown(one: Any) -> SnapshotShown:
    return {"snapshot": one.snapshot, "at": wire_moment(one.at), "bytes": one.size}


def _difference_shown(found: Any, limit: int) -> DifferenceShown:
    meaning: dict[str, SubjectsShown] = {}
    for one in found.subjects:
        kind = meaning.setdefault(one.subject.kind, {"count": 0, "differing": []})
        kind["count"] += 1
        if kind["count"] <= limit:
            kind["differing"].append(
                {"which": one.subject.which, "how": one.how or "changed", "fields": sorted(one.fields)}
            )
    return {
        "world": found.here,
        "against": found.there,
        "same": found.is_same,
        "now": wire_moment(found.here_at),
        "against_now": wire_moment(found.there_at),
        "tables": [
            {
                "table": one.table,
                "only_here": one.only_here,
                "only_there": one.only_there,
                "changed": one.changed,
            }
            for one in found.tables
        ],
        "meaning": meaning,
    }
