"""CAdES-T signatures beside pyHanko's: the same keys, certificates, document and time-stamp authority.

pyHanko signs as its documentation has it, `SimpleSigner.async_sign_general_data` with a time-stamper, and validates
with a validation context for each signature. Its stamps come from the product's own authority, without a network.
"""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from asn1crypto import cms, keys, tsp, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.mockgov.signature.desk import MONDAY, Desk

KINDS = ("ec", "rsa")
DOCUMENT = bytes(range(256)) * 80
SECONDS = 0.4
"""For each measurement."""
COLD_ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Signatures and verifications a second in one round."""

    ours_signs: float
    ours_verifies: float
    theirs_signs: float
    theirs_verifies: float


class Pens:
    """Both signers with keys of one kind, warm."""

    def __init__(self, kind: str) -> None:
        desk = Desk(keys=kind)
        self._signature, self._serial = desk.signature, desk.issue().serial
        person = desk.signature._signer(self._serial)
        self._hash_name = person.hash_name
        self._root = _certificate(desk.signature._authority.root.public_bytes(Encoding.DER))
        private = person.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        self._signer = SimpleSigner(
            signing_cert=_certificate(person.der),
            signing_key=keys.PrivateKeyInfo.load(private),
            cert_registry=SimpleCertificateStore.from_certs(
                [_certificate(one.public_bytes(Encoding.DER)) for one in person.chain]
            ),
        )
        self._stamper = _Stamper(desk.signature.tsa)
        self._loop = asyncio.new_event_loop()
        self._made = desk.signature.sign_cades(self._serial, DOCUMENT)

    def measure(self) -> Speed:
        """One round."""
        return Speed(
            ours_signs=_per_s(self._sign),
            theirs_signs=_per_s(self._let_them_sign),
            ours_verifies=_per_s(self._verify),
            theirs_verifies=_per_s(self._let_them_verify),
        )

    def close(self) -> None:
        self._loop.close()

    def _sign(self) -> None:
        self._made = self._signature.sign_cades(self._serial, DOCUMENT)

    def _verify(self) -> None:
        assert self._signature.verify_cades(self._made, DOCUMENT).counts

    def _let_them_sign(self) -> None:
        signing = self._signer.async_sign_general_data(
            DOCUMENT, self._hash_name, use_cades=True, timestamper=self._stamper
        )
        assert self._loop.run_until_complete(signing).dump()

    def _let_them_verify(self) -> None:
        context = ValidationContext(trust_roots=[self._root], moment=MONDAY + timedelta(hours=1), allow_fetching=False)
        signed = cms.ContentInfo.load(self._made)["content"]
        status = self._loop.run_until_complete(async_validate_detached_cms(DOCUMENT, signed, context))
        assert status.bottom_line


class _Stamper(TimeStamper):
    """The world's time-stamp authority as pyHanko wants it."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self._answer = answer

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(self._answer(req.dump()))


def lay_out(kind: str, folder: Path) -> Path:
    """A key and its certificates as files, for somebody else's first signature."""
    desk = Desk(keys=kind)
    person = desk.signature._signer(desk.issue().serial)
    made = folder / kind
    made.mkdir()
    private = person.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (made / "key.pem").write_bytes(private)
    (made / "certificate.pem").write_bytes(person.certificate.public_bytes(Encoding.PEM))
    (made / "chain.pem").write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in person.chain))
    return made


def first_s(who: str, kind: str, folder: Path) -> float:
    """Seconds from the start of a process to its first signature."""
    command = [sys.executable, "-m", "tests.bench_joining.first_signature", who, kind, str(folder)]
    taken: list[float] = []
    for _ in range(COLD_ROUNDS):
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline() == b"signed\n"
        taken.append(time.perf_counter() - begun)
        process.communicate()
    return statistics.median(taken)


def _per_s(act: Callable[[], None]) -> float:
    act()
    count, begun = 0, time.perf_counter()
    while (passed := time.perf_counter() - begun) < SECONDS:
        act()
        count += 1
    return count / passed


def _certificate(der: bytes) -> x509.Certificate:
    return x509.Certificate.load(der)


def speeds(rounds: int) -> dict[str, Sequence[Speed]]:
    """Alternating rounds of both kinds."""
    pens = {kind: Pens(kind) for kind in KINDS}
    measured: dict[str, list[Speed]] = {kind: [] for kind in KINDS}
    for _ in range(rounds):
        for kind in KINDS:
            measured[kind].append(pens[kind].measure())
    for one in pens.values():
        one.close()
    return dict(measured)
