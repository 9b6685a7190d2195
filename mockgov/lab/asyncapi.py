# ruff: noqa: D103  a route says its piece in `summary`, which the OpenAPI shows
"""The AsyncAPI document: what this ministry sends of its own accord, callbacks and text messages."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.callbacks.rules import PAUSES, Kind
from mockgov.lab.asyncapi_messages import HEADERS, messages, name_of, schemas
from mockgov.lab.doors import doors_of

router = APIRouter(prefix="/_lab", tags=["Lab (the sandbox's own controls)"])

CALLS: Final[Mapping[Kind, str]] = {
    Kind.RISK_CHANGED: "tellOfRisk",
    Kind.SMS_RECEIPT: "tellOfSmsReceipt",
    Kind.SMS_RECEIVED: "tellOfSms",
    Kind.KEP_RECEIPT: "tellOfKepEvidence",
    Kind.KEP_RECEIVED: "tellOfLetter",
    Kind.ONBOARDING_STEP: "tellOfStep",
    Kind.PING: "ping",
}
"""What the operations are called."""


class DocumentShown(TypedDict):
    """The document's parts, as AsyncAPI 3.0 has them."""

    asyncapi: str
    info: dict[str, Any]
    defaultContentType: str
    servers: dict[str, Any]
    channels: dict[str, Any]
    operations: dict[str, Any]
    components: dict[str, Any]


@router.get(
    "/asyncapi.json",
    responses={200: {"model": DocumentShown}},
    summary="AsyncAPI 3.0: callbacks and text messages, with schemas and examples",
)
async def asyncapi(request: Request, doors: Annotated[Any, Depends(doors_of)]) -> JSONResponse:
    smpp = next((f"{host}:{port}" for name, host, port in doors if name == "smpp"), "127.0.0.1:8083")
    return JSONResponse(document(gateway=request.url.netloc or "127.0.0.1:8080", smpp=smpp))


def document(*, gateway: str, smpp: str) -> dict[str, Any]:
    """The whole document; `gateway` and `smpp` are host and port of this server's HTTP and SMPP."""
    callbacks = [name_of(kind) for kind in Kind]
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "HES Sandbox: callbacks and text messages", "version": "1", "description": _described()},
        "defaultContentType": "application/json",
        "servers": {
            "endpoint": {
                "host": "{host}",
                "protocol": "http",
                "description": "Your own: the address of a subscription. POST /_lab/callbacks makes one.",
                "variables": {"host": {"default": "127.0.0.1:9000", "description": "Host and port of the address"}},
            },
            "gateway": {"host": gateway, "protocol": "http", "description": "The SMS gateway's HTTP counter"},
            "smpp": {"host": smpp, "protocol": "smpp", "protocolVersion": "3.4", "description": "Its SMPP door"},
        },
        "channels": {
            "callbacks": _channel("A subscription's address", None, "endpoint", callbacks),
            "deliverSm": _channel(
                "A session bound as receiver or transceiver", None, "smpp", ["deliverSmReceipt", "deliverSmIncoming"]
            ),
            "smsReceipts": _channel("Receipts, to be fetched", "/sms/api/receipts", "gateway", ["smsReceipts"]),
            "smsIncoming": _channel("Texts, to be fetched", "/sms/api/incoming", "gateway", ["smsIncoming"]),
        },
        "operations": {
            **{CALLS[kind]: _operation("callbacks", [name_of(kind)], "POST") for kind in Kind},
            "deliverSm": _operation("deliverSm", ["deliverSmReceipt", "deliverSmIncoming"]),
            "giveReceipts": _operation("smsReceipts", ["smsReceipts"], "GET"),
            "giveIncoming": _operation("smsIncoming", ["smsIncoming"], "GET"),
        },
        "components": {"schemas": {"webhookHeaders": HEADERS, **schemas()}, "messages": messages()},
    }


def _described() -> str:
    pauses = ", ".join(_span(int(pause.total_seconds())) for pause in PAUSES)
    return (
        "What the sandbox sends of its own accord. Callbacks follow Standard Webhooks 1.0.0: a 2xx is success; "
        f"anything else is tried again after {pauses} of the world's time, each up to a tenth longer; 410 disables the "
        "subscription; redirects are not followed. A message comes at least once and in no promised order: tell "
        "doubles by `webhook-id`. A deliver_sm comes again until it is answered; what is fetched from the gateway "
        "comes again until it is acknowledged at /sms/api/receipts/ack. All people are synthetic; nothing has legal "
        "force."
    )


def _span(seconds: int) -> str:
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _channel(title: str, address: str | None, server: str, names: Iterable[str]) -> dict[str, Any]:
    return {
        "address": address,
        "title": title,
        "servers": [{"$ref": f"#/servers/{server}"}],
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
    }


def _operation(channel: str, names: Iterable[str], method: str | None = None) -> dict[str, Any]:
    bindings = {} if method is None else {"bindings": {"http": {"method": method, "bindingVersion": "0.3.0"}}}
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in names],
        **bindings,
    }
