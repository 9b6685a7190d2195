"""A certificate authority with a clock to move, and OpenSSL beside it as somebody who knows nothing of us."""

import subprocess
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from mockgov.clock import ManualClock
from mockgov.signature.messages import IssueCertificate
from mockgov.signature.rules import Certificate, CertificateFlaw
from mockgov.signature.service import Signature
from mockgov.signature.store import InMemoryCertificates
from mockgov.streams import Streams

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NUMBER, OTHER = "10000000146", "99000000012"
ENTITY = "Content-Type: text/plain; charset=utf-8\r\n\r\nMerhaba, İşte belge.\r\n".encode()


class Desk:
    """A signature desk with a clock to move and the events that it told."""

    def __init__(self, *, keys: str = "ec", seed: int = 1, base: str = "http://127.0.0.1:8080") -> None:
        self.clock = ManualClock(MONDAY)
        self.told: list[object] = []
        self.signature = Signature(
            store=InMemoryCertificates(),
            now=self.clock.now,
            tell=self.told.append,
            transaction=nullcontext,
            streams=Streams(seed),
            founded=MONDAY,
            keys=keys,
            base=base,
        )

    def issue(self, flaw: CertificateFlaw | None = None, number: str = NUMBER) -> Certificate:
        order = IssueCertificate(
            identity_number=number, firstname="Ayşe Nur", lastname="Işık", flaw=flaw, other_number=OTHER
        )
        return self.signature.issue(order)

    def advance(self, by: timedelta) -> datetime:
        self.clock.move_to(self.clock.now() + by)
        return self.clock.now()


def small_pdf(text: str = "Erisim Talep Formu") -> bytes:
    """One page, the same bytes every time."""
    out = BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.drawString(100, 700, text)
    canvas.save()
    return out.getvalue()


def openssl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """OpenSSL in a folder."""
    return subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def lay_out(folder: Path, desk: Desk, files: dict[str, bytes]) -> Path:
    """The authorities' certificates as `root.pem`, `qualified.pem`, `kep.pem`, `tsa.pem`, and other files."""
    names = ("root.pem", "qualified.pem", "kep.pem", "tsa.pem")
    for name, certificate in zip(names, pem_blocks(desk.signature.chain()), strict=True):
        (folder / name).write_bytes(certificate)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def pem_blocks(chain: bytes) -> Sequence[bytes]:
    end = b"-----END CERTIFICATE-----\n"
    return [block + end for block in chain.split(end)[:-1]]


def unix(moment: datetime) -> str:
    return str(int(moment.timestamp()))
