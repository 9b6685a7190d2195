"""What a transcript comes to: one digest over all exchanges, the same whoever was served first.

An exchange is written as canonical JSON without what depends on the order of arrival: its number, and the running
numbers that services give (of messages, letters, receipts). The leaves are sorted by their own digests, so that one
client and sixty-four come to the same root; then they are joined as in RFC 6962, section 2.1 (SHA-256, 0x00 before a
leaf, 0x01 before a node). Secrets are asterisks before that. The moment belongs to it in a world whose clock is moved
by hand; a clock that runs by itself gives no two runs the same moments.
"""

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, Final

from mockgov.clock import to_us
from mockgov.journal.messages import Exchange

_RUNNING = (
    "message_id message_ids messageId receipt_id receipt_ids letter_id evidence_id number numbers application_id "
    "key form_url page_url request_number memberId userId kepId kepSiraNo delilId"
)
RUNNING: Final = frozenset(_RUNNING.split())
"""Fields of answers whose values are given in the order of arrival."""


def leaf(exchange: Exchange, *, with_moment: bool) -> bytes:
    """The digest of one exchange."""
    told: dict[str, Any] = {
        "protocol": exchange.protocol,
        "operation": exchange.operation,
        "method": exchange.method,
        "asker": exchange.asker,
        "subjects": list(exchange.subjects),
        "purpose": exchange.purpose,
        "status": exchange.status,
        "refusal": exchange.refusal,
        "fault": exchange.fault,
        "request": canonical(exchange.request.body),
        "response": canonical(exchange.response.body),
    }
    if with_moment:
        told["at_us"] = to_us(exchange.at)
    written = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(b"\x00" + written.encode("utf-8", "surrogatepass")).digest()


def canonical(body: str) -> Any:
    """A body as it counts: JSON by its meaning and without running numbers, anything else as it is."""
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return body
    return _still(read)


def root_of(leaves: Iterable[bytes]) -> str:
    """The root over leaves in whatever order, in hexadecimal; of none, the digest of nothing."""
    level: Sequence[bytes] = sorted(leaves)
    if not level:
        return sha256(b"").hexdigest()
    while len(level) > 1:
        pairs = [sha256(b"\x01" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        level = pairs if len(level) % 2 == 0 else [*pairs, level[-1]]
    return level[0].hex()


def _still(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: "#" if key in RUNNING else _still(one) for key, one in value.items()}
    return [_still(one) for one in value] if isinstance(value, list) else value
