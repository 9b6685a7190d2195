"""The life of a mail, scripted addresses, and what may stand in a header."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mockgov.mail.rules import (
    SCENARIOS,
    TRANSITIONS,
    Attachment,
    Box,
    MailRefused,
    Message,
    Reply,
    State,
    UnknownScenario,
    attempted,
    check_attachment,
    check_subject,
    check_text,
    greeted,
    mailbox_of,
    moved,
    scenario_of,
    script_of,
)
from mockgov.vocabulary.email_address import EmailAddress

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
HOME = EmailAddress("hesdestek", "saglik.gov.tr")


def mail(local: str = "ayse", **fields: object) -> Message:
    made = Message(
        number=1,
        box=Box.OUT,
        sender=HOME,
        recipient=EmailAddress(local, "kurum.example"),
        subject="",
        size=1,
        queued_at=MONDAY,
        due_at=MONDAY,
    )
    return replace(made, **fields)


def life(local: str) -> list[tuple[timedelta, str, str]]:
    """Every attempt: after how long, what became of it, what was said."""
    message, lived = mail(local), []
    while message.due_at is not None:
        at = message.due_at
        message = attempted(message, at)
        lived.append((at - MONDAY, message.state.value, message.reply[:9]))
    assert message.settled_at == at
    return lived


def test_lives_of_scripted_addresses() -> None:
    """What the table promises, attempt by attempt."""
    now, soon = timedelta(), timedelta(minutes=5)
    assert life("ayse") == [(now, "delivered", "250 2.0.0")]
    assert life("ayse+bounce") == [(now, "bounced", "550 5.1.1")]
    assert life("ayse+full") == [(now, "bounced", "552 5.2.2")]
    assert life("ayse+greylist") == [(now, "deferred", "451 4.7.1"), (soon, "delivered", "250 2.0.0")]
    assert life("ayse+late") == [(now, "delivered", "250 2.0.0")]
    assert scenario_of(EmailAddress("ayse+late", "kurum.example")).delay == timedelta(hours=1)


def test_the_life_of_a_deferred_mail() -> None:
    """Tried at growing distances, and given up at the end of the fifth day exactly."""
    lived = life("ayse+deferred")
    minutes = [after // timedelta(minutes=1) for after, _, _ in lived]
    assert minutes[:9] == [0, 5, 15, 30, 60, 120, 240, 480, 720]
    assert minutes[-2:] == [7200 - 240, 7200]
    assert {state for _, state, _ in lived[:-1]} == {"deferred"}
    assert lived[-1] == (timedelta(days=5), "bounced", "4.4.7 Giv")
    assert len(lived) == 36


def test_every_step_is_in_the_table() -> None:
    """And no other step can be made."""
    for before in State:
        for after in State:
            if after in TRANSITIONS[before]:
                assert moved(mail(state=before), after).state is after
            else:
                with pytest.raises(ValueError, match=f"A {before} mail does not become {after}"):
                    moved(mail(state=before), after)
    assert TRANSITIONS[State.DELIVERED] == TRANSITIONS[State.BOUNCED] == frozenset()


def test_every_scenario_says_what_it_does() -> None:
    """With replies in ASCII, as SMTP has them."""
    assert sorted(SCENARIOS) == ["bounce", "deferred", "full", "greylist", "late"]
    for scenario in SCENARIOS.values():
        assert scenario.meaning
        assert all(str(reply).isascii() and len(str(reply)) < 500 for reply in scenario.replies)


@pytest.mark.parametrize("local", ["a+bounce", "A+BOUNCE", "a+b+bounce", "a+hes-bounce", "a+HES-Bounce"])
def test_labels_are_read_in_any_case(local: str) -> None:
    """The last one counts, with `hes-` before it or without."""
    assert scenario_of(EmailAddress(local, "x.example")) is SCENARIOS["bounce"]


@pytest.mark.parametrize("local", ["bounce", "a", "a+bounced", "a+hes", "a+news", "late.full", "a+bounce+x", "a+"])
def test_other_labels_are_ordinary(local: str) -> None:
    """Plus addressing is everybody's."""
    assert scenario_of(EmailAddress(local, "x.example")).replies[0].code == 250
    assert scenario_of(EmailAddress(local, "x.example")).delay == timedelta()


