"""The AsyncAPI document against its own rules, and against what the ministry really sends."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import jsonschema_rs
import pytest

from mockgov.callbacks.messages import Subscribe
from mockgov.callbacks.rules import Kind
from mockgov.informing import STEPS
from mockgov.kep.evidence_types import EvidenceType
from mockgov.lab.asyncapi import document
from mockgov.sms.messages import OpenSmsAccount, SubmitText
from mockgov.sms.rules import Receipts, State
from mockgov.vocabulary.phone import Phone
from tests.house.product import ROOT
from tests.mockgov.counters.smpp_gate import gate_of
from tests.mockgov.counters.town import MONDAY, Town, basic
from tests.mockgov.road import firm, quick_ministry

DOCUMENT = document(gateway="127.0.0.1:8080", smpp="127.0.0.1:8083")
SPECIFICATION = ROOT / "node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json"
URL = "http://client.test/hook"


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    yield made
    made.close()


def validator(name: str) -> Any:
    """What checks a body against a schema of the document; formats count."""
    return jsonschema_rs.Draft7Validator(DOCUMENT["components"]["schemas"][name], validate_formats=True)


def payload_of(message: Mapping[str, Any]) -> Any:
    return validator(message["payload"]["$ref"].rpartition("/")[2])


def by_type(kind: str) -> Any:
    """What checks a callback, found by its type as a reader of the document would."""
    (found,) = (one for one in DOCUMENT["components"]["messages"].values() if one["name"] == kind)
    return payload_of(found)


def test_the_route_gives_the_document(town: Town) -> None:
    """With this server's own addresses; the same in every world."""
    served = town.client.get("/_lab/asyncapi.json").json()
    assert served == document(gateway="testserver", smpp="127.0.0.1:8083")
    town.worlds.make("other")
    assert town.client.get("/w/other/_lab/asyncapi.json").json() == served


def test_the_document_has_what_asyncapi_3_requires() -> None:
    """Version, info, and in every channel, operation and message what the specification's tables call required."""
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= set(DOCUMENT["info"])
    assert all({"host", "protocol"} <= set(server) for server in DOCUMENT["servers"].values())
    assert all(set(channel) >= {"address", "messages"} for channel in DOCUMENT["channels"].values())
    for operation in DOCUMENT["operations"].values():
        assert operation["action"] in ("send", "receive")
        channel = operation["channel"]["$ref"]
        assert operation["messages"]
        assert all(one["$ref"].startswith(f"{channel}/messages/") for one in operation["messages"])
    names = [*DOCUMENT["channels"], *DOCUMENT["operations"], *DOCUMENT["components"]["messages"]]
    assert all(re.fullmatch(r"[A-Za-z0-9_\-]+", name) for name in names)


def test_every_reference_leads_somewhere() -> None:
    """Inside of the document."""
    for reference in references(DOCUMENT):
        found: Any = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        assert found


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"]
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def test_the_document_keeps_to_the_specifications_schema() -> None:
    """The JSON schema that the specification's own package (npm, @asyncapi/specs) has; where it lies beside."""
    if not SPECIFICATION.exists():
        pytest.skip(
            "NOT CHECKED: there is no node_modules/@asyncapi/specs here; npm install @asyncapi/specs@6 brings it"
        )
    schema = json.loads(SPECIFICATION.read_text(encoding="utf-8"))
    assert [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(DOCUMENT)] == []
    assert not jsonschema_rs.validator_for(schema).is_valid({**DOCUMENT, "operations": {"x": {"action": "shout"}}})


def test_every_example_is_one() -> None:
    """Of its own message and of no other callback; every message has one."""
    for name, message in DOCUMENT["components"]["messages"].items():
        assert message["examples"], name
        for example in message["examples"]:
            assert payload_of(message).is_valid(example["payload"]), name
            if "headers" in example:
                assert validator("webhookHeaders").is_valid(example["headers"])
    callbacks = [by_type(kind) for kind in Kind]
    for kind in Kind:
        (example,) = next(m for m in DOCUMENT["components"]["messages"].values() if m["name"] == kind)["examples"]
        assert sum(check.is_valid(example["payload"]) for check in callbacks) == 1


