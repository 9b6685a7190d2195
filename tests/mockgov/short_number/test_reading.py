"""How a text is read: every syntax and every mistake by literal texts."""

import pytest

from mockgov.short_number.reading import ByNumber, ByPassport, fold, fold_name, kept, read, words_of
from mockgov.short_number.rules import Mistake

ID = "11111111111"


def number(proof: str = "0421", days: int | None = 365) -> ByNumber:
    return ByNumber(number=ID, proof=proof, days=days)


def passport(surname: str = "MULLER", days: int | None = 365) -> ByPassport:
    return ByPassport(nationality="DEU", number="TST012345", birth_year="1990", surname=surname, days=days)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (f"HES {ID} 0421 30", number(days=30)),
        (f"HES {ID} 0421", number()),
        (f"HES {ID} 0421 1", number(days=1)),
        (f"HES {ID} 0421 540", number(days=540)),
        (f"HES {ID} 0421 999", number(days=999)),
        (f"HES {ID} 0421 007", number(days=7)),
        (f"HES {ID} 1980 süresiz", number("1980", None)),
        (f"HES {ID} 1980 SÜRESİZ", number("1980", None)),
        (f"HES {ID} 1980 suresiz", number("1980", None)),
        (f"HES {ID} 1980 SURESIZ", number("1980", None)),
        (f"HES {ID} 1980 Süresız", number("1980", None)),
        (f"HES {ID} 1980 sÜREsi\u0307z", number("1980", None)),
        (f"hes {ID} 0421", number()),
        (f"Hes {ID} 0421", number()),
        (f"  HES   {ID}\t0421\r\n30  ", number(days=30)),
        (f"HES\u00a0{ID}\u202f0421\u300030", number(days=30)),
        (f"\ufeffHES {ID}\u200b 0421 30", number(days=30)),
        (f"ＨＥＳ {ID} ０４２１ ３０", number(days=30)),
        ("HES DEU TST012345 1990 MÜLLER", passport()),
        ("HES DEU TST012345 1990 MÜLLER 20", passport(days=20)),
        ("HES DEU TST012345 1990 MÜLLER süresiz", passport(days=None)),
        ("hes deu tst012345 1990 müller 20", passport(days=20)),
        ("HES DEU TST012345 1990 Muller 20", passport(days=20)),
        ("HES DEU TST012345 1990 VON DER LEYEN 20", passport("VON DER LEYEN", 20)),
        ("HES DEU TST012345 1990 Müller-Lüdenscheidt", passport("MULLER LUDENSCHEIDT")),
        ("HES DEU TST012345 1990 O'Neil", passport("ONEIL")),
    ],
)
def test_what_a_text_asks_for(text: str, asked: ByNumber | ByPassport) -> None:
    assert read(text, most_days=999) == asked


