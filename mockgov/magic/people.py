"""The magic people: one scenario a line of life, with what each channel answers. Pure."""

from typing import Final

from mockgov.magic.roles import DAY, HOUR, CodeFate, Role, dosed, in_contact, isolated, sampled
from mockgov.magic.scenario import Channel, Says, Scenario, When, code, no_code, noon_after, plus
from mockgov.sms.fates import FateKind
from mockgov.vocabulary.person import Sex

MALE: Final = Sex.MALE
GUIDE_TR: Final = "Temaslı takibi rehberinin o gün yürürlükteki hükmü"
GUIDE_EN: Final = "The guide to contact tracing as it stands on the day of the world"
PLUS_TR, PLUS_EN = "Artı sorgu yanıtının alanları", "The fields of a plus answer"
CODE_TR, CODE_EN = "HES kodunun ömrü", "How a code lives"
TEXT_TR, TEXT_EN = "2023 kısa mesaj servisi", "The short number 2023"
NOBODY: Final = (
    Says(channel=Channel.APP, status=404, shows={"errorKey": "citizennotfound"}),
    Says(channel=Channel.SHORT_NUMBER, status=201, shows={"mistake": "unknown-number"}),
    Says(channel=Channel.EDEVLET, status=200),
)
CODE_BY_TEXT: Final = Says(channel=Channel.SHORT_NUMBER, status=201, shows={"mistake": None})


def _waits(error: int) -> tuple[Says, ...]:
    return (Says(channel=Channel.HANDSET, status=200, shows={"state": "enroute", "error": error}),)