@pytest.mark.parametrize("kind", Kind)
def test_a_body_with_more_less_or_other_fields_is_none(kind: Kind) -> None:
    """What is checked, is checked: a schema that lets everything through would be worth nothing."""
    (example,) = next(m for m in DOCUMENT["components"]["messages"].values() if m["name"] == kind)["examples"]
    body = example["payload"]
    assert not by_type(kind).is_valid({**body, "more": 1})
    assert not by_type(kind).is_valid({**body, "timestamp": "yesterday"})
    assert not by_type(kind).is_valid({**body, "data": body["data"] | {"more": 1}})
    for field in body["data"]:
        assert not by_type(kind).is_valid({**body, "data": {n: v for n, v in body["data"].items() if n != field}})
        assert not by_type(kind).is_valid({**body, "data": body["data"] | {field: None}})


def test_every_operation_of_a_callback_is_named() -> None:
    """One for each type, on the subscriptions' channel."""
    named = [
        operation["messages"][0]["$ref"].rpartition("/")[2]
        for operation in DOCUMENT["operations"].values()
        if operation["channel"]["$ref"] == "#/channels/callbacks"
    ]
    assert sorted(DOCUMENT["components"]["messages"][name]["name"] for name in named) == sorted(Kind)
    assert set(DOCUMENT["channels"]["callbacks"]["messages"]) == set(named)


def subscribe(town: Town, **fields: Any) -> list[dict[str, Any]]:
    """Everything that a subscription is sent from now on, headers and bodies, each checked against the document."""
    got: list[dict[str, Any]] = []

    def receive(envelope: Any) -> int:
        said = json.loads(envelope.body)
        by_type(said["type"]).validate(said)
        validator("webhookHeaders").validate(dict(envelope.headers))
        got.append(said)
        return 204

    town.ministry.callbacks.mount("http://client.test", receive)
    answer = town.client.post("/_lab/callbacks", json={"url": URL} | fields)
    assert answer.status_code == 201, answer.text
    return got


def test_real_callbacks_of_risk_and_pings_keep_to_it(town: Town) -> None:
    got = subscribe(town, events=["risk.changed"], institution_id=1)
    code = town.issue(days=30).text
    assert town.ask("C3", {"hes_code": code}).status_code == 200
    n = town.mother.citizen_id
    report = {"kind": "pcr", "citizen_id": n, "at": MONDAY.isoformat(), "positive": True}
    town.client.post("/_lab/reports", json=[report])
    town.client.post("/_lab/callbacks/1/ping")
    town.client.post("/_lab/clock", json={"advance_s": 20 * 86_400})
    assert [one["type"] for one in got] == ["risk.changed", "ping", "risk.changed"]


PHONES = ("5991110009", "5990000001", "5990000004", "5990000005", "5990000002", "5990000003")


def test_real_callbacks_of_text_messages_keep_to_it(town: Town) -> None:
    """In every final state, with an intermediate receipt, and from a handset."""
    sms = town.ministry.sms
    account = sms.open_account(OpenSmsAccount(label="Kapı", senders=("KAPI",), number="3456")).system_id
    got = subscribe(town, events=["sms.receipt", "sms.received"], sms_account=account)
    for phone in PHONES:
        receipts = Receipts.FINAL | Receipts.INTERMEDIATE
        sms.submit(account, SubmitText(sender="KAPI", phone=Phone(phone), text="x", receipts=receipts, reference="ş"))
    town.ministry.sms.from_handset(town.mother.phone, "3456", "EVET ı")
    town.client.post("/_lab/clock", json={"advance_s": 4 * 86_400})
    states = {one["data"]["state"] for one in got if one["type"] == "sms.receipt"}
    assert states == {State.DELIVERED, State.UNDELIVERABLE, State.REJECTED, State.EXPIRED, State.ENROUTE}
    assert [one["data"]["text"] for one in got if one["type"] == "sms.received"] == ["EVET ı"]


