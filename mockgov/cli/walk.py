"""The seven steps of corporate onboarding (facts, section 6), one function each, walked by one institution."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from typing import Any, Final

from mockgov.cli.applicant import Applicant
from mockgov.cli.calling import CommandError
from mockgov.cli.integrator import Institution, Integrator, Refusal
from mockgov.cli.mishaps import SIGNATURES
from mockgov.credentials.rules import LIVE_BASE, TEST_BASE
from mockgov.kep.reading import Attachment
from mockgov.kep.writing import plain_letter, signed_letter
from mockgov.onboarding import letters
from mockgov.vocabulary.kep_address import KepAddress

LIVE: Final = f"{LIVE_BASE}check-hes-code"
TEST: Final = f"{TEST_BASE}check-hes-code"
FINDING_STATES: Final = ("returned", "refused", "revoked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of the seven, as it is announced and done."""

    number: int
    title: str
    by_hand: str
    """How a person does it without this command."""
    act: Callable[[], Iterator[str]] | None = None
    """Does it, and tells how; None for what only has to be waited for. Left out if a person has done it by hand."""
    look: Callable[[], Iterator[str]]
    """Tells what has come of it. Raises `Refusal`."""


@dataclass(slots=True)
class Walk:
    """An institution on its way. `steps` are to be done in their order."""

    applicant: Applicant
    signed: bytes = field(default=b"", init=False, repr=False)
    test_pair: tuple[str, str] = field(default=("", ""), init=False, repr=False)
    live_pair: tuple[str, str] = field(default=("", ""), init=False, repr=False)

    @property
    def integrator(self) -> Integrator:
        """Through whom everything goes."""
        return self.applicant.integrator

    @property
    def who(self) -> Institution:
        """Whose way it is."""
        return self.applicant.who

    @property
    def broken(self) -> str | None:
        """What goes wrong on purpose."""
        return self.applicant.broken

    def take_over(self, number: str, key: str, signed: bytes) -> None:
        """Go on with an application that a person has drawn and handed in by hand. Raises `Refusal`, `CommandError`."""
        before = self.integrator.number, self.integrator.key
        self.integrator.number, self.integrator.key = number, key
        try:
            state = self.integrator.application()["state"]
        except (Refusal, CommandError):
            self.integrator.number, self.integrator.key = before
            raise
        if state != "submitted":
            raise CommandError(f"{number} is {state}; hand in the signed form first.")
        self.signed = signed

    def steps(self) -> Iterator[Step]:
        """All seven."""
        api = f"{self.integrator.base}/kurumsal-entegrasyon"
        yield Step(
            number=1,
            title="The form (Erişim Talep Formu) is filled in and signed",
            by_hand=f"Fill it in and sign it under {api}/basvuru",
            act=self._form,
            look=self._state,
        )
        yield Step(
            number=2,
            title="The official letter goes to the ministry",
            by_hand="Send the signed letter to sb@hs01.kep.tr, with the signed form attached",
            act=self._letter,
            look=self._state,
        )
        yield Step(
            number=3,
            title="The letter is evaluated",
            by_hand=f"Decide at {self.integrator.base}/console/desk, or move the clock with /_lab/clock",
            look=self._evaluation,
        )
        yield Step(
            number=4,
            title="Test access comes by e-mail, with the service document",
            by_hand="Read it under /_lab/mail",
            look=self._test_access,
        )
        yield Step(
            number=5,
            title="The test integration is done and reported",
            by_hand="Ask about a code in the test environment, then write to hesdestek@saglik.gov.tr",
            act=self._completion,
            look=self._state,
        )
        yield Step(
            number=6,
            title="Live access: user name by e-mail, password by SMS",
            by_hand="Move the clock with /_lab/clock; read /_lab/mail and /_lab/sms",
            look=self._live_access,
        )
        yield Step(
            number=7,
            title="An official letter confirms that the integration is complete",
            by_hand="Move the clock; read the registered mailbox",
            look=self._confirmation,
        )

    def _form(self) -> Iterator[str]:
        walker = self.integrator
        drawn = walker.draw(self.applicant.typed())
        yield f"application {drawn['number']}, {walker.base}{drawn['page_url'].removeprefix(_prefix(walker))}"
        pdf = walker.form_pdf()
        yield f"form of {len(pdf)} bytes"
        wrong = self.broken if self.broken in SIGNATURES else None
        signed = pdf if self.broken == "unsigned" else walker.sign(pdf, self.who.citizen_id, "pades", wrong)
        self.signed = signed
        walker.submit(signed)
        yield f"handed in with a PAdES signature of {len(signed) - len(pdf)} bytes"
        if self.broken == "revoked-later":
            walker.lab("POST", "/clock", {"advance_s": 60})
            for certificate in walker.lab("GET", f"/certificates?citizen_id={self.who.citizen_id}"):
                walker.lab("POST", f"/certificates/{certificate['serial']}/revoke", {"reason": "key-compromise"})
            yield "and the certificate was revoked"

    def _letter(self) -> Iterator[str]:
        walker, now = self.integrator, self.integrator.now()
        letter = letters.authorisation_letter(
            self.applicant.form(),
            application_number=walker.number,
            letter_number="E-12345678-900-1",
            at=now,
            signatory="Ege Örnek",
            person=self.applicant.other_person() if self.broken == "letter-about-another" else None,
            authorises=self.broken != "letter-without-authority",
        )
        if self.applicant.wet:
            posted = walker.post(self.who.name, letter.number, letters.plain(letter))
            yield f"in the post, arrives {posted['arrives_at']}"
            walker.wait_until(posted["arrives_at"])
        else:
            yield from self._registered(letter.subject, letters.plain(letter), letters.pdf(letter))

    def _registered(self, subject: str, text: str, pdf: bytes) -> Iterator[str]:
        """The letter by KEP, and the evidence of each step."""
        walker, sender = self.integrator, self.applicant.sender()
        enclosed = [Attachment(name="resmi-yazi.pdf", content_type="application/pdf", data=pdf)]
        if self.broken != "letter-without-form":
            enclosed.append(Attachment(name="erisim-talep-formu.pdf", content_type="application/pdf", data=self.signed))
        message = plain_letter(
            KepAddress.parse(sender.kep_address),
            [KepAddress.parse("sb@hs01.kep.tr")],
            subject,
            text,
            enclosed,
            walker.now(),
            f"{walker.number.lower()}@{sender.kep_address.partition('@')[2]}",
        )
        if self.broken != "letter-unsigned":
            message = signed_letter(message, lambda part: walker.sign(part, self.who.citizen_id, "smime"))
        if self.broken == "kep-over-quota":
            walker.lab("PATCH", f"/kep/accounts/{sender.kep_address}", {"quota_kib": 1})
        yield f"deposited with {sender.kep_address}: {walker.deposit(sender, message)}"
        (letter,) = walker.lab("GET", "/kep/letters?limit=10000")[-1:]
        walker.lab("POST", "/clock", {"advance_s": 300})
        for evidence in walker.evidence(sender, letter["letter_id"]):
            yield f"evidence {evidence['evidence_id']}: {evidence['text']} ({evidence['at']})"

    def _evaluation(self) -> Iterator[str]:
        application = self.integrator.application()
        while application["state"] in ("letter-received", "under-evaluation"):
            if application["due_at"] is None:
                raise CommandError(
                    f"This world's desk evaluates by hand: decide on {self.integrator.number} under "
                    f"{self.integrator.base}/console/desk, or start with HES_EVALUATION=rules."
                )
            self.integrator.wait_until(application["due_at"])
            application = self.integrator.application()
        self._check_findings(application)
        yield f"state {application['state']} at {self.integrator.now().isoformat(timespec='seconds')}"

    def _test_access(self) -> Iterator[str]:
        application = self.integrator.application()
        if application["state"] == "approved-for-test":
            raise Refusal("test-details", f"The details did not arrive at {self.who.email}: {application['next_en']}")
        text = self._newest_mail("test")
        self.test_pair = _pair(text)
        yield f"user name {self.test_pair[0]}, password {self.test_pair[1]}"
        status, answer = self.integrator.query(LIVE, self.applicant.code, *self.test_pair)
        yield f"the test pair on the live address: {status} {answer['errorKey']}"

    def _completion(self) -> Iterator[str]:
        walker = self.integrator
        if self.broken != "no-test-query":
            status, answer = walker.query(TEST, self.applicant.code, *self.test_pair)
            yield f"a query in the test environment: {status} {answer['current_health_status']}"
        sender = (
            f"baskasi@{self.who.email.partition('@')[2]}" if self.broken == "notice-from-another" else self.who.email
        )
        subject = f"{walker.number} test entegrasyonu tamamlandı"
        walker.write(sender, subject, f"{walker.number} sayılı başvurumuzun test entegrasyonu tamamlanmıştır.")
        if walker.application()["state"] == "testing":
            raise Refusal(*self._answer_to(sender))

    def _live_access(self) -> Iterator[str]:
        walker = self.integrator
        if self.broken == "phone-off":
            walker.lab("PUT", f"/handsets/{self.who.phone}/fate", {"fate": "undeliverable"})
        if (application := walker.application())["state"] == "completion-reported":
            walker.wait_until(application["due_at"])
        if self.broken == "phone-off":
            yield f"text messages on the phone: {len(walker.texts(self.who.phone))}"
            walker.lab("PUT", f"/handsets/{self.who.phone}/fate", {"fate": "delivered"})
            walker.lab("POST", f"/applications/{walker.number}/resend-password")
            yield "the phone is back, and a new password was asked for"
        name = _found(r"Kullanıcı adı\s*:\s*(\S+)", self._newest_mail("canlı"))
        text = walker.texts(self.who.phone)[0]["text"]
        self.live_pair = (name, _found(r"parolanız\s*:\s*(\S+)", text))
        yield f"by e-mail: user name {self.live_pair[0]}; by SMS: {text}"
        status, answer = walker.query(LIVE, self.applicant.code, *self.live_pair)
        yield f"a query in the live environment: {status} {answer.get('current_health_status') or answer['errorKey']}"
        yield f"the live pair on the test address: {walker.query(TEST, self.applicant.code, *self.live_pair)[0]}"

    def _confirmation(self) -> Iterator[str]:
        walker = self.integrator
        while (application := walker.application())["state"] == "live" and application["due_at"]:
            walker.wait_until(application["due_at"])
            walker.lab("POST", "/clock", {"advance_s": 300})
        if not self.applicant.wet:
            newest = walker.registered_inbox(self.who)[0]
            raw = walker.download(self.who, newest["letter_id"])
            yield f"registered letter: {message_from_bytes(raw, policy=default)['subject']}"
        yield f"state {application['state']}"
        if self.broken == "false-declaration":
            self._declare_false()

    def _declare_false(self) -> None:
        walker = self.integrator
        walker.lab("POST", f"/applications/{walker.number}/declare-false", {"statement": "Beyan edilen çalışan sayısı"})
        status, _ = walker.query(LIVE, self.applicant.code, *self.live_pair)
        try:
            self._check_findings(walker.application())
        except Refusal as refusal:
            raise Refusal(refusal.rule, f"{refusal.words}\nthe very next live query: {status}") from None

    def _state(self) -> Iterator[str]:
        """Where the application stands. Raises `Refusal` where rules have stopped it."""
        application = self.integrator.application()
        self._check_findings(application)
        due = "" if application["due_at"] is None else f", next step due {application['due_at']}"
        yield f"state {application['state']}{due}"

    def _check_findings(self, application: Any) -> None:
        """Raises `Refusal` with the rules that an application was stopped by."""
        if application["state"] in FINDING_STATES:
            found = application["findings"]
            words = "\n".join(f"{one['tr']}\n{one['en']}\n[{one['rule']}; {one['source']}]" for one in found)
            raise Refusal(found[0]["rule"], f"{application['state_tr']} ({application['state']}): {words}")

    def _newest_mail(self, word: str) -> str:
        for one in self.integrator.mails(self.who.email):
            if word in one["subject"]:
                return str(self.integrator.mail(one["number"])["text"])
        raise CommandError(f"No mail about {word} is in the inbox of {self.who.email}; look under /_lab/mail.")

    def _answer_to(self, address: str) -> tuple[str, str]:
        """Rule and words of the mail that answers a completion notice."""
        text = str(self.integrator.mail(self.integrator.mails(address)[0]["number"])["text"])
        return _found(r"\[([a-z.-]+)", text), text.partition("--- English ---")[2].strip()


def _prefix(walker: Integrator) -> str:
    return walker.base.removeprefix(walker.url)


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise CommandError(f"The ministry's message has nothing like {pattern}; is this another version's ministry?")
    return match[1]


def _pair(text: str) -> tuple[str, str]:
    return _found(r"Kullanıcı adı\s*:\s*(\S+)", text), _found(r"Parola\s*:\s*(\S+)", text)
