"""The doors for mail and for letters, through Python's smtplib and bare sockets, on real ports."""

import logging
import re
import smtplib
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from typing import Self

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockgov.counters.smtp.mail import SmtpDoor
from mockgov.counters.smtp.replies import reply
from mockgov.database import sqlite
from mockgov.mail.rules import Attachment
from mockgov.mail.store import SqlMails
from mockgov.worlds import Worlds
from tests.doors import Opened, Twins
from tests.mockgov.mail.post import HOME, Post

MINISTRY = "hesdestek@saglik.gov.tr"
SENDER = "ayse@kurum.example"
HELLO = b"EHLO kurum.example\r\n"
BEGIN = b"MAIL FROM:<ayse@kurum.example>\r\nRCPT TO:<hesdestek@saglik.gov.tr>\r\nDATA\r\n"


@pytest.fixture
def worlds() -> Mapping[str, Post]:
    return Twins(default=Post(), b=Post())


@pytest.fixture
def opened(worlds: Mapping[str, Post]) -> Iterator[Opened]:
    with Opened(SmtpDoor(), worlds) as made:
        yield made


def composed(subject: str = "Entegrasyon tamamlandı", text: str = "Işık Lojistik bitirdi.\n") -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = SENDER, MINISTRY, subject
    made.set_content(text)
    return made


class Wire:
    """A bare connection that speaks bytes."""

    def __init__(self, opened: Opened) -> None:
        self.socket = socket.create_connection(opened.address, timeout=20)
        self._lines = self.socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def answer(self) -> str:
        """The next whole answer."""
        lines = [self._lines.readline().decode()]
        while lines[-1][3:4] == "-":
            lines.append(self._lines.readline().decode())
        return "".join(lines).replace("\r\n", "\n").rstrip("\n")

    def ask(self, data: bytes) -> str:
        self.send(data)
        return self.answer()

    def rest(self) -> bytes:
        """Everything until the door hangs up."""
        return self._lines.read()


def greeted(opened: Opened) -> Wire:
    wire = Wire(opened)
    wire.answer()
    wire.ask(HELLO)
    return wire


def refusal(opened: Opened, recipient: str, sender: str = SENDER) -> str:
    """What the door says to a recipient; empty if it takes the message."""
    with smtplib.SMTP(opened.host, opened.port, timeout=20) as client:
        try:
            client.sendmail(sender, recipient, composed().as_bytes())
        except smtplib.SMTPRecipientsRefused as refused:
            ((code, text),) = refused.recipients.values()
        except smtplib.SMTPSenderRefused as refused:
            code, text = refused.smtp_code, refused.smtp_error
        else:
            return ""
    return f"{code} {text.decode()}"


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_mail_arrives_as_it_was_sent(worlds: Mapping[str, Post], loop: str) -> None:
    """Turkish subject, text and files; byte for byte; under either event loop."""
    message = composed()
    message.add_attachment(b"%PDF-\x00\xff", maintype="application", subtype="pdf", filename="Sonuç (İş).pdf")
    message.set_boundary("=_b")
    with Opened(SmtpDoor(), worlds, loop=loop) as opened, smtplib.SMTP(opened.host, opened.port) as client:
        assert client.send_message(message) == {}
    mail = worlds["default"].mail
    (there,) = mail.inbox(HOME)
    assert (there.sender.address, there.recipient) == (SENDER, HOME)
    assert mail.raw(1) == message.as_bytes()
    content = mail.content(1)
    assert (content.subject, content.text) == ("Entegrasyon tamamlandı", "Işık Lojistik bitirdi.\n")
    pdf = Attachment(name="Sonuç (İş).pdf", content_type="application/pdf", data=b"%PDF-\x00\xff")
    assert content.attachments == (pdf,)
    assert worlds["default"].kinds() == ["MailReceived"]
    assert worlds["b"].kinds() == []


def test_lines_that_begin_with_dots(opened: Opened, worlds: Mapping[str, Post]) -> None:
    """Come through as they are, also one that is a dot."""
    text = ".\n..\n.x\nson\n"
    with smtplib.SMTP(opened.host, opened.port) as client:
        client.send_message(composed(text=text))
    assert worlds["default"].mail.content(1).text == text


