"""The 81 provinces (*il*): where people live, and where a visitor's code is asked.

A province goes by its plate, 1 to 81, the number on its cars. Populations are of 31 December 2020: TÜİK,
*Adrese Dayalı Nüfus Kayıt Sistemi Sonuçları, 2020* (released 4 February 2021); they add up to the published
national total, 83,614,362. Of the districts (*ilçe*) each province has a few real ones, in no order.
"""

from dataclasses import dataclass
from types import MappingProxyType

from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.turkish import lower_tr


class InvalidProvince(InvalidWord):
    """A text or number that is no Turkish province."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """A province of Turkey."""

    plate: int
    """Its number, 1 to 81."""
    name: str
    """Its name in Turkish: `İstanbul`."""
    population_2020: int
    """Registered residents on 31 December 2020, foreigners included."""
    districts: tuple[str, ...]
    """Some of its districts, one at least."""

    @property
    def masked(self) -> str:
        """The name: a province hides nobody."""
        return self.name

    def __str__(self) -> str:
        return self.name


# None is estimated. All but one were compared with reprints of TÜİK's table; the one, Tunceli's, is what the
# others leave of the national total.
_ROWS = (
    (1, "Adana", 2_258_718, ("Seyhan", "Yüreğir", "Çukurova", "Sarıçam", "Ceyhan")),
    (2, "Adıyaman", 632_459, ("Merkez", "Kahta", "Besni")),
    (3, "Afyonkarahisar", 736_912, ("Merkez", "Sandıklı", "Dinar")),
    (4, "Ağrı", 535_435, ("Merkez", "Patnos", "Doğubayazıt")),
    (5, "Amasya", 335_494, ("Merkez", "Merzifon", "Suluova")),
    (6, "Ankara", 5_663_322, ("Çankaya", "Keçiören", "Yenimahalle", "Mamak", "Etimesgut", "Sincan")),
    (7, "Antalya", 2_548_308, ("Kepez", "Muratpaşa", "Alanya", "Manavgat")),
    (8, "Artvin", 169_501, ("Merkez", "Hopa", "Borçka")),
    (9, "Aydın", 1_119_084, ("Efeler", "Nazilli", "Söke", "Kuşadası")),
    (10, "Balıkesir", 1_240_285, ("Karesi", "Altıeylül", "Edremit", "Bandırma")),
    (11, "Bilecik", 218_717, ("Merkez", "Bozüyük")),
    (12, "Bingöl", 281_768, ("Merkez", "Genç", "Solhan")),
    (13, "Bitlis", 350_994, ("Tatvan", "Merkez", "Güroymak")),
    (14, "Bolu", 314_802, ("Merkez", "Gerede", "Mudurnu")),
    (15, "Burdur", 267_092, ("Merkez", "Bucak", "Gölhisar")),
    (16, "Bursa", 3_101_833, ("Osmangazi", "Yıldırım", "Nilüfer", "İnegöl")),
    (17, "Çanakkale", 541_548, ("Merkez", "Biga", "Çan")),
    (18, "Çankırı", 192_428, ("Merkez", "Çerkeş", "Ilgaz")),
    (19, "Çorum", 530_126, ("Merkez", "Sungurlu", "Osmancık")),
    (20, "Denizli", 1_040_915, ("Pamukkale", "Merkezefendi", "Çivril")),
    (21, "Diyarbakır", 1_783_431, ("Bağlar", "Kayapınar", "Yenişehir", "Ergani", "Sur")),
    (22, "Edirne", 407_763, ("Merkez", "Keşan", "Uzunköprü")),
    (23, "Elazığ", 587_960, ("Merkez", "Kovancılar", "Karakoçan")),
    (24, "Erzincan", 234_431, ("Merkez", "Tercan", "Üzümlü")),
    (25, "Erzurum", 758_279, ("Yakutiye", "Palandöken", "Aziziye")),
    (26, "Eskişehir", 888_828, ("Odunpazarı", "Tepebaşı", "Sivrihisar")),
    (27, "Gaziantep", 2_101_157, ("Şahinbey", "Şehitkamil", "Nizip")),
    (28, "Giresun", 448_721, ("Merkez", "Bulancak", "Espiye")),
    (29, "Gümüşhane", 141_702, ("Merkez", "Kelkit", "Şiran")),
    (30, "Hakkari", 280_514, ("Yüksekova", "Merkez", "Şemdinli")),
    (31, "Hatay", 1_659_320, ("Antakya", "İskenderun", "Defne", "Dörtyol")),
    (32, "Isparta", 440_304, ("Merkez", "Yalvaç", "Eğirdir")),
    (33, "Mersin", 1_868_757, ("Tarsus", "Toroslar", "Akdeniz", "Yenişehir", "Mezitli")),
    (
        34,
        "İstanbul",
        15_462_452,
        ("Esenyurt", "Küçükçekmece", "Bağcılar", "Pendik", "Kadıköy", "Fatih"),
    ),
    (35, "İzmir", 4_394_694, ("Buca", "Karabağlar", "Bornova", "Karşıyaka", "Konak")),
    (36, "Kars", 284_923, ("Merkez", "Kağızman", "Sarıkamış")),
    (37, "Kastamonu", 376_377, ("Merkez", "Tosya", "Taşköprü")),
    (38, "Kayseri", 1_421_455, ("Melikgazi", "Kocasinan", "Talas")),
    (39, "Kırklareli", 361_737, ("Lüleburgaz", "Merkez", "Babaeski")),
    (40, "Kırşehir", 243_042, ("Merkez", "Kaman", "Mucur")),
    (41, "Kocaeli", 1_997_258, ("Gebze", "İzmit", "Darıca", "Körfez")),
    (42, "Konya", 2_250_020, ("Selçuklu", "Meram", "Karatay", "Ereğli")),
    (43, "Kütahya", 576_688, ("Merkez", "Tavşanlı", "Simav")),
    (44, "Malatya", 806_156, ("Battalgazi", "Yeşilyurt", "Doğanşehir")),
    (45, "Manisa", 1_450_616, ("Yunusemre", "Şehzadeler", "Akhisar", "Turgutlu")),
    (46, "Kahramanmaraş", 1_168_163, ("Onikişubat", "Dulkadiroğlu", "Elbistan")),
    (47, "Mardin", 854_716, ("Kızıltepe", "Artuklu", "Midyat", "Nusaybin")),
    (48, "Muğla", 1_000_773, ("Bodrum", "Fethiye", "Milas", "Menteşe")),
    (49, "Muş", 411_117, ("Merkez", "Bulanık", "Malazgirt")),
    (50, "Nevşehir", 304_962, ("Merkez", "Ürgüp", "Avanos")),
    (51, "Niğde", 362_071, ("Merkez", "Bor", "Çiftlik")),
    (52, "Ordu", 761_400, ("Altınordu", "Ünye", "Fatsa")),
    (53, "Rize", 344_359, ("Merkez", "Çayeli", "Ardeşen")),
    (54, "Sakarya", 1_042_649, ("Adapazarı", "Serdivan", "Akyazı", "Erenler")),
    (55, "Samsun", 1_356_079, ("İlkadım", "Atakum", "Bafra", "Çarşamba")),
    (56, "Siirt", 331_070, ("Merkez", "Kurtalan", "Pervari")),
    (57, "Sinop", 216_460, ("Merkez", "Boyabat", "Gerze")),
    (58, "Sivas", 635_889, ("Merkez", "Şarkışla", "Yıldızeli")),
    (59, "Tekirdağ", 1_081_065, ("Çorlu", "Süleymanpaşa", "Çerkezköy")),
    (60, "Tokat", 597_861, ("Merkez", "Erbaa", "Turhal")),
    (61, "Trabzon", 811_901, ("Ortahisar", "Akçaabat", "Araklı")),
    (62, "Tunceli", 83_443, ("Merkez", "Pertek", "Çemişgezek")),
    (63, "Şanlıurfa", 2_115_256, ("Eyyübiye", "Haliliye", "Siverek", "Viranşehir", "Karaköprü")),
    (64, "Uşak", 369_433, ("Merkez", "Banaz", "Eşme")),
    (65, "Van", 1_149_342, ("İpekyolu", "Erciş", "Tuşba", "Edremit")),
    (66, "Yozgat", 419_095, ("Merkez", "Sorgun", "Akdağmadeni")),
    (67, "Zonguldak", 591_204, ("Ereğli", "Merkez", "Çaycuma")),
    (68, "Aksaray", 423_011, ("Merkez", "Ortaköy", "Eskil")),
    (69, "Bayburt", 81_910, ("Merkez", "Demirözü", "Aydıntepe")),
    (70, "Karaman", 254_919, ("Merkez", "Ermenek", "Sarıveliler")),
    (71, "Kırıkkale", 278_703, ("Merkez", "Yahşihan", "Keskin")),
    (72, "Batman", 620_278, ("Merkez", "Kozluk", "Sason")),
    (73, "Şırnak", 537_762, ("Cizre", "Silopi", "Merkez", "İdil")),
    (74, "Bartın", 198_979, ("Merkez", "Ulus", "Amasra")),
    (75, "Ardahan", 96_161, ("Merkez", "Göle", "Çıldır")),
    (76, "Iğdır", 201_314, ("Merkez", "Tuzluca", "Aralık")),
    (77, "Yalova", 276_050, ("Merkez", "Çiftlikköy", "Çınarcık")),
    (78, "Karabük", 243_614, ("Merkez", "Safranbolu", "Yenice")),
    (79, "Kilis", 142_792, ("Merkez", "Musabeyli", "Elbeyli")),
    (80, "Osmaniye", 548_556, ("Merkez", "Kadirli", "Düziçi")),
    (81, "Düzce", 395_679, ("Merkez", "Akçakoca", "Kaynaşlı")),
)

PROVINCES: tuple[Province, ...] = tuple(
    Province(plate=plate, name=name, population_2020=population_2020, districts=districts)
    for plate, name, population_2020, districts in _ROWS
)
"""All provinces in the order of their plates."""

NATIONAL_POPULATION_2020 = 83_614_362
"""The published national total that the provinces add up to."""

_BY_NAME = MappingProxyType({lower_tr(province.name): province for province in PROVINCES})


def province_of(plate: int) -> Province:
    """The province with this plate; raises `InvalidProvince`."""
    if not 1 <= plate <= len(PROVINCES):
        raise InvalidProvince("province.plate", "Give a plate from 1 to 81.")
    return PROVINCES[plate - 1]


def parse_province(text: str) -> Province:
    """The province of this name, in any Turkish case, or of this plate; raises `InvalidProvince`."""
    stripped = text.strip()
    if stripped.isascii() and stripped.isdigit() and len(stripped) <= 2:
        return province_of(int(stripped))
    province = _BY_NAME.get(lower_tr(stripped))
    if province is None:
        raise InvalidProvince("province.name", "Give one of the 81 provinces by its Turkish name or its plate.")
    return province
