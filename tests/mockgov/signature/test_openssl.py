"""OpenSSL, which knows nothing of us, agrees: signatures, lists, OCSP answers and time-stamps are what they should be.

What OpenSSL 3.0 does not look at is said in `unseen`: version numbers, the list of digest algorithms, the content's
type and the signature algorithm's name outside the signed attributes, and the time-stamp, an unsigned attribute.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockgov.signature.cms import DATA, DIGESTS, ECDSA, RSA, TIME_STAMP_TOKEN
from mockgov.signature.encoding import oid
from mockgov.signature.messages import RevokeCertificate
from mockgov.signature.rules import CertificateFlaw
from mockgov.vocabulary.signed import Flaw
from tests.mockgov.signature.desk import DAY, ENTITY, HOUR, MONDAY, Desk, lay_out, openssl, unix

DOCUMENT = "İşte belge.\n".encode()


@pytest.fixture(params=["ec", "rsa"], scope="module")
def desk(request: pytest.FixtureRequest) -> Desk:
    return Desk(keys=request.param)


def verify(folder: Path, *more: str, at: datetime = MONDAY) -> bool:
    arguments = ("-inform", "DER", "-in", "signature", "-CAfile", "root.pem", "-attime", unix(at), "-purpose", "any")
    return openssl(folder, "cms", "-verify", "-binary", "-out", "out", *arguments, *more).returncode == 0


@pytest.mark.parametrize("detached", [True, False])
def test_cms_verifies(desk: Desk, tmp_path: Path, *, detached: bool) -> None:
    """Under the root alone, by CAdES's own rules (`-cades`); a day after its year it is expired."""
    made = desk.issue()
    signature = desk.signature.sign_cades(made.serial, DOCUMENT, detached=detached)
    lay_out(tmp_path, desk, {"signature": signature, "document": DOCUMENT})
    more = ("-content", "document") if detached else ()
    assert verify(tmp_path, "-cades", *more)
    assert (tmp_path / "out").read_bytes() == DOCUMENT
    assert not verify(tmp_path, *more, at=made.not_after + DAY)
    (tmp_path / "root.pem").write_bytes((tmp_path / "tsa.pem").read_bytes())
    assert not verify(tmp_path, *more)


def test_smime_verifies(desk: Desk, tmp_path: Path) -> None:
    """`openssl cms` reads the message as a mail program would."""
    message = desk.signature.sign_smime(desk.issue().serial, ENTITY)
    lay_out(tmp_path, desk, {"message": message, "broken": message.replace("İşte".encode(), "Işte".encode())})
    common = ("-CAfile", "root.pem", "-attime", unix(MONDAY), "-purpose", "any", "-out", "out")
    assert openssl(tmp_path, "cms", "-verify", "-in", "message", *common).returncode == 0
    assert (tmp_path / "out").read_bytes() == ENTITY
    assert openssl(tmp_path, "cms", "-verify", "-in", "broken", *common).returncode != 0


def test_what_openssl_signs_counts_here(desk: Desk, tmp_path: Path) -> None:
    """An integrator signs with their own tools and the certificate that they were given."""
    made = desk.issue()
    lay_out(tmp_path, desk, {"id.p12": desk.signature.pkcs12(made.serial, "x"), "document": DOCUMENT, "entity": ENTITY})
    openssl(tmp_path, "pkcs12", "-in", "id.p12", "-passin", "pass:x", "-nodes", "-out", "id.pem")
    common = ("-sign", "-binary", "-signer", "id.pem", "-certfile", "qualified.pem", "-md", "sha384", "-out", "signed")
    signed = openssl(tmp_path, "cms", "-cades", "-in", "document", "-outform", "DER", "-nodetach", *common)
    assert signed.returncode == 0, signed.stderr
    made_by_openssl = (tmp_path / "signed").read_bytes()
    assert desk.signature.verify_cades(made_by_openssl, None).flaw is None
    assert desk.signature.verify_cades(made_by_openssl, b"other").flaw is Flaw.TAMPERED
    assert openssl(tmp_path, "cms", "-in", "entity", *common).returncode == 0
    assert desk.signature.verify_smime((tmp_path / "signed").read_bytes()).flaw is None
    openssl(tmp_path, "cms", "-in", "document", "-outform", "DER", "-nodetach", *common)
    assert desk.signature.verify_cades((tmp_path / "signed").read_bytes(), None).flaw is Flaw.UNREADABLE


