"""What the mail doors tell the journal: each message with its envelope, and each command that was refused."""

import re
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default
from typing import Any, Final

from aiosmtpd.smtp import Envelope

from mockgov.journal.messages import CUT, Noted, Part
from mockgov.journal.service import Journal

DATA: Final = "DATA"
COMMANDS: Final = ("MAIL", "RCPT", DATA, "AUTH")
GOOD: Final = 400
HEADS: Final = ("from", "to", "cc", "subject", "date", "message-id", "in-reply-to")
READ_LIMIT: Final = 256 << 10
"""Bytes up to which a message is opened for the journal; of longer ones only the size is told."""
_REASON = re.compile(r"Refused, ([a-z-]+):")
_TOKENS = re.compile(r"\(X-HES-Fault: ([^()]+)\)")
_ENHANCED = re.compile(r"\d{3}[ -](\d\.\d+\.\d+)")


def note(
    journal: Journal, protocol: str, command: str, envelope: Envelope, args: tuple[Any, ...], answer: object, asker: str
) -> None:
    """Tell of a command and its answer, if it took a message or refused anything."""
    if command not in COMMANDS or not isinstance(answer, str) or not answer[:3].isdigit():
        return
    status = int(answer[:3])
    fault = _TOKENS.search(answer)
    if status < GOOD and command not in (DATA, "AUTH") and fault is None:
        return
    content = (envelope.original_content or b"") if command == DATA else b""
    typed = str(args[0]) if args and command != "AUTH" else ""
    answer = "" if status == CUT else answer
    reason = _REASON.search(answer) or _ENHANCED.match(answer)
    journal.note(
        Noted(
            at_us=journal.now_us(),
            protocol=protocol,
            operation=command,
            status=status,
            method=command,
            asker=asker,
            refusal="cut" if status == CUT else reason[1] if reason is not None and status >= GOOD else "",
            fault="" if fault is None else fault[1],
            request=Part(
                head=(("mail-from", envelope.mail_from or ""), *(("rcpt-to", to) for to in envelope.rcpt_tos)),
                body=told(content) if content else typed,
                size=len(content),
            ),
            response=Part(body=answer, size=len(answer)),
        )
    )


def told(content: bytes) -> str:
    """A message's own head and texts; of everything else in it type and size."""
    if len(content) > READ_LIMIT:
        return f"[message/rfc822, {len(content)} bytes]"
    try:
        message = message_from_bytes(content, policy=default)
        lines = [f"{name}: {value}" for name, value in message.items() if name.lower() in HEADS]
        lines += ["", *(_part(part) for part in message.walk() if not part.is_multipart())]
    except (MessageError, LookupError, ValueError, TypeError, AttributeError, RecursionError):
        return f"[message/rfc822, {len(content)} bytes]"
    return "\n".join(lines)


def _part(part: Any) -> str:
    kind = part.get_content_type()
    if kind == "text/plain" and isinstance(part, EmailMessage):
        return str(part.get_content())
    body = part.get_payload(decode=True)
    return f"[{kind}, {len(body) if isinstance(body, bytes) else 0} bytes]"
