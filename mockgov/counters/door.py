"""Doors: listeners beside HTTP (SMTP, SMPP), and how they find the worlds of their server.

A door is handed a listening socket and the server's directory of worlds. It runs on the server's event loop, the same
thread that owns every world.
"""

import socket
from collections.abc import Callable, Iterator
from typing import Protocol

from mockgov.ministry import Ministry


class Directory(Protocol):
    """The worlds of a server, by name; `mockgov.worlds.Worlds` is one."""

    def __iter__(self) -> Iterator[str]:
        """Their names."""
        ...

    def __contains__(self, name: str) -> bool:
        """Whether there is a world of that name."""
        ...

    def get(self, name: str) -> Ministry:
        """The ministry of a world."""
        ...

    def whose(self, knows: Callable[[Ministry], bool]) -> str:
        """The name of the world that knows a caller who names none; the default one if none does. Raises `Refused`."""
        ...


class Door(Protocol):
    """One listener."""

    name: str
    """What people call it: `smtp`, `kep-smtp`, `smpp`."""

    async def open(self, listening: socket.socket, worlds: Directory) -> None:
        """Begin to take connections on a socket that listens already."""
        ...

    async def close(self) -> None:
        """Take no more connections, end those that are there in order, and return when all are gone."""
        ...
