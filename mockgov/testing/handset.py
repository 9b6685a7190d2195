"""A phone of a test's world: what has arrived on it, and what is sent from it."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from mockgov.ministry import Ministry
from mockgov.sms.rules import SHORT_NUMBER
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.phone import Phone

_DIGITS = re.compile(r"\b\d{5,6}\b")
_CODE = re.compile(r"\b[A-Z][0-9][A-Z][0-9]-[0-9]{4}-[0-9]{2}\b")

Run = Callable[[Callable[[], Any]], Any]
"""Does something where the world lives, and gives what comes of it."""


class Handset:
    """One line's phone."""

    def __init__(self, ministry: Ministry, phone: Phone, run: Run) -> None:
        self._ministry = ministry
        self._run = run
        self.phone = phone

    @property
    def texts(self) -> Sequence[str]:
        """What the screen shows, oldest first."""
        return [one.text for one in self._run(lambda: self._ministry.sms.received(self.phone))]

    @property
    def senders(self) -> Sequence[str]:
        """Who each of the texts is from."""
        return [one.sender for one in self._run(lambda: self._ministry.sms.received(self.phone))]

    def login_code(self) -> str:
        """The digits in the newest text that has some. Raises LookupError."""
        for text in reversed(self.texts):
            if found := _DIGITS.search(text):
                return found[0]
        raise LookupError("No login code has arrived on this phone; ask for one by POST /api/send-code-to-login.")

    def codes(self) -> Sequence[HesCode]:
        """The HES codes that the texts tell, oldest first."""
        return [HesCode.parse(found) for text in self.texts for found in _CODE.findall(text)]

    def send(self, text: str, to: str = SHORT_NUMBER) -> None:
        """Send a text, to 2023 unless said otherwise; replies come when the clock has moved."""
        self._run(lambda: self._ministry.sms.from_handset(self.phone, to, text))
