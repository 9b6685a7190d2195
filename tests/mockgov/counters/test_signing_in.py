"""Signing in to the mobile application on the wire, M1 to M3, and what a token opens and does not."""

import json
from base64 import urlsafe_b64decode
from hashlib import sha256

import pytest

from mockgov.settings import Settings
from tests.mockgov.counters.town import Town

OWN_CODES = "/services/hescodeproxy/api/hes-codes"
MAKE_CODE = "/services/hescodeproxy/api/hes-codes-tr"
CHECK = "/services/hescodeproxy/api/check-hes-code"
CHECK_PLUS = "/services/hescodeproxy/api/check-hes-code-plus"
INVITE = "/services/familyservice/api/add-family-member"
FAMILY = "/services/familyservice/api/account-family-members"
STATISTICS = "/services/statisticservice/api/latest-generic-statistics"
ACCOUNT = "/api/account-with-token"
WITH_TOKEN = [
    ("GET", ACCOUNT),
    ("GET", OWN_CODES),
    ("POST", OWN_CODES),
    ("POST", MAKE_CODE),
    ("POST", CHECK),
    ("POST", CHECK_PLUS),
    ("POST", INVITE),
    ("GET", FAMILY),
    ("GET", STATISTICS),
]
PROBLEM_FIELDS = {"entityName", "errorKey", "type", "title", "status", "message", "params"}


def account_of_the_mother(town: Town) -> dict[str, object]:
    """The whole account object of somebody who is well."""
    user = town.ministry.signin.user(town.mother.citizen_id)
    return {
        "userId": user.user_id,
        "phone": f"90{town.mother.phone.subscriber}",
        "firstname": "AYŞE NUR",
        "lastname": "YILMAZ",
        "gender": "FEMALE",
        "dob": "1980-02-29",
        "identityNumberHash": sha256(town.mother.identity.digits.encode()).hexdigest(),
        "healthStatus": "RISKLESS",
        "mernisChecked": True,
        "homeInfoSubmitted": False,
        "isolationStatus": False,
        "inTemporaryIsolation": False,
        "homeIsolated": False,
        "wristbandActive": False,
        "speechValidationActive": False,
        "faceValidationActive": False,
        "mutant": False,
        "mutantText": None,
        "isolationBeginDate": None,
        "isolationEndDate": None,
        "isolationBeginTime": None,
        "isolationEndTime": None,
        "numberOfDaysInIsolation": -1,
        "numberOfMinutesInIsolation": -1,
        "lastQATime": None,
        "remainingQATime": 0,
        "clarificationTextVersion": 2.0,
        "riskInfoSubmitted": True,
        "ristInfoSubmitted": True,
    }


def claims_of(token: str) -> tuple[dict[str, object], dict[str, object]]:
    header, claims = (json.loads(urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])
    return header, claims


# M1, M2: signing in


@pytest.mark.parametrize("write", ["+90{}", "90{}", "0{}", "{}", "+90 {}"])
def test_m1_sends_a_code_by_sms(town: Town, write: str) -> None:
    """201 without a body, however the phone is written; the code lies in the phone's inbox."""
    phone = write.format(town.mother.phone.subscriber)
    answer = town.client.post("/api/send-code-to-login", json={"phone": phone})
    assert (answer.status_code, answer.content) == (201, b"")
    inbox = town.client.get("/_lab/sms", params={"phone": phone}).json()
    assert len(inbox) == 1
    assert (inbox[0]["sender"], inbox[0]["sent_at"]) == ("2023", "2021-10-04T05:00:00.000Z")
    assert inbox[0]["text"] == f"Hayat Eve Sığar giriş kodunuz: {town.login_code()} (SANDBOX)"
    assert len(town.login_code()) == 6


@pytest.mark.parametrize("phone", ["+905990000000", "+15551234567", "hello", "", "5" * 200])
def test_m1_and_m2_for_nobodys_phone(town: Town, phone: str) -> None:
    """M1: 404, nothing goes out; M2: 401, as for a wrong code; the number is not repeated."""
    sent = town.client.post("/api/send-code-to-login", json={"phone": phone})
    assert (sent.status_code, sent.json()["errorKey"]) == (404, "citizennotfound")
    body = {"phone": phone, "password": "000000", "rememberMe": True}
    answer = town.client.post("/api/authenticate-with-code", json=body)
    assert (answer.status_code, answer.json()["errorKey"]) == (401, "wronglogincode")
    assert town.ministry.sms.inbox() == []
    assert not phone or phone not in sent.text + answer.text


def test_m2_trades_the_code_for_a_token(town: Town) -> None:
    """The account object with id_token and refresh_token, and nothing else."""
    account = town.sign_in()
    token, refresh = account.pop("id_token"), account.pop("refresh_token")
    assert account == account_of_the_mother(town)
    header, claims = claims_of(token)
    assert header == {"alg": "HS512"}
    assert set(claims) == {"sub", "auth", "oid", "exp"}
    assert (claims["sub"], claims["auth"]) == (account["userId"], "ROLE_USER")
    assert len(claims["oid"]) == 7
    assert claims["exp"] == 1_633_323_600 + 30 * 86_400
    assert len(refresh) == len(account["userId"]) == 36


