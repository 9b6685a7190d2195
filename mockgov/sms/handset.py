"""What a handset shows: texts put together from the segments that have arrived. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mockgov.sms.encoding import Encoding, Segment, join
from mockgov.sms.rules import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A text on a handset's screen."""

    sender: str
    text: str
    at: datetime
    """When the last of it arrived."""
    encoding: Encoding
    segments: tuple[Segment, ...]
    """In the order of the text."""
    missing: int
    """Segments that have not arrived."""
    numbers: tuple[int, ...]
    """The journal's numbers of the messages that it was sent as."""


def assemble(messages: Sequence[Message]) -> Sequence[Received]:
    """The texts that these arrived messages are, in the order in which they began to arrive.

    Segments belong together if sender, reference and count are the same; one that is there already begins a new text.
    """
    groups: list[dict[int, Message]] = []
    latest: dict[tuple[str, int, int], dict[int, Message]] = {}
    for message in sorted(messages, key=lambda message: (message.done_at or message.sent_at, message.number)):
        place = message.segment.place if message.segment is not None else None
        if place is None:
            groups.append({1: message})
            continue
        key = (message.sender, place.reference, place.total)
        group = latest.get(key)
        if group is None or place.nth in group:
            group = latest[key] = {}
            groups.append(group)
        group[place.nth] = message
    return [_received(group) for group in groups]


def _received(group: dict[int, Message]) -> Received:
    first = next(iter(group.values()))
    in_order = [group[nth] for nth in sorted(group)]
    place = first.segment.place if first.segment is not None else None
    segments = tuple(segment for message in in_order for segment in message.segments)
    return Received(
        sender=first.sender,
        text=first.text if first.segment is None else join(segments),
        at=max(message.done_at or message.sent_at for message in in_order),
        encoding=segments[0].encoding,
        segments=segments,
        missing=0 if place is None else place.total - len(group),
        numbers=tuple(message.number for message in in_order),
    )
