"""A client of the SMPP door on smpplib, an independent library: keeps a window of submissions and collects receipts."""

import select
from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple, Self

from smpplib import consts, exceptions, smpp
from smpplib.client import Client

from tests.doors import PATIENCE_S, Opened

SENDER = "CINAR"


class Submitted(NamedTuple):
    """What a submit_sm was answered with."""

    status: int
    message_id: str


class Esme:
    """`with Esme(opened, "CINAR", password) as esme:`: bound as a transceiver until the block ends."""

    def __init__(
        self, opened: Opened, system_id: str, password: str, *, bind: str = "transceiver", system_type: str = ""
    ) -> None:
        self.client = Client(*opened.address, timeout=PATIENCE_S, allow_unknown_opt_params=True)
        self.client.logger.disabled = True
        self.answers: dict[int, Submitted] = {}
        self.delivered: list[Any] = []
        """Every deliver_sm, as it came."""
        self.acknowledges = True
        self.unacknowledged: deque[Any] = deque()
        self._waiting: set[int] = set()
        self.client.set_message_sent_handler(self._answered)
        self.client.set_error_pdu_handler(self._refused)
        self.client._message_received = self._received  # the library's own hook cannot hold an answer back
        self.client.connect()
        try:
            getattr(self.client, f"bind_{bind}")(system_id=system_id, password=password, system_type=system_type)
        except BaseException:
            self.die()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    @property
    def receipts(self) -> list[bytes]:
        """The texts of what was delivered."""
        return [pdu.short_message for pdu in self.delivered]

    def leave(self) -> None:
        """Unbind, and hang up."""
        if self.client._socket is None:
            return
        self.client.send_pdu(_pdu("unbind", self.client))
        while (pdu := self.client.read_pdu()).command != "unbind_resp":
            self._dispatch(pdu)
        self.die()

    def die(self) -> None:
        """Hang up without a word."""
        self.client.state = consts.SMPP_CLIENT_STATE_OPEN
        if self.client._socket is not None:
            self.client.disconnect()

    def submit(self, to: str, text: bytes = b"merhaba", **fields: Any) -> int:
        """Send a submit_sm without waiting; its sequence_number."""
        fields = {
            "source_addr_ton": 5,
            "source_addr": SENDER,
            "dest_addr_ton": 1,
            "dest_addr_npi": 1,
            "registered_delivery": 1,
            "short_message": text,
        } | fields
        sent = self.client.send_message(destination_addr=to, **fields)
        self._waiting.add(sent.sequence)
        return int(sent.sequence)

    def send(self, to: str, text: bytes = b"merhaba", **fields: Any) -> Submitted:
        """Send a submit_sm and have its answer."""
        sequence = self.submit(to, text, **fields)
        while sequence not in self.answers:
            self._read()
        return self.answers[sequence]

    def send_all(self, recipients: Sequence[str], *, window: int = 50) -> list[Submitted]:
        """Send many, at most so many unanswered at a time."""
        sent: list[int] = []
        for to in recipients:
            while len(self._waiting) >= window:
                self._read()
            sent.append(self.submit(to))
        while self._waiting:
            self._read()
        return [self.answers[sequence] for sequence in sent]

    def wait_for(self, count: int) -> None:
        """Read until so many deliver_sm have come altogether."""
        while len(self.delivered) < count:
            self._read()

    def is_quiet(self, seconds: float = 0.2) -> bool:
        """Whether nothing more comes for a while."""
        return not select.select([self.client._socket], [], [], seconds)[0]

    def acknowledge(self, count: int | None = None) -> None:
        """Answer the oldest of what was held back."""
        for _ in range(len(self.unacknowledged) if count is None else count):
            pdu = self.unacknowledged.popleft()
            answer = _pdu("deliver_sm_resp", self.client)
            answer.sequence = pdu.sequence
            self.client.send_pdu(answer)

    def _read(self) -> None:
        self._dispatch(self.client.read_pdu())

    def _dispatch(self, pdu: Any) -> None:
        if pdu.command == "submit_sm_resp":
            self._answered(pdu)
        elif pdu.command == "deliver_sm":
            self._received(pdu)
        elif pdu.command == "enquire_link":
            self.client._enquire_link_received(pdu)
        else:
            raise AssertionError(pdu.command)

    def _answered(self, pdu: Any) -> None:
        self._waiting.discard(pdu.sequence)
        message_id = (getattr(pdu, "message_id", None) or b"").decode()
        self.answers[pdu.sequence] = Submitted(pdu.status, message_id)

    def _refused(self, pdu: Any) -> None:
        raise exceptions.PDUError(pdu.command, pdu.status)

    def _received(self, pdu: Any) -> None:
        self.delivered.append(pdu)
        self.unacknowledged.append(pdu)
        if self.acknowledges:
            self.acknowledge()


def _pdu(command: str, client: Client) -> Any:
    return smpp.make_pdu(command, client=client)
