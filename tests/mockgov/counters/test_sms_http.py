"""The HTTP counter of the SMS gateway."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockgov.settings import Settings
from mockgov.sms.messages import OpenSmsAccount
from mockgov.vocabulary.phone import Phone
from tests.mockgov.counters.town import Town, basic

TO = "905991234567"
MINE = Phone("5991234567")
GOOD = {"from": "CINAR", "to": TO, "text": "Merhaba, değil mi?"}


class Client:
    """A firm with an account at the counter."""

    def __init__(self, town: Town, label: str = "Çınar", number: str = "4567") -> None:
        sms = town.ministry.sms
        account = sms.open_account(OpenSmsAccount(label=label, senders=("CINAR",), number=number))
        self._town = town
        self._headers = {"authorization": basic(account.system_id, sms.password(account.system_id))}

    def __call__(self, method: str, path: str, body: object = None, status: int = 200, **headers: str) -> Any:
        """An answer's JSON, of the status that is expected; a problem where that is an error."""
        answer = self.answer(method, path, body, **headers)
        assert answer.status_code == status, answer.text
        kind = "application/json" if status < 400 else "application/problem+json"
        assert answer.headers["content-type"] == kind
        return answer.json()

    def answer(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        return self._town.client.request(method, f"/sms/api/{path}", json=body, headers=self._headers | headers)


@pytest.fixture
def client(town: Town) -> Client:
    return Client(town)


def test_a_message_from_beginning_to_end(town: Town, client: Client) -> None:
    """Taken, delivered, its state, its receipt, which stays until it is acknowledged."""
    taken = client("POST", "messages", GOOD | {"reference": "ref-1"}, 202)
    assert taken == {"message_id": "0000000001", "parts": 1, "encoding": "gsm-7-tr-single"}
    assert client("GET", "messages/0000000001") == taken | {
        "state": "delivered",
        "error": 0,
        "reference": "ref-1",
        "to": TO,
        "submitted_at": "2021-10-04T05:00:00.000Z",
        "expires_at": "2021-10-07T05:00:00.000Z",
        "done_at": "2021-10-04T05:00:00.000Z",
    }
    assert town.ministry.sms.inbox(MINE)[0].text == GOOD["text"]
    receipt = {
        "receipt_id": 1,
        "message_id": "0000000001",
        "reference": "ref-1",
        "state": "delivered",
        "error": 0,
        "at": "2021-10-04T05:00:00.000Z",
    }
    assert client("GET", "receipts") == client("GET", "receipts") == [receipt]
    assert client("POST", "receipts/ack", {"receipt_ids": [1, 99]}) == {"acknowledged": 1}
    assert client("GET", "receipts") == []


def test_validity_and_delay_follow_the_world_s_clock(town: Town, client: Client) -> None:
    """A magic number that is never reached: expired an hour after the delayed sending."""
    waiting = GOOD | {"to": "905990000002", "delay_s": 60, "validity_s": 3600}
    client("POST", "messages", waiting, 202)
    assert client("GET", "messages/0000000001")["state"] == "accepted"
    town.advance(minutes=2)
    assert client("GET", "messages/0000000001")["state"] == "enroute"
    town.advance(hours=2)
    (receipt,) = client("GET", "receipts")
    assert (receipt["state"], receipt["error"], receipt["at"]) == ("expired", 27, "2021-10-04T06:01:00.000Z")


def test_taking_back(client: Client) -> None:
    """What waits can be taken back, once."""
    client("POST", "messages", GOOD | {"delay_s": 60}, 202)
    assert client("DELETE", "messages/0000000001")["state"] == "deleted"
    assert client("DELETE", "messages/0000000001", status=409)["errorKey"] == "messageover"
    assert client("DELETE", "messages/0000000002", status=404)["errorKey"] == "messagenotfound"


def test_bulk(client: Client) -> None:
    """Each message has its own result, in order; a bad one stops nobody."""
    bodies = [GOOD, GOOD | {"to": "x"}, GOOD | {"from": "KURUM"}, GOOD | {"text": "ж" * 71}]
    first, phone, sender, long = client("POST", "messages/bulk", {"messages": bodies}, 202)["results"]
    assert (first["message_id"], first["errorKey"]) == ("0000000001", None)
    assert (phone["message_id"], phone["errorKey"]) == (None, "constraintviolation")
    assert (sender["errorKey"], sender["detail"][:36]) == ("senderrefused", "This sender name is not registered f")
    assert (long["message_id"], long["parts"], long["encoding"]) == ("0000000002", 2, "ucs-2")


def test_messages_from_handsets(town: Town, client: Client) -> None:
    """Whole, with every segment's receipt to acknowledge; they are no receipts."""
    town.ministry.sms.from_handset(MINE, "4567", "ş" * 200)
    incoming = {
        "receipt_ids": [1, 2],
        "sender": TO,
        "to": "4567",
        "text": "ş" * 200,
        "at": "2021-10-04T05:00:00.000Z",
    }
    assert client("GET", "incoming") == [incoming]
    assert client("GET", "receipts") == []
    assert client("POST", "receipts/ack", {"receipt_ids": [1, 2]}) == {"acknowledged": 2}
    assert client("GET", "incoming") == []


def test_only_the_pair_of_an_account_opens_the_counter(town: Town, client: Client) -> None:
    """Which of the two is wrong is not told; the challenge is Basic."""
    password = town.ministry.sms.password("CINAR")
    bodies = set()
    for header in ("", "Bearer x", "Basic !", basic("CINAR", "x"), basic("YOK", password), basic("cinar", password)):
        answer = client.answer("GET", "receipts", authorization=header)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Basic realm="SMS", charset="UTF-8"')
        bodies.add(answer.text)
    assert len(bodies) == 1
    assert client("GET", "receipts") == []


def test_accounts_do_not_see_each_other(town: Town, client: Client) -> None:
    other = Client(town, "öteki", "4568")
    client("POST", "messages", GOOD, 202)
    assert other("GET", "messages/0000000001", status=404)["errorKey"] == "messagenotfound"
    assert other("GET", "receipts") == []
    assert other("POST", "receipts/ack", {"receipt_ids": [1]}) == {"acknowledged": 0}
    assert len(client("GET", "receipts")) == 1


def test_throttling() -> None:
    """429 with the seconds to wait; in a bulk call each message has its own answer."""
    town = Town(Settings(argon2_memory_kib=8, argon2_passes=1, sms_per_second=2))
    try:
        client = Client(town)
        results = client("POST", "messages/bulk", {"messages": [GOOD] * 3}, 202)["results"]
        assert [result["errorKey"] for result in results] == [None, None, "throttled"]
        answer = client.answer("POST", "messages", GOOD)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
        town.advance(seconds=1)
        client("POST", "messages", GOOD, 202)
    finally:
        town.close()


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"from": "KURUM"}, "senderrefused"),
        ({"from": TO}, "senderrefused"),
        ({"to": "902125550000"}, "constraintviolation"),
        ({"to": ""}, "constraintviolation"),
        ({"text": "a\x00"}, "constraintviolation"),
        ({"text": "ж" * 17_086}, "badtext"),
        ({"text": "x" * 40_001}, "constraintviolation"),
        ({"validity_s": 0}, "constraintviolation"),
        ({"validity_s": "5"}, "constraintviolation"),
        ({"delay_s": 10**12}, "constraintviolation"),
        ({"delay_s": 365 * 86_400, "validity_s": 365 * 86_400}, "badvalidity"),
        ({"priority": 1}, "constraintviolation"),
        ({"reference": "x" * 65}, "constraintviolation"),
    ],
)
def test_what_cannot_be_sent(town: Town, client: Client, change: dict[str, object], key: str) -> None:
    """A problem that says why, and nothing in the journal."""
    before = town.counts()
    assert client("POST", "messages", GOOD | change, 400)["errorKey"] == key
    assert town.counts() == before


