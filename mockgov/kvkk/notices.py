"""The notices of article 10 (*aydınlatma metni*): what each front tells people before it takes their data. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Front(StrEnum):
    """Where people's data is taken."""

    MOBILE = "mobile"
    """The mobile application, Hayat Eve Sığar."""
    EDEVLET = "edevlet"
    """The pages of e-Devlet."""
    SMS = "sms"
    """The short number 2023."""
    CORPORATE = "corporate"
    """An institution's door, desk or personnel office, which asks about a code."""
    ACCESS_FORM = "access-form"
    """The access request form of an institution."""


class Part(StrEnum):
    """What a notice has to say, in this order."""

    CONTROLLER = "controller"
    DATA = "data"
    PURPOSE = "purpose"
    GROUND = "ground"
    COLLECTION = "collection"
    RECIPIENTS = "recipients"
    PERIOD = "period"
    RIGHTS = "rights"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a notice in both languages."""

    part: Part
    heading_tr: str
    heading_en: str
    tr: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice as it stands at a time."""

    front: Front
    version: float
    """As the account object's `clarificationTextVersion` has it."""
    in_force_from: date
    title_tr: str
    title_en: str
    sections: Sequence[Section]


VERSIONS: Final[Sequence[tuple[float, date]]] = ((1.0, date(2020, 3, 11)), (2.0, date(2021, 1, 1)))
"""Numbers and first days; 2.0 tells of vaccine, immunity and test results too (days chosen here)."""

STAMP: Final = (
    "Bu metin bir deneme ortamınındır; hukuki geçerliliği yoktur, bütün kişiler uydurmadır.",
    "This text is a sandbox's; it has no legal force, and all people are made up.",
)
HEADINGS: Final[Mapping[Part, tuple[str, str]]] = MappingProxyType(
    {
        Part.CONTROLLER: ("Veri sorumlusu", "Data controller"),
        Part.DATA: ("İşlenen kişisel veriler", "What is processed"),
        Part.PURPOSE: ("İşleme amacı", "What for"),
        Part.GROUND: ("Hukuki sebep", "On which ground"),
        Part.COLLECTION: ("Toplama yöntemi", "How it is collected"),
        Part.RECIPIENTS: ("Aktarım", "Who is told"),
        Part.PERIOD: ("Saklama süresi", "How long it is kept"),
        Part.RIGHTS: ("Haklarınız", "Your rights"),
    }
)
TITLES: Final[Mapping[Front, tuple[str, str]]] = MappingProxyType(
    {
        Front.MOBILE: ("Mobil uygulama aydınlatma metni", "Notice of the mobile application"),
        Front.EDEVLET: ("e-Devlet HES hizmetleri aydınlatma metni", "Notice of the HES services on e-Devlet"),
        Front.SMS: ("2023 kısa mesaj hizmeti aydınlatma metni", "Notice of the text-message service 2023"),
        Front.CORPORATE: ("HES kodu sorgulama aydınlatma metni", "Notice on the checking of HES codes"),
        Front.ACCESS_FORM: ("Erişim Talep Formu aydınlatma metni", "Notice of the access request form"),
    }
)
CONTROLLER: Final = (
    "T.C. Sağlık Bakanlığı (deneme ortamı). " + STAMP[0],
    "The Ministry of Health of the Republic of Turkey (sandbox). " + STAMP[1],
)
DATA: Final[Mapping[Front, tuple[str, str]]] = MappingProxyType(
    {
        Front.MOBILE: (
            "Kimlik, cep telefonu, HES kodlarınız ve etiketleri, aile davetleriniz, giriş kodları, risk durumunuz",
            (
                "Identity, mobile phone, your HES codes and their labels, your family invitations, login codes, your "
                "risk status"
            ),
        ),
        Front.EDEVLET: (
            "Kimlik, HES kodlarınız ve süreleri, risk durumunuz; kurum adına sorgularda sorguladığınız kodlar",
            (
                "Identity, your HES codes and how long they last, your risk status; the codes that you check for an "
                "institution"
            ),
        ),
        Front.SMS: (
            "Mesajı gönderen numara, mesajdaki kimlik veya pasaport bilgileri, üretilen kod",
            "The number that a text comes from, what it says of identity card or passport, the code that is made",
        ),
        Front.CORPORATE: (
            "HES kodu, maskelenmiş ad ve kimlik numarası, risk durumu; ziyaretçide sorgunun yeri",
            "HES code, masked name and identity number, risk status; of a visitor the place of the query",
        ),
        Front.ACCESS_FORM: (
            "Yetkili kişinin kimlik numarası, adı, unvanı, e-postası, telefonu ve imza sertifikası",
            "The authorised person's identity number, name, title, e-mail, phone and signature certificate",
        ),
    }
)
CLINICAL: Final = (
    "; paylaşmayı seçtiyseniz aşı, geçirilmiş hastalık ve test bilgisi",
    "; vaccine, past disease and tests, if you choose to share them",
)
CLINICAL_FRONTS: Final = frozenset({Front.MOBILE, Front.EDEVLET, Front.CORPORATE})
PURPOSE: Final = (
    "Salgının yayılmasını önlemek: riskli kişilerin toplu alanlara girişinin önlenmesi, temaslı takibi",
    "Keeping the epidemic from spreading: keeping people at risk out of shared places, tracing contacts",
)
JOINING: Final = (
    "Kurumun HES sorgulama yetkisi talebinin değerlendirilmesi ve erişim bilgilerinin iletilmesi",
    "Evaluating an institution's application and sending its access details",
)
GROUND: Final = (
    (
        "6698 sayılı Kanun md. 5/2 (a), (ç) ve md. 6/3 (kamu sağlığının korunması, sır saklama yükümlülüğü altında); "
        "1593 sayılı Umumi Hıfzıssıhha Kanunu"
    ),
    "Law 6698, articles 5/2 (a), (ç) and 6/3 (public health, under a duty of secrecy); law 1593 on public hygiene",
)
GROUND_OF_FORM: Final = ("6698 sayılı Kanun md. 5/2 (ç)", "Law 6698, article 5/2 (ç)")
COLLECTION: Final[Mapping[Front, tuple[str, str]]] = MappingProxyType(
    {
        Front.MOBILE: ("Mobil uygulama üzerinden elektronik ortamda", "Electronically, by the application"),
        Front.EDEVLET: ("e-Devlet Kapısı üzerinden elektronik ortamda", "Electronically, by e-Devlet"),
        Front.SMS: ("2023'e gönderilen kısa mesajla", "By text message to 2023"),
        Front.CORPORATE: ("Kurumun sorgu ekranı veya servisiyle", "By the institution's screen or service"),
        Front.ACCESS_FORM: ("Elektronik form ve resmî yazıyla", "By electronic form and official letter"),
    }
)
RECIPIENTS: Final = (
    "Kodunuzu verdiğiniz kurum yalnızca maskelenmiş adınızı ve risk durumunuzu görür; başkasına aktarılmaz",
    "An institution to which you give your code sees your masked name and your risk status; nobody else is told",
)
NO_RECIPIENTS: Final = ("Başkasına aktarılmaz", "Nobody else is told")
PERIODS: Final[Mapping[Front, Sequence[tuple[str, str, str]]]] = MappingProxyType(
    {
        Front.MOBILE: (
            ("keep_codes_days", "süresi dolan veya silinen kodlar {} gün", "codes {} days after they end"),
            ("keep_login_codes_days", "giriş kodları {} gün", "login codes {} days"),
            (
                "keep_reports_days",
                "sağlık kayıtları son kayıttan sonra {} gün",
                "health records {} days after the last",
            ),
            ("keep_queries_days", "sorgu kayıtları {} gün", "records of queries {} days"),
        ),
        Front.EDEVLET: (
            ("keep_codes_days", "süresi dolan veya silinen kodlar {} gün", "codes {} days after they end"),
            ("keep_queries_days", "sorgu kayıtları {} gün", "records of queries {} days"),
        ),
        Front.SMS: (
            ("keep_texts_days", "mesajlar {} gün", "messages {} days"),
            ("keep_codes_days", "süresi dolan veya silinen kodlar {} gün", "codes {} days after they end"),
        ),
        Front.CORPORATE: (("keep_queries_days", "sorgu kayıtları {} gün", "records of queries {} days"),),
        Front.ACCESS_FORM: (
            ("keep_forms_days", "sonuçlanan başvurular {} gün", "applications {} days after they have come to rest"),
        ),
    }
)
RIGHTS: Final = (
    (
        "Kanun'un 11. maddesine göre verilerinizin işlenip işlenmediğini, amacını ve kimlere aktarıldığını öğrenme, "
        "düzeltilmesini, 7. maddedeki şartlarla silinmesini isteme, otomatik analiz sonucuna itiraz ve zararınızın "
        "giderilmesini isteme hakkınız vardır. Başvurunuz en geç otuz gün içinde ücretsiz cevaplanır (md. 13)"
    ),
    (
        "Under article 11 you may learn whether, what for and for whom your data is processed, have it put right, have "
        "it erased on the conditions of article 7, object to what machines conclude, and claim damages. You are "
        "answered within thirty days, free of charge (article 13)"
    ),
)


