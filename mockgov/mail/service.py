"""Use-cases of the mail."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Final

from mockgov.bus import Tell
from mockgov.clock import Now, to_us
from mockgov.mail import reading, writing
from mockgov.mail.messages import MailBounced, MailDelivered, MailReceived, MailSent, ReceiveMail, SendMail
from mockgov.mail.reading import Content
from mockgov.mail.rules import (
    ORDINARY,
    SIZE_LIMIT,
    Attachment,
    Box,
    MailRefused,
    Message,
    Reply,
    Scenario,
    State,
    UnknownMail,
    attempted,
    check_attachment,
    check_subject,
    check_text,
    greeted,
    is_greylist,
    mailbox_of,
    put_off,
    scenario_of,
    script_of,
)
from mockgov.mail.store import MailStore
from mockgov.streams import Streams
from mockgov.vocabulary.email_address import EmailAddress

MINISTRY: Final = EmailAddress("hesdestek", "saglik.gov.tr")
"""Where institutions report that their integration is finished (facts, section 6)."""
NOWHERE: Final = ""
NO_MAIL: Final = "There is no mail of this number; GET /_lab/mail lists them."


def support_address(label: str) -> EmailAddress:
    """The ministry's address, with a label that leads answers back to a world through the SMTP door; "" for none."""
    return EmailAddress(f"{MINISTRY.local}+{label}", MINISTRY.domain) if label else MINISTRY


