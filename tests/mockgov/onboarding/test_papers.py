"""What is put on paper and into mails: the form, the two official letters, and the ministry's words."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from mockgov import paper
from mockgov.onboarding import form, letters, words
from mockgov.onboarding.messages import AccessRevoked, CompletionRefused, LetterNotPlaced, Step
from mockgov.onboarding.reading import pdf_text
from mockgov.onboarding.rules import AccessForm, Branch, Finding, LetterChannel
from mockgov.vocabulary.institution import InstitutionKind
from tests.mockgov.onboarding.office import AYSE, BRANCH_FIRM, CINAR, EMAIL, KEP, PHONE, SUKRU, access_form, person

MOMENT = datetime(2021, 10, 4, 21, 30, tzinfo=UTC)
FINDING = Finding(rule="letter.form", source="Kaynak 1.2", tr="Ekte form yok.", en="No form is attached.")
STEP = Step(
    application_id=1,
    number="ETF-2021-000001",
    institution_id=7,
    institution_name="ÇINAR LOJİSTİK A.Ş.",
    name="AYŞE YILDIZ",
    email=EMAIL,
    phone=PHONE,
    kep_address=KEP,
    findings=(FINDING,),
)


def draw(filled: AccessForm, number: str = "ETF-2021-000001", revision: int = 1, at: datetime = MOMENT) -> bytes:
    return form.draw(filled, number=number, revision=revision, at=at)


def flat(pdf: bytes) -> str:
    return " ".join(pdf_text(pdf).split())


def test_the_form_bears_every_field() -> None:
    filled = access_form(
        kind=InstitutionKind.PUBLIC_BODY,
        parent="Ulaştırma Bakanlığı",
        branches=(Branch(name="Gebze Şubesi", vkn=CINAR, staff=40), Branch(name="Depo", vkn=BRANCH_FIRM, staff=9)),
    )
    text = flat(draw(filled))
    for words_of_form in (
        "Erişim Talep Formu",
        "Başvuru numarası ETF-2021-000001",
        "Düzenleme 1",
        "Düzenlenme zamanı 05.10.2021 00.30",
        f"Vergi kimlik numarası {CINAR.digits}",
        "Kurum adı ÇINAR LOJİSTİK A.Ş.",
        "Kurum türü Kamu kurumu",
        "İl İstanbul",
        "Merkezdeki çalışan sayısı 612",
        "Sayılan toplam çalışan 652",
        "Bağlı olduğu bakanlık Ulaştırma Bakanlığı",
        "KEP adresi cinarlojistik@hs01.kep.tr",
        f"Gebze Şubesi Vergi numarası {CINAR.digits}, çalışan sayısı 40",
        f"Depo Vergi numarası {BRANCH_FIRM.digits}, çalışan sayısı 9",
        f"T.C. kimlik numarası {AYSE}",
        "Adı AYŞE",
        "Soyadı YILDIZ",
        "Unvanı Bilgi İşlem Müdürü",
        "E-posta adresi Ayse.Yildiz@cinar.example",
        "Cep telefonu +905990000001",
        "Çalışanların günlük toplu sorgusu",
        "gerçeğe aykırı beyanın tespiti hâlinde kurumun erişiminin iptal edileceğini bildiğimi",
        "SANDBOX — hukuki geçerliliği yoktur",
    ):
        assert words_of_form in text
    assert form.is_form(text)


def test_the_same_form_is_the_same_bytes_and_any_other_field_makes_others() -> None:
    first = draw(access_form())
    assert draw(access_form()) == first
    others = [
        draw(access_form(declared_staff=613)),
        draw(access_form(person=person(SUKRU))),
        draw(access_form(kep_address=None)),
        draw(access_form(), number="ETF-2021-000002"),
        draw(access_form(), revision=2),
        draw(access_form(), at=MOMENT.replace(second=1)),
    ]
    assert len({first, *others}) == 7


@pytest.mark.parametrize("kind", list(InstitutionKind))
def test_every_kind_has_its_name_on_the_form(kind: InstitutionKind) -> None:
    assert form.KINDS[kind] in flat(draw(access_form(kind=kind)))


def test_a_form_without_registered_mail_says_how_the_letter_comes() -> None:
    assert "yazı ıslak imzalı gönderilecek" in flat(draw(access_form(kep_address=None)))


def authorisation(**changes: object) -> letters.OfficialLetter:
    return letters.authorisation_letter(
        changes.pop("form", access_form()),
        application_number="ETF-2021-000001",
        letter_number="E-12345678-720-1",
        at=MOMENT,
        signatory="İLKAY ÇINAR",
        **changes,
    )


def test_the_institutions_letter_reads_as_official_letters_do() -> None:
    """Head, number, date, subject, addressee, text, signature, enclosure, in this order."""
    text = " ".join(letters.plain(authorisation()).split())
    places = [
        text.index(part)
        for part in (
            "ÇINAR LOJİSTİK A.Ş.",
            "Sayı : E-12345678-720-1",
            "Tarih: 05.10.2021",
            "Konu : HES kurumsal entegrasyon başvurusu",
            "SAĞLIK BAKANLIĞINA (Sağlık Bilgi Sistemleri Genel Müdürlüğü)",
            "ETF-2021-000001 sayılı başvuru",
            f"{AYSE} T.C. kimlik numaralı AYŞE YILDIZ, kurumumuz adına",
            "yetkilendirilmiştir.",
            "Gereğini arz ederim.",
            "İLKAY ÇINAR Genel Müdür",
            "Ek: 1- İmzalı Erişim Talep Formu",
            "SANDBOX — hukuki geçerliliği yoktur",
        )
    ]
    assert places == sorted(places)
    assert "T.C. ÇINAR" not in text


def test_state_bodies_write_under_the_republic() -> None:
    text = letters.plain(authorisation(form=access_form(kind=InstitutionKind.GOVERNORSHIP)))
    assert text.startswith("T.C.\nÇINAR LOJİSTİK A.Ş.\n")


def test_letters_that_will_be_sent_back_can_be_had() -> None:
    other = letters.plain(authorisation(person=person(SUKRU)))
    assert f"{SUKRU} T.C. kimlik numaralı ŞÜKRÜ CAN IŞIK" in other
    assert AYSE not in other
    assert "yetki" not in letters.plain(authorisation(authorises=False))


def test_the_ministrys_letter() -> None:
    letter = letters.confirming_letter(STEP, letter_number="E-55555555-720-9", at=MOMENT)
    text = " ".join(letters.plain(letter).split())
    assert text.startswith("T.C. SAĞLIK BAKANLIĞI Sağlık Bilgi Sistemleri Genel Müdürlüğü Sayı : E-55555555-720-9")
    assert "ÇINAR LOJİSTİK A.Ş. Sayın AYŞE YILDIZ" in text
    assert "İlgi: ETF-2021-000001 sayılı başvurunuz." in text
    assert "entegrasyonunuz tamamlanmış" in text
    assert "SANDBOX" in text


def test_letters_on_paper_are_the_same_bytes_and_say_the_same() -> None:
    letter = authorisation()
    made = letters.pdf(letter)
    assert letters.pdf(letter) == made
    assert "SANDBOX — hukuki geçerliliği yoktur" in flat(made)
    for paragraph in letter.paragraphs:
        assert paragraph in flat(made)
    read = PdfReader(BytesIO(made)).metadata
    assert read is not None
    assert read.title == letter.subject


def test_one_stamp_for_paper_and_mail() -> None:
    assert words.STAMP == paper.STAMP


@pytest.mark.parametrize("write", [words.submitted, words.returned, words.refused, words.revoked, words.confirmed])
def test_mails_about_an_application(write: Callable[[Step], words.Mail]) -> None:
    """Who is meant, in two languages, and what it is worth."""
    subject, text = write(STEP)
    assert "ETF-2021-000001" in subject
    assert text.startswith("Sayın AYŞE YILDIZ,\nÇINAR LOJİSTİK A.Ş.\n")
    assert "--- English ---" in text
    assert text.endswith("SANDBOX — hukuki geçerliliği yoktur\n")


@pytest.mark.parametrize("write", [words.returned, words.refused, words.revoked])
def test_reasons_stand_in_both_languages_with_rule_and_source(write: Callable[[Step], words.Mail]) -> None:
    text = write(STEP).text
    assert "1. Ekte form yok. [letter.form; kaynak: Kaynak 1.2]" in text
    assert "1. No form is attached. [letter.form; source: Kaynak 1.2]" in text


def test_details_of_test_access() -> None:
    text = words.details_of_test(STEP, username="ÇINAR-TEST", password="a1B2", base_url="http://h/test/").text
    for part in ("ÇINAR-TEST", "a1B2", "http://h/test/", "hesdestek@saglik.gov.tr", "ETF-2021-000001"):
        assert part in text


def test_live_access_travels_in_two_halves() -> None:
    mail = words.live_user_name(STEP, username="ÇINAR-G2G-HES", base_url="http://h/live/")
    assert "ÇINAR-G2G-HES" in mail.text
    text = words.password_text(STEP, password="a1B2c3D4e5F6g7H8i9")
    assert text == "HES canlı ortam parolanız: a1B2c3D4e5F6g7H8i9 Başvuru: ETF-2021-000001 (SANDBOX)"


def test_answers_to_what_does_not_count() -> None:
    notice = CompletionRefused(application_id=None, email=EMAIL, findings=(FINDING,))
    assert "No form is attached." in words.completion_refused(notice).text
    letter = LetterNotPlaced(
        channel=LetterChannel.WET, sender="x", reference="RR-9", application_id=None, findings=(FINDING,)
    )
    assert "RR-9" in words.letter_not_placed(letter).text


def test_events_of_different_kinds_differ() -> None:
    """A subclass of the common event is never equal to another."""
    fields = {name: getattr(STEP, name) for name in Step.__slots__}
    assert AccessRevoked(**fields) != STEP
    assert AccessRevoked(**fields) == AccessRevoked(**fields)
