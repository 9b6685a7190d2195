"""What the ministry writes to applicants: e-mails in Turkish with an English half, and one text message."""

from typing import Final, NamedTuple

from mockgov.onboarding.messages import CompletionRefused, LetterNotPlaced, Step
from mockgov.onboarding.rules import Finding

STAMP: Final = "SANDBOX — hukuki geçerliliği yoktur"
SUPPORT: Final = "hesdestek@saglik.gov.tr"
"""Where a completion notice goes (facts section 6, step 5)."""


class Mail(NamedTuple):
    """An e-mail's own words."""

    subject: str
    text: str


def submitted(step: Step) -> Mail:
    """The signed form is in; what comes next."""
    return _mail(
        f"{step.number} sayılı başvurunuz alındı",
        step,
        "İmzalı Erişim Talep Formunuz alındı. Formu dolduran kişinin yetkili olduğunu, T.C. kimlik numarasını, adını "
        "ve soyadını bildiren resmî yazıyı, imzalı form ekinde, KEP ile sb@hs01.kep.tr adresine ya da ıslak imzalı "
        "olarak gönderin.",
        "Your signed access form has arrived. Now send the official letter, with the signed form attached, by KEP to "
        "sb@hs01.kep.tr or on paper with a wet signature. It says that the person who filled in the form is "
        "authorised, and gives that person's identity number, name and surname.",
    )


def details_of_test(step: Step, *, username: str, password: str, base_url: str, support: str = SUPPORT) -> Mail:
    """Step 4: the account of the test environment; the service document goes along."""
    return _mail(
        f"{step.number}: test ortamı bilgileri",
        step,
        f"Başvurunuz test ortamı için onaylandı.\nServis adresi: {base_url}\nKullanıcı adı: {username}\n"
        f"Parola: {password}\nServis dokümanı ektedir. Test entegrasyonunu bitirince yetkili kişinin e-posta "
        f"adresinden, {step.number} numarasını yazarak {support} adresine bildirin.",
        "Your application is approved for the test environment; service address, user name and password are above, "
        f"the service document is attached. When the test integration is finished, report it to {support} from the "
        f"authorised person's address and name {step.number}.",
    )


def live_user_name(step: Step, *, username: str, base_url: str) -> Mail:
    """Step 6: the user name of live access; the password goes another way."""
    return _mail(
        f"{step.number}: canlı ortam kullanıcı adı",
        step,
        f"Canlı ortam erişiminiz tanımlandı.\nServis adresi: {base_url}\nKullanıcı adı: {username}\nParolanız yetkili "
        "kişinin cep telefonuna SMS ile gönderildi.",
        "Live access is set up; service address and user name are above. The password was sent to the authorised "
        "person's phone by text message.",
    )


def password_text(step: Step, *, password: str) -> str:
    """Step 6: the text message with the password of live access."""
    return f"HES canlı ortam parolanız: {password} Başvuru: {step.number} (SANDBOX)"


def returned(step: Step) -> Mail:
    """Step 3: something has to be put right."""
    return _mail(
        f"{step.number} sayılı başvurunuz iade edildi",
        step,
        f"Başvurunuz aşağıdaki nedenlerle iade edildi. Eksikleri giderip yeniden gönderin.\n\n{_tr(step.findings)}",
        f"Your application was returned for these reasons. Put them right and send it again.\n\n{_en(step.findings)}",
    )


def refused(step: Step) -> Mail:
    """Step 3: the rules do not let the institution in."""
    return _mail(
        f"{step.number} sayılı başvurunuz reddedildi",
        step,
        f"Başvurunuz aşağıdaki nedenlerle reddedildi.\n\n{_tr(step.findings)}",
        f"Your application was refused for these reasons.\n\n{_en(step.findings)}",
    )


def completion_refused(event: CompletionRefused) -> Mail:
    """Step 5: the notice does not count."""
    return Mail(
        "Test entegrasyonu bildiriminiz işleme alınmadı",
        _halves(
            f"Bildiriminiz aşağıdaki nedenlerle işleme alınmadı.\n\n{_tr(event.findings)}",
            f"Your completion notice does not count, for these reasons.\n\n{_en(event.findings)}",
        ),
    )


def letter_not_placed(event: LetterNotPlaced) -> Mail:
    """Step 2: the letter belongs to no application that awaits one."""
    return Mail(
        "Resmî yazınız bir başvuruyla eşleşmedi",
        _halves(
            f"{event.reference} sayılı yazınız bekleyen bir başvuruyla eşleştirilemedi.\n\n{_tr(event.findings)}",
            f"Your letter {event.reference} could not be put to an application.\n\n{_en(event.findings)}",
        ),
    )


def revoked(step: Step) -> Mail:
    """Access has ended."""
    return _mail(
        f"{step.number}: erişiminiz iptal edildi",
        step,
        f"Kurumunuzun test ve canlı ortam erişimi iptal edildi.\n\n{_tr(step.findings)}",
        f"Your institution's test and live access has been cancelled.\n\n{_en(step.findings)}",
    )


def confirmed(step: Step) -> Mail:
    """Step 7: the road is at its end."""
    return _mail(
        f"{step.number}: entegrasyonunuz tamamlandı",
        step,
        "Entegrasyonunuzun tamamlandığını bildiren resmî yazı kurumunuza ulaştırıldı.",
        "The official letter that confirms your integration has been delivered to your institution.",
    )


def _mail(subject: str, step: Step, tr: str, en: str) -> Mail:
    return Mail(subject, f"Sayın {step.name},\n{step.institution_name}\n\n" + _halves(tr, en))


def _halves(tr: str, en: str) -> str:
    return f"{tr}\n\nSağlık Bilgi Sistemleri Genel Müdürlüğü\n\n--- English ---\n\n{en}\n\n{STAMP}\n"


def _tr(findings: tuple[Finding, ...]) -> str:
    return "\n".join(f"{nth}. {found.tr} [{found.rule}; kaynak: {found.source}]" for nth, found in _numbered(findings))


def _en(findings: tuple[Finding, ...]) -> str:
    return "\n".join(f"{nth}. {found.en} [{found.rule}; source: {found.source}]" for nth, found in _numbered(findings))


def _numbered(findings: tuple[Finding, ...]) -> enumerate[Finding]:
    return enumerate(findings, start=1)