def test_real_callbacks_of_the_road_keep_to_it() -> None:
    """Of the whole road to live access, with its letters and evidence; no step without a name."""
    ministry = quick_ministry()
    joining = firm(ministry)
    got: list[dict[str, Any]] = []

    def receive(envelope: Any) -> int:
        said = json.loads(envelope.body)
        by_type(said["type"]).validate(said)
        got.append(said)
        return 204

    ministry.callbacks.mount("http://client.test", receive)
    kinds = frozenset({Kind.ONBOARDING_STEP, Kind.KEP_RECEIPT, Kind.KEP_RECEIVED})
    institution_id = joining.institution.institution_id
    ministry.callbacks.subscribe(Subscribe(url=URL, kinds=kinds, institution_id=institution_id))
    joining.to_confirmed()
    assert {one["type"] for one in got} == kinds
    assert {one["data"]["step"] for one in got if one["type"] == "onboarding.step"} <= set(STEPS.values())
    assert {one["data"]["evidence_type"] for one in got if one["type"] == "kep.receipt"} <= set(EvidenceType)
    ministry.close()


def test_what_the_gateway_hands_out_keeps_to_it(town: Town) -> None:
    """Receipts and texts as they are fetched."""
    sms = town.ministry.sms
    account = sms.open_account(OpenSmsAccount(label="Kapı", senders=("KAPI",), number="3456")).system_id
    for phone in PHONES:
        sms.submit(account, SubmitText(sender="KAPI", phone=Phone(phone), text="x", receipts=Receipts.FINAL))
    sms.from_handset(town.mother.phone, "3456", "EVET")
    headers = {"authorization": basic(account, sms.password(account))}
    for name, path in (("smsReceipts", "receipts"), ("smsIncoming", "incoming")):
        channel = DOCUMENT["channels"][name]
        assert channel["address"] == f"/sms/api/{path}"
        body = town.client.get(channel["address"], headers=headers).json()
        assert body
        validator(name).validate(body)


def deliver_sm(pdu: Any) -> dict[str, Any]:
    """The fields of a real PDU, as an independent library decodes it."""
    fields = {
        name: value.decode() if isinstance(value := getattr(pdu, name), bytes) else value or 0
        for name in ("service_type", "source_addr", "destination_addr")
    }
    numbers = ("source_addr_ton", "source_addr_npi", "dest_addr_ton", "dest_addr_npi", "esm_class", "data_coding")
    fields |= {name: getattr(pdu, name) or 0 for name in numbers}
    if pdu.receipted_message_id is None:
        return fields | {"short_message": pdu.short_message.hex()}
    fields |= {
        "short_message": pdu.short_message.decode("ascii"),
        "receipted_message_id": pdu.receipted_message_id.rstrip(b"\0").decode(),
        "message_state": pdu.message_state,
    }
    if pdu.network_error_code is not None:
        fields["network_error_code"] = pdu.network_error_code.hex()
    return fields


def test_real_deliver_sm_keep_to_it() -> None:
    """Receipts of every kind and texts in both alphabets, as smpplib reads them off the wire."""
    with gate_of() as gate, gate.esme() as esme:
        for phone in PHONES:
            assert esme.send(f"90{phone}", registered_delivery=17).status == 0
        gate.run(lambda: gate.sms.from_handset(Phone("5991234567"), "4567", "EVET"))
        gate.run(lambda: gate.sms.from_handset(Phone("5991234567"), "4567", "şş" * 100))
        gate.advance(timedelta(days=4))
        esme.wait_for(8 + 1 + 2)
        received = [deliver_sm(pdu) for pdu in esme.delivered]
    receipts = [one for one in received if "message_state" in one]
    assert {one["message_state"] for one in receipts} == {1, 2, 3, 5, 8}
    for one in received:
        validator("deliverSmReceipt" if one in receipts else "deliverSmIncoming").validate(one)
    assert [one["source_addr"] for one in received if one not in receipts] == ["905991234567"] * 3
