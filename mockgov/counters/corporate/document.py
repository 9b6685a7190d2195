"""The service document (*servis dokümanı*) that step 4 sends with the test credentials, made from the OpenAPI.

Paths, bodies, fields, types, limits and statuses are read from the merged schema, so that the paper cannot say
anything else than the counter does; `meanings` adds what they mean. Nothing of an institution stands in it, and the
same schema gives the same bytes.

The paper behind it takes a moment to load: import this module where a document is sent.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from mockgov.clock import TURKEY
from mockgov.counters.corporate.meanings import FIELDS, OPERATIONS, REFUSALS, STATUSES
from mockgov.counters.corporate.openapi import merged
from mockgov.credentials.rules import LIVE_BASE, TEST_BASE
from mockgov.paper import Paper

TITLE: Final = "HES Kurumsal Sorgulama Servisi: Servis Dokümanı"
EDITION: Final = datetime(2021, 9, 1, tzinfo=TURKEY)
"""The day that the document gives as its making (chosen here)."""
REFERENCE: Final = "HES kurumsal servis dokümanı, sürüm 1"
EXAMPLE_PAIR: Final = "KURUM-TEST:paRoLa0123456789ab"
"""A pair that opens nothing."""
KINDS: Final = {"string": "metin", "number": "sayı", "integer": "tam sayı", "boolean": "true / false", "null": "null"}

Schema = Mapping[str, Any]


def service_document() -> bytes:
    """The document as a PDF."""
    return drawn(json.dumps(merged({"paths": {}}), ensure_ascii=False))


@lru_cache(maxsize=2)
def drawn(schema_json: str) -> bytes:
    """The document of a schema; kept, since drawing takes a moment. Raises KeyError for a word without a meaning."""
    schema = json.loads(schema_json)
    paper = Paper(TITLE, at=EDITION, reference=REFERENCE)
    _introduce(paper)
    paper.heading("4. İşlemler")
    paper.text("Aşağıdaki örneklerdeki bütün değerler uydurmadır.")
    for test, live in _operations(schema):
        _describe(paper, schema, test, live)
    _types(paper, schema)
    _errors(paper, schema)
    return paper.bytes()


def _introduce(paper: Paper) -> None:
    paper.text(
        "Bu doküman, entegrasyon izni verilen kurumların HES kodlarını kendi yazılımları ile sorgulayabilmesi için "
        "sunulan servisi tanımlar. Servis REST mimarisindedir; istek ve yanıt gövdeleri JSON, karakter kodlaması "
        "UTF-8'dir. Bütün çağrılar HTTP POST ile yapılır."
    )
    paper.heading("1. Ortamlar")
    paper.table(
        [
            ("Test ortamı", f"{TEST_BASE}\nKullanıcı adı: <KURUM>-TEST"),
            ("Canlı ortam", f"{LIVE_BASE}\nKullanıcı adı: <KURUM>-G2G-HES"),
        ]
    )
    paper.text(
        "Test ve canlı ortamın kullanıcı adı ve parolası farklıdır; birinin bilgileri diğerini açmaz. Test bilgileri "
        "bu dokümanla birlikte e-posta ile gönderilir. Test çalışmaları tamamlanıp hesdestek@saglik.gov.tr adresine "
        "bildirildikten sonra canlı ortamın kullanıcı adı e-posta ile, parolası SMS ile yetkili kişiye iletilir."
    )
    paper.heading("2. Kimlik doğrulama")
    paper.text(
        "Her istekte HTTP Basic kimlik doğrulaması (RFC 7617) kullanılır. Kullanıcı adında Türkçe harf bulunabilir; "
        "kullanıcı adı ve parola UTF-8 ile kodlanır. Yanlış parolayla art arda yapılan denemeler hesabı bir süre "
        "kilitler."
    )
    paper.code(f"Authorization: Basic {b64encode(EXAMPLE_PAIR.encode()).decode()}\nContent-Type: application/json")
    paper.heading("3. Kişisel verilerin korunması")
    paper.text(
        "Sorgu sonuçları 6698 sayılı Kanun kapsamında özel nitelikli kişisel veridir: gizli tutulur, üçüncü kişilerle "
        "paylaşılmaz, sorgunun amacı dışında kullanılmaz. Her sorgu, soran kurumla birlikte kayda alınır."
    )


def _operations(schema: Schema) -> Sequence[tuple[str, str]]:
    """The test and the live path of each operation, in the order of the schema."""
    return [(path, path.replace(TEST_BASE, LIVE_BASE)) for path in schema["paths"] if path.startswith(TEST_BASE)]


def _describe(paper: Paper, schema: Schema, test: str, live: str) -> None:
    """One operation: where, what is sent, what comes back."""
    operation = schema["paths"][test]["post"]
    name = operation["summary"].partition(":")[0]
    body = _content(operation["requestBody"])
    answer = _content(operation["responses"]["200"])
    paper.heading(f"{name}. {OPERATIONS[name]}")
    paper.table([("Test ortamı", f"POST {test}"), ("Canlı ortam", f"POST {live}")])
    if "maxItems" in body:
        paper.text(f"Gövde bir listedir; bir çağrıda en fazla {body['maxItems']} kod gönderilebilir.")
    paper.text("İstek gövdesi:")
    paper.table(list(_rows(schema, body)))
    paper.code(written(example(schema, body)))
    paper.text("Başarılı yanıt (200):")
    paper.table(list(_rows(schema, answer)))
    paper.code(written(example(schema, answer)))
    paper.text("Durum kodları:")
    paper.table([(status, STATUSES[status]) for status in operation["responses"]])


def _types(paper: Paper, schema: Schema) -> None:
    paper.heading("5. Veri türleri")
    for name, part in schema["components"]["schemas"].items():
        paper.text(f"{name}:")
        paper.table(list(_rows(schema, part)))


def _errors(paper: Paper, schema: Schema) -> None:
    paper.heading("6. Hatalar")
    paper.text("Hata yanıtlarının türü application/problem+json, gövdesi Problem türündedir.")
    paper.code(written(example(schema, schema["components"]["schemas"]["Problem"])))
    paper.table([(f"{one.status} {one.key}", one.meaning) for one in REFUSALS])


def example(schema: Schema, part: Schema, name: str = "") -> Any:
    """A made-up value of a type; `name` is the field that it stands in."""
    part = _resolved(schema, part)
    if part.get("type") == "array":
        return [example(schema, part["items"])]
    if "properties" in part:
        made = {field: example(schema, one, field) for field, one in part["properties"].items()}
        required = part.get("required", ())
        return {field: value for field, value in made.items() if value is not None or field in required}
    if "additionalProperties" in part:
        code = FIELDS["hes_code"].example.replace("-", "")
        if name == "unsuccess_map":
            return {"B2C3456718": FIELDS[name].example}
        return {code: example(schema, part["additionalProperties"])}
    choices = [one for one in part.get("anyOf", ()) if "$ref" in one]
    return example(schema, choices[0]) if choices else FIELDS[name].example


def written(value: Any) -> str:
    """JSON for people."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def _rows(schema: Schema, part: Schema, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every field of a type with type, whether it must be there, and meaning; those of inner types with their path."""
    part = _resolved(schema, part)
    if part.get("type") == "array":
        part, prefix = _resolved(schema, part["items"]), "[]."
    required = part.get("required", ())
    for name, one in part["properties"].items():
        need = "zorunlu" if name in required else "isteğe bağlı"
        yield f"{prefix}{name}", f"{_kind(schema, one)}, {need}. {FIELDS[name].meaning}"
        inner = next((choice for choice in one.get("anyOf", ()) if "$ref" in choice), None)
        if inner is not None:
            yield from _rows(schema, inner, f"{prefix}{name}.")


def _kind(schema: Schema, part: Schema) -> str:
    if "anyOf" in part:
        return " veya ".join(_kind(schema, one) for one in part["anyOf"])
    if "$ref" in part:
        return str(part["$ref"]).rpartition("/")[2]
    if "additionalProperties" in part:
        return f"nesne (değerleri: {_kind(schema, part['additionalProperties'])})"
    if isinstance(part.get("type"), list):
        return " veya ".join(KINDS[one] for one in part["type"])
    return KINDS[part["type"]]


def _content(part: Schema) -> Schema:
    (only,) = part["content"].values()
    found: Schema = only["schema"]
    return found


def _resolved(schema: Schema, part: Schema) -> Schema:
    while "$ref" in part:
        part = schema["components"]["schemas"][part["$ref"].rpartition("/")[2]]
    return part
