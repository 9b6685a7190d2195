"""Planted faults and a broken disk, as an institution meets them."""

from datetime import datetime

import pytest

from mockgov.faults import Delay, Misstate, Refuse
from tests.mockgov.counters.test_corporate import riskless
from tests.mockgov.counters.town import LABEL, MONDAY, Town


def test_a_planted_misstatement_shows(town: Town) -> None:
    """What an oracle must catch: the status is turned round, in the answer and nowhere else."""
    codes = [town.issue().text, town.issue(town.father).text]
    town.ministry.world.faults.replace((Misstate(share=1),))
    answer = town.ask("C4", town.body_of("C4", codes)).json()["success_map"]
    assert [answer[code]["current_health_status"] for code in codes] == ["RISKY", "RISKLESS"]
    assert [row.outcome for row in town.ministry.queries.by(f"{LABEL}-G2G-HES")] == ["RISKY", "RISKLESS"]
    town.ministry.world.faults.replace(())
    assert town.ask("C3", {"hes_code": codes[0]}).json() == riskless(town)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 511])
def test_a_planted_refusal(town: Town, status: int) -> None:
    """The status of the plan, problem JSON, Retry-After; nobody was asked about."""
    town.ministry.world.faults.replace((Refuse(share=1, status=status, retry_after_s=7),))
    answer = town.ask("C3", {"hes_code": town.issue().text})
    assert (answer.status_code, answer.headers["retry-after"]) == (status, "7")
    assert (answer.json()["errorKey"], answer.json()["status"]) == ("unavailable", status)
    assert town.ministry.queries.count() == 0


def test_a_planted_delay(town: Town) -> None:
    """The answer leaves so much later, and is right."""
    town.ministry.world.faults.replace((Delay(share=1, milliseconds=50),))
    code = town.issue().text
    begin = datetime.now(MONDAY.tzinfo)
    assert town.ask("C3", {"hes_code": code}).json() == riskless(town)
    assert (datetime.now(MONDAY.tzinfo) - begin).total_seconds() >= 0.05


def test_a_trail_that_cannot_be_kept_is_a_503_and_no_answer(town: Town) -> None:
    """Nothing is told about anybody without its audit row; when the disk is mended, all is well."""
    code = town.issue().text
    assert town.ask("C3", {"hes_code": code}).status_code == 200
    town.ministry.world.database.raw.execute("PRAGMA query_only = ON")
    answer = town.ask("C3", {"hes_code": code})
    assert (answer.status_code, answer.json()["errorKey"]) == (503, "unavailable")
    assert "YI****" not in answer.text
    town.ministry.world.database.raw.execute("PRAGMA query_only = OFF")
    assert town.ask("C3", {"hes_code": code}).json() == riskless(town)
    assert town.ministry.queries.count() == 2