def test_raw_utf8(opened: Opened, worlds: Mapping[str, Post]) -> None:
    """Headers and text in UTF-8 as SMTPUTF8 and 8BITMIME allow them; addresses outside ASCII are refused."""
    with smtplib.SMTP(opened.host, opened.port) as client:
        client.ehlo()
        options = ["SMTPUTF8", "BODY=8BITMIME"]
        client.sendmail(SENDER, MINISTRY, composed().as_bytes(policy=SMTPUTF8), options)
        assert "Entegrasyon tamamlandı".encode() in worlds["default"].mail.raw(1)
        assert worlds["default"].mail.content(1).subject == "Entegrasyon tamamlandı"
        with pytest.raises(smtplib.SMTPSenderRefused) as refused:
            client.sendmail("ayşe@kurum.example", MINISTRY, b"", ["SMTPUTF8"])
        assert refused.value.smtp_code == 553
        assert refused.value.smtp_error.startswith(b"5.1.7 ")


def test_what_the_door_says_of_itself(opened: Opened) -> None:
    """Greeting and extensions; no sign-in, no TLS."""
    with Wire(opened) as wire:
        assert wire.answer() == "220 localhost ESMTP HES Sandbox (nothing here has legal force)"
        assert wire.ask(HELLO) == (
            "250-localhost\n250-SIZE 10485760\n250-8BITMIME\n250-SMTPUTF8\n250-PIPELINING\n250 HELP"
        )
        assert wire.ask(b"AUTH PLAIN AGEAYQ==\r\n").startswith("502 5.5.1 Nobody signs in here")
        assert wire.ask(b"STARTTLS\r\n") == "454 TLS not available"
        assert wire.ask(b"VRFY \xff\xfe\r\n").startswith("252 ")
        assert wire.ask(b"EXPN x\r\n").startswith("502 ")
        assert wire.ask(b"HELP\r\n").startswith("250 Supported commands: ")
        assert wire.ask(b"QUIT\r\n") == "221 Bye"
        assert wire.rest() == b""


def test_the_recipient_says_the_world(opened: Opened, worlds: Mapping[str, Post]) -> None:
    """In any case of letters; of two worlds one gets the message, and the other recipient is told to wait."""
    assert refusal(opened, "HesDestek+B@Saglik.gov.tr") == ""
    assert worlds["b"].kinds() == ["MailReceived"]
    assert worlds["default"].kinds() == []
    assert [message.number for message in worlds["b"].mail.inbox(HOME)] == [1]
    with smtplib.SMTP(opened.host, opened.port) as client:
        refused = client.sendmail(SENDER, [MINISTRY, "hesdestek+b@saglik.gov.tr"], b"x")
    assert refused == {
        "hesdestek+b@saglik.gov.tr": (452, b"4.5.3 A message goes to one world; send another one to this recipient")
    }
    assert (worlds["default"].kinds(), worlds["b"].kinds()) == (["MailReceived"], [])


@pytest.mark.parametrize(
    "recipient",
    [
        "hesdestek+nowhere@saglik.gov.tr",
        "hesdestek+@saglik.gov.tr",
        "hesdestek+default+hes-no@saglik.gov.tr",
        "bilgi@saglik.gov.tr",
        "hesdestek@kurum.example",
        "ayse@kurum.example",
    ],
)
def test_nobody_else_has_a_mailbox(opened: Opened, worlds: Mapping[str, Post], recipient: str) -> None:
    """Refused with what to do, and nothing is passed on."""
    assert refusal(opened, recipient).startswith("550 5.1.1 ")
    assert worlds["default"].mail.inbox() == []
    if "hes-no" not in recipient:
        assert "put +<world> behind hesdestek for another world than default" in refusal(opened, recipient)


