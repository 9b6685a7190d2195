"""An institution joins: every road, and every way of being refused, over real sockets, at a clock that stands still."""

import io
import re
import smtplib
import ssl
import subprocess
import time
from base64 import b64decode, b64encode
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import httpx2
import pytest
import zeep
from lxml import etree
from requests import Session

from mockgov.cli import run
from mockgov.cli.applicant import Applicant
from mockgov.cli.integrator import Institution, Integrator, Refusal
from mockgov.cli.mishaps import MISHAPS
from mockgov.cli.walk import LIVE, TEST, Walk
from mockgov.kep.content import Attachment
from mockgov.kep.writing import letter_with_package, plain_letter, signed_letter
from mockgov.onboarding import letters
from mockgov.vocabulary.kep_address import KepAddress
from sim.cli import app
from tests.journeys.callers import expect
from tests.journeys.served import Served

MINISTRY = KepAddress.parse("sb@hs01.kep.tr")
WORKING_DAYS = 11
"""Five to the evaluation, two to live access, four to the confirming letter."""


class Joining:
    """An institution on its way through a world, step by step."""

    def __init__(self, served: Served, world: str, client: httpx2.Client, *, wet: bool = False, **changes: Any) -> None:
        self.client = client
        self.walker = Integrator(served.address, world)
        self.applicant = Applicant(self.walker, None, wet, changes)
        for _ in self.applicant.make_up():
            pass
        self.walk = Walk(self.applicant)
        self.steps = {step.number: step for step in self.walk.steps()}

    @property
    def who(self) -> Any:
        return self.applicant.who

    def take(self, *numbers: int) -> list[str]:
        """Take steps; what they tell."""
        told: list[str] = []
        for number in numbers:
            step = self.steps[number]
            told += step.act() if step.act is not None else ()
            told += step.look()
        return told

    def act(self, number: int) -> list[str]:
        """Take a step without looking what came of it."""
        act = self.steps[number].act
        return [] if act is None else list(act())

    @property
    def state(self) -> str:
        return str(self.walker.application()["state"])

    @property
    def rules(self) -> list[str]:
        """The rules that the application was stopped by."""
        return [one["rule"] for one in self.walker.application()["findings"]]

    def ask(self, path: str, pair: tuple[str, str]) -> int:
        return self.walker.query(path, self.applicant.code, *pair)[0]

    def letter(self) -> letters.OfficialLetter:
        """The institution's letter of step 2."""
        return letters.authorisation_letter(
            self.applicant.form(),
            application_number=self.walker.number,
            letter_number="2021/1",
            at=self.walker.now(),
            signatory="Ege Örnek",
        )

    def sign(self, message: bytes) -> bytes:
        """A message, signed by the authorised person (S/MIME)."""
        return signed_letter(message, lambda entity: self.walker.sign(entity, self.who.citizen_id, "smime"))

    def mails(self) -> list[str]:
        """Subjects of what has come, oldest first."""
        return [one["subject"] for one in reversed(self.walker.mails(self.who.email))]


@pytest.fixture
def joining(served: Served, world: str, client: httpx2.Client) -> Joining:
    return Joining(served, world, client)


def test_an_approved_institution_queries_codes(joining: Joining) -> None:
    """All seven steps; each pair opens its own door only; eleven working days go by in under two seconds."""
    joining.take(1, 2)
    assert joining.state == "letter-received"
    begun, waited = joining.walker.now(), time.perf_counter()
    joining.take(3)
    waited = time.perf_counter() - waited
    assert joining.state == "testing"
    assert joining.take(4)[-1] == "the test pair on the live address: 401 badcredentials"
    joining.take(5)
    again = time.perf_counter()
    joining.take(6, 7)
    waited += time.perf_counter() - again
    assert joining.state == "confirmed"
    pairs = joining.walk.test_pair, joining.walk.live_pair
    assert [joining.ask(path, pair) for path in (TEST, LIVE) for pair in pairs] == [200, 401, 401, 200]
    assert pairs[0][0] == f"{joining.who.label}-TEST"
    assert pairs[1][0] == f"{joining.who.label}-G2G-HES"
    assert pairs[0][1] != pairs[1][1]
    assert joining.walker.now() - begun > timedelta(days=WORKING_DAYS + 3)
    assert waited < 2


