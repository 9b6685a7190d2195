"""The door for letters into registered e-mail, through Python's smtplib, with the real service behind it."""

import smtplib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace

import pytest

from mockgov.clock import ManualClock
from mockgov.counters.smtp.kep import CODES, KepDoor
from mockgov.faults import FaultPlan
from mockgov.journal.service import Journal
from mockgov.kep.grounds import TEXTS, Reason
from mockgov.kep.messages import AdjustKepAccount, OpenKepAccount
from mockgov.kep.service import Kep
from mockgov.kep.store import InMemoryKep
from mockgov.kep.writing import plain_letter, signed_letter
from mockgov.signature.messages import IssueCertificate
from mockgov.streams import Streams
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.signed import Flaw, Verdict
from mockgov.worlds import Worlds
from tests.doors import Opened, Twins

MONDAY = datetime(2021, 10, 4, 6, tzinfo=UTC)
MINISTRY = KepAddress(account="sb", provider="hs01")
COMPANY = KepAddress(account="cinar", provider="hs01")
UNIX = (
    b"5.5.2 Lines end with CR LF; this message has a bare CR or LF and was not taken "
    b"(Python: as_bytes(policy=email.policy.SMTP), or send_message)"
)
SIGNED = "X-Twin: signed"


class Office:
    """Registered e-mail over its twin, where a header is a signature."""

    def __init__(self, seed: int) -> None:
        clock = ManualClock(MONDAY)
        self.settled = 0
        self.world = SimpleNamespace(faults=FaultPlan(Streams(seed)))
        self.journal = Journal(size=0, now=clock.now, masked=str, stands=lambda: True)
        self.kep = Kep(
            store=InMemoryKep(),
            now=clock.now,
            tell=lambda _: None,
            transaction=nullcontext,
            streams=Streams(seed),
            quota_kib=1024,
            verify_smime=_verdict,
            verify_cades=lambda _, __: Verdict.missing(),
            sign_evidence=lambda _, xml, __: xml,
        )
        self.passwords = {
            address: self.kep.open_account(
                OpenKepAccount(institution_id=1, name=address.account, account=address.account)
            ).password
            for address in (MINISTRY, COMPANY)
        }

    @property
    def password(self) -> str:
        return self.passwords[COMPANY]

    def settle(self) -> None:
        self.settled += 1


def _verdict(message: bytes) -> Verdict:
    if b"forged" in message:
        return Verdict(flaw=Flaw.TAMPERED, detail="The content was changed.")
    return Verdict(flaw=None) if SIGNED.encode() in message else Verdict.missing()


def letter(head: str = SIGNED, to: KepAddress = MINISTRY, sender: KepAddress = COMPANY) -> bytes:
    return (
        f"From: {sender}\r\nTo: {to}\r\n{head}\r\nSubject: =?utf-8?Q?Eri=C5=9Fim?=\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nYazımız ektedir.\r\n"
    ).encode()


@pytest.fixture
def worlds() -> Mapping[str, Office]:
    return Twins(default=Office(1), b=Office(2))


@pytest.fixture
def opened(worlds: Mapping[str, Office]) -> Iterator[Opened]:
    with Opened(KepDoor(), worlds) as made:
        yield made


@pytest.fixture
def client(opened: Opened, worlds: Mapping[str, Office]) -> Iterator[smtplib.SMTP]:
    """Signed in as the company."""
    with smtplib.SMTP(opened.host, opened.port, timeout=20) as made:
        made.login(COMPANY.address, worlds["default"].password)
        yield made


def deposited(client: smtplib.SMTP, message: bytes, to: str = MINISTRY.address) -> str:
    """What the door says to a letter."""
    for command in (f"MAIL FROM:<{COMPANY}>", f"RCPT TO:<{to}>"):
        assert client.docmd(command)[0] == 250
    code, text = client.data(message)
    return f"{code} {text.decode()}"


def test_what_the_door_says_of_itself(opened: Opened, recwarn: pytest.WarningsRecorder) -> None:
    """Both ways to sign in, letters up to 25 MiB; and no library warns of anything."""
    with smtplib.SMTP(opened.host, opened.port) as client:
        client.ehlo()
        assert client.esmtp_features == {
            "size": "26214400",
            "8bitmime": "",
            "smtputf8": "",
            "auth": " LOGIN PLAIN",
            "pipelining": "",
            "help": "",
        }
    assert list(recwarn) == []


