"""Commands that the mail takes, and the events that it tells."""

from dataclasses import dataclass, field

from mockgov.mail.rules import Attachment
from mockgov.vocabulary.email_address import EmailAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMail:
    """Write to somebody in the ministry's name."""

    to: EmailAddress
    subject: str
    text: str = field(repr=False)
    attachments: tuple[Attachment, ...] = ()
    reference: str = ""
    """The sender's own, told with the mail's outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveMail:
    """Take in what somebody has sent; `sender` is the envelope's, None for the empty return path."""

    sender: EmailAddress | None
    recipients: tuple[EmailAddress, ...]
    message: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSent:
    """A mail of the ministry's is in the queue."""

    number: int
    to: EmailAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDelivered:
    """A mail of the ministry's is in its recipient's inbox."""

    number: int
    to: EmailAddress
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailBounced:
    """A mail of the ministry's has come back for good; the report is in the ministry's inbox."""

    number: int
    to: EmailAddress
    reason: str
    """The SMTP reply."""
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailReceived:
    """A mail from outside is in an inbox. Not told of reports, which have no sender to answer."""

    number: int
    sender: EmailAddress
    """The envelope's."""
    recipient: EmailAddress
    subject: str = field(repr=False)
    text: str = field(repr=False)
    is_automatic: bool = False
    """Whether a machine has written it (RFC 3834); answering it may begin a quarrel without end."""
