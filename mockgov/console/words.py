"""The console's words: reports, reasons, states, and refusals, in Turkish and English."""

from collections.abc import Mapping
from typing import Final

from mockgov.kep.evidence_types import Evidence, EvidenceType
from mockgov.kep.rules import State
from mockgov.mail.rules import State as MailState
from mockgov.pages.language import Language
from mockgov.refusal import Refused
from mockgov.risk_index.messages import (
    ClinicalReport,
    ContactReport,
    IsolationReport,
    PcrReport,
    Report,
    VaccineReport,
    happened_at,
)
from mockgov.risk_index.rules import RiskReason

Words = tuple[str, str]
"""The same in Turkish and in English."""

BAD_NUMBER: Final = "Type a whole number from {} to {}."
REPORTS: Final[Mapping[str, Words]] = {
    "positive": ("Pozitif PCR", "Positive PCR"),
    "variant": ("Pozitif PCR, endişe verici varyant", "Positive PCR, variant of concern"),
    "negative": ("Negatif PCR", "Negative PCR"),
    "contact": ("Yakın temas", "Close contact"),
    "isolation": ("İdari izolasyon", "Isolation by order"),
    "dose-1": ("Aşı, 1. doz", "Vaccine, dose 1"),
    "dose-2": ("Aşı, 2. doz", "Vaccine, dose 2"),
    "dose-3": ("Aşı, 3. doz", "Vaccine, dose 3"),
}
"""The reports that the console files, by name."""
REASONS: Final[Mapping[RiskReason, Words]] = {
    RiskReason.POSITIVE: ("pozitif test", "a positive test"),
    RiskReason.CONTACT: ("yakın temas", "close contact"),
    RiskReason.ORDERED: ("idari karar", "an order"),
}
KEP_STATES: Final[Mapping[State, Words]] = {
    State.REFUSED: ("reddedildi", "refused"),
    State.SUBMITTED: ("alındı, yolda", "taken, on its way"),
    State.RELAYED: ("öbür sağlayıcıya geçti", "relayed"),
    State.RELAY_REFUSED: ("öbür sağlayıcı almadı", "relay refused"),
    State.RELAY_FAILED: ("öbür sağlayıcıya ulaşmadı", "relay failed"),
    State.DELIVERED: ("teslim edildi", "delivered"),
    State.NOT_DELIVERED: ("teslim edilemedi", "not delivered"),
    State.DOWNLOADED: ("indirildi", "downloaded"),
    State.NOT_DOWNLOADED: ("süresinde indirilmedi, okunmuş sayılır", "not downloaded in time, counts as read"),
    State.RETRIEVED: ("okundu", "read"),
    State.ACCEPTED: ("alındığı onaylandı", "receipt confirmed"),
    State.REJECTED: ("alıcı reddetti", "rejected by the recipient"),
}
MAIL_STATES: Final[Mapping[MailState, Words]] = {
    MailState.QUEUED: ("sırada", "queued"),
    MailState.DEFERRED: ("ertelendi", "deferred"),
    MailState.DELIVERED: ("ulaştı", "delivered"),
    MailState.BOUNCED: ("geri döndü", "bounced"),
}
EVIDENCE: Final[Mapping[tuple[EvidenceType, bool], str]] = {
    (EvidenceType.SUBMISSION, True): "The sender's provider has taken the letter",
    (EvidenceType.SUBMISSION, False): "The sender's provider has refused the letter",
    (EvidenceType.RELAY, True): "The recipient's provider has taken the letter",
    (EvidenceType.RELAY, False): "The recipient's provider has refused the letter",
    (EvidenceType.RELAY_FAILURE, False): "The letter could not be handed to the recipient's provider",
    (EvidenceType.DELIVERY, True): "The letter lies in the recipient's mailbox",
    (EvidenceType.DELIVERY, False): "The letter could not be put into the recipient's mailbox",
    (EvidenceType.DOWNLOAD, True): "The recipient has downloaded the letter",
    (EvidenceType.DOWNLOAD, False): "The recipient has not downloaded the letter in time",
    (EvidenceType.RETRIEVAL, True): "The recipient has read the letter",
    (EvidenceType.RETRIEVAL, False): "The recipient has not read the letter",
    (EvidenceType.ACCEPTANCE, True): "The recipient has confirmed the receipt",
    (EvidenceType.ACCEPTANCE, False): "The recipient has rejected the letter",
}
"""What each piece of evidence says, in English; the Turkish stands with the evidence itself."""
TURKISH: Final[Mapping[str, str]] = {
    "badentry": "Alanlardan biri alınamadı; sayıları ve seçimleri kontrol edin.",
    "reportinthefuture": "Rapor ileri bir anı bildiriyor; olmuş olanı bildirin veya önce saati ilerletin.",
    "reporttoolate": "Rapor çok eski bir anı bildiriyor; daha yeni olanı bildirin.",
    "reportrefused": "Böyle bir rapor olamaz; alanları kontrol edin.",
    "invalidexpirationdate": "Kod bu tarihte bitemez; 1 ile 3650 arasında gün yazın veya boş bırakın.",
    "invaliddescription": "Bu etiket tutulamaz; kısa bir metin yazın.",
    "hescodenotfound": "Böyle bir HES kodu yok ya da sahibi silmiş. Yeniden yazın.",
    "hescodehasbeenexpired": "Bu HES kodunun süresi dolmuş.",
    "unavailable": "Soru kaydedilemedi ve cevaplanmadı; sonra yeniden sorun.",
    "illegaltransition": "Şimdiki durum buna elvermiyor.",
    "kepillegaltransition": "İletinin şimdiki durumu buna elvermiyor; durumuna bakın.",
    "accountexists": "Bu kullanıcı adı zaten var; parolasını değiştirin.",
    "clockrefused": "Saat yalnızca ileri gider ve bir seferde en çok 80 yıl ilerler; başka bir an seçin.",
    "badfault": "Böyle bir arıza olamaz; alanları kontrol edin.",
    "mailrefused": "Bu e-posta alınamadı; adresleri ve metni kontrol edin.",
    "unknownmailscenario": "Bu +hes- etiketi bir şey yapmıyor; başka bir etiket seçin.",
    "nosuchaccount": "Kimin soracağını listeden seçin.",
}
"""What to do now, in Turkish, by a refusal's key; the English stands with the refusal itself."""


def in_words(refused: Refused, language: Language) -> str:
    """A refusal in a language; in English where there is no Turkish for it."""
    return language.say(TURKISH.get(refused.key, refused.message), refused.message)


def evidence_words(row: Evidence, language: Language) -> str:
    """What a piece of evidence says."""
    return language.say(row.text, EVIDENCE[row.type, row.positive])


def report_words(report: Report, language: Language) -> str:
    """A report in one line."""
    at = language.moment(happened_at(report))
    return f"{language.say(*_kind(report))}, {at}" + (
        f" – {language.moment(report.ends_at)}" if isinstance(report, IsolationReport) else ""
    )


def _kind(report: Report) -> Words:
    if isinstance(report, PcrReport):
        positive = "variant" if report.variant_of_concern else "positive"
        return REPORTS[positive if report.positive else "negative"]
    if isinstance(report, ContactReport):
        return REPORTS["contact"]
    if isinstance(report, VaccineReport):
        return f"Aşı, {report.dose}. doz", f"Vaccine, dose {report.dose}"
    if isinstance(report, ClinicalReport):
        return "Hekim notu", "Physician's note"
    return REPORTS["isolation"]