@pytest.mark.parametrize("way", ["PLAIN", "LOGIN"])
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_letter_is_taken(worlds: Mapping[str, Office], way: str, loop: str) -> None:
    """In the recipient's mailbox, byte for byte; the answer names letter and evidence."""
    office = worlds["default"]
    with Opened(KepDoor(), worlds, loop=loop) as opened, smtplib.SMTP(opened.host, opened.port) as client:
        client.ehlo()
        client.user, client.password = COMPANY.address, office.password
        dialogue = client.auth_plain if way == "PLAIN" else client.auth_login
        assert client.auth(way, dialogue) == (235, b"2.7.0 Signed in")
        assert deposited(client, letter()) == "250 2.0.0 Taken. Letter 1, evidence 1 (SANDBOX)."
        assert deposited(client, letter()) == "250 2.0.0 Taken. Letter 2, evidence 3 (SANDBOX)."
    assert [mailed.letter.letter_id for mailed in office.kep.inbox(MINISTRY)] == [2, 1]
    assert office.kep.raw(1) == letter()
    assert office.kep.letter(1).letter.subject == "Erişim"
    assert [row.evidence_id for row in office.kep.evidence_of(1)] == [1, 2]
    assert office.settled == 2


def test_the_user_name_says_the_world(opened: Opened, worlds: Mapping[str, Office]) -> None:
    """And a password opens its own world only."""
    with smtplib.SMTP(opened.host, opened.port) as client:
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login(f"b/{COMPANY}", worlds["default"].password)
        client.login(f"b/{COMPANY}", worlds["b"].password)
        assert deposited(client, letter()).startswith("250 ")
    assert len(worlds["b"].kep.inbox(MINISTRY)) == 1
    assert worlds["default"].kep.inbox(MINISTRY) == []


@pytest.mark.parametrize(
    "user", [str(MINISTRY), "nobody@hs01.kep.tr", "nowhere/cinar@hs01.kep.tr", "cinar", "", "/", "çınar@hs01.kep.tr"]
)
def test_who_is_not_let_in(opened: Opened, worlds: Mapping[str, Office], user: str) -> None:
    """With one answer, whatever is wrong; the right pair is let in afterwards."""
    text = b"5.7.8 Address and password open no KEP account. "
    text += b"The user name is the KEP address, <world>/<address> for another world than default."
    told = (535, text)
    with smtplib.SMTP(opened.host, opened.port) as client:
        client.ehlo()
        given = b64encode(f"\0{user}\0{worlds['default'].password}".encode()).decode()
        assert client.docmd("AUTH PLAIN", given) == told
        assert client.docmd("AUTH PLAIN", b64encode(b"\0\xff\0\xff").decode()) == told
        client.login(COMPANY.address, worlds["default"].password)


def test_five_wrong_passwords_shut_the_door(opened: Opened, worlds: Mapping[str, Office]) -> None:
    """Also for the right one, for a while; and nobody guesses on without end over one connection."""
    wrong = b64encode(f"\0{COMPANY}\0wrong".encode()).decode()
    right = b64encode(f"\0{COMPANY}\0{worlds['default'].password}".encode()).decode()
    with smtplib.SMTP(opened.host, opened.port) as client:
        client.ehlo()
        assert [client.docmd("AUTH PLAIN", wrong)[0] for _ in range(5)] == [535] * 5
        assert client.docmd("AUTH PLAIN", right)[0] == 535
        assert [client.docmd("AUTH PLAIN", wrong)[0] for _ in range(4)] == [535] * 4
        assert client.docmd("AUTH PLAIN", wrong)[0] == 421


