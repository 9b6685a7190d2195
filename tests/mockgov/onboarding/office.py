"""An onboarding office for tests: a small world of made-up people and institutions, and a plain twin of signing.

A twin signature is a line of marks: a certificate's serial and the digest of what it was put on. Whether it counts is
looked up in `certificates`; so every flaw that the real check can find can be had for the asking.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from mockgov.clock import ManualClock
from mockgov.onboarding.letters import OfficialLetter, authorisation_letter, plain
from mockgov.onboarding.messages import DrawForm, PostLetter, ReceiveLetter, ReportCompletion, SubmitForm
from mockgov.onboarding.rules import (
    AccessForm,
    Application,
    AuthorisedPerson,
    Establishment,
    LetterChannel,
    PersonFacts,
    SignatureForm,
)
from mockgov.onboarding.service import Onboarding, Policy
from mockgov.onboarding.store import ApplicationStore, InMemoryApplications
from mockgov.refusal import Refused
from mockgov.streams import Streams
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.signed import Flaw, Verdict
from mockgov.vocabulary.tckn import Tckn
from mockgov.vocabulary.vkn import Vkn

MONDAY = datetime(2021, 10, 4, 6, tzinfo=UTC)
"""09:00 in Turkey, a working day; the next holiday is more than three weeks away."""

STREAMS = Streams(3)
PEOPLE = tuple(
    (Tckn.mint(STREAMS.draw("office.person", nth)).digits, firstname, lastname)
    for nth, (firstname, lastname) in enumerate((("AYŞE", "YILDIZ"), ("ŞÜKRÜ CAN", "IŞIK"), ("İLKAY", "ÇINAR")))
)
AYSE, SUKRU, ILKAY = (number for number, _, _ in PEOPLE)
STRANGER = Tckn.mint(STREAMS.draw("office.stranger")).digits
"""A right number that nobody of this world has."""

KEP = KepAddress.parse("cinarlojistik@hs01.kep.tr")
OTHER_KEP = KepAddress.parse("baskasi@hs02.kep.tr")
EMAIL = EmailAddress.parse("Ayse.Yildiz@cinar.example")
PHONE = Phone("5990000001")


def vkn(name: str) -> Vkn:
    return Vkn.mint(STREAMS.draw("office.vkn", name))


CINAR, BRANCH_FIRM, UNKNOWN_VKN = vkn("cinar"), vkn("branch firm"), vkn("nobody")
POLICY = Policy(evaluation="rules", evaluation_hours=40, live_access_hours=16, confirmation_hours=32, wet_letter_days=3)


def person(number: str = AYSE, **changes: object) -> AuthorisedPerson:
    firstname, lastname = next((first, last) for known, first, last in PEOPLE if known == number)
    made = AuthorisedPerson(
        identity_number=number,
        firstname=firstname,
        lastname=lastname,
        title="Bilgi İşlem Müdürü",
        email=EMAIL,
        phone=PHONE,
    )
    return replace(made, **changes)


def access_form(**changes: object) -> AccessForm:
    made = AccessForm(
        vkn=CINAR,
        institution_name="ÇINAR LOJİSTİK A.Ş.",
        kind=InstitutionKind.WORKPLACE,
        province=34,
        declared_staff=612,
        kep_address=KEP,
        person=person(),
        purpose="Çalışanların günlük toplu sorgusu",
    )
    return replace(made, **changes)


@dataclass
class Certificate:
    """A twin certificate; a flaw may be given to it at any time."""

    identity_number: str
    flaw: Flaw | None = None


class Office:
    """The service with a clock to move, registers to change and the events that it told."""

    def __init__(
        self,
        *,
        policy: Policy = POLICY,
        start: datetime = MONDAY,
        store: ApplicationStore | None = None,
        transaction: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self.clock = ManualClock(start)
        self.told: list[object] = []
        self.certificates = {f"c{nth}": Certificate(number) for nth, (number, _, _) in enumerate(PEOPLE)}
        self.establishments = {
            CINAR: Establishment(
                institution_id=7, name="Çınar Lojistik A.Ş.", kind=InstitutionKind.WORKPLACE, label="ÇINAR", staff=612
            ),
            BRANCH_FIRM: Establishment(
                institution_id=8, name="ÇINAR DEPO LTD.", kind=InstitutionKind.WORKPLACE, label="DEPO", staff=90
            ),
        }
        self.queried: set[int] = set()
        self.live_elsewhere: set[int] = set()
        self.revoked_since: set[str] = set()
        self.phones = {PHONE, Phone("5990000002")}
        self.store = store or InMemoryApplications()
        self.service = Onboarding(
            store=self.store,
            now=self.clock.now,
            tell=self.told.append,
            transaction=transaction,
            policy=policy,
            establishment=self.establishments.get,
            person=self.person,
            verify_pades=self.verify_pades,
            verify_cades=self.verify_cades,
            enveloped=self.enveloped,
            has_queried=lambda institution_id: institution_id in self.queried,
            has_live_access=lambda institution_id: institution_id in self.live_elsewhere,
            is_phone=lambda phone: phone in self.phones,
            is_revoked=lambda serial: serial in self.revoked_since,
        )

    def person(self, number: str) -> PersonFacts | None:
        for nth, (known, firstname, lastname) in enumerate(PEOPLE, start=1):
            if known == number:
                return PersonFacts(citizen_id=nth, firstname=firstname, lastname=lastname, phone=PHONE)
        return None

    # The twin of signing

    def sign(self, document: bytes, serial: str = "c0", form: SignatureForm = SignatureForm.PADES) -> bytes:
        digest = sha256(document).hexdigest()
        if form is SignatureForm.PADES:
            return document + f"%TWIN|{serial}|{digest}\n".encode()
        kind = "E" if form is SignatureForm.CADES_ENVELOPING else "D"
        return f"{kind}|{serial}|{digest}|".encode() + (document if kind == "E" else b"")

    def verify_pades(self, pdf: bytes) -> Verdict:
        document, found, marks = pdf.rpartition(b"%TWIN|")
        if not found:
            return Verdict.missing()
        serial, _, digest = marks.decode().strip().partition("|")
        return self.verdict(serial, digest, document)

    def enveloped(self, signature: bytes) -> bytes:
        if not signature.startswith(b"E|"):
            raise Refused("There is no document inside.")
        return signature.split(b"|", 3)[3]

    def verify_cades(self, signature: bytes, document: bytes | None) -> Verdict:
        try:
            kind, serial, digest, inside = signature.split(b"|", 3)
        except ValueError:
            return Verdict(flaw=Flaw.UNREADABLE)
        if document is None and kind != b"E":
            return Verdict(flaw=Flaw.UNREADABLE)
        return self.verdict(serial.decode(), digest.decode(), inside if document is None else document)

    def verdict(self, serial: str, digest: str, document: bytes) -> Verdict:
        if sha256(document).hexdigest() != digest:
            return Verdict(flaw=Flaw.TAMPERED, serial=serial)
        certificate = self.certificates.get(serial)
        if certificate is None:
            return Verdict(flaw=Flaw.UNKNOWN_ROOT, serial=serial)
        return Verdict(flaw=certificate.flaw, identity_number=certificate.identity_number, serial=serial)

    # What applicants do

    def draw(self, **changes: object) -> Application:
        return self.service.draw(DrawForm(form=access_form(**changes)))

    def submit(self, application: Application, serial: str = "c0", form: SignatureForm = SignatureForm.PADES) -> bytes:
        signed = self.sign(self.service.form_pdf(application.application_id), serial, form)
        self.service.submit(SubmitForm(application_id=application.application_id, signed=signed))
        return signed

    def letter(self, application: Application, **changes: object) -> OfficialLetter:
        options: dict[str, object] = {"person": application.form.person} | changes
        return authorisation_letter(
            application.form,
            application_number=application.number,
            letter_number="E-12345678-720-1",
            at=self.clock.now(),
            signatory="İLKAY ÇINAR",
            **options,
        )

    def kep(self, application: Application, **changes: object) -> ReceiveLetter:
        """A good letter by KEP, its fields changed as given."""
        signed = self.service.signed_form(application.application_id) or b""
        drawn = self.service.form_pdf(application.application_id)
        made = ReceiveLetter(
            channel=LetterChannel.KEP,
            sender=KEP.address,
            reference="KEP-1",
            text=plain(self.letter(application)),
            attachments=(("form.pdf", signed), ("cizilen.pdf", drawn)),
            signature=Verdict(flaw=None, identity_number=ILKAY, serial="c2"),
        )
        return replace(made, **changes)

    def wet(self, application: Application, **changes: object) -> PostLetter:
        text = plain(self.letter(application))
        return replace(PostLetter(sender="ÇINAR LOJİSTİK A.Ş.", reference="RR-1", text=text), **changes)

    def notice(self, application: Application, **changes: object) -> ReportCompletion:
        made = ReportCompletion(
            sender=application.email, subject=f"{application.number} test tamamlandı", text="Testlerimiz bitti."
        )
        return replace(made, **changes)

    # Roads walked in one go

    def submitted(self, **changes: object) -> Application:
        application = self.draw(**changes)
        self.submit(application)
        return self.again(application)

    def lettered(self, **changes: object) -> Application:
        application = self.submitted(**changes)
        taken = self.service.receive_letter(self.kep(application))
        assert taken is not None
        return taken

    def approved(self, **changes: object) -> Application:
        application = self.lettered(**changes)
        self.pass_time(timedelta(days=7))
        return self.again(application)

    def testing(self, **changes: object) -> Application:
        application = self.approved(**changes)
        return self.service.test_details_delivered(application.application_id)

    def reported(self, **changes: object) -> Application:
        application = self.testing(**changes)
        self.queried.add(application.institution_id)
        taken = self.service.report_completion(self.notice(application))
        assert taken is not None
        return taken

    def live(self, **changes: object) -> Application:
        application = self.reported(**changes)
        self.pass_time(timedelta(days=3))
        return self.again(application)

    def again(self, application: Application) -> Application:
        return self.service.application(application.application_id)

    def pass_time(self, length: timedelta) -> None:
        """As the ministry's clock does it: from due moment to due moment."""
        end = self.clock.now() + length
        while (due_at := self.service.next_due()) is not None and due_at <= end:
            self.clock.move_to(due_at)
            self.service.run_due()
        self.clock.move_to(end)

    def happened(self, kind: type) -> list[object]:
        return [event for event in self.told if type(event) is kind]
