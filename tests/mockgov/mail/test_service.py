"""The mail over its twin: queue, retries, bounces, arrivals."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from mockgov.database import sqlite
from mockgov.mail.messages import MailBounced, MailDelivered, MailReceived, MailSent, ReceiveMail, SendMail
from mockgov.mail.rules import (
    Attachment,
    Box,
    MailRefused,
    Reply,
    State,
    UnknownMail,
    UnknownScenario,
)
from mockgov.mail.store import SqlMails
from mockgov.vocabulary.email_address import EmailAddress
from tests.mockgov.mail.post import HOME, MONDAY, Post

AYSE = EmailAddress("ayse", "kurum.example")
FOOT = "\n\n-- \nSANDBOX — hukuki geçerliliği yoktur\n"
RAW = "Subject: Entegrasyon tamamlandı\r\n\r\nBitti.".encode()


@pytest.fixture(params=["twin", "sqlite"])
def post(request: pytest.FixtureRequest) -> Iterator[Post]:
    if request.param == "twin":
        yield Post()
        return
    database = sqlite()
    yield Post(store=SqlMails(database))
    database.close()


def receive(post: Post, *recipients: EmailAddress, raw: bytes = RAW, sender: EmailAddress | None = AYSE) -> list[int]:
    order = ReceiveMail(sender=sender, recipients=recipients or (HOME,), message=raw)
    return [message.number for message in post.mail.receive(order)]


def test_an_ordinary_mail_is_there_at_once(post: Post) -> None:
    """Sent, delivered and told; in the outbox and in the recipient's inbox, in any case of the address."""
    pdf = Attachment(name="servis dokümanı.pdf", content_type="application/pdf", data=b"%PDF")
    sent = post.send("Ayse@Kurum.example", "Kullanıcı adınız", "Sayın Işık", pdf)
    to = EmailAddress("Ayse", "kurum.example")
    assert (sent.number, sent.box, sent.state, sent.attempts, sent.reply) == (
        *(1, Box.OUT, State.DELIVERED, 1),
        "250 2.0.0 OK: queued",
    )
    assert (sent.sender, sent.recipient, sent.subject) == (HOME, to, "Kullanıcı adınız")
    assert (sent.queued_at, sent.settled_at, sent.due_at) == (MONDAY, MONDAY, None)
    assert post.told == [MailSent(number=1, to=to), MailDelivered(number=1, to=to)]
    assert post.mail.inbox(AYSE) == post.mail.outbox() == post.mail.outbox(AYSE) == [sent]
    assert post.mail.inbox(HOME) == []
    assert (post.mail.has_written(AYSE), post.mail.has_written(HOME)) == (True, False)
    assert sent.size == len(post.mail.raw(1))
    content = post.mail.content(1)
    assert (content.subject, content.text, content.attachments) == ("Kullanıcı adınız", "Sayın Işık" + FOOT, (pdf,))
    assert post.mail.attachment(1, 1) == pdf


def test_a_reference_comes_back_with_the_outcome(post: Post) -> None:
    """Whoever has sent a mail recognises by it what has become of it."""
    for local in ("ayse", "ayse+bounce"):
        to = EmailAddress(local, "kurum.example")
        sent = post.mail.send(SendMail(to=to, subject="", text="", reference=f"7 {local}"))
        assert sent.reference == f"7 {local}"
    told = [event.reference for event in post.told if isinstance(event, MailDelivered | MailBounced)]
    assert told == ["7 ayse", "7 ayse+bounce"]


def test_the_same_world_writes_the_same_bytes() -> None:
    """Seed and actions make the message; another seed makes another Message-ID."""
    pdf = Attachment(name="a.pdf", content_type="application/pdf", data=b"%PDF")
    made = []
    for seed in (1, 1, 2):
        post = Post(seed=seed)
        post.send("a@kurum.example")
        post.send("a@kurum.example", "Konu", "metin", pdf)
        made.append((post.mail.raw(1), post.mail.raw(2)))
    assert made[0] == made[1]
    assert made[0][0] != made[2][0]
    ids = {message_from_bytes(raw)["Message-ID"] for pair in made for raw in pair}
    assert len(ids) == 4
    assert b"Date: Mon, 04 Oct 2021 08:00:00 +0300\r\n" in made[0][0]


