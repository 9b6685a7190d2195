"""The messages of the AsyncAPI document: what callbacks and the SMS gateway say, with an example of each."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from mockgov.callbacks.events import SHAPES
from mockgov.callbacks.rules import Kind
from mockgov.counters.smpp.delivering import MESSAGE_STATE, STAT
from mockgov.counters.sms_http.wire import IncomingShown, ReceiptShown

MOMENT: Final = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$",
}
FIELDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "at": MOMENT,
    "timestamp": MOMENT,
    "hes_code": {"type": "string", "pattern": "^[A-Z0-9]{10}$"},
    "masked_identity_number": {"type": "string", "pattern": r"^\*{8}[0-9]{3}$"},
    "message_id": {"type": "string", "minLength": 1},
    "evidence_type": {"type": "string", "pattern": "^[A-Za-z]+$"},
    "application": {"type": "string", "pattern": "^ETF-[0-9]{4}-[0-9]{6,}$"},
}
"""What a field's type alone does not say."""

EXAMPLES: Final[Mapping[Kind, Mapping[str, Any]]] = {
    Kind.RISK_CHANGED: {
        "hes_code": "D9Y5794715",
        "masked_identity_number": "********472",
        "current_health_status": "RISKY",
    },
    Kind.SMS_RECEIPT: {
        "sms_account": "KAPI",
        "message_id": "0000000017",
        "reference": "randevu-4711",
        "state": "delivered",
        "error": 0,
        "at": "2021-10-04T05:00:02.000Z",
    },
    Kind.SMS_RECEIVED: {
        "sms_account": "KAPI",
        "sender": "905990000017",
        "to": "3456",
        "text": "EVET, geliyorum",
        "at": "2021-10-04T05:00:02.000Z",
    },
    Kind.KEP_RECEIPT: {
        "kep_address": "anadolu-gida@hs02.kep.tr",
        "letter_id": 3,
        "message_id": "yazi-17@anadolu-gida.example",
        "evidence_id": 9,
        "evidence_type": "DeliveryNonDeliveryToRecipient",
        "positive": True,
    },
    Kind.KEP_RECEIVED: {
        "kep_address": "anadolu-gida@hs02.kep.tr",
        "letter_id": 4,
        "message_id": "etf-2021-000001.confirmation@hs01.kep.tr",
        "sender": "sb@hs01.kep.tr",
    },
    Kind.ONBOARDING_STEP: {
        "application": "ETF-2021-000001",
        "institution_id": 4,
        "step": "returned",
        "state": "returned",
        "rules": ["letter.authorised"],
    },
    Kind.PING: {"subscription": 1},
}

_OCTET: Final = {"type": "integer", "minimum": 0, "maximum": 255}
_ADDRESS: Final = {"type": "string", "maxLength": 20}
_DELIVER_SM: Final[Mapping[str, Any]] = {
    "service_type": {"type": "string", "maxLength": 5},
    "source_addr_ton": _OCTET,
    "source_addr_npi": _OCTET,
    "source_addr": _ADDRESS,
    "dest_addr_ton": _OCTET,
    "dest_addr_npi": _OCTET,
    "destination_addr": _ADDRESS,
    "esm_class": _OCTET,
    "data_coding": {"type": "integer", "enum": [0, 8]},
    "short_message": {"type": "string", "description": "Octets in hexadecimal", "pattern": "^([0-9a-f]{2}){0,254}$"},
}
_RECEIPT_SM: Final[Mapping[str, Any]] = {
    **_DELIVER_SM,
    "esm_class": {"type": "integer", "enum": [4, 32]},
    "data_coding": {"type": "integer", "const": 0},
    "short_message": {
        "type": "string",
        "description": "The text of appendix B, which is ASCII",
        "pattern": (
            r"^id:\d{10} sub:001 dlvrd:00[01] submit date:\d{10} done date:\d{10} "
            rf"stat:({'|'.join(sorted(set(STAT.values())))}) err:\d{{3}} text:.{{0,20}}$"
        ),
    },
    "receipted_message_id": {"type": "string", "pattern": r"^\d{10}$"},
    "message_state": {"type": "integer", "enum": sorted(set(MESSAGE_STATE.values()))},
    "network_error_code": {
        "type": "string",
        "description": "Network type and code in hexadecimal; only where it failed",
        "pattern": "^03[0-9a-f]{4}$",
    },
}
_SM_EXAMPLE: Final = {
    "service_type": "",
    "source_addr_ton": 1,
    "source_addr_npi": 1,
    "source_addr": "905990000017",
    "dest_addr_ton": 0,
    "dest_addr_npi": 1,
    "destination_addr": "3456",
    "esm_class": 0,
    "data_coding": 0,
    "short_message": "45564554",
}
_RECEIPT_EXAMPLE: Final = {
    **_SM_EXAMPLE,
    "dest_addr_ton": 5,
    "dest_addr_npi": 0,
    "destination_addr": "KAPI",
    "esm_class": 4,
    "short_message": (
        "id:0000000017 sub:001 dlvrd:001 submit date:2110040800 done date:2110040800 stat:DELIVRD err:000 text:Merhaba"
    ),
    "receipted_message_id": "0000000017",
    "message_state": 2,
}


