"""The world in which the OpenAPI's examples happen: a small town, institutions on the road, all magic people.

Every operation is tried in a fresh fork of it, so no example depends on another one; it is the same world every time.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from typing import Any

from starlette.testclient import TestClient

from mockgov.app import LETTER_LIMIT, LETTER_PATHS, create_app
from mockgov.callbacks.messages import Subscribe
from mockgov.callbacks.rules import Kind
from mockgov.counters.application.access import follow_up_key
from mockgov.family.messages import AcceptInvitation, InviteMember
from mockgov.kep.messages import DepositLetter, OpenKepAccount
from mockgov.kep.writing import plain_letter, signed_letter
from mockgov.kvkk.messages import Lodge
from mockgov.kvkk.rules import Right
from mockgov.magic.casting import cast, request_text
from mockgov.magic.stage import Props, played
from mockgov.mail.messages import SendMail
from mockgov.mail.rules import Attachment
from mockgov.registry.rules import Citizen
from mockgov.settings import Settings
from mockgov.signature.messages import IssueCertificate
from mockgov.sms.messages import OpenSmsAccount, SubmitText
from mockgov.sms.rules import Receipts
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.world import fork_world
from mockgov.worlds import Worlds
from tests.mockgov.counters.town import basic
from tests.mockgov.road import Firm, firm

QUICK = Settings(argon2_memory_kib=8, argon2_passes=1)
KEP = "magic-both-accounts@hs02.kep.tr"
SHUT_KEP = "acmayan@hs02.kep.tr"
OTHER_KEP = "magic-institution-of-500@hs02.kep.tr"


WORLDS = ("default", "narrow", "empty", "spare")


def digits(text: str) -> str:
    """The digits in a text."""
    return "".join(one for one in text if one.isdigit())


class Stage:
    """The prepared world, its fork that answers, and the keys to every door."""

    def __init__(self) -> None:
        self.worlds = Worlds(settings=QUICK)
        self._workshop = Worlds(settings=QUICK)
        self.ministry = self._workshop.make("default", people=12)
        self.drawn, self.tested, self.live = (firm(self.ministry, nth) for nth in (1, 2, 3))
        self.live.to_live()
        self.tested.to_test()
        self.drawn.draw()
        self.newcomer = firm(self.ministry, 5)
        waits = firm(self.ministry, 4).to_letter()
        self.waiting = {"number": waits.application.number}
        cast(self.ministry)
        self.parts = {name: part.props for name, part in played(self.ministry).items()}
        self._texts()
        self._papers()
        self._callbacks()
        self.worlds.make(
            "narrow",
            changes={"sms_per_second": 1, "app_registration": "true"},
            magic=["always-riskless", "always-risky"],
        )
        self.client = TestClient(create_app(self.worlds)).__enter__()
        self._family()
        self.fresh()
        with self.on_prepared():
            self.token = self.sign_in("always-riskless")
            self.kep_token = self._kep_session(KEP)
            self.shut_token = self._kep_session(SHUT_KEP)
            self.client.post("/api/send-code-to-login", json={"phone": self.phone("always-riskless")})
            self.login_code = digits(self.ministry.sms.inbox(limit=1)[0].text)
        self.unregistered = self.sign_in("always-riskless", "/w/narrow")
        self.registering = self.sign_in("always-risky", "/w/narrow")
        sms = self.worlds.get("narrow").sms
        account = sms.open_account(OpenSmsAccount(label="KURUM", senders=("KURUM",)))
        self.narrow_account = {"authorization": basic(account.system_id, sms.password(account.system_id))}
        self.fresh()

    def close(self) -> None:
        self.client.__exit__(None, None, None)
        self.worlds.close()
        self._workshop.close()

    def fresh(self) -> None:
        """Begin again."""
        if "empty" in self.worlds and self.worlds.get("empty").registry.count():
            self.worlds.drop("empty")
        for name in set(self.worlds) - set(WORLDS):
            self.worlds.drop(name)
        for name in {"empty", "spare"} - set(self.worlds):
            self.worlds.make(name)
        kept = {one.snapshot for one in self.worlds.snapshots("spare")}
        for snapshot in kept - {"kept"}:
            self.worlds.forget_snapshot("spare", snapshot)
        if not kept & {"kept"}:
            self.worlds.snapshot("spare", "kept")
        old = self.worlds._ministries.pop("default", None)
        if old is not None:
            old.close()
        fork = fork_world(self.ministry.world, name="default")
        self.worlds._ministries["default"] = self.worlds._ministry(fork)

    def stop_writing(self) -> None:
        """Let nothing be written any more, as with a full disk."""
        raw = self.worlds.get("default").world.database.raw
        assert raw is not None
        raw.execute("PRAGMA query_only = ON")

    @contextmanager
    def on_prepared(self) -> Iterator[None]:
        """Speak to the prepared world itself for a while."""
        fork = self.worlds._ministries["default"]
        self.worlds._ministries["default"] = self.ministry
        yield
        self.worlds._ministries["default"] = fork

    def props(self, name: str) -> Props:
        return self.parts[name]

    def person(self, name: str) -> Citizen:
        return self.ministry.registry.citizen(self.props(name).people[0])

    def code(self, name: str) -> str:
        return self.props(name).codes[0]

    def phone(self, name: str) -> str:
        phone = self.person(name).phone
        assert phone is not None
        return phone.e164

    def account(self, ending: str) -> str:
        """The header of an account of `both-accounts`."""
        props = self.props("both-accounts")
        pairs = zip(props.accounts, props.passwords, strict=True)
        return next(basic(name, word) for name, word in pairs if name.endswith(ending))

    def sign_in(self, name: str, world: str = "") -> str:
        """The token of somebody at the application."""
        ministry = self.worlds.get("narrow") if world else self.worlds.get("default")
        phone = self.phone(name)
        assert self.client.post(f"{world}/api/send-code-to-login", json={"phone": phone}).status_code == 201
        text = ministry.sms.inbox(limit=1)[0].text
        body = {"phone": phone, "password": digits(text), "rememberMe": True}
        return str(self.client.post(f"{world}/api/authenticate-with-code", json=body).json()["id_token"])

    def _kep_session(self, address: str) -> str:
        password = self.ministry.kep.password(KepAddress.parse(address))
        return str(
            self.client.post("/kep/api/sessions", json={"address": address, "password": password}).json()["token"]
        )

    @property
    def shut(self) -> tuple[dict[str, str], dict[str, int]]:
        """The session of an account that never opens its mail, and a letter in its box."""
        return {"authorization": f"Bearer {self.shut_token}"}, {"letter_id": self._unopened}

    def key(self, one: Firm) -> str:
        return follow_up_key(self.ministry, one.application)

    def letter(self, sender: str, recipient: str, nth: int) -> bytes:
        """A signed letter."""
        ways = KepAddress.parse(sender), [KepAddress.parse(recipient)]
        at = self.ministry.world.now()
        plain = plain_letter(ways[0], ways[1], "Başvuru", "Gereğini arz ederim.", (), at, f"mektup-{nth}@magic.invalid")
        return signed_letter(plain, lambda entity: self.ministry.signature.sign_smime(self.serial, entity))

    def ask_first(self, before: Sequence[tuple[str, str, Any]]) -> None:
        """Requests by method, address and body that go before another one."""
        for method, where, body in before:
            self.client.request(method, where, json=body, headers=self.usual_headers(where))

    def token_of(self, planned: tuple[str, str, Any], asked: tuple[str, str, Any]) -> str:
        """The token with which a plan strikes a question."""
        for method, where, body in (planned, asked):
            answer = self.client.request(method, where, json=body, headers=self.usual_headers(where))
        self.fresh()
        return str(answer.headers["x-hes-fault"])

    def _callbacks(self) -> None:
        """Two, each with a delivery that has arrived; the second one is off since."""
        callbacks = self.ministry.callbacks
        callbacks.mount("http://127.0.0.1:9", lambda _: 204)
        for _ in range(2):
            order = Subscribe(url="http://127.0.0.1:9/", kinds=frozenset({Kind.ONBOARDING_STEP}), institution_id=1)
            callbacks.ping(callbacks.subscribe(order).number)
        self.ministry.advance(self.ministry.world.now())
        callbacks.disable(2)

    @cached_property
    def serial(self) -> str:
        manager = self.person("both-accounts")
        order = IssueCertificate(
            identity_number=manager.identity.digits, firstname=manager.firstname, lastname=manager.lastname
        )
        return self.ministry.signature.certificate_for(order).serial

    def _texts(self) -> None:
        account = self.ministry.sms.open_account(OpenSmsAccount(label="KURUM", senders=("KURUM",)))
        self.sms_name, self.sms_password = account.system_id, self.ministry.sms.password(account.system_id)
        numbers: list[int] = []
        for name in ("always-riskless", "phone-off"):
            phone = self.person(name).phone
            assert phone is not None
            order = SubmitText(sender="KURUM", phone=phone, text="Randevunuz yarın.", receipts=Receipts.FINAL)
            numbers.append(self.ministry.sms.submit(account.system_id, order).number)
        self.message_ids = [f"{number:010d}" for number in numbers]
        self.ministry.advance(self.ministry.world.now() + timedelta(minutes=1))

    @cached_property
    def clarification_version(self) -> float:
        """The version that one accepts on registering."""
        return float(self.client.get("/api/clarification-text").json()["version"])

    @property
    def kep_address(self) -> KepAddress:
        return KepAddress.parse(KEP)

    def request_text(self, name: str) -> str:
        """What somebody texts to 2023."""
        return request_text(self.person(name))

    def _papers(self) -> None:
        """Letters, a mail with an attachment, an application to the data controller."""
        self.letters: list[int] = []
        """One sent, one that waits in the inbox, one whose receipt is confirmed."""
        shut = self.ministry.kep.open_account(
            OpenKepAccount(
                institution_id=None, name="Açmayan A.Ş.", account="acmayan", provider="hs02", fate="never-downloads"
            )
        )
        ways = ((KEP, OTHER_KEP), *[(OTHER_KEP, KEP)] * 3, (KEP, shut.address.address))
        for nth, (sender, recipient) in enumerate(ways):
            order = DepositLetter(sender=KepAddress.parse(sender), message=self.letter(sender, recipient, nth))
            self.letters.append(self.ministry.kep.deposit(order).letter.letter_id)
        *self.letters, downloaded, unopened = self.letters
        self.downloaded, self._unopened = {"letter_id": downloaded}, unopened
        for letter in (self.letters[2], downloaded):
            self.ministry.kep.download(KepAddress.parse(KEP), letter)
        self.ministry.kep.accept(KepAddress.parse(KEP), self.letters[2])
        files = (Attachment(name="kilavuz.pdf", content_type="application/pdf", data=b"%PDF-1.4\n%%EOF\n"),)
        to = EmailAddress.parse("yetkili@kurum.example")
        self.mail = self.ministry.mail.send(
            SendMail(to=to, subject="Kılavuz", text="Ektedir.", attachments=files)
        ).number
        person = self.props("always-riskless").people[0]
        self.ministry.kvkk.lodge(Lodge(right=Right.INFORMATION, text="Verilerim", citizen_id=person, lodged_by=person))

    def _family(self) -> None:
        """One invitation by the one who is signed in, one to them, and one that has ended."""
        me, other, third = (
            self.props(name).people[0] for name in ("always-riskless", "always-risky", "turkish-letters")
        )
        invite: Any = self.ministry.families.invite
        order = {"relation": "Kardeş", "health_allowed": True, "location_allowed": False}
        self.sent = invite(InviteMember(owner_id=me, member_id=other, **order)).number
        self.received = invite(InviteMember(owner_id=third, member_id=me, **order)).number
        leaver = self.props("negative-pcr").people[0]
        self.ended = invite(InviteMember(owner_id=leaver, member_id=me, **order)).number
        accept = AcceptInvitation(number=self.ended, citizen_id=me, health_allowed=True, location_allowed=False)
        self.ministry.families.accept(accept)
        self.ministry.families.end(self.ended, me)

    def usual_headers(self, path: str) -> dict[str, str]:
        """Whatever opens a door."""
        for begin, header in (
            ("/services/g2g/test/", lambda: self.account("-TEST")),
            ("/services/g2g/", lambda: self.account("-G2G-HES")),
            ("/sms/", lambda: basic(self.sms_name, self.sms_password)),
            ("/kep/api/sessions", str),
            ("/kep/", lambda: f"Bearer {self.kep_token}"),
            ("/api/send-code", str),
            ("/api/authenticate", str),
            ("/api/clarification", str),
            ("/services/kvkkservice/api/clarification", str),
            ("/services/kvkkservice/api/inventory", str),
            ("/api/", lambda: f"Bearer {self.token}"),
            ("/services/", lambda: f"Bearer {self.token}"),
        ):
            if path.startswith(begin):
                value = header()
                return {"authorization": value} if value else {}
        return {}

    def limit_of(self, path: str) -> int:
        """Bytes that a body may have there."""
        return LETTER_LIMIT if path.startswith(LETTER_PATHS) else QUICK.body_limit_bytes