def test_what_stands_in_the_mails(joining: Joining) -> None:
    """Turkish subjects in order; the test details carry the service document, which names every operation."""
    joining.take(1, 2, 3, 4, 5, 6, 7)
    number = joining.walker.number
    assert joining.mails() == [
        f"{number} sayılı başvurunuz alındı",
        f"{number}: test ortamı bilgileri",
        f"{number}: canlı ortam kullanıcı adı",
        f"{number}: entegrasyonunuz tamamlandı",
    ]
    details = joining.walker.mails(joining.who.email)[2]
    raw = joining.client.get(f"/_lab/mail/{details['number']}/raw").content
    message = message_from_bytes(raw, policy=default)
    (document,) = message.iter_attachments()
    assert document.get_content_type() == "application/pdf"
    assert document.get_content().startswith(b"%PDF-")
    said = message.get_body().get_content().replace("\r\n", "\n")
    assert "SANDBOX — hukuki geçerliliği yoktur" in said
    assert f"Servis adresi: {joining.walker.base}/services/g2g/test/saglik/hes/\n" in said
    assert f"hesdestek+{joining.walker.world}@saglik.gov.tr" in said


def test_the_history_of_an_application(joining: Joining) -> None:
    """Every step with its moment, in office hours where an office took it."""
    joining.take(1, 2, 3, 4, 5, 6, 7)
    history = joining.walker.application()["history"]
    states = list(dict.fromkeys(entry["state"] for entry in history))
    assert states == [
        "drawn",
        "submitted",
        "letter-received",
        "under-evaluation",
        "approved-for-test",
        "testing",
        "completion-reported",
        "live",
        "confirmed",
    ]
    moments = {entry["state"]: entry["at"] for entry in reversed(history)}
    assert moments["drawn"] == "2021-10-04T05:00:00.000Z"
    assert moments["under-evaluation"] == "2021-10-04T05:30:00.000Z"
    assert moments["approved-for-test"] == "2021-10-08T14:30:00.000Z"
    assert moments["live"] == "2021-10-12T14:30:00.000Z"
    assert moments["confirmed"].startswith("2021-10-18T14:3")


