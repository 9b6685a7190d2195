"""What is read in a letter: numbers, the name, and whether it says that the person is authorised."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockgov.onboarding import letters
from mockgov.onboarding.reading import digest, names_person, open_envelope, pdf_text, read_claims, redacted
from mockgov.paper import Paper
from tests.mockgov.onboarding.office import AYSE, STRANGER, SUKRU, Office

MOMENT = datetime(2021, 10, 4, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "kurumumuz adına yetkilendirilmiştir.",
        "Kurumumuzun yetkilisidir",
        "bu işlemler için YETKİLİDİR",
        "yetkili kılınmıştır",
        "yetkili kişi olarak görevlendirilmiştir",
        "kendisine yetki verilmiştir",
        "kurumumuzca yetkilendirilen",
        "Yetkilimiz aşağıdadır",
    ],
)
def test_ways_of_saying_that_somebody_is_authorised(text: str) -> None:
    assert read_claims(text).authorises


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kurumumuzda görev yapmaktadır",
        "yetkili değildir",
        "yetkili kılınmış değildir",
        "yetkilendirilmemiştir",
        "yetki verilmemiştir",
        "yetkisi bulunmamaktadır",
        "yetkilidir ancak yetkisi iptal edilmiştir",
        "yetkililerimiz tatildedir",
        "yetkin bir uzmandır",
    ],
)
def test_ways_of_not_saying_it(text: str) -> None:
    assert not read_claims(text).authorises


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"{AYSE} T.C. kimlik numaralı AYŞE YILDIZ, yetkilidir", "AYŞE YILDIZ"),
        ("T.C. kimlik numaralı Şükrü Can Işık'ın yetkili", "Şükrü Can Işık"),
        ("Adı Soyadı: İLKAY ÇINAR\nUnvanı: Müdür", "İLKAY ÇINAR"),
        (f"Ayşe Yıldız (TCKN {AYSE}) yetkilidir", "Ayşe Yıldız"),
        ("Ayşe\nYıldız (T.C. Kimlik No: 1)", "Ayşe Yıldız"),
        ("ilgili kişi yetkilidir", ""),
    ],
)
def test_whose_name_stands_where_a_name_belongs(text: str, name: str) -> None:
    assert read_claims(text).name == name


def test_numbers_with_right_check_digits_only() -> None:
    """Longer rows of digits, telephone numbers and mistyped numbers are no identity numbers."""
    wrong = AYSE[:-1] + str((int(AYSE[-1]) + 1) % 10)
    text = f"{wrong} {AYSE}9 0{AYSE} tel 05990000001, {SUKRU}'li {AYSE} ve {SUKRU}"
    assert read_claims(text).identity_numbers == (SUKRU, AYSE)


def test_numbers_are_not_printed() -> None:
    assert AYSE not in repr(read_claims(AYSE))
    assert AYSE not in repr(open_envelope(AYSE, ()))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ŞÜKRÜ CAN IŞIK", True),
        ("Şükrü Can\n  Işık’ın", True),
        ("şükrü can ışık", True),
        ("ŞÜKRÜ CAN IŞIKLI", False),
        ("SUKRU CAN ISIK", False),
        ("CAN IŞIK", False),
    ],
)
def test_a_name_is_named_whole(text: str, named: bool) -> None:
    assert names_person(text, "Şükrü Can Işık") is named


def test_numbers_of_nobody_are_blotted_out() -> None:
    """They may be real people's; other digits stay."""
    text = f"{AYSE}, {STRANGER}, 12345678901, {STRANGER}1"
    assert redacted(text, lambda number: number == AYSE) == f"{AYSE}, ***********, 12345678901, {STRANGER}1"


def test_an_official_letter_as_pdf_says_what_it_says_as_text() -> None:
    office = Office()
    letter = office.letter(office.draw())
    claims = read_claims(letters.plain(letter))
    assert claims == read_claims(pdf_text(letters.pdf(letter)))
    assert (claims.numbers, claims.identity_numbers) == (("ETF-2021-000001",), (AYSE,))
    assert (claims.name, claims.authorises) == ("AYŞE YILDIZ", True)


def test_an_attached_letter_speaks_and_an_attached_form_does_not() -> None:
    """The form names the person, too; whoever sends only the form has said nothing."""
    office = Office()
    application = office.draw()
    form = office.service.form_pdf(1)
    signed = office.sign(form)
    letter = letters.pdf(office.letter(application))
    envelope = open_envelope("Ekte.", (("form.pdf", signed), ("yazi.pdf", letter), ("form.bin", form)))
    assert envelope.attached == (digest(signed), digest(letter), digest(form))
    assert read_claims(envelope.text).authorises
    silent = open_envelope("Ekte.", (("form.pdf", signed), ("form.pdf", form)))
    assert read_claims(silent.text).identity_numbers == ()


@pytest.mark.parametrize("content", [b"", b"%PDF", b"%PDF-1.4 nothing", b"MZ", b"%PDF-1.4\n%%EOF\n"])
def test_an_unreadable_file_says_nothing(content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """Nor does the log quote from it."""
    assert pdf_text(content) == ""
    assert open_envelope("x", (("a.pdf", content),)).text.strip() == "x"
    assert caplog.records == []


@settings(max_examples=40)
@given(st.data())
def test_a_broken_pdf_never_breaks_the_reader(data: st.DataObject) -> None:
    """Whichever bytes of a PDF are changed, something is read, or nothing."""
    paper = Paper("Yazı", at=MOMENT)
    paper.text("yetkilidir")
    content = bytearray(paper.bytes())
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(pdf_text(bytes(content[: data.draw(st.integers(0, len(content)))])), str)
