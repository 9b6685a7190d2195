"""Plain twins of the signature service, and two providers with accounts, at a manual clock."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from mockgov.clock import ManualClock
from mockgov.kep.messages import DepositLetter, OpenKepAccount, Submission
from mockgov.kep.reading import Attachment
from mockgov.kep.service import Kep
from mockgov.kep.store import InMemoryKep, KepStore
from mockgov.kep.writing import plain_letter, signed_letter
from mockgov.streams import Streams
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.signed import Flaw, Verdict

MONDAY = datetime(2021, 10, 4, 6, tzinfo=UTC)
"""Nine in the morning in Turkey."""
MINISTRY = KepAddress(account="sb", provider="hs01")
COMPANY = KepAddress(account="cinar", provider="hs01")
OTHER = KepAddress(account="nar", provider="hs02")


def twin_sign(entity: bytes, flaw: str = "") -> bytes:
    """Multipart/signed whose signature is a hash and, if wanted, the name of a flaw."""
    token = f"{sha256(entity).hexdigest()}:{flaw}".encode()
    return b"".join(
        [
            b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary="=_twin"\r\n\r\n',
            b"--=_twin\r\n" + entity + b"\r\n--=_twin\r\n",
            b"Content-Type: application/pkcs7-signature\r\n\r\n" + token + b"\r\n--=_twin--\r\n",
        ]
    )


def twin_verify_smime(message: bytes) -> Verdict:
    """What `twin_sign` has signed."""
    _, opened, rest = message.partition(b"--=_twin\r\n")
    entity, closed, signature = rest.partition(b"\r\n--=_twin\r\n")
    if not opened or not closed:
        return Verdict.missing()
    token, _, flaw = signature.partition(b"\r\n\r\n")[2].partition(b"\r\n")[0].decode("ascii", "replace").partition(":")
    if token != sha256(entity).hexdigest():
        return Verdict(flaw=Flaw.TAMPERED, detail="The content was changed.")
    if flaw:
        return Verdict(
            flaw=Flaw(flaw) if flaw in set(Flaw) else Flaw.UNREADABLE,
            detail=f"Twin: {flaw}.",
            name="AYŞE KAYA",
            serial="0b",
        )
    return Verdict(flaw=None, identity_number="10000000146", name="AYŞE KAYA", serial="0a", signed_at=MONDAY)


def twin_sign_cades(document: bytes) -> bytes:
    """A detached signature that is a hash."""
    return b"CADES " + sha256(document).digest()


def twin_verify_cades(signature: bytes, document: bytes | None) -> Verdict:
    """What `twin_sign_cades` has signed."""
    if document is None or signature != twin_sign_cades(document):
        return Verdict(flaw=Flaw.TAMPERED, detail="Signature and document do not belong together.")
    return Verdict(flaw=None, identity_number="10000000146", name="AYŞE KAYA", serial="0a", signed_at=MONDAY)


def twin_sign_evidence(provider: str, xml: bytes, at: datetime) -> bytes:
    """The XML with a comment that names the signer and the moment."""
    return xml + f"<!-- signed by {provider} at {at.isoformat()} -->".encode()


def letter(
    sender: KepAddress,
    *recipients: KepAddress,
    subject: str = "Erişim talebi",
    text: str = "Yazımız ektedir.",
    attachments: tuple[Attachment, ...] = (),
    flaw: str = "",
    message_id: str = "1@cinar.example",
) -> bytes:
    """A letter, signed by the twin."""
    message = plain_letter(sender, recipients, subject, text, attachments, MONDAY, message_id)
    return signed_letter(message, lambda entity: twin_sign(entity, flaw))


@dataclass
class Post:
    """Registered e-mail over its twin, with the ministry at hs01, a company there and one at hs02."""

    quota_kib: int = 1024
    transit: timedelta = timedelta(minutes=2)
    verify_seal: Callable[[bytes, bytes | None], Verdict] | None = None
    store: KepStore = field(default_factory=InMemoryKep)
    clock: ManualClock = field(default_factory=lambda: ManualClock(MONDAY))
    told: list[object] = field(default_factory=list)
    tell: Callable[[object], None] | None = None
    transaction: Callable[[], object] = nullcontext

    def __post_init__(self) -> None:
        self.kep = Kep(
            store=self.store,
            now=self.clock.now,
            tell=self._told,
            transaction=self.transaction,
            streams=Streams(7),
            quota_kib=self.quota_kib,
            verify_smime=twin_verify_smime,
            verify_cades=twin_verify_cades,
            sign_evidence=twin_sign_evidence,
            transit=self.transit,
            verify_seal=self.verify_seal,
        )

    def _told(self, event: object) -> None:
        self.told.append(event)
        if self.tell is not None:
            self.tell(event)

    def open(self, address: KepAddress, **more: object) -> str:
        order = OpenKepAccount(
            institution_id=1,
            name=f"{address.account} kurumu",
            account=address.account,
            provider=address.provider,
            **more,
        )
        return self.kep.open_account(order).password

    def open_three(self) -> "Post":
        for address in (MINISTRY, COMPANY, OTHER):
            self.open(address)
        return self

    def send(self, sender: KepAddress, *recipients: KepAddress, **more: object) -> Submission:
        return self.kep.deposit(DepositLetter(sender=sender, message=letter(sender, *recipients, **more)))

    def wait(self, **length: float) -> None:
        """Walk the clock as the ministry does, from due moment to due moment."""
        end = self.clock.now() + timedelta(**length)
        while (due := self.kep.next_due()) is not None and due <= end:
            self.clock.move_to(max(due, self.clock.now()))
            self.kep.run_due()
        self.clock.move_to(end)
        self.kep.run_due()

    def states(self, letter_id: int) -> list[str]:
        return [one.state.value for one in self.kep.letter(letter_id).deliveries]

    def chain(self, letter_id: int) -> list[tuple[int, str]]:
        """The letter's evidence as (number, minutes since Monday at nine)."""
        return [(row.number, str((row.at - MONDAY) / timedelta(minutes=1))) for row in self.kep.evidence_of(letter_id)]