@pytest.mark.parametrize(
    ("address", "sender", "recipient"),
    [
        ('"a b"@kurum.example', "553 5.1.7", "553 5.1.3"),
        ("ayse@[127.0.0.1]", "553 5.1.7", "553 5.1.3"),
        ("ayse", "553 5.1.7", "553 5.1.3"),
        ("a..b@kurum.example", "553 5.1.", "553 5.1.3"),
    ],
)
def test_malformed_addresses(opened: Opened, address: str, sender: str, recipient: str) -> None:
    """Are refused in either place."""
    with greeted(opened) as wire:
        assert wire.ask(f"MAIL FROM:<{address}>\r\n".encode()).startswith(sender)
        assert wire.ask(b"MAIL FROM:<ayse@kurum.example>\r\n") == "250 2.0.0 OK"
        assert wire.ask(f"RCPT TO:<{address}>\r\n".encode()).startswith(recipient)


def test_a_sender_who_could_not_be_answered(opened: Opened) -> None:
    """A label that begins with `hes-` and scripts nothing is a slip of the hand, in senders too."""
    assert refusal(opened, MINISTRY, "ayse+hes-bonce@kurum.example").startswith("553 5.1.7 This +hes- label scripts no")
    assert refusal(opened, MINISTRY, "ayse+hes-bounce@kurum.example") == ""
    assert refusal(opened, MINISTRY, "ayse+bonce@kurum.example") == ""


def test_scripted_recipients(opened: Opened, worlds: Mapping[str, Post]) -> None:
    """The label behind the ministry's address says how the door answers, in any world."""
    assert refusal(opened, "hesdestek+hes-bounce@saglik.gov.tr").startswith("550 5.1.1 No such mailbox")
    assert refusal(opened, "hesdestek+hes-full@saglik.gov.tr") == "552 5.2.2 Mailbox full"
    assert refusal(opened, "hesdestek+b+hes-deferred@saglik.gov.tr").startswith("451 4.3.0 ")
    assert refusal(opened, "hesdestek+hes-bonce@saglik.gov.tr").startswith("550 5.1.1 This +hes- label scripts nothing")
    assert worlds["default"].mail.inbox() == worlds["b"].mail.inbox() == []
    assert refusal(opened, "hesdestek+hes-late@saglik.gov.tr") == ""
    assert worlds["default"].kinds() == []
    opened.run(lambda: worlds["default"].advance(hours=1))
    assert worlds["default"].kinds() == ["MailReceived"]


def test_greylisting(opened: Opened, worlds: Mapping[str, Post]) -> None:
    """A pair of sender and recipient is let in five minutes of the world's after it has first knocked."""
    grey = "hesdestek+b+hes-greylist@saglik.gov.tr"
    assert refusal(opened, grey) == "451 4.7.1 Greylisted; try again in five minutes"
    opened.run(lambda: worlds["b"].advance(minutes=4))
    assert refusal(opened, grey).startswith("451 4.7.1")
    opened.run(lambda: worlds["b"].advance(minutes=1))
    assert refusal(opened, grey, "mehmet@kurum.example").startswith("451 4.7.1")
    assert refusal(opened, grey) == ""
    assert worlds["b"].kinds() == ["MailReceived"]


def test_reports_have_no_sender(opened: Opened, worlds: Mapping[str, Post]) -> None:
    """The empty return path is taken, kept, and told to nobody."""
    assert refusal(opened, MINISTRY, sender="") == ""
    assert worlds["default"].mail.inbox(HOME)[0].sender is None
    assert worlds["default"].kinds() == []


def test_a_hundred_recipients(opened: Opened, worlds: Mapping[str, Post]) -> None:
    """And no more in one message; each is a mail."""
    with smtplib.SMTP(opened.host, opened.port) as client:
        refused = client.sendmail(SENDER, [f"hesdestek+default+{nth}@saglik.gov.tr" for nth in range(101)], b"x")
    assert list(refused) == ["hesdestek+default+100@saglik.gov.tr"]
    assert refused["hesdestek+default+100@saglik.gov.tr"][0] == 452
    assert len(worlds["default"].mail.inbox(HOME, limit=200)) == 100


