"""The short number over its plain twin: who gets a code, and what everybody else is told."""

from datetime import UTC, datetime, timedelta

import pytest

from mockgov.short_number.messages import CodeTexted, ReadText, TextRefused
from mockgov.short_number.replies import refusal
from mockgov.short_number.rules import Limits, Mistake, UnknownLink
from mockgov.vocabulary.phone import Phone
from tests.mockgov.short_number.post import (
    ABROAD,
    BLUE,
    CHILD,
    CITIZEN,
    MINE,
    MONDAY,
    NUMBER,
    RESIDENT,
    YOURS,
    Post,
)


@pytest.fixture
def post() -> Post:
    return Post()


def test_a_code_and_its_two_replies(post: Post) -> None:
    """From the number that was written to, eight and sixteen seconds later; the address opens the code."""
    read = post.send(f"HES {CITIZEN} 0421 30")
    assert (read.mistake, read.code) == (None, "A1B2345610")
    assert post.issued == {"A1B2345610": (1, MONDAY + timedelta(days=30))}
    (first, second) = post.sent
    assert first[:2] == second[:2] == (MINE, "2023")
    assert (first[3], second[3]) == (8, 16)
    assert first[2].split()[0] == "AY****"
    words = second[2].split()
    assert words[0] == "A1B2-3456-10"
    assert post.service.code_at(words[6].removeprefix("http://127.0.0.1:8080/qr/")) == "A1B2345610"
    assert post.told == [CodeTexted(text="A1B2345610", citizen_id=1)]
    assert post.service.of(MINE) == [read]


@pytest.mark.parametrize(
    ("text", "citizen_id", "days"),
    [
        (f"HES {CITIZEN} 0421 30", 1, 30),
        (f"HES {CITIZEN} 0421", 1, 365),
        (f"HES {CITIZEN} 0421 SÜRESİZ", 1, None),
        (f"HES {CITIZEN} 0421 540", 1, 540),
        (f"HES {BLUE} 1955 90", 2, 90),
        (f"HES {BLUE} 1955 süresiz", 2, None),
        (f"HES {RESIDENT} 1990 süresiz", 3, None),
        (f"HES {RESIDENT} 1990", 3, 365),
        ("HES DEU TST012345 1990 MÜLLER SCHMIDT 20", 3, 20),
        ("HES DEU TST012345 1990 muller-schmidt", 3, 365),
        (f"HES {CHILD} 7777 10", 4, 10),
    ],
)
def test_every_syntax(post: Post, text: str, citizen_id: int, days: int | None) -> None:
    """Citizens by card, others by birth year, passports by surname; with days, without end, or for a year."""
    post.send(text)
    assert [whose for whose, _ in post.issued.values()] == [citizen_id]
    assert post.days() == [days]
    assert len(post.sent) == 2


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("merhaba", Mistake.NOT_HES),
        ("HES", Mistake.INCOMPLETE),
        (f"HES {CITIZEN} 0421 30 lütfen", Mistake.TOO_MUCH),
        ("HES 123 0421", Mistake.BAD_NUMBER),
        (f"HES {CITIZEN} 421", Mistake.BAD_PROOF),
        ("HES DEU TST 1990 MÜLLER", Mistake.BAD_PASSPORT),
        ("HES DEU TST012345 90 MÜLLER", Mistake.BAD_YEAR),
        (f"HES {CITIZEN} 0421 0", Mistake.BAD_DAYS),
        (f"HES {CITIZEN} 0421 1000", Mistake.TOO_LONG),
        ("HES 44444444441 0421", Mistake.UNKNOWN_NUMBER),
        (f"HES {CITIZEN} 0422", Mistake.WRONG_SERIAL),
        (f"HES {CITIZEN} 1980", Mistake.WRONG_SERIAL),
        (f"HES {BLUE} 1956", Mistake.WRONG_BIRTH_YEAR),
        (f"HES {RESIDENT} 0421", Mistake.WRONG_BIRTH_YEAR),
        ("HES DEU TST012346 1990 MÜLLER-SCHMIDT", Mistake.UNKNOWN_PASSPORT),
        ("HES FRA TST012345 1990 MÜLLER-SCHMIDT", Mistake.UNKNOWN_PASSPORT),
        ("HES DEU TST012345 1991 MÜLLER-SCHMIDT", Mistake.WRONG_BIRTH_YEAR),
        ("HES DEU TST012345 1990 MÜLLER", Mistake.WRONG_SURNAME),
    ],
)
def test_every_mistake(post: Post, text: str, mistake: Mistake) -> None:
    """One reply of its own, eight seconds later, and nothing is made."""
    read = post.send(text)
    assert (read.mistake, read.code, read.token) == (mistake, None, None)
    said = refusal(mistake, Limits(codes=2, texts_a_day=10, most_days=999))
    assert post.sent == [(MINE, "2023", said, 8)]
    assert post.told == [TextRefused(mistake=mistake)]
    assert post.issued == {}


