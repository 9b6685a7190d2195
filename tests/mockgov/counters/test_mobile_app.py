"""The mobile application's service on the wire, M4 to M10: exactly the fields and types of facts section 1."""

import pytest

from tests.mockgov.counters.town import Town

OWN_CODES = "/services/hescodeproxy/api/hes-codes"
MAKE_CODE = "/services/hescodeproxy/api/hes-codes-tr"
CHECK = "/services/hescodeproxy/api/check-hes-code"
CHECK_PLUS = "/services/hescodeproxy/api/check-hes-code-plus"
INVITE = "/services/familyservice/api/add-family-member"
FAMILY = "/services/familyservice/api/account-family-members"
STATISTICS = "/services/statisticservice/api/latest-generic-statistics"
PROBLEM_FIELDS = {"entityName", "errorKey", "type", "title", "status", "message", "params"}


# M4, M5: own codes


def test_m5_makes_an_indefinite_code(town: Town) -> None:
    """Null, missing and no body at all: without end; twelve fields, the QR payload among them."""
    bearer = town.bearer()
    for body in ({"child_tckn": None, "description": "iş", "expiration_date": None}, {"description": "iş"}):
        answer = town.client.post(MAKE_CODE, json=body, headers=bearer)
        assert answer.status_code == 200
        code = answer.json()
        text, token = code["hes_code"], code["hes_code_barcode"].partition("|")[0]
        assert len(token) == 32
        assert code == {
            "hes_code": text,
            "description": "iş",
            "created_date": "2021-10-04T05:00:00.000Z",
            "expiration_date": "2070-12-30T13:00:00.000Z",
            "created_by": "hes-mobile",
            "is_blocked": False,
            "block_info": None,
            "hes_code_barcode": f"{token}|{text}",
            "current_health_status": "RISKLESS",
            "masked_identity_number": f"********{town.mother.identity.digits[8:]}",
            "masked_firstname": "AY**** NU****",
            "masked_lastname": "YI**** ",
        }
    assert town.client.post(MAKE_CODE, headers=bearer).json()["description"] == ""


@pytest.mark.parametrize(
    ("wanted", "ends"),
    [
        ("2021-10-04", "2021-10-04T21:00:00.000Z"),
        ("2021-10-10", "2021-10-10T21:00:00.000Z"),
        ("2021-10-10T10:00:00.000Z", "2021-10-10T21:00:00.000Z"),
        ("2021-10-10T21:30:00Z", "2021-10-11T21:00:00.000Z"),
        ("2021-10-10T23:30:00+03:00", "2021-10-10T21:00:00.000Z"),
        ("2021-10-10T12:00:00", "2021-10-10T21:00:00.000Z"),
    ],
)
def test_m5_with_a_last_day(town: Town, wanted: str, ends: str) -> None:
    """A date or a moment; the code ends with that day in Turkey."""
    answer = town.client.post(MAKE_CODE, json={"expiration_date": wanted}, headers=town.bearer())
    assert answer.json()["expiration_date"] == ends


@pytest.mark.parametrize(
    ("body", "status", "key"),
    [
        ({"expiration_date": "2021-10-03"}, 400, "invalidexpirationdate"),
        ({"expiration_date": "2031-10-03"}, 400, "invalidexpirationdate"),
        ({"expiration_date": "9999-12-31T23:59:59Z"}, 400, "invalidexpirationdate"),
        ({"expiration_date": "0001-01-01T00:00:00+14:00"}, 400, "invalidexpirationdate"),
        ({"expiration_date": "tomorrow"}, 400, "constraintviolation"),
        ({"expiration_date": "2021-13-01"}, 400, "constraintviolation"),
        ({"description": "x" * 101}, 400, "invaliddescription"),
        ({"description": "a\x00"}, 400, "constraintviolation"),
        ({"child_tckn": "10000000146"}, 404, "citizennotfound"),
        ({"child_tckn": "hello"}, 404, "citizennotfound"),
        ([], 400, "constraintviolation"),
    ],
)
def test_m5_refuses(town: Town, body: object, status: int, key: str) -> None:
    """And makes nothing."""
    answer = town.client.post(MAKE_CODE, json=body, headers=town.bearer())
    assert (answer.status_code, answer.json()["errorKey"]) == (status, key)
    assert "10000000146" not in answer.text
    assert town.ministry.codes.of(town.mother.citizen_id) == []