@pytest.mark.parametrize("local", ["a+hes-bonce", "a+hes-", "a+hes-hes-bounce", "hes+hes-x"])
def test_an_unknown_hes_label_is_refused(local: str) -> None:
    """And the known ones are told."""
    for read in (scenario_of, script_of):
        with pytest.raises(UnknownScenario, match=r"\+hes-bounce, \+hes-full, \+hes-greylist, \+hes-late, \+hes-def"):
            read(EmailAddress(local, "x.example"))


def test_the_ministrys_own_address_is_scripted_with_hes_only() -> None:
    """A world may be called `late`; its mail is not."""
    assert script_of(EmailAddress("hesdestek+late", "saglik.gov.tr")).delay == timedelta()
    assert script_of(EmailAddress("hesdestek+hes-late", "saglik.gov.tr")).delay == timedelta(hours=1)


def test_greeting() -> None:
    """A greylisted pair is let in five minutes after its first knock, not a microsecond earlier."""
    five = timedelta(minutes=5)
    script = SCENARIOS["greylist"]
    assert greeted(script, timedelta()).code == 451
    assert greeted(script, five - timedelta(microseconds=1)).code == 451
    assert greeted(script, five) == Reply(250, "2.0.0", "OK: queued")
    assert greeted(SCENARIOS["deferred"], 10 * five).code == 451
    assert greeted(SCENARIOS["bounce"], 10 * five).code == 550
    assert greeted(SCENARIOS["full"], 10 * five).code == 552
    assert greeted(SCENARIOS["late"], timedelta()).code == 250


@pytest.mark.parametrize(
    ("local", "domain", "mailbox"),
    [
        ("Hesdestek", "saglik.gov.tr", "hesdestek@saglik.gov.tr"),
        ("hesdestek+b+hes-late", "saglik.gov.tr", "hesdestek@saglik.gov.tr"),
        ("hesdestek+b", "kurum.example", "hesdestek+b@kurum.example"),
        ("Ayse+x", "kurum.example", "ayse+x@kurum.example"),
        ("bilgi+x", "saglik.gov.tr", "bilgi+x@saglik.gov.tr"),
    ],
)
def test_mailboxes(local: str, domain: str, mailbox: str) -> None:
    """All labels of the ministry's address lead into one inbox, everybody else's each into its own."""
    for home in (HOME, EmailAddress("hesdestek+b", "saglik.gov.tr")):
        assert mailbox_of(EmailAddress(local, domain), home) == mailbox


@pytest.mark.parametrize("bad", ["\r", "\n", "\x00", "\x1b", "\x7f", "\x85", "\u2028", "\ud800"])
def test_what_breaks_a_header_is_refused(bad: str) -> None:
    """In subjects and in the names of files, at any place."""
    for text in (bad, f"a{bad}", f"{bad}a", f"a{bad}Bcc: x@y.example"):
        with pytest.raises(MailRefused, match="one line of at most 500"):
            check_subject(text)
        with pytest.raises(MailRefused, match="printable"):
            check_attachment(Attachment(name=text, content_type="text/plain", data=b""))


def test_limits() -> None:
    """The longest subject and name are taken, one more character is not."""
    check_subject("ğ" * 500)
    check_attachment(Attachment(name="ğ" * 200, content_type="application/pdf", data=b""))
    for refused in (
        lambda: check_subject("x" * 501),
        lambda: check_attachment(Attachment(name="x" * 201, content_type="application/pdf", data=b"")),
        lambda: check_attachment(Attachment(name=" ", content_type="application/pdf", data=b"")),
        lambda: check_attachment(Attachment(name="../x", content_type="application/pdf", data=b"")),
        lambda: check_attachment(Attachment(name="x\\y", content_type="application/pdf", data=b"")),
        lambda: check_text("a\x00"),
        lambda: check_text("\udfff"),
    ):
        with pytest.raises(MailRefused):
            refused()
    check_text("satır\r\n\tbaşka \x0b")


@pytest.mark.parametrize(
    "kind",
    ["", "pdf", "application/", "text/plain; charset=x", "multipart/mixed", "message/rfc822", "Text/x", "a/b\r\nX: y"],
)
def test_content_types_of_one_file_only(kind: str) -> None:
    """Nothing that would begin a structure or a header of its own."""
    with pytest.raises(MailRefused, match="content type"):
        check_attachment(Attachment(name="a", content_type=kind, data=b""))