def test_a_hard_bounce(post: Post) -> None:
    """Told with the reply; a report is in the ministry's inbox, and the recipient has nothing."""
    sent = post.send("ayse+bounce@kurum.example", "Kullanıcı adınız")
    to = EmailAddress("ayse+bounce", "kurum.example")
    reason = "550 5.1.1 No such mailbox; check the address"
    assert (sent.state, sent.settled_at, sent.due_at) == (State.BOUNCED, MONDAY, None)
    assert post.told == [MailSent(number=1, to=to), MailBounced(number=1, to=to, reason=reason)]
    assert post.mail.inbox(to) == []
    (report,) = post.mail.inbox(HOME)
    assert (report.number, report.box, report.sender, report.recipient) == (2, Box.IN, None, HOME)
    parsed = message_from_bytes(post.mail.raw(2), policy=policy.default)
    assert parsed.get_content_type() == "multipart/report"
    assert b"Final-Recipient: rfc822; ayse+bounce@kurum.example\r\n" in post.mail.raw(2)
    assert post.mail.outbox() == [sent]


def test_a_full_mailbox(post: Post) -> None:
    """The other permanent failure."""
    assert post.send("ayse+full@kurum.example").reply == "552 5.2.2 Mailbox full"
    assert post.kinds() == ["MailSent", "MailBounced"]


def test_greylisting(post: Post) -> None:
    """Put off at first, delivered five minutes of the world's later, and not a microsecond earlier."""
    sent = post.send("ayse+greylist@kurum.example")
    assert (sent.state, sent.due_at) == (State.DEFERRED, MONDAY + timedelta(minutes=5))
    assert sent.reply == "451 4.7.1 Greylisted; try again in five minutes"
    assert post.mail.next_due() == MONDAY + timedelta(minutes=5)
    post.advance(minutes=5, microseconds=-1)
    assert post.kinds() == ["MailSent"]
    post.advance(microseconds=1)
    assert post.kinds() == ["MailDelivered"]
    again = post.mail.message(1)
    assert (again.state, again.attempts, again.settled_at) == (State.DELIVERED, 2, MONDAY + timedelta(minutes=5))
    assert post.mail.next_due() is None


def test_a_late_mail(post: Post) -> None:
    """Waits an hour in the queue; what was sent later overtakes it."""
    late = post.send("ayse+late@kurum.example")
    assert (late.state, late.attempts) == (State.QUEUED, 0)
    post.advance(minutes=30)
    post.send("ayse@kurum.example")
    assert post.kinds() == ["MailSent", "MailSent", "MailDelivered"]
    post.advance(minutes=30)
    assert post.kinds() == ["MailDelivered"]
    assert [message.number for message in post.mail.inbox()] == [1, 2]


def test_giving_up(post: Post) -> None:
    """After five days of trying a mail bounces, with a report."""
    post.send("ayse+deferred@kurum.example")
    post.advance(days=5, microseconds=-1)
    assert post.mail.message(1).state is State.DEFERRED
    post.advance(microseconds=1)
    assert post.mail.message(1).attempts == 36
    assert post.told[-1] == MailBounced(
        number=1,
        to=EmailAddress("ayse+deferred", "kurum.example"),
        reason="4.4.7 Given up after 5 days; the last answer was: "
        "451 4.3.0 Mail system is not taking messages; try again later",
    )
    assert [message.number for message in post.mail.inbox(HOME)] == [2]


def test_a_jump_of_the_clock_changes_nothing() -> None:
    """Who settles after a week gets what would have happened meanwhile, at the moments at which it would have."""
    walked, jumped = Post(), Post()
    for post in (walked, jumped):
        for name in ("greylist", "deferred", "late", "bounce"):
            post.send(f"ayse+{name}@kurum.example")
    walked.advance(days=7)
    jumped.clock.move_to(MONDAY + timedelta(days=7))
    jumped.mail.run_due()
    assert walked.mail.outbox() == jumped.mail.outbox()
    assert jumped.mail.next_due() is None


def test_many_are_due_in_order() -> None:
    """By moment, then by number."""
    post = Post()
    for nth in range(3):
        post.send(f"a{nth}+late@kurum.example")
        post.advance(minutes=1)
    for nth in range(3):
        post.send(f"b{nth}+greylist@kurum.example")
    post.told.clear()
    post.clock.move_to(MONDAY + timedelta(hours=2))
    post.mail.run_due()
    assert [event.number for event in post.told] == [4, 5, 6, 1, 2, 3]