def test_half_a_character_is_refused(town: Town, client: Client) -> None:
    """A lone surrogate in JSON is no text."""
    answer = town.client.post(
        "/sms/api/messages",
        content=b'{"from": "CINAR", "to": "905991234567", "text": "\\ud83d"}',
        headers=client._headers | {"content-type": "application/json"},
    )
    assert answer.status_code == 400
    assert town.ministry.sms.inbox() == []


@given(st.text(min_size=1, max_size=200).filter(lambda text: "\x00" not in text))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_text_arrives_as_it_was_sent(town: Town, text: str) -> None:
    """Any Unicode text, whole."""
    account = town.ministry.sms.accounts()
    client: Callable[..., Any] = Client(town, f"f{len(account)}", f"{5000 + len(account)}")
    client("POST", "messages", GOOD | {"text": text}, 202)
    assert town.ministry.sms.received(MINE, limit=1)[0].text == text


def test_the_openapi_describes_it(town: Town) -> None:
    """Every route with its refusals and HTTP Basic."""
    schema = town.client.get("/openapi.json").json()
    paths = {path: set(item) for path, item in schema["paths"].items() if path.startswith("/sms/api")}
    assert paths == {
        "/sms/api/messages": {"post"},
        "/sms/api/messages/bulk": {"post"},
        "/sms/api/messages/{message_id}": {"get", "delete"},
        "/sms/api/receipts": {"get"},
        "/sms/api/receipts/ack": {"post"},
        "/sms/api/incoming": {"get"},
    }
    send = schema["paths"]["/sms/api/messages"]["post"]
    assert set(send["responses"]) == {"202", "400", "401", "413", "429", "503"}
    assert send["security"] == [{"smsAccount": []}]
    assert schema["components"]["securitySchemes"]["smsAccount"]["scheme"] == "basic"


