"""The signature desk as the rest of the ministry meets it, over its plain twin."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from mockgov.signature.messages import CertificateIssued, CertificateRevoked, IssueCertificate, RevokeCertificate
from mockgov.signature.rules import (
    BadOrder,
    CertificateFlaw,
    IllegalTransition,
    NotEnveloping,
    NotSignable,
    Profile,
    SignatureFormat,
    UnknownCertificate,
    UnknownIssuer,
)
from mockgov.vocabulary.signed import Flaw, Verdict
from tests.mockgov.signature.desk import DAY, ENTITY, HOUR, MONDAY, NUMBER, OTHER, Desk, small_pdf

DOCUMENT = "İşte belge.".encode()


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture(scope="module", params=["ec", "rsa"])
def any_keys(request: pytest.FixtureRequest) -> Desk:
    return Desk(keys=request.param)


def verdict(desk: Desk, serial: str, document: bytes = DOCUMENT) -> Verdict:
    return desk.signature.verify_cades(desk.signature.sign_cades(serial, document), document)


def test_issuing(desk: Desk) -> None:
    """A year from now, in whole seconds; the event is told once."""
    desk.advance(timedelta(microseconds=999_999))
    made = desk.issue()
    assert (made.number, made.identity_number, made.subject_number) == (1, NUMBER, NUMBER)
    assert (made.name, made.profile, made.flaw) == ("AYŞE NUR IŞIK", Profile.QUALIFIED, None)
    assert (made.not_before, made.not_after) == (MONDAY, MONDAY + 365 * DAY)
    assert made.issued_at == MONDAY + timedelta(microseconds=999_999)
    assert desk.told == [CertificateIssued(serial=made.serial, profile=Profile.QUALIFIED, flaw=None)]
    assert desk.signature.certificate(made.serial.upper()) == made
    assert desk.signature.certificates_of(NUMBER) == [made]


def test_what_stands_in_a_qualified_certificate(desk: Desk) -> None:
    """Country, name and number; qualified, for signing, with the counter's addresses and the sandbox's notice."""
    desk = Desk(base="https://pki.example/w/b")
    certificate = x509.load_der_x509_certificate(desk.issue().der)
    assert [(one.oid, one.value) for one in certificate.subject] == [
        (NameOID.COUNTRY_NAME, "TR"),
        (NameOID.COMMON_NAME, "AYŞE NUR IŞIK"),
        (NameOID.SERIAL_NUMBER, NUMBER),
    ]
    found = {type(one.value): one.value for one in certificate.extensions}
    usage = found[x509.KeyUsage]
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)
    assert [(one.access_method, one.access_location.value) for one in found[x509.AuthorityInformationAccess]] == [
        (AuthorityInformationAccessOID.OCSP, "https://pki.example/w/b/pki/ocsp"),
        (AuthorityInformationAccessOID.CA_ISSUERS, "https://pki.example/w/b/pki/qualified.crt"),
    ]
    (point,) = found[x509.CRLDistributionPoints]
    assert point.full_name[0].value == "https://pki.example/w/b/pki/qualified.crl"
    (policy,) = found[x509.CertificatePolicies]
    assert policy.policy_qualifiers[0].explicit_text == "SANDBOX — hukuki geçerliliği yoktur"
    statements = found[x509.UnrecognizedExtension]
    assert statements.oid.dotted_string == "1.3.6.1.5.5.7.1.3"
    assert statements.value.hex() == (
        "3029" + "3008060604008e460101" + "3008060604008e460104" + "3013060604008e460106" + "3009060704008e46010601"
    )
    assert "SANDBOX" in certificate.issuer.rfc4514_string()


@pytest.mark.parametrize("which", ["root", "qualified", "kep", "tsa"])
def test_every_authority_says_that_it_is_a_sandbox(desk: Desk, which: str) -> None:
    certificate = x509.load_der_x509_certificate(desk.signature.authority_certificate(which))
    assert "SANDBOX — hukuki geçerliliği yoktur" in certificate.subject.rfc4514_string()
    assert certificate.not_valid_before_utc < MONDAY < certificate.not_valid_after_utc


def test_the_root_lives_for_twenty_years(desk: Desk) -> None:
    root = x509.load_der_x509_certificate(desk.signature.authority_certificate("root"))
    assert (root.not_valid_before_utc, root.not_valid_after_utc) == (
        datetime(2016, 10, 5, 5, tzinfo=UTC),
        datetime(2036, 9, 30, 5, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("flaw", "found"),
    [
        (None, None),
        (CertificateFlaw.EXPIRED, Flaw.EXPIRED),
        (CertificateFlaw.NOT_YET_VALID, Flaw.NOT_YET_VALID),
        (CertificateFlaw.REVOKED, Flaw.REVOKED),
        (CertificateFlaw.UNKNOWN_ROOT, Flaw.UNKNOWN_ROOT),
        (CertificateFlaw.WRONG_KIND, Flaw.WRONG_KIND),
    ],
)
def test_verdicts(any_keys: Desk, flaw: CertificateFlaw | None, found: Flaw | None) -> None:
    """Each flaw is found under its own name; who signed is told all the same."""
    desk = any_keys
    made = desk.issue(flaw)
    said = verdict(desk, made.serial)
    assert (said.flaw, said.counts) == (found, found is None)
    assert (said.identity_number, said.name, said.serial) == (NUMBER, "AYŞE NUR IŞIK", made.serial)
    assert said.signed_at == MONDAY
    assert NUMBER not in said.detail


def test_somebody_elses_number(desk: Desk) -> None:
    """The signature is good; the number in it is not the holder's. The other number must be said."""
    made = desk.issue(CertificateFlaw.WRONG_TCKN)
    said = verdict(desk, made.serial)
    assert (said.flaw, said.identity_number) == (None, OTHER)
    assert (made.identity_number, made.subject_number) == (NUMBER, OTHER)
    for other in (None, NUMBER):
        with pytest.raises(BadOrder):
            desk.signature.issue(
                IssueCertificate(
                    identity_number=NUMBER,
                    firstname="A",
                    lastname="B",
                    flaw=CertificateFlaw.WRONG_TCKN,
                    other_number=other,
                )
            )


