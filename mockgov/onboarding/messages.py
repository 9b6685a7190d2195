"""Commands that onboarding takes, and the events that it tells."""

from dataclasses import dataclass
from typing import Self

from mockgov.onboarding.rules import AccessForm, Application, Decision, Finding, LetterChannel
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.signed import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawForm:
    """Write a form and open an application."""

    form: AccessForm


@dataclass(frozen=True, slots=True, kw_only=True)
class RedrawForm:
    """Write the form of an application anew, before it is signed or after it was returned."""

    application_id: int
    form: AccessForm


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitForm:
    """Hand in the signed form."""

    application_id: int
    signed: bytes
    """A PDF with a PAdES signature, or a CAdES signature (CMS in DER)."""
    document: bytes | None = None
    """What a detached CAdES signature is over; None means the form as it was drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveLetter:
    """An official letter is in the ministry's hands."""

    channel: LetterChannel
    sender: str
    """The KEP address that it came from, or the name on the envelope."""
    reference: str
    """Its number with whoever carried it."""
    text: str
    """The letter's words; those of attached PDFs, forms aside, are read too."""
    attachments: tuple[tuple[str, bytes], ...] = ()
    """File names and contents."""
    signature: Verdict
    """What the check of the letter's own signature said; of no matter for paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostLetter:
    """Put a letter with a wet signature into the post."""

    sender: str
    reference: str
    text: str
    attachments: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluate:
    """Decide at the evaluation desk."""

    application_id: int
    decision: Decision
    reasons: tuple[str, ...] = ()
    """Rule keys of what was found, or the officer's own words; needed to return or refuse."""
    officer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCompletion:
    """An e-mail to the support desk says that the test integration is finished."""

    sender: EmailAddress
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareFalse:
    """The form's declaration turned out to be false."""

    application_id: int
    statement: str
    """What is false."""
    officer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectContact:
    """The authorised person gives another e-mail address or phone."""

    application_id: int
    identity_number: str
    """The authorised person's own, as a proof of who asks."""
    email: EmailAddress | None = None
    phone: Phone | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What every event of an application tells."""

    application_id: int
    number: str
    """The application number, `ETF-2021-000001`."""
    institution_id: int
    institution_name: str
    name: str
    """The authorised person's first name and surname."""
    email: EmailAddress
    phone: Phone
    kep_address: KepAddress | None
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, application: Application, findings: tuple[Finding, ...] = ()) -> Self:
        """The event of an application as it now stands."""
        return cls(
            application_id=application.application_id,
            number=application.number,
            institution_id=application.institution_id,
            institution_name=application.form.institution_name,
            name=application.form.person.name,
            email=application.email,
            phone=application.phone,
            kep_address=application.form.kep_address,
            findings=findings,
        )


class FormDrawn(Step):
    """A form waits to be signed."""

    __slots__ = ()


class FormSubmitted(Step):
    """A correctly signed form is in."""

    __slots__ = ()


class LetterReceived(Step):
    """The official letter is in."""

    __slots__ = ()


class EvaluationBegun(Step):
    """The office has taken up the letter."""

    __slots__ = ()


class ApplicationReturned(Step):
    """Something has to be put right; `findings` say what."""

    __slots__ = ()


class ApplicationRefused(Step):
    """The rules do not let this institution in; `findings` say why and where it goes instead."""

    __slots__ = ()


class ApprovedForTest(Step):
    """Test access is to be made, and its details to be sent by e-mail with the service document."""

    __slots__ = ()


class DetailsRequested(Step):
    """The details of test access are to be sent by e-mail once more."""

    __slots__ = ()


class TestingBegun(Step):
    """The details of test access have arrived."""

    __slots__ = ()
    __test__ = False  # no test, whatever its name


class CompletionReported(Step):
    """A good completion notice is in."""

    __slots__ = ()


class LiveAccessGranted(Step):
    """Live access is to be made: the user name goes to `email`, the password to `phone`."""

    __slots__ = ()


class UserNameRequested(Step):
    """The live user name is to be sent by e-mail once more."""

    __slots__ = ()


class PasswordRequested(Step):
    """A new live password is to be made and sent by text message."""

    __slots__ = ()


class ConfirmationDue(Step):
    """The confirming letter is to be sent: by KEP to `kep_address`; None means that it is in the post already."""

    __slots__ = ()


class IntegrationConfirmed(Step):
    """The confirming letter has arrived."""

    __slots__ = ()


class AccessRevoked(Step):
    """Test and live access end at once; `findings` say why."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterNotPlaced:
    """A letter came that belongs to no application awaiting one; its sender is owed an answer."""

    channel: LetterChannel
    sender: str
    reference: str
    application_id: int | None
    """The application that it names, if there is one."""
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionRefused:
    """A completion notice does not count; whoever wrote it is owed an answer."""

    application_id: int | None
    """The application that is meant, if one can be told."""
    email: EmailAddress
    """The notice's sender."""
    findings: tuple[Finding, ...]
