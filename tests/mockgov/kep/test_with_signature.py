"""Registered e-mail with the world's real certificate authority: S/MIME, CAdES, seals, and signed evidence."""

import shutil
import subprocess
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockgov.clock import ManualClock
from mockgov.kep.eyp import read_package, write_package
from mockgov.kep.grounds import Reason
from mockgov.kep.messages import DepositLetter, OpenKepAccount
from mockgov.kep.service import Kep
from mockgov.kep.store import InMemoryKep
from mockgov.kep.writing import letter_with_package, plain_letter, signed_letter
from mockgov.signature.messages import IssueCertificate, RevokeCertificate
from mockgov.signature.rules import CertificateFlaw, SignatureFormat
from mockgov.signature.service import Signature
from mockgov.signature.store import InMemoryCertificates
from mockgov.streams import Streams
from mockgov.vocabulary.signed import Flaw
from tests.mockgov.kep.packages import order
from tests.mockgov.kep.post import COMPANY, MINISTRY, MONDAY, OTHER


class House:
    """The signature service and registered e-mail of one world, as the ministry puts them together."""

    def __init__(self) -> None:
        self.clock = ManualClock(MONDAY)
        self.signature = Signature(
            store=InMemoryCertificates(),
            now=self.clock.now,
            tell=lambda _: None,
            transaction=nullcontext,
            streams=Streams(7),
            founded=MONDAY - timedelta(days=1),
        )
        self.kep = Kep(
            store=InMemoryKep(),
            now=self.clock.now,
            tell=lambda _: None,
            transaction=nullcontext,
            streams=Streams(7),
            quota_kib=102_400,
            verify_smime=self.signature.verify_smime,
            verify_cades=self.signature.verify_cades,
            verify_seal=self.signature.verify_seal,
            sign_evidence=self.signature.sign_evidence,
        )
        for one in (COMPANY, MINISTRY, OTHER):
            self.kep.open_account(
                OpenKepAccount(institution_id=None, name=one.account, account=one.account, provider=one.provider)
            )
        self.serial = self.certificate()

    def certificate(self, flaw: CertificateFlaw | None = None) -> str:
        wanted = IssueCertificate(identity_number="10000000146", firstname="AYŞE", lastname="KAYA", flaw=flaw)
        return self.signature.issue(wanted).serial

    def letter(self, serial: str = "") -> bytes:
        message = plain_letter(COMPANY, [MINISTRY, OTHER], "Erişim talebi", "Yazımız.", [], self.clock.now(), "1@x")
        return signed_letter(message, lambda entity: self.signature.sign_smime(serial or self.serial, entity))

    def package(self, *, seal: bool = True) -> bytes:
        def sign(document: bytes) -> bytes:
            return self.signature.sign_cades(self.serial, document)

        def sealed(document: bytes) -> bytes:
            return self.signature.seal("Örnek Kurumu", document) if seal else sign(document)

        return write_package(order(), at=self.clock.now(), sign=sign, seal=sealed)


@pytest.fixture(scope="module")
def house() -> House:
    return House()


def test_a_signed_letter_is_taken(house: House) -> None:
    """Who signed is known from the certificate, and when from the time-stamp."""
    done = house.kep.deposit(DepositLetter(sender=COMPANY, message=house.letter()))
    assert done.letter.detail == ""
    assert done.accepted
    assert done.letter.signature.identity_number == "10000000146"
    assert done.letter.signature.signed_at == MONDAY
    assert house.kep.content(done.letter.letter_id).text.startswith("Yazımız.")


@pytest.mark.parametrize(
    ("flaw", "found"),
    [
        (CertificateFlaw.EXPIRED, Flaw.EXPIRED),
        (CertificateFlaw.NOT_YET_VALID, Flaw.NOT_YET_VALID),
        (CertificateFlaw.REVOKED, Flaw.REVOKED),
        (CertificateFlaw.UNKNOWN_ROOT, Flaw.UNKNOWN_ROOT),
        (CertificateFlaw.WRONG_KIND, Flaw.WRONG_KIND),
    ],
)
def test_each_bad_certificate_is_refused(house: House, flaw: CertificateFlaw, found: Flaw) -> None:
    done = house.kep.deposit(DepositLetter(sender=COMPANY, message=house.letter(house.certificate(flaw))))
    assert done.letter.reason is Reason.BAD_SIGNATURE
    assert done.letter.signature.flaw is found


