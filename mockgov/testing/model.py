"""What must be answered about each code, kept beside the ministry by plain means.

A code is a holder, an end, and whether it was deleted; a person is a list of reports. Everything else follows from the
time. How each answer changed is remembered, so that an answer may be judged that a client was given a while ago.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mockgov.registry.rules import Citizen
from mockgov.risk_index.messages import Report
from mockgov.risk_index.rules import RiskInterval, standing_at, timeline
from mockgov.testing.asking import Told
from mockgov.vocabulary.risk_status import RiskStatus


@dataclass(slots=True, kw_only=True)
class Person:
    """A holder of codes."""

    citizen: Citizen
    reports: list[Report] = field(default_factory=list)
    risky: tuple[RiskInterval, ...] = ()

    @property
    def name(self) -> str:
        """As an institution is shown it."""
        return f"{self.citizen.masked_firstname} {self.citizen.masked_lastname}".strip()


@dataclass(slots=True, kw_only=True)
class Held:
    """A code."""

    holder: Person
    ends_at: datetime
    shortened_at: datetime | None = None
    deleted: bool = False
    changes: list[tuple[datetime, Told]] = field(default_factory=list)
    """What had to be answered from each moment on, in order."""

    def truth(self, at: datetime) -> Told:
        """What must be answered at a moment, as things stand."""
        if self.deleted:
            return Told.UNKNOWN
        if self.ends_at <= at:
            return Told.EXPIRED
        risky = standing_at(self.holder.risky, at).status is RiskStatus.RISKY
        return Told.RISKY if risky else Told.RISKLESS


class Model:
    """All codes of the people of one world."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.held: dict[str, Held] = {}

    def issued(self, text: str, holder: Person, ends_at: datetime) -> None:
        """There is a new code."""
        self.held[text] = Held(holder=holder, ends_at=ends_at)
        self._note()

    def shortened(self, text: str, to: datetime) -> None:
        """A code ends earlier."""
        held = self.held[text]
        held.ends_at, held.shortened_at = to, self.now
        self._note()

    def deleted(self, text: str) -> None:
        """A code is gone."""
        self.held[text].deleted = True
        self._note()

    def filed(self, person: Person, report: Report) -> None:
        """Something was reported."""
        person.reports.append(report)
        person.risky = timeline(person.reports)
        self._note()

    def moved(self, to: datetime) -> None:
        """Time passes."""
        for moment in sorted({*self._edges(to), to}):
            self.now = moment
            self._note()

    def truth(self, text: str | None) -> Told:
        """What must be answered about a code now; None stands for a text that is none."""
        held = self.held.get(text or "")
        return Told.UNKNOWN if held is None else held.truth(self.now)

    def acceptable(self, text: str | None, staleness: timedelta) -> frozenset[Told]:
        """What a client may say now that repeats answers of a certain age."""
        held = self.held.get(text or "")
        if held is None:
            return frozenset({Told.UNKNOWN})
        since = self.now - staleness
        before = [told for at, told in held.changes if at <= since]
        may = {held.truth(self.now), *before[-1:], *(told for at, told in held.changes if at > since)}
        if held.truth(self.now) is Told.EXPIRED and not self.was_shortened(text, staleness):
            may -= {Told.RISKLESS, Told.RISKY}
        return frozenset(may)

    def was_shortened(self, text: str | None, staleness: timedelta) -> bool:
        """Whether a client that repeats answers may not know of the code's end yet."""
        held = self.held.get(text or "")
        return held is not None and held.shortened_at is not None and held.shortened_at > self.now - staleness

    def _edges(self, to: datetime) -> Iterator[datetime]:
        """Moments until `to` at which an answer may change by itself."""
        for held in self.held.values():
            spans = [edge for span in held.holder.risky for edge in (span.begins_at, span.ends_at)]
            yield from (edge for edge in (held.ends_at, *spans) if self.now < edge <= to)

    def _note(self) -> None:
        for held in self.held.values():
            told = held.truth(self.now)
            if not held.changes or held.changes[-1][1] is not told:
                held.changes.append((self.now, told))