def test_m5_for_a_child(town: Town) -> None:
    """Either parent may; nobody else, and not for an adult."""
    body = {"child_tckn": town.child.identity.digits}
    for parent in (town.mother, town.father):
        answer = town.client.post(MAKE_CODE, json=body, headers=town.bearer(parent))
        assert answer.json()["masked_firstname"] == "CA****"
    for who, whom in ((town.stranger, town.child), (town.mother, town.father), (town.mother, town.stranger)):
        answer = town.client.post(MAKE_CODE, json={"child_tckn": whom.identity.digits}, headers=town.bearer(who))
        assert (answer.status_code, answer.json()["errorKey"]) == (404, "citizennotfound")
    assert len(town.ministry.codes.of(town.child.citizen_id)) == 2


@pytest.mark.parametrize(
    ("method", "body"), [("GET", None), ("POST", None), ("POST", b""), ("POST", b"{}"), ("POST", b"x")]
)
def test_m4_lists_own_codes(town: Town, method: str, body: bytes | None) -> None:
    """By GET and by POST, with any body or none: an array, the holder's codes and then the children's."""
    first, gone, of_child = town.issue(days=1), town.issue(), town.issue(town.child)
    second = town.issue()
    town.issue(town.father)
    town.ministry.codes.delete(gone)
    bearer = town.bearer()
    town.advance(days=1)
    answer = town.client.request(method, OWN_CODES, content=body, headers=bearer)
    assert answer.status_code == 200
    assert [code["hes_code"] for code in answer.json()] == [first.text, second.text, of_child.text]
    assert [code["masked_firstname"] for code in answer.json()] == ["AY**** NU****", "AY**** NU****", "CA****"]


def test_m4_without_codes(town: Town) -> None:
    assert town.client.get(OWN_CODES, headers=town.bearer()).json() == []


# M6, M7: somebody's code


@pytest.mark.parametrize("write", ["{}", "{}-{}-{}", " {} "])
def test_m6_checks_a_code(town: Town, write: str) -> None:
    """Five fields, as the corporate service has them; the asker is the citizen."""
    text = town.issue().text
    written = write.format(text) if write.count("{}") == 1 else write.format(text[:4], text[4:8], text[8:])
    answer = town.client.post(CHECK, json={"hes_code": written}, headers=town.bearer(town.stranger))
    assert answer.status_code == 200
    assert answer.json() == {
        "expiration_date": "2021-10-11T05:00:00.000Z",
        "current_health_status": "RISKLESS",
        "masked_identity_number": f"********{town.mother.identity.digits[8:]}",
        "masked_firstname": "AY**** NU****",
        "masked_lastname": "YI**** ",
    }
    (row,) = town.ministry.queries.about(town.mother.citizen_id)
    assert (row.asker, row.purpose) == (f"citizen:{town.stranger.citizen_id}", "person")


@pytest.mark.parametrize(
    ("who", "vaccinated", "immune", "tested", "eligible"),
    [
        ("mother", True, False, True, True),
        ("father", False, True, False, False),
        ("child", False, False, False, False),
        ("stranger", None, None, None, False),
    ],
)
def test_m7_adds_eligibility(
    town: Town, who: str, *, vaccinated: bool | None, immune: bool | None, tested: bool | None, eligible: bool
) -> None:
    """Every field is always there; who is risky is never eligible, whatever else is true."""
    code = town.issue(getattr(town, who)).text
    answer = town.client.post(CHECK_PLUS, json={"hes_code": code}, headers=town.bearer()).json()
    assert isinstance(answer.pop("eligible_text"), str)
    assert {name: answer[name] for name in answer if name.startswith("is_")} == {
        "is_vaccinated": vaccinated,
        "is_immune": immune,
        "is_tested": tested,
        "is_eligible": eligible,
    }
    assert len(answer) == 9


