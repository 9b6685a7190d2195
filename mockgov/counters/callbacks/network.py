"""The way to every endpoint outside of this process: looks an address up, checks it, connects to what was checked."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from ipaddress import ip_address

from mockgov.callbacks.carrying import Envelope
from mockgov.callbacks.destination import (
    Destination,
    check_found,
    check_literal,
    is_allowed,
    literal,
    read_networks,
    read_url,
)
from mockgov.callbacks.rules import GONE, Outcome, Trouble
from mockgov.counters.callbacks.exchange import Connection, NotAllowed, Unreadable, trouble_of

LookUp = Callable[[str, int], Awaitable[Sequence[str]]]
"""The IP addresses of a name and port. Raises OSError."""


class Network:
    """The networks that a server may call."""

    def __init__(self, *, networks: str, timeout_s: float, look_up: LookUp | None = None) -> None:
        """`networks` as in the setting `callback_networks`; `timeout_s` for a whole exchange, in real seconds."""
        self._networks = read_networks(networks)
        self._timeout_s = timeout_s
        self._look_up = look_up or _look_up

    def check(self, url: str) -> None:
        """Raises `BadSubscription`, `AddressNotAllowed` for an address to which nothing can ever be sent."""
        check_literal(read_url(url), self._networks)

    async def vet(self, url: str) -> None:
        """Look the host up. Raises `BadSubscription`, `AddressNotAllowed` where nothing would arrive now."""
        self.check(url)
        destination, found = read_url(url), list[str]()
        if literal(destination.host) is not None:
            return
        with suppress(OSError, UnicodeError):  # a time-out is an OSError too
            async with asyncio.timeout(self._timeout_s):
                found += await self._look_up(destination.host, destination.port)
        check_found(found, self._networks)

    async def send(self, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
        """Send to one subscription, one after the other, until one times out or is told 410; never raises."""
        outcomes: list[Outcome] = []
        line = Line(read_url(envelopes[0].url), self)
        try:
            for envelope in envelopes:
                outcome = await line.post(envelope, self._timeout_s)
                outcomes.append(outcome)
                if outcome.trouble is Trouble.TIMED_OUT or outcome.status == GONE:
                    break
        finally:
            await line.close()
        return outcomes

    async def connect(self, destination: Destination) -> Connection:
        """Connect to the first of the host's addresses that answers. Raises OSError, `NotAllowed`."""
        host = destination.host
        found = [host] if literal(host) is not None else list(await self._look_up(host, destination.port))
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        if not all(is_allowed(ip_address(one), self._networks) for one in found):
            raise NotAllowed
        for address in found[:-1]:
            with suppress(OSError):
                return await Connection.to(address, destination)
        return await Connection.to(found[-1], destination)


class Line:
    """The way to one destination: a connection for as long as its other end keeps it."""

    def __init__(self, destination: Destination, network: Network) -> None:
        self._destination = destination
        self._network = network
        self._connection: Connection | None = None

    async def post(self, envelope: Envelope, timeout_s: float) -> Outcome:
        """Send one request; what came of it."""
        try:
            async with asyncio.timeout(timeout_s):
                outcome = await self._posted(envelope)
        except (OSError, EOFError, Unreadable, NotAllowed) as error:
            await self.close()
            return Outcome(trouble=trouble_of(error))
        if self._connection is not None and not self._connection.is_open:
            await self.close()
        return outcome

    async def close(self) -> None:
        """Give the connection back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _posted(self, envelope: Envelope) -> Outcome:
        if self._connection is not None:
            with suppress(ConnectionError, EOFError):  # it was closed while nothing was under way
                return await self._connection.post(self._destination, envelope.headers, envelope.body)
            await self.close()
        self._connection = await self._network.connect(self._destination)
        return await self._connection.post(self._destination, envelope.headers, envelope.body)


async def _look_up(host: str, port: int) -> Sequence[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))
