"""The table is true: every channel answers what a scenario says, now and at each later moment."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from mockgov.clock import MICROSECOND
from mockgov.magic.scenario import When
from mockgov.magic.table import SCENARIOS
from tests.mockgov.magic.asking import MagicWorld


@pytest.fixture(scope="module")
def world() -> Iterator[MagicWorld]:
    made = MagicWorld()
    yield made
    made.close()


@pytest.fixture
def moving() -> Iterator[MagicWorld]:
    made = MagicWorld()
    yield made
    made.close()


@pytest.fixture(params=[0, 30], ids=["nobody else", "in a town"])
def apart(request: pytest.FixtureRequest) -> Iterator[MagicWorld]:
    made = MagicWorld(people=request.param)
    yield made
    made.close()


def assert_says(world: MagicWorld, name: str, when: When) -> None:
    for says in SCENARIOS[name].says:
        if says.when is when:
            status, got = world.ask(says.channel, name)
            shown = {key: got.get(key, "nothing") for key in says.shows}
            assert (status, shown) == (says.status, dict(says.shows)), (name, says.channel, when)


@pytest.mark.parametrize("name", SCENARIOS)
def test_it_answers_as_the_table_says(world: MagicWorld, name: str) -> None:
    """At the moment of the casting, by every channel named."""
    assert any(says.when is When.NOW for says in SCENARIOS[name].says)
    assert_says(world, name, When.NOW)


LATER = [name for name, one in SCENARIOS.items() if any(says.when is not When.NOW for says in one.says)]


def test_it_answers_so_later(moving: MagicWorld) -> None:
    """At every later moment of the table, in one walk of the clock."""
    assert len(LATER) >= 6
    moments = sorted({(when.of(moving.parts[name].cast_at), when) for name in LATER for when in When})
    for _, when in moments:
        for name in LATER:
            if any(says.when is when for says in SCENARIOS[name].says):
                moving.go_to(when, name)
                assert_says(moving, name, when)


@pytest.mark.parametrize(
    ("name", "when"),
    [
        ("becomes-risky-in-an-hour", When.IN_AN_HOUR),
        ("password-changes-in-an-hour", When.IN_AN_HOUR),
        ("code-expires-tomorrow", When.TOMORROW),
        ("becomes-riskless-tomorrow-at-noon", When.TOMORROW_AT_NOON),
    ],
)
def test_a_moment_before_it_is_not_yet_so(apart: MagicWorld, name: str, when: When) -> None:
    """The hour, the noon and the day are exact to the microsecond."""
    moment = when.of(apart.parts[name].cast_at)
    apart.ministry.advance(moment - MICROSECOND)
    assert_says(apart, name, When.NOW)
    apart.ministry.advance(moment)
    assert_says(apart, name, when)


def test_they_are_ordinary_citizens(world: MagicWorld) -> None:
    """Everybody of the table can be found like anybody else, by the lab and by the counters."""
    listed: Mapping[int, Any] = {one["citizen_id"]: one for one in world.client.get("/_lab/people?limit=1000").json()}
    for part in world.parts.values():
        for number in part.props.people:
            assert listed[number]["identity_number"] == world.ministry.registry.citizen(number).identity.digits
