"""An account's queue on its way out: spreads what waits over the receivers that are bound, window by window.

The store keeps a notice until it is acknowledged. Here is only known how far the queue has been read, and which
notices are with which receiver; when a receiver is gone, what it had not acknowledged is read again.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

from mockgov.sms.rules import Notice
from mockgov.sms.service import Sms

RETRY_S = 1.0
"""Seconds until what a receiver could not take is offered again (chosen here)."""


class Receiver(Protocol):
    """A bound session that takes deliver_sm."""

    @property
    def room(self) -> int:
        """How many more it takes now."""
        ...

    def deliver(self, notice: Notice) -> None:
        """Get it ready; the receiver has it until it calls `Outgoing.done` or `Outgoing.refused`, or leaves."""
        ...

    def flush(self) -> None:
        """Send what is ready."""
        ...


class Outgoing:
    """The queue of one account in one world."""

    def __init__(self, sms: Sms, system_id: str, *, is_open: Callable[[], bool], empty: Callable[[], None]) -> None:
        self._sms = sms
        self._system_id = system_id
        self._is_open = is_open
        self._empty = empty
        self._read_to = 0
        self._with: dict[int, Receiver] = {}
        """Notices that are out, by number."""
        self._resting: dict[int, asyncio.TimerHandle] = {}
        """Notices that were refused for the moment."""
        self._receivers: list[Receiver] = []
        self._awake: asyncio.Handle | None = None
        self._unwatch = sms.watch(system_id, self.wake)

    def join(self, receiver: Receiver) -> None:
        """Let a receiver have its share."""
        self._receivers.append(receiver)
        self.wake()

    def leave(self, receiver: Receiver) -> None:
        """Give what a receiver has not acknowledged to the others, or leave it in the store."""
        self._receivers.remove(receiver)
        for number in [number for number, holder in self._with.items() if holder is receiver]:
            self._again(number)
        if self._receivers:
            self.wake()
            return
        self._unwatch()
        if self._awake is not None:
            self._awake.cancel()
        for handle in self._resting.values():
            handle.cancel()
        self._empty()

    def done(self, numbers: list[int]) -> None:
        """The receivers have acknowledged these."""
        self._sms.acknowledge(self._system_id, numbers)
        for number in numbers:
            self._with.pop(number, None)
        self.wake()

    def refused(self, number: int) -> None:
        """A receiver cannot take this one just now."""
        if self._with.pop(number, None) is not None:
            loop = asyncio.get_running_loop()
            self._resting[number] = loop.call_later(RETRY_S, self._rested, number)
            self.wake()

    def wake(self) -> None:
        """Look into the queue when the loop comes round: whatever has grown it is committed then."""
        if self._awake is None and self._receivers:
            self._awake = asyncio.get_running_loop().call_soon(self._spread)

    def _rested(self, number: int) -> None:
        del self._resting[number]
        self._again(number)
        self.wake()

    def _again(self, number: int) -> None:
        self._with.pop(number, None)
        self._read_to = min(self._read_to, number - 1)

    def _spread(self) -> None:
        self._awake = None
        if not self._is_open():
            return
        while (room := sum(receiver.room for receiver in self._receivers)) > 0:
            notices = self._sms.pending(self._system_id, after=self._read_to, limit=room)
            for notice in notices:
                self._offer(notice)
                self._read_to = notice.number
            if not notices:
                break
        for receiver in self._receivers:
            receiver.flush()

    def _offer(self, notice: Notice) -> None:
        """Give it to whoever has most room; at most as many are offered as there is room for."""
        if notice.number not in self._with and notice.number not in self._resting:
            receiver = self._with[notice.number] = max(self._receivers, key=lambda receiver: receiver.room)
            receiver.deliver(notice)
