"""The figures of a world: what is counted, and that nothing is counted twice."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from mockgov.console import figures
from mockgov.console.figures import Figures, Reader
from mockgov.queries.messages import Query
from mockgov.risk_index.messages import PcrReport
from tests.mockgov.counters.town import Town

LIVE, PERSON = "KURUM-G2G-HES", "citizen:1"


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    yield made
    made.close()


def ask(town: Town, *codes: str, asker: str = LIVE) -> None:
    town.ministry.queries.answer([Query(asker, "single", code) for code in codes])


def busy(read: Figures) -> list[tuple[int, tuple[int, ...], tuple[int, ...]]]:
    """Each minute with questions: how long ago, and its counts by outcome and channel."""
    last = read.minutes[-1].at
    return [
        ((last - one.at) // timedelta(minutes=1), one.outcomes, one.channels) for one in read.minutes if one.questions
    ]


def test_an_hour_of_questions(town: Town) -> None:
    """By outcome (fine, risky, unknown, expired) and channel (live, test, manager, person); an hour later gone."""
    fine, risky, short = town.issue().text, town.issue(town.father).text, town.issue(days=1).text
    reader = Reader(town.ministry)
    ask(town, fine, fine, risky, "A0A0000010")
    assert busy(reader.read()) == [(0, (2, 1, 1, 0), (4, 0, 0, 0))]
    town.advance(minutes=2)
    ask(town, fine, asker=PERSON)
    ask(town, risky, asker="institution:1/citizen:1")
    ask(town, fine, asker="KURUM-TEST")
    both = [(2, (2, 1, 1, 0), (4, 0, 0, 0)), (0, (2, 1, 0, 0), (0, 1, 1, 1))]
    assert busy(reader.read()) == both
    assert busy(reader.read()) == both
    assert busy(Reader(town.ministry).read()) == both
    town.advance(minutes=58)
    assert busy(reader.read()) == [(58, (2, 1, 0, 0), (0, 1, 1, 1))]
    town.advance(days=2)
    ask(town, short)
    assert busy(reader.read()) == [(0, (0, 0, 0, 1), (1, 0, 0, 0))]


def test_what_there_is(town: Town) -> None:
    """People, institutions, valid codes, risky people; read again after a while, for counting costs a scan."""
    town.issue()
    town.issue(town.father)
    reader = Reader(town.ministry)
    stock = reader.read().stock
    assert (stock.people, stock.institutions, stock.codes, stock.risky, stock.waiting) == (4, 2, 2, 1, 0)
    report = PcrReport(citizen_id=town.mother.citizen_id, sampled_at=town.ministry.world.now(), positive=True)
    town.ministry.risk_index.file([report])
    assert {reader.read().stock.risky for _ in range(9)} == {1}
    assert reader.read().stock.risky == 2


def test_what_is_left_out_is_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """For as long as it would be among the minutes that are shown."""
    monkeypatch.setattr(figures, "MOST_ROWS", 2)
    code = town.issue(days=30).text
    ask(town, code, code, code)
    reader = Reader(town.ministry)
    assert (reader.read().questions, reader.read().is_whole) == (2, False)
    town.advance(minutes=60)
    ask(town, code)
    assert (reader.read().questions, reader.read().is_whole) == (1, True)
    town.advance(minutes=61)
    ask(town, code, code)
    fresh = Reader(town.ministry)
    assert (fresh.read().questions, fresh.read().is_whole) == (2, False)


def test_rows_of_long_ago_are_not_missed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """That an old trail was not read to its beginning is nothing that is missing."""
    monkeypatch.setattr(figures, "MOST_ROWS", 3)
    code = town.issue(days=30).text
    ask(town, code, code, code, code, code)
    town.advance(minutes=90)
    ask(town, code)
    assert (Reader(town.ministry).read().questions, Reader(town.ministry).read().is_whole) == (1, True)


def test_what_is_due_stands_in_order(town: Town) -> None:
    """The earliest first, each service by its name."""
    due = town.ministry.due()
    assert [moment for _, moment in due] == sorted(moment for _, moment in due)
    assert "kvkk" in dict(due)
