"""What the short number answers, in Turkish. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mockgov.clock import TURKEY
from mockgov.short_number.rules import Issued, Limits, Mistake

STAMP: Final = "(SANDBOX)"
SYNTAX: Final = "HES, T.C. kimlik no, kimlik kartı seri no son 4 hanesi ve gün sayısını aralarında boşlukla yazın."
PASSPORT_SYNTAX: Final = (
    "HES, 3 harfli uyruk, pasaport no, doğum yılı, soyadı ve gün sayısını aralarında boşlukla yazın."
)

REFUSALS: Final[Mapping[Mistake, str]] = MappingProxyType(
    {
        Mistake.NOT_HES: f"Mesajınız anlaşılamadı. HES kodu almak için {SYNTAX}",
        Mistake.INCOMPLETE: f"Mesajınızda eksik bilgi var. {SYNTAX} Pasaportla: {PASSPORT_SYNTAX}",
        Mistake.TOO_MUCH: "Mesajınızda fazla bilgi var. Gün sayısından sonra bir şey yazmadan yeniden gönderin.",
        Mistake.BAD_NUMBER: "Kimlik numarası 11 haneli, uyruk kodu 3 harfli olmalıdır. Düzeltip yeniden gönderin.",
        Mistake.BAD_PROOF: "Kimlik numarasından sonra kimlik kartı seri no son 4 hanesini, mavi kart ve yabancı kimlik "
        "numarasında doğum yılını 4 hane olarak yazın.",
        Mistake.BAD_PASSPORT: "Pasaport numarası okunamadı. Numarayı boşluksuz, pasaportta yazdığı gibi gönderin.",
        Mistake.BAD_YEAR: "Doğum yılı okunamadı. Pasaport numarasından sonra doğum yılını 4 hane olarak yazın.",
        Mistake.BAD_DAYS: "Gün sayısı okunamadı. 1 veya daha büyük bir sayı ya da SÜRESİZ yazın.",
        Mistake.TOO_LONG: "Gün sayısı çok büyük. En çok {most_days} gün ya da SÜRESİZ yazın.",
        Mistake.PASSPORT_ONLY: f"Bu numara yalnızca pasaportla başvuru içindir. {PASSPORT_SYNTAX}",
        Mistake.UNKNOWN_NUMBER: "Kimlik numarası kayıtlarda bulunamadı. Numarayı denetleyip yeniden gönderin.",
        Mistake.WRONG_SERIAL: "Kimlik kartı seri numarası eşleşmedi. Kartınızdaki seri no son 4 hanesini yazın.",
        Mistake.WRONG_BIRTH_YEAR: "Doğum yılı eşleşmedi. Doğum yılınızı kimlikteki gibi 4 hane olarak yazın.",
        Mistake.UNKNOWN_PASSPORT: "Pasaport kayıtlarda bulunamadı. Uyruk kodunu ve pasaport numarasını denetleyin.",
        Mistake.WRONG_SURNAME: "Soyadı eşleşmedi. Soyadını pasaportta yazdığı gibi gönderin.",
        Mistake.NOT_THE_PARENTS_LINE: "Yaşı 18'den küçük olanın HES kodu, kendisinin veya anne babasının telefonundan "
        "istenebilir.",
        Mistake.TOO_MANY_CODES: "Bu telefondan alınmış {codes} geçerli HES kodu var. Yeni kod için birinin silinmesi "
        "veya süresinin dolması gerekir.",
        Mistake.TOO_MANY_TEXTS: "Bu telefonun bugünkü mesaj sınırı ({texts_a_day}) doldu. Yarın yeniden deneyin.",
    }
)
"""One reply for each mistake (chosen here); none has a masked name or a code in it."""


def acknowledgement(masked_name: str) -> str:
    """The first of two replies: its first word is masked."""
    return f"{masked_name} adına HES kodu isteğiniz alındı, kodunuz birazdan gönderilecektir. {STAMP}"


def code_message(issued: Issued, address: str) -> str:
    """The second: its first word is the code, its seventh the address of the QR's page."""
    ends = "süresiz" if issued.expires_at is None else f"{issued.expires_at.astimezone(TURKEY):%d.%m.%Y}"
    return f"{issued.dashed} HES kodunuz oluşturuldu. Geçerlilik: {ends} {address} adresinde QR kodu vardır. {STAMP}"


def refusal(mistake: Mistake, limits: Limits) -> str:
    """The only reply to a text that makes nothing."""
    words = REFUSALS[mistake].format(most_days=limits.most_days, codes=limits.codes, texts_a_day=limits.texts_a_day)
    return f"{words} {STAMP}"
