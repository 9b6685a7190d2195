"""The life of HES codes over SQL, asked through the query desk, against a model that is a dict and a clock.

The model knows no states and no transitions: a code is a holder, an end and whether it was deleted, and everything
else follows from the time. Whatever was done in whatever order, each code must be answered for as the model says,
its holder must see it as the model says, and every question must have left its row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mockgov.clock import ManualClock, to_us
from mockgov.codes.messages import CodeDeleted, CodeExpired, CodeIssued, CodeShared, CodeShortened, IssueCode
from mockgov.codes.rules import BadDuration, BadLabel, IllegalTransition, UnknownCode, ends_after_days
from mockgov.codes.service import Codes
from mockgov.codes.store import InMemoryCodes, SqlCodes
from mockgov.database import sqlite
from mockgov.faults import FaultPlan
from mockgov.queries.messages import Query
from mockgov.queries.rules import Purpose
from mockgov.queries.service import Queries, Sources
from mockgov.queries.store import InMemoryAudit, SqlAudit
from mockgov.registry.rules import MaskedName
from mockgov.streams import Streams
from mockgov.vocabulary.hes_code import HesCode

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
FOREVER = datetime(2070, 12, 30, 13, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
HOLDERS = st.integers(1, 3)
DAYS = st.one_of(st.none(), st.sampled_from([1, 2, 7, 540, 3650]))
ANY = st.integers(0, 10**6)
LABELS = st.sampled_from(["", "Anadolu Gıda", "İETT 🚌", "x" * 100])


@dataclass
class Life:
    """All that the model knows of a code."""

    holder: int
    ends: datetime
    deleted: bool = False
    shared: list[str] = field(default_factory=list)


class Machine(RuleBasedStateMachine):
    """The desk and the model side by side."""

    @initialize(sql=st.sampled_from([True, True, False]), seed=st.integers(0, 3))
    def open(self, *, sql: bool, seed: int) -> None:
        self.database = sqlite()
        self.clock = ManualClock(MONDAY)
        self.told: list[object] = []
        self.codes = Codes(
            store=SqlCodes(self.database) if sql else InMemoryCodes(),
            now=self.clock.now,
            streams=Streams(seed),
            tell=self.told.append,
            transaction=self.database.transaction,
        )
        self.queries = Queries(
            store=SqlAudit(self.database) if sql else InMemoryAudit(),
            now=self.clock.now,
            faults=FaultPlan(Streams(seed)),
            sources=Sources(
                codes=self.codes.find_many,
                people=lambda ids: {n: MaskedName(f"********{n:03d}", "A", "B ") for n in ids},
                risky=lambda ids: frozenset(n for n in ids if n == 2),
                clinical=dict,
            ),
        )
        self.lives: dict[str, Life] = {}
        self.asked: list[tuple[int | None, str]] = []

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()

    # What the model says

    def outcome(self, text: str) -> str:
        life = self.lives.get(text)
        if life is None or life.deleted:
            return "hescodenotfound"
        if life.ends <= self.clock.now():
            return "hescodehasbeenexpired"
        return "RISKY" if life.holder == 2 else "RISKLESS"

    def pick(self, any_number: int) -> tuple[str, Life]:
        return list(self.lives.items())[any_number % len(self.lives)]

    def told_last(self) -> object:
        return self.told.pop()

    # What may happen

    @rule(orders=st.lists(st.tuples(HOLDERS, DAYS), min_size=1, max_size=3), label=LABELS)
    def issue(self, orders: Sequence[tuple[int, int | None]], label: str) -> None:
        """Somebody gets codes: always possible, never one that was there before."""
        now = self.clock.now()
        made = self.codes.issue_many(
            [IssueCode(citizen_id=n, expires_at=ends_after_days(now, days), description=label) for n, days in orders]
        )
        for code, (holder, days) in zip(made, orders, strict=True):
            assert code.text not in self.lives
            ends = FOREVER if days is None else now + timedelta(days=days)
            assert (code.citizen_id, code.created_at, code.expires_at, code.description) == (holder, now, ends, label)
            assert CodeIssued(text=code.text, citizen_id=holder, expires_at=ends) in self.told
            self.lives[code.text] = Life(holder, ends)
        del self.told[:]

    @precondition(lambda self: self.lives)
    @rule(any_number=ANY, label=LABELS)
    def share(self, any_number: int, label: str) -> None:
        """A note on any code that is not deleted, expired or not."""
        text, life = self.pick(any_number)
        if life.deleted:
            with pytest.raises(UnknownCode):
                self.codes.get(HesCode(text))
            return
        self.codes.share(self.codes.get(HesCode(text)), label)
        assert self.told_last() == CodeShared(text=text, label=label)
        life.shared.append(label)

    @precondition(lambda self: self.lives)
    @rule(any_number=ANY)
    def share_under_an_impossible_label(self, any_number: int) -> None:
        """Refused, and nothing changes."""
        text, life = self.pick(any_number)
        if not life.deleted:
            with pytest.raises(BadLabel):
                self.codes.share(self.codes.get(HesCode(text)), "x" * 101)

    @precondition(lambda self: self.lives)
    @rule(any_number=ANY, part=st.sampled_from([-1, 0, 1, 500, 999, 1000, 1001]))
    def shorten(self, any_number: int, part: int) -> None:
        """To any moment between now and its end, neither of them included; an expired code not at all."""
        text, life = self.pick(any_number)
        if life.deleted:
            return
        now = self.clock.now()
        to = now + (life.ends - now) * part // 1000
        code = self.codes.get(HesCode(text))
        if life.ends <= now:
            with pytest.raises(IllegalTransition):
                self.codes.shorten(code, to)
        elif now < to < life.ends:
            self.codes.shorten(code, to)
            assert self.told_last() == CodeShortened(text=text, expires_at=to)
            life.ends = to
        else:
            with pytest.raises(BadDuration):
                self.codes.shorten(code, to)

    @precondition(lambda self: self.lives)
    @rule(any_number=ANY)
    def delete(self, any_number: int) -> None:
        """Once; then the code is not there for anybody."""
        text, life = self.pick(any_number)
        if life.deleted:
            with pytest.raises(UnknownCode):
                self.codes.get(HesCode(text))
            return
        code = self.codes.get(HesCode(text))
        self.codes.delete(code)
        assert self.told_last() == CodeDeleted(text=text, citizen_id=life.holder)
        life.deleted = True

    @rule(hours=st.sampled_from([0, 1, 24, 24 * 7, 24 * 365]))
    def advance(self, hours: int) -> None:
        """Time passes, and every code that ends meanwhile is told of, in order."""
        self.pass_time(self.clock.now() + timedelta(hours=hours))

    @precondition(lambda self: self.lives)
    @rule(any_number=ANY, beside=st.sampled_from([-MICROSECOND, timedelta(0), MICROSECOND]))
    def advance_to_an_end(self, any_number: int, beside: timedelta) -> None:
        """To the very moment at which a code ends, or one beside it."""
        to = self.pick(any_number)[1].ends + beside
        if self.clock.now() <= to < FOREVER - timedelta(days=3650):
            self.pass_time(to)

    def pass_time(self, to: datetime) -> None:
        since = self.clock.now()
        self.clock.move_to(to)
        self.codes.tell_expired(since, to)
        ended = [(life.ends, text) for text, life in self.lives.items() if since < life.ends <= to and not life.deleted]
        expected = [
            CodeExpired(text=text, citizen_id=self.lives[text].holder, expires_at=ends) for ends, text in sorted(ended)
        ]
        assert self.told == expected
        del self.told[:]

    @rule(numbers=st.lists(ANY, max_size=5), unknown=st.booleans(), no_code=st.booleans())
    def ask(self, numbers: Sequence[int], *, unknown: bool, no_code: bool) -> None:
        """A batch about some codes, one that never was, and a text that is none."""
        texts: list[str | None] = [self.pick(n)[0] for n in numbers] if self.lives else []
        texts += ["Z9Z9999999"] * unknown + [None] * no_code
        answers = self.queries.answer([Query("KURUM-TEST", Purpose.BULK, text) for text in texts])
        assert [answer.code for answer in answers] == [text or "" for text in texts]
        for text, answer in zip(texts, answers, strict=True):
            self.check_answer(text or "", answer)
            life = self.lives.get(text or "")
            holder = life.holder if life and not life.deleted else None
            self.asked.append((holder, self.outcome(text or "")))

    def check_answer(self, text: str, answer: object) -> None:
        expected = self.outcome(text)
        if expected.startswith("RISK"):
            assert (answer.error, answer.risky) == (None, expected == "RISKY")
            assert answer.identity_number == f"********{self.lives[text].holder:03d}"
            assert answer.expires_us == to_us(self.lives[text].ends)
        else:
            assert answer.error == expected
            ended = to_us(self.lives[text].ends) if expected == "hescodehasbeenexpired" else 0
            assert answer.expires_us == ended
            assert answer.identity_number == ""

    # What always holds

    @invariant()
    def every_code_is_answered_for_as_the_model_says(self) -> None:
        now_us = to_us(self.clock.now())
        found = self.codes.find_many(list(self.lives))
        for text, life in self.lives.items():
            if life.deleted:
                assert text not in found
            else:
                assert found[text] == (life.holder, to_us(life.ends))
                assert (found[text].expires_us <= now_us) is (self.outcome(text) == "hescodehasbeenexpired")

    @invariant()
    def every_holder_sees_their_own(self) -> None:
        for holder in (1, 2, 3, 4):
            mine = [text for text, life in self.lives.items() if life.holder == holder and not life.deleted]
            assert [code.text for code in self.codes.of(holder)] == mine
            for code in self.codes.of(holder):
                assert [share.label for share in self.codes.shares_of(code)] == self.lives[code.text].shared
                with pytest.raises(UnknownCode):
                    self.codes.owned(HesCode(code.text), [holder + 1])

    @invariant()
    def every_question_has_its_row(self) -> None:
        kept = [(row.citizen_id, row.outcome) for row in self.queries.by("KURUM-TEST", limit=10_000)]
        assert kept == self.asked[::-1]
        for holder in (1, 2, 3):
            about = [row.outcome for row in self.queries.about(holder, limit=10_000)]
            assert about == [outcome for whom, outcome in reversed(self.asked) if whom == holder]


TestCodes = Machine.TestCase
TestCodes.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