def test_too_large_a_message(opened: Opened, worlds: Mapping[str, Post]) -> None:
    """Is refused when announced, and when it comes all the same; the connection goes on. Ten mebibytes are taken."""
    with greeted(opened) as wire:
        assert wire.ask(b"MAIL FROM:<ayse@kurum.example> SIZE=10485761\r\n").startswith("552 ")
        wire.send(BEGIN)
        assert [wire.answer()[:3] for _ in range(3)] == ["250", "250", "354"]
        line = b"x" * 998 + b"\r\n"
        wire.send(line * 10486 + b".\r\n")
        assert wire.answer() == "552 Error: Too much mail data"
        wire.send(BEGIN)
        assert [wire.answer()[:3] for _ in range(3)] == ["250", "250", "354"]
        wire.send(line * 10485 + b"x" * 758 + b"\r\n.\r\n")
        assert wire.answer() == "250 2.0.0 Taken as number 1 (SANDBOX)"
    assert worlds["default"].mail.message(1).size == 10485760


def test_lines_without_end(opened: Opened, worlds: Mapping[str, Post]) -> None:
    """998 bytes are a line; more are refused, in messages and in commands, and the connection goes on."""
    with greeted(opened) as wire:
        for length, answer in ((998, "250"), (1100, "500"), (100_000, "500")):
            wire.send(BEGIN)
            assert [wire.answer()[:3] for _ in range(3)] == ["250", "250", "354"]
            assert wire.ask(b"x" * length + b"\r\n.\r\n")[:3] == answer
        assert wire.ask(b"NOOP " + b"x" * 600 + b"\r\n") == "500 Command line too long"
        assert wire.ask(b"NOOP " + b"x" * 100_000 + b"\r\n") == "500 Command line too long"
        assert wire.ask(b"NOOP\r\n") == "250 OK"
    assert len(worlds["default"].mail.inbox()) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"one\ntwo\r\n.\r\n",
        b"one\rtwo\r\n.\r\n",
        b"x\n.\r\nMAIL FROM:<eve@kurum.example>\r\nRCPT TO:<hesdestek@saglik.gov.tr>\r\nDATA\r\ny\r\n.\r\n",
        b"x\r\n.\nMAIL FROM:<eve@kurum.example>\r\nRCPT TO:<hesdestek@saglik.gov.tr>\r\nDATA\r\ny\r\n.\r\n",
        b"x\r.\r\nMAIL FROM:<eve@kurum.example>\r\nRCPT TO:<hesdestek@saglik.gov.tr>\r\nDATA\r\ny\r\n.\r\n",
    ],
)
def test_bare_line_ends(opened: Opened, worlds: Mapping[str, Post], body: bytes) -> None:
    """A message with one is refused as a whole, and no second message can be hidden in it."""
    with greeted(opened) as wire:
        wire.send(BEGIN)
        assert [wire.answer()[:3] for _ in range(3)] == ["250", "250", "354"]
        assert wire.ask(body).startswith("554 5.5.2 ")
        assert wire.ask(b"NOOP\r\n") == "250 OK"
    assert worlds["default"].mail.inbox() == []


@pytest.mark.parametrize("lines", [1, 40, 5_000])
def test_line_ends_of_unix(opened: Opened, worlds: Mapping[str, Post], lines: int) -> None:
    """As `sendmail` of smtplib sends a message written without a policy: told how lines end, however long it is."""
    message = composed(text="Işık Lojistik bitirdi.\n" * lines).as_bytes().replace(b"\r\n", b"\n")
    with smtplib.SMTP(opened.host, opened.port, timeout=20) as client:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail(SENDER, MINISTRY, message)
        client.sendmail(SENDER, MINISTRY, composed().as_bytes())
    assert refused.value.smtp_code == 554
    assert refused.value.smtp_error.startswith(b"5.5.2 Lines end with CR LF; ")
    assert b"policy=email.policy.SMTP" in refused.value.smtp_error
    assert len(worlds["default"].mail.inbox()) == 1


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"x" * 3_000 + b"\r\n", "500 Line too long"),
        (b"x" * 1_001 + b"\r\r\n", "500 Line too long"),
        (b"a\r\n" * 300 + b"x" * 1_000 + b"\r\n", "500 Line too long"),
        (b"a\nb\r\n" + b"x" * 3_000 + b"\r\n", "554 5.5.2 "),
        (b"x" * 3_000 + b"\ny\r\n", "554 5.5.2 "),
    ],
)
def test_lines_that_are_too_long(opened: Opened, worlds: Mapping[str, Post], body: bytes, told: str) -> None:
    """They are told as such, unless what is long are lines without their ends; the next message is read afresh."""
    with greeted(opened) as wire:
        for content, expected in ((body, told), (b"x" * 3_000 + b"\r\n", "500 Line too long")):
            wire.send(BEGIN)
            assert [wire.answer()[:3] for _ in range(3)] == ["250", "250", "354"]
            assert wire.ask(content + b".\r\n").startswith(expected)
        assert wire.ask(b"NOOP\r\n") == "250 OK"
    assert worlds["default"].mail.inbox() == []


