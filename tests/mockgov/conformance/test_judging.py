"""What the journal tells of an integration: everything right, or one thing wrong."""

from collections.abc import Callable, Iterator

import pytest

from mockgov.conformance.catalogue import CATALOGUE
from mockgov.faults import Refuse
from tests.mockgov.conformance.rehearsing import PLACES, USER, Rehearsal, nobodys
from tests.mockgov.counters.town import Town


@pytest.fixture
def rehearsal() -> Iterator[Rehearsal]:
    """Nothing asked yet."""
    town = Town()
    yield Rehearsal(town)
    town.close()


def test_everything_right_reaches_the_highest_level(rehearsal: Rehearsal) -> None:
    rehearsal.whole()
    told = rehearsal.told()
    assert {one["key"]: one["outcome"] for one in told["behaviours"]} == {one.key: "passed" for one in CATALOGUE}
    assert (told["level"], told["level_en"]) == (3, "3: asks with care")


def test_what_has_not_come_up_is_missing(rehearsal: Rehearsal) -> None:
    """With a word on how to bring it about; no level is reached."""
    rehearsal.town.ask("C3", {"hes_code": rehearsal.town.issue().text})
    told = rehearsal.told()
    outcomes = {one["key"]: one["outcome"] for one in told["behaviours"]}
    assert {key for key, outcome in outcomes.items() if outcome == "passed"} == {"riskless", "masked-data-only"}
    assert set(outcomes.values()) == {"passed", "missing"}
    assert told["level"] == 0
    assert all(one["situation_tr"] and one["situation_en"] for one in told["behaviours"])


def test_the_first_level_alone(rehearsal: Rehearsal) -> None:
    rehearsal.ordinary()
    assert rehearsal.told()["level"] == 1


def _no_place(town: Town) -> None:
    town.ask("C1", {"hes_code": town.issue().text} | PLACES | {"explicit_address": " "})


def _more_than_the_code(town: Town) -> None:
    town.ask("C2", {"hes_code": town.issue().text, "firstname": "Ayşe"})


def _list_not_divided(town: Town) -> None:
    town.ask("C4", town.body_of("C4", nobodys(501)))
    for number in range(6):
        town.ask("C4", town.body_of("C4", nobodys(1, begin=600 + number)))


def _blind_for_bad_codes(town: Town) -> None:
    town.ask("C4", town.body_of("C4", nobodys(2)))
    town.ask("C2", {"hes_code": nobodys(1)[0]})


def _gives_up(town: Town) -> None:
    town.ministry.world.faults.replace((Refuse(share=1.0, status=503),))
    town.ask("C2", {"hes_code": town.issue().text})
    town.ministry.world.faults.replace(())
    for _ in range(6):
        town.ask("C2", {"hes_code": town.issue().text})


def _repeats_a_400(town: Town) -> None:
    for _ in range(2):
        town.ask("C2", {"hes_code": nobodys(1)[0]})


def _keeps_the_old_password(town: Town) -> None:
    town.ask("C2", {"hes_code": town.issue().text})
    town.ministry.credentials.rotate(USER)
    for _ in range(5):
        town.ask("C2", {"hes_code": town.issue().text})


def _spoils_letters(town: Town) -> None:
    spoilt = "Şişli".encode().decode("latin-1")
    town.ask("C1", {"hes_code": town.issue().text} | PLACES | {"district": spoilt})


def _folds_letters(town: Town) -> None:
    town.ask("C1", {"hes_code": town.issue().text} | PLACES | {"city": "İSTANBUL".lower()})


def _asks_twice(town: Town) -> None:
    code = town.issue().text
    for _ in range(2):
        town.ask("C2", {"hes_code": code})


