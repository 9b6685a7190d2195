"""Writes messages: RFC 5322 and MIME, CRLF throughout, ASCII only, the same bytes for the same content."""

import quopri
from base64 import b64encode, encodebytes
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime
from textwrap import wrap
from typing import Final
from urllib.parse import quote

from mockgov.clock import TURKEY
from mockgov.mail.rules import STAMP, Attachment
from mockgov.vocabulary.email_address import EmailAddress

WORD_BYTES: Final = 39
"""UTF-8 bytes in one encoded word, so that a line with `Subject: ` before it has at most 76 characters (RFC 2047)."""
LINE: Final = 76
PLAIN_LENGTH: Final = 60
PART_LENGTH: Final = 60
"""Characters of a plain subject, and of each part of a long file name (RFC 2231), at most."""
ATTRIBUTE_SAFE: Final = "!#$&+^_`{}~"
"""What needs no escaping in an extended parameter beside letters, digits and `.-_~` (RFC 5987, attr-char)."""
DISPLAY_NAME: Final = "HES Destek SANDBOX"
DAEMON: Final = "mailer-daemon"


def encoded(text: str) -> str:
    """A header's text: as it is if short and plain ASCII, else in encoded words, folded."""
    if text.isascii() and text == text.strip() and len(text) <= PLAIN_LENGTH and "=?" not in text:
        return text
    return "\r\n ".join(f"=?utf-8?B?{b64encode(word).decode()}?=" for word in _words(text))


def file_name(name: str) -> str:
    """The parameter of a Content-Disposition that names a file."""
    if name.isascii() and len(name) <= PLAIN_LENGTH:
        escaped = name.replace('"', '\\"')
        return f'filename="{escaped}"'
    parts = ["UTF-8''"]
    for character in name:
        escaped = quote(character, safe=ATTRIBUTE_SAFE)
        if len(parts[-1]) + len(escaped) > PART_LENGTH:
            parts.append("")
        parts[-1] += escaped
    if len(parts) == 1:
        return f"filename*={parts[0]}"
    return ";\r\n ".join(f"filename*{nth}*={part}" for nth, part in enumerate(parts))


def stamped(text: str) -> str:
    """The text with plain line ends, and the sandbox stamp below it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    return f"{lines}\n\n-- \n{STAMP}\n"


def message(
    *,
    sender: EmailAddress,
    to: EmailAddress,
    subject: str,
    text: str,
    attachments: Sequence[Attachment],
    at: datetime,
    token: str,
) -> bytes:
    """A mail of the ministry's. `token` makes its Message-ID and boundary; `at` stands in it as Turkey's time."""
    head = _head(f"{DISPLAY_NAME} <{sender.address}>", to, subject, at, f"{token}@{sender.domain}")
    head.append("Auto-Submitted: auto-generated")
    parts = [_text(stamped(text)), *map(_attached, attachments)]
    return _whole(head, parts, "mixed", token)


def bounce(*, home: EmailAddress, to: EmailAddress, reply: str, original: bytes, at: datetime, token: str) -> bytes:
    """A delivery status notification (RFC 3464) about a mail that could not be delivered."""
    head = _head(f"<{DAEMON}@{home.domain}>", home, "Undelivered Mail Returned to Sender", at, f"{token}@{home.domain}")
    head.append("Auto-Submitted: auto-replied")
    told = f"Your message to {to.address} could not be delivered:\n\n    {reply}\n"
    enhanced = next((word for word in reply.split() if word.count(".") == 2), "5.0.0")
    status = "5" + enhanced[1:]
    report = [
        "Content-Type: message/delivery-status",
        "",
        f"Reporting-MTA: dns; {home.domain}",
        f"Arrival-Date: {format_datetime(at.astimezone(TURKEY))}",
        "",
        f"Final-Recipient: rfc822; {to.address}",
        "Action: failed",
        f"Status: {status}",
        "\r\n ".join(wrap(f"Diagnostic-Code: smtp; {reply}", LINE)),
        "",
    ]
    headers = original.partition(b"\r\n\r\n")[0].decode("ascii", "replace")
    returned = ["Content-Type: text/rfc822-headers", "", headers, ""]
    parts = [_text(stamped(told)), "\r\n".join(report), "\r\n".join(returned)]
    return _whole(head, parts, "report; report-type=delivery-status", token)


def _words(text: str) -> Iterator[bytes]:
    """The text in pieces, none of which parts a character."""
    word = b""
    for character in text:
        more = character.encode()
        if len(word) + len(more) > WORD_BYTES:
            yield word
            word = b""
        word += more
    yield word


def _head(sender: str, to: EmailAddress, subject: str, at: datetime, message_id: str) -> list[str]:
    return [
        f"From: {sender}",
        f"To: {to.address}",
        f"Subject: {encoded(subject)}",
        f"Date: {format_datetime(at.astimezone(TURKEY))}",
        f"Message-ID: <{message_id}>",
        "MIME-Version: 1.0",
    ]


def _text(text: str) -> str:
    body = quopri.encodestring(text.encode()).decode().replace("\n", "\r\n")
    return f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{body}"


def _attached(attachment: Attachment) -> str:
    body = encodebytes(attachment.data).decode().replace("\n", "\r\n")
    return (
        f"Content-Type: {attachment.content_type}\r\n"
        f"Content-Disposition: attachment;\r\n {file_name(attachment.name)}\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{body}"
    )


def _whole(head: Sequence[str], parts: Sequence[str], kind: str, token: str) -> bytes:
    """Head and body; one part needs no boundary. `=_` can stand neither in quoted-printable nor in base64."""
    if len(parts) == 1:
        return ("\r\n".join(head) + "\r\n" + parts[0]).encode("ascii")
    boundary = f"=_{token}"
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    kind_line = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"'
    return ("\r\n".join([*head, kind_line]) + f"\r\n\r\n{body}--{boundary}--\r\n").encode("ascii")
