"""The lab's routes for phones and the SMS gateway's accounts."""

from collections.abc import Iterator
from typing import Any

import pytest

from mockgov.sms.encoding import parts
from mockgov.sms.messages import SendText, SubmitText
from mockgov.vocabulary.phone import Phone
from tests.mockgov.counters.town import Town

TO = "905991234567"
MINE = Phone("5991234567")


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    yield made
    made.close()


def call(town: Town, method: str, path: str, body: object = None, status: int = 200) -> Any:
    answer = town.client.request(method, f"/_lab/{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def account(town: Town, **fields: object) -> Any:
    return call(town, "POST", "sms-accounts", {"label": "Çınar", "senders": ["CINAR"]} | fields, 201)


def test_a_handset_shows_texts_and_their_segments(town: Town) -> None:
    """What was cut is one text, with every octet that the air carried."""
    account(town)
    sms = town.ministry.sms
    sms.send(SendText(phone=MINE, text="ığ" * 4))
    for segment in parts("b" * 161, reference=7):
        sms.submit("CINAR", SubmitText(sender="CINAR", phone=MINE, text="", segment=segment))
    shown = call(town, "GET", "handsets/+90 599 123 45 67")
    assert (shown["phone"], shown["fate"], shown["until"], shown["sent"]) == (TO, "delivered", None, [])
    short, long = shown["inbox"]
    assert short == {
        "sender": "2023",
        "text": "ığ" * 4,
        "at": "2021-10-04T05:00:00.000Z",
        "encoding": "gsm-7-tr-locking",
        "missing": 0,
        "message_ids": ["0000000001"],
        "segments": [{"udh": "03250101", "payload": "070c" * 4, "octets": 12, "text": "ığ" * 4}],
    }
    assert (long["text"], long["message_ids"]) == ("b" * 161, ["0000000002", "0000000003"])
    assert [segment["udh"] for segment in long["segments"]] == ["050003070201", "050003070202"]
    assert [segment["octets"] for segment in long["segments"]] == [140, 14]


def test_a_handset_sends(town: Town) -> None:
    """To the ministry or to an account's number; to nobody is refused."""
    account(town, number="4567")
    sent = call(town, "POST", f"handsets/{TO}/send", {"to": "2023", "text": "HES 1234"}, 201)
    assert sent == {
        "to": "2023",
        "text": "HES 1234",
        "at": "2021-10-04T05:00:00.000Z",
        "encoding": "gsm-7",
        "parts": 1,
    }
    call(town, "POST", f"handsets/{TO}/send", {"to": "4567", "text": "ж" * 71}, 201)
    refused = call(town, "POST", f"handsets/{TO}/send", {"to": "4568", "text": "x"}, 400)
    assert refused["errorKey"] == "unknownnumber"
    assert [message["to"] for message in call(town, "GET", f"handsets/{TO}")["sent"]] == ["4567", "2023"]
    assert len(town.ministry.sms.pending("CINAR")) == 2


def test_a_fate_is_scripted(town: Town) -> None:
    """Until a moment, for good, and not any more; unknown ones are refused with the list of what there is."""
    path = f"handsets/{TO}/fate"
    off = {"fate": "phone-off", "until": "2021-10-04T06:00:00Z"}
    assert call(town, "PUT", path, off) == {"fate": "phone-off", "until": "2021-10-04T06:00:00.000Z"}
    town.ministry.sms.send(SendText(phone=MINE, text="x"))
    assert call(town, "GET", f"handsets/{TO}")["inbox"] == []
    town.advance(hours=1)
    assert len(call(town, "GET", f"handsets/{TO}")["inbox"]) == 1
    assert call(town, "PUT", path, {"fate": "rejected"}) == {"fate": "rejected", "until": None}
    assert call(town, "PUT", path, {"fate": None}) == {"fate": "delivered", "until": None}
    for body in ({"fate": "lost"}, {"fate": "rejected", "until": off["until"]}, {"fate": None, "until": off["until"]}):
        refused = call(town, "PUT", path, body, 400)
        assert refused["errorKey"] == "unknownfate"
    assert "memory-full" in call(town, "PUT", path, {"fate": "lost"}, 400)["title"]


def test_fates_are_documented(town: Town) -> None:
    """Each with its meaning, five with a magic number, which has that fate."""
    fates = call(town, "GET", "sms/fates")
    assert [one["fate"] for one in fates] == [
        "delivered",
        "undeliverable",
        "expired",
        "delayed",
        "rejected",
        "unknown-operator",
        "phone-off",
        "memory-full",
    ]
    magic = {one["fate"]: one["magic_number"] for one in fates if one["magic_number"]}
    assert len(magic) == 5
    for fate, number in magic.items():
        assert call(town, "GET", f"handsets/{number.replace('*', '7')}")["fate"] == fate


def test_accounts(town: Town) -> None:
    """Opened with a minted password, listed, taken once."""
    made = account(town, number="8501112233")
    assert made | {"password": ""} == {
        "system_id": "CINAR",
        "password": "",
        "label": "Çınar",
        "senders": ["CINAR"],
        "number": "8501112233",
        "lines": [],
    }
    assert town.ministry.sms.sign_in("CINAR", made["password"])
    assert call(town, "GET", "sms-accounts") == [made]
    again = {"label": "ÇINAR", "senders": []}
    assert call(town, "POST", "sms-accounts", again, 409)["errorKey"] == "smsaccountexists"
    assert call(town, "POST", "sms-accounts", {"label": "B", "senders": ["0599"]}, 400)["errorKey"] == "badsmsaccount"
    assert call(town, "POST", "sms-accounts", {"label": "B"}, 400)["errorKey"] == "constraintviolation"
    assert call(town, "GET", "handsets/x", status=400)["errorKey"] == "constraintviolation"


def test_a_stranger_s_phone_is_nothing_to_play_with(town: Town) -> None:
    """A number that may be a real person's sends nothing, has no fate of its own, and is not shown."""
    path = "handsets/905321234567"
    for method, route, body in (
        ("POST", f"{path}/send", {"to": "2023", "text": "x"}),
        ("PUT", f"{path}/fate", {"fate": "rejected"}),
        ("GET", path, None),
    ):
        refused = call(town, method, route, body, 400)
        assert refused["errorKey"] == "strangersnumber"
        assert "532" not in str(refused)