def test_a_number_that_may_be_a_real_person_s_is_not_kept(town: Town, client: Client) -> None:
    """Refused alone and among others; what is nobody's under the world's own prefix is taken."""
    stranger = GOOD | {"to": "+90 532 123 45 67"}
    refused = client("POST", "messages", stranger, 400)
    assert refused["errorKey"] == "strangersnumber"
    assert "532" not in str(refused)
    results = client("POST", "messages/bulk", {"messages": [stranger, GOOD]}, 202)["results"]
    assert [result["errorKey"] for result in results] == ["strangersnumber", None]
    assert [message.phone for message in town.ministry.sms.inbox()] == [MINE]


def test_a_message_says_something(town: Town, client: Client) -> None:
    """An empty one is refused, alone and among others."""
    assert client("POST", "messages", GOOD | {"text": ""}, 400)["errorKey"] == "badtext"
    results = client("POST", "messages/bulk", {"messages": [GOOD | {"text": ""}, GOOD]}, 202)["results"]
    assert [(result["errorKey"], result["detail"]) for result in results] == [
        ("badtext", "There is no text; write at least one character."),
        (None, None),
    ]
    assert len(town.ministry.sms.inbox()) == 1


def test_a_text_to_2023_and_its_replies(town: Town) -> None:
    """An account with a line asks for a code as its person would, and has both replies, as the phone has."""
    sms, mother = town.ministry.sms, town.mother
    assert mother.phone is not None
    sms.open_account(OpenSmsAccount(label="Modem", senders=(), lines=(mother.phone,)))
    headers = {"authorization": basic("MODEM", sms.password("MODEM"))}
    asked = {
        "from": mother.phone.e164,
        "to": "2023",
        "text": f"hes {mother.identity.digits} {mother.id_card.last_four}",
    }
    taken = town.client.post("/sms/api/messages", json=asked, headers=headers)
    assert (taken.status_code, taken.json()["parts"]) == (202, 1)
    town.advance(seconds=25)
    first, second = town.client.get("/sms/api/incoming", headers=headers).json()
    assert (first["sender"], first["to"]) == ("2023", mother.phone.wire)
    assert (first["at"], second["at"]) == ("2021-10-04T05:00:08.000Z", "2021-10-04T05:00:16.000Z")
    assert first["text"].startswith("AY**** NU**** YI**** adına")
    code = second["text"].split()[0]
    assert [one.text for one in sms.received(mother.phone)] == [first["text"], second["text"]]
    assert town.ask("C3", {"hes_code": code}).json()["masked_firstname"] == "AY**** NU****"
    numbers = first["receipt_ids"] + second["receipt_ids"]
    acknowledged = town.client.post("/sms/api/receipts/ack", json={"receipt_ids": numbers}, headers=headers)
    assert acknowledged.json() == {"acknowledged": len(numbers)}
    assert town.client.get("/sms/api/incoming", headers=headers).json() == []


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"from": "+905990000009"}, "senderrefused"),
        ({"to": "2024"}, "unknownnumber"),
        ({"delay_s": 5}, "badschedule"),
        ({"text": ""}, "badtext"),
        ({"to": TO}, "senderrefused"),
        ({"from": "MODEM"}, "constraintviolation"),
    ],
)
def test_what_a_line_is_refused(town: Town, changes: dict[str, object], key: str) -> None:
    """Each with its key, alone and in a bulk call; nothing is sent."""
    sms = town.ministry.sms
    sms.open_account(OpenSmsAccount(label="Modem", senders=(), lines=(MINE,)))
    headers = {"authorization": basic("MODEM", sms.password("MODEM"))}
    asked = {"from": TO, "to": "2023", "text": "HES"} | changes
    refused = town.client.post("/sms/api/messages", json=asked, headers=headers)
    assert (refused.status_code, refused.json()["errorKey"]) == (400, key)
    bulk = town.client.post("/sms/api/messages/bulk", json={"messages": [asked]}, headers=headers)
    assert bulk.json()["results"][0]["errorKey"] == key
    assert sms.sent_from(MINE) == []
