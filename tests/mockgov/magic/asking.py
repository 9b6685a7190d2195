"""A magic world, and how each channel is asked about a scenario as an integrator or the person would."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from starlette.testclient import TestClient

from mockgov.app import create_app
from mockgov.credentials.rules import LIVE_BASE, TEST_BASE
from mockgov.kep.writing import plain_letter, signed_letter
from mockgov.magic.casting import request_text
from mockgov.magic.scenario import Channel, When
from mockgov.magic.stage import Played, played
from mockgov.registry.rules import Citizen
from mockgov.settings import Settings
from mockgov.signature.messages import IssueCertificate
from mockgov.signature.rules import SignatureFormat
from mockgov.sms.messages import OpenSmsAccount
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.worlds import Worlds
from tests.edevlet import Visitor
from tests.mockgov.counters.town import basic

QUICK = Settings(argon2_memory_kib=8, argon2_passes=1)
PLACE = {"city": "Eskişehir", "district": "Odunpazarı", "explicit_address": "Meydan 1"}
Got = tuple[int, Mapping[str, Any]]


class MagicWorld:
    """A world in which every scenario is played, behind a test client."""

    def __init__(self, **made: Any) -> None:
        self.worlds = Worlds(settings=QUICK)
        self.ministry = self.worlds.make("default", magic=True, **made)
        self.client = TestClient(create_app(self.worlds)).__enter__()
        self.parts = played(self.ministry)
        asker = self.parts["both-accounts"].props
        self.basic = {
            base: basic(name, word)
            for base, name, word in zip((TEST_BASE, LIVE_BASE), asker.accounts, asker.passwords, strict=True)
        }
        self._letters = 0

    def close(self) -> None:
        self.client.__exit__(None, None, None)
        self.worlds.close()

    def go_to(self, when: When, name: str) -> None:
        """Move the clock to a moment of a scenario's."""
        self.ministry.advance(max(when.of(self.parts[name].cast_at), self.ministry.world.now()))

    def ask(self, channel: Channel, name: str) -> Got:
        """What the channel answers now: the status, and what a scenario may say of it."""
        asked: dict[Channel, Callable[[Played], Got]] = {
            Channel.CODE: self._code,
            Channel.CODE_PLUS: self._plus,
            Channel.BULK: self._bulk,
            Channel.APP: self._app,
            Channel.SHORT_NUMBER: self._text,
            Channel.HANDSET: self._handset,
            Channel.EDEVLET: self._edevlet,
            Channel.LIVE: lambda part: self._account(part, LIVE_BASE, "-G2G-HES"),
            Channel.TEST: lambda part: self._account(part, TEST_BASE, "-TEST"),
            Channel.FORM: self._form,
            Channel.SIGNATURE: self._signature,
            Channel.KEP: lambda part: self._letter(str(part.props.kep), "magic-both-accounts@hs02.kep.tr"),
            Channel.KEP_INBOX: lambda part: self._letter("magic-both-accounts@hs02.kep.tr", str(part.props.kep)),
        }
        return asked[channel](self.parts[name])

    def person(self, part: Played) -> Citizen:
        return self.ministry.registry.citizen(part.props.people[0])

    def _post(self, path: str, body: Any, base: str = LIVE_BASE) -> Any:
        return self.client.post(base + path, json=body, headers={"authorization": self.basic[base]})

    def _code(self, part: Played) -> Got:
        """C1, C2 and C3 in both environments: one answer."""
        body = {"hes_code": part.props.codes[0]}
        answers = [
            self._post(path, body | more, base)
            for base in (LIVE_BASE, TEST_BASE)
            for path, more in (
                ("check-visitor-hes-code", PLACE),
                ("check-employee-hes-code", {}),
                ("check-hes-code", {}),
            )
        ]
        assert len({answer.text for answer in answers}) == 1
        return answers[0].status_code, answers[0].json()

    def _plus(self, part: Played) -> Got:
        answer = self._post("check-hes-code-plus", {"hes_code": part.props.codes[0]})
        return answer.status_code, answer.json()

    def _bulk(self, part: Played) -> Got:
        answer = self._post("check-hes-codes", [{"hes_code": part.props.codes[0]}])
        got = answer.json()
        (inside,) = [*got["success_map"].values(), *({"errorKey": key} for key in got["unsuccess_map"].values())]
        return answer.status_code, inside

    def _app(self, part: Played) -> Got:
        phone = self.person(part).phone
        assert phone is not None
        answer = self.client.post("/api/send-code-to-login", json={"phone": phone.e164})
        return answer.status_code, answer.json() if answer.content else {}

    def _text(self, part: Played) -> Got:
        """From the person's phone, a child's from a parent's."""
        registry = self.ministry.registry
        phones = [registry.citizen(number).phone for number in part.props.people]
        phone = next(one for one in phones if one is not None)
        body = {"text": request_text(self.person(part)), "to": "2023"}
        answer = self.client.post(f"/_lab/handsets/{phone.e164}/send", json=body)
        mistake = self.ministry.short_number.of(phone, limit=1)[0].mistake
        return answer.status_code, {"mistake": None if mistake is None else mistake.value}

    def _handset(self, part: Played) -> Got:
        phone = self.person(part).phone
        assert phone is not None
        accounts = self.ministry.sms.accounts()
        account = (
            accounts[0]
            if accounts
            else self.ministry.sms.open_account(OpenSmsAccount(label="KURUM", senders=("KURUM",)))
        )
        header = {"authorization": basic(account.system_id, self.ministry.sms.password(account.system_id))}
        body = {"from": "KURUM", "to": phone.e164, "text": "x"}
        taken = self.client.post("/sms/api/messages", json=body, headers=header).json()
        self.ministry.advance(self.ministry.world.now() + timedelta(seconds=1))
        answer = self.client.get(f"/sms/api/messages/{taken['message_id']}", headers=header)
        return answer.status_code, answer.json()

    def _edevlet(self, part: Played) -> Got:
        visitor = Visitor(self.client)
        citizen = self.person(part)
        password = self.ministry.edevlet.password(citizen.citizen_id) or "parola"
        answer = visitor.sign_in(citizen.identity.digits, password)
        self.client.cookies.clear()
        return answer.status_code, {}

    def _account(self, part: Played, base: str, ending: str) -> Got:
        """With the password of the casting; one of no account's where there is none."""
        known = dict(zip(part.props.accounts, part.props.passwords, strict=True))
        institution = self.ministry.registry.institution(part.props.institution or 0)
        name = institution.label + ending
        body = {"hes_code": self.parts["always-riskless"].props.codes[0]}
        header = {"authorization": basic(name, known.get(name, "x"))}
        answer = self.client.post(f"{base}check-hes-code", json=body, headers=header)
        return answer.status_code, answer.json()

    def form(self, part: Played) -> dict[str, Any]:
        """The form for integration of an institution, with its true figures."""
        institution, manager = self.ministry.registry.institution(part.props.institution or 0), self.person(part)
        assert manager.phone is not None
        return {
            "vkn": institution.vkn.digits,
            "institution_name": institution.name,
            "kind": institution.kind.value,
            "province": institution.province,
            "declared_staff": institution.staff_count,
            "branches": [],
            "parent": "",
            "kep_address": part.props.kep,
            "person": {
                "identity_number": manager.identity.digits,
                "firstname": manager.firstname,
                "lastname": manager.lastname,
                "title": "Müdür",
                "email": "yetkili@kurum.example",
                "phone": manager.phone.e164,
            },
            "purpose": "Girişte HES kodu sorgulama",
        }

    def _form(self, part: Played) -> Got:
        answer = self.client.post("/kurumsal-entegrasyon/api/applications", json=self.form(part))
        assessed = self.client.get(f"/_lab/applications/{answer.json()['number']}").json()["assessed"]
        of_whom = tuple(one["rule"] for one in assessed if one["rule"].startswith("eligibility."))
        return answer.status_code, {"assessed": of_whom}

    def _signature(self, part: Played) -> Got:
        document = "eA=="
        order = {"document_base64": document, "format": "cades", "serial": part.props.serial}
        signed = self.client.post("/_lab/sign", json=order).json()["signature_base64"]
        body = {"signature_base64": signed, "format": SignatureFormat.CADES.value, "document_base64": document}
        answer = self.client.post("/_lab/verify", json=body)
        return answer.status_code, answer.json()

    def _letter(self, sender: str, recipient: str) -> Got:
        """A signed letter; what came of it, and of its delivery a while later."""
        self._letters += 1
        at = self.ministry.world.now()
        ways = KepAddress.parse(sender), [KepAddress.parse(recipient)]
        plain = plain_letter(ways[0], ways[1], "Başvuru", "Arz ederim.", (), at, f"m-{self._letters}@deneme.invalid")
        password = self.ministry.kep.password(ways[0])
        session = self.client.post("/kep/api/sessions", json={"address": sender, "password": password}).json()
        header = {"authorization": f"Bearer {session['token']}", "content-type": "message/rfc822"}
        answer = self.client.post("/kep/api/letters", content=signed_letter(plain, self._smime), headers=header)
        got = answer.json()
        return answer.status_code, got | {"state": next((one["state"] for one in got["deliveries"]), None)}

    def _smime(self, entity: bytes) -> bytes:
        manager = self.person(self.parts["both-accounts"])
        order = IssueCertificate(
            identity_number=manager.identity.digits, firstname=manager.firstname, lastname=manager.lastname
        )
        return self.ministry.signature.sign_smime(self.ministry.signature.certificate_for(order).serial, entity)
