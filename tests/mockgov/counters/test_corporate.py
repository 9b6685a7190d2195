"""The corporate service on the wire, C1 to C6: exactly the fields and types of facts section 2, no more, no fewer."""

import pytest

from mockgov.credentials.rules import Environment
from mockgov.settings import Settings
from tests.mockgov.counters.town import BASES, DAY, LABEL, LIVE, MONDAY, PLACE, QUICK, SUFFIXES, TEST, Town

BOTH = pytest.mark.parametrize("environment", [LIVE, TEST])
EACH = pytest.mark.parametrize("operation", list(SUFFIXES))
SINGLE = pytest.mark.parametrize("operation", ["C1", "C2", "C3", "C5"])
PLUS_FIELDS = {"is_vaccinated", "is_immune", "is_test_data_shared", "last_negative_test_date"}
PROBLEM_FIELDS = {"entityName", "errorKey", "type", "title", "status", "message", "params"}


def riskless(town: Town) -> dict[str, object]:
    """What a single answer says of the mother, whose code ends in a week."""
    return {
        "expiration_date": "2021-10-11T05:00:00.000Z",
        "current_health_status": "RISKLESS",
        "masked_identity_number": "********" + town.mother.identity.digits[8:],
        "masked_firstname": "AY**** NU****",
        "masked_lastname": "YI**** ",
    }


@BOTH
@pytest.mark.parametrize("operation", ["C1", "C2", "C3"])
def test_a_single_answer(town: Town, operation: str, environment: Environment) -> None:
    """Five fields, the surname with its trailing blank, the moment in UTC."""
    answer = town.ask(operation, town.body_of(operation, [town.issue().text]), environment=environment)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == riskless(town)


@BOTH
def test_a_plus_answer(town: Town, environment: Environment) -> None:
    """Four more fields; a negative PCR of the last 72 hours with its milliseconds."""
    answer = town.ask("C5", {"hes_code": town.issue().text}, environment=environment)
    assert answer.status_code == 200
    assert answer.json() == riskless(town) | {
        "is_vaccinated": True,
        "is_immune": False,
        "is_test_data_shared": True,
        "last_negative_test_date": "2021-10-03T11:51:30.597Z",
    }


def test_a_plus_answer_about_a_case(town: Town) -> None:
    """Risky, not vaccinated, immune by the disease, no negative test."""
    answer = town.ask("C5", {"hes_code": town.issue(town.father).text}).json()
    assert answer["current_health_status"] == "RISKY"
    assert {name: answer[name] for name in PLUS_FIELDS} == {
        "is_vaccinated": False,
        "is_immune": True,
        "is_test_data_shared": True,
        "last_negative_test_date": None,
    }


def test_a_plus_answer_about_somebody_who_does_not_share(town: Town) -> None:
    """Null for every datum, and `is_test_data_shared` says why."""
    answer = town.ask("C5", {"hes_code": town.issue(town.stranger).text}).json()
    assert {name: answer[name] for name in PLUS_FIELDS} == {
        "is_vaccinated": None,
        "is_immune": None,
        "is_test_data_shared": False,
        "last_negative_test_date": None,
    }


def test_the_window_of_the_negative_test_is_a_setting() -> None:
    """72 hours; another screen says 48, and after them the test is no longer told."""
    for hours, left in ((72, True), (48, False)):
        town = Town(Settings(argon2_memory_kib=8, argon2_passes=1, negative_test_hours=hours))
        code = town.issue()
        town.advance(hours=40)
        answer = town.ask("C5", {"hes_code": code.text}).json()
        assert (answer["last_negative_test_date"] is not None) is left
        town.close()


def test_an_indefinite_code(town: Town) -> None:
    answer = town.ask("C3", {"hes_code": town.issue(days=None).text})
    assert answer.json()["expiration_date"] == "2070-12-30T13:00:00.000Z"


