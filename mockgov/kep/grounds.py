"""Why a letter went no further: one table, in Turkish and English. Pure.

Evidence carries a reason as its event reason; a counter shows the texts.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Reason(StrEnum):
    """The reasons, in the order in which a letter is examined."""

    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"
    NO_SENDER = "no-sender"
    SENDER_MISMATCH = "sender-mismatch"
    NO_RECIPIENT = "no-recipient"
    TOO_MANY_RECIPIENTS = "too-many-recipients"
    WRONG_RECIPIENT = "wrong-recipient"
    ENVELOPE_MISMATCH = "envelope-mismatch"
    UNSIGNED = "unsigned"
    BAD_SIGNATURE = "bad-signature"
    BAD_PACKAGE = "bad-package"
    UNKNOWN_RECIPIENT = "unknown-recipient"
    ACCOUNT_CLOSED = "account-closed"
    NO_CREDIT = "no-credit"
    SENDER_OVER_QUOTA = "sender-over-quota"
    RECIPIENT_OVER_QUOTA = "recipient-over-quota"
    RELAY_UNANSWERED = "relay-unanswered"
    RELAY_REFUSED = "relay-refused"
    NOT_OPENED_IN_TIME = "not-opened-in-time"
    NOT_A_PACKAGE = "not-a-package"
    REJECTED_BY_RECIPIENT = "rejected-by-recipient"


TEXTS: Mapping[Reason, tuple[str, str]] = MappingProxyType(
    {
        Reason.TOO_LARGE: (
            "İleti azami boyutu aşıyor; ekleri küçültüp yeniden gönderiniz.",
            "The letter is larger than a registered letter may be; make its attachments smaller.",
        ),
        Reason.UNREADABLE: (
            "İleti okunamadı; RFC 5322 biçiminde bir ileti gönderiniz.",
            "The letter cannot be read; send an RFC 5322 message.",
        ),
        Reason.NO_SENDER: (
            "Gönderen (From) alanı yok; iletinin dış başlığına gönderen KEP adresini yazınız.",
            "There is no From field; write the sender's KEP address into the message's outer head.",
        ),
        Reason.SENDER_MISMATCH: (
            "Gönderen alanı oturum açılan KEP hesabı değil; gönderen adresini düzeltiniz.",
            "The From field is not the account that deposits; correct the sender.",
        ),
        Reason.NO_RECIPIENT: (
            "Alıcı yok; en az bir KEP adresi yazınız.",
            "There is no recipient; name at least one KEP address.",
        ),
        Reason.TOO_MANY_RECIPIENTS: (
            "Alıcı sayısı sınırı aşıyor; iletiyi bölerek gönderiniz.",
            "There are too many recipients; send the letter in parts.",
        ),
        Reason.WRONG_RECIPIENT: (
            "Alıcılardan biri KEP adresi değil; KEP'ten yalnız KEP adreslerine ileti gönderilir.",
            "One of the recipients is no KEP address; registered e-mail goes to KEP addresses only.",
        ),
        Reason.ENVELOPE_MISMATCH: (
            "Zarftaki alıcılar iletinin başlığındakilerle aynı değil; ikisini eşitleyiniz.",
            "The envelope's recipients are not those of the message's head; make them the same.",
        ),
        Reason.UNKNOWN_RECIPIENT: (
            "Alıcı KEP hesabı bulunamadı; adresi rehberden doğrulayınız.",
            "No such KEP account exists; look the address up in the directory.",
        ),
        Reason.UNSIGNED: (
            "İleti imzalanmamış; nitelikli elektronik sertifika ile S/MIME imzalayınız.",
            "The letter is not signed; sign it (S/MIME) with a qualified certificate.",
        ),
        Reason.BAD_SIGNATURE: (
            "İletinin elektronik imzası geçersiz; geçerli bir sertifika ile yeniden imzalayınız.",
            "The letter's signature does not count; sign again with a valid qualified certificate.",
        ),
        Reason.BAD_PACKAGE: (
            "e-Yazışma paketi geçersiz; paketi yeniden oluşturup imzalayınız.",
            "The e-Yazışma package is not valid; make and sign it again.",
        ),
        Reason.NO_CREDIT: (
            "Kontör kalmadı; kontör yükleyip yeniden gönderiniz.",
            "No credit is left; buy credit and deposit again.",
        ),
        Reason.SENDER_OVER_QUOTA: (
            "Gönderen hesabın kotası dolu; eski iletileri siliniz.",
            "The sender's mailbox is full; delete old letters.",
        ),
        Reason.RECIPIENT_OVER_QUOTA: (
            "Alıcı hesabın kotası dolu; alıcıya başka yoldan haber veriniz.",
            "The recipient's mailbox is full; reach the recipient another way.",
        ),
        Reason.RELAY_UNANSWERED: (
            "Alıcının hizmet sağlayıcısına ulaşılamadı; daha sonra yeniden gönderiniz.",
            "The recipient's provider could not be reached; deposit again later.",
        ),
        Reason.RELAY_REFUSED: (
            "Alıcının hizmet sağlayıcısı iletiyi kabul etmedi; alıcıyla görüşünüz.",
            "The recipient's provider did not take the letter; ask the recipient.",
        ),
        Reason.ACCOUNT_CLOSED: (
            "Alıcı hesap kullanıma kapatılmış; alıcının yeni adresini öğreniniz.",
            "The recipient's account was closed; find out the new address.",
        ),
        Reason.NOT_OPENED_IN_TIME: (
            "İleti süresi içinde indirilmedi; okunmuş sayılır.",
            "The letter was not downloaded in time; it counts as read.",
        ),
        Reason.NOT_A_PACKAGE: (
            "Alıcı kurum yalnız e-Yazışma paketi kabul ediyor; yazıyı EYP 2.0 paketi olarak gönderiniz.",
            "The recipient takes e-Yazışma packages only; send the letter as an EYP 2.0 package.",
        ),
        Reason.REJECTED_BY_RECIPIENT: (
            "Alıcı iletiyi reddetti; alıcıyla görüşünüz.",
            "The recipient rejected the letter; ask the recipient.",
        ),
    }
)


def turkish(reason: Reason) -> str:
    """What it means and what to do, in Turkish."""
    return TEXTS[reason][0]


def english(reason: Reason) -> str:
    """The same in English."""
    return TEXTS[reason][1]
