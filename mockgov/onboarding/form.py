"""The *Erişim Talep Formu* as a PDF, made from what was typed in: the same data and moment give the same bytes."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from mockgov.clock import TURKEY
from mockgov.onboarding.eligibility import counted_staff
from mockgov.onboarding.rules import SOURCE, AccessForm
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.province import province_of

TITLE: Final = "Erişim Talep Formu"
MARK: Final = "Form kodu: ETF/1.2"
"""Stands on every form and in no letter: a form that lies in an envelope does not speak for the institution."""

KINDS: Final[Mapping[InstitutionKind, str]] = MappingProxyType(
    {
        InstitutionKind.MINISTRY: "Bakanlık merkez teşkilatı",
        InstitutionKind.PUBLIC_BODY: "Kamu kurumu",
        InstitutionKind.WORKPLACE: "İş yeri",
        InstitutionKind.GOVERNORSHIP: "Valilik",
        InstitutionKind.PROVINCIAL_HEALTH_DIRECTORATE: "İl sağlık müdürlüğü",
        InstitutionKind.PROVINCIAL_ORGANISATION: "Taşra teşkilatı / bağlı kuruluş",
        InstitutionKind.SCHOOL: "Okul",
    }
)
"""The kinds of institution as the form calls them."""

DECLARATION: Final = (
    "Bu formdaki bilgilerin doğru olduğunu, gerçeğe aykırı beyanın tespiti hâlinde kurumun erişiminin iptal "
    "edileceğini bildiğimi; sorgu sonuçlarının gizli tutulacağını ve üçüncü kişilerle paylaşılmayacağını kurumum "
    "adına beyan ederim."
)


def draw(form: AccessForm, *, number: str, revision: int, at: datetime) -> bytes:
    """The form as a PDF, to be signed as it is."""
    from mockgov.paper import Paper  # noqa: PLC0415  heavy; wanted by few

    paper = Paper(TITLE, at=at, reference=f"{number} / {revision}")
    paper.text(f"HES Kurumsal Entegrasyon\n{MARK} · {SOURCE}")
    paper.heading("Başvuru")
    drawn_at = at.astimezone(TURKEY)
    paper.table(
        [
            ("Başvuru numarası", number),
            ("Düzenleme", str(revision)),
            ("Düzenlenme zamanı", f"{drawn_at:%d.%m.%Y %H.%M}"),
        ]
    )
    paper.heading("Kurum")
    paper.table(_institution(form))
    if form.branches:
        paper.heading("Şubeler")
        paper.table(
            [(branch.name, f"Vergi numarası {branch.vkn}, çalışan sayısı {branch.staff}") for branch in form.branches]
        )
    paper.heading("Yetkili kişi")
    person = form.person
    paper.table(
        [
            ("T.C. kimlik numarası", person.identity_number),
            ("Adı", person.firstname),
            ("Soyadı", person.lastname),
            ("Unvanı", person.title),
            ("E-posta adresi", person.email.address),
            ("Cep telefonu", person.phone.e164),
        ]
    )
    paper.heading("Kullanım amacı")
    paper.text(form.purpose)
    paper.heading("Beyan")
    paper.text(DECLARATION)
    paper.text("Bu form, yetkili kişi tarafından nitelikli elektronik sertifika ile imzalanır.")
    return paper.bytes()


def is_form(text: str) -> bool:
    """Whether the text of a PDF is that of an access form, whoever changed it."""
    return MARK in " ".join(text.split())


def _institution(form: AccessForm) -> list[tuple[str, str]]:
    return [
        ("Vergi kimlik numarası", form.vkn.digits),
        ("Kurum adı", form.institution_name),
        ("Kurum türü", KINDS[form.kind]),
        ("İl", province_of(form.province).name),
        ("Merkezdeki çalışan sayısı", str(form.declared_staff)),
        ("Sayılan toplam çalışan", str(counted_staff(form))),
        ("Bağlı olduğu bakanlık", form.parent or "—"),
        ("KEP adresi", form.kep_address.address if form.kep_address else "— (yazı ıslak imzalı gönderilecek)"),
    ]
