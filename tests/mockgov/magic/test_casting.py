"""How parts are cast: the same everywhere for a seed, once, all or none, and never what the day's rules forbid."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockgov.magic.casting import cast
from mockgov.magic.scenario import NotInThisTime, UnknownScenario
from mockgov.magic.stage import Props, played
from mockgov.magic.table import SCENARIOS, wanted
from mockgov.ministry import Ministry
from mockgov.settings import Settings
from mockgov.world import make_world
from mockgov.worlds import Worlds

QUICK = Settings(argon2_memory_kib=8, argon2_passes=1)


@pytest.fixture
def worlds() -> Iterator[Worlds]:
    made = Worlds(settings=QUICK)
    yield made
    made.close()


def known(ministry: Ministry, props: Props) -> list[str]:
    """Everything that a test would write down of a part."""
    people = [ministry.registry.citizen(number) for number in props.people]
    papers = [(one.identity.digits, one.id_card.text, one.phone and one.phone.wire, one.passport) for one in people]
    body = None if props.institution is None else ministry.registry.institution(props.institution).vkn.digits
    return [str(papers), *props.codes[:1], str(body), *props.accounts, *props.passwords, str(props.kep)]


def test_the_same_everywhere_for_a_seed(worlds: Worlds) -> None:
    """In an empty world, on top of a town, with the parts cast one by one in another order."""
    alone, town = worlds.make("alone", magic=True), worlds.make("town", people=40, magic=True)
    piecemeal = worlds.make("piecemeal", people=7)
    for name in reversed(SCENARIOS):
        cast(piecemeal, [name])
    expected = {name: known(alone, part.props) for name, part in played(alone).items()}
    assert set(expected) == set(SCENARIOS)
    for other in (town, piecemeal):
        assert {name: known(other, part.props) for name, part in played(other).items()} == expected
    elsewhere = worlds.make("elsewhere", seed=2, magic=True)
    assert known(elsewhere, played(elsewhere)["always-risky"].props) != expected["always-risky"]


def test_the_codes_of_the_first_seed() -> None:
    """Stable labels: what somebody has written into a test suite stays true."""
    ministry = Ministry(make_world(settings=QUICK))
    cast(ministry, ["always-risky", "code-deleted", "deceased"])
    assert {name: part.props.codes[0] for name, part in played(ministry).items()} == {
        "always-risky": "H2P7363519",
        "deceased": "G7U2680412",
        "code-deleted": "D7B3493815",
    }
    ministry.close()


def test_a_part_is_cast_once(worlds: Worlds) -> None:
    ministry = worlds.make("x", magic=["always-risky"])
    before = played(ministry)
    assert cast(ministry, ["always-risky"]) == []
    assert cast(ministry, ["deceased", "always-risky", "deceased"]) == ["deceased"]
    assert ministry.registry.count() == 2
    assert played(ministry)["always-risky"] == before["always-risky"]


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("always-risk", "always-risky"),
        ("Always Risky", "always-risky"),
        ("deceassed", "deceased"),
        ("institution_of_499", "institution-of-499"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(worlds: Worlds, name: str, near: str) -> None:
    """And nothing is cast, not even what was named rightly."""
    ministry = worlds.make("x")
    with pytest.raises(UnknownScenario, match=f"Did you mean {near}\\?"):
        cast(ministry, ["phone-off", name])
    assert (ministry.registry.count(), dict(played(ministry))) == (0, {})


@given(st.text(max_size=30))
def test_any_other_word_is_refused(word: str) -> None:
    """Loudly, and without repeating what may be somebody's number."""
    if word not in SCENARIOS:
        with pytest.raises(UnknownScenario, match="GET /_lab/magic lists") as refused:
            wanted([word])
        assert not any(len(part) > 9 and part.isdigit() and part in refused.value.message for part in word.split())


