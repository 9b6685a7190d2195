"""What both doors are: a listening socket and the clients that came through it, until an orderly end."""

import asyncio
import socket
from abc import ABC, abstractmethod
from typing import Final

from mockgov.counters.door import Directory
from mockgov.counters.smtp.connection import CLOSING, FULL, Connection, TurnedAway

IDLE_S: Final = 300.0
"""Real seconds without a command after which a client is hung up on (RFC 5321, section 4.5.3.2.7)."""
CONNECTIONS: Final = 100
"""Clients at a time; one more is told to come later (chosen here)."""
GRACE_S: Final = 1.0
"""How long a client that does not listen is waited for at the end, in real seconds."""


class Listener(ABC):
    """Takes connections until it is closed."""

    name: str

    def __init__(self, *, idle_s: float = IDLE_S, connections: int = CONNECTIONS) -> None:
        self.idle_s = idle_s
        self._connections = connections
        self._live: set[Connection] = set()
        self._is_closing = False
        self._server: asyncio.Server | None = None

    @abstractmethod
    def connection(self, worlds: Directory, live: set[Connection]) -> Connection:
        """A client's connection, which enters itself among the live ones."""

    async def open(self, listening: socket.socket, worlds: Directory) -> None:
        """Begin to take connections on a socket that listens already."""

        def take() -> asyncio.Protocol:
            if self._is_closing:
                return TurnedAway(CLOSING)
            if len(self._live) >= self._connections:
                return TurnedAway(FULL)
            return self.connection(worlds, self._live)

        self._is_closing = False
        self._server = await asyncio.get_running_loop().create_server(take, sock=listening)

    async def close(self) -> None:
        """Take no more connections, tell those that are there, and return when all are gone."""
        self._is_closing = True
        if self._server is not None:
            self._server.close()
        work = [task for one in self._live if (task := one.work) is not None]
        for one in list(self._live):
            one.end(CLOSING)
        if work:
            await asyncio.wait(work, timeout=GRACE_S)
        for one in list(self._live):
            one.abort()
        await asyncio.gather(*work, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()
