"""The SMPP door: listens, and knows who is bound to what."""

import asyncio
import re
import socket
from typing import Final

from mockgov.counters.callers import sms_pair
from mockgov.counters.door import Directory
from mockgov.counters.smpp.binding import BINDS, Bind, Bound
from mockgov.counters.smpp.manners import Manners
from mockgov.counters.smpp.noting import Notes
from mockgov.counters.smpp.outgoing import Outgoing
from mockgov.counters.smpp.pdu import PduError, Status
from mockgov.counters.smpp.session import Session
from mockgov.counters.smpp.submission import status_of
from mockgov.refusal import Refused
from mockgov.sms.service import Sms

WORLD: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,11}")
"""A system_type that is meant as a world's name; others, such as SMPP and VMA, are what clients send out of habit."""
MOST_BOUND: Final = 20
"""Sessions of one account at a time (chosen here)."""
GOODBYE_S: Final = 2.0
"""How long a closing door waits for its clients to unbind."""


class SmppDoor:
    """A `mockgov.counters.door.Door` for clients of SMPP 3.4."""

    name = "smpp"

    def __init__(self, manners: Manners | None = None) -> None:
        self.manners = manners or Manners()
        self._worlds: Directory | None = None
        self._server: asyncio.Server | None = None
        self._sessions: dict[Session, tuple[Sms, str] | None] = {}
        """Every connection, and the account that it is bound to."""
        self._outgoing: dict[tuple[Sms, str], Outgoing] = {}
        self._all_gone = asyncio.Event()

    async def open(self, listening: socket.socket, worlds: Directory) -> None:
        """Begin to take connections on a socket that listens already."""
        self._worlds = worlds
        self._server = await asyncio.get_running_loop().create_server(self._session, sock=listening)

    async def close(self) -> None:
        """Take no more connections, unbind those that are there, and return when all are gone."""
        if self._server is None:
            return
        self._server.close()
        for session in list(self._sessions):
            session.unbind()
        try:
            await asyncio.wait_for(self._gone(), GOODBYE_S)
        except TimeoutError:
            for session in list(self._sessions):
                session.abort()
            await self._gone()
        await self._server.wait_closed()
        self._server = None

    def bind(self, session: Session, asked: Bind) -> Bound:
        """Let a client into the world that its system_type names; if it names none, into that which has its account.

        Raises `PduError`, `UnknownSmsAccount`, `WrongSmsPassword`.
        """
        worlds = self._worlds
        if worlds is None:
            raise PduError(Status.RBINDFAIL)
        name = asked.system_type if asked.system_type in worlds else _whose(worlds, asked)
        if name not in worlds:
            raise PduError(Status.RBINDFAIL)
        ministry = worlds.get(name)
        try:
            account = ministry.sms.sign_in(asked.system_id, asked.password)
        except Refused as refusal:
            Notes(ministry.journal, asked.system_id).answered(asked.command, status_of(refusal), refusal.key)
            raise
        key = (ministry.sms, account.system_id)
        if list(self._sessions.values()).count(key) >= MOST_BOUND:
            raise PduError(Status.RBINDFAIL)
        self._sessions[session] = key

        def is_open() -> bool:
            return name in worlds and worlds.get(name) is ministry

        transmits, receives = BINDS[asked.command]
        outgoing = None
        if receives and (outgoing := self._outgoing.get(key)) is None:
            outgoing = Outgoing(*key, is_open=is_open, empty=lambda: self._forget(key))
            self._outgoing[key] = outgoing
        notes = Notes(ministry.journal, account.system_id)
        notes.answered(asked.command, Status.ROK)
        return Bound(
            sms=ministry.sms,
            system_id=account.system_id,
            transmits=transmits,
            outgoing=outgoing,
            is_open=is_open,
            faults=ministry.world.faults,
            notes=notes,
        )

    def gone(self, session: Session) -> None:
        """The connection is closed."""
        del self._sessions[session]
        if not self._sessions:
            self._all_gone.set()

    def _session(self) -> Session:
        session = Session(self)
        self._sessions[session] = None
        return session

    def _forget(self, key: tuple[Sms, str]) -> None:
        del self._outgoing[key]

    async def _gone(self) -> None:
        while self._sessions:
            self._all_gone.clear()
            await self._all_gone.wait()


def _whose(worlds: Directory, asked: Bind) -> str:
    """The world in which an account was opened. Raises `PduError`, also where more than one has it."""
    if WORLD.fullmatch(asked.system_type):
        raise PduError(Status.RINVSYSTYP)
    try:
        return worlds.whose(sms_pair(asked.system_id, asked.password))
    except Refused:
        raise PduError(Status.RINVSYSTYP) from None