def test_the_evidence_of_the_letter_verifies(joining: Joining, tmp_path: Path) -> None:
    """Submission, relay, delivery, download: each as signed XML; the letter itself verifies with OpenSSL."""
    joining.take(1, 2)
    (letter,) = joining.walker.lab("GET", "/kep/letters")
    evidence = joining.walker.evidence(joining.who, letter["letter_id"])
    assert [one["type"] for one in evidence] == [
        "SubmissionAcceptanceRejection",
        "RelayREMMDAcceptanceRejection",
        "DeliveryNonDeliveryToRecipient",
        "DownloadNonDownloadByRecipient",
    ]
    token = joining.walker._kep_token(joining.who)
    for one in evidence:
        answer = joining.client.get(
            f"/kep/api/evidence/{one['evidence_id']}", headers={"authorization": f"Bearer {token}"}
        )
        root = etree.fromstring(answer.content)
        assert root.find(".//{http://www.w3.org/2000/09/xmldsig#}SignatureValue") is not None
    raw, root_certificate = tmp_path / "letter.eml", tmp_path / "root.pem"
    raw.write_bytes(joining.client.get(f"/_lab/kep/letters/{letter['letter_id']}/raw").content)
    der = joining.client.get("/pki/root.crt").content
    root_certificate.write_text(ssl.DER_cert_to_PEM_cert(der))
    at = int(datetime(2021, 10, 4, 6, tzinfo=UTC).timestamp())
    command = ["openssl", "cms", "-verify", "-in", raw, "-CAfile", root_certificate, "-attime", str(at)]
    checked = subprocess.run([*command, "-purpose", "any", "-out", tmp_path / "o"], capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_a_wet_signature(served: Served, world: str, client: httpx2.Client) -> None:
    """The letter is in the post for three working days; the rest of the road is the same."""
    joining = Joining(served, world, client, wet=True)
    joining.take(1)
    (posted,) = joining.act(2)
    assert posted == "in the post, arrives 2021-10-07T05:30:00.000Z"
    assert joining.take(3, 4, 5, 6, 7)[-1] == "state confirmed"
    assert joining.ask(LIVE, joining.walk.live_pair) == 200
    assert joining.walker.lab("GET", "/kep/letters") == []


def test_branches_are_summed_under_one_tax_number(served: Served, world: str, client: httpx2.Client) -> None:
    """300 at the head office and 250 in a branch of the same tax number are enough; the register knows both."""
    joining = Joining(served, world, client, declared_staff=300)
    who = joining.who
    branch = {"kind": "WORKPLACE", "name": "Şube", "label": "SUBE", "province": 6, "staff_count": 250}
    founded = expect(client.post("/_lab/institutions", json=branch | {"headquarters": who.institution_id}), 201)
    assert founded["vkn"] == who.vkn
    joining.applicant.changes |= {"branches": [{"name": "Şube", "vkn": who.vkn, "staff": 250}]}
    joining.take(1, 2, 3)
    assert joining.state == "testing"


def test_branches_of_another_tax_number_do_not_count(served: Served, world: str, client: httpx2.Client) -> None:
    """Without them 499 are too few."""
    joining = Joining(served, world, client, declared_staff=499)
    stranger = joining.walker.lab(
        "POST", "/institutions", {"kind": "WORKPLACE", "name": "X", "label": "X", "province": 6, "staff_count": 900}
    )
    joining.applicant.changes |= {"branches": [{"name": "X", "vkn": stranger["vkn"], "staff": 900}]}
    with pytest.raises(Refusal):
        joining.take(1, 2, 3)
    assert joining.state == "refused"
    assert joining.rules == ["eligibility.staff", "eligibility.branch"]


def test_a_returned_letter_can_be_put_right(joining: Joining) -> None:
    """The second letter says what the first one left out, and the road goes on."""
    joining.take(1)
    joining.applicant.broken = "letter-without-authority"
    joining.act(2)
    with pytest.raises(Refusal) as refusal:
        joining.take(3)
    assert refusal.value.rule == "letter.authorised"
    assert joining.state == "returned"
    joining.applicant.broken = None
    joining.take(2, 3)
    assert joining.state == "testing"


def test_a_false_declaration_ends_live_access_at_once(joining: Joining) -> None:
    """The very next call fails, in both environments, and stays so."""
    joining.take(1, 2, 3, 4, 5, 6, 7)
    pairs = joining.walk.test_pair, joining.walk.live_pair
    assert [joining.ask(TEST, pairs[0]), joining.ask(LIVE, pairs[1])] == [200, 200]
    path = f"/_lab/applications/{joining.walker.number}/declare-false"
    expect(joining.client.post(path, json={"statement": "Beyan edilen çalışan sayısı gerçeğe aykırı."}))
    assert [joining.ask(TEST, pairs[0]), joining.ask(LIVE, pairs[1])] == [401, 401]
    assert (joining.state, joining.rules) == ("revoked", ["declaration.false"])
    expect(joining.client.post("/_lab/clock", json={"advance_s": 30 * 86_400}))
    assert [joining.ask(TEST, pairs[0]), joining.ask(LIVE, pairs[1])] == [401, 401]
    assert joining.mails()[-1] == f"{joining.walker.number}: erişiminiz iptal edildi"


def test_a_certificate_revoked_between_the_steps(joining: Joining) -> None:
    """The form's signature is looked at again when the letter is evaluated."""
    joining.take(1, 2)
    for certificate in joining.walker.lab("GET", f"/certificates?citizen_id={joining.who.citizen_id}"):
        joining.walker.lab("POST", f"/certificates/{certificate['serial']}/revoke", {"reason": "key-compromise"})
    with pytest.raises(Refusal):
        joining.take(3)
    assert (joining.state, joining.rules) == ("returned", ["form.certificate"])


def test_a_password_that_does_not_arrive_is_sent_again(joining: Joining) -> None:
    """The first password is void then; only the second opens the live environment."""
    joining.take(1, 2, 3, 4, 5)
    phone = joining.who.phone
    expect(joining.client.put(f"/_lab/handsets/{phone}/fate", json={"fate": "undeliverable"}))
    joining.walker.wait_until(joining.walker.application()["due_at"])
    assert joining.state == "live"
    assert joining.walker.texts(phone) == []
    username = f"{joining.who.label}-G2G-HES"
    first = {one["username"]: one["password"] for one in joining.walker.lab("GET", "/accounts")}[username]
    expect(joining.client.put(f"/_lab/handsets/{phone}/fate", json={"fate": "delivered"}))
    expect(joining.client.post(f"/_lab/applications/{joining.walker.number}/resend-password"))
    (text,) = joining.walker.texts(phone)
    second = re.search(r"parolanız: (\S+)", text["text"])[1]
    assert len(second) == 18
    assert joining.ask(LIVE, (username, first)) == 401
    assert joining.ask(LIVE, (username, second)) == 200


def test_kep_over_quota(joining: Joining) -> None:
    """The provider refuses the letter with evidence; with room again the same letter goes."""
    joining.take(1)
    address = joining.who.kep_address
    expect(joining.client.patch(f"/_lab/kep/accounts/{address}", json={"quota_kib": 1}))
    with pytest.raises(Refusal, match="sender-over-quota"):
        joining.act(2)
    assert joining.state == "submitted"
    (refused,) = joining.walker.lab("GET", "/kep/letters")
    assert (refused["accepted"], refused["reason"]) == (False, "sender-over-quota")
    (evidence,) = joining.walker.evidence(joining.who, refused["letter_id"])
    assert (evidence["type"], evidence["positive"]) == ("SubmissionAcceptanceRejection", False)
    expect(joining.client.patch(f"/_lab/kep/accounts/{address}", json={"quota_kib": 10_240}))
    joining.take(2, 3)
    assert joining.state == "testing"


def test_the_letter_as_an_e_yazisma_package(joining: Joining) -> None:
    """A document management system's letter (EYP 2.0): signed and sealed inside, read like any other."""
    joining.take(1)
    who, walker = joining.who, joining.walker
    letter = joining.letter()
    order = {
        "institution_id": who.institution_id,
        "citizen_id": who.citizen_id,
        "document_number": "2021/1",
        "subject": letter.subject,
        "letter_base64": b64encode(letters.pdf(letter)).decode(),
        "attachments": [
            {
                "name": "form.pdf",
                "content_type": "application/pdf",
                "data_base64": b64encode(joining.walk.signed).decode(),
            }
        ],
    }
    made = walker.lab("POST", "/kep/packages", order)
    package = b64decode(made["package_base64"])
    sender = KepAddress.parse(who.kep_address)
    spoilt = package.replace(b"PaketOzeti/", b"PaketOzet1/")
    for nth, (content, refused) in enumerate(((spoilt, True), (package, False))):
        message = letter_with_package(sender, [MINISTRY], letter.subject, content, walker.now(), f"{nth}@hs02.kep.tr")
        if refused:
            with pytest.raises(Refusal, match="bad-package"):
                walker.deposit(who, joining.sign(message))
        else:
            walker.deposit(who, joining.sign(message))
    expect(joining.client.post("/_lab/clock", json={"advance_s": 300}))
    assert joining.state == "letter-received"
    joining.take(3)
    assert joining.state == "testing"


def test_the_letter_by_soap(joining: Joining) -> None:
    """Zeep signs in, uploads the letter, finds it among what was sent, and fetches its four pieces of evidence."""
    joining.take(1)
    who, walker = joining.who, joining.walker
    letter = joining.letter()
    files = [
        Attachment(name="yazi.pdf", content_type="application/pdf", data=letters.pdf(letter)),
        Attachment(name="form.pdf", content_type="application/pdf", data=joining.walk.signed),
    ]
    sender = KepAddress.parse(who.kep_address)
    message = plain_letter(sender, [MINISTRY], letter.subject, letters.plain(letter), files, walker.now(), "1@x.kep.tr")
    account = {"kepHesap": who.kep_address, "parola": who.kep_password}
    with closing(Session()) as session:
        session.trust_env = False
        client = zeep.Client(f"{walker.base}/kep/soap?wsdl", transport=zeep.Transport(session=session))
        pass_ = client.service.Giris(param0={"kepHesap": account, "girisTur": "BASE"})
        account = {"kepHesap": who.kep_address, "sifre": pass_.eGuvenlikId}
        upload = {"ePaket": {"_value_1": joining.sign(message)}, "ePaketTur": "Standart"}
        sent = client.service.Yukle(param0={"kepHesap": account, **upload})
        assert sent.durum == 0
        expect(joining.client.post("/_lab/clock", json={"advance_s": 300}))
        assert joining.state == "letter-received"
        which = {"kepHesap": account, "kepId": sent.kepId, "dizin": "INBOX.Sent"}
        evidence = client.service.PaketDelilSorgula(param0=which)
        assert len(evidence.delilId) == 4
        fetched = client.service.PaketDelilIndir(param0={"kepHesap": account, "delilId": evidence.delilId[2]})
        assert fetched.durum == 0
        assert etree.fromstring(fetched.eDelil["_value_1"]).tag.endswith("}DeliveryNonDeliveryToRecipient")


def test_a_desk_decides(served: Served, client: httpx2.Client) -> None:
    """In a world whose evaluation waits for a person, time alone approves nothing."""
    made = {"name": "desk", "seed": 3, "settings": {"evaluation": "desk"}}
    expect(client.post(f"{served.address}/_lab/worlds", json=made), 201)
    with served.client("desk") as there:
        joining = Joining(served, "desk", there)
        joining.take(1, 2)
        expect(there.post("/_lab/clock", json={"advance_s": 60 * 86_400}))
        assert joining.state == "under-evaluation"
        path = f"/_lab/applications/{joining.walker.number}/evaluate"
        expect(there.post(path, json={"decision": "approve", "officer": "Memur"}))
        joining.take(4, 5, 6, 7)
        assert joining.state == "confirmed"
    expect(client.delete(f"{served.address}/_lab/worlds/desk"), 204)


def test_nobody_else_reports_the_completion(joining: Joining) -> None:
    """A mail from another address is answered, and changes nothing; forged or not, it needs a query first."""
    joining.take(1, 2, 3, 4)
    host, port = joining.walker._door("smtp")
    for sender in ("baska@ornek.example", joining.who.email):
        letter = f"Subject: {joining.walker.number}\r\nFrom: {sender}\r\n\r\nTamamlandı\r\n"
        with smtplib.SMTP(host, port) as server:
            server.sendmail(sender, [f"hesdestek+{joining.walker.world}@saglik.gov.tr"], letter.encode())
        assert joining.state == "testing"
    stranger = joining.walker.mails("baska@ornek.example")
    assert [one["subject"] for one in stranger] == ["Test entegrasyonu bildiriminiz işleme alınmadı"]


@pytest.mark.parametrize("name", MISHAPS)
def test_walking_into_each_refusal(name: str, served: Served, world: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`hes onboard --break NAME` meets the rule that it names, and says so."""
    status = run(app, ["onboard", "--url", served.address, "--world", world, "--break", name])
    told = capsys.readouterr()
    assert (status, told.err) == (0, "")
    last = told.out.splitlines()[-1]
    if name == "phone-off":
        assert last == "The institution is live. SANDBOX: nothing of this has legal force."
    else:
        assert last == f"Refused as it should be, by {MISHAPS[name].rule}."


def test_walking_by_command(served: Served, world: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`hes onboard` prints the seven steps and ends live."""
    assert run(app, ["onboard", "--url", served.address, "--world", world]) == 0
    told = capsys.readouterr().out
    assert [line[0] for line in told.splitlines() if line[:3].strip().isdigit()] == list("1234567")
    assert told.splitlines()[-1] == "The institution is live. SANDBOX: nothing of this has legal force."


def test_walking_again_while_time_runs(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    """Three institutions, one after the other, in a world whose clock runs: what is told as due is due then."""
    with served.client() as lab:
        expect(lab.post("/_lab/worlds", json={"name": "running", "seed": 5, "clock": "running"}), 201)
        for words in ([], ["--wet"], ["--break", "false-declaration"]):
            command = ["onboard", "--url", served.address, "--world", "running", *words]
            assert run(app, command) == 0, capsys.readouterr().err
        expect(lab.delete("/_lab/worlds/running"), 204)


def test_walking_with_pauses(
    served: Served, world: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before each step it says how a person does it, and does it when Enter is pressed."""
    monkeypatch.setattr("sys.stdin", io.StringIO("\n" + "what\n\n" + "\n" * 5))
    assert run(app, ["onboard", "--url", served.address, "--world", world, "--pause"]) == 0
    told = capsys.readouterr().out
    assert told.count("   By hand: ") == 7
    assert told.count("Enter alone, or the word done.") == 1
    assert told.splitlines()[-1] == "The institution is live. SANDBOX: nothing of this has legal force."


def test_a_step_done_by_hand(
    served: Served,
    world: str,
    client: httpx2.Client,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whoever draws and signs the form themselves tells number, key and file, and the walk goes on from there."""

    class Person(io.TextIOBase):
        """Somebody at the keyboard, who does the first step and lets the others be done."""

        def __init__(self) -> None:
            self.answers: list[str] | None = None

        def readline(self, _size: int = -1, /) -> str:
            if self.answers is None:
                walk = Walk(Applicant(Integrator(served.address, world)))
                walk.applicant.who = made_up(client)
                for step in walk.steps():
                    if step.number == 1:
                        assert step.act is not None
                        list(step.act())
                (tmp_path / "form.pdf").write_bytes(walk.signed)
                self.answers = ["done", walk.integrator.number, walk.integrator.key, str(tmp_path / "form.pdf")]
            return (self.answers.pop(0) if self.answers else "") + "\n"

    monkeypatch.setattr("sys.stdin", Person())
    assert run(app, ["onboard", "--url", served.address, "--world", world, "--pause"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("The institution is live.")
    assert len(client.get("/_lab/applications").json()) == 1


def made_up(client: httpx2.Client) -> Institution:
    """The institution that a walk has made up, as whoever sits beside it reads it off the screen."""
    (firm,) = expect(client.get("/_lab/institutions"))
    (person,) = expect(client.get("/_lab/people"))
    account = next(one for one in expect(client.get("/_lab/kep/accounts")) if one["institution_id"])
    return Institution(
        institution_id=firm["institution_id"],
        vkn=firm["vkn"],
        label=firm["label"],
        name=firm["name"],
        kind=firm["kind"],
        province=firm["province"],
        citizen_id=person["citizen_id"],
        identity_number=person["identity_number"],
        firstname=person["firstname"],
        lastname=person["lastname"],
        phone=person["phone"],
        email=f"deniz.isikli@{account['address'].partition('@')[0]}.example",
        kep_address=account["address"],
        kep_password=account["password"],
    )


@pytest.mark.parametrize("name", [name for name, mishap in MISHAPS.items() if mishap.by_kep])
def test_a_registered_letter_is_no_paper(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What can only go wrong by KEP is not tried on paper."""
    assert run(app, ["onboard", "--wet", "--break", name]) == 1
    assert capsys.readouterr().err == f"Error: {name} is about a registered letter; leave out --wet.\n"


def test_an_unknown_way_to_break(capsys: pytest.CaptureFixture[str]) -> None:
    """Is refused, with a list of those that there are."""
    assert run(app, ["onboard", "--break", "everything"]) == 1
    assert "There is no way to break called everything. Choose one of: staff-under-500" in capsys.readouterr().err
