"""The reactions: a step becomes a message, an arriving message becomes a step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mockgov.clock import Now
from mockgov.correspondence.accounts import Accounts
from mockgov.correspondence.references import TEST_PART, reference_to, referred
from mockgov.credentials.rules import LIVE_BASE, TEST_BASE, Environment
from mockgov.credentials.service import Credentials
from mockgov.kep.messages import (
    DepositLetter,
    LetterDelivered,
    LetterNotDelivered,
    LetterRefused,
    LetterReturned,
    OpenKepAccount,
)
from mockgov.kep.rules import Letter, UnknownKepAccount
from mockgov.kep.service import Kep
from mockgov.mail.messages import MailBounced, MailDelivered, MailReceived, SendMail
from mockgov.mail.rules import Attachment, MailRefused, mailbox_of
from mockgov.mail.service import Mail
from mockgov.onboarding import words
from mockgov.onboarding.messages import (
    AccessRevoked,
    ApplicationRefused,
    ApplicationReturned,
    ApprovedForTest,
    CompletionRefused,
    ConfirmationDue,
    DetailsRequested,
    FormSubmitted,
    IntegrationConfirmed,
    LetterNotPlaced,
    LiveAccessGranted,
    PasswordRequested,
    ReceiveLetter,
    ReportCompletion,
    Step,
    UserNameRequested,
)
from mockgov.onboarding.rules import Application, DetailsPart, LetterChannel, State, UnknownApplication
from mockgov.onboarding.service import Onboarding
from mockgov.refusal import Refused
from mockgov.registry.service import Registry
from mockgov.signature.messages import IssueCertificate
from mockgov.signature.service import Signature
from mockgov.sms.messages import SendText, TextDelivered, TextFailed
from mockgov.sms.service import Sms
from mockgov.streams import Streams
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.tckn import Tckn

MAILBOX: Final = KepAddress(account="sb", provider="hs01")
"""The ministry's registered address (facts section 6)."""
ROOM_KIB: Final = 1 << 29
"""The ministry's mailbox never fills, and its letters never run out (chosen here)."""
OFFICIAL: Final = ("SANDBOX", "GENEL MÜDÜRÜ")
"""Who signs for the ministry; nobody of the register."""
CLOSED: Final = "the ministry's own mailbox is closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Those that the correspondence goes through."""

    registry: Registry
    credentials: Credentials
    signature: Signature
    kep: Kep
    mail: Mail
    sms: Sms
    onboarding: Onboarding


