"""Signatures of Standard Webhooks 1.0.0: `v1` is HMAC-SHA256, `v1a` ed25519, both over `id.timestamp.body`."""

import hmac
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

SECRET_BYTES = 32
"""The specification wants 24 to 64."""


class Keys(NamedTuple):
    """The keys of a subscription."""

    secret: bytes
    """Shared with the receiver."""
    seed: bytes
    """The private ed25519 key, 32 bytes."""

    @property
    def shared(self) -> str:
        """`whsec_…`, as receivers are given it."""
        return f"whsec_{b64encode(self.secret).decode()}"

    @property
    def public(self) -> str:
        """`whpk_…`, the ed25519 key with which receivers verify."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  heavy

        raw = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return f"whpk_{b64encode(raw).decode()}"


def signatures(keys: Sequence[Keys], message_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`: one of each scheme with each of the keys."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  heavy

    content = f"{message_id}.{timestamp}.".encode() + body
    shared = [f"v1,{b64encode(hmac.digest(one.secret, content, sha256)).decode()}" for one in keys]
    own = [f"v1a,{b64encode(Ed25519PrivateKey.from_private_bytes(one.seed).sign(content)).decode()}" for one in keys]
    return " ".join(shared + own)