def notice_at(front: Front, day: date, periods: Mapping[str, int]) -> Notice:
    """The notice in force on a Turkish day; `periods` has the days of the settings that it names."""
    version, since = next(((number, first) for number, first in reversed(VERSIONS) if first <= day), VERSIONS[0])
    data = DATA[front]
    if version >= 2 and front in CLINICAL_FRONTS:
        data = (data[0] + CLINICAL[0], data[1] + CLINICAL[1])
    is_form = front is Front.ACCESS_FORM
    words = {
        Part.CONTROLLER: CONTROLLER,
        Part.DATA: data,
        Part.PURPOSE: JOINING if is_form else PURPOSE,
        Part.GROUND: GROUND_OF_FORM if is_form else GROUND,
        Part.COLLECTION: COLLECTION[front],
        Part.RECIPIENTS: NO_RECIPIENTS if is_form else RECIPIENTS,
        Part.PERIOD: (
            "; ".join(tr.format(periods[name]) for name, tr, _ in PERIODS[front]).capitalize(),
            "; ".join(en.format(periods[name]) for name, _, en in PERIODS[front]).capitalize(),
        ),
        Part.RIGHTS: RIGHTS,
    }
    return Notice(
        front=front,
        version=version,
        in_force_from=since,
        title_tr=TITLES[front][0],
        title_en=TITLES[front][1],
        sections=[
            Section(
                part=part,
                heading_tr=HEADINGS[part][0],
                heading_en=HEADINGS[part][1],
                tr=f"{tr.rstrip('.')}.",
                en=f"{en.rstrip('.')}.",
            )
            for part, (tr, en) in words.items()
        ],
    )