def test_commands_out_of_order(opened: Opened, worlds: Mapping[str, Post]) -> None:
    """Each is refused with what should come first, and nothing is taken."""
    with Wire(opened) as wire:
        wire.answer()
        assert wire.ask(b"MAIL FROM:<ayse@kurum.example>\r\n") == "503 Error: send HELO first"
        assert wire.ask(b"DATA\r\n") == "503 Error: send HELO first"
        wire.ask(HELLO)
        assert wire.ask(b"RCPT TO:<hesdestek@saglik.gov.tr>\r\n") == "503 Error: need MAIL command"
        assert wire.ask(b"DATA\r\n") == "503 Error: need RCPT command"
        assert wire.ask(b"MAIL FROM:<ayse@kurum.example>\r\n") == "250 2.0.0 OK"
        assert wire.ask(b"MAIL FROM:<ayse@kurum.example>\r\n") == "503 Error: nested MAIL command"
        assert wire.ask(b"DATA\r\n") == "503 Error: need RCPT command"
        assert wire.ask(b"RCPT TO:<hesdestek@saglik.gov.tr>\r\n") == "250 2.1.5 OK"
        assert wire.ask(b"RSET\r\n") == "250 OK"
        assert wire.ask(b"DATA\r\n") == "503 Error: need RCPT command"
        assert wire.ask(b"MAIL FROM:<\r\n").startswith("553 ")
        assert wire.ask(b"MAIL FROM:\r\n").startswith("501 ")
        assert wire.ask(b"MAIL TO:<x>\r\n").startswith("501 ")
        assert wire.ask(b"MAIL FROM:<a@b.example> FOO=1\r\n").startswith("555 ")
        assert wire.ask(b"\r\n") == "500 Error: bad syntax"
        assert wire.ask(b"GET / HTTP/1.1\r\n") == '500 Error: command "GET" not recognized'
    assert worlds["default"].mail.inbox() == []


def test_commands_in_a_row(opened: Opened, worlds: Mapping[str, Post]) -> None:
    """Two whole messages in one packet are answered in order (RFC 2920)."""
    one = BEGIN + b"Subject: %d\r\n\r\nx\r\n.\r\n"
    with Wire(opened) as wire:
        wire.answer()
        wire.send(HELLO + one % 1 + one % 2 + b"QUIT\r\n")
        answers = [wire.answer() for _ in range(10)]
        assert [answer[:3] for answer in answers] == ["250", *["250", "250", "354", "250"] * 2, "221"]
        assert wire.rest() == b""
    assert [message.subject for message in worlds["default"].mail.inbox()] == ["2", "1"]


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize(
    "said", [b"", b"EH", HELLO, HELLO + BEGIN[:-6], HELLO + BEGIN, HELLO + BEGIN + b"half\r\n.", b"\x16\x03\x01"]
)
def test_who_hangs_up_early_leaves_nothing(worlds: Mapping[str, Post], said: bytes, loop: str) -> None:
    """At whatever word, politely or not; and the next client is served."""
    with Opened(SmtpDoor(), worlds, loop=loop) as opened:
        for linger in (False, True):
            with Wire(opened) as wire:
                wire.send(said)
                if linger:
                    wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        assert worlds["default"].mail.inbox() == []
        assert refusal(opened, MINISTRY) == ""


