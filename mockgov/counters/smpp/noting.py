"""What the SMPP door tells the journal: each PDU that asks for something, with its answer.

Of a message that was taken the gateway's own is told, which has nothing that may not be kept; of a refused one its
status, and whither it was to go, masked.
"""

from typing import Any, Final, NamedTuple

from mockgov.counters.smpp.pdu import RESPONSE, Command, Status
from mockgov.journal.messages import CUT, Exchange, Noted, Part
from mockgov.journal.service import Journal, worded
from mockgov.sms.messages import SubmitFromLine, SubmitText
from mockgov.sms.rules import Message

SILENT: Final = (Command.ENQUIRE_LINK, Command.GENERIC_NACK)
"""What says nothing."""


class Struck(NamedTuple):
    """What a fault has made of an answer."""

    tokens: str
    status: Status | None
    """The status that leaves; None where the connection ends instead."""


class Notes:
    """The pencil of one session."""

    def __init__(self, journal: Journal, system_id: str) -> None:
        self._journal = journal
        self._system_id = system_id

    def submitted(
        self,
        order: SubmitText | SubmitFromLine | None,
        status: Status,
        result: object,
        struck: Struck | None = None,
    ) -> None:
        """A submit_sm: what was ordered, as far as it could be read, and what came of it."""
        journal = self._journal
        if not journal.is_on:
            return
        if isinstance(result, Message) and struck is None:
            ring = journal.ring
            ring.append((ring.next_number(), _taken, journal.now_us(), self._system_id, result))
            return
        to = order.phone.masked if isinstance(order, SubmitText) else ""
        self._note("submit_sm", status, refusal=str(getattr(result, "key", "")), body=to, struck=struck)

    def answered(self, command: int, status: Status, refusal: str = "", struck: Struck | None = None) -> None:
        """Any other PDU of the client's."""
        if command not in SILENT or struck is not None:
            self._note(_name(command), status, refusal=refusal, struck=struck)

    def delivered(self, number: int, status: int) -> None:
        """A deliver_sm that the client has answered."""
        self._note("deliver_sm", status, body=f"notice {number}")

    def _note(
        self, operation: str, status: int, *, refusal: str = "", body: str = "", struck: Struck | None = None
    ) -> None:
        journal = self._journal
        name = _status(status)
        if struck is not None and struck.status != status:
            status = CUT if struck.status is None else struck.status
            name = "" if struck.status is None else _status(status)
            refusal = "" if struck.status is not None else "cut"
        journal.note(
            Noted(
                at_us=journal.now_us(),
                protocol="smpp",
                operation=operation,
                status=int(status),
                asker=self._system_id,
                refusal=refusal or ("" if name == Status.ROK.name else name.lower()),
                fault="" if struck is None else struck.tokens,
                request=Part(body=body),
                response=Part(body=name),
            )
        )


def _taken(number: int, at_us: int, system_id: str, message: Message) -> Exchange:
    return worded(
        number,
        Noted(
            at_us=at_us,
            protocol="smpp",
            operation="submit_sm",
            status=int(Status.ROK),
            asker=system_id,
            request=Part(
                head=(("source", message.sender), ("destination", message.phone.masked)),
                body=message.text,
                size=len(message.text),
            ),
            response=Part(body=message.message_id),
        ),
    )


def _name(command: int) -> str:
    return Command(command & ~RESPONSE).name.lower() if command & ~RESPONSE in set(Command) else f"{command:#x}"


def _status(status: Any) -> str:
    return Status(status).name if status in set(Status) else f"{status:#x}"