@pytest.mark.parametrize("written", ["IRN", "irn", "İRN", "ırn", "İrn"])
def test_an_i_of_any_kind_is_one_letter(written: str) -> None:
    """A Turkish keyboard writes the nationality of Iran in five ways."""
    asked = read(f"HES {written} tst0123iı 1990 yıldız", most_days=999)
    assert isinstance(asked, ByPassport)
    assert (asked.nationality, asked.number, asked.surname) == ("IRN", "TST0123II", "YILDIZ")


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("", Mistake.NOT_HES),
        ("   ", Mistake.NOT_HES),
        ("Merhaba", Mistake.NOT_HES),
        (f"{ID} 0421 30", Mistake.NOT_HES),
        (f"HESS {ID} 0421 30", Mistake.NOT_HES),
        (f"HES{ID} 0421 30", Mistake.NOT_HES),
        ("HES", Mistake.INCOMPLETE),
        (f"HES {ID}", Mistake.INCOMPLETE),
        ("HES DEU", Mistake.INCOMPLETE),
        ("HES DEU TST012345", Mistake.INCOMPLETE),
        ("HES DEU TST012345 1990", Mistake.INCOMPLETE),
        ("HES DEU TST012345 1990 20", Mistake.INCOMPLETE),
        ("HES DEU TST012345 1990 süresiz", Mistake.INCOMPLETE),
        ("HES 1111111111 0421 30", Mistake.BAD_NUMBER),
        ("HES 111111111111 0421 30", Mistake.BAD_NUMBER),
        ("HES 111 111 111 11 0421 30", Mistake.BAD_NUMBER),
        ("HES ١١١١١١١١١١١ 0421 30", Mistake.BAD_NUMBER),
        ("HES DE TST012345 1990 MÜLLER", Mistake.BAD_NUMBER),
        (f"HES {ID} 421 30", Mistake.BAD_PROOF),
        (f"HES {ID} A12B30421 30", Mistake.BAD_PROOF),
        (f"HES {ID} süresiz", Mistake.BAD_PROOF),
        (f"HES {ID} 0421 30 gün", Mistake.TOO_MUCH),
        ("HES DEU TST012345 1990 20 MÜLLER", Mistake.TOO_MUCH),
        ("HES DEU TST012345 1990 MÜLLER 20 gün", Mistake.TOO_MUCH),
        ("HES DEU TST0 1990 MÜLLER", Mistake.BAD_PASSPORT),
        ("HES DEU TST-012345 1990 MÜLLER", Mistake.BAD_PASSPORT),
        ("HES DEU TST012345 90 MÜLLER", Mistake.BAD_YEAR),
        ("HES DEU TST012345 MÜLLER 1990", Mistake.BAD_YEAR),
        (f"HES {ID} 0421 0", Mistake.BAD_DAYS),
        (f"HES {ID} 0421 000", Mistake.BAD_DAYS),
        (f"HES {ID} 0421 -5", Mistake.BAD_DAYS),
        (f"HES {ID} 0421 1,5", Mistake.BAD_DAYS),
        (f"HES {ID} 0421 30gün", Mistake.BAD_DAYS),
        (f"HES {ID} 0421 sonsuz", Mistake.BAD_DAYS),
        (f"HES {ID} 0421 ٣٠", Mistake.BAD_DAYS),
        ("HES DEU TST012345 1990 MÜLLER 0", Mistake.BAD_DAYS),
        (f"HES {ID} 0421 1000", Mistake.TOO_LONG),
        (f"HES {ID} 0421 {'9' * 5000}", Mistake.TOO_LONG),
        ("HES DEU TST012345 1990 MÜLLER 1000", Mistake.TOO_LONG),
    ],
)
def test_what_is_wrong_with_a_text(text: str, mistake: Mistake) -> None:
    assert read(text, most_days=999) is mistake


def test_folding() -> None:
    """Letters without case and marks; a hyphen is a blank, an apostrophe nothing."""
    assert fold("çığöşüİıß") == "CIGOSUIISS"
    assert fold_name("  d’Estaing-Łukasz ") == "DESTAING LUKASZ"
    assert words_of("a\u00a0b\u2003c") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "as_kept"),
    [
        (f"HES {ID} 0421 30", f"HES {ID} 0421 30"),
        ("HES DEU TST012345 1990 MÜLLER 20", "HES DEU TST012345 1990 MÜLLER 20"),
        ("hes deu tst012345 1990 müller", "hes deu tst012345 1990 müller"),
        ("HES 45678901234 0421 30", "HES *********** **** **"),
        ("HES 4567890123 042", "HES ********** ***"),
        ("HES 456 789 012 34 0421 30", "HES *** *** *** ** **** **"),
        ("HES DEU C01X00T47 1990 MÜLLER 20", "HES DEU ********* **** ****** **"),
        ("HES DEU C1XT47 1990 MÜLLER", "HES DEU ****** 1990 ******"),
        ("HES FRA TST012345 1990 MÜLLER", "HES FRA ********* **** ******"),
        ("Merhaba, 2 gün", "Merhaba, 2 gün"),
        (f"HES {ID} A12B30421 30", f"HES {ID} ********* **"),
        ("no: ４５６７８９０１２３４", "no: ***********"),
    ],
)
def test_what_is_kept_of_a_text(text: str, as_kept: str) -> None:
    """All of it, but for what may be a stranger's number, and whatever may be their name behind it."""
    assert kept(text, lambda before, word: word == ID or (before, word) == ("DEU", "TST012345")) == as_kept