HEALTH: Final = (
    Scenario(
        name="always-risky",
        tr="Her zaman riskli",
        en="Always risky",
        rule_tr="Bir makamın emrettiği izolasyon 2070 yılına kadar sürer; her düzenlemede geçerlidir",
        rule_en="An authority's order of isolation lasts until 2070, under any regulation",
        plays=Role(firstname="Sevgi", lastname="Daimoğlu").is_told(isolated()),
        says=(*code("RISKY"), *code("RISKY", When.IN_THREE_DAYS), *plus(current_health_status="RISKY")),
    ),
    Scenario(
        name="always-riskless",
        tr="Hakkında hiçbir bildirim olmayan, riskli olmayan kişi",
        en="Riskless; nothing was ever reported of this person",
        rule_tr="Bildirim yoksa kişi riskli değildir",
        rule_en="Who was never reported is riskless",
        plays=Role(firstname="Salih", lastname="Rahatoğlu", sex=MALE),
        says=(
            *code("RISKLESS"),
            *plus(is_vaccinated=False, is_immune=False, is_test_data_shared=True, last_negative_test_date=None),
            Says(channel=Channel.APP, status=201),
            Says(channel=Channel.EDEVLET, status=302),
            CODE_BY_TEXT,
        ),
    ),
    Scenario(
        name="becomes-risky-in-an-hour",
        tr="Altı saat önceki PCR örneğinin pozitif sonucu bir saat sonra bildirilir",
        en="A sample of six hours ago turns out positive in an hour",
        rule_tr=GUIDE_TR + ": pozitif PCR izolasyon başlatır; sonuç bildirilince geçmiş yeniden yazılır",
        rule_en=GUIDE_EN + ": a positive PCR isolates; the result rewrites the past when it arrives",
        plays=Role(firstname="Yakup", lastname="Birazdan", sex=MALE).is_told(
            sampled(hours_ago=6, positive=True, after=HOUR)
        ),
        says=(*code("RISKLESS"), *code("RISKY", When.IN_AN_HOUR), *code("RISKY", When.IN_THREE_DAYS)),
    ),
    Scenario(
        name="becomes-riskless-tomorrow-at-noon",
        tr="İzolasyonu yarın Türkiye saatiyle 12.00'de biter",
        en="Isolation ends tomorrow at noon in Turkey",
        rule_tr="İzolasyon bitiş anında sona erer; o an artık riskli değildir",
        rule_en="An isolation ends with its last moment, at which the person is riskless again",
        plays=Role(firstname="Öğle", lastname="Bitimli").is_told(isolated(noon_after)),
        says=(*code("RISKY"), *code("RISKLESS", When.TOMORROW_AT_NOON)),
    ),
    Scenario(
        name="contact-since-yesterday",
        tr="Dün bir vakayla yakın temaslı, aşısız",
        en="In close contact with a case yesterday, not vaccinated",
        rule_tr=GUIDE_TR + ": aşısız temaslı temas anından başlayarak risklidir",
        rule_en=GUIDE_EN + ": an unvaccinated contact is risky from the contact on",
        plays=Role(firstname="Temel", lastname="Yakıncı", sex=MALE).is_told(in_contact(hours_ago=24)),
        says=(*code("RISKY"), *code("RISKY", When.IN_THREE_DAYS)),
    ),
    Scenario(
        name="vaccinated-contact",
        tr="Dün yakın temaslı, iki doz aşılı: muaf",
        en="In close contact yesterday, vaccinated twice: exempt",
        rule_tr="17 Eylül 2021'den 5 Ocak 2022'ye kadar: iki doz aşılı temaslı test gününe kadar riskli değildir",
        rule_en="From 17 September 2021 to 5 January 2022 two doses exempt a contact until the day of the test",
        plays=Role(firstname="Muaf", lastname="Temasoğlu", sex=MALE).is_told(
            dosed(1, days_ago=118), dosed(2, days_ago=90), in_contact(hours_ago=24)
        ),
        says=(*code("RISKLESS"), *code("RISKLESS", When.IN_THREE_DAYS), *plus(is_vaccinated=True)),
    ),
    Scenario(
        name="positive-since-yesterday",
        tr="Dün pozitif PCR testi olan vaka",
        en="A case: positive PCR of yesterday",
        rule_tr=GUIDE_TR + ": pozitif PCR izolasyon başlatır",
        rule_en=GUIDE_EN + ": a positive PCR isolates",
        plays=Role(firstname="Vakkas", lastname="Pozitifoğlu", sex=MALE).is_told(sampled(hours_ago=24, positive=True)),
        says=(*code("RISKY"), *code("RISKY", When.IN_THREE_DAYS), *plus(is_immune=True)),
    ),
    Scenario(
        name="one-dose",
        tr="Tek doz aşılı: aşılı sayılmaz",
        en="One dose only: does not count as vaccinated",
        rule_tr=PLUS_TR + ": is_vaccinated ikinci dozla başlar",
        rule_en=PLUS_EN + ": is_vaccinated begins with the second dose",
        plays=Role(firstname="Birce", lastname="Yarımdoz").is_told(dosed(1, days_ago=30)),
        says=(*code("RISKLESS"), *plus(is_vaccinated=False, is_test_data_shared=True)),
    ),
    Scenario(
        name="vaccinated-and-shares",
        tr="İki doz aşılı, bilgisini paylaşıyor",
        en="Vaccinated twice, and shares it",
        rule_tr=PLUS_TR + ": ikinci dozdan sonra is_vaccinated",
        rule_en=PLUS_EN + ": is_vaccinated from the second dose on",
        plays=Role(firstname="Aşkın", lastname="Tamdoz", age=62).is_told(dosed(1, days_ago=118), dosed(2, days_ago=90)),
        says=(*code("RISKLESS"), *plus(is_vaccinated=True, is_immune=False, is_test_data_shared=True)),
    ),
    Scenario(
        name="vaccinated-and-does-not-share",
        tr="İki doz aşılı, bilgisini paylaşmıyor",
        en="Vaccinated twice, and does not share it",
        rule_tr=PLUS_TR + ": paylaşılmayan bilgi null gelir",
        rule_en=PLUS_EN + ": what is not shared is null",
        plays=Role(firstname="Gizem", lastname="Saklıdoz", age=62, shares=False).is_told(
            dosed(1, days_ago=118), dosed(2, days_ago=90)
        ),
        says=(
            *code("RISKLESS"),
            *plus(is_vaccinated=None, is_immune=None, is_test_data_shared=False, last_negative_test_date=None),
        ),
    ),
    Scenario(
        name="immune-by-infection",
        tr="60 gün önce hastalığı geçirmiş",
        en="Had the disease 60 days ago",
        rule_tr=PLUS_TR + ": son altı ayda geçirilen hastalık is_immune",
        rule_en=PLUS_EN + ": is_immune within six months of the disease",
        plays=Role(firstname="Bağış", lastname="Geçirmiş", sex=MALE).is_told(sampled(hours_ago=60 * 24, positive=True)),
        says=(*code("RISKLESS"), *plus(is_vaccinated=False, is_immune=True)),
    ),
    Scenario(
        name="negative-pcr",
        tr="Dün yapılmış negatif PCR testi var; üç gün sonra penceresi kapanmış olur",
        en="A negative PCR of yesterday; in three days it is out of the window",
        rule_tr=PLUS_TR + ": penceredeki son negatif test (ayar: negative_test_hours)",
        rule_en=PLUS_EN + ": the last negative test within the window (setting negative_test_hours)",
        plays=Role(firstname="Nesrin", lastname="Eksi").is_told(sampled(hours_ago=24, positive=False)),
        says=(
            *code("RISKLESS"),
            *plus(is_vaccinated=False, is_test_data_shared=True),
            *plus(When.IN_THREE_DAYS, last_negative_test_date=None),
        ),
    ),
    Scenario(
        name="deceased",
        tr="Vefat etmiş kişi",
        en="Deceased",
        rule_tr="Ölümle kodlar silinir, oturumlar kapanır, kişi numarasıyla bulunmaz (burada seçildi)",
        rule_en="With a death codes are deleted, sessions end, and no number finds the person (chosen here)",
        plays=Role(firstname="Rahmetli", lastname="Merhum", sex=MALE, age=81, dead=True),
        says=(*no_code("hescodenotfound"), *NOBODY),
    ),
)