@cache
def of_the_whole_table() -> dict[str, list[str]]:
    """What a test would write down of each part where all are played."""
    ministry = Ministry(make_world(settings=QUICK))
    cast(ministry)
    found = {name: known(ministry, part.props) for name, part in played(ministry).items()}
    ministry.close()
    return found


@settings(max_examples=10)
@given(st.sets(st.sampled_from(sorted(SCENARIOS)), max_size=5), st.integers(0, 3))
def test_any_choice_gives_the_same_people(names: set[str], people: int) -> None:
    """Whichever other parts are cast."""
    worlds = Worlds(settings=QUICK)
    ministry = worlds.make("x", people=people, magic=sorted(names) or False)
    for name, part in played(ministry).items():
        assert known(ministry, part.props) == of_the_whole_table()[name]
    worlds.close()


@pytest.mark.parametrize("start", ["2022-03-14T08:00:00+03:00", "2020-03-01T08:00:00+03:00"])
def test_what_the_rules_of_the_day_forbid_is_refused_by_name_and_left_out_of_all(worlds: Worlds, start: str) -> None:
    """When no regulation isolates anybody there is no contact since yesterday; an order stands at any time."""
    forbidden = {"contact-since-yesterday", "becomes-risky-in-an-hour", "positive-since-yesterday"}
    for name in forbidden:
        with pytest.raises(NotInThisTime, match="always-risky, which any rules allow"):
            worlds.make("x", changes={"start": start}, magic=[name])
        assert "x" not in worlds
    ministry = worlds.make("y", changes={"start": start}, magic=True)
    assert set(SCENARIOS) - set(played(ministry)) == forbidden
    props = played(ministry)["always-risky"].props
    assert ministry.risky_now(props.people) == set(props.people)


def test_a_fork_keeps_parts_and_what_is_to_happen(worlds: Worlds) -> None:
    source = worlds.make("source", magic=["becomes-risky-in-an-hour"])
    copy = worlds.fork("source", "copy")
    copy.advance(copy.world.now() + timedelta(hours=1))
    (person,) = played(copy)["becomes-risky-in-an-hour"].props.people
    assert copy.risky_now([person]) == {person}
    assert source.risky_now([person]) == frozenset()
    assert played(copy) == played(source)


def test_every_scenario_says_what_it_means_in_both_languages() -> None:
    """Names are kebab-case; nothing is left empty, and no two mean the same."""
    for name, one in SCENARIOS.items():
        assert name == name.lower().replace("_", "-").replace(" ", "-")
        assert all((one.tr, one.en, one.rule_tr, one.rule_en, one.says))
        assert one.tr != one.en
    assert len({one.en for one in SCENARIOS.values()}) == len(SCENARIOS)


def test_what_is_to_happen_survives_a_restart(tmp_path: Path) -> None:
    """A world on disk that is opened again plays its lines at their moments."""
    worlds = Worlds(settings=QUICK, data=tmp_path)
    worlds.make("x", magic=["becomes-risky-in-an-hour", "password-changes-in-an-hour"])
    worlds.close()
    worlds = Worlds(settings=QUICK, data=tmp_path)
    ministry = worlds.get("x")
    assert [line.deed for line in ministry.script.waiting()] == ["report", "rotate"]
    ministry.advance(ministry.world.now() + timedelta(hours=1))
    (person,) = played(ministry)["becomes-risky-in-an-hour"].props.people
    assert ministry.risky_now([person]) == {person}
    live = played(ministry)["password-changes-in-an-hour"].props.accounts[1]
    assert ministry.credentials.account(live).rotation == 1
    assert list(ministry.script.waiting()) == []
    worlds.close()


def test_what_cannot_happen_any_more_holds_nothing_up(worlds: Worlds) -> None:
    """A line about an account that is revoked meanwhile is struck off."""
    ministry = worlds.make("x", magic=["password-changes-in-an-hour"])
    ministry.credentials.revoke(played(ministry)["password-changes-in-an-hour"].props.accounts[1])
    ministry.advance(ministry.world.now() + timedelta(hours=2))
    assert list(ministry.script.waiting()) == []
