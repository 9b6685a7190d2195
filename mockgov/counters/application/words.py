"""Refusals in the language of a page."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from mockgov.counters.application.form import Words
from mockgov.onboarding.rules import Finding
from mockgov.pages.language import Language
from mockgov.refusal import Refused

TURKISH: Final[Mapping[str, str]] = {
    "illegaltransition": "Başvurunun şimdiki durumu buna elvermiyor. Aşamalara bakın.",
    "badletter": "Yazının metnini ve sayısını yazın; metin en fazla 8.000 karakterdir.",
    "applicationnotfound": "Böyle bir başvuru yok.",
    "reasonmissing": "İade ve ret için en az bir gerekçe yazın.",
    "baddecision": "Onay, iade veya ret seçin; gerekçe ve beyan 4.000 karakteri geçemez.",
    "notauthorisedperson": "İletişimi yalnızca formdaki yetkili kişi düzeltir; kendi kimlik numarasını yazın.",
    "contactmissing": "Yeni bir e-posta adresi, yeni bir telefon veya ikisini yazın.",
    "unknownpart": "Yeniden gönderilecek bilgiyi seçin.",
    "badapplicationkey": "Bu numara ve anahtarla bir başvuru açılamadı.",
}
"""What to do now, in Turkish, by a refusal's key; the English stands with the refusal itself."""

FIELD_OF: Final[Mapping[str, str]] = {
    "form.institution-unknown": "vkn",
    "form.person-unknown": "identity_number",
    "form.person-name": "firstname",
    "form.phone-unknown": "phone",
    "form.branch-unknown": "branch_vkn_0",
    "form.other-institution": "vkn",
    "institution.name": "institution_name",
    "institution.kind": "kind",
    "institution.kep-address": "kep_address",
    "form.email-script": "email",
}
"""The field of the form that a finding is about."""


class Shown(NamedTuple):
    """A refusal as a page shows it: findings where there are any, else words."""

    findings: Sequence[Finding]
    words: str


def in_words(refused: Refused, language: Language) -> Shown:
    """A refusal in a language; in English where there is no Turkish for it."""
    return Shown(
        findings=findings_of(refused),
        words=language.say(TURKISH.get(refused.key, refused.message), refused.message),
    )


def findings_of(refused: Refused) -> Sequence[Finding]:
    """The findings that a refusal carries."""
    return tuple(getattr(refused, "findings", ()))


def beside_fields(findings: Sequence[Finding]) -> Mapping[str, Words]:
    """Findings that are about a field of the form, by that field."""
    return {FIELD_OF[one.rule]: (one.tr, one.en) for one in findings if one.rule in FIELD_OF}