CODES: Final = (
    Scenario(
        name="code-expires-tomorrow",
        tr="Kodu 24 saat sonra biter",
        en="The code ends in 24 hours",
        rule_tr=CODE_TR + ": bittiği anda geçersizdir",
        rule_en=CODE_EN + ": it is over at the very moment of its end",
        plays=Role(firstname="Yarın", lastname="Sonlu", code=CodeFate(ends_in=DAY)),
        says=(*code("RISKLESS"), *no_code("hescodehasbeenexpired", When.TOMORROW)),
    ),
    Scenario(
        name="code-expired-yesterday",
        tr="Kodu dün bitti",
        en="The code ended yesterday",
        rule_tr=CODE_TR + ": biten kod hescodehasbeenexpired ile reddedilir",
        rule_en=CODE_EN + ": one that is over is refused with hescodehasbeenexpired",
        plays=Role(firstname="Dünya", lastname="Geçmişoğlu", code=CodeFate(ends_in=-DAY)),
        says=no_code("hescodehasbeenexpired"),
    ),
    Scenario(
        name="code-deleted",
        tr="Kodunu sildi",
        en="The holder has deleted the code",
        rule_tr=CODE_TR + ": silinen kod, hiç yokmuş gibi hescodenotfound ile reddedilir",
        rule_en=CODE_EN + ": a deleted one is refused with hescodenotfound, as if it had never been",
        plays=Role(firstname="Silvan", lastname="Yokeden", sex=MALE, code=CodeFate(deleted=True)),
        says=no_code("hescodenotfound"),
    ),
    Scenario(
        name="two-codes-by-sms",
        tr="2023'ten iki kod almış; üçüncüsü reddedilir",
        en="Has two codes from 2023 already; a third is refused",
        rule_tr=TEXT_TR + ": bir hattın en çok iki geçerli kodu olur (ayar: short_number_codes)",
        rule_en=TEXT_EN + ": a line has at most two valid codes (setting short_number_codes)",
        plays=Role(firstname="İkbal", lastname="Çiftkod", texts=2),
        says=(Says(channel=Channel.SHORT_NUMBER, status=201, shows={"mistake": "too-many-codes"}),),
    ),
)

NAMES: Final = (
    Scenario(
        name="turkish-letters",
        tr="Adında İ ve Ğ var: büyük-küçük harf ve kodlama hataları burada görünür",
        en="A name with İ and Ğ: mistakes of case folding and encoding show here",
        rule_tr="Adlar Türkçe büyük harfle tutulur ve sözcük başına iki harf gösterilerek maskelenir",
        rule_en="Names are kept in Turkish capitals, and masked to two letters a word",
        plays=Role(firstname="Çiğdem İrem", lastname="İğdeoğlu"),
        says=(
            Says(
                channel=Channel.CODE,
                status=200,
                shows={"masked_firstname": "Çİ**** İR****", "masked_lastname": "İĞ**** "},
            ),
        ),
    ),
    Scenario(
        name="longest-name",
        tr="Çok uzun bir ad",
        en="A very long name",
        rule_tr="Maske ad uzunluğunu ele vermez",
        rule_en="The mask does not tell how long a name is",
        plays=Role(
            firstname="Muhammed Abdurrahman Alpaslan Selahattin",
            lastname="Karahacıibrahimmustafaoğulları",
            sex=MALE,
        ),
        says=(
            Says(
                channel=Channel.CODE,
                status=200,
                shows={"masked_firstname": "MU**** AB**** AL**** SE****", "masked_lastname": "KA**** "},
            ),
        ),
    ),
    Scenario(
        name="shortest-name",
        tr="İki harfli ad ve soyadı: maskede bütünüyle görünür",
        en="Two letters each: the mask shows them whole",
        rule_tr="İki harfli sözcükler maskelenince de okunur (burada seçildi)",
        rule_en="Words of two letters can be read through the mask (chosen here)",
        plays=Role(firstname="Su", lastname="Öz"),
        says=(
            Says(channel=Channel.CODE, status=200, shows={"masked_firstname": "SU****", "masked_lastname": "ÖZ**** "}),
        ),
    ),
)

