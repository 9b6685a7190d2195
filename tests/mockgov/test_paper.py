"""Paper: the same words give the same bytes, Turkish stays Turkish, and every page says what it is worth."""

from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from mockgov.paper import STAMP, Paper

MOMENT = datetime(2021, 10, 4, 5, 30, 7, tzinfo=UTC)
TURKISH = "Pijamalı hasta yağız şoföre çabucak güvendi. PİJAMALI HASTA YAĞIZ ŞOFÖRE ÇABUCAK GÜVENDİ. hâlâ, millî"


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(pages(pdf)).split())


def everything(at: datetime = MOMENT) -> Paper:
    paper = Paper("Erişim Talep Formu", at=at, reference="ETF-2021-000001")
    paper.centered("T.C.", "SAĞLIK BAKANLIĞI")
    paper.heading("Kurum bilgileri")
    paper.text(TURKISH)
    paper.table([("Kurum adı", "ÇINAR LOJİSTİK A.Ş."), ("Çalışan sayısı", "612")])
    paper.code('{\n    "hes_code": "A1B2-1234-15"\n}')
    paper.right("Ankara, 04.10.2021", "Yetkili")
    return paper


def test_turkish_text_comes_out_as_it_went_in() -> None:
    """A reader of PDF text gets every letter, wherever it stands."""
    text = text_of(everything().bytes())
    for words in (
        "Erişim Talep Formu",
        "T.C. SAĞLIK BAKANLIĞI",
        "Kurum bilgileri",
        TURKISH,
        "Kurum adı ÇINAR LOJİSTİK A.Ş.",
        "Çalışan sayısı 612",
        '"hes_code": "A1B2-1234-15"',
        "Ankara, 04.10.2021 Yetkili",
        "ETF-2021-000001",
    ):
        assert words in text


def test_same_words_same_bytes() -> None:
    """From one paper or from two, and in whatever zone the moment is written."""
    paper = everything()
    first = paper.bytes()
    assert first.startswith(b"%PDF-1.")
    assert paper.bytes() == first
    assert everything().bytes() == first
    assert everything(MOMENT.astimezone(timezone(timedelta(hours=-8)))).bytes() == first
    assert everything(MOMENT + timedelta(seconds=1)).bytes() != first


def test_the_environment_does_not_reach_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable by which builds are made reproducible changes nothing."""
    first = everything().bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert everything().bytes() == first


def test_the_file_gives_the_moment_as_its_making() -> None:
    read = PdfReader(BytesIO(everything().bytes())).metadata
    assert read is not None
    assert read["/CreationDate"] == "D:20211004083007+03'00'"
    assert read["/ModDate"] == read["/CreationDate"]
    assert (read.title, read.author) == ("Erişim Talep Formu", "HES Sandbox")


def test_every_page_is_stamped_and_numbered() -> None:
    paper = Paper("Uzun", at=MOMENT, reference="REF-7")
    for number in range(100):
        paper.text(f"satır {number}")
    read = pages(paper.bytes())
    assert len(read) == 3
    for number, page in enumerate(read, start=1):
        assert page.count(STAMP) == 2
        assert f"Sayfa {number}" in page
        assert "REF-7" in page


def test_a_letter_has_no_title_in_its_text() -> None:
    paper = Paper("Resmî yazı", at=MOMENT, titled=False)
    paper.text("Sayın ilgili")
    assert "Resmî yazı" not in text_of(paper.bytes())


def test_an_empty_paper_is_a_page() -> None:
    paper = Paper("", at=MOMENT, titled=False)
    paper.table([])
    assert len(pages(paper.bytes())) == 1


def test_markup_is_shown_as_typed() -> None:
    """Whoever types tags into a form gets tags on paper."""
    typed = '<b>kalın</b> & <font color="red">&amp;</font> <para'
    paper = Paper(typed, at=MOMENT)
    paper.table([(typed, typed)])
    assert text_of(paper.bytes()).count(typed) == 3


def test_a_cell_longer_than_a_page_goes_on_in_the_next() -> None:
    paper = Paper("Uzun", at=MOMENT)
    paper.table([("Amaç", "gerekçe " * 2000), ("x" * 300, "y" * 3000)])
    text = text_of(paper.bytes())
    assert text.count("gerekçe") == 2000
    assert text.count("y" * 20) > 50


def test_code_keeps_its_blanks_and_loses_no_sign() -> None:
    paper = Paper("Örnek", at=MOMENT)
    paper.code("{\n\t" + "0123456789" * 30 + "\n}")
    lines = "\n".join(pages(paper.bytes()))
    assert "".join(sign for sign in lines.partition("{")[2].partition("}")[0] if sign.isdigit()) == "0123456789" * 30


@settings(max_examples=60)
@given(st.text(max_size=80))
def test_any_text_makes_a_paper(text: str) -> None:
    """Control signs, lone surrogates, signs of any script: a document comes out, and twice the same."""
    paper = Paper(text, at=MOMENT, reference=text)
    paper.heading(text)
    paper.text(text)
    paper.table([(text, text)])
    paper.code(text)
    paper.right(text)
    assert paper.bytes() == paper.bytes()
