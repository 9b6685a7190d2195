"""Letters as MIME: a message with text and attachments, or with an e-Yazışma package, ready to be signed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from mockgov.clock import TURKEY
from mockgov.kep.content import PACKAGE_TYPE, Attachment
from mockgov.kep.rules import SANDBOX
from mockgov.vocabulary.kep_address import KepAddress

_OF_ENTITY = (b"content-", b"mime-version:")
"""Header fields that belong to a message's content and are signed with it (RFC 8551)."""


def plain_letter(
    sender: KepAddress,
    recipients: Sequence[KepAddress],
    subject: str,
    text: str,
    attachments: Sequence[Attachment],
    at: datetime,
    message_id: str,
) -> bytes:
    """A whole message, not signed yet: `signed_letter` signs it. `message_id` comes with or without its brackets.

    The text ends with the note that it is a sandbox's. The same arguments give the same bytes.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender.address
    message["To"] = ", ".join(one.address for one in recipients)
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(at.astimezone(TURKEY))
    message["Message-ID"] = f"<{message_id.strip('<>')}>"
    message.set_content(f"{text.rstrip()}\n\n{SANDBOX}\n", charset="utf-8", cte="base64")
    for one in attachments:
        maintype, _, subtype = one.content_type.partition("/")
        message.add_attachment(one.data, maintype=maintype, subtype=subtype or "octet-stream", filename=one.name)
    if attachments:
        seed = b"\0".join([message_id.encode(), text.encode(), *(one.data for one in attachments)])
        message.set_boundary(f"=_hes_{sha256(seed).hexdigest()[:40]}")
    return message.as_bytes()


def letter_with_package(
    sender: KepAddress,
    recipients: Sequence[KepAddress],
    subject: str,
    package: bytes,
    at: datetime,
    message_id: str,
    *,
    name: str = "belge.eyp",
) -> bytes:
    """A whole message, not signed yet, that carries an e-Yazışma package."""
    attachment = Attachment(name=name, content_type=PACKAGE_TYPE, data=package)
    text = "Resmî yazı ekteki e-Yazışma paketindedir."
    return plain_letter(sender, recipients, subject, text, [attachment], at, message_id)


def signed_letter(message: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """The message with its content signed.

    `sign` gets the MIME entity (content header fields and body, CRLF) and returns the S/MIME entity that replaces it.
    """
    head, _, body = message.partition(b"\r\n\r\n")
    outer, inner = _split(head)
    entity = sign(b"\r\n".join([*(one for one in inner if not _is_version(one)), b"", body]))
    signed_head, _, signed_body = entity.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n").partition(b"\r\n\r\n")
    _, fields = _split(signed_head)
    kept = [one for one in fields if not _is_version(one)]
    return b"\r\n".join([*outer, b"MIME-Version: 1.0", *kept, b"", signed_body])


def _split(head: bytes) -> tuple[list[bytes], list[bytes]]:
    """A head's fields, folded lines together: those of the message, and those of its content."""
    fields: list[bytes] = []
    for line in head.split(b"\r\n"):
        if line[:1] in {b" ", b"\t"} and fields:
            fields[-1] += b"\r\n" + line
        elif line:
            fields.append(line)
    inner = [one for one in fields if one.lower().startswith(_OF_ENTITY)]
    return [one for one in fields if one not in inner], inner


def _is_version(field: bytes) -> bool:
    return field.lower().startswith(b"mime-version:")
