"""Certificates and keys as files: DER, PEM, PKCS #12."""

from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from mockgov.signature.authority import Signer


def der(certificate: x509.Certificate) -> bytes:
    """The certificate's bytes."""
    return certificate.public_bytes(Encoding.DER)


def pem(certificate: x509.Certificate) -> bytes:
    """The certificate's bytes in base64 between two lines."""
    return certificate.public_bytes(Encoding.PEM)


def pkcs12(signer: Signer, friendly: str, password: str) -> bytes:
    """Private key, certificate and chain under a password. The salts are the library's own, drawn by the machine."""
    encryption = BestAvailableEncryption(password.encode())
    return serialize_key_and_certificates(
        friendly.encode(), signer.key, signer.certificate, list(signer.chain), encryption
    )
