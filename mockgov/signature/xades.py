"""XAdES signatures with a time-stamp upon evidence (baseline B-T of ETSI EN 319 132-1), enveloped in its root.

Written with lxml alone: what the libraries offer reads the wall clock, names elements at random and signs by
ECDSA with a random nonce. What is read here is what is written here, nothing wider.
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from datetime import UTC, datetime
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from lxml import etree

from mockgov.signature.authority import Signer
from mockgov.signature.keys import digest, sign
from mockgov.signature.packing import der
from mockgov.signature.reading import Flawed, load_certificate, verify_with
from mockgov.signature.rules import NotSignable
from mockgov.signature.timestamping import TimeStamps
from mockgov.signature.trouble import TROUBLE
from mockgov.signature.verification import Proof
from mockgov.vocabulary.signed import Flaw

DS: Final = "http://www.w3.org/2000/09/xmldsig#"
XADES: Final = "http://uri.etsi.org/01903/v1.3.2#"
NAMESPACES: Final = {"ds": DS, "xades": XADES}
EXCLUSIVE: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED: Final = f"{DS}enveloped-signature"
SIGNED_PROPERTIES: Final = "http://uri.etsi.org/01903#SignedProperties"
DIGESTS: Final = {
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
    "sha384": "http://www.w3.org/2001/04/xmldsig-more#sha384",
}
METHODS: Final = {
    "sha256": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "sha384": "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
}
SIGNATURE_ID, DOCUMENT_ID, PROPERTIES_ID = "Imza", "Imza-Belge", "Imza-Ozellikler"
COORDINATE: Final = 48
"""Bytes of a number modulo the order of P-384; XML signatures hold two of them, not DER (RFC 4050)."""


def sign_evidence(signer: Signer, xml: bytes, stamps: TimeStamps, at: datetime) -> bytes:
    """The document with a signature as its root's last child. Raises `NotSignable` for what is no XML."""
    try:
        root = _parsed(xml)
    except (etree.XMLSyntaxError, ValueError):
        raise NotSignable("This is no XML that can be signed: it must be well-formed and have no DTD.") from None
    document = _canonical(root.getroottree())
    signature = etree.SubElement(root, f"{{{DS}}}Signature", {"Id": SIGNATURE_ID}, nsmap=NAMESPACES)
    info = _add(signature, "ds:SignedInfo")
    value = _add(signature, "ds:SignatureValue")
    _key_info(signature, signer)
    qualifying = _add(_add(signature, "ds:Object"), "xades:QualifyingProperties", Target=f"#{SIGNATURE_ID}")
    properties = _properties(qualifying, signer, at)
    _signed_info(info, signer.hash_name, document, _canonical(properties))
    value.text = _base64(_plain(sign(signer.key, _canonical(info), signer.hash_name), signer))
    unsigned = _add(_add(qualifying, "xades:UnsignedProperties"), "xades:UnsignedSignatureProperties")
    stamp = _add(unsigned, "xades:SignatureTimeStamp")
    _add(stamp, "ds:CanonicalizationMethod", Algorithm=EXCLUSIVE)
    _add(stamp, "xades:EncapsulatedTimeStamp").text = _base64(stamps.token(_canonical(value), at))
    return bytes(etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8"))


def prove_evidence(xml: bytes) -> Proof:
    """Who signed the evidence, proved by its digests and its signature's value. Raises `Flawed`."""
    try:
        return _proved(xml)
    except Flawed:
        raise
    except (*TROUBLE, etree.LxmlError, Base64Error):
        raise Flawed(Flaw.UNREADABLE, "The evidence is no XML with a XAdES signature that can be read.") from None


def _proved(xml: bytes) -> Proof:
    if not xml.strip():
        raise Flawed(Flaw.MISSING, "There is no evidence.")
    root = _parsed(xml)
    found = root.findall("ds:Signature", NAMESPACES)
    if len(found) != 1:
        raise Flawed(Flaw.MISSING if not found else Flaw.UNREADABLE, "Evidence has exactly one signature.")
    signature = found[0]
    info = _one(signature, "ds:SignedInfo")
    hash_name = {known: name for name, known in METHODS.items()}[_one(info, "ds:SignatureMethod").get("Algorithm")]
    properties = _one(signature, "ds:Object/xades:QualifyingProperties/xades:SignedProperties")
    certificates = [
        load_certificate(_bytes(one))
        for one in signature.findall("ds:KeyInfo/ds:X509Data/ds:X509Certificate", NAMESPACES)
    ]
    signer = certificates[0]
    named = _one(properties, "xades:SignedSignatureProperties/xades:SigningCertificateV2/xades:Cert/xades:CertDigest")
    value = _one(signature, "ds:SignatureValue")
    raw = _der(_bytes(value), signer)
    verify_with(signer, raw, _canonical(info), hash_name)
    if _digest_in(named) != digest(der(signer), hash_name):
        raise Flawed(Flaw.TAMPERED, "The certificate is not the one that the signature names.")
    stamp = _canonical(value)
    token = _bytes(_one(signature, ".//xades:SignatureTimeStamp/xades:EncapsulatedTimeStamp"))
    claimed = _one(properties, "xades:SignedSignatureProperties/xades:SigningTime").text
    _check_references(root, signature, info, properties, hash_name)
    return Proof(
        certificate=signer,
        included=tuple(certificates),
        value=stamp,
        token=token,
        claimed_at=datetime.fromisoformat(claimed).astimezone(UTC),
    )


def _check_references(root: Any, signature: Any, info: Any, properties: Any, hash_name: str) -> None:
    """Both references name, transform and digest what they must. Takes the signature out of the document."""
    references = info.findall("ds:Reference", NAMESPACES)
    algorithms = [
        [one.get("Algorithm") for one in reference.findall("ds:Transforms/ds:Transform", NAMESPACES)]
        for reference in references
    ]
    names = [reference.get("URI") for reference in references]
    wanted = ["", f"#{properties.get('Id')}"]
    same = [one for one in root.iter() if one.get("Id") == properties.get("Id")]
    if names != wanted or len(same) != 1 or algorithms != [[ENVELOPED, EXCLUSIVE], [EXCLUSIVE]]:
        raise Flawed(Flaw.UNREADABLE, "The signature covers something else than the document and its properties.")
    of_properties = _canonical(properties)
    root.remove(signature)
    for reference, covered in zip(references, (_canonical(root.getroottree()), of_properties), strict=True):
        if _one(reference, "ds:DigestMethod").get("Algorithm") != DIGESTS[hash_name]:
            raise Flawed(Flaw.UNREADABLE, "A digest is by another algorithm than the signature.")
        if _digest_in(reference) != digest(covered, hash_name):
            raise Flawed(Flaw.TAMPERED, "The evidence is not what was signed.")


def _signed_info(info: Any, hash_name: str, document: bytes, properties: bytes) -> None:
    _add(info, "ds:CanonicalizationMethod", Algorithm=EXCLUSIVE)
    _add(info, "ds:SignatureMethod", Algorithm=METHODS[hash_name])
    first = _add(info, "ds:Reference", Id=DOCUMENT_ID, URI="")
    second = _add(info, "ds:Reference", Type=SIGNED_PROPERTIES, URI=f"#{PROPERTIES_ID}")
    for reference, transforms, data in (
        (first, (ENVELOPED, EXCLUSIVE), document),
        (second, (EXCLUSIVE,), properties),
    ):
        parent = _add(reference, "ds:Transforms")
        for transform in transforms:
            _add(parent, "ds:Transform", Algorithm=transform)
        _add_digest(reference, data, hash_name)


def _properties(qualifying: Any, signer: Signer, at: datetime) -> Any:
    properties = _add(qualifying, "xades:SignedProperties", Id=PROPERTIES_ID)
    of_signature = _add(properties, "xades:SignedSignatureProperties")
    _add(of_signature, "xades:SigningTime").text = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    certificate = _add(_add(of_signature, "xades:SigningCertificateV2"), "xades:Cert")
    _add_digest(_add(certificate, "xades:CertDigest"), signer.der, signer.hash_name)
    of_data = _add(properties, "xades:SignedDataObjectProperties")
    form = _add(of_data, "xades:DataObjectFormat", ObjectReference=f"#{DOCUMENT_ID}")
    _add(form, "xades:MimeType").text = "text/xml"
    return properties


def _key_info(signature: Any, signer: Signer) -> None:
    data = _add(_add(signature, "ds:KeyInfo"), "ds:X509Data")
    for certificate in (signer.certificate, *signer.chain):
        _add(data, "ds:X509Certificate").text = _base64(der(certificate))


def _add_digest(parent: Any, data: bytes, hash_name: str) -> None:
    _add(parent, "ds:DigestMethod", Algorithm=DIGESTS[hash_name])
    _add(parent, "ds:DigestValue").text = _base64(digest(data, hash_name))


def _digest_in(parent: Any) -> bytes:
    return _bytes(_one(parent, "ds:DigestValue"))


def _add(parent: Any, name: str, **attributes: str) -> Any:
    prefix, _, local = name.partition(":")
    return etree.SubElement(parent, f"{{{NAMESPACES[prefix]}}}{local}", attributes)


def _one(parent: Any, path: str) -> Any:
    (found,) = parent.findall(path, NAMESPACES)
    return found


def _bytes(element: Any) -> bytes:
    return b64decode("".join(element.text.split()), validate=True)


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def _parsed(xml: bytes) -> Any:
    root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    if root.getroottree().docinfo.doctype:
        raise ValueError("a DTD")
    return root


def _canonical(node: Any) -> bytes:
    return bytes(etree.tostring(node, method="c14n", exclusive=True, with_comments=False))


def _plain(signature: bytes, signer: Signer) -> bytes:
    if not isinstance(signer.key, ec.EllipticCurvePrivateKey):
        return signature
    return b"".join(part.to_bytes(COORDINATE, "big") for part in decode_dss_signature(signature))


def _der(value: bytes, certificate: x509.Certificate) -> bytes:
    if not isinstance(certificate.public_key(), ec.EllipticCurvePublicKey):
        return value
    half = len(value) // 2
    return encode_dss_signature(int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big"))
