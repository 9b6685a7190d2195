"""Keys follow from the world's seed, and are as good as anybody's."""

from math import gcd

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from mockgov.signature.keys import Keys, digest, sign
from mockgov.signature.primes import SMALL_PRIMES, is_probable_prime
from mockgov.streams import Streams


def private_bytes(key: object) -> bytes:
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def test_small_primes() -> None:
    """The odd primes below 65,536, of which there are 6,541."""
    assert SMALL_PRIMES[:5] == (3, 5, 7, 11, 13)
    assert (len(SMALL_PRIMES), SMALL_PRIMES[-1]) == (6_541, 65_521)


@given(st.integers(min_value=7, max_value=30_000).map(lambda half: 2 * half + 1))
def test_miller_and_rabin_agree_with_a_sieve(number: int) -> None:
    assert is_probable_prime(number) == (number in set(SMALL_PRIMES))


@pytest.mark.parametrize(
    ("number", "prime"),
    [
        (2**521 - 1, True),
        (2**127 - 1, True),
        ((2**127 - 1) * (2**89 - 1), False),
        (3_215_031_751, False),  # passes for the bases 2, 3, 5 and 7
        (561, False),
    ],
)
def test_miller_and_rabin(number: int, *, prime: bool) -> None:
    assert is_probable_prime(number) == prime


def test_rsa_keys_stand_the_librarys_check() -> None:
    """2,048 bits; loading a PKCS #8 key makes OpenSSL check every part of it."""
    key = Keys(Streams(7), "rsa")("root")
    assert isinstance(key, rsa.RSAPrivateKey)
    numbers = key.private_numbers()
    assert (key.key_size, numbers.public_numbers.e, gcd(numbers.p, numbers.q)) == (2_048, 65_537, 1)
    assert serialization.load_der_private_key(private_bytes(key), None)


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_same_seed_same_keys(kind: str) -> None:
    """And another role or seed has another."""
    here, there, elsewhere = (Keys(Streams(seed), kind) for seed in (1, 1, 2))
    assert private_bytes(here("a")) == private_bytes(there("a"))
    assert len({private_bytes(here("a")), private_bytes(here("b")), private_bytes(elsewhere("a"))}) == 3
    assert sign(here("a"), b"x", here.hash_name) == sign(there("a"), b"x", here.hash_name)


def test_serial_numbers_have_sixteen_bytes() -> None:
    """Positive, and none that DER would shorten (RFC 5280, 4.1.2.2 allows 20)."""
    keys = Keys(Streams(1), "ec")
    serials = [keys.serial("person", str(number)) for number in range(200)]
    assert all(serial.bit_length() == 127 for serial in serials)
    assert len(set(serials)) == 200


def test_what_is_signed_by_elliptic_curve_verifies() -> None:
    keys = Keys(Streams(1), "ec")
    key = keys("a")
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert key.curve.name == "secp384r1"
    key.public_key().verify(sign(key, b"x", "sha384"), b"x", ec.ECDSA(hashes.SHA384()))
    assert digest(b"", "sha256").hex()[:8] == "e3b0c442"


def test_no_other_kinds() -> None:
    with pytest.raises(ValueError, match="ec or rsa"):
        Keys(Streams(1), "dsa")
