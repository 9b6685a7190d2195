"""SMPP: smpplib sends messages through a window, and waits for every receipt."""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from smpplib.exceptions import ConnectionError  # noqa: A004  smpplib's own

from mockgov.world import DEFAULT, FILE
from tests.bench_joining.servers import Address
from tests.mockgov.counters.esme import Esme

WARM, MESSAGES, WINDOW = 250, 5_000, 50
FIRST_NUMBER = 905_991_100_010
"""No magic number comes behind it in a round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What one round saw."""

    messages_per_s: float
    """By the time at which the last was answered."""
    receipts_per_s: float
    """By the time at which the last had come."""
    client: float
    """Share of a core that the client was busy."""
    lost: int
    """Messages that were refused, or whose receipt is not there exactly once."""


def send(address: Address, account: tuple[str, str]) -> Sent:
    """One round."""
    numbers = [str(FIRST_NUMBER + nth) for nth in range(WARM + MESSAGES)]
    esme = Esme(SimpleNamespace(address=address), *account)  # type: ignore[arg-type]  all it asks for
    warm = esme.send_all(numbers[:WARM], window=WINDOW)
    esme.wait_for(WARM)
    begun, cpu_s = time.perf_counter(), time.process_time()
    answers = esme.send_all(numbers[WARM:], window=WINDOW)
    answered_s = time.perf_counter() - begun
    esme.wait_for(WARM + MESSAGES)
    all_s = time.perf_counter() - begun
    cpu_s = time.process_time() - cpu_s
    with suppress(ConnectionError):  # smpp34's server hangs up where an unbind_resp is due
        esme.leave()
    receipts: Sequence[bytes] = [pdu.receipted_message_id for pdu in esme.delivered]
    wanted = {answer.message_id.encode() for answer in (*warm, *answers) if answer.status == 0}
    return Sent(
        messages_per_s=MESSAGES / answered_s,
        receipts_per_s=MESSAGES / all_s,
        client=cpu_s / all_s,
        lost=WARM + MESSAGES - len(wanted & set(receipts)) + len(receipts) - len(set(receipts)),
    )


def journalled(folder: Path) -> int:
    """Messages delivered in the default world's journal, of which nothing waits any more."""
    with closing(sqlite3.connect(folder / DEFAULT / FILE)) as journal:
        (delivered,) = journal.execute("SELECT count(*) FROM sms_message WHERE state = 'delivered'").fetchone()
        (waiting,) = journal.execute("SELECT count(*) FROM sms_notice").fetchone()
    return int(delivered) - int(waiting)
