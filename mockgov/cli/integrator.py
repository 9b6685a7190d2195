"""An institution's integrator, as `hes onboard` plays one: everything over the ministry's real protocols.

HTTP for the application and the queries, SMTP with a password for the registered letter, SMTP for the notice;
what arrives is read where a person would read it: the mailbox, the phone, the registered mailbox. Only what a sandbox
alone can do goes through `/_lab`: making up the institution and its person, signing, moving the clock.
"""

import json
import smtplib
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from urllib.parse import quote, urlencode

from mockgov.cli.calling import CommandError, call, exchange, problem_of

API = "/kurumsal-entegrasyon/api/applications"
SUPPORT = "hesdestek"
DOMAIN = "saglik.gov.tr"
MINISTRY = "sb@hs01.kep.tr"
SMTP_TIMEOUT_S = 30


class Refusal(Exception):  # noqa: N818  an answer that was looked for, not a malfunction
    """The ministry, or a carrier of letters, has said no."""

    def __init__(self, rule: str, words: str) -> None:
        super().__init__(words)
        self.rule = rule
        self.words = words


@dataclass(slots=True, kw_only=True)
class Institution:
    """Who applies: made up for the walk."""

    institution_id: int
    vkn: str
    label: str
    name: str
    kind: str
    province: int
    citizen_id: int
    identity_number: str
    firstname: str
    lastname: str
    phone: str
    email: str
    kep_address: str
    kep_password: str


