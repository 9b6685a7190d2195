"""What a readable desk remembers from one day to the next, as columns for a checkpoint."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.reporting.log import ReportKind
from sim.reporting.model import Spell, Standing

State = dict[str, NDArray[np.int64]]


class Record(NamedTuple):
    """Something to be filed; sorted as it is filed within an hour: by person."""

    filed: int
    """Hour of the upload."""
    person: int
    moment: int
    """Hour of the sample or of the last contact."""
    kind: ReportKind
    positive: bool


class Case(NamedTuple):
    """A positive that a team is to trace, in the order in which a province's teams take them up."""

    filed: int
    person: int
    sampled: int


class Infection(NamedTuple):
    """Days from the first on which somebody can infect others to that of recovery, hospital or death."""

    person: int
    begins: int
    until: int


class Gap(NamedTuple):
    """Hours of today in which somebody is riskless though the standing, one spell a person, says risky."""

    person: int
    begins: int
    until: int


class Remembering(Protocol):
    """What a desk carries from day to day."""

    today: int
    standing: Standing
    hours_to_risky: NDArray[np.int64]
    gaps: list[Gap]
    dossiers: defaultdict[int, list[Record]]
    spells: dict[int, list[Spell]]
    mail: defaultdict[int, list[Record]]
    ill: defaultdict[int, set[int]]
    asked: defaultdict[int, set[int]]
    waiting: list[Case]
    dies: dict[int, int]
    infections: list[Infection]

    def open(self, day: int) -> None:
        """Be ready for a day."""


def remembered(desk: Remembering) -> State:
    """All that a later day hangs on, at the end of a day."""
    return {
        "day": np.array([desk.today]),
        "risky_from": desk.standing.risky_from.astype(np.int64),
        "risky_until": desk.standing.risky_until.astype(np.int64),
        "hours_to_risky": desk.hours_to_risky.copy(),
        "gaps": _rows(desk.gaps, 3),
        "records": _rows([record for dossier in desk.dossiers.values() for record in dossier], 5),
        "spells": _rows([(person, *spell) for person, spells in desk.spells.items() for spell in spells], 3),
        "ill": _rows([(day, person) for day, people in desk.ill.items() for person in sorted(people)], 2),
        "asked": _rows([(day, person) for day, people in desk.asked.items() for person in sorted(people)], 2),
        "waiting": _rows(desk.waiting, 3),
        "dies": _rows(desk.dies.items(), 2),
        "infections": _rows(desk.infections, 3),
    }


def recall(desk: Remembering, state: Mapping[str, NDArray[np.int64]]) -> None:
    """Remember what another desk did."""
    rows = {name: column.tolist() for name, column in state.items() if column.ndim == 2}
    desk.standing.risky_from[:] = state["risky_from"]
    desk.standing.risky_until[:] = state["risky_until"]
    desk.hours_to_risky[:] = state["hours_to_risky"]
    desk.gaps = [Gap(*row) for row in rows["gaps"]]
    today = int(state["day"][0])
    for kept in (desk.dossiers, desk.spells, desk.mail, desk.ill, desk.asked, desk.dies):
        kept.clear()
    for filed, person, moment, kind, positive in rows["records"]:
        record = Record(filed, person, moment, ReportKind(kind), bool(positive))
        desk.dossiers[person].append(record)
        if filed >= 24 * (today + 1):
            desk.mail[filed].append(record)
    for person, begins, until in rows["spells"]:
        desk.spells.setdefault(person, []).append(Spell(begins, until))
    for days, name in ((desk.ill, "ill"), (desk.asked, "asked")):
        for day, person in rows[name]:
            days[day].add(person)
    desk.dies.update(dict(rows["dies"]))
    desk.waiting = [Case(*row) for row in rows["waiting"]]
    desk.infections = [Infection(*row) for row in rows["infections"]]
    desk.open(today + 1)


def _rows(rows: Iterable[Sequence[int]], width: int) -> NDArray[np.int64]:
    return np.array([*rows], np.int64).reshape(-1, width)
