"""Evidence signed with XAdES, checked twice: by signxml, and by hand with canonical XML and plain ECDSA."""

from base64 import b64decode
from datetime import UTC, datetime
from hashlib import sha384

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from lxml import etree
from signxml import InvalidDigest, InvalidSignature
from signxml.xades import XAdESVerifier

from mockgov.signature.rules import NotSignable
from mockgov.vocabulary.signed import Flaw
from tests.mockgov.signature.desk import DAY, MONDAY, Desk

EVIDENCE = "<?xml version='1.0'?>\n<delil xmlns='urn:delil' id='1'><!-- söz --><tip>İletildi</tip>\n</delil>".encode()
NAMESPACES = {"ds": "http://www.w3.org/2000/09/xmldsig#", "xades": "http://uri.etsi.org/01903/v1.3.2#"}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def provider(signed: bytes) -> x509.Certificate:
    text = etree.fromstring(signed).find(".//ds:X509Certificate", NAMESPACES).text
    return x509.load_der_x509_certificate(b64decode(text))


@pytest.mark.parametrize("keys", ["ec", "rsa"])
def test_signxml_agrees(keys: str) -> None:
    """Both references verify under the provider's certificate; a changed letter does not."""
    signed = Desk(keys=keys).signature.sign_evidence("hs01", EVIDENCE, MONDAY)
    verified = XAdESVerifier().verify(signed, x509_cert=provider(signed), expect_references=2)
    assert [etree.QName(one.signed_xml).localname for one in verified] == ["delil", "SignedProperties"]
    changed = signed.replace("İletildi".encode(), b"Iletildi")
    with pytest.raises((InvalidDigest, InvalidSignature)):
        XAdESVerifier().verify(changed, x509_cert=provider(changed), expect_references=2)


def test_by_hand(desk: Desk) -> None:
    """Digests of the canonical document and properties; the signature's two halves under P-384."""
    signed = desk.signature.sign_evidence("hs02", EVIDENCE, MONDAY)
    root = etree.fromstring(signed)
    signature = root.find("ds:Signature", NAMESPACES)

    def canonical(node: object) -> bytes:
        return etree.tostring(node, method="c14n", exclusive=True, with_comments=False)

    info, value = (signature.find(f"ds:{name}", NAMESPACES) for name in ("SignedInfo", "SignatureValue"))
    raw = b64decode(value.text)
    halves = (int.from_bytes(raw[:48], "big"), int.from_bytes(raw[48:], "big"))
    key = provider(signed).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(encode_dss_signature(*halves), canonical(info), ec.ECDSA(hashes.SHA384()))
    properties = canonical(signature.find(".//xades:SignedProperties", NAMESPACES))
    digests = [b64decode(one.text) for one in info.findall(".//ds:DigestValue", NAMESPACES)]
    root.remove(signature)
    assert digests == [sha384(canonical(root.getroottree())).digest(), sha384(properties).digest()]
    assert b"<xades:SigningTime>2021-10-04T05:00:00Z</xades:SigningTime>" in properties


def test_verdicts(desk: Desk) -> None:
    """The provider's, at the time-stamp's moment, whenever it is looked at; never a person's signature."""
    at = MONDAY - DAY
    signed = desk.signature.sign_evidence("hs01", EVIDENCE, at)
    said = desk.signature.verify_evidence(signed)
    assert (said.flaw, said.name, said.signed_at) == (None, "KEPHS hs01", at)
    desk.clock.move_to(datetime(2060, 1, 1, tzinfo=UTC))
    assert desk.signature.verify_evidence(signed).counts
    assert Desk(seed=2).signature.verify_evidence(signed).flaw is Flaw.UNKNOWN_ROOT
    assert desk.signature.verify_evidence(signed.replace(b"id='1'", b"id='2'").replace(b'id="1"', b'id="2"')).flaw
    assert desk.signature.verify_evidence(EVIDENCE).flaw is Flaw.MISSING
    assert desk.signature.verify_evidence(b"").flaw is Flaw.MISSING


def test_signed_late_is_signed_alike(desk: Desk) -> None:
    """Evidence may be signed when it is first read: the bytes only depend on what it says and when it was."""
    now = desk.signature.sign_evidence("hs01", EVIDENCE, MONDAY)
    desk.issue()
    desk.advance(30 * DAY)
    assert desk.signature.sign_evidence("hs01", EVIDENCE, MONDAY) == now
    assert desk.signature.sign_evidence("hs02", EVIDENCE, MONDAY) != now


@pytest.mark.parametrize("bad", [b"", b"x", b"<a>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_what_is_no_xml(desk: Desk, bad: bytes) -> None:
    """Entities are no part of evidence."""
    with pytest.raises(NotSignable):
        desk.signature.sign_evidence("hs01", bad, MONDAY)
