"""A mail service at a manual clock, over the plain twin or any other store."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from mockgov.clock import ManualClock
from mockgov.faults import FaultPlan
from mockgov.journal.service import Journal
from mockgov.mail.messages import SendMail
from mockgov.mail.rules import Attachment, Message
from mockgov.mail.service import Mail
from mockgov.mail.store import InMemoryMails, MailStore
from mockgov.streams import Streams
from mockgov.vocabulary.email_address import EmailAddress

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
HOME = EmailAddress("hesdestek", "saglik.gov.tr")


class Post:
    """The service, its clock, and everything that it has told."""

    def __init__(self, *, seed: int = 1, store: MailStore | None = None) -> None:
        self.clock = ManualClock(MONDAY)
        self.told: list[object] = []
        self.world = SimpleNamespace(faults=FaultPlan(Streams(seed), now=self.clock.now))
        self.journal = Journal(size=0, now=self.clock.now, masked=str, stands=lambda: True)
        self.mail = Mail(
            store=store or InMemoryMails(),
            now=self.clock.now,
            tell=self.tell,
            transaction=nullcontext,
            streams=Streams(seed),
        )

    def tell(self, event: object) -> None:
        self.told.append(event)

    def settle(self) -> None:
        self.mail.run_due()

    def advance(self, **time: float) -> None:
        """Walk the clock from due moment to due moment, as a ministry does."""
        until = self.clock.now() + timedelta(**time)
        while (due := self.mail.next_due()) is not None and due <= until:
            self.clock.move_to(max(due, self.clock.now()))
            self.mail.run_due()
        self.clock.move_to(until)

    def send(self, to: str, subject: str = "Konu", text: str = "metin", *attachments: Attachment) -> Message:
        order = SendMail(to=EmailAddress.parse(to), subject=subject, text=text, attachments=attachments)
        return self.mail.send(order)

    def kinds(self) -> list[str]:
        """The names of the events told since the last time."""
        names = [type(event).__name__ for event in self.told]
        self.told.clear()
        return names
