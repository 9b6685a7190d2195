"""Signs a form in a person's place, with a certificate of the sandbox: a good one, or one broken on purpose."""

from mockgov.ministry import Ministry
from mockgov.onboarding.rules import Application
from mockgov.refusal import Refused
from mockgov.signature.messages import IssueCertificate
from mockgov.signature.rules import BROKEN, TAMPERED, CertificateFlaw, SignatureFormat


class UnknownBreakage(Refused):
    """No way to break a certificate goes by that name."""

    key = "unknownbreakage"


def sign_for(ministry: Ministry, application: Application, broken: str = "") -> bytes:
    """The form's PDF with the authorised person's PAdES signature, broken as named.

    Raises `UnknownBreakage`; the names are those of `mockgov.signature.rules.BROKEN`.
    """
    if broken and broken not in BROKEN:
        raise UnknownBreakage(f"A signature can be broken as {', '.join(BROKEN)}; leave it empty for a good one.")
    flaw = CertificateFlaw(broken) if broken and broken != TAMPERED else None
    serial = _certificate(ministry, application, flaw)
    form = ministry.onboarding.form_pdf(application.application_id)
    return ministry.signature.sign(serial, form, SignatureFormat.PADES, tampered=broken == TAMPERED)


def _certificate(ministry: Ministry, application: Application, flaw: CertificateFlaw | None) -> str:
    """The serial of the person's good certificate, else of a new one; a broken one is always new."""
    person = application.form.person
    order = IssueCertificate(
        identity_number=person.identity_number,
        firstname=person.firstname,
        lastname=person.lastname,
        flaw=flaw,
        other_number=_somebody_else(ministry, person.identity_number) if flaw is CertificateFlaw.WRONG_TCKN else None,
    )
    return ministry.signature.certificate_for(order).serial


def _somebody_else(ministry: Ministry, number: str) -> str | None:
    """Another minted identity number."""
    people = ministry.registry.citizens(limit=2)
    return next((one.identity.digits for one in people if one.identity.digits != number), None)