@pytest.mark.parametrize("name", [("", " "), ("Ç" * 20, "Ş" * 12)])
def test_names_that_do_not_fit(desk: Desk, name: tuple[str, str]) -> None:
    with pytest.raises(BadOrder):
        desk.signature.issue(IssueCertificate(identity_number=NUMBER, firstname=name[0], lastname=name[1]))
    assert desk.told == []
    longest = IssueCertificate(identity_number=NUMBER, firstname="Ç" * 20, lastname="Ş" * 11 + "A")
    made = desk.signature.issue(longest)
    assert verdict(desk, made.serial).name == "Ç" * 20 + " " + "Ş" * 11 + "A"


def test_the_stamps_moment_counts(desk: Desk) -> None:
    """Signed while good: good for ever, whatever becomes of the certificate; signed afterwards: not."""
    made = desk.issue()
    before = desk.signature.sign_cades(made.serial, DOCUMENT)
    desk.advance(HOUR)
    desk.signature.revoke(RevokeCertificate(serial=made.serial, reason="key-compromise"))
    at_once = desk.signature.sign_cades(made.serial, DOCUMENT)
    assert desk.signature.verify_cades(before, DOCUMENT).counts
    assert desk.signature.verify_cades(at_once, DOCUMENT).flaw is Flaw.REVOKED
    desk.advance(400 * DAY)
    assert desk.signature.verify_cades(before, DOCUMENT).counts
    assert verdict(desk, made.serial).flaw is Flaw.EXPIRED
    assert verdict(desk, made.serial).signed_at == MONDAY + HOUR + 400 * DAY


def test_revoked_within_one_second(desk: Desk) -> None:
    """Stamps know microseconds: what was signed just before the revocation counts, what just after does not."""
    made = desk.issue()
    before = desk.signature.sign_cades(made.serial, DOCUMENT)
    desk.advance(timedelta(microseconds=1))
    desk.signature.revoke(RevokeCertificate(serial=made.serial))
    desk.advance(timedelta(microseconds=1))
    assert desk.signature.verify_cades(before, DOCUMENT).counts
    assert verdict(desk, made.serial).flaw is Flaw.REVOKED


def test_valid_to_the_last_second(desk: Desk) -> None:
    made = desk.issue()
    desk.clock.move_to(made.not_after)
    assert verdict(desk, made.serial).counts
    desk.advance(timedelta(microseconds=1))
    assert verdict(desk, made.serial).flaw is Flaw.EXPIRED


def test_revoking(desk: Desk) -> None:
    """Once, for a known reason, and told."""
    made = desk.issue()
    with pytest.raises(BadOrder):
        desk.signature.revoke(RevokeCertificate(serial=made.serial, reason="because"))
    revoked = desk.signature.revoke(RevokeCertificate(serial=made.serial, reason="superseded"))
    assert (revoked.revoked_at, revoked.reason) == (MONDAY, "superseded")
    assert desk.told[-1] == CertificateRevoked(serial=made.serial, reason="superseded")
    with pytest.raises(IllegalTransition):
        desk.signature.revoke(RevokeCertificate(serial=made.serial))
    with pytest.raises(UnknownCertificate):
        desk.signature.revoke(RevokeCertificate(serial="00"))
    with pytest.raises(UnknownIssuer):
        desk.signature.authority_certificate("strange")


