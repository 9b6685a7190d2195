"""The magic institutions: accounts, staff, signatures and registered mail in every state. Pure."""

from typing import Final

from mockgov.credentials.rules import Environment
from mockgov.magic.roles import HOUR, Body
from mockgov.magic.scenario import Channel, Says, Scenario, When
from mockgov.signature.rules import CertificateFlaw
from mockgov.vocabulary.institution import InstitutionKind

SCOPE_TR: Final = "HES Kurumsal Entegrasyon 1.2, kapsam"
SCOPE_EN: Final = "HES Kurumsal Entegrasyon 1.2, who may integrate"
BASIC_TR, BASIC_EN = "Hesapların durumu", "How an account stands"
LETTER_TR, LETTER_EN = "KEP hesabının kotası ve kontörü", "Room and credit of a registered-mail account"
SHUT: Final = {"errorKey": "badcredentials"}


def _asks(live: int, test: int = 200, when: When = When.NOW) -> tuple[Says, ...]:
    """What the accounts are answered with the password of the casting."""
    pairs = ((Channel.LIVE, live), (Channel.TEST, test))
    return tuple(
        Says(channel=channel, status=status, shows={} if status == 200 else SHUT, when=when)
        for channel, status in pairs
    )


def _form(*rules: str) -> tuple[Says, ...]:
    """What the desk will say of who asks; nothing if they may integrate."""
    return (Says(channel=Channel.FORM, status=201, shows={"assessed": rules}),)


def _signature(flaw: str) -> tuple[Says, ...]:
    return (Says(channel=Channel.SIGNATURE, status=200, shows={"counts": False, "flaw": flaw}),)


ACCOUNTS: Final = (
    Scenario(
        name="both-accounts",
        tr="Deneme ve gerçek ortam hesapları açık",
        en="Test and live accounts, both open",
        rule_tr=BASIC_TR + ": her hesap kendi ortamını açar",
        rule_en=BASIC_EN + ": each opens its own environment",
        plays=Body(name="Sihirli Gıda A.Ş. (sandbox)", label="MAGIC-BOTH-ACCOUNTS"),
        says=_asks(200),
    ),
    Scenario(
        name="turkish-user-name",
        tr="Kullanıcı adında Türkçe harfler: HTTP Basic kodlaması burada sınanır",
        en="Turkish letters in the user name: the charset of HTTP Basic is put to the test",
        rule_tr="RFC 7617: UTF-8; ISO-8859-1 ve ISO-8859-9 da anlaşılır",
        rule_en="RFC 7617: UTF-8; ISO-8859-1 and ISO-8859-9 are understood too",
        plays=Body(name="Şirin Çiğdem Gıda A.Ş. (sandbox)", label="ŞİRİN-ÇİĞDEM-GIDA"),
        says=_asks(200),
    ),
    Scenario(
        name="test-account-only",
        tr="Yalnızca deneme hesabı var",
        en="Only a test account",
        rule_tr=BASIC_TR + ": deneme hesabı gerçek ortamı açmaz",
        rule_en=BASIC_EN + ": a test account does not open the live environment",
        plays=Body(name="Deneme Aşaması A.Ş. (sandbox)", label="MAGIC-TEST-ACCOUNT-ONLY", accounts=(Environment.TEST,)),
        says=_asks(401),
    ),
    Scenario(
        name="account-locked",
        tr="Gerçek ortam hesabı bir görevli tarafından kilitlenmiş; yeni parola açar",
        en="An officer has locked the live account; a new password opens it",
        rule_tr=BASIC_TR + ": kilitli hesap doğru parolayla da açılmaz",
        rule_en=BASIC_EN + ": a locked one does not open, whatever the password",
        plays=Body(name="Kilitli Kapı A.Ş. (sandbox)", label="MAGIC-ACCOUNT-LOCKED", locked=True),
        says=_asks(401),
    ),
    Scenario(
        name="account-revoked",
        tr="Gerçek ortam hesabı iptal edilmiş",
        en="The live account is revoked",
        rule_tr=BASIC_TR + ": iptal edilen hesap bir daha açılmaz",
        rule_en=BASIC_EN + ": a revoked one never opens again",
        plays=Body(name="İptal Edilmiş A.Ş. (sandbox)", label="MAGIC-ACCOUNT-REVOKED", revoked=True),
        says=_asks(401),
    ),
    Scenario(
        name="password-changes-in-an-hour",
        tr="Gerçek ortam parolası bir saat sonra değişir; eskisi o anda açmaz olur",
        en="The live password changes in an hour; the old one opens nothing from then on",
        rule_tr=BASIC_TR + ": eski parola ilk çağrıdan başlayarak reddedilir, hatırlanan oturum da düşer",
        rule_en=BASIC_EN + ": the old password fails from the next call on, remembered or not",
        plays=Body(name="Yeni Parola A.Ş. (sandbox)", label="MAGIC-PASSWORD-CHANGES-IN-AN-HOUR", new_password_in=HOUR),
        says=(*_asks(200), *_asks(401, when=When.IN_AN_HOUR)),
    ),
)

