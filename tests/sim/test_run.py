"""A run from end to end: whichever ministry it meets, every answer agrees with the truth, and a lie shows."""

import asyncio
import json
from typing import Any

import numpy as np
import pytest

from mockgov.app import create_app
from mockgov.faults import Misstate
from mockgov.worlds import Worlds
from sim.country import Country, make
from sim.day import settle
from sim.demand.holdings import NEVER
from sim.demand.parameters import Channel
from sim.demand.record import MAKINGS
from sim.drive.in_process import AsgiTransport, in_process
from sim.drive.over_http import over_http
from sim.drive.port import Call, MinistryPort, Reply
from sim.drive.stub import StubMinistry
from sim.drive.wire import WireMinistry
from sim.results import summarise
from sim.run import Outcome, meet
from sim.scenario import parse
from tests.serving import Serving

TOWN = """
question = "Does a small town's day agree with the truth?"
date = 2021-10-04
warm_up_days = 20

[population]
people = 1_500
provinces = ["Eskişehir"]

[epidemic]
initial_infected_share = 0.02

[demand]
edevlet_counter_share = 0.2
edevlet_list_share = 1.0
staff_check_share = 0.6
risky_stays_away = 0.5

[demand.making]
app_lives = [[20, 1], [0, 1]]
sms_lives = [[20, 1]]
edevlet_lives = [[10, 1]]

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
    """Those that are made are on none."""
    made = sum(row["queries"] for name, row in in_process_summary["by_channel"].items() if name.startswith("make-"))
    assert in_process_summary["facts"]["audit_rows"] == in_process_summary["queries"] - made


def test_every_way_to_ask_and_to_make_a_code_is_gone(in_process_summary: dict[str, Any]) -> None:
    """All thirteen, e-Devlet's pages and texts to 2023 among them; and what is made is made."""
    by_channel = in_process_summary["by_channel"]
    assert set(by_channel) == {channel.name.lower().replace("_", "-") for channel in Channel}
    made = [by_channel[name]["queries"] for name in ("make-app", "make-sms", "make-edevlet")]
    assert min(made) >= 5
    assert in_process_summary["by_answer"]["MADE"] == sum(made)
    assert by_channel["edevlet"]["queries"] >= 20
    assert by_channel["edevlet-bulk"]["calls"] >= 5


def test_whoever_moves_in_has_a_parent_and_a_code_with_days_left(country: Country) -> None:
    """Children the head of their household; whoever makes a code today one that ends with the day."""
    settlement, population = settle(country), country.population
    makers = np.unique(country.demand.person[country.demand.source == MAKINGS])
    left = np.array(settlement.days_left)
    again = makers[country.holdings.made_before(country.scenario.date)[makers] != NEVER]
    assert again.size > 50
    assert (left[again] == 1).all()
    assert not (np.delete(left, again) == 1).any()
    assert (left[country.holdings.life == 0] == 0).all()
    for number, person in enumerate(settlement.people):
        place = int(population.home[number]) >> 4
        assert person.parent == (number - place if place and population.age[number] < 20 else -1)


def test_who_has_made_a_code_shows_it() -> None:
    """From a tick of the clock on, and the ministry knows it: asked before with the one from before."""
    country = town(5)
    shown: dict[int, list[str]] = {}

    class Listening(StubMinistry):
        async def ask(self, call: Call) -> Reply:
            if not call.channel.makes and len(call.codes) == 1:
                shown.setdefault(self.asked, []).append(call.codes[0])
            reply = await super().ask(call)
            self.asked += 1
            return reply

        asked = 0

    played(country, Listening())
    demand = country.demand
    first = demand.call_start[:-1]
    person, spoiled, source = (column[first] for column in (demand.person, demand.spoiled, demand.source))
    makers = set(person[source == MAKINGS].tolist())
    codes: dict[int, list[tuple[int, str]]] = {}
    for call, (code,) in shown.items():
        if int(person[call]) in makers and spoiled[call] == 0:
            codes.setdefault(int(person[call]), []).append((call, code))
    changed = {who for who, told in codes.items() if len({code for _, code in told}) > 1}
    assert len(changed) >= 3
    for who, told in codes.items():
        (made,) = np.flatnonzero((person == who) & (source == MAKINGS)).tolist()
        moment = int(demand.at_us[first[made]])
        ticks = [int(demand.at_us[first[call]]) - moment for call, _ in told]
        assert len({code for (_, code), since in zip(told, ticks, strict=True) if since < 0}) <= 1
        later = {code for (_, code), since in zip(told, ticks, strict=True) if since > 10 * 60_000_000}
        assert len(later) <= 1
        if who in changed:
            assert told[0][1] not in later


@pytest.mark.parametrize("compression", [0.0, 86_400 / 8])
def test_over_http_the_day_is_the_same(in_process_summary: dict[str, Any], compression: float) -> None:
    """Over sockets, one call after the other and in open loop."""
    worlds = Worlds()
    worlds.make("default")
    with Serving(worlds) as server:

        async def run() -> Outcome:
            ministry = over_http(server.url)
            try:
                return await meet(town(5), ministry, compression=compression, progress=lambda *_: None)
            finally:
                await ministry.close()

        told = summary(town(5), asyncio.run(run()))
    told.pop("measured")
    assert told == {name: value for name, value in in_process_summary.items() if name != "measured"}


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
    follows = {"is_eligible", "eligible_text", "masked_identity_number"}  # a list names who is risky
    assert set(found["wrong_by_field"]) <= {"current_health_status"} | follows


def test_a_planted_fault_in_the_stub_is_counted_exactly() -> None:
    """Every hundredth answer of the stub is the opposite of the truth; those with a status are all found."""
    country = town(6)
    found = summary(country, played(country, StubMinistry(misstated=100)))
    assert found["wrong"] > 0
    assert found["wrong"] <= found["queries"] // 100
