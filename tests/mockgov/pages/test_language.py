"""How pages write days, moments and numbers in their two languages."""

from datetime import UTC, date, datetime

import pytest

from mockgov.pages.language import Language, language_of

NIGHT = datetime(2021, 12, 31, 21, 30, tzinfo=UTC)
"""Half past midnight of the new year in Turkey."""


def test_a_moment_is_told_by_turkish_clocks() -> None:
    assert Language.TURKISH.moment(NIGHT) == "1 Ocak 2022, 00:30"
    assert Language.ENGLISH.moment(NIGHT) == "1 January 2022, 00:30"
    assert Language.TURKISH.day(date(2021, 8, 5)) == "5 Ağustos 2021"


def test_numbers() -> None:
    assert Language.TURKISH.number(1234567) == "1.234.567"
    assert Language.ENGLISH.number(500) == "500"
    assert Language.ENGLISH.number(1500) == "1,500"


@pytest.mark.parametrize(("query", "spoken"), [({}, "tr"), ({"lang": "en"}, "en"), ({"lang": "de"}, "tr")])
def test_turkish_unless_english_is_asked_for(query: dict[str, str], spoken: str) -> None:
    assert language_of(query) == spoken
    assert language_of(query).say("evet", "yes") == {"tr": "evet", "en": "yes"}[spoken]
