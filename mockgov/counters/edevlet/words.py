"""What the counter says in Turkish of what is refused; English pages show the refusal's own message."""

from collections.abc import Mapping
from typing import Final

from mockgov.counters.edevlet.workbook import Fault
from mockgov.edevlet.rules import SignInLocked
from mockgov.pages.language import Language
from mockgov.refusal import Refused

REFUSALS: Final[Mapping[str, str]] = {
    "wrongpassword": "Girdiğiniz bilgiler doğrulanamadı. Bilgilerinizi kontrol ederek yeniden deneyin.",
    "signinlocked": "Çok sayıda hatalı şifre girildi. {minutes} dakika sonra yeniden deneyin.",
    "badpassword": "Yeni şifre 8 ile 64 karakter arasında olmalı ve iki kez aynı yazılmalıdır.",
    "nosession": "Oturumunuz kapanmış. Yeniden giriş yapıp baştan başlayın.",
    "notmanager": (
        "Toplu sorgulama, çalışan sayısı 500'den az olan kurumların yetkilisi içindir. Kurumunuz 500 ve üzeri "
        "çalışanlıysa Kurumsal Entegrasyon başvurusu yapın; yetkili değilseniz kurum yetkilinize başvurun."
    ),
    "foreignform": "Form bu sayfadan gönderilmemiş. Sayfayı yeniden açıp formu buradan gönderin.",
    "cutoff": "Dosya eksik ulaştı. Sayfayı yeniden açıp dosyayı bir kez daha gönderin.",
    "badworkbook": (
        "Dosya okunamadı. A1 hücresinde HES KODU yazan, kodları alt alta duran, parolasız bir .xlsx dosyası yükleyin."
    ),
    "toolargeworkbook": "Dosya çok büyük. Yalnızca HES kodlarını, en çok 10.000 satır olarak yükleyin.",
    "groupfull": "Bir kurumun en çok 100 grubu, bir grubun en çok 10.000 HES kodu olur. Yeni grup açın ya da silin.",
    "badgroup": "Grup adı 1 ile 100, açıklaması en çok 500 karakterdir. Düzeltip yeniden gönderin.",
    "groupnotfound": "Böyle bir grup yok. Grup listesinden birini açın.",
    "codenotingroup": "Bu HES kodu grupta değil; yapılacak bir şey yok.",
    "hescodenotfound": "Böyle bir HES kodunuz yok. Listeden birini açın.",
    "citizennotfound": "Kod yalnızca kendiniz ve 18 yaşından küçük çocuklarınız için üretilir. Listeden seçin.",
    "invalidexpirationdate": "Bitiş tarihi bugün ile 3650 gün sonrası arasında olur; kısaltırken öne alınır.",
    "invaliddescription": "Açıklama ve kurum adı en çok 100 karakterdir; kurum adını boş bırakmayın.",
    "illegaltransition": "Bu kodun süresi dolmuş; yeni bir kod üretin.",
    "badcode": "HES kodunu yeniden yazın: on karakter, A-Z ve 0-9, XXXX-XXXX-XX biçiminde.",
    "busy": "Sorgunuz şu anda yanıtlanamıyor. Biraz sonra yeniden sorgulayın.",
}
"""By the refusal's key."""

FAULTS: Final[Mapping[Fault, tuple[str, str]]] = {
    Fault.DASHES: ("HES kodunu tiresiz ve boşluksuz yazın", "write the code without dashes and blanks"),
    Fault.FORMULA: ("hücrede formül var, kodun kendisini yazın", "the cell has a formula; write the code itself"),
    Fault.MERGED: ("birleştirilmiş hücre, her koda ayrı bir satır verin", "a merged cell; give every code its own row"),
    Fault.LONG: ("10 karakterden uzun, HES kodu değil", "longer than 10 characters, no HES code"),
    Fault.NO_CODE: ("HES kodu değil, on karakter (A-Z, 0-9) yazın", "no HES code; write ten characters A-Z, 0-9"),
}
"""What is wrong with a row of a workbook, and what to do."""

NOTICES: Final[Mapping[str, tuple[str, str]]] = {
    "uretildi": ("HES kodu üretildi.", "The HES code was made."),
    "paylasildi": ("HES kodu paylaşım listesine eklendi.", "The sharing was noted."),
    "kisaltildi": ("HES kodunun süresi kısaltıldı.", "The HES code ends earlier now."),
    "silindi": ("HES kodu silindi; artık sorgulanamaz.", "The HES code was deleted; nobody can query it any more."),
    "grup": ("Grup oluşturuldu. Şimdi HES kodlarını ekleyin.", "The group was made. Add its HES codes now."),
    "eklendi": ("HES kodu gruba eklendi.", "The HES code was added to the group."),
    "vardi": ("HES kodu grupta zaten vardı.", "The HES code was in the group already."),
    "cikarildi": ("HES kodu gruptan çıkarıldı.", "The HES code was taken out of the group."),
    "guncellendi": ("Grup güncellendi.", "The group was changed."),
    "grupsilindi": ("Grup silindi.", "The group was deleted."),
}
"""What a page says after something was done; the key stands in its address."""


TOO_LARGE: Final = ("Dosya çok büyük. Daha küçük bir dosya gönderin.", "The file is too large. Send a smaller one.")
UNREADABLE: Final = (
    "İstek okunamadı. Sayfayı yeniden açıp baştan deneyin.",
    "The request cannot be read. Open the page again and start over.",
)


def told(refused: Refused, language: Language) -> str:
    """A refusal in the page's language."""
    if language is Language.ENGLISH or refused.key not in REFUSALS:
        return refused.message
    minutes = refused.minutes if isinstance(refused, SignInLocked) else 0
    return REFUSALS[refused.key].format(minutes=minutes)


def notice(key: str, language: Language) -> str:
    """What a page says after something was done; nothing for a word that it does not know."""
    return language.say(*NOTICES[key]) if key in NOTICES else ""