def schemas() -> dict[str, Any]:
    """The schema of every body, by the name under which messages refer to it."""
    return {
        **{name_of(kind): _callback(kind) for kind in Kind},
        "deliverSmReceipt": _object(_RECEIPT_SM, optional={"network_error_code"}),
        "deliverSmIncoming": _object(_DELIVER_SM),
        "smsReceipts": {"type": "array", "items": _shape(ReceiptShown)},
        "smsIncoming": {"type": "array", "items": _shape(IncomingShown)},
    }


def messages() -> dict[str, Any]:
    """Every message, by name."""
    told = {
        name_of(kind): {
            "name": kind.value,
            "title": kind.value,
            "summary": (SHAPES[kind].__doc__ or "").partition("\n")[0],
            "headers": {"$ref": "#/components/schemas/webhookHeaders"},
            "payload": {"$ref": f"#/components/schemas/{name_of(kind)}"},
            "examples": [{"name": kind.value, "headers": HEADERS_EXAMPLE, "payload": _example(kind)}],
        }
        for kind in Kind
    }
    return told | {
        "deliverSmReceipt": _message(
            "deliverSmReceipt", "A receipt (SMPP 3.4, appendix B); the fields of the PDU, decoded", _RECEIPT_EXAMPLE
        ),
        "deliverSmIncoming": _message(
            "deliverSmIncoming", "A segment of a text to the account; the fields of the PDU, decoded", _SM_EXAMPLE
        ),
        "smsReceipts": _message("smsReceipts", "Receipts that are not acknowledged yet", [RECEIPTS_EXAMPLE]),
        "smsIncoming": _message("smsIncoming", "Texts that are not acknowledged yet", [INCOMING_EXAMPLE]),
    }


HEADERS_EXAMPLE: Final = {
    "webhook-id": "msg_3a5cf1de0b7c4e92a8d64f1f3c2b9e70",
    "webhook-timestamp": "1633323600",
    "webhook-signature": (
        "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4= v1a,"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
    ),
    "x-hes-world": "default",
}
_SIGNATURE: Final = "(v1,[A-Za-z0-9+/]{43}=|v1a,[A-Za-z0-9+/]{86}==)"
HEADERS: Final = {
    "type": "object",
    "required": ["webhook-id", "webhook-timestamp", "webhook-signature", "x-hes-world"],
    "properties": {
        "webhook-id": {
            "type": "string",
            "pattern": "^msg_[0-9a-f]{32}$",
            "description": "The same however often the message comes",
        },
        "webhook-timestamp": {
            "type": "string",
            "pattern": "^-?[0-9]+$",
            "description": "Seconds since 1970, of the attempt; the world's time, or real time if subscribed so",
        },
        "webhook-signature": {
            "type": "string",
            "pattern": f"^{_SIGNATURE}( {_SIGNATURE})*$",
            "description": "HMAC-SHA256 and ed25519 over id.timestamp.body; of both keys for a day after a change",
        },
        "x-hes-world": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,39}$"},
    },
}
RECEIPTS_EXAMPLE: Final = {
    "receipt_id": 1,
    "message_id": "0000000017",
    "reference": "randevu-4711",
    "state": "delivered",
    "error": 0,
    "at": "2021-10-04T05:00:02.000Z",
}
INCOMING_EXAMPLE: Final = {
    "receipt_ids": [2],
    "sender": "905990000017",
    "to": "3456",
    "text": "EVET, geliyorum",
    "at": "2021-10-04T05:00:02.000Z",
}


def name_of(kind: Kind) -> str:
    """A type as a key of the document: `risk.changed` becomes `riskChanged`."""
    first, *others = kind.value.split(".")
    return first + "".join(other.title() for other in others)


def _callback(kind: Kind) -> dict[str, Any]:
    fields = {"type": {"type": "string", "const": kind.value}, "timestamp": MOMENT, "data": _shape(SHAPES[kind])}
    return _object(fields)


def _example(kind: Kind) -> dict[str, Any]:
    return {"type": kind.value, "timestamp": "2021-10-04T05:00:00.000Z", "data": EXAMPLES[kind]}


def _message(name: str, summary: str, payload: Any) -> dict[str, Any]:
    content = {"contentType": "application/vnd.smpp"} if name.startswith("deliverSm") else {}
    schema = {"payload": {"$ref": f"#/components/schemas/{name}"}}
    return {"name": name, "title": name, "summary": summary, **content, **schema, "examples": [{"payload": payload}]}


def _object(fields: Mapping[str, Any], optional: set[str] = frozenset()) -> dict[str, Any]:  # type: ignore[assignment]  # an empty one
    return {
        "type": "object",
        "required": [name for name in fields if name not in optional],
        "properties": dict(fields),
        "additionalProperties": False,
    }


def _shape(shape: type) -> dict[str, Any]:
    """The schema of a TypedDict: its fields, all needed, no others."""
    schema = TypeAdapter(shape).json_schema()
    fields = {
        name: {key: value for key, value in field.items() if key != "title"} | dict(FIELDS.get(name, {}))
        for name, field in schema["properties"].items()
    }
    said = (shape.__doc__ or "").strip()
    return {**_object(fields), "description": " ".join(said.split())}
