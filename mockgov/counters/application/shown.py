"""What the pages list beside their words: the seven steps, certificates to choose, a form's facts, a sample letter."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from mockgov.counters.application.kinds import NAMES
from mockgov.onboarding.eligibility import counted_staff
from mockgov.onboarding.rules import Application
from mockgov.pages.language import Language
from mockgov.signature.rules import BROKEN
from mockgov.vocabulary.province import province_of

SEVEN_STEPS: Final = (
    (
        ("Form", "Form"),
        (
            "Kurumun yetkilendirdiği kişi erişim talep formunu doldurur ve e-imzayla imzalar.",
            "The person whom the institution authorises fills in the access request form and signs it electronically.",
        ),
    ),
    (
        ("Resmî yazı", "Official letter"),
        (
            (
                "İmzalı form ekli yazı KEP ile sb@hs01.kep.tr adresine veya ıslak imzayla gönderilir; yazıda yetkili "
                "kişinin T.C. kimlik numarası, adı ve soyadı bulunur."
            ),
            (
                "A letter with the signed form goes by KEP to sb@hs01.kep.tr or on paper with a wet signature; it "
                "gives the authorised person's identity number, name and surname."
            ),
        ),
    ),
    (("Değerlendirme", "Evaluation"), ("Yazı ve form birlikte değerlendirilir.", "Letter and form are evaluated.")),
    (
        ("Test ortamı", "Test environment"),
        (
            "Onaylanan kuruma test kullanıcısı ve servis dokümanı e-posta ile gönderilir.",
            "Once approved, test credentials and the service document are sent by e-mail.",
        ),
    ),
    (
        ("Bildirim", "Notice"),
        (
            "Testler tamamlanınca hesdestek@saglik.gov.tr adresine e-posta ile bildirilir.",
            "The finished integration is reported by e-mail to hesdestek@saglik.gov.tr.",
        ),
    ),
    (
        ("Canlı ortam", "Live environment"),
        (
            "Kullanıcı adı yetkili kişinin e-postasına, parola telefonuna SMS ile gönderilir.",
            "The user name goes to the authorised person's e-mail, the password to their phone by SMS.",
        ),
    ),
    (
        ("Teyit yazısı", "Confirmation"),
        ("Entegrasyonun tamamlandığı resmî yazıyla bildirilir.", "An official letter confirms the integration."),
    ),
)
"""The seven steps (facts section 6), each with its words in Turkish and English."""


def certificates(language: Language) -> Sequence[tuple[str, str]]:
    """What a form can be signed with: the good certificate first, then the broken ones by name."""
    good = language.say("Geçerli nitelikli sertifika", "A valid qualified certificate")
    return [("", good), *((name, f"{name}: {language.say(one.tr, one.en)}") for name, one in BROKEN.items())]


def facts(application: Application, language: Language) -> Sequence[tuple[str, str]]:
    """What the form says, label by label; personal numbers are masked."""
    form, say = application.form, language.say
    person = form.person
    rows = [
        (say("Vergi kimlik numarası", "Tax number"), form.vkn.digits),
        (say("Kurum adı", "Name"), form.institution_name),
        (say("Türü", "Kind"), say(*NAMES[form.kind])),
        (say("İl", "Province"), province_of(form.province).name),
        (say("Çalışan sayısı", "Staff"), language.number(form.declared_staff)),
        *(
            (say("Şube", "Branch"), f"{one.name}, {one.vkn.digits}, {language.number(one.staff)}")
            for one in form.branches
        ),
        (say("Hesaba katılan çalışan", "Staff that count"), language.number(counted_staff(form))),
        (say("Bağlı olduğu kurum", "Parent"), form.parent),
        (say("KEP adresi", "KEP address"), form.kep_address.address if form.kep_address else ""),
        (say("Yetkili kişi", "Authorised person"), f"{person.name}, {person.title}"),
        (say("Kimlik numarası", "Identity number"), masked(person.identity_number)),
        (say("E-posta", "E-mail"), application.email.masked),
        (say("Telefon", "Phone"), application.phone.masked),
        (say("Amaç", "Purpose"), form.purpose),
    ]
    return [(name, value) for name, value in rows if value]


def masked(identity_number: str) -> str:
    """Eight asterisks and the last three digits."""
    return "*" * 8 + identity_number[8:]


def inboxes(application: Application, language: Language, world: str) -> Sequence[tuple[str, str]]:
    """Where what was sent on the application's way can be read; `world` is the path's prefix."""
    mail, phone = quote(application.email.address), application.phone.wire
    return [
        (language.say("E-postalar", "E-mails"), f"{world}/_lab/mail?address={mail}"),
        (language.say("SMS'ler", "Text messages"), f"{world}/_lab/sms?phone={phone}"),
        (language.say("KEP iletileri", "KEP letters"), f"{world}/_lab/kep/letters"),
    ]


def letter_of(application: Application) -> str:
    """A letter that says what step 2 asks for; the institution changes it as it likes."""
    person, form = application.form.person, application.form
    return (
        "T.C. SAĞLIK BAKANLIĞI\nSağlık Bilgi Sistemleri Genel Müdürlüğüne\n\n"
        f"İlgi: {application.number} sayılı başvurumuz.\n\n"
        f"Kurumumuz adına Erişim Talep Formunu dolduran {person.identity_number} T.C. kimlik numaralı {person.name}, "
        "HES kodu sorgulama servisi için kurumumuzca yetkilendirilmiştir. İmzalı form ektedir.\n\n"
        f"Gereğini arz ederiz.\n\n{form.institution_name}"
    )