@pytest.mark.parametrize(
    ("to", "subject", "text", "attachment"),
    [
        ("a@kurum.example", "a\r\nBcc: b@kurum.example", "x", None),
        ("a@kurum.example", "a\x00", "x", None),
        ("a@kurum.example", "x" * 501, "x", None),
        ("a@kurum.example", "a", "\x00", None),
        ("a+hes-bonce@kurum.example", "a", "x", None),
        ("a@kurum.example", "a", "x", Attachment(name="a\r\n.pdf", content_type="application/pdf", data=b"")),
        ("a@kurum.example", "a", "x", Attachment(name="a.pdf", content_type="pdf", data=b"")),
        ("a@kurum.example", "a", "x", Attachment(name="a", content_type="a/b", data=b"x" * (10 << 20))),
    ],
)
def test_what_cannot_be_sent_leaves_nothing(
    post: Post, to: str, subject: str, text: str, attachment: Attachment | None
) -> None:
    """No mail, no event, no number."""
    with pytest.raises(MailRefused):
        post.send(to, subject, text, *([] if attachment is None else [attachment]))
    assert (post.told, post.mail.outbox(), post.mail.next_due()) == ([], [], None)
    assert post.send("a@kurum.example").number == 1


def test_an_attachment_of_ten_mebibytes_is_too_large(post: Post) -> None:
    """For a mail as a whole has at most ten; seven go."""
    big = Attachment(name="a.bin", content_type="application/octet-stream", data=b"x" * (7 << 20))
    assert post.send("a@kurum.example", "Konu", "metin", big).state is State.DELIVERED
    bigger = Attachment(name="a.bin", content_type="application/octet-stream", data=b"x" * (8 << 20))
    with pytest.raises(MailRefused, match="10485760 bytes") as refused:
        post.send("a@kurum.example", "Konu", "metin", bigger)
    assert refused.value.key == "mailtoolarge"


def test_what_comes_in(post: Post) -> None:
    """Is in the recipient's inbox, byte for byte, and told with its subject and text."""
    assert receive(post) == [1]
    assert post.told == [
        MailReceived(number=1, sender=AYSE, recipient=HOME, subject="Entegrasyon tamamlandı", text="Bitti.")
    ]
    assert post.mail.raw(1) == RAW
    (there,) = post.mail.inbox(HOME)
    assert (there.box, there.subject, there.size, there.state) == (
        *(Box.IN, "Entegrasyon tamamlandı", len(RAW)),
        State.DELIVERED,
    )
    assert post.mail.outbox() == []


def test_one_message_to_several(post: Post) -> None:
    """Is one mail for each, told in their order; every label of the ministry's leads into its one inbox."""
    mehmet, world = EmailAddress("mehmet", "kurum.example"), EmailAddress("hesdestek+b", "saglik.gov.tr")
    assert receive(post, HOME, mehmet, world) == [1, 2, 3]
    assert [(event.number, event.recipient) for event in post.told] == [(1, HOME), (2, mehmet), (3, world)]
    assert [message.number for message in post.mail.inbox(HOME)] == [3, 1]
    assert [message.number for message in post.mail.inbox(mehmet)] == [2]


def test_what_nobody_has_sent_is_not_told(post: Post) -> None:
    """A report has no sender that could be answered; it is kept, though."""
    assert receive(post, sender=None) == [1]
    assert post.told == []
    assert post.mail.inbox(HOME)[0].sender is None


def test_what_a_machine_has_written_is_told_as_such(post: Post) -> None:
    """So that nobody answers an answer."""
    receive(post, raw=b"Auto-Submitted: auto-replied\r\n\r\n")
    assert [event.is_automatic for event in post.told] == [True]


def test_mail_to_the_ministry_that_comes_late(post: Post) -> None:
    """An hour after it was taken."""
    (number,) = receive(post, EmailAddress("hesdestek+hes-late", "saglik.gov.tr"))
    assert (post.told, post.mail.inbox(HOME)) == ([], [])
    post.advance(hours=1)
    assert post.kinds() == ["MailReceived"]
    assert post.mail.message(number).settled_at == MONDAY + timedelta(hours=1)


def test_what_is_not_taken(post: Post) -> None:
    """Too much, for nobody, or for a label that scripts nothing; and nothing is kept."""
    with pytest.raises(MailRefused, match="at most 10485760 bytes"):
        receive(post, raw=b"x" * ((10 << 20) + 1))
    with pytest.raises(MailRefused, match="needs a recipient"):
        post.mail.receive(ReceiveMail(sender=AYSE, recipients=(), message=RAW))
    with pytest.raises(UnknownScenario):
        receive(post, HOME, EmailAddress("hesdestek+hes-x", "saglik.gov.tr"))
    assert (post.told, post.mail.inbox(), post.mail.next_due()) == ([], [], None)