@pytest.mark.parametrize("path", [CHECK, CHECK_PLUS])
def test_m6_and_m7_refuse(town: Town, path: str) -> None:
    """Unknown, deleted, expired, no code at all: 400 with the wire's word; the end of an expired one is told."""
    bearer = town.bearer()
    gone, old = town.issue(), town.issue(days=1)
    town.ministry.codes.delete(gone)
    town.advance(days=1)
    for text in ("A1B2345617", gone.text, "hello", town.mother.identity.digits):
        answer = town.client.post(path, json={"hes_code": text}, headers=bearer)
        assert (answer.status_code, answer.json()["errorKey"]) == (400, "hescodenotfound")
        assert set(answer.json()) == PROBLEM_FIELDS
        assert text not in answer.text
    answer = town.client.post(path, json={"hes_code": old.text}, headers=bearer)
    assert (answer.status_code, answer.json()["errorKey"]) == (400, "hescodehasbeenexpired")
    assert answer.json()["expiration_date"] == "2021-10-05T05:00:00.000Z"
    assert answer.json()["title"] == "Girilen HES kodunun geçerlilik süresi dolmuştur."
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", [CHECK, CHECK_PLUS])
def test_m6_and_m7_tell_nothing_without_an_audit_row(town: Town, path: str) -> None:
    """A trail that cannot be written is a 503; when the disk is mended, all is well."""
    bearer, body = town.bearer(), {"hes_code": town.issue().text}
    town.ministry.world.database.raw.execute("PRAGMA query_only = ON")
    answer = town.client.post(path, json=body, headers=bearer)
    assert (answer.status_code, answer.json()["errorKey"]) == (503, "unavailable")
    assert "YI****" not in answer.text
    town.ministry.world.database.raw.execute("PRAGMA query_only = OFF")
    assert town.client.post(path, json=body, headers=bearer).status_code == 200
    assert town.ministry.queries.count() == 1


def test_unknown_extra_fields_are_ignored(town: Town) -> None:
    """As the original's framework does."""
    bearer, extra = town.bearer(), {"extra": {"a": [1]}, "": None}
    code = town.issue().text
    assert town.client.post(CHECK, json={"hes_code": code} | extra, headers=bearer).status_code == 200
    assert town.client.post(MAKE_CODE, json=extra, headers=bearer).status_code == 200
    phone = {"phone": town.mother.phone.e164}
    assert town.client.post("/api/send-code-to-login", json=phone | extra).status_code == 201


# M8, M9: the family; M10: the country


def test_m8_and_m9(town: Town) -> None:
    """Whoever is invited stands on the list; oneself, the same again and a stranger to this world are refused."""
    bearer = town.bearer()
    body = {
        "invitedUserPhone": town.father.phone.e164,
        "ownerHealthInfoAllowed": True,
        "ownerLocationInfoAllowed": False,
        "relationName": "Eşim",
    }
    invited = {
        "memberId": 1,
        "isOwner": True,
        "status": "INVITED",
        "healthStatus": None,
        "relationName": "Eşim",
        "invitedUserPhone": town.father.phone.e164,
        "masked_firstname": "AL****",
        "masked_lastname": "YI**** ",
        "ownerHealthInfoAllowed": True,
        "ownerLocationInfoAllowed": False,
    }
    assert town.client.get(FAMILY, headers=bearer).json() == []
    answer = town.client.post(INVITE, json=body, headers=bearer)
    assert (answer.status_code, answer.json()) == (201, invited)
    for phone, status in ((town.father.phone.e164, 400), (town.mother.phone.e164, 400), ("+905990000000", 404)):
        again = town.client.post(INVITE, json=body | {"invitedUserPhone": phone}, headers=bearer)
        assert again.status_code == status
    assert town.client.get(FAMILY, headers=bearer).json() == [invited]
    assert town.client.get(FAMILY, headers=town.bearer(town.father)).json() == []


def test_m10(town: Town) -> None:
    """The day in Turkey, its tests and cases, and all of them."""
    answer = town.client.get(STATISTICS, headers=town.bearer())
    assert (answer.status_code, answer.json()) == (
        200,
        {"date": "2021-10-04", "dailyTests": 0, "dailyCases": 0, "totalTests": 2, "totalCases": 1},
    )
