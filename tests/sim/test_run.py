"""A run from end to end: whichever ministry it meets, every answer agrees with the truth, and a lie shows."""

import asyncio
import json
from typing import Any

import pytest

from mockgov.app import create_app
from mockgov.faults import Misstate
from mockgov.worlds import Worlds
from sim.country import Country, make
from sim.drive.in_process import AsgiTransport, in_process
from sim.drive.port import MinistryPort
from sim.drive.stub import StubMinistry
from sim.drive.wire import WireMinistry
from sim.results import summarise
from sim.run import Outcome, meet
from sim.scenario import parse

TOWN = """
question = "Does a small town's day agree with the truth?"
date = 2021-10-04
warm_up_days = 20

[population]
people = 1_500
provinces = ["Eskişehir"]

[epidemic]
initial_infected_share = 0.02

[ministry]
argon2_memory_kib = 64
argon2_passes = 1
"""


def town(seed: int) -> Country:
    return make(parse(TOWN, name="small_town"), seed)


def played(country: Country, ministry: MinistryPort) -> Outcome:
    async def run() -> Outcome:
        try:
            return await meet(country, ministry, compression=0, progress=lambda *_: None)
        finally:
            await ministry.close()

    return asyncio.run(run())


def summary(country: Country, outcome: Outcome) -> dict[str, Any]:
    facts = {"scenario": "small_town", "seed": country.seed, **outcome.facts}
    return summarise(outcome.tables, facts, measured=outcome.measured)


@pytest.fixture(scope="module")
def country() -> Country:
    return town(5)


@pytest.fixture(scope="module")
def in_process_summary() -> dict[str, Any]:
    country = town(5)
    return summary(country, played(country, in_process()))


def test_every_answer_of_the_ministry_is_right(in_process_summary: dict[str, Any]) -> None:
    """Thousands of codes are asked, some of risky people, and every field of every answer is as it must be."""
    assert in_process_summary["wrong"] == 0, in_process_summary["wrong_by_field"]
    assert in_process_summary["queries"] > 1_000
    assert in_process_summary["risky_answers"] > 5
    assert {"hescodenotfound", "hescodehasbeenexpired", "RISKY", "RISKLESS"} <= in_process_summary["by_answer"].keys()


def test_every_code_asked_is_on_the_audit_trail(in_process_summary: dict[str, Any]) -> None:
    assert in_process_summary["facts"]["audit_rows"] == in_process_summary["queries"]


def test_the_same_seed_gives_the_same_summary(in_process_summary: dict[str, Any]) -> None:
    """Byte for byte, but for what depends on the machine."""
    country = town(5)
    again = summary(country, played(country, in_process()))
    for one in (again, in_process_summary):
        one.pop("measured", None)
    assert json.dumps(again, sort_keys=True) == json.dumps(in_process_summary, sort_keys=True)


def test_the_stub_tells_the_same_story(country: Country, in_process_summary: dict[str, Any]) -> None:
    """What is asked and what is true does not hang on which ministry is met."""
    stub = summary(country, played(country, StubMinistry()))
    assert stub["wrong"] == 0
    for key in ("queries", "calls", "by_channel", "by_answer", "by_hour", "stopped_people", "epidemic", "capacity"):
        assert stub[key] == in_process_summary[key], key


def test_a_planted_fault_in_the_ministry_turns_up_as_wrong_answers() -> None:
    """One answer in twenty misstated: about so many are found wrong, all in the status."""
    country = town(5)
    worlds = Worlds()
    worlds.make("default")
    lying = WireMinistry(AsgiTransport(create_app(worlds)), keep_world=True)

    async def run() -> Outcome:
        settle = lying.settle

        async def settle_and_lie(settlement: Any) -> Any:
            residents = await settle(settlement)
            worlds.get(settlement.world).world.faults.replace((Misstate(share=0.05),))
            return residents

        lying.settle = settle_and_lie  # type: ignore[method-assign]
        return await meet(country, lying, compression=0, progress=lambda *_: None)

    found = summary(country, asyncio.run(run()))
    assert 0.03 < found["wrong"] / found["queries"] < 0.07
    assert set(found["wrong_by_field"]) <= {"current_health_status", "is_eligible", "eligible_text"}


def test_a_planted_fault_in_the_stub_is_counted_exactly() -> None:
    """Every hundredth answer of the stub is the opposite of the truth; those with a status are all found."""
    country = town(6)
    found = summary(country, played(country, StubMinistry(misstated=100)))
    assert found["wrong"] > 0
    assert found["wrong"] <= found["queries"] // 100
