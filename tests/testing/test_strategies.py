"""Whole words are words, broken ones are none, lives may be led."""

import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from mockgov.counters.reading import read_code
from mockgov.testing.lives import Event, Life, lives
from mockgov.testing.mutations import RAW, SLIPS, mutated, reads, written
from mockgov.testing.order import Order
from mockgov.testing.strategies import VALID, company_names, hes_codes, labels, valid, written_codes
from mockgov.testing.templates import templates
from mockgov.vocabulary import hes_code, tckn
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.person import Sex
from mockgov.vocabulary.qr import read_scanned
from mockgov.vocabulary.tckn import Tckn
from tests.house.product import ROOT

QUICK = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
WORDS = pytest.mark.parametrize("word", VALID, ids=lambda word: word.__name__)


@WORDS
def test_a_whole_word_reads_back(word: type) -> None:
    """As itself, from its own writing."""

    @QUICK
    @given(valid(word))
    def holds(one: object) -> None:
        assert isinstance(one, word)
        assert reads(word, written(one))

    holds()


@WORDS
def test_a_broken_word_is_none(word: type) -> None:
    """No reader takes it, and there are many kinds of it."""
    seen: set[str] = set()

    @QUICK
    @given(mutated(word))
    def holds(text: str) -> None:
        assert not reads(word, text)
        seen.add(text)

    holds()
    assert len(seen) >= 5


def test_every_word_of_the_vocabulary_has_a_strategy() -> None:
    """Each file of the vocabulary that has a word is drawn from."""
    not_words = {"__init__", "chance", "errors", "likeness", "masking", "names", "tile_map", "turkish"}
    files = {path.stem for path in (ROOT / "mockgov/vocabulary").glob("*.py")} - not_words
    assert {word.__module__.rpartition(".")[2] for word in VALID} == files
    assert set(RAW) <= set(VALID)


def test_words_shrink_to_the_plainest() -> None:
    """So that a failing example can be read."""
    assert find(hes_codes(), lambda _: True) == HesCode("A0A0000010")
    assert find(hes_codes(), lambda code: code.text[4] == "7").text == "A0A0700010"
    assert find(valid(Tckn), lambda _: True).digits == "10000000" + "0" + tckn.check_digits("100000000")


@given(written_codes())
def test_the_ministry_reads_a_code_however_it_is_written(pair: tuple[HesCode, str]) -> None:
    """Scanned, typed, under Caps Lock."""
    code, text = pair
    assert read_code(text, lenient=True) == code.text
    assert read_scanned(text) == code


@given(company_names(), labels(), st.sampled_from(SLIPS))
def test_names_and_labels_fit_the_register(company: str, label: str, slip: object) -> None:
    """A label is one word, with letters that only Turkish has among them."""
    assert company.isprintable()
    assert re.fullmatch(r"[A-ZÇĞİÖŞÜ]+(-[A-ZÇĞİÖŞÜ]+)*", label)
    assert callable(slip)
    assert hes_code.LETTERS


@settings(max_examples=20, deadline=None)
@given(life=lives())
def test_any_life_may_be_led_and_is_answered_for(life: Life) -> None:
    """Now and later, as the rules alone say."""
    with templates().sandbox(Order(people=0)) as world:
        led = life.lead(world)
        pair = world.pair()
        for hours in (0, 30, 24 * 9):
            world.clock.advance(hours=hours)
            now = world.clock.now()
            body = [{"hes_code": code.text} for code in led.codes]
            maps = world.http.post(pair.base + "check-hes-codes", json=body, auth=pair.auth).json()
            statuses = {one["current_health_status"] for one in maps["success_map"].values()}
            assert statuses <= {led.standing(now).status.value}
            assert len(maps["success_map"]) + len(maps["unsuccess_map"]) == len(set(led.codes))


def test_a_life_by_hand() -> None:
    """İpek, positive three days ago, with a code for a day and one for good."""
    life = Life(
        firstname="İPEK",
        lastname="ÇAĞLAYAN",
        sex=Sex.FEMALE,
        age=36,
        codes=(1, None),
        events=(Event(kind="positive", hours_ago=72),),
    )
    with templates().sandbox(Order(people=0)) as world:
        led = life.lead(world)
        assert led.citizen.masked_firstname == "İP****"
        assert led.standing(world.clock.now()).status == "RISKY"
        assert world.codes(led.citizen) == list(led.codes)
        assert led.reports[0].sampled_at == world.clock.now() - timedelta(hours=72)
