"""What the corporate service's words mean, in Turkish: operations, fields with an example each, refusals.

The service document puts these beside what it reads from the OpenAPI. A field, an operation or a status that the
OpenAPI has and this table lacks makes the document fail, so neither can grow without the other.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple


class Field(NamedTuple):
    """A field's meaning and a made-up value for the examples; None where its own fields say it all."""

    meaning: str
    example: Any = None


class Refusal(NamedTuple):
    """An `errorKey`, with the status that it comes with."""

    status: int
    key: str
    meaning: str


OPERATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "C1": "Ziyaretçi sorgulama. Sorgunun yapıldığı yer kayda alınır.",
        "C2": "Çalışan sorgulama.",
        "C3": "Tekil sorgulama.",
        "C4": "Toplu sorgulama. Hatalı bir kod çağrının tamamını başarısız kılmaz.",
        "C5": "Aşı, bağışıklık ve test bilgisi ile tekil sorgulama.",
        "C6": "Aşı, bağışıklık ve test bilgisi ile toplu sorgulama. Hatalı bir kod çağrının tamamını başarısız kılmaz.",
    }
)

FIELDS: Final[Mapping[str, Field]] = MappingProxyType(
    {
        "hes_code": Field(
            "HES kodu: on karakter; tireli veya tiresiz, büyük veya küçük harfle yazılabilir.", "A1B2-3456-17"
        ),
        "city": Field("Sorgunun yapıldığı il.", "Eskişehir"),
        "district": Field("Sorgunun yapıldığı ilçe.", "Odunpazarı"),
        "explicit_address": Field("Sorgunun yapıldığı açık adres.", "Atatürk Caddesi 1, ana giriş"),
        "location": Field("Sorgunun yapıldığı yerin koordinatı; bilinmiyorsa gönderilmez veya null gönderilir."),
        "latitude": Field("Enlem, ondalık derece (-90 ile 90 arası).", 39.77),
        "longitude": Field("Boylam, ondalık derece (-180 ile 180 arası).", 30.52),
        "expiration_date": Field("Kodun geçerliliğinin bittiği an (UTC).", "2021-12-31T20:59:59.000Z"),
        "current_health_status": Field("Kod sahibinin şu anki durumu: RISKLESS (riskli değil) veya RISKY.", "RISKLESS"),
        "masked_identity_number": Field("Maskelenmiş kimlik numarası: yalnızca son üç hane görünür.", "********482"),
        "masked_firstname": Field("Maskelenmiş ad.", "AY****"),
        "masked_lastname": Field("Maskelenmiş soyad; sonunda bir boşluk bulunur.", "YI**** "),
        "is_vaccinated": Field("İki doz aşı yapılmışsa true; kişi bu bilgiyi paylaşmıyorsa null.", True),
        "is_immune": Field("Hastalık son altı ay içinde geçirilmişse true; kişi paylaşmıyorsa null.", False),
        "is_test_data_shared": Field("Kişinin test bilgisini paylaşıp paylaşmadığı.", True),
        "last_negative_test_date": Field(
            "Geçerlilik süresi içindeki son negatif PCR testinin anı (UTC); yoksa null.", "2021-08-09T11:51:30.597Z"
        ),
        "success_map": Field("Yanıtlanan kodlar: anahtar HES kodu, değer tekil sorgunun yanıtıdır."),
        "unsuccess_map": Field("Yanıtlanamayan kodlar: anahtar HES kodu, değer errorKey'dir.", "hescodenotfound"),
        "entityName": Field("Hatanın ilgili olduğu varlık.", "hesCode"),
        "errorKey": Field("Hatanın değişmez anahtarı; yazılımınız buna göre karar vermelidir.", "hescodenotfound"),
        "type": Field("Hata türünün adresi.", "https://www.jhipster.tech/problem/problem-with-message"),
        "title": Field("Kullanıcıya gösterilebilecek açıklama.", "Girilen HES kodu bulunamadı."),
        "status": Field("HTTP durum kodu.", 400),
        "message": Field("error. önekiyle hata anahtarı.", "error.hescodenotfound"),
        "params": Field("entityName ile aynı değer.", "hesCode"),
        "detail": Field("Geliştirici için açıklama; bulunmayabilir.", None),
    }
)

STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "200": "Yanıt",
        "400": "İstek okunamadı veya kod yanıtlanamıyor",
        "401": "Kullanıcı adı veya parola bu ortamı açmıyor",
        "413": "İstek gövdesi sınırın üstünde",
        "503": "Servis şu anda yanıt veremiyor; daha sonra yeniden deneyiniz",
    }
)

REFUSALS: Final = (
    Refusal(400, "hescodenotfound", "Kod yok veya silinmiş."),
    Refusal(400, "hescodehasbeenexpired", "Kodun süresi dolmuş; yanıtta expiration_date alanı da bulunur."),
    Refusal(400, "toomanyhescodes", "Toplu çağrıda izin verilenden çok kod var; hiçbiri sorgulanmadı."),
    Refusal(400, "constraintviolation", "Gövde bu dokümana uymuyor; hiçbir kod sorgulanmadı."),
    Refusal(401, "badcredentials", "Kullanıcı adı, parola veya ortam yanlış; ya da hesap kilitli veya iptal edilmiş."),
    Refusal(405, "methodnotallowed", "Yalnızca POST desteklenir."),
    Refusal(413, "payloadtoolarge", "İstek gövdesi çok büyük; çağrıyı bölünüz."),
    Refusal(503, "unavailable", "Sorgu kayda alınamadığı için yanıtlanmadı."),
)