def test_who_says_nothing_is_hung_up_on(worlds: Mapping[str, Post]) -> None:
    """After a while of real time, with a word."""
    with Opened(SmtpDoor(idle_s=0.1), worlds) as opened, Wire(opened) as wire:
        assert wire.rest().splitlines()[1] == b"421 4.4.2 Idle for too long; goodbye"


def test_too_many_at_a_time(worlds: Mapping[str, Post]) -> None:
    """One more than can be served is told to come later, and is served when another one has gone."""
    with Opened(SmtpDoor(connections=2), worlds) as opened:
        with greeted(opened), greeted(opened) as second, Wire(opened) as third:
            assert third.rest() == b"421 4.3.2 Too many connections; try again later\r\n"
            second.ask(b"QUIT\r\n")
            second.rest()
            assert refusal(opened, MINISTRY) == ""
        assert len(worlds["default"].mail.inbox()) == 1


def test_who_asks_nonsense_is_hung_up_on(opened: Opened) -> None:
    """After five commands that there are not."""
    with greeted(opened) as wire:
        for _ in range(4):
            assert wire.ask(b"FOO\r\n").startswith("500 ")
        assert wire.ask(b"FOO\r\n").startswith("502 5.5.1 Too many")
        assert wire.rest() == b""


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_closing_ends_every_connection(worlds: Mapping[str, Post], loop: str) -> None:
    """Whatever it is in the middle of: each client is told, and none has to be waited for."""
    opened = Opened(SmtpDoor(), worlds, loop=loop)
    with opened, Wire(opened) as silent, greeted(opened) as polite, greeted(opened) as writing:
        silent.answer()
        writing.send(BEGIN + b"half a mess")
        assert [writing.answer()[:3] for _ in range(3)] == ["250", "250", "354"]
        opened.close()
        for wire in (silent, polite, writing):
            assert wire.rest() == b"421 4.3.2 The door is closing; try again later\r\n"
    assert worlds["default"].mail.inbox() == []
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(opened.address, timeout=5)


def test_a_door_can_be_opened_again(worlds: Mapping[str, Post]) -> None:
    """After it was closed, for the same worlds or others."""
    door = SmtpDoor()
    for name in ("default", "b"):
        with Opened(door, Twins(default=worlds[name])) as opened:
            assert refusal(opened, MINISTRY) == ""
    assert [len(post.mail.inbox()) for post in worlds.values()] == [1, 1]


def test_closing_waits_for_nobody_who_does_not_listen(worlds: Mapping[str, Post]) -> None:
    """A client that never reads its answers, so that they pile up here, is cut off."""
    door = SmtpDoor()

    def unread() -> int:
        return sum(one.transport.get_write_buffer_size() for one in door._live)

    opened = Opened(door, worlds)
    opened._listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    with opened, Wire(opened) as wire:
        wire.send(HELLO + b"RCPT\r\n" * 300_000)
        until = time.monotonic() + 20
        while opened.run(unread) < 1000:
            assert time.monotonic() < until
            time.sleep(0.01)
        opened.close()
    assert not door._live


