"""One test's world: the ministry, ways to reach it, and what a test does with it."""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self

from mockgov.faults import Fault
from mockgov.ministry import Ministry
from mockgov.registry.rules import Citizen
from mockgov.testing.caller import Caller
from mockgov.testing.clock import Hands
from mockgov.testing.exchange import Answer, Exchange, Request
from mockgov.testing.handset import Handset
from mockgov.testing.http import Http
from mockgov.testing.kep_inbox import KepInbox
from mockgov.testing.order import Order
from mockgov.testing.town import Town
from mockgov.testing.transport import Transport
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.phone import Phone

REMEMBERED: Final = 10_000
"""Exchanges that a world remembers."""


class TooManyError(AssertionError):
    """A client asks again and again."""


class Recorder:
    """A caller that remembers what went over it."""

    def __init__(self, caller: Caller, now: Callable[[], datetime]) -> None:
        self._caller = caller
        self._now = now
        self.exchanges: deque[Exchange] = deque(maxlen=REMEMBERED)
        self.count = 0
        self.stop_at: int | None = None
        """After how many exchanges no more are made."""

    def call(self, request: Request) -> Answer:
        """Ask, wait, remember. Raises `TooManyError`."""
        at = self._at()
        return self._noted(at, request, self._caller.call(request))

    async def acall(self, request: Request) -> Answer:
        """Ask, await, remember. Raises `TooManyError`."""
        at = self._at()
        return self._noted(at, request, await self._caller.acall(request))

    def close(self) -> None:
        """Give everything back."""
        self._caller.close()

    def _at(self) -> datetime:
        if self.stop_at is not None and self.count >= self.stop_at:
            raise TooManyError("The client asks without end.")
        return self._now()

    def _noted(self, at: datetime, request: Request, answer: Answer) -> Answer:
        self.count += 1
        self.exchanges.append(Exchange(at, request, answer))
        return answer


class Sandbox(Town):
    """A world of one's own. `with` it, or `close` it."""

    def __init__(
        self,
        ministry: Ministry,
        *,
        order: Order,
        url: str,
        caller: Caller,
        run: Callable[[Callable[[], Any]], Any],
        drop: Callable[[], None],
    ) -> None:
        super().__init__(ministry, run)
        self.ministry = ministry
        self.order = order
        self.url = url
        """Where a client finds this world; paths of the real services go behind it."""
        self.clock = Hands(ministry, run)
        self.recorder = Recorder(caller, self.clock.now)
        self.http = Http(self.recorder)
        self._drop: Callable[[], None] | None = drop

    @property
    def transport(self) -> Transport | None:
        """For httpx in process; None where a server answers, and the library's own will do."""
        return None if self.order.server else Transport(self.recorder)

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """What went over `http` and `transport`, oldest first; of a server's world only the former."""
        return list(self.recorder.exchanges)

    def handset(self, whose: Citizen | Phone) -> Handset:
        """A citizen's phone, or the one with a number. Raises LookupError for somebody without a phone."""
        phone = whose.phone if isinstance(whose, Citizen) else whose
        if phone is None:
            raise LookupError("This citizen has no phone; take another, such as `world.adult()`.")
        return Handset(self.ministry, phone, self.run)

    def kep_inbox(self, address: str | KepAddress) -> KepInbox:
        """A registered mailbox by its address. Raises `InvalidKepAddress`."""
        return KepInbox(self.ministry, KepAddress.parse(address) if isinstance(address, str) else address, self.run)

    def plan(self, *faults: Fault) -> None:
        """Let the ministry misbehave so from now on; without faults it is well again. Raises `FaultError`."""
        self.run(lambda: self.ministry.world.faults.replace(faults))

    def secrets(self) -> Sequence[str]:
        """Passwords of the institutions' accounts, which a report must not show."""
        credentials = self.ministry.credentials
        return [credentials.password(one.username, one.rotation) for one in self.run(credentials.accounts)]

    def close(self) -> None:
        """Drop the world; again does nothing."""
        drop, self._drop = self._drop, None
        if drop is not None:
            self.recorder.close()
            drop()

    def __repr__(self) -> str:
        return f"<world {self.ministry.world.name}: {self.order}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
