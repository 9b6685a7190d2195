"""Looking for people: by name, province, status and age, page by page through the register."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from mockgov.clock import TURKEY
from mockgov.ministry import Ministry
from mockgov.registry.rules import Citizen, age_on
from mockgov.vocabulary.turkish import has_part

AT_ONCE: Final = 1_000
MOST_READ: Final = 20_000
"""People that one search looks at (chosen here): some tens of milliseconds; the page leads on from there."""


class Wanted(NamedTuple):
    """Whom somebody looks for; None and "" stand for anybody."""

    name: str = ""
    province: int | None = None
    risky: bool | None = None
    least_age: int | None = None
    most_age: int | None = None


class Hit(NamedTuple):
    """Somebody who was looked for."""

    citizen: Citizen
    age: int
    is_risky: bool


class Found(NamedTuple):
    """A page of a search."""

    hits: Sequence[Hit]
    after: int | None
    """The number to look on behind; None where there is nobody behind it."""


def find(ministry: Ministry, wanted: Wanted, *, after: int = 0, limit: int = 20) -> Found:
    """The first people behind a number who fit, as far as one search looks."""
    hits: list[Hit] = []
    last = after
    for hit in _people(ministry, after):
        last = hit.citizen.citizen_id
        fits = (
            has_part(f"{hit.citizen.firstname} {hit.citizen.lastname}", wanted.name)
            and wanted.province in (None, hit.citizen.province)
            and wanted.risky in (None, hit.is_risky)
            and (wanted.least_age is None or hit.age >= wanted.least_age)
            and (wanted.most_age is None or hit.age <= wanted.most_age)
        )
        if fits:
            hits.append(hit)
        if len(hits) == limit or last - after >= MOST_READ:
            break
    return Found(hits, last if last < ministry.registry.count() else None)


def age_of(ministry: Ministry, citizen: Citizen) -> int:
    """Completed years of life today."""
    return age_on(citizen.birth_date, ministry.world.now().astimezone(TURKEY).date())


def _people(ministry: Ministry, after: int) -> Iterator[Hit]:
    while page := ministry.registry.citizens(after=after, limit=AT_ONCE):
        risky = ministry.risky_now([citizen.citizen_id for citizen in page])
        for citizen in page:
            yield Hit(citizen, age_of(ministry, citizen), citizen.citizen_id in risky)
        after = page[-1].citizen_id