def test_a_certificate_revoked_between_two_letters() -> None:
    house = House()
    assert house.kep.deposit(DepositLetter(sender=COMPANY, message=house.letter())).accepted
    house.clock.move_to(MONDAY + timedelta(hours=1))
    house.signature.revoke(RevokeCertificate(serial=house.serial))
    done = house.kep.deposit(DepositLetter(sender=COMPANY, message=house.letter()))
    assert done.letter.signature.flaw is Flaw.REVOKED


def test_packages_with_real_signatures(house: House) -> None:
    """Signed by a person and sealed by the institution; a person's signature in place of a seal does not count."""
    for seal, counts in [(True, True), (False, False)]:
        message = letter_with_package(COMPANY, [MINISTRY], "Yazı", house.package(seal=seal), MONDAY, "2@x")
        signed = signed_letter(message, lambda entity: house.signature.sign_smime(house.serial, entity))
        done = house.kep.deposit(DepositLetter(sender=COMPANY, message=signed))
        assert done.accepted is counts, done.letter.detail
        assert done.letter.is_package
    assert house.signature.verify_cades(read_package(house.package()).signature, b"other").flaw is Flaw.TAMPERED


def test_a_finished_message_that_is_signed_as_it_is(house: House) -> None:
    """As the lab signs what a mail program has written: From, To and Subject stay where the provider reads them."""
    message = plain_letter(COMPANY, [MINISTRY], "Erişim talebi", "Yazımız.", [], house.clock.now(), "3@x")
    signed = house.signature.sign(house.serial, message, SignatureFormat.SMIME)
    done = house.kep.deposit(DepositLetter(sender=COMPANY, message=signed))
    assert (done.letter.reason, done.letter.detail) == (None, "")
    assert house.kep.content(done.letter.letter_id).subject == "Erişim talebi"
    assert signed == signed_letter(message, lambda entity: house.signature.sign_smime(house.serial, entity))


def test_evidence_is_signed_by_its_provider_as_of_its_moment() -> None:
    """Read a year later it counts, a byte changed it does not, and another world of that seed makes the same bytes."""

    def story() -> tuple[House, list[bytes]]:
        house = House()
        done = house.kep.deposit(DepositLetter(sender=COMPANY, message=house.letter()))
        house.clock.move_to(MONDAY + timedelta(days=365))
        house.kep.run_due()
        rows = house.kep.evidence_of(done.letter.letter_id)
        return house, [house.kep.evidence(row.evidence_id) for row in rows]

    house, made = story()
    assert len(made) == 6
    for xml in made:
        verdict = house.signature.verify_evidence(xml)
        assert verdict.counts, verdict.detail
        assert verdict.signed_at is not None
        assert verdict.signed_at <= MONDAY + timedelta(days=2)
        assert not house.signature.verify_evidence(xml.replace(b"cinar@", b"cinaz@", 1)).counts
    assert story()[1] == made


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_noise_in_a_really_signed_letter_never_raises(house: House, data: st.DataObject) -> None:
    """One stretch of it replaced: refused, or taken because it was outside of what is signed."""
    good = house.letter()
    at, noise = data.draw(st.integers(0, len(good) - 1)), data.draw(st.binary(max_size=20))
    done = house.kep.deposit(DepositLetter(sender=COMPANY, message=good[:at] + noise + good[at + len(noise) :]))
    assert house.kep.evidence_of(done.letter.letter_id)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_verifies_a_letter(house: House, tmp_path: Path) -> None:
    """With the world's root as the only one it trusts, at the world's date."""
    (tmp_path / "mail.eml").write_bytes(house.letter())
    (tmp_path / "chain.pem").write_bytes(house.signature.chain())
    moment = str(int((MONDAY + timedelta(minutes=1)).timestamp()))
    verify = ["openssl", "cms", "-verify", "-purpose", "any", "-attime", moment, "-in", "mail.eml", "-out", "out"]
    done = subprocess.run([*verify, "-CAfile", "chain.pem"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
