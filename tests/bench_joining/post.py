"""Mail and registered mail: smtplib on several connections; evidence over HTTP."""

import http.client
import json
import smtplib
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.bench_joining.servers import Address

CONNECTIONS = 8
MAILS, WARM_MAILS = 1_000, 80
SENDER, SUPPORT = "yetkili@firma.example", "hesdestek@saglik.gov.tr"
MINISTRY = "sb@hs01.kep.tr"
DELIVERED_S = 300
"""Seconds of world time in which letters are delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed:
    """What one round saw."""

    per_s: float
    client: float
    """Share of a core that the client was busy."""
    lost: int
    """Mails that were not answered with 250."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """Letters into registered mail, and the evidence that is read of them."""

    deposits_per_s: float
    evidence_per_s: float
    """When a piece is read for the first time, and therefore signed."""
    again_per_s: float
    """When it is read once more."""
    letters: int
    lost: int
    """Of these, letters that were not taken."""


def mail(address: Address, sender: str = SENDER) -> Mailed:
    """One round of mail; mail from nobody (`""`, the empty return path) is answered by nobody."""
    head = f"From: {SENDER}\r\nTo: {SUPPORT}\r\n"
    messages = [f"Subject: {nth}\r\n{head}\r\n{'Merhaba. ' * 100}\r\n".encode() for nth in range(MAILS)]
    _deliver(address, (sender, SUPPORT), messages[:WARM_MAILS])
    seconds, cpu_s, taken = _deliver(address, (sender, SUPPORT), messages)
    return Mailed(per_s=MAILS / seconds, client=cpu_s / seconds, lost=MAILS - taken)


def registered(url: str, door: Address, account: tuple[str, str], letters: Sequence[bytes]) -> Registered:
    """Deposit letters, let them be delivered, and read all their evidence twice."""
    warm, rest = letters[:CONNECTIONS], letters[CONNECTIONS:]
    _deliver(door, (account[0], MINISTRY), warm, account)
    seconds, _, taken = _deliver(door, (account[0], MINISTRY), rest, account)
    reader = Reader(url, account)
    reader.call("POST", "/_lab/clock", {"advance_s": DELIVERED_S})
    sent = reader.call("GET", "/kep/api/letters?box=sent")
    numbers = [
        evidence["evidence_id"]
        for letter in sent
        for evidence in reader.call("GET", f"/kep/api/letters/{letter['letter_id']}/evidence")
    ]
    reader.read(numbers[:2])
    first, again = reader.read(numbers[2:]), reader.read(numbers[2:])
    return Registered(
        deposits_per_s=len(rest) / seconds,
        evidence_per_s=first,
        again_per_s=again,
        letters=len(rest),
        lost=len(rest) - taken,
    )


class Reader:
    """Somebody with a registered mailbox, on one connection that is kept."""

    def __init__(self, url: str, account: tuple[str, str]) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        self._headers = {"Content-Type": "application/json"}
        opened = self.call("POST", "/kep/api/sessions", {"address": account[0], "password": account[1]})
        self._headers["Authorization"] = f"Bearer {opened['token']}"

    def call(self, method: str, path: str, body: Any = None) -> Any:
        return json.loads(self._ask(method, path, None if body is None else json.dumps(body)))

    def read(self, numbers: Sequence[int]) -> float:
        """Read pieces of evidence; how many a second."""
        begun = time.perf_counter()
        for number in numbers:
            assert b"SignatureValue" in self._ask("GET", f"/kep/api/evidence/{number}")
        return len(numbers) / (time.perf_counter() - begun)

    def _ask(self, method: str, path: str, body: str | None = None) -> bytes:
        self._connection.request(method, path, body, self._headers)
        answer = self._connection.getresponse()
        read = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {read[:200]!r}")
        return read


def _deliver(
    address: Address, way: tuple[str, str], messages: Sequence[bytes], account: tuple[str, str] | None = None
) -> tuple[float, float, int]:
    """Send messages on all connections; seconds, CPU seconds of the client, and how many were taken."""
    clients = [_client(address, account) for _ in range(CONNECTIONS)]

    def send(nth: int) -> int:
        return sum(_taken(clients[nth], way, message) for message in messages[nth::CONNECTIONS])

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        begun, cpu_s = time.perf_counter(), time.process_time()
        taken = sum(threads.map(send, range(CONNECTIONS)))
        seconds, cpu_s = time.perf_counter() - begun, time.process_time() - cpu_s
    for client in clients:
        client.quit()
    return seconds, cpu_s, taken


def _client(address: Address, account: tuple[str, str] | None) -> smtplib.SMTP:
    client = smtplib.SMTP(*address, local_hostname="localhost")
    client.ehlo()
    if account is not None:
        client.login(*account)
    return client


def _taken(client: smtplib.SMTP, way: tuple[str, str], message: bytes) -> bool:
    try:
        return client.sendmail(way[0], [way[1]], message) == {}
    except smtplib.SMTPException:
        return False