def test_broken_dialogues(opened: Opened) -> None:
    """What is no base64, has too few parts, is given up, or never ends."""
    with smtplib.SMTP(opened.host, opened.port) as client:
        client.ehlo()
        for arguments in ("PLAIN !", "PLAIN YQ==", "LOGIN !"):
            assert client.docmd("AUTH", arguments)[0] == 501
        assert client.docmd("AUTH", "CRAM-MD5")[0] == 504
        assert client.docmd("AUTH", "PLAIN a b")[0] == 501
        assert client.docmd("AUTH", "LOGIN")[0] == 334
        assert client.docmd("*")[0] == 501
        assert client.docmd("AUTH", "LOGIN")[0] == 334
        assert client.docmd("x" * 5000)[0] == 500


def test_nothing_goes_without_signing_in(opened: Opened) -> None:
    """Every step of a letter is refused."""
    with smtplib.SMTP(opened.host, opened.port) as client:
        assert client.docmd("AUTH", "PLAIN")[0] == 503
        client.ehlo()
        code, text = client.docmd(f"MAIL FROM:<{COMPANY}>")
        assert (code, text) == (530, b"5.7.0 Sign in first (AUTH PLAIN or LOGIN): the user name is your KEP address")
        assert client.docmd(f"RCPT TO:<{MINISTRY}>")[0] == 503
        assert client.docmd("DATA")[0] == 503


def test_signing_in_is_for_one_connection(opened: Opened, client: smtplib.SMTP) -> None:
    """Another one has to sign in itself; and who has signed in does not do so again."""
    assert client.docmd("AUTH", "PLAIN AGEAYg==")[0] == 503
    with smtplib.SMTP(opened.host, opened.port) as other:
        other.ehlo()
        assert other.docmd(f"MAIL FROM:<{COMPANY}>")[0] == 530


@pytest.mark.parametrize("sender", [str(MINISTRY), "ayse@kurum.example", "<>", "b/cinar@hs01.kep.tr"])
def test_the_sender_is_who_has_signed_in(client: smtplib.SMTP, sender: str) -> None:
    """In any case of letters, and nobody else."""
    code, text = client.docmd(f"MAIL FROM:<{sender.strip('<>')}>")
    assert (code, text.split()[0]) == (553, b"5.7.1")
    assert client.docmd("MAIL FROM:<Cinar@HS01.kep.tr>")[0] == 250


@pytest.mark.parametrize(
    ("message", "to", "told"),
    [
        (letter("X: y"), MINISTRY.address, "550 5.7.0 Refused, unsigned: The letter is not signed; "),
        (letter(f"{SIGNED}\r\nX: forged"), MINISTRY.address, "550 5.7.7 Refused, bad-signature: "),
        (letter(to=KepAddress(account="yok", provider="hs01")), "yok@hs01.kep.tr", "550 5.1.1 Refused, unknown-rec"),
        (letter(), "yok@hs01.kep.tr", "554 5.6.0 Refused, envelope-mismatch: "),
        (letter(sender=MINISTRY), MINISTRY.address, "550 5.7.1 Refused, sender-mismatch: "),
        (b"To: sb@hs01.kep.tr\r\n\r\n", MINISTRY.address, "554 5.6.0 Refused, no-sender: There is no From field; "),
        (b"To: ayse@kurum.example\r\nFrom: cinar@hs01.kep.tr\r\n\r\n", "ayse@kurum.example", "550 5.1.3 Refused, wr"),
        (b"From: cinar@hs01.kep.tr\r\n\r\n", MINISTRY.address, "554 5.6.0 Refused, no-recipient: "),
        (b"", MINISTRY.address, "554 5.6.0 Refused, unreadable: "),
    ],
)
def test_a_letter_is_refused_with_evidence(
    client: smtplib.SMTP, worlds: Mapping[str, Office], message: bytes, to: str, told: str
) -> None:
    """The answer says why and what to do, and names the evidence, which exists."""
    answer = deposited(client, message, to)
    assert answer.startswith(told)
    assert answer.endswith("Letter 1, evidence 1 (SANDBOX).")
    kep = worlds["default"].kep
    assert not kep.letter(1).letter.accepted
    assert not kep.evidence_row(1).positive
    assert kep.inbox(MINISTRY) == []


