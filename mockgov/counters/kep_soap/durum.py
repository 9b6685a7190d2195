"""*Durum* and *hataaciklama*: how an answer says that a rule refused, in place of a SOAP fault.

0 is success and 1 a refused sign-in, as public clients of the service test it; the rest of the real annex was not to
be had, and the other numbers are chosen here. A letter that a provider refuses has a number of its own by its reason.
"""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from mockgov.counters.kep_session import BadSession
from mockgov.kep.grounds import Reason, turkish
from mockgov.kep.rules import BadKepCredentials, IllegalTransition, UnknownEvidence, UnknownKepAccount, UnknownLetter
from mockgov.refusal import Refused

SUCCESS_TEXT: Final = ""
"""`hataaciklama` of a success."""


class Durum(IntEnum):
    """The numbers that do not depend on a letter's reason."""

    SUCCESS = 0
    SIGN_IN_REFUSED = 1
    SESSION_OVER = 2
    PARAMETER = 3
    NOT_FOUND = 4
    STATE = 5
    NOT_OFFERED = 6
    SIGNATURE = 7
    WRONG_KIND = 8
    OTHER = 9


REFUSED: Final[Mapping[type[Refused], tuple[Durum, str]]] = MappingProxyType(
    {
        BadKepCredentials: (Durum.SIGN_IN_REFUSED, "KEP Hesabı, Şifre veya Parola Yanlış. Bilgileri denetleyiniz."),
        UnknownKepAccount: (Durum.SIGN_IN_REFUSED, "KEP Hesabı kapatılmış. Hizmet sağlayıcınıza başvurunuz."),
        BadSession: (Durum.SESSION_OVER, "Oturum geçersiz veya süresi dolmuş. Yeniden giriş yapınız."),
        UnknownLetter: (Durum.NOT_FOUND, "Bu hesapta böyle bir paket yok. kepId ve dizin değerlerini denetleyiniz."),
        UnknownEvidence: (Durum.NOT_FOUND, "Bu hesaba ait böyle bir delil yok. PaketDelilSorgula ile listeleyiniz."),
        IllegalTransition: (Durum.STATE, "Paketin durumu bu işleme uygun değil. Önce paketi indiriniz."),
    }
)

REASONS: Final[Mapping[Reason, int]] = MappingProxyType(
    {
        Reason.TOO_LARGE: 101,
        Reason.UNREADABLE: 102,
        Reason.SENDER_MISMATCH: 103,
        Reason.NO_RECIPIENT: 104,
        Reason.TOO_MANY_RECIPIENTS: 105,
        Reason.WRONG_RECIPIENT: 106,
        Reason.ENVELOPE_MISMATCH: 107,
        Reason.UNKNOWN_RECIPIENT: 108,
        Reason.UNSIGNED: 109,
        Reason.BAD_SIGNATURE: 110,
        Reason.BAD_PACKAGE: 111,
        Reason.NO_CREDIT: 112,
        Reason.SENDER_OVER_QUOTA: 113,
        Reason.RECIPIENT_OVER_QUOTA: 114,
        Reason.RELAY_UNANSWERED: 115,
        Reason.RELAY_REFUSED: 116,
        Reason.ACCOUNT_CLOSED: 117,
        Reason.NOT_OPENED_IN_TIME: 118,
        Reason.NOT_A_PACKAGE: 119,
        Reason.REJECTED_BY_RECIPIENT: 120,
        Reason.NO_SENDER: 121,
    }
)


class NotDone(Refused):
    """This counter refuses by itself: a parameter is missing, or the service is not offered."""

    key = "kepnotdone"

    def __init__(self, durum: Durum, message: str) -> None:
        super().__init__(message)
        self.durum = durum


def said(refusal: Refused) -> tuple[int, str]:
    """The number and the Turkish text of a refusal."""
    if isinstance(refusal, NotDone):
        return refusal.durum, refusal.message
    durum, text = REFUSED.get(type(refusal), (Durum.OTHER, refusal.message))
    return durum, text


def said_of(reason: Reason) -> tuple[int, str]:
    """The same of a letter that a provider refused."""
    return REASONS[reason], turkish(reason)
