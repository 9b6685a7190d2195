"""Look codes up and keep the audit trail."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mockgov.clock import Now, from_us, to_us
from mockgov.faults import FaultPlan
from mockgov.queries.messages import Answer, Asked, Clinical, Lately, Query, Trail
from mockgov.queries.rules import EXPIRED, NOT_FOUND, Outcome
from mockgov.queries.store import AuditStore
from mockgov.vocabulary.hes_code import is_published


class FoundCode(Protocol):
    """What the code desk knows of a code."""

    @property
    def citizen_id(self) -> int:
        """Its holder; 0 where that has been erased, of a code that has ended."""
        ...

    @property
    def expires_us(self) -> int:
        """Its end, in microseconds since the epoch."""
        ...


class Masked(Protocol):
    """What the registry shows of a person."""

    @property
    def identity_number(self) -> str:
        """Eight stars and three digits."""
        ...

    @property
    def firstname(self) -> str:
        """The masked first names."""
        ...

    @property
    def lastname(self) -> str:
        """The masked surname, with its trailing blank."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Whom the desk asks; the composition root supplies each, and each takes a whole batch at once."""

    codes: Callable[[Sequence[str]], Mapping[str, FoundCode]]
    people: Callable[[Sequence[int]], Mapping[int, Masked]]
    risky: Callable[[Sequence[int]], frozenset[int]]
    """Those of the people who are risky now."""
    clinical: Callable[[Sequence[int]], Mapping[int, Clinical]]


class Queries:
    """The query desk of one world."""

    def __init__(self, *, store: AuditStore, now: Now, sources: Sources, faults: FaultPlan) -> None:
        self.store = store
        self.faults = faults
        self._now = now
        self._sources = sources
        self.asked_us = 0
        """The moment of the batch that was looked up last."""

    def answer(self, queries: Sequence[Query]) -> Sequence[Answer]:
        """Look up, keep, and answer, in this order, on the calling thread."""
        answers, rows = self.look_up(queries)
        self.store.append(rows)
        self.store.commit()
        return answers

    def look_up(self, queries: Sequence[Query]) -> tuple[list[Answer], list[Asked]]:
        """The answers to a batch, and the audit rows that must be durable before any of them leaves."""
        now_us = self.asked_us = to_us(self._now())
        found = self._sources.codes([query.code for query in queries if query.code])
        holders = list({code.citizen_id for code in found.values()})  # with 0, who is nobody, at times
        people = self._sources.people(holders)
        risky = self._sources.risky(holders)
        plus = [found[q.code].citizen_id for q in queries if q.plus and q.code and q.code in found]
        clinical = self._sources.clinical(list(set(plus))) if plus else {}
        answers: list[Answer] = []
        rows: list[Asked] = []
        for asker, purpose, text, is_plus, place in queries:
            code = found.get(text) if text else None
            if code is None:
                answers.append(Answer(text or "", NOT_FOUND, 0))
                kept = text if text and is_published(text) else None  # anything else may be somebody's number
                rows.append(Asked(now_us, asker, purpose, kept, None, NOT_FOUND, place))
                continue
            holder, ends = code.citizen_id, code.expires_us
            if ends <= now_us:
                answers.append(Answer(text or "", EXPIRED, ends))
                rows.append(Asked(now_us, asker, purpose, text, holder or None, EXPIRED, place))
                continue
            person = people[holder]
            is_risky = holder in risky
            more = clinical[holder] if is_plus else None
            answers.append(
                Answer(
                    text or "", None, ends, is_risky, person.identity_number, person.firstname, person.lastname, more
                )
            )
            outcome = Outcome.RISKY if is_risky else Outcome.RISKLESS
            rows.append(Asked(now_us, asker, purpose, text, holder, outcome, place))
        if self.faults.faults:
            answers = [self._misstated(query, answer) for query, answer in zip(queries, answers, strict=True)]
        return answers, rows

    def about(self, citizen_id: int, *, limit: int = 100, code: str | None = None) -> Sequence[Asked]:
        """The holder's list of who asked, perhaps with one code only, newest first (KVKK, article 11)."""
        return self.store.about(citizen_id, limit=limit, code=code).rows

    def trail_about(self, citizen_id: int, *, limit: int = 100, before: int | None = None) -> Trail:
        """A page of the holder's list; hand in `before` of the page before to read on."""
        return self.store.about(citizen_id, limit=limit, before=before)

    def by(self, asker: str, *, limit: int = 100) -> Sequence[Asked]:
        """An asker's own trail, newest first."""
        return self.store.by(asker, limit=limit)

    def count(self) -> int:
        """How many questions have been answered."""
        return self.store.count()

    def lately(self, after: int = 0, *, most: int) -> Lately:
        """What was asked behind the row numbered `after`, counted; only the youngest `most` rows are looked at."""
        return self.store.lately(after, most=most)

    def has_asked(self, asker: str) -> bool:
        """Whether an institution's account has ever asked anything, however long ago."""
        return self.store.has_asked(asker)

    def asked_after(self, number: int, *, askers: Sequence[str], prefix: str) -> tuple[int, Sequence[tuple[str, str]]]:
        """Who was told of which code after the row of a number, and the number of the last row to read on from.

        Of these askers, and of those whose names begin with `prefix`.
        """
        return self.store.asked_after(number, askers=askers, prefix=prefix)

    def oldest(self) -> datetime | None:
        """When the oldest row that is kept was written."""
        oldest_us = self.store.oldest_us()
        return None if oldest_us is None else from_us(oldest_us)

    def erase_before(self, moment: datetime) -> int:
        """Let earlier rows go; counts without persons stay. How many rows went."""
        return self.store.erase_before(to_us(moment))

    def _misstated(self, query: Query, answer: Answer) -> Answer:
        if answer.error is not None:
            return answer
        token = self.faults.misstated(query.asker, answer.code)
        return answer._replace(risky=not answer.risky, fault=token) if token else answer