def test_a_child_by_a_line_of_the_family(post: Post) -> None:
    """From a stranger's line there is no code for somebody under 18."""
    assert post.send(f"HES {CHILD} 7777", YOURS).mistake is Mistake.NOT_THE_PARENTS_LINE
    assert post.send(f"HES {CHILD} 7777", MINE).mistake is None


def test_from_abroad(post: Post) -> None:
    """Passports only, answered from the number that was written to."""
    assert post.send(f"HES {CITIZEN} 0421", ABROAD, NUMBER).mistake is Mistake.PASSPORT_ONLY
    assert post.send("HES DEU TST012345 1990 müller schmidt 5", ABROAD, NUMBER).mistake is None
    assert {(phone, sender) for phone, sender, _, _ in post.sent} == {(ABROAD, NUMBER)}


def test_two_valid_codes_a_line(post: Post) -> None:
    """Whoever they are for; another line has two of its own; an end or a deletion makes room."""
    for text in (f"HES {CITIZEN} 0421 1", f"HES {BLUE} 1955"):
        assert post.send(text).mistake is None
    assert post.send(f"HES {CITIZEN} 0421").mistake is Mistake.TOO_MANY_CODES
    assert post.send(f"HES {CITIZEN} 0421", YOURS).mistake is None
    post.clock.move_to(MONDAY + timedelta(days=1))
    assert post.send(f"HES {CITIZEN} 0421").mistake is None
    assert post.send(f"HES {CITIZEN} 0421").mistake is Mistake.TOO_MANY_CODES
    del post.issued["A1B2345611"]
    assert post.send(f"HES {CITIZEN} 0421").mistake is None


def test_so_many_texts_a_day() -> None:
    """Wrong ones count, so that no card can be guessed; the day is Turkey's, and the next one begins anew."""
    post = Post(texts_a_day=3, codes=9)
    for proof in ("0000", "0001", "0002"):
        assert post.send(f"HES {CITIZEN} {proof}").mistake is Mistake.WRONG_SERIAL
    assert post.send(f"HES {CITIZEN} 0421").mistake is Mistake.TOO_MANY_TEXTS
    assert post.send(f"HES {CITIZEN} 0421", YOURS).mistake is None
    post.clock.move_to(datetime(2021, 10, 4, 20, 59, 59, tzinfo=UTC))
    assert post.send(f"HES {CITIZEN} 0421").mistake is Mistake.TOO_MANY_TEXTS
    post.clock.move_to(datetime(2021, 10, 4, 21, tzinfo=UTC))
    assert post.send(f"HES {CITIZEN} 0421").mistake is None


def test_most_days_is_a_setting() -> None:
    """Named in the reply."""
    post = Post(most_days=540)
    assert post.send(f"HES {CITIZEN} 0421 541").mistake is Mistake.TOO_LONG
    assert "En çok 540 gün" in post.replies()[0]
    assert post.send(f"HES {CITIZEN} 0421 540").mistake is None


@pytest.mark.parametrize("token", ["", "abcdefghijkm", "x" * 13, "ABCDEFGHIJKM", "abcdefghijk\x00"])
def test_an_address_of_nobodys(post: Post, token: str) -> None:
    """Is refused, whatever it looks like."""
    post.send(f"HES {CITIZEN} 0421")
    with pytest.raises(UnknownLink):
        post.service.code_at(token)


def test_what_is_kept(post: Post) -> None:
    """Numbers of this world's people stay as they are, others do not."""
    assert post.service.kept(f"hes {CITIZEN} 0421") == f"hes {CITIZEN} 0421"
    assert post.service.kept("HES DEU tst012345 1990 müller") == "HES DEU tst012345 1990 müller"
    assert post.service.kept("HES 44444444441 0421") == "HES *********** ****"


def test_no_event_shows_a_number() -> None:
    """Nothing that is told or remembered prints a phone or what a text said."""
    post = Post()
    read = post.send(f"HES {CITIZEN} 0421", Phone("5991112233"))
    assert "1112233" not in repr((read, post.told))
    assert CITIZEN not in repr((read, post.told, ReadText(phone=MINE, to="2023", text=f"HES {CITIZEN} 0421")))
    shown = repr(post.people[CITIZEN])
    assert not any(said in shown for said in ("YILMAZ", "0421", "1980"))
