"""The query desk over its plain twin: what is answered, what is kept, and how questions are put together."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from mockgov.clock import ManualClock, to_us
from mockgov.codes.store import Found
from mockgov.faults import FaultPlan, Misstate
from mockgov.queries.batch import Batch
from mockgov.queries.messages import Answer, Asked, Clinical, Query
from mockgov.queries.rules import Purpose
from mockgov.queries.service import Queries, Sources
from mockgov.queries.store import InMemoryAudit
from mockgov.registry.rules import MaskedName
from mockgov.streams import Streams

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
NOW_US = 1_633_323_600_000_000
DAY_US = 86_400_000_000
CODES = {
    "A1B2345610": Found(1, NOW_US + DAY_US),
    "A1B2345611": Found(2, NOW_US + 2 * DAY_US),
    "A1B2345612": Found(1, NOW_US),
}
PEOPLE = {
    1: MaskedName("********146", "AY**** NU****", "YI**** "),
    2: MaskedName("********284", "CA****", "ÖZ**** "),
}
CLINICAL = {1: Clinical(True, None, True, NOW_US - DAY_US), 2: Clinical(None, None, False, None)}


class Desk:
    """A query desk about two people with three codes; person 2 is risky."""

    def __init__(self) -> None:
        self.clock = ManualClock(MONDAY)
        self.store = InMemoryAudit()
        self.faults = FaultPlan(Streams(1))
        self.looked_up: list[Sequence[str]] = []
        self.clinical_of: list[Sequence[int]] = []
        self.queries = Queries(
            store=self.store,
            now=self.clock.now,
            faults=self.faults,
            sources=Sources(
                codes=self.codes,
                people=lambda ids: {n: PEOPLE[n] for n in ids},
                risky=lambda ids: frozenset({2} & set(ids)),
                clinical=self.clinical,
            ),
        )

    def codes(self, texts: Sequence[str]) -> Mapping[str, Found]:
        self.looked_up.append(list(texts))
        return {text: CODES[text] for text in texts if text in CODES}

    def clinical(self, ids: Sequence[int]) -> Mapping[int, Clinical]:
        self.clinical_of.append(list(ids))
        return {n: CLINICAL[n] for n in ids}


class Shown(NamedTuple):
    """What of an audit row a case is about."""

    asker: str
    code: str | None
    citizen_id: int | None
    outcome: str


def ask(code: str | None, asker: str = "KURUM-TEST", *, plus: bool = False, place: str | None = None) -> Query:
    return Query(asker, Purpose.SINGLE, code, plus, place)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_now_is_the_number_that_the_cases_use() -> None:
    assert to_us(MONDAY) == NOW_US


def test_answers_in_the_order_of_the_questions(desk: Desk) -> None:
    """Riskless, risky, expired, unknown, no code at all, the same again: each gets its own answer."""
    asked = ["A1B2345610", "A1B2345611", "A1B2345612", "A1B2345619", None, "A1B2345610"]
    riskless = Answer("A1B2345610", None, NOW_US + DAY_US, False, "********146", "AY**** NU****", "YI**** ", None)
    assert list(desk.queries.answer([ask(code) for code in asked])) == [
        riskless,
        Answer("A1B2345611", None, NOW_US + 2 * DAY_US, True, "********284", "CA****", "ÖZ**** ", None),
        Answer("A1B2345612", "hescodehasbeenexpired", NOW_US),
        Answer("A1B2345619", "hescodenotfound", 0),
        Answer("", "hescodenotfound", 0),
        riskless,
    ]


def test_a_code_is_good_until_its_last_moment(desk: Desk) -> None:
    """One microsecond before its end it is answered for, at its end it is expired."""
    desk.clock.move_to(MONDAY + timedelta(days=1, microseconds=-1))
    assert desk.queries.answer([ask("A1B2345610")])[0].error is None
    desk.clock.move_to(MONDAY + timedelta(days=1))
    assert desk.queries.answer([ask("A1B2345610")])[0].error == "hescodehasbeenexpired"


def test_only_a_plus_question_is_told_clinical_data(desk: Desk) -> None:
    """And only the people asked about with plus are looked up for it."""
    answers = desk.queries.answer([ask("A1B2345610"), ask("A1B2345611", plus=True), ask("A1B2345619", plus=True)])
    assert [answer.clinical for answer in answers] == [None, Clinical(None, None, False, None), None]
    assert desk.clinical_of == [[2]]


def test_every_question_leaves_a_row(desk: Desk) -> None:
    """Who asked, why, about which code, whose, with what outcome; a text that is no code is not kept."""
    desk.queries.answer([ask("A1B2345610", place='{"city":"Bolu"}'), ask("A1B2345611"), ask("A1B2345612"), ask(None)])
    rows = list(reversed(desk.queries.by("KURUM-TEST")))
    assert rows[0] == Asked(NOW_US, "KURUM-TEST", "single", "A1B2345610", 1, "RISKLESS", '{"city":"Bolu"}')
    assert [Shown(row.asker, row.code, row.citizen_id, row.outcome) for row in rows[1:]] == [
        Shown("KURUM-TEST", "A1B2345611", 2, "RISKY"),
        Shown("KURUM-TEST", "A1B2345612", 1, "hescodehasbeenexpired"),
        Shown("KURUM-TEST", None, None, "hescodenotfound"),
    ]
    assert desk.queries.count() == 4


def test_the_holder_sees_who_asked(desk: Desk) -> None:
    """Newest first, expired codes too, and nobody else's questions."""
    desk.queries.answer([ask("A1B2345610", "A-TEST"), ask("A1B2345611", "B-TEST"), ask("A1B2345612", "C-TEST")])
    assert [row.asker for row in desk.queries.about(1)] == ["C-TEST", "A-TEST"]
    assert [row.asker for row in desk.queries.about(1, limit=1)] == ["C-TEST"]
    assert desk.queries.about(3) == []


