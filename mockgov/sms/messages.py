"""Commands that the outbox takes, and the events that it tells."""

from dataclasses import dataclass

from mockgov.vocabulary.phone import Phone


@dataclass(frozen=True, slots=True, kw_only=True)
class SendText:
    """Send a message to a phone."""

    phone: Phone
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSent:
    """A message is in the handset's inbox."""

    number: int
