"""What a text message is. Pure."""

from dataclasses import dataclass
from datetime import datetime

from mockgov.vocabulary.phone import Phone

SHORT_NUMBER = "2023"
"""The ministry's short number (facts, section 5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One sent message."""

    number: int
    sent_at: datetime
    sender: str
    phone: Phone
    text: str