@BOTH
@pytest.mark.parametrize("operation", ["C4", "C6"])
def test_a_bulk_answer(town: Town, operation: str, environment: Environment) -> None:
    """Good codes in success_map, bad ones with their errorKey in unsuccess_map; one bad code fails nobody."""
    mother, father, old, gone = town.issue(), town.issue(town.father), town.issue(days=1), town.issue()
    town.ministry.codes.delete(gone)
    town.advance(days=2)
    codes = [one.text for one in (mother, old, father, gone)] + ["A1B2345617", "HELLO"]
    answer = town.ask(operation, town.body_of(operation, codes), environment=environment)
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"success_map", "unsuccess_map"}
    assert list(body["success_map"]) == [mother.text, father.text]
    fields = set(riskless(town)) | (PLUS_FIELDS if operation == "C6" else set())
    assert {frozenset(one) for one in body["success_map"].values()} == {frozenset(fields)}
    assert body["success_map"][mother.text].items() >= riskless(town).items()
    assert body["success_map"][father.text]["current_health_status"] == "RISKY"
    assert body["unsuccess_map"] == {
        old.text: "hescodehasbeenexpired",
        gone.text: "hescodenotfound",
        "A1B2345617": "hescodenotfound",
        "HELLO": "hescodenotfound",
    }


@BOTH
@SINGLE
def test_an_unknown_code(town: Town, operation: str, environment: Environment) -> None:
    """400, problem JSON with errorKey hescodenotfound and a title for the user; no expiration_date."""
    answer = town.ask(operation, town.body_of(operation, ["A1B2345617"]), environment=environment)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "entityName": "hesCode",
        "errorKey": "hescodenotfound",
        "type": "https://www.jhipster.tech/problem/problem-with-message",
        "title": "Girilen HES kodu bulunamadı.",
        "status": 400,
        "message": "error.hescodenotfound",
        "params": "hesCode",
    }


@BOTH
@SINGLE
def test_an_expired_code(town: Town, operation: str, environment: Environment) -> None:
    """400 with errorKey hescodehasbeenexpired, and the moment at which it ended."""
    code = town.issue(days=1)
    town.advance(days=1)
    answer = town.ask(operation, town.body_of(operation, [code.text]), environment=environment)
    assert answer.status_code == 400
    assert answer.json()["errorKey"] == "hescodehasbeenexpired"
    assert answer.json()["expiration_date"] == "2021-10-05T05:00:00.000Z"
    assert set(answer.json()) == PROBLEM_FIELDS | {"expiration_date"}


@SINGLE
def test_a_deleted_code_reads_as_not_found(town: Town, operation: str) -> None:
    """From the very next query, also when it has expired since."""
    code = town.issue(days=1)
    assert town.ask(operation, town.body_of(operation, [code.text])).status_code == 200
    town.ministry.codes.delete(code)
    for _ in range(2):
        answer = town.ask(operation, town.body_of(operation, [code.text]))
        assert (answer.status_code, answer.json()["errorKey"]) == (400, "hescodenotfound")
        town.advance(days=2)


def test_a_shortened_code_expires_earlier(town: Town) -> None:
    code = town.issue()
    town.ministry.codes.shorten(code, MONDAY + DAY)
    assert town.ask("C3", {"hes_code": code.text}).json()["expiration_date"] == "2021-10-05T05:00:00.000Z"
    town.advance(days=1)
    assert town.ask("C3", {"hes_code": code.text}).json()["errorKey"] == "hescodehasbeenexpired"


@EACH
@pytest.mark.parametrize(
    "write",
    [
        lambda code: f"{code[:4]}-{code[4:8]}-{code[8:]}",
        lambda code: code.lower(),
        lambda code: f" {code[:4]} {code[4:8]} {code[8:]} ",
        lambda code: f"0123456789abcdef0123456789abcdef|{code}",
        lambda code: f"0123456789abcdef0123456789abcdef;{code}",
    ],
)
def test_a_code_however_written(town: Town, operation: str, write: object) -> None:
    """With dashes, in lower case, with blanks, as raw QR text with | or ;: the same answer under the clean code."""
    code = town.issue().text
    answer = town.ask(operation, town.body_of(operation, [write(code)]))
    assert answer.status_code == 200
    body = answer.json()
    assert (body["success_map"][code] if operation in ("C4", "C6") else body).items() >= riskless(town).items()


def test_strict_reading_takes_no_qr_text() -> None:
    """Where the setting says so; dashes and case stay free."""
    town = Town(Settings(argon2_memory_kib=8, argon2_passes=1, lenient_codes=False))
    code = town.issue()
    assert town.ask("C3", {"hes_code": f"{code.qr_token}|{code.text}"}).json()["errorKey"] == "hescodenotfound"
    assert town.ask("C3", {"hes_code": code.text.lower()}).status_code == 200
    town.close()


