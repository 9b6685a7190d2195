"""How an SMPP session misbehaves when a plan says so: PDUs wait or are refused, answers are late, cut or dripped."""

import asyncio
from collections.abc import Iterator
from itertools import chain
from typing import Final, Protocol

from mockgov.counters.smpp.noting import Notes, Struck
from mockgov.counters.smpp.pdu import HEADER, Command, Pdu, Status
from mockgov.faults.course import ORDINARY, Course
from mockgov.faults.kinds import Channel, Stage
from mockgov.faults.plan import FaultPlan

STRUCK: Final = frozenset(
    {Command.SUBMIT_SM, Command.QUERY_SM, Command.CANCEL_SM, Command.ENQUIRE_LINK, Command.UNBIND}
)
"""What a client asks once it is bound."""
TURN_S: Final = 0.01
"""Until an answer looks again whether another one has dripped to its end, in real seconds."""


class Line(Protocol):
    """What is needed of a session."""

    @property
    def transport(self) -> asyncio.Transport | None:
        """The connection, while there is one."""
        ...

    def handle(self, pdu: Pdu) -> None:
        """Handle a PDU that has waited."""
        ...

    def refuse(self, pdu: Pdu, status: Status) -> None:
        """Answer with an error."""
        ...

    def hang_up(self, *, resets: bool) -> None:
        """End the connection after what has been written, or at once."""
        ...

    def flush(self) -> None:
        """Send what is ready, unless something is dripping."""
        ...


class Misbehaviour:
    """What the plan does to one bound session."""

    def __init__(self, faults: FaultPlan, system_id: str, line: Line, notes: Notes) -> None:
        self.is_dripping = False
        """Whether a PDU is on its way in pieces, between which nothing else may be written."""
        self._faults = faults
        self._system_id = system_id
        self._line = line
        self._notes = notes
        self._answers: dict[int, Course] = {}
        """What is to become of answers, by their sequence_number."""
        self._tokens: dict[int, str] = {}
        """What has struck them."""

    def strikes(self, pdu: Pdu) -> bool:
        """Whether the PDU is not to be handled now: it waits, is refused, or the connection has ended."""
        if not self._faults.faults or pdu.command not in STRUCK:
            return False
        verb = Command(pdu.command).name.lower()
        visit = self._faults.visit(Channel.SMPP, verb, self._system_id, pdu.body)
        before, after = visit.course(Stage.COUNTER), visit.course(Stage.ANSWER)
        if before.is_cut:
            self._notes.answered(pdu.command, Status.ROK, struck=Struck(visit.tokens(Stage.COUNTER), None))
            self._line.hang_up(resets=before.resets)
        elif before.refusal is not None:
            self._tokens[pdu.sequence] = visit.tokens(Stage.COUNTER)
            self._line.refuse(pdu, _status(before))
        else:
            if visit.strikes:
                self._tokens[pdu.sequence] = visit.tokens()
            if after is not ORDINARY:
                self._answers[pdu.sequence] = after
            if not before.wait_ms:
                return False
            asyncio.get_running_loop().call_later(before.wait_ms / 1000, self._line.handle, pdu)
        return True

    def struck(self, sequence: int, status: Status) -> Struck | None:
        """What leaves in place of an answer, and what has struck it."""
        tokens = self._tokens.get(sequence)
        if tokens is None:
            return None
        course = self._answers.get(sequence, ORDINARY)
        if course.is_cut:
            return Struck(tokens, None)
        return Struck(tokens, status if course.refusal is None else _status(course))

    def spoils(self, sequence: int, written: bytes) -> bool:
        """Whether an answer does not leave as it is: it leaves later, as another, in pieces, or not at all."""
        self._tokens.pop(sequence, None)
        course = self._answers.pop(sequence, None)
        if course is None:
            return False
        if course.refusal is not None:
            written = Pdu(HEADER.unpack_from(written)[1], _status(course), sequence, b"").written
        pieces = course.pieces(written)
        asyncio.get_running_loop().call_later(course.wait_ms / 1000, self._begin, pieces, course)
        return True

    def _begin(self, pieces: Iterator[tuple[int, bytes]], course: Course) -> None:
        """Send an answer as soon as no other one is dripping."""
        if self.is_dripping:
            asyncio.get_running_loop().call_later(TURN_S, self._begin, pieces, course)
            return
        self._line.flush()
        self._drip(pieces, course)

    def _drip(self, pieces: Iterator[tuple[int, bytes]], course: Course) -> None:
        self.is_dripping = False
        transport = self._line.transport
        if transport is None:
            return
        for wait_ms, piece in pieces:
            if wait_ms:
                self.is_dripping = True
                rest = chain([(0, piece)], pieces)
                asyncio.get_running_loop().call_later(wait_ms / 1000, self._drip, rest, course)
                return
            transport.write(piece)
        if course.hangs_up:
            self._line.hang_up(resets=course.resets)
        else:
            self._line.flush()


def _status(course: Course) -> Status:
    assert course.refusal is not None
    return Status.RTHROTTLED if course.refusal.status == 429 else Status.RSYSERR