class Mail:
    """All mail of one world."""

    def __init__(
        self,
        *,
        store: MailStore,
        now: Now,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
        streams: Streams,
        sender: EmailAddress = MINISTRY,
        screen: Callable[[bytes], None] = lambda _: None,
    ) -> None:
        """`screen` raises `Unminted` for a message with a number that may be a living person's."""
        self._store = store
        self._now = now
        self._tell = tell
        self._transaction = transaction
        self._streams = streams
        self.sender = sender
        self._screen = screen
        self._is_running = False

    def send(self, order: SendMail) -> Message:
        """Write to somebody and try to deliver it at once. Raises `MailRefused`, `UnknownScenario`."""
        scenario = scenario_of(order.to)
        check_subject(order.subject)
        check_text(order.text)
        for attachment in order.attachments:
            check_attachment(attachment)
        now = self._now()
        with self._transaction():
            number = self._store.next_number()
            raw = writing.message(
                sender=self.sender,
                to=order.to,
                subject=order.subject,
                text=order.text,
                attachments=order.attachments,
                at=now,
                token=self._token(number, order.to, now),
            )
            _check_size(len(raw))
            mail = Message(
                number=number,
                box=Box.OUT,
                sender=self.sender,
                recipient=order.to,
                subject=order.subject,
                size=len(raw),
                queued_at=now,
                due_at=now + scenario.delay,
                reference=order.reference,
            )
            self._store.put([mail], [mailbox_of(order.to, self.sender)], raw)
            self._tell(MailSent(number=number, to=order.to))
            self.run_due()
        return self.message(number)

    def receive(self, order: ReceiveMail) -> Sequence[Message]:
        """Take in a message from outside, one mail for each recipient.

        Raises `MailRefused`, `UnknownScenario`, `Unminted`.
        """
        _check_size(len(order.message))
        self._screen(_written(order.sender, *order.recipients) + order.message)
        if not order.recipients:
            raise MailRefused("A message needs a recipient.")
        delays = [self._script(recipient).delay for recipient in order.recipients]
        subject = reading.read_message(order.message).subject
        with self._transaction():
            mails = self._arrive(order.sender, order.recipients, delays, subject, order.message)
            self.run_due()
        return [self.message(mail.number) for mail in mails]

    def greet(
        self, sender: EmailAddress | None, recipient: EmailAddress, *, greylist_s: int = 0, anew: bool = False
    ) -> Reply:
        """What the ministry's SMTP door answers to a sender and a recipient now.

        With `greylist_s` they are put off until so many seconds after their first knock, whatever else is scripted;
        with `anew` as if this knock were the first.
        Raises `UnknownScenario`, `Unminted`.
        """
        self._screen(_written(sender, recipient))
        script = self._script(recipient)
        now = self._now()
        if not greylist_s and not is_greylist(script):
            return greeted(script, timedelta())
        with self._transaction():
            knocker = NOWHERE if sender is None else sender.folded
            waited = now - self._store.first_knock(knocker, recipient.folded, now)
        if greylist_s:
            waited = timedelta() if anew else waited
            return greeted(script, waited) if waited >= timedelta(seconds=greylist_s) else put_off(greylist_s)
        return greeted(script, waited)

    def inbox(self, address: EmailAddress | None = None, *, limit: int = 100) -> Sequence[Message]:
        """What has been delivered to an address, or to all, newest first."""
        return self._store.inbox(self._mailbox(address), limit=limit)

    def outbox(self, to: EmailAddress | None = None, *, limit: int = 100) -> Sequence[Message]:
        """What the ministry has written to an address, or to all, however it stands, newest first."""
        return self._store.outbox(self._mailbox(to), limit=limit)

    def has_written(self, to: EmailAddress) -> bool:
        """Whether the ministry has ever written to an address."""
        return self._store.has_written(mailbox_of(to, self.sender))

    def message(self, number: int) -> Message:
        """A mail. Raises `UnknownMail`."""
        found = self._store.get(number)
        if found is None:
            raise UnknownMail(NO_MAIL)
        return found

    def raw(self, number: int) -> bytes:
        """A mail's bytes, as sent. Raises `UnknownMail`."""
        found = self._store.raw(number)
        if found is None:
            raise UnknownMail(NO_MAIL)
        return found

    def content(self, number: int) -> Content:
        """A mail, taken apart. Raises `UnknownMail`."""
        return reading.read_message(self.raw(number))

    def attachment(self, number: int, nth: int) -> Attachment:
        """The nth file in a mail, from 1 on. Raises `UnknownMail`."""
        attachments = self.content(number).attachments
        if not 1 <= nth <= len(attachments):
            raise UnknownMail(f"This mail has {len(attachments)} attachments, numbered from 1 on.")
        return attachments[nth - 1]

    def next_due(self) -> datetime | None:
        """When the next mail is to be tried."""
        return self._store.next_due()

    def run_due(self) -> None:
        """Try every mail that is due, in order. A mail sent meanwhile, in reaction to this, takes its turn."""
        if self._is_running:
            return
        self._is_running = True
        try:
            while mail := self._store.due(self._now()):
                with self._transaction():
                    self._attempt(mail)
        finally:
            self._is_running = False

    def _attempt(self, mail: Message) -> None:
        at = mail.due_at or self._now()
        tried = attempted(mail, at)
        self._store.save(tried)
        if mail.box is Box.IN:
            self._tell_received(tried)
        elif tried.state is State.DELIVERED:
            self._tell(MailDelivered(number=mail.number, to=mail.recipient, reference=mail.reference))
        elif tried.state is State.BOUNCED:
            self._return(tried, at)
            told = MailBounced(number=mail.number, to=mail.recipient, reason=tried.reply, reference=mail.reference)
            self._tell(told)

    def _tell_received(self, mail: Message) -> None:
        if mail.sender is None:
            return
        content = self.content(mail.number)
        self._tell(
            MailReceived(
                number=mail.number,
                sender=mail.sender,
                recipient=mail.recipient,
                subject=content.subject,
                text=content.text,
                is_automatic=content.is_automatic,
            )
        )

    def _return(self, mail: Message, at: datetime) -> None:
        """Put the report about a bounced mail into its sender's inbox."""
        raw = writing.bounce(
            home=self.sender,
            to=mail.recipient,
            reply=mail.reply,
            original=self.raw(mail.number),
            at=at,
            token=self._token(self._store.next_number(), self.sender, at),
        )
        subject = reading.read_message(raw).subject
        self._arrive(None, [self.sender], [timedelta()], subject, raw)

    def _arrive(
        self,
        sender: EmailAddress | None,
        recipients: Sequence[EmailAddress],
        delays: Sequence[timedelta],
        subject: str,
        raw: bytes,
    ) -> Sequence[Message]:
        now, first = self._now(), self._store.next_number()
        mails = [
            Message(
                number=first + nth,
                box=Box.IN,
                sender=sender,
                recipient=recipient,
                subject=subject,
                size=len(raw),
                queued_at=now,
                due_at=now + delay,
            )
            for nth, (recipient, delay) in enumerate(zip(recipients, delays, strict=True))
        ]
        self._store.put(mails, [mailbox_of(recipient, self.sender) for recipient in recipients], raw)
        return mails

    def _script(self, recipient: EmailAddress) -> Scenario:
        """What the label of a recipient of incoming mail asks for; only the ministry's own address is scripted."""
        is_home = mailbox_of(recipient, self.sender) == mailbox_of(self.sender, self.sender)
        return script_of(recipient) if is_home else ORDINARY

    def _mailbox(self, address: EmailAddress | None) -> str | None:
        return None if address is None else mailbox_of(address, self.sender)

    def _token(self, number: int, to: EmailAddress, at: datetime) -> str:
        return self._streams.secret("mail.message", number, to.folded, to_us(at), size=16).hex()


def _check_size(size: int) -> None:
    if size > SIZE_LIMIT:
        raise MailRefused(f"A message has at most {SIZE_LIMIT} bytes; send a smaller attachment.", key="mailtoolarge")


def _written(*addresses: EmailAddress | None) -> bytes:
    """The addresses of an envelope, as a line of a message's head."""
    return f"X-Envelope: {' '.join(one.address for one in addresses if one is not None)}\r\n".encode()
