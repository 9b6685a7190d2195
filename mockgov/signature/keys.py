"""Private keys of a world, derived from its secrets, and signatures that spend no chance.

ECDSA takes its nonce from key and message (RFC 6979); RSA signs by PKCS #1 v1.5, which draws none.
"""

from hashlib import new
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from mockgov.signature.primes import EXPONENT, rsa_primes
from mockgov.streams import Streams

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

ORDER_P384: Final = int(
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973", 16
)
"""Order of the curve's base point (FIPS 186-4, D.1.2.4)."""


class Keys:
    """The key maker of one world. `kind`: `ec` for P-384 with SHA-384, `rsa` for 2048 bits with SHA-256."""

    def __init__(self, streams: Streams, kind: str) -> None:
        if kind not in ("ec", "rsa"):
            raise ValueError(f"keys are ec or rsa, not {kind!r}")
        self._streams = streams
        self.kind = kind
        self.hash_name = "sha384" if kind == "ec" else "sha256"
        self._made: dict[tuple[str, ...], PrivateKey] = {}

    def __call__(self, *role: str) -> PrivateKey:
        """The private key of a role; made once."""
        if role not in self._made:
            self._made[role] = self._ec(role) if self.kind == "ec" else self._rsa(role)
        return self._made[role]

    def serial(self, *role: str) -> int:
        """A certificate's serial number: 127 keyed bits, never negative, always 16 bytes long."""
        return int.from_bytes(self._streams.secret("signature.serial", *role, size=16), "big") >> 1 | 1 << 126

    def _ec(self, role: tuple[str, ...]) -> PrivateKey:
        secret = self._streams.secret("signature.key.ec", *role, size=64)
        return ec.derive_private_key(1 + int.from_bytes(secret, "big") % (ORDER_P384 - 1), ec.SECP384R1())

    def _rsa(self, role: tuple[str, ...]) -> PrivateKey:
        p, q = rsa_primes(lambda which, part: self._streams.secret("signature.key.rsa", which, part, *role, size=64))
        private = pow(EXPONENT, -1, (p - 1) * (q - 1))
        numbers = rsa.RSAPrivateNumbers(
            p=p,
            q=q,
            d=private,
            dmp1=private % (p - 1),
            dmq1=private % (q - 1),
            iqmp=rsa.rsa_crt_iqmp(p, q),
            public_numbers=rsa.RSAPublicNumbers(e=EXPONENT, n=p * q),
        )
        return numbers.private_key(unsafe_skip_rsa_key_validation=True)


HASHES: Final[dict[str, type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512]]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
"""Digests that count; weaker ones do not."""


def sign(key: PrivateKey, data: bytes, hash_name: str) -> bytes:
    """The signature (ECDSA as DER)."""
    algorithm = HASHES[hash_name]()
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(algorithm, deterministic_signing=True))
    return key.sign(data, padding.PKCS1v15(), algorithm)


def digest(data: bytes, hash_name: str) -> bytes:
    """The digest of data under one of `HASHES`."""
    return new(hash_name, data).digest()