def _lists_one_twice(town: Town) -> None:
    town.ask("C4", town.body_of("C4", [town.issue().text] * 2))


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("purpose-given", _no_place),
        ("masked-data-only", _more_than_the_code),
        ("501-refused", _list_not_divided),
        ("unsuccessful-told", _blind_for_bad_codes),
        ("retry-after-503", _gives_up),
        ("no-retry-after-400", _repeats_a_400),
        ("credential-renewal", _keeps_the_old_password),
        ("turkish-letters", _spoils_letters),
        ("turkish-letters", _folds_letters),
        ("no-repeated-look-ups", _asks_twice),
        ("no-repeated-look-ups", _lists_one_twice),
    ],
)
def test_one_thing_wrong(rehearsal: Rehearsal, key: str, wrong: Callable[[Town], None]) -> None:
    """Fails its behaviour, says what to do in both languages, and names exchanges that show it."""
    wrong(rehearsal.town)
    told = next(one for one in rehearsal.told()["behaviours"] if one["key"] == key)
    assert told["outcome"] == "failed"
    assert told["why_tr"]
    assert told["why_en"]
    assert told["exchanges"]


def test_a_mistyped_password_is_no_renewal(rehearsal: Rehearsal) -> None:
    """However right the next one is."""
    town = rehearsal.town
    for password in (None, "mistyped", None):
        town.ask("C2", {"hes_code": town.issue().text}, password=password)
    assert rehearsal.outcome("credential-renewal") == "missing"


def test_a_long_list_divided_at_once(rehearsal: Rehearsal) -> None:
    """Need not be refused first."""
    town = rehearsal.town
    for codes in (nobodys(500), nobodys(40, begin=500)):
        town.ask("C4", town.body_of("C4", codes))
    assert rehearsal.outcome("501-refused") == "passed"


@pytest.mark.parametrize("codes", [nobodys(501), ["no code"] * 501], ids=["nobody's", "unreadable"])
def test_a_long_list_that_was_refused(rehearsal: Rehearsal, codes: list[str]) -> None:
    """Says what is still to come, and counts as soon as all of it has been asked in parts."""
    town = rehearsal.town
    told = []
    for some in (codes, codes[:500], codes[500:]):
        town.ask("C4", town.body_of("C4", some))
        told.append(next(one for one in rehearsal.told()["behaviours"] if one["key"] == "501-refused"))
    assert [one["outcome"] for one in told] == ["missing", "missing", "passed"]
    assert told[0]["why_en"] == (
        "A list of 501 codes was refused; it now has to be divided into lists of at most 500 and asked "
        "(501 codes have no answer yet)."
    )
    assert "(1 kod yanıt bekliyor)" in told[1]["why_tr"]
    assert told[0]["exchanges"]


def test_a_code_before_its_last_three_hours(rehearsal: Rehearsal) -> None:
    """Says nothing about how dates are read."""
    code = rehearsal.town.issue(days=1)
    rehearsal.town.advance(hours=20.9)
    rehearsal.town.ask("C2", {"hes_code": code.text})
    assert rehearsal.outcome("utc-dates") == "missing"
    rehearsal.town.advance(hours=0.2)
    rehearsal.town.ask("C2", {"hes_code": code.text})
    assert rehearsal.outcome("utc-dates") == "passed"


def test_a_retry_before_retry_after_fails_where_the_clock_runs(rehearsal: Rehearsal) -> None:
    town, code = rehearsal.town, rehearsal.town.issue().text
    town.ministry.world.faults.replace((Refuse(share=1.0, status=429, retry_after_s=30),))
    town.ask("C2", {"hes_code": code})
    town.ministry.world.faults.replace(())
    town.ask("C2", {"hes_code": code})
    assert rehearsal.outcome("retry-after-503") == "passed"
    town.ministry.world.run()
    assert rehearsal.outcome("retry-after-503") == "failed"


def test_earlier_exchanges_are_left_out(rehearsal: Rehearsal) -> None:
    _repeats_a_400(rehearsal.town)
    last = rehearsal.town.ministry.journal.last
    rehearsal.ordinary()
    assert rehearsal.told()["level"] == 1
    assert rehearsal.outcome("no-retry-after-400") == "failed"
    later = {one["key"]: one["outcome"] for one in rehearsal.told(after=last)["behaviours"]}
    assert later["no-retry-after-400"] == "passed"


@pytest.mark.parametrize("asker", ["KURUM", "nobody", "citizen:1"])
def test_whoever_asked_nothing_is_told_so(rehearsal: Rehearsal, asker: str) -> None:
    rehearsal.ordinary()
    answer = rehearsal.town.client.get("/_lab/conformance", params={"asker": asker})
    assert (answer.status_code, answer.json()["errorKey"]) == (404, "nothingrehearsed")
