"""What the ministry writes to the institutions on the onboarding road, and what becomes of what they write.

The services know nothing of one another; this is where a step of an application becomes an account, an e-mail, a text
message or a registered letter, and where a letter or a notice that arrives becomes a step of an application. The
reactions stand in `mockgov.ministry`'s table; the words are onboarding's.

Every mail and text message carries a reference, such as `onboarding/7/password`, by which its fate (delivered, bounced,
undeliverable) finds back to the application. The ministry's own registered letters name the application in the subject.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from mockgov.clock import Now
from mockgov.credentials.messages import ProvisionAccount
from mockgov.credentials.rules import AccountState, Environment, username
from mockgov.credentials.service import Credentials, Issued
from mockgov.kep.messages import DepositLetter, LetterDelivered, LetterNotDelivered, LetterRefused, OpenKepAccount
from mockgov.kep.service import Kep
from mockgov.mail.messages import MailBounced, MailDelivered, MailReceived, SendMail
from mockgov.mail.rules import Attachment
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
from mockgov.onboarding.rules import DetailsPart, LetterChannel, State, application_numbers
from mockgov.onboarding.service import Onboarding
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
TEST_BASE: Final = "/services/g2g/test/saglik/hes/"
LIVE_BASE: Final = "/services/g2g/saglik/hes/"


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
        self, services: Services, *, now: Now, streams: Streams, service_document: Callable[[], bytes] | None
    ) -> None:
        self._s = services
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
        issued = self._account(step.institution_id, Environment.TEST)
        name = issued.account.username
        mail = words.details_of_test(step, username=name, password=issued.password, base_url=TEST_BASE)
        document = self._service_document
        attached = (
            ()
            if document is None
            else (Attachment(name="hes-servis-dokumani.pdf", content_type="application/pdf", data=document()),)
        )
        self._write(step.email, mail, reference=_reference(step, "test"), attachments=attached)

    def live_access_granted(self, step: LiveAccessGranted) -> None:
        """Step 6: the live account; the user name by mail, the password by text message."""
        issued = self._account(step.institution_id, Environment.LIVE)
        self._send_user_name(step, issued.account.username)
        self._send_password(step, issued.password)

    def user_name_requested(self, step: UserNameRequested) -> None:
        """The first half of step 6 once more."""
        self._send_user_name(step, self._live_name(step.institution_id))

    def password_requested(self, step: PasswordRequested) -> None:
        """The second half of step 6 once more, with a new password: the old one may be in wrong hands."""
        self._send_password(step, self._s.credentials.rotate(self._live_name(step.institution_id)).password)

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
        self._deposit(message)

    def access_revoked(self, step: AccessRevoked) -> None:
        """Every account of the institution closes at once, and its person is told why."""
        for account in self._s.credentials.accounts():
            if account.institution_id == step.institution_id and account.state is AccountState.ACTIVE:
                self._s.credentials.revoke(account.username)
        self._write(step.email, words.revoked(step))

    def form_submitted(self, step: FormSubmitted) -> None:
        """What comes next, by mail."""
        self._write(step.email, words.submitted(step))

    def application_returned(self, step: ApplicationReturned) -> None:
        """What is to be put right, by mail."""
        self._write(step.email, words.returned(step))

    def application_refused(self, step: ApplicationRefused) -> None:
        """Why, and where to go instead, by mail."""
        self._write(step.email, words.refused(step))

    def integration_confirmed(self, step: IntegrationConfirmed) -> None:
        """The road is at its end."""
        self._write(step.email, words.confirmed(step))

    def letter_not_placed(self, event: LetterNotPlaced) -> None:
        """A registered letter that fits no application is answered by registered mail; paper stays unanswered."""
        if event.channel is LetterChannel.KEP:
            self._answer_letter(event)

    def completion_refused(self, event: CompletionRefused) -> None:
        """A completion notice that does not count is answered by mail."""
        self._write(event.email, words.completion_refused(event))

    def letter_delivered(self, event: LetterDelivered) -> None:
        """Registered mail for the ministry is opened; the ministry's own, once delivered, has confirmed."""
        if event.recipient == MAILBOX:
            self._open(event)
        elif event.sender == MAILBOX:
            for application_id in self._confirmed_by(event.letter_id):
                self._s.onboarding.integration_confirmed(application_id)

    def letter_lost(self, event: LetterNotDelivered | LetterRefused) -> None:
        """The ministry's confirming letter did not get there."""
        if event.sender == MAILBOX:
            for application_id in self._confirmed_by(event.letter_id):
                self._s.onboarding.confirmation_failed(application_id, event.reason.value)

    def mail_received(self, event: MailReceived) -> None:
        """What a person writes to the support desk is read as a completion notice."""
        if not event.is_automatic:
            notice = ReportCompletion(sender=event.sender, subject=event.subject, text=event.text)
            self._s.onboarding.report_completion(notice)

    def mail_delivered(self, event: MailDelivered) -> None:
        """The details of test access, or the live user name, have arrived."""
        step = _referred(event.reference)
        if step is not None and step[1] == "test":
            self._s.onboarding.test_details_delivered(step[0])
        elif step is not None:
            self._s.onboarding.live_details_delivered(step[0], DetailsPart.USER_NAME)

    def mail_bounced(self, event: MailBounced) -> None:
        """They have come back."""
        step = _referred(event.reference)
        if step is not None and step[1] == "test":
            self._s.onboarding.test_details_failed(step[0], event.reason)
        elif step is not None:
            self._s.onboarding.live_details_failed(step[0], DetailsPart.USER_NAME, event.reason)

    def text_delivered(self, event: TextDelivered) -> None:
        """The live password has arrived."""
        if (step := _referred(event.reference)) is not None:
            self._s.onboarding.live_details_delivered(step[0], DetailsPart.PASSWORD)

    def text_failed(self, event: TextFailed) -> None:
        """The live password will not arrive."""
        if (step := _referred(event.reference)) is not None:
            self._s.onboarding.live_details_failed(step[0], DetailsPart.PASSWORD, event.reason)

    def _confirmed_by(self, letter_id: int) -> Iterator[int]:
        """Applications whose confirming letter this is; answers to other letters name none that is live."""
        subject = self._s.kep.letter(letter_id).letter.subject
        for number in application_numbers(subject):
            application = self._s.onboarding.by_number(number)
            if application.state is State.LIVE:
                yield application.application_id

    def _open(self, event: LetterDelivered) -> None:
        self._s.kep.download(MAILBOX, event.letter_id)
        content = self._s.kep.content(event.letter_id)
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

    def _deposit(self, message: bytes) -> None:
        """Send a registered letter in the ministry's name."""
        from mockgov.kep.writing import signed_letter  # noqa: PLC0415  heavy; wanted by few

        signed = signed_letter(message, lambda entity: self._s.signature.sign_smime(self._official(), entity))
        self._s.kep.deposit(DepositLetter(sender=MAILBOX, message=signed))

    def _send_user_name(self, step: Step, name: str) -> None:
        mail = words.live_user_name(step, username=name, base_url=LIVE_BASE)
        self._write(step.email, mail, reference=_reference(step, "user-name"))

    def _send_password(self, step: Step, password: str) -> None:
        text = words.password_text(step, password=password)
        self._s.sms.send(SendText(phone=step.phone, text=text, reference=_reference(step, "password")))

    def _write(
        self, to: EmailAddress, mail: words.Mail, *, reference: str = "", attachments: tuple[Attachment, ...] = ()
    ) -> None:
        order = SendMail(to=to, subject=mail.subject, text=mail.text, attachments=attachments, reference=reference)
        self._s.mail.send(order)

    def _official(self) -> str:
        """Serial number of the certificate with which the general director signs; issued anew when it has run out."""
        draw = self._streams.draw("correspondence.official")
        number = Tckn.mint(draw).digits
        for certificate in self._s.signature.certificates_of(number):
            if certificate.revoked_at is None and certificate.not_after > self._now():
                return certificate.serial
        order = IssueCertificate(identity_number=number, firstname=OFFICIAL[0], lastname=OFFICIAL[1])
        return self._s.signature.issue(order).serial

    def _account(self, institution_id: int, environment: Environment) -> Issued:
        """A new account of the institution, or its open one with a new password."""
        label = self._s.registry.institution(institution_id).label
        known = {account.username: account for account in self._s.credentials.accounts()}
        nth = 1
        while True:
            candidate = label if nth == 1 else f"{label}-{nth}"
            account = known.get(username(candidate, environment))
            if account is None:
                order = ProvisionAccount(institution_id=institution_id, label=candidate, environment=environment)
                return self._s.credentials.provision(order)
            if account.state is AccountState.ACTIVE and account.institution_id == institution_id:
                return self._s.credentials.rotate(account.username)
            nth += 1

    def _live_name(self, institution_id: int) -> str:
        return next(
            account.username
            for account in self._s.credentials.accounts()
            if (account.institution_id, account.environment, account.state)
            == (institution_id, Environment.LIVE, AccountState.ACTIVE)
        )


def _reference(step: Step, part: str) -> str:
    """What a mail or text message of a step carries, so that its fate finds back."""
    return f"onboarding/{step.application_id}/{part}"


def _referred(reference: str) -> tuple[int, str] | None:
    """Application and part of a reference; None for what is no part of onboarding."""
    place, _, rest = reference.partition("/")
    number, _, part = rest.partition("/")
    return (int(number), part) if place == "onboarding" and number.isdigit() else None
