"""Every refusal of the product is explained, in Turkish and English."""

import re

from mockgov.conformance.catalogue import CATALOGUE
from mockgov.explanation.refusals import CAUSES, table, words_of
from mockgov.kep.grounds import Reason
from mockgov.short_number.rules import Mistake
from tests.house.product import sources

KEY = re.compile(r'\bkey(?:: str)? ?= ?"([a-z0-9]+)"|problem\(\s*[0-9]+, "([a-z0-9]+)"|CONSTRAINT = "([a-z]+)"')
ANSWERS = {
    "http400",
    "http401",
    "http404",
    "http405",
    "http413",
    "http415",
    "hescodehasbeenexpired",
    "doctype",
    "instruction",
    "cut",
}
BEHAVIOURS = {one.key for one in CATALOGUE}
"""Keys too, and of no refusal."""


def keys() -> set[str]:
    """Every error key that stands in the ministry's source."""
    found: set[str] = set()
    for path in sources():
        if "mockgov" in path.parts:
            found |= {key for groups in KEY.findall(path.read_text(encoding="utf-8")) for key in groups if key}
    return found


def test_no_refusal_lacks_its_words() -> None:
    assert len(keys()) > 100
    assert keys() - set(table()) - BEHAVIOURS == set()


def test_no_words_lack_their_refusal() -> None:
    assert set(table()) - keys() - ANSWERS - set(Mistake) - {"unreadable"} == set()


def test_every_mistake_of_a_text_and_every_reason_of_a_letter_has_words() -> None:
    for name in (*Mistake, *Reason):
        words = words_of(name)
        assert words is not None
        assert words.tr
        assert words.en


def test_both_languages_are_there_and_are_two() -> None:
    for tr, en in [*table().values(), *CAUSES.values()]:
        assert tr != en
        assert tr.endswith(".")
        assert en.endswith(".")


def test_nobody_explains_what_is_none() -> None:
    assert words_of("nosuchkey") is None