@dataclass(slots=True)
class Integrator:
    """One institution's dealings with one world of a running ministry."""

    url: str
    """Where the ministry is, without a world."""
    world: str | None = None
    number: str = ""
    """The application number, once there is one."""
    key: str = field(default="", repr=False)

    @property
    def base(self) -> str:
        """Where the world is."""
        return self.url if self.world is None else f"{self.url}/w/{quote(self.world, safe='')}"

    def lab(self, method: str, path: str, body: Any = None) -> Any:
        """One of the sandbox's own controls."""
        return call(self.base, method, f"/_lab{path}", body)

    def now(self) -> datetime:
        """The world's time."""
        return datetime.fromisoformat(self.lab("GET", "/world")["now"])

    def wait_until(self, moment: str) -> None:
        """Let the world's time come to a moment, if it has not yet, and what is due by then be done."""
        is_past = datetime.fromisoformat(moment) <= self.now()
        self.lab("POST", "/clock", {"advance_s": 0} if is_past else {"to": moment})

    # Step 1

    def draw(self, form: Any) -> Any:
        """Draw up the form; remembers number and key."""
        drawn = self._ask("POST", API, json.dumps(form).encode(), {"Content-Type": "application/json"})
        self.number, self.key = drawn["number"], drawn["key"]
        return drawn

    def form_pdf(self) -> bytes:
        """The form's bytes."""
        status, pdf = exchange(self.base, "GET", f"{API}/{self.number}/form.pdf", None, {"X-Application-Key": self.key})
        if status != 200:
            raise CommandError(problem_of(status, pdf))
        return pdf

    def sign(self, document: bytes, citizen_id: int, form: str, broken: str | None = None) -> bytes:
        """A person's signature with a test certificate."""
        body = {"document_base64": b64encode(document).decode(), "citizen_id": citizen_id, "format": form}
        signed = self.lab("POST", "/sign", body if broken is None else body | {"broken": broken})
        return b64decode(signed["signature_base64"])

    def submit(self, signed: bytes) -> Any:
        """Hand in the signed form. Raises `Refusal`."""
        kind = "application/pdf" if signed.startswith(b"%PDF-") else "application/pkcs7-mime"
        return self._ask("PUT", f"{API}/{self.number}/signed-form", signed, {"Content-Type": kind})

    def application(self) -> Any:
        """Where the application stands."""
        return self._ask("GET", f"{API}/{self.number}", None, {})

    # Step 2

    def deposit(self, who: Institution, letter: bytes) -> str:
        """Hand a signed letter to the institution's registered-mail provider; its answer. Raises `Refusal`."""
        host, port = self._door("kep-smtp")
        user = who.kep_address if self.world is None else f"{self.world}/{who.kep_address}"
        try:
            with smtplib.SMTP(host, port, timeout=SMTP_TIMEOUT_S) as provider:
                provider.login(user, who.kep_password)
                provider.ehlo_or_helo_if_needed()
                provider.mail(who.kep_address)
                provider.rcpt(MINISTRY)
                status, words = provider.data(letter)
        except (smtplib.SMTPException, OSError) as error:
            raise CommandError(f"The registered-mail provider at {host}:{port} failed: {error}.") from None
        text = words.decode("utf-8", "replace")
        if status != 250:
            raise Refusal(f"kep {status}", text)
        return text

    def post(self, sender: str, reference: str, text: str) -> Any:
        """Put a letter with a wet signature into the post."""
        body = json.dumps({"sender": sender, "reference": reference, "text": text}).encode()
        return self._ask("POST", f"{API}/{self.number}/wet-letter", body, {"Content-Type": "application/json"})

    def evidence(self, who: Institution, letter_id: int) -> list[Any]:
        """What the providers attest of a letter."""
        path = f"/kep/api/letters/{letter_id}/evidence"
        return list(self._kep(who, "GET", path))

    def registered_inbox(self, who: Institution) -> list[Any]:
        """Registered letters to the institution."""
        return list(self._kep(who, "GET", "/kep/api/letters?box=inbox"))

    def download(self, who: Institution, letter_id: int) -> bytes:
        """A registered letter's bytes."""
        token = self._kep_token(who)
        path = f"/kep/api/letters/{letter_id}/message"
        status, raw = exchange(self.base, "GET", path, None, {"Authorization": f"Bearer {token}"})
        if status != 200:
            raise CommandError(problem_of(status, raw))
        return raw

    # Steps 4 to 6

    def mails(self, address: str) -> list[Any]:
        """E-mails in an inbox, newest first."""
        return list(self.lab("GET", f"/mail?{urlencode({'address': address, 'box': 'inbox'})}"))

    def mail(self, number: int) -> Any:
        """One e-mail."""
        return self.lab("GET", f"/mail/{number}")

    def texts(self, phone: str) -> list[Any]:
        """Text messages on a phone, newest first."""
        return list(self.lab("GET", f"/sms?{urlencode({'phone': phone})}"))

    def query(self, path: str, code: str, username: str, password: str) -> tuple[int, Any]:
        """Ask about a code at the corporate counter; status and answer."""
        basic = b64encode(f"{username}:{password}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/json"}
        status, text = exchange(self.base, "POST", path, json.dumps({"hes_code": code}).encode(), headers)
        return status, json.loads(text)

    def write(self, sender: str, subject: str, text: str) -> None:
        """An e-mail to the support desk."""
        host, port = self._door("smtp")
        to = f"{SUPPORT}@{DOMAIN}" if self.world is None else f"{SUPPORT}+{self.world}@{DOMAIN}"
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"], message["Subject"] = sender, to, subject
        message.set_content(text)
        try:
            with smtplib.SMTP(host, port, timeout=SMTP_TIMEOUT_S) as server:
                server.send_message(message)
        except (smtplib.SMTPException, OSError) as error:
            raise CommandError(f"The mail server at {host}:{port} failed: {error}.") from None

    def _ask(self, method: str, path: str, data: bytes | None, headers: dict[str, str]) -> Any:
        if self.key:
            headers = headers | {"X-Application-Key": self.key}
        status, text = exchange(self.base, method, path, data, headers)
        if status < 400:
            return json.loads(text)
        try:
            problem = json.loads(text)
            findings = problem.get("findings") or []
            words = "\n".join(f"{one['tr']}\n{one['en']}\n({one['source']})" for one in findings)
            rule = problem["errorKey"]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise CommandError(problem_of(status, text)) from None
        raise Refusal(rule, words or problem_of(status, text))

    def _kep(self, who: Institution, method: str, path: str) -> Any:
        status, text = exchange(
            self.base,
            method,
            path,
            None,
            {"Authorization": f"Bearer {self._kep_token(who)}", "Accept": "application/json"},
        )
        if status >= 400:
            raise CommandError(problem_of(status, text))
        return json.loads(text)

    def _kep_token(self, who: Institution) -> str:
        body = {"address": who.kep_address, "password": who.kep_password}
        return str(call(self.base, "POST", "/kep/api/sessions", body)["token"])

    def _door(self, name: str) -> tuple[str, int]:
        for door in call(self.url, "GET", "/_lab/doors"):
            if door["name"] == name:
                return door["host"], door["port"]
        raise CommandError(f"This ministry has no {name} door; start it with `hes serve`.")