JOINING: Final = (
    Scenario(
        name="institution-of-499",
        tr="499 çalışan: entegrasyon yapamaz",
        en="499 staff: may not integrate",
        rule_tr=f"{SCOPE_TR}: iş yerleri en az 500 çalışanla",
        rule_en=f"{SCOPE_EN}: a workplace from 500 staff",
        plays=Body(name="Eşik Altı A.Ş. (sandbox)", label="MAGIC-INSTITUTION-OF-499", staff=499, accounts=()),
        says=_form("eligibility.staff"),
    ),
    Scenario(
        name="institution-of-500",
        tr="500 çalışan: entegrasyon yapabilir",
        en="500 staff: may integrate",
        rule_tr=f"{SCOPE_TR}: iş yerleri en az 500 çalışanla",
        rule_en=f"{SCOPE_EN}: a workplace from 500 staff",
        plays=Body(name="Tam Eşik A.Ş. (sandbox)", label="MAGIC-INSTITUTION-OF-500", staff=500, accounts=()),
        says=_form(),
    ),
    Scenario(
        name="school",
        tr="Okul: bakanlığının entegrasyonunu kullanır",
        en="A school: it uses its ministry's access",
        rule_tr=f"{SCOPE_TR}: okullar ayrıca entegrasyon yapmaz",
        rule_en=f"{SCOPE_EN}: schools have none of their own",
        plays=Body(
            name="Sihirli Anadolu Lisesi (sandbox)",
            label="MAGIC-SCHOOL",
            staff=900,
            kind=InstitutionKind.SCHOOL,
            accounts=(),
        ),
        says=_form("eligibility.school"),
    ),
    Scenario(
        name="provincial-organisation",
        tr="Bir bakanlığın taşra teşkilatı: bakanlığının erişimini kullanır",
        en="A ministry's office in a province: it uses its ministry's access",
        rule_tr=f"{SCOPE_TR}: taşra teşkilatları ayrıca entegrasyon yapmaz",
        rule_en=f"{SCOPE_EN}: offices in the provinces have none of their own",
        plays=Body(
            name="Sihirli İl Müdürlüğü (sandbox)",
            label="MAGIC-PROVINCIAL-ORGANISATION",
            staff=1_200,
            kind=InstitutionKind.PROVINCIAL_ORGANISATION,
            accounts=(),
        ),
        says=_form("eligibility.provincial"),
    ),
    Scenario(
        name="governorship-of-12",
        tr="12 çalışanlı valilik: çalışan sayısına bakılmaz",
        en="A governorship with 12 staff: no number is asked for",
        rule_tr=f"{SCOPE_TR}: valilikler çalışan sayısına bakılmadan",
        rule_en=f"{SCOPE_EN}: governorships whatever their staff",
        plays=Body(
            name="Sihirli Valiliği (sandbox)",
            label="MAGIC-GOVERNORSHIP-OF-12",
            staff=12,
            kind=InstitutionKind.GOVERNORSHIP,
            accounts=(),
        ),
        says=_form(),
    ),
    Scenario(
        name="certificate-revoked",
        tr="Yetkilinin imza sertifikası iptal edilmiş",
        en="The manager's certificate is revoked",
        rule_tr="İmza, iptal edilmiş sertifikayla geçerli sayılmaz",
        rule_en="A signature with a revoked certificate does not count",
        plays=Body(
            name="İptal Sertifika A.Ş. (sandbox)",
            label="MAGIC-CERTIFICATE-REVOKED",
            accounts=(),
            certificate=CertificateFlaw.REVOKED,
        ),
        says=_signature("revoked"),
    ),
    Scenario(
        name="certificate-expired",
        tr="Yetkilinin imza sertifikasının süresi dolmuş",
        en="The manager's certificate has expired",
        rule_tr="İmza, süresi dolmuş sertifikayla geçerli sayılmaz",
        rule_en="A signature with an expired certificate does not count",
        plays=Body(
            name="Eski Sertifika A.Ş. (sandbox)",
            label="MAGIC-CERTIFICATE-EXPIRED",
            accounts=(),
            certificate=CertificateFlaw.EXPIRED,
        ),
        says=_signature("expired"),
    ),
    Scenario(
        name="kep-over-quota",
        tr="KEP hesabının kotası dolu: yazı gönderemez",
        en="The registered-mail account is over its quota: it can send nothing",
        rule_tr=LETTER_TR,
        rule_en=LETTER_EN,
        plays=Body(name="Dolu Kota A.Ş. (sandbox)", label="MAGIC-KEP-OVER-QUOTA", accounts=(), kep_quota_kib=0),
        says=(Says(channel=Channel.KEP, status=201, shows={"accepted": False, "reason": "sender-over-quota"}),),
    ),
    Scenario(
        name="kep-without-credit",
        tr="KEP kontörü bitmiş: yazı gönderemez",
        en="No registered-mail credit left: it can send nothing",
        rule_tr=LETTER_TR,
        rule_en=LETTER_EN,
        plays=Body(name="Kontörsüz A.Ş. (sandbox)", label="MAGIC-KEP-WITHOUT-CREDIT", accounts=(), kep_credit=0),
        says=(Says(channel=Channel.KEP, status=201, shows={"accepted": False, "reason": "no-credit"}),),
    ),
    Scenario(
        name="kep-mailbox-full",
        tr="KEP posta kutusu dolu: yazı alamaz",
        en="The registered-mail box is full: nothing can be delivered to it",
        rule_tr=LETTER_TR,
        rule_en=LETTER_EN,
        plays=Body(
            name="Dolu Kutu A.Ş. (sandbox)", label="MAGIC-KEP-MAILBOX-FULL", accounts=(), kep_fate="mailbox-full"
        ),
        says=(Says(channel=Channel.KEP_INBOX, status=201, shows={"state": "refused"}),),
    ),
)

INSTITUTIONS: Final = (*ACCOUNTS, *JOINING)
"""All of them."""
