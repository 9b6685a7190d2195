"""Signatures against the reference library and against OpenSSL's ed25519."""

from base64 import b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import WebhookVerificationError

from mockgov.callbacks.signing import Keys, signatures
from tests.endpoint import verified

KEYS = Keys(secret=bytes(range(32)), seed=bytes(32))
OLD = Keys(secret=b"x" * 32, seed=b"x" * 32)
BODY = '{"type":"ping","data":{"ş":1}}'.encode()


def headers(*keys: Keys, at: int = 1_633_323_600) -> dict[str, str]:
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(at),
        "webhook-signature": signatures(keys, "msg_1", at, BODY),
    }


def test_the_specifications_example() -> None:
    """The secret, message and signature that every library of the specification is tested with."""
    secret = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    made = signatures([Keys(secret, bytes(32))], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body)
    assert made.split()[0] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_keys_are_written_with_their_prefixes() -> None:
    assert KEYS.shared == "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    assert KEYS.public == "whpk_O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik="


def test_the_reference_library_verifies() -> None:
    """With either key, while both sign; not with a third, and no other body."""
    for one in (KEYS, OLD):
        assert verified(one.shared, headers(KEYS, OLD), BODY)["type"] == "ping"
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        verified(OLD.shared, headers(KEYS), BODY)
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        verified(KEYS.shared, headers(KEYS), BODY + b" ")


@given(st.binary(max_size=200), st.integers(0, 2**33))
def test_ed25519_verifies_with_the_public_key(body: bytes, at: int) -> None:
    """Over the same content."""
    made = signatures([KEYS], "msg_1", at, body).split()[1]
    public = Ed25519PublicKey.from_public_bytes(b64decode(KEYS.public.removeprefix("whpk_")))
    public.verify(b64decode(made.removeprefix("v1a,")), f"msg_1.{at}.".encode() + body)
