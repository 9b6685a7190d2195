"""A served ministry with KEP accounts, and what is needed to write and to sign."""

from datetime import date, timedelta
from typing import Any

import httpx2

from mockgov.kep.messages import OpenedKepAccount, OpenKepAccount
from mockgov.kep.reading import Attachment
from mockgov.kep.writing import plain_letter, signed_letter
from mockgov.registry.messages import RegisterCitizen
from mockgov.registry.rules import Citizen
from mockgov.settings import Settings
from mockgov.signature.messages import IssueCertificate
from mockgov.vocabulary.person import Sex
from mockgov.worlds import Worlds
from tests.serving import Serving

MIB = 1 << 20


class House(Serving):
    """A server whose accounts nobody else has: each test opens its own. One citizen signs for all."""

    def __init__(self) -> None:
        settings = Settings(argon2_memory_kib=8, argon2_passes=1, body_limit_bytes=4 * MIB, kep_quota_kib=10_240)
        worlds = Worlds(settings=settings)
        self.ministry = worlds.make("default")
        worlds.make("other")
        super().__init__(worlds)
        self.http = httpx2.Client(base_url=self.url, timeout=60)
        self._accounts = 0
        self._letters = 0
        self.signer = self.citizen()
        self._serial = self._certificate(self.signer)

    def __exit__(self, *_: object) -> None:
        self.http.close()
        super().__exit__()

    def account(self, name: str = "Çınar Lojistik A.Ş. (sandbox)", **order: Any) -> OpenedKepAccount:
        """A new account, of the first provider if nothing is said."""
        self._accounts += 1
        account = f"hesap{self._accounts}"
        return self.ministry.kep.open_account(OpenKepAccount(institution_id=None, name=name, account=account, **order))

    def citizen(self) -> Citizen:
        """A new person with a phone."""
        order = RegisterCitizen(
            firstname="Ayşe", lastname="Yılmaz", sex=Sex.FEMALE, birth_date=date(1980, 2, 29), province=26
        )
        return self.ministry.registry.register([order])[0]

    def letter(
        self,
        sender: OpenedKepAccount,
        *recipients: OpenedKepAccount,
        subject: str = "Başvuru",
        attachments: tuple[Attachment, ...] = (),
        signed: bool = True,
    ) -> bytes:
        """A letter, unlike every other."""
        self._letters += 1
        plain = plain_letter(
            sender.address,
            [recipient.address for recipient in recipients],
            subject,
            "Gereğini arz ederim.",
            attachments,
            self.ministry.world.now(),
            f"mektup-{self._letters}@deneme.invalid",
        )
        return signed_letter(plain, self._sign_entity) if signed else plain

    def sign(self, document: bytes, *, detached: bool) -> bytes:
        """The signer's CAdES signature, beside the document or around it."""
        return self.ministry.signature.sign_cades(self._serial, document, detached=detached)

    def advance(self, **time: float) -> None:
        """Let time pass at the ministry."""
        self.ministry.advance(self.ministry.world.now() + timedelta(**time))

    def _sign_entity(self, entity: bytes) -> bytes:
        return self.ministry.signature.sign_smime(self._serial, entity)

    def _certificate(self, citizen: Citizen) -> str:
        order = IssueCertificate(
            identity_number=citizen.identity.digits, firstname=citizen.firstname, lastname=citizen.lastname
        )
        return self.ministry.signature.issue(order).serial
