"""The form under the world's own certificate authority, in every form of signature, instead of the twin."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta

import pytest

from mockgov.onboarding.messages import SubmitForm
from mockgov.onboarding.rules import RefusedByRule, SignatureForm, State
from mockgov.onboarding.service import Onboarding
from mockgov.onboarding.store import InMemoryApplications
from mockgov.signature.messages import IssueCertificate, RevokeCertificate
from mockgov.signature.rules import CertificateFlaw
from mockgov.signature.service import Signature
from mockgov.signature.store import InMemoryCertificates
from mockgov.streams import Streams
from tests.mockgov.onboarding.office import AYSE, MONDAY, POLICY, SUKRU, Office


class RealOffice(Office):
    """The office with real signing; `sign` takes a real certificate's serial."""

    def __init__(self) -> None:
        super().__init__()
        self.pen = Signature(
            store=InMemoryCertificates(),
            now=self.clock.now,
            tell=lambda _event: None,
            transaction=nullcontext,
            streams=Streams(1),
            founded=MONDAY - timedelta(days=1),
        )
        self.service = Onboarding(
            store=InMemoryApplications(),
            now=self.clock.now,
            tell=self.told.append,
            transaction=nullcontext,
            policy=POLICY,
            establishment=self.establishments.get,
            person=self.person,
            verify_pades=self.pen.verify_pades,
            verify_cades=self.pen.verify_cades,
            enveloped=self.pen.enveloped,
            has_queried=lambda institution_id: institution_id in self.queried,
            is_revoked=lambda serial: serial in self.revoked_since,
        )

    def sign(self, document: bytes, serial: str = "", form: SignatureForm = SignatureForm.PADES) -> bytes:
        if form is SignatureForm.PADES:
            return self.pen.sign_pades(serial, document)
        return self.pen.sign_cades(serial, document, detached=form is SignatureForm.CADES_DETACHED)

    def certificate(self, number: str = AYSE, flaw: CertificateFlaw | None = None) -> str:
        person = next(known for known in (self.person(number),) if known)
        order = IssueCertificate(
            identity_number=number, firstname=person.firstname, lastname=person.lastname, flaw=flaw, other_number=SUKRU
        )
        return self.pen.issue(order).serial


@pytest.fixture
def office() -> RealOffice:
    return RealOffice()


@pytest.mark.parametrize("form", list(SignatureForm))
def test_every_form_of_signature_goes_the_whole_way(office: RealOffice, form: SignatureForm) -> None:
    application = office.draw()
    office.submit(application, office.certificate(), form)
    office.service.receive_letter(office.kep(application))
    office.pass_time(timedelta(days=7))
    assert office.again(application).state is State.APPROVED_FOR_TEST


def refusal(office: RealOffice, signed: bytes, document: bytes | None = None) -> str:
    with pytest.raises(RefusedByRule) as refused:
        office.service.submit(SubmitForm(application_id=1, signed=signed, document=document))
    assert office.service.application(1).state is State.DRAWN
    return refused.value.key


@pytest.mark.parametrize("form", list(SignatureForm))
@pytest.mark.parametrize(
    ("flaw", "key"),
    [
        (CertificateFlaw.EXPIRED, "form.signature"),
        (CertificateFlaw.REVOKED, "form.signature"),
        (CertificateFlaw.WRONG_TCKN, "form.signer"),
    ],
)
def test_certificates_that_are_wrong_on_purpose(
    office: RealOffice, form: SignatureForm, flaw: CertificateFlaw, key: str
) -> None:
    application = office.draw()
    drawn = office.service.form_pdf(application.application_id)
    assert refusal(office, office.sign(drawn, office.certificate(flaw=flaw), form)) == key


OTHER: list[Callable[[bytes], bytes]] = [
    lambda drawn: drawn.replace(b"(tr-TR)", b"(en-GB)"),
    lambda drawn: drawn[:-1],
]


@pytest.mark.parametrize("form", list(SignatureForm))
@pytest.mark.parametrize("other", OTHER)
def test_another_document_however_well_signed(
    office: RealOffice, form: SignatureForm, other: Callable[[bytes], bytes]
) -> None:
    office.draw()
    document = other(office.service.form_pdf(1))
    assert document != office.service.form_pdf(1)
    signed = office.sign(document, office.certificate(), form)
    beside = document if form is SignatureForm.CADES_DETACHED else None
    assert refusal(office, signed, beside) == "form.document"


def test_an_envelope_whose_document_was_changed(office: RealOffice) -> None:
    office.draw()
    signed = bytearray(office.sign(office.service.form_pdf(1), office.certificate(), SignatureForm.CADES_ENVELOPING))
    signed[signed.index(b"BitstreamVera")] ^= 1
    assert refusal(office, bytes(signed)) == "form.signature"


def test_the_form_that_was_never_signed(office: RealOffice) -> None:
    office.draw()
    assert refusal(office, office.service.form_pdf(1)) == "form.signature"


def test_a_certificate_revoked_between_the_steps(office: RealOffice) -> None:
    """The time-stamp keeps the signature good; the register of certificates sends the form back."""
    application = office.draw()
    serial = office.certificate()
    office.submit(application, serial)
    office.service.receive_letter(office.kep(application))
    office.pass_time(timedelta(days=1))
    office.pen.revoke(RevokeCertificate(serial=serial))
    office.revoked_since.add(serial)
    office.pass_time(timedelta(days=7))
    assert [finding.rule for finding in office.again(application).findings] == ["form.certificate"]
