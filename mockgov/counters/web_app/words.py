"""What the web page says where the ministry says no: what it means, and what to do now."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mockgov.pages.language import Language
from mockgov.refusal import Refused

TURKISH: Final[Mapping[str, str]] = MappingProxyType(
    {
        "citizennotfound": "Bu telefon bu deneme ortamında yok. Deneme ortamının verdiği bir numara yazın.",
        "wronglogincode": "Kod yanlış, kullanılmış ya da süresi geçmiş. Yeni bir kod isteyin.",
        "registrationrefused": (
            "Kayıt yapılamadı. Kimlik numarasını ve doğum tarihini kimlikteki gibi yazın, metni okuyup onaylayın; beş "
            "yanlış denemeden sonra yeni kodla yeniden giriş yapın."
        ),
        "invalidexpirationdate": (
            "Bu süre olmaz. Yeni kod için bugünden başlayarak en çok on yıl, kısaltmak için şimdiki bitişten önce bir "
            "gün seçin."
        ),
        "invaliddescription": "Etiket en çok 100 karakter olabilir. Kısaltıp yeniden yazın.",
        "emptylabel": "Kurumun adını yazın.",
        "notyourchild": "Yalnızca kendiniz ve 18 yaşından küçük çocuklarınız için kod üretebilirsiniz.",
        "baddate": "Bir gün seçin.",
        "familymembernotinvitable": (
            "Bu kişi davet edilemez: kendi numaranız olabilir, zaten ailenizde ya da davetli olabilir veya o sizi "
            "davet etmiş olabilir. Yakınlık da en çok 50 karakter olmalı."
        ),
        "familymembernotfound": "Böyle bir davet yok. Aile sayfasını yeniden açın.",
        "illegaltransition": "Bu artık yapılamaz. Sayfayı yeniden açıp son durumu görün.",
        "hescodenotfound": "Böyle bir HES kodu yok ya da sahibi silmiş. Kodu yeniden yazın veya sahibinden isteyin.",
        "hescodehasbeenexpired": "Bu HES kodunun süresi dolmuş. Sahibinden yeni bir kod isteyin.",
        "unavailable": "Servis şu anda yanıt veremiyor. Biraz sonra yeniden deneyin.",
        "foreignform": "Form bu sayfadan gönderilmemiş. Sayfayı yeniden açıp formu oradan gönderin.",
    }
)
"""By the refusal's key (wording chosen here)."""

ENGLISH: Final[Mapping[str, str]] = MappingProxyType(
    {
        "hescodenotfound": "There is no such HES code, or its holder has deleted it. Type it again, or ask the holder.",
        "hescodehasbeenexpired": "This HES code has expired. Ask its holder for a new one.",
        "wronglogincode": "The code is wrong, used or too old. Ask for a new one.",
    }
)
"""Where the refusal's own sentence is no English one for people."""


def in_words(refused: Refused, language: Language) -> str:
    """What to say to a person."""
    words = TURKISH if language is Language.TURKISH else ENGLISH
    return words.get(refused.key, refused.message)
