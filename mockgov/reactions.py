"""Who is told of what: every event of every service, and whom it sets in motion, if anybody."""

from mockgov.bus import Reactions
from mockgov.callbacks.messages import EVENTS as CALLBACK_EVENTS
from mockgov.callbacks.messages import CallbackDelivered
from mockgov.codes.messages import CodeDeleted, CodeExpired, CodeIssued, CodeShared, CodeShortened
from mockgov.correspondence import Correspondence
from mockgov.credentials.messages import AccountLocked, AccountProvisioned, AccountRevoked, PasswordRotated
from mockgov.edevlet.messages import EdevletLocked, EdevletPasswordChanged, EdevletSignedIn, EdevletSignedOut
from mockgov.errands import Errands
from mockgov.family.messages import EVENTS as FAMILY_EVENTS
from mockgov.groups.messages import GroupDropped, GroupMade, GroupQueried
from mockgov.informing import STEPS, Informing
from mockgov.kep.messages import EVENTS as KEP_EVENTS
from mockgov.kep.messages import EvidenceIssued, LetterDelivered, LetterNotDelivered, LetterRefused, LetterReturned
from mockgov.kvkk.messages import EVENTS as KVKK_EVENTS
from mockgov.kvkk.messages import DataErased, HolderErased, RequestAnswered
from mockgov.mail.messages import MailBounced, MailDelivered, MailReceived, MailSent
from mockgov.onboarding.messages import (
    AccessRevoked,
    ApplicationRefused,
    ApplicationReturned,
    ApprovedForTest,
    CompletionRefused,
    CompletionReported,
    ConfirmationDue,
    DetailsRequested,
    EvaluationBegun,
    FormDrawn,
    FormSubmitted,
    IntegrationConfirmed,
    LetterNotPlaced,
    LetterReceived,
    LiveAccessGranted,
    PasswordRequested,
    TestingBegun,
    UserNameRequested,
)
from mockgov.registry.messages import CitizenDied, CitizensRegistered, InstitutionRegistered
from mockgov.risk_index.messages import ReportsFiled
from mockgov.script.messages import EVENTS as SCRIPT_EVENTS
from mockgov.short_number.messages import CodeTexted, TextRefused
from mockgov.signature.messages import CertificateIssued, CertificateRevoked
from mockgov.signin.messages import CitizenEnrolled, CitizenSignedIn, LoginCodeSent
from mockgov.sms.messages import AccountNoted, TextDelivered, TextFailed, TextReceived, TextSent


def reactions(
    write: Correspondence,
    errands: Errands,
    inform: Informing,
) -> Reactions:
    """Who is told of what; callbacks are noted first, so that they are in the order of what they tell."""
    told = _to_services(write, errands)
    called_back = _to_callbacks(inform)
    return {event: (*called_back.get(event, ()), *whom) for event, whom in told.items()}


def _to_callbacks(inform: Informing) -> Reactions:
    """What integrators may be called back about."""
    return {
        **{step: [inform.step_taken] for step in STEPS},
        ReportsFiled: [inform.reports_filed],
        AccountNoted: [inform.sms_noted],
        EvidenceIssued: [inform.evidence_issued],
        LetterDelivered: [inform.letter_delivered],
        CallbackDelivered: [inform.delivered],
        DataErased: [inform.forget_askers],
        HolderErased: [inform.forget_askers],
    }


def _to_services(write: Correspondence, errands: Errands) -> Reactions:
    """The ministry's own."""
    return {
        **_to_papers(write),
        LoginCodeSent: [errands.text_login_code],
        CitizensRegistered: [],
        CitizenDied: [errands.end_papers],
        **dict.fromkeys(SCRIPT_EVENTS, ()),
        InstitutionRegistered: [],
        CodeIssued: [],
        CodeShared: [],
        CodeShortened: [],
        CodeDeleted: [],
        CodeExpired: [],
        ReportsFiled: [],
        **dict.fromkeys(CALLBACK_EVENTS, ()),
        TextSent: [],
        AccountNoted: [],
        TextReceived: [errands.read_text],
        TextDelivered: [write.details_delivered, errands.hear_text],
        TextFailed: [write.details_failed, errands.hear_text],
        CodeTexted: [],
        TextRefused: [],
        CitizenSignedIn: [],
        CitizenEnrolled: [],
        **dict.fromkeys(FAMILY_EVENTS, ()),
        EdevletSignedIn: [],
        EdevletSignedOut: [],
        EdevletLocked: [],
        EdevletPasswordChanged: [],
        GroupMade: [],
        GroupDropped: [],
        GroupQueried: [],
        AccountProvisioned: [],
        PasswordRotated: [],
        AccountLocked: [],
        AccountRevoked: [],
        **dict.fromkeys(KVKK_EVENTS, ()),
        RequestAnswered: [errands.text_answer],
    }


def _to_papers(write: Correspondence) -> Reactions:
    """The same for letters, mail, text messages and the steps of an application."""
    return {
        CertificateIssued: [],
        CertificateRevoked: [],
        **dict.fromkeys(KEP_EVENTS, ()),
        LetterDelivered: [write.letter_delivered],
        LetterNotDelivered: [write.letter_lost],
        LetterRefused: [write.letter_lost],
        LetterReturned: [write.letter_lost],
        MailSent: [],
        MailDelivered: [write.details_delivered],
        MailBounced: [write.details_failed],
        MailReceived: [write.mail_received],
        FormDrawn: [],
        FormSubmitted: [write.form_submitted],
        LetterReceived: [],
        LetterNotPlaced: [write.letter_not_placed],
        EvaluationBegun: [],
        ApplicationReturned: [write.application_returned],
        ApplicationRefused: [write.application_refused],
        ApprovedForTest: [write.approved_for_test],
        DetailsRequested: [write.approved_for_test],
        TestingBegun: [],
        CompletionReported: [],
        CompletionRefused: [write.completion_refused],
        LiveAccessGranted: [write.live_access_granted],
        UserNameRequested: [write.user_name_requested],
        PasswordRequested: [write.password_requested],
        ConfirmationDue: [write.confirmation_due],
        IntegrationConfirmed: [write.integration_confirmed],
        AccessRevoked: [write.access_revoked],
    }