def test_m2_without_remember_me(town: Town) -> None:
    """False and left out alike: the token lives a day."""
    assert claims_of(town.sign_in(remember_me=False)["id_token"])[1]["exp"] == 1_633_323_600 + 86_400
    phone = town.mother.phone.wire
    town.client.post("/api/send-code-to-login", json={"phone": phone})
    body = {"phone": phone, "password": town.login_code()}
    token = town.client.post("/api/authenticate-with-code", json=body).json()["id_token"]
    assert claims_of(token)[1]["exp"] == 1_633_323_600 + 86_400


def test_m2_refuses_a_wrong_used_and_late_code(town: Town) -> None:
    """401 each time, with a problem."""
    phone = town.mother.phone.e164

    def try_in(password: str) -> int:
        body = {"phone": phone, "password": password, "rememberMe": True}
        answer = town.client.post("/api/authenticate-with-code", json=body)
        assert answer.status_code == 200 or set(answer.json()) == PROBLEM_FIELDS
        return answer.status_code

    assert try_in("000000") == 401
    town.client.post("/api/send-code-to-login", json={"phone": phone})
    assert try_in("wrong") == 401
    assert try_in(f" {town.login_code()} ") == 200
    assert try_in(town.login_code()) == 401
    town.client.post("/api/send-code-to-login", json={"phone": phone})
    town.advance(minutes=3)
    assert try_in(town.login_code()) == 401


def test_login_codes_of_five_digits() -> None:
    """A setting, since sources disagree."""
    town = Town(Settings(argon2_memory_kib=8, argon2_passes=1, login_code_digits=5))
    town.sign_in()
    assert len(town.login_code()) == 5
    town.close()


# Bearer


@pytest.mark.parametrize(("method", "path"), WITH_TOKEN)
@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer x", "Basic YTpi", "Bearer a.b.c", "bearer ..."])
def test_no_way_in_without_a_token(town: Town, method: str, path: str, authorization: str | None) -> None:
    """401, a challenge, a problem."""
    headers = {} if authorization is None else {"authorization": authorization}
    body = {"hes_code": "A1B2345617"} if method == "POST" else None
    answer = town.client.request(method, path, headers=headers, json=body)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["errorKey"] == "unauthorized"


def test_a_token_ends_at_the_worlds_time(town: Town) -> None:
    """A month with rememberMe, to the second."""
    bearer = town.bearer()
    town.advance(days=30, seconds=-1)
    assert town.client.get(ACCOUNT, headers=bearer).status_code == 200
    town.advance(seconds=1)
    assert town.client.get(ACCOUNT, headers=bearer).status_code == 401


def test_a_token_of_another_world_opens_nothing(town: Town) -> None:
    other = town.worlds.make("other", seed=2, people=20)
    bearer = town.bearer()
    assert other.registry.count() == 20
    assert town.client.get(f"/w/other{ACCOUNT}", headers=bearer).status_code == 401
    assert town.client.get(f"/w/default{ACCOUNT}", headers=bearer).status_code == 200


# M3: the account


def test_m3_is_the_account_without_tokens(town: Town) -> None:
    answer = town.client.get(ACCOUNT, headers=town.bearer())
    assert answer.status_code == 200
    assert answer.json() == account_of_the_mother(town)
    assert isinstance(answer.json()["clarificationTextVersion"], float)


def test_m3_in_isolation(town: Town) -> None:
    """A case of Friday 08:00 in Turkey, asked on Monday: three days so far, fourteen in all, local times."""
    account = town.client.get(ACCOUNT, headers=town.bearer(town.father)).json()
    assert set(account) == set(account_of_the_mother(town))
    assert {name: value for name, value in account.items() if "solat" in name or name == "healthStatus"} == {
        "healthStatus": "RISKY",
        "isolationStatus": True,
        "inTemporaryIsolation": False,
        "homeIsolated": True,
        "isolationBeginDate": "2021-10-01",
        "isolationEndDate": "2021-10-16",
        "isolationBeginTime": "2021-10-01T08:00:00.000",
        "isolationEndTime": "2021-10-16T00:00:00.000",
        "numberOfDaysInIsolation": 12,
        "numberOfMinutesInIsolation": 11 * 24 * 60 + 16 * 60,
    }
    bearer = town.bearer(town.father)
    town.advance(days=11, hours=15, minutes=59)
    assert town.client.get(ACCOUNT, headers=bearer).json()["healthStatus"] == "RISKY"
    town.advance(minutes=1)
    assert town.client.get(ACCOUNT, headers=bearer).json()["healthStatus"] == "RISKLESS"