def test_another_world_is_another_authority(desk: Desk) -> None:
    """Same law, another seed: nobody here has issued that certificate."""
    elsewhere = Desk(seed=2)
    signed = elsewhere.signature.sign_cades(elsewhere.issue().serial, DOCUMENT)
    assert elsewhere.signature.verify_cades(signed, DOCUMENT).counts
    assert desk.signature.verify_cades(signed, DOCUMENT).flaw is Flaw.UNKNOWN_ROOT


def test_a_certificate_of_a_time_that_never_was(desk: Desk) -> None:
    """The same seed, but the journal knows nothing of it: this authority has not issued it."""
    again = Desk()
    signed = again.signature.sign_cades(again.issue().serial, DOCUMENT)
    assert desk.signature.verify_cades(signed, DOCUMENT).flaw is Flaw.UNKNOWN_ROOT


def test_seals(desk: Desk) -> None:
    """A seal is an institution's: good as a seal, of the wrong kind as a person's signature, and the other way."""
    sealed = desk.signature.seal("ÇINAR LOJİSTİK A.Ş.", DOCUMENT)
    said = desk.signature.verify_seal(sealed, DOCUMENT)
    assert (said.flaw, said.name, said.identity_number) == (None, "ÇINAR LOJİSTİK A.Ş. (SANDBOX)", "")
    assert desk.signature.verify_cades(sealed, DOCUMENT).flaw is Flaw.WRONG_KIND
    signed = desk.signature.sign_cades(desk.issue().serial, DOCUMENT)
    assert desk.signature.verify_seal(signed, DOCUMENT).flaw is Flaw.WRONG_KIND
    assert desk.signature.enveloped(desk.signature.seal("Ç" * 300, DOCUMENT, detached=False)) == DOCUMENT


def test_enveloping(desk: Desk) -> None:
    """The document comes out as it went in, and must be the one beside it, if there is one."""
    signed = desk.signature.sign_cades(desk.issue().serial, DOCUMENT, detached=False)
    assert desk.signature.enveloped(signed) == DOCUMENT
    assert desk.signature.verify_cades(signed, None).counts
    assert desk.signature.verify_cades(signed, DOCUMENT).counts
    assert desk.signature.verify_cades(signed, DOCUMENT + b" ").flaw is Flaw.TAMPERED
    for bad in (b"", b"x", desk.signature.sign_cades(desk.issue().serial, DOCUMENT), desk.issue().der):
        with pytest.raises(NotEnveloping):
            desk.signature.enveloped(bad)


def test_nothing_signed(desk: Desk) -> None:
    assert desk.signature.verify_cades(b"", DOCUMENT).flaw is Flaw.MISSING
    assert desk.signature.verify_pades(small_pdf()).flaw is Flaw.MISSING
    assert desk.signature.verify_smime(ENTITY).flaw is Flaw.MISSING
    detached = desk.signature.sign_cades(desk.issue().serial, DOCUMENT)
    assert desk.signature.verify_cades(detached, None).flaw is Flaw.UNREADABLE


MESSAGE = (
    b"From: cinar@hs01.kep.tr\nTo: sb@hs01.kep.tr,\n\tnar@hs02.kep.tr\nSubject: Talep\nMIME-Version: 1.0\n"
    b"Content-Type: text/plain;\n charset=utf-8\nMessage-ID: <1@cinar.example>\n\nMerhaba.\n"
)
OUTSIDE = (
    b"From: cinar@hs01.kep.tr\r\nTo: sb@hs01.kep.tr,\r\n\tnar@hs02.kep.tr\r\nSubject: Talep\r\n"
    b"Message-ID: <1@cinar.example>\r\n"
)
INSIDE = b"Content-Type: text/plain;\r\n charset=utf-8\r\n\r\nMerhaba.\r\n"


