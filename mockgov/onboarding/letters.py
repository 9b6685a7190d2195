"""Official letters (*resmî yazı*), as text and as PDF: the institution's in step 2, the ministry's in step 7.

The order of parts is that of the state's rules on official correspondence (president's decision 2646, 2020-06-09):
head, number and date, subject, addressee, text, signature, enclosures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mockgov.clock import TURKEY
from mockgov.onboarding.messages import Step
from mockgov.onboarding.rules import AccessForm, AuthorisedPerson
from mockgov.onboarding.words import STAMP
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.turkish import upper_tr

MINISTRY_HEAD: Final = ("T.C.", "SAĞLIK BAKANLIĞI", "Sağlık Bilgi Sistemleri Genel Müdürlüğü")
DUTIES: Final = (
    "Sorgu sonuçlarının gizli tutulması, üçüncü kişilerle paylaşılmaması ve yalnızca başvuruda belirtilen amaçla "
    "kullanılması gerekmektedir. Gerçeğe aykırı beyanın tespiti hâlinde erişim iptal edilir."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialLetter:
    """An official letter before it is put on paper."""

    head: tuple[str, ...]
    number: str
    """*Sayı*."""
    at: datetime
    subject: str
    """*Konu*."""
    addressee: tuple[str, ...]
    paragraphs: tuple[str, ...]
    signatory: str
    signatory_title: str
    enclosures: tuple[str, ...] = ()

    @property
    def date(self) -> str:
        """The letter's Turkish calendar day."""
        return f"{self.at.astimezone(TURKEY):%d.%m.%Y}"


def authorisation_letter(
    form: AccessForm,
    *,
    application_number: str,
    letter_number: str,
    at: datetime,
    signatory: str,
    signatory_title: str = "Genel Müdür",
    person: AuthorisedPerson | None = None,
    authorises: bool = True,
) -> OfficialLetter:
    """The institution's letter of step 2.

    `person` other than the form's, or `authorises` False, make a letter that is sent back.
    """
    named = person or form.person
    signer = (
        "Erişim Talep Formu'nu dolduran ve elektronik imza ile imzalayan "
        f"{named.identity_number} T.C. kimlik numaralı {upper_tr(named.firstname)} {upper_tr(named.lastname)}"
    )
    head = (form.institution_name,) if form.kind is InstitutionKind.WORKPLACE else ("T.C.", form.institution_name)
    authority = (
        "kurumumuz adına HES kurumsal entegrasyon işlemlerini yürütmek üzere yetkilendirilmiştir."
        if authorises
        else "kurumumuzda görev yapmaktadır."
    )
    return OfficialLetter(
        head=head,
        number=letter_number,
        at=at,
        subject="HES kurumsal entegrasyon başvurusu",
        addressee=("SAĞLIK BAKANLIĞINA", "(Sağlık Bilgi Sistemleri Genel Müdürlüğü)"),
        paragraphs=(
            f"HES kodu sorgulama servislerine entegrasyon için {application_number} sayılı başvuru yapılmıştır.",
            f"{signer}, {authority}",
            "Gereğini arz ederim.",
        ),
        signatory=signatory,
        signatory_title=signatory_title,
        enclosures=("İmzalı Erişim Talep Formu",),
    )


def confirming_letter(step: Step, *, letter_number: str, at: datetime) -> OfficialLetter:
    """The ministry's letter of step 7, to an institution whose integration is complete."""
    return OfficialLetter(
        head=MINISTRY_HEAD,
        number=letter_number,
        at=at,
        subject="HES kurumsal entegrasyonunun tamamlanması",
        addressee=(step.institution_name, f"Sayın {step.name}"),
        paragraphs=(
            f"İlgi: {step.number} sayılı başvurunuz.",
            "HES kodu sorgulama servislerine entegrasyonunuz tamamlanmış, kurumunuza canlı ortam erişimi verilmiştir.",
            DUTIES,
            "Bilgilerinizi rica ederim.",
        ),
        signatory="Sandbox Görevlisi",
        signatory_title="Genel Müdür a.",
    )


def plain(letter: OfficialLetter) -> str:
    """The letter as plain text, such as the body of a registered e-mail."""
    parts: Sequence[Sequence[str]] = (
        letter.head,
        (f"Sayı : {letter.number}", f"Tarih: {letter.date}", f"Konu : {letter.subject}"),
        letter.addressee,
        *((paragraph,) for paragraph in letter.paragraphs),
        (letter.signatory, letter.signatory_title),
        tuple(f"Ek: {nth}- {name}" for nth, name in enumerate(letter.enclosures, start=1)),
        (STAMP,),
    )
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def pdf(letter: OfficialLetter) -> bytes:
    """The letter as a PDF; the same letter gives the same bytes."""
    from mockgov.paper import Paper  # noqa: PLC0415  heavy; wanted by few

    paper = Paper(letter.subject, at=letter.at, reference=letter.number, titled=False)
    paper.centered(*letter.head)
    paper.right(letter.date)
    paper.text(f"Sayı : {letter.number}\nKonu : {letter.subject}")
    paper.centered(*letter.addressee)
    for paragraph in letter.paragraphs:
        paper.text(paragraph)
    paper.right(letter.signatory, letter.signatory_title)
    if letter.enclosures:
        paper.text("\n".join(f"Ek: {nth}- {name}" for nth, name in enumerate(letter.enclosures, start=1)))
    return paper.bytes()