@EACH
@pytest.mark.parametrize("text", ["", "HELLO", "ı1B2345617", "A1B23456177", "A1B2-3456-1?", "x" * 10_000, "|||"])
def test_a_text_that_is_no_code_reads_as_not_found(town: Town, operation: str, text: str) -> None:
    """It is asked, answered and not kept."""
    answer = town.ask(operation, town.body_of(operation, [text]))
    if operation in ("C4", "C6"):
        assert answer.json() == {"success_map": {}, "unsuccess_map": {text: "hescodenotfound"}}
    else:
        assert (answer.status_code, answer.json()["errorKey"]) == (400, "hescodenotfound")
    assert [row.code for row in town.ministry.queries.by(f"{LABEL}-G2G-HES")] == [None]


def test_an_identity_number_sent_by_mistake_is_not_repeated(town: Town) -> None:
    """Neither in the bulk map nor in the trail, with blanks and dashes in it or not."""
    number = town.mother.identity.digits
    for text in (number, f" {number[:3]} {number[3:6]} {number[6:]}", f"{number[:6]}-{number[6:]}"):
        answer = town.ask("C4", [{"hes_code": text}])
        assert answer.json()["unsuccess_map"] == {f"********{number[8:]}": "hescodenotfound"}
        assert number not in answer.text
    assert {row.code for row in town.ministry.queries.by(f"{LABEL}-G2G-HES")} == {None}


@pytest.mark.parametrize("operation", ["C4", "C6"])
def test_500_codes_and_501(town: Town, operation: str) -> None:
    """500 are answered; 501 are refused whole, and nobody is asked about."""
    known = town.issue().text
    codes = [f"A1B2{n:04d}19" for n in range(500)]
    answer = town.ask(operation, town.body_of(operation, [known, *codes[:499]]))
    assert answer.status_code == 200
    assert (len(answer.json()["success_map"]), len(answer.json()["unsuccess_map"])) == (1, 499)
    assert town.ministry.queries.count() == 500
    for many in ([known, *codes], [known] * 501):
        answer = town.ask(operation, town.body_of(operation, many))
        assert (answer.status_code, answer.json()["errorKey"]) == (400, "toomanyhescodes")
        assert "at most 500 codes; this one has 501. Split it" in answer.json()["detail"]
    assert town.ministry.queries.count() == 500


@pytest.mark.parametrize("operation", ["C4", "C6"])
def test_no_codes(town: Town, operation: str) -> None:
    assert town.ask(operation, []).json() == {"success_map": {}, "unsuccess_map": {}}


def test_a_code_twice_in_a_call_is_asked_once(town: Town) -> None:
    """However it is written."""
    code = town.issue().text
    answer = town.ask("C4", [{"hes_code": code}, {"hes_code": code.lower()}])
    assert list(answer.json()["success_map"]) == [code]
    assert town.ministry.queries.count() == 1


@EACH
def test_unknown_extra_fields_are_ignored(town: Town, operation: str) -> None:
    """As the original's framework does, at every depth."""
    code = town.issue().text
    extra = {"hes_code": code, "extra": {"a": [1, None, "x"]}, "HES_CODE": "x", "": 0}
    location = {"latitude": 39.77, "longitude": 30.52, "altitude": "high"}
    body: object = extra | PLACE | {"location": location}
    answer = town.ask(operation, [body] if operation in ("C4", "C6") else body)
    assert answer.status_code == 200
    assert "39.77" in (town.ministry.queries.about(town.mother.citizen_id)[0].place or "39.77")


@pytest.mark.parametrize("missing", ["city", "district", "explicit_address", "hes_code"])
def test_a_visitor_needs_a_place(town: Town, missing: str) -> None:
    """The first four fields are mandatory; a field without text is missing."""
    whole = {"hes_code": town.issue().text} | PLACE
    without = {name: value for name, value in whole.items() if name != missing}
    broken = [without, whole | {missing: None}, whole | {missing: 7}]
    if missing != "hes_code":
        broken += [whole | {missing: text} for text in ("", " ", "x" * 501, "a\x00")]
    for body in broken:
        answer = town.ask("C1", body)
        assert (answer.status_code, answer.json()["errorKey"]) == (400, "constraintviolation")
        assert missing in answer.json()["detail"]
    assert town.ministry.queries.count() == 0