def test_the_doors_greeting(post: Post) -> None:
    """As the label behind the ministry's address says; a greylisted pair is let in after five minutes."""
    taken = Reply(250, "2.0.0", "OK: queued")
    assert post.mail.greet(AYSE, HOME) == post.mail.greet(None, HOME) == taken
    assert post.mail.greet(AYSE, EmailAddress("hesdestek+greylist", "saglik.gov.tr")) == taken
    grey = EmailAddress("hesdestek+hes-greylist", "saglik.gov.tr")
    assert post.mail.greet(AYSE, grey).code == 451
    post.advance(minutes=4)
    assert (post.mail.greet(AYSE, grey).code, post.mail.greet(None, grey).code) == (451, 451)
    post.advance(minutes=1)
    assert (post.mail.greet(AYSE, grey), post.mail.greet(None, grey).code) == (taken, 451)
    with pytest.raises(UnknownScenario):
        post.mail.greet(AYSE, EmailAddress("hesdestek+hes-x", "saglik.gov.tr"))


def test_whoever_is_greylisted_by_a_fault_waits_as_long_as_it_says(post: Post) -> None:
    """From the first knock on, by the world's clock; a script behind the address is heard once that is over."""
    grey = EmailAddress("hesdestek+hes-full", "saglik.gov.tr")
    assert str(post.mail.greet(AYSE, HOME, greylist_s=60)) == "451 4.7.1 Greylisted; try again in 60 seconds"
    assert post.mail.greet(AYSE, grey, greylist_s=60).code == 451
    post.advance(seconds=59)
    assert post.mail.greet(AYSE, HOME, greylist_s=60).code == 451
    post.advance(seconds=1)
    assert post.mail.greet(AYSE, HOME, greylist_s=60).is_accepted
    assert post.mail.greet(AYSE, grey, greylist_s=60).code == 552


def test_unknown_numbers(post: Post) -> None:
    """Of mails and of attachments."""
    post.send("a@kurum.example")
    for ask in (
        lambda: post.mail.message(2),
        lambda: post.mail.raw(0),
        lambda: post.mail.content(2),
        lambda: post.mail.attachment(1, 1),
        lambda: post.mail.attachment(1, 0),
    ):
        with pytest.raises(UnknownMail):
            ask()


def test_a_mail_sent_in_reaction_takes_its_turn() -> None:
    """Whoever answers upon a delivery does not deliver there and then: two thousand answers make no tower."""
    post = Post()

    def answer(event: object) -> None:
        post.told.append(event)
        if isinstance(event, MailDelivered) and event.number < 2000:
            post.mail.send(SendMail(to=AYSE, subject="", text=""))

    post.tell = answer
    post.mail._tell = answer
    post.send("ayse@kurum.example")
    assert len(post.mail.outbox(limit=10_000)) == 2000
    assert {message.state for message in post.mail.outbox(limit=10_000)} == {State.DELIVERED}


def test_a_reaction_that_fails_undoes_the_mail() -> None:
    """All or nothing, and the service goes on afterwards."""
    database = sqlite()
    post = Post(store=SqlMails(database))
    post.mail._transaction = database.transaction

    def refuse(event: object) -> None:
        if isinstance(event, MailDelivered):
            raise RuntimeError  # noqa: TRY004  any will do

    post.mail._tell = refuse
    with pytest.raises(RuntimeError):
        post.send("ayse@kurum.example")
    assert (post.mail.outbox(), post.mail.next_due()) == ([], None)
    post.mail._tell = post.tell
    assert post.send("ayse@kurum.example").state is State.DELIVERED
    database.close()


def test_nothing_printed_shows_a_person() -> None:
    """A log of commands, events and mails cannot leak an address, a subject or a text."""
    post = Post()
    sent = post.send("ayse.isik@kurum.example", "Gizli konu", "gizli metin")
    receive(post, raw=b"Subject: gizli\r\n\r\ngizli", sender=EmailAddress("mehmet", "kurum.example"))
    printed = repr((sent, post.told, SendMail(to=AYSE, subject="x", text="gizli"))).lower()
    assert "gizli" not in printed
    assert "isik" not in printed
    assert "mehmet" not in printed