class Correspondence:
    """The ministry's correspondence on the onboarding road, of one world."""

    def __init__(
        self,
        services: Services,
        *,
        now: Now,
        streams: Streams,
        base: str,
        service_document: Callable[[], bytes] | None,
    ) -> None:
        """`base` is where this world answers; it stands before the addresses of the services."""
        self._s = services
        self._accounts = Accounts(services.registry, services.credentials)
        self._base = base
        self._now = now
        self._streams = streams
        self._service_document = service_document

    def open_mailbox(self) -> None:
        """The ministry's own registered address, where a world has none yet."""
        if all(account.address != MAILBOX for account in self._s.kep.accounts()):
            order = OpenKepAccount(
                institution_id=None,
                name="T.C. Sağlık Bakanlığı (sandbox)",
                account=MAILBOX.account,
                provider=MAILBOX.provider,
                quota_kib=ROOM_KIB,
                credit=ROOM_KIB,
            )
            self._s.kep.open_account(order)

    def approved_for_test(self, step: ApprovedForTest | DetailsRequested) -> None:
        """Step 4: the test account, and its details by mail with the service document."""
        issued = self._accounts.open(step.institution_id, Environment.TEST)
        name = issued.account.username
        mail = words.details_of_test(
            step,
            username=name,
            password=issued.password,
            base_url=self._base + TEST_BASE,
            support=self._s.mail.sender.address,
        )
        nth = self._s.onboarding.application(step.application_id).test_details_sent
        reference = reference_to(step, TEST_PART, nth)
        refused = self._write(step.email, mail, reference=reference, attachments=self._documents())
        if refused:
            self._s.onboarding.test_details_failed(step.application_id, refused, nth=nth)

    def _documents(self) -> tuple[Attachment, ...]:
        """The service document, where the ministry was given one."""
        if self._service_document is None:
            return ()
        pdf = self._service_document()
        return (Attachment(name="hes-servis-dokumani.pdf", content_type="application/pdf", data=pdf),)

    def live_access_granted(self, step: LiveAccessGranted) -> None:
        """Step 6: the live account; the user name by mail, the password by text message."""
        issued = self._accounts.open(step.institution_id, Environment.LIVE)
        self._send_user_name(step, issued.account.username)
        self._send_password(step, issued.password)

    def user_name_requested(self, step: UserNameRequested) -> None:
        """The first half of step 6 once more."""
        self._send_user_name(step, self._accounts.live_name(step.institution_id))

    def password_requested(self, step: PasswordRequested) -> None:
        """The second half of step 6 once more, with a new password: the old one may be in wrong hands."""
        self._send_password(step, self._s.credentials.rotate(self._accounts.live_name(step.institution_id)).password)

    def confirmation_due(self, step: ConfirmationDue) -> None:
        """Step 7: the confirming letter by registered mail, where the institution has an address there."""
        if step.kep_address is None:
            return
        from mockgov.kep.reading import Attachment as Enclosure  # noqa: PLC0415  heavy; wanted by few
        from mockgov.kep.writing import plain_letter  # noqa: PLC0415  the same
        from mockgov.onboarding.letters import confirming_letter, pdf, plain  # noqa: PLC0415  the same

        letter = confirming_letter(step, letter_number=f"E-{step.application_id:08d}", at=self._now())
        subject = f"{letter.subject} ({step.number})"
        identifier = f"{step.number.lower()}.confirmation@{MAILBOX.provider}.kep.tr"
        attached = (Enclosure(name="yazi.pdf", content_type="application/pdf", data=pdf(letter)),)
        message = plain_letter(MAILBOX, [step.kep_address], subject, plain(letter), attached, self._now(), identifier)
        if not self._deposit(message):
            self._s.onboarding.confirmation_failed(step.application_id, CLOSED)

    def access_revoked(self, step: AccessRevoked) -> None:
        """Every account under the tax number closes at once, branches' too, and its person is told why."""
        self._accounts.close_all(step.institution_id)
        self._inform(step, words.revoked(step))

    def form_submitted(self, step: FormSubmitted) -> None:
        """What comes next, by mail."""
        self._inform(step, words.submitted(step))

    def application_returned(self, step: ApplicationReturned) -> None:
        """What is to be put right, by mail."""
        self._inform(step, words.returned(step))

    def application_refused(self, step: ApplicationRefused) -> None:
        """Why, and where to go instead, by mail."""
        self._inform(step, words.refused(step))

    def integration_confirmed(self, step: IntegrationConfirmed) -> None:
        """The road is at its end."""
        self._inform(step, words.confirmed(step))

    def letter_not_placed(self, event: LetterNotPlaced) -> None:
        """A registered letter that fits no application is answered by registered mail; paper stays unanswered."""
        if event.channel is LetterChannel.KEP:
            self._answer_letter(event)

    def completion_refused(self, event: CompletionRefused) -> None:
        """A completion notice that does not count is answered by mail, where its sender can be written to."""
        self._write(event.email, words.completion_refused(event))

    def letter_delivered(self, event: LetterDelivered) -> None:
        """Registered mail for the ministry is opened; the ministry's own, once delivered, has confirmed.

        What the ministry writes to itself is neither.
        """
        if event.sender == MAILBOX:
            letter = self._s.kep.letter(event.letter_id).letter
            confirmed = self._confirmed_by(letter)
            is_genuine = letter.signature.identity_number == self.official_number()
            if confirmed is not None and confirmed.form.kep_address == event.recipient and is_genuine:
                self._s.onboarding.integration_confirmed(confirmed.application_id)
        elif event.recipient == MAILBOX:
            self._open(event)

    def letter_lost(self, event: LetterNotDelivered | LetterRefused | LetterReturned) -> None:
        """The ministry's confirming letter did not get there."""
        if event.sender == MAILBOX:
            confirmed = self._confirmed_by(self._s.kep.letter(event.letter_id).letter)
            if confirmed is not None:
                self._s.onboarding.confirmation_failed(confirmed.application_id, event.reason.value)

    def mail_received(self, event: MailReceived) -> None:
        """What a person writes to the support desk is read as a completion notice."""
        home = self._s.mail.sender
        if not event.is_automatic and mailbox_of(event.recipient, home) == mailbox_of(home, home):
            notice = ReportCompletion(sender=event.sender, subject=event.subject, text=event.text)
            self._s.onboarding.report_completion(notice)

    def details_delivered(self, event: MailDelivered | TextDelivered) -> None:
        """The details of test access, the live user name or the live password have arrived."""
        about = referred(event.reference)
        if about is not None and about.part == TEST_PART:
            self._s.onboarding.test_details_delivered(about.application_id, nth=about.nth)
        elif about is not None:
            self._s.onboarding.live_details_delivered(about.application_id, DetailsPart(about.part), nth=about.nth)

    def details_failed(self, event: MailBounced | TextFailed) -> None:
        """They have come back, or will not arrive."""
        about = referred(event.reference)
        if about is not None and about.part == TEST_PART:
            self._s.onboarding.test_details_failed(about.application_id, event.reason, nth=about.nth)
        elif about is not None:
            part = DetailsPart(about.part)
            self._s.onboarding.live_details_failed(about.application_id, part, event.reason, nth=about.nth)

    def _confirmed_by(self, letter: Letter) -> Application | None:
        """The application that awaits the arrival of this letter of the ministry's, if one does."""
        try:
            application = self._s.onboarding.by_number(letter.message_id)
        except UnknownApplication:
            return None
        awaits = application.state is State.LIVE and application.confirmation_sent_at is not None
        return application if awaits else None

    def _open(self, event: LetterDelivered) -> None:
        try:
            self._s.kep.download(MAILBOX, event.letter_id)
            content = self._s.kep.content(event.letter_id)
        except Refused:  # nobody opens the mailbox: a fate that a test may give it
            return
        known = self._s.kep.letter(event.letter_id).letter
        letter = ReceiveLetter(
            channel=LetterChannel.KEP,
            sender=event.sender.address,
            reference=str(event.letter_id),
            text=f"{content.subject}\n{content.text}",
            attachments=tuple((one.name, one.data) for one in content.files),
            signature=known.package_signature or known.signature,
        )
        self._s.onboarding.receive_letter(letter)

    def _answer_letter(self, event: LetterNotPlaced) -> None:
        from mockgov.kep.writing import plain_letter  # noqa: PLC0415  heavy; wanted by few

        answer = words.letter_not_placed(event)
        identifier = f"letter-{event.reference}.answer@{MAILBOX.provider}.kep.tr"
        to = KepAddress.parse(event.sender)
        self._deposit(plain_letter(MAILBOX, [to], answer.subject, answer.text, (), self._now(), identifier))

    def _deposit(self, message: bytes) -> bool:
        """Send a registered letter in the ministry's name; False where its mailbox is closed."""
        from mockgov.kep.writing import signed_letter  # noqa: PLC0415  heavy; wanted by few

        signed = signed_letter(message, lambda entity: self._s.signature.sign_smime(self._official(), entity))
        try:
            self._s.kep.deposit(DepositLetter(sender=MAILBOX, message=signed))
        except UnknownKepAccount:
            return False
        return True

    def _send_user_name(self, step: Step, name: str) -> None:
        mail = words.live_user_name(step, username=name, base_url=self._base + LIVE_BASE)
        nth = self._s.onboarding.application(step.application_id).user_name_sent
        refused = self._write(step.email, mail, reference=reference_to(step, DetailsPart.USER_NAME, nth))
        if refused:
            self._s.onboarding.live_details_failed(step.application_id, DetailsPart.USER_NAME, refused, nth=nth)

    def _send_password(self, step: Step, password: str) -> None:
        text = words.password_text(step, password=password)
        nth = self._s.onboarding.application(step.application_id).password_sent
        reference = reference_to(step, DetailsPart.PASSWORD, nth)
        self._s.sms.send(SendText(phone=step.phone, text=text, reference=reference))

    def _inform(self, step: Step, mail: words.Mail) -> None:
        """Write to an application's person; where that cannot be, its history says so."""
        refused = self._write(step.email, mail)
        if refused:
            self._s.onboarding.not_told(step.application_id, refused)

    def _write(
        self, to: EmailAddress, mail: words.Mail, *, reference: str = "", attachments: tuple[Attachment, ...] = ()
    ) -> str:
        """Send a mail; why it cannot be written, or nothing."""
        order = SendMail(to=to, subject=mail.subject, text=mail.text, attachments=attachments, reference=reference)
        try:
            self._s.mail.send(order)
        except MailRefused as refusal:
            return refusal.message
        return ""

    def official_number(self) -> str:
        """Identity number of who signs for the ministry."""
        return Tckn.mint(self._streams.draw("correspondence.official")).digits

    def _official(self) -> str:
        """Serial number of the certificate with which the general director signs; issued anew when it has run out."""
        order = IssueCertificate(identity_number=self.official_number(), firstname=OFFICIAL[0], lastname=OFFICIAL[1])
        return self._s.signature.certificate_for(order).serial
