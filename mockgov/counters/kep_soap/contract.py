"""What the SOAP counter takes and gives, as data: WSDL, reader and writer are all made from these tables.

Names and namespaces are those of PTT KEP's *EYWS* service (WSDL 1.1). Every element may be left out, as that service
has it; what an operation cannot do without it says in its answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

SERVICE_NS: Final = "http://ws.apache.org/axis2"
"""Namespace of operations, `param0` and `return`."""
TYPES_NS: Final = "http://ws.apache.org/axis2/xsd"
"""Namespace of everything inside them."""
XMIME_NS: Final = "http://www.w3.org/2005/05/xmlmime"
"""Namespace of the binary type, which MTOM may take out of the envelope."""

STRING: Final = "string"
INT: Final = "int"
DECIMAL: Final = "decimal"
MOMENT: Final = "dateTime"
BINARY: Final = "base64Binary"
SIMPLE: Final = frozenset({STRING, INT, DECIMAL, MOMENT})

Values = Mapping[str, Any]
"""The elements of a type by name: `str`, `int`, `Decimal`, aware `datetime`, `Binary`, `Values`, or lists of them."""


@dataclass(frozen=True, slots=True)
class Field:
    """One element: its name, its kind (a simple one, `BINARY`, or the name of an enumeration or type)."""

    name: str
    kind: str = STRING
    many: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary:
    """What stands in an element of kind `BINARY`."""

    data: bytes
    content_type: str = "application/octet-stream"
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: what `param0` is, and what `return` is."""

    name: str
    takes: str
    gives: Field


ENUMERATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "eyGirisTur": ("BASE", "OTP", "EIMZA"),
    "eyPaketTur": ("Standart", "ETEbligat", "EYazisma"),
    "eyPart": ("ALL", "ORGM", "ORGMATTACH"),
}

_ACCOUNT = Field("kepHesap", "eyKepHesapGirisP")
_STATUS = (Field("durum", INT), Field("hataaciklama"))


def _lists(*fields: Field) -> tuple[Field, ...]:
    return tuple(Field(field.name, field.kind, many=True) for field in fields)


TYPES: Final[Mapping[str, tuple[Field, ...]]] = {
    "eyKepHesapGirisP": (Field("kepHesap"), Field("tcno"), Field("parola"), Field("sifre")),
    "eyGiris": (_ACCOUNT, Field("girisTur", "eyGirisTur")),
    "eyGirisSonuc": (
        Field("durum"),
        Field("hataaciklama"),
        Field("eMetin"),
        Field("eHash"),
        Field("eGuvenlikId"),
    ),
    "eyGuvenliGiris": (
        _ACCOUNT,
        Field("girisTur", "eyGirisTur"),
        Field("smsKey"),
        Field("eCadesBes", BINARY),
        Field("eGuvenlikId"),
    ),
    "eyGuvenliGirisSonuc": (Field("durum"), Field("hataaciklama"), Field("eGuvenlikId")),
    "eyYukle": (_ACCOUNT, Field("ePaket", BINARY), Field("ePaketTur", "eyPaketTur")),
    "eyYukleSonuc": (Field("durum", INT), Field("kepId"), Field("hataaciklama")),
    "eyIndir": (
        _ACCOUNT,
        Field("kepId"),
        Field("kepSiraNo", INT),
        Field("ePart", "eyPart"),
        Field("eGuvenlikId"),
        Field("dizin"),
    ),
    "eyIndirSonuc": (Field("durum", INT), Field("ePaket", BINARY, many=True), Field("hataaciklama")),
    "eyPaketSorgula": (_ACCOUNT, Field("ilktarih", MOMENT), Field("sontarih", MOMENT), Field("dizin")),
    "eyPaketSonuc": _lists(
        Field("durum", INT),
        Field("kepId"),
        Field("OrgMesajId"),
        Field("kepSiraNo", INT),
        Field("from"),
        Field("fromKep"),
        Field("konu"),
        Field("tur"),
        Field("turId"),
        Field("hataaciklama"),
    ),
    "eyPaketKepId": (_ACCOUNT, Field("kepId"), Field("kepSiraNo", INT), Field("dizin")),
    "eyPaketDelilSonuc": _lists(
        Field("durum", INT),
        Field("delilId"),
        Field("delilTurId", INT),
        Field("delilaciklama"),
        Field("tarih", MOMENT),
        Field("kephs"),
        Field("hataaciklama"),
    ),
    "eyPaketDelilId": (_ACCOUNT, Field("delilId")),
    "eyPaketDelilIndirSonuc": (Field("durum", INT), Field("eDelil", BINARY), Field("hataaciklama")),
    "eyDurumSonuc": _STATUS,
    "kontorSonuc": (Field("cins"), Field("miktar", DECIMAL)),
    "eyRehberTuzel": (_ACCOUNT, Field("unvan")),
    "eyRehberSonuc": _lists(Field("durum", INT), Field("kepHesap"), Field("unvan"), Field("hataaciklama")),
}
"""Elements in the order in which they stand on the wire."""


def _operation(name: str, takes: str, gives: str, *, many: bool = False) -> tuple[str, Operation]:
    return name, Operation(name, takes, Field("return", gives, many))


OPERATIONS: Final[Mapping[str, Operation]] = dict(
    [
        _operation("Giris", "eyGiris", "eyGirisSonuc"),
        _operation("GuvenliGiris", "eyGuvenliGiris", "eyGuvenliGirisSonuc"),
        _operation("Yukle", "eyYukle", "eyYukleSonuc"),
        _operation("Indir", "eyIndir", "eyIndirSonuc"),
        _operation("PaketSorgula", "eyPaketSorgula", "eyPaketSonuc"),
        _operation("PaketDelilSorgula", "eyPaketKepId", "eyPaketDelilSonuc"),
        _operation("PaketDelilIndir", "eyPaketDelilId", "eyPaketDelilIndirSonuc"),
        _operation("AlindiOnay", "eyPaketKepId", "eyDurumSonuc"),
        _operation("PaketSil", "eyPaketKepId", "eyDurumSonuc"),
        _operation("DizinSorgula", "eyKepHesapGirisP", STRING, many=True),
        _operation("KotaSorgula", "eyKepHesapGirisP", INT),
        _operation("KontorSorgula", "eyKepHesapGirisP", "kontorSonuc"),
        _operation("RehberTuzelKisiSorgula", "eyRehberTuzel", "eyRehberSonuc"),
    ]
)