@pytest.mark.parametrize(
    ("message", "outer", "inside"),
    [
        (
            MESSAGE,
            OUTSIDE,
            INSIDE,
        ),
        (b"Subject: x\r\n\r\nMerhaba.\r\n", b"Subject: x\r\n", b"\r\nMerhaba.\r\n"),
        (b"Subject: x\r\n", b"Subject: x\r\n", b"\r\n"),
        (ENTITY, b"", ENTITY),
        (b"MIME-Version: 1.0\r\n" + ENTITY, b"", b"MIME-Version: 1.0\r\n" + ENTITY),
        (b"\r\nMerhaba.", b"", b"\r\nMerhaba."),
    ],
)
def test_a_message_keeps_its_head_in_front_of_what_is_signed(
    desk: Desk, message: bytes, outer: bytes, inside: bytes
) -> None:
    """Of a message only the content is signed, with its own fields; a bare entity is signed as it is."""
    serial = desk.issue().serial
    made = desk.signature.sign(serial, message, SignatureFormat.SMIME)
    assert made.startswith(outer + b"MIME-Version: 1.0\r\nContent-Type: multipart/signed;")
    assert made.split(b"\r\n--hes-")[1].partition(b"\r\n")[2] == inside
    assert desk.signature.verify_smime(made).counts


def test_a_message_is_tampered_with_in_what_is_signed(desk: Desk) -> None:
    bad = desk.signature.sign(desk.issue().serial, MESSAGE, SignatureFormat.SMIME, tampered=True)
    assert bad.startswith(b"From: cinar@hs01.kep.tr\r\n")
    assert b"MerhabA." in bad
    assert desk.signature.verify_smime(bad).flaw is Flaw.TAMPERED


@pytest.mark.parametrize(
    "document",
    [small_pdf(), b"", b"Bu bir e-posta degil.", b"From a@b.example\r\nX: y\r\n\r\n", b"\xff\xfe: x"],
)
def test_what_is_no_mime_is_not_signed_as_it(desk: Desk, document: bytes) -> None:
    """The refusal says what to send."""
    with pytest.raises(NotSignable, match=r"whole message .*Content-Type.*pades"):
        desk.signature.sign_smime(desk.issue().serial, document)


@pytest.mark.parametrize("form", SignatureFormat)
def test_every_format_and_its_tampered_document(desk: Desk, form: SignatureFormat) -> None:
    """What was changed after signing is noticed, whatever it is packed in."""
    document = {SignatureFormat.PADES: small_pdf(), SignatureFormat.SMIME: ENTITY}.get(form, DOCUMENT)
    beside = document if form is SignatureFormat.CADES else None
    serial = desk.issue().serial
    good, bad = (desk.signature.sign(serial, document, form, tampered=tampered) for tampered in (False, True))
    assert desk.signature.verify(form, good, beside).counts
    assert desk.signature.verify(form, bad, beside).flaw is Flaw.TAMPERED


def test_same_seed_same_rsa_signature() -> None:
    """PKCS #1 v1.5 draws nothing, and the primes follow from the seed."""
    made = [Desk(keys="rsa", seed=5) for _ in range(2)]
    assert len({desk.signature.sign_cades(desk.issue().serial, DOCUMENT) for desk in made}) == 1


def test_same_seed_same_actions_same_bytes() -> None:
    """Certificates, signatures in every format, lists, evidence, stamps: to the last byte."""

    def everything() -> list[bytes]:
        desk = Desk()
        serial = desk.issue().serial
        desk.issue(CertificateFlaw.REVOKED)
        desk.advance(HOUR)
        signature = desk.signature
        return [
            signature.chain(),
            signature.certificate(serial).der,
            signature.sign(serial, DOCUMENT, SignatureFormat.CADES),
            signature.sign(serial, DOCUMENT, SignatureFormat.CADES_ENVELOPING),
            signature.sign_pades(serial, small_pdf()),
            signature.sign_smime(serial, ENTITY),
            signature.seal("KURUM", DOCUMENT),
            signature.sign_evidence("hs01", b"<delil/>", MONDAY),
            signature.crl("qualified"),
        ]

    assert everything() == everything()


def test_integrators_get_key_and_chain(desk: Desk) -> None:
    """A PKCS #12 file with the certificate's own key and the authority above it."""
    made = desk.issue()
    packed = pkcs12.load_pkcs12(desk.signature.pkcs12(made.serial, "şifre"), "şifre".encode())
    assert packed.cert is not None
    assert packed.key is not None
    assert packed.cert.certificate == x509.load_der_x509_certificate(made.der)
    assert packed.key.public_key() == packed.cert.certificate.public_key()
    (above,) = packed.additional_certs
    packed.cert.certificate.verify_directly_issued_by(above.certificate)
    with pytest.raises(ValueError, match="password"):
        pkcs12.load_pkcs12(desk.signature.pkcs12(made.serial, "x"), b"y")


def test_nothing_heavy_at_start() -> None:
    """Whoever never signs anything pays for nothing: no cryptography, no PDF, no XML at import."""
    script = (
        "import sys, mockgov.signature.service, mockgov.signature.store;"
        "print([m for m in ('asn1crypto', 'pyhanko', 'lxml', 'mockgov.signature.keys') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert answer.stdout == "[]\n"
