"""One connection of a client: reads PDUs, answers them in their order, and offers what its account waits for."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol, cast

from mockgov.counters.misbehaving import end_transport
from mockgov.counters.smpp.binding import ANSWER_TO_BIND, BINDS, Bind, Bound, read_bind
from mockgov.counters.smpp.delivering import answer_to_query, body_of
from mockgov.counters.smpp.manners import Manners
from mockgov.counters.smpp.misbehaving import Misbehaviour
from mockgov.counters.smpp.noting import Struck
from mockgov.counters.smpp.pdu import RESPONSE, Command, FrameError, Framer, Pdu, PduError, Status, text
from mockgov.counters.smpp.submission import Submission, read_cancellation, read_phone, read_query, status_of, submitted
from mockgov.refusal import Refused
from mockgov.sms.accounts import UnknownSmsAccount, WrongSmsPassword
from mockgov.sms.rules import Notice, read_message_id

AT_ONCE: Final = 100
"""PDUs handled in one turn of the loop."""
FOR_GOOD: Final = frozenset({Status.RX_P_APPN, Status.RX_R_APPN})
"""Answers to a deliver_sm after which it is not offered again."""
LAST_SEQUENCE: Final = 0x7FFF_FFFF

log = logging.getLogger("mockgov.smpp")


class Lobby(Protocol):
    """What a session needs of its door."""

    manners: Manners

    def bind(self, session: "Session", asked: Bind) -> Bound:
        """Let a client in. Raises `PduError`, `Refused`."""
        ...

    def gone(self, session: "Session") -> None:
        """The connection is closed."""
        ...


class Session(asyncio.Protocol):
    """A connection."""

    def __init__(self, lobby: Lobby) -> None:
        self._lobby = lobby
        self._loop = asyncio.get_running_loop()
        self._framer = Framer()
        self._queue: deque[Pdu | FrameError] = deque()
        self._turn: asyncio.Handle | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._heard_at = self._loop.time()
        self._asked = False
        self._bound: Bound | None = None
        self._ending = False
        self._broken = False
        """Whether the client has sent something behind which nothing can be read."""
        self._writable = True
        self._sequence = 0
        self._window: dict[int, int] = {}
        """Notices by the sequence_number of their deliver_sm."""
        self._submitted: list[tuple[int, Submission | Status]] = []
        self._acknowledged: list[int] = []
        self._out: list[bytes] = []
        self._misbehaviour: Misbehaviour | None = None
        self._transport: asyncio.Transport | None = None

    @property
    def room(self) -> int:
        """How many more deliver_sm the client may be sent now."""
        return self._lobby.manners.window - len(self._window) if self._writable and not self._ending else 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a bind."""
        self._transport = cast("asyncio.Transport", transport)
        self._timer = self._loop.call_later(self._lobby.manners.bind_s, self._close)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  how it went makes no difference
        """Give back what was not acknowledged."""
        for handle in (self._timer, self._turn):
            if handle is not None:
                handle.cancel()
        bound, self._bound, self._transport = self._bound, None, None
        self._ending = True
        if bound is not None and bound.outgoing is not None:
            bound.outgoing.leave(self)
        self._lobby.gone(self)

    def data_received(self, data: bytes) -> None:
        """Take in PDUs."""
        if self._broken:
            return
        self._heard_at = self._loop.time()
        self._asked = False
        found, error = self._framer.feed(data)
        self._queue.extend(found)
        if error is not None:
            self._broken = True
            self._queue.append(error)
        if self._turn is None and self._queue:
            self._work()

    def eof_received(self) -> bool:
        """Answer what is under way, as far as the client still listens, and close."""
        while self._queue and not self._ending:
            self._work()
        return False

    def pause_writing(self) -> None:
        """A client that does not read is not read from either."""
        self._writable = False
        self._read_on()

    def resume_writing(self) -> None:
        """Go on."""
        self._writable = True
        self._read_on()
        if self._bound is not None and self._bound.outgoing is not None:
            self._bound.outgoing.wake()

    def deliver(self, notice: Notice) -> None:
        """Get a deliver_sm ready; `flush` sends it."""
        self._window[self._request(Command.DELIVER_SM, body_of(notice))] = notice.number

    def flush(self) -> None:
        """Send what is ready."""
        if self._misbehaviour is not None and self._misbehaviour.is_dripping:
            return
        if self._out and self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"".join(self._out))
        self._out.clear()

    def unbind(self) -> None:
        """Ask the client to go, or hang up if it is not bound."""
        if self._bound is None:
            self._close()
        else:
            self._request(Command.UNBIND)
            self.flush()

    def abort(self) -> None:
        """Hang up at once."""
        if self._transport is not None:
            self._transport.abort()

    @property
    def transport(self) -> asyncio.Transport | None:
        """The connection, while there is one and nothing has ended it."""
        return None if self._transport is None or self._transport.is_closing() else self._transport

    def hang_up(self, *, resets: bool) -> None:
        """End the connection after what has been written, or with a reset; nothing that has come is handled."""
        self._ending = True
        if self._transport is not None:
            end_transport(self._transport, resets=resets)

    def refuse(self, pdu: Pdu, status: Status) -> None:
        """Answer with an error, after what came before it."""
        self._submit()
        self._answer(pdu, status)

    def handle(self, pdu: Pdu) -> None:
        """Handle a PDU that has waited."""
        if not self._ending:
            self._handle_now(pdu)
            self._submit()
            self.flush()

    def _work(self) -> None:
        """Handle what has come, in order; the rest in the loop's next turn."""
        if self._turn is not None:
            self._turn.cancel()
            self._turn = None
        if self._bound is not None and not self._bound.is_open():
            self._queue.clear()
            self.abort()
            return
        for _ in range(min(len(self._queue), AT_ONCE)):
            if self._ending:
                break
            self._handle(self._queue.popleft())
        self._submit()
        self._acknowledge()
        self.flush()
        if self._queue and not self._ending:
            self._turn = self._loop.call_soon(self._work)
        self._read_on()

    def _read_on(self) -> None:
        """Read on if nothing is left to do and somebody reads the answers; else let the client wait."""
        if self._transport is None or self._transport.is_closing():
            return
        if self._writable and self._turn is None:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def _handle(self, pdu: Pdu | FrameError) -> None:
        if self._misbehaviour is None or not isinstance(pdu, Pdu) or not self._misbehaviour.strikes(pdu):
            self._handle_now(pdu)

    def _handle_now(self, pdu: Pdu | FrameError) -> None:
        if isinstance(pdu, Pdu) and pdu.command == Command.SUBMIT_SM and self._bound and self._bound.transmits:
            self._submitted.append((pdu.sequence, submitted(pdu.body)))
            return
        self._submit()
        if isinstance(pdu, FrameError):
            self._nack(pdu.sequence, Status.RINVCMDLEN)
            self._close()
            return
        try:
            self._act(pdu)
        except PduError as error:
            self._answer(pdu, error.status)
        except Refused as refusal:
            self._answer(pdu, status_of(refusal), refusal=refusal.key)
        except Exception:
            log.exception("a %#x failed", pdu.command)
            self._answer(pdu, Status.RSYSERR)

    def _act(self, pdu: Pdu) -> None:
        match pdu.command:
            case Command.BIND_TRANSMITTER | Command.BIND_RECEIVER | Command.BIND_TRANSCEIVER:
                self._bind(pdu)
            case Command.SUBMIT_SM | Command.DELIVER_SM:
                self._answer(pdu, Status.RINVBNDSTS)
            case Command.QUERY_SM:
                self._query(pdu)
            case Command.CANCEL_SM:
                self._cancel(pdu)
            case Command.DELIVER_SM_RESP | Command.GENERIC_NACK:
                self._delivered(pdu)
            case Command.ENQUIRE_LINK:
                self._answer(pdu)
            case Command.UNBIND:
                self._answer(pdu, Status.ROK if self._bound else Status.RINVBNDSTS)
                self._close()
            case Command.UNBIND_RESP:
                self._close()
            case _ if not pdu.command & RESPONSE:
                self._nack(pdu.sequence, Status.RINVCMDID)

    def _bind(self, pdu: Pdu) -> None:
        if self._bound is not None:
            raise PduError(Status.RALYBND)
        try:
            bound = self._lobby.bind(self, read_bind(pdu))
        except UnknownSmsAccount:
            raise PduError(Status.RINVSYSID) from None
        except WrongSmsPassword:
            raise PduError(Status.RINVPASWD) from None
        self._bound = bound
        self._misbehaviour = Misbehaviour(bound.faults, bound.system_id, self, bound.notes)
        self._answer(pdu, body=ANSWER_TO_BIND)
        self._wait(self._lobby.manners.idle_s)
        if bound.outgoing is not None:
            bound.outgoing.join(self)

    def _query(self, pdu: Pdu) -> None:
        bound = self._transmitter()
        asked = read_query(pdu.body)
        message = bound.sms.message(bound.system_id, read_message_id(asked.message_id))
        if asked.sender not in ("", message.sender):
            raise PduError(Status.RINVSRCADR)
        self._answer(pdu, body=answer_to_query(message))

    def _cancel(self, pdu: Pdu) -> None:
        bound = self._transmitter()
        asked = read_cancellation(pdu.body)
        if asked.message_id:
            message = bound.sms.message(bound.system_id, read_message_id(asked.message_id))
            if asked.sender not in ("", message.sender):
                raise PduError(Status.RINVSRCADR)
            bound.sms.cancel(bound.system_id, message.number)
        else:
            phone = read_phone(asked.recipient)
            cancelled = bound.sms.cancel_all(
                bound.system_id, sender=asked.sender, phone=phone, service_type=asked.service_type
            )
            if not cancelled:
                raise PduError(Status.RCANCELFAIL)
        self._answer(pdu)

    def _delivered(self, pdu: Pdu) -> None:
        number = self._window.pop(pdu.sequence, None)
        if number is None or self._bound is None or self._bound.outgoing is None:
            return
        self._bound.notes.delivered(number, pdu.status)
        if pdu.status == Status.ROK or pdu.status in FOR_GOOD:
            self._acknowledged.append(number)
        else:
            self._bound.outgoing.refused(number)

    def _transmitter(self) -> Bound:
        if self._bound is None or not self._bound.transmits:
            raise PduError(Status.RINVBNDSTS)
        return self._bound

    def _submit(self) -> None:
        """Hand over what has been submitted, all in one transaction, and answer it in its order."""
        submitted, self._submitted = self._submitted, []
        if not submitted or self._bound is None:
            return
        results = self._taken(self._bound, [order for _, order in submitted if not isinstance(order, Status)])
        notes = self._bound.notes
        for sequence, order in submitted:
            body, result = b"", None
            if isinstance(order, Status):
                status = order
            else:
                status, body, result = results.popleft()
            struck = self._struck(sequence, status)
            notes.submitted(None if isinstance(order, Status) else order, status, result, struck)
            self._put(Pdu(Command.SUBMIT_SM | RESPONSE, status, sequence, body))

    def _taken(self, bound: Bound, orders: list[Submission]) -> deque[tuple[Status, bytes, object]]:
        if not orders:
            return deque()
        try:
            results = bound.sms.submit_many(bound.system_id, orders)
        except Exception:
            log.exception("%d messages could not be taken", len(orders))
            return deque([(Status.RSYSERR, b"", None)] * len(orders))
        return deque(
            (status_of(result), b"", result)
            if isinstance(result, Refused)
            else (Status.ROK, text(result.message_id), result)
            for result in results
        )

    def _acknowledge(self) -> None:
        """Take what the client has acknowledged out of its queue."""
        acknowledged, self._acknowledged = self._acknowledged, []
        if not acknowledged or self._bound is None or self._bound.outgoing is None:
            return
        try:
            self._bound.outgoing.done(acknowledged)
        except Exception:
            log.exception("%d acknowledgements could not be kept", len(acknowledged))
            self.abort()

    def _answer(self, pdu: Pdu, status: Status = Status.ROK, body: bytes = b"", *, refusal: str = "") -> None:
        if self._bound is not None and pdu.command not in BINDS:
            self._bound.notes.answered(pdu.command, status, refusal, self._struck(pdu.sequence, status))
        self._put(Pdu(pdu.command | RESPONSE, status, pdu.sequence, body))

    def _struck(self, sequence: int, status: Status) -> Struck | None:
        """What a fault makes of the answer that leaves next, for the journal."""
        return None if self._misbehaviour is None else self._misbehaviour.struck(sequence, status)

    def _put(self, answer: Pdu) -> None:
        """Get an answer ready, unless a fault has it leave otherwise."""
        written = answer.written
        if self._misbehaviour is None or not self._misbehaviour.spoils(answer.sequence, written):
            self._out.append(written)

    def _nack(self, sequence: int, status: Status) -> None:
        self._out.append(Pdu(Command.GENERIC_NACK, status, sequence, b"").written)

    def _request(self, command: Command, body: bytes = b"") -> int:
        self._sequence = self._sequence % LAST_SEQUENCE + 1
        self._out.append(Pdu(command, Status.ROK, self._sequence, body).written)
        return self._sequence

    def _close(self) -> None:
        """Send what is ready and hang up."""
        self._acknowledge()
        self.flush()
        self._ending = True
        if self._transport is not None:
            self._transport.close()
            self._wait(self._lobby.manners.answer_s, self.abort)

    def _wait(self, seconds: float, then: Callable[[], None] | None = None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(seconds, then or self._idle)

    def _idle(self) -> None:
        """Ask a silent client whether it is there, and hang up on one that does not answer."""
        manners = self._lobby.manners
        silent_s = self._loop.time() - self._heard_at
        if self._asked:
            self.abort()
        elif silent_s < manners.idle_s:
            self._wait(manners.idle_s - silent_s)
        else:
            self._asked = True
            self._request(Command.ENQUIRE_LINK)
            self.flush()
            self._wait(manners.answer_s)