UNSEEN_BIT = 0x20
"""OpenSSL compares names without regard to the case of letters, and overlooks this bit in the tag of a set."""


def unseen(signature: bytes) -> Sequence[range]:
    """Positions of a detached signature of ours at which OpenSSL 3.0 overlooks a change."""
    digest = next(oid(one) for one in DIGESTS.values() if oid(one) in signature)
    algorithm = next(oid(one) for one in (*ECDSA.values(), *RSA.values()) if oid(one) in signature)
    in_set = signature.index(digest)
    named = signature.rindex(algorithm, 0, signature.index(oid(TIME_STAMP_TOKEN)))
    info = signature.rindex(b"\x02\x01\x01\x30", 0, signature.index(digest, in_set + len(digest)))
    return (
        range(in_set - 7, in_set),  # the version and the set's heads
        range(in_set, in_set + len(digest) + len(oid(DATA)) + 2),  # and the content's type behind them
        range(info, info + 3),
        range(named - 2, named + len(algorithm) + 2),
        range(signature.index(oid(TIME_STAMP_TOKEN)) - 8, len(signature)),
    )


@pytest.fixture(scope="module")
def laid_out(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    signature = desk.signature.sign_cades(desk.issue().serial, DOCUMENT)
    return lay_out(tmp_path_factory.mktemp("cms"), desk, {}), signature


def test_openssl_refuses_any_changed_byte(desk: Desk, laid_out: tuple[Path, bytes]) -> None:
    """Of the document, and of the signature wherever OpenSSL looks; ours refuses those and all others."""
    folder, signature = laid_out
    hidden = {at for places in unseen(signature) for at in places}
    whole = DOCUMENT + signature
    seen = [at for at in range(len(whole)) if at - len(DOCUMENT) not in hidden]
    assert len(seen) > 2_300

    @settings(max_examples=120)
    @given(st.sampled_from(seen), st.integers(1, 255))
    @example(len(DOCUMENT) + signature.index(b"SANDBOX"), UNSEEN_BIT)
    def each(at: int, by: int) -> None:
        changed = whole[:at] + bytes([whole[at] ^ by]) + whole[at + 1 :]
        document, signed = changed[: len(DOCUMENT)], changed[len(DOCUMENT) :]
        (folder / "document").write_bytes(document)
        (folder / "signature").write_bytes(signed)
        assert by == UNSEEN_BIT or not verify(folder, "-content", "document")
        assert not desk.signature.verify_cades(signed, document).counts

    each()


def test_what_openssl_overlooks_is_refused_here(desk: Desk, laid_out: tuple[Path, bytes]) -> None:
    """The last byte of the time-stamp, for one: OpenSSL never reads it."""
    folder, signature = laid_out
    changed = signature[:-1] + bytes([signature[-1] ^ 1])
    (folder / "document").write_bytes(DOCUMENT)
    (folder / "signature").write_bytes(changed)
    assert verify(folder, "-content", "document")
    assert desk.signature.verify_cades(changed, DOCUMENT).flaw is Flaw.TAMPERED


def test_lists_of_revoked_certificates(desk: Desk, tmp_path: Path) -> None:
    """Signed by their authority; a revoked certificate is refused with the list, a good one is not."""
    good, bad = desk.issue(), desk.issue(CertificateFlaw.REVOKED)
    lists = {f"{which}.crl": desk.signature.crl(which) for which in ("root", "qualified", "kep")}
    lay_out(tmp_path, desk, lists | {"good.crt": good.der, "bad.crt": bad.der})
    for which in ("root", "qualified", "kep"):
        checked = openssl(tmp_path, "crl", "-inform", "DER", "-in", f"{which}.crl", "-CAfile", f"{which}.pem", "-noout")
        assert "verify OK" in checked.stderr
    openssl(tmp_path, "crl", "-inform", "DER", "-in", "qualified.crl", "-out", "qualified.crl.pem")
    text = openssl(tmp_path, "crl", "-in", "qualified.crl.pem", "-noout", "-text").stdout
    assert f"Serial Number: {bad.serial.upper()}" in text
    assert "Last Update: Oct  4 05:00:00 2021 GMT" in text
    assert "Next Update: Oct  5 05:00:00 2021 GMT" in text
    common = ("-CAfile", "root.pem", "-untrusted", "qualified.pem", "-CRLfile", "qualified.crl.pem", "-crl_check")
    for name, status in (("good", 0), ("bad", 2)):
        openssl(tmp_path, "x509", "-inform", "DER", "-in", f"{name}.crt", "-out", f"{name}.pem")
        answer = openssl(tmp_path, "verify", *common, "-attime", unix(MONDAY), f"{name}.pem")
        assert answer.returncode == status, answer.stderr


@pytest.mark.parametrize("digest", ["sha1", "sha256"])
def test_ocsp(tmp_path: Path, digest: str) -> None:
    """Good before the revocation, revoked from then on, unknown for what nobody issued; signed under the root."""
    desk = Desk()
    one, other = desk.issue(), desk.issue()
    lay_out(tmp_path, desk, {})
    serials = [f"0x{serial}" for serial in (one.serial, other.serial, "7a")]
    question = [word for serial in serials for word in (f"-{digest}", "-serial", serial)]
    openssl(tmp_path, "ocsp", "-issuer", "qualified.pem", *question, "-reqout", "question")

    def statuses() -> list[str]:
        (tmp_path / "answer").write_bytes(desk.signature.ocsp((tmp_path / "question").read_bytes()))
        common = ("-reqin", "question", "-respin", "answer", "-CAfile", "root.pem", "-attime", unix(desk.clock.now()))
        said = openssl(
            tmp_path, "ocsp", "-issuer", "qualified.pem", *common, "-resp_text", "-verify_other", "qualified.pem"
        )
        assert "Response verify OK" in said.stderr, said
        return [line.split()[-1] for line in said.stdout.splitlines() if "Cert Status" in line]

    assert statuses() == ["good", "good", "unknown"]
    desk.advance(HOUR)
    desk.signature.revoke(RevokeCertificate(serial=other.serial, reason="superseded"))
    assert statuses() == ["good", "revoked", "unknown"]


@pytest.mark.parametrize("more", [("-cert",), ("-cert", "-no_nonce"), ()])
def test_time_stamps(desk: Desk, tmp_path: Path, more: tuple[str, ...]) -> None:
    """OpenSSL's own request, answered and verified; the certificate only comes along where it is asked for."""
    lay_out(tmp_path, desk, {"document": DOCUMENT})
    openssl(tmp_path, "ts", "-query", "-data", "document", "-sha512", *more, "-out", "question")
    (tmp_path / "answer").write_bytes(desk.signature.tsa((tmp_path / "question").read_bytes()))
    common = ("-queryfile", "question", "-in", "answer", "-CAfile", "root.pem", "-attime", unix(MONDAY))
    other = () if more else ("-untrusted", "tsa.pem")
    said = openssl(tmp_path, "ts", "-verify", *common, *other)
    assert "Verification: OK" in said.stdout, said
    (tmp_path / "question").write_bytes(b"")
    assert openssl(tmp_path, "ts", "-verify", *common, *other).returncode != 0


@pytest.mark.parametrize("question", [b"", b"x", b"\x30\x00"])
def test_rejected_requests(desk: Desk, tmp_path: Path, question: bytes) -> None:
    """The protocols' own ways of saying no, which OpenSSL understands."""
    (tmp_path / "stamp").write_bytes(desk.signature.tsa(question))
    assert "Status: Rejected." in openssl(tmp_path, "ts", "-reply", "-in", "stamp", "-text").stdout
    (tmp_path / "ocsp").write_bytes(desk.signature.ocsp(question))
    assert "malformedrequest" in openssl(tmp_path, "ocsp", "-respin", "ocsp", "-resp_text").stdout