def test_a_letter_to_several_goes_to_those_that_there_are(client: smtplib.SMTP, worlds: Mapping[str, Office]) -> None:
    """It is taken, and the answer says for whom it is not."""
    for command in (f"MAIL FROM:<{COMPANY}>", f"RCPT TO:<{MINISTRY}>", "RCPT TO:<yok@hs01.kep.tr>"):
        assert client.docmd(command)[0] == 250
    message = letter(f"{SIGNED}\r\nCc: yok@hs01.kep.tr")
    assert client.data(message) == (
        250,
        b"2.0.0 Taken, but not for yok@hs01.kep.tr (unknown-recipient). Letter 1, evidence 1 (SANDBOX).",
    )
    assert len(worlds["default"].kep.inbox(MINISTRY)) == 1


def test_a_full_mailbox(client: smtplib.SMTP, worlds: Mapping[str, Office]) -> None:
    """Of the sender, and no credit left: both are told."""
    kep = worlds["default"].kep
    kep.adjust(AdjustKepAccount(address=COMPANY, credit=0))
    assert deposited(client, letter()).startswith("550 5.7.0 Refused, no-credit: ")
    kep.adjust(AdjustKepAccount(address=COMPANY, credit=1, quota_kib=0))
    assert deposited(client, letter()).startswith("552 5.2.2 Refused, sender-over-quota: ")


def test_bare_line_ends_are_no_letter(client: smtplib.SMTP, worlds: Mapping[str, Office]) -> None:
    """For a signature would not survive them."""
    for command in (f"MAIL FROM:<{COMPANY}>", f"RCPT TO:<{MINISTRY}>", "DATA"):
        client.docmd(command)
    client.send(letter() + b"x\ny\r\n.\r\n")
    assert client.getreply()[0] == 554
    assert worlds["default"].kep.letters() == []


def test_letters_with_line_ends_of_unix(client: smtplib.SMTP, worlds: Mapping[str, Office]) -> None:
    """However long: the answer says how lines end, and how Python writes them."""
    for text in ("kısa\n", "Yazımız ektedir, gereğini arz ederiz.\n" * 100):
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail(COMPANY.address, MINISTRY.address, letter().replace(b"\r\n", b"\n") + text.encode())
        assert (refused.value.smtp_code, refused.value.smtp_error) == (554, UNIX)
    assert worlds["default"].kep.letters() == []


def test_with_a_real_ministry() -> None:
    """A letter signed with a certificate of the world is taken; with another world's certificate it is refused."""
    worlds = Worlds()
    messages, passwords = {}, {}
    for seed, name in enumerate(("default", "b"), start=1):
        made = worlds.make(name, seed=seed, people=1)
        person = made.registry.citizen(1)
        order = IssueCertificate(
            identity_number=person.identity.digits, firstname=person.firstname, lastname=person.lastname
        )
        serial = made.signature.issue(order).serial
        account = OpenKepAccount(institution_id=None, name="Çınar", account=COMPANY.account)
        passwords[name] = made.kep.open_account(account).password
        plain = plain_letter(COMPANY, [MINISTRY], "Erişim", "Yazımız ektedir.", (), made.world.now(), "1@cinar.example")
        messages[name] = signed_letter(plain, partial(made.signature.sign_smime, serial))
    with Opened(KepDoor(), worlds) as opened, smtplib.SMTP(opened.host, opened.port) as client:
        client.login(f"b/{COMPANY}", passwords["b"])
        assert deposited(client, messages["b"]).startswith("250 2.0.0 Taken. Letter 1, evidence 1 ")
        assert deposited(client, messages["default"]).startswith("550 5.7.1 The letter has an identity number that ")
    mailbox = worlds.get("b").kep.inbox(MINISTRY)
    assert [mailed.letter.signature.name for mailed in mailbox] == [f"{person.firstname} {person.lastname}"]
    assert worlds.get("b").kep.raw(1) == messages["b"]
    worlds.close()


def test_every_reason_has_its_codes() -> None:
    """Those for which a provider refuses a whole letter, each with a permanent code."""
    after_submission = {
        *(Reason.RELAY_UNANSWERED, Reason.RELAY_REFUSED, Reason.NOT_OPENED_IN_TIME, Reason.NOT_A_PACKAGE),
        Reason.REJECTED_BY_RECIPIENT,
    }
    assert set(CODES) == set(TEXTS) - after_submission
    assert all(500 < code < 560 and enhanced[:2] == "5." for code, enhanced in CODES.values())
