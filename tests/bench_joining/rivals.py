"""What the doors are measured against, each a server process: `python -m tests.bench_joining.rivals NAME PORT`.

- `smpp`: the gateway that one would script with smpp34's own `Server`: every message is accepted, and a receipt sent.
- `smtp`: aiosmtpd's `Controller` with a handler that keeps messages in a list.

Neither authenticates, checks anything, or looks at a disk.
"""

import asyncio
import itertools
import signal
import sys
from typing import Any

RECEIPT = "id:{id} sub:001 dlvrd:001 submit date:2110040800 done date:2110040800 stat:DELIVRD err:000 text:merhaba"
DELIVERED = 2
FINAL_RECEIPT = 0x04


async def gateway(port: int) -> None:
    """Accept, and send receipts, each in a task of its own."""
    import smpp34  # noqa: PLC0415  each process imports only what it serves

    server = smpp34.Server("127.0.0.1", port, system_id="RIVAL")
    await server.start()
    sessions: dict[str, Any] = {}
    sending: set[asyncio.Task[None]] = set()
    numbers = itertools.count(1)

    async def receipt(event: Any, message_id: str) -> None:
        await sessions[event.session_id].deliver_sm(
            event.source_addr,
            RECEIPT.format(id=message_id).encode(),
            source_addr=event.destination_addr,
            esm_class=FINAL_RECEIPT,
            tlvs=[
                smpp34.Tlv(smpp34.TLV_RECEIPTED_MESSAGE_ID, message_id.encode() + b"\0"),
                smpp34.Tlv(smpp34.TLV_MESSAGE_STATE, bytes((DELIVERED,))),
            ],
        )

    while True:
        event = await server.next()
        if isinstance(event, smpp34.Esme):
            sessions[event.session_id] = event
        elif isinstance(event, smpp34.SubmitSmEvent):
            message_id = f"{next(numbers):010d}"
            event.accept(message_id=message_id)
            task = asyncio.get_running_loop().create_task(receipt(event, message_id))
            sending.add(task)
            task.add_done_callback(sending.discard)


def mail(port: int) -> None:
    """Keep messages in a list."""
    from aiosmtpd.controller import Controller  # noqa: PLC0415  the same

    kept: list[bytes] = []

    class Keeper:
        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
            kept.append(envelope.content)
            return "250 OK"

    Controller(Keeper(), hostname="127.0.0.1", port=port).start()
    signal.pause()


def main(name: str, port: int) -> None:
    """Serve one of them until killed."""
    if name == "smpp":
        asyncio.run(gateway(port))
    else:
        mail(port)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
