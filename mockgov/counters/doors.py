"""The doors beside HTTP that a server opens, in the order of their ports."""

import socket
from collections.abc import Callable

from mockgov.counters.door import Directory, Door


class DoorInWaiting:
    """A door that is built when it opens: its modules take their time, and the first answer over HTTP goes first."""

    def __init__(self, name: str, build: Callable[[], Door]) -> None:
        self.name = name
        self._build = build
        self._door: Door | None = None

    async def open(self, listening: socket.socket, worlds: Directory) -> None:
        """Build the door, and begin to take connections on a socket that listens already."""
        self._door = self._build()
        await self._door.open(listening, worlds)

    async def close(self) -> None:
        """Close the door, if it was opened."""
        if self._door is not None:
            await self._door.close()


def all_doors() -> tuple[Door, ...]:
    """Mail, registered mail, SMPP."""
    return DoorInWaiting("smtp", _mail), DoorInWaiting("kep-smtp", _registered_mail), DoorInWaiting("smpp", _smpp)


def _mail() -> Door:
    from mockgov.counters.smtp.mail import SmtpDoor  # noqa: PLC0415  heavy; wanted after the first answer

    return SmtpDoor()


def _registered_mail() -> Door:
    from mockgov.counters.smtp.kep import KepDoor  # noqa: PLC0415  heavy; wanted after the first answer

    return KepDoor()


def _smpp() -> Door:
    from mockgov.counters.smpp.door import SmppDoor  # noqa: PLC0415  heavy; wanted after the first answer

    return SmppDoor()
