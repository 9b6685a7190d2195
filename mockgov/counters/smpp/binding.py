"""The bind of a session: who asks to come in as what, and what the session then stands for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from mockgov.counters.smpp.noting import Notes
from mockgov.counters.smpp.outgoing import Outgoing
from mockgov.counters.smpp.pdu import Command, Fields, Pdu, Status, Tag, parameter, text
from mockgov.faults import FaultPlan
from mockgov.sms.service import Sms

SYSTEM_ID: Final = "HES-SANDBOX"
VERSION: Final = 0x34
ANSWER_TO_BIND: Final = text(SYSTEM_ID) + parameter(Tag.SC_INTERFACE_VERSION, bytes((VERSION,)))
"""The body of the answer to a bind that is let in."""
BINDS: Final = {
    Command.BIND_TRANSMITTER: (True, False),
    Command.BIND_RECEIVER: (False, True),
    Command.BIND_TRANSCEIVER: (True, True),
}
"""Whether each may transmit, and whether it receives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bind:
    """What a client asks to be let in with."""

    command: Command
    system_id: str
    password: str = field(repr=False)
    system_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Who a session is for."""

    sms: Sms
    system_id: str
    transmits: bool
    outgoing: Outgoing | None
    """The account's queue, if it receives."""
    is_open: Callable[[], bool]
    """Whether the world is still there."""
    faults: FaultPlan
    """The world's."""
    notes: Notes


def read_bind(pdu: Pdu) -> Bind:
    """What a bind says of who wants in, and as what. Raises `PduError`."""
    fields = Fields(pdu.body)
    return Bind(
        command=Command(pdu.command),
        system_id=fields.text(16, Status.RINVSYSID),
        password=fields.text(9, Status.RINVPASWD),
        system_type=fields.text(13),
    )
