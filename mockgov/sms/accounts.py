"""Accounts of the gateway: who may send under which name, and how much. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mockgov.refusal import Refused
from mockgov.vocabulary.chance import Draw, pick

SYSTEM_ID_LENGTH: Final = 15
PASSWORD_LENGTH: Final = 8
"""SMPP 3.4, 5.2.1 and 5.2.2: at most 15 and 8 characters."""
PASSWORD_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"  # noqa: S105  an alphabet
SECOND_US: Final = 1_000_000

_SENDER = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9 .&_-]{1,9}[A-Za-z0-9.]")
_NUMBER = re.compile(r"[1-9][0-9]{3}|850[0-9]{7}")
_TRANSLITERATED = str.maketrans("çğıöşüÇĞİÖŞÜâîûÂÎÛ", "cgiosuCGIOSUaiuAIU")


class UnknownSmsAccount(Refused):
    """The gateway has no account of that name."""

    key = "smsaccountnotfound"


class SmsAccountTaken(Refused):
    """The name or the number is somebody's."""

    key = "smsaccountexists"


class BadSmsAccount(Refused):
    """An account that cannot be opened like this."""

    key = "badsmsaccount"


class WrongSmsPassword(Refused):
    """The password is another one."""

    key = "wrongsmspassword"


class SenderRefused(Refused):
    """A sender that the account may not use."""

    key = "senderrefused"


class QueueFull(Refused):
    """Too much waits already."""

    key = "queuefull"


class Throttled(Refused):
    """Too many in too short a time."""

    key = "throttled"

    def __init__(self, message: str, *, wait_us: int) -> None:
        super().__init__(message)
        self.wait_us = wait_us
        """Microseconds of the world's time until there is room for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsAccount:
    """A client of the gateway, the same at the SMPP door and at the HTTP counter."""

    system_id: str
    label: str
    senders: tuple[str, ...]
    """Registered alphanumeric originators."""
    number: str | None
    """The short (four digits) or long (850…) number at which handsets reach it."""
    opened_at: datetime
    busy_until_us: int = 0
    """When the messages taken so far would be through at the agreed rate; see `take`."""


def system_id_of(label: str) -> str:
    """The system_id of a label: upper-case ASCII, at most 15 characters. Raises `BadSmsAccount`."""
    letters = re.sub(r"[^A-Z0-9_-]+", "-", label.translate(_TRANSLITERATED).upper()).strip("-")
    if not letters:
        raise BadSmsAccount("A label has at least one letter or digit.")
    return letters[:SYSTEM_ID_LENGTH].rstrip("-")


def mint_password(draw: Draw) -> str:
    """A new password."""
    return "".join(pick(draw, PASSWORD_ALPHABET) for _ in range(PASSWORD_LENGTH))


def check_senders(senders: tuple[str, ...]) -> None:
    """Raises `BadSmsAccount` for an originator that nobody registers."""
    for sender in senders:
        if not _SENDER.fullmatch(sender):
            raise BadSmsAccount(
                "A sender name has 3 to 11 of A-Z, a-z, 0-9, blank and . & _ -, at least one letter among them; "
                "numeric originators are not allowed in Turkey."
            )


def check_number(number: str) -> None:
    """Raises `BadSmsAccount` for what is neither a short nor a long number."""
    if not _NUMBER.fullmatch(number):
        raise BadSmsAccount("A number is short, four digits, or long, 850 and seven digits.")


def check_sender(account: SmsAccount, sender: str) -> None:
    """Raises `SenderRefused`."""
    if sender in account.senders:
        return
    if sender.lstrip("+").isdigit():
        raise SenderRefused("Numeric originators are not allowed in Turkey; send under a registered name.")
    raise SenderRefused("This sender name is not registered for the account; GET /_lab/sms-accounts lists its names.")


def take(busy_until_us: int, now_us: int, per_second: int) -> int:
    """The generic cell rate algorithm: `busy_until_us` after one more message. Raises `Throttled`.

    `per_second` messages may come at once; after that each waits for its turn, every 1/`per_second` s.
    """
    turn_us = max(1, SECOND_US // per_second)
    begins_us = max(busy_until_us, now_us)
    wait_us = begins_us - now_us - (SECOND_US - turn_us)
    if wait_us > 0:
        raise Throttled(f"The account may send {per_second} messages a second; wait a little.", wait_us=wait_us)
    return begins_us + turn_us
