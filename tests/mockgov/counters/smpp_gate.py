"""An open SMPP door to a world with one account, and a bare socket that speaks PDUs."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from mockgov.counters.smpp.door import SmppDoor
from mockgov.counters.smpp.manners import Manners
from mockgov.counters.smpp.pdu import Command, Framer, Pdu, Status
from mockgov.ministry import Ministry
from mockgov.settings import Settings
from mockgov.sms.messages import OpenSmsAccount
from mockgov.sms.service import Sms
from mockgov.sms.store import SqlMessages
from mockgov.vocabulary.phone import Phone
from mockgov.worlds import Worlds
from tests.doors import PATIENCE_S, Opened
from tests.mockgov.counters.esme import Esme

TO = "905991234567"
MINE = Phone("5991234567")
DELAYED, EXPIRED = "905990000003", "905990000002"


class Gate:
    """An open door to a world with one account."""

    def __init__(
        self, data: Path | None = None, *, small_buffers: bool = False, loop: str = "uvloop", **fields: Any
    ) -> None:
        manners = Manners(
            **{name: fields.pop(name) for name in ("window", "idle_s", "answer_s", "bind_s") if name in fields}
        )
        self.worlds = Worlds(settings=Settings(argon2_memory_kib=8, argon2_passes=1), data=data)
        self.ministry = self.found("default", **fields)
        self.door = SmppDoor(manners)
        self.opened = Opened(self.door, self.worlds, loop=loop)
        if small_buffers:  # connections inherit them
            for buffer in (socket.SO_RCVBUF, socket.SO_SNDBUF):
                self.opened._listening.setsockopt(socket.SOL_SOCKET, buffer, 4096)

    def found(self, name: str, **fields: Any) -> Ministry:
        """A world with the account CINAR; its gateway is the ministry's own, or one with other limits."""
        ministry = self.worlds.make(name)
        if fields:
            database = ministry.world.database
            ministry.sms = Sms(
                store=SqlMessages(database),
                now=ministry.world.now,
                tell=lambda _: None,
                transaction=database.transaction,
                streams=ministry.world.streams,
                **fields,
            )
        ministry.sms.open_account(OpenSmsAccount(label="CINAR", senders=("CINAR",), number="4567"))
        return ministry

    @property
    def sms(self) -> Sms:
        return self.ministry.sms

    def run(self, call: Callable[[], Any]) -> Any:
        return self.opened.run(call)

    def esme(self, **fields: Any) -> Esme:
        return Esme(self.opened, "CINAR", self.sms.password("CINAR"), **fields)

    def raw(self) -> "Raw":
        return Raw(self.opened)

    def advance(self, by: timedelta) -> None:
        """Move the world's clock, on the loop's thread; what falls due meanwhile happens."""
        self.run(lambda: self.ministry.advance(self.ministry.world.now() + by))

    def pending(self) -> list[int]:
        return self.run(lambda: [n.message.number for n in self.sms.pending("CINAR", limit=100_000)])

    def journal(self) -> list[tuple[int, str]]:
        """Numbers and recipients of all messages."""

        def rows() -> list[tuple[int, str]]:
            raw = self.ministry.world.database.raw
            assert raw is not None
            return list(raw.execute("SELECT number, phone FROM sms_message ORDER BY number"))

        return self.run(rows)


class Raw:
    """A bare socket that speaks PDUs."""

    def __init__(self, opened: Opened) -> None:
        self.socket = socket.create_connection(opened.address, timeout=PATIENCE_S)
        self._framer = Framer()
        self._found: list[Pdu] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, command: int, body: bytes = b"", *, sequence: int = 1, status: int = 0) -> None:
        self.socket.sendall(Pdu(command, status, sequence, body).written)

    def read(self) -> Pdu:
        """The next PDU. Raises EOFError where there is none."""
        while not self._found:
            data = self.socket.recv(65536)
            if not data:
                raise EOFError
            found, error = self._framer.feed(data)
            assert error is None
            self._found += found
        return self._found.pop(0)

    def ask(self, command: int, body: bytes = b"", *, sequence: int = 1) -> tuple[int, Status, int]:
        """Command, status and sequence number of the answer."""
        self.send(command, body, sequence=sequence)
        answer = self.read()
        return answer.command, Status(answer.status), answer.sequence

    def bind(self, gate: Gate, command: int = Command.BIND_TRANSCEIVER) -> None:
        assert self.ask(command, bind(gate.sms.password("CINAR")))[1] is Status.ROK

    def is_closed(self) -> bool:
        """Whether the server hangs up, without another word."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True


def bind(password: str, system_id: str = "CINAR", system_type: str = "") -> bytes:
    return f"{system_id}\0{password}\0{system_type}\0".encode() + b"\x34\0\0\0"


@contextmanager
def gate_of(data: Path | None = None, **fields: Any) -> Iterator[Gate]:
    gate = Gate(data, **fields)
    with gate.opened:
        yield gate
    gate.worlds.close()
