"""A fresh process's first CAdES signature: `python -m tests.bench_joining.first_signature ours|theirs ec|rsa FOLDER`.

`ours` begins with a seed: the world's authorities, their keys and the person's certificate are made on the way, and
the signature has a time-stamp. `theirs` is pyHanko with key and certificates from files, and no time-stamp: it has no
authority to ask.
"""

import asyncio
import sys
from pathlib import Path

DOCUMENT = bytes(range(256)) * 80


def ours(kind: str) -> bytes:
    """With a world of its own."""
    from mockgov.ministry import Ministry  # noqa: PLC0415  what is imported is measured
    from mockgov.settings import Settings  # noqa: PLC0415
    from mockgov.signature.messages import IssueCertificate  # noqa: PLC0415
    from mockgov.world import make_world  # noqa: PLC0415

    signature = Ministry(make_world(settings=Settings(signature_keys=kind))).signature
    order = IssueCertificate(identity_number="10000000146", firstname="Ayşe", lastname="Işık")
    return signature.sign_cades(signature.issue(order).serial, DOCUMENT)


def theirs(kind: str, folder: Path) -> bytes:
    """With what lies in the folder."""
    from pyhanko.sign.signers.pdf_cms import SimpleSigner  # noqa: PLC0415

    names = (str(folder / name) for name in ("key.pem", "certificate.pem"))
    signer = SimpleSigner.load(*names, ca_chain_files=(str(folder / "chain.pem"),))
    hash_name = "sha384" if kind == "ec" else "sha256"
    return bytes(asyncio.run(signer.async_sign_general_data(DOCUMENT, hash_name, use_cades=True)).dump())


if __name__ == "__main__":
    who, kind, folder = sys.argv[1:]
    assert ours(kind) if who == "ours" else theirs(kind, Path(folder))
    sys.stdout.write("signed\n")
    sys.stdout.flush()