PAPERS: Final = (
    Scenario(
        name="child-in-a-family",
        tr="Telefonu olmayan çocuk; kodunu ebeveyni üretir",
        en="A child without a phone, whose parent makes the codes",
        rule_tr="18 yaşından küçükler için ebeveyn işlem yapar; 2023'e yalnızca ailenin hattından yazılır",
        rule_en="Parents act for those under 18; texts to 2023 are taken from the family's lines only",
        plays=Role(
            firstname="Minik",
            lastname="Ailecan",
            age=8,
            has_phone=False,
            parent=Role(firstname="Anaç", lastname="Ailecan", age=36),
        ),
        says=(
            *code("RISKLESS"),
            Says(channel=Channel.SHORT_NUMBER, status=201, shows={"mistake": None}),
            Says(channel=Channel.EDEVLET, status=200),
        ),
    ),
    Scenario(
        name="blue-card",
        tr="Mavi kartlı: kimlik kartı yerine doğum yılıyla yazar",
        en="Holds a blue card, and proves it with the birth year in the place of the card's digits",
        rule_tr=TEXT_TR + ": seri numarası olmayan doğum yılını yazar",
        rule_en=TEXT_EN + ": who has no card's serial sends the birth year",
        plays=Role(firstname="Mavi", lastname="Gurbetçi", blue_card=True),
        says=(*code("RISKLESS"), CODE_BY_TEXT),
    ),
    Scenario(
        name="foreigner",
        tr="99 ile başlayan yabancı kimlik numarası",
        en="A foreigner's identity number, which begins with 99",
        rule_tr=TEXT_TR + ": yabancılar kimlik numarası ve doğum yılıyla yazar",
        rule_en=TEXT_EN + ": foreigners send identity number and birth year",
        plays=Role(firstname="Anna", lastname="Fischer", foreign=True, nationality="DEU"),
        says=(*code("RISKLESS"), CODE_BY_TEXT),
    ),
    Scenario(
        name="passport",
        tr="Geçici numaralı ziyaretçi: pasaportla yazar",
        en="A visitor with a number for a time, who texts with the passport",
        rule_tr=TEXT_TR + ": uyruk, pasaport numarası, doğum yılı, soyadı",
        rule_en=TEXT_EN + ": nationality, passport, birth year, surname",
        plays=Role(
            firstname="John", lastname="O'Neill-Smith", sex=MALE, foreign=True, temporary=True, nationality="GBR"
        ),
        says=(*code("RISKLESS"), CODE_BY_TEXT),
    ),
    Scenario(
        name="no-phone",
        tr="Kendi hattı olmayan yetişkin",
        en="An adult without a line of their own",
        rule_tr="Uygulamaya ve 2023'e hat olmadan girilmez; e-Devlet kalır",
        rule_en="Neither the application nor 2023 goes without a line; e-Devlet remains",
        plays=Role(firstname="Sakin", lastname="Hatsız", sex=MALE, age=71, has_phone=False),
        says=(*code("RISKLESS"), Says(channel=Channel.EDEVLET, status=302)),
    ),
    Scenario(
        name="phone-off",
        tr="Telefonu kapalı: mesajlar bekler",
        en="The phone is off: messages wait",
        rule_tr="Ulaşılamayan telefona geçerlilik süresince yeniden denenir, err 027",
        rule_en="Tried again until the validity ends, err 027",
        plays=Role(firstname="Kapalı", lastname="Ulaşılmaz", handset=FateKind.PHONE_OFF),
        says=_waits(27),
    ),
    Scenario(
        name="phone-unknown",
        tr="Şebekenin tanımadığı hat: mesaj iletilemez",
        en="A line that the network does not know: undeliverable",
        rule_tr="Bilinmeyen abone, err 001",
        rule_en="Unknown subscriber, err 001",
        plays=Role(firstname="Kayıp", lastname="Abonesiz", handset=FateKind.UNDELIVERABLE),
        says=(Says(channel=Channel.HANDSET, status=200, shows={"state": "undeliverable", "error": 1}),),
    ),
    Scenario(
        name="phone-full",
        tr="Telefonun belleği dolu: mesajlar bekler",
        en="The phone is full: messages wait",
        rule_tr="Belleği dolu telefona geçerlilik süresince yeniden denenir, err 032",
        rule_en="Tried again until the validity ends, err 032",
        plays=Role(firstname="Dolu", lastname="Bellekli", handset=FateKind.MEMORY_FULL),
        says=_waits(32),
    ),
)

PEOPLE: Final = (*HEALTH, *CODES, *NAMES, *PAPERS)
"""All of them."""