def test_a_misstatement_shows_and_the_trail_stays_true(desk: Desk) -> None:
    """A planted fault turns the status round in the answer; refusals are not touched, the audit row is right."""
    desk.faults.replace((Misstate(share=1),))
    answers = desk.queries.answer([ask("A1B2345610"), ask("A1B2345611"), ask("A1B2345612")])
    assert [(answer.risky, answer.error) for answer in answers] == [
        (True, None),
        (False, None),
        (False, "hescodehasbeenexpired"),
    ]
    assert [row.outcome for row in desk.queries.by("KURUM-TEST")] == ["hescodehasbeenexpired", "RISKY", "RISKLESS"]


def test_questions_of_one_turn_are_looked_up_together(desk: Desk) -> None:
    """Three callers in one turn of the loop cost one look-up, and each gets their own answers."""

    async def three() -> list[Sequence[Answer]]:
        batch = Batch(desk.queries)
        asked = [[ask("A1B2345610")], [ask("A1B2345619"), ask("A1B2345611")], [ask("A1B2345610")]]
        return await asyncio.gather(*(batch.ask(queries) for queries in asked))

    first, second, third = asyncio.run(three())
    assert [answer.code for answer in (*first, *second, *third)] == [
        "A1B2345610",
        "A1B2345619",
        "A1B2345611",
        "A1B2345610",
    ]
    assert len(desk.looked_up) == 1
    assert desk.queries.count() == 4


def test_an_empty_bulk_is_answered(desk: Desk) -> None:
    """No codes, no answers, no rows."""
    assert list(asyncio.run(Batch(desk.queries).ask([]))) == []
    assert desk.queries.count() == 0


class BrokenAudit(InMemoryAudit):
    """A trail whose disk is full."""

    def commit(self) -> None:
        """Fail."""
        raise OSError("no space left")


@pytest.mark.parametrize("off_loop", [False, True])
def test_no_answer_without_its_row(desk: Desk, *, off_loop: bool) -> None:
    """If the trail cannot be written, everybody who waits hears of it and nobody gets an answer."""
    broken = BrokenAudit()
    broken.off_loop = off_loop
    desk.queries.store = broken

    async def two() -> list[object]:
        batch = Batch(desk.queries)
        got = await asyncio.gather(
            batch.ask([ask("A1B2345610")]), batch.ask([ask("A1B2345611")]), return_exceptions=True
        )
        batch.close()
        return got

    assert [type(result) for result in asyncio.run(two())] == [OSError, OSError]


def test_a_failed_look_up_is_told_to_everybody(desk: Desk) -> None:
    """And the next turn works again."""

    async def both() -> tuple[object, object]:
        batch = Batch(desk.queries)
        desk.codes = None
        broken = Queries(
            store=desk.store,
            now=desk.clock.now,
            faults=desk.faults,
            sources=Sources(codes=lambda _: 1 / 0, people=dict, risky=frozenset, clinical=dict),
        )
        failed = await asyncio.gather(Batch(broken).ask([ask("A1B2345610")]), return_exceptions=True)
        return failed[0], await batch.ask([])

    failed, fine = asyncio.run(both())
    assert isinstance(failed, ZeroDivisionError)
    assert list(fine) == []
