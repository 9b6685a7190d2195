"""How sparing an institution is with people's data."""

from datetime import UTC, datetime, timedelta

import pytest

from mockgov.clock import to_us
from mockgov.explanation.minimisation import Excess, score
from mockgov.queries.messages import Asked
from mockgov.settings import Settings
from tests.mockgov.counters.town import DAY, LABEL, Town

AT = datetime(2021, 8, 2, 6, tzinfo=UTC)


def asked(code: str | None, purpose: str = "visitor", *, hours: float = 0, at: datetime = AT) -> Asked:
    return Asked(to_us(at + timedelta(hours=hours)), "X", purpose, code, 1, "RISKLESS", None)


@pytest.mark.parametrize(
    ("rows", "points", "excess"),
    [
        ([], 100, {}),
        ([asked("A"), asked("B")], 100, {}),
        ([asked("A"), asked("A", hours=24)], 100, {}),
        ([asked("A"), asked("A", hours=23)], 50, {Excess.REPEAT: 1}),
        ([asked("A", hours=23), asked("A")], 50, {Excess.REPEAT: 1}),
        ([asked(None)], 0, {Excess.NOT_A_CODE: 1}),
        ([asked("A", "single")], 75, {Excess.NO_PURPOSE: 1}),
        ([asked("A", "single-plus")], 50, {Excess.PLUS: 1}),
        ([asked("A", "bulk-plus", at=datetime(2021, 10, 4, tzinfo=UTC))], 100, {}),
        ([asked("A", "bulk-plus", at=datetime(2022, 3, 2, tzinfo=UTC))], 50, {Excess.PLUS: 1}),
        ([asked(None, "single")], 0, {Excess.NOT_A_CODE: 1, Excess.NO_PURPOSE: 1}),
        ([asked("A"), asked("B"), asked("A", hours=1)], 67, {Excess.REPEAT: 1}),
    ],
)
def test_the_formula(rows: list[Asked], points: int, excess: dict[Excess, int]) -> None:
    """Weights, the 24 hours, the days on which vaccine and test are asked for, at most one a question."""
    found = score(rows)
    assert found.score == points
    assert {kind: count for kind, count in found.excess.items() if count} == excess
    assert found.questions == len(rows)


def test_the_route() -> None:
    """Both users of an institution count, other institutions' do not, and days that are asked for only."""
    town = Town(Settings(argon2_memory_kib=8, argon2_passes=1))
    code = town.issue(days=None).text
    town.ask("C2", {"hes_code": code})
    town.ask("C2", {"hes_code": code}, username=f"{LABEL}-TEST", password=town.passwords[f"{LABEL}-TEST"])
    town.ask("C2", {"hes_code": "no code at all"})
    path = "/_lab/institutions/1/minimisation"
    answer = town.client.get(path).json()
    assert (answer["label"], answer["questions"], answer["score"]) == (LABEL, 2, 50)
    assert {one["kind"]: one["questions"] for one in answer["excess"]} == {
        "repeat": 0,
        "not-a-code": 1,
        "plus-without-need": 0,
        "no-purpose": 0,
    }
    assert all(one["tr"] and one["en"] for one in answer["excess"])
    assert town.client.get("/_lab/institutions/2/minimisation").json()["questions"] == 0
    town.ministry.advance(town.ministry.world.now() + 31 * DAY)
    assert town.client.get(path).json()["questions"] == 0
    assert town.client.get(f"{path}?days=60").json()["questions"] == 2
    assert town.client.get("/_lab/institutions/99/minimisation").status_code == 404
    town.close()