def test_a_mistake_of_ours_is_answered(
    worlds: Mapping[str, Post], capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """With 451 and no word of what it was, which stands in the log; the client may try again, and does."""
    post = worlds["default"]
    with Opened(SmtpDoor(), worlds) as opened, smtplib.SMTP(opened.host, opened.port) as client:
        post.settle = lambda: 1 / 0
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.send_message(composed())
        assert refused.value.smtp_code == 451
        assert refused.value.smtp_error == b"4.3.0 Something went wrong here; nothing was taken, try again later"
        del post.settle
        assert client.send_message(composed()) == {}
    assert [(record.name, record.levelno) for record in caplog.records if record.levelno > logging.INFO] == [
        ("mockgov", logging.ERROR)
    ]
    assert capfd.readouterr().out == ""


def test_nothing_is_printed(opened: Opened, capfd: pytest.CaptureFixture[str]) -> None:
    """Whatever clients say, the terminal stays clean."""
    with greeted(opened) as wire:
        for said in (b"FOO\r\n", b"AUTH X\r\n", b"MAIL FROM:<\r\n", b"VRFY \xff\r\n", b"\xff\xff\r\n"):
            wire.ask(said)
    assert not logging.getLogger("mail.log").propagate
    assert capfd.readouterr() == ("", "")


def test_with_a_real_ministry() -> None:
    """A mail is where its recipient says, in a world made while the door was open; a dropped world takes none."""
    worlds = Worlds()
    worlds.make("default")
    with Opened(SmtpDoor(), worlds) as opened:
        opened.run(lambda: worlds.make("b-1", seed=2))
        assert refusal(opened, "hesdestek+b-1@saglik.gov.tr") == ""
        there = opened.run(lambda: worlds.get("b-1").mail.inbox(HOME))
        assert [(one.sender.address, one.subject) for one in there] == [(SENDER, "Entegrasyon tamamlandı")]
        opened.run(lambda: worlds.drop("b-1"))
        assert refusal(opened, "hesdestek+b-1@saglik.gov.tr").startswith("550 5.1.1 ")
    assert worlds.get("default").mail.inbox() == []
    worlds.close()


def test_thousands_of_messages_from_several_connections() -> None:
    """Eight clients send 250 each over one connection: two thousand mails, each there once, and told once."""
    database = sqlite()
    post = Post(store=SqlMails(database))
    failed: list[Exception] = []

    def send(client_number: int) -> None:
        try:
            with smtplib.SMTP(opened.host, opened.port, timeout=20) as client:
                for nth in range(250):
                    client.sendmail(SENDER, MINISTRY, f"Subject: {client_number}-{nth}\r\n\r\nşu".encode())
        except (OSError, smtplib.SMTPException) as error:
            failed.append(error)

    with Opened(SmtpDoor(), Twins(default=post)) as opened:
        clients = [threading.Thread(target=send, args=(nth,)) for nth in range(8)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    assert failed == []
    subjects = sorted(message.subject for message in post.mail.inbox(HOME, limit=10_000))
    assert subjects == sorted(f"{client}-{nth}" for client in range(8) for nth in range(250))
    assert sorted(event.subject for event in post.told) == subjects
    database.close()


@given(
    said=st.lists(
        st.binary(max_size=30)
        | st.sampled_from([HELLO, BEGIN, b".\r\n", b"\r\n", b"MAIL FROM:", b"RCPT TO:", b"<", b">", b"RSET\r\n", b"\n"])
        | st.sampled_from([b"DATA\r\n", b"AUTH LOGIN\r\n", b"HELP \xff\r\n", b"SIZE=", b"QUIT\r\n", b'"', b"@", b" "]),
        max_size=20,
    )
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_noise(opened: Opened, said: list[bytes]) -> None:
    """Gets answers with codes, never an exception, and never one that a mistake of ours would get."""
    with Wire(opened) as wire:
        wire.send(b"".join(said) + b"\r\n.\r\nQUIT\r\n")
        wire.socket.shutdown(socket.SHUT_WR)
        answers = wire.rest().decode().split("\r\n")
    assert answers.pop() == ""
    assert [answer for answer in answers if not re.match(r"[2-5]\d\d[ -]\S[ -~]*\Z", answer)] == []
    assert not [answer for answer in answers if answer.startswith("451")]


def test_long_replies() -> None:
    """Stand in several lines, each of lawful length, in ASCII."""
    assert reply(550, "5.1.1", "Şu işyeri, ığdır\r\nörneği") == "550 5.1.1 Su isyeri, igdir ornegi"
    assert reply(250, "2.0.0", "") == "250 2.0.0"
    lines = reply(550, "5.1.1", "word " * 200).split("\r\n")
    assert [line[:10] for line in lines] == ["550-5.1.1 ", "550-5.1.1 ", "550 5.1.1 "]
    assert max(map(len, lines)) <= 510