@pytest.mark.parametrize(
    ("location", "status"),
    [
        (None, 200),
        ({"latitude": 39.77, "longitude": 30.52}, 200),
        ({"latitude": -90, "longitude": 180}, 200),
        ({"latitude": 90.01, "longitude": 0}, 400),
        ({"latitude": 0, "longitude": -180.01}, 400),
        ({"latitude": "39.77", "longitude": 0}, 400),
        ({"latitude": 39.77}, 400),
        ({}, 400),
        ("here", 400),
        ([39.77, 30.52], 400),
    ],
)
def test_a_visitors_location_is_optional(town: Town, location: object, status: int) -> None:
    """Decimal degrees on this earth, or nothing."""
    body = {"hes_code": town.issue().text, "location": location} | PLACE
    assert town.ask("C1", body).status_code == status


def test_the_place_of_a_visit_is_recorded(town: Town) -> None:
    body = {"hes_code": town.issue().text, "location": {"latitude": 39.77, "longitude": 30.52}} | PLACE
    town.ask("C1", body)
    (row,) = town.ministry.queries.about(town.mother.citizen_id)
    assert row.place == (
        '{"city":"Eskişehir","district":"Odunpazarı","explicit_address":"Meydan 1",'
        '"location":{"latitude":39.77,"longitude":30.52}}'
    )


def test_the_holder_sees_who_asked(town: Town) -> None:
    """Every operation of both environments with its purpose, newest first; also after expiry."""
    code = town.issue(days=1).text
    for environment in (LIVE, TEST):
        for operation in SUFFIXES:
            town.ask(operation, town.body_of(operation, [code]), environment=environment)
    town.advance(days=1)
    town.ask("C3", {"hes_code": code}, username="KURUM-G2G-HES")
    seen = town.client.get(f"/_lab/people/{town.mother.citizen_id}/askers").json()
    assert [(row["asker"], row["purpose"], row["outcome"]) for row in seen] == [
        ("KURUM-G2G-HES", "single", "hescodehasbeenexpired"),
        *[
            (LABEL + ending, purpose, "RISKLESS")
            for ending in ("-TEST", "-G2G-HES")
            for purpose in ("bulk-plus", "single-plus", "bulk", "single", "employee", "visitor")
        ],
    ]
    assert {row["asked_at"] for row in seen[1:]} == {"2021-10-04T05:00:00.000Z"}
    assert town.client.get(f"/_lab/people/{town.father.citizen_id}/askers").json() == []


@EACH
@BOTH
def test_other_methods(town: Town, operation: str, environment: Environment) -> None:
    """405 with Allow; OPTIONS answers a browser kiosk's preflight."""
    path = BASES[environment] + SUFFIXES[operation]
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        answer = town.client.request(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")
        assert answer.json()["status"] == 405
    preflight = town.client.options(path)
    assert (preflight.status_code, preflight.content) == (204, b"")
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert preflight.headers["access-control-allow-methods"] == "POST"
    assert preflight.headers["access-control-allow-headers"] == "authorization, content-type, accept"


def test_every_answer_lets_a_browser_kiosk_read_it() -> None:
    """Good answers, problems and challenges carry the origin of the settings."""
    town = Town(Settings(argon2_memory_kib=8, argon2_passes=1, cors_origin="https://kiosk.example"))
    for answer in (
        town.ask("C3", {"hes_code": town.issue().text}),
        town.ask("C3", {"hes_code": "A1B2345617"}),
        town.ask("C3", b"{"),
        town.ask("C3", {}, password="wrong"),
        town.client.get(BASES[LIVE] + SUFFIXES["C3"]),
    ):
        assert answer.headers["access-control-allow-origin"] == "https://kiosk.example"
    town.close()


def test_the_settings_limit_is_the_limit() -> None:
    town = Town(Settings(argon2_memory_kib=8, argon2_passes=1, bulk_limit=2))
    assert town.ask("C4", town.body_of("C4", ["A1B2345617", "A1B2345618"])).status_code == 200
    assert town.ask("C4", town.body_of("C4", ["A1B2345617"] * 3)).json()["errorKey"] == "toomanyhescodes"
    town.close()


def test_the_quick_settings_change_no_rule() -> None:
    """What these tests speed up is the cost of a password hash, and nothing else."""
    changed = {n for n in Settings.__dataclass_fields__ if getattr(QUICK, n) != getattr(Settings(), n)}
    assert changed == {"argon2_memory_kib", "argon2_passes"}
